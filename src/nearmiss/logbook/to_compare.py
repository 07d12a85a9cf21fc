"""The report that is still to be compared with earlier ones: when it was saved, nobody answered."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from nearmiss import files
from nearmiss.logbook.book import Logbook


def mark_to_compare(folder: Path, book: Logbook, report: str) -> None:
    """Remember the report of that id in ``folder``; where that can't be done, it is passed over.

    One is remembered for each book: that of the last saving.
    """
    with suppress(OSError):
        files.make_private_folder(folder)
        files.write_private(_find(folder, book), json.dumps({"report": report}).encode())


def forget_to_compare(folder: Path, book: Logbook) -> None:
    """Remember none: the last one was compared, or nothing is like it."""
    with suppress(OSError):
        _find(folder, book).unlink(missing_ok=True)


def read_to_compare(folder: Path, book: Logbook) -> str:
    """Return the id of the report that is still to be compared, empty where there is none."""
    try:
        return str(json.loads(_find(folder, book).read_bytes())["report"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _find(folder: Path, book: Logbook) -> Path:
    name = hashlib.sha256(str(book.file).encode("utf-8", "replace")).hexdigest()[:16]
    return folder / f"{name}.json"
