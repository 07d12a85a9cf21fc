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


def list_left(file: Path) -> list[Path]:
    """Return what cut-off saves and unfinished ones left beside the logbook ``file``."""
    return [*list_torn(file), *files.list_abandoned(file.parent, file.name)]


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


@dataclass(frozen=True)
class Notes:
    """What is noted of a ``book`` in folders of ``state``, each kind in a file of its own.

    What can't be noted is not, and what can't be read was never noted.
    """

    state: Path
    book: Path

    def read_last_backup(self) -> LastBackup | None:
        """Return the last backup that is known of."""
        noted = self._read("backups")
        with suppress(ValueError, KeyError, TypeError):
            seal, entry, path = (str(noted.get(each, "")) for each in ("seal", "entry", "path"))
            return LastBackup(date.fromisoformat(noted["day"]), seal, entry, path)
        return None

    def note_backup(self, last: LastBackup) -> None:
        """Remember a backup."""
        self._note("backups", {**asdict(last), "day": last.day.isoformat()})

    def read_to_compare(self) -> str:
        """Return the id of the report that is still to be compared, empty where there is none."""
        return str(self._read("to_compare").get("report", ""))

    def note_to_compare(self, report: str) -> None:
        """Remember the id of the last report that was saved; empty: it was compared."""
        if report != self.read_to_compare():
            self._note("to_compare", {"report": report})

    def read_meetings(self) -> dict[str, str]:
        """Return what became of meetings, by the ids of their packs."""
        return {name: str(settled) for name, settled in self._read("meetings").items()}

    def note_meeting(self, meeting: str, settled: str) -> None:
        """Remember what became of the meeting of that id: ``asked``, ``begun``, ``done``."""
        self._note("meetings", {**self.read_meetings(), meeting: settled})

    def read_papers(self) -> list[dict[str, Any]]:
        """Return the papers of which is not known whether they were handed over."""
        papers = self._read("papers").get("papers", ())
        return [each for each in papers if isinstance(each, dict)] if papers else []

    def note_papers(self, papers: Sequence[Mapping[str, Any]]) -> None:
        """Remember the papers of which is not known whether they were handed over."""
        self._note("papers", {"papers": papers})

    def _note(self, kind: str, facts: Mapping[str, Any]) -> None:
        path = self._find(kind)
        with suppress(OSError):
            files.make_private_folder(path.parent)
            files.write_private(path, json.dumps(facts).encode())

    def _read(self, kind: str) -> dict[str, Any]:
        with suppress(OSError, ValueError):
            noted = json.loads(self._find(kind).read_bytes())
            return noted if isinstance(noted, dict) else {}
        return {}

    def _find(self, kind: str) -> Path:
        return self.state / kind / f"{name_book(self.book)}.json"
