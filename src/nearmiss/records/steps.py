"""What is to do next about a report, and what of that was done."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from nearmiss.model.entries import FollowUp


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to do, who does it, and by which day; empty and None where that is not said.

    ``noted`` is when the step was written down and ``by`` by whom (empty where the reader may not
    know), ``done`` when it was written that it is done: timestamps as they stand in the book, or
    only their days.
    """

    text: str
    who: str
    due: date | None
    noted: str
    done: str = ""
    by: str = ""


def fold_steps(follow_ups: Iterable[FollowUp]) -> tuple[NextStep | None, tuple[NextStep, ...]]:
    """Return the step that stands after ``follow_ups``, given in order, and the steps done.

    The newest step stands; what is done or closed ends it, and opening again revives none.
    """
    standing: NextStep | None = None
    done: list[NextStep] = []
    for each in follow_ups:
        if each.next_done:
            if standing:
                done.append(_finish(standing, each))
            standing = None
        if each.next_step:
            standing = _begin(each, each.next_step)
        if each.closes:
            standing = None
    return standing, tuple(done)


def _begin(entry: FollowUp, text: str) -> NextStep:
    due = date.fromisoformat(entry.next_due) if entry.next_due else None
    noted = entry.origin_recorded_at or entry.recorded_at
    return NextStep(text, entry.next_who or "", due, noted, by=entry.written_by)


def _finish(step: NextStep, entry: FollowUp) -> NextStep:
    return replace(step, done=entry.origin_recorded_at or entry.recorded_at)
