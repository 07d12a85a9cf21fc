"""A screen for tests: what is seen on it, and where the cursor stands."""

import time
from pathlib import Path
from typing import Any

from tests.interview.terminal import Terminal

_SECONDS = 20.0
_QUIET = 0.25  # seconds without a change after which a screen is taken for painted


class Screen(Terminal):
    """A terminal whose screen can be read, of ``columns`` and ``rows``."""

    def __init__(self, *arguments: str, columns: int = 80, rows: int = 24) -> None:
        super().__init__(*arguments, columns=columns)
        import pyte

        self.child.setwinsize(rows, columns)
        self._screen: Any = pyte.Screen(columns, rows)
        self._stream: Any = pyte.Stream(self._screen)

    def look(self) -> list[str]:
        """Return the rows of the screen once nothing more is painted."""
        import pexpect

        until = time.monotonic() + _SECONDS
        quiet = 0.0
        while quiet < _QUIET and time.monotonic() < until:
            try:
                self._stream.feed(self.child.read_nonblocking(65536, timeout=0.05))
                quiet = 0.0
            except pexpect.TIMEOUT:
                quiet += 0.05
            except pexpect.EOF:
                break
        return [row.rstrip() for row in self._screen.display]

    def wait(self, text: str) -> list[str]:
        """Return the rows of the screen as soon as ``text`` stands on it."""
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            rows = self.look()
            if text in "\n".join(rows):
                return rows
        raise AssertionError(f"never seen: {text}\n" + "\n".join(self.look()))

    def press(self, *keys: str) -> list[str]:
        """Type ``keys`` one after the other; return the screen that comes of it."""
        for key in keys:
            self.child.send(key)
        return self.look()

    def resize(self, columns: int, rows: int) -> None:
        """Let the window have another size."""
        self._screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    @property
    def cursor(self) -> tuple[int, int]:
        """The row and the column that the cursor stands on."""
        return self._screen.cursor.y, self._screen.cursor.x


def read_home(home: Path) -> str:
    """Return all that is written under ``home``, for looking whether something was left there."""
    return "\n".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(home.rglob("*"))
        if path.is_file()
    )
