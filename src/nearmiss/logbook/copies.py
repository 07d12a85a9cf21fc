"""Copies beside the book that hold entries which it does not: a cloud folder's "conflicted copies".

Two computers wrote in one book while they could not see each other, and both versions were kept.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nearmiss.logbook.beside import list_left
from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import (
    Unreadable,
    parse_entry,
    parse_object,
    read_backward,
    read_forward,
)
from nearmiss.model.entries import Opened
from nearmiss.model.ids import TAG_LENGTH
from nearmiss.speech import count_of, quote_path

_SEALS = re.compile(rb'"(?:origin_)?seal":"([0-9a-f]{64})"')
_TAKEN_IN = ("report", "incident", "correction", "follow_up", "comparison")
_SEALED = ("seal", "origin_seal")
_ENDINGS = (".bak", ".old", ".tmp")  # with which other programs keep what they write over


@dataclass(frozen=True)
class Copy:
    """A file beside the book with entries of the same book: ``missing`` of them are not in it."""

    path: Path
    missing: int

    def __str__(self) -> str:
        verb = "is" if self.missing == 1 else "are"
        return (
            f"{name_file(self.path)} holds {count_of(self.missing, 'entry', 'entries')} of this "
            f"book that {verb} not in it. {_advise('To take in', 'import', self.path)}"
        )


def name_file(path: Path) -> str:
    """Return where a file is on one line, whatever its name holds."""
    return str(path) if str(path).isprintable() else repr(str(path))


def _advise(what: str, command: str, path: Path) -> str:
    """Return the command for a file; what can't be typed on one line has to be named anew."""
    if str(path).isprintable():
        return f"{what}: nearmiss {command} {quote_path(path)}"
    return f"{what}, give it a plain name, then: nearmiss {command} FILE"


def list_copies(book: Logbook) -> list[Copy]:
    """Return the copies beside ``book`` that hold what it does not; none where that is unknown."""
    found = []
    with suppress(OSError):
        own = book.file
        for path in _list_beside(own, _read_tag(own)):
            with suppress(OSError), path.open("rb") as file:  # one not read hides no other
                found.append(Copy(path, count_missing(own, file, path.stat().st_size)))
    return [each for each in found if each.missing]


def tell_moved(book: Logbook) -> list[str]:
    """Return where beside its place a book lies that is gone from there: under another name."""
    lost = book.take_glimpse().lost
    found = _list_beside(book.file, lost.tag) if lost else ()
    return [
        f"{name_file(path)} is of the book that is gone. "
        f"{_advise('To put it back', 'restore', path)}"
        for path in found
    ]


def list_holding(book: Logbook, ids: Collection[str]) -> list[Path]:
    """Return the files beside ``book`` that hold the text of its entries ``ids`` too."""
    found, seals = [], set[str]()
    for entry in book.read_forward():
        if not isinstance(entry, Unreadable | Opened) and entry.id in ids:
            seals |= {entry.seal, entry.origin_seal or entry.seal}
    for path in _list_others(book.file):
        with suppress(OSError), path.open("rb") as file:
            if any(
                own & seals
                for kind, own in _read_seals(file, path.stat().st_size)
                if kind != "erased"
            ):
                found.append(path)
    return found


def _read_seals(file: BinaryIO, size: int) -> Iterator[tuple[str, set[str]]]:
    """Yield the kind of each entry in a logbook, and the seals that it has."""
    for line in read_forward(file, size):
        facts = parse_object(line.content) or {}
        yield str(facts.get("entry")), {str(facts.get(name)) for name in _SEALED}


def _list_others(own: Path) -> Iterator[Path]:
    """Yield the other files in the folder of the file ``own`` that may be logbooks, by a name.

    What cut-off saves and unfinished ones left is told of as that.
    """
    for path in sorted({*own.parent.glob("*")} - {*list_left(own)}):
        with suppress(OSError):
            name = path.name.casefold()
            may_be = (".jsonl" in name or name.endswith(_ENDINGS)) and path.is_file()
            if may_be and not (own.exists() and path.samefile(own)):
                yield path


def _list_beside(own: Path, tag: str) -> Iterator[Path]:
    """Yield the other logbooks of that ``tag`` in the folder of the file ``own``."""
    for path in _list_others(own) if tag else ():
        with suppress(OSError):
            if _read_tag(path) == tag:
                yield path


def _read_tag(path: Path) -> str:
    with path.open("rb") as file:
        first = next(read_forward(file, path.stat().st_size), None)
    facts = (parse_object(first.content) or {}) if first else {}
    return str(facts.get("id", ""))[:TAG_LENGTH] if facts.get("entry") == "opened" else ""


def count_missing(own: Path, theirs: BinaryIO, size: int) -> int:
    """Return how many entries of the book ``theirs`` came into the book ``own`` in no way."""
    with own.open("rb") as mine:
        last = next(read_backward(theirs, size), None)
        newest = parse_entry(last.content) if last else None
        if newest and any(newest.seal.encode() in line for line in mine):
            return 0  # and then all before it is here too
        mine.seek(0)
        known = {seal.decode() for line in mine for seal in _SEALS.findall(line)}
        return sum(kind in _TAKEN_IN and not own & known for kind, own in _read_seals(theirs, size))
