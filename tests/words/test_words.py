"""The words: sourced, calm."""

import re
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

from nearmiss import words
from nearmiss.model.questions import QUESTIONS
from nearmiss.words import read_words

NAMES = sorted(
    file.name.removesuffix(".toml")
    for file in files(words).iterdir()
    if file.name.endswith(".toml")
)


def list_tables(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, dict | list):
            yield from list_tables(part)


def list_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from list_texts(part)


def test_all_files_of_words_are_known_here() -> None:
    assert NAMES == [
        "advice", "demo", "gate", "guide", "harm", "heads", "hints", "phone", "reached", "roles",
        "worry",
    ]  # fmt: skip


def test_each_line_that_could_be_wrong_says_where_it_was_looked_up_and_when() -> None:
    # A line needs a source if it names who to ring, or what to do for somebody's health or safety.
    needs = re.compile(r"\d{3}|doctor|nurse|GP|council|adults|whom you rang|agreement")
    gate, advice = read_words("gate"), read_words("advice")
    lines = [
        *gate["help"],
        *advice["nobody_told"],
        *advice["safeguarding"],
        advice["pattern_meaning"],
    ]
    for line in lines:
        if "text" not in line or needs.search(line["text"]):
            assert "source" in line, line
    for line in [*lines, *list_tables(read_words("guide"))]:
        if "source" in line:
            assert line["source"], line
            assert all(each.strip() for each in line["source"])
            checked = line["checked"]
            assert isinstance(checked, date) or checked.startswith("not checked here: ")


def test_every_line_about_harm_by_others_has_a_source() -> None:
    assert all("source" in line for line in read_words("advice")["safeguarding"])


def test_the_numbers_are_the_british_ones() -> None:
    told = " ".join(words.gate_help() + words.safeguarding_lines() + words.nobody_told_lines())
    assert set(re.findall(r"\b\d{3,4}(?: \d{3,4})*\b", told)) == {
        "999",
        "111",
        "101",
        "0808 808 8000",
    }
    assert "{" not in told


def test_the_most_urgent_line_is_the_first_and_the_999_list_the_last() -> None:
    first, *_, last = words.gate_help()
    assert first.splitlines() == [
        "Life in danger: ring 999 now.",
        "Help first. The record can wait.",
    ]
    assert last.startswith("999: not breathing normally")
    assert words.safeguarding_lines()[-1] == "Danger now: 999."
    assert words.read_words("advice")["safeguarding_reminder"].endswith(" Danger now: 999.")


def test_where_the_nations_differ_each_is_named() -> None:
    crisis = next(line for line in words.gate_help() if line.startswith("Mental health"))
    assert [name for name in ("Scotland", "Northern Ireland") if name not in crisis] == []
    told = words.safeguarding_lines()[0]
    assert "adult support and protection" in told
    assert "Health and Social Care Trust" in told


def test_no_sample_is_of_a_dose_that_was_missed_or_wrongly_given() -> None:
    happened = re.compile(r"yesterday's|gap for|had taken|after I had signed|said to leave it")
    for report in read_words("demo")["report"]:
        if report["category"] == "medication":
            told = f"{report['what_nearly_happened']} {report['immediate_action']}"
            assert not happened.search(told), told


def test_no_words_shout() -> None:
    for name in NAMES:
        for text in list_texts(read_words(name)):
            assert "!" not in re.sub(r"\(\?<?!|\[,\.!\]", "", text)  # what patterns say by it
            assert text == text.strip()


def test_no_sentence_stands_twice() -> None:
    told = [
        value
        for name in ("gate", "advice", "guide", "hints")
        for table in list_tables(read_words(name))
        for key, value in table.items()
        if isinstance(value, str) and key not in ("note", "checked")
    ]
    told += [text for each in QUESTIONS.values() for text in (each.ask, each.help)]
    sentences = [
        sentence
        for text in told
        for sentence in re.split(r"(?<=[.?:;])\s", text)
        if len(sentence.split()) > 4  # shorter ones are turns of phrase
    ]
    assert {each for each in sentences if sentences.count(each) > 1} == set()


def test_what_a_report_says_is_put_into_the_words_as_it_stands() -> None:
    hostile = "{client} {0}"
    facts = {"count": 3, "client": hostile, "name": ', "{name}"', "dates": "4 Mar"}
    assert words.say_of_pattern("confirmed", **facts) == (
        'You marked 3 reports for {client} {0} as the same hazard, "{name}": 4 Mar.'
    )
    assert "whoever holds {client} {0}'s care plan" in words.pattern_meaning(hostile)
    spoken = words.word_for_telephone(hostile, "At 8pm", "{what}.", unhurt=False)
    assert "I am {client} {0}'s carer. At 8pm: {what}. I am asking" in spoken
    assert "Nobody was hurt" not in spoken
    assert words.no_pattern_line(90).startswith("No three alike found in 90 days.")
