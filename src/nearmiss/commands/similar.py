"""``nearmiss similar``: the earlier reports most like one, and what the carer says of them."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss.options.completion import ReferenceOrLast, complete_reference
from nearmiss.session import Session
from nearmiss.speech import fold, say

if TYPE_CHECKING:
    from nearmiss.insight.similar import Similar
    from nearmiss.interview.same_hazard import Verdict


def similar(
    session: Session,
    reference: ReferenceOrLast = "last",
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
    same: Annotated[
        list[str] | None,
        typer.Option(
            metavar="REPORT",
            help="Note that this one shows the same hazard; can be repeated.",
            autocompletion=complete_reference,
        ),
    ] = None,
    different: Annotated[
        list[str] | None,
        typer.Option(
            metavar="REPORT",
            help="Note that this one does not; can be repeated.",
            autocompletion=complete_reference,
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What you call that hazard.")
    ] = None,
) -> None:
    """Show the three earlier reports of the same client that are most like one.

    Example: nearmiss similar last
    Example: nearmiss similar 42 --same 31 --name "near falls at the armchair"
    """
    from nearmiss.logbook.to_compare import forget_to_compare, read_to_compare
    from nearmiss.records.selection import find_record

    def find(typed: str) -> str:
        return find_record(session.book, typed, session.damaged.append).report.id

    report = find(reference)
    if same or different or name is not None:
        from nearmiss.interview.same_hazard import Verdict
        from nearmiss.text import tidy

        alike, others = map(find, same or ()), map(find, different or ())
        _note(session, Verdict(report, tuple(alike), tuple(others), tidy(name or "")))
    else:
        _show(session, report, as_json=as_json)
    if read_to_compare(session.paths.to_compare, session.book) == report:
        forget_to_compare(session.paths.to_compare, session.book)
    session.warn_of_damage()


def _note(session: Session, verdict: "Verdict") -> None:
    from nearmiss.conversations.hazards import make_reader, save_verdicts
    from nearmiss.interview.same_hazard import check_verdict, fill_in_marked, tell_noted

    reader = make_reader(session)
    book = reader.read(None)
    verdict = fill_in_marked(book, verdict)
    check_verdict(book, verdict)
    save_verdicts(session, verdict.make_entries())
    tell_noted(reader, verdict)


def _show(session: Session, report: str, *, as_json: bool) -> None:
    from nearmiss.conversations.hazards import make_reader
    from nearmiss.insight.cases import LOOKED_AT
    from nearmiss.insight.similar import find_neighbours
    from nearmiss.insight.telling import tell_similar

    reader = make_reader(session)
    book = reader.read(LOOKED_AT)
    if report not in book.records:
        book = reader.read(None)
    found = find_neighbours(reader, book, book.records[report].report).list_most_alike()
    for each in found:
        line = tell_similar(each, book.verdicts.find_marked(each.case.id))
        print(json.dumps(_as_json(each), ensure_ascii=False) if as_json else fold(line, sys.stdout))
    if not found:
        say("There is no earlier report of this client.")


def _as_json(similar: "Similar") -> dict[str, object]:
    return {
        "id": similar.case.id,
        "likeness": round(similar.chance, 3),
        "reasons": similar.shared.list_words(),
        "occurred_at": similar.case.report.occurred_at,
        "location": similar.case.report.location,
        "what_nearly_happened": similar.case.report.what_nearly_happened,
        "parts": {part: round(value, 2) for part, value in similar.parts.items()},
    }
