"""What the commands about likeness share: reading this logbook, and saving verdicts."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from nearmiss.session import Session
from nearmiss.speech import say

if TYPE_CHECKING:
    from nearmiss.insight.reading import CaseReader
    from nearmiss.interview.same_hazard import Questions
    from nearmiss.model.entries import ComparisonFields


def make_reader(session: Session) -> "CaseReader":
    """Return what reads this logbook to compare its reports."""
    from nearmiss.insight.reading import CaseReader

    paths = session.paths
    return CaseReader(session.book, paths.config, paths.drafts, session.damaged.append, say)


def make_questions(session: Session) -> "Questions":
    """Return what asks about likeness at this terminal."""
    from nearmiss.interview.same_hazard import Questions

    write = partial(save_verdicts, session, quiet=True)
    return Questions(make_reader(session), session.asker, write)


def save_verdicts(
    session: Session, entries: "Sequence[ComparisonFields]", *, quiet: bool = False
) -> None:
    """Save what the carer said of reports. Raises what saving raises."""
    from nearmiss.interview.same_hazard import repeat_verdicts
    from nearmiss.interview.saving import save, type_command
    from nearmiss.options.answers import write_command

    command = write_command(repeat_verdicts(entries), {}, session.paths.logbook)
    save(session.write(entries, None), type_command(command, session.drafts), quiet=quiet)
