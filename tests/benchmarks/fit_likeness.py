"""Fit what each part of a likeness counts for: python -m tests.benchmarks.fit_likeness.

Prints the tables of ``likeness.toml``, and how good they are on books left out of the fit.
``--background`` writes what is usual instead, from the same books: the vectors of some reports,
and how often things and words stand in reports.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nearmiss.insight import vectors
from nearmiss.insight.lexicon import read_lexicon
from nearmiss.insight.likeness import Likeness, Scale, find_meaning, read_fitted
from nearmiss.insight.vectors import PackedVectors, WordTable, open_table
from tests.benchmarks.labelled import TUNING, LabelledClient, read_clients

_BACKGROUND = 150
_RIDGE = 1.0
_FEWEST = 7  # reports in which a word must stand to be called usual


@dataclass(frozen=True)
class Pairs:
    """Every two reports of one client: what they have in common, and whether it is one hazard."""

    book: str
    parts: Any  # a matrix: a row for each pair
    same: Any


def choose_background(clients: Sequence[LabelledClient]) -> list[tuple[str, Any]]:
    """Return reports from all over the books, each with the book that it is from."""
    everything = [(each.book, report) for each in clients for report in each.reports]
    return everything[:: len(everything) // _BACKGROUND][:_BACKGROUND]


def write_background(clients: Sequence[LabelledClient]) -> None:
    """Write the vectors of the background beside the word table."""
    path = vectors.FOLDER / "background.bin"
    if not path.exists():
        path.write_bytes(bytes(vectors.VECTOR_BYTES))  # the table does not open without one
    table = open_table()
    found = [find_meaning(report, table) for _, report in choose_background(clients)]
    path.write_bytes(b"".join(vectors.write_vector(each.vector) for each in found if each))


def write_usual(clients: Sequence[LabelledClient]) -> None:
    """Write in which part of the reports each thing and word stands."""
    lexicon = read_lexicon()
    traits = [one for each in clients for one in each.read(lexicon, None)]
    counts = Counter(("thing", name) for each in traits for name in each.things)
    counts += Counter(("word", name) for each in traits for name in each.words)
    lines = ["# In which part of reports a thing of the lexicon, or the stem of a word, stands."]
    lines += [
        f"{sort}\t{name}\t{count / len(traits):.4f}"
        for (sort, name), count in sorted(counts.items())
        if count >= _FEWEST
    ]
    path = vectors.FOLDER.parent / "usual.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def leave_out(book: str, clients: Sequence[LabelledClient]) -> WordTable:
    """Return the word table without what of the background is from ``book``."""
    table = open_table()
    found = [find_meaning(each, table) for name, each in choose_background(clients) if name != book]
    return replace(table, background=PackedVectors([each.vector for each in found if each]))


def measure(clients: Sequence[LabelledClient], scale: Scale, *, with_table: bool) -> list[Pairs]:
    """Return the pairs of every client, each as it was when the later report was the newest."""
    lexicon = read_lexicon()
    fitted = replace(read_fitted(), scale=scale)
    result = []
    for each in clients:
        traits = each.read(lexicon, leave_out(each.book, clients) if with_table else None)
        rows, same = list[tuple[float, ...]](), list[bool]()
        for place, theme in enumerate(each.themes):
            likeness = Likeness(traits[: place + 1], fitted)
            rows += list(zip(*likeness.measure(place).values(), strict=True))[:place]
            same += [theme is not None and theme == other for other in each.themes[:place]]
        result.append(Pairs(each.book, np.array(rows, dtype=float), np.array(same, dtype=float)))
    return result


def fit(pairs: Iterable[Pairs]) -> Any:
    """Return the start and what each part counts for, none below 0 (Newton's method)."""
    chosen = list(pairs)
    parts = np.vstack([each.parts for each in chosen])
    same = np.concatenate([each.same for each in chosen])
    rows = np.hstack([np.ones((len(parts), 1)), parts])
    used = np.ones(rows.shape[1], dtype=bool)
    while True:
        counts = np.zeros(rows.shape[1])
        counts[used] = _fit_freely(rows[:, used], same)
        below = (counts < 0) & (np.arange(len(counts)) > 0)
        if not below.any():
            return counts
        used &= ~below


def _fit_freely(rows: Any, same: Any) -> Any:
    ridge = np.diag([0.0] + [_RIDGE] * (rows.shape[1] - 1))
    counts = np.zeros(rows.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-rows @ counts))
        slope = rows.T @ (chance - same) + ridge @ counts
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + ridge
        counts -= np.linalg.solve(curve, slope)
    return counts


def measure_scale(clients: Sequence[LabelledClient], usual: float, counts_for: int) -> Scale:
    """Return how alike in meaning two reports of one client usually are."""
    plain = Scale(mean=0.0, spread=1.0, counts_for=10**9, usual=usual)
    alike = np.concatenate([each.parts[:, 0] for each in measure(clients, plain, with_table=True)])
    return Scale(round(alike.mean(), 4), round(alike.std(), 4), counts_for, usual)


def judge(pairs: Sequence[Pairs]) -> float:
    """Return the average precision over the pairs of books that were left out of the fit."""
    points, same = [], []
    for book in sorted({each.book for each in pairs}):
        counts = fit(each for each in pairs if each.book != book)
        for each in pairs:
            if each.book == book:
                points.append(counts[0] + each.parts @ counts[1:])
                same.append(each.same)
    order = np.argsort(-np.concatenate(points), kind="stable")
    hits = np.concatenate(same)[order]
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits > 0].mean())


def show(heading: str, counts: Any) -> None:
    """Print one table of the file."""
    print(f"[{heading}]")
    for name, value in zip(read_fitted().with_table, counts, strict=True):
        print(f"{name} = {value:.2f}")


def main() -> None:
    """Fit, and print what came of it."""
    clients = read_clients(TUNING)
    if "--background" in sys.argv:
        write_background(clients)
        write_usual(clients)
        return
    scale = measure_scale(clients, usual=0.3, counts_for=10)
    print(f"[scale]\nmean = {scale.mean}\nspread = {scale.spread}")
    for heading, with_table in (("with_table", True), ("without_table", False)):
        pairs = measure(clients, scale, with_table=with_table)
        show(heading, fit(pairs))
        print(f"# average precision, books left out: {judge(pairs):.3f}")


if __name__ == "__main__":
    main()
