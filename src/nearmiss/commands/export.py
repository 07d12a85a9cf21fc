"""``nearmiss export``: records to hand over."""

from typing import Annotated, Literal

import typer

from nearmiss.commands.completing import References
from nearmiss.commands.session import get_session

Format = Literal["pdf", "html", "txt", "csv", "xlsx", "json", "jsonl", "fhir"]
Audience = Literal["professional", "family", "own"]


def export(
    context: typer.Context,
    references: References = None,
    audience: Annotated[Audience, typer.Option("--for", help="Who will read it.")] = "professional",
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = "pdf",
) -> None:
    """Hand records over: a handover for a GP or nurse, or data for their computer.

    Example: nearmiss export --client MB --format csv -o mb.csv
    """
    from nearmiss.commands.sharing import make_document, write_records

    session = get_session(context)
    if form in ("pdf", "html"):
        make_document(session, references or [], "handover", audience, form)
    else:
        write_records(session, references or [], audience, form)
