"""``print`` and ``export``: pages to print, and records to hand over."""

from dataclasses import replace
from typing import Annotated, Literal, get_args

from nearmiss.errors import UsageProblem
from nearmiss.model.questions import Audience
from nearmiss.options import (
    MAKE,
    WHO,
    DocumentKind,
    Drawn,
    Form,
    HandingOptions,
    References,
    WhichOptions,
    offer,
    read_filters,
)
from nearmiss.session import Session
from nearmiss.speech import is_conversation


def print_document(
    session: Session,
    filters: WhichOptions,
    handing: HandingOptions,
    references: References = None,
    audience: Annotated[
        Audience | None, offer(WHO, "Who will read it; a family, if not said.", "--for")
    ] = None,
    meeting: Annotated[bool, offer(MAKE, "A pack for a family meeting.", "--meeting")] = False,
    chronology: Annotated[bool, offer(MAKE, "All in order, a row each.", "--chronology")] = False,
    by_writing: Annotated[
        bool, offer(MAKE, "A chronology in the order written.", "--by-writing")
    ] = False,
    changeover: Annotated[bool, offer(MAKE, "A page for the next carer.", "--changeover")] = False,
    blank: Annotated[bool, offer(MAKE, "A form to fill in by hand.", "--blank")] = False,
    form: Annotated[Drawn, offer(MAKE, "What to write.", "--format")] = "pdf",
) -> None:
    """Make a page to print: a report, meeting pack, chronology, changeover, blank form.

    Example: nearmiss print last --large-print
    Example: nearmiss print --meeting --client MB --since "3 months"
    Example: nearmiss print --changeover --client MB
    """
    from nearmiss.sharing.hand_over import ask_at_terminal, hand_over
    from nearmiss.sharing.questions import READERS
    from nearmiss.sharing.request import read_request

    kind = _name_kind(meeting=meeting, chronology=chronology, changeover=changeover, blank=blank)
    if by_writing and not chronology:
        raise UsageProblem("--by-writing is for a chronology. Nothing was made. Add: --chronology")
    said = references or audience or kind != "report" or form != "pdf"
    if not (said or filters.any_given or handing.any_given) and is_conversation():
        ask_at_terminal(session.workplace)
        return
    if audience and changeover:
        raise UsageProblem(
            "A changeover is for the next carer, who sees what a family does. Nothing was made. "
            "Leave out --for"
        )
    whole = kind != "report" or references or filters.any_given
    request = read_request(
        kind,
        form,
        audience or READERS[kind],
        handing,
        references=tuple(references or (() if whole else ("last",))),
        filters=read_filters(filters, session.now(), session.settings.keep_years),
        today=session.today,
    )
    hand_over(replace(request, by_writing=by_writing), session.workplace)


def _name_kind(**chosen: bool) -> Literal[DocumentKind, "blank"]:
    kinds = [kind for kind in get_args(Literal[DocumentKind, "blank"]) if chosen.get(kind)]
    if len(kinds) > 1:
        raise UsageProblem(
            "Choose one of --meeting, --chronology, --changeover and --blank. Nothing was made."
        )
    return kinds[0] if kinds else "report"


def export(
    session: Session,
    filters: WhichOptions,
    handing: HandingOptions,
    references: References = None,
    audience: Annotated[Audience, offer(WHO, "Who will read it.", "--for")] = "professional",
    form: Annotated[Form, offer(MAKE, "What to write.", "--format")] = "pdf",
) -> None:
    """Hand records over: a handover for a GP or nurse, or data for their computer.

    Example: nearmiss export --client MB --format csv -o mb.csv
    Example: nearmiss export --client MB --to "Dr Shah" --basis direct_care --decided-by "Maria"
    Example: nearmiss export last --format html
    """
    from nearmiss.sharing.hand_over import ask_at_terminal, hand_over
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
        today=session.today,
    )
    hand_over(request, session.workplace)
