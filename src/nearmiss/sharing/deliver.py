"""What was made reaches its place: whole or not at all."""

import hashlib
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

from nearmiss import files
from nearmiss.errors import CannotWrite, FileExists

Confirm = Callable[[], object]  # called when all is ready, before anything appears


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
            confirm()
            sys.stdout.flush()
            shutil.copyfileobj(data, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            _deliver_to_file(data, path, force, confirm)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CannotWrite(path=path or "it out", reason=files.explain(error)) from error


def _deliver_to_file(data: IO[bytes], path: Path, force: bool, confirm: Confirm) -> None:
    if files.require_ordinary(path) and not force:
        raise FileExists(path=path)
    with files.replace_whole(path) as file:
        shutil.copyfileobj(data, file)
        confirm()
