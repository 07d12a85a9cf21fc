"""Speech: what the program says to the carer, on stderr; stdout is for data."""

import shutil
import sys
import textwrap
from collections.abc import Iterable

from nearmiss.text import show_safely

_MOST_COLUMNS = 80


def say(text: str = "") -> None:
    """Say ``text``, each of its lines folded to the width of a terminal."""
    safe = show_safely(text)
    if sys.stderr.isatty():
        width = min(shutil.get_terminal_size().columns, _MOST_COLUMNS)
        safe = "\n".join(textwrap.fill(line, width) for line in safe.split("\n"))
    print(safe, file=sys.stderr, flush=True)


def is_conversation() -> bool:
    """Whether a person can be asked: both the questions and the answers are at a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def write_data(chunks: Iterable[bytes]) -> int:
    """Write ``chunks`` to stdout as they are, whatever its encoding; return how many there were."""
    sys.stdout.flush()
    count = 0
    for chunk in chunks:
        sys.stdout.buffer.write(chunk)
        count += 1
    sys.stdout.buffer.flush()
    return count


def join_words(words: list[str]) -> str:
    """Return ``words`` as a list in a sentence: ``3, 7 and 12``."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
