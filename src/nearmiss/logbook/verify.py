"""Checking a book: whether each entry stands as it was written, in its place."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import islice, takewhile
from typing import Any, BinaryIO, NamedTuple

from nearmiss.dates.shown import echo_day
from nearmiss.logbook.lines import (
    Parsed,
    RawLine,
    Unreadable,
    compute_seal,
    encode_line,
    parse_line,
    parse_object,
    read_forward,
)
from nearmiss.model.entries import (
    Content,
    Correction,
    Entry,
    Envelope,
    Erased,
    Erasure,
    Opened,
    list_changeable,
)
from nearmiss.model.ids import TAG_LENGTH, EntryId, name_entries, shorten_ids, show_seal
from nearmiss.speech import join_words, name_some

_NAMED = 20  # erasures that are told one by one
_FIRST = 3  # lines whose tags say which book it is
_BEGIN = ("entry", "id", "recorded_at", "recorded_by")
_ORIGINS = ("origin_id", "origin_recorded_at", "origin_recorded_by", "origin_seal")
_THROUGH = ("through_id", "through_by")
_TAKEN_IN = ("claims", "counts_after", "batch", "written_after")
_END = ("nonce", "digest", "seal")


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written: the number of the line, and what is wrong.

    ``changed`` says that a seal would stand over what was not sealed: all but what can't be read
    and what was only cut off, which are told of as such.
    """

    line: int
    what: str
    changed: bool = True

    def __str__(self) -> str:
        return f"Line {self.line}: {self.what}"


@dataclass(frozen=True)
class Explained:
    """Texts that an entry says were erased: their ids with their lines, the day and the reason."""

    erased: tuple[tuple[str, int], ...]
    day: datetime
    reason: str

    def tell(self, up_to: int | None = None) -> str | None:
        """Return what was erased when and why, as far as the line ``up_to``; None: nothing."""
        ids = [each for each, line in self.erased if up_to is None or line <= up_to]
        if not ids:
            return None
        return f"{join_words(shorten_ids(ids))}, erased {echo_day(self.day)}: {self.reason}"


@dataclass
class Check:
    """What a check of a whole book found, once the book was read to its end.

    ``wanted`` is a seal to look for, in the form of ``show_seal``; ``sealed`` is the id and the
    line of the entry that it belongs to. ``seal`` is the newest seal as people see it; ``end`` is
    the id of the last entry. ``skipped`` are numbers after which the book goes on
    without them, the first and the last, with what to say of it: no fault. ``clock`` says which
    times of writing run backwards; ``latest`` is the latest of them, with the id of its entry.
    ``met`` are those of the whole seals that are ``awaited`` which some line has. ``unfit`` are the
    lines of which no entry can be taken into another book: they can't be read, were changed, or
    would change what can't be. ``unknown`` is the first key that only a newer version can have
    written, with its line.
    """

    wanted: str | None = None
    awaited: Collection[str] = ()
    entries: int = 0
    seal: str | None = None
    sealed: tuple[str, int] | None = None
    end: str | None = None
    findings: list[Finding] = field(default_factory=list)
    erasures: list[Explained] = field(default_factory=list)
    clock: list[str] = field(default_factory=list)
    latest: tuple[datetime, str] | None = None
    skipped: list[tuple[EntryId, EntryId, str]] = field(default_factory=list)
    met: set[str] = field(default_factory=set)
    unfit: set[int] = field(default_factory=set)
    unknown: tuple[int, str] | None = None

    @property
    def changed_lines(self) -> list[int]:
        """The numbers of the lines over which no seal may be shown, in order."""
        return sorted({each.line for each in self.findings if each.changed})

    def tell_erased(self, up_to: int | None = None) -> str:
        """Return what was erased as far as the line ``up_to``, when and why; empty: nothing."""
        told = filter(None, (each.tell(up_to) for each in self.erasures))
        return "; ".join(
            name_some([each.rstrip(".") for each in told], _NAMED, "{:,} more erasures")
        )


def check_book(
    file: BinaryIO, size: int, seal: str | None = None, awaited: Collection[str] = ()
) -> Check:
    """Check the chain of the first ``size`` bytes of a logbook, and look for seals in it.

    That is ``seal`` as people see it, and whole ones that are ``awaited``. Raises NewerLogbook.
    """
    check = Check(seal, awaited)
    for _ in read_checked(file, size, check):
        pass
    return check


def read_checked(file: BinaryIO, size: int, check: Check) -> Iterator[Entry | Unreadable]:
    """Yield every entry of the first ``size`` bytes of a logbook, and check them meanwhile.

    After the last of them ``check`` says what was found. Raises NewerLogbook.
    """
    walk = _Walk(check, _find_tag(file, size))
    for line in read_forward(file, size):
        yield walk.check_line(line) or Unreadable(walk.number)
    walk.finish()


def _find_tag(file: BinaryIO, size: int) -> str | None:
    """Return the tag that most of the first lines have: a foreign line may stand first."""
    first = (parse_object(line.content) or {} for line in islice(read_forward(file, size), _FIRST))
    tags = Counter(str(entry["id"])[:TAG_LENGTH] for entry in first if "id" in entry)
    return tags.most_common(1)[0][0] if tags else None


@dataclass
class _Walk:
    """One pass over a book from its first line to its last; ``number`` is that of the line."""

    check: Check
    tag: str | None
    number: int = 0
    id: EntryId | None = None
    seals: tuple[str, ...] = ()  # any of which the next line may follow
    lost: bool = False  # a line before can't be read: what follows it can't be checked
    foreign: int = 0  # lines of other books so far
    erased: dict[str, tuple[int, Erased]] = field(default_factory=dict)
    standing: dict[str, int] = field(default_factory=dict)  # the lines that hold a text
    changeable: dict[str, Collection[str]] = field(default_factory=dict)  # fields of each entry
    last_seal: str | None = None
    unended: EntryId | None = None  # the line before lacks its end

    def find(self, what: str, line: int = 0, *, changed: bool = True) -> None:
        self.check.findings.append(Finding(line or self.number, what, changed))

    def check_line(self, raw: RawLine) -> Entry | None:
        """Return the entry on the next line, or None if it can't be read."""
        if self.unended:
            what = f"entry {self.unended} and what follows it stand on one line, not on two."
            self.find(what, changed=False)
            self.unended = None
        self.number += 1
        line = parse_line(raw.content)
        if line is None:
            self._pass_unreadable(raw)
            return None
        self.check.entries += 1
        if line.entry.seal in self.check.awaited:
            self.check.met.add(line.entry.seal)
        entry, own = line.entry, EntryId.parse(line.entry.id)
        if self.id is None:
            expected = EntryId(self.tag or own.tag, self.number - 1 - self.foreign)
        else:
            expected = EntryId(self.id.tag, self.id.number + 1)
        intact = _is_intact(raw, line)
        self._check_changes(entry)
        if not intact:
            self.check.unfit.add(self.number)
            self.find(f"entry {expected} was changed after it was written.")
            own = expected  # the number itself may be what was changed
        elif odd := _find_unknown(type(entry), tuple(line.facts)):
            self.check.unknown = self.check.unknown or (self.number, odd)
        self.unended = None if raw.ended else own
        if own.tag != expected.tag:
            self.foreign += 1
            self.find(f"entry {own} is from another book.")
        elif own.number < expected.number:
            self.find(f"entry {own} stands in the wrong place, or twice.")
        else:
            self._go_on(entry, own, expected, intact=intact)
        return entry

    def _pass_unreadable(self, line: RawLine) -> None:
        self.id = EntryId(self.id.tag, self.id.number + 1) if self.id else None
        named = f"entry {self.id}" if self.id else "the first entry"
        unended = "" if line.ended else " The write was cut off; the next save moves it aside."
        self.find(f"{named} can't be read. It was changed or damaged.{unended}", changed=False)
        self.check.unfit.add(self.number)
        self.lost = True

    def _go_on(self, entry: Entry, own: EntryId, expected: EntryId, *, intact: bool) -> None:
        """Take an entry as the next of the book, and check that it follows what is before it."""
        computed = [compute_seal(seal, entry.digest) for seal in self.seals or (None,)]
        follows = entry.seal in computed
        if own.number > expected.number:
            last = EntryId(expected.tag, own.number - 1)
            named, is_one = name_entries(expected, last), last == expected
            if follows and intact and self.seals:
                gone = f"{named} {'was' if is_one else 'were'} already gone when {own} was written."
                self.check.skipped.append((expected, last, gone))
            else:
                self.find(f"{named} {'is' if is_one else 'are'} missing before entry {own}.")
        elif intact and not follows and not self.lost:
            self.find(f"entry {own} does not follow the entry that was before it.")
        elif (own.number == 0) != isinstance(entry, Opened):
            self.find(f"entry {own} is not of the kind that belongs there.")
        # After a line that was changed, what was written earlier and later is followed alike: the
        # next save may go on from the line before it.
        first, before = computed[:1] if self.seals else (), () if intact else self.seals
        self.id, self.lost, self.last_seal = own, False, entry.seal
        self.seals = tuple(dict.fromkeys((*first, entry.seal, *before)))
        if self.check.wanted and show_seal(entry.seal) == self.check.wanted:
            self.check.sealed = (entry.id, self.number)
        if isinstance(entry, Erased):
            self.erased[entry.id] = self.number, entry
            return
        self.standing[entry.id] = self.number
        if intact:
            self._check_clock(entry)
        if isinstance(entry, Erasure) and intact:
            self._explain(entry)

    def _check_changes(self, entry: Entry) -> None:
        self.changeable[entry.id] = list_changeable(type(entry))
        if isinstance(entry, Correction) and (
            odd := sorted(entry.changes.keys() - self.changeable.get(entry.about, entry.changes))
        ):
            named = join_words([f'"{each}"' for each in odd])
            self.check.unfit.add(self.number)
            would = f"would change {named} in {entry.about}, which has no such answer."
            self.find(f"entry {entry.id} {would}", changed=False)

    def _check_clock(self, entry: Envelope) -> None:
        """Note where a time of writing is before that of an entry before it, or lies ahead."""
        if entry.origin_recorded_at and entry.written_ahead():
            day = echo_day(entry.written_at)
            self.check.clock.append(
                f"by its clock, entry {entry.id} was written on {day}, after it was taken in here. "
                "Only what was written about it here since then counts as newer."
            )
        moment = datetime.fromisoformat(entry.recorded_at)
        if self.check.latest and moment < self.check.latest[0]:
            before, own = self.check.latest
            self.check.clock.append(
                f"by its clock, entry {entry.id} was written on {echo_day(moment)}, before {own} "
                f"({echo_day(before)})."
            )
        else:
            self.check.latest = moment, entry.id

    def _explain(self, entry: Erasure) -> None:
        lines = ((each, self.erased.pop(each, None)) for each in entry.erased)
        found = {each: line for each, line in lines if line}
        numbers = dict(zip(entry.erased, entry.origin_ids or (), strict=False))
        sealed = {left.origin_seal for _, left in found.values()}
        is_short = len(found) == len(numbers) and not {*(entry.origins or ())} <= sealed
        for each, (line, left) in found.items():
            seals = entry.origins or ([] if numbers else [left.origin_seal or ""])
            is_so = left.origin_seal in (None, *seals) and not is_short
            if not is_so or (left.origin_id or "") != numbers.get(each, left.origin_id or ""):
                self.find(f"where entry {each} came from was changed.", line)
        for each in entry.erased:
            if each in self.standing:
                self.find(f"the text of entry {each} stands, though erased.", self.standing[each])
        gone = tuple((each, line) for each, (line, _) in found.items())
        self.check.erasures.append(Explained(gone, entry.written_at, entry.reason))

    def finish(self) -> None:
        if self.unended:
            what = f"entry {self.unended} has no line end. The next save mends it."
            self.find(what, changed=False)
        self.check.seal = show_seal(self.last_seal) if self.last_seal else None
        self.check.end = str(self.id) if self.id else None
        for entry_id, (number, _) in self.erased.items():
            self.find(f"the text of entry {entry_id} is gone and no entry says why.", number)
        self.check.findings.sort(key=lambda finding: finding.line)


def _is_intact(raw: RawLine, line: Parsed) -> bool:
    """Whether a line stands as this program writes it, and its digest is that of what it holds."""
    if encode_line(line.facts) != raw.content.removesuffix(b"\n"):
        return False
    return line.is_as_written and _is_in_order(type(line.entry), tuple(line.facts))


@lru_cache  # most lines of a kind have the same keys
def _is_in_order(kind: type[Any], found: tuple[str, ...]) -> bool:
    """Whether the keys stand in the order in which they are written; the digest sorts them.

    What a later version added may stand anywhere.
    """
    keys = [key for key in found if key in kind.model_fields]
    return any(keys == [key for key in order if key in found] for order in _list_orders(kind))


@lru_cache
def _find_unknown(kind: type[Any], found: tuple[str, ...]) -> str:
    """Return the first key that this version does not know, empty where it knows all."""
    return next((key for key in found if key not in kind.model_fields), "")


def _list_orders(kind: type[Any]) -> tuple[tuple[str, ...], ...]:
    if kind is Erased:
        return (tuple(Erased.model_fields),)
    fields = next(
        tuple(base.model_fields)
        for base in kind.__mro__
        if issubclass(base, Content) and not issubclass(base, Envelope)
    )
    # Rows of a spreadsheet carry the seal of what they held before the rest.
    origins = (_ORIGINS, (_ORIGINS[-1], *_ORIGINS[:-1]))
    return tuple((*_BEGIN, *each, *_THROUGH, *_TAKEN_IN, *fields, *_END) for each in origins)


class Place(NamedTuple):
    """What stands on a line, as far as two books are compared by it."""

    id: str
    seal: str
    is_erased: bool


def compare_books(
    own: BinaryIO, size: int, other: BinaryIO, other_size: int
) -> tuple[list[Place], list[Place], int]:
    """Return what stands on the lines of a book and of another, and how many first ones agree."""
    mine, theirs = _list_places(own, size), _list_places(other, other_size)
    same = takewhile(lambda pair: pair[0].seal == pair[1].seal, zip(mine, theirs, strict=False))
    return mine, theirs, len(list(same))


def _list_places(file: BinaryIO, size: int) -> list[Place]:
    parsed = (parse_object(line.content) or {} for line in read_forward(file, size))
    return [
        Place(str(each.get("id")), str(each.get("seal")), each.get("entry") == "erased")
        for each in parsed
    ]
