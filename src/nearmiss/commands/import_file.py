"""``nearmiss import``: another book, a backup, or a spreadsheet into this logbook."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from nearmiss.commands.import_sheet import SheetOptions
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.interview.saving import announce
from nearmiss.logbook.merge import open_source
from nearmiss.model.ids import HIGHEST_GIVEN, EntryId, new_tag
from nearmiss.session import Session
from nearmiss.sharing.password import read_opening_password
from nearmiss.speech import count_of, is_conversation, join_words, name_some, say

if TYPE_CHECKING:
    from nearmiss.logbook.merge import Index, Origin, Source
    from nearmiss.model.entries import Content

_NAMED = 9  # findings that are spelled out

_HOLDS_NOTHING = "{} holds no entry. Nothing was imported. Choose another file."
_NOT_FOR_AFTER = (
    "--after is for a backup of this logbook, or one put where there is no report yet. "
    "What is imported here gets the next numbers of this logbook. Nothing was imported. "
    "Leave --after out."
)


_After = Annotated[
    int | None,
    typer.Option(
        metavar="NUMBER",
        min=1,
        max=HIGHEST_GIVEN,
        help="The highest number on paper: new ones come after it.",
    ),
]
_PasswordFile = Annotated[
    str | None, typer.Option(metavar="FILE", help="Take the backup's password from this file.")
]
_Undo = Annotated[
    str | None,
    typer.Option(metavar="ID", help="Take back an import: the number of its first entry."),
]


def import_file(
    session: Session,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A logbook, backup, CSV or XLSX.")
    ] = None,
    sheet: SheetOptions = SheetOptions(),  # noqa: B008 - frozen
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come.")] = False,
    skip_damaged: Annotated[
        bool, typer.Option("--skip-damaged", help="Leave out what was changed or can't be read.")
    ] = False,
    after: _After = None,
    password_file: _PasswordFile = None,
    undo: _Undo = None,
) -> None:
    """Take in another device's logbook, a backup, or a spreadsheet (CSV or XLSX).

    Example: nearmiss import nearmiss-backup-2026-04-14.jsonl
    Example: nearmiss import spreadsheet.xlsx --dry-run
    """
    from nearmiss.logbook.merge import is_book, read_source

    if undo is not None:
        from nearmiss.commands.undo_import import undo_import

        undo_import(session, undo, file)
        return
    if file is None:
        raise UsageProblem("Which file? nearmiss import FILE")
    path = Path(file)
    with open_source(path, partial(read_opening_password, password_file)) as (opened, size):
        if not is_book(opened, size):
            if after is not None:
                raise UsageProblem(_NOT_FOR_AFTER)
            from nearmiss.commands.import_sheet import import_rows

            import_rows(
                session, path, opened, size, sheet, dry_run=dry_run, skip_damaged=skip_damaged
            )
            return
        source = read_source(path, opened, size)
        _mind_faults(path, source, skip_damaged=skip_damaged)
        if after is not None:
            _require_own(session, source)
        restored = source.intact and _restore(
            session, path, opened, source, dry_run=dry_run, after=after
        )
        if not restored:
            _import_book(session, path, source, dry_run=dry_run)
        if after is not None and not dry_run:
            session.own_book.reserve_after(source.tag, after)


def _mind_faults(path: Path, source: "Source", *, skip_damaged: bool) -> None:
    """Refuse a book that is not as it was written, or say that the rest of it is taken."""
    faults = name_some(source.faults, _NAMED, "and {} more")
    told = "\n".join([f"{path} is not as it was written:", *faults])
    if not source.intact and not skip_damaged:
        raise NearmissError(
            f"{told}\nNothing was imported. To take the rest all the same: add --skip-damaged"
        )
    if not source.intact:
        say(told)
    if source.left_out:
        noun = "line" if len(source.left_out) == 1 else "lines"
        named = join_words(name_some([*map(str, source.left_out)], _NAMED))
        say(f"Left out: {noun} {named}. The rest is taken.")


def _require_own(session: Session, source: "Source") -> None:
    """Refuse --after where the numbers of ``source`` are not those of this logbook."""
    from nearmiss.logbook.backup import is_fresh
    from nearmiss.logbook.lines import Unreadable

    if source.intact and is_fresh(session.book):
        return
    entries = (each for each in session.book.read_backward() if not isinstance(each, Unreadable))
    newest = next(entries, None)
    if newest is None or EntryId.parse(newest.id).tag != source.tag:
        raise UsageProblem(_NOT_FOR_AFTER)


def _restore(
    session: Session,
    path: Path,
    opened: BinaryIO,
    source: "Source",
    *,
    dry_run: bool,
    after: int | None,
) -> bool:
    """Copy the book whole where there is none yet; return whether that was so."""
    from nearmiss.logbook.backup import is_fresh, restore_book

    if EntryId.parse(source.end).number > HIGHEST_GIVEN and is_fresh(session.book):
        raise NearmissError(
            f"{path} ends at {source.end}: a logbook with so high a number soon has none left for "
            "another entry. Nothing was imported. If you need its reports: begin a logbook with "
            "nearmiss log, then import it again, and they get new numbers."
        )
    count = len(source.entries)
    if dry_run:
        fresh = is_fresh(session.book)
        if fresh:
            say(f"Would copy {path} whole, {count} entries: there is no report here yet.")
        return fresh
    known = session.own_book.confirmed.find_highest(source.tag)
    if not restore_book(session.book, opened, source.size):
        return False
    say(f"Copied whole, {count} entries: numbers and seals that are on paper still hold.")
    if not session.settings.name:
        say("What you write from now on has no name under it. To say who you are: nearmiss setup")
    _mind_papers(session, source, known=known, after=after)
    return True


def _mind_papers(session: Session, source: "Source", *, known: int, after: int | None) -> None:
    """Have the next number come after every one that may stand on paper."""
    gap = session.own_book.look()
    if gap is not None:
        say(str(gap))
    if known or after is not None:
        return
    say(
        f"This backup ends at {source.end}. What was written and printed after it is not in it, "
        "and its numbers must not come to mean other reports."
    )
    if not is_conversation():
        say("If a paper has a higher number: nearmiss import FILE --after NUMBER")
        return
    from nearmiss.terminal.asking import Asked, ask_until_taken

    asked = Asked("What is the highest number on your papers?", "Enter: none is higher.")
    number = ask_until_taken(session.asker, asked, _read_number)
    if number:
        session.own_book.reserve_after(source.tag, number)


def _read_number(typed: str) -> int:
    from nearmiss.interview.answers import NotTaken
    from nearmiss.model.ids import read_typed

    if not typed.strip():
        return 0
    read = read_typed(typed)
    if read is None or read[1] > HIGHEST_GIVEN:
        raise NotTaken(reason="Please type a number as it stands on a paper, such as 43.")
    return read[1]


def _import_book(session: Session, path: Path, source: "Source", *, dry_run: bool) -> None:
    from nearmiss.logbook.merge import list_erased_here, place_entries

    if len(source.entries) <= 1:
        raise UsageProblem(_HOLDS_NOTHING.format(path))

    erased: list[str] = []

    def make(known: "Index", first: "EntryId") -> "list[tuple[Content, Origin]]":
        erased[:] = list_erased_here(source.entries, known)
        return list(place_entries(source.entries, known, first))

    _add(session, make, len(source.entries) - 1, dry_run=dry_run)
    if erased:
        named = join_words(name_some(erased, _NAMED))
        say(f"Left out, because this logbook says that it was erased here: {named}.")


def _add(
    session: Session,
    make: "Callable[[Index, EntryId], list[tuple[Content, Origin]]]",
    offered: int,
    *,
    dry_run: bool,
) -> None:
    from nearmiss.logbook.merge import read_index

    def write(first: EntryId) -> "list[tuple[Content, Origin]]":
        made = make(read_index(book), first)
        return [(content, {**origin, "batch": str(first)}) for content, origin in made]

    count = len(make(read_index(session.book), EntryId(new_tag(), 1)))
    if dry_run:
        named = count_of(count, "entry", "entries")
        say(f"Would add {named}; {offered - count} are here already or stay out.")
        return
    if not count:
        say("Nothing to add: all of it is here already.")
        return
    session.introduce()
    author, now, book = session.settings.author, session.now(), session.book
    written = book.append_made(write, author, now)
    announce(written)
    added = len(written.ids)
    beside = f" {offered - added} were here already or stay out." if offered > added else ""
    say(f"Added {count_of(added, 'entry', 'entries')}.{beside}")
    if added:
        say(f"To take all of it back: nearmiss import --undo {written.ids[0]}")
