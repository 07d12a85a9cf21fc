"""``nearmiss`` alone: the way to begin, and what needs attention."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from nearmiss.session import Session
from nearmiss.speech import say

if TYPE_CHECKING:
    from nearmiss.records.history import Record

_LOOKED_AT = 2000  # reports, from the end of the book: the cost stays the same as it grows


def say_how_to_begin(session: Session) -> None:
    """Say what waits for the carer, and what can be done."""
    for line in _list_waiting(session):
        say(line)
    say("Write down a near miss: nearmiss log")
    say("See your reports:       nearmiss list")
    say("Everything else:        nearmiss --help")
    session.warn_of_damage()


def _list_waiting(session: Session) -> Iterator[str]:
    draft = next(iter(session.drafts.list_unfinished()), None)
    if draft:
        from nearmiss.interview.unfinished import tell_age

        age = tell_age(draft.changed, session.now())
        yield f"A report was not finished (last worked on {age}). To go on: nearmiss log"
    if not session.book.exists():
        return
    records = list(islice(session.read_records(), _LOOKED_AT))
    yield from _count_waiting(records)


def _count_waiting(records: "list[Record]") -> Iterator[str]:
    still_open = sum(record.is_open for record in records)
    untold = sum(not record.informed for record in records)
    asked = sum(record.care_plan_waiting is not None for record in records)
    if untold:
        yield f"Nobody was told of {_count(untold)}: nearmiss list --not-informed --all"
    if still_open:
        yield f"Still open: {_count(still_open)}. To see them: nearmiss list --open --all"
    if asked:
        yield f"A care plan review was asked for and not answered: {_count(asked)}."


def _count(number: int) -> str:
    return "1 report" if number == 1 else f"{number} reports"
