"""Hints: at diagnosis, labels and blame; none at the person's own words, or a professional's."""

from pathlib import Path

import pytest

from nearmiss.interview.advice import find_hints, hint_answers
from nearmiss.words import read_words
from tests.conftest import Run
from tests.interview.terminal import Terminal, name_carer


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("She has a UTI again.", '"UTI"'),
        ("He was Aggressive with me.", '"Aggressive"'),
        ("Attention-seeking all morning.", '"Attention-seeking"'),
        ("The night carer was careless.", '"careless"'),
        ("Non compliant with tablets", '"Non compliant"'),
        ("Refuses as always.", '"Refuses as always"'),
        ("Shouting as usual.", '"as usual"'),
        ("Confused due to her dementia.", '"due to her dementia"'),
        ("It was her own fault", '"her own fault"'),
        ("GP said rest. It is a UTI.", '"UTI"'),
        ("Aggressive, and aggressive again, as usual", '"Aggressive" and "as usual"'),
    ],
)
def test_the_words_to_look_at_again_are_named_once_in_one_line(text: str, named: str) -> None:
    assert find_hints(text) == [f"You wrote {named}. {read_words('hints')['say']}"]


@pytest.mark.parametrize(
    "text",
    [
        "MB stood up. His foot slid on the rug.",
        'He shouted "you are careless" and sat down.',
        "“It is only a UTI,” she told me.",
        "She said 'he is aggressive' twice.",
        "The nurse said it is a UTI.",
        "UTI, GP thinks.",
        "Told by Dr. Khan that it is delirium.",
        "On antibiotics for a chest infection.",
        "Ran the bath same as usual.",
        "She used the commode carefully; the caretaker had left.",
        "Put the bin outside. Routine.",
        "",
    ],
)
def test_what_was_seen_heard_or_said_by_a_professional_gives_no_hint(text: str) -> None:
    assert find_hints(text) == []


def test_only_the_account_is_looked_at() -> None:
    answers = {"location": "UTI", "recommendations": ["UTI test"], "informed": ["GP, UTI"]}
    assert hint_answers(answers) == []
    assert hint_answers({**answers, "immediate_action": "Careless."}) != []


def test_a_long_text_without_spaces_is_read_at_once() -> None:
    assert find_hints("nurse " * 800 + "'" * 200 + "u" * 5000) == []


def test_the_review_shows_the_hint_and_saves_all_the_same(home: Path, run: Run) -> None:
    name_carer(home)
    given = ("--client=MB", "--when=now", "--where=hall", "--prevented=I waited.", "--action=None.")
    more = ("--informed=GP", "--recommend=Ask the GP", "--category=other", "--no-safeguarding")
    terminal = Terminal("log", "--plain", *given, *more)
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("4 of 10", "She was aggressive.")
    terminal.see('Wording: You wrote "aggressive".')
    terminal.save()
    assert run("list", "--json").rows[0]["what_nearly_happened"] == "She was aggressive."
