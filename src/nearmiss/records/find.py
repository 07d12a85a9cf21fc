"""Which reports are meant: filters, references, where words stand, and why a number finds none."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from nearmiss.errors import NearmissError
from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import Unreadable
from nearmiss.model.entries import Comparison, Correction, Disclosure, Entry, FollowUp, Report
from nearmiss.model.ids import EntryId, read_typed
from nearmiss.records.fold import list_standing
from nearmiss.records.informed import tell_untold
from nearmiss.records.read import (
    Note,
    describe_damage,
    find_entry,
    find_namesakes,
    is_meant,
    read_records,
    read_records_in_order,
    take_readable,
)
from nearmiss.records.record import Record
from nearmiss.records.words import name_field
from nearmiss.speech import quote_word
from nearmiss.text import (
    choose_spellings,
    find_loosely,
    fold_loosely,
    fold_text,
    join_lines,
    show_safely,
)

Typed = tuple[str | None, int]  # a tag, where one was typed, and a number


def _explain_missing(book: Logbook, shown: str, typed: Typed | None, note: Note) -> str:
    damaged = _list_damaged(book, *typed) if typed else []
    if damaged:
        return (
            f"No entry {shown} can be read in this logbook. {describe_damage(damaged)} It may "
            "stand there. To see what is wrong: nearmiss verify"
        )
    guess = _guess(book, typed, note)
    return f"No entry {shown} in this logbook.{guess} To see what there is: nearmiss list"


def _list_damaged(book: Logbook, tag: str | None, number: int) -> list[Unreadable]:
    """Return the unreadable lines that may hold the entry, or the report that it is about."""
    between, is_newest = list[Unreadable](), True
    for entry in book.read_backward():
        if isinstance(entry, Unreadable):
            between += [] if entry.again else [entry]
            continue
        own = EntryId.parse(entry.id)
        if tag not in (None, own.tag):
            continue  # what came from that book may stand in any line
        if own.number < number:
            is_beyond = is_newest and number > own.number + len(between)
            return [] if is_beyond else between
        between, is_newest = [], False
        if own.number == number:
            about = _find_about(entry)
            if about is None:
                return []
            number = about
    return between


def _find_about(entry: Entry) -> int | None:
    if isinstance(entry, Correction | FollowUp | Comparison):
        return EntryId.parse(entry.about).number
    return EntryId.parse(entry.reports[0]).number if isinstance(entry, Disclosure) else None


def _guess(book: Logbook, typed: Typed | None, note: Note) -> str:
    newest = next(read_records(book, note), None)
    if newest is None:
        return ""
    last = EntryId.parse(newest.id)
    if typed is None:
        return f" Did you mean {last}?"
    tag, number = typed
    if tag not in (None, last.tag) and 0 < number <= last.number:
        return f" Did you mean {EntryId(last.tag, number)}?"
    return f" The newest report is {last}."


_TEXTS = ("what_nearly_happened", "how_prevented", "what_happened", "injury", "immediate_action")
_ANSWERS = ("client", "location", *_TEXTS)
_LATER = ("note", "care_plan", "harm_found", "changed", "next_step", "next_who")
_AROUND = 40  # characters that are shown on either side


@dataclass(frozen=True)
class Place:
    """Where words were found: ``title`` names the answer, the other three make its text."""

    title: str
    before: str
    words: str
    after: str


def list_texts(record: Record) -> Iterator[tuple[str, str]]:
    """Yield every text that stands about a report now, each after the name of its field."""
    report = record.report
    yield from ((name, getattr(report, name)) for name in _ANSWERS if hasattr(report, name))
    yield from (("informed", each) for each in record.informed)
    yield from (("tried", who) for each in record.tried for who in each.who)
    yield from (("recommendations", each) for each in report.recommendations)
    for entry in record.standing:
        for name in _LATER:
            if text := getattr(entry, name):
                yield name, text


def holds(text: str, words: str) -> bool:
    """Whether ``words`` are a part of ``text``; only letters count, and neither case nor accent."""
    return _fold(words) in _fold(text)


def holds_all(record: Record, words: str) -> bool:
    """Whether each of ``words`` stands somewhere about a report, in whatever order."""
    said = "\n".join(_fold(text) for _, text in list_texts(record))
    return all(each in said for each in _fold(words).split())


def _fold(text: str) -> str:
    return join_lines(fold_loosely(text))


def find_places(record: Record, words: str) -> list[Place]:
    """Return where ``words`` stand: together, or in as few texts as hold all of them."""
    wanted = _fold(words)
    texts = [(name, text, _fold(text)) for name, text in list_texts(record)]
    whole = [_cut_out(name, text, wanted) for name, text, folded in texts if wanted in folded]
    if whole:
        return whole
    held = [{each for each in wanted.split() if each in folded} for _, _, folded in texts]
    chosen: dict[int, str] = {}  # the number of a text, with its longest word that is new
    for at in sorted(range(len(texts)), key=lambda at: -len(held[at])):
        shown = set().union(*(held[each] for each in chosen))
        if new := held[at] - shown:
            chosen[at] = max(new, key=len)
    return [_cut_out(*texts[at][:2], chosen[at]) for at in sorted(chosen)]


def _cut_out(name: str, text: str, folded: str) -> Place:
    line = join_lines(text)
    found = find_loosely(line, folded)
    if found is None:  # a sign that becomes a space and more is found whole, not in its parts
        return Place(name_field(name), _shorten_end(line), "", "")
    first, end = found
    before, after = _shorten_start(line[:first]), _shorten_end(line[end:])
    return Place(name_field(name), before, line[first:end], after)


def _shorten_start(text: str) -> str:
    if len(text) <= _AROUND:
        return text
    return "… " + re.sub(r"^\S*\s+", "", text[-_AROUND:])


def _shorten_end(text: str) -> str:
    if len(text) <= _AROUND:
        return text
    return re.sub(r"\s+\S*$", "", text[:_AROUND]) + " …"


_LOOKED_AT = 1000  # reports in which a client is looked for


@dataclass(frozen=True)
class Filters:
    """What a report must be like to be chosen; None and False ask for nothing.

    ``since`` is included, ``until`` is not; both are aware and stand against when it happened.
    """

    client: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    category: str | None = None
    entry: str | None = None  # near-miss or incident
    where: str | None = None
    find: str | None = None
    open: bool = False
    not_informed: bool = False
    due_by: date | None = None  # a next step of which the day has come by then
    safeguarding: bool = False
    kept_since: datetime | None = None  # only what is older: past the years to keep

    def match(self, record: Record) -> bool:
        """Whether the report as it stands now is chosen."""
        report = record.report
        return (
            (self.client is None or fold_text(self.client) == fold_text(report.client))
            and (self.since is None or report.occurred >= self.since)
            and (self.until is None or report.occurred < self.until)
            and (self.category is None or report.category == self.category)
            and (self.entry is None or (self.entry == "incident") is record.is_incident)
            and (self.where is None or holds(report.location, self.where))
            and (self.find is None or holds_all(record, self.find))
            and not (self.open and not record.is_open)
            and not (self.not_informed and not tell_untold(record))
            and (self.due_by is None or any(each.is_due(self.due_by) for each in record.steps))
            and not (self.safeguarding and not report.safeguarding)
            and (self.kept_since is None or report.occurred < self.kept_since)
        )


def choose_records(
    book: Logbook, references: Sequence[str], filters: Filters, note: Note
) -> Iterator[Record]:
    """Yield the reports that are named, or else all, if they fit the filters, as written."""
    records: Iterable[Record]
    if references:
        found = (find_record(book, each, note) for each in references)
        by_number = {each.number: each for each in found}
        records = [by_number[number] for number in sorted(by_number)]
    else:
        records = read_records_in_order(book, note)
    return filter(filters.match, records)


def list_clients(records: Iterable[Record]) -> list[str]:
    """Return the clients of ``records``, each once, as most of them write it."""
    return list(choose_spellings(record.report.client for record in records).values())


class GivenTwice(NearmissError):
    """A bare number was given out in this book and in a copy of it: it means any of ``records``."""

    def __init__(self, typed: str, records: Sequence[Record]) -> None:
        self.records = records
        named = (
            f"{each.id}: {show_safely(each.report.client)}, "
            f"{show_safely(_shorten_end(join_lines(each.report.what)))}"
            for each in records
        )
        told = "\n".join(named)
        super().__init__(
            f"{typed} was given out twice, in copies of this book. Nothing was done. Give one of "
            f"these numbers whole:\n{told}"
        )


def find_record(book: Logbook, reference: str, note: Note = None, *, twice: bool = False) -> Record:
    """Return the report that ``reference`` names or is about; the error says what it may mean.

    Raises GivenTwice for a bare number that means several, unless that may be (``twice``).
    """
    if fold_text(reference) == "last":
        newest = next(read_records(book, note), None)
        if newest is None:
            raise book.explain_nothing()
        return newest
    typed = read_typed(reference)
    found = find_entry(book, *typed, note) if typed else None
    if isinstance(found, Record):
        is_bare = typed is not None and typed[0] is None and not twice
        others = find_namesakes(book, typed, None) if is_bare and typed else []
        if others := [each for each in others if each.id != found.id]:
            raise GivenTwice(show_safely(reference), [found, *others])
        return found
    shown = show_safely(reference[:40])
    if found is None:
        client = show_safely(_find_client(book, reference, note))
        if client:
            raise NearmissError(
                f"{client} is a client, not the number of a report. To see the reports about "
                f"{client}: nearmiss list --client {quote_word(client)}"
            )
        raise NearmissError(_explain_missing(book, shown, typed, note))
    reason = "It opened the logbook." if found.entry == "opened" else "Its text was erased."
    for other in find_namesakes(book, typed, None) if typed else ():
        reason += f" A copy of this book gave that number out too: nearmiss show {other.id}\n"
    raise NearmissError(
        f"{shown} is not about a report. {reason} To see the reports: nearmiss list"
    )


def find_correctable(record: Record, reference: str) -> Report | FollowUp:
    """Return the entry of ``record`` that ``reference`` names: its report, or a follow-up."""
    typed = read_typed(reference)
    if fold_text(reference) == "last" or typed is None or is_meant(record.original, *typed):
        return record.current
    for follow_up in list_standing(record):
        if is_meant(follow_up, *typed):
            return follow_up
    raise NearmissError(
        f"{show_safely(reference[:40])} is neither a report nor a follow-up, so it can't be "
        "corrected itself. Nothing was saved. To correct the report it is about: "
        f"nearmiss correct {record.id}"
    )


def find_withdrawable(book: Logbook, reference: str, note: Note) -> Entry:
    """Return the entry that ``reference`` names, where it can be withdrawn."""
    typed = read_typed(reference)
    refusal = f"{show_safely(reference[:40])} can't be withdrawn. Nothing was saved."
    gone: set[str] = set()
    for entry in take_readable(book.read_backward() if typed else (), note):
        if typed and is_meant(entry, *typed):
            if entry.id in gone:
                raise NearmissError(f"{refusal} It is withdrawn already.")
            withdraws = isinstance(entry, Correction) and bool(entry.withdraws)
            if withdraws or isinstance(entry, Report | Comparison | Disclosure | FollowUp):
                return entry
            break
        if isinstance(entry, Correction) and entry.withdraws and entry.id not in gone:
            gone.add(entry.about)
    raise NearmissError(
        f"{refusal} Only a report, a follow-up, a handing-over, a withdrawal, or what was said of "
        "two reports can be. To put a report right: nearmiss correct"
    )


def _find_client(book: Logbook, reference: str, note: Note) -> str:
    wanted = fold_text(reference)
    newest = (record.report.client for record in islice(read_records(book, note), _LOOKED_AT))
    return choose_spellings(newest).get(wanted, "")
