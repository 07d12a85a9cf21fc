"""From a line as it was typed to what it means: a moment, or what has to be asked back."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from nearmiss.dates._cut import Named, cut
from nearmiss.dates._days import DOTTED, Day, read_day, read_minutes_ago
from nearmiss.dates._phrase import WEEKDAY, Phrase, RefusedError, read_phrase, regularise
from nearmiss.dates._place import localise
from nearmiss.dates._settle import TO_COME, ask_which, list_moments, settle
from nearmiss.dates._spans import find_minutes_to, find_start
from nearmiss.dates._spelling import find_meant, find_spelling
from nearmiss.dates.readings import HourAsked, Offered, Reading, When, Which

_RECENT = timedelta(days=31)  # so long ago 22.11 is as likely a day as a time

_A_DAY = f"(?:{WEEKDAY}|today|yesterday)"
# What a carer may well write and no time can be made of, with the reason that fits.
_VAGUE = (
    (
        r"\b(?:tomorrow|tmrw|tomoz|2moro|next|later (?:on|today)|in (?:\d|an? |half ))"
        rf"|{WEEKDAY} week\b",
        TO_COME,
    ),
    (
        r"\b(?:few|several|some) (?:minutes|mins|hours|hrs) ago\b",
        "How many? About is fine: about 3 hours ago.",
    ),
    (
        r"\b(?:few|several|some|other) (?:days?|nights?|mornings?|afternoons?|evenings?)\b"
        rf"|\b(?:last|this) (?:week|month|year)$|\bweekend\b|\b{_A_DAY} or {_A_DAY}\b"
        r"|\b(?:every|each|daily|most|recently)\b|\ba while (?:ago|back)\b",
        "Which day was it? Write it like friday 2pm. About is fine.",
    ),
    (
        r"\ball (?:day|night|morning|afternoon|evening)\b|\bon and off\b|\bsince\b",
        "When did it begin? About is fine: this morning about 9.",
    ),
    (r"\b(?:until|till) (?=\d|noon|midday|midnight)", "Write one time. About is fine: about 8pm."),
    (
        r"\b(?:\d{1,2}|quarter|half)(?: minutes)? (?:past|to)$",
        "Which hour? Write it like ten past 8pm.",
    ),
)


@dataclass(frozen=True)
class Reader:
    """Reads what was typed at ``now``, as the answer to the hour of a day where that was asked."""

    now: datetime
    asked: HourAsked | None = None
    coming: bool = False  # what is still to come is taken too

    def read(self, tidy: str) -> Reading:
        """Return what ``tidy`` means. Raises RefusedError."""
        if meant := find_meant(tidy):
            return self._offer(meant)
        try:
            return self._read_regular(regularise(tidy))
        except RefusedError:
            if meant := find_spelling(tidy):
                return self._offer(meant)
            raise

    def _offer(self, meant: str) -> Offered:
        reading = self.read(meant)
        return reading if isinstance(reading, Offered) else Offered(meant, reading)

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
            return settle(_answer(self.asked, named), self.now)
        reading = settle(named, self.now, coming=self.coming)
        day = self._find_day(phrase)
        return _ask_day_or_time(day, reading) if day and isinstance(reading, When) else reading

    def _find_day(self, phrase: Phrase) -> date | None:
        """Return the day that a time such as 22.11 may be as well."""
        today = localise(self.now).date()
        if phrase.part or not re.fullmatch(DOTTED, phrase.text):
            return None
        day = read_day(phrase.words, today)
        recent = [each for each in day.dates if today - _RECENT <= each <= today] if day else []
        return recent[0] if recent else None


def _answer(asked: HourAsked, named: Named) -> Named:
    """Return what is named by an answer to the hour of a day that was ``asked``."""
    if named.day:
        return named
    return replace(
        named,
        day=Day((asked.day,)),
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
