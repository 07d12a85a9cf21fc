"""Erasing: the text of entries goes, their place in the chain stays, and an entry says why."""

import errno
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from nearmiss import files
from nearmiss.errors import NearmissError
from nearmiss.logbook.beside import list_torn
from nearmiss.logbook.book import Logbook, Written, seal_each
from nearmiss.logbook.lines import (
    LONGEST,
    RawLine,
    copy_bytes,
    encode_line,
    parse_entry,
    read_forward,
)
from nearmiss.model.entries import (
    Comparison,
    Correction,
    Disclosure,
    Entry,
    Erased,
    ErasureFields,
    FollowUp,
    Report,
)
from nearmiss.model.ids import EntryId
from nearmiss.speech import join_words

_LONG = 20  # characters of a text that hardly stand in two reports by chance
_BEGUN = 4  # characters of a text that was cut off, where all else agrees
_TEXTS = ("what_nearly_happened", "how_prevented", "immediate_action")
_COMPARED = ("client", "location", "occurred_at", *_TEXTS)
_FIELD = re.compile(rf'"({"|".join(_COMPARED)})":\s*"((?:[^"\\]|\\.)*)("?)'.encode(), re.DOTALL)


def _read_piece(path: Path) -> bytes:
    """Return what is in a file, as far as it can matter; nothing where it can't be read."""
    with suppress(OSError):
        if files.require_ordinary(path):
            with path.open("rb") as file:
                return file.read(LONGEST)
    return b""


def holds_words(piece: bytes, entry: Entry) -> bool:
    """Whether a piece is of this entry or about it, or repeats a text of it.

    What merely is about the same client is not.
    """
    if re.search(rb'"(?:id|about|other)":\s*"%s"' % entry.id.encode(), piece):
        return True
    if any(_encode(text) in piece for text in _list_texts(entry) if len(text) >= _LONG):
        return True
    return isinstance(entry, Report) and _agrees(piece, entry)


def _agrees(piece: bytes, report: Report) -> bool:
    """Whether every answer in the piece is the report's own, one of its long texts among them."""
    found = [(name.decode(), text, bool(end)) for name, text, end in _FIELD.findall(piece) if text]
    if not any(name in _TEXTS and len(text) >= _BEGUN for name, text, _ in found):
        return False
    for name, text, ended in found:
        own = _encode(getattr(report, name))
        if text != own if ended else not own.startswith(text):
            return False
    return len(found) > 1


def _encode(text: str) -> bytes:
    return json.dumps(text, ensure_ascii=False)[1:-1].encode("utf-8", "surrogatepass")


def _list_texts(entry: Entry) -> Iterator[str]:
    kept_with_others = ("id", "about", "other", "digest", "seal", "nonce", "recorded_at")
    named = entry.model_dump(exclude_none=True)
    for name, value in named.items():
        if name not in kept_with_others and not name.startswith(("origin_", "recorded_")):
            yield from _flatten(value)


def _flatten(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _flatten(each)


_KEPT = ("id", "digest", "seal", "origin_id", "origin_seal")
_PLACE = re.compile(rb'"digest":"([0-9a-f]{64})","seal":"([0-9a-f]{64})"\}\n?$')
_MOST_DAMAGED = 1000  # damaged lines that are looked through for the text


@dataclass
class Gone:
    """What goes with the reports ``wanted``, met in the order of the book.

    ``by_report`` names each report with itself and all that is about it alone; ``damaged`` are the
    lines that can't be read and hold its words, by where they begin, with the numbers they had.
    ``pieces`` are the files that hold its words.
    """

    wanted: frozenset[str]
    by_report: dict[str, list[str]] = field(default_factory=dict)
    damaged: dict[int, str] = field(default_factory=dict)
    pieces: list[Path] = field(default_factory=list)
    _owners: dict[str, str] = field(default_factory=dict)  # the report with which each goes
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
        lines = list(self.damaged.values())  # which report's they were can't be said
        for report, ids in self.by_report.items():
            yield ErasureFields(about=report, erased=[*ids, *lines], reason=reason)
            lines = []


def find_gone(book: Logbook, reports: Iterable[str], drafts: Iterable[Path] = ()) -> Gone:
    """Return what would go with ``reports`` (ids), here and in ``drafts``.

    Raises what reading raises.
    """
    with book.open_settled() as (file, size):
        return _find_gone(book, file, size, reports, drafts)


def _find_gone(
    book: Logbook, file: BinaryIO, size: int, reports: Iterable[str], drafts: Iterable[Path]
) -> Gone:
    gone = Gone(frozenset(reports))
    damaged = [*_meet_all(gone, file, size)]
    torn = [*list_torn(book.file), *files.list_abandoned(book.file.parent, book.file.name)]
    pieces = {path: piece for path in (*torn, *drafts) if (piece := _read_piece(path))}
    lines = {(line.start, own): line.content for line, own in damaged[:_MOST_DAMAGED]}
    for line in read_forward(file, size) if pieces or lines else ():
        entry = parse_entry(line.content)
        if entry is not None and entry in gone:
            held = [path for path, piece in pieces.items() if holds_words(piece, entry)]
            gone.pieces += [path for path in held if path not in gone.pieces]
            gone.damaged |= dict(key for key, piece in lines.items() if holds_words(piece, entry))
    return gone


def _meet_all(gone: Gone, file: BinaryIO, size: int) -> Iterator[tuple[RawLine, str]]:
    """Let ``gone`` meet every entry; yield the lines that can't be read, with their numbers.

    Raises NearmissError where a number that would be erased stands in several lines: one of
    them is another report.
    """
    last: EntryId | None = None
    stands: dict[str, int] = {}
    twice: dict[str, tuple[Entry, list[int]]] = {}
    for number, line in enumerate(read_forward(file, size), start=1):
        entry = parse_entry(line.content)
        if entry is not None:
            gone.meet(entry)
            first = stands.setdefault(entry.id, number)
            if first != number:
                twice.setdefault(entry.id, (entry, [first]))[1].append(number)
            last = EntryId.parse(entry.id)
        elif last is not None:
            last = EntryId(last.tag, last.number + 1)
            yield line, str(last)
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
    ids, last = list[str](), dict[str, Any]()
    try:
        with book.open_to_write(now) as held:
            if held.file is None:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            gone = _find_gone(book, held.file, held.size, reports, ())
            broken = book.find_broken(held)
            contents = ((each, dict[str, str]()) for each in gone.list_erasures(reason))

            def confirm() -> None:
                done.append(Written(tuple(ids), held.notices))

            with files.replace_whole(book.file, confirm) as target:
                for line in read_forward(held.file, held.size):
                    _write_line(held.file, line, gone, target)
                if held.tail is not None:
                    first = EntryId(held.tail.last.tag, book.reserve(held.tail) + 1)
                    for last in seal_each(contents, by, now, first, held.tail.seal):
                        target.write(encode_line(last) + b"\n")
                        ids.append(last["id"])
            if last:
                book.lift_mark(last, broken)
    except (Exception, KeyboardInterrupt):
        if not done:  # else it is erased, whatever went wrong since
            raise
    return done[0]


def _write_line(file: BinaryIO, line: RawLine, gone: Gone, target: BinaryIO) -> None:
    entry = parse_entry(line.content)
    if line.start in gone.damaged:
        target.write(_blank_damaged(line, gone.damaged[line.start]))
    elif entry is not None and entry in gone:
        target.write(_blank({name: getattr(entry, name, None) for name in _KEPT}))
    elif len(line.content) == line.size:
        target.write(line.content)
    else:  # too long to be held
        place = file.tell()
        copy_bytes(file, line.start, line.size, target)
        file.seek(place)


def _blank(facts: dict[str, Any]) -> bytes:
    kept = {name: value for name, value in facts.items() if value is not None}
    return encode_line({"entry": "erased", **kept}) + b"\n"


def _blank_damaged(line: RawLine, own: str) -> bytes:
    """Return what is left of a line that can't be read: its number, and its place if that can."""
    place = _PLACE.search(line.content)
    names = ("digest", "seal")
    found = dict(zip(names, map(bytes.decode, place.groups()), strict=True)) if place else {}
    return _blank({"id": own, **found})
