"""Texts: cut where their sense is kept, and one name where reports write it in several ways."""

from nearmiss.text import choose_spellings, shorten_at_sense
from tests.cases import over


@over(
    ("text", "most", "cut"),
    [
        ("Chair raised, no rugs in the lounge.", 20, "Chair raised …"),
        ("He could not stand up", 14, "He could …"),
        ("Chair raised. No rugs in the lounge.", 24, "Chair raised. …"),
        ("Chair raised", 20, "Chair raised"),
    ],
)
def test_a_cut_never_turns_the_sense(text: str, most: int, cut: str) -> None:
    assert shorten_at_sense(text, most) == cut


def test_a_client_is_called_as_most_reports_do_and_else_as_the_newest() -> None:
    assert choose_spellings(["mb", "MB", "JS", "MB"]) == {"mb": "MB", "js": "JS"}
    assert choose_spellings(["mb", "MB"]) == {"mb": "mb"}
