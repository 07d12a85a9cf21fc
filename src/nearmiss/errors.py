"""What can go wrong, in words: each kind of error holds its sentence and its exit code."""

from typing import ClassVar


class NearmissError(Exception):
    """Something the carer must be told: what is wrong, what was kept, what to do.

    A kind of error is a subclass with a ``sentence``; the facts it names are given by keyword.
    """

    sentence: ClassVar[str] = "{detail}"
    exit_code: ClassVar[int] = 1

    def __init__(self, **facts: object) -> None:
        super().__init__(self.sentence.format(**facts))


class UsageProblem(NearmissError):
    """What was given must be changed: an option, a date, a field, a record."""

    exit_code = 2


class NotFound(NearmissError):
    """No entry has the reference that was given."""

    sentence = "No entry {reference} in this logbook.{guess} To see what there is: nearmiss list"


class NothingLogged(NearmissError):
    """The logbook holds no report yet."""

    sentence = "There is no report in this logbook yet. To write the first: nearmiss log"


class FileExists(NearmissError):
    """A file would be written over."""

    sentence = "{path} is already there and was left as it is. Choose another name or add --force."


class CannotWrite(NearmissError):
    """A document or an export could not be written."""

    sentence = "Could not write {path}: {reason}. Nothing was left there. Try another place with -o"


class CannotRead(NearmissError):
    """A file that the carer named could not be read."""

    sentence = "Could not read {path}: {reason}. Nothing was changed."
