"""Checking a book: whether each entry stands as it was written, in its place."""

from dataclasses import dataclass, field
from typing import Any, BinaryIO

from pydantic import ValidationError

from nearmiss.logbook.book import Logbook
from nearmiss.logbook.chain import compute_seal, encode_line
from nearmiss.logbook.lines import RawLine, read_forward
from nearmiss.logbook.parsing import digest_holds, is_newer_kind, parse_object
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
    last_seal: str | None = None
    explained: set[str] = field(default_factory=set)

    def find(self, number: int, what: str) -> None:
        self.check.findings.append(Finding(number, what))

    def check_line(self, number: int, line: RawLine) -> None:
        parsed = parse_object(line.content)
        entry = _read(parsed)
        if parsed is None or entry is None:
            if is_newer_kind(parsed):
                raise NewerLogbook
            self._pass_unreadable(number, line)
            return
        self.check.entries += 1
        own = EntryId.parse(entry.id)
        expected = self._expect(own.tag, number)
        if _is_intact(line, parsed, entry):
            self._check_place(number, entry, own, expected)
        else:
            self.find(number, f"entry {expected} was changed after it was written.")
            own = expected  # the number itself may be what was changed
        if not line.ended:
            self.find(number, f"entry {own} has no line end. The next save mends it.")
        self._note(number, entry, own)

    def _expect(self, tag: str, number: int) -> EntryId:
        return EntryId(self.id.tag, self.id.number + 1) if self.id else EntryId(tag, number - 1)

    def _pass_unreadable(self, number: int, line: RawLine) -> None:
        self.id = EntryId(self.id.tag, self.id.number + 1) if self.id else None
        named = f"entry {self.id}" if self.id else "the first entry"
        unended = "" if line.ended else " The write was cut off; the next save moves it aside."
        self.find(number, f"{named} can't be read. It was changed or damaged.{unended}")
        self.seals = ()

    def _check_place(self, number: int, entry: Entry, own: EntryId, expected: EntryId) -> None:
        if own.tag != expected.tag:
            self.find(number, f"entry {own} is from another book.")
        elif own.number > expected.number:
            self.find(number, f"{_span(expected, own.number - 1)} before entry {own}.")
        elif own.number < expected.number:
            self.find(number, f"entry {own} stands in the wrong place, or twice.")
        elif not self._follows(number, entry):
            self.find(number, f"entry {own} does not follow the entry that was before it.")
        elif (own.number == 0) != isinstance(entry, Opened):
            self.find(number, f"entry {own} is not of the kind that belongs there.")

    def _follows(self, number: int, entry: Entry) -> bool:
        if number == 1:
            return entry.seal == compute_seal(None, entry.digest)
        # After a line that can't be read there is nothing to follow.
        return not self.seals or entry.seal in {
            compute_seal(seal, entry.digest) for seal in self.seals
        }

    def _note(self, number: int, entry: Entry, own: EntryId) -> None:
        computed = tuple(compute_seal(seal, entry.digest) for seal in self.seals[:1])
        self.id = own
        self.seals = tuple(dict.fromkeys((*computed, entry.seal)))
        self.last_seal = entry.seal
        if self.wanted and show_seal(entry.seal) == self.wanted:
            self.check.sealed = (entry.id, number)
        if isinstance(entry, Erased):
            self.erased[entry.id] = number
        elif isinstance(entry, Erasure):
            self.explained.update(entry.erased)

    def finish(self) -> None:
        self.check.seal = show_seal(self.last_seal) if self.last_seal else None
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


def _is_intact(line: RawLine, parsed: dict[str, Any], entry: Entry) -> bool:
    if encode_line(parsed) != line.content.removesuffix(b"\n"):
        return False
    return isinstance(entry, Erased) or digest_holds(parsed)


def _span(first: EntryId, last: int) -> str:
    if first.number == last:
        return f"entry {first} is missing"
    return f"entries {first} to {EntryId(first.tag, last)} are missing"


@dataclass(frozen=True)
class Comparison:
    """How far two books are the same: by the seals of their lines, so an erased text counts too.

    ``parted`` is the id of the first entry in which they differ though both have one there.
    """

    same: int
    own_more: int
    other_more: int
    parted: str | None


def compare_books(own: Logbook, other: Logbook) -> Comparison:
    """Compare two books line by line. Raises what reading raises."""
    with own.open_settled() as (first, size), other.open_settled() as (second, other_size):
        lines = [_list_seals(first, size), _list_seals(second, other_size)]
    same = 0
    for (_, one), (_, two) in zip(*lines, strict=False):
        if one != two:
            break
        same += 1
    more = [len(each) - same for each in lines]
    parted = lines[1][same][0] if same and all(more) else None
    return Comparison(same, more[0], more[1], parted)


def _list_seals(file: BinaryIO, size: int) -> list[tuple[str, str]]:
    parsed = (parse_object(line.content) or {} for line in read_forward(file, size))
    return [(str(each.get("id")), str(each.get("seal"))) for each in parsed]
