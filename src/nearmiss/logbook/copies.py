"""Copies beside the book that hold entries which it does not: a cloud folder's "conflicted copies".

Two computers wrote in one book while they could not see each other, and both versions were kept.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import parse_entry, parse_object, read_backward, read_forward
from nearmiss.model.ids import TAG_LENGTH
from nearmiss.speech import count_of, quote_path

_SEALS = re.compile(rb'"(?:origin_)?seal":"([0-9a-f]{64})"')
_TAKEN_IN = ("report", "incident", "correction", "follow_up", "comparison")
_ENDING = ".jsonl"


@dataclass(frozen=True)
class Copy:
    """A file beside the book with entries of the same book: ``missing`` of them are not in it."""

    path: Path
    missing: int

    def __str__(self) -> str:
        verb = "is" if self.missing == 1 else "are"
        return (
            f"{self.path} holds {count_of(self.missing, 'entry', 'entries')} of this book that "
            f"{verb} not in it. To take in: nearmiss import {quote_path(self.path)}"
        )


def list_copies(book: Logbook) -> list[Copy]:
    """Return the copies beside ``book`` that hold what it does not; none where that is unknown."""
    found = []
    with suppress(OSError):
        own = book.file
        for path in _list_beside(own, _read_tag(own)):
            with suppress(OSError):  # one that can't be read hides no other
                found.append(Copy(path, _count_missing(own, path)))
    return [each for each in found if each.missing]


def tell_moved(book: Logbook) -> list[str]:
    """Return where beside its place a book lies that is gone from there: under another name."""
    lost = book.find_lost()
    found = _list_beside(book.file, lost.tag) if lost else ()
    return [
        f"{path} is of the book that is gone. To put it back: nearmiss restore {quote_path(path)}"
        for path in found
    ]


def _list_beside(own: Path, tag: str) -> Iterator[Path]:
    """Yield the other logbooks of that ``tag`` in the folder of the file ``own``."""
    for path in sorted(own.parent.glob(f"*{_ENDING}")) if tag else ():
        with suppress(OSError):
            is_own = own.exists() and path.samefile(own)
            if not is_own and path.is_file() and _read_tag(path) == tag:
                yield path


def _read_tag(path: Path) -> str:
    with path.open("rb") as file:
        first = next(read_forward(file, path.stat().st_size), None)
    facts = (parse_object(first.content) or {}) if first else {}
    return str(facts.get("id", ""))[:TAG_LENGTH] if facts.get("entry") == "opened" else ""


def _count_missing(own: Path, other: Path) -> int:
    """Return how many entries of ``other`` came into the book in no way."""
    with own.open("rb") as mine, other.open("rb") as theirs:
        size = other.stat().st_size
        last = next(read_backward(theirs, size), None)
        newest = parse_entry(last.content) if last else None
        if newest and any(newest.seal.encode() in line for line in mine):
            return 0  # and then all before it is here too
        mine.seek(0)
        known = {seal for line in mine for seal in _SEALS.findall(line)}
        parsed = (parse_object(line.content) or {} for line in read_forward(theirs, size))
        return sum(
            each.get("entry") in _TAKEN_IN
            and not {str(each.get(name)).encode() for name in ("seal", "origin_seal")} & known
            for each in parsed
        )
