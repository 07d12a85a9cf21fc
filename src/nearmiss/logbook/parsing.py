"""From the bytes of a line to the entry that it holds."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from nearmiss.logbook.chain import compute_digest
from nearmiss.logbook.problems import NewerLogbook
from nearmiss.model.entries import ENTRY, FORMAT, Entry, Opened

_KINDS = frozenset(
    {
        "opened",
        "report",
        "correction",
        "follow_up",
        "comparison",
        "disclosure",
        "erasure",
        "erased",
    }
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that can't be read as an entry: its number in the file, the first being 1."""

    line: int


def parse_entry(content: bytes) -> Entry | None:
    """Return the entry on a line, or None if it can't be read.

    Raises NewerLogbook for a later format or an unknown kind whose digest holds: without that, it
    is a damaged line.
    """
    try:
        # Not through the adapter's method: whole books are read, and it costs a part of each line.
        entry: Entry = ENTRY.validator.validate_json(content)
    except ValidationError:
        if is_newer_kind(parse_object(content)):
            raise NewerLogbook from None
        return None
    if isinstance(entry, Opened) and entry.format > FORMAT:
        if digest_holds(parse_object(content) or {}):
            raise NewerLogbook
        return None  # a changed bit makes no newer version
    return entry


def is_newer_kind(entry: dict[str, Any] | None) -> bool:
    """Whether a line as it was parsed is of a kind that only a later version knows."""
    if entry is None or not isinstance(entry.get("entry"), str) or entry["entry"] in _KINDS:
        return False
    return digest_holds(entry)


def parse_object(content: bytes) -> dict[str, Any] | None:
    """Return the JSON object on a line as it was parsed, or None if there is none."""
    try:
        parsed = from_json(content, allow_inf_nan=False)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def is_as_written(entry: dict[str, Any]) -> bool:
    """Whether a parsed entry holds what was sealed; of erased text that can't be said."""
    return entry.get("entry") == "erased" or digest_holds(entry)


def digest_holds(entry: dict[str, Any]) -> bool:
    """Whether the digest that a parsed entry carries is that of what it holds."""
    try:
        return bool(compute_digest(entry) == entry.get("digest"))
    except (ValueError, RecursionError):
        return False
