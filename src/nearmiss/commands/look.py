"""``list``, ``show`` and ``summary``."""

import json
import sys
from dataclasses import asdict, replace
from itertools import islice
from typing import Annotated

from nearmiss.options import WHICH, AsJson, FilterOptions, ReferenceOrLast, offer, read_filters
from nearmiss.records.record import Record
from nearmiss.session import Session
from nearmiss.speech import say, write_data

_SHOWN = 20  # reports, unless more are asked for


def list_reports(
    session: Session,
    filters: FilterOptions,
    count: Annotated[int, offer(WHICH, "How many to show.", "-n", min=1)] = _SHOWN,
    every: Annotated[bool, offer(WHICH, "Show all of them.", "--all")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the reports, newest first.

    Example: nearmiss list --client MB --since "3 months"
    Example: nearmiss list --find rug --all
    Example: nearmiss list --not-informed
    """
    wanted = read_filters(filters, session.now(), session.settings.keep_years)
    standing = session.read_records()
    if not every:
        standing = (each for each in standing if not each.withdrawn)
    chosen = filter(wanted.match, standing)
    records = chosen if every else islice(chosen, min(count, sys.maxsize))
    if as_json:
        from nearmiss.records.data import encode_record

        shown = write_data(encode_record(each) + b"\n" for each in records)
    else:
        from nearmiss.terminal.lists import show_list

        shown = show_list(records, find=filters.find, decorated=session.is_decorated)
    has_more = not every and next(chosen, None) is not None
    session.warn_of_damage()
    if not shown:
        say(_explain_none(session))
    elif has_more:
        again = " ".join((*filters.typed, "--all"))
        say(f"These are the newest {shown}. To see all of them: nearmiss list {again}")


def _explain_none(session: Session) -> str:
    if next(session.read_records(), None) is None:
        return str(session.book.explain_nothing())
    return "No report fits. To see all of them: nearmiss list --all"


def show(
    session: Session,
    reference: ReferenceOrLast = "last",
    as_json: AsJson = False,
) -> None:
    """Show one report with its corrections and follow-ups.

    Example: nearmiss show 42
    Example: nearmiss show last
    """
    from nearmiss.model.ids import read_typed
    from nearmiss.records.read import find_namesakes
    from nearmiss.terminal.lists import show_record

    record = session.find_record(reference, twice=True)
    if as_json:
        from nearmiss.records.data import encode_full

        write_data([encode_full(record) + b"\n"])
    else:
        show_record(add_ties(session, record), decorated=session.is_decorated)
        typed = read_typed(reference)
        others = find_namesakes(session.book, typed, session.damaged.append) if typed else []
        for other in others:
            if other.id != record.id:
                print()
                say(f"A copy of this book gave that number out too. It stands here as {other.id}:")
                show_record(other, decorated=session.is_decorated)
    session.warn_of_damage()


def add_ties(session: Session, record: Record) -> Record:
    """Return ``record`` with the reports that it is marked with as the same hazard."""
    from nearmiss.records.read import find_ties
    from nearmiss.records.words import tell_ties

    return replace(record, pattern=tell_ties(find_ties(session.book, record.id)))


def summary(
    session: Session,
    filters: FilterOptions,
    as_json: AsJson = False,
) -> None:
    """Count the reports: by month, kind, place and hour; what is still open.

    Example: nearmiss summary --client MB --since "6 months"
    Example: nearmiss summary
    """
    from nearmiss.records.waiting import needs, put_in_order
    from nearmiss.terminal.figures import compute_figures, show_figures

    now = session.now()
    wanted = read_filters(filters, now, session.settings.keep_years)
    standing = (each for each in session.read_records() if not each.withdrawn)
    records = list(filter(wanted.match, standing))
    figures = compute_figures(records, now)
    if as_json:
        print(json.dumps(asdict(figures), ensure_ascii=False))
    elif figures.reports:
        waiting = put_in_order(each for record in records for each in needs(record, now))
        lines = [each.says for each in waiting if each.need != "later"]
        show_figures(figures, lines, decorated=session.is_decorated)
    session.warn_of_damage()
    if not (figures.reports or as_json):
        say(_explain_none(session))
