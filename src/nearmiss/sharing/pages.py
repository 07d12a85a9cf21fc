"""How long a document is, told before it is written, and opened once it is."""

from pathlib import Path

from nearmiss.documents.phrases import count
from nearmiss.errors import NearmissError
from nearmiss.interview.asking import ask_yes_no
from nearmiss.screen.viewer import find_viewer, open_file
from nearmiss.sharing.request import Request
from nearmiss.sharing.workplace import Workplace
from nearmiss.speech import say

_LONG = 12  # pages, from which it is said what would make it shorter


class NotWanted(NearmissError):
    """The carer thought better of it."""

    exit_code = 0

    def __init__(self) -> None:
        super().__init__("Nothing was made.")


def tell_pages(pages: int | None, content: str, request: Request, workplace: Workplace) -> None:
    """Say at a terminal what is in a document and how long it is; where asked for, ask to go on.

    Raises NotWanted, GoBack, KeyboardInterrupt or EOFError.
    """
    if workplace.asker is None or pages is None:
        return
    if request.was_asked or pages >= _LONG:
        in_it = f"In it: {content}; " if content else "It has "
        say(f"{in_it}{count(pages, 'page')}.")
    if pages >= _LONG:
        say('To make it shorter, choose fewer reports, such as: --since "3 months"')
    if request.was_asked and not ask_yes_no(workplace.asker, "Make it?"):
        raise NotWanted


def offer_to_open(path: Path, request: Request, workplace: Workplace) -> None:
    """Open what was made where that was asked for; after questions, ask."""
    wanted = request.target.view
    if request.was_asked and workplace.asker is not None and find_viewer() is not None:
        wanted = ask_yes_no(workplace.asker, "Open it?")
    if wanted and not open_file(path):
        say(f"There is nothing here that opens it. It is in {path}")
