"""Hints at wording that reads as a diagnosis, a label or blame: one line, never a block."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from nearmiss.model.wording import QUESTIONS
from nearmiss.speech import join_words
from nearmiss.words import read_words

_LOOKED_AT = ("what_nearly_happened", "how_prevented", "immediate_action")
_QUOTED = re.compile(r'"[^"\n]*"|“[^”\n]*”|‘[^’\n]*’(?!\w)|(?<!\w)\'[^\'\n]*\'(?!\w)')
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!Dr\.)\s+|\n+")
_BETWEEN = r"(?:\W+\w+){0,3}\W+"  # a few words from a professional to what was said


def hint_answers(answers: Mapping[str, Any]) -> list[str]:
    """Return the hints for the answers in which the carer tells what happened, each by its name."""
    return [
        f"{QUESTIONS[field].title}. Wording: {hint}"
        for field in _LOOKED_AT
        for hint in find_hints(str(answers.get(field, "")))
    ]


def find_hints(text: str) -> list[str]:
    """Return one line that names the words in ``text`` to look at again; none where all is well.

    Words in quotation marks are the person's own, and a professional's are left alone too.
    """
    suspect, excused, innocent = _compile()
    found: dict[str, str] = {}
    for sentence in _SENTENCE_END.split(innocent.sub(" ", _QUOTED.sub(" ", text))):
        if not excused.search(sentence):
            for match in suspect.finditer(sentence):
                found.setdefault(match.group().casefold(), f'"{match.group()}"')
    if not found:
        return []
    return [f"You wrote {join_words(list(found.values()))}. {read_words('hints')['say']}"]


@cache
def _compile() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return patterns of words to look at, of sentences that may hold them, of harmless words."""
    hints = read_words("hints")
    suspect = _match_any(hints["diagnosis"] + hints["label"] + hints["blame"])
    who, said = _match_any(hints["professionals"]), _match_any(hints["saying"])
    found = _match_any(hints["found_by_a_doctor"])
    excused = rf"{who}{_BETWEEN}{said}|{said}\W+by{_BETWEEN}{who}|{found}"
    return _fold_case(suspect), _fold_case(excused), _fold_case(_match_any(hints["innocent"]))


def _fold_case(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _match_any(phrases: list[str]) -> str:
    # The longest first, so that a phrase is named whole.
    patterns = map(_match_phrase, sorted(phrases, key=len, reverse=True))
    return rf"\b(?:{'|'.join(patterns)})\b"


def _match_phrase(phrase: str) -> str:
    words = (r"\w+" if word == "*" else re.escape(word) for word in phrase.split())
    return r"[\s-]+".join(word.replace(r"\*", r"\w*") for word in words)
