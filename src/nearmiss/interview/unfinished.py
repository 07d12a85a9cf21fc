"""Reports that were not finished: listed by number, gone on with, or thrown away."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from nearmiss.dates.shown import echo, tell_length
from nearmiss.errors import UsageProblem
from nearmiss.interview.answers import fill_missing, show_answer, show_reviewed
from nearmiss.interview.asking import Asker, Choice, Option, ask_yes_no
from nearmiss.interview.drafts import Draft, Drafts
from nearmiss.model.wording import QUESTIONS
from nearmiss.speech import count_of, say

_JUST_NOW = timedelta(minutes=2)
_LONG_AGO = timedelta(hours=48)  # from which the day says more


class WhichDraft(UsageProblem):
    """There are several drafts and nobody can be asked which one is meant."""

    def __init__(self, *, count: int) -> None:
        super().__init__(
            f"There are {count} drafts. Say which one, the newest being 1: "
            "nearmiss log --discard-draft --draft 1 --yes\nNothing was thrown away."
        )


class NoSuchDraft(UsageProblem):
    """A draft was named by a number that none has."""

    def __init__(self, *, number: int, count: int) -> None:
        super().__init__(
            f"There is no draft {number}: there {'is' if count == 1 else 'are'} "
            f"{count_of(count, 'draft')}. Nothing was thrown away."
        )


class NotSure(UsageProblem):
    """Nobody can be asked whether a draft may go."""

    def __init__(self) -> None:
        super().__init__(
            "A draft that is thrown away can't be brought back. Without a terminal, add --yes. "
            "Nothing was thrown away."
        )


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


def discard_draft(
    asker: Asker | None, drafts: Drafts, number: int | None, now: datetime, *, sure: bool
) -> None:
    """Throw one draft away: the one with that ``number``, the only one, or the one chosen.

    It is shown and asked about before, unless one is ``sure``; ``asker`` is None where nobody can
    be asked; ``now`` is aware. Raises WhichDraft, NoSuchDraft, NotSure, KeyboardInterrupt or
    EOFError.
    """
    left = drafts.list_left()
    if not left:
        say("There is no draft to throw away.")
        return
    draft = _choose_discarded(asker, left, number, now)
    if draft is not None and (sure or _confirm(asker, draft, now)):
        drafts.discard(draft.path)
        say(f"Thrown away: {describe_draft(draft, now)}.")
    else:
        say("Nothing was thrown away.")


def _choose_discarded(
    asker: Asker | None, left: Sequence[Draft], number: int | None, now: datetime
) -> Draft | None:
    if number is not None and not 1 <= number <= len(left):
        raise NoSuchDraft(number=number, count=len(left))
    if number is not None or len(left) == 1:
        return left[(number or 1) - 1]
    if asker is None:
        raise WhichDraft(count=len(left))
    keep: Option[Draft | None] = Option("Keep them all", None, "k", ("keep",))
    options = (*_list_options(left, now), keep)
    return asker.choose(Choice("Which one is to be thrown away?", options))


def _confirm(asker: Asker | None, draft: Draft, now: datetime) -> bool:
    if asker is None:
        raise NotSure
    say(show_draft(draft, now))
    return ask_yes_no(asker, "Throw it away for good?")


def _list_options(drafts: Sequence[Draft], now: datetime) -> list[Option[Draft | None]]:
    return [Option(describe_draft(each, now), each) for each in drafts]
