"""Reports of one client that may show the same hazard: a guess, for the carer's eyes alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from nearmiss.insight.cases import Case, Verdicts
from nearmiss.insight.confirmed import DAYS, FEWEST, are_within
from nearmiss.insight.groups import Groups
from nearmiss.insight.likeness import Likeness, find_chance, read_fitted
from nearmiss.insight.reading import CaseBook, CaseReader
from nearmiss.insight.reasons import Shared, find_shared
from nearmiss.text import fold_text


@dataclass(frozen=True)
class Possible:
    """Three or more reports that may show the same hazard, in the order of happening.

    ``likeness`` is their mean log-odds of it; ``shared`` is what all of them say.
    """

    cases: tuple[Case, ...]
    likeness: float
    shared: Shared

    @property
    def chance(self) -> float:
        """The likeness as a chance, from 0 to 1."""
        return find_chance(self.likeness)

    @property
    def client(self) -> str:
        """Whose reports these are, as the latest of them says."""
        return self.cases[-1].report.client

    @property
    def ids(self) -> tuple[str, ...]:
        """The reports' ids, in the order in which things happened."""
        return tuple(case.id for case in self.cases)


def find_possible(
    cases: Sequence[Case], verdicts: Verdicts, days: int = DAYS, threshold: float | None = None
) -> list[Possible]:
    """Return what may be patterns among ``cases``, the likeliest first.

    ``cases`` are of one client, in the order of happening; three must lie within ``days``. What
    the carer has answered already is left out: of a pattern that is confirmed, and of a report
    that the carer was asked about.
    """
    if not any(case.traits.meaning for case in cases):
        return []  # by words alone one guess in two is wrong: better none
    if threshold is None:
        threshold = read_fitted().thresholds["possible"]
    alike = Likeness([case.traits for case in cases]).compare_all()
    groups = _group(cases, alike, verdicts, threshold)
    open_ones = (
        group
        for group in groups
        if len(group) >= FEWEST and _is_open([cases[place] for place in group], verdicts, days)
    )
    found = [
        _describe([cases[place] for place in group], _mean_of(group, alike)) for group in open_ones
    ]
    return sorted(found, key=lambda each: -each.likeness)


def _group(
    cases: Sequence[Case], alike: Sequence[Sequence[float]], verdicts: Verdicts, threshold: float
) -> list[list[int]]:
    places = {case.id: place for place, case in enumerate(cases)}
    groups = Groups(alike, threshold)
    for same in (False, True):
        pairs = [
            (places[one], places[other])
            for one, other in verdicts.list_pairs(same=same)
            if one in places and other in places
        ]
        (groups.tie if same else groups.keep_apart)(pairs)
    groups.join_alike()
    return groups.list_groups()


def _mean_of(group: Sequence[int], alike: Sequence[Sequence[float]]) -> float:
    pairs = [alike[one][other] for one, other in combinations(group, 2)]
    return sum(pairs) / len(pairs)


def _describe(cases: Sequence[Case], likeness: float) -> Possible:
    return Possible(tuple(cases), likeness, find_shared([case.report for case in cases]))


def _is_open(cases: Sequence[Case], verdicts: Verdicts, days: int) -> bool:
    if not are_within([case.report.occurred for case in cases], days):
        return False
    marked = (verdicts.find_marked(case.id) for case in cases)
    if any(each is not None and len(each.reports) >= FEWEST for each in marked):
        return False
    return max(cases, key=lambda case: case.number).id not in verdicts.asked


def find_all_possible(
    reader: CaseReader, book: CaseBook, client: str | None, days: int
) -> list[Possible]:
    """Return what may be patterns of ``client``, or of every client, the likeliest first."""
    wanted = None if client is None else fold_text(client)
    found = [
        possible
        for name, theirs in book.by_client.items()
        if wanted in (None, name)
        for possible in find_possible(reader.make_cases(theirs), book.verdicts, days)
    ]
    return sorted(found, key=lambda each: -each.likeness)
