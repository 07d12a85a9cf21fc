"""The earlier reports most like one, and whether a carer should be asked about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from nearmiss.insight.cases import Case, Verdicts
from nearmiss.insight.likeness import Likeness, find_chance, read_fitted
from nearmiss.insight.reading import CaseBook, CaseReader
from nearmiss.insight.reasons import Shared, find_shared
from nearmiss.model.entries import Report

MOST_ASKED = 3
_TOGETHER = 0.4  # what it adds that three reports are alike, each to each


@dataclass(frozen=True)
class Similar:
    """An earlier report that is like another.

    ``likeness`` is the log-odds of one hazard, the sum of its ``parts``; ``shared`` what both say.
    """

    case: Case
    likeness: float
    parts: Mapping[str, float]
    shared: Shared

    @property
    def chance(self) -> float:
        """The likeness as a chance, from 0 to 1."""
        return find_chance(self.likeness)


class Neighbours:
    """How alike the reports of one client are to one of them.

    ``cases`` are of one client, and hold the ``subject``.
    """

    def __init__(self, subject: Case, cases: Sequence[Case]) -> None:
        self._subject = subject
        self._cases = cases
        self._likeness = Likeness([case.traits for case in cases])
        self._place = next(n for n, case in enumerate(cases) if case.id == subject.id)
        self._alike = self._likeness.compare(self._place)

    def list_most_alike(self) -> list[Similar]:
        """Return the up to three earlier reports most like the subject, without a floor."""
        return [self._describe(place) for place in self._rank()[:MOST_ASKED]]

    def choose_to_ask(self, verdicts: Verdicts) -> list[Similar]:
        """Return the up to three earlier reports to ask about; none where none is likely enough.

        Of reports that the carer has marked as one hazard only the most alike is asked about.
        """
        chosen = self._choose(verdicts)
        if not chosen or self._judge(chosen) < read_fitted().thresholds["asked"]:
            return []
        return [self._describe(place) for place in chosen]

    def list_likely(self, verdicts: Verdicts) -> list[Similar]:
        """Return those of them that may be named though nobody asked."""
        least = read_fitted().thresholds["named"]
        return [
            self._describe(place) for place in self._choose(verdicts) if self._alike[place] >= least
        ]

    def _rank(self) -> list[int]:
        places = (n for n, case in enumerate(self._cases) if is_earlier(case, self._subject))
        return sorted(places, key=lambda place: -self._alike[place])

    def _choose(self, verdicts: Verdicts) -> list[int]:
        own = verdicts.find_marked(self._subject.id)
        taken = set(own.ids) if own else set()
        chosen = []
        for place in self._rank():
            other = self._cases[place].id
            if other in taken or verdicts.find(self._subject.id, other) is not None:
                continue
            marked = verdicts.find_marked(other)
            taken |= set(marked.ids) if marked else {other}
            chosen.append(place)
            if len(chosen) == MOST_ASKED:
                break
        return chosen

    def _judge(self, chosen: Sequence[int]) -> float:
        """Return how worth asking it is: what is most alike, or a three that hangs together."""
        threes = [
            (self._alike[a] + self._alike[b] + self._likeness.compare(a)[b]) / 3 + _TOGETHER
            for a, b in combinations(chosen, 2)
        ]
        return max([self._alike[chosen[0]], *threes])

    def _describe(self, place: int) -> Similar:
        case = self._cases[place]
        shared = find_shared([self._subject.report, case.report])
        parts = self._likeness.explain(self._place, place)
        return Similar(case, self._alike[place], parts, shared)


def is_earlier(case: Case, subject: Case) -> bool:
    """Whether ``case`` was there before ``subject``: it happened, or was written, before."""
    if case.id == subject.id:
        return False
    return case.report.occurred < subject.report.occurred or case.number < subject.number


def find_neighbours(reader: CaseReader, book: CaseBook, report: Report) -> Neighbours:
    """Return how alike the client's other reports in ``book`` are to ``report``."""
    cases = reader.make_cases(book.list_beside(report))
    subject = next(case for case in cases if case.id == report.id)
    return Neighbours(subject, cases)
