"""Answers in advance: the fields of a report, and of what is written about it later."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from nearmiss.model.wording import CATEGORIES, FOLLOW_UP_OPTIONS, QUESTIONS, CarePlanStatus
from nearmiss.options.completion import complete_client
from nearmiss.options.groups import ANSWERS, SINCE
from nearmiss.speech import join_choices

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
