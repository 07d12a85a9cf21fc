"""What stands of a text where there is no room for all: whole sentences, or none."""

import re
from collections.abc import Callable, Iterator

from nearmiss.text import end_sentence, join_lines, take_sentences

SENTENCE = 160  # characters of first sentences, and where there is hardly room
_LEAST, _MOST = 60, 240  # of first sentences, and of those with what matters among them

_DENIES = re.compile(r"\W*(?:no|none|not|nothing|nobody|never)\b", re.IGNORECASE)


def take_whole(text: str, most: int) -> str:
    """Return the first sentences of a text within ``most`` characters, if any; none of them cut.

    Of a text that begins by saying what is not, all or nothing: more may follow.
    """
    first = take_sentences(text, most)
    is_part = len(first) < len(join_lines(text))
    is_left_out = not first or len(first) > most or (is_part and _DENIES.match(first))
    return "" if is_left_out else end_sentence(first)


def take_first(text: str) -> str:
    """Return the first sentence of a text, if it is not too long; or all, as ``take_whole``."""
    first = take_sentences(text, 1)
    return take_whole(text, SENTENCE if _DENIES.match(first) else min(len(first), SENTENCE))


# What was found, as those who can say it say it.
_FOUND = re.compile(
    r"\b(?:diagnos\w*|fractur\w*|broken?|dislocat\w*|sprain\w*|concuss\w*|infect\w*|pneumonia|"
    r"sepsis|strokes?|clots?|bleed\w*|burns?|ulcers?|X-ray)\b",
    re.IGNORECASE,
)


def take_danger(text: str) -> str:
    """Return the sentence of harm that says what was found, else the first, whole."""
    found = next((each for each in split_sentences(text) if _FOUND.search(each)), "")
    return found if 0 < len(found) <= SENTENCE else take_first(text)


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, each on one line."""
    rest = join_lines(text)
    while rest:
        one = take_sentences(rest, 1)
        yield one
        rest = rest[len(one) :].strip()


def take_to_last(text: str, matters: Callable[[str], object]) -> str:
    """Return the first sentences of a text, up to the last of them that ``matters``."""
    said = last = ""
    for one in split_sentences(text):
        said = f"{said} {one}".strip()
        if matters(one) and len(said) <= (SENTENCE if last else _MOST):
            last = said
    found = take_whole(text, len(last)) if last else ""
    return found or take_whole(text, _LEAST) or take_whole(text, SENTENCE)
