"""A real terminal for tests: the program in it, what is typed, and what is on the screen."""

import os
from pathlib import Path

import pexpect

from tests.program import PROGRAM

ENTER, ESCAPE, NEW_LINE, CTRL_C, CTRL_D = "\r", "\x1b", "\x1b\r", "\x03", "\x04"


_SIZE = ("COLUMNS", "LINES")  # would be believed before the terminal itself


class Terminal:
    """``nearmiss`` with these arguments, in a terminal of ``columns``."""

    def __init__(self, *arguments: str, columns: int = 80, term: str = "xterm-256color") -> None:
        self.keys = 0
        self.child: pexpect.spawn[str] = pexpect.spawn(
            PROGRAM[0],
            [*PROGRAM[1:], *arguments],
            env={name: os.environ[name] for name in os.environ if name not in _SIZE}
            | {"TERM": term},
            dimensions=(40, columns),
            encoding="utf-8",
            timeout=20,
        )

    def see(self, text: str) -> None:
        """Wait until ``text`` is on the screen."""
        self.child.expect_exact(text)

    def type(self, text: str, *, ends: str = ENTER) -> None:
        """Type ``text`` and a key that ends it."""
        self.child.send(text + ends)

    def answer(self, question: str, text: str, *, ends: str = ENTER) -> None:
        """Wait for ``question``, then type."""
        self.see(question)
        self.type(text, ends=ends)

    def answer_anew(self, question: str, text: str) -> None:
        """Wait until ``question`` can be edited, empty the line, then type."""
        self.see(question)
        self.see("Esc: back")
        self.type(f"\x15{text}")

    def finish(self) -> str:
        """Wait for the end of the program; return what was on the screen since the last look."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.before or ""

    @property
    def code(self) -> int | None:
        """The exit code, once the program has ended."""
        return self.child.exitstatus


def name_carer(home: Path) -> None:
    """Let the carer be known, so that nobody asks."""
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "settings.toml").write_text('name = "Maria"\nrole = "carer"\n')
