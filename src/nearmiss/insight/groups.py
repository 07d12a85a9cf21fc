"""Sorting reports into groups of one hazard, so that what is alike stands together.

Correlation clustering (Bansal, Blum and Chawla, Machine Learning 56, 2004): the sum of how alike
the members of each group are, above a threshold, is made as large as one report at a time can.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

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
        """Move one thing to where it belongs best; return whether it moved."""
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
