"""What is longer than the screen, a page at a time."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

# How less behaves where the carer has not said so, and how to leave it: it says that nowhere else.
_LESS = r"-FRX -Psspace\: next page, b\: back, q\: done$"
_KEEPS_COLOUR = ("less", "cat")  # another program may show the codes of colours as letters


def show(print_on: "Callable[[Console], None]", *, decorated: bool) -> None:
    """Show on stdout, a terminal, what ``print_on`` prints; through a pager where it is longer.

    Where it is not ``decorated``, without colours, and as it is.
    """
    from rich.console import Console

    if not decorated:
        print_on(Console(highlight=False, no_color=True, color_system=None))
        return
    console = Console(highlight=False)
    text = _render(console, print_on)
    if text.count("\n") < console.height or not _page(text, console, print_on):
        sys.stdout.write(text)
        sys.stdout.flush()


def _render(console: "Console", print_on: "Callable[[Console], None]") -> str:
    with console.capture() as captured:
        print_on(console)
    return captured.get()


def _page(text: str, console: "Console", print_on: "Callable[[Console], None]") -> bool:
    """Show ``text`` in the carer's pager; return whether that was done."""
    command = find_pager()
    if not command:
        return False
    if os.path.basename(command[0]).removesuffix(".exe") not in _KEEPS_COLOUR:  # noqa: PTH119
        from rich.console import Console

        colourless = Console(highlight=False, no_color=True, width=console.width, color_system=None)
        text = _render(colourless, print_on)
    return _feed(command, text.encode(sys.stdout.encoding or "utf-8", "replace"))


def find_pager() -> list[str]:
    """Return the command that shows text a page at a time; empty where there is none."""
    chosen = os.environ.get("PAGER")
    if chosen is None:
        return ["less", "-FRX"] if shutil.which("less") else []
    with suppress(ValueError):  # a quotation mark that is never closed
        return shlex.split(chosen)
    return []


def _feed(command: list[str], data: bytes) -> bool:
    """Run a pager over ``data``; return whether it looked at any of it."""
    environment = {"LESS": _LESS, "LESSCHARSET": "utf-8", **os.environ}
    with suppress(OSError), _leave_interrupts_to_pager():
        if sys.platform == "linux":
            # A file that lies in memory alone shows how far it was read; a pipe would not.
            with os.fdopen(os.memfd_create("pages"), "w+b") as file:
                file.write(data)
                file.seek(0)
                subprocess.run(command, stdin=file, env=environment, check=False)  # noqa: S603
                return os.lseek(file.fileno(), 0, os.SEEK_CUR) > 0
        return subprocess.run(command, input=data, env=environment, check=False).returncode == 0  # noqa: S603
    return False


@contextmanager
def _leave_interrupts_to_pager() -> Iterator[None]:
    """Let Ctrl-C end a search in the pager, not the program that waits for it."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
