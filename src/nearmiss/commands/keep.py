"""``backup``, ``where``, ``setup`` and ``demo``: looking after the logbook."""

import os
import shutil
import sys
from dataclasses import asdict, dataclass, fields
from itertools import count
from pathlib import Path
from textwrap import fill
from typing import Annotated

import typer

from nearmiss import files
from nearmiss.dates.shown import echo_day
from nearmiss.errors import CannotWrite, NearmissError, UsageProblem
from nearmiss.options import FILE, PasswordFile, Said, offer
from nearmiss.session import Session
from nearmiss.settings import SETTING_QUESTIONS, Settings, change_settings, write_settings
from nearmiss.speech import advise, is_conversation, print_data, quote_path, say
from nearmiss.text import show_safely

_FOUND = 3  # the exit code for something found
_ENDING = ".jsonl"
_TO_GO_BACK = "To go back to it: nearmiss restore"
_LOCKED = (
    "Nobody can open this without the password, nor can we. "
    "Write it down and keep it away from this computer."
)


_DEST = typer.Argument(metavar="[DEST]", help="A file, or a folder to put it in.")


def backup(
    session: Session,
    destination: Annotated[Said, _DEST] = None,
    force: Annotated[bool, offer(FILE, "Write over that file.", "--force")] = False,
    password: Annotated[bool, offer(FILE, "Ask for one that opens it.", "--password")] = False,
    password_file: PasswordFile = None,
    rehearse: Annotated[bool, offer(FILE, "Compare it entry by entry.", "--rehearse")] = False,
) -> None:
    """Copy the logbook, and check the copy.

    Example: nearmiss backup /media/stick
    Example: nearmiss backup --password --rehearse
    """
    from nearmiss.logbook.backup import copy_book
    from nearmiss.logbook.backup import rehearse as compare
    from nearmiss.logbook.beside import LastBackup
    from nearmiss.logbook.source import open_source
    from nearmiss.sharing.password import read_password

    if next(session.book.read_forward(), None) is None:
        raise session.book.explain_nothing()
    if destination is None and is_conversation():
        destination = _ask_where(session)
    locked = password or password_file is not None
    target = Path(destination or ".")
    try:
        target = _choose_target(session, target, destination or "", force=force, locked=locked)
        session.paths.require_free(target, force=force)
        secret = read_password(password_file) if locked else None
        if force:
            _mind_older(session, target, secret)
        check = copy_book(session.book, target, secret)
    except (OSError, RuntimeError) as error:
        raise NearmissError(
            f"The backup could not be written to {target}: {files.explain(error)}. Nothing was "
            "left there. The logbook is as it was. Try another place: nearmiss backup FOLDER"
        ) from error
    print_data([str(target)])
    say(f"{check.entries} entries copied and read back. {_TO_GO_BACK} {quote_path(target)}")
    if secret is not None:
        say(_LOCKED)
    if rehearse:
        with open_source(target, lambda: secret or "") as (opened, size):
            count = compare(session.book, target, opened, size)
        say(f"Rehearsed: {count} entries read back, each as it stands in the logbook.")
    if check.findings:
        say("The logbook itself is damaged; the copy is exact. To see where: nearmiss verify")
        raise typer.Exit(_FOUND)
    noted = check.seal or "", check.end or "", str(target.absolute())
    session.notes.note_backup(LastBackup(session.today, *noted))


def _ask_where(session: Session) -> str:
    from nearmiss.terminal.asking import Asked, ask_until_taken

    asked = Asked(
        "Where is the copy to go?",
        "A folder, such as that of a USB stick.",
        suggestion=str(Path.cwd()),
        example="/media/stick",
    )
    return ask_until_taken(session.asker, asked, str.strip)


def _choose_target(
    session: Session, target: Path, typed: str, *, force: bool, locked: bool
) -> Path:
    """Return the file to write: in a folder that of the day, with a number, said, if it is there.

    Raises UsageProblem where there is no such folder.
    """
    if not target.is_dir():
        as_folder = typed.endswith(("/", os.sep)) or not target.suffix
        folder = target if as_folder else target.parent
        if not folder.is_dir():
            raise UsageProblem(
                f"There is no folder {folder}. Nothing was written. Is the stick in, and its "
                f"name right? To copy to a file, let its name end in {_ENDING}"
            )
        return target
    day, ending = f"nearmiss-backup-{session.now():%Y-%m-%d}", f"{_ENDING}{'.age' * locked}"
    usual = target / f"{day}{ending}"
    if force or not os.path.lexists(usual):
        return usual
    names = ((number, target / f"{day}-{number}{ending}") for number in count(2))
    number, free = next(each for each in names if not os.path.lexists(each[1]))
    say(f"A backup of today is there already: this one has -{number} in its name.")
    return free


def _mind_older(session: Session, target: Path, secret: str | None) -> None:
    """Refuse to write over a logbook in use, another book, or what may hold more than this one.

    What is under another password may be any of them. Raises NearmissError.
    """
    from nearmiss.logbook.copies import count_missing
    from nearmiss.logbook.mark import Glimpse, take_glimpse
    from nearmiss.logbook.source import is_locked, open_source, read_head

    own, end, missing = session.book.glimpse or Glimpse(None), None, 0
    try:
        with open_source(target, lambda: secret or "") as (opened, size):
            end = take_glimpse({}, target, opened, size).end
            missing = count_missing(session.book.file, opened, size)
    except (NearmissError, OSError):
        missing = is_locked(read_head(target))
    why = ""
    if os.path.lexists(f"{target}.lock"):
        why = "it is a logbook in use"
    elif end and own.end and end.tag != own.end.tag:
        why = f"it is of another logbook, {end.tag}"
    elif os.path.lexists(target) and (own.gap or missing or (end and own.end and end > own.end)):
        why = "it may hold what the logbook lost"
    if why:
        raise NearmissError(
            f"{target} was left as it is: {why}. To look: nearmiss verify {quote_path(target)}\n"
            "To copy what there is now, choose another name."
        )


def where(session: Session) -> None:
    """Show where the logbook is, how large it is, and what lies beside it.

    Example: nearmiss where
    Example: nearmiss --logbook copy.jsonl where
    """
    from nearmiss.logbook.beside import list_torn
    from nearmiss.logbook.copies import list_copies
    from nearmiss.records.handed import read_keeping, tell_handed

    paths, book = session.paths, session.book
    rows: list[tuple[str, object]] = [("Logbook", paths.logbook)]
    if book.exists():
        if book.file != paths.logbook:
            rows.append(("Really at", book.file))  # a link, or Windows' own place for a program
        size = book.file.stat()
        rows.append(("Size", f"{size.st_size:,} bytes"))
        if sys.platform != "win32":  # which keeps that elsewhere
            rows.append(("Who can read", "only you" if not size.st_mode & 0o077 else "others too"))
        keeping = read_keeping(book.read_forward(), session.damaged.append)
        rows += [("Entries", f"{keeping.entries:,}"), ("Seal", keeping.seal)]
        rows += [("Handed over", tell_handed(each)) for each in keeping.handed]
        stood = book.glimpse.others if book.glimpse else ()
        rows += [("Stood here", f"another logbook, up to {each}") for each in stood]
    elif not book.take_glimpse().lost:
        rows.append(("Entries", advise("none yet; to write the first: nearmiss log")))
    if last := session.notes.read_last_backup():
        rows.append(("Backed up", f"{echo_day(last.day)}, up to {last.entry}, seal {last.seal}"))
    rows += [("Beside it", str(each)) for each in list_copies(book)]
    rows += [("Cut-off save", path) for path in list_torn(book.file)]
    rows.append(("Settings", paths.settings))
    drafts = [*session.drafts.list_files(), *session.drafts.list_commands()]
    for title, value in [*rows, *(("Draft", path) for path in drafts)]:
        print(_lay_out(title, value))
    session.warn_of_damage()


def _lay_out(title: str, value: object) -> str:
    """Return a row; what is no path is folded at a terminal, between words."""
    head, shown = f"{title + ':':<14}", show_safely(str(value))
    if isinstance(value, Path) or not sys.stdout.isatty():
        return head + shown
    columns = shutil.get_terminal_size().columns
    return fill(head + shown, columns, subsequent_indent=" " * len(head), break_long_words=False)


@dataclass(frozen=True)
class SettingOptions:
    """The settings as they were given, None leaves one as it is."""

    name: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Your name, as reports show it.")
    ] = None
    role: Annotated[str | None, typer.Option(metavar="TEXT", help="Your role: carer, nurse.")] = (
        None
    )
    phone: Annotated[str | None, typer.Option(metavar="TEXT", help="Your telephone number.")] = None
    keep_years: Annotated[int | None, typer.Option(help="Years to keep records.")] = None
    always_plain: Annotated[
        bool | None,
        typer.Option(
            "--always-plain/--not-plain",
            help="Questions one line after the other, for a screen reader.",
        ),
    ] = None

    @property
    def given(self) -> dict[str, str | int | bool]:
        """What was given, by the names of the settings."""
        given = asdict(self)
        given["plain"] = given.pop("always_plain")  # --plain is the option of one command
        return {name: value for name, value in given.items() if value is not None}


def setup(session: Session, choices: SettingOptions) -> None:
    """Say who you are, once; change it at any time.

    Example: nearmiss setup --name Maria --role carer
    Example: nearmiss setup --keep-years 10
    Example: nearmiss setup --always-plain
    """
    changes = choices.given
    settings = change_settings(session.settings, changes)
    if not changes and is_conversation():
        from nearmiss.interview.known import ask_settings

        say("Press Enter to keep what stands there.")
        settings = ask_settings(session.asker, settings, list(SETTING_QUESTIONS))
        changes = asdict(settings)
    if changes:
        write_settings(session.paths, settings)
        say(f"Kept in {session.paths.settings}")
    for field in fields(Settings):
        value = getattr(settings, field.name)
        print(f"{field.name}: {('no', 'yes')[value] if isinstance(value, bool) else value}")


def demo(
    session: Session, file: Annotated[str, typer.Argument(metavar="FILE", help="Where to put it.")]
) -> None:
    """Make a logbook filled with sample reports.

    Example: nearmiss demo demo.jsonl
    Example: nearmiss --logbook demo.jsonl list
    """
    from nearmiss.demo import fill_book
    from nearmiss.logbook.book import Logbook

    path = Path(file).absolute()
    try:
        session.paths.require_free(path, can_force=False)
    except OSError as error:
        raise CannotWrite(path=path, reason=files.explain(error)) from error
    count = fill_book(Logbook(path), session.now())
    print(path)
    say(f"{count} sample entries about MB, JS and AK, whom nobody knows. To look at them:")
    for command in ("list", "patterns --client JS", "print --meeting --client MB"):
        say(f"  nearmiss --logbook {quote_path(file)} {command}")
