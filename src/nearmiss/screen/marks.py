"""What is to be seen of a report at once: what presses, in colour, and what is still to do.

Colour marks only harm, safeguarding and that nobody was told. Red and magenta can be read on
dark, light and Solarized; grey and "bright black" can not.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nearmiss.dates.shown import echo_day
from nearmiss.records.history import Record

if TYPE_CHECKING:
    from rich.text import Text

_URGENT, _PRESSING, _PLAIN = "bold red", "bold magenta", "bold"


@dataclass(frozen=True)
class Mark:
    """One thing to be seen at once, and the style that shows it."""

    text: str
    style: str


def list_marks(record: Record) -> list[Mark]:
    """Return what is to be seen at once of a report, what presses most first."""
    step = record.next_step
    due = f" by {echo_day(step.due)}" if step and step.due else ""
    marks = [
        (bool(record.harm_found), Mark("harm found later", _URGENT)),
        (record.report.safeguarding, Mark("safeguarding", _URGENT)),
        (not record.informed, Mark("nobody told", _PRESSING)),
        (step is not None, Mark(f"next step{due}", _PLAIN)),
        (
            record.care_plan_waiting is not None,
            Mark("care plan review asked for, not answered", _PLAIN),
        ),
        (not record.is_open, Mark("closed", _PLAIN)),
    ]
    return [mark for stands, mark in marks if stands]


def draw_marks(record: Record) -> "Text":
    """Return the marks of a report on a line, in colour."""
    from rich.text import Text

    return Text(", ").join(Text(mark.text, style=mark.style) for mark in list_marks(record))


def tell_marks(record: Record) -> str:
    """Return the status of a report and its marks in words: ``open, nobody told``."""
    others = (mark.text for mark in list_marks(record) if mark.text != record.status)
    return ", ".join((record.status, *others))
