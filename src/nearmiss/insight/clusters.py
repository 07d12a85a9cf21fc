"""Joining what is alike step by step, the two groups most alike on average first.

Average linkage (UPGMA): Sokal and Michener, A statistical method for evaluating systematic
relationships, University of Kansas Science Bulletin 38, 1958.
"""

from collections import defaultdict
from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from nearmiss.insight.likeness import Feature, Weights

_APART = float("-inf")


class Clusters:
    """Things by their place in a sequence, each in a group of its own at first."""

    def __init__(self, weighed: Sequence[Weights]) -> None:
        self._members: dict[int, list[int]] = {n: [n] for n in range(len(weighed))}
        self._home = list(range(len(weighed)))
        self._near = _compare_all(weighed)

    def list_groups(self) -> list[list[int]]:
        """Return the groups, their members in order."""
        return [sorted(members) for members in self._members.values()]

    def keep_apart(self, one: int, other: int) -> None:
        """Never join the groups of these two because they are alike."""
        a, b = self._home[one], self._home[other]
        self._near[a][b] = self._near[b][a] = _APART

    def join(self, one: int, other: int) -> None:
        """Join the groups of these two."""
        a, b = self._home[one], self._home[other]
        if a != b:
            self._merge(a, b)

    def join_alike(self, least: float) -> None:
        """Join groups while two of them are alike by ``least`` on average."""
        heap = [
            (-alike, a, b)
            for a in self._members
            for b, alike in self._near[a].items()
            if b < a and alike >= least
        ]
        heapify(heap)
        while heap:
            alike, a, b = heappop(heap)
            if b in self._near.get(a, {}) and self._near[a][b] == -alike:  # else joined since
                for c, joined in self._merge(a, b).items():
                    if joined >= least:
                        heappush(heap, (-joined, a, c))

    def _merge(self, a: int, b: int) -> dict[int, float]:
        """Join group ``b`` to ``a``; return how alike the joined group is to each of the others."""
        size_a, size_b = len(self._members[a]), len(self._members[b])
        near_a, near_b = self._near.pop(a), self._near.pop(b)
        joined = {
            c: (size_a * near_a.get(c, 0.0) + size_b * near_b.get(c, 0.0)) / (size_a + size_b)
            for c in near_a.keys() | near_b.keys()
            if c not in (a, b)
        }
        for c, alike in joined.items():
            self._near[c].pop(b, None)
            self._near[c][a] = alike
        self._near[a] = joined
        self._members[a] += self._members.pop(b)
        for member in self._members[a]:
            self._home[member] = a
        return joined


def _compare_all(weighed: Sequence[Weights]) -> dict[int, dict[int, float]]:
    """Return how alike each is to each other with which it shares something (the cosine)."""
    near: dict[int, dict[int, float]] = {n: {} for n in range(len(weighed))}
    having: dict[Feature, list[tuple[int, float]]] = defaultdict(list)
    for n, weights in enumerate(weighed):
        own = near[n]
        for feature, weight in weights.items():
            for other, theirs in having[feature]:
                own[other] = own.get(other, 0.0) + weight * theirs
            having[feature].append((n, weight))
    for n, own in near.items():
        for other, alike in own.items():
            if other < n:
                near[other][n] = alike
    return near
