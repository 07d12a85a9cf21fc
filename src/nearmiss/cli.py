"""The command line: the commands in their panels."""

from typing import Annotated

import typer

from nearmiss import __version__
from nearmiss.commands.command import (
    EVERY_VISIT,
    LOOKING_AFTER,
    PLAIN_HELP,
    SHARING,
    Command,
    FilteringCommand,
    Group,
)
from nearmiss.commands.export import export
from nearmiss.commands.list import list_reports
from nearmiss.commands.log import log
from nearmiss.commands.session import Session
from nearmiss.commands.setup import setup
from nearmiss.commands.show import show
from nearmiss.commands.start import say_how_to_begin
from nearmiss.commands.verify import verify
from nearmiss.commands.where import where

app = typer.Typer(
    name="nearmiss",
    cls=Group,
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
    version: Annotated[  # noqa: ARG001 - handled before the command runs
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """A near-miss logbook for carers.

    A near miss could have led to harm but did not. Writing it down takes two minutes.

    To begin: nearmiss log
    """
    context.obj = Session(chosen_logbook=logbook, plain=plain)
    if context.invoked_subcommand is None:
        say_how_to_begin(context)


app.command("log", cls=Command, rich_help_panel=EVERY_VISIT)(log)
app.command("list", cls=FilteringCommand, rich_help_panel=EVERY_VISIT)(list_reports)
app.command("show", cls=Command, rich_help_panel=EVERY_VISIT)(show)
app.command("export", cls=FilteringCommand, rich_help_panel=SHARING)(export)
app.command("verify", cls=Command, rich_help_panel=LOOKING_AFTER)(verify)
app.command("setup", cls=Command, rich_help_panel=LOOKING_AFTER)(setup)
app.command("where", cls=Command, rich_help_panel=LOOKING_AFTER)(where)
