"""Lines of the logbook that could not be read, or were changed, in words."""

from collections.abc import Collection, Iterable

from nearmiss.logbook.parsing import Unreadable
from nearmiss.speech import join_words

_NAMED = 9  # lines that are named one by one


def describe_damage(damaged: Iterable[Unreadable]) -> str:
    """Return a sentence that names the lines which could not be read, of which there are some."""
    return f"{_name_lines({each.line for each in damaged})} of the logbook can't be read."


def describe_changed(lines: Collection[int]) -> str:
    """Return a sentence that names the lines which are not as written, of which there are some."""
    changed = "was changed since it was" if len(lines) == 1 else "were changed since they were"
    return f"{_name_lines(lines)} of the logbook {changed} written."


def _name_lines(numbers: Collection[int]) -> str:
    lines = [str(number) for number in sorted(numbers)]
    more = len(lines) - _NAMED
    shown = [*lines[:_NAMED], f"{more} more"] if more > 1 else lines
    noun = "Line" if len(lines) == 1 else "Lines"
    return f"{noun} {join_words(shown)}"
