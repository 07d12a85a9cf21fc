"""How a command is put together: the options that many share, and the boundary of errors."""

import inspect
import os
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any, Literal, get_args

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from nearmiss.commands.completing import complete_client
from nearmiss.commands.session import Session, get_session
from nearmiss.errors import NearmissError
from nearmiss.model.wording import CATEGORIES, QUESTIONS
from nearmiss.speech import say

PANELS = ("Every visit", "Afterwards", "Sharing", "Looking after the logbook")
EVERY_VISIT, AFTERWARDS, SHARING, LOOKING_AFTER = PANELS
PLAIN_HELP = "No colour, no boxes; one question a line."
_INTERRUPTED = 130


def _text(help_text: str) -> Any:
    return Annotated[str | None, typer.Option(metavar="TEXT", help=help_text, show_default=False)]


def _flag(name: str, help_text: str) -> Any:
    return Annotated[bool, typer.Option(name, help=help_text)]


def _choice(names: str, help_text: str) -> Any:
    return Annotated[bool | None, typer.Option(names, help=help_text, show_default=False)]


def _answer(kind: Any, field: str) -> Any:
    question = QUESTIONS[field]
    offer = complete_client if field == "client" else None
    return Annotated[
        kind | None,
        typer.Option(question.option, metavar="TEXT", help=question.ask, autocompletion=offer),
    ]


# Options that several commands take; each command finds what was given in the session.
PLAIN = {"plain": _flag("--plain", PLAIN_HELP)}
FILTERS = {
    "client": Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Only this client.", autocompletion=complete_client),
    ],
    "since": _text("Only what happened from this day on: 1 March, 90 days."),
    "until": _text("Only what happened up to and on this day."),
    "category": _text(f"Only this kind: {', '.join(CATEGORIES)}."),
    "where": _text("Only places with these words in them."),
    "find": _text("Only reports with these words anywhere in them."),
    "open": _flag("--open", "Only reports that are not closed."),
    "not_informed": _flag("--not-informed", "Only reports that nobody was told of."),
    "safeguarding": _flag("--safeguarding", "Only safeguarding worries."),
    "past_keeping": _flag("--past-keeping", "Only what is older than the years to keep."),
}
ANSWERS = {
    **{
        field: _answer(list[str] if field in ("informed", "recommendations") else str, field)
        for field in QUESTIONS
        if field != "safeguarding"
    },
    "safeguarding": _choice("--safeguarding/--no-safeguarding", QUESTIONS["safeguarding"].ask),
    "occurred_approx": _choice("--approx/--exact", "Whether the time is only about right."),
}
LATER = {
    "note": _text("Follow-up: what was done or seen."),
    "informed": ANSWERS["informed"],
    "care_plan": _text("Follow-up: what was asked or changed in the care plan."),
    "care_plan_status": Annotated[
        Literal["asked", "changed", "declined"] | None,
        typer.Option(help="Follow-up: whether a review was asked for, done or declined."),
    ],
    "harm_found": _text("Follow-up: harm that showed later, what was seen, and when."),
    "closes": _choice("--close/--reopen", "Follow-up: nothing is left to do, or there is."),
}


HANDING = {
    "output": Annotated[
        str | None, typer.Option("-o", metavar="FILE", help="Where to; - is the screen.")
    ],
    "force": _flag("--force", "Write over that file."),
    "skip_damaged": _flag("--skip-damaged", "Leave out what can't be read."),
    "large_print": _flag("--large-print", "Letters of 18 points."),
    "include_safeguarding": _flag("--include-safeguarding", "A family sees such worries too."),
    "without_safeguarding": _flag("--without-safeguarding", "Leave safeguarding worries out."),
    "name": _text("The client's name, for the paper only: it is not stored."),
    "born": _text("The client's date of birth, for the paper only."),
    "nhs_number": _text("The client's NHS number, for the paper only."),
    "request": _text("What you ask the reader for."),
    "to": _text("Who gets it: this is noted in the logbook."),
    "basis": Annotated[
        Literal["client_agreed", "best_interests", "direct_care", "safeguarding"] | None,
        typer.Option(help="Why they may see it."),
    ],
    "decided_by": _text("Who decided that they may."),
    "password": _flag("--password", "Ask for a password that opens the PDF."),
    "password_file": Annotated[
        str | None, typer.Option(metavar="FILE", help="Take the password from this file.")
    ],
    "view": _flag("--view", "Open it when it is made."),
}


def share_options(
    function: Callable[..., None],
    *,
    filters: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
    handing: Mapping[str, Any] | None = None,
) -> Callable[..., None]:
    """Return a command that also takes ``--plain`` and, where wanted, filters or answers.

    They go to the session, so that each command need not name them all.
    """
    shared = {**(answers or {}), **(handing or {}), **(filters or {}), **PLAIN}

    @wraps(function)
    def run(context: typer.Context, **options: Any) -> None:
        session = get_session(context)
        given = {
            name: value for name in shared if (value := options.pop(name, None)) not in (None, [])
        }
        session.plain = bool(given.pop("plain", False)) or session.plain
        session.answers = {name: given[name] for name in answers or () if name in given}
        session.handing = {name: given.get(name) for name in handing or ()}
        session.filter_options = {
            name: value for name, value in given.items() if name in (filters or ()) and value
        }
        function(context, **options)

    own = inspect.signature(function).parameters
    first = [name for name, each in own.items() if each.default is inspect.Parameter.empty]
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [own[name] for name in first]
        + [_name(name, kind) for name, kind in (answers or {}).items()]
        + [each.replace(kind=_KEYWORD) for name, each in own.items() if name not in first]
        + [
            _name(name, kind)
            for name, kind in {**(handing or {}), **(filters or {}), **PLAIN}.items()
        ]
    )
    run.__annotations__ = {**function.__annotations__, **shared}
    return run


_KEYWORD = inspect.Parameter.KEYWORD_ONLY


def _name(name: str, kind: Any) -> inspect.Parameter:
    default = False if get_args(kind)[0] is bool else None
    return inspect.Parameter(name, _KEYWORD, default=default, annotation=kind)


class Command(TyperCommand):
    """A command whose help is drawn with lines only where that is wanted."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        self.rich_markup_mode = _choose_markup(ctx)
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    """The program as a whole: the boundary that no traceback passes."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was typed; every error ends in a sentence and an exit code."""
        try:
            return super().invoke(ctx)
        except NearmissError as problem:
            say(str(problem))
            raise typer.Exit(problem.exit_code) from None
        except (KeyboardInterrupt, EOFError, typer.Abort):
            raise typer.Exit(_INTERRUPTED) from None
        except (typer.Exit, TyperException, BrokenPipeError):
            raise
        except Exception as error:
            if "NEARMISS_DEBUG" in os.environ:
                raise
            say(_own_up(error))
            raise typer.Exit(1) from None

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, with lines drawn only where that is wanted."""
        self.rich_markup_mode = _choose_markup(ctx)
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands under the headings of their panels."""
        del ctx
        for panel in PANELS:
            rows = [
                (name, command.get_short_help_str(limit=80))
                for name, command in self.commands.items()
                if getattr(command, "rich_help_panel", None) == panel
            ]
            if rows:
                with formatter.section(panel):
                    formatter.write_dl(rows)


def _choose_markup(context: Any) -> Any:
    plain = "--plain" in sys.argv
    session = context.find_root().obj or Session(plain=plain)
    return "rich" if session.is_decorated and not plain else None


def _own_up(error: Exception) -> str:
    # Where it happened, never what was in hand: that may be the text of a report.
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}, line {place.tb_lineno}" if place else "unknown"
    return (
        f"Something went wrong inside nearmiss ({type(error).__name__} at {where}). "
        "What was saved before is safe. Please tell the makers this line. "
        "It holds nothing from your reports."
    )
