"""``nearmiss follow-up``: what was done, or seen, after a report."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss.commands.choosing import find_or_ask
from nearmiss.errors import UsageProblem
from nearmiss.options.answers import FollowUpOptions, list_given, write_command
from nearmiss.options.completion import ReferenceOrAsked
from nearmiss.session import Session
from nearmiss.speech import is_conversation, say

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


def follow_up(
    session: Session,
    answers: FollowUpOptions,
    reference: ReferenceOrAsked = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="TEXT", help="Who writes this: name, role.")
    ] = None,
) -> None:
    """Add what was done about a report: told, changed, found, closed.

    Example: nearmiss follow-up 42 --informed "GP, by phone, 9:15" --close
    Example: nearmiss follow-up 42 --next "Ring the OT about rails" --who me --due friday
    Example: nearmiss follow-up last --harm-found "A bruise on the left knee, seen this morning"
    """
    from nearmiss.intake.fields import read_author
    from nearmiss.interview.follow_up_questions import ask_follow_up, read_given

    record = find_or_ask(session, reference, "follow-up", "What happened since, with which report?")
    author = read_author(by)
    today = session.now().date()
    fields = read_given(list_given(answers), record, today)
    if not fields and is_conversation():
        fields = ask_follow_up(session.asker, record, today)
    save_follow_up(session, record, fields, author)


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
