"""``nearmiss setup``: the carer's name, and a few choices."""

from dataclasses import asdict, fields

from nearmiss.options.choices import SettingOptions
from nearmiss.session import Session
from nearmiss.settings import SETTING_QUESTIONS, Settings, change_settings, write_settings
from nearmiss.speech import is_conversation, say


def setup(session: Session, choices: SettingOptions) -> None:
    """Say who you are, once; change it at any time.

    Example: nearmiss setup --name Maria --role carer
    Example: nearmiss setup --paper Letter
    Example: nearmiss setup --always-plain
    """
    changes = choices.given
    settings = change_settings(session.settings, changes)
    if not changes and is_conversation():
        from nearmiss.interview.carer import ask_settings

        say("Press Enter to keep what stands there.")
        settings = ask_settings(session.asker, settings, list(SETTING_QUESTIONS))
        changes = asdict(settings)
    if changes:
        write_settings(session.paths, settings, choices.given)
        say(f"Kept in {session.paths.settings}")
    for field in fields(Settings):
        value = getattr(settings, field.name)
        print(f"{field.name}: {('no', 'yes')[value] if isinstance(value, bool) else value}")
