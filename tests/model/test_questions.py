"""Words that say that there is none."""

from nearmiss.model.questions import drop_nobody, says_nothing
from tests.cases import over


@over("said", ["nobody yet", "Nobody.", "No one", "no-one", "NONE", "n/a", "-"])
def test_nobody_in_words_is_nobody_and_people_beside_it_stay(said: str) -> None:
    assert drop_nobody([said]) == []
    assert drop_nobody(["Sue", said, "GP"]) == ["Sue", "GP"]


def test_a_name_that_begins_so_is_kept() -> None:
    told = ["No one answered at the surgery", "Nobody else but Sue", "Noel"]
    assert drop_nobody(told) == told


@over(
    ("said", "is_nothing"),
    [("no", True), ("No harm.", True), ("Not that I know", True), ("no bruise, but a cut", False)],
)
def test_nothing_in_words_is_nothing(said: str, is_nothing: bool) -> None:
    assert says_nothing(said) == is_nothing
