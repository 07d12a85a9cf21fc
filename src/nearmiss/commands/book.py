"""What the desk does with the book itself: each is a command too."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import typer

from nearmiss.errors import UsageProblem
from nearmiss.session import Session
from nearmiss.speech import say
from nearmiss.terminal.asking import Asked, Choice, Option, ask_until_taken
from nearmiss.text import show_safely

_Act = Callable[[Session], None]


def _back_up(session: Session) -> None:
    from nearmiss.commands.keep import backup

    with suppress(typer.Exit):  # what it found was said
        backup(session)


def _restore(session: Session) -> None:
    from nearmiss.commands.restore import restore

    restore(session)


def _import(session: Session) -> None:
    from nearmiss.commands.import_file import import_file

    asked = Asked("Which file?", _FILE_HELP, can_go_back=True)
    import_file(session, ask_until_taken(session.asker, asked, _read_path))


_FILE_HELP = "A spreadsheet (CSV or XLSX) or another carer's logbook: type where it is."


def _read_path(typed: str) -> str:
    path = Path(typed.strip().strip("'\"")).expanduser()
    if not path.is_file():
        raise UsageProblem(f"There is no file {show_safely(str(path))}.")
    return str(path)


def _check(session: Session) -> None:
    from nearmiss.commands.verify import verify

    with suppress(typer.Exit):
        verify(session)


def _count_month(session: Session) -> None:
    from nearmiss.commands.look import summary
    from nearmiss.options import FilterOptions

    summary(session, FilterOptions(since=f"{session.now():%Y-%m}-01"))


def _print_form(session: Session) -> None:
    from nearmiss.sharing.hand_over import ask_and_hand_over

    ask_and_hand_over(session.workplace, session.asker, "blank")


def _list_papers(session: Session) -> None:
    from nearmiss.records.handed import read_keeping, tell_handed
    from nearmiss.sharing.handed import ask_whether_handed, list_papers

    if not session.book.exists():
        raise session.book.explain_nothing()
    keeping = read_keeping(session.book.read_forward(), session.damaged.append)
    for each in reversed(keeping.handed):
        print(tell_handed(each))
    if not keeping.handed:
        say("No handing-over is noted.")
    for paper in list_papers(session.notes):
        ask_whether_handed(session.workplace, paper)


def _discard(session: Session) -> None:
    from nearmiss.interview.drafts import discard_draft

    discard_draft(session.asker, session.drafts, None, session.now(), sure=False)


def _erase(session: Session) -> None:
    from nearmiss.commands.erase import erase
    from nearmiss.options import FilterOptions

    erase(session, FilterOptions())


def _say_who(session: Session) -> None:
    from nearmiss.commands.keep import SettingOptions, setup

    setup(session, SettingOptions())


def _read_guide(session: Session) -> None:
    from nearmiss.commands.guide import guide
    from nearmiss.words import read_words

    topics = read_words("guide")
    options = tuple(Option(f"{name}: {about['summary']}", name) for name, about in topics.items())
    topic = session.asker.choose(Choice("What would you like to read?", options, can_go_back=True))
    guide(session, topic)


CARE: tuple[Option[_Act], ...] = (
    Option("Make a backup", _back_up, words=("backup",)),
    Option("Put a backup back (restore)", _restore, words=("restore",)),
    Option("Check that nothing was changed", _check, words=("check", "verify")),
    Option("This month's figures", _count_month, words=("figures",)),
    Option("Print a blank form", _print_form, words=("blank", "form")),
    Option("Papers handed out", _list_papers, words=("papers",)),
    Option("Throw away a draft", _discard, words=("draft",)),
    Option("Erase a report", _erase, words=("erase",)),
    Option("Who I am", _say_who, words=("setup",)),
    Option("The guide", _read_guide, words=("guide",)),
    Option("Take in a spreadsheet, or another book (import)", _import, words=("import", "sheet")),
)
