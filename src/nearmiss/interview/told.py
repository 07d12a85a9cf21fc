"""Told, or only tried: lines that may say that somebody was not reached are asked about."""

from collections.abc import Sequence

from nearmiss.intake.reached import read_reached
from nearmiss.interview.answers import NotTaken
from nearmiss.speech import say
from nearmiss.terminal.asking import Asker, GoBack, ask_yes_no
from nearmiss.text import shorten, show_safely

_GLIMPSE = 120  # characters of a line that a question repeats


def ask_reached(
    asker: Asker, lines: Sequence[str], *, can_go_back: bool = True
) -> tuple[list[str], list[str]]:
    """Return who of ``lines`` was told, and who was tried and not reached.

    Raises NotTaken where the carer goes back to write it anew; KeyboardInterrupt or EOFError.
    """
    told, tried = list[str](), list[str]()
    for line in lines:
        reach = read_reached(line).reach
        shown = shorten(show_safely(line), _GLIMPSE)
        if reach == "nobody":
            say(f'"{shown}" is taken as: nobody.')
        elif reach == "reached" or _ask(asker, shown, can_go_back=can_go_back):
            told.append(line)
        else:
            say(f"Noted as tried, not as told: {shown}")
            tried.append(line)
    return told, tried


def _ask(asker: Asker, shown: str, *, can_go_back: bool) -> bool:
    question = f'You wrote "{shown}". Did you reach them?'
    try:
        return ask_yes_no(asker, question, _HELP, can_go_back=can_go_back)
    except GoBack:
        raise NotTaken(reason=_ANEW) from None


_ANEW = "Write who was told, and who was not reached, on lines of their own."
_HELP = "n: it is noted as tried."
