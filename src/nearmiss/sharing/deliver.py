"""What was made reaches its place: whole or not at all."""

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from itertools import chain, count
from pathlib import Path
from typing import IO

from nearmiss import files
from nearmiss.errors import CannotWrite, FileExists, OwnFile
from nearmiss.settings import Paths

Undo = Callable[[], None]
# Called when all is ready, before anything appears; what it returns is called if nothing does.
Confirm = Callable[[], Undo]


def compute_digest(data: IO[bytes]) -> str:
    """Return the SHA-256 of ``data``, which is left at its start."""
    digest = hashlib.file_digest(data, "sha256").hexdigest()  # type: ignore[arg-type]
    data.seek(0)
    return digest


def deliver(data: IO[bytes], path: Path | None, *, force: bool, confirm: Confirm) -> None:
    """Write ``data`` to the file ``path``, or to stdout where it is None.

    Nothing appears before ``confirm`` lets it pass. Raises FileExists, CannotWrite, and what
    ``confirm`` raises.
    """
    try:
        if path is None:
            _deliver_to_stdout(data, confirm)
        else:
            _deliver_to_file(data, path, force, confirm)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CannotWrite(path=path or "it out", reason=_explain(error, path)) from error


def _explain(error: OSError, path: Path | None) -> str:
    if path is not None and not path.parent.exists():
        return f"there is no folder {path.parent}"
    return files.explain(error)


def _deliver_to_stdout(data: IO[bytes], confirm: Confirm) -> None:
    undo = confirm()
    try:
        sys.stdout.flush()
        shutil.copyfileobj(data, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except BaseException:
        undo()
        raise


def _deliver_to_file(data: IO[bytes], path: Path, force: bool, confirm: Confirm) -> None:
    undo: Undo = _undo_nothing
    if files.require_ordinary(path) and not force:
        raise FileExists(path=path)
    placed: list[bool] = []
    try:
        with files.replace_whole(path, lambda: placed.append(True)) as file:
            shutil.copyfileobj(data, file)
            undo = confirm()
    except BaseException:
        if not placed:
            undo()
        raise


def _undo_nothing() -> None:
    """There is nothing to undo."""


def confirm_nothing() -> Undo:
    """Let what goes to nobody pass."""
    return _undo_nothing


def find_free(path: Path) -> Path:
    """Return ``path``, or one beside it with a number, where nothing stands yet."""
    names = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(each for each in chain([path], names) if not os.path.lexists(each))


def refuse_own(path: Path, paths: Paths) -> None:
    """Raise OwnFile where ``path`` is a file that the program itself lives by."""
    if paths.holds(path):
        raise OwnFile(path=path)
