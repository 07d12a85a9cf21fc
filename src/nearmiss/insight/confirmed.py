"""Reports that the carer marked as the same hazard, and which of them make a pattern."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from nearmiss.model.entries import Comparison, Report
from nearmiss.model.ids import EntryId
from nearmiss.text import fold_text

FEWEST = 3  # reports of a pattern
DAYS = 90


@dataclass(frozen=True, slots=True)
class Marked:
    """Two or more reports of one client that the carer tied as the same hazard.

    ``reports`` stand in the order in which things happened; ``name`` is what the carer calls the
    hazard, empty where nobody said.
    """

    reports: tuple[Report, ...]
    name: str

    @property
    def client(self) -> str:
        """Whose reports these are, as the latest of them says."""
        return self.reports[-1].client

    @property
    def ids(self) -> tuple[str, ...]:
        """The reports' ids, in the order in which things happened."""
        return tuple(report.id for report in self.reports)

    def is_pattern(self, days: int = DAYS) -> bool:
        """Whether some three of the reports lie within ``days``."""
        return are_within([report.occurred for report in self.reports], days)

    def show_only(self, shown: Collection[str]) -> "Marked":
        """Return what a reader sees who may see only the ids ``shown``.

        The name goes where a report goes: it may tell of what is not shown.
        """
        kept = tuple(report for report in self.reports if report.id in shown)
        return replace(self, reports=kept, name=self.name if len(kept) == len(self.reports) else "")


def are_within(moments: Sequence[datetime], days: int) -> bool:
    """Whether some three of ``moments``, which are in order, lie within ``days``."""
    span = timedelta(days=days)
    ends = moments[FEWEST - 1 :]
    return any(end - start <= span for start, end in zip(moments, ends, strict=False))


def find_marked(reports: Iterable[Report], comparisons: Iterable[Comparison]) -> list[Marked]:
    """Return the groups of two or more that verdicts tie, the one with the latest report first.

    ``reports`` are those that stand now, ``comparisons`` the verdicts that count; of two on the
    same pair the newest holds. Reports of two clients are never tied.
    """
    by_id = {report.id: report for report in reports}
    ties = [each for each in _newest_of_each_pair(comparisons) if _ties(each, by_id)]
    found = [Marked(_sort(group, by_id), _find_name(group, ties)) for group in _join(ties)]
    return sorted(found, key=lambda each: each.reports[-1].occurred, reverse=True)


def _newest_of_each_pair(comparisons: Iterable[Comparison]) -> list[Comparison]:
    """Return the newest comparison of each two reports, in the order written."""
    newest: dict[frozenset[str], Comparison] = {}
    for each in sorted(comparisons, key=lambda each: EntryId.parse(each.id).number):
        pair = frozenset((each.about, each.other))
        newest.pop(pair, None)
        newest[pair] = each
    return list(newest.values())


def _ties(comparison: Comparison, by_id: dict[str, Report]) -> bool:
    one, other = by_id.get(comparison.about), by_id.get(comparison.other)
    if one is None or other is None or one is other or not comparison.same_hazard:
        return False
    return fold_text(one.client) == fold_text(other.client)


def _sort(group: Iterable[str], by_id: dict[str, Report]) -> tuple[Report, ...]:
    return tuple(sorted((by_id[each] for each in group), key=lambda report: report.occurred))


def _find_name(group: Collection[str], ties: Sequence[Comparison]) -> str:
    names = (each.hazard for each in reversed(ties) if each.hazard and each.about in group)
    return next(names, "")


def _join(ties: Sequence[Comparison]) -> list[set[str]]:
    neighbours: dict[str, set[str]] = defaultdict(set)
    for each in ties:
        neighbours[each.about].add(each.other)
        neighbours[each.other].add(each.about)
    groups: list[set[str]] = []
    seen: set[str] = set()
    for start in neighbours:
        if start in seen:
            continue
        group, waiting = {start}, [start]
        while waiting:
            new = neighbours[waiting.pop()] - group
            group |= new
            waiting.extend(new)
        seen |= group
        groups.append(group)
    return groups
