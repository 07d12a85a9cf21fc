"""What next, after a report was saved: by one key, as often as the carer likes."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from nearmiss.errors import NearmissError
from nearmiss.session import Session
from nearmiss.speech import say
from nearmiss.terminal.asking import Choice, GoBack, Option

if TYPE_CHECKING:
    from nearmiss.model.questions import Audience
    from nearmiss.records.record import Record

_Step = Callable[[], object]


def take_next_steps(session: Session, record: "Record", author: str | None) -> None:
    """Ask which reports show the same hazard, then what is to be done next, until it is enough.

    Raises KeyboardInterrupt or EOFError.
    """
    from nearmiss.commands.hazards import ask_about_likeness

    _try(lambda: ask_about_likeness(session, record.current))
    report = record.id
    options: tuple[Option[_Step | None], ...] = (
        Option("Put something right", partial(_correct, session, report, author)),
        Option("Say who was told", partial(_note_told, session, report, author)),
        Option("Print it", partial(print_report, session, report)),
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


def _correct(session: Session, report: str, author: str | None) -> None:
    from nearmiss.commands.right import put_entry_right
    from nearmiss.interview.right import Choosing
    from nearmiss.records.find import find_record

    record = find_record(session.book, report, session.damaged.append)  # as it stands now
    put_entry_right(session, record, Choosing(report, record.current), author)


def _note_told(session: Session, report: str, author: str | None) -> None:
    from nearmiss.commands.add import add_fact
    from nearmiss.records.find import find_record

    record = find_record(session.book, report, session.damaged.append)
    add_fact(session, record, "told", author)


def print_report(session: Session, report: str) -> None:
    """Ask who will read the report of that id, and make it.

    Raises GoBack, KeyboardInterrupt, EOFError, and what handing over raises.
    """
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
        today=session.now().date(),
    )
    hand_over(request, session.workplace)
