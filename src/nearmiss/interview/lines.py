"""Lines read from the keyboard as they are typed, and nothing on the screen painted again.

The terminal's own line mode would put the codes of arrow keys into the text, cut a line off at
4,095 bytes, and hand the lines of a paste out as if they had been typed one by one.
"""

import codecs
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from nearmiss.interview.rows import find_clusters, measure
from nearmiss.text import show_safely

_TYPED_WAIT = 0.05  # seconds after Enter in which more can only be a paste
_PASTED_WAIT = 0.4  # the same where the line itself came too fast to be typed
_PASTED = 8  # characters that come at once: nobody types so fast
_CODES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?", re.DOTALL)  # arrow keys and the like
_BEGUN = re.compile(r"\x1b(?:\[[0-?]*)?$")  # one of them that has not arrived whole
_AN_ENTER = "\r\n"


def read_answer_lines() -> list[str]:
    """Return the line that was typed, or the lines that were pasted.

    Raises KeyboardInterrupt or EOFError.
    """
    if sys.platform == "win32" or not sys.stdin.isatty():
        return _read_cooked()
    with _unechoed(sys.stdin.fileno()):
        return _Reader(sys.stdin.fileno()).read()


def _read_cooked() -> list[str]:
    """Read where the console itself edits the line, as on Windows."""
    lines = [_read_cooked_line()]
    while _is_waiting_cooked():
        lines.append(_read_cooked_line())
    return lines


def _read_cooked_line() -> str:
    print("> ", end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\r\n")


def _is_waiting_cooked() -> bool:
    if sys.platform == "win32":
        import msvcrt

        time.sleep(_TYPED_WAIT)
        return bool(msvcrt.kbhit())
    return False


@contextmanager
def _unechoed(descriptor: int) -> Iterator[None]:
    """Have each key as it is pressed; Ctrl-C still stops."""
    if sys.platform == "win32":
        raise AssertionError
    import termios

    before = termios.tcgetattr(descriptor)
    now = termios.tcgetattr(descriptor)
    now[3] &= ~(termios.ICANON | termios.ECHO)
    termios.tcsetattr(descriptor, termios.TCSADRAIN, now)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


class _Reader:
    """Reads one answer from a terminal that tells each key."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._lines = [""]
        self._waiting = ""  # came together with the end of a line
        self._was_pasted = False

    def read(self) -> list[str]:
        """Return the lines of the answer. Raises KeyboardInterrupt or EOFError."""
        _show("> ")
        while True:
            came = self._waiting or self._receive()
            self._waiting = ""
            while _BEGUN.search(came) and self._comes_more():
                came += self._receive()
            self._was_pasted = self._was_pasted or len(came) >= _PASTED
            if self._take(_CODES.sub("", came)):
                return self._lines

    def _receive(self) -> str:
        data = os.read(self._descriptor, 65536)
        if not data:
            raise EOFError
        return self._decode(data)

    def _take(self, came: str) -> bool:
        """Take what came; return whether the answer ended with it."""
        for at, key in enumerate(came):
            if key in _AN_ENTER:
                _show("\n")
                self._waiting = came[at + 1 :].removeprefix("\n" if key == "\r" else "")
                if not self._waiting and not self._comes_more():
                    return True
                self._lines.append("")
                _show("> ")
                return False
            self._press(key)
        return False

    def _comes_more(self) -> bool:
        import select

        wait = _PASTED_WAIT if self._was_pasted else _TYPED_WAIT
        return bool(select.select([self._descriptor], [], [], wait)[0])

    def _press(self, key: str) -> None:
        line = self._lines[-1]
        if key in "\x7f\x08":
            if line:
                self._rub_out(line, find_clusters(line)[-2])
        elif key == "\x04":
            if not line:
                raise EOFError
        elif key == "\x15":
            self._rub_out(line, 0)
        elif key >= " " or key == "\t":
            self._lines[-1] += key
            _show(show_safely(key))

    def _rub_out(self, line: str, start: int) -> None:
        cells = measure(line[start:])
        self._lines[-1] = line[:start]
        _show("\b" * cells + " " * cells + "\b" * cells)


def _show(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)
