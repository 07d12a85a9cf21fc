"""``nearmiss erase``: take reports out of the logbook for good."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss import files
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.options.completion import References
from nearmiss.options.filters import FilterOptions, read_filters
from nearmiss.session import Session
from nearmiss.speech import is_conversation, say
from nearmiss.text import tidy

if TYPE_CHECKING:
    from pathlib import Path

    from nearmiss.records.history import Record


_ENQUIRY = "Is there a complaint, a claim, or a police, coroner's or safeguarding enquiry?"


class NothingNamed(UsageProblem):
    """Neither a report nor a filter was given."""

    def __init__(self) -> None:
        super().__init__(
            "Say which reports to erase: a number, or a filter such as --client MB. "
            "Nothing was erased."
        )


class NotSure(UsageProblem):
    """Nobody can be asked, and the carer did not say yes beforehand."""

    def __init__(self) -> None:
        super().__init__(
            "Erasing can't be undone. Without a terminal, add --yes. Nothing was erased."
        )


class Stopped(NearmissError):
    """The carer said that it must not be erased."""

    def __init__(self, *, advice: str) -> None:
        super().__init__(f"Nothing was erased. {advice}")


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
    from nearmiss.logbook.erasing import erase_reports, find_gone
    from nearmiss.records.selection import NothingChosen, choose_records

    if not references and not filters.any_given:
        raise NothingNamed
    if not tidy(reason):
        raise typer.BadParameter("Say why with --reason. Nothing was erased.")
    wanted = read_filters(filters, session.now(), session.settings.keep_years)
    records = list(choose_records(session.book, references or [], wanted, session.damaged.append))
    if not records:
        raise NothingChosen
    ids = [record.report.id for record in records]
    gone = find_gone(session.book, ids, session.drafts.list_files())
    if not yes:
        _ask(session, records, gone.pieces)
    author, now = session.settings.author, session.now()
    written = erase_reports(session.book, ids, tidy(reason), author, now)
    removed = _remove(gone.pieces)
    print("\n".join(written.ids))
    for notice in written.notices:
        say(notice)
    say(f"Erased: {', '.join(ids)}. The gap stays visible, and says why.")
    if removed:
        say(f"Removed beside the logbook: {removed} unsaved or cut-off pieces about them.")
    say("Copies elsewhere are not touched: look at backups, printed pages and exports.")


def _ask(session: Session, records: "Sequence[Record]", pieces: "Sequence[Path]") -> None:
    from nearmiss.commands.hazards import tell_record
    from nearmiss.interview.asking import ask_yes_no

    if not is_conversation():
        raise NotSure
    question = "Is there a complaint, a claim, or a police, coroner's or safeguarding enquiry?"
    if ask_yes_no(session.asker, question):
        raise Stopped(advice="Do not erase; get advice.")
    say("This will be erased, with all that was written about it:")
    for record in records:
        say(tell_record(record))
    for path in pieces:
        say(f"What was not saved of it, or was cut off: {path}")
    if not ask_yes_no(session.asker, "Erase it for good?"):
        raise Stopped(advice="")


def _remove(pieces: "Sequence[Path]") -> int:
    """Remove the files that hold the text; return how many went."""
    count = 0
    for path in pieces:
        try:
            path.unlink(missing_ok=True)
            count += 1
        except OSError as error:
            say(f"{path} still holds the text: {files.explain(error)}. Remove it yourself.")
    return count
