"""How likely two reports of one client show the same hazard: a sum whose parts can be shown."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import dist, exp, log, sqrt
from pathlib import Path

from nearmiss.insight.lexicon import Lexicon, Stems, split_stems
from nearmiss.insight.vectors import NUMBERS, ONE, Packed, PackedVectors, Vector, WordTable
from nearmiss.model.entries import ReportFields

# What a word counts for by the answer that it stands in. Set on reports that were kept for that.
_MEANING = {"what": 1.0, "asked_for": 1.0, "aside": 0.8, "place": 0.5}
_THINGS = {"aside": 0.2, "asked_for": 0.7, "place": 1.0, "what": 1.0}
_WORDS = {"aside": 0.6, "asked_for": 0.6, "place": 1.0, "what": 1.0}
_FEWEST_LETTERS = 3
_NEAREST = 5  # reports of the background from which it is told how usual a report is
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
_WORD = re.compile(r"[^\W\d_]+")
_IN_BRACKETS = re.compile(r"\(([^)]*)\)")
_CAPITALISED = re.compile(r"(?<=\W)[A-Z][a-z]+")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A vector, and how usual it is: its mean likeness to the nearest reports of the background."""

    vector: Vector
    usual: int


@dataclass(frozen=True, slots=True)
class Traits:
    """What is looked at in a report.

    ``things`` of the lexicon and ``words`` (by their stems) stand with what each counts for;
    ``meaning`` is None without a word table, or where it knows no word of the report.
    """

    meaning: Meaning | None
    things: Mapping[str, float]
    words: Mapping[str, float]
    place: str
    kind: str
    happened: datetime


def read_traits(report: ReportFields, lexicon: Lexicon, meaning: Meaning | None) -> Traits:
    """Return what is looked at in ``report``, whose meaning was found before."""
    stems = {part: split_stems(text) for part, text in split_parts(report).items()}
    names = {stem for name in find_name_words(report) for stem in split_stems(name)}
    things: dict[str, float] = {}
    words: dict[str, float] = {}
    for part in ("aside", "asked_for", "place", "what"):  # what counts most stands last, and stays
        things |= dict.fromkeys(lexicon.find_things(stems[part]), _THINGS[part])
        words |= dict.fromkeys(_pick_telling(stems[part], names), _WORDS[part])
    place = lexicon.find_place(stems["place"]) or " ".join(stems["place"])
    return Traits(meaning, things, words, place, report.category, report.occurred)


def _pick_telling(stems: Stems, names: set[str]) -> Iterable[str]:
    return (
        stem
        for stem in stems
        if len(stem) >= _FEWEST_LETTERS and stem not in _COMMON and stem not in names
    )


def split_parts(report: ReportFields) -> dict[str, str]:
    """Return the texts of a report by what they count for."""
    return {
        "what": report.what,
        "aside": f"{report.outcome} . {report.immediate_action}",
        "asked_for": " . ".join(report.recommendations),
        "place": report.location,
    }


def split_words(text: str) -> list[str]:
    """Return the words of a text, folded, in order."""
    return _WORD.findall(text.casefold())


def find_name_words(report: ReportFields) -> set[str]:
    """Return the words that name the client or who was told, folded: they are no hazard."""
    told = [
        name
        for each in report.informed
        for name in (*_IN_BRACKETS.findall(each), *_CAPITALISED.findall(each))
    ]
    return set(split_words(" ".join([report.client, *told])))


def find_meaning(report: ReportFields, table: WordTable) -> Meaning | None:
    """Return what the words of ``report`` mean together, or None where none is known."""
    seen = find_name_words(report)
    weighed = []
    for part, text in split_parts(report).items():  # a word counts where it counts most
        words = dict.fromkeys(word for word in split_words(text) if word not in seen)
        weighed.append((_MEANING[part], words))
        seen.update(words)
    vector = table.add_up(weighed)
    if vector is None:
        return None
    products = sorted(table.background.multiply(vector))[-_NEAREST:]
    return Meaning(vector, sum(products) // max(1, len(products)))


_RARITY = 0.7  # the power of the rarity: less than 1, as one rare word alone proves little
_BESIDE = 20  # reports from elsewhere that are counted with those of a client
_MOST = 255  # the largest number in a packed row
_UNIT = ONE * ONE  # the product of two vectors that are the same
_NOTHING = (0,) * NUMBERS
_DAY = 86_400  # seconds
_RECENT = 90.0  # days


# What a report has in common with each of some others, by part, before it is weighed.
Columns = Mapping[str, Sequence[float]]
# What each part of a likeness counts for, in log-odds, beside ``start``; see ``likeness.toml``.
Coefficients = Mapping[str, float]


def weigh_all(counts: Coefficients, columns: Columns) -> list[float]:
    """Return the log-odds that one report and each of some others show the same hazard."""
    total = [counts["start"]] * len(columns["kind"])
    for name, column in columns.items():
        weight = counts[name]
        total = [so_far + weight * each for so_far, each in zip(total, column, strict=True)]
    return total


@dataclass(frozen=True)
class Scale:
    """How alike two reports of one client usually are in meaning, with how it varies."""

    mean: float
    spread: float
    counts_for: int  # reports of a client from which its own figures count as much as these
    usual: float  # the part of how usual each report is that is taken off


@dataclass(frozen=True)
class Fitted:
    """The numbers that were fitted on labelled reports."""

    scale: Scale
    with_table: Coefficients
    without_table: Coefficients
    thresholds: Mapping[str, float]


@cache
def read_fitted() -> Fitted:
    """Return the numbers in ``likeness.toml``."""
    text = Path(__file__).with_name("likeness.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return Fitted(
        Scale(**data["scale"]),
        data["with_table"],
        data["without_table"],
        data["thresholds"],
    )


def find_chance(log_odds: float) -> float:
    """Return log-odds as a chance, from 0 to 1."""
    return 1 / (1 + exp(-log_odds))


@cache
def read_usual() -> Mapping[str, Mapping[str, float]]:
    """Return in which part of reports each thing and word stands: ``usual.tsv``, by sort."""
    text = Path(__file__).with_name("usual.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    usual: dict[str, dict[str, float]] = {"thing": {}, "word": {}}
    for sort, name, part in rows:
        usual[sort][name] = float(part)
    return usual


class Likeness:
    """How alike the reports of one client are, in log-odds of showing the same hazard."""

    def __init__(self, traits: Sequence[Traits], fitted: Fitted | None = None) -> None:
        fitted = fitted or read_fitted()
        self._kinds = [each.kind for each in traits]
        self._places = [each.place for each in traits]
        self._days = [each.happened.timestamp() / _DAY for each in traits]
        usual = read_usual()
        self._things = _Shared([each.things for each in traits], usual["thing"])
        self._words = _Shared([each.words for each in traits], usual["word"])
        self._meanings = _Meanings([each.meaning for each in traits], fitted.scale)
        self._counts = fitted.with_table if self._meanings.are_known else fitted.without_table

    def compare(self, place: int) -> list[float]:
        """Return the log-odds of the report at ``place`` with each of the reports."""
        return weigh_all(self._counts, self.measure(place))

    def compare_all(self) -> list[list[float]]:
        """Return the log-odds of each report with each; with itself, 0."""
        rows = [
            weigh_all(self._counts, self.measure(place, place)) for place in range(len(self._days))
        ]
        return [
            [*row, 0.0, *(later[place] for later in rows[place + 1 :])]
            for place, row in enumerate(rows)
        ]

    def explain(self, place: int, other: int) -> dict[str, float]:
        """Return what the likeness of two reports is the sum of."""
        parts = {
            name: self._counts[name] * column[other] for name, column in self.measure(place).items()
        }
        return {"start": self._counts["start"], **parts}

    def measure(self, place: int, stop: int | None = None) -> Columns:
        """Return what the report at ``place`` has in common with each of those before ``stop``."""
        kind, room, day = self._kinds[place], self._places[place], self._days[place]
        return {
            "meaning": self._meanings.compare(place, stop),
            "things": self._things.compare(place, stop),
            "words": self._words.compare(place, stop),
            "kind": [each == kind for each in self._kinds[:stop]],
            "place": [each == room for each in self._places[:stop]],
            "recent": [-_RECENT <= each - day <= _RECENT for each in self._days[:stop]],
        }


class _Shared:
    """How much reports share of some features, the rarer among them the more: 0 to 1."""

    def __init__(self, reports: Sequence[Mapping[str, float]], usual: Mapping[str, float]) -> None:
        counts = Counter(feature for each in reports for feature in each)
        rarity = {
            name: _measure_rarity(count, len(reports), usual.get(name, 0.0))
            for name, count in counts.items()
        }
        self._rows = [_scale(each, rarity) for each in reports]
        self._packed = Packed(self._rows)

    def compare(self, place: int, stop: int | None) -> list[float]:
        return [each / (_MOST * _MOST) for each in self._packed.multiply(self._rows[place])[:stop]]


def _measure_rarity(count: int, total: int, usual: float) -> float:
    """Return how rare a feature is among ``total`` reports, and some from elsewhere beside them.

    Without those, three reports that all tell of a rug would have nothing rare in common.
    """
    return float(log((total + _BESIDE + 1) / (count + _BESIDE * usual + 0.5)) ** _RARITY)


def _scale(features: Mapping[str, float], rarity: Mapping[str, float]) -> dict[str, int]:
    """Return the features of a report as whole numbers, scaled to a length of ``_MOST``."""
    weights = {name: counts * rarity[name] for name, counts in features.items()}
    length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {name: round(_MOST * weight / length) for name, weight in weights.items()}


class _Meanings:
    """How alike reports are in meaning, in units of how it varies among one client's.

    What is usual for each of the two is taken off before: some reports are like everything.
    """

    def __init__(self, meanings: Sequence[Meaning | None], scale: Scale) -> None:
        known = [each for each in meanings if each]
        self.are_known = bool(known)
        self._unknown = [place for place, each in enumerate(meanings) if not each]
        # What is not known stands there as zeros, and is told apart when it is compared.
        vectors = [each.vector if each else _NOTHING for each in meanings]
        self._usual = [scale.usual * each.usual if each else 0.0 for each in meanings]
        packed = PackedVectors(vectors)
        self._rows = [packed.multiply(vector) for vector in vectors] if known else []
        self._mean, self._spread = self._measure_scale(scale)

    def _measure_scale(self, scale: Scale) -> tuple[float, float]:
        """Return mean and spread of the pairs; of few, nearer to the general ones."""
        unknown = set(self._unknown)
        pairs = [
            product - own - other
            for place, (row, own) in enumerate(zip(self._rows, self._usual, strict=False))
            if place not in unknown
            for product, other in zip(row[:place], self._usual, strict=False)
            if other
        ]
        mean, spread = scale.mean * _UNIT, scale.spread * _UNIT
        if not pairs:
            return mean, spread
        own_mean = sum(pairs) / len(pairs)
        own_spread = dist(pairs, [own_mean] * len(pairs)) / sqrt(len(pairs))
        count = len(self._rows) - len(unknown)
        share = count / (count + scale.counts_for)
        return share * own_mean + (1 - share) * mean, share * own_spread + (1 - share) * spread

    def compare(self, place: int, stop: int | None) -> list[float]:
        """Return how alike they are; 0, as usual, where the meaning of one is not known."""
        usual = self._usual[:stop]
        if not self.are_known or place in self._unknown:
            return [0.0] * len(usual)
        own, spread = self._usual[place] + self._mean, self._spread
        row = [
            (product - own - other) / spread
            for product, other in zip(self._rows[place], usual, strict=False)
        ]
        for other in self._unknown:
            if other < len(row):
                row[other] = 0.0
        return row
