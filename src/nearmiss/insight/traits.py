"""What is looked at in a report when it is compared: its meaning, its words, place and kind."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from nearmiss.insight.lexicon import Lexicon, Stems, split_stems
from nearmiss.insight.word_table import Vector, WordTable
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
    names = {stem for name in find_names(report) for stem in split_stems(name)}
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
        "what": report.what_nearly_happened,
        "aside": f"{report.how_prevented} . {report.immediate_action}",
        "asked_for": " . ".join(report.recommendations),
        "place": report.location,
    }


def split_words(text: str) -> list[str]:
    """Return the words of a text, folded, in order."""
    return _WORD.findall(text.casefold())


def find_names(report: ReportFields) -> set[str]:
    """Return the words that name the client or who was told, folded: they are no hazard."""
    told = [
        name
        for each in report.informed
        for name in (*_IN_BRACKETS.findall(each), *_CAPITALISED.findall(each))
    ]
    return set(split_words(" ".join([report.client, *told])))


def find_meaning(report: ReportFields, table: WordTable) -> Meaning | None:
    """Return what the words of ``report`` mean together, or None where none is known."""
    seen = find_names(report)
    weighed = []
    for part, text in split_parts(report).items():  # a word counts where it counts most
        words = dict.fromkeys(word for word in split_words(text) if word not in seen)
        weighed.append((_MEANING[part], words))
        seen.update(words)
    vector = table.add_up(weighed)
    return Meaning(vector, _measure_usual(vector, table)) if vector else None


def _measure_usual(vector: Vector, table: WordTable) -> int:
    products = sorted(table.background.multiply(vector))[-_NEAREST:]
    return sum(products) // max(1, len(products))
