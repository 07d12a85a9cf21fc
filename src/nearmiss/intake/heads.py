"""The heads of a sheet: in which of its first rows they stand, and how each is called."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nearmiss.intake.columns import IGNORE, find_field, guess_fields, is_clock, is_day
from nearmiss.intake.people import name_person
from nearmiss.text import fold_text


def count_known(cells: Sequence[str]) -> int:
    """Return how many of a row's cells are heads that are known, each field once.

    Where a day or an hour stands the row is a report.
    """
    short = [cell for cell in cells if cell.strip() and len(cell) <= _LONGEST_HEAD]
    known = {find_field(cell) for cell in short} - {None, IGNORE}
    if len(known) < _ENOUGH and any(is_day(cell) or is_clock(cell) for cell in short):
        return 0
    return len(known | {next(iter(guess_fields(cell)), None) for cell in short} - {None, IGNORE})


_LONGEST_HEAD = 200
_ENOUGH = 3  # known heads in a row that make it the row of heads
_SHORT = 30  # characters of what stands below a head, and says what its column is


@dataclass(frozen=True)
class Heads:
    """The heads of a sheet: the number of their row (0: there is none), and what stood above."""

    number: int
    names: tuple[str, ...]
    above: tuple[str, ...] = ()

    @property
    def are_sure(self) -> bool:
        """Whether nobody need be asked: enough of them are known, little stood above."""
        known, most = count_known(self.names), len(self.names)
        return self.number > 0 and most > 1 and known >= min(_ENOUGH, most)


_ITEM = re.compile(r"(?:\w+:\s*)?([A-Za-z]{1,4})\s+([a-z][a-z /&-]*[a-z])")
_KEY = re.compile(r"\b([A-Z]{1,4})\s*[=:]\s*([A-Za-z][A-Za-z /&-]*[a-z])")


def read_key(lines: Sequence[str]) -> dict[str, str]:
    """Return what letters stand for, as a line above the heads says: "NM = near miss".

    Or with blanks between: "X not told   L to be told later".
    """
    key = {found[1]: found[2] for line in lines for found in _KEY.finditer(line)}
    for line in lines:
        items = [_ITEM.fullmatch(each.strip()) for each in re.split(r"\s{2,}|[,;]", line)]
        found = [each for each in items if each and each[1].isupper()]
        key |= {each[1]: each[2] for each in found if len(found) > 1}
    return key


def find_heads(rows: Sequence[tuple[int, Sequence[str]]]) -> Heads:
    """Return the heads among the first rows of a sheet: the row of which most is known."""
    filled = [(number, cells) for number, cells in rows if any(each.strip() for each in cells)]
    if not filled:
        return Heads(1, ())
    number, cells = max(filled, key=lambda row: (count_known(row[1]), -row[0]))
    is_below = any(is_day(each) for above, row in filled if above < number for each in row)
    if not count_known(cells) or (is_below and count_known(cells) < _ENOUGH):
        number, cells = filled[0]
        number = 0 if any(is_day(each) or is_clock(each) for each in cells) else number
    return name_heads(number, rows)


def name_heads(number: int, rows: Sequence[tuple[int, Sequence[str]]]) -> Heads:
    """Return the heads in the row of that number; with 0, each column is called by its letter.

    Where the row below it says what stands below a head of several columns, that is added.
    """
    by_number = dict(rows)
    cells = by_number.get(number, ())
    width = max([len(cells)] + ([] if number else [len(each) for _, each in rows]))
    heads = [each.strip() for each in (*cells, *[""] * (width - len(cells)))]
    second = [each.strip() for each in by_number.get(number + 1, ())][:width]
    above = [
        " ".join(filter(None, map(str.strip, cells)))
        for each, cells in rows
        if each < number and any(cell.strip() for cell in cells)
    ]
    if number and _is_second(heads, second):
        number, heads = number + 1, _join_heads(heads, second)
    elif number:
        heads = _add_group(heads, [each.strip() for each in by_number.get(number - 1, ())])
    return Heads(number, tuple(_tell_apart(heads)), tuple(above))


def _tell_apart(heads: Sequence[str]) -> Iterator[str]:
    """Yield each head, one that stands there again with its number, and letters for none."""
    stood = Counter[str]()
    for at, head in enumerate(heads):
        stood[fold_text(head)] += 1
        again = stood[fold_text(head)]
        yield f"{head} ({again})" if head and again > 1 else head or f"column {_letter(at)}"


def _add_group(heads: Sequence[str], above: Sequence[str]) -> list[str]:
    """Return heads of people behind what stands above several of them: "Who was told"."""
    joined, group = list[str](), ""
    for at, head in enumerate(heads):
        group = above[at] if at < len(above) and above[at] else group
        is_told = len(above) > 1 and find_field(group) == "informed"
        joined.append(f"{group} {head}" if is_told and head and name_person(head) else head)
    return joined


def _is_second(heads: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a row says what the columns below the heads above it are, and is no report."""
    filled = [at for at, cell in enumerate(cells) if cell]
    spread = [at for at in filled if not heads[at] or not "".join(heads[at + 1 : at + 2])]
    is_plain = all(len(cells[at]) <= _SHORT and not re.search(r"\d", cells[at]) for at in filled)
    return is_plain and len(filled) > 1 and filled == spread and not all(heads[at] for at in filled)


def _join_heads(heads: Sequence[str], second: Sequence[str]) -> list[str]:
    joined, group = list[str](), ""
    for head, below in zip(heads, (*second, *[""] * len(heads)), strict=False):
        group = head or group
        joined.append(f"{group} {below}" if below else head)
    return joined


def _letter(at: int) -> str:
    first, last = divmod(at, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)
