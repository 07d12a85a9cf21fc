"""The lines of a logbook file: read from either end, as entries, with their digests and seals."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from nearmiss.errors import NewerLogbook
from nearmiss.model.entries import ENTRIES, FORMAT, Entry, Erased, Opened

_CHUNK = 1 << 16
LONGEST = 10 * 1000 * 1000  # bytes; no entry is so long, so a longer line is damage


class RawLine(NamedTuple):
    """The bytes of one line with its LF, where in the file they begin, and how many they are.

    The last line lacks its LF where a write was cut off, and so can any that lost it. A line over
    ``LONGEST`` bytes is never held in memory: of its ``content`` only the LF is left, if any.
    """

    start: int
    content: bytes
    size: int

    @property
    def ended(self) -> bool:
        """Whether the line was written to its end."""
        return self.content.endswith(b"\n")


def read_forward(file: BinaryIO, size: int) -> Iterator[RawLine]:
    """Yield the lines of the first ``size`` bytes of ``file``, from the first to the last."""
    file.seek(0)
    start = 0
    while start < size and (content := file.readline(LONGEST + 1)):
        length = len(content)
        if length > LONGEST and not content.endswith(b"\n"):
            content, length = _skip_line(file, length)
        if _JOINED in content:
            yield from _part(RawLine(start, content, length))
        else:
            yield RawLine(start, content, length)
        start += length


# Where two entries stand on one line: inside a text its quotes would be escaped.
_JOINED = b'}{"entry":"'
_JOINT = re.compile(rb'(?<=\})(?=\{"entry":")')


def _part(line: RawLine) -> list[RawLine]:
    """Return the entries on a line in which the line ends between them were lost."""
    parts, start = [], line.start
    for piece in re.split(_JOINT, line.content):
        parts.append(RawLine(start, piece, len(piece)))
        start += len(piece)
    return parts


def _skip_line(file: BinaryIO, length: int) -> tuple[bytes, int]:
    while piece := file.readline(_CHUNK):
        length += len(piece)
        if piece.endswith(b"\n"):
            return b"\n", length
    return b"", length


def read_backward(file: BinaryIO, size: int) -> Iterator[RawLine]:
    """Yield the lines of the first ``size`` bytes of ``file``, from the last to the first."""
    for line in _read_backward(file, size):
        if _JOINED in line.content:
            yield from reversed(_part(line))
        else:
            yield line


def _read_backward(file: BinaryIO, size: int) -> Iterator[RawLine]:
    start = size
    pending = _Pending()
    while start > 0:
        length = min(_CHUNK, start)
        start -= length
        file.seek(start)
        chunk = file.read(length)
        found = chunk.rfind(b"\n")
        pending.put_before(chunk[found + 1 :])
        while found >= 0:
            if pending.size:
                yield pending.take(start + found + 1)
            before = chunk.rfind(b"\n", 0, found)
            if before < 0:
                pending.put_before(b"\n")  # by itself: it is kept of a line too long to hold
                pending.put_before(chunk[:found])
            else:  # the whole line stands in this piece of the file
                yield RawLine(start + before + 1, chunk[before + 1 : found + 1], found - before)
            found = before
    if pending.size:
        yield pending.take(0)


class _Pending:
    """The pieces of one line, met from its end to its beginning."""

    def __init__(self) -> None:
        self.size = 0
        self._pieces: list[bytes] = []  # the last piece first

    def put_before(self, piece: bytes) -> None:
        if not piece:
            return
        self._pieces.append(piece)
        self.size += len(piece)
        if self.size > LONGEST + 1:
            self._pieces = [piece for piece in self._pieces[:1] if piece == b"\n"]

    def take(self, start: int) -> RawLine:
        line = RawLine(start, b"".join(reversed(self._pieces)), self.size)
        self.size, self._pieces = 0, []
        return line


def copy_bytes(source: BinaryIO, start: int, size: int, target: BinaryIO) -> None:
    """Write ``size`` bytes of ``source`` from ``start`` on to ``target``. Raises OSError."""
    source.seek(start)
    while size > 0 and (chunk := source.read(min(_CHUNK, size))):
        target.write(chunk)
        size -= len(chunk)


def count_lines_before(file: BinaryIO, start: int) -> int:
    """Return how many lines end before the byte at ``start``."""
    file.seek(0)
    count = 0
    while start > 0 and (chunk := file.read(min(_CHUNK, start))):
        count += chunk.count(b"\n")
        start -= len(chunk)
    return count


def encode_line(entry: Mapping[str, Any]) -> bytes:
    """Return ``entry`` as it stands on its line: compact JSON, without the LF."""
    return to_json(entry)


def compute_digest(entry: Mapping[str, Any]) -> str:
    """Return the digest of an entry parsed from its line, as 64 hex digits.

    SHA-256 of the canonical JSON (RFC 8785) of the entry without ``digest`` and ``seal``. An entry
    holds only strings, booleans, integers, lists and objects with ASCII keys: for those compact
    JSON with its keys sorted is the canonical form.
    """
    covered = {key: entry[key] for key in _list_covered(tuple(entry))}
    canonical = to_json(covered)
    if canonical.count(b"{") > 1:  # an object stands in it, as in few
        canonical = to_json(_sort_keys(covered))
    return hashlib.sha256(canonical).hexdigest()


@lru_cache  # most lines of a kind have the same keys
def _list_covered(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(key for key in keys if key not in ("digest", "seal")))


def _sort_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sort_keys(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_sort_keys(each) for each in value]
    return value


def compute_seal(previous: str | None, digest: str) -> str:
    """Return the seal of a line from the previous line's seal (None for the first): 64 hex digits.

    SHA-256 of the 32 raw bytes of the previous seal followed by the 32 of the digest.
    """
    return hashlib.sha256(bytes.fromhex((previous or "") + digest)).hexdigest()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that can't be read as an entry: its number in the file, the first being 1.

    Or one that stands twice: ``again`` is the id that stands on the line beside it too.
    """

    line: int
    again: str = ""


class Parsed(NamedTuple):
    """A line that was read: the entry on it, and all that stands there, by its keys."""

    entry: Entry
    facts: dict[str, Any]

    @property
    def is_as_written(self) -> bool:
        """Whether it holds what was sealed; of erased text that can't be said."""
        return isinstance(self.entry, Erased) or digest_holds(self.facts)


def parse_line(content: bytes) -> Parsed | None:
    """Return what is on a line, or None if it can't be read. Raises NewerLogbook."""
    facts = parse_object(content)
    entry = None if facts is None else _read_entry(facts)
    return None if facts is None or entry is None else Parsed(entry, facts)


def parse_entry(content: bytes) -> Entry | None:
    """Return the entry on a line, or None if it can't be read. Raises NewerLogbook."""
    facts = parse_object(content)
    return None if facts is None else _read_entry(facts)


def _read_entry(facts: dict[str, Any]) -> Entry | None:
    """Return the entry that a line holds, or None if it can't be read.

    Raises NewerLogbook for a later format or an unknown kind whose digest holds: without that, it
    is a damaged line.
    """
    kind = facts.get("entry")
    model = ENTRIES.get(kind) if isinstance(kind, str) else None
    if model is None:
        if isinstance(kind, str) and digest_holds(facts):
            raise NewerLogbook
        return None
    try:
        # Not by the model's method: whole books are read, and it costs a part of each line.
        entry: Entry = model.__pydantic_validator__.validate_python(facts)
    except ValidationError:
        return None
    if isinstance(entry, Opened) and entry.format > FORMAT:
        if digest_holds(facts):
            raise NewerLogbook
        return None  # a changed bit makes no newer version
    return entry


def parse_object(content: bytes) -> dict[str, Any] | None:
    """Return the JSON object on a line as it was parsed, or None if there is none."""
    try:
        parsed = from_json(content, allow_inf_nan=False, cache_strings="keys")
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def digest_holds(facts: dict[str, Any]) -> bool:
    """Whether the digest that a parsed entry carries is that of what it holds."""
    return bool(compute_digest(facts) == facts.get("digest"))


def read_each(
    file: BinaryIO, numbered: Iterable[tuple[int, RawLine]]
) -> Iterator[Entry | Unreadable]:
    """Yield what is on each line; the ``numbered`` are numbered only if need be where that is 0.

    What stands twice, word for word, is yielded once.
    """
    met: dict[int, int] = {}  # where each stands, by its id: little is held
    for number, line in numbered:
        entry = parse_entry(line.content)
        if entry and met.setdefault(hash(entry.id), line.start) == line.start:
            yield entry
            continue
        at = number or count_lines_before(file, line.start) + 1
        yield Unreadable(at, entry.id if entry else "")
        if entry and not _is_there(file, met[hash(entry.id)], line.content.rstrip(b"\n")):
            yield entry


def _is_there(file: BinaryIO, start: int, content: bytes) -> bool:
    """Whether what stands at a place of the file is, word for word, what is on another line."""
    at = file.tell()
    file.seek(start)
    found = file.read(len(content))
    file.seek(at)
    return found == content
