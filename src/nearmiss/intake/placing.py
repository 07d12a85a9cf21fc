"""Which rows of a spreadsheet are new to a book, and where each of them came from."""

import hashlib
import json
from collections.abc import Sequence

from nearmiss.logbook.importing import Known, Origin
from nearmiss.model.entries import Content, Erased, ReportFields

Row = tuple[ReportFields, dict[str, str]]  # a report, and what stands beside its fields
_TEXTS = ("what_nearly_happened", "how_prevented", "immediate_action")
_SAME_WORDS = 2  # of these texts; two reports may both be prevented by luck
_NAMES = {
    "id": "origin_id",
    "recorded_at": "origin_recorded_at",
    "recorded_by": "origin_recorded_by",
}


def place_rows(rows: Sequence[Row], known: Known) -> list[tuple[Content, Origin]]:
    """Return those rows that the book does not hold yet, each with where it came from."""
    placed: list[tuple[Content, Origin]] = []
    seen = set(known.by_seal)
    for report, beside in rows:
        origin = _make_origin(report, beside)
        if origin["origin_seal"] not in seen and not _stands_here(report, beside, known):
            seen.add(origin["origin_seal"])
            placed.append((report, origin))
    return placed


def find_repeated(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Return the rows that say what an earlier one says, each with that one; the first row is 0."""
    first: dict[str, int] = {}
    found = []
    for place, (report, _) in enumerate(rows):
        earlier = first.setdefault(_digest(report), place)
        if earlier != place:
            found.append((place, earlier))
    return found


def _stands_here(report: ReportFields, beside: dict[str, str], known: Known) -> bool:
    """Whether a row is a report of this book: its number, its time of writing, some of its words.

    The number alone does not say so: copies of a book that went on apart use the same ones. Not
    all words have to be the same: it may have been corrected.
    """
    for same in known.reports.get(beside.get("id", ""), ()):
        if isinstance(same, Erased):
            return True
        written = (same.recorded_at, same.origin_recorded_at, None, "")
        same_words = sum(getattr(report, name) == getattr(same, name) for name in _TEXTS)
        if beside.get("recorded_at") in written and same_words >= _SAME_WORDS:
            return True
    return False


def _make_origin(report: ReportFields, beside: dict[str, str]) -> dict[str, str]:
    origin = {"origin_seal": _digest(report)}
    return origin | {_NAMES[name]: text for name, text in beside.items() if text and name in _NAMES}


def _digest(report: ReportFields) -> str:
    fields = {name: getattr(report, name) for name in ReportFields.model_fields}
    canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
