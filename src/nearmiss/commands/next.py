"""What next, after a report was saved: by one key, as often as the carer likes."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

from nearmiss.commands.add import add_fact
from nearmiss.commands.hazards import ask_about_likeness
from nearmiss.commands.right import put_entry_right, withdraw_double, withdraw_for
from nearmiss.commands.which import list_others, read_again
from nearmiss.errors import NearmissError
from nearmiss.interview.later import say_about
from nearmiss.interview.right import Choosing
from nearmiss.model.entries import ReportFields
from nearmiss.model.questions import Audience
from nearmiss.records.record import Record
from nearmiss.session import Session
from nearmiss.speech import say
from nearmiss.terminal.asking import Choice, GoBack, Option, ask_yes_no
from nearmiss.text import fold_text

_Step = Callable[[], object]


def take_next_steps(session: Session, record: Record, author: str | None) -> None:
    """Ask which reports show the same hazard, then what is to be done next, until it is enough."""
    is_double = list[bool]()
    _try(lambda: _put_down_to_do(session, record, author))
    _try(lambda: is_double.append(_ask_whether_double(session, record, author)))
    if not any(is_double):
        _try(lambda: ask_about_likeness(session, record.current))
    options: tuple[Option[_Step | None], ...] = (
        Option("Put something right", partial(_correct, session, record, author)),
        Option("Say who was told", partial(_note_told, session, record, author)),
        Option("Print it", partial(print_report, session, record.id)),
        Option("Done", None, words=("d",)),
    )
    while step := session.asker.choose(Choice("What next?", options, chosen=len(options) - 1)):
        try:
            _try(step)
        except (GoBack, KeyboardInterrupt, EOFError):
            say("Nothing more was saved.")


def _try(step: _Step) -> None:
    """Take a step; what goes wrong in it is said, and the report stays saved."""
    try:
        step()
    except NearmissError as problem:
        say(str(problem))


def _put_down_to_do(session: Session, record: Record, author: str | None) -> None:
    """Put down what was said in the report to be still to do."""
    left = session.drafts.list_later()
    if any(each.adding == "step" and each.is_about(record) for each in left):
        try:
            add_fact(session, record, "step", author)
        except GoBack:
            say("It is kept, and not put down yet: the desk says so.")


def _ask_whether_double(session: Session, record: Record, author: str | None) -> bool:
    """Ask of an earlier report in nearly the same words, of the same hour, whether this is it.

    Raises what withdrawing raises.
    """
    alike = (each for each in list_others(session, record) if _is_same(record.report, each.report))
    if not (other := next(alike, None)):
        return False
    about = say_about(other, session.today)
    with suppress(GoBack):
        ask = "Is this the same one, written twice?"
        if ask_yes_no(session.asker, ask, "n: both stay.", about=about, can_go_back=True):
            return withdraw_for(session, record, other, author)
    return False


def _is_same(one: ReportFields, other: ReportFields) -> bool:
    """Whether both are of the same hour, and most of their words are the same."""
    here, there = (set(fold_text(f"{each.location} {each.what}").split()) for each in (one, other))
    is_near = abs(one.occurred - other.occurred) <= _SAME_HOUR
    return is_near and len(here & there) > _SAME_WORDS * len(here | there)


_SAME_HOUR = timedelta(hours=1)
_SAME_WORDS = 0.5


def _correct(session: Session, record: Record, author: str | None) -> None:
    record = read_again(session, record)
    options = (Option("An answer in it", False), Option("It was written twice", True))
    may_be_double = not record.withdrawn and bool(list_others(session, record))
    if may_be_double and session.asker.choose(Choice("What is wrong?", options, can_go_back=True)):
        withdraw_double(session, record, author)
    else:
        put_entry_right(session, record, Choosing(record.id, record.current), author)


def _note_told(session: Session, record: Record, author: str | None) -> None:
    add_fact(session, read_again(session, record), "told", author)


def print_report(session: Session, report: str) -> None:
    """Ask who will read the report of that id, and make it."""
    from nearmiss.options import HandingOptions
    from nearmiss.sharing.hand_over import hand_over
    from nearmiss.sharing.request import read_request

    readers: tuple[Option[Audience], ...] = (
        Option("Only me", "own"),
        Option("The family", "family"),
        Option("A GP, nurse or other professional", "professional"),
    )
    audience = session.asker.choose(Choice("Who will read it?", readers, can_go_back=True))
    request = read_request(
        "report",
        "pdf",
        audience,
        HandingOptions(),
        references=(report,),
        today=session.today,
    )
    hand_over(request, session.workplace)
