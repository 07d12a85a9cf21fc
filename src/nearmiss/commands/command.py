"""How a command is put together: the options that many share, and the boundary of errors."""

import inspect
import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, get_args

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from nearmiss.commands.completing import complete_client
from nearmiss.commands.session import Session, get_session
from nearmiss.errors import NearmissError
from nearmiss.model.wording import CATEGORIES
from nearmiss.speech import say

PANELS = ("Every visit", "Afterwards", "Sharing", "Looking after the logbook")
EVERY_VISIT, AFTERWARDS, SHARING, LOOKING_AFTER = PANELS
PLAIN_HELP = "No colour, no boxes; one question a line."
_INTERRUPTED = 130


def _text(help_text: str) -> Any:
    return Annotated[str | None, typer.Option(help=help_text, show_default=False)]


def _flag(name: str, help_text: str) -> Any:
    return Annotated[bool, typer.Option(name, help=help_text)]


PLAIN = {"plain": _flag("--plain", PLAIN_HELP)}
FILTERS = {
    "client": Annotated[
        str | None,
        typer.Option(help="Only this client.", show_default=False, autocompletion=complete_client),
    ],
    "since": _text("Only what happened from this day on: 1 March, 90 days."),
    "until": _text("Only what happened up to and on this day."),
    "category": _text(f"Only this kind: {', '.join(CATEGORIES)}."),
    "where": _text("Only places with these words in them."),
    "find": _text("Only reports with these words anywhere in them."),
    "open": _flag("--open", "Only reports that are not closed."),
    "not_informed": _flag("--not-informed", "Only reports that nobody was told of."),
    "safeguarding": _flag("--safeguarding", "Only safeguarding worries."),
}


def share_options(function: Callable[..., None], *, filters: bool = False) -> Callable[..., None]:
    """Return a command that also takes ``--plain`` and, where wanted, the filters.

    They go to the session, so that each command need not name them all.
    """
    shared = {**(FILTERS if filters else {}), **PLAIN}

    @wraps(function)
    def run(context: typer.Context, **options: Any) -> None:
        session = get_session(context)
        given = {name: value for name in shared if (value := options.pop(name, None))}
        session.plain = bool(given.pop("plain", session.plain))
        session.filter_options |= given
        function(context, **options)

    own = inspect.signature(function)
    added = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None if get_args(kind)[0] is not bool else False,
            annotation=kind,
        )
        for name, kind in shared.items()
    ]
    run.__signature__ = own.replace(parameters=[*own.parameters.values(), *added])  # type: ignore[attr-defined]
    run.__annotations__ = {**function.__annotations__, **shared}
    return run


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
