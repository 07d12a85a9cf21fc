"""``nearmiss summary``: how many, when and where, and how long things took."""

import json
from typing import Annotated

import typer

from nearmiss.options.filters import FilterOptions, read_filters
from nearmiss.session import Session
from nearmiss.speech import say


def summary(
    session: Session,
    filters: FilterOptions,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for other programs.")] = False,
) -> None:
    """Count the reports: by month, kind, place and hour; what is still open.

    Example: nearmiss summary --client MB --since "6 months"
    Example: nearmiss summary
    """
    from nearmiss.insight.figures import compute_figures
    from nearmiss.records.waiting import find_waiting_about
    from nearmiss.records.waiting_words import tell_waiting
    from nearmiss.screen.figures import show_figures

    wanted = read_filters(filters, session.now(), session.settings.keep_years)
    records, now = list(filter(wanted.match, session.read_records())), session.now()
    figures = compute_figures(records, now)
    if as_json:
        print(json.dumps(figures.as_json(), ensure_ascii=False))
    elif figures.reports:
        waiting = [tell_waiting(each, now) for each in find_waiting_about(records, now)]
        show_figures(figures, waiting, decorated=session.is_decorated)
    else:
        say("No report fits. To see all of them: nearmiss list --all")
    session.warn_of_damage()
