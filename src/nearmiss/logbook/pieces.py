"""What lies beside the book and was not saved, or was cut off: which report each piece is about.

It is told by ids. Of free texts only a report's own long ones say it: a place, a time, or who was
told stand in the reports of others too.
"""

import json
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from nearmiss import files
from nearmiss.logbook.lines import LONGEST
from nearmiss.model.entries import Correction, Entry, Report
from nearmiss.model.ids import POINTING, TAG_LENGTH, EntryId, is_id, read_typed, read_words
from nearmiss.text import join_lines, shorten

_LONG = 20  # characters of a text that hardly stand in two reports by chance
_BEGUN = 4  # characters of a text that was cut off, where all else agrees
_GLIMPSE = 60  # characters of a piece that are shown
_TEXTS = ("what_nearly_happened", "what_happened", "how_prevented", "injury", "immediate_action")
_LATER_TEXTS = ("note", "harm_found", "care_plan")
_COMPARED = ("client", "location", "occurred_at", *_TEXTS)
_NAMES = (
    "id",
    "entry",
    "about",
    "about_digest",
    "other",
    "entry_to_correct",
    *_COMPARED,
    *_LATER_TEXTS,
)
_FIELD = re.compile(rf'"({"|".join(_NAMES)})":\s*"((?:[^"\\]|\\.)*)("?)'.encode(), re.DOTALL)
_POINTERS = ("about", "other", "entry_to_correct")
_COMMANDS = ("follow-up", "correct", "similar")


@dataclass(frozen=True)
class Said:
    """One record in a piece: what its fields say, and which of them were cut off."""

    facts: Mapping[str, str]
    cut: frozenset[str] = frozenset()
    raw: bytes = b""

    @property
    def pointed(self) -> list[str]:
        """The ids of the entries that it says it is about."""
        return [each for name in _POINTERS if is_id(each := self.facts.get(name, ""))]

    def points_at(self, digests: Mapping[str, str]) -> bool:
        """Whether it says that it is about one of the entries of those ``digests``, by their ids.

        A number may be another report's by now: where it says the digest of its own, that decides.
        """
        if digest := self.facts.get("about_digest"):
            return digest in digests.values()
        return any(each in digests for each in self.pointed)

    def is_about(self, entry: Entry) -> bool:
        """Whether it is this entry, or about it."""
        if self.pointed:
            return self.points_at({entry.id: entry.digest})
        if isinstance(entry, Report):
            own = self.facts.get("id", "")  # a whole line says which report it is
            return self._is_report(entry) and not (is_id(own) and own != entry.id)
        return self._repeats(entry) or (
            self.facts.get("id") == entry.id and not self.facts.keys() & {*_COMPARED}
        )

    def may_be_about(self, entry: Entry) -> bool:
        """Whether it is about this entry, or names it in what can't be read, or has its words."""
        if self.pointed:
            return self.is_about(entry)
        is_like = isinstance(entry, Report) and self._is_report(entry)
        return is_like or f'"{entry.id}"'.encode() in self.raw or self.is_about(entry)

    def _is_report(self, report: Report) -> bool:
        if self.facts.get("client", report.client) != report.client and "client" not in self.cut:
            return False
        if self._repeats(report):
            return True
        found = [name for name in _COMPARED if self.facts.get(name)]
        if not all(self._agrees(name, report) for name in found):
            return False
        if self.facts.get("id") == report.id:
            return True
        begun = (name for name in _TEXTS if len(self.facts.get(name, "")) >= _BEGUN)
        return len(found) > 1 and any(begun)

    def _agrees(self, name: str, entry: Report) -> bool:
        said, own = self.facts[name], str(getattr(entry, name, ""))
        return own.startswith(said) if name in self.cut else own == said

    def _repeats(self, entry: Entry | Report) -> bool:
        """Whether it holds a long text that is the entry's own."""
        own = [text for text in list_texts(entry) if len(text) >= _LONG]
        if not self.facts:  # words alone
            return any(_encode(text) in self.raw for text in own)
        texts = {name: self.facts.get(name, "") for name in (*_TEXTS, *_LATER_TEXTS)}
        return any(
            text.startswith(said) if name in self.cut else text == said
            for name, said in texts.items()
            if len(said) >= _LONG
            for text in own
        )

    @property
    def glimpse(self) -> str:
        """Its client and first words."""
        words = next(filter(None, map(self.facts.get, (*_TEXTS, *_LATER_TEXTS))), "")
        words = words or self.raw.decode(errors="replace")
        return ", ".join(filter(None, (self.facts.get("client", ""), shorten(words, _GLIMPSE))))


def list_texts(entry: Entry | Report) -> list[str]:
    """Return the free texts of an entry that are nobody else's."""
    said = entry.changes if isinstance(entry, Correction) else vars(entry)
    texts = (said.get(name) for name in (*_TEXTS, *_LATER_TEXTS))
    return [each for each in texts if isinstance(each, str)]


def _encode(text: str) -> bytes:
    return json.dumps(text, ensure_ascii=False)[1:-1].encode("utf-8", "surrogatepass")


def read_said(line: bytes) -> Said:
    """Return what a line says, as far as it can be read."""
    with suppress(ValueError, RecursionError):
        if isinstance(found := json.loads(line), dict):
            typed = found.get("unfinished")  # at a question that was left
            typed = typed if isinstance(typed, dict) else {}
            facts = {name: each for name, each in found.items() if isinstance(each, str)}
            begun = {name: each for name, each in typed.items() if isinstance(each, str)}
            return Said({**begun, **facts}, frozenset(begun.keys() - facts.keys()), line)
    facts, cut = dict[str, str](), set[str]()
    for name, text, end in _FIELD.findall(line):
        facts.setdefault(name.decode(), _decode(text))
        cut |= set() if end else {name.decode()}
    return Said(facts, frozenset(cut), line)


def _decode(text: bytes) -> str:
    shown = text.decode(errors="ignore")
    with suppress(ValueError):
        return str(json.loads(f'"{shown}"', strict=False))
    return shown


@dataclass
class Piece:
    """A file with words that were not saved, or were cut off.

    ``gone`` are those of its records that are about what is erased, by their place in it; what
    ``is_one`` goes whole with any of them. ``is_unsure`` says that it may be about any report.
    """

    path: Path
    records: Sequence[Said]
    is_one: bool = False
    is_unsure: bool = False
    gone: set[int] = field(default_factory=set)

    @property
    def glimpse(self) -> str:
        """The client and first words of what would go; where nothing would, of all."""
        shown = (
            self.records[each].glimpse for each in sorted(self.gone) or range(len(self.records))
        )
        return "; ".join(list(shown)[: 1 if self.is_one else None])

    @property
    def names_any(self) -> bool:
        """Whether it says by a number which entry it is, or is about."""
        return any(is_id(said.facts.get("id", "")) or said.pointed for said in self.records)

    def meet(self, entry: Entry) -> None:
        """Look at an entry that is erased."""
        self.gone |= {at for at, said in enumerate(self.records) if said.is_about(entry)}

    def remove(self) -> None:
        """Take away what is about the erased entries: the file, or its lines. Raises OSError."""
        left = [said.raw for at, said in enumerate(self.records) if at not in self.gone]
        if left and not self.is_one:
            files.write_private(self.path, b"\n".join(left) + b"\n")
        else:
            files.insist(lambda: self.path.unlink(missing_ok=True))


COMMAND = "command.txt"  # how the name of a file ends that keeps a command


def read_pieces(paths: Iterable[Path], tag: str) -> list[Piece]:
    """Return what is in those files that can be read; kept commands are of the book ``tag``."""
    found = list[Piece]()
    for path in paths:
        if path.name.endswith(COMMAND):
            found.append(_read_command(path, tag))
            continue
        data = _read(path)
        # In lines: reports that were to be saved at once.
        parts = data.split(b"\n") if path.suffix == ".jsonl" else [data]
        if records := [read_said(each) for each in parts if each.strip()]:
            found.append(Piece(path, records))
    return found


def _read(path: Path) -> bytes:
    """Return what is in a file, as far as it can matter; nothing where it can't be read."""
    with suppress(OSError):
        if files.require_ordinary(path):
            with path.open("rb") as file:
                return file.read(LONGEST)
    return b""


def _read_command(path: Path, tag: str) -> Piece:
    """Return a kept command, of the book ``tag``, as a piece: its records are what it is about.

    One to erase has no words of theirs, and may be about others too: it is about nothing.
    """
    text = _read(path).decode(errors="replace")
    try:
        words = shlex.split(text)
    except ValueError:
        words = text.split()
    at = next((at for at, word in enumerate(words) if word in _COMMANDS), len(words))
    named = [each for _, each, option in read_words(words[at + 1 :]) if option in POINTING]
    shown = shorten(join_lines(" ".join(words[at:])), _GLIMPSE).encode()
    pointed = filter(None, map(read_typed, named))
    ids = [str(EntryId(own or tag, number)) for own, number in pointed]
    own = next((each for _, each, option in read_words(words) if option == "--written-about"), "")
    digest = {"about_digest": own} if own else {}
    records = [Said({"about": each, **digest}, raw=shown) for each in ids]
    return Piece(path, records, is_one=True, is_unsure=not records and at < len(words))


def find_pieces(digests: Mapping[str, str], drafts: Iterable[Path]) -> list[Piece]:
    """Return what is kept about entries that were erased, by their ids and ``digests`` alone."""
    pieces = read_pieces(drafts, next(iter(digests), "")[:TAG_LENGTH])
    for piece in pieces:
        piece.gone = {at for at, said in enumerate(piece.records) if said.points_at(digests)}
    return [piece for piece in pieces if piece.gone]
