"""The command line: the commands in their panels."""

from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.main import get_command_from_info
from typer.models import CommandInfo

from nearmiss import __version__
from nearmiss.boundary import Boundary
from nearmiss.options.help import Command, Page, group_options
from nearmiss.options.unfold import PLAIN_HELP, unfold
from nearmiss.session import Session

# The commands in their panels, each with what it does, as its docstring begins. Help names all of
# them without loading one; the one that is typed is loaded.
PANELS = {
    "Every visit": {
        "log": "Write down a near miss. It takes two minutes.",
        "list": "Show the reports, newest first.",
        "show": "Show one report with its corrections and follow-ups.",
    },
    "Afterwards": {
        "follow-up": "Add what was done about a report: told, changed, found, closed.",
        "correct": "Put a report right. What stood there before stays readable.",
        "similar": "Show the three earlier reports of the same client that are most like one.",
        "patterns": "Show where similar near misses may be one problem.",
        "summary": "Count the reports: by month, kind, place and hour; what is still open.",
    },
    "Sharing": {
        "print": "Make a page to print: a report, a meeting pack, a chronology, a blank form.",
        "export": "Hand records over: a handover for a GP or nurse, or data for their computer.",
    },
    "Looking after the logbook": {
        "verify": "Check that no entry was changed, removed or moved.",
        "backup": "Copy the logbook, and check the copy.",
        "import": "Take in another device's logbook, a backup, or a spreadsheet saved as CSV.",
        "erase": "Erase reports for good, and leave a note that says so.",
        "setup": "Say who you are, once; change it at any time.",
        "where": "Show where the logbook is, how large it is, and what lies beside it.",
        "guide": "Read what a near miss is, how to word it, and whom to tell.",
        "demo": "Make a logbook filled with sample reports.",
    },
}
COMMANDS = {name: panel for panel, rows in PANELS.items() for name in rows}
# Where a module in commands/, or the function in it, can't be called as the command is.
_MODULES = {"import": "import_file"}
_FUNCTIONS = {"list": "list_reports", "print": "print_document", "import": "import_file"}


class Program(Boundary):
    """The commands, each loaded when it is wanted."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of that name, None where there is none."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            self.add_command(_load(cmd_name))
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that was typed. Raises UnknownCommand with what may be meant."""
        if args[:1] == ["help"]:
            if len(args) == 1:
                print(ctx.get_help())
                raise typer.Exit
            return self.resolve_command(ctx, [args[1], "--help"])
        if args and args[0] not in COMMANDS:
            from nearmiss.options.misuse import UnknownCommand

            raise UnknownCommand(typed=args[0], commands=COMMANDS)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help: the commands in their panels, then the options of the program."""
        page = Page(ctx)
        page.add_text(self.help or "")
        page.add_groups({panel: list(rows.items()) for panel, rows in PANELS.items()})
        page.add_groups(group_options(self.get_params(ctx)))
        page.add_text("More about one of them: nearmiss help log")
        formatter.write(str(page))


def _load(name: str) -> Any:
    plain = name.replace("-", "_")
    module = import_module(f"nearmiss.commands.{_MODULES.get(name, plain)}")
    function: Callable[..., None] = getattr(module, _FUNCTIONS.get(name, plain))
    info = CommandInfo(name, cls=Command, callback=unfold(function), rich_help_panel=COMMANDS[name])
    return get_command_from_info(info, pretty_exceptions_short=True, rich_markup_mode=None)


app = typer.Typer(
    name="nearmiss",
    cls=Program,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"nearmiss {__version__}")
        raise typer.Exit


@app.callback()
def begin(
    context: typer.Context,
    logbook: Annotated[
        str | None, typer.Option(metavar="PATH", help="The logbook file to work on.")
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help=PLAIN_HELP)] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Keep a logbook of near misses.

    A near miss could have led to harm but did not. Writing it down takes two minutes.

    To begin, type: nearmiss
    """
    context.obj = Session(chosen_logbook=logbook, plain=plain)
    if context.invoked_subcommand is None:
        from nearmiss.conversations.desk import open_desk

        open_desk(context.obj)
