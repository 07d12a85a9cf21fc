"""Questions one line after the other: for screen readers, and where nothing else is possible.

The terminal's own line mode would put the codes of arrow keys into the text, cut a line off at
4,095 bytes, and hand the lines of a paste out as if they had been typed one by one.
"""

import codecs
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TypeVar

from nearmiss.speech import say
from nearmiss.terminal.asking import Asked, Choice, GoBack
from nearmiss.terminal.menu import PASTED, PASTED_WAIT, TYPED_WAIT
from nearmiss.terminal.rows import find_clusters, measure
from nearmiss.text import show_safely

_CODES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?", re.DOTALL)  # arrow keys and the like
_BEGUN = re.compile(r"\x1b(?:\[[0-?]*)?$")  # one of them that has not arrived whole
_AN_ENTER = "\r\n"


def read_answer_lines() -> list[str]:
    """Return the line that was typed, or the lines that were pasted."""
    if sys.platform == "win32" or not sys.stdin.isatty():
        return _read_cooked()
    with _unechoed(sys.stdin.fileno()):
        return _KeyReader(sys.stdin.fileno()).read()


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

        time.sleep(TYPED_WAIT)
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
        with suppress(termios.error):  # the window may be gone
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


class _KeyReader:
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
            self._was_pasted = self._was_pasted or len(came) >= PASTED
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

        wait = PASTED_WAIT if self._was_pasted else TYPED_WAIT
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


_Value = TypeVar("_Value")
_KEPT = "Each line is on the disk as soon as you press Enter."
_MORE = "+"  # at the end of a line: another line of the same answer follows


class PlainAsker:
    """Asks on lines of their own; nothing on the screen is ever painted again."""

    def __init__(self) -> None:
        self._has_told_kept = False
        self._about = ""  # what was said last of what the questions are about

    def ask(self, asked: Asked) -> str:
        """Return what was typed. Raises GoBack, KeyboardInterrupt or EOFError."""
        kept = "" if self._has_told_kept or not asked.is_kept else _KEPT
        self._has_told_kept = self._has_told_kept or asked.is_kept
        self._say_about(asked.about)
        for line in _describe(asked, kept):
            say(line)
        typed = _read_text(asked)
        if typed.strip():
            return "" if asked.shape == "list" and typed.strip().casefold() == "none" else typed
        return _what_stands(asked) or asked.suggestion

    def choose(self, choice: Choice[_Value]) -> _Value:
        """Return the value of the option that was taken. Raises GoBack or Stopped."""
        return self._choose(choice, [], lambda typed: [typed])[0]

    def choose_several(self, choice: Choice[_Value]) -> tuple[_Value, ...]:
        """Return the values of those that were named. Raises GoBack or Stopped."""
        such = "Letters with spaces between them, such as a c."
        if not choice.unasked:
            such = "Numbers with spaces between them, such as 1 3."
        return self._choose(choice, [such], lambda typed: typed.replace(",", " ").split() or [""])

    def _choose(
        self, choice: Choice[_Value], keys: list[str], split: Callable[[str], list[str]]
    ) -> tuple[_Value, ...]:
        while True:
            self._offer(choice, [*keys, *_name_choice_keys(choice)])
            typed = _read_choice(choice)
            found = [choice.find(each) for each in split(typed)]
            named = [each for each in found if each is not None]
            alone = any(choice.options[each].key for each in named) and len(named) > 1
            if len(named) == len(found) and not alone:
                return tuple(choice.options[each].value for each in sorted(set(named)))
            choice = replace(choice, chosen=None)  # Enter alone takes nothing after a refusal
            say(choice.refuse(typed))

    def _say_about(self, about: str) -> None:
        say()
        if about and about != self._about:
            say(about)
        self._about = about

    def _offer(self, choice: Choice[_Value], keys: list[str]) -> None:
        self._say_about(choice.about)
        marked = [
            f"{mark} {show_safely(option.label)}"
            for mark, option in zip(choice.marks, choice.options, strict=True)
        ]
        if choice.needs_enter_alone:  # the question has said so, and what it takes
            marked = []
        row, rows = ([f"{', '.join(marked)}."], []) if choice.in_a_row and marked else ([], marked)
        say(_join(_head(choice.ask, choice.progress), choice.help, *row, *keys))
        for line in rows:
            say(line)

    def stop(self) -> None:
        """End the question: nothing else is running that could be disturbed."""
        raise KeyboardInterrupt


def _head(ask: str, progress: str) -> str:
    return f"{progress}. {ask}" if progress else ask


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _what_stands(asked: Asked) -> str:
    """Return what Enter alone keeps: never what was just refused."""
    return asked.earlier if asked.refused else asked.typed or asked.earlier


def _describe(asked: Asked, kept: str) -> list[str]:
    keys = [*_name_keys(asked), kept]
    now = _what_stands(asked)
    lines = [_join(_head(asked.ask, asked.progress), asked.tell_help(now), *keys)]
    lines += [f"{number} {show_safely(each)}" for number, each in enumerate(asked.offers, start=1)]
    return [*lines, f"Now: {now}"] if now else lines


def _name_keys(asked: Asked) -> list[str]:
    keys = [] if asked.shape == "line" else ["Enter ends it; + at the end of a line: one more."]
    if _what_stands(asked):
        keys.append("Enter alone keeps it.")
        keys += ["none empties it."] if asked.shape == "list" else []
    elif asked.suggestion:
        keys.append(f"Enter alone takes: {show_safely(asked.suggestion)}.")
    return [*keys, *_name_common_keys(asked.example, "back" if asked.can_go_back else "")]


def _name_choice_keys(choice: Choice[_Value]) -> list[str]:
    keys = []
    if choice.chosen is not None:
        keys.append(f"Enter alone takes: {show_safely(choice.options[choice.chosen].label)}.")
    return [*keys, *_name_common_keys(choice.example, choice.back if choice.can_go_back else "")]


def _name_common_keys(example: str, back: str) -> list[str]:
    keys = ["For an example, type ? and Enter."] if example else []
    if back:
        keys.append(f"To {'go back' if back == 'back' else back}, type < and Enter.")
    return keys


def _read_choice(choice: Choice[_Value]) -> str:
    while True:
        typed = "\n".join(read_answer_lines()).strip()  # a paste is one answer here too
        if typed == "<" and choice.can_go_back:
            raise GoBack
        if typed != "?" or not choice.example:
            return typed
        say(f"Example: {choice.example}")


def _read_text(asked: Asked) -> str:
    """Read one answer. What was pasted with it, or announced by a +, is a part of it."""
    lines = read_answer_lines()
    while [each.strip() for each in lines] == ["?"]:  # but "?UTI" is an answer
        say(f"Example: {asked.example}" if asked.example else "No example is given here.")
        lines = read_answer_lines()
    while asked.shape != "line" and lines[-1].endswith(_MORE):
        lines[-1] = lines[-1].removesuffix(_MORE)
        asked.keep("\n".join(lines))
        lines += read_answer_lines()
    return "\n".join(lines)
