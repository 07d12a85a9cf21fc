"""What the desk does with the book itself: each is a command too."""

from collections.abc import Callable
from pathlib import Path

from nearmiss.commands.erase import erase
from nearmiss.commands.guide import guide
from nearmiss.commands.import_file import import_file
from nearmiss.commands.keep import SettingOptions, backup, setup
from nearmiss.commands.look import summary
from nearmiss.commands.restore import restore
from nearmiss.commands.verify import verify
from nearmiss.errors import UsageProblem
from nearmiss.interview.drafts import discard_draft
from nearmiss.options import FilterOptions
from nearmiss.records.handed import read_keeping, tell_handed
from nearmiss.session import Session
from nearmiss.sharing.hand_over import ask_and_hand_over
from nearmiss.sharing.handed import ask_whether_handed, list_papers
from nearmiss.speech import say
from nearmiss.terminal.asking import Asked, Choice, Option, ask_until_taken
from nearmiss.text import show_safely
from nearmiss.words import read_words

_FILE_HELP = "A spreadsheet (CSV or XLSX) or another carer's logbook: type where it is."


def _import(session: Session) -> None:
    asked = Asked("Which file?", _FILE_HELP, can_go_back=True)
    import_file(session, ask_until_taken(session.asker, asked, _read_path))


def _read_path(typed: str) -> str:
    path = Path(typed.strip().strip("'\"")).expanduser()
    if not path.is_file():
        raise UsageProblem(f"There is no file {show_safely(str(path))}.")
    return str(path)


_WRONG_PAPER = (
    'Not handed over after all, or another paper? At "Say what happened since" choose its report, '
    'then "Put something right here": it was not handed to them.'
)


def _list_papers(session: Session) -> None:
    if not session.book.exists():
        raise session.book.explain_nothing()
    keeping = read_keeping(session.book.read_forward(), session.damaged.append)
    for each in reversed(keeping.handed):
        print(tell_handed(each))
    say(_WRONG_PAPER if keeping.handed else "No handing-over is noted.")
    for paper in list_papers(session.notes):
        ask_whether_handed(session.workplace, paper)


def _discard(session: Session) -> None:
    discard_draft(session.asker, session.drafts, None, session.now(), sure=False)


def _read_guide(session: Session) -> None:
    topics = read_words("guide")
    options = tuple(Option(f"{name}: {about['summary']}", name) for name, about in topics.items())
    choice = Choice("What would you like to read?", options, can_go_back=True)
    guide(session, session.asker.choose(choice))


_Act = Callable[[Session], None]
CARE: tuple[Option[_Act], ...] = (
    Option("Make a backup", backup, words=("backup",)),
    Option("Put a backup back (restore)", restore, words=("restore",)),
    Option("Check that nothing was changed", verify, words=("check", "verify")),
    Option(
        "This month's figures",
        lambda session: summary(session, FilterOptions(since=f"{session.now():%Y-%m}-01")),
        words=("figures",),
    ),
    Option(
        "Print a blank form",
        lambda session: ask_and_hand_over(session.workplace, session.asker, "blank"),
        words=("blank", "form"),
    ),
    Option("Papers handed out", _list_papers, words=("papers",)),
    Option("Throw away a draft", _discard, words=("draft",)),
    Option("Erase a report", lambda session: erase(session, FilterOptions()), words=("erase",)),
    Option("Who I am", lambda session: setup(session, SettingOptions()), words=("setup",)),
    Option("The guide", _read_guide, words=("guide",)),
    Option("Take in a spreadsheet, or another book (import)", _import, words=("import", "sheet")),
)
