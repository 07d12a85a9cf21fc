"""``nearmiss patterns``: where three similar near misses may be one problem."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss.errors import NearmissError
from nearmiss.options.completion import complete_client
from nearmiss.session import Session
from nearmiss.speech import fold, is_conversation, say
from nearmiss.text import show_safely

if TYPE_CHECKING:
    from nearmiss.screen.patterns import Found

_DAYS = 90


class NobodyToAsk(NearmissError):
    """A review needs a person to answer."""

    def __init__(self) -> None:
        super().__init__("A review asks questions, so it needs a terminal. Nothing was changed.")


def patterns(
    session: Session,
    client: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Only this client.", autocompletion=complete_client),
    ] = None,
    days: Annotated[int, typer.Option(min=1, help="Three must lie within so many days.")] = _DAYS,
    review: Annotated[
        bool, typer.Option("--review", help="Say of each possible one whether it is one.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """Show where similar near misses may be one problem.

    Example: nearmiss patterns --client MB
    Example: nearmiss patterns --review
    """
    if review:
        _review(session, client, days)
    else:
        _show(session, client, days, as_json=as_json)
    session.warn_of_damage()


def _review(session: Session, client: str | None, days: int) -> None:
    from nearmiss.conversations.hazards import make_questions

    if not is_conversation():
        raise NobodyToAsk
    if not make_questions(session).review(client, days):
        say("There is nothing to review.")


def _show(session: Session, client: str | None, days: int, *, as_json: bool) -> None:
    from nearmiss.conversations.hazards import make_reader
    from nearmiss.screen.patterns import find, list_as_json, list_paragraphs

    found: Found = find(make_reader(session), client, days)
    if as_json:
        for row in list_as_json(found):
            print(json.dumps(row, ensure_ascii=False))
        return
    for paragraph in list_paragraphs(found, days):
        print("\n".join(fold(show_safely(line), sys.stdout) for line in paragraph), end="\n\n")
    if found.possible:
        say("To say which of the possible ones are the same hazard: nearmiss patterns --review")
