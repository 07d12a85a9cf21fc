"""Who is writing: asked once, and changed by ``nearmiss setup``."""

from collections.abc import Sequence

from nearmiss.interview.asking import Asked, Asker, GoBack, ask_until_taken
from nearmiss.settings import SETTING_QUESTIONS, Settings, change_settings
from nearmiss.speech import say

_CARER = ("name", "role", "phone")


def ask_carer(asker: Asker, settings: Settings, *, can_leave: bool = False) -> Settings:
    """Ask who is writing, once; an empty answer leaves it open.

    Raises KeyboardInterrupt or EOFError, and GoBack from the first where one ``can_leave``.
    """
    say()
    say("First, who are you? Reports show it. Asked once; to change it later: nearmiss setup")
    return ask_settings(asker, settings, _CARER, can_leave=can_leave)


def ask_settings(
    asker: Asker, settings: Settings, names: Sequence[str], *, can_leave: bool = False
) -> Settings:
    """Ask for the settings ``names``, what stands now being kept on Enter.

    Raises KeyboardInterrupt or EOFError, and GoBack from the first where one ``can_leave``.
    """
    at = 0
    while at < len(names):
        try:
            settings = _ask_setting(asker, settings, names[at], can_go_back=at > 0 or can_leave)
            at += 1
        except GoBack:
            if at == 0:
                raise
            at -= 1
    return settings


def _ask_setting(asker: Asker, settings: Settings, name: str, *, can_go_back: bool) -> Settings:
    stands = str(getattr(settings, name))
    asked = Asked(SETTING_QUESTIONS[name], suggestion=stands, can_go_back=can_go_back)
    return ask_until_taken(asker, asked, lambda typed: _change_typed(settings, name, typed))


def _change_typed(settings: Settings, name: str, typed: str) -> Settings:
    is_number = name == "keep_years" and typed.strip().isdecimal()
    return change_settings(settings, {name: int(typed) if is_number else typed})
