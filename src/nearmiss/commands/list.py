"""``nearmiss list``: the reports, newest first."""

import sys
from itertools import islice
from typing import Annotated

import typer

from nearmiss.options.filters import FilterOptions, read_filters
from nearmiss.options.groups import WHICH
from nearmiss.session import Session
from nearmiss.speech import say, write_data

_SHOWN = 20  # reports, unless more are asked for


def list_reports(
    session: Session,
    filters: FilterOptions,
    count: Annotated[
        int, typer.Option("-n", min=1, help="How many to show.", rich_help_panel=WHICH)
    ] = _SHOWN,
    every: Annotated[
        bool, typer.Option("--all", help="Show all of them.", rich_help_panel=WHICH)
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON lines, for other programs.")
    ] = False,
) -> None:
    """Show the reports, newest first.

    Example: nearmiss list --client MB --since "3 months"
    Example: nearmiss list --find rug --all
    Example: nearmiss list --not-informed
    """
    wanted = read_filters(filters, session.now(), session.settings.keep_years)
    chosen = filter(wanted.match, session.read_records())
    records = chosen if every else islice(chosen, min(count, sys.maxsize))
    if as_json:
        from nearmiss.records.account import make_account
        from nearmiss.records.plain import encode_account

        shown = write_data(encode_account(make_account(each)) + b"\n" for each in records)
    else:
        from nearmiss.screen.report_list import show_list

        shown = show_list(records, find=filters.find, decorated=session.is_decorated)
    has_more = not every and next(chosen, None) is not None
    session.warn_of_damage()
    if not shown:
        say(_explain_none(filters))
    elif has_more:
        again = " ".join((*filters.typed, "--all"))
        say(f"These are the newest {shown}. To see all of them: nearmiss list {again}")


def _explain_none(filters: FilterOptions) -> str:
    if filters.any_given:
        return "No report fits. To see all of them: nearmiss list --all"
    return "There is no report in this logbook yet. To write the first: nearmiss log"
