"""A screen for tests: what is seen on it, and where the cursor stands."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.interview.terminal import Terminal

_SECONDS = 20.0


class Screen(Terminal):
    """A terminal whose screen can be read, of ``columns`` and ``rows``."""

    def __init__(self, *arguments: str, columns: int = 80, rows: int = 24) -> None:
        super().__init__(*arguments, columns=columns)
        import pyte

        self.child.setwinsize(rows, columns)
        self._screen: Any = pyte.Screen(columns, rows)
        self._stream: Any = pyte.Stream(self._screen)

    def until(self, fits: Callable[[list[str]], bool]) -> list[str]:
        """Return the rows of the screen as soon as they are as wanted."""
        import pexpect

        until = time.monotonic() + _SECONDS
        while True:
            with suppress(pexpect.TIMEOUT, pexpect.EOF):
                self._stream.feed(self.child.read_nonblocking(65536, timeout=0.02))
            rows = [row.rstrip() for row in self._screen.display]
            if fits(rows):
                return rows
            assert time.monotonic() < until, "\n".join(("never seen, but:", *rows))

    def wait(self, text: str) -> list[str]:
        """Return the rows of the screen as soon as ``text`` stands on it."""
        return self.until(lambda rows: text in "\n".join(rows))
