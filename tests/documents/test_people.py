"""Who was told, as a family may read it: the part that a person plays, never the name."""

from pathlib import Path

from nearmiss.documents.people import (
    SOMEONE_ELSE,
    find_callings,
    find_key,
    find_names,
    find_roles,
    is_hidden,
    name_group,
    name_roles,
)
from nearmiss.words import read_words
from tests.cases import over

# What carers write of whom they told, and the parts that a family may read: # where it is hidden
# who that is, - where no part stands in it.
TOLD = [
    line.split("\t")
    for line in Path(__file__).with_name("told.tsv").read_text(encoding="utf-8").splitlines()
]


@over(("told", "roles"), [(told, roles) for told, roles in TOLD])
def test_a_family_reads_the_parts_that_people_play(told: str, roles: str) -> None:
    assert is_hidden(told) is (roles == "#")
    wanted = {SOMEONE_ELSE} if roles in ("#", "-") else {*roles.split("; ")}
    shown = name_roles([told], client="MB")
    assert {each.casefold() for each in shown} == wanted
    written = find_roles(told, "MB")
    assert all(each in told or each in (SOMEONE_ELSE, "doctor") for each in written)


def test_a_slip_in_what_tells_a_role_apart_loses_nothing_and_stays_as_typed() -> None:
    for slip in ("distict nurse", "Distrcit nurse", "comunity nurses", "ocupational therapist"):
        assert find_roles(f"{slip} (Ann), phone") == [slip]
    assert find_roles("moaning lady, phone") == []  # no "morning lady"
    assert find_names(["Distict nurse Ann"]) == {"ann"}


def test_whom_no_role_names_is_called_as_the_carer_said() -> None:
    called = {"sue": "daughter", "zebedee": "friend"}
    assert name_roles(["Sue, phone", "Zebedee from church"], called) == ["daughter", "friend"]
    assert name_roles(["my sister Sue"], called) == [SOMEONE_ELSE]
    assert [find_key(each) for each in ("Sue Low, phone 8pm", "sue", "told Sue")] == [
        "sue low",
        "sue",
        "sue",
    ]


def test_a_name_alone_is_who_always_plays_one_part_and_nobody_whose_name_two_have() -> None:
    told = ["Carol (daughter)", "Carol, phone 8:40", "Dr Shah (GP)", "Shah", "Paul"]
    told += ["DN Sue", "Sue next door", "Sue", "my husband Bob", "Bob", "Bob (son)"]
    assert find_callings(told) == {"carol": "daughter", "shah": "GP"}
    assert name_roles(["Carol", "Sue", "Bob"], find_callings(told)) == ["daughter", SOMEONE_ELSE]
    named = find_callings(told, "Carol Smith")
    assert named["carol"] == "daughter"
    assert find_callings([*told, "Carol Smith"], "Carol Smith")["carol smith"] == "daughter"
    assert find_callings(told, "Paul Jones")["paul"] == "Paul Jones"


def test_each_role_is_read_once() -> None:
    told = ["daughter (Sue)", "daughter (Ann)", "Bo", "Cy", "GP (Dr Shah)"]
    assert name_roles(told) == ["daughter", SOMEONE_ELSE, "GP"]


def test_no_role_points_to_a_safeguarding_enquiry() -> None:
    roles = [role for kind in ("work", "places", "family") for role in read_words("roles")[kind]]
    short = read_words("roles")["short"]
    said = [*roles, *short, *(each for written in short.values() for each in written)]
    # Two are known as who was told, and hidden all the same.
    assert [each for each in said if is_hidden(each)] == ["trading standards", "ombudsman"]
    assert name_roles(["trading standards", "ombudsman (Bo)"]) == [SOMEONE_ELSE]
    assert {"gp", "daughter", "111", "day centre", "son in law"} <= set(roles)


@over(
    ("told", "names"),
    [
        ("daughter (Sue), phone", {"sue"}),
        ("daughter (sue smith), text 8pm", {"sue", "smith"}),
        ("GP (Dr Shah), phoned Monday", {"shah"}),
        ("Zebedee from church", {"zebedee"}),
        ("daughter, phone, on Tue at 8", set()),
        ("district nurse - Ruth", {"ruth"}),
        ("son (Al) and neighbour (Bo), both by phone", {"al", "bo"}),
        ("Ottoline, safeguarding team", {"ottoline"}),
        ("GP surgery, message left by Ada", {"ada"}),
        ("son (J)", set()),
        ("Mrs Ward (neighbour)", {"ward"}),
        ("District Nurse, Carol (next door)", {"carol"}),
        ("Siân at the memory clinic", {"siân"}),
    ],
)
def test_names_are_found_where_only_the_role_is_shown(told: str, names: set[str]) -> None:
    assert find_names([told]) == names


@over(
    ("told", "professional", "name"),
    [
        ("GP (Dr Shah), phone", True, "GP"),
        ("district nurse - Ruth", True, "district nurse"),
        ("daughter (Sue)", False, "daughter"),
        ("Neighbour, Bo", False, "Neighbour"),
        ("attorney (Al)", False, "attorney"),
        ("adult social care, phone", True, "adult social care"),
        ("council (Al)", True, "council"),
        ("Occupational therapist, letter", True, "Occupational therapist"),
        ("OT (Ines)", True, "OT"),
        ("physiotherapist", True, "physiotherapist"),
        ("bank, phone", False, "bank"),
        ("Zebedee from church", False, "Zebedee from church"),
    ],
)
def test_those_told_are_grouped_by_the_part_they_play(
    told: str, professional: bool, name: str
) -> None:
    assert name_group(told) == (professional, name)
