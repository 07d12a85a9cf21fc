"""Files that hold health data: made for their owner alone, written whole, faults in words."""

import errno
import io
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

_Result = TypeVar("_Result")
PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700

_BESIDE = ".nearmiss-tmp"  # how the name of a file ends while it is written
_BUFFER = 1 << 16  # bytes
_LONGEST = 100  # characters of a file's own name in that
_DIGITS = 16  # between the two: when the write began, and what no other write has drawn
_DIGITS_OF_TIME = 8
_ABANDONED = 600.0  # seconds after which a half-written file is nobody's any more

_LEADS_BACK = "its link leads back to itself"
_GONE = "the disk is not there any more"
_NO_LOCKS = (
    "this disk has no locks, and without them two programs could write at once. "
    "Keep the logbook on another disk, such as that of this computer"
)
_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EBADF: "it was closed",
    errno.EDQUOT: "your share of the disk is full",
    errno.EACCES: "you are not allowed to use it",
    errno.EPERM: "you are not allowed to use it",
    errno.EROFS: "the disk can only be read",
    errno.EISDIR: "it is a folder",
    errno.ENOENT: "it is not there",
    errno.ENOTDIR: "part of its path is not a folder",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ELOOP: _LEADS_BACK,
    errno.EIO: "the disk reports a fault",
    errno.ETXTBSY: "another program is using it",
    errno.ENOLCK: _NO_LOCKS,
    errno.EOPNOTSUPP: _NO_LOCKS,
    errno.ENODEV: _GONE,
    errno.ENXIO: _GONE,
    errno.ENOTCONN: _GONE,
    errno.ESTALE: _GONE,
}
_HELD = (32, 33)  # what Windows calls a file that another program has open
_DENIED = 5  # what it calls one that it may not replace: it is open, or not allowed
_ON_WINDOWS = os.name == "nt"
_PATIENCE = 2.0  # seconds


def explain(error: OSError | RuntimeError, path: Path | None = None) -> str:
    """Return in plain words why the system refused something, such as writing to ``path``.

    A RuntimeError is what Python before 3.13 makes of a link that leads back to itself.
    """
    if isinstance(error, RuntimeError):
        return _LEADS_BACK
    if getattr(error, "winerror", None) in _HELD:
        return "another program has it open"
    if _may_be_held(error):
        return "another program has it open, or you are not allowed to use it"
    if path is not None and not path.parent.exists():
        return f"there is no folder {path.parent}"
    return _REASONS.get(error.errno or 0, error.strerror or "the system gives no reason")


def _may_be_held(error: OSError) -> bool:
    """Whether another program may have the file open: of an open one, C only says "denied"."""
    number = getattr(error, "winerror", None)
    return number in (*_HELD, _DENIED) or (_ON_WINDOWS and error.errno == errno.EACCES)


def insist(action: Callable[[], _Result]) -> _Result:
    """Return what ``action`` returns, tried again for a while where another program holds its file.

    On Windows, what looks for viruses or copies to a cloud opens each new file for a moment. Raises
    OSError.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return action()
        except OSError as error:
            if not _may_be_held(error) or time.monotonic() > until:
                raise
        time.sleep(_PATIENCE / 40)


def make_private_folder(folder: Path) -> None:
    """Create ``folder`` and what is missing above it, each for its owner alone.

    Their names are on the disk then. Raises OSError where that can't be done.
    """
    missing = []
    while not folder.exists():
        if folder == folder.parent:  # a drive that was taken out
            raise FileNotFoundError(errno.ENOENT, "the drive is not there")
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        if each.stat().st_mode & PRIVATE_FOLDER != PRIVATE_FOLDER:
            each.chmod(PRIVATE_FOLDER)  # the umask took the owner's own rights away
        flush_folder(each.parent)


def require_ordinary(path: Path) -> bool:
    """Return whether there is a file at ``path``.

    Raises OSError where something stands there that is no ordinary file (a folder, a device, a
    pipe: opening one could wait for ever), or where it can't be looked at.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is not an ordinary file")
    return True


def read_ordinary(path: Path) -> bytes:
    """Return what is in the file at ``path``.

    Raises OSError, also where something stands there that could be waited for without end.
    """
    if not require_ordinary(path):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    return insist(path.read_bytes)


def open_private(path: Path, flags: int) -> int:
    """Return a descriptor of ``path``, created for its owner alone. Raises OSError."""
    flags |= getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = insist(lambda: os.open(path, flags, PRIVATE_FILE))
    if flags & os.O_EXCL and hasattr(os, "fchmod"):
        with suppress(OSError):  # a disk without rights; elsewhere the umask may have taken ours
            os.fchmod(descriptor, PRIVATE_FILE)
    return descriptor


class _CarefulFile(io.FileIO):
    """A file of which each fault in reading is told as the error that ``explain`` makes."""

    def __init__(self, path: Path, explain: Callable[[OSError], Exception]) -> None:
        super().__init__(path, "rb")
        self._explain = explain

    def readinto(self, buffer: Any) -> int | None:
        """Read into ``buffer``. Raises what ``explain`` makes."""
        try:
            return super().readinto(buffer)
        except OSError as error:
            raise self._explain(error) from error


@contextmanager
def close_quietly(file: BinaryIO) -> Iterator[BinaryIO]:
    """Give a file that is closed at the end; what was flushed before does not depend on it."""
    try:
        yield file
    finally:
        with suppress(OSError):
            file.close()


@contextmanager
def open_careful(path: Path, explain: Callable[[OSError], Exception]) -> Iterator[BinaryIO]:
    """Open ``path`` to be read; what fails with it is raised as ``explain`` makes it.

    So a fault of this file is never taken for one of another.
    """
    try:
        file = io.BufferedReader(insist(lambda: _CarefulFile(path, explain)), _BUFFER)
    except OSError as error:
        raise explain(error) from error
    with close_quietly(cast(BinaryIO, file)) as opened:
        yield opened


def write_all(descriptor: int, data: bytes) -> None:
    """Write the whole of ``data`` and have it on the disk. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    flush(descriptor)


def flush(descriptor: int) -> None:
    """Have what was written on the disk itself. Raises OSError."""
    if sys.platform == "darwin":
        import fcntl  # there fsync leaves the data in the drive's own memory

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def flush_folder(folder: Path) -> None:
    """Have the names in ``folder`` on the disk, where the system can do that."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with suppress(OSError):  # some network disks refuse; the file itself is on the disk
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sweep(folder: Path, name: str, age: float) -> None:
    """Remove what killed writes of ``name`` left in ``folder``, if it is ``age`` seconds old.

    Without a name: what killed writes of anything left. Their names tell when they began: a cloud
    folder or a copy gives files times of its own. A time that lies ahead is as good as long ago.
    """
    now = int(time.time())
    with suppress(OSError):
        for left in list_abandoned(folder, name):
            begun = int(left.name.removesuffix(_BESIDE)[-_DIGITS:][:_DIGITS_OF_TIME], 16)
            if abs(now - begun) >= age:
                left.unlink()


def list_abandoned(folder: Path, name: str) -> list[Path]:
    """Return the files that writes of ``name`` left in ``folder``; without a name, any writes."""
    from glob import escape

    begin = escape(name[:_LONGEST]) if name else "*"
    return list(folder.glob(f".{begin}.{'[0-9a-f]' * _DIGITS}{_BESIDE}"))


@contextmanager
def replace_whole(path: Path, confirm: Callable[[], object] = lambda: None) -> Iterator[BinaryIO]:
    """Open a file that appears at ``path`` whole, or not at all if something goes wrong.

    It is written beside ``path`` first, for its owner alone. ``confirm`` is called as soon as it
    stands there. Raises OSError.
    """
    import secrets

    sweep(path.parent, "", _ABANDONED)
    begun = f"{int(time.time()):0{_DIGITS_OF_TIME}x}"
    drawn = secrets.token_hex((_DIGITS - _DIGITS_OF_TIME) // 2)
    beside = path.with_name(f".{path.name[:_LONGEST]}.{begun}{drawn}{_BESIDE}")
    try:
        descriptor = open_private(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        with close_quietly(os.fdopen(descriptor, "w+b")) as file:
            yield file
            file.flush()
            flush(file.fileno())
        insist(lambda: beside.replace(path))
        confirm()
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def write_private(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` whole or not at all. Raises OSError."""
    with replace_whole(path) as file:
        file.write(data)
