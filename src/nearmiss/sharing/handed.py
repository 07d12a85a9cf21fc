"""The note that a paper was handed over: asked for, written, or withdrawn."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Literal

from nearmiss.errors import NearmissError
from nearmiss.logbook.beside import Notes
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import Content, CorrectionFields, DisclosureFields
from nearmiss.records.handed import Paper, ask_of_paper, read_paper
from nearmiss.speech import say
from nearmiss.terminal.asking import Choice, GoBack, Option

if TYPE_CHECKING:
    from nearmiss.sharing.request import Workplace

Undo = Callable[[], None]
_Answer = Literal["yes", "no", "not yet"]

_ANSWERS: tuple[Option[_Answer], ...] = (
    Option("yes", "yes", "y"),
    Option("no", "no", "n"),
    Option("not yet", "not yet", "t", ("later",)),
)
_HELP = "n: it stays with you. t: the desk asks again."


def list_papers(notes: Notes) -> list[Paper]:
    """Return the papers of which is not known whether they were handed over, the oldest first."""
    return [paper for each in notes.read_papers() if (paper := read_paper(each))]


def _remember(workplace: "Workplace", paper: Paper, *, waits: bool) -> None:
    notes = Notes(workplace.paths.state, workplace.book.path)
    others = [each for each in list_papers(notes) if each.key != paper.key]
    notes.note_papers([each.as_json() for each in (*others, *([paper] if waits else []))])


def ask_whether_handed(workplace: "Workplace", paper: Paper) -> None:
    """Ask whether a paper was handed over, note it where it was, and remember it where not yet."""
    assert workplace.asker is not None  # noqa: S101 - who calls this has somebody to ask
    change = paper.find_change()
    help_text = f"{change} y: it was handed over as it was made." if change else _HELP
    choice = Choice(ask_of_paper(paper), _ANSWERS, help_text, chosen=2, can_go_back=True)
    answer = workplace.asker.choose(choice)
    if answer == "not yet":
        say("Not noted as handed over yet. The desk asks again.")
        return
    if answer == "yes":
        workplace.introduce()
        write_note(workplace.book, paper.note, workplace.settings.author, workplace.now())
        if paper.note.form.startswith("meeting"):
            say('After the meeting, "Say what happened since" asks what was agreed.')
    else:
        say("Not noted as handed over. It is not asked again.")
    _remember(workplace, paper, waits=False)


def ask_after_making(workplace: "Workplace", paper: Paper) -> None:
    """Ask whether it was handed over already; whatever comes then, it is made and remembered."""
    _remember(workplace, paper, waits=True)  # a window that is closed here answers nothing
    try:
        ask_whether_handed(workplace, paper)
    except (GoBack, KeyboardInterrupt, EOFError):
        say("Not noted as handed over yet. The desk asks again.")


def write_note(book: Logbook, note: DisclosureFields, author: str, now: datetime) -> Undo:
    """Note in the logbook what was handed over; return what withdraws that."""
    noted = _append(book, note, author, now)
    say(f"Noted in the logbook: handed to {note.recipient}.")
    return partial(_withdraw, book, noted, note.recipient, author, now)


def _append(book: Logbook, content: Content, author: str, now: datetime) -> str:
    written = book.append([content], author, now)
    for notice in written.notices:
        say(notice)
    return written.ids[0]


def _withdraw(book: Logbook, noted: str, recipient: str, author: str, now: datetime) -> None:
    """Withdraw the note of what was not handed over after all, or say that it stands."""
    reason = "It could not be written, so nothing was handed over."
    correction = CorrectionFields(about=noted, withdraws=True, reason=reason)
    try:
        _append(book, correction, author, now)
    except NearmissError as problem:
        say(
            f"The note {noted} says that it was handed to {recipient}. It was not, and the note "
            f"could not be withdrawn: {problem} "
            f'To withdraw it: nearmiss correct {noted} --withdraw --reason "{reason}"'
        )
    else:
        say(f"The note that it was handed to {recipient} was withdrawn.")
