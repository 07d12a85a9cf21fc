"""Meetings for which a pack was handed over: what was to be talked about, and what was agreed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nearmiss.dates.shown import echo_day
from nearmiss.records.record import FollowedUp, NextStep, Record
from nearmiss.text import fold_text, shorten

_ASKED_FOR = timedelta(days=90)  # after the pack was handed over
_MOST_STEP = 200  # characters
_DECLINED = "Declined at the meeting of "


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting pack about ``client`` that was handed over on ``day``, by the id of its entry.

    ``records`` are its reports as they stand, the newest first.
    """

    id: str
    client: str
    day: date
    recipient: str
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An idea of a report, or its open ``step``, that the pack brought to the meeting."""

    record: Record
    text: str
    step: NextStep | None = None


def find_meetings(
    records: Sequence[Record], today: date, settled: Mapping[str, str]
) -> list[Meeting]:
    """Return the newest meeting of each client of which is not said yet what was agreed.

    It is asked for from the day after the pack was handed over. ``settled`` says by their ids what
    became of meetings on this computer: ``done``, or ``begun`` where some of it is said.
    """
    found: dict[str, Meeting] = {}
    for record in records:
        for each in record.disclosures:
            if each.form.startswith("meeting") and not each.withdrawn and each.day:
                known = found.get(each.id)
                among = (*(known.records if known else ()), record)
                client = record.report.client
                found[each.id] = Meeting(each.id, client, each.day, each.recipient, among)
    newest: dict[str, Meeting] = {}
    for meeting in sorted(found.values(), key=lambda each: (each.day, each.id)):
        newest[fold_text(meeting.client)] = meeting
    return [
        each
        for each in newest.values()
        if timedelta(0) < today - each.day <= _ASKED_FOR and not _is_settled(each, settled)
    ]


def _is_settled(meeting: Meeting, settled: Mapping[str, str]) -> bool:
    """Whether it is said what was agreed: on this computer, or in the book by another."""
    if meeting.id in settled:
        return settled[meeting.id] == "done"
    return any(_is_of_meeting(each, meeting) for each in _list_later(meeting.records))


def _list_later(records: Iterable[Record]) -> Iterator[FollowedUp]:
    for record in records:
        yield from record.standing


def _is_of_meeting(entry: FollowedUp, meeting: Meeting) -> bool:
    if entry.agreed_on:
        return date.fromisoformat(entry.agreed_on) >= meeting.day
    return entry.note.startswith(_DECLINED) and bool(entry.day and entry.day >= meeting.day)


def ask_of_meeting(client: str) -> str:
    """Return the question what was agreed."""
    return f"The meeting about {client}: what was agreed?"


def list_items(meeting: Meeting) -> list[Item]:
    """Return what the pack brought to the meeting and is not settled: open steps, then ideas."""
    standing = [each for each in meeting.records if not each.withdrawn]
    steps = [
        Item(record, step.text, step)
        for record in standing
        for step in record.steps
        if date.fromisoformat(step.noted[:10]) <= meeting.day
        and not (step.agreed and step.agreed >= meeting.day)
    ]
    ideas: dict[str, Item] = {}
    said = [each for each in _list_later(meeting.records) if _is_of_meeting(each, meeting)]
    for record in standing:
        for idea in record.report.recommendations if record.is_open else ():
            if not any(_settles(each, idea) for each in said):
                ideas.setdefault(fold_text(idea), Item(record, idea))
    return [*steps, *ideas.values()]


def _settles(entry: FollowedUp, idea: str) -> bool:
    return entry.next_step == name_step(idea) or entry.note.endswith(idea)


def name_step(idea: str) -> str:
    """Return an idea as what is to be done."""
    return shorten(idea, _MOST_STEP)


def tell_declined(text: str, day: date) -> str:
    """Return the note that something was declined at the meeting of a ``day``."""
    return f"{_DECLINED}{echo_day(day)}: {text}"


def list_agreed(records: Iterable[Record]) -> tuple[date | None, list[tuple[NextStep, bool]]]:
    """Return the day of the last meeting, and what was agreed at it: each step, and if it is done.

    None and nothing where no meeting is written down.
    """
    found = [
        (step, is_done)
        for record in records
        for steps, is_done in ((record.steps_done, True), (record.steps, False))
        for step in steps
        if step.agreed
    ]
    last = max((step.agreed for step, _ in found if step.agreed), default=None)
    return last, [each for each in found if each[0].agreed == last]
