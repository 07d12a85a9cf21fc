"""When it happened: what a typed time leaves open is asked back, never guessed."""

from collections.abc import Callable
from datetime import datetime

from nearmiss.dates.grammar import read_hour, read_when
from nearmiss.dates.readings import HourAsked, Offered, Reading, When, Which
from nearmiss.interview.answers import NotTaken
from nearmiss.interview.asking import (
    Asked,
    Asker,
    Choice,
    Ended,
    GoBack,
    Option,
    Stopped,
    ask_until_taken,
    ask_yes_no,
)

_OTHER_WORDS = "Write it in other words: yesterday 9pm, 3 April 14:30."


def read_when_answer(asker: Asker, typed: str, now: Callable[[], datetime]) -> When:
    """Return the moment that ``typed`` means; what it leaves open is asked.

    Raises DateNotUnderstood or NotTaken where it has to be typed anew, KeyboardInterrupt or
    EOFError.
    """
    reading: Reading = read_when(typed, now())
    try:
        while not isinstance(reading, When):
            reading = _ask_back(asker, reading, now)
    except GoBack:
        raise NotTaken(reason=_OTHER_WORDS) from None
    except (Stopped, Ended) as left:
        left.typed = typed  # it stands there again, to be mended
        raise
    return reading


def _ask_back(
    asker: Asker, reading: HourAsked | Which | Offered, now: Callable[[], datetime]
) -> Reading:
    match reading:
        case HourAsked():
            asked = Asked(reading.ask, example="about 8pm", can_go_back=True)
            return ask_until_taken(asker, asked, lambda typed: read_hour(typed, reading, now()))
        case Which():
            return _choose(asker, reading)
    if ask_yes_no(asker, reading.ask, can_go_back=True):
        return reading.reading
    raise NotTaken(reason=_OTHER_WORDS)


def _choose(asker: Asker, which: Which) -> Reading:
    meant = [Option[Reading | None](shown, each) for shown, each in which.options]
    options = (*meant, Option[Reading | None]("Something else", None))
    chosen = asker.choose(Choice(which.ask, options, can_go_back=True))
    if chosen is None:
        raise GoBack
    return chosen
