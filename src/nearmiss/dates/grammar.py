"""Dates and times as carers type them: a small closed grammar, day first, never a guess."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from nearmiss.dates._cut import cut
from nearmiss.dates._days import Day, read_day, read_days_ago, read_minutes_ago, read_month
from nearmiss.dates._phrase import Phrase, RefusedError, read_phrase
from nearmiss.dates.shown import MONTHS, echo, to_timestamp
from nearmiss.errors import UsageProblem
from nearmiss.text import show_safely

_EXAMPLES = "Try: today 8:15, yesterday 9pm, 3 April 14:30."
_SHOWN = 40  # characters of what was typed that a message repeats

# RFC 3339 as programs write it; the grammar itself reads the form without T, seconds and offset.
_ISO = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?"
)

_DAY_OR_TIME = r"[0-9]{1,2}\.(0?[1-9]|1[0-2])"


class DateNotUnderstood(UsageProblem):
    """A date or time that is not taken: unknown, ambiguous, impossible or still to come."""

    def __init__(self, *, problem: str, typed: str, advice: str) -> None:
        super().__init__(f'{problem}: "{typed}". {advice}')


@dataclass(frozen=True)
class When:
    """A moment as it was given."""

    moment: datetime  # aware, with the local offset at that moment; no microseconds
    approx: bool = False  # "about 8pm"
    alternative: datetime | None = None  # the later reading, where the clocks went back


def parse_when(text: str, now: datetime) -> When:
    """Return the moment that ``text`` names: a past day and time, as seen from ``now`` (aware).

    Raises DateNotUnderstood for anything else.
    """
    with _explain(text):
        when = _read_iso(text) or _read_when(read_phrase(text), now)
        if when.moment > now:
            raise RefusedError("That is still to come. Write when it happened.")
        if when.alternative and when.alternative > now:
            return replace(when, alternative=None)
        return when


def parse_settled(text: str, now: datetime) -> When:
    """Return what ``parse_when`` does, where nobody can be asked which of two moments is meant.

    Raises DateNotUnderstood, for a time in the hour that came twice too.
    """
    when = parse_when(text, now)
    if when.alternative:
        with _explain(text):
            both = f"{to_timestamp(when.moment)} or {to_timestamp(when.alternative)}"
            raise RefusedError(f"The clocks went back: it came twice. Write {both}.")
    return when


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
    with _explain(echo(naive)):
        return _place(naive)


@contextmanager
def _explain(typed: str) -> Iterator[None]:
    try:
        yield
    except RefusedError as refused:
        advice = str(refused)
        raise DateNotUnderstood(
            problem="Please check" if advice else "Not understood",
            typed=_show(typed),
            advice=advice or _EXAMPLES,
        ) from None


def _show(typed: str) -> str:
    line = " ".join(typed.split())
    shown = show_safely(line[:_SHOWN])
    return shown if len(line) <= _SHOWN else f"{shown}..."


def _read_iso(text: str) -> When | None:
    stamp = text.strip().upper()
    if not re.fullmatch(_ISO, stamp):
        return None
    read_day((stamp[:10],), date.min)  # refuses impossible dates in words
    moment = datetime.fromisoformat(stamp).replace(microsecond=0)
    return When(_localise(moment)) if moment.tzinfo else _place(moment)


def _read_when(phrase: Phrase, now: datetime) -> When:
    minutes = read_minutes_ago(phrase.words)
    if minutes is not None and not phrase.part:
        moment = _localise(now - timedelta(minutes=minutes))
        return When(moment.replace(second=0, microsecond=0), phrase.approx)
    day, clock = cut(phrase, _localise(now).date())
    if clock is None:
        raise RefusedError("At what time? About is fine: yesterday about 8pm.")
    at = clock.settle(phrase.part)
    return replace(_place(datetime.combine(_choose(day, at, now), at)), approx=phrase.approx)


def _choose(day: Day, at: time, now: datetime) -> date:
    past = (each for each in day.dates if _localise(datetime.combine(each, at)) <= now)
    chosen = next(past, day.dates[0])
    day.check(chosen)
    return chosen


def _parse_span(text: str, now: datetime) -> tuple[datetime, datetime]:
    with _explain(text):
        if when := _read_iso(text):
            return _span_minute(when)
        phrase = read_phrase(text)
        days = _read_days(phrase, now)
        if days:
            return _start(days[0]), _start(days[1])
        return _span_minute(_read_when(_with_ago(phrase), now))


def _read_days(phrase: Phrase, now: datetime) -> tuple[date, date] | None:
    today = _localise(now).date()
    if phrase.part:
        return None
    if re.fullmatch(_DAY_OR_TIME, " ".join(phrase.words)):
        raise RefusedError(
            "This may be a day or a time. Write 10/4 for the day, 10:04 for the time."
        )
    month, day = read_month(phrase.words, today), read_day(phrase.words, today)
    if month and day:
        raise RefusedError("This may be a day or a month. Write 26 March or March 2026.")
    if month:
        return month, (month + timedelta(days=31)).replace(day=1)
    chosen = _choose(day, time(), now) if day else read_days_ago(phrase.words, today)
    return (chosen, chosen + timedelta(days=1)) if chosen else None


def _with_ago(phrase: Phrase) -> Phrase:
    lasting = replace(phrase, words=(*phrase.words, "ago"))
    return phrase if read_minutes_ago(lasting.words) is None else lasting


def _span_minute(when: When) -> tuple[datetime, datetime]:
    last = (when.alternative or when.moment).replace(second=0)
    return when.moment, _localise(last + timedelta(minutes=1))


def _start(day: date) -> datetime:
    # Where the clocks skip midnight, the day starts an hour later: nothing to ask about.
    return _localise(datetime.combine(day, time()))


def _place(naive: datetime) -> When:
    naive = naive.replace(microsecond=0)
    first, second = (_localise(naive.replace(fold=fold)) for fold in (0, 1))
    if first.replace(tzinfo=None) != naive:
        raise RefusedError(
            f"The clocks went forward on {naive.day} {MONTHS[naive.month - 1].title()}"
            f" {naive.year}: there was no {naive:%H:%M}. Please look at the time again."
        )
    return When(first, alternative=second if second != first else None)


def _localise(moment: datetime) -> datetime:
    """Return ``moment`` (naive is local) with the offset of this computer's zone at that time."""
    try:
        return moment.astimezone()
    except (OSError, OverflowError):  # Windows knows no zone before 1970
        raise RefusedError("That is too long ago for this computer.") from None
