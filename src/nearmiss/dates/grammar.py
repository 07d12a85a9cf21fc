"""Dates and times as carers type them: a small closed grammar, day first, never a guess."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial

from nearmiss.dates.days import (
    DaysAsked,
    NamedDay,
    may_be_hour,
    parse_due,
    read_day,
    read_days_ago,
    read_minutes_ago,
    read_span,
    write_day,
)
from nearmiss.dates.moments import (
    FIRST_YEAR,
    TO_COME,
    HourAsked,
    Named,
    NotKnown,
    Offered,
    Reading,
    When,
    Which,
    ask_twice,
    ask_which,
    change_each,
    cut,
    drop_future,
    find_minutes_to,
    find_start,
    list_moments,
    list_open,
    localise,
    mark_noticed,
    place,
    settle,
)
from nearmiss.dates.phrase import (
    WEEKDAY,
    DateNotUnderstood,
    Phrase,
    RefusedError,
    cut_not_known,
    find_likely,
    find_meant,
    find_spelling,
    read_phrase,
    regularise,
    tell_refusal,
    tidy_typed,
)
from nearmiss.dates.shown import echo_day

# As it is advised and shown. Of what was found in other words is asked when it was noticed.
_NOTICED = r"noticed (.+?)(?:; when it happened is not known)?"
_FOUND = r"\b(?:found(?: out)?|noticed?|discovered|spotted|came across|reali[sz]ed)\b"
_DOUBT = r"\b(?:maybe|perhaps|possibly|probably|might|could|may be|must|think)\b"
_RECENT = timedelta(days=31)  # so long ago 22.11 is as likely a day as a time

_WHICH_DAY, _LIKE_FRIDAY = "Which day was it?", "Write it like friday 2pm. About is fine."
_A_DAY = f"(?:{WEEKDAY}|today|yesterday)"
# What a carer may well write and no time can be made of, with the reason that fits.
_VAGUE = (
    (
        r"\b(?:tomorrow|tmrw|tomoz|2moro|next|later (?:on|today)|in (?:\d|an? |half ))"
        rf"|{WEEKDAY} week\b|\b(?:a|1) week (?:on )?{WEEKDAY}|\bcoming {WEEKDAY}",
        TO_COME,
    ),
    (
        r"\b(?:few|several|some) (?:minutes|mins|hours|hrs) ago\b",
        "How many? About is fine: about 3 hours ago.",
    ),
    (
        r"\b(?:few|several|some|other) (?:days?|nights?|mornings?|afternoons?|evenings?)\b"
        rf"|\b(?:last|this) (?:week|month|year)$|\bweekend\b|\b{_A_DAY} or {_A_DAY}\b"
        r"|\b(?:every|each|daily|most|recently)\b|\b(?:a while|some ?time) (?:ago|back)\b",
        f"{_WHICH_DAY} {_LIKE_FRIDAY}",
    ),
    (
        r"\ball (?:day|night|morning|afternoon|evening)\b|\bon and off\b|\bsince\b",
        "When did it begin? About is fine: this morning about 9.",
    ),
    (r"^handover$", "When was that? About is fine: this morning about 7."),
    (r"\b(?:until|till) (?=\d|noon|midday|midnight)", "Write one time. About is fine: about 8pm."),
    (
        r"\b(?:\d{1,2}|quarter|half)(?: minutes)? (?:past|to)$",
        "Which hour? Write it like ten past 8pm.",
    ),
)


@dataclass(frozen=True)
class Reader:
    """Reads what was typed at ``now``, as the answer to the hour of a day where that was asked.

    An hour alone is of the day that ``stood`` there before, where there is one.
    """

    now: datetime
    asked: HourAsked | None = None
    stood: date | None = None

    def read(self, tidy: str) -> Reading:
        """Return what ``tidy`` means. Raises RefusedError."""
        if said := re.fullmatch(_NOTICED, tidy):
            return self._read_noticed(said[1])
        day = cut_not_known(tidy)
        if day == "":
            return self.asked.leave_hour(self.now) if self.asked else NotKnown()
        if day:
            reading = change_each(self.read(day), lambda each: each.leave_hour(self.now))
            if isinstance(reading, When) and reading.hour_not_known and re.search(_DOUBT, tidy):
                return Offered(reading.shown, reading)
            return reading
        if re.search(_FOUND, tidy):
            return NotKnown()
        return self._read_time(tidy)

    def _read_noticed(self, tidy: str) -> Reading:
        try:
            noticed = mark_noticed(self.read(tidy))
        except RefusedError as refused:
            if str(refused):
                raise
            return NotKnown()  # "noticed a bruise"
        match noticed:
            case Which():
                return replace(noticed, advice=f'{noticed.advice} With "noticed" before it.')
            case Offered():
                return replace(noticed, meant=f"noticed {noticed.meant}")
        return noticed

    def _read_time(self, tidy: str) -> Reading:
        if meant := find_meant(tidy):
            return self._offer(meant, self._read_time(meant))
        try:
            return self._read_regular(regularise(tidy))
        except RefusedError:
            if meant := find_spelling(tidy):
                return self._offer(meant, self._read_time(meant))
            raise

    def _offer(self, meant: str, reading: Reading) -> Reading:
        return reading if isinstance(reading, Offered | NotKnown) else Offered(meant, reading)

    def _read_regular(self, regular: str) -> Reading:
        plain = " ".join(word for word in regular.split() if word != "about")
        start = find_start(plain)
        for pattern, reason in _VAGUE:
            if re.search(pattern, start or plain):
                raise RefusedError(reason)
        phrase = read_phrase(f"about {start}" if start else regular)
        reading = self.read_phrase(phrase)
        return reading if start is None else self._offer_start(plain, list_moments(reading))

    def _offer_start(self, plain: str, moments: list[When]) -> Which | Offered:
        if minutes_to := find_minutes_to(plain):
            moments = list_moments(self.read_phrase(read_phrase(minutes_to))) + moments
        if not moments:
            raise RefusedError
        return ask_which(moments) if len(moments) > 1 else Offered(moments[0].shown, moments[0])

    def read_phrase(self, phrase: Phrase) -> Reading:
        """Return what ``phrase`` means, where it is no range. Raises RefusedError."""
        minutes = read_minutes_ago(phrase.words)
        if minutes is not None and not phrase.part:
            moment = localise(self.now - timedelta(minutes=minutes))
            return When(moment.replace(second=0, microsecond=0), phrase.approx)
        named = cut(phrase, localise(self.now).date())
        if self.asked:
            return self._settle_hour(self.asked, named)
        if self.stood and not named.day:
            named = replace(named, day=NamedDay((self.stood,)))
        reading = settle(named, self.now)
        day = self._find_day(phrase)
        return _ask_day_or_time(day, reading) if day and isinstance(reading, When) else reading

    def _settle_hour(self, asked: HourAsked, named: Named) -> Reading:
        reading = settle(_answer(asked, named), self.now)
        if not isinstance(reading, HourAsked):
            return reading
        if reading != replace(asked, approx=reading.approx, noticed=reading.noticed):
            return reading
        # Who says the same again does not know more: asking on would never end.
        day = asked.leave_hour(self.now)
        return Offered(day.shown if isinstance(day, When) else "time not known", day)

    def _find_day(self, phrase: Phrase) -> date | None:
        """Return the day that a time such as 22.11 may be as well."""
        today = localise(self.now).date()
        if phrase.part or not may_be_hour(phrase.text):
            return None
        day = read_day(phrase.words, today)
        recent = [each for each in day.dates if today - _RECENT <= each <= today] if day else []
        return recent[0] if recent else None


def _answer(asked: HourAsked, named: Named) -> Named:
    if named.day:
        return named
    return replace(
        named,
        day=NamedDay((asked.day,)),
        part=named.part if named.clock else named.part or asked.part,
        approx=named.approx or asked.approx,
        within=asked.part,
    )


def _ask_day_or_time(day: date, when: When) -> Which:
    hour = HourAsked(day, approx=when.approx)
    return Which(
        "Is that a day or a time?",
        ((when.shown, when), (hour.shown, hour)),
        f"This may be a day or a time. Write {day.day}/{day.month} or {when.moment:%H:%M}.",
    )


_EXAMPLES = "Try: today 8:15, yesterday 9pm, 3 April 14:30."
_DAY_EXAMPLES = "Try: 3 April, last month, 90 days."
_PAST_EXAMPLES = "Try: yesterday, friday, 3 April."

# RFC 3339 as programs write it; the grammar itself reads the form without T, seconds and offset.
_ISO = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?"
)


def read_when(
    text: str, now: datetime, examples: str = _EXAMPLES, stood: date | None = None
) -> Reading:
    """Return the past moment that ``text`` means, seen from ``now``, or what is asked back.

    An hour alone is of the day that ``stood`` there before, where there is one.
    """
    with tell_refusal(text, examples):
        if when := _read_iso(text):
            if when.moment > now:
                raise RefusedError(TO_COME)
            return _check_year(now, drop_future(when, now))
        return change_each(
            Reader(now, stood=stood).read(tidy_typed(text)), partial(_check_year, now)
        )


def _check_year(now: datetime, reading: When | HourAsked) -> Reading:
    """Return what is asked back of a moment. Raises RefusedError where its year is a slip."""
    first = min(FIRST_YEAR, now.year - 1)  # a clock may have begun anew in 1970
    if (year := reading.days[0].year) < first:
        raise RefusedError(f"That is in the year {year}. Write the day with its own year.")
    return ask_twice(reading)


def read_hour(text: str, asked: HourAsked, now: datetime) -> Reading:
    """Return what ``text`` means as the answer to the hour of a day that was ``asked``."""
    with tell_refusal(text, _EXAMPLES):
        reading = change_each(Reader(now, asked).read(tidy_typed(text)), ask_twice)
    return mark_noticed(reading) if asked.noticed else reading


def read_noticed(text: str, asked: NotKnown, now: datetime, stood: date | None = None) -> Reading:
    """Return what ``text`` means as the answer to what was ``asked`` where it is not known when."""
    reading = read_when(text, now, stood=stood)
    if not asked.last:
        return NotKnown(last=True) if reading == NotKnown() else mark_noticed(reading)
    if isinstance(reading, NotKnown):
        reason = "A day is needed. If nothing nearer is known, write: noticed today."
        raise DateNotUnderstood(text, reason)
    return _take_days(reading, now)


def _take_days(reading: Reading, now: datetime) -> Reading:
    return change_each(
        reading, lambda each: each if isinstance(each, When) else each.leave_hour(now)
    )


def parse_when(text: str, now: datetime, stood: date | None = None) -> When:
    """Return the moment that ``text`` names, as ``read_when``, where nobody can be asked back."""
    return _expect_moment(text, read_when(text, now, stood=stood))


def parse_without_hour(text: str, now: datetime) -> When:
    """Return the day that ``text`` names, its hour not known, where nobody can be asked."""
    when = _expect_moment(text, _take_days(read_when(text, now), now))
    if not when.hour_not_known:
        reason = "A time stands there, and its hour is said not to be known."
        raise DateNotUnderstood(text, reason)
    return when


def parse_since(text: str, now: datetime) -> datetime:
    """Return the moment from which ``text`` counts: of a day, a month, a year, or so long ago."""
    return _parse_span(text, now)[0]


def parse_until(text: str, now: datetime) -> datetime:
    """Return the moment before which ``text`` counts: the day, month or year is included."""
    return _parse_span(text, now)[1]


def read_past_day(text: str, now: datetime) -> date | DaysAsked:
    """Return the day that ``text`` names, today or one that has passed, or what is asked back."""
    text = write_day(text)
    try:
        first, after = (each.date() for each in _parse_span(text, now))
    except DateNotUnderstood:
        reading = read_when(text, now, _PAST_EXAMPLES)  # which says better what is wrong
    else:
        if (after - first).days > 1:
            raise DateNotUnderstood(text, "Write one day: 3 April.")
        if first > localise(now).date():
            raise DateNotUnderstood(text, TO_COME)
        return first
    days = tuple(dict.fromkeys(day for each in list_open(reading) for day in each.days))
    if not days:
        raise DateNotUnderstood(text, "", _PAST_EXAMPLES)
    if isinstance(reading, Offered):
        return DaysAsked(reading.ask, days)
    return days[0] if len(days) == 1 else DaysAsked("Which day is meant?", days)


def parse_day(text: str, now: datetime) -> date:
    """Return the day that ``text`` names, today or one that has passed, where nobody is asked."""
    read = read_past_day(text, now)
    if isinstance(read, DaysAsked):
        raise DateNotUnderstood(text, read.advice)
    return read


def parse_due_by(text: str, now: datetime) -> date:
    """Return the day that ``text`` means as the last of a search, which may have passed."""
    try:
        return parse_due(text, localise(now).date())
    except DateNotUnderstood:
        with suppress(DateNotUnderstood):
            return parse_day(text, now)
        raise


def _expect_moment(text: str, reading: Reading) -> When:
    if isinstance(reading, When):
        return reading
    raise DateNotUnderstood(text, reading.advice)


def _read_iso(text: str) -> When | None:
    found = re.fullmatch(rf"(NOTICED )? *(ABOUT )? *({_ISO})", text.strip().upper())
    if not found:
        return None
    noticed, about, stamp = bool(found[1]), bool(found[2]), found[3]
    read_day((stamp[:10],), date.min)  # refuses impossible dates in words
    moment = datetime.fromisoformat(stamp).replace(microsecond=0)
    when = When(localise(moment)) if moment.tzinfo else place(moment)
    return replace(when, approx=about, noticed=noticed)


def _parse_span(text: str, now: datetime) -> tuple[datetime, datetime]:
    with tell_refusal(text, _DAY_EXAMPLES):
        if when := _read_iso(text):
            last = (when.alternative or when.moment).replace(second=0)
            return when.moment, localise(last + timedelta(minutes=1))
        tidy = tidy_typed(text)
        try:
            first, after = _read_days(read_phrase(regularise(tidy)), now)
        except RefusedError:
            if meant := find_likely(tidy):
                raise RefusedError(f'Did you mean "{meant}"?') from None
            raise
        return _start(first), _start(after)


def _read_days(phrase: Phrase, now: datetime) -> tuple[date, date]:
    today = localise(now).date()
    if phrase.part:
        raise RefusedError
    if may_be_hour(phrase.text):
        raise RefusedError("This may be a day or a time. Write 10/4 for the day.")
    span, day = read_span(phrase.words, today), read_day(phrase.words, today)
    if span and day:
        raise RefusedError("This may be a day or a month. Write 26 March or March 2026.")
    if span:
        return span
    chosen = _choose(day, now) if day else read_days_ago(phrase.words, today)
    if not chosen:
        raise RefusedError
    return chosen, chosen + timedelta(days=1)


def _choose(day: NamedDay, now: datetime) -> date:
    day = replace(day, doubtful=None)  # nothing has to have happened on it
    begun = day.list_fitting(lambda each: _start(each) <= now)
    if len(begun) > 1:
        shown = " or ".join(echo_day(each) for each in begun)
        raise RefusedError(f"Which is meant? Write {shown}.")
    if not begun:
        day.check(day.dates[0])
    return begun[0] if begun else day.dates[0]


def _start(day: date) -> datetime:
    # Where the clocks skip midnight, the day starts an hour later: nothing to ask about.
    return localise(datetime.combine(day, time()))
