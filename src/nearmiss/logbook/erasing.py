"""Erasing: the text of entries goes, their place in the chain stays, and an entry says why."""

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from nearmiss import files
from nearmiss.logbook.book import Logbook, Written, seal_entries
from nearmiss.logbook.chain import encode_line
from nearmiss.logbook.lines import read_forward
from nearmiss.logbook.parsing import parse_entry
from nearmiss.logbook.tail import mend_tail, read_tail
from nearmiss.model.entries import (
    Comparison,
    Correction,
    Disclosure,
    Entry,
    ErasureFields,
    FollowUp,
    Report,
)

_KEPT = ("id", "digest", "seal", "origin_id", "origin_seal")


def find_dependents(entries: Sequence[Entry], report: str) -> list[str]:
    """Return the ids of all that goes with a report: itself, and what is about it alone."""
    gone = {report}
    for entry in entries:
        if (
            (isinstance(entry, Correction | FollowUp | Comparison) and entry.about in gone)
            or (isinstance(entry, Comparison) and entry.other in gone)
            or (isinstance(entry, Disclosure) and set(entry.reports) <= gone)
        ):
            gone.add(entry.id)
    return [entry.id for entry in entries if entry.id in gone]


def erase_reports(
    book: Logbook, reports: Sequence[str], reason: str, by: str, now: datetime
) -> Written:
    """Take the text of ``reports`` (ids), and of what is about them, out of the book for good.

    The file is replaced by one in which each such line keeps its digest and seal alone, followed
    by an entry for each report that names what went and why. Raises what ``append`` raises; then
    the file is as it was.
    """
    with book.hold():
        with book.file.open("r+b") as file:
            notice = mend_tail(book.file, file.fileno(), file, _measure(file), now)
            size = _measure(file)
            lines = [line.content for line in read_forward(file, size)]
            tail = read_tail(file, size)
        parsed = [parse_entry(line) for line in lines]
        entries = [entry for entry in parsed if entry is not None]
        erasures = _list_erasures(entries, reports, reason)
        gone = {each for erasure in erasures for each in erasure.erased}
        added, _ = seal_entries(lambda first: [(each, {}) for each in erasures], by, now, tail)
        with files.replace_whole(book.file) as file:
            for line, entry in zip(lines, parsed, strict=True):
                file.write(_blank(entry) if entry and entry.id in gone else line)
            file.writelines(encode_line(entry) + b"\n" for entry in added)
    return Written(tuple(entry["id"] for entry in added), (notice,) if notice else ())


def _list_erasures(
    entries: Sequence[Entry], reports: Sequence[str], reason: str
) -> list[ErasureFields]:
    wanted, erasures, named = set(reports), list[ErasureFields](), set[str]()
    for entry in entries:
        if isinstance(entry, Report) and entry.id in wanted:
            erased = [each for each in find_dependents(entries, entry.id) if each not in named]
            named.update(erased)
            erasures.append(ErasureFields(about=entry.id, erased=erased, reason=reason))
    return erasures


def _blank(entry: Entry) -> bytes:
    kept: dict[str, Any] = {"entry": "erased"}
    kept |= {name: value for name in _KEPT if (value := getattr(entry, name, None)) is not None}
    return encode_line(kept) + b"\n"


def _measure(file: Any) -> int:
    return os.fstat(file.fileno()).st_size


def list_erased_texts(book: Logbook) -> Iterator[Any]:
    """Yield the files beside the book that a cut-off write left."""
    yield from sorted(book.file.parent.glob(f"{book.file.name}.torn-*"))
