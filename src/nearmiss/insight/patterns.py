"""Patterns: reports of one client that show the same hazard, three of them within some days."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from nearmiss.insight.lexicon import Lexicon
from nearmiss.insight.likeness import Feature, Likeness, Traits, compare, find_reasons, read_traits
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
    for group, confirmed in _group(ordered, weighed, verdicts, span):
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
    ordered: Sequence[Case],
    weighed: Mapping[str, Mapping[Feature, float]],
    verdicts: Verdicts,
    span: timedelta,
) -> Iterator[tuple[list[Case], bool]]:
    """Yield groups of one hazard, each with whether the carer's own verdicts hold it together."""
    groups = _join_same(ordered, verdicts)
    confirmed = [group for group in groups if len(group) >= FEWEST]
    for group in confirmed:
        yield sorted(group, key=lambda case: case.report.occurred), True
    rest = _Clusters(groups, weighed, verdicts, span)
    rest.join_alike()
    for group in rest.groups:
        if group not in confirmed:
            kept = _leave_strays_out(group, weighed)
            yield sorted(kept, key=lambda case: case.report.occurred), False


def _leave_strays_out(
    group: Sequence[Case], weighed: Mapping[str, Mapping[Feature, float]]
) -> list[Case]:
    kept = list(group)
    while len(kept) >= FEWEST:
        means = {case.id: _compare_with_others(case, kept, weighed) for case in kept}
        stray = min(kept, key=lambda case: means[case.id])
        if means[stray.id] >= _STRAY * sum(means.values()) / len(kept):
            break
        kept.remove(stray)
    return kept


def _compare_with_others(
    case: Case, group: Sequence[Case], weighed: Mapping[str, Mapping[Feature, float]]
) -> float:
    own = weighed[case.id]
    alike = (compare(own, weighed[other.id]) for other in group if other is not case)
    return sum(alike) / (len(group) - 1)


def _join_same(cases: Sequence[Case], verdicts: Verdicts) -> list[list[Case]]:
    """Return the cases in groups that "same" verdicts connect, most of them alone."""
    home = {case.id: [case] for case in cases}
    for (one, other), same in verdicts.items():
        if same and one in home and other in home and home[one] is not home[other]:
            joined = home[one] + home[other]
            home.update((case.id, joined) for case in joined)
    return list({id(group): group for group in home.values()}.values())


class _Clusters:
    """Groups of one client's reports, joined step by step: the two most alike on average first."""

    def __init__(
        self,
        groups: Sequence[list[Case]],
        weighed: Mapping[str, Mapping[Feature, float]],
        verdicts: Verdicts,
        span: timedelta,
    ) -> None:
        self.groups = list(groups)
        self._weighed = weighed
        self._verdicts = verdicts
        self._span = span

    def join_alike(self) -> None:
        """Join groups while two of them are alike enough and no verdict keeps them apart."""
        scores = {
            (a, b): score
            for a in range(len(self.groups))
            for b in range(a)
            if (score := self._score(self.groups[a], self.groups[b])) >= _ALIKE
        }
        while scores:
            a, b = max(scores, key=lambda pair: scores[pair])
            self.groups[a] = self.groups[a] + self.groups[b]
            self.groups[b] = []
            scores = {pair: score for pair, score in scores.items() if not {a, b} & {*pair}}
            for other, group in enumerate(self.groups):
                if other != a and group:
                    score = self._score(self.groups[a], group)
                    if score >= _ALIKE:
                        scores[max(a, other), min(a, other)] = score
        self.groups = [group for group in self.groups if group]

    def _score(self, one: Sequence[Case], other: Sequence[Case]) -> float:
        total = 0.0
        for a in one:
            for b in other:
                if self._verdicts.get(pair_ids(a.id, b.id)) is False:
                    return 0.0
                total += compare(self._weighed[a.id], self._weighed[b.id])
        return total / (len(one) * len(other))
