"""``nearmiss demo``: a logbook of sample reports, to look around in."""

from pathlib import Path
from typing import Annotated

import typer

from nearmiss import files
from nearmiss.errors import CannotWrite, FileExists
from nearmiss.session import Session
from nearmiss.speech import say


def demo(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to put it.")],
) -> None:
    """Make a logbook filled with sample reports.

    Example: nearmiss demo demo.jsonl
    Example: nearmiss --logbook demo.jsonl list
    """
    from nearmiss.demo import fill_book
    from nearmiss.logbook.book import Logbook

    path = Path(file).absolute()
    try:
        if files.require_ordinary(path):
            raise FileExists(path=path, can_force=False)
    except OSError as error:
        raise CannotWrite(path=path, reason=files.explain(error)) from error
    count = fill_book(Logbook(path), session.now())
    print(path)
    say(f"{count} sample entries about MB, JS and AK, whom nobody knows. To look at them:")
    for command in ("list", "patterns --client JS", "print --meeting --client MB"):
        say(f"  nearmiss --logbook {file} {command}")
