"""The words of the trade: found by their stems, and in rooms."""

from pathlib import Path

from nearmiss.insight.lexicon import split_stems, suggest_category
from tests.insight.making import LEXICON

INNOCENT = Path(__file__).with_name("innocent.txt").read_text(encoding="utf-8").splitlines()
JUDGING = {"hitting out", "drinking alcohol", "self harm", "eating what is not food", "driving"}
JUDGING |= {"refusing", "wandering off"}


def test_a_kind_is_suggested_only_where_two_answers_speak_for_it() -> None:
    what = {"what_nearly_happened": "Insulin pen set to 18 units, the chart and the box say 8."}
    action = {"immediate_action": "Rang the pharmacist, no dose given."}
    assert suggest_category({**what, **action}, LEXICON) == "medication"
    assert suggest_category(what, LEXICON) is None
    assert suggest_category({"what_nearly_happened": "Something happened."}, LEXICON) is None


def test_innocent_sentences_say_nothing_of_a_person() -> None:
    assert len(INNOCENT) >= 300
    judged = {
        sentence: found
        for sentence in INNOCENT
        if (found := LEXICON.find_things(split_stems(sentence)) & JUDGING)
    }
    assert judged == {}


def test_innocent_sentences_suggest_no_kind() -> None:
    for sentence in INNOCENT:
        assert suggest_category({"what_nearly_happened": sentence}, LEXICON) is None, sentence


def test_a_place_is_the_room_that_is_named_first() -> None:
    assert LEXICON.find_place(split_stems("Lounge, by the front door")) == "lounge"
    assert "night waking" not in LEXICON.find_things(split_stems("I am giving the am meds"))
    assert "night waking" in LEXICON.find_things(split_stems("Up at 3am"))
