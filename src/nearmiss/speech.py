"""Speech: what the program says to the carer, on stderr; stdout is for data."""

import os
import re
import shlex
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from nearmiss.files import explain
from nearmiss.text import show_safely

_MOST_COLUMNS = 80


# The commands that advice can name: another word behind "nearmiss" is no command.
_NAMES = (
    "log|list|show|follow-up|correct|similar|patterns|summary|print|export|verify|backup|import|"
    "erase|restore|setup|where|guide|demo|help"
)
_QUOTATION = r"""(?:"[^"\n]*"|'[^'\n]*')+"""
_WORDS = (  # what can stand behind it: an option, a quotation, a NUMBER or REF, last, a path
    r"--?[A-Za-z][\w-]*",
    _QUOTATION,
    r"[A-Z0-9][A-Z0-9|-]*(?![\w'])",
    r"last\b",
    r"[\w.~/\\:-]*[/\\]\S*\w",
)
# Compiled when something is first said at a terminal: most commands say nothing there.
_REST = rf"((?: --new-book)? (?:{_NAMES})\b(?: (?:{'|'.join(_WORDS)}))*)"
_COMMAND = rf"\bnearmiss{_REST}"
_WITH_LOGBOOK = rf"\bnearmiss(?: --logbook (?:{_QUOTATION}|\S+))?{_REST}"
_KEPT_SPACE = "\ufdd0"  # no character at all: nobody can have written it
_logbook: list[str] = []  # what --logbook named, for the commands in advice


def name_logbook(path: str | None) -> None:
    """Let every command in advice name the logbook at ``path``; None where none was named."""
    _logbook[:] = [path] if path else []


def advise(text: str) -> str:
    """Return ``text`` with the logbook that was chosen in each command that it names."""
    if not _logbook:
        return text
    chosen = f"nearmiss --logbook {quote_word(_logbook[0])}"
    return re.sub(_COMMAND, lambda found: chosen + found[1], text)


def quote_word(word: str) -> str:
    """Return ``word`` as it is typed in a command, in quotation marks where they are needed."""
    if sys.platform == "win32":
        is_plain = re.fullmatch(r"[\w.~/\\:+@-]+", word)
        return word if is_plain else '"{}"'.format(word.replace('"', '""'))
    return shlex.quote(word)


def quote_path(path: Path | str) -> str:
    """Return ``path`` as it is typed in a command, where it must not be taken for an option."""
    return quote_word(f".{os.sep}{path}" if str(path).startswith("-") else str(path))


def say(text: str = "") -> None:
    """Say ``text``, folded; where it can't be said the work goes on, as that never hangs on it."""
    with suppress(OSError, ValueError):
        print(fold_lines(advise(text), sys.stderr), file=sys.stderr, flush=True)


def say_heading(text: str, *, decorated: bool) -> None:
    """Say a heading, in bold where that is wanted and the terminal knows how."""
    with suppress(OSError, ValueError):
        shown = embolden(text) if decorated and sys.stderr.isatty() else text
        print(shown, file=sys.stderr, flush=True)


def embolden(text: str) -> str:
    """Return ``text`` with the codes for bold around it, unless this terminal may show them."""
    if sys.platform == "win32" and "WT_SESSION" not in os.environ:  # an old console
        return text
    return f"\x1b[1m{text}\x1b[0m"


def fold_lines(text: str, stream: TextIO) -> str:
    """Return ``text`` safe to show, folded for a terminal; a command stays whole, to be copied."""
    safe = show_safely(text)
    if not stream.isatty():
        return safe
    width = min(shutil.get_terminal_size().columns, _MOST_COLUMNS)
    held = re.sub(_WITH_LOGBOOK, lambda found: found[0].replace(" ", _KEPT_SPACE), safe)
    folded = (_fold_line(line, width) for line in held.split("\n"))
    return "\n".join(folded).replace(_KEPT_SPACE, " ")


def _fold_line(line: str, width: int) -> str:
    wrapper = textwrap.TextWrapper(width, break_on_hyphens=_KEPT_SPACE not in line)
    wrapper.break_long_words = _KEPT_SPACE not in line
    return wrapper.fill(line)


def is_conversation() -> bool:
    """Whether a person can be asked: both the questions and the answers are at a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def print_data(lines: Sequence[str]) -> str | None:
    """Print ``lines`` on stdout; return in words why that can't be done, if it can't."""
    try:
        print("\n".join(lines), flush=True)
    except (OSError, ValueError) as error:
        discard_output()
        return explain(error) if isinstance(error, OSError) else "there is nowhere to print"
    return None


def discard_output(stream: TextIO | None = None) -> None:
    """Let what is still to be printed on ``stream``, or stdout, go nowhere: it can't be printed."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, (stream or sys.stdout).fileno())
        os.close(nowhere)


def end_speech() -> None:
    """Drop what could not be said: Python would try again, and end with a code of its own."""
    try:
        sys.stderr.flush()
    except (OSError, ValueError):
        discard_output(sys.stderr)


def write_data(chunks: Iterable[bytes]) -> int:
    """Write ``chunks`` to stdout as they are, whatever its encoding; return how many there were."""
    sys.stdout.flush()
    count, write = 0, sys.stdout.buffer.write
    for chunk in chunks:
        write(chunk)
        count += 1
    sys.stdout.buffer.flush()
    return count


def join_words(words: list[str]) -> str:
    """Return ``words`` as a list in a sentence: ``3, 7 and 12``."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def name_some(names: Sequence[str], most: int, more: str = "{:,} more") -> list[str]:
    """Return the first ``most`` of ``names``, and how many more there are, if there are."""
    rest = len(names) - most
    return [*names[:most], more.format(rest)] if rest > 0 else list(names)


def join_choices(words: Sequence[str]) -> str:
    """Return ``words`` as what can be chosen, in a sentence: ``pdf, html or txt``."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def count_of(number: int, one: str, many: str = "") -> str:
    """Return a number with what is counted: ``1 entry``, ``2 entries``; ``one`` and s if none."""
    ending = "es" if one.endswith("s") else "s"
    return f"{number:,} {one if number == 1 else many or one + ending}"
