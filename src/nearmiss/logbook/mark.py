"""How far a logbook went on this computer, and whether it still is the one that was looked at.

The numbers that stand on paper are only safe while something beside the file knows of them. What
is kept of it is a help, never a condition: whatever goes wrong with that is passed over.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from nearmiss import files
from nearmiss.errors import BookFault
from nearmiss.logbook.beside import list_torn, name_book
from nearmiss.logbook.lines import parse_entry, read_backward
from nearmiss.logbook.tail import find_written
from nearmiss.model.entries import Entry
from nearmiss.model.ids import TAG_LENGTH, EntryId, name_entries

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
LOOKED_BACK = 2000  # lines of the book in which the entry of the mark is looked for


@dataclass(frozen=True)
class Mark:
    """The newest entry confirmed here: its number and its seal.

    The seal is empty where only the number is known: it was read off a paper. ``noted`` are what
    was found out when the book was written on, each with a number: the seal of a mark of before
    that it did not hold, or why it went on after numbers that it does not have, and the last of
    them: ``gone-43``.
    """

    number: int
    seal: str
    noted: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Skipped:
    """Numbers that the book does not have, though it goes on after them.

    ``why``: ``gone`` (they stood here), ``copy`` (another copy of the book had taken them),
    ``paper`` (they stand on paper), ``known`` (the carer has seen that they are gone); ``other``:
    it is the end of another book that stood here.
    """

    first: EntryId
    last: EntryId
    why: str

    @property
    def named(self) -> str:
        """The entries by their numbers."""
        return name_entries(self.first, self.last)

    def __str__(self) -> str:
        verb = "was" if self.first == self.last else "were"
        if self.why == "other":
            return f"Another logbook stood here before, up to {self.last}."
        if self.why == "copy":
            return f"{self.named} {verb} given out in another copy of this book."
        if self.why == "paper":
            return f"{self.named} {verb} left out, as such numbers stand on paper."
        return f"{self.named} {verb} in this logbook and {'is' if verb == 'was' else 'are'} gone."


@dataclass(frozen=True)
class Gap:
    """A logbook that does not hold what it held on this computer.

    ``end`` is its newest entry; ``marked`` the newest that was confirmed here. Where the book goes
    on to ``marked`` all the same, another entry stands there.
    """

    marked: EntryId
    end: EntryId | None
    torn: Path | None = None

    @property
    def is_changed(self) -> bool:
        """Whether something else stands where the marked entry stood; else it is missing."""
        return self.end is not None and self.end.number >= self.marked.number

    @property
    def missing(self) -> str:
        """The entries that are gone, by their numbers."""
        first = EntryId(self.marked.tag, self.end.number + 1) if self.end else self.marked
        return name_entries(first, self.marked)

    def __str__(self) -> str:
        if self.end is None:
            return (
                "There is no entry in the logbook. On this computer it went up to "
                f"{self.marked}. The file was taken away, moved or emptied. "
                "To put a backup back: nearmiss restore FILE"
            )
        if self.is_changed:
            return tell_broken(self.marked)
        cut = f" What a cut-off save left is in {self.torn}." if self.torn else ""
        return (
            f"The logbook ends at {self.end}. On this computer it went up to {self.marked}. "
            f"Lines were taken away, or an older backup was put back.{cut}"
        )


@dataclass(frozen=True)
class Marks:
    """What this computer knows of the logbooks at ``file``: a mark for each, in ``folder``.

    None: there are none. Of what can't be found out nothing is returned.
    """

    folder: Path | None
    file: Path

    def find_highest(self, tag: str) -> int:
        """Return the highest number confirmed here in any copy of the logbook ``tag``; 0: none."""
        marks = map(_read, self._list(f"{tag}-*"))
        return max((mark.number for mark in marks if mark), default=0)

    def read(self) -> dict[str, Mark]:
        """Return the marks of every logbook that stood here, by its tag."""
        paths = sorted(self._list(f"*-{name_book(self.file)}"))
        found = {path.name[:TAG_LENGTH]: _read(path) for path in paths}
        return {tag: mark for tag, mark in found.items() if mark}

    def _list(self, names: str) -> list[Path]:
        with suppress(OSError):
            return list(self.folder.glob(names)) if self.folder else []
        return []

    def settle(self, gone: Skipped) -> None:
        """Note that the carer knows what is ``gone``: it is said no more."""
        known = (gone.first.number, f"known-{gone.last.number}")
        self.lift(gone.last.tag, Mark(0, "", (known,)))

    def reserve(self, paper: EntryId) -> None:
        """Let the next number come after ``paper``, which is the highest on paper."""
        self.lift(paper.tag, Mark(paper.number, ""))

    def lift(self, tag: str, mark: Mark) -> None:
        """Set the mark of a logbook, unless it is as high already; what was broken is added."""
        if self.folder is None:
            return
        with suppress(OSError):
            path = self.folder / f"{tag}-{name_book(self.file)}"
            before = _read(path)
            if before:
                noted = tuple(dict.fromkeys((*before.noted, *mark.noted)))
                higher = mark if mark.number > before.number else before
                mark = Mark(higher.number, higher.seal, noted)
            if mark == before:
                return
            files.make_private_folder(self.folder)
            beside = path.with_name(f".{path.name}.new")
            beside.unlink(missing_ok=True)
            descriptor = files.open_private(beside, _NEW)
            with open(descriptor, "wb") as new:
                pairs = ((mark.number, mark.seal), *mark.noted)
                new.write("".join(f"{number} {seal}\n" for number, seal in pairs).encode())
            files.insist(lambda: beside.replace(path))


def _read(path: Path) -> Mark | None:
    try:
        lines = [line.split(" ") for line in path.read_text(encoding="ascii").splitlines()]
        newest, *noted = [(int(number), text) for number, text in lines]
        return Mark(*newest, tuple(noted))
    except (OSError, ValueError):
        return None


@dataclass(frozen=True)
class Glimpse:
    """How a logbook stood when it was looked at: its newest entry, and what it had lost.

    ``written`` is when that entry was; ``marks`` are those of every logbook that stood here.
    """

    end: EntryId | None
    seal: str = ""
    gap: Gap | None = None
    written: str = ""
    marks: Mapping[str, Mark] = field(default_factory=dict)

    @property
    def lost(self) -> EntryId | None:
        """How far the book went that stood here, where nothing stands here now."""
        return self.gap.marked if self.gap and not self.gap.end else None

    @property
    def others(self) -> list[EntryId]:
        """How far other books went that stood in the place of this one."""
        return [each for each in _list_ends(self.marks) if self.end and each.tag != self.end.tag]

    @property
    def skipped(self) -> list[Skipped]:
        """The numbers that a book does not have though it goes on after them, and why."""
        parts = [(tag, first, text.partition("-")) for tag, first, text in self._noted]
        return [
            Skipped(EntryId(tag, first), EntryId(tag, int(last)), why)
            for tag, first, (why, dash, last) in parts
            if dash
        ]

    @property
    def unanswered(self) -> list[Skipped]:
        """What stood here and is gone, numbers and other books, but for what the carer knows of."""
        known = {each.last for each in self.skipped if each.why == "known"}
        others = [Skipped(each, each, "other") for each in self.others]
        found = (each for each in (*self.skipped, *others) if each.why in ("gone", "other"))
        return [each for each in found if each.last not in known]

    @property
    def broken(self) -> dict[str, EntryId]:
        """The marks of before that the book did not hold when it was written on, by their seals."""
        return {text: EntryId(tag, at) for tag, at, text in self._noted if "-" not in text}

    @property
    def _noted(self) -> list[tuple[str, int, str]]:
        return [(tag, *noted) for tag, mark in self.marks.items() for noted in mark.noted]

    def find_stranger(self) -> EntryId | None:
        """Return how far the book went that was written here, where this one never was."""
        is_new = self.end and self.end.tag not in self.marks
        found = (each.last for each in self.unanswered if each.why == "other" and is_new)
        return next(found, None)

    def list_broken(self) -> list[tuple[int, str]]:
        """Return what the mark of the next entry is to say: it would hide that another is broken.

        That is the number and seal of the mark where the book has another entry in its place.
        """
        mark = self.marks.get(self.gap.marked.tag) if self.gap and self.gap.is_changed else None
        return [(mark.number, mark.seal)] if mark else []

    def list_skipped(self, due: EntryId, last: int) -> list[tuple[int, str]]:
        """Return the numbers from ``due`` to ``last`` that the next entry leaves out, and why."""
        own = self.marks.get(due.tag, Mark(0, ""))
        here = (due.number, min(last, own.number), "gone" if own.seal else "paper")
        elsewhere = (max(due.number, own.number + 1), last, "copy")
        return [(one, f"{why}-{end}") for one, end, why in (here, elsewhere) if one <= end]


def _list_ends(marks: Mapping[str, Mark]) -> list[EntryId]:
    """Return how far each logbook went that was written here."""
    return [EntryId(tag, each.number) for tag, each in marks.items() if each.seal]


def take_glimpse(marks: Mapping[str, Mark], file: Path, opened: BinaryIO, size: int) -> Glimpse:
    """Return how the first ``size`` bytes of the logbook at ``file`` stand now.

    They are held against ``marks``, which were read before: who writes meanwhile does no harm.
    """
    newest: Entry | None = None
    end, mark, gap, damaged = EntryId("", 0), None, None, 0
    for line in islice(read_backward(opened, size), LOOKED_BACK):
        entry = parse_entry(line.content)
        if entry is None:
            damaged += 1
            continue
        own = EntryId.parse(entry.id)
        if newest is None:
            end = EntryId(own.tag, own.number + damaged)  # damaged lines keep their numbers
            newest, mark = entry, marks.get(own.tag)
        if mark is None or not mark.seal:
            break
        if own.number <= mark.number:
            gap = _judge(file, mark, own, entry.seal, end, damaged)
            break
    if newest is None:
        ends = [] if damaged else _list_ends(marks)
        marked = max(ends, key=lambda each: each.number, default=None)
        return Glimpse(None, gap=Gap(marked, None) if marked else None, marks=marks)
    return Glimpse(EntryId.parse(newest.id), newest.seal, gap, find_written(newest), marks)


def _judge(
    file: Path, mark: Mark, own: EntryId, seal: str, end: EntryId, damaged: int
) -> Gap | None:
    if own.number == mark.number and seal == mark.seal:
        return None
    if own.number < mark.number <= own.number + damaged:
        return None  # it is one of the damaged lines, which are told of as such
    torn = next(iter(list_torn(file)), None)
    return Gap(EntryId(own.tag, mark.number), end, torn)


def tell_broken(marked: EntryId) -> str:
    """Say that an entry is not as it was saved on this computer."""
    return (
        f"The logbook no longer holds {marked} as it was saved on this computer. "
        "The file was changed, or another copy was put in its place."
    )


class BookChanged(BookFault):
    """The book is not the one that was looked at as the command began: it is left as it is."""

    def __init__(self, what: str, *, can_go_on: bool = False) -> None:
        self.can_go_on = can_go_on  # with what stands there, once that was told
        super().__init__(f"Nothing was written. {what}")


def require_same(path: Path, seen: Glimpse, now: Glimpse, opened: BinaryIO, size: int) -> None:
    """Check that the logbook is the one that was ``seen``, or one that has grown from it.

    ``now`` is how its first ``size`` bytes stand. Raises BookChanged.
    """
    end = seen.end
    if end is not None and not size:
        raise BookChanged(_tell_gone(path, end))
    if now.end is None:
        return
    if end is not None and end.tag != now.end.tag:
        raise BookChanged(
            f"Another logbook is at {path} now: {now.end.tag}, not {end.tag}. Put the right file "
            "back there."
        )
    marks = {end.tag: Mark(end.number, seen.seal)} if end else {}
    last = next(read_backward(opened, size))
    if not (last.ended or parse_entry(last.content)):
        size = last.start  # what a write that was cut off left is no part of it
    lost = take_glimpse(marks, path, opened, size).gap
    if lost is None and now.gap and (not seen.gap or now.gap.marked != seen.gap.marked):
        lost = now.gap
    if lost is not None:
        raise BookChanged(_tell_less(lost), can_go_on=True)


def _tell_gone(path: Path, end: EntryId) -> str:
    if path.exists():
        return (
            f"The logbook {path} is empty now. A moment ago it went up to {end}. Does a cloud "
            "folder still have to fetch it, or did another program empty it? Put it back, and go "
            "on."
        )
    return (
        f"The logbook is no longer at {path}. A moment ago it was. Was a stick taken out, or the "
        "file moved? Put it back, and go on."
    )


def _tell_less(lost: Gap) -> str:
    if lost.is_changed or lost.end is None:
        what = f"The logbook holds another {lost.marked} now than a moment ago."
    else:
        what = f"The logbook ends at {lost.end} now. A moment ago it went up to {lost.marked}."
    return (
        f"{what} Did a cloud folder, or a copy, put another version in its place? Put the newer "
        "one back, and go on. If there is none, try again: the numbers go on after the highest."
    )


def tell_lost(path: Path, marked: EntryId) -> str:
    """Say that a logbook which stood at ``path`` is not there any more."""
    return (
        f"There is no logbook at {path}. On this computer it went up to {marked}. If it is on a "
        "stick or in a cloud folder, put that in or let it be fetched. To put a backup back: "
        "nearmiss restore FILE\nTo begin a new one all the same: nearmiss --new-book log"
    )
