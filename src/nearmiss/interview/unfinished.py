"""Reports that were not finished: listed by number, gone on with, or thrown away."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from nearmiss.dates.shown import echo, tell_length
from nearmiss.interview.answers import fill_missing, show_answer, show_reviewed
from nearmiss.interview.asking import Asker, Choice, Option, ask_yes_no
from nearmiss.interview.drafts import Draft
from nearmiss.model.wording import QUESTIONS
from nearmiss.speech import say

_JUST_NOW = timedelta(minutes=2)
_LONG_AGO = timedelta(hours=48)  # from which the day says more


def describe_draft(draft: Draft, now: datetime) -> str:
    """Return a draft in a line: the client, the place, and when it was last worked on.

    ``now`` is aware.
    """
    age = tell_age(draft.changed, now)
    if not draft.kept:
        return f"what could not be saved, {draft.path}, {age}"
    answers = fill_missing(draft.answers)
    shown = [show_answer(field, answers) for field in ("client", "location")]
    return f"{', '.join(filter(None, shown)) or 'nothing answered yet'}, {age}"


def show_draft(draft: Draft, now: datetime) -> str:
    """Return a draft in full: every answer under its title, and what was typed beside them."""
    answers = fill_missing(draft.answers)
    shown = [show_reviewed(field, answers) for field in QUESTIONS if field in answers]
    begun = [
        f"{QUESTIONS[field].title} (not finished): {text}"
        for field, text in draft.unfinished.items()
        if field in QUESTIONS
    ]
    return "\n".join((f"Draft: {describe_draft(draft, now)}", *shown, *begun))


def tell_age(moment: datetime, now: datetime) -> str:
    """Return how long before ``now`` a moment was, in words; both are aware."""
    age = now - moment
    if age < _JUST_NOW:
        return "just now"
    return f"{tell_length(age)} ago" if age < _LONG_AGO else f"on {echo(moment)}"


def offer_drafts(asker: Asker, drafts: Sequence[Draft], now: datetime) -> Draft | None:
    """Return the draft that the carer goes on with, None to begin a new report.

    ``now`` is aware. Raises KeyboardInterrupt or EOFError.
    """
    if not drafts:
        return None
    if len(drafts) > 1:
        new: Option[Draft | None] = Option("Begin a new one", None, "n", ("new",))
        listed = _list_options(drafts, now)
        return asker.choose(Choice("Go on with a report that was not finished?", (*listed, new)))
    (draft,) = drafts
    say(f"There is a report that was not finished: {describe_draft(draft, now)}.")
    return draft if ask_yes_no(asker, "Go on with it?") else None


def choose_discarded(asker: Asker, drafts: Sequence[Draft], now: datetime) -> Draft | None:
    """Return the draft that the carer wants to throw away, None to keep them all.

    ``now`` is aware. Raises KeyboardInterrupt or EOFError.
    """
    keep: Option[Draft | None] = Option("Keep them all", None, "k", ("keep",))
    listed = _list_options(drafts, now)
    return asker.choose(Choice("Which one is to be thrown away?", (*listed, keep)))


def _list_options(drafts: Sequence[Draft], now: datetime) -> list[Option[Draft | None]]:
    return [Option(describe_draft(each, now), each) for each in drafts]
