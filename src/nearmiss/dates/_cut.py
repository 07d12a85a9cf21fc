"""Where the day ends and the time of day begins.

Every way of cutting the words in two is tried, either part first. Exactly one may fit: none is not
understood, two are ambiguous, and both are refused with a sentence that says what to write.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from nearmiss.dates._clock import Clock, read_clock
from nearmiss.dates._days import DOTTED, Day, read_day
from nearmiss.dates._parts import Part
from nearmiss.dates._phrase import Phrase, RefusedError

_Words = tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """What a phrase names of a moment; None is what it leaves out."""

    day: Day | None
    clock: Clock | None
    part: Part | None = None
    approx: bool = False
    within: Part | None = None  # the part of the day that was agreed before the hour was asked


def cut(phrase: Phrase, today: date) -> Named:
    """Return the day and the time of day that ``phrase`` names.

    Raises RefusedError, with the nearest reason.
    """
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
    if not clock_words and re.fullmatch(DOTTED, " ".join(day_words)):
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
