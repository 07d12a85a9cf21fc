"""``nearmiss export``: records to hand over."""

from typing import Annotated, Literal

import typer

from nearmiss.commands.completing import References
from nearmiss.commands.handover import deliver, keep_to_one_client
from nearmiss.commands.session import get_session

Format = Literal["csv", "json", "jsonl", "txt"]
Audience = Literal["professional", "own"]


def export(
    context: typer.Context,
    references: References = None,
    audience: Annotated[Audience, typer.Option("--for", help="Who will read it.")] = "professional",
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = "txt",
    output: Annotated[
        str | None, typer.Option("-o", metavar="FILE", help="Where to; - is the screen.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over that file.")] = False,
    skip_damaged: Annotated[
        bool, typer.Option("--skip-damaged", help="Leave out what can't be read.")
    ] = False,
) -> None:
    """Hand records over: to a GP, a nurse, or for yourself.

    Example: nearmiss export --client MB --format csv -o mb.csv
    """
    from nearmiss.documents.formats import FORMATS

    session = get_session(context)
    records = session.choose_records(references or [])
    if audience != "own":
        records = keep_to_one_client(records)
    chunks = FORMATS[form](session.require_some(records))
    deliver(chunks, output, force=force, check=lambda: session.refuse_damage(skip=skip_damaged))
