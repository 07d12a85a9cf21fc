"""Which earlier reports are most like one, and whether the carer is asked about them."""

import pytest

from nearmiss.insight.cases import CaseBook, gather_clients
from nearmiss.insight.patterns import Neighbours
from nearmiss.records.fold import fold
from tests.cases import over
from tests.insight.making import CHAIR, OTHERS, compare, judge, make_case, make_chairs, write


def test_the_three_most_alike_are_earlier_and_have_no_floor() -> None:
    cases = make_chairs()
    subject = next(case for case in cases if case.id == "K7QX-0003")
    found = Neighbours(subject, cases).list_most_alike()
    assert [each.case.id for each in found[:2]] == ["K7QX-0002", "K7QX-0001"]
    assert len(found) == 3
    assert found[0].likeness >= found[1].likeness >= found[2].likeness
    assert sum(found[0].parts.values()) == pytest.approx(found[0].likeness)


def test_one_older_than_the_newest_of_a_client_is_held_against_those_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nearmiss.insight.cases.MOST_OF_A_CLIENT", 2)
    reports = [write(n, what, n) for n, what in enumerate(CHAIR * 2, 1)]
    records = {each.id: fold(each) for each in reversed(reports)}
    book = CaseBook(records, judge([]), gather_clients(reversed(reports)))
    assert [each.id[-1] for each in book.list_beside(reports[5])] == ["5", "6"]
    assert [each.id[-1] for each in book.list_beside(reports[2])] == ["2", "3"]


def test_a_report_written_late_is_held_against_what_happened_since() -> None:
    newer, older = make_case(write(1, CHAIR[0], 30)), make_case(write(2, CHAIR[1], 10))
    found = Neighbours(older, [older, newer]).list_most_alike()
    assert [each.case.id for each in found] == ["K7QX-0001"]


def test_the_carer_is_asked_only_where_something_is_likely() -> None:
    cases = make_chairs()
    by_id = {case.id: case for case in cases}
    asked = Neighbours(by_id["K7QX-0003"], cases).choose_to_ask(judge(cases))
    assert [each.case.id for each in asked][:2] == ["K7QX-0002", "K7QX-0001"]
    assert Neighbours(by_id["K7QX-0012"], cases).choose_to_ask(judge(cases)) == []


def test_what_was_answered_is_not_asked_again_and_marked_reports_stand_for_each_other() -> None:
    cases = [*make_chairs(), make_case(write(20, CHAIR[0].replace("foot", "heel"), 40))]
    newest = cases[-1]
    one_for_all = judge(cases, compare(30, 2, 1), compare(31, 3, 2))
    asked = Neighbours(newest, cases).choose_to_ask(one_for_all)
    assert len({each.case.id for each in asked} & {"K7QX-0001", "K7QX-0002", "K7QX-0003"}) == 1
    tied = judge(cases, compare(30, 2, 1), compare(31, 3, 2), compare(32, 20, 1))
    assert not {each.case.id for each in Neighbours(newest, cases).choose_to_ask(tied)} & {
        "K7QX-0001",
        "K7QX-0002",
        "K7QX-0003",
    }


@over("what", ["word " * 1000, "他从椅子上站起来时差点摔倒", "xqzj vfkp", "🙂", OTHERS[0][0] * 60])
def test_no_text_is_too_strange_to_compare(what: str) -> None:
    cases = [*make_chairs(), make_case(write(20, what[:5000], 40))]
    assert len(Neighbours(cases[-1], cases).list_most_alike()) == 3
