"""The question which reports show the same hazard: what is asked, noted, and told back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from nearmiss.insight.cases import CaseReader
from nearmiss.interview.hazards import Questions
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import ComparisonFields, Report
from nearmiss.terminal.asking import Asked, Choice
from tests.conftest import NOW, TODAY, make_report

WHATS = (
    "Getting out of the recliner his foot slid on the rug and he sat back down hard.",
    "Tried to rise from the armchair, wobbled and took hold of the arm. Rug rucked up.",
    "Stood up from his chair after tea and lost his balance, slipper caught in the rug.",
    "Rose from the armchair, foot slid on the rug, sat back.",
)


class Carer:
    """Answers in turn, and keeps what was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def ask(self, asked: Asked) -> str:
        self.asked.append(asked.ask)
        return str(self.answers.pop(0))

    def choose(self, choice: Choice[Any]) -> Any:
        self.asked.append(choice.ask)
        return self.answers.pop(0)

    def choose_several(self, choice: Choice[Any]) -> tuple[Any, ...]:
        self.asked.append(choice.ask)
        wanted = self.answers.pop(0)
        offered = [option.value for option in choice.options]
        return tuple(offered[each] for each in wanted)

    def stop(self) -> None:
        raise AssertionError


@pytest.fixture
def ids(book: Logbook) -> Sequence[str]:
    days = ("2026-02-14", "2026-03-01", "2026-03-14", "2026-03-28")
    reports = [
        make_report(what_nearly_happened=what, occurred_at=f"{day}T20:15:00+00:00")
        for what, day in zip(WHATS, days, strict=True)
    ]
    return book.append(reports, "M", NOW).ids


def ask(book: Logbook, tmp_path: Path, report: str, carer: Carer) -> list[ComparisonFields]:
    """Ask about a report; return what was written."""
    written: list[ComparisonFields] = []

    def write(entries: Sequence[ComparisonFields]) -> None:
        written.extend(entries)
        book.append(entries, "M", NOW)

    reader = CaseReader(book, tmp_path, lambda _: None, lambda _: None, TODAY.date())
    found = reader.read(None).records[report].report
    assert isinstance(found, Report)
    Questions(reader, carer, write).ask_about(found)
    return written


def tell(entries: Sequence[ComparisonFields]) -> list[tuple[str, str, bool]]:
    return [(each.about[-1], each.other[-1], each.same_hazard) for each in entries]


def note(book: Logbook, one: str, other: str, *, same: bool) -> None:
    book.append([ComparisonFields(about=one, other=other, same_hazard=same)], "M", NOW)


def test_only_what_was_chosen_is_noted_and_the_rest_not_asked_again(
    book: Logbook, ids: Sequence[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = ask(book, tmp_path, ids[1], Carer([0]))
    assert tell(first) == [("2", "1", True)]
    assert f"Noted: {ids[1]} and {ids[0]} are the same hazard." in capsys.readouterr().err
    carer = Carer([0], "MB trips on rug", False, "near falls at the armchair")
    (third,) = ask(book, tmp_path, ids[2], carer)
    assert third.hazard == "near falls at the armchair"
    assert carer.asked[1].startswith("What would you call it?")
    fourth = Carer([0])
    assert len(ask(book, tmp_path, ids[3], fourth)) == 1
    assert len(fourth.asked) == 1  # it has its name, which is asked for once


def test_none_is_noted_as_different_and_not_now_as_nothing(
    book: Logbook, ids: Sequence[str], tmp_path: Path
) -> None:
    assert ask(book, tmp_path, ids[2], Carer([-2])) == []
    noted = ask(book, tmp_path, ids[2], Carer([-1]))
    assert {each.same_hazard for each in noted} == {False}
    assert {each.other for each in noted} == {ids[0], ids[1]}
    unasked = Carer()
    ask(book, tmp_path, ids[2], unasked)
    assert unasked.asked == []


def test_a_contradiction_is_named_and_asked(
    book: Logbook, ids: Sequence[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note(book, ids[1], ids[0], same=True)
    note(book, ids[2], ids[0], same=False)
    kept = Carer([0], False)
    assert ask(book, tmp_path, ids[2], kept) == []
    assert ids[0] in kept.asked[1]
    assert ids[2] in kept.asked[1]
    assert "what you said before stands" in capsys.readouterr().err
    turned = ask(book, tmp_path, ids[2], Carer([0], True, ""))
    assert {(each.other, each.same_hazard) for each in turned} >= {(ids[1], True)}
    assert not [each for each in turned if not each.same_hazard]


def test_nothing_is_asked_where_nothing_is_likely(
    book: Logbook, ids: Sequence[str], tmp_path: Path
) -> None:
    unlike = make_report(
        what_nearly_happened="Two blister packs open on the side.",
        how_prevented="The pharmacy label.",
        immediate_action="Rang the pharmacist.",
        location="kitchen",
        category="medication",
        occurred_at="2026-04-01T08:00:00+01:00",
    )
    (new,) = book.append([unlike], "M", NOW).ids
    carer = Carer()
    assert ask(book, tmp_path, new, carer) == []
    assert carer.asked == []
