"""Lines of the logbook that could not be read, in words."""

from collections.abc import Iterable

from nearmiss.logbook.parsing import Unreadable
from nearmiss.speech import join_words

_NAMED = 9  # lines that are named one by one


def describe_damage(damaged: Iterable[Unreadable]) -> str:
    """Return a sentence that names the lines which could not be read, of which there are some."""
    lines = [str(number) for number in sorted({each.line for each in damaged})]
    more = len(lines) - _NAMED
    shown = [*lines[:_NAMED], f"{more} more"] if more > 1 else lines
    noun = "Line" if len(lines) == 1 else "Lines"
    return f"{noun} {join_words(shown)} of the logbook can't be read."
