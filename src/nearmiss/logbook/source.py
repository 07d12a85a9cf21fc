"""A file that holds another book: opened, under a password too, and read as far as it is whole."""

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import BinaryIO

from nearmiss import files
from nearmiss.errors import CannotRead, NearmissError
from nearmiss.logbook.lines import Unreadable, parse_object, read_forward
from nearmiss.logbook.verify import Check, read_checked
from nearmiss.model.entries import Entry
from nearmiss.model.ids import TAG_LENGTH
from nearmiss.text import show_safely

_BEGINNING = 20  # lines in which a file must show that it is a logbook
_HEADS = (b"age-encryption.org/v1\n", b"-----BEGIN AGE ENCRYPTED FILE-----")
_HEAD_LENGTH = max(map(len, _HEADS))


def is_locked(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is an age file."""
    return head.startswith(_HEADS)


def read_head(path: Path) -> bytes:
    """Return how the file at ``path`` begins; nothing where it can't be read."""
    with suppress(OSError):
        if path.is_file():
            with path.open("rb") as file:
                return file.read(_HEAD_LENGTH)
    return b""


def unlock_data(path: Path, data: bytes, password: str) -> bytes:
    """Return what the age file ``data``, from ``path``, holds. Raises NearmissError."""
    import pyrage

    try:
        return bytes(pyrage.passphrase.decrypt(data, password))
    except (pyrage.DecryptError, ValueError) as error:
        raise NearmissError(
            f"{path} does not open: it is another password, or the file is damaged. "
            "Nothing was changed."
        ) from error


@contextmanager
def open_source(path: Path, get_password: Callable[[], str]) -> Iterator[tuple[BinaryIO, int]]:
    """Open a file that the carer named to read it, and say how many bytes it has.

    What is under a password is opened in memory alone. Raises CannotRead, and so does reading it;
    NearmissError; and what ``get_password`` raises.
    """
    try:
        if not files.require_ordinary(path):
            raise FileNotFoundError(errno.ENOENT, "")
    except OSError as error:
        raise _explain(path, error) from error
    with files.open_careful(path, partial(_explain, path)) as file:
        size = file.seek(0, SEEK_END)
        file.seek(0)
        if is_locked(file.read(_HEAD_LENGTH)):
            password = get_password()
            file.seek(0)
            data = unlock_data(path, file.read(size), password)
            yield BytesIO(data), len(data)
        else:
            file.seek(0)
            yield file, size


def _explain(path: Path, error: OSError) -> CannotRead:
    return CannotRead(path=path, reason=files.explain(error))


def is_book(file: BinaryIO, size: int) -> bool:
    """Whether a file is a logbook, by its first lines."""
    for number, line in enumerate(read_forward(file, size)):
        entry = parse_object(line.content) or {}
        if "seal" in entry and "digest" in entry:
            return True
        if number >= _BEGINNING:
            return False
    return False


@dataclass(frozen=True)
class Source:
    """Another book: the entries that stand there as they were written, and what is wrong with it.

    ``intact`` says that nothing is wrong; ``size`` is that of its file; ``left_out`` are the
    numbers of the lines of which no entry is taken.
    """

    entries: Sequence[Entry]
    faults: Sequence[str]
    size: int
    left_out: Sequence[int] = ()

    @property
    def end(self) -> str:
        """The id of its last entry; empty where there is none."""
        return self.entries[-1].id if self.entries else ""

    @property
    def tag(self) -> str:
        """The tag of the book; empty where nothing in it can be read."""
        return self.end[:TAG_LENGTH]

    @property
    def intact(self) -> bool:
        """Whether the whole of it stands as it was written."""
        return not self.faults


def read_source(path: Path, file: BinaryIO, size: int) -> Source:
    """Return what another book holds. Raises NearmissError and OSError."""
    check, entries = Check(), list[Entry]()
    for number, entry in enumerate(read_checked(file, size, check), start=1):
        if number not in check.unfit and not isinstance(entry, Unreadable):
            entries.append(entry)
    if check.unknown:
        number, key = check.unknown
        raise NearmissError(
            f'Line {number} of {path} holds "{show_safely(key[:40])}", which this nearmiss '
            "does not know: it was written by a newer nearmiss. Nothing was imported. "
            "Update nearmiss, then try again."
        )
    return Source(entries, [*map(str, check.findings)], size, sorted(check.unfit))
