"""Texts: cut where their sense is kept, and one name where reports write it in several ways."""

from nearmiss.text import choose_spellings, shorten_at_sense, take_sentences
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


@over(
    ("text", "most", "taken"),
    [
        ("One. Two is longer. Three.", 20, "One. Two is longer."),
        (
            "Dr. Shah rang at 9 a.m. and said so. Then she left.",
            10,
            "Dr. Shah rang at 9 a.m. and said so.",
        ),
        ("M. sat down. Up again", 5, "M. sat down."),
        ("no end\nat all", 4, "no end at all"),
        ('"Help me!" he said. So I did.', 12, '"Help me!"'),
    ],
)
def test_sentences_are_taken_whole_one_at_least(text: str, most: int, taken: str) -> None:
    assert take_sentences(text, most) == taken
