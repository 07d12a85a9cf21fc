"""The end of the file: where the chain goes on, and what a cut-off write left there."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from nearmiss import files
from nearmiss.logbook.chain import compute_seal
from nearmiss.logbook.lines import RawLine, read_backward
from nearmiss.logbook.parsing import digest_holds, parse_entry, parse_object
from nearmiss.model.ids import EntryId


@dataclass(frozen=True)
class Tail:
    """Where the chain goes on: the last entry that can be read, and damaged lines after it."""

    last: EntryId
    seal: str
    damaged: int

    @property
    def next_number(self) -> int:
        """The number of the next entry; damaged lines keep theirs."""
        return self.last.number + self.damaged + 1


def read_tail(file: BinaryIO, size: int) -> Tail | None:
    """Return where the chain of the first ``size`` bytes goes on; None if no line can be read."""
    damaged = 0
    for line in read_backward(file, size):
        entry = parse_entry(line.content)
        if entry is not None:
            return Tail(EntryId.parse(entry.id), entry.seal, damaged)
        damaged += 1
    return None


def mend_tail(path: Path, descriptor: int, file: BinaryIO, size: int, now: datetime) -> str | None:
    """End or take away what a write that was cut off left after the last LF.

    A whole entry that continues the chain gets its LF. Anything else is moved to a file beside
    ``path``. Returns the sentence that says so, or None where the file ends well. Raises OSError.
    """
    tail = next(read_backward(file, size), None)
    if tail is None or tail.ended:
        return None
    if _continues_chain(file, tail):
        files.write_all(descriptor, b"\n")
        return "The last save had been cut off, but its entry is whole. It was kept."
    moved = _move_aside(path, tail, now)
    os.ftruncate(descriptor, tail.start)
    files.flush(descriptor)
    return f"An earlier save had been cut off. What there was of it is kept in {moved}"


def _continues_chain(file: BinaryIO, tail: RawLine) -> bool:
    entry = parse_object(tail.content)
    if entry is None or parse_entry(tail.content) is None or not digest_holds(entry):
        return False
    before = read_tail(file, tail.start)
    return bool(entry["seal"] == compute_seal(before.seal if before else None, entry["digest"]))


def _move_aside(path: Path, tail: RawLine, now: datetime) -> Path:
    stem = f"{path.name}.torn-{now:%Y%m%dT%H%M%S}"
    moved = path.with_name(stem)
    count = 1
    while moved.exists():
        count += 1
        moved = path.with_name(f"{stem}-{count}")
    files.write_private(moved, tail.content)
    return moved
