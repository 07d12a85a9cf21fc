"""``nearmiss print``: a document on paper."""

from typing import Annotated, Literal

import typer

from nearmiss.commands.completing import References
from nearmiss.commands.session import get_session
from nearmiss.errors import UsageProblem


class OneKindOnly(UsageProblem):
    """Two kinds of document were asked for at once."""

    def __init__(self) -> None:
        super().__init__("Choose one of --meeting, --chronology and --blank. Nothing was made.")


def print_document(
    context: typer.Context,
    references: References = None,
    audience: Annotated[
        Literal["own", "family", "professional"] | None,
        typer.Option("--for", help="Who will read it; a family, if not said."),
    ] = None,
    meeting: Annotated[
        bool, typer.Option("--meeting", help="A pack for a family meeting.")
    ] = False,
    chronology: Annotated[
        bool, typer.Option("--chronology", help="All in the order written.")
    ] = False,
    blank: Annotated[bool, typer.Option("--blank", help="A form to fill in by hand.")] = False,
    form: Annotated[
        Literal["pdf", "html", "txt"], typer.Option("--format", help="What to write.")
    ] = "pdf",
) -> None:
    """Make a page to print: a report, a meeting pack, a chronology, a blank form.

    Example: nearmiss print last --large-print
    """
    from nearmiss.commands.sharing import make_blank, make_document

    if meeting + chronology + blank > 1:
        raise OneKindOnly
    session = get_session(context)
    if blank:
        make_blank(session, form)
        return
    kind = "meeting" if meeting else "chronology" if chronology else "report"
    whole = kind != "report" or references or session.filter_options
    reader = audience or ("own" if chronology else "family")
    chosen = references or ([] if whole else ["last"])
    make_document(session, chosen, kind, reader, form)
