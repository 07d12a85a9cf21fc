"""The help of the program and of each command, drawn with lines only where that is wanted."""

import sys
from typing import Any

from typer.core import TyperCommand

from nearmiss.session import Session


class Command(TyperCommand):
    """A command whose help is drawn with lines only where that is wanted."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        self.rich_markup_mode = choose_markup(ctx)
        super().format_help(ctx, formatter)


def choose_markup(context: Any) -> Any:
    """Return how help is drawn: typer's "rich" with lines, None without."""
    plain = "--plain" in sys.argv
    session = context.find_root().obj or Session(plain=plain)
    return "rich" if session.is_decorated and not plain else None
