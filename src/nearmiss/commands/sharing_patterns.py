"""The patterns among the reports that a reader may see."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nearmiss.commands.session import Session

if TYPE_CHECKING:
    from nearmiss.documents.brief import Pattern
    from nearmiss.history import Record

_MOST = 300  # reports compared with each other: the newest tell what keeps happening


def find_shown_patterns(session: Session, records: "Sequence[Record]") -> "tuple[Pattern, ...]":
    """Return the patterns of the records alone: what is hidden plays no part in them."""
    from nearmiss.commands.hazards import load_lexicon
    from nearmiss.documents.brief import Pattern
    from nearmiss.documents.phrases import tell_day
    from nearmiss.history import read_newest
    from nearmiss.insight.likeness import Likeness
    from nearmiss.insight.patterns import find_patterns, make_case, read_verdicts

    lexicon = load_lexicon(session)
    newest = sorted(records, key=lambda record: record.report.occurred)[-_MOST:]
    cases = {each.report.id: make_case(each.report.id, each.report, lexicon) for each in newest}
    _, comparisons = read_newest(session.book, lambda _: None)
    verdicts = read_verdicts(
        each for each in comparisons if each.about in cases and each.other in cases
    )
    likeness = Likeness([case.traits for case in cases.values()])
    return tuple(
        Pattern(
            ", ".join(found.reasons) or "alike in words",
            tuple(tell_day(cases[each].report.occurred) for each in found.reports),
            found.status == "confirmed",
        )
        for found in find_patterns(list(cases.values()), verdicts, likeness)
    )
