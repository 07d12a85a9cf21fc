"""Which kind of near miss a text is about, if that is plain enough to suggest it."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from nearmiss.insight.lexicon import Lexicon, split_stems
from nearmiss.model.wording import CATEGORIES, Category

# What the words of each answer count for, and by how much, and how many times, one kind must lead.
# Set on reports that were kept for that.
_COUNTS = {"what_nearly_happened": 2.0, "location": 1.0, "how_prevented": 0.5}
_COUNTS |= {"immediate_action": 0.5, "recommendations": 1.0}
_LEAD, _TIMES = 3.0, 3.0


def suggest_category(answers: Mapping[str, Any], lexicon: Lexicon) -> Category | None:
    """Return the kind that the answers so far (a report's fields) speak for, or None in doubt."""
    scores: dict[str, float] = defaultdict(float)
    for field, counts in _COUNTS.items():
        value = answers.get(field, "")
        text = " . ".join(value) if isinstance(value, list) else str(value)
        for thing in lexicon.find_things(split_stems(text)):
            if kind := lexicon.kinds.get(thing):
                scores[kind] += counts
    ranked = sorted(scores.items(), key=lambda each: -each[1])
    (best, points), (_, next_points) = [*ranked, ("", 0.0), ("", 0.0)][:2]
    if points - next_points < _LEAD or points < _TIMES * next_points:
        return None
    return next(each for each in CATEGORIES if each == best)
