"""What this computer knows of a logbook beside it: its last backup, what to compare, meetings.

All of it is a help, never a condition: whatever goes wrong with it is passed over.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nearmiss import files


def name_book(book: Path) -> str:
    """Return what a logbook is called in the names of what is kept about it: 16 characters.

    A digest: the path itself may be longer than a file's name can be.
    """
    try:
        resolved = book.resolve()
    except (OSError, RuntimeError):  # a link that leads back to itself
        resolved = book
    return hashlib.sha256(str(_spell(resolved)).encode("utf-8", "replace")).hexdigest()[:16]


def list_torn(file: Path) -> list[Path]:
    """Return what cut-off saves left beside the logbook ``file``, the newest first."""
    from glob import escape

    with suppress(OSError):
        return sorted(file.parent.glob(f"{escape(file.name)}.torn-*"), reverse=True)
    return []


def _spell(path: Path) -> Path:
    """Return ``path`` as its names stand in their folders.

    On a disk that takes capitals for small letters another spelling is the same book.
    """
    with suppress(OSError):
        if path.name and path.with_name(path.name.swapcase()).samefile(path):
            wanted = path.name.casefold()
            found = (each.name for each in path.parent.iterdir())
            names = [each for each in found if each.casefold() == wanted]
            return _spell(path.parent) / (names[0] if len(names) == 1 else path.name)
    return path


@dataclass(frozen=True)
class LastBackup:
    """The newest backup that was made on this computer and read back.

    ``seal`` is that of its last entry as people see it, ``entry`` the id of that; ``path`` is where
    it was put, empty where that was not noted.
    """

    day: date
    seal: str
    entry: str
    path: str = ""


def note_backup(folder: Path, book: Path, last: LastBackup) -> None:
    """Remember a backup of ``book`` in ``folder``."""
    _note(folder, book, {**asdict(last), "day": last.day.isoformat()})


def read_last_backup(folder: Path, book: Path) -> LastBackup | None:
    """Return the last backup of ``book`` that ``folder`` knows of."""
    noted = _read_noted(folder, book)
    with suppress(ValueError, KeyError, TypeError):
        seal, entry, path = (str(noted.get(each, "")) for each in ("seal", "entry", "path"))
        return LastBackup(date.fromisoformat(noted["day"]), seal, entry, path)
    return None


def note_to_compare(folder: Path, book: Path, report: str) -> None:
    """Remember in ``folder`` the report of that id: the last of ``book`` that was saved."""
    _note(folder, book, {"report": report})


def forget_to_compare(folder: Path, book: Path) -> None:
    """Remember none: the last one was compared, or nothing is like it."""
    with suppress(OSError):
        _find_noted(folder, book).unlink(missing_ok=True)


def read_to_compare(folder: Path, book: Path) -> str:
    """Return the id of the report that is still to be compared, empty where there is none."""
    return str(_read_noted(folder, book).get("report", ""))


def note_meeting(folder: Path, book: Path, meeting: str, settled: str) -> None:
    """Remember what became of the meeting of that id: ``asked``, ``begun``, ``done``."""
    _note(folder, book, {**read_meetings(folder, book), meeting: settled})


def read_meetings(folder: Path, book: Path) -> dict[str, str]:
    """Return what became of the meetings of ``book``, by the ids of their packs."""
    return {name: str(settled) for name, settled in _read_noted(folder, book).items()}


def note_papers(folder: Path, book: Path, papers: Sequence[Mapping[str, Any]]) -> None:
    """Remember the papers of which is not known whether they were handed over."""
    _note(folder, book, {"papers": papers})


def read_papers(folder: Path, book: Path) -> list[dict[str, Any]]:
    """Return the papers of ``book`` of which is not known whether they were handed over."""
    papers = _read_noted(folder, book).get("papers", ())
    return [each for each in papers if isinstance(each, dict)] if papers else []


def _note(folder: Path, book: Path, facts: Mapping[str, Any]) -> None:
    with suppress(OSError):
        files.make_private_folder(folder)
        files.write_private(_find_noted(folder, book), json.dumps(facts).encode())


def _read_noted(folder: Path, book: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        noted = json.loads(_find_noted(folder, book).read_bytes())
        return noted if isinstance(noted, dict) else {}
    return {}


def _find_noted(folder: Path, book: Path) -> Path:
    return folder / f"{name_book(book)}.json"
