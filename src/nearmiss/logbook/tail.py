"""The end of the file: where the chain goes on, what a cut-off write left there, and new lines."""

import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from nearmiss import files
from nearmiss.errors import BookFault
from nearmiss.logbook.lines import (
    RawLine,
    compute_digest,
    compute_seal,
    copy_bytes,
    encode_line,
    parse_entry,
    parse_line,
    read_backward,
)
from nearmiss.model.entries import ENTRIES, KINDS, Content, Entry, Erased
from nearmiss.model.ids import HIGHEST, EntryId

_WINDOW = 1 << 16  # bytes at the end in which the numbers must rise
_NUMBER = re.compile(rb'\{"entry":"[a-z_]+","id":"[0-9A-Z]{4}-([0-9]{4,9})"')
_CHUNK = 1 << 20  # bytes of many lines that are written at once
_LOOKED_BACK = 2000  # lines in which one is looked for that follows the line before it


@dataclass(frozen=True)
class Tail:
    """Where the chain goes on: the last entry that can be built on, and damaged lines after it."""

    last: EntryId
    seal: str
    damaged: int
    highest: int = 0  # the highest number in those lines
    written: str = ""  # when the last entry was written, by a clock that was never set back

    @property
    def next(self) -> EntryId:
        """The id of the next entry; damaged lines keep theirs."""
        return EntryId(self.last.tag, max(self.last.number + self.damaged, self.highest) + 1)


class _Link(NamedTuple):
    """An entry that stands as it was written, and how many lines from the end it stands."""

    id: EntryId
    digest: str
    seal: str
    after: int
    written: str


def read_tail(file: BinaryIO, size: int) -> Tail | None:
    """Return where the chain of the first ``size`` bytes goes on; None if no line can be read.

    The last line is only built on if it is as it was written and follows what is before it: a
    crash can leave old bytes of the disk at the end, whole old lines among them.
    """
    read = (_read_link(each.content, at) for at, each in enumerate(read_backward(file, size)))
    links: Iterator[_Link] = filter(None, read)
    if not _rises(file, size):
        links = iter(_keep_rising(list(islice(links, _LOOKED_BACK))))
    newest = last = next(links, None)
    if newest is None or last is None:
        return _take_changed(file, size)
    highest = last.id.number
    for before in islice(links, _LOOKED_BACK):
        if _follows(last, before):
            break
        highest, last = max(highest, before.id.number), before
    else:
        last = last if last.id.number == 0 else newest
    return Tail(last.id, last.seal, last.after, highest, last.written)


def _rises(file: BinaryIO, size: int) -> bool:
    """Whether the numbers in the last lines rise: where old lines follow new ones, they don't."""
    length = min(size, _WINDOW)
    file.seek(size - length)
    found = map(_NUMBER.match, file.read(length).split(b"\n"))
    numbers = [int(each[1]) for each in found if each]
    return all(one < other for one, other in pairwise(numbers))


def _keep_rising(links: list[_Link]) -> list[_Link]:
    """Return those of ``links``, the last first, whose number no link before them has reached."""
    rising, peak = list[_Link](), -1
    for link in reversed(links):
        if link.id.number > peak:
            peak = link.id.number
            rising.append(link)
    return rising[::-1]


def _read_link(content: bytes, after: int) -> _Link | None:
    line = parse_line(content)
    if line is None or not line.is_as_written:
        return None
    entry = line.entry
    return _Link(EntryId.parse(entry.id), entry.digest, entry.seal, after, find_written(entry))


def find_written(entry: Entry) -> str:
    """Return when an entry was written here, no earlier than the one before it; or nothing."""
    if isinstance(entry, Erased):
        return ""
    here = (entry.recorded_at, entry.written_after if not entry.origin_recorded_at else "")
    return max(filter(None, here), key=datetime.fromisoformat)


def _follows(link: _Link, before: _Link) -> bool:
    if before.after == link.after + 1:
        return link.seal == compute_seal(before.seal, link.digest)
    return before.id.tag == link.id.tag and before.id.number < link.id.number


def _take_changed(file: BinaryIO, size: int) -> Tail | None:
    """Where no line is as it was written: the last one that can be read at all."""
    for after, line in enumerate(read_backward(file, size)):
        entry = parse_entry(line.content)
        if entry is not None:
            return Tail(EntryId.parse(entry.id), entry.seal, after)
    return None


def mend_tail(path: Path, descriptor: int, file: BinaryIO, size: int, now: datetime) -> str | None:
    """End or take away what a write that was cut off left after the last LF.

    A whole entry that continues the chain gets its LF. Anything else is moved to a file beside
    ``path``. ``descriptor`` appends. Returns the sentence that says so, or None where the file ends
    well. Raises OSError.
    """
    tail = next(read_backward(file, size), None)
    if tail is None or tail.ended:
        return None
    if _continues_chain(file, tail):
        files.write_all(descriptor, b"\n")
        return "The last save had been cut off, but its entry is whole. It was kept."
    moved = _move_aside(path, file, tail, now)
    os.ftruncate(descriptor, tail.start)
    files.flush(descriptor)
    return f"An earlier save had been cut off. What there was of it is kept in {moved}"


def _continues_chain(file: BinaryIO, tail: RawLine) -> bool:
    link = _read_link(tail.content, 0)
    if link is None:
        return False
    before = read_tail(file, tail.start)
    return link.seal == compute_seal(before.seal if before else None, link.digest)


def _move_aside(path: Path, file: BinaryIO, tail: RawLine, now: datetime) -> Path:
    stem = f"{path.name}.torn-{now:%Y%m%dT%H%M%S}"
    moved = path.with_name(stem)
    count = 1
    while moved.exists():
        count += 1
        moved = path.with_name(f"{stem}-{count}")
    with files.replace_whole(moved) as target:
        copy_bytes(file, tail.start, tail.size, target)
    return moved


def seal_each(
    contents: Iterable[tuple[Content, Mapping[str, Any]]],
    by: str,
    now: datetime,
    first: EntryId,
    tail: Tail | None,
) -> Iterator[dict[str, Any]]:
    """Yield the new lines as objects, one by one, numbered from ``first``, chained on to ``tail``.

    Where the clock has not come to the last entry yet, each says after when it was written.
    Raises BookFault where no number is left.
    """
    stamp = {"recorded_at": now.isoformat(timespec="seconds"), "recorded_by": by}
    seal, written = (tail.seal, tail.written) if tail else (None, "")
    behind = written if written and datetime.fromisoformat(written) > now else ""
    for offset, (content, origin) in enumerate(contents):
        if first.number + offset > HIGHEST:
            raise BookFault(
                "Nothing was written: this logbook has no number left for another entry. "
                "Begin a new one with --logbook FILE; this one can still be read."
            )
        entry_id = str(EntryId(first.tag, first.number + offset))
        facts: dict[str, Any] = {**stamp, **origin}
        after = facts.pop("written_after", "" if "origin_recorded_at" in facts else behind)
        facts |= {"written_after": after} if after else {}
        entry = _seal_one(content, entry_id, facts, seal)
        seal = entry["seal"]
        yield entry


def _seal_one(
    content: Content, entry_id: str, stamp: Mapping[str, Any], previous: str | None
) -> dict[str, Any]:
    kind = KINDS[type(content)]
    entry: dict[str, Any] = {"entry": kind, "id": entry_id, **stamp}
    entry |= content.model_dump(exclude_none=True)
    entry["nonce"] = secrets.token_hex(16)
    entry["digest"] = compute_digest(entry)
    entry["seal"] = compute_seal(previous, entry["digest"])
    ENTRIES[kind].model_validate(entry)  # what is written must be readable
    return entry


class NewLines:
    """New lines on their way to the file, encoded some at a time: there may be very many.

    ``ids`` are those so far, ``last`` the last of them as an object.
    """

    def __init__(self, entries: Iterator[dict[str, Any]]) -> None:
        self._entries = entries
        self.ids: list[str] = []
        self.last: dict[str, Any] = {}

    def encode(self) -> Iterator[bytes]:
        """Yield the lines, all of a few in one piece. Raises what making them raises."""
        pending, size = list[bytes](), 0
        for entry in self._entries:
            self.last = entry
            if entry["entry"] != "opened":
                self.ids.append(entry["id"])
            pending += [encode_line(entry), b"\n"]
            size += len(pending[-2])
            if size >= _CHUNK:
                yield b"".join(pending)
                pending, size = [], 0
        if pending:
            yield b"".join(pending)
