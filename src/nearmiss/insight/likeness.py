"""How alike two reports are: by place, hour and what they are about, the rarer the more."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from nearmiss.insight.lexicon import Lexicon, Stems, split_stems
from nearmiss.model.entries import ReportFields

# What a shared feature counts for, before its rarity. Set on reports that were kept for that.
_THING = 1.0
_THING_ASKED_FOR = 0.7  # in a recommendation: what the carer takes for the cause
_THING_ASIDE = 0.2  # in how it was prevented, and what was done
_WORD, _WORD_ASIDE = 0.2, 0.15
_PLACE, _HOUR, _KIND = 0.2, 0.1, 0.6
_RARITY = 0.7  # the power of the rarity: less than 1, as one rare word alone proves little
_FEWEST_LETTERS = 3
# Stems of words that say nothing of a hazard.
_COMMON_STEMS = """
    a about after again all also am an and any are as at away back be because been before being but
    by call came can client come could day did do done down each else ever for from get give given
    go going got had has have he her here him his how i if in into is it its just know left like
    made make me more morn much my near nearli next no not noth now of off ok on one onli or other
    our out over own put ran rang right said sat saw say see she so some soon start still stop tell
    than that the their them then there they thing this three time to today told too took tri two
    until up us use was way we well went were what when where which while who will with would you
    your afternoon even night minut hour hand caught held moment straight
"""
_COMMON = frozenset(_COMMON_STEMS.split())

Feature = tuple[str, str]  # what sort it is, and which: ("thing", "armchair")
Weights = Mapping[Feature, float]


@dataclass(frozen=True, slots=True)
class Traits:
    """What is looked at in a report: each feature with what it counts for."""

    features: Mapping[Feature, float]


def read_traits(report: ReportFields, lexicon: Lexicon) -> Traits:
    """Return what is looked at in ``report``."""
    location = split_stems(report.location)
    what = split_stems(report.what_nearly_happened) + location
    aside = split_stems(f"{report.how_prevented} . {report.immediate_action}")
    asked_for = split_stems(" . ".join(report.recommendations))
    features: dict[Feature, float] = {("kind", report.category): _KIND}
    _add_words(features, aside + asked_for, _WORD_ASIDE)
    _add_words(features, what, _WORD)
    for stems, counts in ((aside, _THING_ASIDE), (asked_for, _THING_ASKED_FOR), (what, _THING)):
        features |= {("thing", thing): counts for thing in lexicon.find_things(stems)}
    place = lexicon.find_place(location) or " ".join(location)
    features["place", place] = _PLACE
    features["hour", name_hour(report.occurred.hour)] = _HOUR
    return Traits(features)


def _add_words(features: dict[Feature, float], stems: Stems, counts: float) -> None:
    for stem in stems:
        if len(stem) >= _FEWEST_LETTERS and stem not in _COMMON:
            features["word", stem] = counts


_HOURS = ((6, "night"), (12, "morning"), (17, "afternoon"), (22, "evening"), (24, "night"))


def name_hour(hour: int) -> str:
    """Return the part of the day that an hour is in; the night crosses midnight, 22 to 6."""
    return next(name for end, name in _HOURS if hour < end)


class Likeness:
    """How alike reports of one book are.

    ``traits`` are those of its newest reports: they tell how rare a feature is there.
    """

    def __init__(self, traits: Sequence[Traits]) -> None:
        counts = Counter(feature for each in traits for feature in each.features)
        total = len(traits)
        self._rarity = {feature: _measure_rarity(count, total) for feature, count in counts.items()}
        self._unseen = _measure_rarity(0, total)

    def weigh(self, traits: Traits) -> dict[Feature, float]:
        """Return the features with their weight here, scaled to a length of 1."""
        weights = {
            feature: counts * self._rarity.get(feature, self._unseen)
            for feature, counts in traits.features.items()
        }
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {feature: weight / length for feature, weight in weights.items()}


def _measure_rarity(count: int, total: int) -> float:
    return float(log((total + 1) / (count + 0.5)) ** _RARITY)


def compare(one: Weights, other: Weights) -> float:
    """Return how alike two weighed reports are: 0 nothing in common, 1 the same (the cosine)."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[feature] for feature, weight in one.items() if feature in other)


def find_reasons(weighed: Iterable[Weights], most: int = 4) -> tuple[str, ...]:
    """Return in words what all, or else most, of several reports share, the weightiest first."""
    reports = list(weighed)
    sums: dict[Feature, float] = defaultdict(float)
    seen: Counter[Feature] = Counter()
    for features in reports:
        for feature, weight in features.items():
            sums[feature] += weight
            seen[feature] += 1
    needed = max(2, (2 * len(reports) + 2) // 3)
    shared = [feature for feature in sums if seen[feature] >= needed and feature[0] != "kind"]
    named = [each for each in shared if each[0] != "word"] or shared
    named.sort(key=lambda feature: (-seen[feature] * sums[feature], feature))
    return tuple(name for _, name in named[:most])
