"""The words of the trade: what a text is about, and which kind of near miss that suggests."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from nearmiss.model.questions import CATEGORIES, Category

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")

Stems = tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """Things by the stems of their words.

    ``phrases`` holds, by first stem, the rest of each phrase and what it stands for, the longest
    first; ``kinds`` the kind of near miss that a thing speaks for.
    """

    phrases: Mapping[str, list[tuple[Stems, str]]]
    places: Mapping[str, list[tuple[Stems, str]]]
    kinds: Mapping[str, str]

    def find_things(self, stems: Stems) -> set[str]:
        """Return the things that a text in stems is about."""
        return set(_find(self.phrases, stems))

    def find_place(self, stems: Stems) -> str | None:
        """Return the room that a location in stems names first, or None."""
        return next(_find(self.places, stems), None)


def _find(phrases: Mapping[str, list[tuple[Stems, str]]], stems: Stems) -> Iterator[str]:
    for behind, stem in enumerate(stems, start=1):
        for rest, thing in phrases.get(stem, ()):
            if stems[behind : behind + len(rest)] == rest:
                yield thing


def split_stems(text: str) -> Stems:
    """Return the stems of the words of a text, in order."""
    return tuple(map(_stem, _WORD.findall(text.casefold().replace("\u2019", "'"))))


@cache
def _stem(word: str) -> str:
    return _make_stemmer().stemWord(word)  # type: ignore[no-any-return]


@cache
def _make_stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@cache
def read_lexicon() -> Lexicon:
    """Return the words of the trade."""
    from importlib.resources import files

    text = (files("nearmiss.insight") / "lexicon.toml").read_text(encoding="utf-8")
    phrases: dict[str, list[tuple[Stems, str]]] = defaultdict(list)
    places: dict[str, list[tuple[Stems, str]]] = defaultdict(list)
    kinds: dict[str, str] = {}
    for heading, things in tomllib.loads(text).items():
        target = places if heading == "places" else phrases
        for thing, words in things.items():
            if heading in CATEGORIES:
                kinds[thing] = heading
            for first, *rest in map(split_stems, words):
                target[first].append((tuple(rest), thing))
    return Lexicon(dict(phrases), dict(places), kinds)


# What the words of each answer count for. Set, with what follows, on reports kept for that.
_COUNTS = {"what_nearly_happened": 2.0, "location": 1.0, "how_prevented": 0.5}
_COUNTS |= {"what_happened": 2.0, "immediate_action": 0.5, "recommendations": 1.0}
# By how much a kind must lead. One that is not here is never suggested: behaviour would be a
# judgement on a person, and the words speak for it too seldom.
_LEADS: Mapping[Category, float] = {
    "medication": 3.0,
    "mobility": 5.0,
    "environment": 5.0,
    "personal_care": 5.0,
    "other": 5.0,
}
_TIMES = 2.0
_FEWEST_ANSWERS = 2  # that speak for the kind: one sentence proves nothing


@dataclass
class _Evidence:
    points: float = 0.0
    answers: set[str] = field(default_factory=set)


def suggest_category(answers: Mapping[str, Any], lexicon: Lexicon) -> Category | None:
    """Return the kind that the answers so far (a report's fields) speak for, or None in doubt."""
    found: dict[str, _Evidence] = defaultdict(_Evidence)
    for name, counts in _COUNTS.items():
        value = answers.get(name, "")
        text = " . ".join(value) if isinstance(value, list) else str(value)
        for thing in lexicon.find_things(split_stems(text)):
            if kind := lexicon.kinds.get(thing):
                found[kind].points += counts
                found[kind].answers.add(name)
    return next((kind for kind in _LEADS if _leads(kind, found)), None)


def suggest_plainly(answers: Mapping[str, Any], lexicon: Lexicon) -> Category | None:
    """Return the one kind that the words of what happened speak for, where nobody is asked."""
    text = str(answers.get("what_happened") or answers.get("what_nearly_happened") or "")
    things = lexicon.find_things(split_stems(text))
    found = {each: lexicon.kinds[each] for each in things if each in lexicon.kinds}
    kinds = {*found.values()}
    if kinds <= {"mobility"} and _FELL.search(text):
        return "mobility"
    if len(kinds) != 1:
        return None
    plain = {found[each] for each in _PLAIN if each in found}
    return next((each for each in CATEGORIES if each in plain), None)


# Things of which it is plain what kind of near miss they are part of.
_PLAIN = (
    *("tripping", "wheelchair", "hoist", "transfer", "stair lift", "standing aid"),
    *("medicine", "medicine chart", "blister pack", "wrong medicine", "blood thinner", "scooter"),
    *("strong painkiller", "painkiller", "patch", "inhaler", "weekly medicine", "water tablet"),
    *("parkinson's medicine", "sleeping tablet", "antibiotic", "heart tablets", "steroid"),
    *("gas", "heater", "electricity", "catheter", "tube feeding"),
)
_FELL = re.compile(
    r"(?i)^(?:\w+ )?(?:fell|falls?|tripped|slipped)\b(?! asleep)"
    r"|\b(?:fell|slid|slipped|tripped|fallen) (?:down|off|over|out of|from)\b"
    r"|\b(?:missed|came off|went off) (?:the|a|her|his) (?:step|stairs?|kerb|seat|chair|bed)\b"
)


def _leads(kind: Category, found: Mapping[str, _Evidence]) -> bool:
    if kind not in found or len(found[kind].answers) < _FEWEST_ANSWERS:
        return False
    points = found[kind].points
    others = max((each.points for name, each in found.items() if name != kind), default=0.0)
    return points - others >= _LEADS[kind] and points >= _TIMES * others
