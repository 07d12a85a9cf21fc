"""The command line: the commands, and the one place where an error becomes a sentence."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import wraps
from importlib import import_module
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, NamedTuple, NoReturn, get_type_hints

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command_from_info
from typer.models import CommandInfo

from nearmiss import __version__
from nearmiss.errors import BookFault, NearmissError, SteppedBack
from nearmiss.files import explain
from nearmiss.session import Session
from nearmiss.speech import name_logbook, say
from nearmiss.usage import (
    Command,
    Misuse,
    Page,
    explain_misuse,
    explain_unknown,
    group_options,
    read_arguments,
)

_INTERRUPTED = 130
_TYPED = "nearmiss.typed"  # under which a context keeps what was typed
# Commands whose options hold a carer's words.
_SAYING = ("follow-up", "correct", "similar", "erase")


def _list_typed(ctx: Any) -> tuple[str, ...]:
    """Return the command that was typed, with what follows it, where it holds a carer's words."""
    typed = ctx.meta.get(_TYPED, ())
    if ctx.invoked_subcommand not in _SAYING:
        return ()
    said = typed[typed.index(ctx.invoked_subcommand) :]
    is_said = any(word.startswith("-") and word not in ("--plain", "--json") for word in said)
    return said if is_said else ()  # else it was to be asked, or shown


def _keep_typed(ctx: Any, problem: NearmissError) -> NearmissError:
    """Return the problem with where the command was kept, if it says what would be lost."""
    if not (ctx.obj and ctx.obj.typed):
        return problem
    from nearmiss.interview.saving import keep_problem

    return keep_problem(problem, ctx.obj.type_command())


def _forget_kept(ctx: Any) -> None:
    """Remove what was kept of this command when it could not be carried out."""
    if ctx.obj and ctx.obj.typed:
        with suppress(NearmissError, OSError):  # there is no place where it could have been kept
            ctx.obj.type_command().forget()


def _end(problem: NearmissError) -> NoReturn:
    say(str(problem))
    raise typer.Exit(problem.exit_code) from None


def _end_stopped(stopped: BaseException) -> NoReturn:
    """End as she asked; or with a word where what Python keeps of a file was cut off."""
    if "marshal" in str(stopped):
        _end(NearmissError(_TORN))
    raise typer.Exit(_INTERRUPTED) from None


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


PLAIN_HELP = "No colour, no boxes; one question a line."
_PLAIN = Parameter(
    "plain",
    Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[bool, typer.Option("--plain", help=PLAIN_HELP)],
)
_CONTEXT = Parameter("context", Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)


def unfold(command: Callable[..., None]) -> Callable[..., None]:
    """Return ``command`` as typer reads it: each set of options written out, and ``--plain``.

    ``command`` takes the session first. A parameter whose type is a frozen dataclass is a set of
    options; it is handed over whole. An option that stands in two sets is given to both.
    """
    hints = get_type_hints(command, include_extras=True)
    own = {name: hints[name] for name in signature(command).parameters if name != "session"}

    @wraps(command)
    def run(context: typer.Context, *, plain: bool, **given: Any) -> None:
        session: Session = context.find_root().obj
        session.plain = session.plain or plain
        for name, kind in own.items():
            if is_dataclass(kind):
                make: Any = kind
                given[name] = make(**{each.name: given[each.name] for each in fields(kind)})
        command(session, **{name: given[name] for name in own})

    offered: dict[str, tuple[Any, Any]] = {}  # each with its type and its default
    for name, kind in own.items():
        if is_dataclass(kind):
            written_out = get_type_hints(kind, include_extras=True)
            for each in fields(kind):
                offered.setdefault(each.name, (written_out[each.name], each.default))
        else:
            offered[name] = kind, signature(command).parameters[name].default
    options = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in offered.items()
    ]
    parameters = [_CONTEXT, *options, _PLAIN]
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


class Listed(NamedTuple):
    """A command: the panel that help shows it in, where its function is, and what it does.

    ``place`` is a module in ``commands`` and the function in it; ``help`` is how the function's
    docstring begins, so that help names all commands without loading one.
    """

    panel: str
    place: str
    help: str


_VISIT, _AFTER = "Every visit", "Afterwards"
_SHARING, _KEEPING = "Sharing", "Looking after the logbook"
# fmt: off
COMMANDS = {
    "log": Listed(_VISIT, "log.log", "Write down a near miss. It takes two minutes."),
    "list": Listed(_VISIT, "look.list_reports", "Show the reports, newest first."),
    "show": Listed(_VISIT, "look.show", "Show one report with its corrections and follow-ups."),
    "follow-up": Listed(_AFTER, "later.follow_up",
        "Add what was done about a report: told, changed, found, closed."),
    "correct": Listed(_AFTER, "correct.correct",
        "Put a report right. What stood there before stays readable."),
    "similar": Listed(_AFTER, "hazards.similar",
        "Show the three earlier reports of the same client that are most like one."),
    "patterns": Listed(_AFTER, "hazards.patterns",
        "Show where similar near misses may be one problem."),
    "summary": Listed(_AFTER, "look.summary",
        "Count the reports: by month, kind, place and hour; what is still open."),
    "print": Listed(_SHARING, "share.print_document",
        "Make a page to print: a report, meeting pack, chronology, changeover, blank form."),
    "export": Listed(_SHARING, "share.export",
        "Hand records over: a handover for a GP or nurse, or data for their computer."),
    "verify": Listed(_KEEPING, "verify.verify",
        "Check that no entry was changed, removed or moved."),
    "backup": Listed(_KEEPING, "keep.backup", "Copy the logbook, and check the copy."),
    "restore": Listed(_KEEPING, "restore.restore",
        "Put your own logbook back from a backup, where there is none."),
    "import": Listed(_KEEPING, "import_file.import_file",
        "Take in another carer's logbook, or a spreadsheet (CSV or XLSX)."),
    "erase": Listed(_KEEPING, "erase.erase",
        "Erase reports for good, and leave a note that says so."),
    "setup": Listed(_KEEPING, "keep.setup", "Say who you are, once; change it at any time."),
    "where": Listed(_KEEPING, "keep.where",
        "Show where the logbook is, how large it is, and what lies beside it."),
    "guide": Listed(_KEEPING, "guide.guide",
        "Read what a near miss is, how to word it, and whom to tell."),
    "demo": Listed(_KEEPING, "keep.demo", "Make a logbook filled with sample reports."),
}
# fmt: on


_TORN = (
    "A file of the program itself is cut off, as when a disk was full. Your logbook is as it was. "
    "Install nearmiss again, then do this once more."
)


class Program(TyperGroup):
    """The commands, each loaded when it is wanted; no traceback leaves it."""

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> Any:
        """Read the program's own options; what can't be understood ends in a sentence."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except TyperException as error:
            _end(explain_misuse(error))
        except Misuse as problem:
            _end(problem)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was typed; an error that it raises knows the program."""
        ctx.meta[_TYPED] = tuple(args)
        return read_arguments(self, super().parse_args, ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was typed; every error ends in a sentence and an exit code."""
        name_logbook(ctx.params.get("logbook"))
        try:
            done = super().invoke(ctx)
            _forget_kept(ctx)
            return done
        except BookFault as problem:
            _end(_keep_typed(ctx, problem))
        except NearmissError as problem:
            _end(problem)
        except TyperException as error:
            _end(explain_misuse(error))
        except (SteppedBack, KeyboardInterrupt, EOFError, typer.Abort) as stopped:
            _end_stopped(stopped)
        except (typer.Exit, BrokenPipeError):
            raise
        except OSError as error:
            if "NEARMISS_DEBUG" in os.environ:
                raise
            sentence = f"This could not be done: {explain(error)}. What is saved stays saved."
            _end(_keep_typed(ctx, NearmissError(sentence)))
        except Exception as error:
            if "NEARMISS_DEBUG" in os.environ:
                raise
            say(_own_up(error))
            raise typer.Exit(1) from None

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of that name, None where there is none."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            row = COMMANDS[cmd_name]
            module, _, function = row.place.partition(".")
            callback = unfold(getattr(import_module(f"nearmiss.commands.{module}"), function))
            info = CommandInfo(cmd_name, cls=Command, callback=callback, rich_help_panel=row.panel)
            self.add_command(
                get_command_from_info(info, pretty_exceptions_short=True, rich_markup_mode=None)
            )
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that was typed. Raises Misuse with what may be meant."""
        if args[:1] == ["help"]:
            if len(args) == 1:
                print(ctx.get_help())
                raise typer.Exit
            return self.resolve_command(ctx, [args[1], "--help"])
        if args and args[0] not in COMMANDS:
            raise explain_unknown(args[0], COMMANDS)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help: the commands in their panels, then the options of the program."""
        page = Page(ctx)
        page.add_text(self.help or "")
        page.add_groups(list_panels())
        page.add_groups(group_options(self.get_params(ctx)))
        page.add_text("More about one of them: nearmiss help log")
        formatter.write(str(page))


def list_panels() -> dict[str, list[tuple[str, str]]]:
    """Return the commands of each panel in their order, each with what it does."""
    panels: dict[str, list[tuple[str, str]]] = {}
    for name, row in COMMANDS.items():
        panels.setdefault(row.panel, []).append((name, row.help))
    return panels


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
    new_book: Annotated[
        bool, typer.Option("--new-book", help="Begin a new logbook where the old one is gone.")
    ] = False,
    written_about: Annotated[str, typer.Option("--written-about", hidden=True)] = "",
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
    context.obj = Session(logbook, plain, new_book, written_about, _list_typed(context))
    if context.invoked_subcommand is None:
        from nearmiss.commands.desk import open_desk

        open_desk(context.obj)
