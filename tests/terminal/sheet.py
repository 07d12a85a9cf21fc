"""A terminal inside the test: questions put in this process, their keys, and what is seen."""

import io
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pyte
import pytest
from prompt_toolkit.application import Application
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from nearmiss.terminal.asking import Asker
from nearmiss.terminal.plain import PlainAsker
from nearmiss.terminal.prompt import PromptAsker

_SECONDS = 20.0


class Sheet:
    """Questions put by a painting asker, on a screen of ``columns`` and ``rows``."""

    def __init__(self, pipe: Any, columns: int, rows: int) -> None:
        self._pipe = pipe
        self._size = Size(rows, columns)
        self._lock = threading.Condition()
        self._screen: Any = pyte.Screen(columns, rows)
        self._stream: Any = pyte.Stream(self._screen)
        self._apps: list[Application[Any]] = []
        self._thread: threading.Thread | None = None
        self.answer: Any = None
        self.left: BaseException | None = None
        self.asker = PromptAsker()
        self.asker._input = pipe
        self.asker._output = Vt100_Output(self, lambda: self._size, term="xterm")  # type: ignore[arg-type]
        make_app = self.asker._make_app

        def keep_app(*arguments: Any, **options: Any) -> Application[Any]:
            self._apps.append(make_app(*arguments, **options))
            return self._apps[-1]

        self.asker._make_app = keep_app  # type: ignore[method-assign]

    def write(self, text: str) -> None:
        """Show ``text``, as the file that the output writes to."""
        with self._lock:
            self._stream.feed(text)
            self._lock.notify()

    def flush(self) -> None:
        """Do nothing: all is shown at once."""

    def isatty(self) -> bool:
        """Whether it answers where its cursor stands."""
        return True

    def fileno(self) -> int:
        """Raise OSError: there is no file."""
        raise OSError

    def begin(self, put: Callable[[Asker], Any]) -> None:
        """Let ``put`` ask what it asks; its answer, or how it was left, is kept."""

        def run() -> None:
            try:
                self.answer = put(self.asker)
            except BaseException as left:
                self.left = left

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def press(self, keys: str) -> None:
        """Type ``keys``."""
        self._pipe.send_text(keys)

    def look(self) -> list[str]:
        """Return the rows of the screen as they are now."""
        with self._lock:
            return [row.rstrip() for row in self._screen.display]

    def wait(self, seen: str | Callable[[list[str]], bool]) -> list[str]:
        """Return the rows of the screen as soon as they hold, or are, what is to be ``seen``."""
        fits = seen if callable(seen) else lambda rows: seen in "\n".join(rows)
        until = time.monotonic() + _SECONDS
        with self._lock:
            while not fits(rows := self.look()):
                assert self.left is None, self.left
                assert time.monotonic() < until, "\n".join((f"never seen: {seen}", *rows))
                self._lock.wait(0.1)
        return rows

    def wait_for_answer(self, *lines: str) -> list[str]:
        """Return the screen as soon as these are the rows of the answer."""
        return self.wait(lambda rows: read_answer(rows) == list(lines))

    def wait_for_cursor(self, row: int, column: int) -> None:
        """Return as soon as the cursor stands there."""
        self.wait(lambda rows: self.cursor == (row, column))

    def resize(self, columns: int, rows: int) -> None:
        """Let the window have another size."""
        with self._lock:
            self._size = Size(rows, columns)
            self._screen.resize(rows, columns)
        app = self._apps[-1]
        assert app.loop is not None
        app.loop.call_soon_threadsafe(app._on_resize)

    def finish(self) -> Any:
        """Return the answer once all was asked; raise how it was left."""
        assert self._thread is not None
        self._thread.join(_SECONDS)
        assert not self._thread.is_alive(), "\n".join(self.look())
        if self.left is not None:
            raise self.left
        return self.answer

    @property
    def cursor(self) -> tuple[int, int]:
        """The row and the column that the cursor stands on."""
        with self._lock:
            return self._screen.cursor.y, self._screen.cursor.x


def read_answer(rows: list[str]) -> list[str]:
    """Return the rows of the answer that is being written."""
    at = max((number for number, row in enumerate(rows) if row.startswith(">")), default=len(rows))
    return [row[2:] for row in rows[at:] if row]


@contextmanager
def open_sheet(
    put: Callable[[Asker], Any], columns: int = 80, rows: int = 24, *, seen: str = "Enter: "
) -> Iterator[Sheet]:
    """Let ``put`` ask on a new sheet, once the first question is ``seen``."""
    with create_pipe_input() as pipe:
        sheet = Sheet(pipe, columns, rows)
        sheet.begin(put)
        sheet.wait(seen)
        yield sheet


def open_terminal() -> tuple[int, int]:
    """Return both ends of a terminal. A test that needs one is skipped on Windows."""
    if sys.platform == "win32":
        pytest.skip("needs a terminal of its own")
    return os.openpty()


class Lines:
    """Questions put one line after the other, at a terminal of this process's own."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self._master, self._slave = open_terminal()
        self._shown = io.StringIO()
        self._seen = 0
        self._thread: threading.Thread | None = None
        self.answer: Any = None
        self.left: BaseException | None = None

    def begin(self, put: Callable[[Asker], Any]) -> str:
        """Let ``put`` ask what it asks; return the first question.

        Its answer, or how it was left, is kept.
        """

        self._patch.setattr(sys, "stdin", os.fdopen(self._slave, encoding="utf-8"))
        self._patch.setattr(sys, "stderr", self._shown)

        def run() -> None:
            try:
                self.answer = put(PlainAsker())
            except BaseException as left:
                self.left = left

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        return self.see("> ")

    def see(self, text: str) -> str:
        """Return what is shown up to ``text``, once it is, since the last that was seen."""
        until = time.monotonic() + _SECONDS
        while (at := self._shown.getvalue().find(text, self._seen)) < 0:
            shown = self._shown.getvalue()[self._seen :]
            assert time.monotonic() < until, f"never seen: {text}\n{shown}"
            time.sleep(0.002)
        before, self._seen = self._shown.getvalue()[self._seen : at], at + len(text)
        return before

    def type(self, text: str) -> None:
        """Type ``text`` and Enter."""
        self.press(f"{text}\n")

    def press(self, keys: str) -> None:
        """Type ``keys``."""
        os.write(self._master, keys.encode())

    def finish(self) -> Any:
        """Return the answer once all was asked; raise how it was left."""
        assert self._thread is not None
        self._thread.join(_SECONDS)
        assert not self._thread.is_alive(), self._shown.getvalue()[self._seen :]
        if self.left is not None:
            raise self.left
        return self.answer
