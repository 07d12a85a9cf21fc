"""``nearmiss restore``: the carer's own logbook put back, byte for byte, where there is none."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from nearmiss.dates.shown import echo_day
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.logbook.source import open_source
from nearmiss.model.ids import HIGHEST_GIVEN, EntryId
from nearmiss.options import PasswordFile
from nearmiss.session import Session
from nearmiss.sharing.password import read_opening_password
from nearmiss.speech import is_conversation, join_words, name_some, quote_path, say
from nearmiss.text import fold_text, show_safely

if TYPE_CHECKING:
    from nearmiss.logbook.source import Source

_OFFERED = 9  # backups
_NAMED = 3  # authors
_ENDINGS = (".jsonl", ".age")
_NOT_LOOKED_AT = (
    "It could not be looked at again just now: whether it reads well from there, and goes as far "
    "as it did on this computer, is not known. To look: nearmiss verify"
)
_ELSEWHERE = (
    "If another computer still writes in this book, go on in one of them only: else numbers come "
    "twice."
)


def restore(
    session: Session,
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="The backup, or a folder to look in.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="It is my own, whoever wrote it: do not ask.")
    ] = False,
    after: Annotated[
        int | None,
        typer.Option(
            metavar="NUMBER",
            min=1,
            max=HIGHEST_GIVEN,
            help="The highest number on paper: new ones come after it.",
        ),
    ] = None,
    password_file: PasswordFile = None,
) -> None:
    """Put your own logbook back from a backup, where there is none.

    Example: nearmiss restore nearmiss-backup-2026-04-14.jsonl
    Example: nearmiss restore /media/stick --after 43
    """
    from nearmiss.logbook.source import is_book, read_source

    path = _choose(session, file)
    with open_source(path, partial(read_opening_password, password_file)) as (opened, size):
        if not is_book(opened, size):
            raise UsageProblem(
                f"{path} is not a logbook. Nothing was put back. For a spreadsheet: "
                f"nearmiss import {quote_path(path)}"
            )
        source = read_source(path, opened, size)
        if not source.intact:
            faults = "\n".join(name_some(source.faults, _OFFERED, "and {} more"))
            raise NearmissError(
                f"{path} is not as it was written:\n{faults}\nNothing was put back. To take the "
                f"rest with new numbers: nearmiss import {quote_path(path)} --skip-damaged"
            )
        put_back(session, path, opened, source, after=after, sure=yes)


def put_back(
    session: Session,
    path: Path,
    opened: BinaryIO,
    source: "Source",
    *,
    after: int | None = None,
    sure: bool = False,
) -> None:
    """Copy a book that stands as it was written where there is none yet, and say so.

    Where nobody is ``sure`` that it is the carer's own, that is asked. Raises NearmissError.
    """
    from nearmiss.logbook.backup import is_fresh, restore_book

    is_there = NearmissError(
        f"There is a logbook at {session.book.path} already, so nothing was put back. To take in "
        f"what it lacks: nearmiss import {quote_path(path)}"
    )
    if not is_fresh(session.book):
        end = session.book.take_glimpse().end
        if after is None or not end or end.tag != source.tag:
            raise is_there
        session.own_book.confirmed.reserve(EntryId(source.tag, after))
        say(f"Noted: the next entry comes after {EntryId(source.tag, after)}.")
        return
    if EntryId.parse(source.end).number > HIGHEST_GIVEN:
        raise NearmissError(
            f"{path} ends at {source.end}: a logbook with so high a number soon has none left for "
            "another entry. Nothing was put back. If you need its reports: "
            f"nearmiss --new-book import {quote_path(path)}"
        )
    _mind_author(session, path, source, sure=sure)
    known = session.own_book.confirmed.find_highest(source.tag)
    if not restore_book(session.book, opened, source.size):
        raise is_there
    say(
        f"Put back as it was, {len(source.entries)} entries up to {source.end}: numbers and seals "
        "that are on paper still hold."
    )
    say(_ELSEWHERE)
    with suppress(NearmissError, OSError):  # it stands there, whatever goes wrong since
        session.look_at_book()
        if after is not None:
            session.own_book.confirmed.reserve(EntryId(source.tag, after))
    if session.own_book.glimpse is None:
        say(_NOT_LOOKED_AT)
    if not known and after is None:
        _mind_papers(session, path, source)


def _mind_author(session: Session, path: Path, source: "Source", *, sure: bool) -> None:
    """Ask whether the book is the carer's own where others wrote it. Raises NearmissError."""
    from nearmiss.terminal.asking import ask_yes_no

    authors = dict.fromkeys(
        each.recorded_by for each in reversed(source.entries) if each.entry != "erased"
    )
    own = fold_text(session.settings.name)
    if sure or any(fold_text(each).split(",")[0].strip() == own for each in authors):
        return
    if not own and not is_conversation():  # nobody is known here yet: a new computer
        return
    by = show_safely(join_words(name_some(list(authors), _NAMED)))
    say(f"It was written by {by}, up to {source.end}.")
    if not is_conversation():
        raise UsageProblem(
            "Nothing was put back. If it is your own book all the same, add --yes. For another "
            f"carer's: nearmiss --new-book import {quote_path(path)}"
        )
    if not ask_yes_no(session.asker, "Is this your own book, put back here?"):
        raise NearmissError(
            "Nothing was put back. Another carer's book is taken in with new numbers: "
            f"nearmiss --new-book import {quote_path(path)}"
        )


def _mind_papers(session: Session, path: Path, source: "Source") -> None:
    """Have the next number come after every one that may stand on paper."""
    say(
        f"This backup ends at {source.end}. What was written and printed after it is not in it, "
        "and its numbers must not come to mean other reports."
    )
    if not is_conversation():
        say(f"If a paper has a higher number: nearmiss restore {quote_path(path)} --after NUMBER")
        return
    from nearmiss.terminal.asking import Asked, ask_until_taken

    asked = Asked("What is the highest number on your papers?", "Enter: none is higher.")
    number = ask_until_taken(session.asker, asked, _read_number)
    if number:
        session.own_book.confirmed.reserve(EntryId(source.tag, number))


def _read_number(typed: str) -> int:
    from nearmiss.model.ids import read_typed

    if not typed.strip():
        return 0
    read = read_typed(typed)
    if read is None or read[1] > HIGHEST_GIVEN:
        raise UsageProblem("Please type a number as it stands on a paper, such as 43.")
    return read[1]


def _choose(session: Session, file: str | None) -> Path:
    """Return the file that is meant, or chosen of those that lie where one looks.

    Raises UsageProblem where nobody can be asked.
    """
    from nearmiss.terminal.asking import Asked, Choice, Option, ask_until_taken

    if file is not None and not Path(file).is_dir():
        return Path(file)
    found = list_books([Path(file)]) if file is not None else find_backups(session)
    if file is not None and len(found) == 1:
        return found[0]
    if not is_conversation():
        lie = "".join(f"\n{each}" for each in found)
        raise UsageProblem(
            "Which file is the backup? nearmiss restore FILE\n"
            f"{'These are there:' if found else 'None was found beside the logbook.'}{lie}"
        )
    other: Option[Path | None] = Option("Another file", None, "o")
    options = [Option[Path | None](_describe(each), each) for each in found]
    chosen: Path | None = None
    if options:
        choice = Choice("Which backup?", (*options, other), can_go_back=True)
        chosen = session.asker.choose(choice)
    if chosen is not None:
        return chosen
    asked = Asked(
        "Which file is the backup?",
        "Its whole name with its folder, or the folder alone.",
        example="/media/stick",
        can_go_back=True,
    )
    typed = ask_until_taken(session.asker, asked, str.strip)
    return _choose(session, typed.strip("\"'"))


def _describe(path: Path) -> str:
    with suppress(OSError, ValueError, OverflowError):
        return f"{path} ({echo_day(datetime.fromtimestamp(path.stat().st_mtime).date())})"
    return str(path)


def find_backups(session: Session) -> list[Path]:
    """Return the backups that are known or lie in the usual places, the likeliest first.

    The last one noted, those beside the logbook and in this folder, then other books there.
    """
    own, last = session.own_book.file, session.notes.read_last_backup()
    noted = [Path(last.path)] if last and last.path else []
    with suppress(OSError):
        listed = [each for each in list_books([own.parent, Path.cwd()]) if each.resolve() != own]
        found = [each for each in noted if each.is_file()]
        return list(dict.fromkeys([*found, *listed]))[:_OFFERED]
    return []


def list_books(folders: Iterable[Path]) -> list[Path]:
    """Return the logbooks and locked backups that lie in ``folders``, the newest backup first."""
    from nearmiss.logbook.source import is_locked, read_head

    found = list[Path]()
    for folder in dict.fromkeys(folders):
        with suppress(OSError):
            for path in folder.iterdir():
                head = read_head(path) if path.suffix in _ENDINGS else b""
                if is_locked(head) or head.startswith(b'{"entry":"opened"'):
                    found.append(path)
    return sorted(found, key=_rank, reverse=True)


def _rank(path: Path) -> tuple[bool, str, int, str]:
    """Backups come first; of one day the highest number is the newest."""
    name = path.name
    return (
        name.startswith("nearmiss-backup-"),
        name[: len("nearmiss-backup-2026-04-14")],
        len(name),
        name,
    )
