"""A workbook of Excel's: its sheets, and what these say beside the values of their cells.

The reader of workbooks gives an empty cell for what could not be worked out, and no notes at all:
errors, formulas without a value, and notes are found here.
"""

import posixpath
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any, BinaryIO
from zipfile import BadZipFile, ZipFile, is_zipfile

from nearmiss.intake.sheet import Line, Merged, NotReadable
from nearmiss.intake.values import NO_VALUE
from nearmiss.text import join_lines, show_safely

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_MOST_UNPACKED = 250_000_000  # bytes that a workbook may say it unpacks to
_CHUNK = 4_000_000  # bytes
_MOST_UNREAD = 100_000  # cells: a workbook of which more have no value was never worked out
_GLIMPSE = 60  # characters of a formula, or of what the reader of workbooks says
_IS_ERROR = re.compile(rb"""\bt=["']e["']""")
_IS_TEXT = re.compile(rb"""\bt=["']str["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)<)")
_HAS_UNREAD = re.compile(
    rb"""\bt=["']e["']|<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
    rb"<(?:/(?:\w+:)?c>|(?:\w+:)?v\b[^>]*?(?:/>|></))"
)
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>]*>([^<]+)<")
_PLACE = re.compile(rb"""\br=["']([A-Z]*)(\d*)["']""")
_TEXT = re.compile(rb"<(?:\w+:)?t\b[^>]*>([^<]*)<")
_NOTED = re.compile(rb"""\bref=["'](\w+)["']""")


def is_workbook(file: BinaryIO) -> bool:
    """Whether a file begins as Excel's do, whatever it is called."""
    file.seek(0)
    return file.read(8).startswith((b"PK\x03\x04", _OLE))


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Parts:
    """What a sheet says beside its values.

    ``unread`` are its errors, and its formulas that have no value, by row and column; ``notes``
    stand on the cells that they name.
    """

    unread: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    is_1904: bool = False  # its days are counted from 1904 on


@dataclass(frozen=True)
class SheetTable:
    """One sheet of a workbook, as it was last computed; formulas are never run."""

    name: str
    sheet: "CalamineSheet" = field(repr=False)
    parts: Parts
    is_hidden: bool
    beside: "SheetTable | None" = None  # its rows stand behind those that begin alike

    def read_rows(self) -> Iterator[Line]:
        """Yield every row as text, dates as ISO 8601 has them, and what has no value as it is."""
        unread, is_1904 = self.parts.unread, self.parts.is_1904
        others = self.beside.read_rows() if self.beside else ()
        rest = {cells[0]: cells[1:] for _, cells in others}
        for number, cells in enumerate(self.sheet.iter_rows(), start=1):
            written = [_write_cell(cell, is_1904=is_1904) for cell in cells]
            for at, said in unread.get(number, {}).items():
                written += [""] * (at + 1 - len(written))
                written[at] = said
            yield number, [*written, *rest.get(written[0], ())] if rest and written else written

    @property
    def merged(self) -> Sequence[Merged]:
        """Each cell that stands for several rows."""
        ranges = self.sheet.merged_cell_ranges or []
        return [(top + 1, bottom + 1, at) for (top, at), (bottom, _) in ranges if bottom > top]


_IN_1904 = (34_000, 51_000)  # days from 1904 to 1997, and to 2043


def _write_cell(cell: Any, *, is_1904: bool) -> str:
    if is_1904 and isinstance(cell, float) and _IN_1904[0] < cell < _IN_1904[1]:
        moment = datetime(1904, 1, 1) + timedelta(seconds=round(cell * 86_400))
        cell = moment.date() if cell.is_integer() else moment
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(timedelta(seconds=round(cell.total_seconds())))
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def join_own(tables: Sequence[SheetTable]) -> SheetTable | None:
    """Return the sheets of a workbook as one table, where they are those of our own export."""
    named = {each.name: each for each in tables}
    if {"About", "Near misses", "Everything else"} == set(named):
        return replace(named["Near misses"], beside=named["Everything else"])
    return None


def open_workbook(file: BinaryIO) -> list[SheetTable]:
    """Return the sheets of a workbook that hold something, hidden ones too.

    Raises NotReadable.
    """
    from python_calamine import CalamineError, PasswordError, SheetVisibleEnum, load_workbook

    _refuse_locked(file)
    parts = _read_parts(file)
    file.seek(0)
    try:
        book = load_workbook(file)
        tables = [
            SheetTable(
                each.name,
                book.get_sheet_by_name(each.name),
                parts.get(each.name, Parts()),
                each.visible != SheetVisibleEnum.Visible,
            )
            for each in book.sheets_metadata
        ]
        return [each for each in tables if each.sheet.height]
    except PasswordError:
        raise _locked() from None
    except CalamineError as error:
        raise NotReadable(f"it is no workbook ({show_safely(str(error))[:_GLIMPSE]})") from None


def _locked() -> NotReadable:
    remedy = "Open it there, save it without a password, take it in, and delete that copy."
    return NotReadable("it is under a password", remedy)


def _refuse_locked(file: BinaryIO) -> None:
    """Refuse a workbook under a password: another kind of file, with the workbook inside."""
    file.seek(0)
    if file.read(len(_OLE)) == _OLE and "EncryptedPackage".encode("utf-16-le") in file.read():
        raise _locked()


def _read_parts(file: BinaryIO) -> dict[str, Parts]:
    """Return what stands beside the values of each sheet.

    Refused is what is no XLSX, and what says that it unpacks to more than any near-miss sheet
    holds. Raises NotReadable.
    """
    file.seek(0)
    if not is_zipfile(file):
        raise _no_xlsx()
    try:
        with ZipFile(file) as packed:
            unpacked = sum(each.file_size for each in packed.infolist())
            if unpacked > _MOST_UNPACKED:
                most = f"{_MOST_UNPACKED // 1_000_000} MB is the most"
                reason = f"it would unpack to {unpacked // 1_000_000:,} MB, and {most}"
                raise NotReadable(reason, "Save the rows you need in a new sheet.")
            if not (parts := _list_parts(packed)):
                raise _no_xlsx()
            return parts
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
        raise NotReadable("it is damaged") from None


def _no_xlsx() -> NotReadable:
    return NotReadable("it is no workbook as Excel writes them now (XLSX)")


def _list_parts(packed: ZipFile) -> dict[str, Parts]:
    """Return the parts of each sheet by its name; nothing where this is no XLSX."""
    names = {each.lower(): each for each in packed.namelist()}
    if "xl/workbook.xml" not in names:
        return {}
    book = packed.read(names["xl/workbook.xml"]).decode("utf-8", "replace")
    is_1904 = any(each.get("date1904") in ("1", "true") for each in _list_tags(book, "workbookPr"))
    paths = {each["Id"]: path for each, path in _list_related(packed, names, "xl/workbook.xml")}
    found = dict[str, Parts]()
    for each in _list_tags(book, "sheet"):
        path = paths.get(next((said for name, said in each.items() if name.endswith(":id")), ""))
        if path in names:
            unread, notes = _find_unread(packed, names[path]), _find_notes(packed, names, path)
            found[each.get("name", "")] = Parts(unread, notes, is_1904)
    return found


def _list_tags(text: str, tag: str) -> Iterator[dict[str, str]]:
    """Yield what each tag of that name says, by attribute."""
    for found in re.finditer(rf"<(?:\w+:)?{tag}\b([^>]*)>", text):
        said = re.findall(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", found[1])
        yield {name: unescape(one or other) for name, one, other in said}


def _list_related(
    packed: ZipFile, names: Mapping[str, str], path: str
) -> Iterator[tuple[dict[str, str], str]]:
    """Yield what a part of the workbook names as belonging to it, with the path of each."""
    folder, name = posixpath.split(path)
    rels = names.get(f"{folder}/_rels/{name}.rels")
    text = packed.read(rels).decode("utf-8", "replace") if rels else ""
    for each in _list_tags(text, "Relationship"):
        joined = posixpath.normpath(posixpath.join("/", folder, each.get("Target", "")))
        yield each, joined.lstrip("/").lower()


def _find_notes(packed: ZipFile, names: Mapping[str, str], path: str) -> dict[str, str]:
    notes = dict[str, str]()
    for each, related in _list_related(packed, names, path):
        if each.get("Type", "").endswith("/comments") and related in names:
            for opened, inside in _part(b"comment", packed.read(names[related])):
                place, said = _NOTED.search(opened[-1]), b"".join(_TEXT.findall(inside))
                notes[place[1].decode() if place else ""] = join_lines(_decode(said))
    return notes


def _find_unread(packed: ZipFile, path: str) -> dict[int, dict[int, str]]:
    found, number, count = dict[int, dict[int, str]](), 0, 0
    for rows, cells in _read_rows(packed, path):
        for attributes in rows:
            place = _PLACE.search(attributes)
            number = int(place[2]) if place and place[2] else number + 1
        if not _HAS_UNREAD.search(cells):
            continue
        column = -1
        for opened, inside in _part(b"c", cells):
            for attributes in opened:
                place = _PLACE.search(attributes)
                column = _number_column(place[1]) if place and place[1] else column + 1
            if said := _tell_unread(opened[-1], inside):
                found.setdefault(number, {})[column] = said
                count += 1
        if count > _MOST_UNREAD:
            remedy = "Open it in a spreadsheet, save it there, then try again."
            raise NotReadable("its formulas have no values", remedy)
    return found


def _read_rows(packed: ZipFile, path: str) -> Iterator[tuple[list[bytes], bytes]]:
    """Yield each row that holds something, without keeping all of them."""
    rest = b""
    with packed.open(path) as part:
        while chunk := part.read(_CHUNK):
            *whole, rest = _cut(b"row", rest + chunk)
            yield from _open(b"row", whole)


def _part(tag: bytes, data: bytes) -> Iterator[tuple[list[bytes], bytes]]:
    """Yield what is in each element of that name, after the attributes of those begun till then."""
    return _open(tag, _cut(tag, data)[:-1])


def _cut(tag: bytes, data: bytes) -> list[bytes]:
    return re.split(rb"</(?:\w+:)?%b>" % tag, data)


def _open(tag: bytes, pieces: Sequence[bytes]) -> Iterator[tuple[list[bytes], bytes]]:
    begun = re.compile(rb"<(?:\w+:)?%b\b([^>]*)>" % tag)
    for piece in pieces:
        if opened := [*begun.finditer(piece)]:
            yield [each[1] for each in opened], piece[opened[-1].end() :]


def _decode(said: bytes) -> str:
    return unescape(said.decode("utf-8", "replace"))


def _number_column(letters: bytes) -> int:
    number = 0
    for each in letters:
        number = number * 26 + each - 64
    return number - 1


def _tell_unread(attributes: bytes, inside: bytes) -> str:
    """Return the error in a cell, or its formula that has no value; nothing where it has one."""
    value, formula = _VALUE.search(inside), _FORMULA.search(inside)
    if _IS_ERROR.search(attributes):
        return _decode(value[1]) if value else "#N/A"
    if formula and not value and not _IS_TEXT.search(attributes):
        return NO_VALUE + _decode(formula[1] or b"")[:_GLIMPSE]
    return ""
