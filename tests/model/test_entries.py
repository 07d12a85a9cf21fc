"""What each kind of entry takes, and what it refuses."""

import pytest
from pydantic import ValidationError

from nearmiss.model.entries import ComparisonFields, Content, CorrectionFields, FollowUpFields
from tests.cases import over

ONE, OTHER = "K7QX-0001", "K7QX-0002"


@over(
    ("kind", "fields"),
    [
        (CorrectionFields, {"about": ONE, "reason": "Slip"}),
        (CorrectionFields, {"about": ONE, "reason": "Slip", "changes": {}}),
        (
            CorrectionFields,
            {"about": ONE, "reason": "Slip", "changes": {"client": "MC"}, "withdraws": True},
        ),
        *(
            (CorrectionFields, {"about": ONE, "reason": "Slip", "changes": changes})
            for changes in (
                {"occurred_at": "2026-02-31T25:00:00+00:00"},
                {"occurred_at": "bogus"},
                {"location": "hall\x1b[2J"},
                {"location": "two\nlines"},
                {"note": "\u202e"},
                {"informed": ["a\x07"]},
                {"safeguarding": "yes"},
                {"category": "weather"},
                {"Loc\x1bation": "x"},
                {"added_later": "\x1b[2J"},
            )
        ),
        (ComparisonFields, {"about": ONE, "other": OTHER, "same_hazard": False, "hazard": "rug"}),
        (FollowUpFields, {"about": ONE, "next_step": "Ring", "next_due": "2026-02-31"}),
        (FollowUpFields, {"about": ONE, "next_step": "x" * 201}),
        (FollowUpFields, {"about": ONE, "next_done": False}),
    ],
)
def test_refuses_what_has_no_meaning(kind: type[Content], fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate(fields)


def test_what_was_not_said_is_absent_from_the_line() -> None:
    withdrawn = CorrectionFields(about=ONE, withdraws=True, reason="Wrong report")
    assert withdrawn.model_dump(exclude_none=True) == {
        "about": ONE,
        "withdraws": True,
        "reason": "Wrong report",
    }
    named = ComparisonFields(about=ONE, other=OTHER, same_hazard=True, hazard="the rug")
    assert named.model_dump(exclude_none=True)["hazard"] == "the rug"


def test_a_correction_may_hold_what_a_later_version_added() -> None:
    changes = {"informed": ["son"], "note": "Rang", "added_later": "x"}
    assert CorrectionFields.model_validate({"about": ONE, "reason": "Slip", "changes": changes})
