"""``nearmiss backup``: a checked copy of the logbook."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss import files
from nearmiss.errors import FileExists, NearmissError, NothingLogged, OwnFile, UsageProblem
from nearmiss.session import Session
from nearmiss.speech import is_conversation, print_data, say

if TYPE_CHECKING:
    from nearmiss.logbook.verify import Check

_FOUND = 3  # the exit code for something found
_ENDINGS = (".jsonl", ".age")


class CannotBackUp(NearmissError):
    """A backup could not be written."""

    def __init__(self, *, path: Path, reason: str) -> None:
        super().__init__(
            f"The backup could not be written to {path}: {reason}. Nothing was left there. "
            "The logbook is as it was. Try another place: nearmiss backup FOLDER"
        )


class NoSuchFolder(UsageProblem):
    """A backup was to go into a folder that is not there."""

    def __init__(self, *, path: Path) -> None:
        super().__init__(
            f"There is no folder {path}. Nothing was written. Is the stick in, and its name right? "
            f"To copy to a file, let its name end in {_ENDINGS[0]}"
        )


def backup(
    session: Session,
    destination: Annotated[
        str | None, typer.Argument(metavar="[DEST]", help="A file, or a folder to put it in.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over that file.")] = False,
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a password that opens it.")
    ] = False,
    password_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Take the password from this file.")
    ] = None,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Read it back and compare it entry by entry.")
    ] = False,
) -> None:
    """Copy the logbook, and check the copy.

    Example: nearmiss backup /media/stick
    Example: nearmiss backup --password --rehearse
    """
    from nearmiss.logbook.backup import copy_book
    from nearmiss.sharing.password import read_password

    if not session.book.exists():
        raise NothingLogged
    if destination is None and is_conversation():
        destination = _ask_where(session)
    locked = password or password_file is not None
    target = _choose_target(session, destination, force=force, locked=locked)
    secret = read_password(password_file) if locked else None
    try:
        check = copy_book(session.book, target, secret)
    except OSError as error:
        raise CannotBackUp(path=target, reason=files.explain(error)) from error
    print_data([str(target)])
    say(f"{check.entries} entries copied and read back. To go back to it: nearmiss import {target}")
    if secret is not None:
        say(
            "Nobody can open this without the password, nor can we. "
            "Write it down and keep it away from this computer."
        )
    if rehearse:
        _rehearse(session, target, secret)
    _end(session, check)


def _ask_where(session: Session) -> str:
    from nearmiss.interview.asking import Asked, ask_until_taken

    asked = Asked(
        "Where is the copy to go?",
        "A folder, such as that of a USB stick.",
        suggestion=str(Path.cwd()),
        example="/media/stick",
    )
    return ask_until_taken(session.asker, asked, str.strip)


def _choose_target(session: Session, destination: str | None, *, force: bool, locked: bool) -> Path:
    target = Path(destination or ".")
    try:
        if target.is_dir():
            target /= f"nearmiss-backup-{session.now():%Y-%m-%d}.jsonl{'.age' * locked}"
        elif (destination or "").endswith(("/", os.sep)) or not target.suffix:
            raise NoSuchFolder(path=target)
        elif not target.parent.is_dir():
            raise NoSuchFolder(path=target.parent)
        if session.paths.holds(target):
            raise OwnFile(path=target)
        if files.require_ordinary(target) and not force:
            raise FileExists(path=target)
    except (OSError, RuntimeError) as error:
        raise CannotBackUp(path=target, reason=files.explain(error)) from error
    return target


def _rehearse(session: Session, target: Path, secret: str | None) -> None:
    from nearmiss.logbook.backup import rehearse
    from nearmiss.logbook.source import open_source

    with open_source(target, lambda: secret or "") as (opened, size):
        count = rehearse(session.book, target, opened, size)
    say(f"Rehearsed: {count} entries read back, each as it stands in the logbook.")


def _end(session: Session, check: "Check") -> None:
    from nearmiss.logbook.backup import LastBackup, note_backup

    if check.findings:
        say("The logbook itself is damaged; the copy is exact. To see where: nearmiss verify")
        raise typer.Exit(_FOUND)
    last = LastBackup(session.now().date(), check.seal or "", check.end or "")
    note_backup(session.paths.backups, session.book, last)
