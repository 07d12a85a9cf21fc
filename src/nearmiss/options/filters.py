"""Which reports: the filters that are the same wherever reports are chosen."""

import shlex
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss.model.wording import CATEGORIES
from nearmiss.options.completion import complete_client
from nearmiss.options.groups import WHICH

if TYPE_CHECKING:
    from nearmiss.records.selection import Filters

_DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class FilterOptions:
    """The filters as they were typed; None and False ask for nothing."""

    client: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="Only this client.",
            autocompletion=complete_client,
            rich_help_panel=WHICH,
        ),
    ] = None
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="Only what happened from this day on: 1 March, 90 days.",
            rich_help_panel=WHICH,
        ),
    ] = None
    until: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="Only what happened up to and on this day.", rich_help_panel=WHICH
        ),
    ] = None
    category: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help=f"Only this kind: {', '.join(CATEGORIES)}.", rich_help_panel=WHICH
        ),
    ] = None
    where: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="Only places with these words in them.", rich_help_panel=WHICH
        ),
    ] = None
    find: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="Only reports with these words anywhere in them.",
            rich_help_panel=WHICH,
        ),
    ] = None
    open: Annotated[
        bool,
        typer.Option("--open", help="Only reports that are not closed.", rich_help_panel=WHICH),
    ] = False
    not_informed: Annotated[
        bool,
        typer.Option(
            "--not-informed", help="Only reports that nobody was told of.", rich_help_panel=WHICH
        ),
    ] = False
    due: Annotated[
        bool,
        typer.Option(
            "--due", help="Only reports with a next step whose day has come.", rich_help_panel=WHICH
        ),
    ] = False
    due_by: Annotated[
        str | None,
        typer.Option(
            "--due-by",
            metavar="DAY",
            help="Only reports with a next step due by this day: friday, 3 April.",
            rich_help_panel=WHICH,
        ),
    ] = None
    safeguarding: Annotated[
        bool,
        typer.Option("--safeguarding", help="Only safeguarding worries.", rich_help_panel=WHICH),
    ] = False
    past_keeping: Annotated[
        bool,
        typer.Option(
            "--past-keeping",
            help="Only what is older than the years to keep.",
            rich_help_panel=WHICH,
        ),
    ] = False

    @property
    def typed(self) -> list[str]:
        """The filters as they can be typed again."""
        words: list[str] = []
        for each in fields(self):
            value = getattr(self, each.name)
            if value is not None and value is not False:
                words.append(f"--{each.name.replace('_', '-')}")
                words += [] if value is True else [shlex.quote(value)]
        return words

    @property
    def any_given(self) -> bool:
        """Whether any filter was given."""
        return self != FilterOptions()


def read_filters(given: FilterOptions, now: datetime, keep_years: int) -> "Filters":
    """Return the filters that options ask for. Raises DateNotUnderstood or UnknownKind."""
    from nearmiss.records.selection import Filters

    since = until = category = None
    if given.since is not None or given.until is not None:
        from nearmiss.dates.grammar import parse_since, parse_until

        since = parse_since(given.since, now) if given.since is not None else None
        until = parse_until(given.until, now) if given.until is not None else None
    if given.category is not None:
        from nearmiss.intake.category import read_category

        category = read_category(given.category)
    return Filters(
        client=given.client,
        since=since,
        until=until,
        category=category,
        where=given.where,
        find=given.find,
        open=given.open,
        not_informed=given.not_informed,
        due_by=_read_due(given, now),
        safeguarding=given.safeguarding,
        past_keeping=given.past_keeping,
        kept_since=now - timedelta(days=_DAYS_A_YEAR * keep_years),
    )


def _read_due(given: FilterOptions, now: datetime) -> date | None:
    today = now.date()
    if given.due_by is None:
        return today if given.due else None
    from nearmiss.dates.coming import parse_due_by

    day = parse_due_by(given.due_by, today)
    return min(day, today) if given.due else day
