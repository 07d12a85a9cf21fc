"""What this computer knows of a logbook: how far it went, its last backup, what to compare.

The numbers that stand on paper are only safe while something beside the file knows of them. All
of it is a help, never a condition: whatever goes wrong with it is passed over.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from nearmiss import files
from nearmiss.logbook.lines import parse_entry, read_backward
from nearmiss.model.ids import TAG_LENGTH, EntryId

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
LOOKED_BACK = 2000  # lines of the book in which the entry of the mark is looked for


def name_book(book: Path) -> str:
    """Return what a logbook is called in the names of what is kept about it: 16 characters.

    A digest: the path itself may be longer than a file's name can be.
    """
    try:
        resolved = book.resolve()
    except (OSError, RuntimeError):  # a link that leads back to itself
        resolved = book
    return hashlib.sha256(str(resolved).encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True)
class Mark:
    """The newest entry confirmed here: its number and its seal.

    The seal is empty where only the number is known: it was read off a paper. ``broken`` are marks
    of before that the book did not hold when it was written on: they stay until it does.
    """

    number: int
    seal: str
    broken: tuple[tuple[int, str], ...] = ()


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
        if self.end is None or first.number >= self.marked.number:
            return f"entry {self.marked}"
        return f"entries {first} to {self.marked}"

    def __str__(self) -> str:
        if self.end is None:
            return (
                "There is no entry in the logbook. On this computer it went up to "
                f"{self.marked}. The file was taken away, moved or emptied. "
                "To put a backup back: nearmiss import FILE"
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
    """The marks of this computer, a file for each logbook in ``folder``; None: there are none."""

    folder: Path | None

    def find_highest(self, tag: str) -> int:
        """Return the highest number confirmed here in any copy of the logbook ``tag``; 0: none."""
        marks = map(_read, self._list(f"{tag}-*"))
        return max((mark.number for mark in marks if mark), default=0)

    def read_at(self, file: Path) -> dict[str, Mark]:
        """Return the marks of every logbook that stood at ``file``, by its tag."""
        paths = self._list(f"*-{name_book(file)}")
        found = {path.name[:TAG_LENGTH]: _read(path) for path in paths}
        return {tag: mark for tag, mark in found.items() if mark}

    def _list(self, names: str) -> list[Path]:
        with suppress(OSError):
            return list(self.folder.glob(names)) if self.folder else []
        return []

    def lift(self, tag: str, file: Path, mark: Mark) -> None:
        """Set the mark of a logbook, unless it is as high already; what was broken is added."""
        if self.folder is None:
            return
        with suppress(OSError):
            path = self.folder / f"{tag}-{name_book(file)}"
            before = _read(path)
            if before:
                broken = tuple(dict.fromkeys((*before.broken, *mark.broken)))
                higher = mark if mark.number > before.number else before
                mark = Mark(higher.number, higher.seal, broken)
            if mark == before:
                return
            files.make_private_folder(self.folder)
            beside = path.with_name(f".{path.name}.new")
            beside.unlink(missing_ok=True)
            descriptor = files.open_private(beside, _NEW)
            with open(descriptor, "wb") as new:
                pairs = ((mark.number, mark.seal), *mark.broken)
                new.write("".join(f"{number} {seal}\n" for number, seal in pairs).encode())
            beside.replace(path)


def find_gap(marks: dict[str, Mark], file: Path, opened: BinaryIO, size: int) -> Gap | None:
    """Return what is wrong with the first ``size`` bytes of the logbook at ``file``.

    They are held against ``marks``, which were read before: who writes meanwhile does no harm.
    None where the book holds what its mark says.
    """
    end: EntryId | None = None
    mark: Mark | None = None
    damaged = 0
    for line in islice(read_backward(opened, size), LOOKED_BACK):
        entry = parse_entry(line.content)
        if entry is None:
            damaged += 1
            continue
        own = EntryId.parse(entry.id)
        if end is None:
            end = EntryId(own.tag, own.number + damaged)  # damaged lines keep their numbers
            mark = marks.get(own.tag)
        if mark is None or not mark.seal:
            return None
        if own.number <= mark.number:
            return _judge(file, mark, own, entry.seal, end, damaged)
    gone = (EntryId(tag, each.number) for tag, each in marks.items() if each.seal)
    marked = next(gone, None) if end is None and not damaged else None
    return Gap(marked, None) if marked else None


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


def list_torn(file: Path) -> list[Path]:
    """Return what cut-off saves left beside the logbook ``file``, the newest first."""
    from glob import escape

    with suppress(OSError):
        return sorted(file.parent.glob(f"{escape(file.name)}.torn-*"), reverse=True)
    return []


def _read(path: Path) -> Mark | None:
    try:
        lines = [line.split(" ") for line in path.read_text(encoding="ascii").splitlines()]
        newest, *broken = [(int(number), seal) for number, seal in lines]
        return Mark(*newest, tuple(broken))
    except (OSError, ValueError):
        return None


@dataclass(frozen=True)
class LastBackup:
    """The newest backup that was made on this computer and read back.

    ``seal`` is that of its last entry as people see it, ``entry`` the id of that.
    """

    day: date
    seal: str
    entry: str


def note_backup(folder: Path, book: Path, last: LastBackup) -> None:
    """Remember a backup of ``book`` in ``folder``."""
    _note(folder, book, {"day": last.day.isoformat(), "seal": last.seal, "entry": last.entry})


def read_last_backup(folder: Path, book: Path) -> LastBackup | None:
    """Return the last backup of ``book`` that ``folder`` knows of."""
    noted = _read_noted(folder, book)
    with suppress(ValueError, KeyError, TypeError):
        return LastBackup(date.fromisoformat(noted["day"]), str(noted["seal"]), str(noted["entry"]))
    return None


def note_to_compare(folder: Path, book: Path, report: str) -> None:
    """Remember in ``folder`` the report of that id: the last of ``book`` that was saved."""
    _note(folder, book, {"report": report})


def forget_to_compare(folder: Path, book: Path) -> None:
    """Remember none: the last one was compared, or nothing is like it."""
    with suppress(OSError):
        _find_noted(folder, book).unlink(missing_ok=True)


def read_to_compare(folder: Path, book: Path) -> str:
    """Return the id of the report that is still to be compared, empty where there is none."""
    return str(_read_noted(folder, book).get("report", ""))


def note_meeting(folder: Path, book: Path, meeting: str, settled: str) -> None:
    """Remember what became of the meeting of that id: ``asked``, ``begun``, ``done``."""
    _note(folder, book, {**read_meetings(folder, book), meeting: settled})


def read_meetings(folder: Path, book: Path) -> dict[str, str]:
    """Return what became of the meetings of ``book``, by the ids of their packs."""
    return {name: str(settled) for name, settled in _read_noted(folder, book).items()}


def note_papers(folder: Path, book: Path, papers: Sequence[Mapping[str, Any]]) -> None:
    """Remember the papers of which is not known whether they were handed over."""
    _note(folder, book, {"papers": papers})


def read_papers(folder: Path, book: Path) -> list[dict[str, Any]]:
    """Return the papers of ``book`` of which is not known whether they were handed over."""
    papers = _read_noted(folder, book).get("papers", ())
    return [each for each in papers if isinstance(each, dict)] if papers else []


def _note(folder: Path, book: Path, facts: Mapping[str, Any]) -> None:
    with suppress(OSError):
        files.make_private_folder(folder)
        files.write_private(_find_noted(folder, book), json.dumps(facts).encode())


def _read_noted(folder: Path, book: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        noted = json.loads(_find_noted(folder, book).read_bytes())
        return noted if isinstance(noted, dict) else {}
    return {}


def _find_noted(folder: Path, book: Path) -> Path:
    return folder / f"{name_book(book)}.json"
