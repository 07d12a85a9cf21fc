"""A logbook: read from either end, and appended to under a lock."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from nearmiss import files
from nearmiss.errors import BookFault, CannotOpen, ErasedMeanwhile, LogbookInUse, NothingLogged
from nearmiss.logbook.lines import (
    Unreadable,
    parse_entry,
    read_backward,
    read_each,
    read_forward,
)
from nearmiss.logbook.mark import (
    BookChanged,
    Glimpse,
    Mark,
    Marks,
    require_same,
    take_glimpse,
    tell_lost,
)
from nearmiss.logbook.tail import NewLines, Tail, mend_tail, read_tail, seal_each
from nearmiss.model.entries import (
    FORMAT,
    Content,
    Correction,
    Entry,
    FollowUp,
    FollowUpFields,
    Opened,
    OpenedFields,
)
from nearmiss.model.ids import EntryId, new_tag

if TYPE_CHECKING:
    from nearmiss.logbook.verify import Check


def _keep_silent(sentence: str) -> None:
    del sentence


@contextmanager
def hold_lock(
    file: Path, wait: float, tell: Callable[[str], None] = _keep_silent
) -> Iterator[None]:
    """Hold the lock of the logbook ``file``, waiting for it at most ``wait`` seconds.

    Where it is being written anew, ``tell`` is told soon that this is waited for. A real lock of
    the system or none: a soft one (a file that merely stands there) would outlive a killed
    program. Raises LogbookInUse, and OSError where no lock can be made.
    """
    from filelock import FileLock, Timeout

    def is_rewritten() -> bool:
        return bool(files.list_abandoned(file.parent, file.name))

    lock = FileLock(f"{file}.lock", mode=0o600, poll_interval=0.01, fallback_to_soft=False)
    soon = min(wait, _TOLD_AFTER)
    try:
        try:
            lock.acquire(timeout=soon)
        except Timeout:
            if is_rewritten():
                tell("Another window is erasing in this logbook. Waiting until it is done.")
            lock.acquire(timeout=wait - soon)
    except Timeout as error:
        raise LogbookInUse(path=file, rewritten=is_rewritten()) from error
    except NotImplementedError as error:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK)) from error
    try:
        yield
    finally:
        # A lock that can't be let go must not deny what was done under it; the system lets it go
        # when the program ends.
        with suppress(OSError):
            try:
                lock.release()
            except OSError:
                lock.release(force=True)


# How this program begins the line of a near miss, and of an incident.
_REPORT = (b'{"entry":"report",', b'{"entry":"incident",')
_ERASED = b'{"entry":"erased","id":"'  # and so that of one whose text is gone
_READER_WAIT = 1.0  # seconds that a reader gives a writer to end its line
_WRITER_WAIT = 10.0  # seconds after which a writer says that the book is in use
_TOLD_AFTER = 0.5  # seconds after which it says what it waits for


# A content to add, with the fields that say where it came from, if it came from elsewhere.
Made = tuple[Content, Mapping[str, Any]]
Make = Callable[[EntryId], Iterable[Made]]  # given the id that the first of them will have


@dataclass(frozen=True)
class Written:
    """What a write did: the new ids in order, and sentences that the carer should read."""

    ids: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass(eq=False)
class Logbook:
    """The logbook at ``path``, which need not be there yet.

    ``marks`` is the folder that says how far it went on this computer; None for a book that is
    looked at in passing. ``can_begin`` says that a new one is wanted where one is gone; ``tell``
    says what a write waits for.
    ``glimpse`` is how it stood when it was looked at: each write is held against that. Reading
    raises BookFault. A line that can't be read is yielded as Unreadable in its place.
    """

    path: Path
    marks: Path | None = None
    can_begin: bool = False
    tell: Callable[[str], None] = _keep_silent
    glimpse: Glimpse | None = None

    @property
    def file(self) -> Path:
        """The file itself, where ``path`` is a link to it. Raises CannotOpen."""
        try:
            return self.path.resolve()
        except (OSError, RuntimeError) as error:
            raise CannotOpen(path=self.path, reason=files.explain(error)) from error

    def exists(self) -> bool:
        """Whether the file is there. Raises CannotOpen where something else stands in its place."""
        try:
            return files.require_ordinary(self.file)
        except OSError as error:
            raise CannotOpen(path=self.path, reason=files.explain(error)) from error

    def read_forward(self, *, reports: bool = True) -> Iterator[Entry | Unreadable]:
        """Yield every entry from the first to the last; without ``reports``, the other kinds.

        A report that another program wrote with its keys in another order is yielded either way.
        """
        with self.open_settled() as (file, size):
            numbered = enumerate(read_forward(file, size), start=1)
            wanted = (
                each for each in numbered if reports or not each[1].content.startswith(_REPORT)
            )
            yield from read_each(file, wanted)

    def read_checked(self, check: "Check") -> Iterator[Entry | Unreadable]:
        """Yield every entry from the first to the last, and check each against its chain.

        After the last of them ``check`` says what is not as it was written.
        """
        from nearmiss.logbook.verify import read_checked

        with self.open_settled() as (file, size):
            yield from read_checked(file, size, check)

    def read_backward(self) -> Iterator[Entry | Unreadable]:
        """Yield every entry from the last to the first."""
        with self.open_settled() as (file, size):
            yield from read_each(file, zip(repeat(0), read_backward(file, size), strict=False))

    @contextmanager
    def open_settled(self, *, require_logbook: bool = True) -> Iterator[tuple[BinaryIO, int]]:
        """Open the file to read it, and say how many of its bytes stood there when it was at rest.

        No file counts as an empty one.
        """
        if not self.exists():
            with Path(os.devnull).open("rb") as nothing:
                yield nothing, 0
            return
        with files.open_careful(self.file, self._explain) as file:
            size = self._settle(file)
            if require_logbook:
                self._require_logbook(file, size)
            yield file, size

    def _explain(self, error: OSError) -> CannotOpen:
        return CannotOpen(path=self.path, reason=files.explain(error))

    def _settle(self, file: BinaryIO) -> int:
        last = next(read_backward(file, _measure(file)), None)
        if last is None or last.ended:
            return _measure(file)
        with suppress(LogbookInUse, OSError), hold_lock(self.file, _READER_WAIT):
            return _measure(file)
        return _measure(file)

    def _require_logbook(self, file: BinaryIO, size: int) -> None:
        if size and not any(parse_entry(line.content) for line in read_forward(file, size)):
            raise BookFault(
                f"{self.path} is not a nearmiss logbook: no line of it can be read as an entry. "
                "It was left as it is. Choose another file with --logbook."
            )

    def append(self, contents: Sequence[Content], by: str, now: datetime) -> Written:
        """Add entries in their order, in one write; all of them are on the disk, or none.

        ``by`` is the author as ``Name, role``; ``now`` is aware. Opens the book where there is
        none. Raises ErasedMeanwhile where one is about an erased entry; BookFault, also where
        that was withdrawn since the book was looked at, or the book is not the one of then. Then
        the file is as it was, or the sentence says that this is not certain. Once the entries are
        on the disk nothing raises.
        """
        return self.append_made(lambda first: [(each, {}) for each in contents], by, now)

    def append_made(self, make: Make, by: str, now: datetime) -> Written:
        """Add what ``make`` returns for the number that the first of its entries will have.

        Each content comes with the fields that say where it came from. Else as ``append``.
        """
        done: list[Written] = []
        try:
            with self.open_to_write(now) as held:
                tag = held.tail.last.tag if held.tail else new_tag()
                first = EntryId(tag, held.highest + 1)
                made: Iterable[Made] = _pass_standing(make(first), held, self.glimpse)
                if held.tail is None:
                    first = EntryId(tag, 0)
                    made = chain([(OpenedFields(format=FORMAT), {})], made)
                lines = NewLines(seal_each(made, by, now, first, held.tail))
                chunks = lines.encode()
                begin = next(chunks, b"")
                if not begin:
                    return Written((), held.notices)
                chunks = chain([begin], chunks)

                def confirm() -> None:
                    done.append(Written(tuple(lines.ids), held.notices))

                if held.file is None:
                    with files.replace_whole(self.file, confirm) as file:
                        file.writelines(chunks)
                else:
                    _write_or_undo(self.path, held, chunks, confirm)
                self.lift_mark(lines.last, held.noted)
        except (Exception, KeyboardInterrupt):
            if not done:  # else it is saved, whatever went wrong since
                raise
        return done[0]

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep other writers out. Raises BookFault, for OSError too."""
        self.exists()
        try:
            files.make_private_folder(self.file.parent)
            with hold_lock(self.file, _WRITER_WAIT, self.tell):
                # Who holds the lock is the only one that writes it.
                files.sweep(self.file.parent, self.file.name, 0.0)
                yield
        except OSError as error:
            raise BookFault(
                f"Not saved in {self.path}: {files.explain(error)}. "
                "The logbook is as it was before."
            ) from error

    @contextmanager
    def open_to_write(self, now: datetime) -> Iterator["Held"]:
        """Keep other writers out, mend the end of the file, and say where the chain goes on.

        Raises what ``append`` raises.
        """
        if not self.exists():
            self.require_same()  # before a folder or a lock is made in its place
        with self.hold():
            if not self.exists():
                self.require_same()
                yield Held(None, 0, None, ())
                return
            descriptor = files.open_private(self.file, os.O_RDWR | os.O_APPEND)
            with files.close_quietly(os.fdopen(descriptor, "rb")) as file:
                self._require_logbook(file, _measure(file))
                stands = self._require_same(file, _measure(file))
                mended = mend_tail(self.file, descriptor, file, _measure(file), now)
                size = _measure(file)
                tail = read_tail(file, size)
                notices = (mended, _tell_damage(tail.damaged if tail else 0))
                highest, noted = 0, list[tuple[int, str]]()
                if tail is not None:
                    due = tail.next
                    highest = max(due.number - 1, self.confirmed.find_highest(due.tag))
                    noted = [*stands.list_broken(), *stands.list_skipped(due, highest)]
                told = tuple(filter(None, notices))
                yield Held(file, size, tail, told, highest, tuple(noted))

    def mend_end(self, now: datetime) -> tuple[str, ...]:
        """Mend what a write that was cut off left at the end; return what the carer should read.

        Raises what ``append`` raises.
        """
        with self.open_to_write(now) as held:
            return held.notices

    @property
    def confirmed(self) -> Marks:
        """What this computer knows of how far books went. Raises CannotOpen."""
        return Marks(self.marks, self.file)

    def lift_mark(self, entry: Mapping[str, Any], noted: tuple[tuple[int, str], ...] = ()) -> None:
        """Note on this computer that the book goes up to an entry; passed over where it fails.

        ``noted`` is what was found out of the book before the entry was written.
        """
        own = EntryId.parse(entry["id"])
        if self.glimpse is not None:
            written = entry.get("written_after") or entry["recorded_at"]
            self.glimpse = replace(self.glimpse, end=own, seal=entry["seal"], written=written)
        with suppress(Exception):
            self.confirmed.lift(own.tag, Mark(own.number, entry["seal"], noted))

    def explain_nothing(self) -> NothingLogged:
        """Return what to say where no report is found: there never was one, or none is left.

        Raises what reading raises.
        """
        was_cut = self.take_glimpse().lost or (self.glimpse and self.glimpse.gap)
        others = (each for each in self.read_forward() if not isinstance(each, Opened))
        return NothingLogged(was_begun=bool(was_cut) or next(others, None) is not None)

    def take_glimpse(self) -> Glimpse:
        """Return how the book stands now. Raises what reading raises."""
        marks = self.confirmed.read()  # before the book is measured: it can only be further on
        with self.open_settled(require_logbook=False) as (file, size):
            return take_glimpse(marks, self.file, file, size)

    def look(self) -> Glimpse:
        """Return how the book stands, which each write is held against from now on.

        Raises what reading raises.
        """
        self.glimpse = None
        self.glimpse = self.take_glimpse()
        return self.glimpse

    def require_same(self) -> None:
        """Check that the book still is the one that was looked at, now. Raises BookFault."""
        with self.open_settled(require_logbook=False) as (file, size):
            now = self._require_same(file, size)
        if self.glimpse is not None and now.end is not None:
            self.glimpse = replace(now, gap=self.glimpse.gap)

    def _require_same(self, file: BinaryIO, size: int) -> Glimpse:
        """Raise BookChanged where the book is not the one that was looked at, or is gone."""
        now = take_glimpse(self.confirmed.read(), self.file, file, size)
        require_same(self.path, self.glimpse or now, now, file, size)
        if now.lost and not self.can_begin:
            raise BookChanged(tell_lost(self.path, now.lost))
        return now


@dataclass(frozen=True)
class Held:
    """A book that is held to be written: its file (None where there is none) and its end.

    ``notices`` are sentences that the carer should read; ``highest`` is the highest number that
    stands or stood in it; ``noted`` is what the mark of the next entry is to say of it.
    """

    file: BinaryIO | None
    size: int
    tail: Tail | None
    notices: tuple[str, ...]
    highest: int = 0
    noted: tuple[tuple[int, str], ...] = ()


def _pass_standing(made: Iterable[Made], held: Held, seen: Glimpse | None) -> Iterator[Made]:
    """Yield what was ``made`` again.

    Raises ErasedMeanwhile where it is about what was erased; BookFault where that was withdrawn,
    or its step done, since the book was ``seen``, but for what comes from elsewhere and papers.
    """
    erased, since = None, list[Entry]()
    for content, origin in made:
        about = list_pointed(content)
        if about and held.file is not None:
            if erased is None:
                held.file.seek(0)
                blank = (each for each in held.file if each.startswith(_ERASED))
                erased = {each.removeprefix(_ERASED).split(b'"')[0].decode() for each in blank}
                since = list(_read_since(held.file, held.size, seen.end if seen else None))
            if about & erased:
                raise ErasedMeanwhile(about=min(about & erased))
            if not (origin or hasattr(content, "reports")):
                _mind_since(content, about, since)
        yield content, origin


def _mind_since(content: Content, about: set[str], since: Iterable[Entry]) -> None:
    """Raise BookFault where what ``content`` is about was withdrawn ``since``, or its step done."""
    gone = set[str]()
    for entry in since:
        if isinstance(entry, Correction) and entry.withdraws and entry.id not in gone:
            gone.add(entry.about)
        if isinstance(entry, FollowUp) and isinstance(content, FollowUpFields):
            ends = {entry.ends, content.ends} - {None}  # without one: the only step that was open
            is_same = entry.about == content.about and len(ends) <= 1
            if is_same and entry.next_done and content.next_done and entry.id not in gone:
                raise BookFault(f"That step of {content.about} was noted as done meanwhile.")
    if about & gone:
        raise BookFault(f"{min(about & gone)} was withdrawn meanwhile, so it no longer counts.")


def _read_since(file: BinaryIO, size: int, seen: EntryId | None) -> Iterator[Entry]:
    """Yield what was written since the entry ``seen``, the newest first."""
    for line in read_backward(file, size) if seen else ():
        entry = parse_entry(line.content)
        if entry and seen and EntryId.parse(entry.id).number <= seen.number:
            return
        if entry:
            yield entry


_POINTING = ("about", "other", "undoes", "ends", "told_of", "reports")


def list_pointed(content: Content | Entry) -> set[str]:
    """Return the ids of the entries that one is about or points at."""
    said = vars(content)
    values = filter(None, map(said.get, _POINTING))
    return {each for value in values for each in ([value] if type(value) is str else value)}


def _tell_damage(lines: int) -> str | None:
    if not lines:
        return None
    count, left = "1 damaged line stands", "It was"
    if lines > 1:
        count, left = f"{lines} damaged lines stand", "They were"
    return (
        f"{count} at the end of the logbook. {left} left as found, and what is saved now follows. "
        "To see what is wrong: nearmiss verify"
    )


def _measure(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _write_or_undo(
    path: Path, held: Held, chunks: Iterable[bytes], confirm: Callable[[], None]
) -> None:
    """Write all at the end and ``confirm``, or have the file as it was. Raises BookFault."""
    descriptor = held.file.fileno() if held.file else -1
    try:
        for chunk in chunks:
            files.write_all(descriptor, chunk)
        confirm()
    except BaseException as error:
        try:
            os.ftruncate(descriptor, held.size)
            files.flush(descriptor)
        except OSError as second:
            raise BookFault(
                f"It is not certain that this was saved in {path}: the disk failed, and failed "
                f"again when it was to be put back ({files.explain(second)}). What stood there "
                "before is safe. Look whether it is there before you save it again: "
                "nearmiss show last"
            ) from error
        raise
