"""Columns of a carer's own sheet: which are known, which are asked about."""

from nearmiss.intake.columns import (
    CLOCK,
    DAY,
    IGNORE,
    Column,
    find_doubles,
    find_field,
    guess_fields,
    match_columns,
    read_chosen,
)
from nearmiss.intake.heads import find_heads
from tests.cases import over


@over(
    ("head", "field"),
    [
        ("client", "client"),
        ("Date and time", "occurred_at"),
        ("KIND", "category"),
        ("Q3. Who was it about? (initials only) *", "client"),
        ("What did you do straight away?", "immediate_action"),
        ("Safeguarding concern?", "safeguarding"),
        ("Date of near miss", DAY),
        ("Time", CLOCK),
        ("Timestamp", "recorded_at"),
        ("Your name", "recorded_by"),
        ("ID", "id"),
        ("Description", "what_happened"),
        ("Reported to", "informed"),
        ("Reported by", "recorded_by"),
        ("book_seal", IGNORE),
        ("Status", None),
        ("Name", None),
        ("Weather", None),
    ],
)
def test_a_head_says_what_its_column_holds(head: str, field: str | None) -> None:
    assert find_field(head) == field


@over(
    ("head", "field"),
    [
        ("Learner_Full_Name", "client"),
        ("Where in the building", "location"),
        ("Was the family told and when", "informed"),
        ("Stopped because", "how_prevented"),
        ("Date of birth", ""),
        ("Further action required", ""),
        ("Follow-up date", ""),
        ("Weather", ""),
        ("No safeguarding concern", ""),
        ("Not a safeguarding matter", ""),
        ("Safeguarding concern? If not leave blank", "safeguarding"),
        ("Safeguarding: none / raised", "safeguarding"),
        ("Safeguarding referral not needed", ""),
        ("Wasn't worried", ""),
        ("Safeguarding matter? Yes / no / not sure", "safeguarding"),
        ("Worried or not", "safeguarding"),
    ],
)
def test_what_is_offered_never_crosses_meanings(head: str, field: str) -> None:
    if find_field(head) is None:
        assert [*guess_fields(head), ""][0] == field


def columns(*heads: str, filled: int = 1) -> list[Column]:
    return [Column(each, {"x": filled} if filled else {}) for each in heads]


def test_a_column_in_which_nothing_stands_is_left_out() -> None:
    found = match_columns([*columns("Location"), *columns("Weather", filled=0)], {}, {})
    assert found == ["location", IGNORE]


def test_two_columns_that_say_the_same_are_found_and_one_may_be_chosen() -> None:
    assert list(find_doubles(match_columns(columns("When", "Date"), {}, {}), {})) == [[0, 1]]
    chosen = {"Date": IGNORE}
    assert not list(find_doubles(match_columns(columns("When", "Date"), chosen, {}), chosen))
    joined = {"Details": "what_happened", "What happened": "what_happened"}
    assert not list(find_doubles(match_columns(columns(*joined), joined, {}), joined))


def test_what_is_said_of_a_column_is_read_by_its_field_or_title() -> None:
    heads = ["Where it was", "Type = kind", "Notes"]
    said = ["where it was=Location", "Type = kind=category", "Notes=ignore"]
    assert read_chosen(said, heads) == {
        "Where it was": "location",
        "Type = kind": "category",
        "Notes": IGNORE,
    }


def test_the_row_of_heads_is_found_below_a_title() -> None:
    rows = [
        (1, ["Rose House Near Miss Log 2026", "", ""]),
        (2, ["", "", ""]),
        (3, ["Date", "Resident", ""]),
        (4, ["03/04/2026", "MB", "wet"]),
    ]
    heads = find_heads(rows)
    assert (heads.number, heads.names) == (3, ("Date", "Resident", "column C"))
    assert heads.above == ("Rose House Near Miss Log 2026",)
