"""A copy of the whole book, checked."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from nearmiss import files
from nearmiss.logbook.book import Logbook
from nearmiss.logbook.verify import Check, check_book

_CHUNK = 1 << 20


def copy_book(book: Logbook, target: Path) -> Check:
    """Copy the book as it stands to ``target``, whole or not at all, and return its check.

    Raises OSError, and what reading raises.
    """
    with book.open_settled() as (opened, size):
        check = check_book(opened, size)
        with files.replace_whole(target) as copy:
            for chunk in _read(opened, size):
                copy.write(chunk)
            copy.flush()
            if _hash(copy, size) != _hash(opened, size):
                raise OSError("what was written reads back differently")
    return check


def _read(file: BinaryIO, size: int) -> Iterator[bytes]:
    file.seek(0)
    while size > 0 and (chunk := file.read(min(_CHUNK, size))):
        size -= len(chunk)
        yield chunk


def _hash(file: BinaryIO, size: int) -> bytes:
    digest = hashlib.sha256()
    for chunk in _read(file, size):
        digest.update(chunk)
    return digest.digest()
