"""Which records a reader is given: chosen, as that reader may see them, or refused."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from nearmiss.dates.now import made_at
from nearmiss.documents.brief import Pattern, find_patterns, name_reports
from nearmiss.documents.caution import find_reports, names_worry, strip_worries
from nearmiss.documents.changeover import choose_told, list_named
from nearmiss.documents.ledger import NOTHING_HELD, Ledger, make_ledger
from nearmiss.documents.people import find_callings
from nearmiss.documents.reader import Hidden, Rules, list_people, show_records
from nearmiss.errors import NearmissError, NothingLogged, UsageProblem
from nearmiss.insight.cases import read_verdicts
from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import Unreadable
from nearmiss.logbook.verify import Check
from nearmiss.model.entries import Comparison, Correction, Entry, Report
from nearmiss.model.ids import TAG_LENGTH, EntryId, read_typed, shorten_ids, show_seal
from nearmiss.records.find import find_record
from nearmiss.records.fold import end_same_words
from nearmiss.records.handed import Span, find_span, list_handed
from nearmiss.records.read import (
    Later,
    describe_changed,
    describe_damage,
    find_sealed,
    take_readable,
)
from nearmiss.records.record import Record
from nearmiss.sharing.request import HandOver
from nearmiss.speech import join_words, name_some, say
from nearmiss.text import fold_text

_A_DAY = 10  # characters of a timestamp
_IDS = 3  # that fit into the name of a file


@dataclass
class Chosen:
    """What is known of the records that are handed over, once they were all met.

    ``days`` are those on which something happened; ``clients`` are all whom the book knows;
    ``seal`` is the book's newest, empty where it does not hold; ``patterns`` are what the carer
    marked and the reader may see; ``ledger`` is for a chronology alone.
    """

    asked: HandOver
    seal: str = ""
    patterns: tuple[Pattern, ...] = ()
    clients: frozenset[str] = frozenset()
    unreadable: tuple[Unreadable, ...] = ()
    ledger: Ledger = NOTHING_HELD
    hidden: Hidden = field(default_factory=Hidden)
    ids: list[str] = field(default_factory=list)
    withdrawn: list[Record] = field(default_factory=list)  # that were named and are not shown
    worries: list[Record] = field(default_factory=list)
    days: set[str] = field(default_factory=set)
    client: str = ""
    span: Span | None = None  # what a changeover goes back to
    packs: frozenset[date] = frozenset()  # days on which one was handed over for a meeting
    left_off: list[str] = field(default_factory=list)  # concerns of which it says nothing
    named: list[str] = field(default_factory=list)  # whose own words name one

    @property
    def about(self) -> str:
        """What a file is named for: a few reports by their numbers, more by their days."""
        if len(self.ids) <= _IDS:
            return "-".join(shorten_ids(self.ids))
        return "-to-".join(dict.fromkeys((min(self.days), max(self.days))))

    def add(self, record: Record) -> None:
        """Meet one more record. Raises UsageProblem where it is about another client."""
        self.require_client(record.report.client)
        self.ids.append(record.id)
        self.days.add(record.report.occurred_at[:_A_DAY])
        if record.report.safeguarding:
            self.worries.append(record)

    def require_client(self, client: str) -> None:
        """Raise UsageProblem where ``client`` is another than that of the others."""
        known = self.client or client
        if self.asked.audience != "own" and fold_text(known) != fold_text(client):
            raise UsageProblem(
                f"These reports are about more than one client ({join_words([known, client])}). "
                "Nothing was written. "
                "Choose one with --client; for your own use only, add: --for own"
            )
        self.client = known

    def close(self) -> None:
        """Refuse what came to nothing, or a report that was named and is hidden."""
        if self.withdrawn and not self.ids:
            first = self.withdrawn[0]
            raise NearmissError(
                f"{first.id} was withdrawn, so it is not handed over. Nothing was made. "
                f"To see it: nearmiss show {first.id}"
            )
        if self.left_off and not self.ids:
            raise NearmissError(f"{self.tell_left_off()} There is nothing else: nothing was made.")
        if self.hidden.reports and (self.asked.references or not self.ids):
            family = self.asked.audience == "family"
            remedy = "add --include-safeguarding" if family else "leave out --without-safeguarding"
            named = self.hidden.reports[:1] if self.asked.references else self.hidden.reports
            are = "is a safeguarding worry" if len(named) == 1 else "are safeguarding worries"
            raise NearmissError(
                f"{join_words(name_some(named, _IDS * _IDS))} {are}, which this reader does not "
                f"see. Nothing was made. To show it all the same: {remedy}"
            )
        if not self.ids and self.asked.kind != "blank":
            raise NearmissError(
                "No report fits, so nothing was written. To see what there is: nearmiss list --all"
            )

    def tell_left_off(self) -> str:
        """Return which concerns do not stand on a changeover, for the carer alone."""
        *first, last = name_some(self.left_off, _IDS * _IDS)
        named = join_words([*first, last])
        return (
            f"{named} {'are' if first else 'is'} not on it. "
            "Ask adult social care what the next carer may be told."
        )


class Whole:
    """A book read once from its first line to its last, every seal checked on the way.

    With ``holds`` its reports are kept; else they are read a second time when they are wanted,
    as there may be very many; with ``numbers`` every entry is kept. ``seal`` is the newest;
    ``unreadable`` and ``changed`` are the lines that do not stand as they were written.
    """

    def __init__(self, book: Logbook, rules: Rules, *, holds: bool, numbers: bool = False) -> None:
        self._book = book
        self._rules = rules
        self._numbers = numbers
        self._holds = holds
        self._later = Later()
        self._reports: list[Report] = []
        self._folded: dict[str, Record] = {}
        self._records: list[Record] = []  # of a book that is kept, once they were read
        self._comparisons: list[Comparison] = []
        self._entries: list[Entry] = []  # all of them, where their numbers are told
        self.ids: set[str] = set()  # of the reports
        self.clients: set[str] = set()
        self.unreadable: list[Unreadable] = []
        check, last = Check(), None
        for last in take_readable(book.read_checked(check), self.unreadable.append):
            self._add(last)
        self.tag, self.seal = (last.id[:TAG_LENGTH], last.seal) if last else ("", "")
        self.changed = check.changed_lines

    def _add(self, entry: Entry) -> None:
        if self._numbers:
            self._entries.append(entry)
        if isinstance(entry, Report):
            self.ids.add(entry.id)
            self.clients.add(entry.client)
            if self._holds:
                self._reports.append(entry)
        else:
            self._later.add(entry)
            if isinstance(entry, Correction) and (client := entry.changes.get("client")):
                self.clients.add(str(client))
            if isinstance(entry, Comparison):
                self._comparisons.append(entry)

    def read(self) -> Iterator[Record]:
        """Yield the reports as they stand now, in the order written."""
        if not self._holds:
            yield from map(self._fold, self._read_again())
            return
        if not self._records:
            self._records = end_same_words([*map(self._fold, self._reports)], self._rules.sees)
        yield from self._records

    def _fold(self, report: Report) -> Record:
        return self._folded.get(report.id) or self._later.take(report)

    def _read_again(self) -> Iterator[Report]:
        """Yield the reports that were checked: what was written meanwhile is under no seal yet."""
        for each in self._book.read_forward():
            if isinstance(each, Report) and each.id in self.ids:
                yield each

    def find_entry(self, seal: str) -> int:
        """Return the number of the entry that a seal shown belongs to; 0 where there is none."""
        return find_sealed(self._book, seal)

    def find_ties(self) -> tuple[list[Report], list[Comparison]]:
        """Return the reports that the carer's verdicts are about, and the verdicts that count."""
        verdicts = self._list_verdicts()
        tied = {each for verdict in verdicts for each in (verdict.about, verdict.other)}
        if not tied:
            return [], []
        for report in self._reports if self._holds else self._read_again():
            if report.id in tied:
                self._folded[report.id] = self._later.take(report)
        found = [self._folded[each] for each in tied if each in self._folded]
        return [each.current for each in found if not each.withdrawn], verdicts

    def _list_verdicts(self) -> list[Comparison]:
        return self._later.list_verdicts(self._comparisons)

    def make_ledger(self, chosen: Collection[str]) -> Ledger:
        """Return what each number holds, of a book that is kept; ``chosen`` are on the paper."""
        clients = {record.id: record.report.client for record in self.read()}
        return make_ledger(self._entries, self._list_verdicts(), chosen, clients)


def select_records(book: Logbook, asked: HandOver) -> tuple[Iterable[Record], Chosen]:
    """Return the records as the reader may see them, and what is known of them once all were met.

    Data from which nothing is hidden is read as it is written out: there may be very much of it.
    """
    if asked.kind == "blank":
        return (), Chosen(asked)
    rules = asked.rules
    holds = asked.is_paper or asked.form == "xlsx" or not (rules.people and rules.safeguarding)
    whole = Whole(book, rules, holds=holds, numbers=asked.kind == "chronology")
    _mind_faults(whole, asked)
    named = {_find_id(book, whole, each) for each in asked.references}
    chosen = Chosen(
        asked,
        "" if whole.changed or whole.unreadable else show_seal(whole.seal),
        _find_patterns(whole, asked),
        frozenset(whole.clients),
        tuple(whole.unreadable),
    )
    if asked.kind == "changeover":
        return _choose_for_changeover(whole, chosen), chosen
    records = _show(whole, named, chosen)
    if not holds:
        return records, chosen
    shown = tuple(records)
    if asked.kind == "meeting":
        ids = set(chosen.ids)
        handed = list_handed((each for each in whole.read() if each.id in ids), "meeting")
        chosen.packs = frozenset(pack.day for pack, _ in handed if pack.day)
    if asked.kind == "chronology":
        chosen.ledger = whole.make_ledger(chosen.ids)
    return shown, chosen


def _choose_for_changeover(whole: Whole, chosen: Chosen) -> list[Record]:
    """Return what the next carer is told of; no words in it name a concern."""
    asked, made = chosen.asked, made_at().date()
    filters = replace(asked.filters, since=None)
    records = [each for each in whole.read() if filters.match(each) and not each.withdrawn]
    since = asked.filters.since
    span = Span(since.date()) if since else find_span(records, made, whole.find_entry)
    worries = [each for each in records if each.report.safeguarding]
    worries.sort(key=lambda each: each.report.occurred, reverse=True)
    chosen.span, chosen.left_off = span, [each.id for each in worries]
    hidden, shown = find_reports(chosen.left_off), list[Record]()
    for record in show_records(records, _call_people(whole, asked), chosen.hidden):
        chosen.require_client(record.report.client)
        kept, names_one = strip_worries(record, hidden)
        shown.append(kept)
        chosen.named += [record.id] if names_one else []
    people = {who for record in records for who in list_named(record, span)}
    unnamed = chosen.hidden.unnamed.items()  # nobody is asked of who does not stand on it
    chosen.hidden.unnamed = {key: lines for key, lines in unnamed if people & set(lines)}
    chosen.patterns = tuple(
        each for each in chosen.patterns if not names_worry((each.name, *each.places), hidden)
    )
    tied = {each for pattern in chosen.patterns for each in pattern.ids}
    told = choose_told(shown, span, tied, made)
    for record in told:
        chosen.add(record)
    return told


def _find_patterns(whole: Whole, asked: HandOver) -> tuple[Pattern, ...]:
    """Return the patterns that the reader may see; data has only their names."""
    reports, comparisons = whole.find_ties()
    records = whole.read() if asked.is_paper and comparisons else ()
    verdicts = read_verdicts(comparisons, reports)
    return find_patterns(verdicts, records, asked.rules, made_at().date())


def _find_id(book: Logbook, whole: Whole, reference: str) -> str:
    tag, number = read_typed(reference) or (None, -1)
    own = str(EntryId(tag or whole.tag, number))
    # What can't be read is passed over: it is minded when the whole book is read.
    return own if tag and own in whole.ids else find_record(book, reference).id


def _mind_faults(whole: Whole, asked: HandOver) -> None:
    said = []
    if whole.unreadable:
        said.append(describe_damage(whole.unreadable))
    if whole.changed:
        said.append(describe_changed(whole.changed))
    for each in said:
        if not asked.skip_damaged:
            raise NearmissError(
                f"{each} Nothing was handed over. To see what is wrong: nearmiss verify. "
                "To go on all the same, without what can't be read and without a seal: "
                "add --skip-damaged"
            )
        say(f"{each} To see what is wrong: nearmiss verify")
    if not whole.ids:
        raise NothingLogged


def _show(whole: Whole, named: Collection[str], chosen: Chosen) -> Iterator[Record]:
    asked = chosen.asked
    records = (
        each
        for each in whole.read()
        if (not named or each.id in named)
        and asked.filters.match(each)
        and _stands(each, chosen, is_named=each.id in named)
    )
    rules = asked.rules if asked.rules.people else _call_people(whole, asked, named)
    shown = show_records(records, rules, chosen.hidden, name_reports(chosen.patterns))
    for record in shown:
        chosen.add(record)
        yield record


def _call_people(whole: Whole, asked: HandOver, named: Collection[str] = ()) -> Rules:
    """Return the rules with what people are called in whose lines no role stands."""
    seen = [each for each in whole.read() if asked.rules.sees(each) and not each.withdrawn]
    met = (each for each in seen if (not named or each.id in named) and asked.filters.match(each))
    whose = {fold_text(each.report.client): each.report.client for each in met}
    theirs = (each for each in seen if fold_text(each.report.client) in whose)
    told = [who for record in theirs for who in list_people(record)]
    called = find_callings(told, asked.to, next(iter(whose.values()), ""))
    return replace(asked.rules, called={**called, **asked.called})


def _stands(record: Record, chosen: Chosen, *, is_named: bool) -> bool:
    """Whether a report is handed over: a withdrawn one only where it is told as that.

    That is in a chronology that is not for the family, and in what is for the carer's own use.
    """
    if not record.withdrawn:
        return True
    asked = chosen.asked
    own = asked.audience == "own" and (is_named or not asked.is_paper)
    if own or (asked.kind == "chronology" and asked.audience != "family"):
        return True
    if is_named:
        chosen.withdrawn.append(record)
    return False
