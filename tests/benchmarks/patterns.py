"""How good likeness, patterns and the suggested kind are: python -m tests.benchmarks.patterns.

Without an option, on reports that were never used for tuning; ``--dev`` on those that were.
"""

import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from nearmiss.insight.lexicon import Lexicon, read_lexicon
from nearmiss.insight.likeness import Likeness
from nearmiss.insight.patterns import (
    DAYS,
    FEWEST,
    Case,
    Pattern,
    find_patterns,
    make_case,
    pair_ids,
)
from nearmiss.insight.similar import MOST_ASKED, find_similar
from nearmiss.insight.suggest import suggest_category
from nearmiss.model.entries import ReportFields

TESTS = Path(__file__).parents[1]
HELD_OUT = (TESTS / "insight" / "corpus" / "heldout.jsonl",)
DEV = (TESTS / "insight" / "corpus" / "dev.jsonl", TESTS / "samples.jsonl")
_PURE = 0.6  # the part of a pattern's reports that must be of one theme
_ROUNDS = 2000


@dataclass
class Counts:
    """What was counted over one client's reports."""

    reports: int = 0
    themes: int = 0
    found: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Counts") -> "Counts":
        total = Counts(self.reports + other.reports, self.themes + other.themes)
        total.found = self.found + other.found
        return total


Labels = dict[str, str | None]


def read_books(paths: Sequence[Path], lexicon: Lexicon) -> dict[str, tuple[list[Case], Labels]]:
    """Return each book as cases in the order of happening, and the theme of each by its id."""
    rows = defaultdict(list)
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            fields = {key: row[key] for key in row if key in ReportFields.model_fields}
            moment = f"{row['occurred_at'][:16]}:00+00:00"
            report = ReportFields.model_validate({**fields, "occurred_at": moment})
            rows[row.get("book", path.stem)].append((report, row["theme"]))
    books = {}
    for name, entries in rows.items():
        entries.sort(key=lambda entry: entry[0].occurred)
        cases = [
            make_case(f"B00K-{n:04d}", each, lexicon) for n, (each, _) in enumerate(entries, 1)
        ]
        themes = [theme for _, theme in entries]
        books[name] = (cases, dict(zip([case.id for case in cases], themes, strict=True)))
    return books


def answer_questions(
    cases: Sequence[Case], client: str, labels: Labels, counts: Counts
) -> dict[tuple[str, str], bool]:
    """Return the verdicts of a carer who answers the question after each saving as labelled."""
    verdicts = {}
    for n, case in enumerate(cases):
        if case.report.client != client:
            continue
        asked = find_similar(case, cases[: n + 1])[:MOST_ASKED]
        same = [labels[case.id] and labels[each.case.id] == labels[case.id] for each in asked]
        counts.found["false prompts"] += bool(asked) and not any(same)
        for each, verdict in zip(asked, same, strict=True):
            verdicts[pair_ids(case.id, each.case.id)] = bool(verdict)
    return verdicts


def rank(cases: Sequence[Case], client: str, labels: Labels, counts: Counts) -> None:
    """Count where the first earlier report of the same theme stands."""
    for n, case in enumerate(cases):
        if case.report.client != client:
            continue
        earlier = [each for each in cases[:n] if each.report.client == client]
        if labels[case.id] and labels[case.id] in {labels[each.id] for each in earlier}:
            ranked = [labels[each.case.id] for each in find_similar(case, cases[: n + 1])]
            counts.found["ranked"] += 1
            counts.found["first"] += ranked[:1] == [labels[case.id]]
            counts.found["first three"] += labels[case.id] in ranked[:3]


def judge(
    patterns: Sequence[Pattern], cases: Sequence[Case], labels: Labels, counts: Counts, name: str
) -> None:
    """Count the patterns that are right, and the themes that are found."""
    found = set()
    for pattern in patterns:
        themes = Counter(labels[each] for each in pattern.reports if labels[each])
        right = {
            theme
            for theme, number in themes.items()
            if number >= FEWEST and number >= _PURE * len(pattern.reports)
        }
        counts.found[f"{name} patterns"] += 1
        counts.found[f"{name} right"] += bool(right)
        found |= {(pattern.client, theme) for theme in right}
    counts.found[f"{name} themes found"] += len(found & list_themes(cases, labels))


def list_themes(cases: Sequence[Case], labels: Labels) -> set[tuple[str, str]]:
    """Return the themes of a client with three reports within the span."""
    moments = defaultdict(list)
    for case in cases:
        if theme := labels[case.id]:
            moments[case.report.client, theme].append(case.report.occurred)
    span = timedelta(days=DAYS)
    return {
        theme
        for theme, when in moments.items()
        if any(end - start <= span for start, end in zip(when, when[FEWEST - 1 :], strict=False))
    }


def suggest(cases: Sequence[Case], lexicon: Lexicon, counts: Counts) -> None:
    """Count how often a kind is suggested, and how often rightly."""
    for case in cases:
        suggested = suggest_category(case.report.model_dump(), lexicon)
        counts.found["suggested"] += suggested is not None
        counts.found["suggested rightly"] += suggested == case.report.category


def count_all(paths: Sequence[Path]) -> list[Counts]:
    """Return the counts, client by client: they are what the intervals are drawn from."""
    lexicon, _ = read_lexicon()
    result = []
    for cases, labels in read_books(paths, lexicon).values():
        for client in sorted({case.report.client for case in cases}):
            theirs = [case for case in cases if case.report.client == client]
            counts = Counts(len(theirs), len(list_themes(theirs, labels)))
            verdicts = answer_questions(cases, client, labels, counts)
            rank(cases, client, labels, counts)
            likeness = Likeness([case.traits for case in cases])  # rarity is that of the book
            judge(find_patterns(theirs, {}, likeness), theirs, labels, counts, "unaided")
            judge(find_patterns(theirs, verdicts, likeness), theirs, labels, counts, "answered")
            suggest(theirs, lexicon, counts)
            result.append(counts)
    return result


FIGURES: dict[str, tuple[float, Callable[[Counts], tuple[int, int]]]] = {
    "precision, unaided": (0.8, lambda c: (c.found["unaided right"], c.found["unaided patterns"])),
    "recall, unaided": (0.7, lambda c: (c.found["unaided themes found"], c.themes)),
    "precision, answered": (
        0.95,
        lambda c: (c.found["answered right"], c.found["answered patterns"]),
    ),
    "recall, answered": (0.95, lambda c: (c.found["answered themes found"], c.themes)),
    "ranked first": (0.75, lambda c: (c.found["first"], c.found["ranked"])),
    "among the first three": (0.95, lambda c: (c.found["first three"], c.found["ranked"])),
    "kind suggested rightly": (
        0.85,
        lambda c: (c.found["suggested rightly"], c.found["suggested"]),
    ),
    "kind suggested at all": (0.0, lambda c: (c.found["suggested"], c.reports)),
    "false prompts per report": (0.0, lambda c: (c.found["false prompts"], c.reports)),
}


def main() -> None:
    """Print each figure with its reach and its 95 % bootstrap interval over clients."""
    clients = count_all(DEV if "--dev" in sys.argv else HELD_OUT)
    chance = random.Random(1)
    for name, (reach, read) in FIGURES.items():
        part, whole = read(sum(clients, Counts()))
        drawn = []
        for _ in range(_ROUNDS):
            some, all_ = read(sum(chance.choices(clients, k=len(clients)), Counts()))
            drawn.append(some / all_ if all_ else 0.0)
        drawn.sort()
        low, high = drawn[int(_ROUNDS * 0.025)], drawn[int(_ROUNDS * 0.975)]
        shown = f"{part}/{whole} = {part / max(1, whole):.2f}"
        print(f"{name:26}{shown:18} ({low:.2f} to {high:.2f})  reach {reach or '-'}")


if __name__ == "__main__":
    main()
