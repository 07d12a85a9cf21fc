"""Where the day ends and the time of day begins.

Every way of cutting the words in two is tried, either part first. Exactly one may fit: none is not
understood, two are ambiguous, and both are refused with a sentence that says what to write.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from nearmiss.dates._clock import Clock, read_clock
from nearmiss.dates._days import Day, read_day
from nearmiss.dates._phrase import Phrase, RefusedError

_Words = tuple[str, ...]


def cut(phrase: Phrase, today: date) -> tuple[Day, Clock | None]:
    """Return the day and the time of day, if there is one, that ``phrase`` names.

    Without a day: today or yesterday. Raises RefusedError, with the nearest reason.
    """
    if not phrase.words and not phrase.part:
        raise RefusedError
    fits: list[tuple[Day, Clock | None]] = []
    reasons: list[RefusedError] = []
    for day_words, clock_words in _list_cuts(phrase.words):
        try:
            fits += _fit(day_words, clock_words, phrase.part, today)
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


def _fit(
    day_words: _Words, clock_words: _Words, part: str | None, today: date
) -> list[tuple[Day, Clock | None]]:
    day = read_day(day_words, today) if day_words else Day((today, today - timedelta(days=1)))
    clock = read_clock(clock_words) if day else None
    if not day or (clock_words and not clock):
        return []
    if clock and clock.midnight and day_words:
        raise RefusedError("Midnight has two dates. Write the day and 00:00 or 23:59.")
    if clock and clock.bare and not (part or day_words in ((), ("today",), ("yesterday",))):
        raise RefusedError(f"Write the time as {clock.minutes // 60:02}:00, or with am or pm.")
    return [(day, clock)]
