"""Patterns as a terminal shows them, and as JSON has them."""

from collections.abc import Iterator
from dataclasses import dataclass

from nearmiss import words
from nearmiss.insight.confirmed import Marked
from nearmiss.insight.patterns import Possible, find_all_possible
from nearmiss.insight.reading import CaseBook, CaseReader
from nearmiss.insight.reasons import find_shared
from nearmiss.insight.telling import tell_apart, tell_marked, tell_possible
from nearmiss.text import fold_text

_MANY = 3  # marked reports from which it is told that they lie apart


@dataclass(frozen=True)
class Found:
    """The confirmed patterns, what is marked but lies apart, and what may be a pattern."""

    book: CaseBook
    confirmed: list[Marked]
    apart: list[Marked]
    possible: list[Possible]


def find(reader: CaseReader, client: str | None, days: int) -> Found:
    """Return the patterns of ``client`` in a logbook, or of everyone where that is None."""
    book = reader.read(None)
    wanted = None if client is None else fold_text(client)
    marked = [each for each in book.verdicts.marked if wanted in (None, fold_text(each.client))]
    many = [each for each in marked if len(each.reports) >= _MANY]
    return Found(
        book,
        [each for each in many if each.is_pattern(days)],
        [each for each in many if not each.is_pattern(days)],
        find_all_possible(reader, book, client, days),
    )


def list_paragraphs(found: Found, days: int) -> Iterator[list[str]]:
    """Yield what is shown: a few lines about each, the confirmed ones first."""
    for marked in found.confirmed:
        sentence = f"{marked.client}: {tell_marked(marked, found.book.records)}"
        ids = f"Reports: {', '.join(marked.ids)}"
        yield [sentence, ids, words.pattern_meaning(marked.client)]
    for marked in found.apart:
        yield [tell_apart(marked), f"Reports: {', '.join(marked.ids)}"]
    for possible in found.possible:
        yield tell_possible(possible)
    if not (found.confirmed or found.possible):
        yield [words.no_pattern_line(days)]


def list_as_json(found: Found) -> Iterator[dict[str, object]]:
    """Yield each pattern as JSON has it; ``status`` tells what the carer said from a guess."""
    for marked in found.confirmed:
        yield {
            "client": marked.client,
            "status": "confirmed",
            "name": marked.name,
            "sentence": tell_marked(marked, found.book.records),
            "reports": marked.ids,
            "reasons": find_shared(marked.reports).list_words(),
            "first": marked.reports[0].occurred_at,
            "last": marked.reports[-1].occurred_at,
        }
    for possible in found.possible:
        yield {
            "client": possible.client,
            "status": "possible",
            "likeness": round(possible.chance, 3),
            "reports": possible.ids,
            "reasons": possible.shared.list_words(),
            "first": possible.cases[0].report.occurred_at,
            "last": possible.cases[-1].report.occurred_at,
        }
