"""Times of day as people type them: 8:15, 9pm, 20.30, half past 8 pm, noon."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from nearmiss.dates._phrase import RefusedError

_NOON = 12 * 60
_DAY = 24 * 60

# What each part of the day covers, in minutes after midnight: from, and up to but not including.
_PARTS = {
    "morning": (1 * 60, _NOON),
    "afternoon": (_NOON, 19 * 60),
    "evening": (16 * 60, _DAY),
    "night": (18 * 60, _DAY),
}


@dataclass(frozen=True)
class Clock:
    """A time of day, and how sure its half of the day is."""

    minutes: int  # after midnight
    open: bool = False  # 8:15: the 24-hour clock, unless "evening" says otherwise
    spoken: bool = False  # half past 8, or 8 alone: not how the 24-hour clock is written
    bare: bool = False  # a lone number, which beside a date may be a day or a year
    midnight: bool = False  # the word: of which day?

    def settle(self, part: str | None) -> time:
        """Return the time of day, with the help of a ``part`` of the day if one was named."""
        if part:
            return _as_time(self._fit(part))
        if self.spoken and self.open:
            early, late = (f"{_as_time(self.minutes % _NOON + half):%H:%M}" for half in (0, _NOON))
            raise RefusedError(f"Morning or evening? Write {early} or {late}.")
        return _as_time(self.minutes)

    def _fit(self, part: str) -> int:
        start, end = _PARTS[part]
        readings = [self.minutes, (self.minutes + _NOON) % _DAY] if self.open else [self.minutes]
        fitting = [minutes for minutes in readings if start <= minutes < end]
        if len(fitting) == 1:
            return fitting[0]
        if part == "night":
            raise RefusedError("Night has two dates. Write the day and the hour: today 2am.")
        raise RefusedError(f"The hour does not go with {part}. Write it like 9:30am or 9:30pm.")


def _as_time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _read_digits(found: re.Match[str]) -> Clock:
    hour, minute, oclock, half = found.groups()
    if half:
        return Clock(_read_half(int(hour), int(minute or 0), half))
    minutes = _read_24_hours(int(hour), int(minute or 0))
    is_open = int(hour) in range(1, 13) and not hour.startswith("0")
    return Clock(minutes, open=is_open, spoken=not minute, bare=not (minute or oclock))


def _read_four_digits(found: re.Match[str]) -> Clock:
    hour, minute, mark = found.groups()
    if hour in ("19", "20") and not mark:
        raise RefusedError(f"{hour}{minute} may be a year. For the time write {hour}:{minute}.")
    return Clock(_read_24_hours(int(hour), int(minute)))


def _read_past(found: re.Match[str]) -> Clock:
    amount, unit, direction, hour, half = found.groups()
    minutes = {"quarter": 15, "half": 30}.get(amount) or int(amount)
    if minutes not in range(1, 31) or (amount, direction) == ("half", "to"):
        raise RefusedError
    if direction == "to" and minutes in range(1, 13) and not unit:
        raise RefusedError(f'"{amount} to {hour}" may be a span of hours. Write it like 8:50pm.')
    start = _read_half(int(hour), 0, half or "am")
    shifted = start + minutes if direction == "past" else start - minutes
    if half and shifted < 0:
        raise RefusedError("Midnight has two dates. Write the day and the time: yesterday 11:45pm.")
    return Clock(shifted % _DAY, open=not half, spoken=True)


def _read_half(hour: int, minute: int, half: str) -> int:
    if hour not in range(1, 13):
        raise RefusedError("With am or pm the hour is 1 to 12. Write 8:15pm or 20:15.")
    return _read_24_hours(hour % 12 + (12 if half == "pm" else 0), minute)


def _read_24_hours(hour: int, minute: int) -> int:
    if (hour, minute) == (24, 0):
        raise RefusedError("24:00 is 00:00 of the next day. Write that day and 00:00.")
    if hour not in range(24) or minute not in range(60):
        raise RefusedError("The hours go to 23 and the minutes to 59. Write 8:15 or 20:15.")
    return hour * 60 + minute


def _refuse_half(found: re.Match[str]) -> Clock:
    hour = found[1]
    raise RefusedError(f'"Half {hour}" is not the same everywhere. Write half past {hour} pm.')


def _refuse_one_digit(found: re.Match[str]) -> Clock:
    raise RefusedError(f"Write the minutes with two digits: {found[1]}:0{found[2]}.")


# Compiled when first used: most commands read no date.
_FORMS: list[tuple[str, Callable[[re.Match[str]], Clock]]] = [
    (r"(?:12 ?)?(?:noon|midday)", lambda _: Clock(_NOON)),
    (r"(?:12 ?)?midnight", lambda _: Clock(0, midnight=True)),
    (r"(\d{1,2})(?:[:.h](\d\d))?(oclock)?(am|pm)?", _read_digits),
    (r"(\d\d)[:.h]?(\d\d) ?(hours|hrs|h)?", _read_four_digits),
    (r"(\d{1,2}|quarter|half)( minutes)? (past|to) (\d{1,2})(am|pm)?", _read_past),
    (r"half (\d{1,2})(?:am|pm)?", _refuse_half),
    (r"(\d{1,2})[:.](\d)(?:am|pm)?", _refuse_one_digit),
]


def read_clock(words: tuple[str, ...]) -> Clock | None:
    """Return the time of day that ``words`` name, or None. Raises RefusedError, saying why."""
    text = " ".join(words)
    for form, read in _FORMS:
        if found := re.fullmatch(form, text):
            return read(found)
    return None
