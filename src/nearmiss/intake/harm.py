"""Whether a text tells of harm that really happened: what is asked about, never decided here."""

import re
from collections.abc import Iterator
from functools import lru_cache

from nearmiss.intake.clauses import STOPS, Found, Line, Phrases, read_line, read_phrases
from nearmiss.words import read_words

_MOST_TEXT = 5000  # characters: no field holds more
_CUES = ("falls", "found", "after", "lost", "hurts", "swallowed", "missed")
_CONJUNCTIONS = frozenset(
    "and but then so when as while because after before until that if where".split()  # noqa: SIM905
)
_TURNS = frozenset(("but", "then", "so", "because", "until"))
_QUOTED = 3  # more words than the phrase itself
_NEGATED = 5  # words that a "no" reaches over
_UNREAL_KINDS = ("nearly", "meant", "would")
_UNREAL = 9  # words that a "nearly" reaches over


@lru_cache(1000)
def find_harm(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` that tell of harm that happened, as typed; mostly none."""
    phrases, spelling = read_phrases("harm")
    read = read_line(text[:_MOST_TEXT], spelling)
    left = phrases.blank("harmless", read.words)
    cues = [each for kind in _CUES for each in phrases.find(kind, left)]
    cues += _find_taken(phrases, read, left)
    if not cues:
        return ()
    guards = _Guards(phrases, read)
    quoted: dict[int, int] = {}
    for cue in cues:
        if not guards.cover(cue) and _is_of_person(cue, read):
            end = _end_quote(cue, read)
            quoted[end] = min(cue.first, quoted.get(end, cue.first))
    return tuple(read.quote(max(first, 1), end) for end, first in sorted(quoted.items()))


def is_of_medicine(words: str) -> bool:
    """Whether words of harm are of a medicine, taken or not."""
    phrases, spelling = read_phrases("harm")
    return any(phrases.find("medicine", read_line(words, spelling).words))


# What was done to somebody though no injury is told of: a blow, a medicine given wrongly or not.
_BLOW = re.compile(
    r"\b(?:was|were|been|being|got|[A-Z][a-z]+|[A-Z]{2,3}|resident|client|pupil|he|she)\s+"
    r"(?:hit|punched|slapped|kicked|bitten|pushed over|knocked over|scratched|spat at)\s+by\s+"
    r"(?!(?:a |the )?(?:car|door|draught|smell|van|bus|light|sun)\b)"
    r"|\b(?:hit|punched|slapped|kicked|bit)\s+(?:(?:another|a|the|an?other)\s+(?:resident|client|pupil"
    r"|child|student|service user)|[A-Z]{2,3}\b)"
)
_AMISS = re.compile(
    r"\b(?i:given|gave|took|taken|administered|swallowed)\b(?:(?!\bby\b)[^.]){0,40}?"
    r"(?:\b(?:wrong|twice|double)\b|\b(?:else|[A-Z]\w*|resident|client|pupil|person)['’]?s\b)"
    r"|\b(?i:wrong)\b[^.]{0,30}\b(?:given|taken|administered)\b"
    r"|\b(?i:missed|omitted|not given|wasn'?t given|forgot(?:ten)? to give)\b"
)
_DRUG = re.compile(
    r"(?i)\b\w{3,}(?:done|pine|olol|pam|pril|statin|cillin|azole|etine|artan|parin|mide|formin)\b"
)
_NOT_DONE = re.compile(
    r"(?i)\b(?:nearly|almost|could have|would have|about to|tried to|went to|had not been|before"
    r"|not yet|nobody|no one|spotted|noticed in time|instead of)\b|\bwrong\b.*\bnot given\b"
)


def find_done(text: str) -> str:
    """Return the words of a blow, or of a medicine given wrongly or not, that really happened."""
    for sentence in re.split(r"[.!?\n]+\s*", text[:_MOST_TEXT]):
        if _NOT_DONE.search(sentence):
            continue
        found = _BLOW.search(sentence)
        if not found and (found := _AMISS.search(sentence)):
            found = found if _DRUG.search(sentence) or is_of_medicine(sentence) else None
        if found:
            return sentence
    return ""


def _find_taken(phrases: Phrases, read: Line, left: list[str]) -> Iterator[Found]:
    """Yield each medicine taken where the same sentence says what was wrong about it."""
    amiss = list(phrases.find("amiss", left))
    medicine = list(phrases.find("medicine", read.words)) if amiss else []
    for taken in phrases.find("taken", left) if medicine else ():
        first, end = _find_sentence(read, taken.first)
        if all(any(first <= each.first < end for each in kind) for kind in (amiss, medicine)):
            yield taken


def _find_sentence(read: Line, at: int) -> tuple[int, int]:
    ends = [-1, *(n for n, word in enumerate(read.words) if word == "."), len(read.words)]
    return max(end for end in ends if end < at) + 1, min(end for end in ends if end >= at)


def _end_quote(cue: Found, read: Line) -> int:
    end = cue.end
    while end < min(len(read.words), cue.end + _QUOTED) and not _ends_clause(read.words[end]):
        end += 1
    return end


def _ends_clause(word: str) -> bool:
    return word in STOPS or word in _CONJUNCTIONS


class _Guards:
    """What says that it did not happen, or not now."""

    def __init__(self, phrases: Phrases, read: Line) -> None:
        kinds = ("nearly", "meant", "would", "beside", "not", "past")
        words = phrases.blank("plain", read.words)
        self._read = read
        self._found = {kind: list(phrases.find(kind, words)) for kind in kinds}
        self._subjects = frozenset(read_words("harm")["lists"]["subject"]) | {"it", "they"}

    def cover(self, cue: Found) -> bool:
        """Whether the words around a cue say that it did not happen, or happened long ago."""
        return (
            any(self._is_past(each, cue) for each in self._found["past"])
            or any(each.end == cue.first for each in self._found["beside"])
            or any(
                self._is_unreal(each, cue) for kind in _UNREAL_KINDS for each in self._found[kind]
            )
            or (cue.kind != "missed" and self._is_negated(cue))
        )

    def _is_past(self, guard: Found, cue: Found) -> bool:
        first, end = min(guard.first, cue.first), max(guard.end, cue.end)
        between = self._read.words[min(guard.end, cue.end) : max(guard.first, cue.first)]
        return end - first > 0 and not any(each in STOPS or each == "but" for each in between)

    def _is_unreal(self, guard: Found, cue: Found) -> bool:
        if guard.first > cue.first or (guard.first == cue.first and guard.end < cue.end):
            return False
        between = self._read.words[guard.end : cue.first]
        if len(between) > _UNREAL or any(each in _TURNS or each == "." for each in between):
            return False
        if guard.kind == "meant" and "and" in between:
            return False
        if "," in between and (guard.kind != "would" or between[-1] not in {",", "and", "or"}):
            return False
        return not any(each in self._subjects for each in between[1:])

    def _is_negated(self, cue: Found) -> bool:
        words = self._read.words
        if words[cue.end : cue.end + 2] in {(",", "none"), (",", "no"), (",", "nil")}:
            return True
        return any(
            guard.end <= cue.first
            and len(between := words[guard.end : cue.first]) <= _NEGATED
            and not any(_ends_clause(each) for each in between)
            for guard in self._found["not"]
        )


def _is_of_person(cue: Found, read: Line) -> bool:
    """Whether it is a person who fell, or was found: of other harm it always is."""
    if cue.kind == "falls":
        return _has_person(read, cue.first)
    if cue.kind == "found":
        place = (at for at in range(cue.first + 1, cue.end) if read.words[at] in _PLACING)
        end = next(place, cue.end)
        first = cue.first + (read.words[cue.first] in _FINDING)
        return _says_who(read, first, end) or first == end or read.is_capital(end - 1)
    return True


_FINDING = frozenset(("found", "find", "finding", "discovered"))
_PLACING = frozenset(
    "on in at by down flat lying laid laying sat sitting slumped collapsed".split()  # noqa: SIM905
)
_JOINTS = frozenset(("and", ","))


def _has_person(read: Line, verb: int) -> bool:
    """Whether nothing but a person can be the subject of the verb that stands at ``verb``."""
    while True:
        start = verb
        while start > 0 and not _ends_clause(read.words[start - 1]):
            start -= 1
        person = _says_who(read, start, verb)
        if person is not None or start <= 1 or read.words[start - 1] not in _JOINTS:
            return person is not False and read.words[start - 1] != "that"
        verb = start - 1  # "the pot tipped and fell" has its subject before


def _says_who(read: Line, first: int, end: int) -> bool | None:
    """Return whether the first that some words name is a person; None if they name nothing."""
    lists = read_words("harm")["lists"]
    words = read.words[first:end]
    if words and (words[0].endswith("ed") or words[0] in lists["begins"]):
        return None  # "slipped on the rug and fell" begins with its verb
    noun = False
    for at, word in enumerate(words, first + 1):
        if word in lists["whose"] and at < end:
            noun = True
        elif any(word in lists[kind] for kind in ("subject", "object", "people", "body")):
            return True
        elif word.rstrip("s") in lists["things"] or word in lists["things"]:
            return False
    return False if noun else None
