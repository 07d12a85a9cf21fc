"""The blank form: the same ten questions, to be answered by hand."""

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
    Table,
    Words,
)
from nearmiss.model.wording import CATEGORY_LABELS, QUESTIONS

# How many lines each question has to be written on; the others are answered in their own way.
_LINES = {"what_nearly_happened": 5, "how_prevented": 2, "immediate_action": 3}


def build_form(*, paper: str, large: bool) -> Document:
    """Return the form; ``paper`` is A4 or Letter, ``large`` for large print."""
    blocks = (
        Notice("Hurt or not sure? 999 / 111 first."),
        Boxes("", ("Near miss", "Someone was hurt: incident")),
        *(block for number, field in enumerate(QUESTIONS, 1) for block in _ask(number, field)),
        Boxes("I know this because", ("I saw it", "I was told by:")),
        Blanks((Blank("Written on"), Blank("at"))),
        Blanks((Blank("Name, role", width=3), Blank("Signature", width=3))),
        Lines("Follow-up", 2),
        Lines("Harm found later", 2),
        Blanks((Blank("Entered in the logbook as"),)),
        Words("Keep private. When in doubt, escalate.", "strong"),
    )
    return Document(
        "form",
        "Near miss record",
        "No full names of others. What was seen and done, in plain words.",
        blocks,
        "Near miss record",
        paper=paper,
        large=large,
    )


def _ask(number: int, field: str) -> Iterator[Block]:
    question = QUESTIONS[field]
    yield Heading(f"{number}. {question.ask}")
    yield Words(question.help, "small")
    if field == "category":
        yield Boxes("", tuple(CATEGORY_LABELS.values()))
    elif field == "safeguarding":
        yield Boxes("", ("yes", "no", "not sure: the same as yes"))
    elif field == "informed":
        yield Table(("Who", "How", "When"), (("", "", ""),) * 2, (4, 3, 3))
    elif field == "occurred_at":
        yield Blanks((Blank("Day"), Blank("Time")))
    else:
        yield Lines("", _LINES.get(field, 1))
