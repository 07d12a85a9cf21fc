"""Drafts: what was answered but not saved, on disk after every answer."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nearmiss import files

if TYPE_CHECKING:
    from filelock import BaseFileLock

Answers = dict[str, Any]  # a report's fields as JSON has them, as far as they are answered


_COMMAND = "command.txt"  # how the name of a file ends that keeps a command
UNFINISHED = "unfinished"  # the key in a draft under which a half-typed answer stands


@dataclass(frozen=True)
class Draft:
    """What an earlier sitting left behind: its file, its answers, and when it was last changed."""

    path: Path
    answers: Answers
    changed: datetime  # aware, local

    @property
    def unfinished(self) -> dict[str, str]:
        """What was typed at a question when the carer was stopped, by its field."""
        found = self.answers.get(UNFINISHED)
        texts = found.items() if isinstance(found, dict) else ()
        return {field: text for field, text in texts if isinstance(text, str)}


@dataclass(frozen=True)
class Sitting:
    """One report being answered. Its draft is its own until the sitting ends."""

    path: Path
    lock: "BaseFileLock | None"

    def save(self, answers: Mapping[str, Any]) -> None:
        """Have the answers on the disk. Raises OSError."""
        files.make_private_folder(self.path.parent)
        files.write_private(self.path, json.dumps(answers, ensure_ascii=False).encode())

    def end(self) -> None:
        """Remove the draft: its report was saved or thrown away."""
        _remove(self.path)
        self.leave()

    def leave(self) -> None:
        """Keep the draft for another time."""
        if self.lock is not None:
            self.lock.release()
            if not self.path.exists():
                _remove(Path(self.lock.lock_file))


@dataclass(frozen=True)
class Drafts:
    """The drafts in ``folder`` that belong to the logbook at ``logbook``."""

    folder: Path
    logbook: Path

    def list_files(self) -> list[Path]:
        """Return the files with what was not saved, the newest first."""
        return self._list("json*")

    def list_commands(self) -> list[Path]:
        """Return the files with commands that could not be carried out, the newest first."""
        return self._list(_COMMAND)

    def _list(self, ending: str) -> list[Path]:
        try:
            found = self.folder.glob(f"{self._name()}-*.{ending}")
            return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)
        except OSError:  # a folder that can't be looked into stops nobody from writing
            return []

    def find_newest(self) -> Draft | None:
        """Return the newest draft that can be gone on with and is not open elsewhere."""
        for path in self.list_files():
            draft = _read(path)
            lock = _take_lock(path) if draft else None
            if lock is not None:
                lock.release()
                return draft
        return None

    def start(self) -> Sitting:
        """Return a new sitting. Nothing is written before its first answer."""
        return self.resume(self.folder / f"{self._name()}-{secrets.token_hex(4)}.json")

    def resume(self, path: Path) -> Sitting:
        """Return a sitting that goes on with the draft at ``path``."""
        return Sitting(path, _take_lock(path))

    def keep_input(self, data: bytes) -> Path:
        """Keep what could not be saved, as it was given; return where. Raises OSError."""
        return self._keep(data, "jsonl" if b"\n" in data.strip() else "json")

    def keep_command(self, data: bytes) -> Path:
        """Keep a command that could not be carried out; return where. Raises OSError."""
        return self._keep(data, _COMMAND)

    def _keep(self, data: bytes, ending: str) -> Path:
        files.make_private_folder(self.folder)
        path = self.folder / f"{self._name()}-{secrets.token_hex(4)}.{ending}"
        files.write_private(path, data)
        return path

    def forget_command(self, data: bytes) -> None:
        """Remove what was kept of a command that has been carried out since."""
        for path in self.list_commands():
            with suppress(OSError):
                if path.read_bytes() == data:
                    path.unlink()

    def forget(self, path: Path) -> None:
        """Remove the draft at ``path`` if it is one of these: it was saved."""
        for each in self.list_files():
            if path.exists() and each.samefile(path):
                Sitting(each, _take_lock(each)).end()

    def discard_all(self) -> int:
        """Remove the drafts that are not open elsewhere; return how many."""
        count = 0
        for path in self.list_files():
            lock = _take_lock(path)
            if lock is not None:
                Sitting(path, lock).end()
                count += 1
        return count

    def _name(self) -> str:
        # A digest: the path itself may be longer than a file's name can be.
        try:
            resolved = self.logbook.resolve()
        except (OSError, RuntimeError):  # a link that leads back to itself
            resolved = self.logbook
        book = str(resolved).encode("utf-8", "replace")
        return hashlib.sha256(book).hexdigest()[:8]


def _read(path: Path) -> Draft | None:
    try:
        answers = json.loads(path.read_bytes())
        changed = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    except (OSError, ValueError, RecursionError):
        return None
    return Draft(path, answers, changed) if isinstance(answers, dict) and answers else None


def _take_lock(path: Path) -> "BaseFileLock | None":
    from filelock import FileLock, Timeout

    lock = FileLock(path.with_suffix(".lock"), mode=files.PRIVATE_FILE, fallback_to_soft=False)
    try:
        files.make_private_folder(path.parent)
        lock.acquire(timeout=0)
    except (Timeout, OSError, NotImplementedError):
        return None
    return lock


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
