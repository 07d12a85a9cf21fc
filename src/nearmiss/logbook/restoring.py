"""Restoring: a book that is copied whole where there is none yet."""

from typing import BinaryIO

from nearmiss import files
from nearmiss.logbook.book import Held, Logbook
from nearmiss.logbook.chain import compute_seal
from nearmiss.logbook.lines import copy_bytes, read_forward
from nearmiss.logbook.mark import Mark, Marks
from nearmiss.logbook.parsing import digest_holds, parse_entry, parse_object
from nearmiss.logbook.tail import read_tail
from nearmiss.logbook.verify import check_book
from nearmiss.model.entries import Opened


def is_fresh(book: Logbook) -> bool:
    """Whether nothing was ever written in the book: a copy in its place loses nothing.

    That is so where there is no file, or nothing in it, or exactly the line that opened it, as it
    was written, and no later entry was confirmed on this computer. Raises what reading raises.
    """
    if not book.exists():
        return True
    with book.file.open("rb") as file:
        size = file.seek(0, 2)
        lines = [line for _, line in zip(range(2), read_forward(file, size), strict=False)]
    if not size:
        return True
    entry = parse_entry(lines[0].content)
    if len(lines) > 1 or not lines[0].ended or not isinstance(entry, Opened):
        return False
    intact = digest_holds(parse_object(lines[0].content) or {})
    follows = entry.seal == compute_seal(None, entry.digest)
    tag = entry.id.partition("-")[0]
    return intact and follows and not (book.marks and Marks(book.marks).find_highest(tag))


def restore_book(book: Logbook, source: BinaryIO, size: int) -> bool:
    """Put a copy of ``source`` in the place of ``book`` if that is fresh; return whether it was.

    ``source`` stands as it was written. It is looked at while no other program can write. Raises
    what ``Logbook.append`` raises; then the file is as it was.
    """
    done: list[bool] = []
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
    _lift_mark(book, source, size)
    return True


def _lift_mark(book: Logbook, source: BinaryIO, size: int) -> None:
    tail = read_tail(source, size)
    if tail is not None and book.marks is not None:
        broken = book.find_broken(Held(source, size, tail, ()))
        mark = Mark(tail.last.number, tail.seal, broken)
        Marks(book.marks).lift(tail.last.tag, book.file, mark)
