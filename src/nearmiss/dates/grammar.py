"""Dates and times as carers type them: a small closed grammar, day first, never a guess."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from nearmiss.dates._days import DOTTED, Day, read_day, read_days_ago, read_minutes_ago, read_month
from nearmiss.dates._phrase import (
    Phrase,
    RefusedError,
    read_phrase,
    regularise,
    tidy_typed,
)
from nearmiss.dates._place import localise, place
from nearmiss.dates._reader import Reader
from nearmiss.dates._settle import TO_COME, drop_future
from nearmiss.dates._spelling import find_meant, find_spelling
from nearmiss.dates.problems import explain
from nearmiss.dates.readings import HourAsked, Reading, When, ask_twice
from nearmiss.dates.shown import echo, echo_day

_EXAMPLES = "Try: today 8:15, yesterday 9pm, 3 April 14:30."

# RFC 3339 as programs write it; the grammar itself reads the form without T, seconds and offset.
_ISO = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?"
)


def read_when(text: str, now: datetime) -> Reading:
    """Return what ``text`` means: a past day and time, as seen from ``now`` (aware).

    That is a moment, or what has to be asked back: the hour of a plain day, which of several
    moments, or whether something offered is meant. Raises DateNotUnderstood for anything else.
    """
    with explain(text, _EXAMPLES):
        if when := _read_iso(text):
            if when.moment > now:
                raise RefusedError(TO_COME)
            return ask_twice(drop_future(when, now))
        return ask_twice(Reader(now).read(tidy_typed(text)))


def read_hour(text: str, asked: HourAsked, now: datetime) -> Reading:
    """Return what ``text`` means as the answer to the hour of a day that was ``asked``.

    An answer that names a day of its own is taken whole. Raises DateNotUnderstood.
    """
    with explain(text, _EXAMPLES):
        return ask_twice(Reader(now, asked).read(tidy_typed(text)))


def parse_when(text: str, now: datetime) -> When:
    """Return the moment that ``text`` names, where nobody can be asked back.

    Raises DateNotUnderstood for anything that ``read_when`` would refuse or ask.
    """
    return _expect_moment(text, read_when(text, now))


def parse_since(text: str, now: datetime) -> datetime:
    """Return the moment from which ``text`` counts: the start of a day, a month or a minute.

    Takes what ``parse_when`` takes, a day or a month alone, and a length of time back from
    ``now`` (aware), such as ``3 months``. Raises DateNotUnderstood for anything else.
    """
    return _parse_span(text, now)[0]


def parse_until(text: str, now: datetime) -> datetime:
    """Return the moment before which ``text`` counts: the day, month or minute is included.

    Takes what ``parse_since`` takes. Raises DateNotUnderstood for anything else.
    """
    return _parse_span(text, now)[1]


def from_local(naive: datetime) -> When:
    """Return the moment when local clocks showed ``naive``, with both readings of a doubled hour.

    Raises DateNotUnderstood for an hour that the clocks skipped.
    """
    with explain(echo(naive), _EXAMPLES):
        return place(naive)


def _expect_moment(text: str, reading: Reading) -> When:
    if isinstance(reading, When):
        return reading
    with explain(text, _EXAMPLES):
        raise RefusedError(reading.advice)


def _read_iso(text: str) -> When | None:
    stamp = text.strip().upper()
    about = stamp.startswith("ABOUT ")
    stamp = stamp.removeprefix("ABOUT ").lstrip()
    if not re.fullmatch(_ISO, stamp):
        return None
    read_day((stamp[:10],), date.min)  # refuses impossible dates in words
    moment = datetime.fromisoformat(stamp).replace(microsecond=0)
    when = When(localise(moment)) if moment.tzinfo else place(moment)
    return replace(when, approx=about)


def _parse_span(text: str, now: datetime) -> tuple[datetime, datetime]:
    with explain(text, _EXAMPLES):
        if when := _read_iso(text):
            return _span_minute(when)
        tidy = tidy_typed(text)
        try:
            return _read_span(read_phrase(regularise(tidy)), now)
        except RefusedError:
            if meant := find_meant(tidy) or find_spelling(tidy):
                raise RefusedError(f'Did you mean "{meant}"?') from None
            raise


def _read_span(phrase: Phrase, now: datetime) -> tuple[datetime, datetime]:
    if days := _read_days(phrase, now):
        return _start(days[0]), _start(days[1])
    reading = Reader(now, coming=True).read_phrase(_with_ago(phrase))
    if isinstance(reading, When):
        return _span_minute(reading)
    raise RefusedError(reading.advice)


def _read_days(phrase: Phrase, now: datetime) -> tuple[date, date] | None:
    today = localise(now).date()
    if phrase.part:
        return None
    if re.fullmatch(DOTTED, phrase.text):
        raise RefusedError(
            "This may be a day or a time. Write 10/4 for the day, 10:04 for the time."
        )
    month, day = read_month(phrase.words, today), read_day(phrase.words, today)
    if month and day:
        raise RefusedError("This may be a day or a month. Write 26 March or March 2026.")
    if month:
        return month, (month + timedelta(days=31)).replace(day=1)
    chosen = _choose(day.as_span(), now) if day else read_days_ago(phrase.words, today)
    return (chosen, chosen + timedelta(days=1)) if chosen else None


def _choose(day: Day, now: datetime) -> date:
    begun = day.list_fitting(lambda each: _start(each) <= now)
    if len(begun) > 1:
        shown = " or ".join(echo_day(each) for each in begun)
        raise RefusedError(f"Which is meant? Write {shown}.")
    if not begun:
        day.check(day.dates[0])
    return begun[0] if begun else day.dates[0]


def _with_ago(phrase: Phrase) -> Phrase:
    lasting = replace(phrase, words=(*phrase.words, "ago"))
    return phrase if read_minutes_ago(lasting.words) is None else lasting


def _span_minute(when: When) -> tuple[datetime, datetime]:
    last = (when.alternative or when.moment).replace(second=0)
    return when.moment, localise(last + timedelta(minutes=1))


def _start(day: date) -> datetime:
    # Where the clocks skip midnight, the day starts an hour later: nothing to ask about.
    return localise(datetime.combine(day, time()))
