"""The options that commands share, as typed sets, and what completes them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from nearmiss.errors import NearmissError
from nearmiss.model.questions import ANSWERS as ANSWERS_ASKED
from nearmiss.model.questions import CATEGORIES, FOLLOW_UP_OPTIONS, Basis, CarePlanStatus
from nearmiss.speech import join_choices, quote_word

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
SHEET = "What a sheet leaves open"
GROUPS = (
    WHICH,
    MAKE,
    ANSWERS,
    SINCE,
    WHO,
    PAPER,
    FILE,
    SHEET,
)  # in the order in which help shows them

Said = str | None  # as it was typed; None where it was not


def offer(group: str, help_text: str, *names: str, **more: Any) -> Any:
    """Return an option that help shows under the heading ``group``; ``more`` is for typer."""
    return typer.Option(*names, help=help_text, rich_help_panel=group, **more)


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
        own = record.id
        number = str(record.number)
        if own.startswith(typed):
            offered.append(_go_on(incomplete, own))
        elif number.startswith(typed.lstrip("0") or "-"):
            offered.append(number)
    return offered


def complete_client(context: typer.Context, incomplete: str) -> list[str]:
    """Return the clients of the newest reports that begin as typed.

    Only those whose every character is plain in any shell: what was imported may hold a command.
    """
    clients = (record.report.client for record in islice(_read_newest(context), _LOOKED_AT))
    known = [each for each in dict.fromkeys(clients) if re.fullmatch(r"[^\W_][\w.-]*", each)]
    begin = incomplete.casefold()
    return [_go_on(incomplete, each) for each in known if each.casefold().startswith(begin)]


def _go_on(incomplete: str, text: str) -> str:
    # A shell drops what does not begin exactly as typed; the commands do not mind the case.
    return incomplete + text[len(incomplete) :]


def _read_newest(context: typer.Context) -> "Iterator[Record]":
    from nearmiss.logbook.book import Logbook
    from nearmiss.records.read import read_records
    from nearmiss.settings import find_paths

    try:
        chosen = context.find_root().params.get("logbook")
        yield from read_records(Logbook(find_paths(chosen).logbook))
    except NearmissError:  # while a command is typed there is nobody to tell
        return


def _refer(metavar: str, help_text: str) -> Any:
    return typer.Argument(
        metavar=metavar, help=help_text, autocompletion=complete_reference, rich_help_panel=WHICH
    )


_ONE = _refer("[REF]", "The report's number: 42, k7qx-42 or last.")
ReferenceOrAsked = Annotated[Said, _ONE]
ReferenceOrLast = Annotated[str, _ONE]
References = Annotated[list[str] | None, _refer("[REF]...", "Which reports: 42, last.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, for other programs.")]
Author = Annotated[Said, typer.Option("--by", metavar="TEXT", help="Who writes this: name, role.")]

# What a carer calls each field: the option that answers it.
OPTION_NAMES = {field: question.option for field, question in ANSWERS_ASKED.items()}
_FLAGS = {"occurred_approx": "--approx", "hour_not_known": "--hour-not-known"}
_FLAGS |= {"entry": "--incident"}


def _ask(field: str, group: str = ANSWERS) -> Any:
    question = ANSWERS_ASKED[field]
    choices = f" {join_choices(CATEGORIES)}." if field == "category" else ""
    completes = {"autocompletion": complete_client} if field == "client" else {}
    return offer(group, question.ask + choices, question.option, **completes)


_INJURY = "Of an incident: who was hurt, and how, and what help came."
_HURT = "Somebody was hurt, or may have been: it is an incident."


@dataclass(frozen=True)
class AnswerOptions:
    """The answers to the ten questions as they were typed, under a report's own fields."""

    client: Annotated[Said, _ask("client")] = None
    occurred_at: Annotated[Said, _ask("occurred_at")] = None
    location: Annotated[Said, _ask("location")] = None
    what_nearly_happened: Annotated[Said, _ask("what_nearly_happened")] = None
    how_prevented: Annotated[Said, _ask("how_prevented")] = None
    injury: Annotated[Said, offer(ANSWERS, _INJURY, "--injury")] = None
    immediate_action: Annotated[Said, _ask("immediate_action")] = None
    informed: Annotated[list[str] | None, _ask("informed")] = None
    tried: Annotated[list[str] | None, _ask("tried")] = None
    concern_informed: Annotated[list[str] | None, _ask("concern_informed")] = None
    recommendations: Annotated[list[str] | None, _ask("recommendations")] = None
    category: Annotated[Said, _ask("category")] = None
    safeguarding: Annotated[
        bool | None,
        offer(ANSWERS, ANSWERS_ASKED["safeguarding"].ask, "--safeguarding/--no-safeguarding"),
    ] = None
    occurred_approx: Annotated[
        bool | None, offer(ANSWERS, "Whether the time is only about right.", "--approx/--exact")
    ] = None
    hour_not_known: Annotated[
        bool | None, offer(ANSWERS, "Only the day is known, not the hour.", "--hour-not-known")
    ] = None
    entry: Annotated[bool | None, offer(ANSWERS, _HURT, "--incident")] = None


def _tell(field: str, help_text: str, **more: Any) -> Any:
    return offer(SINCE, help_text, FOLLOW_UP_OPTIONS[field], **more)


_CARE_PLAN = "What was asked or changed in the care plan."
_STATUS = "Whether a review was asked for, done or declined."
_HARM = "Harm that showed later, what was seen, and when."
_TOLD_OF = "Of what they were told: event, concern, or the number of the harm."
_UNDOES = "The number of the follow-up whose change no longer holds."
_AGREED = "The day of the meeting at which it was agreed."
_BY_WHEN = "By which day: friday, in 2 weeks, 3 April."


@dataclass(frozen=True)
class FollowUpOptions:
    """What was done or seen after a report, under a follow-up's own fields."""

    note: Annotated[Said, _tell("note", "What was done or seen.")] = None
    informed: Annotated[list[str] | None, _ask("informed", SINCE)] = None
    told_of: Annotated[list[str] | None, _tell("told_of", _TOLD_OF, metavar="WHAT")] = None
    tried: Annotated[list[str] | None, _ask("tried", SINCE)] = None
    care_plan: Annotated[Said, _tell("care_plan", _CARE_PLAN)] = None
    care_plan_status: Annotated[CarePlanStatus | None, _tell("care_plan_status", _STATUS)] = None
    harm_found: Annotated[Said, _tell("harm_found", _HARM)] = None
    harm_on: Annotated[Said, _tell("harm_on", "The day it was seen.", metavar="DAY")] = None
    changed: Annotated[Said, _tell("changed", "What is different now: rug taken away.")] = None
    changed_on: Annotated[Said, _tell("changed_on", "Since which day.", metavar="DAY")] = None
    undoes: Annotated[Said, _tell("undoes", _UNDOES, metavar="REF")] = None
    next_step: Annotated[Said, _tell("next_step", "What is to do next.")] = None
    next_who: Annotated[Said, _tell("next_who", "Who does that.")] = None
    next_due: Annotated[Said, _tell("next_due", _BY_WHEN, metavar="DAY")] = None
    agreed_on: Annotated[Said, _tell("agreed_on", _AGREED, metavar="DAY")] = None
    next_done: Annotated[bool | None, _tell("next_done", "What was to do next is done.")] = None
    ends: Annotated[Said, _tell("ends", "Which step is done, of several.", metavar="REF")] = None
    closes: Annotated[bool | None, _tell("closes", "Nothing is left to do, or there is.")] = None


def list_given(*given: AnswerOptions | FollowUpOptions) -> Mapping[str, object]:
    """Return the fields that options answered, as they were typed."""
    values = {
        each.name: getattr(options, each.name) for options in given for each in fields(options)
    }
    answered = {name: value for name, value in values.items() if value not in (None, [])}
    if answered.get("entry"):
        answered["entry"] = "incident"
        if "what_nearly_happened" in answered:
            answered["what_happened"] = answered.pop("what_nearly_happened")
    return answered


def name_option(field: str) -> str:
    """Return the option that answers a field of a report or a follow-up."""
    return _FLAGS.get(field) or OPTION_NAMES.get(field) or FOLLOW_UP_OPTIONS[field]


def _which(help_text: str, *names: str, **more: Any) -> Any:
    return offer(WHICH, help_text, *names, **more)


_SINCE = "Only what happened from this day on: 1 March, 90 days."
_UNTIL = "Only what happened up to and on this day."
_KIND = f"Only this kind: {', '.join(CATEGORIES)}."
_ENTRY = "Only near misses, or only incidents."
_FIND = "Only reports with these words anywhere in them."
_DUE = "Only reports with a next step whose day has come."
_DUE_BY = "Only reports with a next step due by this day: friday, 3 April."


@dataclass(frozen=True)
class WhichOptions:
    """Which reports go on paper, as it was typed; None asks for nothing."""

    client: Annotated[Said, _which("Only this client.", autocompletion=complete_client)] = None
    since: Annotated[Said, _which(_SINCE)] = None
    until: Annotated[Said, _which(_UNTIL)] = None
    category: Annotated[Said, _which(_KIND)] = None
    entry: Annotated[Literal["near-miss", "incident"] | None, _which(_ENTRY)] = None
    where: Annotated[Said, _which("Only places with these words in them.")] = None
    find: Annotated[Said, _which(_FIND)] = None

    @property
    def typed(self) -> list[str]:
        """The filters as they can be typed again."""
        words: list[str] = []
        for each in fields(self):
            value = getattr(self, each.name)
            if value is not None and value is not False:
                words.append(f"--{each.name.replace('_', '-')}")
                words += [] if value is True else [quote_word(value)]
        return words

    @property
    def any_given(self) -> bool:
        """Whether any filter was given."""
        return self != type(self)()


@dataclass(frozen=True)
class FilterOptions(WhichOptions):
    """Which reports are looked at: also by what stands open about them."""

    open: Annotated[bool, _which("Only reports that are not closed.", "--open")] = False
    not_informed: Annotated[
        bool, _which("Only reports that nobody was told of.", "--not-informed")
    ] = False
    due: Annotated[bool, _which(_DUE, "--due")] = False
    due_by: Annotated[Said, _which(_DUE_BY, metavar="DAY")] = None
    safeguarding: Annotated[bool, _which("Only safeguarding worries.", "--safeguarding")] = False
    past_keeping: Annotated[
        bool, _which("Only what is older than the years to keep.", "--past-keeping")
    ] = False


def read_filters(given: WhichOptions, now: datetime, keep_years: int) -> "Filters":
    """Return the filters that options ask for. Raises DateNotUnderstood or UnknownKind."""
    from nearmiss.records.find import Filters

    asked = {name: each for name, each in vars(given).items() if each not in (None, False)}
    if not asked:  # nothing has to be loaded that reads it
        return Filters()
    from nearmiss.dates.grammar import parse_due_by, parse_since, parse_until
    from nearmiss.intake.fields import read_category

    today = now.date()
    readers: dict[str, Callable[[str], object]] = {
        "since": lambda typed: parse_since(typed, now),
        "until": lambda typed: parse_until(typed, now),
        "category": read_category,
        "due_by": lambda typed: parse_due_by(typed, now),
    }
    wanted: dict[str, Any] = {
        name: readers[name](each) if name in readers else each for name, each in asked.items()
    }
    if wanted.pop("due", False):
        wanted["due_by"] = min(wanted.get("due_by", today), today)
    if wanted.pop("past_keeping", False):
        wanted["kept_since"] = parse_since(f"{keep_years} years", now)
    return Filters(**wanted)


DocumentKind = Literal["report", "meeting", "chronology", "handover", "changeover"]
Kind = Literal[DocumentKind, "blank", "records"]
Drawn = Literal["pdf", "html", "txt"]
Form = Literal[Drawn, "csv", "xlsx", "json", "fhir"]


PasswordFile = Annotated[Said, offer(FILE, "Take the password from this file.", metavar="FILE")]
_INCLUDE, _WITHOUT = "A family sees such worries too.", "Leave safeguarding worries out."
_NAME = "The client's name, for the paper only: it is not stored."
_TO = "Who gets it: this is noted in the logbook."


@dataclass(frozen=True)
class HandingOptions:
    """What was said about a handing-over, as it was typed."""

    output: Annotated[Said, offer(FILE, "Where to; - is the screen.", "-o", metavar="FILE")] = None
    force: Annotated[bool, offer(FILE, "Write over that file.", "--force")] = False
    skip_damaged: Annotated[
        bool, offer(FILE, "Leave out what can't be read.", "--skip-damaged")
    ] = False
    large_print: Annotated[bool, offer(PAPER, "Letters of 18 points.", "--large-print")] = False
    include_safeguarding: Annotated[bool, offer(WHO, _INCLUDE, "--include-safeguarding")] = False
    without_safeguarding: Annotated[bool, offer(WHO, _WITHOUT, "--without-safeguarding")] = False
    name: Annotated[Said, offer(PAPER, _NAME)] = None
    born: Annotated[Said, offer(PAPER, "The client's date of birth, for the paper only.")] = None
    nhs_number: Annotated[Said, offer(PAPER, "The client's NHS number, for the paper only.")] = None
    request: Annotated[Said, offer(PAPER, "What you ask the reader for.")] = None
    to: Annotated[Said, offer(WHO, _TO)] = None
    basis: Annotated[Basis | None, offer(WHO, "Why they may see it.")] = None
    decided_by: Annotated[Said, offer(WHO, "Who decided that they may.")] = None
    password: Annotated[
        bool, offer(FILE, "Ask for a password that opens the PDF.", "--password")
    ] = False
    password_file: PasswordFile = None
    view: Annotated[bool, offer(FILE, "Open it when it is made.", "--view")] = False

    @property
    def any_given(self) -> bool:
        """Whether anything was said."""
        return self != HandingOptions()
