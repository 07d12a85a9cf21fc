"""What can be wrong with a logbook file, in words."""

from pathlib import Path

from nearmiss.errors import NearmissError


class BookFault(NearmissError):
    """The logbook itself can't be read or written: what was typed is to be kept."""


class CannotOpen(BookFault):
    """The logbook file can't be opened."""

    def __init__(self, *, path: Path | str, reason: str) -> None:
        super().__init__(
            f"The logbook {path} can't be opened: {reason}. Nothing was changed. "
            "Put that right, or choose another file with --logbook."
        )


class NotALogbook(BookFault):
    """The file holds something else."""

    def __init__(self, *, path: Path | str) -> None:
        super().__init__(
            f"{path} is not a nearmiss logbook: no line of it can be read as an entry. "
            "It was left as it is. Choose another file with --logbook."
        )


class NewerLogbook(BookFault):
    """The book was written by a later version, which may hold what this one can't see."""

    def __init__(self) -> None:
        super().__init__(
            "This logbook was written by a newer nearmiss. It was left as it is. "
            "Update nearmiss, then try again."
        )


class LogbookInUse(BookFault):
    """Another program holds the lock for longer than a write takes."""

    def __init__(self, *, path: Path | str, rewritten: bool = False) -> None:
        why = (
            "is being written anew, without what is erased from it. Nothing else was written. "
            "Wait until that is done, then try again."
            if rewritten
            else "is in use by another program. Nothing was written. "
            "Close the other program, then try again."
        )
        super().__init__(f"The logbook {path} {why}")


class BookIsFull(BookFault):
    """The last number that an entry can have is taken."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was written: this logbook has no number left for another entry. "
            "Begin a new one with --logbook FILE; this one can still be read."
        )


class CannotSave(BookFault):
    """The entry could not be written; the file is as it was."""

    def __init__(self, *, path: Path | str, reason: str) -> None:
        super().__init__(f"Not saved in {path}: {reason}. The logbook is as it was before.")


class MayStand(BookFault):
    """The write failed, and what was written of it could not be taken back."""

    def __init__(self, *, path: Path | str, reason: str) -> None:
        super().__init__(
            f"It is not certain that this was saved in {path}: the disk failed, and failed again "
            f"when it was to be put back ({reason}). What stood there before is safe. "
            "Look whether it is there before you save it again: nearmiss show last"
        )
