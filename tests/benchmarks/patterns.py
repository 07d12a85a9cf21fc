"""How good likeness and patterns are: python -m tests.benchmarks.patterns [--tuning].

Without an option, on books that were never used for tuning; ``--tuning`` on those that were.
``--errors`` also names what went wrong, to be read.
"""

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from nearmiss.insight.cases import DAYS, FEWEST, Case, Verdicts, are_within, read_verdicts
from nearmiss.insight.lexicon import Lexicon, read_lexicon, suggest_category
from nearmiss.insight.likeness import find_meaning, read_traits
from nearmiss.insight.patterns import Neighbours, Similar, find_possible
from nearmiss.insight.vectors import WordTable, open_table
from nearmiss.model.entries import Comparison, NearMiss, Report, ReportFields
from tests.benchmarks.fit_likeness import leave_out
from tests.benchmarks.labelled import TUNING, UNSEEN, LabelledClient, read_clients

_PURE = 0.6  # the part of a pattern's reports that must be of one theme
_ROUNDS = 2000
_SEALED = {"nonce": "0" * 32, "digest": "0" * 64, "seal": "0" * 64}
_ENVELOPE = {"recorded_at": "2026-11-24T12:00:00+00:00", "recorded_by": "Maria, carer", **_SEALED}
Say = Callable[[str], None]


def _keep_quiet(line: str) -> None:
    del line


@dataclass
class Counts:
    """What was counted over one client's reports."""

    found: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.found + other.found)


@dataclass(frozen=True)
class Labelled:
    """One client's reports as they are compared, with their themes by id."""

    cases: list[Case]
    labels: dict[str, str | None]

    def is_same(self, one: Case, other: Case) -> bool:
        """Whether two reports are labelled as one hazard."""
        return self.labels[one.id] is not None and self.labels[one.id] == self.labels[other.id]


def make_cases(client: LabelledClient, lexicon: Lexicon, table: WordTable | None) -> Labelled:
    """Return a client's reports as if they stood in a book, in the order of happening."""
    cases = []
    for number, fields in enumerate(client.reports, start=1):
        report = enclose(fields, number)
        meaning = find_meaning(report, table) if table else None
        cases.append(Case(report, read_traits(report, lexicon, meaning)))
    return Labelled(cases, dict(zip([case.id for case in cases], client.themes, strict=True)))


def enclose(fields: ReportFields, number: int) -> Report:
    """Return a report as it stands in a book."""
    envelope = {**_ENVELOPE, "entry": "report", "id": f"B00K-{number:04d}"}
    return NearMiss.model_validate({**fields.model_dump(), **envelope})


def answer_questions(labelled: Labelled, counts: Counts, say: Say) -> Verdicts:
    """Return the verdicts of a carer who answers the question after each saving as labelled."""
    said: list[Comparison] = []
    verdicts = read_verdicts([], [])
    for n, case in enumerate(labelled.cases):
        asked = Neighbours(case, labelled.cases[: n + 1]).choose_to_ask(verdicts)
        if not asked:
            continue
        same = [each for each in asked if labelled.is_same(case, each.case)]
        counts.found["asked"] += 1
        counts.found["asked in vain"] += not same
        said += [_compare(case, each, len(said), same=bool(same)) for each in same or asked]
        reports = [each.report for each in labelled.cases[: n + 1]]
        verdicts = read_verdicts(said, reports)
        if not same:
            say(f"asked in vain: {_tell(case)}\n   " + "\n   ".join(_tell(e.case) for e in asked))
    return verdicts


def _compare(case: Case, other: Similar, number: int, *, same: bool) -> Comparison:
    ids = {"id": f"B00K-{5000 + number}", "about": case.id, "other": other.case.id}
    return Comparison.model_validate(
        {**_ENVELOPE, **ids, "entry": "comparison", "same_hazard": same}
    )


def rank(labelled: Labelled, counts: Counts, say: Say) -> None:
    """Count where the first earlier report of the same theme stands."""
    for n, case in enumerate(labelled.cases):
        earlier = labelled.cases[:n]
        if not any(labelled.is_same(case, each) for each in earlier):
            continue
        found = Neighbours(case, labelled.cases[: n + 1]).list_most_alike()
        right = [labelled.is_same(case, each.case) for each in found]
        counts.found["ranked"] += 1
        counts.found["first"] += right[0]
        counts.found["first three"] += any(right)
        if not any(right):
            say(f"not among three: {_tell(case)} theme {labelled.labels[case.id]}")


def judge(groups: Sequence[Sequence[str]], labelled: Labelled, counts: Counts, name: str) -> None:
    """Count the patterns that are right, and the themes that are found."""
    found = set()
    for group in groups:
        themes = Counter(theme for each in group if (theme := labelled.labels[each]))
        right = {
            theme
            for theme, number in themes.items()
            if number >= FEWEST and number >= _PURE * len(group)
        }
        counts.found[f"{name} patterns"] += 1
        counts.found[f"{name} right"] += bool(right)
        found |= right
    counts.found[f"{name} themes found"] += len(found & list_themes(labelled))


def list_themes(labelled: Labelled) -> set[str]:
    """Return the themes with three reports within the span."""
    moments = defaultdict(list)
    for case in labelled.cases:
        if theme := labelled.labels[case.id]:
            moments[theme].append(case.report.occurred)
    return {theme for theme, when in moments.items() if are_within(when, DAYS)}


def suggest(labelled: Labelled, lexicon: Lexicon, counts: Counts) -> None:
    """Count how often a kind is suggested, and how often rightly."""
    for case in labelled.cases:
        suggested = suggest_category(case.report.model_dump(), lexicon)
        counts.found["suggested"] += suggested is not None
        counts.found["suggested rightly"] += suggested == case.report.category


def count_client(
    client: LabelledClient, lexicon: Lexicon, table: WordTable | None, say: Say
) -> Counts:
    """Return what is counted over one client."""
    labelled, counts = make_cases(client, lexicon, table), Counts()
    counts.found["reports"] = len(labelled.cases)
    counts.found["themes"] = len(list_themes(labelled))
    rank(labelled, counts, say)
    verdicts = answer_questions(labelled, counts, say)
    answered = [each.ids for each in verdicts.marked if each.is_pattern()]
    judge(answered, labelled, counts, "answered")
    possible = find_possible(labelled.cases, read_verdicts([], []))
    judge([each.ids for each in possible], labelled, counts, "possible")
    for each in possible:
        themes = Counter(labelled.labels[one] for one in each.ids)
        say(f"possible {each.likeness:.1f} {dict(themes)} shared: {each.shared}")
        for case in each.cases:
            say(f"   {_tell(case)}")
    missed = list_themes(labelled) - {labelled.labels[i] for group in answered for i in group}
    say(f"themes missed after answers: {missed}")
    suggest(labelled, lexicon, counts)
    return counts


def _tell(case: Case) -> str:
    report = case.report
    what = report.what[:150].replace("\n", " ")
    return f"{case.id} {report.occurred:%d %b %y} {report.location}, {report.category}: {what}"


FIGURES: dict[str, tuple[str, str, str]] = {
    "ranked first": ("0.80", "first", "ranked"),
    "among the first three": ("0.95", "first three", "ranked"),
    "precision, after answers": ("0.95", "answered right", "answered patterns"),
    "recall, after answers": ("0.95", "answered themes found", "themes"),
    "asked in vain, of reports": ("at most 0.25", "asked in vain", "reports"),
    "asked, of reports": ("-", "asked", "reports"),
    "precision, possible": ("0.75", "possible right", "possible patterns"),
    "recall, possible": ("0.15", "possible themes found", "themes"),
    "kind suggested rightly": ("0.85", "suggested rightly", "suggested"),
    "kind suggested at all": ("-", "suggested", "reports"),
}


def show(clients: Sequence[Counts]) -> None:
    """Print each figure with its reach and its 95 % bootstrap interval over clients."""
    chance = random.Random(1)
    for name, (reach, some, of) in FIGURES.items():
        total = sum(clients, Counts()).found
        drawn = []
        for _ in range(_ROUNDS):
            one = sum((each.found for each in chance.choices(clients, k=len(clients))), Counter())
            drawn.append(one[some] / one[of] if one[of] else 0.0)
        drawn.sort()
        low, high = drawn[int(_ROUNDS * 0.025)], drawn[int(_ROUNDS * 0.975)]
        shown = f"{total[some]}/{total[of]} = {total[some] / max(1, total[of]):.2f}"
        print(f"{name:27}{shown:18} ({low:.2f} to {high:.2f})  reach {reach}")


def main() -> None:
    """Count, and print the figures."""
    lexicon = read_lexicon()
    is_tuning, without = "--tuning" in sys.argv, "--without-table" in sys.argv
    clients = read_clients(TUNING if is_tuning else UNSEEN)
    say: Say = print if "--errors" in sys.argv else _keep_quiet
    counted = []
    for client in clients:
        say(f"\n== {client.book} {client.client}")
        table = leave_out(client.book, clients) if is_tuning else open_table()
        counted.append(count_client(client, lexicon, None if without else table, say))
    print(f"{len(clients)} clients")
    show(counted)


if __name__ == "__main__":
    main()
