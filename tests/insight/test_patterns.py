"""What may be a pattern: of one client, ruled by the carer's own word, in the reports' words."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nearmiss.insight.likeness import find_chance
from nearmiss.insight.patterns import find_possible
from tests.insight.making import CHAIR, compare, judge, make_case, make_chairs, write

IDS = ("K7QX-0001", "K7QX-0002", "K7QX-0003")


def find(cases: list, *said, days: int = 90) -> list[tuple[str, ...]]:  # type: ignore[no-untyped-def, type-arg]
    return [each.ids for each in find_possible(cases, judge(cases, *said), days)]


def test_other_words_for_one_thing_may_be_a_pattern() -> None:
    cases = make_chairs()
    (possible,) = find_possible(cases, judge(cases))
    assert possible.ids == IDS
    assert possible.client == "MB"
    assert 0 < find_chance(possible.likeness) < 1


def test_nothing_is_guessed_by_words_alone() -> None:
    assert find(make_chairs(with_table=False)) == []


def test_what_is_shared_stands_in_each_of_the_reports() -> None:
    cases = make_chairs()
    (possible,) = find_possible(cases, judge(cases))
    assert possible.shared.place == "lounge, by the armchair"
    assert possible.shared.words == ("rug",)


def test_three_must_lie_within_the_days() -> None:
    assert find(make_chairs(), days=19) == []
    assert find(make_chairs(), days=20) == [IDS]


def test_what_the_carer_answered_is_left_out() -> None:
    cases = make_chairs()
    assert find(cases, compare(30, 2, 1), compare(31, 3, 2)) == []  # confirmed
    assert find(cases, compare(30, 3, 1)) == []  # the newest of them was asked about
    assert find(cases, compare(30, 2, 1)) == [IDS]  # the third has not been


def test_a_different_verdict_beats_a_guess() -> None:
    cases = make_chairs()
    for one, other in ((2, 1), (3, 1), (3, 2)):
        assert find(cases, compare(30, one, other, same=False)) == []


texts = st.sampled_from([*CHAIR, "The bath water was scalding.", "Tripped on the lead."])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(texts, st.integers(0, 200)), max_size=12),
    st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12), st.booleans()), max_size=6),
)
def test_no_report_is_in_two_patterns_and_none_against_the_carers_word(
    rows: list[tuple[str, int]], said: list[tuple[int, int, bool]]
) -> None:
    cases = [make_case(write(n, what, day)) for n, (what, day) in enumerate(rows, 1)]
    cases.sort(key=lambda case: (case.report.occurred, case.number))
    verdicts = judge(
        cases,
        *(
            compare(50 + n, one, other, same=same)
            for n, (one, other, same) in enumerate(said)
            if one != other
        ),
    )
    found = find_possible(cases, verdicts)
    everywhere = [each for possible in found for each in possible.ids]
    assert len(everywhere) == len(set(everywhere))
    for possible in found:
        assert len(possible.ids) >= 3
        tied = {frozenset(each.ids) for each in verdicts.marked}
        for one, other in verdicts.list_pairs(same=False):
            if not any({one, other} <= group for group in tied):
                assert not {one, other} <= set(possible.ids)
