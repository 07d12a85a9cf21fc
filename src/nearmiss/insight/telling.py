"""Patterns in words: the same on the screen, in JSON and on paper."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from nearmiss import words
from nearmiss.dates.shown import echo_day, echo_span
from nearmiss.insight.cases import DAYS, FEWEST, CaseBook, CaseReader, Marked
from nearmiss.insight.change import count_kinds, tell_since
from nearmiss.insight.patterns import Possible, Similar, find_all_possible, find_shared
from nearmiss.model.entries import IncidentFields, ReportFields
from nearmiss.records.record import Record
from nearmiss.speech import join_words
from nearmiss.text import (
    begin_sentence,
    choose_spellings,
    fold_text,
    join_lines,
    shorten,
    take_sentences,
)
from nearmiss.words import no_pattern_line, pattern_meaning

_GLIMPSE = 90  # characters of a report that is asked about
_FIRST_WORDS = 60  # characters of a report that stand for the name of its hazard
_MONTH = 30.4  # days
UNNAMED = "Marked as alike by the carer"
OVER = "The last is more than 90 days ago."


def name_hazard(marked: Marked) -> str:
    """Return what the carer calls a hazard, or else how its newest report begins: whole sentences.

    Only where the first of them is very long it is cut.
    """
    what = marked.reports[-1].what
    first = take_sentences(what, _FIRST_WORDS)
    begins = first if len(first) <= 2 * _FIRST_WORDS else shorten(what, _FIRST_WORDS)
    return marked.name or f"{UNNAMED}: {begins.rstrip('.')}"


def list_places(marked: Marked) -> tuple[str, ...]:
    """Return every place at which it happened, each once."""
    return tuple(choose_spellings(join_lines(each.location) for each in marked.reports).values())


def is_over(marked: Marked, made: date) -> bool:
    """Whether the last report is so old on the day ``made`` that a hazard is told as past."""
    return (made - marked.reports[-1].occurred.date()).days > DAYS


def tell_hazard(
    name: str, places: Iterable[str], reports: Sequence[ReportFields], counted: str
) -> str:
    """Return a sentence about a hazard: its name and places, how many reports, and their days.

    ``counted`` is how many there are, in words.
    """
    days, place = echo_span([report.occurred for report in reports]), "; ".join(places)
    return f"{begin_sentence(name)} ({place}): {counted}, {days}."


def tell_marked(marked: Marked, book: CaseBook, made: date) -> str:
    """Return what the carer has marked, and what came since each change, to the day ``made``."""
    reports = marked.reports
    counted = count_kinds(reports) or f"{len(reports)} reports"
    sentence = tell_hazard(name_hazard(marked), list_places(marked), reports, counted)
    over = [OVER] if is_over(marked, made) else []
    since = tell_since(marked, book.records, book.verdicts, made)
    return " ".join([sentence, *over, *since.values()])


def tell_days(moments: Iterable[datetime]) -> str:
    """Return days in a sentence by their years: ``9 Dec 2025; 4 Mar, 11 Mar and 2 Apr 2026``."""
    days = list(dict.fromkeys(moment.date() for moment in moments))
    shown = []
    for year, of_year in groupby(days, key=lambda day: day.year):
        shown.append(f"{join_words([f'{day.day} {day:%b}' for day in of_year])} {year}")
    return "; ".join(shown)


def tell_answered(marked: Marked, book: CaseBook, today: date) -> list[str]:
    """Return what is said after an answer: the pattern, or that there is none yet."""
    count, days = len(marked.reports), tell_days(each.occurred for each in marked.reports)
    if not marked.is_pattern():
        apart = words.say_of_pattern("apart", count=count, days=DAYS)
        return [apart] if count >= FEWEST else []
    facts = {"count": count, "client": marked.client, "name": _quote(marked), "dates": days}
    since = tell_since(marked, book.records, book.verdicts, today)
    confirmed = words.say_of_pattern("confirmed", **facts)
    return [confirmed, *since.values(), words.pattern_meaning(marked.client)]


def tell_apart(marked: Marked) -> str:
    """Return the sentence about marked reports of which no three lie near each other."""
    moments = [each.occurred for each in marked.reports]
    months = max(1, round((moments[-1] - moments[0]).days / _MONTH))
    return words.say_of_pattern(
        "apart_listed",
        count=len(moments),
        client=marked.client,
        name=_quote(marked),
        months="1 month" if months == 1 else f"{months} months",
        dates=tell_days(moments),
    )


def _quote(marked: Marked) -> str:
    return f', "{marked.name}"' if marked.name else ""


def tell_possible(possible: Possible) -> list[str]:
    """Return the question about what may be a pattern, with its reports, a line each."""
    shared = str(possible.shared)
    why = words.say_of_pattern("shared", shared=shared) if shared else ""
    question = " ".join(filter(None, [words.say_of_pattern("possible"), why]))
    lines = [tell_report(case.id, case.report) for case in possible.cases]
    return [f"{possible.client}: {question}", *lines]


def tell_similar(similar: Similar, marked: Marked | None = None, *, why: bool = True) -> str:
    """Return an earlier report in a line: its number, day and words, and ``why`` it is shown."""
    asides = [f"both say: {similar.shared}"] if why and str(similar.shared) else []
    if marked:
        asides.append(f"one of {len(marked.reports)} marked as the same hazard{_quote(marked)}")
    aside = f" ({'; '.join(asides)})" if asides else ""
    return f"{tell_report(similar.case.id, similar.case.report)}{aside}"


def tell_report(entry_id: str, report: ReportFields) -> str:
    """Return a report in a line: its number, day and first words."""
    glimpse = shorten(report.what, _GLIMPSE)
    kind = " (incident)" if isinstance(report, IncidentFields) else ""
    return f"{entry_id}{kind}, {echo_day(report.occurred)}: {glimpse}"


def tell_same(ids: Collection[str]) -> str:
    """Return that these were noted as the same hazard."""
    return words.say_of_pattern("noted_same", reports=join_words(list(ids)))


def tell_record(record: Record) -> str:
    """Return a report in a line: its number, day, client and first words."""
    report = record.report
    glimpse = shorten(report.what, _GLIMPSE)
    return f"{record.id}, {echo_day(report.occurred)}, {report.client}: {glimpse}"


@dataclass(frozen=True)
class Found:
    """The confirmed patterns, what is marked but lies apart, and what may be a pattern."""

    book: CaseBook
    today: date
    confirmed: list[Marked]
    apart: list[Marked]
    possible: list[Possible]

    @property
    def has_any(self) -> bool:
        """Whether anything is to be told."""
        return bool(self.confirmed or self.apart or self.possible)


def find(reader: CaseReader, client: str | None, days: int) -> Found:
    """Return the patterns of ``client`` in a logbook, or of everyone where that is None."""
    book = reader.read(None)
    wanted = None if client is None else fold_text(client)
    marked = [each for each in book.verdicts.marked if wanted in (None, fold_text(each.client))]
    many = [each for each in marked if len(each.reports) >= FEWEST]
    return Found(
        book,
        reader.today,
        [each for each in many if each.is_pattern(days)],
        [each for each in many if not each.is_pattern(days)],
        find_all_possible(reader, book, client, days),
    )


def list_paragraphs(found: Found, days: int) -> Iterator[list[str]]:
    """Yield what is shown: a few lines about each, the confirmed ones first."""
    for marked in found.confirmed:
        sentence = f"{marked.client}: {tell_marked(marked, found.book, found.today)}"
        ids = f"Reports: {', '.join(marked.ids)}"
        yield [sentence, ids, pattern_meaning(marked.client)]
    for marked in found.apart:
        yield [tell_apart(marked), f"Reports: {', '.join(marked.ids)}"]
    for possible in found.possible:
        yield tell_possible(possible)
    if not (found.confirmed or found.possible):
        yield [no_pattern_line(days)]


def list_as_json(found: Found) -> Iterator[dict[str, object]]:
    """Yield each pattern as JSON has it; ``status`` tells what the carer said from a guess."""
    for marked in found.confirmed:
        yield {
            "client": marked.client,
            "status": "confirmed",
            "name": marked.name,
            "sentence": tell_marked(marked, found.book, found.today),
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
