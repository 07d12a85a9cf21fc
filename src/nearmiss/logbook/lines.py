"""Reading the lines of a file from either end, without holding the whole of it."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

_CHUNK = 1 << 16


class RawLine(NamedTuple):
    """The bytes of one line with its LF, and where in the file they begin.

    Only the last line can lack its LF: then a write was cut off.
    """

    start: int
    content: bytes

    @property
    def ended(self) -> bool:
        """Whether the line was written to its end."""
        return self.content.endswith(b"\n")


def read_forward(file: BinaryIO, size: int) -> Iterator[RawLine]:
    """Yield the lines of the first ``size`` bytes of ``file``, from the first to the last."""
    file.seek(0)
    start = 0
    for content in file:  # a binary file is split on LF alone
        if start >= size:
            return
        yield RawLine(start, content)
        start += len(content)


def read_backward(file: BinaryIO, size: int) -> Iterator[RawLine]:
    """Yield the lines of the first ``size`` bytes of ``file``, from the last to the first."""
    start = size
    pending: list[bytes] = []  # pieces of one line, the last piece first
    while start > 0:
        length = min(_CHUNK, start)
        start -= length
        file.seek(start)
        chunk, end = file.read(length), length
        while (found := chunk.rfind(b"\n", 0, end)) >= 0:
            piece = chunk[found + 1 : end]
            if piece or pending:
                yield RawLine(start + found + 1, _join(piece, pending))
            pending, end = [b"\n"], found
        pending.append(chunk[:end])
    if any(pending):
        yield RawLine(0, _join(b"", pending))


def _join(first: bytes, pending: list[bytes]) -> bytes:
    return first + b"".join(reversed(pending))


def count_lines_before(file: BinaryIO, start: int) -> int:
    """Return how many lines end before the byte at ``start``."""
    file.seek(0)
    count = 0
    while start > 0 and (chunk := file.read(min(_CHUNK, start))):
        count += chunk.count(b"\n")
        start -= len(chunk)
    return count
