"""The one place where an error becomes a sentence and an exit code."""

import os
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from nearmiss.errors import NearmissError
from nearmiss.speech import say

_INTERRUPTED = 130


class Boundary(TyperGroup):
    """The program as a whole, which no traceback leaves."""

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
