"""Lines that can be read, and are not as they were written."""

from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import read_forward
from nearmiss.logbook.parsing import is_as_written, parse_object


def find_changed_lines(book: Logbook) -> list[int]:
    """Return the numbers of the lines whose digest does not hold, the file's first being 1.

    What can't be read at all, and what is left of erased text, is not among them.
    """
    with book.open_settled() as (file, size):
        return [
            number
            for number, line in enumerate(read_forward(file, size), start=1)
            if _is_changed(line.content)
        ]


def _is_changed(content: bytes) -> bool:
    entry = parse_object(content)
    return entry is not None and not is_as_written(entry)
