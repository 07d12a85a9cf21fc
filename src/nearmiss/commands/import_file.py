"""``nearmiss import``: another book, a backup, or a spreadsheet into this logbook."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from nearmiss.errors import CannotRead, NearmissError, UsageProblem
from nearmiss.intake import table
from nearmiss.intake.table import CLOCK, DAY, LEFT_OUT, UnknownColumns, match_columns, name_heading
from nearmiss.interview.saving import announce
from nearmiss.logbook.merge import open_source
from nearmiss.model.ids import HIGHEST_GIVEN, EntryId, new_tag
from nearmiss.model.questions import CATEGORIES, CATEGORY_LABELS, QUESTIONS, Category
from nearmiss.session import Session
from nearmiss.sharing.password import read_opening_password
from nearmiss.speech import count_of, is_conversation, join_words, name_some, say
from nearmiss.terminal.asking import Asker, Choice, Option
from nearmiss.text import show_safely

if TYPE_CHECKING:
    from nearmiss.logbook.merge import Index, Origin, Source
    from nearmiss.model.entries import Content

_FIELDS = (*QUESTIONS, DAY, CLOCK)


def ask_columns(asker: Asker, headings: Sequence[str]) -> tuple[str, ...]:
    """Return the field that each column holds; what its heading does not say is asked.

    Raises TwiceNamed, GoBack, KeyboardInterrupt or EOFError.
    """
    chosen: dict[str, str] = {}
    while True:
        try:
            return match_columns(headings, chosen)
        except UnknownColumns as problem:
            column = problem.columns[0]
            taken = {*problem.taken, *chosen.values()}
            chosen[column.heading] = _ask_field(asker, column.heading, column.guess, taken)


def _ask_field(asker: Asker, heading: str, guess: str, taken: set[str]) -> str:
    free = [each for each in _FIELDS if each not in taken]
    options = [Option(name_heading(each), each) for each in free]
    options.append(Option("leave this column out", LEFT_OUT))
    question = f'What does the column "{show_safely(heading[:40])}" hold?'
    chosen = free.index(guess) if guess in free else None
    return asker.choose(Choice(question, tuple(options), chosen=chosen))


def ask_kinds(asker: Asker, unknown: Mapping[str, Category | None]) -> dict[str, Category]:
    """Return which of the six each unknown kind means; ``unknown`` has the nearest, or None.

    Raises GoBack, KeyboardInterrupt or EOFError.
    """
    return {typed: _ask_kind(asker, typed, guess) for typed, guess in unknown.items()}


def _ask_kind(asker: Asker, typed: str, guess: Category | None) -> Category:
    options = tuple(Option(CATEGORY_LABELS[kind], kind) for kind in CATEGORIES)
    question = f'Which kind is "{show_safely(typed[:40])}"?'
    help_text = "It is kept for every row that says so."
    chosen = CATEGORIES.index(guess) if guess else None
    return asker.choose(Choice(question, options, help_text, chosen=chosen))


_NAMED = 9  # findings that are spelled out
_LONG = 1000  # rows, from which reading takes a second or more
_MOST_BYTES = 256 * 1000 * 1000  # of a spreadsheet or of JSON, which is read as a whole


_HOLDS_NOTHING = "{} holds no entry. Nothing was imported. Choose another file."
_NOT_FOR_AFTER = (
    "--after is for a backup of this logbook, or one put where there is no report yet. "
    "What is imported here gets the next numbers of this logbook. Nothing was imported. "
    "Leave --after out."
)


def import_file(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A logbook, backup or CSV.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come.")] = False,
    skip_damaged: Annotated[
        bool, typer.Option("--skip-damaged", help="Leave out what was changed or can't be read.")
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
    password_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Take the backup's password from this file.")
    ] = None,
) -> None:
    """Take in another device's logbook, a backup, or a spreadsheet saved as CSV.

    Example: nearmiss import nearmiss-backup-2026-04-14.jsonl
    Example: nearmiss import spreadsheet.csv --dry-run
    """
    from nearmiss.logbook.merge import is_book, read_source

    path = Path(file)
    with open_source(path, partial(read_opening_password, password_file)) as (opened, size):
        if not is_book(opened, size):
            if after is not None:
                raise UsageProblem(_NOT_FOR_AFTER)
            _import_rows(session, path, opened, size, dry_run=dry_run)
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
    gap = session.own_book.find_gap()
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


def _import_rows(
    session: Session, path: Path, opened: BinaryIO, size: int, *, dry_run: bool
) -> None:
    if size > _MOST_BYTES:
        raise CannotRead(path=path, reason=f"it is over {_MOST_BYTES // 1000**2} MB")
    opened.seek(0)
    data = opened.read(size)
    rows = _read_json(session, data) if table.holds_json(data) else _read_sheet(session, data)
    if not rows:
        raise UsageProblem(_HOLDS_NOTHING.format(path))
    _add(session, lambda known, first: table.place_rows(rows, known), len(rows), dry_run=dry_run)


def _read_json(session: Session, data: bytes) -> list[table.Row]:
    rows, beside = table.read_json_rows(data, session.now())
    if beside:
        say(f"Not taken: {join_words(beside)}.")
    _tell_repeated(rows, "Report", range(1, len(rows) + 1))
    return rows


def _read_sheet(session: Session, data: bytes) -> list[table.Row]:
    """Read a sheet, asking what its columns and kinds mean where that can be done."""
    from nearmiss.terminal.show import show_working

    sheet = table.read_sheet(data)
    kinds: dict[str, Category] = {}
    if is_conversation():
        fields = ask_columns(session.asker, sheet.headings)
        kinds = ask_kinds(session.asker, table.find_unknown_kinds(sheet, fields))
    else:
        fields = match_columns(sheet.headings)
    left_out = table.list_left_out(sheet.headings, fields)
    if left_out:
        say(f"Not taken: {join_words(left_out)}.")
    doing, plain = "Reading {count} rows", session.is_plain
    with show_working(len(sheet.rows), doing, plain=plain, long=_LONG):
        rows = table.read_rows(sheet, fields, session.now(), kinds)
    _tell_repeated(rows, "Row", [number for number, _ in sheet.rows])
    return rows


def _tell_repeated(rows: Sequence[table.Row], noun: str, numbers: Sequence[int]) -> None:
    """Name the rows that say what an earlier one says; ``numbers`` are those of all rows."""
    faults = [
        f"{noun} {numbers[place]} says the same as {noun.lower()} {numbers[earlier]}: "
        "it comes in once."
        for place, earlier in table.find_repeated(rows)
    ]
    for fault in name_some(faults, _NAMED, "and {} more"):
        say(fault)


def _add(
    session: Session,
    make: "Callable[[Index, EntryId], list[tuple[Content, Origin]]]",
    offered: int,
    *,
    dry_run: bool,
) -> None:
    from nearmiss.logbook.merge import read_index

    count = len(make(read_index(session.book), EntryId(new_tag(), 1)))
    if dry_run:
        named = count_of(count, "entry", "entries")
        say(f"Would add {named}; {offered - count} are here already or stay out.")
        return
    if not count:
        say("Nothing to add: all of it is here already.")
        return
    author, now, book = session.settings.author, session.now(), session.book
    written = book.append_made(lambda first: make(read_index(book), first), author, now)
    announce(written)
    added = len(written.ids)
    beside = f" {offered - added} were here already or stay out." if offered > added else ""
    say(f"Added {count_of(added, 'entry', 'entries')}.{beside}")
