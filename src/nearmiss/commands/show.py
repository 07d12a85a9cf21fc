"""``nearmiss show``: one report, with what was written about it later."""

from typing import Annotated

import typer

from nearmiss.options.completion import ReferenceOrLast
from nearmiss.session import Session


def show(
    session: Session,
    reference: ReferenceOrLast = "last",
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for other programs.")] = False,
) -> None:
    """Show one report with its corrections and follow-ups.

    Example: nearmiss show 42
    Example: nearmiss show last
    """
    from nearmiss.records.selection import find_record
    from nearmiss.screen.one_report import show_record

    record = find_record(session.book, reference, session.damaged.append)
    if as_json:
        from nearmiss.records.account import make_account
        from nearmiss.records.plain import encode_full
        from nearmiss.speech import write_data

        write_data([encode_full(make_account(record), record) + b"\n"])
    else:
        show_record(record, decorated=session.is_decorated)
    session.warn_of_damage()
