"""``nearmiss backup``: a checked copy of the logbook."""

from pathlib import Path
from typing import Annotated

import typer

from nearmiss import files
from nearmiss.errors import CannotWrite, FileExists, NothingLogged
from nearmiss.session import Session
from nearmiss.speech import say

_FOUND = 3  # the exit code for something found


def backup(
    session: Session,
    destination: Annotated[
        str | None, typer.Argument(metavar="[DEST]", help="A file, or a folder to put it in.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over that file.")] = False,
) -> None:
    """Copy the logbook, and check the copy.

    Example: nearmiss backup /media/stick
    Example: nearmiss backup
    """
    from nearmiss.logbook.backup import copy_book

    if not session.book.exists():
        raise NothingLogged
    target = Path(destination or ".")
    if target.is_dir():
        target /= f"nearmiss-backup-{session.now():%Y-%m-%d}.jsonl"
    try:
        if files.require_ordinary(target) and not force:
            raise FileExists(path=target)
        check = copy_book(session.book, target)
    except OSError as error:
        raise CannotWrite(path=target, reason=files.explain(error)) from error
    print(target)
    say(f"{check.entries} entries copied. To go back to it: nearmiss import {target}")
    if check.findings:
        say("The logbook itself is damaged; the copy is exact. To see where: nearmiss verify")
        raise typer.Exit(_FOUND)
