"""The one place where an error becomes a sentence and an exit code."""

import os
import shlex
from pathlib import Path
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from nearmiss.errors import NearmissError, SteppedBack, SystemFault
from nearmiss.files import explain
from nearmiss.logbook.problems import BookFault
from nearmiss.options.misuse import Misuse, explain_misuse, name_command
from nearmiss.options.repeats import refuse_repeats
from nearmiss.speech import name_logbook, say

_INTERRUPTED = 130
_TYPED = "nearmiss.typed"  # under which a context keeps what was typed
_SAYING = ("follow-up", "correct", "erase")  # commands whose options hold a carer's words
_FEWEST = 3  # words of such a command: its name, which report, and something to say


class Boundary(TyperGroup):
    """The program as a whole, which no traceback leaves."""

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
        typed = tuple(args)
        try:
            rest = super().parse_args(ctx, args)
        except TyperException as error:
            name_command(error, ctx)
            raise
        refuse_repeats(self, ctx, typed)
        return rest

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was typed; every error ends in a sentence and an exit code."""
        name_logbook(ctx.params.get("logbook"))
        try:
            return super().invoke(ctx)
        except BookFault as problem:
            _end(_keep_typed(ctx, problem))
        except NearmissError as problem:
            _end(problem)
        except TyperException as error:
            _end(explain_misuse(error))
        except (SteppedBack, KeyboardInterrupt, EOFError, typer.Abort):
            raise typer.Exit(_INTERRUPTED) from None
        except (typer.Exit, BrokenPipeError):
            raise
        except OSError as error:
            if "NEARMISS_DEBUG" in os.environ:
                raise
            _end(_keep_typed(ctx, SystemFault(reason=_explain(error))))
        except Exception as error:
            if "NEARMISS_DEBUG" in os.environ:
                raise
            say(_own_up(error))
            raise typer.Exit(1) from None


def _explain(error: OSError) -> str:
    try:
        Path.cwd()
    except OSError:
        return "the folder that you are in is not there any more"
    return explain(error)


def _keep_typed(ctx: Any, problem: NearmissError) -> NearmissError:
    """Return the problem with where the command was kept, if it says what would be lost."""
    typed = ctx.meta.get(_TYPED, ())
    if ctx.invoked_subcommand not in _SAYING or ctx.obj is None or len(typed) < _FEWEST:
        return problem
    from nearmiss.interview.saving import keep_problem, type_command

    return keep_problem(problem, type_command(shlex.join(["nearmiss", *typed]), ctx.obj.drafts))


def _end(problem: NearmissError) -> NoReturn:
    say(str(problem))
    raise typer.Exit(problem.exit_code) from None


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
