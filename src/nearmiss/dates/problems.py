"""What is wrong with a date as it was typed, in words."""

from collections.abc import Iterator
from contextlib import contextmanager

from nearmiss.dates._phrase import RefusedError
from nearmiss.errors import UsageProblem
from nearmiss.text import show_safely

_SHOWN = 40  # characters of what was typed that a message repeats


class DateNotUnderstood(UsageProblem):
    """A date or time that is not taken: unknown, ambiguous, impossible, or on the wrong side."""

    def __init__(self, *, problem: str, typed: str, advice: str) -> None:
        super().__init__(f'{problem}: "{typed}". {advice}')


@contextmanager
def explain(typed: str, examples: str) -> Iterator[None]:
    """Turn a RefusedError into the DateNotUnderstood that says it to a carer.

    ``examples`` are shown where there is no reason.
    """
    try:
        yield
    except RefusedError as refused:
        advice = str(refused)
        raise DateNotUnderstood(
            problem="Please check" if advice else "Not understood",
            typed=_show(typed),
            advice=advice or examples,
        ) from None


def _show(typed: str) -> str:
    line = " ".join(typed.split())
    shown = show_safely(line[:_SHOWN])
    return shown if len(line) <= _SHOWN else f"{shown}..."
