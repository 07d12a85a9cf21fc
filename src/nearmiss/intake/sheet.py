"""From a file to the rows of a sheet: CSV in whatever encoding and delimiter, or another table."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice, zip_longest
from typing import BinaryIO, Protocol

from nearmiss.errors import UsageProblem
from nearmiss.intake.bands import Band, DayLines
from nearmiss.intake.columns import Column, is_export
from nearmiss.intake.heads import Heads, count_known, find_heads
from nearmiss.text import shorten, show_safely

Merged = tuple[int, int, int]  # the first and last row of a cell of several, and its column
Line = tuple[int, list[str]]  # a row's number, as a spreadsheet counts, and its cells

_PROBED = 65_536  # bytes in which an encoding, or a delimiter, shows
_LONGEST_CELL = 12_000_000  # characters: a longer one is a quotation mark that nobody closed
_FIRST_ROWS = 40  # in which the row of heads is looked for
_MOST_VALUES = 30  # of one column, that are told apart
_MOST_LOOKED = 2000  # rows, from which on only columns that are empty so far are looked at
_GLIMPSE = 60
DELIMITERS = ",;\t|"


class NotReadable(UsageProblem):
    """A file is nothing that a spreadsheet writes."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(
            f"This can't be read as a sheet: {reason}. Nothing was imported. "
            + (remedy or "Save the spreadsheet as CSV (UTF-8) or as XLSX, then try again.")
        )


class Misquoted(UsageProblem):
    """A quotation mark in a CSV swallows what comes after it."""

    def __init__(self, number: int, shown: str) -> None:
        super().__init__(
            f"Row {number}: a quotation mark opens a cell and is not closed as it should be, so "
            f'the rows after it may be inside it: "{show_safely(shorten(shown, _GLIMPSE))}". '
            "Nothing was imported. Look at the quotation marks in that row; or open the file in "
            "a spreadsheet, look whether the rows are right there, and save it anew."
        )


class Table(Protocol):
    """Rows that can be read more than once."""

    def read_rows(self) -> Iterator[Line]:
        """Yield every row, empty ones too. Raises NotReadable or Misquoted."""

    @property
    def merged(self) -> Sequence[Merged]:
        """Each cell that stands for several rows."""


@dataclass(frozen=True)
class Encoding:
    """How the bytes of a text may be meant: Python's name, a person's, and a line read so."""

    name: str
    label: str = ""
    sample: str = ""


UTF_8 = Encoding("utf-8-sig")
# What spreadsheets write that is not Unicode, the most usual first.
_OTHERS = (
    ("cp1252", "Windows"),
    ("cp1250", "Windows, of Central Europe"),
    ("mac_roman", "Macintosh"),
    ("cp850", "MS-DOS"),
)


def find_encodings(file: BinaryIO) -> list[Encoding]:
    """Return how a text may be encoded, the likeliest first; one alone is sure.

    Where most of it is UTF-8, the other lines are not read as something else: their rows are
    refused. Raises NotReadable.
    """
    file.seek(0)
    probe = file.read(_PROBED)
    if unicode := _find_wide(probe):
        return [unicode]
    for begins, what in _NO_SHEETS.items():
        if probe.lstrip()[: len(begins)].lower() == begins:
            raise NotReadable(f"it is {what}, whatever it is called")
    if re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", probe):
        raise NotReadable("it holds bytes that no text has")
    bad, is_unicode = _read_as_utf8(file)
    if not bad or is_unicode:
        return [UTF_8]
    read = {
        Encoding(name, label): re.split(r"[ ,;\n\r\t]+", text)
        for name, label in _OTHERS
        if (text := _decode(name, bad))
    }
    if not read:
        raise NotReadable("it is neither UTF-8 nor UTF-16 nor Windows-1252")
    ways = enumerate(zip(*read.values(), strict=True))
    differing = [at for at, said in ways if len({*said}) > 1]
    found = dict[str, Encoding]()
    for each, words in sorted(read.items(), key=lambda one: -_weigh(" ".join(one[1]))):
        odd = [words[at] for at in differing] or [one for one in words if not one.isascii()]
        sample = " … ".join([*dict.fromkeys(odd)][:_SAMPLED])
        found.setdefault(sample, replace(each, sample=sample))
    return list(found.values())


_SAMPLED = 5  # words in which encodings differ


_NO_SHEETS = {b"%pdf": "a PDF", b"<!doctype": "a web page", b"<html": "a web page"}


def _find_wide(probe: bytes) -> Encoding | None:
    """Return UTF-16 where a text is that, by its mark or by the zeros of its letters."""
    if probe.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16")
    even, odd = probe[0::2].count(0), probe[1::2].count(0)
    for zeros, others, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros > len(probe) / 8 and not others:
            return Encoding(name)
    return None


def _read_as_utf8(file: BinaryIO) -> tuple[list[bytes], bool]:
    """Return some lines that are not UTF-8, and whether others with its letters are."""
    file.seek(0)
    bad, is_unicode = list[bytes](), False
    for line in file:
        if line.isascii():
            continue
        try:
            line.removeprefix(codecs.BOM_UTF8).decode()
            is_unicode = True
        except UnicodeDecodeError:
            bad += re.split(rb"[\r\n]+", line) if len(bad) < _FIRST_ROWS else []
        if bad and is_unicode:
            break
    return [line for line in bad if not line.isascii()][:_FIRST_ROWS], is_unicode


def _decode(name: str, lines: Sequence[bytes]) -> str:
    """Return lines as text; nothing where they are in another encoding."""
    with suppress(UnicodeDecodeError):
        return b"\n".join(lines).decode(name)
    return ""


# How likely letters are in what a carer writes; each other one is not.
_LIKELY = {
    4: "’£µ",
    3: "“”‘–—…°½¼¾",
    2: "éèêëáàâäóòôöúùûüíìîïñçÉÀÁąćęłńśźżŁŚŻ",
    -4: "¹³¿¤§¶¬¦Øþðı¨´`¸",
}


def _weigh(text: str) -> int:
    weights = {letter: weight for weight, letters in _LIKELY.items() for letter in letters}
    return sum(weights.get(letter, -2) for letter in text if not letter.isascii())


@dataclass(frozen=True)
class CsvTable:
    """A CSV; ``named`` is that its first line says the delimiter, as Excel's ``sep=;`` does."""

    file: BinaryIO = field(repr=False)
    encoding: str
    delimiter: str
    named: bool = False
    merged: Sequence[Merged] = ()

    def read_rows(self) -> Iterator[Line]:
        """Yield every row; what is no UTF-8 in one that should be stands as lone surrogates."""
        limit = csv.field_size_limit(_LONGEST_CELL)
        try:
            with _open_text(self.file, self.encoding) as text:
                if self.named:
                    next(text, "")
                yield from self._split(text)
        except UnicodeError:
            raise NotReadable("part of it is in another encoding") from None
        finally:
            csv.field_size_limit(limit)

    def _split(self, text: Iterator[str]) -> Iterator[Line]:
        reader = csv.reader(text, delimiter=self.delimiter, strict=True)
        number, width, begun = 0, 0, 0
        try:
            for number, cells in enumerate(reader, start=1):
                width = width or (len(cells) if len(cells) > _FEW else 0)
                if reader.line_num > begun + 1 and width and self._swallows(cells, width):
                    raise Misquoted(number, self._read_line(begun))
                yield number, cells
                begun = reader.line_num
        except csv.Error:
            raise Misquoted(number + 1, self._read_line(begun)) from None

    def _read_line(self, at: int) -> str:
        with _open_text(self.file, self.encoding) as text:
            return next(islice(text, at + self.named, None), "")

    def _swallows(self, cells: Sequence[str], width: int) -> bool:
        """Whether a cell of several lines holds so many delimiters that it holds other rows."""
        tight = re.compile(rf"{re.escape(self.delimiter)}(?=\S)")
        lines = (cell for cell in cells if "\n" in cell or "\r" in cell)
        return any(len(tight.findall(cell)) >= width - 1 for cell in lines)


_FEW = 3  # cells of a row that are too few to tell others in it


@contextmanager
def _open_text(file: BinaryIO, encoding: str) -> Iterator[Iterator[str]]:
    file.seek(0)
    probe = file.read(_PROBED)
    # In what old Macs write a row ends with CR, and LF parts the lines of a cell.
    is_mac = probe.count(b"\r") > probe.count(b"\n") and b"\r\n" not in probe
    file.seek(0)
    errors = "surrogateescape" if encoding == UTF_8.name else "strict"
    text = io.TextIOWrapper(file, encoding, errors=errors, newline="\r" if is_mac else "")
    try:
        yield (line.replace("\n", " / ") for line in text) if is_mac else text
    finally:
        text.detach()


def open_csv(file: BinaryIO, encoding: str) -> CsvTable:
    """Return the CSV in ``file``, with the delimiter that makes the most sense of it.

    Raises NotReadable.
    """
    try:
        with _open_text(file, encoding) as text:
            first = next(text, "")
            named = re.fullmatch(r'"?sep=(.)"?\s*', first)
            if named:
                return CsvTable(file, encoding, named[1], named=True)
            lines = [first, *islice(text, _FIRST_ROWS)]
    except UnicodeError:
        raise NotReadable("part of it is in another encoding") from None
    lines = [line[:_PROBED] for line in lines]
    return CsvTable(file, encoding, max(DELIMITERS, key=lambda each: _rate(lines, each)))


def _rate(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    """Return how many heads are known where this is the delimiter, and how many cells there are."""
    with suppress(csv.Error):
        rows = list(csv.reader(lines, delimiter=delimiter))
        return max(((count_known(row), len(row)) for row in rows), default=(0, 0))
    return 0, 0


@dataclass(frozen=True)
class Sheet:
    """A table with its row of heads, each column with what stands in it, and how many rows."""

    table: Table
    heads: Heads
    columns: tuple[Column, ...]
    count: int
    repeated: dict[int, str] = field(default_factory=dict)  # rows with a ditto, by its first word
    has_day_lines: bool = False  # its last column is the day that stands above, alone in a row

    def read_rows(self, days: int = -1) -> Iterator[Line]:
        """Yield every row below the heads in which something stands, ``days`` in that column.

        A ditto mark, or words for it, stand for the cell above, and a merged cell for each of its
        rows; but in an export of ours each cell is as it was written. A row with one cell alone
        is a heading: what is above stands above that.
        """
        above: list[str] = []
        merged, band, is_own = self.table.merged, Band(), is_export(self.heads.names)
        lines, width = DayLines(), len(self.heads.names) - 1
        for number, cells in self.table.read_rows():
            if number <= self.heads.number:
                continue
            joined = "".join(cells)
            if not joined or joined.isspace() or not joined.strip(" \t\r\n\ufeff"):
                continue
            if any(map(_is_odd, cells)):
                cells = list(map(clean_cell, cells))  # noqa: PLW2901
                pairs = zip_longest(cells, above[: len(cells)], fillvalue="")
                cells = cells if is_own else [self._repeat(number, *each) for each in pairs]  # noqa: PLW2901
            for top, last, at in merged:
                if top < number <= last and at < len(above):
                    cells = [*cells[:at], above[at], *cells[at + 1 :]]  # noqa: PLW2901
            if self.has_day_lines and lines.take(cells):
                continue
            if sum(map(bool, map(str.strip, cells))) > 1:
                above = cells
            if self.has_day_lines:
                cells = [*cells[:width], *[""] * (width - len(cells)), lines.said]  # noqa: PLW2901
            yield number, cells if days < 0 else band.spread(cells, days)

    def _repeat(self, number: int, cell: str, up: str) -> str:
        """Return a cell, or what stands above it where it says that it is the same."""
        if cell.strip() in _NULL:
            return ""
        if len(cell) > _LONGEST_DITTO or not _DITTO.fullmatch(cell.strip()):
            return cell
        is_said = any(map(str.isalpha, cell))
        if is_said and up:
            self.repeated.setdefault(number, cell.strip())
        return cell if is_said and not up else up


NO_SHEET = Sheet(CsvTable(io.BytesIO(), UTF_8.name, ","), Heads(0, ()), (), 0)
_DITTO = re.compile(
    r"[\"'〃”“]{1,2}|(?i:(?:same )?as above|ditto|same|jak wyżej)|do\.|j\. ?w\.?|jw"
)
_NULL = ("NULL", "(null)", "<NULL>", "NaN", "<NA>")  # as data bases write that nothing stands there
_LONGEST_DITTO = 15  # characters
_RISKY = ("=", "+", "-", "@", "'", "\t", "\n")  # behind a mark that an export put there


@lru_cache(8192)
def _is_odd(cell: str) -> bool:
    """Whether a cell is to be cleaned, or may say that it is as the one above."""
    is_short = len(cell) <= _LONGEST_DITTO
    return (
        cell[:1] == "'"
        or "\ufeff" in cell
        or cell.strip() in _NULL
        or bool(is_short and _DITTO.fullmatch(cell.strip()))
    )


def clean_cell(cell: str) -> str:
    """Return a cell without what no person put there: byte order marks, and an export's mark."""
    cell = cell.replace("\ufeff", "")
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _RISKY and len(cell) > 1 else cell


def read_first(table: Table) -> list[Line]:
    """Return the first rows of a table, cleaned."""
    first = islice(table.read_rows(), _FIRST_ROWS)
    return [(number, [clean_cell(cell) for cell in cells]) for number, cells in first]


def scan_sheet(table: Table, heads: Heads | None = None) -> Sheet:
    """Return the sheet in a table, read once from end to end.

    ``heads`` is where the carer said they are. Raises NotReadable or Misquoted.
    """
    heads = heads or find_heads(read_first(table))
    sheet = _scan(Sheet(table, heads, (), 0))
    if any(column.kind == "days" for column in sheet.columns) or not _has_day_lines(sheet):
        return sheet
    heads = replace(heads, names=(*heads.names, DAY_LINE))
    return _scan(Sheet(table, heads, (), 0, has_day_lines=True))


DAY_LINE = "Day (in a line above)"
_FEW_LINES = 2


def _has_day_lines(sheet: Sheet) -> bool:
    """Whether days stand in some of the first rows alone, each for the rows below it."""
    lines = DayLines()
    first = islice(sheet.read_rows(), _MOST_LOOKED)
    return sum(lines.take(cells) for _, cells in first) >= _FEW_LINES


def _scan(sheet: Sheet) -> Sheet:
    """Return a sheet with its columns, read once from end to end."""
    heads = sheet.heads
    width, count = len(heads.names), 0
    values: list[Counter[str]] = [Counter() for _ in range(width)]
    open_ = set(range(width))  # columns that are looked at
    for count, (_, cells) in enumerate(sheet.read_rows(), start=1):
        for at in [each for each in open_ if each < len(cells)]:
            cell = cells[at]
            if (
                cell
                and not cell.isspace()
                and (cell in values[at] or len(values[at]) < _MOST_VALUES)
            ):
                values[at][cell] += 1
        if count >= _MOST_LOOKED:
            open_ = {at for at in open_ if not values[at]}
    return replace(sheet, columns=tuple(map(Column, heads.names, values)), count=count)
