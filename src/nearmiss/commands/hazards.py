"""Likeness and patterns over this logbook, and the carer's verdicts on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nearmiss.dates.shown import echo_day
from nearmiss.insight.lexicon import Lexicon, read_lexicon
from nearmiss.insight.patterns import Case, Pattern, Verdicts, make_case, read_verdicts
from nearmiss.insight.similar import Similar, find_similar
from nearmiss.records.history import Record, read_newest
from nearmiss.session import Session
from nearmiss.speech import join_words, say
from nearmiss.text import shorten

if TYPE_CHECKING:
    from datetime import datetime

_GLIMPSE = 90  # characters of a report that is asked about


@dataclass(frozen=True)
class Cases:
    """Reports of this logbook as they are compared, and the verdicts on them."""

    cases: list[Case]
    verdicts: Verdicts
    lexicon: Lexicon

    def find(self, record: Record) -> Case:
        """Return the case of a record, which need not be among those that were read."""
        wanted = record.report.id
        known = (case for case in self.cases if case.id == wanted)
        return next(known, None) or make_case(wanted, record.report, self.lexicon)

    def moment(self, entry_id: str) -> "datetime":
        """Return when the report with this id happened."""
        return next(case.report.occurred for case in self.cases if case.id == entry_id)


def read_cases(session: Session, most: int | None) -> Cases:
    """Return the reports among the newest ``most`` entries, or all of them, to be compared."""
    lexicon = load_lexicon(session)
    records, comparisons = read_newest(session.book, session.damaged.append, most)
    cases = [make_case(each.report.id, each.report, lexicon) for each in records]
    return Cases(cases, read_verdicts(comparisons), lexicon)


def load_lexicon(session: Session) -> Lexicon:
    """Return the words of the trade with the carer's own, saying what is wrong with those."""
    lexicon, mistake = read_lexicon(session.paths.config)
    if mistake:
        say(mistake)
    return lexicon


def describe_similar(similar: Similar) -> str:
    """Return an earlier report in a line: its number, day, words, and what it shares."""
    report = similar.case.report
    words = shorten(report.what_nearly_happened, _GLIMPSE)
    why = f" (shared: {', '.join(similar.reasons)})" if similar.reasons else ""
    return f"{similar.case.id}, {echo_day(report.occurred)}: {words}{why}"


def tell_record(record: Record) -> str:
    """Return a report in a line: its number, day, client and words."""
    report = record.report
    words = shorten(report.what_nearly_happened, _GLIMPSE)
    return f"{report.id}, {echo_day(report.occurred)}, {report.client}: {words}"


def describe_pattern(pattern: Pattern, cases: Cases) -> list[str]:
    """Return a pattern in words: what was found, why and when, and what it means."""
    from nearmiss import words

    days = join_words([echo_day(cases.moment(each)) for each in pattern.reports])
    return words.pattern_lines(
        pattern.client,
        len(pattern.reports),
        ", ".join(pattern.reasons) or "the same words",
        days,
        confirmed=pattern.status == "confirmed",
    )


def find_undecided(record: Record, cases: Cases, most: int) -> Sequence[Similar]:
    """Return the up to ``most`` earlier reports most like ``record`` without a verdict yet."""
    from nearmiss.insight.patterns import pair_ids

    similar = find_similar(cases.find(record), cases.cases)
    open_ones = (
        each for each in similar if pair_ids(record.report.id, each.case.id) not in cases.verdicts
    )
    return [each for _, each in zip(range(most), open_ones, strict=False)]
