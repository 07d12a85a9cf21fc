"""What is printed on a terminal of a given width, without a terminal."""

import io
from collections.abc import Callable

from rich.console import Console

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import Content
from nearmiss.records.read import read_records
from nearmiss.records.record import Record
from tests.conftest import NOW


def draw(print_on: Callable[[Console], None], columns: int = 80, *, colour: bool = False) -> str:
    """Return what ``print_on`` prints on so many ``columns``, with the codes of its colours."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=columns,
        force_terminal=True,
        color_system="standard" if colour else None,
    )
    print_on(console)
    return file.getvalue() if colour else file.getvalue().replace("\x1b[0m", "")


def write(book: Logbook, *contents: Content) -> list[Record]:
    """Write entries, and return every report as it stands then, the newest first."""
    book.append(list(contents), "Maria, carer", NOW)
    return list(read_records(book, unreadable.append))


unreadable: list[object] = []
