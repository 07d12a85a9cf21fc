"""The carer's own word on which reports show the same hazard, asked and kept."""

import re
from typing import TYPE_CHECKING

from nearmiss.commands.hazards import (
    Cases,
    describe_pattern,
    describe_similar,
    find_undecided,
    read_cases,
)
from nearmiss.commands.patterns import list_patterns
from nearmiss.dates.shown import echo_day
from nearmiss.insight.patterns import pair_ids
from nearmiss.insight.similar import LOOKED_AT, MOST_ASKED
from nearmiss.interview.answers import NotTaken
from nearmiss.interview.asking import Asked, ask_until_taken
from nearmiss.model.entries import ComparisonFields
from nearmiss.session import Session
from nearmiss.speech import say
from nearmiss.text import shorten

if TYPE_CHECKING:
    from nearmiss.insight.patterns import Pattern
    from nearmiss.records.history import Record

_GLIMPSE = 90  # characters of a report that is asked about
_HELP = "The numbers, such as 1 3. n: none of them. Enter: not now."


def ask_about_similar(session: Session, record: "Record") -> None:
    """After saving: show the earlier reports most like ``record``, ask, and say what it comes to.

    Raises KeyboardInterrupt or EOFError, and what writing raises.
    """
    cases = read_cases(session, LOOKED_AT)
    similar = find_undecided(record, cases, MOST_ASKED)
    if similar:
        offers = tuple(describe_similar(each) for each in similar)
        chosen = _ask_which("Do any of these show the same hazard?", offers, session)
        if chosen is not None:
            verdicts = {each.case.id: n in chosen for n, each in enumerate(similar)}
            _keep(session, cases, record.report.id, verdicts)
            cases = read_cases(session, LOOKED_AT)
    for pattern in list_patterns(cases, record.report.client):
        if record.report.id in pattern.reports:
            _say_pattern(pattern, cases)


def name_similar(session: Session, record: "Record") -> None:
    """Without a terminal: name the earlier reports that may show the same hazard."""
    cases = read_cases(session, _LOOKED_AT_UNASKED)
    likely = [
        each for each in find_undecided(record, cases, MOST_ASKED) if each.likeness >= _LIKELY
    ]
    if likely:
        named = "; ".join(f"{each.case.id} ({', '.join(each.reasons)})" for each in likely)
        say(f"May be the same hazard as {named}. To look: nearmiss similar {record.report.id}")


_LIKELY = 0.25  # the likeness from which a report is named though nobody asked
_LOOKED_AT_UNASKED = 100  # entries: a script that logs should not wait


def ask_about_pattern(session: Session, cases: Cases, pattern: "Pattern") -> None:
    """Show a possible pattern, ask which of its reports are the same hazard, and keep the answer.

    Raises KeyboardInterrupt or EOFError, and what writing raises.
    """
    _say_pattern(pattern, cases)
    by_id = {case.id: case.report for case in cases.cases}
    offers = tuple(
        f"{each}, {echo_day(by_id[each].occurred)}: "
        f"{shorten(by_id[each].what_nearly_happened, _GLIMPSE)}"
        for each in pattern.reports
    )
    chosen = _ask_which("Which of these show the same hazard?", offers, session)
    if chosen is None:
        return
    first = pattern.reports[min(chosen, default=0)]
    others = {each: n in chosen for n, each in enumerate(pattern.reports) if each != first}
    _keep(session, cases, first, others)


def _ask_which(question: str, offers: tuple[str, ...], session: Session) -> set[int] | None:
    def read(typed: str) -> set[int] | None:
        answer = typed.strip().casefold()
        if answer in ("", "not now"):
            return None
        if answer in ("n", "no", "none"):
            return set()
        numbers = re.split(r"[\s,]+", answer)
        if not all(each.isdecimal() and 1 <= int(each) <= len(offers) for each in numbers):
            raise NotTaken(
                reason=f"Please type numbers from 1 to {len(offers)}, n, or Enter alone."
            )
        return {int(each) - 1 for each in numbers}

    return ask_until_taken(session.asker, Asked(question, _HELP, offers=offers), read)


def _keep(session: Session, cases: Cases, about: str, verdicts: dict[str, bool]) -> None:
    for other, same in verdicts.items():
        if cases.verdicts.get(pair_ids(about, other), same) != same:
            say(f"This replaces what you said before of {about} and {other}.")
    entries = [
        ComparisonFields(about=about, other=other, same_hazard=same)
        for other, same in verdicts.items()
    ]
    if entries:
        written = session.book.append(entries, session.settings.author, session.now())
        for notice in written.notices:
            say(notice)


def _say_pattern(pattern: "Pattern", cases: Cases) -> None:
    say()
    for line in describe_pattern(pattern, cases):
        say(line)
