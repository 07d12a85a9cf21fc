"""Pieces: where the words of an entry stand outside its own line, whole or in part."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from nearmiss import files
from nearmiss.logbook.lines import LONGEST
from nearmiss.logbook.mark import list_torn
from nearmiss.model.entries import Entry, Report

_LONG = 20  # characters of a text that hardly stand in two reports by chance
_BEGUN = 4  # characters of a text that was cut off, where all else agrees
_TEXTS = ("what_nearly_happened", "how_prevented", "immediate_action")
_COMPARED = ("client", "location", "occurred_at", *_TEXTS)
_FIELD = re.compile(rf'"({"|".join(_COMPARED)})":\s*"((?:[^"\\]|\\.)*)("?)'.encode(), re.DOTALL)


def list_beside(file: Path) -> list[Path]:
    """Return what writes of the logbook ``file`` that were cut off or killed left beside it."""
    return [*list_torn(file), *files.list_abandoned(file.parent, file.name)]


def read_piece(path: Path) -> bytes:
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


def find_about(pieces: Sequence[tuple[Any, bytes]], entry: Entry) -> list[Any]:
    """Return the names of those pieces that hold words of ``entry``."""
    return [name for name, piece in pieces if holds_words(piece, entry)]
