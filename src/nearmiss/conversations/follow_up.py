"""A follow-up saved, and what is said of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nearmiss.errors import UsageProblem
from nearmiss.interview.asking import GoBack
from nearmiss.options.answers import write_command
from nearmiss.session import Session
from nearmiss.speech import say

if TYPE_CHECKING:
    from nearmiss.records.history import Record


Fields = dict[str, Any]  # a follow-up's fields as JSON has them, as far as they are answered


class NothingToAdd(UsageProblem):
    """A follow-up would say nothing."""

    def __init__(self) -> None:
        super().__init__(
            "A follow-up needs at least one of --note, --informed, --care-plan, "
            "--care-plan-status, --harm-found, --next, --done, --close or --reopen. "
            "Nothing was saved."
        )


def ask_since(session: Session, record: "Record", answered: Fields) -> Fields:
    """Return what was answered about ``record``; ``answered`` is filled as the questions go on.

    Raises GoBack, KeyboardInterrupt or EOFError.
    """
    from nearmiss.interview.follow_up_questions import ask_follow_up

    return ask_follow_up(session.asker, record, session.now().date(), answered)


def ask_and_keep(session: Session, record: "Record") -> Fields:
    """Return what was answered about ``record``; where the carer stops, keep it and say where.

    Raises GoBack, KeyboardInterrupt or EOFError.
    """
    answered: Fields = {}
    try:
        return ask_since(session, record, answered)
    except (GoBack, KeyboardInterrupt, EOFError):
        keep_unsaved(session, record.report.id, answered)
        raise


def keep_unsaved(session: Session, report: str, answered: Fields) -> None:
    """Keep what was answered about the report of that id and not saved, if anything; say where."""
    if not answered:
        return
    command = write_command(["follow-up", report], answered, session.paths.logbook)
    try:
        path = session.drafts.keep_command(f"{command}\n".encode("utf-8", "surrogatepass"))
    except OSError:
        say(f"What you answered about {report} was not saved. Here it is, to copy:\n{command}")
    else:
        say(f"Not saved. What you answered about {report} is kept in {path}")


def save_follow_up(
    session: Session, record: "Record", fields: Mapping[str, object], author: str | None
) -> None:
    """Save the ``fields`` of a follow-up to ``record``, and say so.

    Raises NothingToAdd, NotTaken, NotSaved or NotEvenKept.
    """
    from nearmiss.interview.follow_up_questions import check_follow_up
    from nearmiss.interview.saving import save, type_command

    if not fields:
        raise NothingToAdd
    content = check_follow_up({"about": record.report.id, **fields})
    command = write_command(["follow-up", record.report.id], fields, session.paths.logbook)
    save(session.write([content], author), type_command(command, session.drafts))
    _tell(record.is_open, closes=content.closes, report=record.report.id)


def _tell(was_open: bool, *, closes: bool | None, report: str) -> None:
    if closes and not was_open:
        say(f"{report} was closed already. This is noted as well.")
    elif closes is False and was_open:
        say(f"{report} was open already. This is noted as well.")
    else:
        say(f"Saved. To see it: nearmiss show {report}")
