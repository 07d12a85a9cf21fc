"""``nearmiss export``: records to hand over."""

from typing import Annotated, get_args

import typer

from nearmiss.model.wording import Audience
from nearmiss.options.completion import References
from nearmiss.options.filters import FilterOptions, read_filters
from nearmiss.options.groups import MAKE, WHO
from nearmiss.options.handing import Drawn, Form, HandingOptions
from nearmiss.session import Session
from nearmiss.speech import is_conversation


def export(
    session: Session,
    filters: FilterOptions,
    handing: HandingOptions,
    references: References = None,
    audience: Annotated[
        Audience, typer.Option("--for", help="Who will read it.", rich_help_panel=WHO)
    ] = "professional",
    form: Annotated[
        Form, typer.Option("--format", help="What to write.", rich_help_panel=MAKE)
    ] = "pdf",
) -> None:
    """Hand records over: a handover for a GP or nurse, or data for their computer.

    Example: nearmiss export --client MB --format csv -o mb.csv
    Example: nearmiss export --client MB --name "Mary Brown" --to "Dr Shah"
    Example: nearmiss export last --format html
    """
    from nearmiss.sharing.handing_over import ask_at_terminal, hand_over
    from nearmiss.sharing.request import read_request

    said = references or audience != "professional" or form != "pdf"
    if not (said or filters.any_given or handing.any_given) and is_conversation():
        ask_at_terminal(session.workplace, "handover")
        return
    request = read_request(
        "handover" if form in get_args(Drawn) else "records",
        form,
        audience,
        handing,
        references=tuple(references or ()),
        filters=read_filters(filters, session.now(), session.settings.keep_years),
        today=session.now().date(),
    )
    hand_over(request, session.workplace)
