"""Carers' English made regular for the readers beside this: words, slips, phrases and clauses."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import Any

from nearmiss.dates.phrase import count_slips
from nearmiss.words import read_words

_PIECE = re.compile(
    r"\bon[ -]call\b|(?<!\w)[^\W\d_](?:[./-][^\W\d_])+(?!\w)|\d+(?:[.:/]\d+)+[^\W_]*|"
    r"n/[ak]|[^\W_]+(?:['’&][^\W_]+)*|[&+]|[,;:()…–—!?\n.]|(?<=\s)-(?=\s)",
    re.I,
)
STOPS = frozenset(",.")
_AND = frozenset("&+")
_SENTENCE = frozenset(".!?\n…")
# How the short forms end, with or without their apostrophe.
_NOT = re.compile(r"(did|do|does|had|has|have|is|was|were|are|could|would|should)(?:n'?t|nae)")
_JOINED = {"'ll": "will", "'ve": "have", "'re": "are", "'m": "am", "'s": "'s", "'d": "'d"}
_BEING = frozenset("he she it that there who what here nobody everyone noone".split())  # noqa: SIM905
_LONG = 5  # letters from which one slip is one word still
_VERY_LONG = 8  # and two


@dataclass(frozen=True)
class Line:
    """A text as regular words, ``,`` before each clause and ``.`` after each sentence.

    ``places`` says for each word where it stands in ``typed``.
    """

    typed: str
    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]

    def is_capital(self, at: int) -> bool:
        """Whether the word at ``at`` was typed with a capital."""
        return self.typed[self.places[at][0] :][:1].isupper()

    def quote(self, first: int, end: int) -> str:
        """Return the words from ``first`` up to (not including) ``end`` as they were typed."""
        return self.typed[self.places[first][0] : self.places[end - 1][1]]


@dataclass(frozen=True)
class Found:
    """A phrase that was found: its first word, the word after its last, and its kind."""

    first: int
    end: int
    kind: str


def read_line(text: str, spelling: "Spelling") -> Line:
    """Return ``text`` in regular words; ``spelling`` mends what is a slip."""
    words = [","]
    places = [(0, 0)]
    for piece in _PIECE.finditer(text):
        for word in _regularise(piece[0], spelling):
            words.append(word)
            places.append(piece.span())
    return Line(text, (*words, "."), (*places, (len(text), len(text))))


def _regularise(piece: str, spelling: "Spelling") -> list[str]:
    if not piece[-1].isalnum():
        return ["and" if piece in _AND else "." if piece in _SENTENCE else ","]
    word = piece.casefold().replace("’", "'")
    word = spelling.respell(word if word in _SHORT else re.sub("[./-]", "", word))
    if word in _SHORT:
        return _SHORT[word].split()
    if short := _NOT.fullmatch(word):
        return [short[1], "not"]
    for ending, whole in _JOINED.items():
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            return [stem, "is" if ending == "'s" and stem in _BEING else whole]
    return spelling.mend(word.replace("'", "")).split()


_SHORT = {
    "cannot": "can not", "cant": "can not", "can't": "can not", "wont": "will not",
    "won't": "will not", "aint": "is not", "ain't": "is not", "i'll": "i will", "its": "it 's",
    "gonna": "going to", "gotta": "got to", "wanna": "want to", "n/a": "na", "n/k": "not known",
    "hes": "he is", "shes": "she is", "theyre": "they are", "im": "i am", "ive": "i have",
    "noone": "nobody", "u": "you", "w": "with", "msg": "message", "mssg": "message",
    "dint": "did not", "dident": "did not", "diddnt": "did not", "nae": "no", "nowt": "nothing",
    "befor": "before", "lm": "left message", "on call": "oncall", "on-call": "oncall",
}  # fmt: skip


class Spelling:
    """What a word is plainly a slip of: one letter out, in a long word two."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        spelt: Mapping[str, str] = data["spelt"]
        self._spelt = {typed: right for right, ways in spelt.items() for typed in ways.split()}
        self._right = {*data["right"], *data["slips"]}
        self._slips: dict[str, list[str]] = defaultdict(list)
        for word in data["slips"]:
            self._slips[word[0]].append(word)

    def respell(self, word: str) -> str:
        """Return ``word`` as the file of words spells it, else itself."""
        return self._spelt.get(word, word)

    def mend(self, word: str) -> str:
        """Return the word that ``word`` should be, else itself."""
        if len(word) < _LONG or word in self._right or not word.isalpha():
            return word
        close = [each for each in self._slips[word[0]] if _is_slip(word, each)]
        return close[0] if len(close) == 1 else word


@cache
def _is_slip(word: str, right: str) -> bool:
    most = 2 if len(right) >= _VERY_LONG else 1
    alike = abs(len(word) - len(right)) <= most and len({*word} ^ {*right}) <= 2 * most
    return alike and count_slips(word, right) <= most


@dataclass(frozen=True)
class _Place:
    """One place in a phrase: the words that may stand there, or how they begin or end."""

    words: frozenset[str]
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    optional: bool = False

    def fits(self, word: str) -> bool:
        """Whether ``word`` may stand here."""
        if word in self.words:
            return True
        return word not in STOPS and (word.startswith(self.begins) or word.endswith(self.ends))


_Phrase = tuple[_Place | None, ...]  # None: up to so many words between
_BETWEEN = 3
READ = "_"  # stands for a word that has been read


class Phrases:
    """Phrases by kind, from a file of words.

    In it a star begins or ends a word of which the rest is open, and stands alone for any one
    word; a slash parts words of which each will do, a question mark ends one that may be left out,
    ``<list>`` is a list of the same file, and three dots are up to three other words that are not
    in its list ``turns``.
    """

    def __init__(self, kinds: Mapping[str, Sequence[str]], lists: Mapping[str, Any]) -> None:
        self._lists = lists
        self._turns = frozenset(lists["turns"]) | STOPS
        self._places: dict[str, _Place] = {}
        self.words: set[str] = set()
        self._begun: dict[tuple[str, str], list[_Phrase]] = defaultdict(list)
        self._open: dict[str, list[_Phrase]] = defaultdict(list)
        for kind, phrases in kinds.items():
            for typed in phrases:
                self._sort(kind, tuple(map(self._read_place, typed.split())))
        firsts = {
            kind: [place for phrase in phrases for place in _list_first(phrase)]
            for kind, phrases in self._open.items()
        }
        self._first = {kind: _join_places(places) for kind, places in firsts.items()}

    def find(self, kind: str, words: Sequence[str]) -> Iterator[Found]:
        """Yield each phrase of a kind, left to right; of two at one word the one listed first."""
        at = 0
        while at < len(words):
            phrases = self._begun.get((kind, words[at]), [])
            if kind in self._first and self._first[kind].fits(words[at]):
                phrases = [*phrases, *self._open[kind]]
            for phrase in phrases:
                if end := self._match(phrase, words, at):
                    yield Found(at, end, kind)
                    at = end - 1
                    break
            at += 1

    def blank(self, kind: str, words: Sequence[str]) -> list[str]:
        """Return ``words`` with those of each phrase of a kind made unreadable."""
        left = list(words)
        for found in self.find(kind, words):
            for at in range(found.first, found.end):
                left[at] = left[at] if left[at] in STOPS else READ
        return left

    def _match(self, phrase: _Phrase, words: Sequence[str], at: int) -> int:
        """Return the word after the phrase where it stands at ``at``, else 0."""
        for number, place in enumerate(phrase):
            rest = phrase[number + 1 :]
            if place is None:
                return self._match_after(rest, words, at)
            fits = at < len(words) and place.fits(words[at])
            if place.optional:
                return (fits and self._match(rest, words, at + 1)) or self._match(rest, words, at)
            if not fits:
                return 0
            at += 1
        return at

    def _match_after(self, phrase: _Phrase, words: Sequence[str], at: int) -> int:
        if not phrase:
            rest = words[at : at + _BETWEEN]
            return at + len(list(takewhile(lambda word: word not in self._turns, rest)))
        for skipped in range(_BETWEEN + 1):
            if end := self._match(phrase, words, at + skipped):
                return end
            if at + skipped >= len(words) or words[at + skipped] in self._turns:
                break
        return 0

    def _sort(self, kind: str, phrase: _Phrase) -> None:
        """Keep a phrase by each word that may begin it, or apart where that is open."""
        first = list(_list_first(phrase))
        if any(place.begins or place.ends for place in first):
            self._open[kind].append(phrase)
            return
        for word in frozenset().union(*(place.words for place in first)):
            self._begun[kind, word].append(phrase)

    def _read_place(self, typed: str) -> _Place | None:
        if typed == "...":
            return None
        if typed not in self._places:
            choices = [*self._list_choices(typed.removesuffix("?"))]
            self.words.update(choices)
            self._places[typed] = _Place(
                frozenset(each for each in choices if "*" not in each),
                tuple(each[:-1] for each in choices if each.endswith("*")),
                tuple(each[1:] for each in choices if each.startswith("*") and len(each) > 1),
                typed.endswith("?"),
            )
        return self._places[typed]

    def _list_choices(self, typed: str) -> Iterator[str]:
        for choice in typed.split("/"):
            if choice.startswith("<"):
                for each in self._lists[choice[1:-1]]:
                    yield from self._list_choices(each)
            else:
                yield choice


def _join_places(places: Sequence[_Place]) -> _Place:
    """Return a place in which each word may stand that may stand in one of several."""
    return _Place(
        frozenset().union(*(each.words for each in places)),
        tuple({begins for each in places for begins in each.begins}),
        tuple({ends for each in places for ends in each.ends}),
    )


def _list_first(phrase: _Phrase) -> Iterator[_Place]:
    """Yield the places with which a phrase may begin."""
    for place in phrase:
        if place:
            yield place
        if place is None or not place.optional:
            return


@cache
def read_phrases(name: str) -> tuple[Phrases, Spelling]:
    """Return the phrases of a file of words, and how its words are spelt."""
    data = read_words(name)
    return Phrases(data["phrases"], data["lists"]), Spelling(data)
