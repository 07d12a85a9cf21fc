"""Texts that are cut keep their sense."""

import pytest

from nearmiss.text import shorten_at_sense


@pytest.mark.parametrize(
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
