"""Who was told, as a family may read it: the part that a person plays, never the name."""

from nearmiss.documents.reader import KNOWN_ROLES, SOMEONE_ELSE, find_names, name_group, name_roles
from tests.cases import over


@over(
    ("told", "role"),
    [
        ("daughter", "daughter"),
        ("daughter (Sue), phone, 8:40pm", "daughter"),
        ("Daughter, Sue", "Daughter"),
        ("GP: Dr Shah", "GP"),
        ("GP; by phone", "GP"),
        ("district nurse - Ruth", "district nurse"),
        ("district nurse – Ruth", "district nurse"),
        ("district nurse — Ruth", "district nurse"),
        ("  son (Al) ", "son"),
        ("District  Nurse (Ruth)", "District  Nurse"),
        ("Parkinson’s nurse (Ruth)", "Parkinson’s nurse"),
        ("on-call (Ann)", "on-call"),
        ("live-in carer (Bo)", "live-in carer"),
        ("111, phone", "111"),
        ("next of kin (Sue)", "next of kin"),
        ("Sue", SOMEONE_ELSE),
        ("Sue, daughter", SOMEONE_ELSE),
        ("daughter Sue", SOMEONE_ELSE),
        ("(Sue) daughter", SOMEONE_ELSE),
        ("safeguarding team (Ottoline)", SOMEONE_ELSE),
        ("social worker (Al, safeguarding)", SOMEONE_ELSE),
        ("social worker, SAFEGUARDING duty", SOMEONE_ELSE),
        ("MASH", SOMEONE_ELSE),
        ("police", SOMEONE_ELSE),
        ("adult social care, phone", SOMEONE_ELSE),
        ("", SOMEONE_ELSE),
    ],
)
def test_a_family_reads_a_known_role_and_nothing_beside_it(told: str, role: str) -> None:
    assert name_roles([told]) == [role]


def test_each_role_is_read_once() -> None:
    told = ["daughter (Sue)", "daughter (Ann)", "Bo", "Cy", "GP (Dr Shah)"]
    assert name_roles(told) == ["daughter", SOMEONE_ELSE, "GP"]


def test_no_role_points_to_a_safeguarding_enquiry() -> None:
    words = ("safeguard", "police", "mash", "enquiry", "protection")
    assert [role for role in KNOWN_ROLES if any(word in role for word in words)] == []
    assert {"gp", "daughter", "111", "ot", "day centre", "son-in-law"} <= KNOWN_ROLES


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
