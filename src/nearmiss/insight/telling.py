"""Patterns in words, and what came since a change: the same on screen, in JSON and on paper."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from nearmiss import words
from nearmiss.dates.shown import echo_day, echo_span
from nearmiss.insight.cases import DAYS, FEWEST, CaseBook, CaseReader, Marked, Verdicts
from nearmiss.insight.likeness import find_chance
from nearmiss.insight.patterns import Possible, Similar, find_all_possible, find_shared
from nearmiss.model.entries import IncidentFields, ReportFields
from nearmiss.records.record import Changed, Record
from nearmiss.speech import count_of, join_words
from nearmiss.text import (
    begin_sentence,
    choose_spellings,
    fold_text,
    join_lines,
    shorten,
    take_sentences,
)
from nearmiss.words import no_pattern_line, pattern_meaning


def tell_since(
    marked: Marked, records: Mapping[str, Record], verdicts: Verdicts, made: date
) -> dict[str, str]:
    """Return what came before each change that holds, and after it up to the day ``made``.

    ``records`` are all that stand in the book and the reader may see, whatever the paper covers:
    where one of those ``marked`` is not among them, nothing is said. A later report is compared
    where the carer said of it and one of those marked whether they show the same hazard.
    """
    tied = [records[each] for each in marked.ids if each in records]
    if len(tied) < len(marked.ids):
        return {}
    changes = [
        (change, record) for record in tied for change in record.in_force if change.day <= made
    ]
    changes.sort(key=lambda each: (each[0].day, each[0].id))
    others = list(_list_others(marked, records.values())) if changes else []
    return {
        change.id: " ".join(
            (
                f"{tell_change(change)}.",
                *_tell_before(change.day, record, tied),
                _tell_after(change.day, made, marked, others, verdicts),
            )
        )
        for change, record in changes
    }


def tell_change(change: Changed) -> str:
    """Return what is different, and since when: ``Rug taken away (21 Jan 2026)``."""
    text = change.text.rstrip(" .")
    day = echo_day(change.day)
    return f"{begin_sentence(text)} ({'' if change.on else 'written down '}{day})"


def _list_others(marked: Marked, records: Iterable[Record]) -> Iterator[Record]:
    client = fold_text(marked.client)
    for record in records:
        if fold_text(record.report.client) == client and record.id not in marked.ids:
            yield record


def _tell_before(day: date, owner: Record, tied: Sequence[Record]) -> Iterator[str]:
    """Yield what came before; of another report of that very day nobody knows if it was."""
    before = [each.report for each in tied if _day_of(each) < day]
    before += [owner.report] if _day_of(owner) == day else []
    that_day = [each.report for each in tied if _day_of(each) == day and each.id != owner.id]
    days = [each.occurred.date() for each in before]
    length = (max(days) - min(days)).days if days else 0
    span = " on one day" if len(days) > 1 else ""
    if length:
        first, last = echo_day(min(days)), echo_day(max(days))
        span = f" in {count_of(length, 'day')}, the first {first}, the last {last}"
    yield f"Before: {_count(before)}{span}."
    if that_day:
        yield f"On that day: {_count(that_day)} more."


def _tell_after(
    day: date, made: date, marked: Marked, others: Sequence[Record], verdicts: Verdicts
) -> str:
    if made == day:
        return "Since then: not yet a day."
    span = count_of((made - day).days, "day")
    again = [each for each in marked.reports if day < each.occurred.date() <= made]
    later = [each for each in others if day < _day_of(each) <= made]
    if not again and not later:
        # Not "none at all": one may be hidden from the reader.
        return f"Since then: no report about {marked.client} to count in {span}."
    counted = f"Since then: {_count(again)} marked in {span}"
    if not later:
        return f"{counted}."
    unknown = [
        each for each in later if all(verdicts.find(each.id, one) is None for one in marked.ids)
    ]
    of_these = f"{len(unknown)} of these " if len(unknown) < len(later) else ""
    more = f", {of_these}not yet compared with it" if unknown else ""
    kinds = {each.category for each in marked.reports}
    # That none was marked must not read as that nothing of the kind came.
    alike = [_day_of(each) for each in unknown if each.report.category in kinds]
    more += f"; the last of the same kind: {echo_day(max(alike))}" if alike else ""
    beside = f"{_count_others([each.report for each in later])} about {marked.client}"
    return f"{counted}; {beside}{more}."


def _day_of(record: Record) -> date:
    return record.report.occurred.date()


def _count_others(reports: Sequence[ReportFields]) -> str:
    incidents = sum(isinstance(each, IncidentFields) for each in reports)
    misses = len(reports) - incidents
    if not misses:
        return count_of(incidents, "other incident")
    shown = [count_of(misses, "other report")]
    return join_words([*shown, count_of(incidents, "incident")] if incidents else shown)


def _count(reports: Sequence[ReportFields]) -> str:
    return count_kinds(reports) or (str(len(reports)) if reports else "none")


def count_kinds(reports: Collection[ReportFields]) -> str:
    """Return how many near misses and incidents there are; empty where there is no incident."""
    incidents = sum(isinstance(each, IncidentFields) for each in reports)
    misses = len(reports) - incidents
    counts = [count_of(misses, "near miss")] if misses else []
    return join_words([*counts, count_of(incidents, "incident")]) if incidents else ""


_GLIMPSE = 90  # characters of a report that is asked about
_FIRST_WORDS = 60  # characters of a report that stand for the name of its hazard
_MONTH = 30.4  # days
UNNAMED = "Marked as alike by the carer"
OVER = "The last is more than 90 days ago."


def name_hazard(marked: Marked) -> str:
    """Return what the carer calls a hazard, or else how its newest report begins."""
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
    """Return a sentence about a hazard: name, places, how many (``counted``), and days."""
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
            "likeness": round(find_chance(possible.likeness), 3),
            "reports": possible.ids,
            "reasons": possible.shared.list_words(),
            "first": possible.cases[0].report.occurred_at,
            "last": possible.cases[-1].report.occurred_at,
        }
