"""Patterns: reports of one client that show the same hazard, three of them within some days."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from nearmiss.insight.clusters import Clusters
from nearmiss.insight.lexicon import Lexicon
from nearmiss.insight.likeness import (
    Feature,
    Likeness,
    Traits,
    Weights,
    compare,
    find_reasons,
    read_traits,
)
from nearmiss.model.entries import Comparison, ReportFields
from nearmiss.model.ids import EntryId
from nearmiss.text import fold_text

FEWEST = 3
DAYS = 90
# Set on reports that were kept for that:
_ALIKE = 0.12  # the mean likeness from which groups are joined
_STRAY = 0.7  # a report less like the others than this, times their mean, is left out of a guess

Pair = tuple[str, str]
Verdicts = Mapping[Pair, bool]


@dataclass(frozen=True)
class Case:
    """A report as it stands now, with its id and what is looked at in it."""

    id: str
    report: ReportFields
    traits: Traits


@dataclass(frozen=True)
class Pattern:
    """Reports of one client that show, or may show, the same hazard.

    ``reports`` are ids in the order in which things happened; ``reasons`` what they share.
    """

    client: str
    status: Literal["confirmed", "possible"]
    reports: tuple[str, ...]
    reasons: tuple[str, ...]
    first: datetime
    last: datetime


def make_case(entry_id: str, report: ReportFields, lexicon: Lexicon) -> Case:
    """Return a report with what is looked at in it."""
    return Case(entry_id, report, read_traits(report, lexicon))


def read_verdicts(comparisons: Iterable[Comparison]) -> Verdicts:
    """Return whether two reports show the same hazard, by the carer's newest word on them."""
    in_order = sorted(comparisons, key=lambda each: EntryId.parse(each.id).number)
    return {pair_ids(each.about, each.other): each.same_hazard for each in in_order}


def pair_ids(one: str, other: str) -> Pair:
    """Return two ids in an order that does not depend on how they were named."""
    return (one, other) if one < other else (other, one)


def find_patterns(
    cases: Sequence[Case], verdicts: Verdicts, likeness: Likeness, days: int = DAYS
) -> list[Pattern]:
    """Return the patterns, the confirmed first, then the most recent.

    ``days`` is the span within which three must lie. Reports of two clients are never joined.
    """
    span = timedelta(days=days)
    by_client: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_client[fold_text(case.report.client)].append(case)
    found = [
        pattern
        for theirs in by_client.values()
        for pattern in _find_for_client(theirs, verdicts, likeness, span)
    ]
    return sorted(found, key=lambda each: (each.status, -each.last.timestamp()))


def _find_for_client(
    cases: Sequence[Case], verdicts: Verdicts, likeness: Likeness, span: timedelta
) -> Iterator[Pattern]:
    ordered = sorted(cases, key=lambda case: case.report.occurred)
    weighed = {case.id: likeness.weigh(case.traits) for case in ordered}
    for group, confirmed in _group(ordered, weighed, verdicts):
        if _has_three_within(group, span):
            yield Pattern(
                client=group[-1].report.client,
                status="confirmed" if confirmed else "possible",
                reports=tuple(case.id for case in group),
                reasons=find_reasons(weighed[case.id] for case in group),
                first=group[0].report.occurred,
                last=group[-1].report.occurred,
            )


def _has_three_within(group: Sequence[Case], span: timedelta) -> bool:
    moments = [case.report.occurred for case in group]
    ends = moments[FEWEST - 1 :]
    return any(end - start <= span for start, end in zip(moments, ends, strict=False))


def _group(
    ordered: Sequence[Case], weighed: Mapping[str, Weights], verdicts: Verdicts
) -> Iterator[tuple[list[Case], bool]]:
    """Yield groups of one hazard, each with whether the carer's own verdicts hold it together."""
    place = {case.id: n for n, case in enumerate(ordered)}
    clusters = Clusters([weighed[case.id] for case in ordered])
    for (one, other), same in verdicts.items():
        if not same and one in place and other in place:
            clusters.keep_apart(place[one], place[other])
    for (one, other), same in verdicts.items():
        if same and one in place and other in place:
            clusters.join(place[one], place[other])
    confirmed = [group for group in clusters.list_groups() if len(group) >= FEWEST]
    for group in confirmed:
        yield [ordered[n] for n in group], True
    clusters.join_alike(_ALIKE)
    for group in clusters.list_groups():
        # A guess that adds to what is confirmed is left out: the carer has spoken there.
        if not any(set(each) <= set(group) for each in confirmed):
            yield _leave_strays_out([ordered[n] for n in group], weighed), False


def _leave_strays_out(group: Sequence[Case], weighed: Mapping[str, Weights]) -> list[Case]:
    kept = {case.id: case for case in group}
    total: dict[Feature, float] = defaultdict(float)
    for case in group:
        for feature, weight in weighed[case.id].items():
            total[feature] += weight
    # The sum over all others; what a report has in common with itself is 1.
    alike = {case.id: compare(weighed[case.id], total) - 1 for case in group}
    while len(kept) >= FEWEST:
        stray = min(kept, key=alike.__getitem__)
        if alike[stray] >= _STRAY * sum(alike[each] for each in kept) / len(kept):
            break
        del kept[stray]
        for each in kept:
            alike[each] -= compare(weighed[each], weighed[stray])
    return list(kept.values())
