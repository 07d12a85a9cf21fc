"""Whose name stands in a text: another client's is found, words and roles are left alone."""

import pytest

from nearmiss.intake.named import find_others

KNOWN = ("MB", "KT", "AM", "PM", "IT", "OT", "GP", "DN", "NO", "TV", "WC", "AL", "AN", "A", "MB2")


@pytest.mark.parametrize(
    "text",
    [
        "council about KT",
        "K.T. had them",
        "K T's tablets",
        "It was KT, not him",
        "told AM of it",
        "AM nearly slipped",
        "rang the council about OT",
        "GP fell in the hall",
        "rang about MB2",
        "kt and am in small letters",
    ],
)
def test_another_client_is_found(text: str) -> None:
    assert len(find_others({"note": text}, "MB", KNOWN)) == 1


def test_initials_that_the_book_has_in_small_letters_are_found_in_capitals() -> None:
    for text in ("council about KT", "K.T. had them", "told kt of it"):
        assert find_others({"note": text}, "MB", ("MB", "kt")) == ["kt"]
    assert find_others({"note": "Sue's tea"}, "MB", ("MB", "Sue")) == ["Sue"]


@pytest.mark.parametrize(
    "text",
    [
        "MB slid at 8.30 AM and again at 9PM, this AM and in the PM",
        "GP, by phone, 9:15",
        "Rang the GP surgery about GP visits; GP said to wait",
        "OT came with DN. OT to fit rails in the WC by the TV",
        "NO harm seen. PUT IT DOWN. Asked AL to call. AN ambulance came",
        "asked about GP appointment",
        "A bruise, about a hand wide",
        "it is on, and am sure",
        "gave MB 2 tablets",
        "KTM bike",
    ],
)
def test_words_and_roles_are_no_client(text: str) -> None:
    assert find_others({"note": text}, "MB", KNOWN) == []


def test_a_word_cut_short_in_small_letters_is_no_client() -> None:
    assert find_others({"note": "5 ml, 2 mg at 3 hrs"}, "MB", ("MB", "ML", "MG", "HRS")) == []


def test_every_text_is_looked_at_and_its_own_client_is_none() -> None:
    fields = {"client": "KT", "informed": ["MB's son"], "next_who": "DS", "told_of": ["event"]}
    assert find_others(fields, "kt", ("MB", "KT", "DS", "event")) == ["MB", "DS"]
