"""When it happened, and when something is due: what is left open is asked back, never guessed."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from nearmiss.dates.coming import DaysAsked, read_due
from nearmiss.dates.grammar import read_hour, read_when
from nearmiss.dates.readings import HourAsked, Offered, Reading, When, Which
from nearmiss.dates.shown import echo_weekday
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

_Settled = TypeVar("_Settled")
_OTHER_WORDS = "Write it in other words: yesterday 9pm, 3 April 14:30."
_OTHER_DAY = "Write it in other words: friday, 3 April."


def read_when_answer(asker: Asker, typed: str, now: Callable[[], datetime]) -> When:
    """Return the moment that ``typed`` means; what it leaves open is asked.

    Raises DateNotUnderstood or NotTaken where it has to be typed anew, KeyboardInterrupt or
    EOFError.
    """

    def settle() -> When:
        reading = read_when(typed, now())
        while not isinstance(reading, When):
            reading = _ask_back(asker, reading, now)
        return reading

    return _keep_typed(typed, settle, _OTHER_WORDS)


def read_due_answer(asker: Asker, typed: str, today: date) -> date:
    """Return the day to come that ``typed`` means; what it leaves open is asked.

    Raises DateNotUnderstood or NotTaken where it has to be typed anew, KeyboardInterrupt or
    EOFError.
    """

    def settle() -> date:
        read = read_due(typed, today)
        return _ask_day(asker, read) if isinstance(read, DaysAsked) else read

    return _keep_typed(typed, settle, _OTHER_DAY)


def _keep_typed(typed: str, settle: Callable[[], _Settled], advice: str) -> _Settled:
    """Return what was settled; who leaves in between finds ``typed`` again, to be mended."""
    try:
        return settle()
    except GoBack:
        raise NotTaken(reason=advice) from None
    except (Stopped, Ended) as left:
        left.typed = typed
        raise


def _ask_back(
    asker: Asker, reading: HourAsked | Which | Offered, now: Callable[[], datetime]
) -> Reading:
    match reading:
        case HourAsked():
            asked = Asked(reading.ask, example="about 8pm", can_go_back=True)
            return ask_until_taken(asker, asked, lambda typed: read_hour(typed, reading, now()))
        case Which():
            options = tuple(Option(shown, each) for shown, each in reading.options)
            return asker.choose(Choice(reading.ask, options, can_go_back=True))
    if ask_yes_no(asker, reading.ask, can_go_back=True):
        return reading.reading
    raise NotTaken(reason=_OTHER_WORDS)


def _ask_day(asker: Asker, asked: DaysAsked) -> date:
    if len(asked.days) > 1:
        options = tuple(Option(echo_weekday(day), day) for day in asked.days)
        return asker.choose(Choice(asked.ask, options, can_go_back=True))
    day = asked.days[0]
    if ask_yes_no(asker, f"{asked.ask} {echo_weekday(day)}", can_go_back=True):
        return day
    raise NotTaken(reason=_OTHER_DAY)
