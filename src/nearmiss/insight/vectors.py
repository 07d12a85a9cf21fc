"""The word table: what each of some 25,000 words means, as numbers in a file that is mapped.

A column of the table is packed into one long whole number, 32 bits for each row. A row times all
rows is then one multiplication a column: some 300 sums in 0.1 ms, twenty times as fast as one
after the other.

Rows are already weighted by how rare a word is in general English, so the meaning of a text is
the sum of its words' rows. ``tests/benchmarks/make_vectors.py`` makes the table.
"""

import mmap
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from operator import mul
from pathlib import Path
from struct import calcsize, pack, unpack
from typing import Any
from zlib import crc32

_BITS = 32
_BYTES = _BITS // 8

SparseRow = Mapping[Any, int]  # numbers of at least 0, by the name of their column


class Packed:
    """Rows by their place in a sequence. The products of any two must stay below 2**32."""

    def __init__(self, rows: Sequence[SparseRow]) -> None:
        self._count = len(rows)
        places: dict[Hashable, list[tuple[int, int]]] = defaultdict(list)
        for place, row in enumerate(rows):
            for name, number in row.items():
                places[name].append((place, number))
        self._columns = {name: self._pack(numbers) for name, numbers in places.items()}

    def _pack(self, numbers: Sequence[tuple[int, int]]) -> int:
        column = bytearray(self._count * _BYTES)
        for place, number in numbers:
            column[place * _BYTES : (place + 1) * _BYTES] = number.to_bytes(_BYTES, "little")
        return int.from_bytes(column, "little")

    def multiply(self, row: SparseRow) -> Sequence[int]:
        """Return, for each of the rows, the sum of the products of what it has and ``row`` has."""
        columns = self._columns
        known = [name for name in row if name in columns]
        total = sum(map(mul, map(columns.__getitem__, known), map(row.__getitem__, known)))
        return _unpack(total, self._count)


_MIDDLE = 2047  # added to each number of a vector, as packed numbers have no sign


class PackedVectors:
    """Vectors of 178 or fewer whole numbers from -2047 to 2047, all of one length."""

    def __init__(self, vectors: Sequence[Sequence[int]]) -> None:
        self._count = len(vectors)
        self._sums = [_MIDDLE * sum(vector) for vector in vectors]
        layout = f"<{self._count}I"
        self._columns = [
            int.from_bytes(pack(layout, *(number + _MIDDLE for number in column)), "little")
            for column in zip(*vectors, strict=True)
        ]

    def multiply(self, vector: Sequence[int]) -> list[int]:
        """Return the sum of products of ``vector`` with each of the vectors."""
        total = sum(map(mul, self._columns, [number + _MIDDLE for number in vector]))
        own = _MIDDLE * sum(vector) + _MIDDLE * _MIDDLE * len(vector)
        return [
            product - own - theirs
            for product, theirs in zip(_unpack(total, self._count), self._sums, strict=True)
        ]


def _unpack(total: int, count: int) -> tuple[int, ...]:
    return unpack(f"<{count}I", total.to_bytes(count * _BYTES, "little"))


NUMBERS = 178  # in a row, and in the vector of a report
FOLDER = Path(__file__).with_name("vectors")
ONE = 2047  # what stands for 1 in a vector: as much as the products of two have room for
_LAYOUT = f"<{NUMBERS}h"
VECTOR_BYTES = calcsize(_LAYOUT)
_LOOKED_AT = 65_536  # bytes of the rows that tell one table from another
_SHORTEST_PART = 3  # letters of a half of a joined word: "key" and "safe"

Vector = tuple[int, ...]  # NUMBERS whole numbers from -ONE to ONE


@dataclass(frozen=True)
class WordTable:
    """The rows of the words; ``background`` are vectors of reports that nobody's can match."""

    places: Mapping[str, int]
    rows: memoryview
    background: PackedVectors
    version: str  # changes with the table, so that nothing made with another one is taken for its

    def find_rows(self, word: str) -> list[memoryview]:
        """Return the row of ``word``, or of the two words that it is joined of, or none."""
        for parts in ((word,), *_split(word)):
            if all(part in self.places for part in parts):
                return [self._row(part) for part in parts]
        return []

    def _row(self, word: str) -> memoryview:
        start = self.places[word] * NUMBERS
        return self.rows[start : start + NUMBERS]

    def add_up(self, weighed: Iterable[tuple[float, Iterable[str]]]) -> Vector | None:
        """Return the meaning of words by what each counts for, as a vector of length 1."""
        total = [0.0] * NUMBERS
        for counts, words in weighed:
            rows = [row for word in words for row in self.find_rows(word)]
            if rows:
                sums = map(sum, zip(*rows, strict=True))
                total = [a + counts * b for a, b in zip(total, sums, strict=True)]
        length = sqrt(sum(number * number for number in total))
        if not length:
            return None
        return tuple(round(ONE * number / length) for number in total)


def _split(word: str) -> Iterable[tuple[str, str]]:
    ends = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    return ((word[:end], word[end:]) for end in ends)


class DamagedTable(Exception):
    """The word table is not there, or not whole."""


@cache
def open_table() -> WordTable:
    """Return the word table that is shipped. Raises DamagedTable."""
    return read_table(FOLDER)


def read_table(folder: Path) -> WordTable:
    """Return the word table in ``folder``. Raises DamagedTable."""
    try:
        words = (folder / "words.txt").read_text(encoding="utf-8").split()
        with (folder / "words.bin").open("rb") as file:
            rows = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)).cast("b")
        background = (folder / "background.bin").read_bytes()
    except (OSError, ValueError) as error:
        raise DamagedTable from error
    if not words or len(rows) != len(words) * NUMBERS or len(background) % VECTOR_BYTES:
        raise DamagedTable
    starts = range(0, len(background), VECTOR_BYTES)
    others = [read_vector(background[start : start + VECTOR_BYTES]) for start in starts]
    places = {word: n for n, word in enumerate(words)}
    version = f"{len(words)}-{crc32(rows[:_LOOKED_AT]):08x}-{crc32(background):08x}"
    return WordTable(places, rows, PackedVectors(others), version)


def read_vector(data: bytes | memoryview) -> Vector:
    """Return the vector that stands in ``VECTOR_BYTES`` bytes."""
    return unpack(_LAYOUT, data)


def write_vector(vector: Vector) -> bytes:
    """Return a vector as it is kept in a file."""
    return pack(_LAYOUT, *vector)
