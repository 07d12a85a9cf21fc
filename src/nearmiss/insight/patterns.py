"""Reports that may show the same hazard: the earlier ones most like one, and groups of three.

Correlation clustering (Bansal, Blum and Chawla, Machine Learning 56, 2004): the sum of how alike
the members of each group are, above a threshold, is made as large as one report at a time can.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from statistics import fmean

from nearmiss.insight.cases import DAYS, FEWEST, Case, CaseBook, CaseReader, Verdicts, are_within
from nearmiss.insight.likeness import Likeness, read_fitted, split_words
from nearmiss.model.entries import Report, ReportFields
from nearmiss.text import fold_text, join_lines

_MOST_ROUNDS = 20
_APART = float("-inf")

Places = tuple[int, int]


class Groups:
    """Things by their place in a sequence, each in a group of its own at first.

    ``alike`` says how alike each two are, above the threshold where they rather belong together.
    """

    def __init__(self, alike: Sequence[Sequence[float]], threshold: float) -> None:
        self._alike = [[each - threshold for each in row] for row in alike]
        self._home = list(range(len(alike)))
        self._members = {place: [place] for place in self._home}
        self._fixed: set[int] = set()
        self._parted: set[tuple[int, int, int, int]] = set()  # groups found not to be alike

    def keep_apart(self, pairs: Iterable[Places]) -> None:
        """Never join these because they are alike."""
        for one, other in pairs:
            self._alike[one][other] = self._alike[other][one] = _APART

    def tie(self, pairs: Iterable[Places]) -> None:
        """Join these for good."""
        for one, other in pairs:
            self._fixed |= {one, other}
            self._join(one, other)

    def list_groups(self) -> list[list[int]]:
        """Return the groups, their members in order."""
        return [sorted(members) for members in self._members.values() if members]

    def join_alike(self) -> None:
        """Join what is alike, the most alike first; then move what belongs better elsewhere."""
        pairs = [
            (alike, one, other)
            for one, row in enumerate(self._alike)
            for other, alike in enumerate(row[:one])
            if alike > 0
        ]
        for _, one, other in sorted(pairs, reverse=True):
            if self._home[one] != self._home[other] and self._belong_together(one, other):
                self._join(one, other)
        for _ in range(_MOST_ROUNDS):
            moved = [self._move(place) for place in range(len(self._home))]
            if not any(moved):
                break

    def _belong_together(self, one: int, other: int) -> bool:
        """Whether the groups of two things are alike on the whole."""
        ours, theirs = self._members[self._home[one]], self._members[self._home[other]]
        as_they_are = (ours[0], len(ours), theirs[0], len(theirs))
        if as_they_are in self._parted:
            return False
        together = sum(self._alike[a][b] for a in ours for b in theirs) > 0
        if not together:
            self._parted |= {as_they_are, (*as_they_are[2:], *as_they_are[:2])}
        return together

    def _join(self, one: int, other: int) -> None:
        kept, left = self._home[one], self._home[other]
        if kept != left:
            for place in self._members[left]:
                self._home[place] = kept
            self._members[kept] += self._members.pop(left)

    def _move(self, place: int) -> bool:
        if place in self._fixed:
            return False
        sums: dict[int, float] = defaultdict(float)
        for other, alike in enumerate(self._alike[place]):
            if other != place:
                sums[self._home[other]] += alike
        home = self._home[place]
        best = max(sums, key=sums.__getitem__, default=home)
        if sums[best] > max(sums[home], 0.0):
            self._settle(place, best)
        elif sums[home] < 0:
            self._settle(place, max(self._members) + 1)
        else:
            return False
        return True

    def _settle(self, place: int, group: int) -> None:
        self._members[self._home[place]].remove(place)
        self._members.setdefault(group, []).append(place)
        self._home[place] = group


_MOST = 4
_PARTS = re.compile(r"[,;/()]| by | near | next to ")


@dataclass(frozen=True)
class Shared:
    """Words that stand in each of several reports, and a place that each of them names."""

    words: tuple[str, ...]
    place: str

    def __str__(self) -> str:
        """Return it as it is shown: ``armchair, rug (lounge)``; empty where there is nothing."""
        words = ", ".join(self.words)
        return f"{words} ({self.place})" if words and self.place else words or self.place

    def list_words(self) -> list[str]:
        """Return it as a list: the words, and then the place."""
        return [*self.words, *([self.place] if self.place else [])]


def find_shared(reports: Sequence[ReportFields]) -> Shared:
    """Return what each of ``reports`` says, in the order and the words of the first."""
    place = _find_place([report.location for report in reports])
    said = [split_words(_join_texts(report)) for report in reports]
    in_all = set(said[0]).intersection(*said[1:]) & read_shown()
    named = set(split_words(place))
    words = [word for word in dict.fromkeys(said[0]) if word in in_all and word not in named]
    return Shared(tuple(words[:_MOST]), place)


def _join_texts(report: ReportFields) -> str:
    texts = (report.what, report.location, report.outcome)
    return " . ".join([*texts, report.immediate_action, *report.recommendations])


def _find_place(locations: Sequence[str]) -> str:
    parts = [[join_lines(part) for part in _PARTS.split(f" {each} ")] for each in locations]
    folded = [{fold_text(part) for part in each} for each in parts]
    whole = {fold_text(each) for each in locations}
    if len(whole) == 1:
        return join_lines(locations[0])
    in_all = set.intersection(*folded) - {""}
    return next((part for part in parts[0] if fold_text(part) in in_all), "")


@cache
def read_shown() -> frozenset[str]:
    """Return the words that may be shown, with their plurals."""
    text = Path(__file__).with_name("shown.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    words = {word for line in lines for word in line.split()}
    return frozenset(words | {f"{word}s" for word in words})


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


class Neighbours:
    """How alike the reports of one client are to one of them."""

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
        """Return the up to three earlier reports to ask about; none where none is likely enough."""
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


@dataclass(frozen=True)
class Possible:
    """Three or more reports that may show the same hazard, in the order of happening.

    ``likeness`` is their mean log-odds of it; ``shared`` is what all of them say.
    """

    cases: tuple[Case, ...]
    likeness: float
    shared: Shared

    @property
    def client(self) -> str:
        """Whose reports these are, as the latest of them says."""
        return self.cases[-1].report.client

    @property
    def ids(self) -> tuple[str, ...]:
        """The reports' ids, in the order in which things happened."""
        return tuple(case.id for case in self.cases)


def find_possible(cases: Sequence[Case], verdicts: Verdicts, days: int = DAYS) -> list[Possible]:
    """Return what may be patterns among ``cases``, the likeliest first.

    ``cases`` are of one client, in the order of happening; three must lie within ``days``. What
    the carer has answered already is left out: of a pattern that is confirmed, and of a report
    that the carer was asked about.
    """
    if not any(case.traits.meaning for case in cases):
        return []  # by words alone one guess in two is wrong: better none
    alike = Likeness([case.traits for case in cases]).compare_all()
    groups = _group(cases, alike, verdicts, read_fitted().thresholds["possible"])
    open_ones = (
        group
        for group in groups
        if len(group) >= FEWEST and _is_open([cases[place] for place in group], verdicts, days)
    )
    found = [
        _describe(
            [cases[place] for place in group],
            fmean(alike[one][other] for one, other in combinations(group, 2)),
        )
        for group in open_ones
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
