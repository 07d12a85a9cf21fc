"""``nearmiss print``: a document on paper."""

from typing import Annotated, Literal

import typer

from nearmiss.commands.session import get_session
from nearmiss.commands.sharing import Audience, Wanted, share
from nearmiss.commands.sharing_options import BadOption

_References = Annotated[
    list[str] | None,
    typer.Argument(metavar="[REF]...", help="Which reports: 42, last. Default: last."),
]


def print_document(
    context: typer.Context,
    references: _References = None,
    audience: Annotated[
        Audience | None,
        typer.Option(
            "--for",
            help="Who will read it. Default: family, own for a chronology.",
            show_default=False,
        ),
    ] = None,
    meeting: Annotated[bool, typer.Option("--meeting", help="To talk over together.")] = False,
    chronology: Annotated[
        bool, typer.Option("--chronology", help="All in the order written.")
    ] = False,
    blank: Annotated[bool, typer.Option("--blank", help="An empty form.")] = False,
    form: Annotated[
        Literal["pdf", "html", "txt"], typer.Option("--format", help="What to make.")
    ] = "pdf",
) -> None:
    """Make a document to print: a report, a pack for a family meeting, an empty form.

    Example: nearmiss print --meeting --client MB
    """
    session = get_session(context)
    kinds: dict[str, bool] = {"meeting": meeting, "chronology": chronology, "blank": blank}
    chosen = [kind for kind, wanted in kinds.items() if wanted]
    if len(chosen) > 1:
        raise BadOption(option=f"--{chosen[1]}", reason=f"can't go with --{chosen[0]}.")
    kind = chosen[0] if chosen else "report"
    if kind == "report" and not references and not session.filter_options:
        references = ["last"]
    audience = audience or ("own" if kind == "chronology" else "family")
    share(session, Wanted(kind, audience, form, references or []))  # type: ignore[arg-type]
