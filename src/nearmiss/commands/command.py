"""How a command is put together: the options that many share, and the boundary of errors."""

import os
import sys
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException

from nearmiss.commands.session import Session, get_session
from nearmiss.errors import NearmissError
from nearmiss.model.wording import CATEGORIES
from nearmiss.speech import say

PANELS = ("Every visit", "Afterwards", "Sharing", "Looking after the logbook")
EVERY_VISIT, AFTERWARDS, SHARING, LOOKING_AFTER = PANELS
PLAIN_HELP = "No colour, no boxes; one question a line."
_INTERRUPTED = 130


def add_option(
    name: str, help_text: str, keep: Callable[[Session, Any], None], *, is_flag: bool = False
) -> TyperOption:
    """Return an option whose value goes to the session instead of to the command's function."""

    def keep_value(context: Any, _: Any, value: Any) -> None:
        if value:
            keep(get_session(context), value)

    return TyperOption(
        param_decls=[name],
        help=help_text,
        is_flag=is_flag,
        default=False if is_flag else None,
        expose_value=False,
        callback=keep_value,
        show_default=False,
    )


def _filter(name: str, help_text: str, *, is_flag: bool = False) -> TyperOption:
    key = name.strip("-").replace("-", "_")

    def keep(session: Session, value: Any) -> None:
        session.filter_options[key] = value

    return add_option(name, help_text, keep, is_flag=is_flag)


def _set_plain(session: Session, _: Any) -> None:
    session.plain = True


class Command(TyperCommand):
    """A command that takes ``--plain`` like the program itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += self.shared_options()
        self.params.append(add_option("--plain", PLAIN_HELP, _set_plain, is_flag=True))

    def shared_options(self) -> list[TyperOption]:
        """Return the options that this sort of command takes beside its own."""
        return []

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, with lines drawn only where that is wanted."""
        self.rich_markup_mode = _choose_markup(ctx)
        super().format_help(ctx, formatter)


class FilteringCommand(Command):
    """A command that chooses among the reports; the filters are in ``session.filters``."""

    def shared_options(self) -> list[TyperOption]:
        """Return the filters, the same for every such command."""
        return [
            _filter("--client", "Only this client."),
            _filter("--since", "Only what happened from this day on: 1 March, 90 days."),
            _filter("--until", "Only what happened up to and on this day."),
            _filter("--category", f"Only this kind: {', '.join(CATEGORIES)}."),
            _filter("--where", "Only places with these words in them."),
            _filter("--find", "Only reports with these words anywhere in them."),
            _filter("--open", "Only reports that are not closed.", is_flag=True),
            _filter("--not-informed", "Only reports that nobody was told of.", is_flag=True),
            _filter("--safeguarding", "Only safeguarding worries.", is_flag=True),
        ]


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
