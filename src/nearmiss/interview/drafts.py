"""Drafts: what was answered but not saved."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from nearmiss import files


@dataclass(frozen=True)
class Drafts:
    folder: Path
    logbook: Path

    def keep_input(self, data: bytes) -> Path:
        files.make_private_folder(self.folder)
        path = self.folder / f"{secrets.token_hex(4)}.jsonl"
        files.write_private(path, data)
        return path

    def discard_all(self) -> int:
        return 0
