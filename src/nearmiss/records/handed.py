"""To whom reports were handed over, how far the book went then, and what was agreed at meetings."""

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from nearmiss.dates.shown import echo_day, take_day
from nearmiss.logbook.lines import Unreadable
from nearmiss.model.entries import Correction, Disclosure, DisclosureFields, Entry
from nearmiss.model.ids import EntryId, show_seal
from nearmiss.records.read import Note, take_readable
from nearmiss.records.record import FollowedUp, HandedOver, NextStep, Record, find_withdrawals
from nearmiss.speech import count_of, join_words
from nearmiss.text import fold_text, shorten, show_safely, take_name

_NAMED = 9  # handings-over that are named, the latest


@dataclass(frozen=True)
class Handed:
    """One handing-over, how many entries were written since, and whether it no longer counts."""

    entry: Disclosure
    since: int
    withdrawn: bool


@dataclass(frozen=True)
class Keeping:
    """The entries of a book, its newest seal as it is shown, and the latest handings-over."""

    entries: int
    seal: str
    handed: tuple[Handed, ...]


def read_keeping(entries: Iterable[Entry | Unreadable], note: Note) -> Keeping:
    """Return what ``entries``, all of a book in the order written, have come to."""
    count, seal, corrections = 0, "none", list[Correction]()
    found = deque[tuple[Disclosure, int]](maxlen=_NAMED)
    for entry in take_readable(entries, note):
        count, seal = count + 1, show_seal(entry.seal)
        if isinstance(entry, Disclosure):
            found.append((entry, count))
        elif isinstance(entry, Correction) and entry.withdraws:
            corrections.append(entry)
    gone = find_withdrawals(corrections)
    handed = (Handed(each, count - place, each.id in gone) for each, place in found)
    return Keeping(count, seal, tuple(handed))


def tell_handed(handed: Handed) -> str:
    """Return when and to whom what was handed, who decided it, and what has come since."""
    entry = handed.entry
    words = f"{echo_day(entry.written_at)}, {entry.recipient}: {entry.form}"
    words += f", {count_of(len(entry.reports), 'report')}, decided by {entry.decided_by}"
    if handed.withdrawn:
        return f"{words} (withdrawn)"
    since = count_of(handed.since, "entry", "entries") if handed.since else "nothing"
    return f"{words}; {since} written since"


def tell_handed_before(record: Record, about: str) -> str:
    """Return to whom a report was handed before its entry ``about`` was put right; or nothing."""
    number = EntryId.parse(about).number
    handed = [
        f"to {each.recipient} on {echo_day(each.day)}"
        for each in record.disclosures
        if each.day and each.number > number and not each.withdrawn
    ]
    if not handed or about in {each.id for each in record.disclosures}:
        return ""
    named = join_words(list(dict.fromkeys(handed)))
    return f"{record.id} was handed {named} as it was before."


@dataclass(frozen=True)
class Paper:
    """A paper made for somebody, of which is not known yet whether it was handed over.

    ``note`` is what the logbook is to keep of it; ``path`` is empty where it is in no file.
    """

    note: DisclosureFields
    client: str
    path: str
    made: date

    @property
    def name(self) -> str:
        """What it is, and about whom."""
        kind = self.note.form.partition(",")[0]
        return f"{'meeting pack' if kind == 'meeting' else kind} about {self.client}"

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others."""
        return self.note.sha256, self.note.recipient

    def find_change(self) -> str:
        """Return in a sentence what has become of its file, empty where it is as it was made."""
        if not self.path:
            return ""
        try:
            with Path(self.path).open("rb") as file:
                now = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return f"It is no longer in {self.path}."
        return "" if now == self.note.sha256 else f"The file was changed since: {self.path}."

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        beside = {"client": self.client, "path": self.path, "made": self.made.isoformat()}
        return {**self.note.model_dump(), **beside}


def read_paper(kept: Mapping[str, Any]) -> Paper | None:
    """Return a paper from what was kept of it, None where that can't be read."""
    with suppress(KeyError, TypeError, ValueError):
        fields = {name: kept[name] for name in DisclosureFields.model_fields}
        made = date.fromisoformat(kept["made"])
        note = DisclosureFields(**fields)
        return Paper(note, str(kept["client"]), str(kept["path"]), made)
    return None


def ask_of_paper(paper: Paper) -> str:
    """Return the question whether it was handed over."""
    return f"Did you hand the {paper.name} to {paper.note.recipient}?"


def tell_told_before(record: Record, then: str) -> str:
    """Return who was told of what no longer counts, and what to do ``then``; or nothing."""
    people = dict.fromkeys(map(take_name, record.informed))
    if not people:
        return ""
    about = show_safely(record.report.client)
    return f"Told about {about}: {show_safely(join_words(list(people)))}. {then}"


@dataclass(frozen=True, slots=True)
class Span:
    """What a changeover goes back to: a day, and the newest entry that the last one knew, or 0."""

    since: date
    last: int = 0

    def holds(self, day: date, number: int) -> bool:
        """Whether something of that ``day``, written as that entry, is new since then."""
        return day >= self.since or 0 < self.last < number


def list_handed(records: Iterable[Record], form: str) -> Iterator[tuple[HandedOver, Record]]:
    """Yield each handing-over of that ``form`` that counts and has a day, with its reports."""
    for record in records:
        for each in record.disclosures:
            if each.form.startswith(form) and not each.withdrawn and each.day:
                yield each, record


_USUAL = timedelta(days=14)


def find_span(records: Iterable[Record], made: date, find_entry: Callable[[str], int]) -> Span:
    """Return what a changeover goes back to: the last one that was handed over, else 14 days."""
    handed = list_handed(records, "changeover")
    last = max((each for each, _ in handed), key=lambda each: each.number, default=None)
    if last is None or last.day is None:
        return Span(made - _USUAL)
    return Span(last.day, find_entry(last.seal_shown) or last.number)


_ASKED_FOR = timedelta(days=90)  # after the pack was handed over
_MOST_STEP = 200  # characters
_DECLINED = "Declined at the meeting of "


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting pack about ``client``, handed over on ``day``, with its reports, newest first."""

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
    """Return each client's newest meeting of which is not ``settled`` what was agreed."""
    packs: dict[str, tuple[HandedOver, list[Record]]] = {}
    for pack, record in list_handed(records, "meeting"):
        packs.setdefault(pack.id, (pack, []))[1].append(record)
    meetings = [
        Meeting(pack.id, among[-1].report.client, pack.day, pack.recipient, tuple(among))
        for pack, among in packs.values()
        if pack.day
    ]
    meetings.sort(key=lambda each: (each.day, each.id))
    newest = {fold_text(each.client): each for each in meetings}
    return [
        each
        for each in newest.values()
        if timedelta(0) <= today - each.day <= _ASKED_FOR and not _is_settled(each, settled)
    ]


def _is_settled(meeting: Meeting, settled: Mapping[str, str]) -> bool:
    """Whether it is said what was agreed: on this computer, or in the book by another."""
    if meeting.id in settled:
        return settled[meeting.id] == "done"
    return bool(_list_said(meeting))


def _list_said(meeting: Meeting) -> list[FollowedUp]:
    def is_of_it(entry: FollowedUp) -> bool:
        if entry.agreed_on:
            return date.fromisoformat(entry.agreed_on) >= meeting.day
        return entry.note.startswith(_DECLINED) and bool(entry.day and entry.day >= meeting.day)

    return [each for record in meeting.records for each in record.standing if is_of_it(each)]


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
        if take_day(step.noted) <= meeting.day and not (step.agreed and step.agreed >= meeting.day)
    ]
    return [*steps, *(Item(record, idea) for idea, record in list_ideas(standing))]


def list_ideas(records: Sequence[Record], also: Collection[str] = ()) -> list[tuple[str, Record]]:
    """Return the ideas of reports that are open or in ``also``: no steps, nothing declined."""
    said = [entry for record in records for entry in record.standing]
    ideas: dict[str, tuple[str, Record]] = {}
    for record in records:
        is_meant = record.is_open or record.id in also
        for idea in record.report.recommendations if is_meant else ():
            if not any(_settles(each, idea) for each in said):
                ideas.setdefault(_fold_idea(idea), (idea, record))
    return [*ideas.values()]


def _settles(entry: FollowedUp, idea: str) -> bool:
    """Whether a follow-up makes an idea what is to be done, or says that it was declined."""
    if entry.next_step:
        return _fold_idea(entry.next_step) == _fold_idea(name_step(idea))
    return entry.note.startswith(_DECLINED) and entry.note.endswith(f": {idea}")


def _fold_idea(idea: str) -> str:
    return fold_text(idea).rstrip(".")


def name_step(idea: str) -> str:
    """Return an idea as what is to be done."""
    return shorten(idea, _MOST_STEP)


def tell_declined(text: str, day: date) -> str:
    """Return the note that something was declined at the meeting of a ``day``."""
    return f"{_DECLINED}{echo_day(day)}: {text}"


def list_agreed(records: Iterable[Record]) -> tuple[date | None, list[tuple[NextStep, bool]]]:
    """Return the day of the last meeting, and each step agreed at it, and if it is done."""
    found = [
        (step, is_done)
        for record in records
        for steps, is_done in ((record.steps_done, True), (record.steps, False))
        for step in steps
        if step.agreed
    ]
    last = max((step.agreed for step, _ in found if step.agreed), default=None)
    return last, [each for each in found if each[0].agreed == last]
