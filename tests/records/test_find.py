"""Searching: every word in any order, whatever its case, accents, quotes, dashes and letters."""

import unicodedata

from nearmiss.logbook.book import Logbook
from nearmiss.records.find import Filters, find_places
from nearmiss.records.record import Record
from tests.cases import over
from tests.conftest import make_report
from tests.terminal.pages import write

WHAT = "MB didn’t see the footstool – fell against the “good” chair.\nZoë’s café was closed."
PREVENTED = "The carer held his elbow."


def make(book: Logbook) -> Record:
    record, *_ = write(book, make_report(what_nearly_happened=WHAT, how_prevented=PREVENTED))
    return record


@over(
    "words",
    [
        "chair fell",
        "FELL   chair",
        "didn't",
        "didn’t see",
        'the "good" chair',
        "footstool - fell",
        "zoe's cafe",
        "zoë’s CAFÉ",
        unicodedata.normalize("NFD", "Zoë café"),
        "elbow footstool armchair",  # each in an answer of its own
        "",
    ],
)
def test_every_word_is_found_in_any_order_and_spelling(book: Logbook, words: str) -> None:
    assert Filters(find=words).match(make(book))


@over("words", ["chair kettle", "fellagainst", "zoo's", "armrest"])
def test_a_report_without_one_of_the_words_is_not_found(book: Logbook, words: str) -> None:
    assert not Filters(find=words).match(make(book))


def test_places_show_the_letters_as_they_were_typed(book: Logbook) -> None:
    record = make(book)
    (place,) = find_places(record, "zoe's cafe")
    assert place.words == "Zoë’s café"
    assert place.before.endswith("chair. ")
    assert place.after == " was closed."
    assert [each.words for each in find_places(record, "elbow footstool")] == ["footstool", "elbow"]


def test_a_phrase_that_stands_whole_is_shown_and_not_each_small_word(book: Logbook) -> None:
    (place,) = find_places(make(book), "the footstool")
    assert (place.title, place.words) == ("What nearly happened", "the footstool")


def test_letters_that_fold_to_more_than_one_are_cut_out_whole(book: Logbook) -> None:
    record, *_ = write(book, make_report(location="Hauptstraße, Łódź"))
    assert [each.words for each in find_places(record, "STRASSE")] == ["straße"]
    assert [each.words for each in find_places(record, "lodz")] == ["Łódź"]
