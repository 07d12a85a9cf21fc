"""Reports as they are compared, with the carer's verdicts on them and the hazards these mark."""

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from struct import Struct
from zlib import crc32

from nearmiss import files
from nearmiss.insight.lexicon import read_lexicon
from nearmiss.insight.likeness import Meaning, Traits, find_meaning, read_traits, split_parts
from nearmiss.insight.vectors import (
    VECTOR_BYTES,
    DamagedTable,
    WordTable,
    open_table,
    read_vector,
    write_vector,
)
from nearmiss.logbook.beside import name_book
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import Comparison, Report
from nearmiss.records.fold import end_same_words
from nearmiss.records.read import Note, read_newest
from nearmiss.records.record import Record
from nearmiss.text import fold_text

FEWEST = 3  # reports of a pattern
DAYS = 90


@dataclass(frozen=True, slots=True)
class Marked:
    """Reports of one client, in the order of happening, tied as one hazard with a name or none."""

    reports: tuple[Report, ...]
    name: str

    @property
    def client(self) -> str:
        """Whose reports these are, as the latest of them says."""
        return self.reports[-1].client

    @property
    def ids(self) -> tuple[str, ...]:
        """The reports' ids, in the order in which things happened."""
        return tuple(report.id for report in self.reports)

    def is_pattern(self, days: int = DAYS) -> bool:
        """Whether some three of the reports lie within ``days``."""
        return are_within([report.occurred for report in self.reports], days)

    def show_only(self, shown: Collection[str]) -> "Marked":
        """Return what a reader sees of the ids ``shown``: the name, which tells, only with all."""
        kept = tuple(report for report in self.reports if report.id in shown)
        return replace(self, reports=kept, name=self.name if len(kept) == len(self.reports) else "")


def are_within(moments: Sequence[datetime], days: int) -> bool:
    """Whether some three of ``moments``, which are in order, lie within ``days``."""
    span = timedelta(days=days)
    ends = moments[FEWEST - 1 :]
    return any(end - start <= span for start, end in zip(moments, ends, strict=False))


Pair = tuple[str, str]


def pair_ids(one: str, other: str) -> Pair:
    """Return two ids in an order that does not depend on how they were named."""
    return (one, other) if one < other else (other, one)


def find_marked(reports: Iterable[Report], comparisons: Iterable[Comparison]) -> list[Marked]:
    """Return the groups that verdicts tie, the latest first; of one pair the newest holds."""
    by_id = {report.id: report for report in reports}
    ties = [each for each in _find_newest(comparisons).values() if _ties(each, by_id)]
    found = []
    for group in _join(ties):
        in_order = sorted((by_id[each] for each in group), key=lambda report: report.occurred)
        names = (each.hazard for each in reversed(ties) if each.hazard and each.about in group)
        found.append(Marked(tuple(in_order), next(names, "")))
    return sorted(found, key=lambda each: each.reports[-1].occurred, reverse=True)


def _find_newest(comparisons: Iterable[Comparison]) -> dict[Pair, Comparison]:
    newest: dict[Pair, Comparison] = {}
    for each in comparisons:
        pair = pair_ids(each.about, each.other)
        newest.pop(pair, None)
        newest[pair] = each
    return newest


def _ties(comparison: Comparison, by_id: dict[str, Report]) -> bool:
    one, other = by_id.get(comparison.about), by_id.get(comparison.other)
    if one is None or other is None or one is other or not comparison.same_hazard:
        return False
    return fold_text(one.client) == fold_text(other.client)


def _join(ties: Sequence[Comparison]) -> list[set[str]]:
    neighbours: dict[str, set[str]] = defaultdict(set)
    for each in ties:
        neighbours[each.about].add(each.other)
        neighbours[each.other].add(each.about)
    groups: list[set[str]] = []
    seen: set[str] = set()
    for start in neighbours:
        if start in seen:
            continue
        group, waiting = {start}, [start]
        while waiting:
            new = neighbours[waiting.pop()] - group
            group |= new
            waiting.extend(new)
        seen |= group
        groups.append(group)
    return groups


NEWEST = 2000  # the newest entries, so that the cost stays the same as the book grows
MOST_OF_A_CLIENT = 300  # reports that are compared, the newest


@dataclass(frozen=True)
class Case:
    """A report as it stands now, with what is looked at in it."""

    report: Report
    traits: Traits

    @property
    def id(self) -> str:
        """The report's id."""
        return self.report.id

    @property
    def number(self) -> int:
        """The number of its entry."""
        return self.report.number


@dataclass(frozen=True)
class Verdicts:
    """What the carer said of pairs of reports, and which reports hang together by it."""

    newest: Mapping[Pair, Comparison]
    marked: tuple[Marked, ...]
    asked: frozenset[str]  # reports that the carer was asked about, and answered

    def find(self, one: str, other: str) -> bool | None:
        """Return whether the carer said that two reports show the same hazard; None: nothing."""
        said = self.newest.get(pair_ids(one, other))
        return said.same_hazard if said else None

    def find_marked(self, entry_id: str) -> Marked | None:
        """Return the marked reports that a report is one of, if it is."""
        return next((each for each in self.marked if entry_id in each.ids), None)

    def list_pairs(self, *, same: bool) -> list[Pair]:
        """Return the pairs of which the carer said that they are the same, or different."""
        return [pair for pair, said in self.newest.items() if said.same_hazard is same]


def read_verdicts(comparisons: Iterable[Comparison], reports: Iterable[Report]) -> Verdicts:
    """Return what the ``comparisons`` that count come to for ``reports``, the newest ruling."""
    said = list(comparisons)
    return Verdicts(
        newest=_find_newest(said),
        marked=tuple(find_marked(reports, said)),
        asked=frozenset(each.about for each in said),
    )


def gather_clients(reports: Iterable[Report]) -> dict[str, list[Report]]:
    """Return the newest reports of each client that are compared, in the order of happening."""
    by_client: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        theirs = by_client[fold_text(report.client)]
        if len(theirs) < MOST_OF_A_CLIENT:
            theirs.append(report)
    for theirs in by_client.values():
        theirs.sort(key=lambda each: (each.occurred, each.number))
    return dict(by_client)


_KEY = 16  # bytes
_LAYOUT = Struct(f"<{_KEY}si{VECTOR_BYTES}sI")
_MOST = 4_000_000  # bytes; beyond that it begins anew


class KeptMeanings:
    """The meanings of saved reports, by entry, digest and text."""

    def __init__(self, path: Path, table: WordTable) -> None:
        self._path = path
        self._table = table
        self._known = _read(path)
        self._new: dict[bytes, Meaning] = {}

    def find(self, report: Report) -> Meaning | None:
        """Return what ``report`` means, or None where no word of it is known."""
        key = _make_key(report, self._table)
        kept = self._known.get(key)
        if kept is not None:
            return Meaning(read_vector(kept[1]), kept[0])
        meaning = self._new.get(key) or find_meaning(report, self._table)
        if meaning:
            self._new[key] = meaning
        return meaning

    def keep(self) -> None:
        """Have on the disk what was found out since; where that fails, it costs only time."""
        if not self._new:
            return
        data = b"".join(_pack(key, meaning) for key, meaning in self._new.items())
        with suppress(OSError):
            files.make_private_folder(self._path.parent)
            size = self._path.stat().st_size if self._path.exists() else 0
            if size > _MOST or size % _LAYOUT.size:  # a write was cut off there
                self._path.unlink()
            descriptor = files.open_private(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            try:
                os.write(descriptor, data)  # a write cut off costs only what it held
            finally:
                os.close(descriptor)
        self._new.clear()


def name_file(folder: Path, logbook: Path) -> Path:
    """Return where in ``folder`` the meanings for ``logbook`` are kept."""
    return folder / f"{name_book(logbook)[:8]}-meanings.bin"


def forget_meanings(folder: Path, logbook: Path) -> None:
    """Throw away what is kept for ``logbook``, as its reports are erased. Raises OSError."""
    name_file(folder, logbook).unlink(missing_ok=True)


def _make_key(report: Report, table: WordTable) -> bytes:
    texts = [*split_parts(report).values(), report.client, *report.informed]
    text = "\0".join([table.version, report.id, report.digest, *texts])
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=_KEY).digest()


def _pack(key: bytes, meaning: Meaning) -> bytes:
    vector = write_vector(meaning.vector)
    checksum = _check(key, meaning.usual, vector)
    return _LAYOUT.pack(key, meaning.usual, vector, checksum)


def _check(key: bytes, usual: int, vector: bytes) -> int:
    return crc32(b"%s%d%s" % (key, usual, vector))


def _read(path: Path) -> dict[bytes, tuple[int, bytes]]:
    try:
        data = path.read_bytes()
    except OSError:
        return {}
    whole = len(data) - len(data) % _LAYOUT.size
    return {
        key: (usual, vector)
        for key, usual, vector, checksum in _LAYOUT.iter_unpack(data[:whole])
        if _check(key, usual, vector) == checksum
    }


Say = Callable[[str], None]


@dataclass(frozen=True)
class CaseBook:
    """Reports of a logbook as they stand now, the newest first, and the verdicts on them."""

    records: dict[str, Record]
    verdicts: Verdicts
    by_client: dict[str, list[Report]]  # by folded name, each in the order of happening

    def list_reports(self, client: str) -> list[Report]:
        """Return the reports of ``client`` that are compared, in the order of happening."""
        return self.by_client.get(fold_text(client), [])

    def list_beside(self, report: Report) -> list[Report]:
        """Return ``report`` and what it is compared with: the newest, or those before it."""
        theirs = self.list_reports(report.client)
        if any(each.id == report.id for each in theirs):
            return theirs
        number = report.number
        before = (record.current for record in self.records.values() if record.number < number)
        return gather_clients([report, *before])[fold_text(report.client)]


@dataclass(frozen=True)
class CaseReader:
    """Reads ``book`` to compare its reports, as they stand ``today``.

    ``folder`` is where meanings are kept; ``note`` is told what is unreadable, ``say`` once where
    the word table is not there.
    """

    book: Logbook
    folder: Path
    note: Note
    say: Say
    today: date

    def read(self, most: int | None) -> CaseBook:
        """Return the reports and verdicts among the newest ``most`` entries, or all."""
        newest, comparisons = read_newest(self.book, self.note, most)
        records = [record for record in end_same_words(newest) if not record.withdrawn]
        reports = [record.current for record in records]
        return CaseBook(
            {record.id: record for record in records},
            read_verdicts(comparisons, reports),
            gather_clients(reports),
        )

    def make_cases(self, reports: Sequence[Report]) -> list[Case]:
        """Return what is looked at in each of ``reports``."""
        meanings, lexicon = self._meanings, read_lexicon()
        cases = [
            Case(each, read_traits(each, lexicon, meanings.find(each) if meanings else None))
            for each in reports
        ]
        if meanings:
            meanings.keep()
        return cases

    @cached_property
    def _meanings(self) -> KeptMeanings | None:
        try:
            table = open_table()
        except DamagedTable:
            self.say(
                "A part of nearmiss is missing or damaged (the word table), so reports are "
                "compared by their words alone. Installing nearmiss again puts that right."
            )
            return None
        return KeptMeanings(name_file(self.folder, self.book.file), table)
