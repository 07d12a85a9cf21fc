"""A near miss told in prose on a phone: what may be an answer is offered, nothing is placed."""

import re
from collections.abc import Iterator

from nearmiss.dates.phrase import WEEKDAY
from nearmiss.intake.phone_answers import FIELDS, is_time

_CLIENT, _WHEN, _, _WHAT = FIELDS[:4]
_DATED = re.compile(rf"\b\d{{1,4}}[./-]\d{{1,2}}\b|\b(?:yesterday|today|tonight|{WEEKDAY})", re.I)
_MOST_DATED = 6  # words of a line that says when it was
_INITIALS = re.compile(
    r"\b(?!(?:TV|GP|OT|DN|AM|PM|OK|SW|CD|PS|NHS|MAR|OOH|PRN|ID)\b)[A-Z]{2,3}\b"
    r"|\b[A-Z]\. ?[A-Z]\.(?!\w)"
)
_TELLING = re.compile(r"\b(?:nearly|almost|about to|forgot)\b", re.I)
_ANOTHER = re.compile(r"\W*(?:(?:and|then|oh)\b\W*)*(?:also|another|second|next|1|one)\b", re.I)
_LEAST_WORDS = 8  # words of what may be a report
_MOST_SEEN = 80  # words in which a time is looked for
_LONGEST_TIME = 7  # words
_SAYS_TIME = re.compile(rf"{_DATED.pattern}|\d|day|night|morn|noon|evening|lunch|tea|now", re.I)
_BEFORE = frozenset("on at in about around the this last early late just by half".split())  # noqa: SIM905
_BEHIND = frozenset("at the nearly and so i he she it was on in".split())  # noqa: SIM905
_HEAD = 5  # words with which another day begins


def is_dated(line: str) -> bool:
    """Whether a line says a day and little else."""
    return bool(_DATED.search(line)) and len(line.split()) <= _MOST_DATED


def may_be_report(text: str) -> bool:
    """Whether prose beside the answers may be another report.

    Of who it was, which day, what nearly happened and that it is another one it says two.
    """
    said = (each.search(text) for each in (_INITIALS, _DATED, _TELLING))
    signs = sum(map(bool, said)) + bool(_ANOTHER.match(text))
    return len(text.split()) >= _LEAST_WORDS and signs > 1


def list_offers(text: str) -> list[dict[str, str]]:
    """Return what may be answers in prose, of one report or of several.

    The whole may be what happened; the initials and the time that stand there are added.
    """
    starts = [0, *_find_others(text)]
    ends = [*starts[1:], len(text)]
    parts = [text[at:end].strip() for at, end in zip(starts, ends, strict=True)]
    return [_offer(each) for each in parts if re.search(r"\w", each)]


_END = re.compile(r"[.!?\n]")  # of a sentence
_HEAD_LENGTH = 400  # characters, in which the first words stand


def _find_others(text: str) -> Iterator[int]:
    """Yield where another report may begin: a line or a sentence that begins with another day."""
    before = 0
    for found in re.finditer(r"\n\W*|(?<=[.!?]) (?=[A-Z])", text):
        at = found.end()
        end = _END.search(text, at)
        sentence = text[at : end.start() if end else len(text)]
        tells = _INITIALS.search(sentence) or _TELLING.search(sentence) or "\n" in found[0]
        is_new = tells and _DATED.search(" ".join(text[at : at + _HEAD_LENGTH].split()[:_HEAD]))
        if not is_new:
            continue
        parts = text[before : found.start()], text[at:]
        is_enough = all(len(each.split()) >= _LEAST_WORDS for each in parts)
        if is_enough and _DATED.search(parts[0]):
            yield at
            before = at


def _offer(said: str) -> dict[str, str]:
    named = {*_INITIALS.findall(said)}
    found = {_CLIENT: named.pop() if len(named) == 1 else "", _WHEN: _find_time(said), _WHAT: said}
    return {name: each for name, each in found.items() if each}


def _find_time(said: str) -> str:
    """Return the first words that say when it was, as many as are one time."""
    words = said.split()[:_MOST_SEEN]
    for at in range(len(words)):
        for length in range(_LONGEST_TIME, 0, -1):
            run = words[at : at + length]
            text = " ".join(run).strip(" .,;:!?()")
            begins = run[0].casefold() in _BEFORE or _SAYS_TIME.search(run[0])
            ends = run[-1].casefold() not in _BEHIND
            if begins and ends and _SAYS_TIME.search(text) and is_time(text):
                return text
    return ""
