"""What the numbers of a book hold, so that a chronology can explain those it does not show."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nearmiss.dates.shown import echo_day
from nearmiss.model.entries import (
    Comparison,
    Correction,
    Disclosure,
    Entry,
    Erased,
    Erasure,
    FollowUp,
    Opened,
    Report,
)
from nearmiss.model.ids import EntryId, show_number
from nearmiss.text import fold_text

_OF_THE_BOOK = {
    "opened": "the opening of the book",
    "comparison": "reports compared",
    "disclosure": "a paper handed over",
}
_OF_OTHERS = "under other people in this book"
_NOT_CHOSEN = "not chosen for this paper"
_OF_WITHDRAWN = "about a report that was withdrawn"
_ERASED = "erased"
_NOT_READ = "can't be read"


@dataclass(frozen=True)
class Ledger:
    """What the numbers of a book hold, for a chronology.

    ``holds`` says in words what stands under each number that may have no row; ``came`` how an
    entry came into the book that was not written in it; ``verdicts`` are the carer's own on two
    reports, those that count.
    """

    holds: Mapping[int, str] = field(default_factory=dict)
    came: Mapping[int, str] = field(default_factory=dict)
    verdicts: tuple[Comparison, ...] = ()


NOTHING_HELD = Ledger()


def make_ledger(
    entries: Sequence[Entry],
    verdicts: Iterable[Comparison],
    chosen: Collection[str],
    clients: Mapping[str, str],
) -> Ledger:
    """Return what the ``entries`` of a whole book hold.

    ``chosen`` are the reports on the paper, and ``clients`` whom each report is about now.
    """
    held: dict[str, str] = {}
    whose = {fold_text(clients[each]) for each in chosen if each in clients}
    for entry in entries:
        if isinstance(entry, Report):
            ours = fold_text(clients.get(entry.id, entry.client)) in whose
            other = _NOT_CHOSEN if ours else _OF_OTHERS
            held[entry.id] = _OF_WITHDRAWN if entry.id in chosen else other
        elif isinstance(entry, Opened | Comparison | Disclosure):
            held[entry.id] = _OF_THE_BOOK[entry.entry]
        elif isinstance(entry, Correction | FollowUp):
            held[entry.id] = held.get(entry.about, _NOT_CHOSEN)
        elif isinstance(entry, Erased):
            held[entry.id] = _ERASED
    for entry in entries:
        if isinstance(entry, Erasure):
            held |= dict.fromkeys(entry.erased, f"{_ERASED} {echo_day(entry.written_at)}")
            held[entry.id] = f"that {tell_ids(sorted(entry.erased))} was {_ERASED}"
    numbers = {EntryId.parse(each).number: what for each, what in held.items()}
    holds = dict.fromkeys(range(max(numbers, default=-1) + 1), _NOT_READ) | numbers
    return Ledger(holds, _tell_coming(entries), tuple(verdicts))


def _tell_coming(entries: Iterable[Entry]) -> dict[int, str]:
    came = {}
    for each in entries:
        if isinstance(each, Opened | Erased) or not (each.origin_recorded_at or each.origin_seal):
            continue
        book = f"Came from another logbook, {each.origin_id} there,"
        how = book if each.origin_recorded_at else "Taken in from a sheet"
        came[each.number] = f"{how} on {echo_day(datetime.fromisoformat(each.recorded_at))}"
    return came


def tell_ids(ids: Sequence[str]) -> str:
    """Return ids with runs of numbers drawn together: ``K7QX-0001 to 0004, 0007``."""
    found = [EntryId.parse(each) for each in ids]
    return f"{found[0].tag}-{tell_numbers_of(each.number for each in found)}"


def tell_numbers_of(entries: Iterable[int]) -> str:
    """Return numbers of entries with runs drawn together: ``0001 to 0004, 0007``."""
    runs: list[list[int]] = []
    for number in sorted(entries):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(_tell_run(run) for run in runs)


def _tell_run(run: list[int]) -> str:
    if len(run) == 1:
        return show_number(run[0])
    joint = ", " if len(run) == 2 else " to "  # noqa: PLR2004 - a pair needs no span
    return f"{show_number(run[0])}{joint}{show_number(run[-1])}"
