"""A sign on stderr that long work goes on."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

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
