"""The word table: what each of some 25,000 words means, as numbers in a file that is mapped.

Rows are already weighted by how rare a word is in general English, so the meaning of a text is
the sum of its words' rows. ``tests/benchmarks/make_vectors.py`` makes the table.
"""

import mmap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from struct import calcsize, pack, unpack
from zlib import crc32

from nearmiss.insight.products import PackedVectors

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
        """Return the meaning of some words, each with what it counts for; None where none is known.

        A vector of length 1, as whole numbers.
        """
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
        rows = _map(folder / "words.bin")
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


def _map(path: Path) -> memoryview:
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)).cast("b")
