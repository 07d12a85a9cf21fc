"""The whole book, looked through for what is not in the chosen reports alone."""

from dataclasses import dataclass

from nearmiss.documents.audience import Rules
from nearmiss.documents.patterns import Pattern, find_patterns
from nearmiss.insight.confirmed import find_marked
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import Comparison, Correction, Report
from nearmiss.records.history import find_withdrawals, read_records_in_order


@dataclass(frozen=True)
class Survey:
    """Every client whom the book knows, and the hazards that the carer has marked in it."""

    clients: frozenset[str]
    patterns: tuple[Pattern, ...]


def survey_book(book: Logbook, rules: Rules) -> Survey:
    """Look through the book; the patterns are those that a reader under ``rules`` may see."""
    verdicts = _read_verdicts(book)
    tied = {each for verdict in verdicts for each in (verdict.about, verdict.other)}
    clients: set[str] = set()
    reports: list[Report] = []  # only those that a verdict names: a book may be long
    for record in read_records_in_order(book, lambda unreadable: None):
        clients.add(record.report.client)
        if record.report.id in tied:
            reports.append(record.report)
    return Survey(frozenset(clients), find_patterns(find_marked(reports, verdicts), rules))


def survey_patterns(book: Logbook, rules: Rules) -> tuple[Pattern, ...]:
    """Return the patterns alone; where the carer has marked nothing, at little cost."""
    return survey_book(book, rules).patterns if _read_verdicts(book) else ()


def _read_verdicts(book: Logbook) -> list[Comparison]:
    """Return the verdicts that count, in the order written."""
    verdicts: list[Comparison] = []
    corrections: list[Correction] = []
    for entry in book.read_forward(reports=False):
        if isinstance(entry, Comparison):
            verdicts.append(entry)
        elif isinstance(entry, Correction):
            corrections.append(entry)
    gone = find_withdrawals(corrections)
    return [each for each in verdicts if each.id not in gone]
