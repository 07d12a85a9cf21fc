"""Told, or only tried, where nobody can be asked: what each line itself says decides."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from nearmiss.errors import UsageProblem
from nearmiss.intake.reached import read_reached
from nearmiss.model.problems import Problem
from nearmiss.text import shorten, show_safely

Note = Callable[[str], None]  # is told, in words, what became of a line

TOLD = ("informed", "concern_informed")
_GLIMPSE = 120  # characters of a line that a sentence repeats
_read = lru_cache(1000)(read_reached)  # in many reports the same people are told


def sort_told(fields: Mapping[str, Any], note: Note) -> tuple[dict[str, Any], list[Problem]]:
    """Return ``fields`` with who was plainly not reached among those tried, and what is refused.

    A line that tells of somebody reached and of somebody not is refused: it can't be parted here.
    """
    sorted_fields, problems = dict(fields), list[Problem]()
    tried: list[str] = list(fields.get("tried") or ())
    for field in TOLD:
        lines = fields.get(field)
        if not isinstance(lines, list):
            continue
        told, missed, mixed = _sort(lines, note)
        sorted_fields[field] = told
        tried += missed
        problems += [Problem(field, _REFUSED.format(line=each)) for each in mixed[:1]]
    if tried:
        sorted_fields["tried"] = list(dict.fromkeys(tried))
    return sorted_fields, problems


def sort_later(fields: Mapping[str, Any], note: Note) -> dict[str, Any]:
    """Return the ``fields`` of a follow-up so sorted. Raises UsageProblem where it can't be."""
    found, problems = sort_told(fields, note)
    if problems:
        raise UsageProblem(f"{problems[0].reason}. Nothing was saved.")
    if not found.get("informed"):
        found = {name: each for name, each in found.items() if name not in ("informed", "told_of")}
    return found


def refuse_missed(fields: Mapping[str, Any]) -> None:
    """Refuse a correction by which somebody not reached would be told. Raises UsageProblem."""
    for line in (line for field in TOLD for line in fields.get(field) or ()):
        if _read(line).reach in ("missed", "both"):
            shown = shorten(show_safely(line), _GLIMPSE)
            raise UsageProblem(
                f'"{shown}" says that somebody was not reached. Write that with --tried, and with '
                "--informed who was reached, in words that say so. Nothing was saved."
            )


def _sort(lines: Sequence[str], note: Note) -> tuple[list[str], list[str], list[str]]:
    told, missed, mixed = list[str](), list[str](), list[str]()
    for line in lines:
        reach = _read(line).reach
        shown = shorten(show_safely(line), _GLIMPSE)
        if reach == "missed":
            missed.append(line)
            note(f'Noted as tried, not as told: "{shown}".')
        elif reach == "both":
            mixed.append(shown)
        elif reach == "nobody":
            note(f'"{shown}" is taken as: nobody.')
        else:
            told.append(line)
            if reach == "unsure":
                note(f'Counted as told: "{shown}". If nobody was reached, it belongs to --tried.')
    return told, missed, mixed


_REFUSED = (
    '"{line}" tells of somebody reached and of somebody not. Write who was told with --informed '
    "and who was not reached with --tried"
)
