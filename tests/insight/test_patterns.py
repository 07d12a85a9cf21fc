"""Likeness and patterns: explainable, of one client, and ruled by the carer's own word."""

import re
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nearmiss.insight.lexicon import read_lexicon, split_stems
from nearmiss.insight.likeness import Likeness, name_hour
from nearmiss.insight.patterns import Case, find_patterns, make_case, read_verdicts
from nearmiss.insight.similar import find_similar
from nearmiss.insight.suggest import suggest_category
from nearmiss.model.entries import Comparison
from tests.conftest import make_report

LEXICON, _ = read_lexicon()
CHAIR = ("Slipped getting out of the recliner.", "Lost his balance, riser chair arm.")
BATH = "The bath water was scalding, I felt it with my elbow."


def make(number: int, what: str, day: int, **changes: Any) -> Case:
    report = make_report(
        what_nearly_happened=what,
        occurred_at=f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}T20:15:00+00:00",
        **changes,
    )
    return make_case(f"K7QX-{number:04d}", report, LEXICON)


def chairs(**changes: Any) -> list[Case]:
    whats = (CHAIR[0], CHAIR[1], "Stood up from his armchair and wobbled.")
    cases = [make(n + 1, what, n * 10, **changes) for n, what in enumerate(whats)]
    others = ("Two blister packs open.", BATH, "Front door was open at night.", "Lead frayed.")
    places = ("kitchen", "bathroom", "hall", "bedroom")
    return cases + [
        make(n + 10, what, n * 9, location=place, category="other", client=cases[0].report.client)
        for n, (what, place) in enumerate(zip(others, places, strict=True))
    ]


def verdict(number: int, about: int, other: int, same: bool) -> Comparison:
    return Comparison.model_construct(
        entry="comparison",
        id=f"K7QX-{number:04d}",
        about=f"K7QX-{about:04d}",
        other=f"K7QX-{other:04d}",
        same_hazard=same,
    )


def find(cases: list[Case], *comparisons: Comparison, days: int = 90) -> list[tuple[str, Any]]:
    likeness = Likeness([case.traits for case in cases])
    found = find_patterns(cases, read_verdicts(comparisons), likeness, days)
    return [(each.status, each.reports) for each in found]


def test_other_words_for_one_thing_make_a_possible_pattern_that_says_why() -> None:
    cases = chairs()
    likeness = Likeness([case.traits for case in cases])
    (pattern,) = find_patterns(cases, {}, likeness)
    assert pattern.status == "possible"
    assert pattern.reports == ("K7QX-0001", "K7QX-0002", "K7QX-0003")
    assert "armchair" in pattern.reasons
    assert (pattern.first.month, pattern.last.day) == (1, 21)


def test_three_must_lie_within_the_days() -> None:
    assert find(chairs(), days=19) == []
    assert find(chairs(), days=20) != []


def test_the_carers_word_confirms_and_the_newest_wins() -> None:
    cases = chairs()
    same = [verdict(20, 10, 11, True), verdict(21, 11, 12, True)]
    assert find(cases, *same)[0] == ("confirmed", ("K7QX-0010", "K7QX-0011", "K7QX-0012"))
    taken_back = [*same, verdict(22, 12, 11, False)]
    assert all(status == "possible" for status, _ in find(cases, *taken_back))
    assert find(cases, *taken_back, verdict(23, 11, 12, True))[0][0] == "confirmed"


def test_a_different_verdict_beats_a_guess() -> None:
    cases = chairs()
    for one, other in ((1, 2), (1, 3), (2, 3)):
        assert find(cases, verdict(30, one, other, False)) == []


def test_the_night_crosses_midnight() -> None:
    assert name_hour(23) == name_hour(2) == "night"
    assert name_hour(6) == "morning"


clients = st.sampled_from(["MB", "mb ", "JS"])
texts = st.sampled_from([*CHAIR, BATH, "Slipped in the bath.", "Tripped on the lead by the chair."])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["MB", "mb ", "JS"]), texts, st.integers(0, 200)), max_size=14
    ),
    st.lists(st.tuples(st.integers(1, 14), st.integers(1, 14), st.booleans()), max_size=8),
)
def test_clients_are_never_joined_and_no_report_is_in_two_patterns(
    rows: list[tuple[str, str, int]], said: list[tuple[int, int, bool]]
) -> None:
    cases = [make(n, what, day, client=who) for n, (who, what, day) in enumerate(rows, 1)]
    whose = {case.id: case.report.client.strip().casefold() for case in cases}
    found = find(
        cases, *(verdict(50 + n, *each) for n, each in enumerate(said) if each[0] != each[1])
    )
    for _, reports in found:
        assert len(reports) >= 3
        assert len({whose[each] for each in reports}) == 1
    everywhere = [each for _, reports in found for each in reports]
    assert len(everywhere) == len(set(everywhere))


def test_only_earlier_reports_of_the_same_client_are_similar() -> None:
    cases = [*chairs(), *(make(n + 40, CHAIR[0], 5, client="JS") for n in range(2))]
    found = find_similar(cases[2], cases)
    assert [each.case.id for each in found[:2]] == ["K7QX-0002", "K7QX-0001"]
    assert all(each.case.report.client == "MB" for each in found)
    assert 0 < found[-1].likeness <= found[0].likeness <= 1


def test_a_kind_is_suggested_only_where_it_is_plain() -> None:
    plain = {"what_nearly_happened": "Insulin pen set to 18 units, the chart and the box say 8."}
    assert suggest_category(plain, LEXICON) == "medication"
    assert suggest_category({"what_nearly_happened": "Something happened."}, LEXICON) is None


def test_the_carers_own_words_are_added_and_a_mistake_is_named(tmp_path: Path) -> None:
    own = tmp_path / "lexicon.toml"
    own.write_text('[medication]\n"feed pump" = ["kangaroo"]\n', encoding="utf-8")
    lexicon, mistake = read_lexicon(tmp_path)
    assert mistake is None
    assert lexicon.kinds["feed pump"] == "medication"
    for text in ('[medication\n"x" = ["y"]\n', '[falls]\n"x" = ["y"]\n', '[any]\n"x" = "y"\n'):
        own.write_text(text, encoding="utf-8")
        lexicon, mistake = read_lexicon(tmp_path)
        assert mistake
        assert str(own) in mistake
        assert re.search(r"line [12]\b", mistake)
        assert "armchair" in {thing for _, thing in lexicon.phrases["reclin"]}


def test_a_place_is_the_room_that_is_named_first() -> None:
    assert LEXICON.find_place(split_stems("Lounge, by the front door")) == "lounge"
    assert "night waking" not in LEXICON.find_things(split_stems("I am giving the am meds"))
    assert "night waking" in LEXICON.find_things(split_stems("Up at 3am"))
