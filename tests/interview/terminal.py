"""A real terminal for tests: the program in it, what is typed, and what is on the screen."""

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.program import PROGRAM

if TYPE_CHECKING:
    import pexpect

ENTER, ESCAPE, NEW_LINE, CTRL_C, CTRL_D = "\r", "\x1b", "\x1b\r", "\x03", "\x04"


_SIZE = ("COLUMNS", "LINES")  # would be believed before the terminal itself


def _heed_interrupts() -> None:
    """Let Ctrl-C reach the program: what a script starts in the background ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """``nearmiss`` with these arguments, in a terminal of ``columns``.

    A test that makes one is skipped on Windows, which has no such terminals.
    """

    child: "pexpect.spawn[str]"

    def __init__(self, *arguments: str, columns: int = 80, term: str = "xterm-256color") -> None:
        if sys.platform == "win32":
            pytest.skip("needs a terminal of its own")
        import pexpect

        self.child = pexpect.spawn(
            PROGRAM[0],
            [*PROGRAM[1:], *arguments],
            env={"PAGER": "cat"}  # nobody turns its pages
            | {name: os.environ[name] for name in os.environ if name not in _SIZE}
            | {"TERM": term},
            dimensions=(40, columns),
            preexec_fn=_heed_interrupts,
            encoding="utf-8",
            timeout=20,
        )
        # Every test sees a question before it answers; there is nothing to wait for beside.
        self.child.delaybeforesend = None
        terminal: Any = self.child
        terminal.ptyproc.delayafterclose = 0

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

    def save(self) -> str:
        """Save at the review and say that nothing is next; return what was on the screen then."""
        self.answer("Save this report?", "")
        self.answer("What next?", "")
        return self.finish()

    def finish(self) -> str:
        """Wait for the end of the program; return what was on the screen since the last look."""
        import pexpect

        self.child.expect(pexpect.EOF)
        self.child.wait()
        self.child.close()
        return self.child.before or ""

    @property
    def code(self) -> int | None:
        """The exit code, once the program has ended."""
        return self.child.exitstatus


def name_carer(home: Path) -> None:
    """Let the carer be known, so that nobody asks."""
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "settings.toml").write_text(
        'name = "Maria"\nrole = "carer"\nphone = "020 7946 0000"\n'
    )
