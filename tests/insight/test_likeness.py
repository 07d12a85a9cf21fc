"""The parts of a likeness: products all at once, the word table, groups, what is shared."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nearmiss.insight.likeness import Likeness, find_meaning, find_name_words
from nearmiss.insight.patterns import Groups, find_shared, read_shown
from nearmiss.insight.vectors import NUMBERS, ONE, Packed, PackedVectors, open_table
from tests.conftest import make_report
from tests.insight.making import make_case, make_chairs, write

vectors = st.lists(st.integers(-ONE, ONE), min_size=NUMBERS, max_size=NUMBERS)


@settings(max_examples=25)  # each is hundreds of numbers
@given(st.lists(vectors, min_size=1, max_size=4))
def test_products_at_once_are_those_one_by_one(rows: list[list[int]]) -> None:
    expected = [sum(a * b for a, b in zip(rows[0], row, strict=True)) for row in rows]
    assert PackedVectors(rows).multiply(rows[0]) == expected


features = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 255))


@given(st.lists(features, min_size=1, max_size=5), features)
def test_what_rows_share_is_summed_and_what_none_has_is_nothing(
    rows: list[dict[str, int]], row: dict[str, int]
) -> None:
    expected = [sum(row[name] * each.get(name, 0) for name in row) for each in rows]
    assert list(Packed(rows).multiply(row)) == expected


def test_the_table_knows_household_words_and_joined_ones() -> None:
    table = open_table()
    assert len(table.places) > 20_000
    assert len(table.find_rows("armchair")) == 1
    assert len(table.find_rows("rugchair")) == 2
    assert table.find_rows("xqzjvk") == []


def test_names_of_the_client_and_of_who_was_told_mean_nothing() -> None:
    report = make_report(client="Rose", informed=["daughter (May), phone", "nurse Grace, phone"])
    assert find_name_words(report) == {"rose", "may", "grace"}
    other = make_report(client="Lily", informed=["daughter (June), phone"])
    table = open_table()
    texts = {"what_nearly_happened": "Rose and May slid on the rug."}
    plain = {"what_nearly_happened": "And slid on the rug."}
    named = find_meaning(report.model_copy(update=texts), table)
    unnamed = find_meaning(other.model_copy(update=plain), table)
    assert named == unnamed


def test_words_alike_in_meaning_are_nearer_than_others() -> None:
    whats = (
        "He slid out of the recliner.",
        "He slipped from the armchair.",
        "The tablets were from the wrong box.",
    )
    cases = [make_case(write(n, what, n)) for n, what in enumerate(whats, 1)]
    _, near, far = Likeness([case.traits for case in cases]).compare(0)
    assert near > far


def test_all_at_once_is_each_one_by_one() -> None:
    for with_table in (True, False):
        likeness = Likeness([case.traits for case in make_chairs(with_table=with_table)])
        rows = likeness.compare_all()
        for place, row in enumerate(rows):
            one = likeness.compare(place)
            for other, alike in enumerate(row):
                if other != place:
                    assert abs(alike - one[other]) < 1e-9


def test_groups_take_what_is_alike_on_the_whole_and_mind_what_is_told() -> None:
    alike = [[0, 2, 2, -5], [2, 0, 1, 1], [2, 1, 0, -5], [-5, 1, -5, 0]]
    groups = Groups(alike, 0.0)
    groups.join_alike()
    assert sorted(groups.list_groups()) == [[0, 1, 2], [3]]
    apart = Groups(alike, 0.0)
    apart.keep_apart([(0, 1)])
    apart.join_alike()
    assert not any({0, 1} <= set(each) for each in apart.list_groups())
    tied = Groups(alike, 0.0)
    tied.tie([(0, 3)])
    tied.join_alike()
    assert any({0, 3} <= set(each) for each in tied.list_groups())


def test_only_names_of_things_that_all_say_are_shared() -> None:
    whats = (
        "MB refused, hit out and kicked the rug by the armchair.",
        "He hit his knee, refused help and slid on the rug. Armchair too low.",
    )
    one, other = (make_report(what_nearly_happened=what) for what in whats)
    shared = find_shared([one, other.model_copy(update={"location": "lounge"})])
    assert shared.words == ("rug", "armchair")
    assert shared.place == "lounge"
    assert str(shared) == "rug, armchair (lounge)"
    assert str(find_shared([one, make_report(location="hall", what_nearly_happened="?")])) == "rug"


def test_no_word_that_judges_is_among_those_that_may_be_shown() -> None:
    judging = """hit hitting kick punch slap bite refuse refused wander wandered wandering missing
        alcohol drunk wine gin beer whisky sherry steal stole theft confused aggressive angry
        violent harm suicide overdose abuse neglect dirty lazy difficult incontinent"""
    assert read_shown().isdisjoint(judging.split())
