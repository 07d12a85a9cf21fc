"""The command line: the commands in their panels."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from nearmiss import __version__
from nearmiss.commands.backup import backup
from nearmiss.commands.command import (
    AFTERWARDS,
    ANSWERS,
    EVERY_VISIT,
    FILTERS,
    HANDING,
    LATER,
    LOOKING_AFTER,
    PLAIN_HELP,
    SHARING,
    Command,
    Group,
    share_options,
)
from nearmiss.commands.correct import correct
from nearmiss.commands.demo import demo
from nearmiss.commands.erase import erase
from nearmiss.commands.export import export
from nearmiss.commands.follow_up import follow_up
from nearmiss.commands.guide import guide
from nearmiss.commands.import_file import import_file
from nearmiss.commands.list import list_reports
from nearmiss.commands.log import log
from nearmiss.commands.patterns import patterns
from nearmiss.commands.print import print_document
from nearmiss.commands.session import Session
from nearmiss.commands.setup import setup
from nearmiss.commands.show import show
from nearmiss.commands.similar import similar
from nearmiss.commands.start import say_how_to_begin
from nearmiss.commands.summary import summary
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
        say_how_to_begin(context.obj)


def _add(
    name: str,
    function: Callable[..., None],
    panel: str,
    *,
    filters: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
    handing: Mapping[str, Any] | None = None,
) -> None:
    command = share_options(function, filters=filters, answers=answers, handing=handing)
    app.command(name, cls=Command, rich_help_panel=panel)(command)


_add("log", log, EVERY_VISIT, answers=ANSWERS)
_add("list", list_reports, EVERY_VISIT, filters=FILTERS)
_add("show", show, EVERY_VISIT)
_add("follow-up", follow_up, AFTERWARDS, answers=LATER)
_add("correct", correct, AFTERWARDS, answers={**ANSWERS, **LATER})
_add("similar", similar, AFTERWARDS)
_add("patterns", patterns, AFTERWARDS)
_add("summary", summary, AFTERWARDS, filters=FILTERS)
_add("print", print_document, SHARING, filters=FILTERS, handing=HANDING)
_add("export", export, SHARING, filters=FILTERS, handing=HANDING)
_add("verify", verify, LOOKING_AFTER)
_add("backup", backup, LOOKING_AFTER)
_add("import", import_file, LOOKING_AFTER)
_add("erase", erase, LOOKING_AFTER, filters=FILTERS)
_add("setup", setup, LOOKING_AFTER)
_add("where", where, LOOKING_AFTER)
_add("guide", guide, LOOKING_AFTER)
_add("demo", demo, LOOKING_AFTER)
