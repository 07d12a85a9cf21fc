"""The blank form: the questions of a report on paper, for where there is no computer."""

from collections.abc import Iterator

from nearmiss.documents.blocks import (
    Blank,
    Blanks,
    Block,
    Boxes,
    Document,
    Heading,
    Lines,
    Notice,
    Part,
    Table,
    Words,
)
from nearmiss.model.wording import CATEGORY_LABELS, QUESTIONS

_LINES = {"what_nearly_happened": 5, "how_prevented": 2, "immediate_action": 3}
_TOLD_ROWS = 3


def build_form(*, emergency: str, carer: str, paper: str, large: bool) -> Document:
    """Return the form.

    ``emergency`` are the numbers to ring first, ``carer`` a name or empty, ``paper`` A4 or Letter,
    ``large`` for large print.
    """
    blocks = [
        Boxes("", ("Near miss: nobody was hurt", "Incident: someone was hurt")),
        Notice(f"Hurt or not sure? {emergency} first. The record can wait."),
        *_ask_all(),
        *_end(carer),
    ]
    return Document(
        "form",
        "Near miss record",
        "",
        tuple(blocks),
        "Near miss record · Keep private",
        label="Near miss record, to fill in by hand",
        paper=paper,
        large=large,
    )


def _ask_all() -> Iterator[Part]:
    for number, (field, question) in enumerate(QUESTIONS.items(), start=1):
        help_text = Words(question.help, "small")
        yield Part(f"{number}. {question.ask}", (help_text, *_make_room(field)))


def _make_room(field: str) -> tuple[Block, ...]:
    if field == "category":
        return (Boxes("", tuple(CATEGORY_LABELS.values())),)
    if field == "safeguarding":
        council = Blanks((Blank("The council's number for this"),))
        return (Boxes("", ("Yes", "No", "Not sure: the same as yes")), council)
    if field == "informed":
        return (Table(("Who", "How", "When"), (("", "", ""),) * _TOLD_ROWS, (3, 2, 2)),)
    if field == "occurred_at":
        return (Blanks((Blank("Date", width=3), Blank("Time", width=2))), Boxes("", ("about",)))
    told = (Boxes("", ("I saw it",)), Blanks((Blank("I was told by"),)))
    return (Lines("", _LINES.get(field, 1)), *(told if field == "what_nearly_happened" else ()))


def _end(carer: str) -> Iterator[Block]:
    yield Blanks((Blank("Written on", width=3), Blank("at", width=2)))
    yield Blanks((Blank("Name, role", carer, 3), Blank("Signature", width=3)))
    yield Heading("Afterwards")
    yield Lines("Follow-up", 2)
    yield Lines("Harm found later", 1)
    yield Blanks((Blank("Entered in the logbook as"),))
    yield Words("Keep private. When in doubt, escalate.", "strong")
