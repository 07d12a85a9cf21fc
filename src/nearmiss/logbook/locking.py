"""One writer at a time: a lock beside the logbook file."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nearmiss import files
from nearmiss.logbook.problems import LogbookInUse

if TYPE_CHECKING:
    from filelock import FileLock


@contextmanager
def hold_lock(file: Path, wait: float) -> Iterator[None]:
    """Hold the lock of the logbook ``file``, waiting for it at most ``wait`` seconds.

    A real lock of the system or none: a soft one (a file that merely stands there) would outlive
    a killed program. Raises LogbookInUse, and OSError where no lock can be made.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(
        f"{file}.lock", timeout=wait, mode=0o600, poll_interval=0.01, fallback_to_soft=False
    )
    try:
        lock.acquire()
    except Timeout as error:
        rewritten = bool(files.list_abandoned(file.parent, file.name))
        raise LogbookInUse(path=file, rewritten=rewritten) from error
    except NotImplementedError as error:
        raise OSError("this disk has no locks") from error
    try:
        yield
    finally:
        _release(lock)


def _release(lock: "FileLock") -> None:
    # A lock that can't be let go must not deny what was done under it; the system lets it go when
    # the program ends.
    with suppress(OSError):
        try:
            lock.release()
        except OSError:
            lock.release(force=True)
