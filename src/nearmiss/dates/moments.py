"""From what a phrase names to the moment that is meant, or to what has to be asked back.

Every way of cutting the words in two is tried, either part first. Exactly one may fit: none is not
understood, two are ambiguous, and both are refused with a sentence that says what to write.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial

from nearmiss.dates.clock import Clock, read_clock
from nearmiss.dates.days import NamedDay, may_be_hour, read_day
from nearmiss.dates.now import to_local
from nearmiss.dates.phrase import PartOfDay, Phrase, RefusedError
from nearmiss.dates.shown import echo, echo_day, echo_weekday, name_day, to_timestamp

FIRST_YEAR = 1990  # in which anything written down can have happened
_EXAMPLE, _LATEST = 20 * 60, 22 * 60  # minutes; later ones may be of the next day


@dataclass(frozen=True)
class When:
    """A moment as it was given."""

    moment: datetime  # aware, with the local offset at that moment; no microseconds
    approx: bool = False  # "about 8pm"
    alternative: datetime | None = None  # the later reading, where the clocks went back
    hour_not_known: bool = False  # the day alone; the moment stands at 12:00 and is approximate
    noticed: bool = False  # the moment is when it was noticed

    @property
    def shown(self) -> str:
        """The moment in words."""
        return echo(
            self.moment, self.approx, hour_not_known=self.hour_not_known, noticed=self.noticed
        )

    @property
    def days(self) -> tuple[date, ...]:
        """The day of the moment."""
        return (self.moment.date(),)

    def leave_hour(self, now: datetime) -> "When":
        """Return the moment where its time is said not to be known."""
        return replace(self, approx=True)

    @property
    def typed(self) -> str:
        """The moment as it could have been typed: ``noticed about 14 Apr 2026 21:15``."""
        noticed = "noticed " if self.noticed else ""
        if self.hour_not_known:
            return f"{noticed}{echo_day(self.moment)}, time not known"
        about = "about " if self.approx else ""
        return f"{noticed}{about}{echo_day(self.moment)} {self.moment:%H:%M}"


@dataclass(frozen=True)
class HourAsked:
    """The day is plain and the hour is not; ``part`` of the day is what is known of it."""

    day: date
    part: PartOfDay | None = None
    approx: bool = False
    noticed: bool = False

    @property
    def days(self) -> tuple[date, ...]:
        """The day, or both days of a night."""
        is_night = self.part and self.part.has_two_dates
        return (self.day, self.day + _DAY) if is_night else (self.day,)

    @property
    def shown(self) -> str:
        """The day in words, with what is known of the hour."""
        days = " to ".join(echo_weekday(each) for each in self.days)
        if len(self.days) > 1:
            return f"the night from {days}"
        return f"{days}, {self.part.words}" if self.part else days

    @property
    def ask(self) -> str:
        """The question."""
        into = "in" if len(self.days) > 1 else "on"
        what = "When did you notice it" if self.noticed else "At what time"
        return f"{what} {into} {self.shown}? About is fine."

    @property
    def advice(self) -> str:
        """What to write where nobody can be asked."""
        noticed = "noticed " if self.noticed else ""
        middle = (self.part.start + self.part.end) // 2 if self.part else _EXAMPLE
        half, hour = divmod(min(middle, _LATEST) // 60, 12)
        about = f"{echo_weekday(self.day)} about {hour or 12}{'pm' if half else 'am'}"
        return f"At what time? About is fine: {noticed}{about}."

    def leave_hour(self, now: datetime) -> "When | Which":
        """Return the day with its hour not known; of a night, the question which day is meant."""
        noons = [place(datetime.combine(day, time(12))) for day in self.days]
        first, *later = (
            replace(noon, approx=True, hour_not_known=True, noticed=self.noticed) for noon in noons
        )
        if not later or self.days[-1] > localise(now).date():
            return first
        evening, morning = (echo_weekday(day) for day in self.days)
        return Which(
            "Before midnight or after?",
            (
                (f"Before midnight, {evening}", first),
                (f"After midnight, {morning}", later[0]),
                (f"Not known: kept as {evening}", first),
            ),
            f"Before midnight or after? Write {first.shown} or {later[0].shown}.",
        )


@dataclass(frozen=True)
class Which:
    """More than one moment or day may be meant: each in words, with what follows from it."""

    ask: str
    options: tuple[tuple[str, "Reading"], ...]
    advice: str


@dataclass(frozen=True)
class Offered:
    """What may be meant, to be said yes or no to: a misspelt word, or the start of a range."""

    meant: str
    reading: "Reading"

    @property
    def ask(self) -> str:
        """The question."""
        if not isinstance(self.reading, When) or self.meant == self.reading.shown:
            return f'Did you mean "{self.meant}"?'
        return f'Did you mean "{self.meant}", {self.reading.shown}?'

    @property
    def advice(self) -> str:
        """What to write where nobody can be asked."""
        return f'Did you mean "{self.meant}"? Then write that.'


@dataclass(frozen=True)
class NotKnown:
    """When it happened is not known: asked is when it was noticed, or at ``last`` the day alone."""

    last: bool = False

    @property
    def ask(self) -> str:
        """The question."""
        return "Which day, at least?" if self.last else "When did you notice it?"

    @property
    def help(self) -> str:
        """What stands below the question."""
        if self.last:
            return 'The day it happened. If only that is known: "noticed today".'
        return 'About is fine; so is "not known".'

    @property
    def advice(self) -> str:
        """What to write where nobody can be asked."""
        return (
            "When was it noticed? Write noticed today 8:15."
            " Or which day was it, at least? Write yesterday, time not known."
        )


Reading = When | HourAsked | Which | Offered | NotKnown


def change_each(reading: Reading, change: Callable[[When | HourAsked], Reading]) -> Reading:
    """Return ``reading`` with each moment and day that it leaves open as ``change`` has it."""
    match reading:
        case NotKnown():
            return reading
        case Offered():
            return replace(reading, reading=change_each(reading.reading, change))
        case Which():
            options = ((shown, change_each(each, change)) for shown, each in reading.options)
            return replace(reading, options=tuple(options))
    return change(reading)


def list_open(reading: Reading) -> list[When | HourAsked]:
    """Return the moments and days that ``reading`` leaves open."""
    match reading:
        case NotKnown():
            return []
        case Offered():
            return list_open(reading.reading)
        case Which():
            return [found for _, each in reading.options for found in list_open(each)]
    return [reading]


def list_moments(reading: Reading) -> list[When]:
    """Return the moments that ``reading`` leaves open; none where an hour has to be asked."""
    return [each for each in list_open(reading) if isinstance(each, When)]


def mark_noticed(reading: Reading) -> Reading:
    """Return ``reading`` as the time when it was noticed."""
    return change_each(reading, lambda each: replace(each, noticed=True))


def ask_twice(reading: When | HourAsked) -> Reading:
    """Return ``reading``, or which is meant of a time that came twice as the clocks went back."""
    if not isinstance(reading, When) or reading.alternative is None:
        return reading
    first = replace(reading, alternative=None)
    second = replace(first, moment=reading.alternative)
    about = "about " if reading.approx else ""
    stamps = " or ".join(about + to_timestamp(each.moment) for each in (first, second))
    return Which(
        "The clocks went back that night, so this time came twice. Which was it?",
        (
            ("The first time, before the clocks went back", first),
            ("The second time, after", second),
        ),
        f"The clocks went back: it came twice. Write {stamps}.",
    )


def place(naive: datetime) -> When:
    """Return the moment when local clocks showed ``naive``: both readings of a doubled hour."""
    naive = naive.replace(microsecond=0)
    first, second = (localise(naive.replace(fold=fold)) for fold in (0, 1))
    if first.replace(tzinfo=None) != naive:
        raise RefusedError(
            f"The clocks went forward on {name_day(naive)}: there was no {naive:%H:%M}."
            " Please look at the time again."
        )
    return When(first, alternative=second if second != first else None)


def localise(moment: datetime) -> datetime:
    """Return ``moment`` (naive is local) with the offset of this computer's zone at that time."""
    try:
        return to_local(moment)
    except (OSError, OverflowError):  # Windows knows no zone before 1970
        raise RefusedError("That is too long ago for this computer.") from None


_Words = tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """What a phrase names of a moment; None is what it leaves out."""

    day: NamedDay | None
    clock: Clock | None
    part: PartOfDay | None = None
    approx: bool = False
    within: PartOfDay | None = None  # the part of the day that was agreed before the hour was asked


def cut(phrase: Phrase, today: date) -> Named:
    """Return the day and the time of day that ``phrase`` names."""
    if not phrase.words and not phrase.part:
        raise RefusedError
    fits: list[Named] = []
    reasons: list[RefusedError] = []
    for day_words, clock_words in _list_cuts(phrase.words):
        try:
            fits += _fit(day_words, clock_words, phrase, today)
        except RefusedError as refused:
            reasons.append(refused)
    if len(fits) > 1:
        raise RefusedError("This can be read in two ways. Write it like 3 April 2026 14:30.")
    if not fits:
        raise reasons[0] if reasons else RefusedError()
    return fits[0]


def _list_cuts(words: _Words) -> Iterator[tuple[_Words, _Words]]:
    for place in reversed(range(len(words) + 1)):  # the longest day gives the best reason
        yield words[:place], words[place:]
    for place in range(1, len(words)):
        yield words[place:], words[:place]


def _fit(day_words: _Words, clock_words: _Words, phrase: Phrase, today: date) -> list[Named]:
    if not clock_words and may_be_hour(" ".join(day_words)):
        return []  # 8.10 alone is a time
    day = read_day(day_words, today) if day_words else None
    clock = read_clock(clock_words) if day or not day_words else None
    if (day_words and not day) or (clock_words and not clock):
        return []
    if clock and clock.bare and not (phrase.part or _is_sure_of_hour(day_words, clock)):
        raise RefusedError(f"Write the time as {clock.start}, or with am or pm.")
    return [Named(day, clock, phrase.part, phrase.approx)]


def _is_sure_of_hour(day_words: _Words, clock: Clock) -> bool:
    """Whether a number alone is an hour: beside "tue", 15 may be a day, 8 is asked about anyway."""
    if day_words in ((), ("today",), ("yesterday",)):
        return True
    return clock.open and not any(letter.isdigit() for letter in "".join(day_words))


_TIME = r"(\d{1,2}(?:[:.]\d\d)?(?:oclock)?|noon|midday|midnight)(am|pm)?"
_BEFORE, _AFTER = r"(?<![\w/.:-])", r"(?![\w/.:-])"
_RANGES = (
    rf"{_BEFORE}(?:from|between) {_TIME} (?:and|to) {_TIME}{_AFTER}",
    rf"{_BEFORE}(?:from |between )?{_TIME} ?(?:-|or|till|until) ?{_TIME}{_AFTER}",
    rf"{_BEFORE}{_TIME} to {_TIME}{_AFTER}",
)
_TO = rf"{_BEFORE}(?<!from )(?<!between )(\d{{1,2}}) to (\d{{1,2}})(am|pm)?{_AFTER}"
_UNIT = r"(minutes?|mins?|hours?|hrs?)"
_LENGTHS = rf"\b(\d{{1,3}}|an?)(?: ?{_UNIT})? ?(?:-|to|or) ?(\d{{1,3}}) ?{_UNIT}? ago\b"
_MOST_MINUTES, _LAST_HOUR = 30, 12  # 20 to 9 is a time; 14 to 16 can't be one


def find_start(text: str) -> str | None:
    """Return ``text`` with the earlier time in place of the range it holds, or None."""
    if found := re.search(_LENGTHS, text):
        longest = max(int(each) for each in (found[1], found[3]) if each.isdigit())
        return text.replace(found[0], f"{longest} {found[4] or found[2] or ''} ago")
    for pattern in _RANGES:
        found = re.search(pattern, text)
        if found and not _is_minutes_to(found):
            return f"{text[: found.start()]}{_name_start(found)}{text[found.end() :]}"
    return None


def find_minutes_to(text: str) -> str | None:
    """Return ``text`` with "5 minutes to 8" for "5 to 8", which may be a range too, or None."""
    found = re.search(_TO, text)
    if not found or int(found[1]) > _LAST_HOUR or int(found[2]) > _LAST_HOUR:
        return None
    return f"{text[: found.start(1)]}{found[1]} minutes{text[found.end(1) :]}"


def _is_minutes_to(found: re.Match[str]) -> bool:
    start, half, end, _ = found.groups()
    if " to " not in found[0] or half or not (start.isdigit() and end.isdigit()):
        return False
    return _LAST_HOUR < int(start) < _MOST_MINUTES and int(end) <= _LAST_HOUR


def _name_start(found: re.Match[str]) -> str:
    """Return the earlier time, with the half of the day that the later one gives it."""
    start, half, end, end_half = found.groups()
    first, last = (read_clock((time,)) for time in (start + (half or ""), end + (end_half or "")))
    if first is None or last is None:
        raise RefusedError
    if not half and first.open and (end_half or end.isalpha()):
        early, late = first.halves
        begins = late if late < last.minutes or early >= last.minutes else early
        return f"{begins // 60:02}:{begins % 60:02}"
    return f"{start}oclock" if first.bare else start + (half or "")


TO_COME = "That is still to come. Write when it happened."
_MINUTES = 24 * 60  # of a day
_DAY = timedelta(days=1)
_HALF_A_DAY = timedelta(hours=12)


def settle(named: Named, now: datetime) -> Reading:
    """Return what ``named`` means as seen from ``now`` (aware)."""
    if named.clock is None:
        return _ask_hour(named, now)
    today = localise(now).date()
    day = named.day or NamedDay((today, today - _DAY))
    minutes = _list_minutes(named, named.clock)
    found = _find_moments(day, minutes, now)
    whens = [replace(each, approx=named.approx) for each in found if each]
    if not whens:
        raise RefusedError(TO_COME)
    if len(whens) > 1:
        return ask_which(whens)
    if len(found) > 1:
        return Offered(whens[0].shown, whens[0])
    return whens[0]


def _ask_hour(named: Named, now: datetime) -> HourAsked | Which:
    today = localise(now).date()
    yesterday = today - _DAY
    # "In the night", said by day and by night, is the one that began yesterday.
    night = named.part and named.part.has_two_dates
    day = named.day or NamedDay((yesterday,) if night else (today, yesterday))
    start = timedelta(minutes=named.part.start if named.part else 0)
    begun = day.alone().list_fitting(partial(_is_past, start, now))
    if not begun:
        day.check(day.dates[0])
        raise RefusedError(TO_COME)
    asked = [HourAsked(each, named.part, named.approx) for each in begun]
    if len(asked) == 1:
        return asked[0]
    options = tuple((each.shown, each) for each in asked)
    return Which("Which day is meant?", options, "Which day? Write it like 3 April 9pm.")


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


def _list_within(agreed: PartOfDay, clock: Clock, part: PartOfDay | None) -> list[int]:
    readings = clock.list_minutes(part) if part or clock.midnight else clock.halves
    late = [each + _MINUTES for each in readings if each < _MINUTES]
    both = dict.fromkeys(readings + late)
    fitting = [each for each in both if agreed.start <= each < agreed.end]
    if not fitting and agreed.has_two_dates:
        raise RefusedError("That is not in the night. Write the day with it: today 8am.")
    return fitting or readings


def _find_moments(day: NamedDay, minutes: list[int], now: datetime) -> list[When | None]:
    """Return the moment for each of ``minutes``; None stands for one that can't be meant."""
    found: list[When | None] = []
    for after in (timedelta(minutes=each) for each in minutes):
        meant = day.list_fitting(partial(_is_past, after, now))
        if not meant:
            day.check(day.dates[0])
            found.append(None)
        for each in meant:
            try:
                found.append(drop_future(place(_start(each) + after), now))
            except RefusedError:
                if len(minutes) == 1:
                    raise
                found.append(None)
    return found


def _is_past(after: timedelta, now: datetime, day: date) -> bool:
    return localise(_start(day) + after) <= now


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
