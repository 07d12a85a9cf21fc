"""``nearmiss export``: records to hand over."""

from typing import Annotated, Literal

import typer

from nearmiss.commands.session import get_session
from nearmiss.commands.sharing import Audience, Wanted, share

Format = Literal["pdf", "html", "txt", "csv", "xlsx", "json", "jsonl", "fhir"]


def export(
    context: typer.Context,
    references: Annotated[
        list[str] | None, typer.Argument(metavar="[REF]...", help="Which reports. Default: all.")
    ] = None,
    audience: Annotated[Audience, typer.Option("--for", help="Who will read it.")] = "professional",
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = "pdf",
) -> None:
    """Hand records over: to a GP, a nurse, or for yourself.

    Example: nearmiss export --client MB --format csv -o mb.csv
    """
    share(get_session(context), Wanted("handover", audience, form, references or []))
