"""``nearmiss follow-up``: what was done, or seen, after a report."""

from typing import Annotated

import typer

from nearmiss.conversations.chosen_report import find_or_ask
from nearmiss.options.answers import FollowUpOptions, list_given
from nearmiss.options.completion import ReferenceOrAsked
from nearmiss.session import Session
from nearmiss.speech import is_conversation


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
    from nearmiss.conversations.follow_up import ask_and_keep, save_follow_up
    from nearmiss.intake.fields import read_author
    from nearmiss.interview.follow_up_questions import read_given

    record = find_or_ask(session, reference, "follow-up", "What happened since, with which report?")
    author = read_author(by)
    given = list_given(answers)
    fields = read_given(given, record, session.now().date())
    if not given and is_conversation():
        fields = ask_and_keep(session, record)
    save_follow_up(session, record, fields, author)
