"""What comes before the ten questions: the gate, an unfinished report, and who is writing."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal

from nearmiss import words
from nearmiss.dates.shown import echo
from nearmiss.interview.answers import fill_missing, show_answer
from nearmiss.interview.asking import Asked, Asker, GoBack, ask_until_taken, ask_yes_no
from nearmiss.interview.drafts import Answers, Draft
from nearmiss.model.entries import ReportFields
from nearmiss.settings import SETTING_QUESTIONS, Settings, change_settings
from nearmiss.speech import say

Gate = Literal["unhurt", "perhaps hurt", "stop"]
_MOST_MINUTES = 120  # after which hours say more
_MOST_HOURS = 48  # after which the day says more
_CARER = ("name", "role", "phone")


def pass_gate(asker: Asker, country: str) -> Gate:
    """Ask whether somebody was hurt, and say what to do first; return how to go on.

    Raises KeyboardInterrupt or EOFError.
    """
    question, help_text = words.gate_question()
    while True:
        if not ask_yes_no(asker, question, help_text, unsure=True):
            say(words.gate_no())
            return "unhurt"
        for line in words.gate_help(country):
            say()
            say(line)
        with suppress(GoBack):
            goes_on = ask_yes_no(asker, words.gate_go_on(), can_go_back=True)
            return "perhaps hurt" if goes_on else "stop"


def offer_draft(asker: Asker, draft: Draft, now: datetime) -> bool:
    """Ask whether to go on with an unfinished report; return the answer.

    ``now`` is aware. Raises KeyboardInterrupt or EOFError.
    """
    answers = fill_missing(draft.answers)
    known = [show_answer(field, answers) for field in ("client", "location")]
    about = ", ".join(filter(None, known)) or "nothing answered yet"
    say(f"There is a report that was not finished: {about}.")
    say(f"It was last worked on {tell_age(draft.changed, now)}.")
    return ask_yes_no(asker, "Go on with it?")


def tell_age(moment: datetime, now: datetime) -> str:
    """Return how long before ``now`` a moment was, in words; both are aware."""
    minutes = int((now - moment) / timedelta(minutes=1))
    if minutes <= 1:
        return "just now"
    if minutes < _MOST_MINUTES:
        return f"{minutes} minutes ago"
    if minutes < _MOST_HOURS * 60:
        return f"{minutes // 60} hours ago"
    return f"on {echo(moment)}"


def holds_saved(answers: Answers, newest: Sequence[ReportFields]) -> bool:
    """Whether the answers of a draft stand in one of the ``newest`` reports already.

    A program killed between saving and removing its draft leaves such a one behind.
    """
    return any(
        all(getattr(report, field, None) == value for field, value in answers.items())
        for report in newest
    )


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
