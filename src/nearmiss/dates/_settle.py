"""From what a phrase names to the moment that is meant, or to what has to be asked back."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial

from nearmiss.dates._clock import Clock
from nearmiss.dates._cut import Named
from nearmiss.dates._days import Day
from nearmiss.dates._parts import Part
from nearmiss.dates._phrase import RefusedError
from nearmiss.dates._place import localise, place
from nearmiss.dates.readings import HourAsked, Offered, Reading, When, Which

TO_COME = "That is still to come. Write when it happened."
_MINUTES = 24 * 60  # of a day
_DAY = timedelta(days=1)
_HALF_A_DAY = timedelta(hours=12)


def settle(named: Named, now: datetime, *, coming: bool = False) -> Reading:
    """Return what ``named`` means as seen from ``now`` (aware); where ``coming``, or will mean.

    Raises RefusedError.
    """
    if named.clock is None:
        return _ask_hour(named, now)
    today = localise(now).date()
    day = named.day or Day((today, today - _DAY))
    minutes = _list_minutes(named, named.clock)
    found = _find_moments(day, minutes, now)
    if coming and not any(found):
        found = [place(_start(day.dates[0]) + timedelta(minutes=each)) for each in minutes]
    past = [each for each in found if each]
    if not past:
        raise RefusedError(TO_COME)
    whens = [replace(each, approx=named.approx) for each in past]
    if len(whens) > 1:
        return ask_which(whens)
    if len(found) > 1:
        return Offered(whens[0].shown, whens[0])
    return whens[0]


def _ask_hour(named: Named, now: datetime) -> HourAsked | Which:
    asked = [HourAsked(day, named.part, named.approx) for day in _list_days(named, now)]
    if len(asked) == 1:
        return asked[0]
    options = tuple((each.shown, each) for each in asked)
    return Which("Which day is meant?", options, "Which day? Write it like 3 April 9pm.")


def _list_days(named: Named, now: datetime) -> list[date]:
    today = localise(now).date()
    yesterday = today - _DAY
    # "In the night", said by day and by night, is the one that began yesterday.
    night = named.part and named.part.has_two_dates
    day = named.day or Day((yesterday,) if night else (today, yesterday))
    start = timedelta(minutes=named.part.start if named.part else 0)
    begun = day.alone().list_fitting(partial(_is_past, start, now))
    if not begun:
        day.check(day.dates[0])
        raise RefusedError(TO_COME)
    return begun


def _start(day: date) -> datetime:
    return datetime.combine(day, time())


def _list_minutes(named: Named, clock: Clock) -> list[int]:
    """Return the minutes after midnight of the day that may be meant; in a night, of the next."""
    if named.within:
        return _list_within(named.within, clock, named.part)
    minutes = clock.list_minutes(named.part)
    if named.day is None:
        return list(dict.fromkeys(each % _MINUTES for each in minutes))
    if named.part and named.part.has_two_dates:
        minutes += [each - _MINUTES for each in minutes if each >= _MINUTES]
    return list(dict.fromkeys(minutes))


def _list_within(agreed: Part, clock: Clock, part: Part | None) -> list[int]:
    readings = clock.list_minutes(part) if part or clock.midnight else clock.halves
    late = [each + _MINUTES for each in readings if each < _MINUTES]
    fitting = [each for each in readings + late if agreed.start <= each < agreed.end]
    fitting = list(dict.fromkeys(fitting))
    if not fitting and agreed.has_two_dates:
        raise RefusedError("That is not in the night. Write the day with it: today 8am.")
    return fitting or readings


def _find_moments(day: Day, minutes: list[int], now: datetime) -> list[When | None]:
    """Return the moment for each of ``minutes``; None stands for one that can't be meant."""
    found: list[When | None] = []
    for after in (timedelta(minutes=each) for each in minutes):
        meant = day.list_fitting(partial(_is_past, after, now))
        if not meant:
            day.check(day.dates[0])
        found += [_place(_start(each) + after, now, len(minutes)) for each in meant] or [None]
    return found


def _is_past(after: timedelta, now: datetime, day: date) -> bool:
    return localise(_start(day) + after) <= now


def _place(naive: datetime, now: datetime, readings: int) -> When | None:
    try:
        when = place(naive)
    except RefusedError:
        if readings == 1:
            raise
        return None
    return drop_future(when, now)


def drop_future(when: When, now: datetime) -> When:
    """Return ``when`` without a second reading that is still to come."""
    if when.alternative and when.alternative > now:
        return replace(when, alternative=None)
    return when


def ask_which(whens: list[When]) -> Which:
    """Return the question which of several moments is meant."""
    first, *others = (each.moment for each in whens)
    halves = [(each - first) % _DAY for each in others] == [_HALF_A_DAY]
    ask = "Morning or evening?" if halves else "Which is meant?"
    shown = [
        f"{'about ' if each.approx else ''}{each.moment:%H:%M}" if halves else each.shown
        for each in whens
    ]
    options = tuple((each.shown, each) for each in whens)
    return Which(ask, options, f"{ask} Write {' or '.join(shown)}.")


def list_moments(reading: Reading) -> list[When]:
    """Return the moments that ``reading`` leaves open; none where an hour has to be asked."""
    match reading:
        case When():
            return [reading]
        case Which():
            return [moment for _, each in reading.options for moment in list_moments(each)]
        case Offered():
            return list_moments(reading.reading)
    return []
