"""Fit which way words lean, reached or not: python -m tests.benchmarks.fit_leaning.

Writes ``words/leaning.tsv``; names of files after it are left out of the fit (``d e``), to see on
them how well it does with writers it has not read.
"""

import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np

from nearmiss.intake.leaning import list_features
from nearmiss.intake.reached import read_names

_SAID = Path(__file__).parents[1] / "intake/said"
_MOST = 4000  # weights that are kept
_RIDGE = 0.025
_ROUNDS = 150
_STEP = 0.05


def read_lines(without: list[str]) -> list[tuple[set[str], bool]]:
    """Return what is weighed in each line, and whether somebody was reached."""
    lines = []
    for path in sorted(_SAID.glob("reached*.tsv")):
        if path.stem.removeprefix("reached_") not in without:
            rows = (row.split("\t") for row in path.read_text(encoding="utf-8").splitlines())
            lines += [
                (set(list_features(read_names(line))), kind == "told")
                for kind, line in rows
                if kind in {"told", "not"}
            ]
    return lines


def fit(lines: list[tuple[set[str], bool]], known: list[str]) -> dict[str, float]:
    """Return the weights of what is ``known``, and with "" what is added to all."""
    places = {each: at for at, each in enumerate(known)}
    rows = np.zeros((len(lines), len(known) + 1), dtype=np.float32)
    for row, (features, _) in zip(rows, lines, strict=True):
        found = [places[each] for each in features if each in places]
        row[found] = 1 / np.sqrt(len(found) + 1)
        row[-1] = 1
    reached = np.array([told for _, told in lines], dtype=np.float32)
    weights, pull, spread = (np.zeros(len(known) + 1, dtype=np.float32) for _ in range(3))
    for number in range(1, _ROUNDS + 1):
        wrong = rows.T @ (1 / (1 + np.exp(-rows @ weights)) - reached) + _RIDGE * weights
        pull = 0.9 * pull + 0.1 * wrong
        spread = 0.99 * spread + 0.01 * wrong**2
        weights -= _STEP * pull / (1 - 0.9**number) / (np.sqrt(spread / (1 - 0.99**number)) + 1e-8)
    return dict(zip([*known, ""], map(float, weights), strict=True))


def main() -> None:
    """Fit twice: what counts for most, and then that alone."""
    lines = read_lines(sys.argv[1:])
    counts = Counter(each for features, _ in lines for each in features)
    weights = fit(lines, sorted(each for each, times in counts.items() if times > 1))
    weights.pop("")
    weights = fit(lines, sorted(weights, key=lambda each: -abs(weights[each]))[:_MOST])
    rows = [f"{each}\t{round(weight * 100)}" for each, weight in sorted(weights.items())]
    head = "# Hundredths by which what is weighed leans to reached (above 0) or not: fit_leaning."
    target = files("nearmiss.words") / "leaning.tsv"
    Path(str(target)).write_text("\n".join([head, *rows, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
