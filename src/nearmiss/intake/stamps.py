"""When it was, told beside the moment at which it was written: "yesterday", "11:40", "just now"."""

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from nearmiss.dates.grammar import read_when
from nearmiss.dates.moments import HourAsked, Reading, When, Which, localise
from nearmiss.dates.phrase import DateNotUnderstood, RefusedError
from nearmiss.dates.shown import WEEKDAY_WORD
from nearmiss.intake.moments import read_day_alone
from nearmiss.text import fold_text

Beside = tuple[date, time | None]  # a day, and about which hour where it is known

_NOW = re.compile(r"(?:just |right )?now|(?:just|as) (?:it )?happened|at (?:the|this) time")
_ASKS_OTHER = re.compile(
    r"(?i)\bonly if\b|\bif (?:it was )?(?:not|different|other|earlier)\b|just now|leave blank"
)
_DAY_WORD = re.compile(rf"(?:yesterday|today|tonight|{WEEKDAY_WORD})\b")
_DAY_SAID = re.compile(rf"{_DAY_WORD.pattern}|\blast\b|\bago\b|\d(?:st|nd|rd|th)\b|\d/\d")
_HALF_SAID = re.compile(r"[ap]\.?m\b|\b0\d|night|morning|early")
_LONGEST = timedelta(days=60)  # between what is told so and its writing
_DAY_BEGINS, _DAY_ENDS = 7, 19  # hours between which one is meant that may be of either half


def asks_other(head: str) -> bool:
    """Whether a head asks when it was only where that is not the moment of writing."""
    return _ASKS_OTHER.search(head) is not None


def read_beside(cell: str, written: datetime, *, is_now: bool = False) -> Beside | None:
    """Return when a cell means that was written at that moment; None where it says no day.

    An empty one means that moment if ``is_now``.
    """
    text = fold_text(cell)
    if (not text and is_now) or _NOW.fullmatch(text):
        return written.date(), written.time().replace(second=0, microsecond=0)
    parts = [each for each in re.split(r"\s*[,;()]\s*", text) if each]
    for said in dict.fromkeys((text, " ".join((*parts[:1], *parts[-1:])), *parts[:1])):
        if found := _read(said, written):
            return found
    if (word := _DAY_WORD.match(text)) and (found := _read(word[0], written)):
        return _find_numbered(cell, written) or found
    return _find_numbered(cell, written)


def _read(said: str, written: datetime) -> Beside | None:
    with suppress(DateNotUnderstood, RefusedError):
        found = _settle(read_when(said, localise(written)), said, localise(written))
        back = written.date() - found[0] if found else -_LONGEST
        if back == timedelta() or (timedelta() < back <= _LONGEST and _DAY_SAID.search(said)):
            return found
    return None


def _settle(read: Reading, said: str, written: datetime) -> Beside | None:
    """Return the day of a reading, with its hour where that is plain enough."""
    if isinstance(read, HourAsked):
        return read.day, None
    ways = [each for _, each in read.options] if isinstance(read, Which) else [read]
    moments = [each.moment for each in ways if isinstance(each, When) and not each.hour_not_known]
    if not moments or len({each.date() for each in moments}) > 1:
        return None
    if len(moments) == 1 and moments[0].hour < _DAY_BEGINS and not _HALF_SAID.search(said):
        moments.append(moments[0] + timedelta(hours=12))
    by_day = [each for each in moments if _DAY_BEGINS <= each.hour < _DAY_ENDS]
    before = [each for each in (by_day if len(moments) > 1 else moments) if each <= written]
    return moments[0].date(), before[-1].time() if before else None


def _find_numbered(cell: str, written: datetime) -> Beside | None:
    """Return the last day before it was written that has the number in a cell: "Fri 4th"."""
    if not (alone := read_day_alone(cell)):
        return None
    number, weekday = alone
    days = (written.date() - timedelta(days=back) for back in range(_LONGEST.days))
    fit = (day for day in days if day.day == number and weekday in (-1, day.weekday()))
    return next(((day, None) for day in fit), None)
