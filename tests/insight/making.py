"""Reports and verdicts as they stand in a book, for the tests of this room."""

from typing import Any

from nearmiss.insight.cases import Case, Verdicts, read_verdicts
from nearmiss.insight.lexicon import read_lexicon
from nearmiss.insight.likeness import find_meaning, read_traits
from nearmiss.insight.vectors import open_table
from nearmiss.model.entries import Comparison, NearMiss, Report
from tests.conftest import make_report

_SEALED = {"nonce": "0" * 32, "digest": "0" * 64, "seal": "0" * 64}
_AUTHOR = {"recorded_at": "2026-04-30T12:00:00+01:00", "recorded_by": "Maria, carer"}
LEXICON = read_lexicon()


def _enclose(number: int) -> dict[str, str]:
    return {"id": f"K7QX-{number:04d}", **_AUTHOR, **_SEALED}


def write(number: int, what: str, day: int, **changes: Any) -> Report:
    """Return a report that happened ``day`` days into 2026."""
    moment = f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}T20:15:00+00:00"
    fields = make_report(what_nearly_happened=what, occurred_at=moment, **changes).model_dump()
    return NearMiss.model_validate({**fields, **_enclose(number), "entry": "report"})


def compare(
    number: int, about: int, other: int, *, same: bool = True, name: str = ""
) -> Comparison:
    """Return what the carer said of two reports."""
    fields: dict[str, Any] = {"about": f"K7QX-{about:04d}", "other": f"K7QX-{other:04d}"}
    hazard = {"hazard": name} if name else {}
    return Comparison.model_validate(
        {**fields, **hazard, **_enclose(number), "entry": "comparison", "same_hazard": same}
    )


def make_case(report: Report, *, with_table: bool = True) -> Case:
    """Return a report with what is looked at in it."""
    meaning = find_meaning(report, open_table()) if with_table else None
    return Case(report, read_traits(report, LEXICON, meaning))


def judge(cases: list[Case], *comparisons: Comparison) -> Verdicts:
    """Return what verdicts come to."""
    return read_verdicts(comparisons, [case.report for case in cases])


CHAIR = (
    "Getting out of the recliner his foot slid on the rug and he sat back down hard.",
    "MB tried to rise from the armchair, wobbled and took hold of the arm. Rug rucked up.",
    "Stood up from his chair after tea and lost his balance, slipper caught in the rug.",
)
OTHERS = (
    ("Two blister packs open on the side, last week's and this week's.", "kitchen", "medication"),
    ("The bath water was scalding, I felt it with my elbow.", "bathroom", "personal_care"),
    ("Flex of the lamp frayed, bare wire showing.", "bedroom", "environment"),
    ("Sausage went down the wrong way, he coughed it up himself.", "dining room", "personal_care"),
)


def make_chairs(*, with_table: bool = True, apart: int = 10) -> list[Case]:
    """Return three near falls at a chair, ``apart`` days apart, and others, in order of days."""
    reports = [write(n + 1, what, n * apart) for n, what in enumerate(CHAIR)]
    reports += [
        write(n + 10, what, n * 9 + 1, location=place, category=kind)
        for n, (what, place, kind) in enumerate(OTHERS)
    ]
    ordered = sorted(reports, key=lambda report: report.occurred)
    return [make_case(report, with_table=with_table) for report in ordered]
