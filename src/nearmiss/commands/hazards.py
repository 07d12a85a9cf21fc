"""``similar`` and ``patterns``: what may be the same hazard, and what the carer says of it."""

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Annotated, Any

import typer

from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.insight.cases import NEWEST, CaseReader
from nearmiss.insight.likeness import find_chance
from nearmiss.insight.patterns import MOST_ASKED, Similar, find_neighbours
from nearmiss.insight.telling import Found, find, list_as_json, list_paragraphs, tell_similar
from nearmiss.interview.hazards import (
    Questions,
    Verdict,
    check_verdict,
    fill_in_marked,
    repeat_verdicts,
    tell_noted,
)
from nearmiss.interview.saving import after_saving
from nearmiss.logbook.book import Written
from nearmiss.model.entries import ComparisonFields, Report
from nearmiss.options import AsJson, ReferenceOrLast, complete_client, complete_reference
from nearmiss.records.read import find_ties, read_records
from nearmiss.records.record import Record
from nearmiss.records.words import name_record
from nearmiss.session import Session
from nearmiss.speech import fold_lines, is_conversation, join_words, say
from nearmiss.text import fold_text, show_safely, tidy


def make_reader(session: Session) -> CaseReader:
    """Return what reads this logbook to compare its reports."""
    folder = session.paths.drafts
    return CaseReader(session.book, folder, session.damaged.append, say, session.today)


def make_questions(session: Session) -> Questions:
    """Return what asks about likeness at this terminal."""
    write = partial(save_verdicts, session, quiet=True)
    return Questions(make_reader(session), session.asker, write)


def ask_about_likeness(session: Session, report: Report) -> bool:
    """Ask which earlier reports show the same hazard; return whether one was likely."""
    session.notes.note_to_compare(report.id)
    asked = make_questions(session).ask_about(report)
    session.notes.note_to_compare("")
    return asked


def compare(session: Session, record: Record) -> None:
    """Say which reports ``record`` is marked with, and ask about others."""
    if marks := list_marks(session, record):
        say(f"Already marked as the same hazard: {join_words(list(marks))}.")
    if not ask_about_likeness(session, record.current):
        other = "other" if marks else "earlier"
        say(f"No {other} report of this client is likely to show the same hazard.")
        if marks:
            say('To take a mark back, choose "Put something right".')


def list_marks(session: Session, record: Record) -> dict[str, str]:
    """Return the reports that ``record`` is marked with, in words, by their ids."""
    marks = dict[str, str]()
    for each in sorted(find_ties(session.book, record.id)):
        marks[each] = each
        with suppress(NearmissError):
            marks[each] = name_record(session.find_record(each), session.today)
    return marks


def part(session: Session, report: str, other: str) -> None:
    """Note that two reports which were marked do not show the same hazard, and say so."""
    verdict = Verdict(report, different=(other,))
    save_verdicts(session, verdict.make_entries(), quiet=True)
    tell_noted(make_reader(session), verdict)


_LOOKED_AT = 100  # entries: a script that logs should not wait


def name_likely_ones(session: Session, report: Report) -> None:
    """Where nobody can be asked, name what is likely the same hazard; the desk asks for a look."""
    reader = make_reader(session)
    cases = reader.read(_LOOKED_AT)
    likely = find_neighbours(reader, cases, report).list_likely(cases.verdicts)
    session.notes.note_to_compare(report.id if likely else "")
    if not likely:
        return
    named = "; ".join(
        f"{each.case.id} ({each.shared})" if str(each.shared) else each.case.id
        for each in likely[:MOST_ASKED]
    )
    say(f"May be the same hazard as {named}. To look: nearmiss similar {report.id}")


def save_verdicts(
    session: Session, entries: Sequence[ComparisonFields], *, quiet: bool = False
) -> Written:
    """Save what the carer said of reports."""
    typed = session.type_command(*repeat_verdicts(entries))
    return session.save(entries, None, typed, quiet=quiet)


def _name_other(what: str) -> Any:
    help_text = f"Note that this one {what}; can be repeated."
    return typer.Option(metavar="REPORT", help=help_text, autocompletion=complete_reference)


def similar(
    session: Session,
    reference: ReferenceOrLast = "last",
    as_json: AsJson = False,
    same: Annotated[list[str] | None, _name_other("shows the same hazard")] = None,
    different: Annotated[list[str] | None, _name_other("does not")] = None,
    name: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What you call that hazard.")
    ] = None,
) -> None:
    """Show the three earlier reports of the same client that are most like one.

    Example: nearmiss similar last
    Example: nearmiss similar 42 --same 31 --name "near falls at the armchair"
    """
    report = _find_standing(session, reference)
    if same or different or name is not None:
        alike, others = (
            tuple(_find_standing(session, each) for each in named or ())
            for named in (same, different)
        )
        _note(session, Verdict(report, alike, others, tidy(name or "")))
    else:
        _show(session, report, as_json=as_json)
        _end_look(session, report)


def _end_look(session: Session, report: str) -> None:
    if session.notes.read_to_compare() == report:
        session.notes.note_to_compare("")
    session.warn_of_damage()


def _find_standing(session: Session, reference: str) -> str:
    record = session.find_record(reference)
    if record.withdrawn:
        raise UsageProblem(
            f"{record.id} was withdrawn, so it is compared with no other. Nothing was noted."
        )
    return record.id


def _note(session: Session, verdict: Verdict) -> None:
    reader = make_reader(session)
    book = reader.read(None)
    verdict = fill_in_marked(book, verdict)
    check_verdict(book, verdict)
    written = save_verdicts(session, verdict.make_entries())
    with after_saving(written.ids):
        tell_noted(reader, verdict)
        _end_look(session, verdict.report)


def _show(session: Session, report: str, *, as_json: bool) -> None:
    reader = make_reader(session)
    book = reader.read(NEWEST)
    if report not in book.records:
        book = reader.read(None)
    found = find_neighbours(reader, book, book.records[report].current).list_most_alike()
    for each in found:
        line = tell_similar(each, book.verdicts.find_marked(each.case.id))
        print(
            json.dumps(_as_json(each), ensure_ascii=False)
            if as_json
            else fold_lines(line, sys.stdout)
        )
    if not found:
        say("There is no earlier report of this client.")


def _as_json(similar: Similar) -> dict[str, object]:
    return {
        "id": similar.case.id,
        "likeness": round(find_chance(similar.likeness), 3),
        "reasons": similar.shared.list_words(),
        "occurred_at": similar.case.report.occurred_at,
        "location": similar.case.report.location,
        "what_nearly_happened": similar.case.report.what,
        "parts": {part: round(value, 2) for part, value in similar.parts.items()},
    }


_DAYS = 90


def patterns(
    session: Session,
    client: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Only this client.", autocompletion=complete_client),
    ] = None,
    days: Annotated[int, typer.Option(min=1, help="Three must lie within so many days.")] = _DAYS,
    review: Annotated[
        bool, typer.Option("--review", help="Say of each possible one whether it is one.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show where similar near misses may be one problem.

    Example: nearmiss patterns --client MB
    Example: nearmiss patterns --review
    """
    if not review:
        _show_patterns(session, client, days, as_json=as_json)
    elif not is_conversation():
        raise NearmissError("A review asks questions, so it needs a terminal. Nothing was changed.")
    elif not make_questions(session).review(client, days):
        say(_explain_none(session, client) or "There is nothing to review.")
    session.warn_of_damage()


def _explain_none(session: Session, client: str | None) -> str:
    records = read_records(session.book)  # what is damaged was noted
    clients = {fold_text(each.report.client) for each in records}
    if not clients:
        return str(session.book.explain_nothing())
    if client is None or fold_text(client) in clients:
        return ""
    return f"No report is about {show_safely(client)}. To see all of them: nearmiss list --all"


def _show_patterns(session: Session, client: str | None, days: int, *, as_json: bool) -> None:
    found: Found = find(make_reader(session), client, days)
    if not found.has_any and (problem := _explain_none(session, client)):
        say(problem)
        return
    if as_json:
        for row in list_as_json(found):
            print(json.dumps(row, ensure_ascii=False))
        return
    for paragraph in list_paragraphs(found, days):
        print(
            "\n".join(fold_lines(show_safely(line), sys.stdout) for line in paragraph), end="\n\n"
        )
    if found.possible:
        say("To say which of the possible ones are the same hazard: nearmiss patterns --review")
