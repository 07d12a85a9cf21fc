"""A copy of the whole book, read back before it counts; and a book put back from one."""

import hashlib
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from nearmiss import files
from nearmiss.errors import NearmissError
from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import compute_seal, copy_bytes, parse_line, parse_object, read_forward
from nearmiss.logbook.mark import Mark, take_glimpse
from nearmiss.logbook.source import unlock_data
from nearmiss.logbook.tail import read_tail
from nearmiss.logbook.verify import Check, check_book
from nearmiss.model.entries import Opened
from nearmiss.model.ids import EntryId

_CHUNK = 1 << 20


def copy_book(book: Logbook, target: Path, password: str | None = None) -> Check:
    """Copy the book as it stands to ``target``, whole or not at all, and return its check.

    With a password only what is locked reaches the disk. What was written is read back before it
    appears. Raises OSError, and what reading raises.
    """
    with book.open_settled() as (opened, size):
        check = check_book(opened, size)
        with files.replace_whole(target) as copy:
            if password is None:
                copy_bytes(opened, 0, size, copy)
            else:
                import pyrage

                opened.seek(0)
                copy.write(pyrage.passphrase.encrypt(opened.read(size), password))
            copy.flush()
            copy.seek(0)
            back = copy if password is None else BytesIO(unlock_data(target, copy.read(), password))
            if _hash(back, size) != _hash(opened, size):
                raise OSError("what was written reads back differently")
    return check


def _hash(file: BinaryIO, size: int) -> bytes:
    digest = hashlib.sha256()
    file.seek(0)
    while size > 0 and (chunk := file.read(min(_CHUNK, size))):
        size -= len(chunk)
        digest.update(chunk)
    return digest.digest()


def rehearse(book: Logbook, path: Path, backup: BinaryIO, size: int) -> int:
    """Compare a backup with the book, entry by entry; return how many there are.

    What was written in the book since is no difference. Raises NearmissError.
    """
    count = 0
    with book.open_settled() as (opened, own_size):
        own = read_forward(opened, own_size)
        for line in read_forward(backup, size):
            mine = next(own, None)
            if mine is None or mine.content != line.content:
                named = parse_object((mine or line).content) or {}
                raise NearmissError(
                    f"{path} does not read back as the logbook stands: they differ at "
                    f"{named.get('id', f'line {count + 1}')}. Do not rely on it. "
                    "Make another backup, to another place."
                )
            count += 1
    return count


def is_fresh(book: Logbook) -> bool:
    """Whether nothing was ever written in the book: a copy in its place loses nothing.

    That is so where there is no file, or nothing in it, or exactly the line that opened it, as it
    was written, and no later entry was confirmed on this computer. Raises what reading raises.
    """
    with book.open_settled(require_logbook=False) as (file, size):
        lines = list(islice(read_forward(file, size), 2))
    if not lines:
        return True
    first = parse_line(lines[0].content)
    if len(lines) > 1 or not lines[0].ended or not first or not isinstance(first.entry, Opened):
        return False
    follows = first.entry.seal == compute_seal(None, first.entry.digest)
    is_noted = book.confirmed.find_highest(EntryId.parse(first.entry.id).tag) > 0
    return first.is_as_written and follows and not is_noted


def restore_book(book: Logbook, source: BinaryIO, size: int) -> bool:
    """Put a copy of ``source`` in the place of ``book`` if that is fresh; return whether it was.

    ``source`` stands as it was written. It is looked at while no other program can write. Raises
    what ``Logbook.append`` raises; then the file is as it was.
    """
    done: list[bool] = []
    tail = read_tail(source, size)
    broken = take_glimpse(book.confirmed.read(), book.file, source, size).list_broken()
    try:
        with book.hold():
            if not is_fresh(book):
                return False
            with files.replace_whole(book.file, lambda: done.append(True)) as copy:
                copy_bytes(source, 0, size, copy)
                copy.flush()
                if check_book(copy, size).findings:
                    raise OSError("what was copied reads back differently")
    except (Exception, KeyboardInterrupt):
        if not done:  # else it stands there, whatever went wrong since
            raise
    if tail is not None:
        book.confirmed.lift(tail.last.tag, Mark(tail.last.number, tail.seal, tuple(broken)))
    return True
