"""Reading the lines of a file from either end, without holding the whole of it."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

_CHUNK = 1 << 16
LONGEST = 10 * 1000 * 1000  # bytes; no entry is so long, so a longer line is damage


class RawLine(NamedTuple):
    """The bytes of one line with its LF, where in the file they begin, and how many they are.

    Only the last line can lack its LF: then a write was cut off. A line over ``LONGEST`` bytes is
    never held in memory: of its ``content`` only the LF is left, if it has one.
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
        yield RawLine(start, content, length)
        start += length


def _skip_line(file: BinaryIO, length: int) -> tuple[bytes, int]:
    while piece := file.readline(_CHUNK):
        length += len(piece)
        if piece.endswith(b"\n"):
            return b"\n", length
    return b"", length


def read_backward(file: BinaryIO, size: int) -> Iterator[RawLine]:
    """Yield the lines of the first ``size`` bytes of ``file``, from the last to the first."""
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
