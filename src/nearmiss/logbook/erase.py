"""Erasing: the text of entries goes, their place in the chain stays, and an entry says why."""

import errno
import os
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from nearmiss import files
from nearmiss.errors import NearmissError
from nearmiss.logbook.beside import list_left
from nearmiss.logbook.book import Logbook, Made, Written
from nearmiss.logbook.lines import (
    RawLine,
    copy_bytes,
    encode_line,
    parse_entry,
    parse_line,
    read_forward,
)
from nearmiss.logbook.merge import take_content, tell_apart
from nearmiss.logbook.pieces import Piece, read_pieces, read_said
from nearmiss.logbook.tail import NewLines, seal_each
from nearmiss.model.entries import (
    Comparison,
    Correction,
    Disclosure,
    Entry,
    Erased,
    ErasureFields,
    FollowUp,
    Opened,
    Report,
)
from nearmiss.model.ids import TAG_LENGTH, EntryId
from nearmiss.speech import join_words, name_some

_KEPT = ("id", "digest", "seal", "origin_id", "origin_seal")
_NAMED = 20  # entries
_MOST_DAMAGED = 1000  # damaged lines that are looked through for the text


@dataclass
class Gone:
    """What goes with the reports ``wanted``, met in the order of the book.

    ``by_report`` names each report with itself and all that is about it alone. ``damaged`` are the
    lines that can't be read and seem to hold its words, by their numbers, with the first of them:
    what can't be read is left. ``pieces`` are the files that hold its words; ``unsure`` may.
    ``changed`` are those of its entries that are not as they were written; ``digests`` are those
    of all that goes, by their ids.
    """

    wanted: frozenset[str]
    by_report: dict[str, list[str]] = field(default_factory=dict)
    damaged: dict[int, str] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    unsure: list[Path] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    _owners: dict[str, str] = field(default_factory=dict)  # the report with which each goes
    _origins: dict[str, tuple[str, str]] = field(default_factory=dict)  # their ids and seals
    _blank: set[str] = field(default_factory=set)  # what was erased before

    def __contains__(self, entry: Entry) -> bool:
        return entry.id in self._owners

    def meet(self, entry: Entry) -> None:
        """Look at the next entry of the book."""
        if isinstance(entry, Erased):
            self._blank.add(entry.id)
            return
        owner = self._find_owner(entry)
        if owner is not None:
            self._owners[entry.id] = owner
            self.digests[entry.id] = entry.digest
            if not isinstance(entry, Opened):
                self._origins[entry.id] = entry.origin_id or "", entry.origin_seal or ""
            self.by_report.setdefault(owner, []).append(entry.id)

    def _find_owner(self, entry: Entry) -> str | None:
        if isinstance(entry, Report):
            return entry.id if entry.id in self.wanted else None
        if isinstance(entry, Correction | FollowUp):
            return self._owners.get(entry.about)
        if isinstance(entry, Comparison):
            return self._owners.get(entry.about) or self._owners.get(entry.other)
        # A handing-over stays while a report that it names can still be read.
        if isinstance(entry, Disclosure) and all(
            each in self._owners or each in self._blank for each in entry.reports
        ):
            owners = (self._owners.get(each) for each in entry.reports)
            return next(filter(None, owners), None)
        return None

    def list_erasures(self, reason: str) -> Iterator[ErasureFields]:
        """Yield an entry for each report that says what went with it, and why."""
        for report, ids in self.by_report.items():
            numbers, seals = zip(*(self._origins[each] for each in ids), strict=True)
            said = _tell_changed(reason, [each for each in ids if each in self.changed])
            yield ErasureFields(
                about=report,
                erased=ids,
                reason=said,
                origins=[*filter(None, seals)] or None,
                origin_ids=[*numbers],
            )


def find_twins(book: Logbook, reports: Collection[str]) -> list[str]:
    """Return the ids of what came in as the same pages as ``reports``, with the same words.

    A page that was taken back with its import, and came in again, may stand twice.
    """
    said = defaultdict[tuple[str | None, str], set[bytes]](set)
    for each in _list_reports(book):
        if each.id in reports:
            said[_name_page(each)].add(tell_apart(take_content(each)))
    others = (each for each in _list_reports(book) if each.id not in reports)
    alike = (each for each in others if _name_page(each) in said)
    return [each.id for each in alike if tell_apart(take_content(each)) in said[_name_page(each)]]


def _list_reports(book: Logbook) -> Iterator[Report]:
    return (each for each in book.read_forward() if isinstance(each, Report))


def _name_page(report: Report) -> tuple[str | None, str]:
    """Return the number and the seal with which a report was first written."""
    number = report.origin_id if report.origin_seal else report.id
    return number, report.origin_seal or report.seal


_MOST_REASON = 4000  # characters of it beside what has to be said too


def _tell_changed(reason: str, changed: Sequence[str]) -> str:
    """Return why something is erased, with what of it was ``changed``: nobody sees that then."""
    if not changed:
        return reason
    named = join_words(name_some(changed, _NAMED))
    return f"{reason[:_MOST_REASON].rstrip('.')} (not as it was written when erased: {named})"


def find_gone(book: Logbook, reports: Iterable[str], drafts: Iterable[Path] = ()) -> Gone:
    """Return what would go with ``reports`` (ids), here and in ``drafts``.

    Raises what reading raises.
    """
    with book.open_settled() as (file, size):
        gone = Gone(frozenset(reports))
        damaged = dict(islice(_meet_all(gone, file, size), _MOST_DAMAGED))
        torn = list_left(book.file)
        tag = next(iter(gone.digests), "")[:TAG_LENGTH]
        pieces = read_pieces([*torn, *drafts], tag)
        said = {number: read_said(line.content) for number, line in damaged.items()}
        for line in read_forward(file, size) if pieces or said else ():
            entry = parse_entry(line.content)
            if entry is None or entry not in gone:
                continue
            for piece in pieces:
                piece.meet(entry)
            own = {number: each for number, each in said.items() if each.may_be_about(entry)}
            gone.damaged |= {number: each.glimpse for number, each in own.items()}
    gone.pieces = [piece for piece in pieces if piece.gone]
    gone.unsure = [
        piece.path
        for piece in pieces
        if piece.is_unsure or (piece.path in torn and not piece.gone and not piece.names_any)
    ]
    return gone


def _meet_all(gone: Gone, file: BinaryIO, size: int) -> Iterator[tuple[int, RawLine]]:
    """Let ``gone`` meet every entry; yield the lines that can't be read, by their numbers.

    Raises NearmissError where a number that would be erased stands in several lines: one of
    them is another report.
    """
    stands: dict[str, int] = {}
    twice: dict[str, tuple[Entry, list[int]]] = {}
    for number, line in enumerate(read_forward(file, size), start=1):
        parsed = parse_line(line.content)
        if parsed is not None:
            entry = parsed.entry
            gone.meet(entry)
            if entry in gone and not parsed.is_as_written:
                gone.changed.append(entry.id)
            first = stands.setdefault(entry.id, number)
            if first != number:
                twice.setdefault(entry.id, (entry, [first]))[1].append(number)
        else:
            yield number, line
    for entry, lines in twice.values():
        if entry in gone:
            raise NearmissError(
                f"{entry.id} stands in lines {join_words([*map(str, lines)])} of the logbook, and "
                "one of them may be another report whose number was damaged. Nothing was erased. "
                "To see what is wrong: nearmiss verify"
            )


def erase_reports(
    book: Logbook, reports: Sequence[str], reason: str, by: str, now: datetime
) -> Written:
    """Take the text of ``reports`` (ids), and of what is about them, out of the book for good.

    The file is replaced by one in which each such line keeps its digest and seal alone, followed
    by an entry for each report that names what went and why. Raises what ``append`` raises; then
    the file is as it was. Once the new file is in its place nothing raises.
    """
    done: list[Written] = []
    try:
        with book.open_to_write(now) as held:
            if held.file is None:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            gone = Gone(frozenset(reports))
            deque(_meet_all(gone, held.file, held.size), maxlen=0)
            tail = held.tail
            contents: Iterator[Made] = ((each, {}) for each in gone.list_erasures(reason))
            first = EntryId(tail.last.tag if tail else "", held.highest + 1)
            lines = NewLines(seal_each(contents if tail else (), by, now, first, tail))

            def confirm() -> None:
                done.append(Written(tuple(lines.ids), held.notices))

            with files.replace_whole(book.file, confirm) as target:
                for line in read_forward(held.file, held.size):
                    _write_line(held.file, line, gone, target)
                target.writelines(lines.encode())
                held.file.close()  # Windows replaces no open file
            if lines.last:
                book.lift_mark(lines.last, held.noted)
    except (Exception, KeyboardInterrupt):
        if not done:  # else it is erased, whatever went wrong since
            raise
    return done[0]


def _write_line(file: BinaryIO, line: RawLine, gone: Gone, target: BinaryIO) -> None:
    entry = parse_entry(line.content)
    if entry is not None and entry in gone:
        facts = {name: value for name in _KEPT if (value := getattr(entry, name, None))}
        target.write(encode_line({"entry": "erased", **facts}) + b"\n")
    elif len(line.content) == line.size:
        target.write(line.content)
    else:  # too long to be held
        place = file.tell()
        copy_bytes(file, line.start, line.size, target)
        file.seek(place)
