"""Text on the rows of a terminal: words kept whole, widths counted in cells."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from nearmiss.text import find_refused

_WORD = re.compile(r"\S+\s?|\s")
_JOINER = "\u200d"
_PLAIN = re.compile(r"[\x20-\x7e]*")
_UNKNOWN = "\ufffd"  # what is shown for a character that could steer the terminal


@lru_cache(maxsize=4096)
def show_character(character: str) -> str:
    """Return how one character is shown where text is edited, which may be not at all.

    What terminals disagree on is left out, so that the cursor stands where it is seen: joiners,
    variation selectors, and the skin of an emoji. The answer itself keeps them.
    """
    if character in "\t\n":
        return " "
    if find_refused(character, one_line=True):
        return _UNKNOWN
    return "" if _is_attached(character) and not unicodedata.combining(character) else character


def _is_attached(character: str) -> bool:
    """Whether a character belongs to the one before it."""
    return (
        unicodedata.combining(character) > 0
        or unicodedata.category(character) in ("Mn", "Me", "Cf")
        or "\ufe00" <= character <= "\ufe0f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def show_text(text: str) -> str:
    """Return ``text`` as it is shown where it is edited."""
    return text if _PLAIN.fullmatch(text) else "".join(map(show_character, text))


@lru_cache(maxsize=4096)
def _count_cells(character: str) -> int:
    from wcwidth import wcwidth

    shown = show_character(character)
    return max(0, wcwidth(shown)) if shown else 0


def measure(text: str) -> int:
    """Return how many cells ``text`` takes on a row."""
    return len(text) if _PLAIN.fullmatch(text) else sum(map(_count_cells, text))


def find_clusters(text: str) -> list[int]:
    """Return where in ``text`` the cursor can stand: before each visible character, and after."""
    if _PLAIN.fullmatch(text):
        return list(range(len(text) + 1))
    starts = [
        at
        for at, character in enumerate(text)
        if at == 0 or not (_is_attached(character) or text[at - 1] == _JOINER)
    ]
    return [*starts, len(text)]


@lru_cache(maxsize=512)
def wrap_line(line: str, width: int) -> tuple[int, ...]:
    """Return where in ``line`` each row begins when a row has ``width`` cells.

    The space after the last word of a row may hang over by one cell; after the very last one the
    cursor stands on a row of its own.
    """
    if _PLAIN.fullmatch(line):
        return tuple(_wrap_plain(line, width))
    starts, used = [0], 0
    for word in _WORD.finditer(line):
        cells = measure(word.group().rstrip()) or 1
        if used and used + cells > width + (word.group().isspace()):
            starts.append(word.start())
            used = 0
        if cells > width:
            starts += _break_word(line, word.start(), word.end(), width)
            used = measure(line[starts[-1] : word.end()])
        else:
            used += measure(word.group())
    if used > width:
        starts.append(len(line))
    return tuple(starts)


def _wrap_plain(line: str, width: int) -> list[int]:
    """Return the same for a line in which every character takes a cell: by far the most."""
    starts = [0]
    while len(line) - starts[-1] > width:
        start = starts[-1]
        space = line.rfind(" ", start, start + width + 1)
        starts.append(start + width if space < 0 else space + 1)
    return starts


def _break_word(line: str, start: int, end: int, width: int) -> list[int]:
    """Return where the rows begin inside a word that is longer than a row."""
    starts, used = [], 0
    places = find_clusters(line[start:end])
    if any(measure(line[start + at : start + after]) > width for at, after in pairwise(places)):
        places = list(range(end - start + 1))
    for at, after in pairwise(places):
        cells = measure(line[start + at : start + after])
        if used and used + cells > width and not line[start + at].isspace():
            starts.append(start + at)
            used = 0
        used += cells
    return starts


@dataclass(frozen=True)
class Rows:
    """A text of several lines on rows of ``width`` cells: where in it each row begins and ends."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def show(self, row: int) -> str:
        """Return what stands on a row."""
        return show_text(self.text[self.starts[row] : self.ends[row]])

    def find(self, position: int) -> tuple[int, int]:
        """Return the row of ``position`` in the text, and the cells before it there."""
        row = bisect_right(self.starts, position) - 1
        return row, measure(self.text[self.starts[row] : position])

    def locate(self, row: int, cell: int) -> int:
        """Return the position in the text that is seen on ``row`` at ``cell``, or nearest to it."""
        row = max(0, min(row, len(self.starts) - 1))
        start, end = self.starts[row], self.ends[row]
        found = start
        for at in find_clusters(self.text[start:end]):
            if measure(self.text[start : start + at]) > cell:
                break
            found = start + at
        is_wrapped = row + 1 < len(self.starts) and self.starts[row + 1] == end
        return max(start, end - 1) if is_wrapped and found == end else found


@lru_cache(maxsize=8)
def lay_out(text: str, width: int) -> Rows:
    """Return the rows of ``text`` on a terminal that leaves ``width`` cells for it."""
    starts: list[int] = []
    ends: list[int] = []
    begin = 0
    for line in text.split("\n"):
        rows = [begin + at for at in wrap_line(line, max(1, width))]
        starts += rows
        ends += [*rows[1:], begin + len(line)]
        begin += len(line) + 1
    return Rows(text, starts, ends)


def fold_words(text: str, width: int, indent: str = "") -> str:
    """Return ``text`` folded at word ends to ``width`` cells, later rows after ``indent``."""
    rows = lay_out(text, max(1, width - len(indent)))
    shown = (rows.show(row).rstrip() for row in range(len(rows.starts)))
    return f"\n{indent}".join(shown)


def fold_items(items: Sequence[str], width: int) -> str:
    """Return ``items`` one after the other, none broken over two rows where it fits on one."""
    rows: list[str] = []
    for item in items:
        joined = f"{rows[-1]} · {item}" if rows else item
        if rows and measure(joined) <= width:
            rows[-1] = joined
        else:
            rows.append(item)
    return "\n".join(fold_words(row, width) for row in rows)
