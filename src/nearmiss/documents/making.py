"""Documents from records: which there are, and the formats that they are drawn in."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from nearmiss.documents.blank import build_blank
from nearmiss.documents.blocks import Document
from nearmiss.documents.brief import Brief
from nearmiss.documents.chronology import build_chronology
from nearmiss.documents.handover import build_handover
from nearmiss.documents.html import render_html
from nearmiss.documents.meeting import build_meeting
from nearmiss.documents.pdf import render_pdf
from nearmiss.documents.plain_data import encode_full
from nearmiss.documents.plain_text import render_text
from nearmiss.documents.report import build_report
from nearmiss.history import Record

Kind = Literal["report", "meeting", "handover", "chronology", "blank"]
DRAWN = ("pdf", "html", "txt")

_BUILDERS: dict[str, Callable[[Sequence[Record], Brief], Document]] = {
    "report": build_report,
    "meeting": build_meeting,
    "handover": build_handover,
    "chronology": build_chronology,
    "blank": lambda _, brief: build_blank(brief),
}


def build_document(kind: Kind, records: Sequence[Record], brief: Brief) -> Document:
    """Return a document about the records, which are what its reader may see."""
    document = _BUILDERS[kind](records, brief)
    attached = ""
    if brief.rules.attached and records:
        attached = f"[{','.join(encode_full(record).decode() for record in records)}]"
    return replace(document, paper=brief.paper, large=brief.large, attached=attached)


def render(document: Document, form: str, own: Path | None = None) -> tuple[bytes, str]:
    """Return the document in a format, and the characters that no font here could show.

    ``own`` is the folder of the carer's templates. Raises BrokenTemplate.
    """
    if form == "pdf":
        return render_pdf(document, own)
    if form == "html":
        return render_html(document, own), ""
    return render_text(document).encode(), ""
