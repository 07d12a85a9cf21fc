"""What reports share, in their own words: only what stands in each of them is said of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nearmiss.insight.traits import split_words
from nearmiss.model.entries import ReportFields
from nearmiss.text import fold_text, join_lines

_MOST = 4
_PARTS = re.compile(r"[,;/()]| by | near | next to ")


@dataclass(frozen=True)
class Shared:
    """Words that stand in each of several reports, and a place that each of them names."""

    words: tuple[str, ...]
    place: str

    def __str__(self) -> str:
        """Return it as it is shown: ``armchair, rug (lounge)``; empty where there is nothing."""
        words = ", ".join(self.words)
        return f"{words} ({self.place})" if words and self.place else words or self.place

    def list_words(self) -> list[str]:
        """Return it as a list: the words, and then the place."""
        return [*self.words, *([self.place] if self.place else [])]


def find_shared(reports: Sequence[ReportFields]) -> Shared:
    """Return what each of ``reports`` says, in the order and the words of the first."""
    place = _find_place([report.location for report in reports])
    said = [split_words(_join_texts(report)) for report in reports]
    in_all = set(said[0]).intersection(*said[1:]) & read_shown()
    named = set(split_words(place))
    words = [word for word in dict.fromkeys(said[0]) if word in in_all and word not in named]
    return Shared(tuple(words[:_MOST]), place)


def _join_texts(report: ReportFields) -> str:
    texts = (report.what_nearly_happened, report.location, report.how_prevented)
    return " . ".join([*texts, report.immediate_action, *report.recommendations])


def _find_place(locations: Sequence[str]) -> str:
    parts = [[join_lines(part) for part in _PARTS.split(f" {each} ")] for each in locations]
    folded = [{fold_text(part) for part in each} for each in parts]
    whole = {fold_text(each) for each in locations}
    if len(whole) == 1:
        return join_lines(locations[0])
    in_all = set.intersection(*folded) - {""}
    return next((part for part in parts[0] if fold_text(part) in in_all), "")


@cache
def read_shown() -> frozenset[str]:
    """Return the words that may be shown, with their plurals."""
    text = Path(__file__).with_name("shown.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    words = {word for line in lines for word in line.split()}
    return frozenset(words | {f"{word}s" for word in words})
