"""The earlier reports most like one: what the carer is asked about after saving."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from nearmiss.insight.likeness import Likeness, compare, find_reasons
from nearmiss.insight.patterns import DAYS, Case
from nearmiss.text import fold_text

MOST_ASKED = 3
LOOKED_AT = 2000  # the newest entries, so that the cost stays the same as the book grows
_RECENT = 1.3  # how much more a report of the last 90 days counts
_LEAST = 0.08  # the likeness below which nothing is worth a question


@dataclass(frozen=True)
class Similar:
    """An earlier report that is like another, how much (0 to 1), and what they share."""

    case: Case
    likeness: float
    reasons: tuple[str, ...]


def find_similar(case: Case, cases: Sequence[Case]) -> list[Similar]:
    """Return the earlier reports of the same client among ``cases``, the most alike first.

    ``cases`` are those of the newest entries: they tell how rare a word is in this book too.
    """
    likeness = Likeness([each.traits for each in cases])
    own = likeness.weigh(case.traits)
    client, happened = fold_text(case.report.client), case.report.occurred
    found = []
    for other in cases:
        earlier = other.id != case.id and other.report.occurred <= happened
        if not earlier or fold_text(other.report.client) != client:
            continue
        weighed = likeness.weigh(other.traits)
        alike = compare(own, weighed)
        if happened - other.report.occurred <= timedelta(days=DAYS):
            alike = min(1.0, alike * _RECENT)
        if alike >= _LEAST:
            found.append(Similar(other, alike, find_reasons((own, weighed))))
    return sorted(found, key=lambda each: -each.likeness)
