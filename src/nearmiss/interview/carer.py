"""Who is writing: asked once, and changed by ``nearmiss setup``."""

from collections.abc import Sequence

from nearmiss.interview.asking import Asked, Asker, ask_until_taken
from nearmiss.settings import SETTING_QUESTIONS, Settings, change_settings
from nearmiss.speech import say

_CARER = ("name", "role", "phone")


def ask_carer(asker: Asker, settings: Settings) -> Settings:
    """Ask who is writing, once; an empty answer leaves it open.

    Raises KeyboardInterrupt or EOFError.
    """
    say()
    say("First, who are you? Reports show it. Asked once; to change it later: nearmiss setup")
    return ask_settings(asker, settings, _CARER)


def ask_settings(asker: Asker, settings: Settings, names: Sequence[str]) -> Settings:
    """Ask for the settings ``names``, what stands now being kept on Enter.

    Raises KeyboardInterrupt or EOFError.
    """
    for name in names:
        settings = _ask_setting(asker, settings, name)
    return settings


def _ask_setting(asker: Asker, settings: Settings, name: str) -> Settings:
    asked = Asked(SETTING_QUESTIONS[name], suggestion=str(getattr(settings, name)))
    return ask_until_taken(asker, asked, lambda typed: _change_typed(settings, name, typed))


def _change_typed(settings: Settings, name: str, typed: str) -> Settings:
    is_number = name == "keep_years" and typed.strip().isdecimal()
    return change_settings(settings, {name: int(typed) if is_number else typed})
