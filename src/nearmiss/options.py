"""The options that commands share, as typed sets, and what completes them."""

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from nearmiss.errors import NearmissError
from nearmiss.model.questions import CATEGORIES, FOLLOW_UP_OPTIONS, QUESTIONS, Basis, CarePlanStatus
from nearmiss.speech import join_choices

if TYPE_CHECKING:
    from nearmiss.records.find import Filters
    from nearmiss.records.record import Record

WHICH = "Which reports"
ANSWERS = "The answers"
SINCE = "What came after"
MAKE = "What to make"
WHO = "Who reads it"
PAPER = "On the paper"
FILE = "The file"
GROUPS = (WHICH, MAKE, ANSWERS, SINCE, WHO, PAPER, FILE)  # in the order in which help shows them


_OFFERED = 30  # reports
_LOOKED_AT = 1000  # reports in which clients are looked for


def complete_reference(context: typer.Context, incomplete: str) -> list[str]:
    """Return the ids of the newest reports that begin as typed.

    Nothing of a report stands beside them: a shell shows that to whoever looks over a shoulder,
    and some of them run what they show.
    """
    typed = incomplete.upper()
    offered = []
    for record in islice(_read_newest(context), _OFFERED):
        own = record.report.id
        number = own.partition("-")[2].lstrip("0")
        if own.startswith(typed):
            offered.append(_go_on(incomplete, own))
        elif number.startswith(typed.lstrip("0") or "-"):
            offered.append(number)
    return offered


def complete_client(context: typer.Context, incomplete: str) -> list[str]:
    """Return the clients of the newest reports that begin as typed, as the shell takes them.

    Only those whose every character is safe in any shell: what was imported may hold a command.
    """
    clients = (record.report.client for record in islice(_read_newest(context), _LOOKED_AT))
    begin = incomplete.casefold()
    known = [
        each
        for each in dict.fromkeys(clients)
        if each.casefold().startswith(begin) and _is_harmless(each)
    ]
    offered = (_go_on(incomplete, each) for each in known)
    return [quoted for each in offered if (quoted := _quote(each)) is not None]


def _is_harmless(text: str) -> bool:
    return text[0].isalnum() and all(each.isalnum() or each in " .-_" for each in text)


def _quote(text: str) -> str | None:
    """Return ``text`` as the asking shell takes it for one word; None where that can't be."""
    shell = os.environ.get("_NEARMISS_COMPLETE", "").partition("_")[2]
    if " " not in text or shell in _QUOTING:
        return text
    return text.replace(" ", "\\ ") if shell == "bash" else None


_QUOTING = ("zsh", "fish")  # shells that quote what they insert


def _go_on(incomplete: str, text: str) -> str:
    # A shell drops what does not begin exactly as typed; the commands do not mind the case.
    return incomplete + text[len(incomplete) :]


def _read_newest(context: typer.Context) -> "Iterator[Record]":
    from nearmiss.logbook.book import Logbook
    from nearmiss.records.record import read_records
    from nearmiss.settings import find_paths

    try:
        chosen = context.find_root().params.get("logbook")
        yield from read_records(Logbook(find_paths(chosen).logbook), lambda unreadable: None)
    except NearmissError:  # while a command is typed there is nobody to tell
        return


_ONE = "The report's number: 42, k7qx-42 or last."
ReferenceOrAsked = Annotated[
    str | None,
    typer.Argument(
        metavar="[REF]", help=_ONE, autocompletion=complete_reference, rich_help_panel=WHICH
    ),
]
ReferenceOrLast = Annotated[
    str,
    typer.Argument(
        metavar="[REF]", help=_ONE, autocompletion=complete_reference, rich_help_panel=WHICH
    ),
]
References = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[REF]...",
        help="Which reports: 42, last.",
        autocompletion=complete_reference,
        rich_help_panel=WHICH,
    ),
]


# What a carer calls each field: the option that answers it.
OPTION_NAMES = {field: question.option for field, question in QUESTIONS.items()}


def _ask(field: str, group: str = ANSWERS) -> Any:
    question = QUESTIONS[field]
    is_kind = field == "category"
    offer = complete_client if field == "client" else None
    return typer.Option(
        question.option,
        metavar="TEXT",
        help=f"{question.ask} {join_choices(CATEGORIES)}." if is_kind else question.ask,
        autocompletion=offer,
        rich_help_panel=group,
    )


def _follow_up(help_text: str) -> Any:
    return typer.Option(metavar="TEXT", help=help_text, rich_help_panel=SINCE)


@dataclass(frozen=True)
class AnswerOptions:
    """The answers to the ten questions as they were typed, under a report's own fields."""

    client: Annotated[str | None, _ask("client")] = None
    occurred_at: Annotated[str | None, _ask("occurred_at")] = None
    location: Annotated[str | None, _ask("location")] = None
    what_nearly_happened: Annotated[str | None, _ask("what_nearly_happened")] = None
    how_prevented: Annotated[str | None, _ask("how_prevented")] = None
    immediate_action: Annotated[str | None, _ask("immediate_action")] = None
    informed: Annotated[list[str] | None, _ask("informed")] = None
    recommendations: Annotated[list[str] | None, _ask("recommendations")] = None
    category: Annotated[str | None, _ask("category")] = None
    safeguarding: Annotated[
        bool | None,
        typer.Option(
            "--safeguarding/--no-safeguarding",
            help=QUESTIONS["safeguarding"].ask,
            rich_help_panel=ANSWERS,
        ),
    ] = None
    occurred_approx: Annotated[
        bool | None,
        typer.Option(
            "--approx/--exact",
            help="Whether the time is only about right.",
            rich_help_panel=ANSWERS,
        ),
    ] = None


@dataclass(frozen=True)
class FollowUpOptions:
    """What was done or seen after a report, under a follow-up's own fields."""

    note: Annotated[str | None, _follow_up("What was done or seen.")] = None
    informed: Annotated[list[str] | None, _ask("informed", SINCE)] = None
    care_plan: Annotated[str | None, _follow_up("What was asked or changed in the care plan.")] = (
        None
    )
    care_plan_status: Annotated[
        CarePlanStatus | None,
        typer.Option(
            help="Whether a review was asked for, done or declined.", rich_help_panel=SINCE
        ),
    ] = None
    harm_found: Annotated[
        str | None, _follow_up("Harm that showed later, what was seen, and when.")
    ] = None
    next_step: Annotated[
        str | None,
        typer.Option("--next", metavar="TEXT", help="What is to do next.", rich_help_panel=SINCE),
    ] = None
    next_who: Annotated[
        str | None,
        typer.Option("--who", metavar="TEXT", help="Who does that.", rich_help_panel=SINCE),
    ] = None
    next_due: Annotated[
        str | None,
        typer.Option(
            "--due",
            metavar="DAY",
            help="By which day: friday, in 2 weeks, 3 April.",
            rich_help_panel=SINCE,
        ),
    ] = None
    next_done: Annotated[
        bool | None,
        typer.Option("--done", help="What was to do next is done.", rich_help_panel=SINCE),
    ] = None
    closes: Annotated[
        bool | None,
        typer.Option(
            "--close/--reopen",
            help="Nothing is left to do, or there is.",
            rich_help_panel=SINCE,
        ),
    ] = None


def list_given(*given: AnswerOptions | FollowUpOptions) -> Mapping[str, object]:
    """Return the fields that options answered, as they were typed."""
    values = {
        each.name: getattr(options, each.name) for options in given for each in fields(options)
    }
    return {name: value for name, value in values.items() if value not in (None, [])}


def name_option(field: str) -> str:
    """Return the option that answers a field of a report or a follow-up."""
    if field == "occurred_approx":
        return "--approx"
    return OPTION_NAMES.get(field) or FOLLOW_UP_OPTIONS[field]


def write_command(words: Sequence[str], given: Mapping[str, object], logbook: Path) -> str:
    """Return the command that says again what was given, for the logbook, as a shell takes it.

    ``words`` begin it; ``given`` are fields of a report or a follow-up with their values.
    """
    parts = ["nearmiss", "--logbook", str(logbook), *words]
    for field, value in given.items():
        names = name_option(field).split("/")
        if isinstance(value, bool):
            negative = names[-1] if len(names) > 1 else f"--no-{names[0].removeprefix('--')}"
            parts.append(names[0] if value else negative)
        else:
            for each in value if isinstance(value, list) else [value]:
                parts += [names[0], str(each)]
    return shlex.join(parts)


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
    from nearmiss.records.find import Filters

    since = until = category = None
    if given.since is not None or given.until is not None:
        from nearmiss.dates.grammar import parse_since, parse_until

        since = parse_since(given.since, now) if given.since is not None else None
        until = parse_until(given.until, now) if given.until is not None else None
    if given.category is not None:
        from nearmiss.intake.fields import read_category

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
    from nearmiss.dates.days import parse_due_by

    day = parse_due_by(given.due_by, today)
    return min(day, today) if given.due else day


DocumentKind = Literal["report", "meeting", "chronology", "handover"]
Kind = Literal[DocumentKind, "blank", "records"]
Drawn = Literal["pdf", "html", "txt"]
Form = Literal[Drawn, "csv", "xlsx", "json", "fhir"]


@dataclass(frozen=True)
class HandingOptions:
    """What was said about a handing-over, as it was typed."""

    output: Annotated[
        str | None,
        typer.Option("-o", metavar="FILE", help="Where to; - is the screen.", rich_help_panel=FILE),
    ] = None
    force: Annotated[
        bool, typer.Option("--force", help="Write over that file.", rich_help_panel=FILE)
    ] = False
    skip_damaged: Annotated[
        bool,
        typer.Option("--skip-damaged", help="Leave out what can't be read.", rich_help_panel=FILE),
    ] = False
    large_print: Annotated[
        bool, typer.Option("--large-print", help="Letters of 18 points.", rich_help_panel=PAPER)
    ] = False
    include_safeguarding: Annotated[
        bool,
        typer.Option(
            "--include-safeguarding", help="A family sees such worries too.", rich_help_panel=WHO
        ),
    ] = False
    without_safeguarding: Annotated[
        bool,
        typer.Option(
            "--without-safeguarding", help="Leave safeguarding worries out.", rich_help_panel=WHO
        ),
    ] = False
    name: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="The client's name, for the paper only: it is not stored.",
            rich_help_panel=PAPER,
        ),
    ] = None
    born: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="The client's date of birth, for the paper only.",
            rich_help_panel=PAPER,
        ),
    ] = None
    nhs_number: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="The client's NHS number, for the paper only.",
            rich_help_panel=PAPER,
        ),
    ] = None
    request: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="What you ask the reader for.", rich_help_panel=PAPER),
    ] = None
    to: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="Who gets it: this is noted in the logbook.", rich_help_panel=WHO
        ),
    ] = None
    basis: Annotated[
        Basis | None, typer.Option(help="Why they may see it.", rich_help_panel=WHO)
    ] = None
    decided_by: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Who decided that they may.", rich_help_panel=WHO),
    ] = None
    password: Annotated[
        bool,
        typer.Option(
            "--password", help="Ask for a password that opens the PDF.", rich_help_panel=FILE
        ),
    ] = False
    password_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Take the password from this file.", rich_help_panel=FILE
        ),
    ] = None
    view: Annotated[
        bool, typer.Option("--view", help="Open it when it is made.", rich_help_panel=FILE)
    ] = False

    @property
    def any_given(self) -> bool:
        """Whether anything was said."""
        return self != HandingOptions()
