"""Checking a book: whether each entry stands as it was written, in its place."""

from dataclasses import dataclass, field
from typing import Any, BinaryIO

from pydantic import ValidationError

from nearmiss.logbook.chain import compute_seal, encode_line
from nearmiss.logbook.lines import RawLine, read_forward
from nearmiss.logbook.parsing import digest_holds, parse_object
from nearmiss.logbook.problems import NewerLogbook
from nearmiss.model.entries import ENTRY, FORMAT, Entry, Erased, Erasure, Opened
from nearmiss.model.ids import EntryId, show_seal


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written: the number of the line, and what is wrong."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.what}"


@dataclass
class Check:
    """What a check of a whole book found.

    ``seal`` is the newest seal as people see it; ``sealed`` is the id and the line of the entry
    that a given seal belongs to.
    """

    entries: int = 0
    seal: str | None = None
    sealed: tuple[str, int] | None = None
    findings: list[Finding] = field(default_factory=list)


def check_book(file: BinaryIO, size: int, seal: str | None = None) -> Check:
    """Check the chain of the first ``size`` bytes of a logbook, and look for ``seal`` in it.

    ``seal`` is in the form of ``show_seal``. Raises NewerLogbook.
    """
    walk = _Walk(seal)
    for number, line in enumerate(read_forward(file, size), start=1):
        walk.check_line(number, line)
    walk.finish()
    return walk.check


@dataclass
class _Walk:
    """One pass over a book from its first line to its last."""

    wanted: str | None
    check: Check = field(default_factory=Check)
    id: EntryId | None = None
    seals: tuple[str, ...] = ()  # any of which the next line may follow
    erased: dict[str, int] = field(default_factory=dict)
    explained: set[str] = field(default_factory=set)

    def find(self, number: int, what: str) -> None:
        self.check.findings.append(Finding(number, what))

    def check_line(self, number: int, line: RawLine) -> None:
        parsed = parse_object(line.content)
        entry = _read(parsed)
        if parsed is None or entry is None:
            self._pass_unreadable(number, line, parsed)
            return
        self.check.entries += 1
        self._check_digest(number, line, parsed, entry)
        self._check_place(number, entry)
        self._note(number, entry)

    def _pass_unreadable(self, number: int, line: RawLine, parsed: dict[str, Any] | None) -> None:
        if parsed is not None and "entry" in parsed and digest_holds(parsed):
            raise NewerLogbook
        expected = EntryId(self.id.tag, self.id.number + 1) if self.id else None
        named = f"entry {expected}" if expected else "the first entry"
        unended = "" if line.ended else " The write was cut off; the next save moves it aside."
        self.find(number, f"{named} can't be read. It was changed or damaged.{unended}")
        self.id, self.seals = expected, ()

    def _check_digest(
        self, number: int, line: RawLine, parsed: dict[str, Any], entry: Entry
    ) -> None:
        as_written = encode_line(parsed) == line.content.removesuffix(b"\n")
        intact = isinstance(entry, Erased) or digest_holds(parsed)
        if not (as_written and intact):
            self.find(number, f"entry {entry.id} was changed after it was written.")
        elif not line.ended:
            self.find(number, f"entry {entry.id} has no line end. The next save mends it.")

    def _check_place(self, number: int, entry: Entry) -> None:
        own = EntryId.parse(entry.id)
        expected = EntryId(self.id.tag, self.id.number + 1) if self.id else EntryId(own.tag, 0)
        if own.tag != expected.tag:
            self.find(number, f"entry {own} is from another book.")
        elif own.number > expected.number:
            self.find(number, f"{_span(expected, own.number - 1)} before entry {own}.")
        elif own.number < expected.number:
            self.find(number, f"entry {own} stands in the wrong place, or twice.")
        elif not self._follows(entry):
            self.find(number, f"entry {own} does not follow the entry that was before it.")
        elif (own.number == 0) != isinstance(entry, Opened):
            self.find(number, f"entry {own} is not of the kind that belongs there.")

    def _follows(self, entry: Entry) -> bool:
        if self.id is None:
            return entry.seal == compute_seal(None, entry.digest)
        return not self.seals or entry.seal in {
            compute_seal(seal, entry.digest) for seal in self.seals
        }

    def _note(self, number: int, entry: Entry) -> None:
        computed = tuple(compute_seal(seal, entry.digest) for seal in self.seals[:1])
        self.id = EntryId.parse(entry.id)
        self.seals = tuple(dict.fromkeys((*computed, entry.seal)))
        self.check.seal = show_seal(entry.seal)
        if self.check.seal == self.wanted:
            self.check.sealed = (entry.id, number)
        if isinstance(entry, Erased):
            self.erased[entry.id] = number
        elif isinstance(entry, Erasure):
            self.explained.update(entry.erased)

    def finish(self) -> None:
        for entry_id, number in self.erased.items():
            if entry_id not in self.explained:
                self.find(number, f"the text of entry {entry_id} is gone and no entry says why.")
        self.check.findings.sort(key=lambda finding: finding.line)


def _read(parsed: dict[str, Any] | None) -> Entry | None:
    try:
        entry = ENTRY.validate_python(parsed)
    except ValidationError:
        return None
    if isinstance(entry, Opened) and entry.format > FORMAT:
        if digest_holds(parsed or {}):
            raise NewerLogbook
        return None
    return entry


def _span(first: EntryId, last: int) -> str:
    if first.number == last:
        return f"entry {first} is missing"
    return f"entries {first} to {EntryId(first.tag, last)} are missing"
