"""``nearmiss erase``: take reports out of the logbook for good."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss import files
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.options import FilterOptions, References, read_filters
from nearmiss.session import Session
from nearmiss.speech import count_of, is_conversation, join_words, name_some, quote_path, say
from nearmiss.text import tidy

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from nearmiss.logbook.erase import Gone
    from nearmiss.logbook.pieces import Piece
    from nearmiss.records.record import Record

_SHOWN = 20  # reports that are told one by one


_NO_REASON = "Say why, in a few words: --reason TEXT. Nothing was erased."


def erase(
    session: Session,
    filters: FilterOptions,
    references: References = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; this stays in the logbook.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase reports for good, and leave a note that says so.

    Example: nearmiss erase 42 --reason "The family asked for it"
    Example: nearmiss erase --client KT --until "1 March 2018" --reason "Kept long enough"
    """
    from nearmiss.interview.saving import after_saving, save
    from nearmiss.logbook.erase import erase_reports, find_gone, find_twins
    from nearmiss.logbook.pieces import find_pieces

    records, ids, reason = _choose(session, filters, references or [], tidy(reason))
    session.warn_of_damage()  # what is the newest may be another one than is meant
    if not ids:
        raise NearmissError(
            "No report fits, so nothing was erased. To see what there is: nearmiss list --all"
        )
    for twin in find_twins(session.book, {*ids}):
        say(f"The same page came in more than once. It goes with it: {twin}.")
        records.append(session.find_record(twin))
        ids.append(twin)
    for notice in session.book.mend_end(session.now()):  # what was cut off is a file of its own
        say(notice)
    gone = find_gone(session.book, ids, session.drafts.list_all())
    session.mind_other(ids[0], [gone.digests[each] for each in ids])
    session.make_ready()
    _warn(session, ids, gone.digests)
    _tell_damaged(session, gone)
    if not yes:
        _ask(session, records, len(ids), gone)
    author, now = session.settings.author, session.now()
    write = partial(erase_reports, session.book, ids, reason, author, now)
    save(write, session.type_command("erase", *ids, "--reason", reason))
    with after_saving(ids):
        _forget_meanings(session)
        # A question about it that was open elsewhere may have been stopped and kept meanwhile.
        removed = _remove([*gone.pieces, *find_pieces(gone.digests, session.drafts.list_all())])
        say(f"Erased: {', '.join(name_some(ids, _SHOWN))}. The gap stays visible, and says why.")
        say("Make a new backup and destroy the old ones: nearmiss backup")
        for each in removed:
            say(f"Removed, as it was about it and not saved: {each}")
        for path in gone.unsure:
            say(f"{path} keeps words that name no report. Look whether they were about that.")


def _choose(
    session: Session, filters: FilterOptions, references: list[str], reason: str
) -> tuple[list["Record"], list[str], str]:
    """Return the reports to be erased (of many, the first), the ids of all, and the reason.

    What was not said is asked.
    """
    from nearmiss.commands.which import choose_record, settle_reference
    from nearmiss.records.find import choose_records
    from nearmiss.terminal.asking import Asked, ask_until_taken

    ask = "Which report is to be erased?"
    if not references and not filters.any_given:
        if not is_conversation():
            raise UsageProblem(
                "Say which reports to erase: a number, or a filter such as --client MB. "
                "Nothing was erased."
            )
        references = [choose_record(session, session.read_records(), ask).id]
    if not reason:
        if not is_conversation():
            raise UsageProblem(_NO_REASON)
        asked = Asked("Why is it erased?", "A few words. They stay in the logbook.")
        reason = ask_until_taken(session.asker, asked, _read_reason)
    wanted = read_filters(filters, session.now(), session.settings.keep_years)
    references = [settle_reference(session, each, ask)[1] for each in references]
    records, ids = list["Record"](), list[str]()
    for record in choose_records(session.book, references, wanted, session.damaged.append):
        ids.append(record.id)
        records += [record] if len(records) < _SHOWN else []  # a whole book is large
    return records, ids, reason


def _read_reason(typed: str) -> str:
    if not tidy(typed):
        raise UsageProblem(_NO_REASON)
    return tidy(typed)


def _warn(session: Session, ids: "Sequence[str]", gone: "Collection[str]") -> None:
    """Say what else an erasure does, and what it does not do; ``gone`` is all that goes."""
    from nearmiss.insight.cases import find_marked
    from nearmiss.logbook.copies import list_holding, name_file
    from nearmiss.records.read import read_ties

    for marked in find_marked(*read_ties(session.book)):
        left = marked.show_only(set(marked.ids) - set(ids))
        if marked.is_pattern() and not left.is_pattern():
            name = f' "{marked.name}"' if marked.name else ""
            say(f"This also ends the pattern{name} of {marked.client}.")
    if session.book.file.stat().st_nlink > 1:
        say(
            f"{session.book.file} has another name on this disk (a hard link). What stands under "
            "the other name keeps the text: look for it and remove it."
        )
    for path in list_holding(session.book, gone):
        say(
            f"{name_file(path)} holds the text too, and is left. When you need it no more, remove "
            "it yourself."
        )
    say("Backups made before today, and papers handed over, still hold the text.")


def _ask(session: Session, records: "Sequence[Record]", count: int, gone: "Gone") -> None:
    from nearmiss.records.words import name_record
    from nearmiss.terminal.asking import ask_yes_no

    if not is_conversation():
        raise UsageProblem(
            "Erasing can't be undone. Without a terminal, add --yes. Nothing was erased."
        )
    question = "Is there a complaint, a claim, or a police, coroner's or safeguarding enquiry?"
    if ask_yes_no(session.asker, question):
        raise NearmissError("Nothing was erased. Do not erase; get advice.")
    say("This will be erased, with all that was written about it:")
    for record in records:
        say(name_record(record, session.today))
    if count > len(records):
        say(f"And {count_of(count - len(records), 'more report')}.")
    for piece in gone.pieces:
        say(f"Not saved, or cut off: {piece.glimpse} ({piece.path})")
    if not ask_yes_no(session.asker, "Erase it for good?"):
        raise NearmissError("Nothing was erased.")


def _forget_meanings(session: Session) -> None:
    from nearmiss.insight.cases import forget_meanings

    try:
        forget_meanings(session.paths.drafts, session.book.file)
    except OSError as error:
        say(f"What the reports were compared by can't be removed: {files.explain(error)}.")


def _tell_damaged(session: Session, gone: "Gone") -> None:
    """Name what of it was changed, and the lines that seem to hold words of it: they are left."""
    if gone.changed:
        named = join_words(name_some(gone.changed, _SHOWN))
        say(f"Not as it was written: {named}. Once it is erased nobody can look at that again.")
    for number, glimpse in gone.damaged.items():
        say(
            f"Line {number} of the logbook can't be read, and seems to hold words of it: "
            f"{glimpse}. It is left as it is: it may be about something else."
        )
    if gone.damaged:
        book = session.book.path
        new = book.with_name(f"{book.stem}-new{book.suffix}")
        say(
            "To be rid of such a line, take all else into a new book, with new numbers, and remove "
            f"the old one: nearmiss --logbook {quote_path(new)} --new-book import --skip-damaged "
            f"{quote_path(book)}"
        )


def _remove(pieces: "Sequence[Piece]") -> list[str]:
    """Remove what holds the text, each once; return what went, by its first words."""
    removed: dict[Path, str] = {}
    for piece in pieces:
        if piece.path in removed:
            continue
        try:
            piece.remove()
            removed[piece.path] = f"{piece.glimpse} ({piece.path})"
        except OSError as error:
            say(f"{piece.path} still holds the text: {files.explain(error)}. Remove it yourself.")
    return list(removed.values())
