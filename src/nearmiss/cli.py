"""The command line: the commands in their panels."""

from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.main import get_command_from_info
from typer.models import CommandInfo

from nearmiss import __version__
from nearmiss.boundary import Boundary
from nearmiss.options.help import Command, choose_markup
from nearmiss.options.unfold import PLAIN_HELP, unfold
from nearmiss.session import Session

PANELS = ("Every visit", "Afterwards", "Sharing", "Looking after the logbook")
EVERY_VISIT, AFTERWARDS, SHARING, LOOKING_AFTER = PANELS


class _Row(NamedTuple):
    module: str  # in commands/
    function: str
    panel: str


# Each command by the name that is typed. Only the one that runs is loaded.
COMMANDS = {
    "log": _Row("log", "log", EVERY_VISIT),
    "list": _Row("list", "list_reports", EVERY_VISIT),
    "show": _Row("show", "show", EVERY_VISIT),
    "follow-up": _Row("follow_up", "follow_up", AFTERWARDS),
    "correct": _Row("correct", "correct", AFTERWARDS),
    "similar": _Row("similar", "similar", AFTERWARDS),
    "patterns": _Row("patterns", "patterns", AFTERWARDS),
    "summary": _Row("summary", "summary", AFTERWARDS),
    "print": _Row("print", "print_document", SHARING),
    "export": _Row("export", "export", SHARING),
    "verify": _Row("verify", "verify", LOOKING_AFTER),
    "backup": _Row("backup", "backup", LOOKING_AFTER),
    "import": _Row("import_file", "import_file", LOOKING_AFTER),
    "erase": _Row("erase", "erase", LOOKING_AFTER),
    "setup": _Row("setup", "setup", LOOKING_AFTER),
    "where": _Row("where", "where", LOOKING_AFTER),
    "guide": _Row("guide", "guide", LOOKING_AFTER),
    "demo": _Row("demo", "demo", LOOKING_AFTER),
}


class Program(Boundary):
    """The commands, each loaded when it is wanted."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of that name, None where there is none."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            self.add_command(_load(cmd_name, COMMANDS[cmd_name]))
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that was typed; for a misspelt one, the error names what is near."""
        if args and args[0] not in COMMANDS:
            for name in COMMANDS:
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, with lines drawn only where that is wanted."""
        self.rich_markup_mode = choose_markup(ctx)
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands under the headings of their panels."""
        for panel in PANELS:
            rows = [
                (name, self.get_command(ctx, name).get_short_help_str(limit=80))
                for name, row in COMMANDS.items()
                if row.panel == panel
            ]
            with formatter.section(panel):
                formatter.write_dl(rows)


def _load(name: str, row: _Row) -> Any:
    function: Callable[..., None] = getattr(
        import_module(f"nearmiss.commands.{row.module}"), row.function
    )
    info = CommandInfo(name, cls=Command, callback=unfold(function), rich_help_panel=row.panel)
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

    To begin: nearmiss log
    """
    context.obj = Session(chosen_logbook=logbook, plain=plain)
    if context.invoked_subcommand is None:
        from nearmiss.commands.desk import say_how_to_begin

        say_how_to_begin(context.obj)
