"""What an XLSX says beside the values of its cells: errors, formulas without one, and notes.

The reader of workbooks gives an empty cell for what could not be worked out, and no notes at all.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from zipfile import ZipFile

from nearmiss.intake.values import NO_VALUE
from nearmiss.text import join_lines

_CHUNK = 4_000_000  # bytes
_MOST_UNREAD = 100_000  # cells: a workbook of which more have no value was never worked out
_GLIMPSE = 60  # characters of a formula
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


class NeverWorkedOut(Exception):
    """Most formulas of a workbook have no value: no spreadsheet ever worked them out."""


@dataclass(frozen=True)
class Parts:
    """What a sheet says beside its values.

    ``unread`` are its errors, and its formulas that have no value, by row and column; ``notes``
    stand on the cells that they name.
    """

    unread: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    is_1904: bool = False  # its days are counted from 1904 on


def read_parts(packed: ZipFile) -> dict[str, Parts]:
    """Return the parts of each sheet by its name; nothing where this is no XLSX.

    Raises NeverWorkedOut.
    """
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
            raise NeverWorkedOut
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
