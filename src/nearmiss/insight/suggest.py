"""Which kind of near miss the answers are about, where that is sure enough to suggest it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nearmiss.insight.lexicon import Lexicon, split_stems
from nearmiss.model.wording import Category

# What the words of each answer count for. Set, with what follows, on reports kept for that.
_COUNTS = {"what_nearly_happened": 2.0, "location": 1.0, "how_prevented": 0.5}
_COUNTS |= {"immediate_action": 0.5, "recommendations": 1.0}
# By how much a kind must lead. One that is not here is never suggested: behaviour would be a
# judgement on a person, and the words speak for it too seldom.
_LEADS: Mapping[Category, float] = {
    "medication": 3.0,
    "mobility": 5.0,
    "environment": 5.0,
    "personal_care": 5.0,
    "other": 5.0,
}
_TIMES = 2.0
_FEWEST_ANSWERS = 2  # that speak for the kind: one sentence proves nothing


@dataclass
class _Evidence:
    points: float = 0.0
    answers: set[str] = field(default_factory=set)


def suggest_category(answers: Mapping[str, Any], lexicon: Lexicon) -> Category | None:
    """Return the kind that the answers so far (a report's fields) speak for, or None in doubt."""
    found: dict[str, _Evidence] = defaultdict(_Evidence)
    for name, counts in _COUNTS.items():
        value = answers.get(name, "")
        text = " . ".join(value) if isinstance(value, list) else str(value)
        for thing in lexicon.find_things(split_stems(text)):
            if kind := lexicon.kinds.get(thing):
                found[kind].points += counts
                found[kind].answers.add(name)
    return next((kind for kind in _LEADS if _leads(kind, found)), None)


def _leads(kind: Category, found: Mapping[str, _Evidence]) -> bool:
    if kind not in found or len(found[kind].answers) < _FEWEST_ANSWERS:
        return False
    points = found[kind].points
    others = max((each.points for name, each in found.items() if name != kind), default=0.0)
    return points - others >= _LEADS[kind] and points >= _TIMES * others
