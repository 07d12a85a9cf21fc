"""What the carer marked as the same hazard: tied, named, and counted for who may see it."""

from nearmiss.insight.cases import Marked, find_marked
from nearmiss.model.entries import Comparison, NearMiss, Report
from tests.conftest import make_report

_SEALED = {"nonce": "0" * 32, "digest": "0" * 64, "seal": "0" * 64}


def _enclose(number: int) -> dict[str, str]:
    return {
        "id": f"K7QX-{number:04d}",
        "recorded_at": "2026-04-30T12:00:00+01:00",
        "recorded_by": "Maria, carer",
        **_SEALED,
    }


def write(number: int, day: str, client: str = "MB") -> Report:
    fields = make_report(client=client, occurred_at=f"{day}T21:15:00+00:00").model_dump()
    return NearMiss.model_validate({**fields, **_enclose(number), "entry": "report"})


def compare(
    number: int, about: int, other: int, *, same: bool = True, name: str = ""
) -> Comparison:
    fields = {
        "about": f"K7QX-{about:04d}",
        "other": f"K7QX-{other:04d}",
        "same_hazard": same,
        **({"hazard": name} if name else {}),
    }
    return Comparison.model_validate({**fields, **_enclose(number), "entry": "comparison"})


REPORTS = [write(1, "2026-01-10"), write(2, "2026-03-01"), write(3, "2026-02-01")]


def find_one(reports: list[Report], *comparisons: Comparison) -> Marked:
    (found,) = find_marked(reports, comparisons)
    return found


def test_ties_reach_over_a_report_between_and_stand_in_the_order_of_events() -> None:
    found = find_one(REPORTS, compare(4, 1, 2), compare(5, 2, 3))
    assert found.ids == ("K7QX-0001", "K7QX-0003", "K7QX-0002")
    assert found.is_pattern()
    assert not found.is_pattern(days=49)
    assert found.is_pattern(days=50)


def test_two_are_marked_but_no_pattern() -> None:
    assert not find_one(REPORTS, compare(4, 1, 2)).is_pattern()


def test_the_newest_verdict_on_a_pair_holds_whichever_was_named_first() -> None:
    assert find_marked(REPORTS, [compare(4, 1, 2), compare(5, 2, 1, same=False)]) == []
    assert len(find_marked(REPORTS, [compare(4, 1, 2, same=False), compare(5, 2, 1)])) == 1


def test_the_newest_name_is_the_name() -> None:
    comparisons = [compare(4, 1, 2, name="near falls"), compare(6, 3, 2, name="the armchair")]
    assert find_one(REPORTS, *comparisons).name == "the armchair"
    assert find_one(REPORTS, *comparisons, compare(7, 1, 2)).name == "the armchair"
    assert find_one(REPORTS, compare(4, 1, 2)).name == ""


def test_a_name_counts_no_longer_where_its_verdict_was_taken_back() -> None:
    found = find_one(
        REPORTS, compare(4, 1, 2, name="the rug"), compare(5, 2, 3), compare(6, 1, 2, same=False)
    )
    assert (found.ids, found.name) == (("K7QX-0003", "K7QX-0002"), "")


def test_two_clients_are_never_tied_nor_a_report_that_is_not_there() -> None:
    others = [write(1, "2026-01-10"), write(2, "2026-03-01", client="KT")]
    assert find_marked(others, [compare(4, 1, 2), compare(5, 1, 9), compare(6, 1, 1)]) == []
    same = [write(1, "2026-01-10", client="mb"), write(2, "2026-03-01", client=" MB")]
    assert len(find_marked(same, [compare(4, 1, 2)])) == 1


def test_a_reader_who_sees_only_a_part_sees_no_name() -> None:
    found = find_one(REPORTS, compare(4, 1, 2, name="the rug"), compare(5, 2, 3))
    assert found.show_only({"K7QX-0001", "K7QX-0003"}) == Marked((REPORTS[0], REPORTS[2]), "")
    assert found.show_only(set(found.ids)) == found
