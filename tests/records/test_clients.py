"""A client's name where reports write it in several ways."""

from nearmiss.text import choose_spellings


def test_a_client_is_called_as_most_reports_do_and_else_as_the_newest() -> None:
    assert choose_spellings(["mb", "MB", "JS", "MB"]) == {"mb": "MB", "js": "JS"}
    assert choose_spellings(["mb", "MB"]) == {"mb": "mb"}
