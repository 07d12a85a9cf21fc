"""Other files that are read: backups, other books, spreadsheets; every fault in words."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from nearmiss import files
from nearmiss.errors import CannotRead


@contextmanager
def open_source(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """Open a file that the carer named to read it, and say how many bytes it has.

    Raises CannotRead; so does reading it.
    """
    try:
        if not files.require_ordinary(path):
            raise FileNotFoundError(errno.ENOENT, "")
        file = files.open_careful(path, lambda error: _explain(path, error))
    except OSError as error:
        raise _explain(path, error) from error
    with file:
        yield file, file.seek(0, 2)


def _explain(path: Path, error: OSError) -> CannotRead:
    return CannotRead(path=path, reason=files.explain(error))
