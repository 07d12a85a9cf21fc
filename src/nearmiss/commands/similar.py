"""``nearmiss similar``: the earlier reports most like one."""

import json
from typing import Annotated

import typer

from nearmiss.options.completion import ReferenceOrLast
from nearmiss.session import Session
from nearmiss.speech import say
from nearmiss.text import show_safely

_MOST = 10


def similar(
    session: Session,
    reference: ReferenceOrLast = "last",
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """Show the earlier reports of the same client that are most like one.

    Example: nearmiss similar last
    Example: nearmiss similar 42
    """
    from nearmiss.commands.hazards import describe_similar, read_cases
    from nearmiss.insight.similar import LOOKED_AT, find_similar
    from nearmiss.records.selection import find_record

    record = find_record(session.book, reference, session.damaged.append)
    cases = read_cases(session, LOOKED_AT)
    if all(case.id != record.report.id for case in cases.cases):
        cases = read_cases(session, None)
    found = find_similar(cases.find(record), cases.cases)[:_MOST]
    for each in found:
        if as_json:
            row = {
                "id": each.case.id,
                "likeness": round(each.likeness, 3),
                "reasons": each.reasons,
                "occurred_at": each.case.report.occurred_at,
            }
            print(json.dumps(row, ensure_ascii=False))
        else:
            print(show_safely(describe_similar(each)))
    session.warn_of_damage()
    if not found:
        say("No earlier report of this client is like it.")
