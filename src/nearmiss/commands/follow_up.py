"""``nearmiss follow-up``: what was done, or seen, after a report."""

from typing import Annotated

import typer

from nearmiss.errors import UsageProblem
from nearmiss.options.answers import FollowUpOptions, list_given, write_command
from nearmiss.options.completion import Reference
from nearmiss.session import Session
from nearmiss.speech import is_conversation, say


class NothingToAdd(UsageProblem):
    """A follow-up would say nothing."""

    def __init__(self) -> None:
        super().__init__(
            "A follow-up needs at least one of --note, --informed, --care-plan, "
            "--care-plan-status, --harm-found, --close or --reopen. Nothing was saved."
        )


def follow_up(
    session: Session,
    reference: Reference,
    answers: FollowUpOptions,
    by: Annotated[
        str | None, typer.Option("--by", metavar="TEXT", help="Who writes this: name, role.")
    ] = None,
) -> None:
    """Add what was done about a report: told, changed, found, closed.

    Example: nearmiss follow-up 42 --informed "GP, by phone, 9:15" --close
    Example: nearmiss follow-up last --harm-found "A bruise on the left knee, seen this morning"
    """
    from nearmiss.intake.fields import read_author
    from nearmiss.interview.follow_up_questions import ask_follow_up, check_follow_up
    from nearmiss.interview.saving import save, type_command
    from nearmiss.records.selection import find_record

    record = find_record(session.book, reference, session.damaged.append)
    author = read_author(by)
    fields = list_given(answers)
    if not fields and is_conversation():
        fields = ask_follow_up(session.asker, is_open=record.is_open)
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
