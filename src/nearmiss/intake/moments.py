"""When it was, as the cells of a row name it: a day in whatever order, an hour, or neither."""

import re
import time as clock
from calendar import monthrange
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from nearmiss.dates.grammar import read_when
from nearmiss.dates.moments import When, Which, localise, place
from nearmiss.dates.phrase import DateNotUnderstood, RefusedError
from nearmiss.dates.shown import MONTH_WORD, MONTHS, WEEKDAY_WORD, WEEKDAYS, echo_day, to_timestamp
from nearmiss.text import fold_text, show_safely
from nearmiss.words import read_words

Order = Literal["day", "month"]  # which of two numbers comes first


EMPTY = "is empty"


class NotRead(Exception):
    """A cell can't be understood; the reason stands in words."""


class Day(NamedTuple):
    """A day as it stands in a cell, which may be two: ``first`` and ``second`` are its numbers."""

    first: int
    second: int
    year: int  # 0 where none is named
    is_open: bool = False  # nothing but the order decides which is the month
    weekday: int = -1

    def _number(self, order: Order) -> tuple[int, int]:
        """Return the number of the day and that of the month."""
        is_turned = self.is_open and order == "month"
        return (self.second, self.first) if is_turned else (self.first, self.second)

    def make(self, order: Order, year: int = 0) -> date:
        """Return the day, its numbers in that order. Raises NotRead."""
        number, month = self._number(order)
        if not self.year and not year:
            raise NotRead(f'"{number} {MONTHS[month - 1][:3].title()}" names no year')
        try:
            return date(self.year or year, month, number)
        except ValueError:
            other = "month" if order == "day" else "day"
            raise NotRead(
                f"{self.first}/{self.second}/{self.year} is no day with the {order} first"
                + (f"; with the {other} first it would be one" if self.is_open else "")
            ) from None

    def fits(self, order: Order) -> bool:
        """Whether it is a day of the calendar in that order."""
        number, month = self._number(order)
        is_month = 1 <= month <= 12  # noqa: PLR2004
        return is_month and 1 <= number <= monthrange(self.year or _LEAP, month)[1]

    @property
    def shown(self) -> str:
        """The numbers as they stand there."""
        return f"{self.first}/{self.second}" + (f"/{self.year}" if self.year else "")


_LEAP = 2024  # in which every day of any year is one


class Moment(NamedTuple):
    """What cells say of when it was.

    ``words`` are those that name no hour ("evening"), or one that may be of either half of the day
    (``is_halved``: "3:30").
    """

    day: Day
    clock: time | None = None
    offset: str = ""
    approx: bool = False
    words: str = ""
    is_halved: bool = False
    has_midnight: bool = False  # 00:00 beside the day: what a spreadsheet writes for no time

    @property
    def waking(self) -> time | None:
        """An hour of either half as it is by day, from seven to seven."""
        early = self.clock and self.is_halved and self.clock.hour < _MORNING
        return self.clock.replace(hour=self.clock.hour + 12) if early and self.clock else self.clock

    def settle(self, order: Order, now: datetime, day: date | None = None) -> dict[str, Any]:
        """Return the fields of a report that say so, on that ``day`` if given. Raises NotRead."""
        day = day or self.day.make(order)
        moment, approx = self._place(day)
        if self.clock is None:
            if moment.date() > localise(now).date():
                raise NotRead(f"{echo_day(day)} lies ahead of today")
            return _WITHOUT_HOUR | {"occurred_at": to_timestamp(moment)}
        if moment > now:
            raise NotRead(f"{echo_day(day)} lies ahead of now")
        return {"occurred_at": to_timestamp(moment)} | (_ABOUT if approx else {})

    def _place(self, day: date) -> tuple[datetime, bool]:
        if self.offset:
            stamp = f"{datetime.combine(day, self.clock or _NOON).isoformat()}{self.offset}"
            return localise(datetime.fromisoformat(stamp)), self.approx
        if zone := _find_zone(day, clock.tzname):
            return datetime.combine(day, self.clock or _NOON, zone), self.approx
        try:
            when = place(datetime.combine(day, self.clock or _NOON))
        except RefusedError as refused:
            raise NotRead(str(refused).rstrip(".")) from None
        return when.moment, self.approx or when.alternative is not None


@lru_cache(8192)
def _find_zone(day: date, names: tuple[str, str]) -> tzinfo | None:
    """Return the offset of a day on which the clocks do not change."""
    try:
        ends = [localise(datetime.combine(day + timedelta(each), time())) for each in (0, 1)]
    except (RefusedError, OverflowError):
        return None
    return ends[0].tzinfo if ends[0].utcoffset() == ends[1].utcoffset() else None


_MORNING = 7
_NOON, _MIDNIGHT = time(12), time()
_ABOUT = {"occurred_approx": True}
_WITHOUT_HOUR = _ABOUT | {"hour_not_known": True}
_WEEKDAY = rf"(?:(?P<n>{WEEKDAY_WORD})[.,]?\s+)?"
_SEP = r"\s?[-/.]\s?"
_TH = "(?:st|nd|rd|th)?(?:\\s+of)?"
_DAYS = tuple(
    re.compile(rf"{_WEEKDAY}{pattern}(?!\d)", re.I)
    for pattern in (
        rf"(?P<y>\d{{4}}){_SEP}(?P<m>\d\d?){_SEP}(?P<d>\d\d?)",
        rf"(?P<a>\d\d?){_SEP}(?P<b>\d\d?){_SEP}(?P<y>\d{{4}}|\d\d)",
        rf"(?P<d>\d\d?){_TH}[-\s/.]*(?P<w>{MONTH_WORD})\.?[-,\s/]*(?P<y>\d{{4}}|\d\d(?![:.h]|\s?(?:[ap]\.?m|ish|o.?clock|hrs)\b))",
        rf"(?P<w>{MONTH_WORD})\.?[-\s]*(?P<d>\d\d?){_TH},?[-\s]+(?P<y>\d{{4}})",
        r"(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)",
        # and without its year
        r"(?P<a>\d\d?)/(?P<b>\d\d?)(?!/)",
        rf"(?P<d>\d\d?){_TH}[-\s/.]*(?P<w>{MONTH_WORD})\b",
        rf"(?P<w>{MONTH_WORD})\.?[-\s]*(?P<d>\d\d?){_TH}",
    )
)
_SERIAL = re.compile(r"(?P<days>[2-7]\d{4})(?:[.,](?P<part>\d+))?$")
_FRACTION = re.compile(r"0?[.,]\d+$")
_EPOCH = datetime(1899, 12, 30)  # day 0 of Excel's calendar, from March 1900 on
_A_DAY = 86_400  # seconds
_ZONE = re.compile(
    r"\s?(?:(?P<zulu>z|utc|gmt)(?P<off>[+-]\d\d?(?::?\d\d)?)?|(?P<bst>bst)|(?P<plain>[+]\d\d:?\d\d|(?<=\d:\d\d:\d\d)-\d\d:?\d\d))$",
    re.I,
)
_ABOUTS = re.compile(
    r"^(?:about|abt\.?|approx\.?|approximately|around|circa|ca?\.|ok\.|roughly"
    r"|just (?:after|before|gone|past)|shortly after|~)\s*|\s*(?:ish|approx\.?|~)$",
    re.I,
)


def read_moment(cell: str, clock_cell: str = "") -> Moment:
    """Return what a cell says of when it was, with a second one for the time. Raises NotRead."""
    moment = _read_cell(cell)
    if not clock_cell or clock_cell.isspace():
        return moment
    beside = _read_clock(clock_cell)
    if moment.clock and not moment.has_midnight and beside.clock != moment.clock:
        raise NotRead(f"holds a time, and another stands beside it: {_shown(clock_cell)}")
    _, at, offset, approx, words, is_halved, _ = beside
    midnight = at == _MIDNIGHT and not is_halved
    approx = moment.approx or approx
    return Moment(moment.day, at, offset, approx, words, is_halved, midnight)


@lru_cache(8192)
def _read_cell(cell: str) -> Moment:
    text = " ".join(cell.replace("\u202f", " ").split())
    if not text:
        raise NotRead(EMPTY)
    if (serial := _SERIAL.match(text)) or _FRACTION.match(text):
        return _read_serial(text, whole=serial is not None)
    return _read_words(text)


def _shown(cell: str) -> str:
    return f'"{show_safely(cell[:40])}"'


def _read_serial(text: str, *, whole: bool) -> Moment:
    if not whole:
        raise NotRead(f"{_shown(text)} names no day")
    value = float(text.replace(",", "."))
    moment = _EPOCH + timedelta(seconds=round(value * _A_DAY))
    day = Day(moment.day, moment.month, moment.year)
    return Moment(day, None if value.is_integer() else moment.time())


def _read_words(text: str) -> Moment:
    about = _ABOUTS.match(text)
    rest = text[about.end() :] if about else text
    found = next((each for pattern in _DAYS if (each := pattern.match(rest))), None)
    if found is None:
        clock_first = re.match(r"(\d\d?[:.]\d\d(?:\s?[ap]m)?)[,\s]+(?:on\s+)?(.+)$", rest, re.I)
        if clock_first and any(pattern.match(clock_first[2]) for pattern in _DAYS):
            return read_moment(clock_first[2], clock_first[1])
        raise NotRead(f"{_shown(text)} is no day with its year")
    day = _read_day(found.groupdict(), text)
    after = re.sub(r"^(?:T(?=\d)|[,\s]+(?:at\s+)?)", "", rest[found.end() :], flags=re.I)
    if not after:
        return Moment(day, approx=bool(about))
    beside = _read_clock(after)
    midnight = beside.clock == time(0) and not beside.offset
    # Beside a day in one cell it is what a program wrote, by the 24-hour clock.
    is_halved = bool(beside.is_halved and beside.clock and beside.clock.hour < _MORNING)
    return beside._replace(
        day=day,
        is_halved=is_halved,
        approx=bool(about) or beside.approx,
        has_midnight=midnight,
    )


def _read_day(found: dict[str, str | None], text: str) -> Day:
    year = int(found.get("y") or 0)
    year += 2000 if len(found.get("y") or "") == 2 else 0  # noqa: PLR2004
    weekday = _number_weekday(found["n"])
    if found.get("a"):
        first, second = int(found["a"] or 0), int(found["b"] or 0)
        day = Day(first, second, year, first != second, weekday)
    else:
        month = int(found["m"] or 0) if found.get("m") else number_month(found["w"] or "")
        day = Day(int(found["d"] or 0), month, year, False, weekday)
    if not day.fits("day") and not (day.is_open and day.fits("month")):
        raise NotRead(f"{_shown(text)} is no day of the calendar")
    return day


def _number_weekday(said: str | None) -> int:
    named = (said or "-").casefold()[:3]
    return next((at for at, each in enumerate(WEEKDAYS) if each[:3] == named), -1)


def number_month(word: str) -> int:
    """Return the number of a month, whole or cut short. Raises NotRead."""
    folded = word.casefold()
    names = [name for name in MONTHS if name.startswith("sep" if folded == "sept" else folded)]
    if not names:
        raise NotRead(f"{_shown(word)} is no month")
    return MONTHS.index(names[0]) + 1


_NO_DAY = Day(1, 1, 0)
# Of 10.30 a spreadsheet leaves 10.3; with a 5 it may be half an hour as well.
_EATEN = re.compile(r"([01]?\d|2[0-3])\.([1-4])")


@lru_cache(8192)
def _read_clock(cell: str) -> Moment:
    """Return the time that a cell, or the rest of one, names; words that name none are kept."""
    text = " ".join(cell.split())
    if re.fullmatch(r"\d{4}-\d\d-\d\d 00:00:00", text):
        return Moment(_NO_DAY)
    if date_before := re.match(r"18(?:99-12-3[01]|900-01-0\d)[ T]", text):
        text = text[date_before.end() :]  # a time alone, as some programs write it
    if _FRACTION.match(text):
        seconds = round(float(text.replace(",", ".")) * _A_DAY)
        return Moment(_NO_DAY, (datetime.min + timedelta(seconds=seconds)).time())
    if eaten := _EATEN.fullmatch(text):
        moment = _read_clock(f"{eaten[1]}:{eaten[2]}0")
        return moment._replace(approx=True)
    zone = _ZONE.search(text)
    bare = re.sub(
        r"(\d[:.]\d\d)[:.]\d\d(?:[.,]\d+)?", r"\1", text[: zone.start()] if zone else text
    )
    if fold_text(bare).rstrip(".") in read_words("heads")["cells"]["no_hour"]:
        return Moment(_NO_DAY, words=text)
    plain = _ABOUTS.sub("", _ABOUTS.sub("", bare)).strip(" -")
    spoken = _read_spoken(plain)
    if spoken is None:  # an hour with a remark, "08:30 dose", is about that
        hours = _HOURS.findall(plain) if len(plain) <= _LONGEST_REMARK else []
        beside = _read_clock(hours[0]) if len(hours) == 1 and hours[0] != plain else None
        return beside._replace(approx=True) if beside else Moment(_NO_DAY, words=text)
    halved = spoken.is_halved or is_written_hour(plain)
    halved = halved and not zone
    offset = _write_offset(zone) if zone else ""
    approx = spoken.approx or plain != bare.strip()
    words = text if halved else ""
    return spoken._replace(offset=offset, approx=approx, words=words, is_halved=halved)


_HOURS = re.compile(
    r"(?i)(?<![\d:.])(?:[01]?\d|2[0-3])[:.][0-5]\d\b(?:\s?[ap]m\b)?|\b(?:0\d|1\d|2[0-3])[0-5]\d\b"
)
_LONGEST_REMARK = 40  # characters


def _read_spoken(text: str) -> Moment | None:
    """Return a time as the grammar of the questions reads it, where it is sure of it."""
    words = re.sub(r"\bhalf (?=\d)", "half past ", re.sub("[()]|^env[.] ", " ", fold_text(text)))
    words = re.sub(r"^(?:1[01]|[1-9])$", r"\g<0> o'clock", words.strip())
    words = re.sub(r"^12$", "12ish", re.sub(r"^(1[3-9]|2[0-3])$", r"\1:00", words))
    words = re.sub(r"^(\d\d?[:.]?\d\d) ?[-–] ?\d\d?[:.]?\d\d$", r"about \1", words)  # of two
    words = re.sub(r"^(?:19|20)[0-5]\d$", r"\g<0>hrs", words.strip())
    words = re.sub(r"\b((?:1[3-9]|2[0-3])[:.]\d\d) ?pm\b", r"\1", words)  # 20:15 pm
    for said in dict.fromkeys((words, words.split(" - ")[0])):
        if "midnight" in said:  # at which end of the day is not known
            return None
        try:
            found = read_when(f"3 april 2020 {said}", _SOME_DAY)
        except DateNotUnderstood:
            continue
        if isinstance(found, Which) and isinstance(each := found.options[0][1], When):
            return Moment(_NO_DAY, each.moment.time(), approx=each.approx, is_halved=True)
        if isinstance(found, When) and not found.hour_not_known:
            is_exact = re.search(r"\d[:.h]?\d\d|\d ?[ap]\.? ?m|noon|midday", said)
            return Moment(_NO_DAY, found.moment.time(), approx=found.approx or not is_exact)
    return None


def is_written_hour(words: str) -> bool:
    """Whether an hour of either half is written as on a clock: "3:30", not "half past 3"."""
    return re.fullmatch(r"[1-9][:.h]\d\d", words.strip()) is not None


def find_hour(cell: str) -> Moment | None:
    """Return the hour that stands behind a day which can't be read: "18th, approx 6.15"."""
    words = cell.split()
    for at in range(len(words)):
        rest = " ".join(words[at:])
        if re.search(r"\d[:.]\d\d|\d ?[ap]m\b", rest, re.I):
            found = _read_clock(rest)
            if found.clock:
                return found
    return None


_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_ALONE = re.compile(
    rf"(?:w/?[ec]\s+)?{_WEEKDAY}(?:the\s+)?(?P<d>\d\d?)(?P<th>st|nd|rd|th)?(?![\d:./])", re.I
)


def read_day_alone(cell: str) -> tuple[int, int] | None:
    """Return the number of a day that names no month, and its weekday or -1: "Weds 4th"."""
    found = _ALONE.match(" ".join(cell.split()))
    if not found or not (found["n"] or found["th"]) or not 1 <= int(found["d"]) <= _LONGEST_MONTH:
        return None
    return int(found["d"]), _number_weekday(found["n"])


_LONGEST_MONTH = 31


def read_month(text: str) -> tuple[int, int] | None:
    """Return the year and month that a title names: "March 2026", "Mar 26", "03/2026"."""
    if found := re.search(rf"\b({MONTH_WORD})\.?[\s'’]+(20\d\d|\d\d)\b", text, re.I):
        with suppress(NotRead):
            return 2000 + int(found[2]) % 100, number_month(found[1])
    numbers = re.search(r"(?<![\d/.-])(0?[1-9]|1[0-2])[/.-](20\d\d)\b", text)
    return (int(numbers[2]), int(numbers[1])) if numbers else None


def read_month_end(cell: str) -> date | None:
    """Return the last day of a month, where a cell names a day beyond it: "31/06/2025"."""
    found = re.match(r"\s*(\d\d?)[-/.](\d\d?)[-/.](20\d\d|\d\d)\b", cell)
    if not found or not 1 <= int(found[2]) <= 12:  # noqa: PLR2004
        return None
    year, month = 2000 + int(found[3]) % 100, int(found[2])
    last = monthrange(year, month)[1]
    return date(year, month, last) if last < int(found[1]) <= _LONGEST_MONTH else None


_SAID_HOUR = re.compile(
    r"(?:(?P<before>\b(?!about|around|approx|roughly|gone)\w+)\s+)?(?P<said>(?:(?:about|around|approx(?:imately)?|roughly|gone)\.?\s+)?"
    r"(?<![\d:./£-])(?P<hour>\d{1,2}(?:[:.][0-5]\d)?\s?[ap]\.?m\b|(?:1[3-9]|2[0-3]|0\d)[:.][0-5]\d\b))"
    r"(?![\d/-]|\s?(?:mg|ml|kg|hrs? (?:later|ago)))",
    re.I,
)
# Words before an hour that is not that of the event.
_NOT_OF_IT = frozenset(
    "since until till by due from every usual before yesterday tomorrow next to and or rang".split()  # noqa: SIM905
)


def find_said_hour(text: str) -> tuple[time, str] | None:
    """Return the one hour that a text names, and its words: "about 10pm she slid"."""
    found = [
        (clock, each["said"])
        for each in _SAID_HOUR.finditer(text)
        if (clock := _read_clock(each["hour"]).clock)
        and (each["before"] or "").casefold() not in _NOT_OF_IT
    ]
    minutes = [clock.hour * 60 + clock.minute for clock, _ in found]
    is_one = found and max(minutes) - min(minutes) <= _NEAR_HOURS
    return found[0] if is_one else None


_NEAR_HOURS = 60  # minutes between hours that are of one event


def _write_offset(zone: re.Match[str]) -> str:
    if zone["bst"]:
        return "+01:00"
    given = zone["off"] or zone["plain"] or "+0"
    digits = given[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "00")  # noqa: PLR2004
    return f"{given[0]}{int(hours):02}:{minutes}"


def is_whole_moment(cell: str) -> bool:
    """Whether all that a cell says of when it was is its day and its hour."""
    with suppress(NotRead):
        return not read_moment(cell).words
    return False


def says_about(cell: str) -> bool:
    """Whether a cell says no more than that an hour is about right: "approx.", "~"."""
    return not _ABOUTS.sub("", cell.strip())
