"""A follow-up saved, and what is said of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nearmiss.errors import UsageProblem
from nearmiss.options.answers import write_command
from nearmiss.session import Session
from nearmiss.speech import say

if TYPE_CHECKING:
    from nearmiss.records.history import Record


class NothingToAdd(UsageProblem):
    """A follow-up would say nothing."""

    def __init__(self) -> None:
        super().__init__(
            "A follow-up needs at least one of --note, --informed, --care-plan, "
            "--care-plan-status, --harm-found, --next, --done, --close or --reopen. "
            "Nothing was saved."
        )


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
