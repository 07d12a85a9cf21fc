"""Which records a reader is given: chosen, as that reader may see them, or refused."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from nearmiss.documents.brief import Pattern, find_patterns, name_reports
from nearmiss.documents.reader import Hidden, Rules, show_records
from nearmiss.errors import NearmissError, NothingLogged, UsageProblem
from nearmiss.exports.formats import FORMATS
from nearmiss.insight.cases import find_marked
from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import Unreadable
from nearmiss.logbook.verify import Check
from nearmiss.model.entries import Comparison, Correction, Report
from nearmiss.model.ids import show_seal
from nearmiss.records.account import Account
from nearmiss.records.find import NothingChosen, choose_records
from nearmiss.records.record import find_withdrawals, read_records_in_order
from nearmiss.records.words import describe_changed, describe_damage
from nearmiss.sharing.request import Request
from nearmiss.speech import join_words, say
from nearmiss.text import fold_text


@dataclass(frozen=True)
class Survey:
    """Every client whom the book knows, and the hazards that the carer has marked in it."""

    clients: frozenset[str]
    patterns: tuple[Pattern, ...]


def survey_book(book: Logbook, rules: Rules) -> Survey:
    """Look through the book; the patterns are those that a reader under ``rules`` may see."""
    verdicts = _read_verdicts(book)
    tied = {each for verdict in verdicts for each in (verdict.about, verdict.other)}
    clients: set[str] = set()
    reports: list[Report] = []  # only those that a verdict names: a book may be long
    for record in read_records_in_order(book, lambda unreadable: None):
        clients.add(record.report.client)
        if record.report.id in tied:
            reports.append(record.report)
    return Survey(frozenset(clients), find_patterns(find_marked(reports, verdicts), rules))


def survey_patterns(book: Logbook, rules: Rules) -> tuple[Pattern, ...]:
    """Return the patterns alone; where the carer has marked nothing, at little cost."""
    return survey_book(book, rules).patterns if _read_verdicts(book) else ()


def _read_verdicts(book: Logbook) -> list[Comparison]:
    """Return the verdicts that count, in the order written."""
    verdicts: list[Comparison] = []
    corrections: list[Correction] = []
    for entry in book.read_forward(reports=False):
        if isinstance(entry, Comparison):
            verdicts.append(entry)
        elif isinstance(entry, Correction):
            corrections.append(entry)
    gone = find_withdrawals(corrections)
    return [each for each in verdicts if each.id not in gone]


_IN_MEMORY = 1 << 22  # bytes; larger data goes through a nameless file that leaves with us
_AT_ONCE = 100  # pieces of data that are written together
_A_DAY = 10  # characters of a timestamp
_IDS = 3  # that fit into the name of a file


class SeveralClients(UsageProblem):
    """A document would show one client's reader another client's records."""

    def __init__(self, *, clients: str) -> None:
        super().__init__(
            f"These reports are about more than one client ({clients}). Nothing was written. "
            "Choose one with --client; for your own use only, add: --for own"
        )


class HiddenReport(NearmissError):
    """A report was named that this reader may not see."""

    def __init__(self, *, report_id: str, remedy: str) -> None:
        super().__init__(
            f"{report_id} is a safeguarding worry, which this reader does not see. "
            f"Nothing was made. To show it all the same: {remedy}"
        )


class DamagedLogbook(NearmissError):
    """A document would leave out what can't be read."""

    def __init__(self, *, damage: str) -> None:
        super().__init__(
            f"{damage} Nothing was handed over. To see what is wrong: nearmiss verify. "
            "To go on without what can't be read: add --skip-damaged"
        )


class ChangedLogbook(NearmissError):
    """A paper would show a seal over words that are not those which were sealed."""

    def __init__(self, *, changed: str) -> None:
        super().__init__(
            f"{changed} Nothing was handed over: its seal would not fit. To see what is wrong: "
            "nearmiss verify. To hand it over all the same: add --skip-damaged"
        )


@dataclass(frozen=True)
class Chosen:
    """What is known of the records that are handed over.

    ``days`` are the first and the last; ``clients`` are all whom the book knows, as far as it was
    looked through; ``seal`` is the book's newest before it was read.
    """

    ids: tuple[str, ...]
    client: str
    days: tuple[str, str]
    worries: tuple[str, ...]
    hidden: Hidden
    unreadable: tuple[Unreadable, ...]
    patterns: tuple[Pattern, ...]
    clients: frozenset[str]
    seal: str

    @property
    def about(self) -> str:
        """What a file is named for: a few reports by their numbers, more by their days."""
        if len(self.ids) <= _IDS:
            first, *others = self.ids
            return "-".join([first, *(each.partition("-")[2] for each in others)])
        return "-to-".join(dict.fromkeys(self.days))


@dataclass
class _Tally:
    """Counts the records of one reader as they go by. Raises SeveralClients."""

    request: Request
    seal: str
    patterns: tuple[Pattern, ...]
    clients: frozenset[str] = frozenset()
    hidden: Hidden = field(default_factory=Hidden)
    unreadable: list[Unreadable] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    worries: list[str] = field(default_factory=list)
    days: set[str] = field(default_factory=set)
    client: str | None = None

    def read(self, book: Logbook) -> Iterator[Account]:
        request = self.request
        chosen = choose_records(book, request.references, request.filters, self.unreadable.append)
        for record in show_records(chosen, request.rules, self.hidden, name_reports(self.patterns)):
            self._add(record)
            yield record

    def _add(self, record: Account) -> None:
        report = record.report
        if report.client != self.client:
            self._meet(report.client)
        self.ids.append(record.id)
        self.days.add(report.occurred_at[:_A_DAY])
        if report.safeguarding:
            self.worries.append(record.id)

    def _meet(self, client: str) -> None:
        known = self.client
        if known is None:
            self.client = client
        elif self.request.reader.audience != "own" and fold_text(known) != fold_text(client):
            raise SeveralClients(clients=join_words([known, client]))

    def close(self) -> Chosen:
        request = self.request
        if request.references and self.hidden.reports:
            family = request.reader.audience == "family"
            remedy = "add --include-safeguarding" if family else "leave out --without-safeguarding"
            raise HiddenReport(report_id=self.hidden.reports[0], remedy=remedy)
        if self.unreadable and not request.skip_damaged:
            raise DamagedLogbook(damage=describe_damage(self.unreadable))
        if self.client is None:
            raise NothingChosen
        return Chosen(
            tuple(self.ids),
            self.client,
            (min(self.days), max(self.days)),
            tuple(self.worries),
            self.hidden,
            tuple(self.unreadable),
            self.patterns,
            self.clients,
            self.seal,
        )


def select_records(book: Logbook, request: Request) -> tuple[tuple[Account, ...], Chosen]:
    """Return the records as the reader may see them, and what is known of them.

    Raises NothingChosen, HiddenReport, SeveralClients, DamagedLogbook, or what finding a report
    raises.
    """
    seal = read_seal(book)
    survey = survey_book(book, request.rules)
    tally = _Tally(request, seal, survey.patterns, survey.clients)
    records = tuple(tally.read(book))
    return records, tally.close()


def refuse_changed(book: Logbook, request: Request) -> None:
    """Raise ChangedLogbook where a line was changed since it was written.

    Where such lines are to go in all the same, they are named on stderr.
    """
    check = Check()
    for _ in book.read_checked(check):
        pass
    changed = check.changed_lines
    if not changed:
        return
    said = describe_changed(changed)
    if not request.skip_damaged:
        raise ChangedLogbook(changed=said)
    say(said)


def write_as_read(book: Logbook, request: Request) -> tuple[IO[bytes], Chosen]:
    """Return the records as data, written one by one as they are read: there may be very many.

    Raises what ``select_records`` raises.
    """
    seal = read_seal(book)
    tally = _Tally(request, seal, survey_patterns(book, request.rules))
    data = store(FORMATS[request.form](tally.read(book), seal))
    return data, tally.close()


def read_seal(book: Logbook) -> str:
    """Return the newest seal of a book, as people read it. Raises NothingLogged."""
    for entry in book.read_backward():
        if not isinstance(entry, Unreadable):
            return show_seal(entry.seal)
    raise NothingLogged


def store(chunks: Iterable[bytes]) -> IO[bytes]:
    """Return ``chunks`` in memory, or in a nameless file where they are large; at its start."""
    data = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - handed over open
    rest = iter(chunks)
    while some := b"".join(islice(rest, _AT_ONCE)):
        data.write(some)
    data.seek(0)
    return data
