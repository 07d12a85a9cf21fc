"""``nearmiss import``: another book, a backup, or a spreadsheet into this logbook."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss.commands.import_sheet import HOLDS_NOTHING, SheetOptions
from nearmiss.dates.shown import echo_day
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.interview.saving import announce
from nearmiss.logbook.source import open_source
from nearmiss.model.entries import Erased, Opened, Report
from nearmiss.model.ids import EntryId, new_tag
from nearmiss.options import PasswordFile
from nearmiss.session import Session
from nearmiss.sharing.password import read_opening_password
from nearmiss.speech import count_of, is_conversation, join_words, name_some, quote_path, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from nearmiss.logbook.book import Logbook
    from nearmiss.logbook.merge import Origin, Placing
    from nearmiss.logbook.source import Source
    from nearmiss.model.entries import (
        Content,
        Correction,
        CorrectionFields,
        FollowUp,
        FollowUpFields,
    )

_NAMED = 9  # findings that are spelled out

_Undo = Annotated[
    str | None,
    typer.Option(metavar="ID", help="Take back an import: the number of its first entry."),
]


def import_file(
    session: Session,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A logbook, CSV or XLSX.")
    ] = None,
    sheet: SheetOptions = SheetOptions(),  # noqa: B008 - frozen
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come.")] = False,
    skip_damaged: Annotated[
        bool, typer.Option("--skip-damaged", help="Leave out what was changed or can't be read.")
    ] = False,
    password_file: PasswordFile = None,
    undo: _Undo = None,
) -> None:
    """Take in another carer's logbook, or a spreadsheet (CSV or XLSX).

    Example: nearmiss import ana.jsonl
    Example: nearmiss import spreadsheet.xlsx --dry-run
    """
    from nearmiss.logbook.source import is_book, read_source

    if undo is not None:
        from nearmiss.commands.undo_import import undo_import

        undo_import(session, undo, file)
        return
    if file is None:
        raise UsageProblem("Which file? nearmiss import FILE")
    path = Path(file)
    with open_source(path, partial(read_opening_password, password_file)) as (opened, size):
        if not is_book(opened, size):
            from nearmiss.commands.import_sheet import import_rows

            import_rows(
                session, path, opened, size, sheet, dry_run=dry_run, skip_damaged=skip_damaged
            )
            return
        source = read_source(path, opened, size)
        _mind_faults(path, source, skip_damaged=skip_damaged)
        if source.intact and not dry_run and _is_put_back(session, path):
            from nearmiss.commands.restore import put_back

            put_back(session, path, opened, source)
        else:
            _import_book(session, path, source, dry_run=dry_run)


def _is_put_back(session: Session, path: Path) -> bool:
    """Whether a whole book is the carer's own, to be put back, where there is none. Asks it.

    Raises UsageProblem where nobody can be asked.
    """
    from nearmiss.logbook.backup import is_fresh
    from nearmiss.terminal.asking import ask_yes_no

    if session.new_book or not is_fresh(session.book):
        return False
    if not is_conversation():
        raise UsageProblem(
            "There is no logbook here yet. Nothing was imported. To put your own back: "
            f"nearmiss restore {quote_path(path)}\nTo begin one with another carer's entries: "
            f"nearmiss --new-book import {quote_path(path)}"
        )
    if ask_yes_no(session.asker, "Your own book, to be put back?"):
        return True
    say("Then it is another carer's: her entries come into a new book of yours, with new numbers.")
    session.book.can_begin = True
    return False


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
        rest = " The rest is taken." if len(source.entries) > 1 else ""
        say(f"Left out: {noun} {named}.{rest}")


def _import_book(session: Session, path: Path, source: "Source", *, dry_run: bool) -> None:
    """Add what is new in another book; of what was left out or stands twice, say which."""
    from nearmiss.logbook.merge import Placing, read_index

    if all(isinstance(each, Opened) for each in source.entries):
        raise UsageProblem(HOLDS_NOTHING.format(path))
    book, placing = session.book, Placing(source.entries, read_index(session.book))
    _refuse_namesake(book, path, source)
    count, may_change = sum(1 for _ in placing.place(EntryId(new_tag(), 1))), True
    if placing.changing:
        may_change = _mind_own(session, placing.changing, dry_run=dry_run)
    added: Sequence[str] = ()
    if count and not dry_run:
        session.make_ready()
        _tell_ahead(source, session.now())

        def make(first: EntryId) -> "list[tuple[Content, Origin]]":
            nonlocal placing
            known = read_index(book)  # as it stands under the lock
            placing = Placing(source.entries, known, may_change)
            made = placing.place(first)
            return [(content, {**origin, "batch": str(first)}) for content, origin in made]

        written = book.append_made(make, session.settings.author, session.now())
        announce(written)
        added, count = written.ids, len(written.ids)
    _tell_added(source, placing, count - len(placing.back), dry_run=dry_run)
    _tell_back(session, placing.back, dry_run=dry_run)
    for entry_id in added[:1]:
        say(f"To take all of it back: nearmiss import --undo {entry_id}")
        _tell_pairs(placing)
    _tell_ending(placing.ending, dry_run=dry_run)
    _tell_left(source, placing)


def _refuse_namesake(book: "Logbook", path: Path, source: "Source") -> None:
    """Refuse a book that has the tag of this one and is no copy of it: their numbers are alike."""
    own, other = next(book.read_forward(), None), source.entries[0]
    if not (isinstance(own, Opened) and isinstance(other, Opened)):
        return
    if own.id == other.id and own.seal != other.seal:
        raise NearmissError(
            f"{path} calls itself {source.tag}, as your logbook is called, and is no copy of it. "
            "Nothing was imported. Ask who gave it to you."
        )


def _mind_own(
    session: Session, changing: "Sequence[tuple[CorrectionFields, Correction]]", *, dry_run: bool
) -> bool:
    """Say which corrections are of what was written here, and ask; return whether they come in."""
    from nearmiss.records.words import name_field
    from nearmiss.terminal.asking import ask_yes_no

    say("It would change what was written in this logbook:")
    lines = []
    for content, entry in changing:
        fields = join_words([name_field(name) for name in content.changes])
        what = f"changes in it: {fields}" if fields else "withdraws it"
        lines.append(f'{content.about}: {entry.written_by} {what} ("{entry.reason}")')
    for line in name_some(lines, _NAMED, "and {} more"):
        say(line)
    if dry_run or (is_conversation() and ask_yes_no(session.asker, "Take that in too?")):
        return True
    say("That is left out." if is_conversation() else "Left out: at a terminal you are asked.")
    return False


def _tell_ending(ending: "Sequence[tuple[FollowUpFields, FollowUp]]", *, dry_run: bool) -> None:
    """Say what of another carer's closes a report that was written here, or ends a part of it.

    It counts like what is written here: so that every book comes to the same state.
    """
    lines = []
    for content, entry in ending:
        said = (
            ("closes it", content.closes),
            ("a step is done", content.ends),
            ("a change holds no longer", content.undoes),
        )
        what = "; ".join(text for text, is_said in said if is_said)
        lines.append(f"{content.about}: {what} (written by {entry.written_by})")
    if lines:
        say("About what was written in this logbook:")
    for line in name_some(lines, _NAMED, "and {} more"):
        say(line)
    closed = [content.about for content, _ in ending if content.closes]
    for report in closed[: 0 if dry_run else 1]:
        say(f"Not so? To open it again: nearmiss follow-up {report} --reopen")


def _tell_ahead(source: "Source", now: "datetime") -> None:
    """Name what says that it was written, or happened, on a day to come."""
    entries = [each for each in source.entries if not isinstance(each, Erased)]
    written = [each.id for each in entries if each.written_ahead(now)]
    reports = (each for each in entries if isinstance(each, Report))
    happened = [each.id for each in reports if each.occurred.date() > now.date()]
    if written:
        named = join_words(name_some(written, _NAMED))
        say(
            f"Written on a day that lies ahead, by its clock: {named}. Until then only what is "
            "written about it here from now on counts as newer."
        )
    if happened:
        named = join_words(name_some(happened, _NAMED))
        say(f"Happened on a day that lies ahead, as it says: {named}. Ask who wrote it.")


def _tell_added(source: "Source", placing: "Placing", added: int, *, dry_run: bool) -> None:
    """Say how many came in, or would, how many are here already, and how many are not for here."""
    named = count_of(added, "entry", "entries")
    told = [f"{'Would add' if dry_run else 'Added'} {named}." if added else "Nothing to add."]
    told = [] if placing.back and not added else told
    offered = sum(not isinstance(each, Opened) for each in source.entries)
    if source.intact and placing.here == offered:
        told = ["Nothing to add: all of it is here already."]
    elif placing.here:
        verb = "is" if placing.here == 1 else "are"
        told.append(f"{count_of(placing.here, 'entry', 'entries')} {verb} here already.")
    if placing.stay:
        verb = "stays" if placing.stay == 1 else "stay"
        told.append(
            f"{placing.stay} {verb} out: that book's own papers, erasures and imports taken back."
        )
    if told:
        say(" ".join(told))


def _tell_back(session: Session, back: "Sequence[str]", *, dry_run: bool) -> None:
    """Say what of an import that was taken back stands again, and what else is about it."""
    from nearmiss.commands.undo_import import list_since
    from nearmiss.records.read import take_readable

    if not back:
        return
    would = "Would stand" if dry_run else "Stands"
    named = join_words(name_some(back, _NAMED))
    say(f"{would} again, as it came in before and was taken back: {named}.")
    entries = list(take_readable(session.book.read_forward()))
    came = {each.id for each in entries if not isinstance(each, Erased) and each.origin_seal}
    if since := [each for each in list_since(entries, {*back}) if each not in came]:
        say(f"So does what was written here about it: {join_words(name_some(since, _NAMED))}.")


def _tell_left(source: "Source", placing: "Placing") -> None:
    """Name what stayed out, and what of it was erased: here, or in the other book."""
    numbers = placing.known.list_single()
    gone = [each for each in source.entries if isinstance(each, Erased)]
    here = {each.id: numbers.get(each.origin_id or each.id, "") for each in gone}
    erased_there = [f"{one} (here {own})" if own else one for one, own in here.items()]
    about = (each for each in placing.about if not isinstance(each, Erased))
    for what, named in (
        (
            "Left out, because this logbook says that it was erased here",
            [own if own == one else f"{own} ({one} there)" for one, own in placing.erased],
        ),
        (
            "Left out and not kept, as it is about what was erased here",
            [f"{each.id} ({each.written_by}, {echo_day(each.written_at)})" for each in about],
        ),
        ("Left out, as what it is about can't be taken in", placing.astray),
        ("Erased in that book", erased_there),
    ):
        if named:
            say(f"{what}: {join_words(name_some(named, _NAMED))}.")


def _tell_pairs(placing: "Placing") -> None:
    """Say which numbers were given twice, by two computers: both entries are kept."""
    named = [f"{number} (here {own})" for number, own in placing.pairs]
    for entry_id, _ in placing.pairs[:1]:
        say(
            "Given out twice, in copies of one book, or changed on the way: "
            f"{join_words(name_some(named, _NAMED))}. Both are kept. To see both: "
            f"nearmiss show {entry_id}"
        )
    for number, here in placing.reused:
        say(f"{number} was erased here. Another one, with that number too, is now {here}.")
