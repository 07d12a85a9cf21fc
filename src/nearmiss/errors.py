"""What can go wrong, in words: each kind of error holds its sentence and its exit code."""

from pathlib import Path
from typing import ClassVar


class NearmissError(Exception):
    """Something the carer must be told: what is wrong, what was kept, what to do."""

    exit_code: ClassVar[int] = 1

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)


class SteppedBack(Exception):
    """The carer went back from a question; where nothing is before it, out of the program."""


class UsageProblem(NearmissError):
    """What was given must be changed: an option, a date, a field, a record."""

    exit_code = 2


class NothingLogged(NearmissError):
    """The logbook holds no report yet; or none is left, or the book is gone (``was_begun``)."""

    def __init__(self, *, was_begun: bool = False) -> None:
        self.was_begun = was_begun
        first = "There is no report in this logbook yet. To write the first: nearmiss log"
        super().__init__("There is no report here that can be read." if was_begun else first)


class CannotWrite(NearmissError):
    """A document or an export could not be written."""

    def __init__(self, *, path: Path | str, reason: str) -> None:
        super().__init__(
            f"Could not write {path}: {reason}. Nothing was left there. Try another place with -o"
        )


class CannotRead(NearmissError):
    """A file that the carer named could not be read."""

    def __init__(self, *, path: Path | str, reason: str) -> None:
        super().__init__(f"Could not read {path}: {reason}. Nothing was changed.")


class BookFault(NearmissError):
    """The logbook itself can't be read or written: what was typed is to be kept."""


class ErasedMeanwhile(NearmissError):
    """What an entry is about was erased: it is not written, and its words are not kept."""

    def __init__(self, *, about: str) -> None:
        super().__init__(f"The text of {about} was erased, so nothing is added to it.")


class CannotOpen(BookFault):
    """The logbook file can't be opened."""

    def __init__(self, *, path: Path | str, reason: str) -> None:
        super().__init__(
            f"The logbook {path} can't be opened: {reason}. Nothing was changed. "
            "Put that right, or choose another file with --logbook."
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
