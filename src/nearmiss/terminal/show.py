"""What is longer than the screen, what another program opens, and a sign that work goes on."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

_WITHOUT_COLOURS: Any = {"no_color": True, "color_system": None}
# How less behaves where the carer has not said so, and how to leave it: it says that nowhere else.
_LESS = r"-FRX -Ps?eb\: back, q\: done:space\: next page, b\: back, q\: done.$"
# After an Esc, less takes the next key for a part of a longer one that it does not know.
_AFTER_ESCAPE = {
    "q": "quit",
    r"\s": "forw-screen",
    "b": "back-screen",
    r"\r": "forw-line",
    "j": "forw-line",
    "k": "back-line",
    "/": "forw-search",
    "h": "help",
}
_KEEPS_COLOUR = ("less", "cat")  # another program may show the codes of colours as letters


def show_paged(print_on: "Callable[[Console], None]", *, decorated: bool) -> None:
    """Show what ``print_on`` prints; if ``decorated``, in colour and through a pager where long."""
    from rich.console import Console

    console = Console(highlight=False, **({} if decorated else _WITHOUT_COLOURS))
    with console.capture() as captured:
        print_on(console)
    text = captured.get()
    if not decorated:  # a screen reader would read out the spaces that fill a line
        text = re.sub(r"[ ]+$", "", text, flags=re.MULTILINE)
    if not decorated or text.count("\n") < console.height or not _page(text):
        sys.stdout.write(text)
        sys.stdout.flush()


def _page(text: str) -> bool:
    command = find_pager()
    if not command:
        return False
    if os.path.basename(command[0]).removesuffix(".exe") not in _KEEPS_COLOUR:  # noqa: PTH119
        text = re.sub(r"\x1b\[[\d;]*m", "", text)
    data = text.encode(sys.stdout.encoding or "utf-8", "replace")
    with suppress(OSError), _leave_interrupts_to_pager(), _name_keys() as keys:
        named = {"LESS": _LESS, "LESSCHARSET": "utf-8", "LESSKEYIN": keys}
        # In less, "s" writes what is read to a file, and "v" and "!" hand it to other programs.
        environment = {**named, **os.environ, "LESSSECURE": "1"}
        return subprocess.run(command, input=data, env=environment, check=False).returncode == 0  # noqa: S603
    return False


@contextmanager
def _name_keys() -> Iterator[str]:
    """Yield a file that tells less what its keys mean after an Esc; the carer's own, if any."""
    own = [Path.home() / each for each in (".lesskey", ".config/lesskey")]
    if found := next((str(each) for each in own if each.exists()), None):
        yield found
        return
    with TemporaryDirectory() as folder:
        keys = Path(folder, "keys")
        lines = (f"\\e{key} {action}\n" for key, action in _AFTER_ESCAPE.items())
        keys.write_text(f"#command\n{''.join(lines)}", encoding="ascii")
        yield str(keys)


def find_pager() -> list[str]:
    """Return the command that shows text a page at a time; empty where there is none."""
    chosen = os.environ.get("PAGER")
    if chosen is None:
        return ["less", "-FRX"] if shutil.which("less") else []
    with suppress(ValueError):  # a quotation mark that is never closed
        return shlex.split(chosen)
    return []


@contextmanager
def _leave_interrupts_to_pager() -> Iterator[None]:
    """Let Ctrl-C end a search in the pager, not the program that waits for it."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def find_viewer() -> list[str] | None:
    """Return the command that opens a file, empty where the system itself does; None: nothing."""
    if sys.platform == "win32":
        return []
    if sys.platform == "darwin":
        return ["open"]
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return None
    found = shutil.which("xdg-open")
    return [found] if found else None


def open_file(path: Path) -> bool:
    """Open ``path`` in its program, which goes on by itself; return whether there is one."""
    viewer = find_viewer()
    if viewer is None:
        return False
    with suppress(OSError):
        if sys.platform == "win32":
            os.startfile(path.absolute())  # noqa: S606 - the carer's own document
        else:
            nowhere = subprocess.DEVNULL  # what a viewer says of itself is not for the carer
            subprocess.Popen(  # noqa: S603 - the system's own command
                [*viewer, str(path.absolute())],
                stdin=nowhere,
                stdout=nowhere,
                stderr=nowhere,
                start_new_session=True,
            )
        return True
    return False


_LONG = 40  # reports, from which a document takes a second or more


@contextmanager
def show_working(
    count: int, doing: str = "Setting {count} reports on pages", *, plain: bool, long: int = _LONG
) -> Iterator[None]:
    """Show at a terminal what goes on with ``count`` things, where these are ``long`` or more."""
    if count < long or plain or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn("line"), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        progress.add_task(doing.format(count=f"{count:,}"), total=None)
        yield
