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


class UsageProblem(NearmissError):  # noqa: N818 - its sentence is shown, not its name
    """What was given must be changed: an option, a date, a field, a record."""

    exit_code = 2
