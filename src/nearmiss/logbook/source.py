"""Other files that are read: backups, other books, spreadsheets; every fault in words."""

import errno
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from nearmiss import files
from nearmiss.errors import CannotRead
from nearmiss.logbook.age import HEAD_LENGTH, is_locked, unlock_data


@contextmanager
def open_source(path: Path, get_password: Callable[[], str]) -> Iterator[tuple[BinaryIO, int]]:
    """Open a file that the carer named to read it, and say how many bytes it has.

    What is under a password is opened in memory alone. Raises CannotRead, and so does reading it;
    WrongPassword; and what ``get_password`` raises.
    """
    try:
        if not files.require_ordinary(path):
            raise FileNotFoundError(errno.ENOENT, "")
        file = files.open_careful(path, lambda error: _explain(path, error))
    except OSError as error:
        raise _explain(path, error) from error
    with files.close_quietly(file):
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        if is_locked(file.read(HEAD_LENGTH)):
            password = get_password()
            file.seek(0)
            data = unlock_data(path, file.read(size), password)
            yield io.BytesIO(data), len(data)
        else:
            file.seek(0)
            yield file, size


def _explain(path: Path, error: OSError) -> CannotRead:
    return CannotRead(path=path, reason=files.explain(error))
