"""What was typed about a time, made regular: lower case, digits for number words, no fillers."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_LONGEST = 80  # characters; anything longer is not a date

_NUMBERS = (  # noqa: SIM905
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
_NUMBER_WORDS = {word: str(n) for n, word in enumerate(_NUMBERS, 1)} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
}
_APPROX = {"about", "around", "approx", "approximately", "roughly"}
_FILLERS = {"at", "on", "the", "of"}

# In this order: a later rule relies on what the earlier ones left. Compiled when first used.
_REWRITES: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
    (r"(?<![a-z])([ap])\.? ?m(?![a-z])\.?", r"\1m"),  # p.m., p m
    (r"[.,](?!\d)|(?<!\d)[.,]", " "),  # 8.15 and 3.4.2026 keep theirs
    (r"(?<=\d)[- ]?ish\b", "oclock about"),  # 8ish: nobody says this of the 24-hour clock
    (r"(?<=[mn])[- ]?ish\b", " about"),  # 8pm-ish, noonish
    (r"~", " about "),
    (r"\b(?:" + "|".join(_NUMBER_WORDS) + r")\b", lambda m: _NUMBER_WORDS[m.group()]),
    (r"(?<=\d) ?o'? ?clock\b", "oclock"),
    (r"(?<=[\dk]) +(?=[ap]m\b)", ""),  # 8 pm
    (r"\b(?:at|in the) (?=(?:morning|afternoon|evening|night)\b)", ""),
    (r"\bthis (?=(?:morning|afternoon|evening)\b)", "today "),
    (r"\btonight\b", "today night"),
    (r"\blast night\b", "yesterday night"),
]
# "at 8" is a time of day; a number alone beside a date may be a day or a year.
_AT_HOUR = r"\bat (\d{1,2})(?= |$)(?! past\b| to\b)"
_DAY_NUMBER = r"\b(?:on|the) (\d{1,2})$"


class RefusedError(Exception):
    """A time that is not taken; the text says why, for a carer. Empty: it fits no known form."""


@dataclass(frozen=True)
class Phrase:
    """What was typed, without the words that only colour it."""

    words: tuple[str, ...]
    approx: bool
    part: str | None  # morning, afternoon, evening or night


def read_phrase(text: str) -> Phrase:
    """Return ``text`` as regular words. Raises RefusedError for what can't be a date at all."""
    if len(text) > _LONGEST:
        raise RefusedError
    regular = " ".join(text.replace("’", "'").split()).lower()
    if not regular.isascii():
        raise RefusedError("Write it with plain letters and the digits 0 to 9: yesterday 9pm.")
    for pattern, replacement in _REWRITES:
        regular = re.sub(pattern, replacement, regular)
    words = regular.split()
    coloured = [word for word in words if word not in _APPROX]
    regular = re.sub(_AT_HOUR, r"\1oclock", " ".join(coloured))
    if found := re.search(_DAY_NUMBER, regular):
        raise RefusedError(f"{found[1]} may be a day or an hour. Write both: 3 April 09:00.")
    plain = regular.split()
    parts = [word for word in plain if word in ("morning", "afternoon", "evening", "night")]
    if len(parts) > 1:
        raise RefusedError
    return Phrase(
        words=tuple(word for word in plain if word not in _FILLERS and word not in parts),
        approx=len(coloured) < len(words),
        part=parts[0] if parts else None,
    )
