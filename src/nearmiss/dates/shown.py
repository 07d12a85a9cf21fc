"""Dates as they are shown and stored."""

import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from nearmiss.speech import count_of

# Split from a string: list literals would be formatted into 40 lines.
MONTHS = (  # noqa: SIM905 - see above
    "january february march april may june july august september october november december"
).split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905
# A month or a weekday, whole or cut short, in a regular expression over folded text.
MONTH_WORD, WEEKDAY_WORD = (
    f"(?:{'|'.join(name[:3] for name in names)})[a-z]*" for names in (MONTHS, WEEKDAYS)
)

UNKNOWN_HOUR = "time not known"


def echo(
    moment: datetime, approx: bool = False, *, hour_not_known: bool = False, noticed: bool = False
) -> str:
    """Return ``moment`` as it is shown to people: ``about Tue 14 Apr 2026, 21:15``.

    Of one whose hour is not known the day alone: ``Tue 14 Apr 2026, time not known``.
    """
    if hour_not_known:
        shown = f"{echo_weekday(moment)}, {UNKNOWN_HOUR}"
    else:
        shown = f"{'about ' if approx else ''}{echo_weekday(moment)}, {moment:%H:%M}"
    return f"Noticed {shown}; when it happened is not known" if noticed else shown


def echo_day(moment: date) -> str:
    """Return a day, or the day of a moment, as it is shown to people: ``14 Apr 2026``."""
    return f"{moment.day} {MONTHS[moment.month - 1][:3].title()} {moment.year}"


def echo_weekday(moment: date) -> str:
    """Return a day, or the day of a moment, with the day of the week: ``Tue 14 Apr 2026``."""
    return f"{WEEKDAYS[moment.weekday()][:3].title()} {echo_day(moment)}"


def echo_span(moments: Collection[date]) -> str:
    """Return the first and the last of days or moments: ``9 Jan 2026 to 2 Apr 2026``."""
    return " to ".join(dict.fromkeys(map(echo_day, (min(moments), max(moments)))))


def to_timestamp(moment: datetime) -> str:
    """Return an aware ``moment`` as RFC 3339 to the second: ``2026-04-14T21:15:00+01:00``."""
    return moment.isoformat(timespec="seconds")


def take_day(stamp: str) -> date:
    """Return the day of a timestamp as it is stored, which may be its day alone."""
    return date.fromisoformat(stamp[: len("2026-04-14")])


def echo_near_day(moment: date, today: date) -> str:
    """Return a day as it is shown close to ``today``: its year only where that is another."""
    shown = echo_day(moment)
    return shown.removesuffix(f" {today.year}") if moment.year == today.year else shown


def name_day(moment: date) -> str:
    """Return a day, or the day of a moment, in a sentence: ``14 April 2026``."""
    return f"{moment.day} {MONTHS[moment.month - 1].title()} {moment.year}"


def name_weekday(moment: date) -> str:
    """Return the day of the week: ``Tuesday``."""
    return WEEKDAYS[moment.weekday()].title()


_LENGTHS = (  # the least days from which each unit is used, the unit, and its days
    (730, "year", 365),
    (61, "month", 30),
    (2, "day", 1),
)


def tell_length(length: timedelta) -> str:
    """Return how long something took or has waited: ``40 minutes``, ``5 hours``, ``4 days``."""
    for least, unit, days in _LENGTHS:
        if length >= timedelta(days=least):
            return count_of(length.days // days, unit)
    if length >= timedelta(hours=1):
        return count_of(length // timedelta(hours=1), "hour")
    return count_of(max(0, length // timedelta(minutes=1)), "minute")


_HOUR_OF_DAY = re.compile(
    r"\b(\d{1,2})(?:[:.]([0-5]\d))? ?([ap])\.?m\b|\b([01]?\d|2[0-3]):([0-5]\d)\b(?! ?[ap])", re.I
)
_NAMES_DAY = re.compile(
    rf"\b(?:yesterday|last|before|{WEEKDAY_WORD}"
    rf"|\d{{1,2}} ?(?:st|nd|rd|th)?[ /-](?:\d|{MONTH_WORD}))",
    re.I,
)


def tell_odd_hour(text: str, since: datetime, written: datetime) -> str:
    """Return what is odd about an hour that a text names without a day: when it was written down.

    That is nothing where such an hour lies between what happened, ``since``, and the writing.
    """
    written, since = (each.replace(tzinfo=None) for each in (written, min(since, written)))
    if _NAMES_DAY.search(text) or written - since >= timedelta(days=1):
        return ""
    named = []
    for hour, minute, half, of_24, past in _HOUR_OF_DAY.findall(text):
        at = int(of_24) if of_24 else int(hour) % 12 + (12 if half.lower() == "p" else 0)
        named.append(time(at, int(past or minute or 0)))
    on_days = [datetime.combine(day, at) for day in (since, written) for at in named]
    if not named or any(since.replace(second=0) <= each <= written for each in on_days):
        return ""
    is_early = datetime.combine(written, min(named)) > written
    return "before the time of day named" if is_early else "with a time of day before it happened"
