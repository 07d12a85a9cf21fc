"""Words by which there may be a worry about harm or neglect: asked about, never decided here."""

import re
from dataclasses import replace
from functools import lru_cache

from nearmiss.intake.clauses import read_line, read_phrases
from nearmiss.words import read_words

_MOST_TEXT = 5000  # characters: no field holds more


@lru_cache(1000)
def find_worry(text: str) -> str:
    """Return the first words of ``text`` by which there may be a worry, as typed; mostly none."""
    phrases, spelling = read_phrases("worry")
    typed = text[:_MOST_TEXT]
    said = _SUM.sub(lambda found: _POUND.ljust(len(found[0]), "_"), typed)
    read = replace(read_line(said, spelling), typed=typed)
    left = phrases.blank("none", read.words)
    found = (each for kind in _KINDS for each in phrases.find(kind, left))
    first = min(found, key=lambda each: each.first, default=None)
    return read.quote(first.first, first.end) if first else ""


_SUM = re.compile(r"£ ?\d+(?:[.,]\d+)*|£")  # of money, read as one word
_POUND = "ƒ"
_KINDS = tuple(each for each in read_words("worry")["phrases"] if each != "none")
_NAMED = re.compile(
    r"(?i)\b(?=[acdlmns])"  # with which each of them begins: half of the time for a long text
    r"(?:safeguarding(?! (?:yes|no)\b)|s/?g (?:alert|referral|raised|concern|matter)"
    r"|(?:dsl|mash|lado)\b|(?:adult|child) protection|abus(?:e|ed|ive)\b|neglect)"
)


def find_named_worry(text: str) -> str:
    """Return what ``find_worry`` does where a worry is called that: quick, for very many rows."""
    return find_worry(text) if _NAMED.search(text) else ""
