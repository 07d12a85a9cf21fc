"""How likely two reports of one client show the same hazard: a sum whose parts can be shown."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from math import exp, log, sqrt
from pathlib import Path
from typing import NamedTuple

from nearmiss.insight.products import Packed, PackedVectors
from nearmiss.insight.traits import Meaning, Traits
from nearmiss.insight.word_table import ONE

_RARITY = 0.7  # the power of the rarity: less than 1, as one rare word alone proves little
_BESIDE = 20  # reports from elsewhere that are counted with those of a client
_MOST = 255  # the largest number in a packed row
_RECENT = timedelta(days=90)


class Parts(NamedTuple):
    """What two reports have in common, each part as it is measured, before it is weighed."""

    meaning: float
    things: float
    words: float
    kind: float
    place: float
    recent: float


@dataclass(frozen=True)
class Coefficients:
    """What each part of a likeness counts for, in log-odds; ``likeness.toml`` explains them."""

    start: float
    meaning: float
    things: float
    words: float
    kind: float
    place: float
    recent: float

    def list_parts(self, parts: Parts) -> dict[str, float]:
        """Return what each part adds to the log-odds, and what they start from."""
        counts = {"start": self.start}
        return counts | {
            name: value * getattr(self, name) for name, value in parts._asdict().items()
        }

    def weigh(self, parts: Parts) -> float:
        """Return the log-odds that two reports with these parts show the same hazard."""
        meaning, things, words, kind, place, recent = parts
        return (
            self.start
            + self.meaning * meaning
            + self.things * things
            + self.words * words
            + self.kind * kind
            + self.place * place
            + self.recent * recent
        )


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
        Coefficients(**data["with_table"]),
        Coefficients(**data["without_table"]),
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
        self._traits = traits
        usual = read_usual()
        self._things = _Shared([each.things for each in traits], usual["thing"])
        self._words = _Shared([each.words for each in traits], usual["word"])
        self._meanings = _Meanings([each.meaning for each in traits], fitted.scale)
        self._counts = fitted.with_table if self._meanings.are_known else fitted.without_table

    def compare(self, place: int) -> list[float]:
        """Return the log-odds of the report at ``place`` with each of the reports."""
        return [self._counts.weigh(parts) for parts in self.measure(place)]

    def explain(self, place: int, other: int) -> dict[str, float]:
        """Return what the likeness of two reports is the sum of."""
        return self._counts.list_parts(list(self.measure(place))[other])

    def measure(self, place: int) -> Iterator[Parts]:
        """Yield what the report at ``place`` has in common with each of the reports."""
        own = self._traits[place]
        shared = zip(
            self._meanings.compare(place),
            self._things.compare(place),
            self._words.compare(place),
            self._traits,
            strict=True,
        )
        for meaning, things, words, other in shared:
            recent = abs(own.happened - other.happened) <= _RECENT
            kind, same_place = own.kind == other.kind, own.place == other.place
            yield Parts(meaning, things, words, kind, same_place, recent)


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

    def compare(self, place: int) -> list[float]:
        return [each / (_MOST * _MOST) for each in self._packed.multiply(self._rows[place])]


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
        self._usual = [scale.usual * each.usual / ONE**2 for each in known]
        places = iter(range(len(known)))
        self._places = [next(places) if each else None for each in meanings]
        packed = PackedVectors([each.vector for each in known])
        self._rows = [
            [
                product / ONE**2 - own - other
                for product, other in zip(row, self._usual, strict=True)
            ]
            for own, row in zip(
                self._usual, (packed.multiply(each.vector) for each in known), strict=True
            )
        ]
        self._mean, self._spread = _standardise(self._rows, scale)

    @property
    def are_known(self) -> bool:
        """Whether anything is known of what the reports mean."""
        return bool(self._rows)

    def compare(self, place: int) -> list[float]:
        """Return how alike they are; 0, as usual, where the meaning of one is not known."""
        own = self._places[place]
        if own is None:
            return [0.0] * len(self._places)
        row = self._rows[own]
        return [
            0.0 if other is None else (row[other] - self._mean) / self._spread
            for other in self._places
        ]


def _standardise(rows: Sequence[Sequence[float]], scale: Scale) -> tuple[float, float]:
    """Return mean and spread of the pairs, the nearer to the general ones the fewer they are."""
    pairs = [alike for place, row in enumerate(rows) for alike in row[:place]]
    if not pairs:
        return scale.mean, scale.spread
    mean = sum(pairs) / len(pairs)
    spread = sqrt(sum((alike - mean) ** 2 for alike in pairs) / len(pairs))
    own = len(rows) / (len(rows) + scale.counts_for)
    return own * mean + (1 - own) * scale.mean, own * spread + (1 - own) * scale.spread
