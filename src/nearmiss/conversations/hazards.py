"""What the commands about likeness share: reading this logbook, and saving verdicts."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from nearmiss.session import Session
from nearmiss.speech import say

if TYPE_CHECKING:
    from nearmiss.insight.reading import CaseReader
    from nearmiss.interview.same_hazard import Questions
    from nearmiss.model.entries import ComparisonFields, Report


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


def ask_about_likeness(session: Session, report: "Report") -> bool:
    """Ask which earlier reports show the same hazard as ``report``; return whether one was likely.

    Until that is answered, the desk knows that it waits. Raises GoBack, KeyboardInterrupt or
    EOFError, and what saving raises.
    """
    from nearmiss.logbook.to_compare import forget_to_compare, mark_to_compare

    folder, book = session.paths.to_compare, session.book
    mark_to_compare(folder, book, report.id)
    asked = make_questions(session).ask_about(report)
    forget_to_compare(folder, book)
    return asked


def name_likely_ones(session: Session, report: "Report") -> None:
    """Where nobody can be asked, name what is likely the same hazard; the desk asks for a look."""
    from nearmiss.interview.same_hazard import name_likely
    from nearmiss.logbook.to_compare import forget_to_compare, mark_to_compare

    folder, book = session.paths.to_compare, session.book
    if name_likely(make_reader(session), report):
        mark_to_compare(folder, book, report.id)
    else:
        forget_to_compare(folder, book)


def save_verdicts(
    session: Session, entries: "Sequence[ComparisonFields]", *, quiet: bool = False
) -> None:
    """Save what the carer said of reports. Raises what saving raises."""
    from nearmiss.interview.same_hazard import repeat_verdicts
    from nearmiss.interview.saving import save, type_command
    from nearmiss.options.answers import write_command

    command = write_command(repeat_verdicts(entries), {}, session.paths.logbook)
    save(session.write(entries, None), type_command(command, session.drafts), quiet=quiet)
