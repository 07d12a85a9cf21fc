"""Signals that end the program: a closed window, a shutdown. A question ends as by Ctrl-C."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nearmiss.interview.asking import Asker


@contextmanager
def stop_on_signals(find_asker: Callable[[], Asker]) -> Iterator[list[int]]:
    """Let a closed window or a shutdown end the question that is being put.

    Yields the signals that came. What stood outside is told of them at the end.
    """
    came: list[int] = []

    def stop(number: int, frame: object) -> None:
        del frame
        came.append(number)
        find_asker().stop()

    numbers = [getattr(signal, name) for name in ("SIGHUP", "SIGTERM") if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        outer = before[came[0]] if came else None
        if callable(outer):
            outer(came[0], None)
