"""Times of day as people type them: 8:15, 9pm, 20.30, half past 8 pm, noon."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from nearmiss.dates.phrase import PartOfDay, RefusedError

_NOON = 12 * 60
_DAY = 24 * 60
_BOTH_HALVES = range(1, 13)  # hours that come twice a day


@dataclass(frozen=True)
class Clock:
    """A time of day, and how sure its half of the day is."""

    minutes: int  # after midnight
    open: bool = False  # 8:15: the 24-hour clock, unless "evening" says otherwise
    spoken: bool = False  # half past 8, or 8 alone: not how the 24-hour clock is written
    bare: bool = False  # a lone number, which beside a date may be a day or a year
    midnight: bool = False  # the word: of which day?

    @property
    def start(self) -> str:
        """The hour as the 24-hour clock has it."""
        return f"{self.minutes // 60:02}:{self.minutes % 60:02}"

    @property
    def halves(self) -> list[int]:
        """The minutes after midnight, in either half of the day where that is open."""
        if not self.open:
            return [self.minutes]
        return sorted((self.minutes, (self.minutes + _NOON) % _DAY))

    def list_minutes(self, part: PartOfDay | None) -> list[int]:
        """Return the minutes after midnight that may be meant, the earlier first.

        With a ``part`` of the day, those that go with it: in the night from 24:00 on, those of
        the next day. Raises RefusedError where none does.
        """
        if self.midnight:
            return [_DAY, 0]
        if part is None:
            return self.halves if self.spoken else [self.minutes]
        late = [minutes + _DAY for minutes in self.halves]
        fitting = [each for each in self.halves + late if part.start <= each < part.end]
        if not fitting and part.name == "morning" and self.open:
            return self.halves  # "12:30 in the morning" is said of both
        if not fitting:
            example = f"{self.minutes // 60 % 12 or 12}:{self.minutes % 60:02}"
            raise RefusedError(
                f"The hour does not go with {part.name}. Write it like {example}am or {example}pm."
            )
        return fitting


def _read_digits(found: re.Match[str]) -> Clock:
    hour, minute, oclock, half = found.groups()
    if half:
        return Clock(_read_half(int(hour), int(minute or 0), half))
    minutes = _read_24_hours(int(hour), int(minute or 0))
    is_open = int(hour) in _BOTH_HALVES and not hour.startswith("0")
    return Clock(minutes, open=is_open, spoken=not minute, bare=not (minute or oclock))


def _read_four_digits(found: re.Match[str]) -> Clock:
    hour, minute, mark = found.groups()
    if hour in ("19", "20") and not mark:
        raise RefusedError(f"{hour}{minute} may be a year. For the time write {hour}:{minute}.")
    return Clock(_read_24_hours(int(hour), int(minute)))


def _read_past(found: re.Match[str]) -> Clock:
    amount, direction, hour, half = found.groups()
    minutes = {"quarter": 15, "half": 30}.get(amount) or int(amount)
    if minutes not in range(1, 31) or (amount, direction) == ("half", "to"):
        raise RefusedError
    start = _read_half(int(hour), 0, half or "am")
    shifted = start + minutes if direction == "past" else start - minutes
    if half and shifted < 0:
        raise RefusedError("Midnight has two dates. Write the day and the time: yesterday 11:45pm.")
    return Clock(shifted % _DAY, open=not half, spoken=True)


def _read_half(hour: int, minute: int, half: str) -> int:
    if hour not in _BOTH_HALVES:
        raise RefusedError("With am or pm the hour is 1 to 12. Write 8:15pm or 20:15.")
    return _read_24_hours(hour % 12 + (12 if half == "pm" else 0), minute)


def _read_24_hours(hour: int, minute: int) -> int:
    if (hour, minute) == (24, 0):
        raise RefusedError("24:00 is 00:00 of the next day. Write that day and 00:00.")
    if hour not in range(24) or minute not in range(60):
        raise RefusedError("The hours go to 23 and the minutes to 59. Write 8:15 or 20:15.")
    return hour * 60 + minute


def _read_spoken(found: re.Match[str]) -> Clock:
    hour, minute, half = int(found[1]), int(found[2]), found[3]
    if half:
        return Clock(_read_half(hour, minute, half))
    return Clock(_read_24_hours(hour, minute), open=hour in _BOTH_HALVES, spoken=True)


def _refuse_one_digit(found: re.Match[str]) -> Clock:
    hour, mark, minute = found.groups()
    day = f" For a day write {hour}/{minute}." if mark == "." else ""
    raise RefusedError(f"Write the minutes with two digits: {hour}:0{minute}.{day}")


# Compiled when first used: most commands read no date.
_FORMS: list[tuple[str, Callable[[re.Match[str]], Clock]]] = [
    (r"noon|midday", lambda _: Clock(_NOON)),
    (r"midnight", lambda _: Clock(0, midnight=True)),
    (r"(\d{1,2})(?:[:.h](\d\d))?(oclock)?(am|pm)?", _read_digits),
    (r"(\d{1,2})() ?(h)()", _read_digits),
    (r"(\d\d)[:.h]?(\d\d) ?(hours|hrs|h)?", _read_four_digits),
    (r"(\d{1,2}|quarter|half)(?: minutes)? (past|to) (\d{1,2})(am|pm)?", _read_past),
    (r"(\d{1,2}) ([0-5]\d)(am|pm)?", _read_spoken),  # eight fifteen
    (r"(\d{1,2})(\d\d)(am|pm)?", _read_spoken),
    (r"(\d{1,2})([:.])(\d)(?:am|pm)?", _refuse_one_digit),
]


def read_clock(words: tuple[str, ...]) -> Clock | None:
    """Return the time of day that ``words`` name, or None. Raises RefusedError, saying why."""
    text = " ".join(words)
    for form, read in _FORMS:
        if found := re.fullmatch(form, text):
            return read(found)
    return None
