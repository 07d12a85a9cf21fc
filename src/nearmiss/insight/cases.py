"""Reports as they are compared, and the carer's verdicts on them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nearmiss.insight.confirmed import Marked, find_marked
from nearmiss.insight.traits import Traits
from nearmiss.model.entries import Comparison, Report
from nearmiss.model.ids import EntryId
from nearmiss.text import fold_text

LOOKED_AT = 2000  # the newest entries, so that the cost stays the same as the book grows
MOST_OF_A_CLIENT = 300  # reports that are compared, the newest

Pair = tuple[str, str]


@dataclass(frozen=True)
class Case:
    """A report as it stands now, with what is looked at in it."""

    report: Report
    traits: Traits

    @property
    def id(self) -> str:
        """The report's id."""
        return self.report.id

    @property
    def number(self) -> int:
        """The number of its entry."""
        return EntryId.parse(self.report.id).number


@dataclass(frozen=True)
class Verdicts:
    """What the carer said of pairs of reports, and which reports hang together by it."""

    newest: Mapping[Pair, Comparison]
    marked: tuple[Marked, ...]
    asked: frozenset[str]  # reports that the carer was asked about, and answered

    def find(self, one: str, other: str) -> bool | None:
        """Return whether the carer said that two reports show the same hazard; None: nothing."""
        said = self.newest.get(pair_ids(one, other))
        return said.same_hazard if said else None

    def find_marked(self, entry_id: str) -> Marked | None:
        """Return the marked reports that a report is one of, if it is."""
        return next((each for each in self.marked if entry_id in each.ids), None)

    def list_pairs(self, *, same: bool) -> list[Pair]:
        """Return the pairs of which the carer said that they are the same, or different."""
        return [pair for pair, said in self.newest.items() if said.same_hazard is same]


def read_verdicts(comparisons: Iterable[Comparison], reports: Iterable[Report]) -> Verdicts:
    """Return what the ``comparisons`` that count come to for ``reports``, the newest ruling."""
    in_order = sorted(comparisons, key=lambda each: EntryId.parse(each.id).number)
    return Verdicts(
        newest={pair_ids(each.about, each.other): each for each in in_order},
        marked=tuple(find_marked(reports, in_order)),
        asked=frozenset(each.about for each in in_order),
    )


def pair_ids(one: str, other: str) -> Pair:
    """Return two ids in an order that does not depend on how they were named."""
    return (one, other) if one < other else (other, one)


def gather_clients(reports: Iterable[Report]) -> dict[str, list[Report]]:
    """Return the newest reports of each client that are compared, in the order of happening.

    ``reports`` stand with the newest first.
    """
    by_client: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        theirs = by_client[fold_text(report.client)]
        if len(theirs) < MOST_OF_A_CLIENT:
            theirs.append(report)
    return {client: sort_by_time(theirs) for client, theirs in by_client.items()}


def sort_by_time(reports: Sequence[Report]) -> list[Report]:
    """Return reports in the order of happening; of one moment, in the order written."""
    return sorted(reports, key=lambda each: (each.occurred, EntryId.parse(each.id).number))
