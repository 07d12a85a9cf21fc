"""``nearmiss erase``: take reports out of the logbook for good."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss.commands.completing import References
from nearmiss.commands.session import NothingChosen, Session, get_session
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.speech import is_conversation, say
from nearmiss.text import fold_text, tidy

if TYPE_CHECKING:
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
    context: typer.Context,
    references: References = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; this stays in the logbook.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase reports for good, and leave a note that says so.

    Example: nearmiss erase 42 --reason "The family asked for it"
    """
    from nearmiss.logbook.erasing import erase_reports

    session = get_session(context)
    if not references and not session.filter_options:
        raise NothingNamed
    if not tidy(reason):
        raise typer.BadParameter("Say why with --reason. Nothing was erased.")
    records = list(session.choose_records(references or []))
    if not records:
        raise NothingChosen
    if not yes:
        _ask(session, records)
    ids = [record.report.id for record in records]
    author, now = session.settings.author, session.now()
    written = erase_reports(session.book, ids, tidy(reason), author, now)
    removed = _erase_beside(session, records)
    print("\n".join(written.ids))
    say(f"Erased: {', '.join(ids)}. The gap stays visible, and says why.")
    if removed:
        say(f"Removed beside the logbook: {removed} unsaved or cut-off pieces about them.")
    say("Copies elsewhere are not touched: look at backups, printed pages and exports.")


def _ask(session: Session, records: "Sequence[Record]") -> None:
    from nearmiss.commands.hazards import tell_record
    from nearmiss.interview.asking import ask_yes_no

    if not is_conversation():
        raise NotSure
    question = (
        "Is there a complaint, a claim, or a police, coroner's or safeguarding enquiry? y / n"
    )
    if ask_yes_no(session.asker, question):
        raise Stopped(advice="Do not erase; get advice.")
    say("This will be erased, with all that was written about it:")
    for record in records:
        say(tell_record(record))
    if not ask_yes_no(session.asker, "Erase it for good? y / n"):
        raise Stopped(advice="")


def _erase_beside(session: Session, records: "Sequence[Record]") -> int:
    """Remove drafts about the same clients, and pieces of a cut-off save that hold their text."""
    from nearmiss.logbook.erasing import list_erased_texts

    clients = {fold_text(record.report.client) for record in records}
    names = [json.dumps(record.report.client, ensure_ascii=False).encode() for record in records]
    count = 0
    for path in [*session.drafts.list_files(), *list_erased_texts(session.book)]:
        with suppress(OSError):
            data = path.read_bytes()
            if any(name in data for name in names) or _is_about(data, clients):
                path.unlink()
                count += 1
    return count


def _is_about(data: bytes, clients: set[str]) -> bool:
    try:
        answers = json.loads(data)
    except ValueError:
        return False
    client = answers.get("client") if isinstance(answers, dict) else None
    return isinstance(client, str) and fold_text(client) in clients
