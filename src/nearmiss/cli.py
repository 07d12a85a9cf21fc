"""The command line: the commands in their panels."""

from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.main import get_command_from_info
from typer.models import CommandInfo

from nearmiss import __version__
from nearmiss.boundary import Boundary
from nearmiss.options.help import Command, Page, group_options
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
        for panel in PANELS:
            names = [name for name, row in COMMANDS.items() if row.panel == panel]
            page.add_rows(panel, [(name, self._describe(ctx, name)) for name in names])
        for heading, rows in group_options(self.get_params(ctx)).items():
            page.add_rows(heading, rows)
        page.add_text("More about one of them: nearmiss help log")
        formatter.write(str(page))

    def _describe(self, context: Any, name: str) -> str:
        return str(self.get_command(context, name).help).partition("\n\n")[0]


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
