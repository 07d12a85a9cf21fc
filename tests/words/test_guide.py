"""The guide, as a command."""

from pathlib import Path

from nearmiss.model.questions import CATEGORIES, CATEGORY_LABELS, QUESTIONS
from nearmiss.words import gate_help, read_words
from tests.cases import over
from tests.conftest import Run
from tests.interview.terminal import Terminal

TOPICS = ["what", "examples", "wording", "why", "escalate", "hurt", "privacy", "phone", "questions"]


def test_without_a_topic_the_topics_are_listed_one_a_line(run: Run) -> None:
    result = run("guide")
    assert result.code == 0
    assert [line.split()[0] for line in result.out.splitlines()] == TOPICS
    assert "nearmiss guide what" in result.err


@over("topic", TOPICS)
def test_every_topic_can_be_read_and_is_plain_when_piped(run: Run, topic: str) -> None:
    result = run("guide", topic.upper())
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(read_words("guide")[topic]["summary"] + "\n\n")
    assert len(result.out.strip().split("\n\n")) > 3
    assert not set("\x1b!{}") & set(result.out)


def test_there_is_an_example_of_every_kind(run: Run) -> None:
    out = run("guide", "examples").out
    assert list(read_words("guide")["examples"]["kinds"]) == list(CATEGORIES)
    assert all(f"\n{label}: " in out for label in CATEGORY_LABELS.values())


def test_the_guide_says_what_the_gate_and_the_questions_say(run: Run) -> None:
    assert "\n\n".join(gate_help()) in run("guide", "hurt").out
    questions = run("guide", "questions").out
    for each in QUESTIONS.values():
        assert f"{each.ask}\n{each.help}\nExample: {each.example}\n" in questions


@over(
    ("typed", "said"),
    [
        ("qestions", 'Did you mean "questions"?'),
        ("\x1b[31m", "[U+001B][31m"),
        ("", "nearmiss guide"),
    ],
)
def test_an_unknown_topic_is_answered_with_the_nearest(run: Run, typed: str, said: str) -> None:
    result = run("guide", typed)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert "\x1b" not in result.err


def test_at_a_narrow_terminal_no_line_is_broken_in_a_word(home: Path) -> None:
    screen = Terminal("guide", "hurt", columns=40).finish()
    lines = screen.replace("\r", "").split("\n")
    assert max(map(len, lines)) <= 40
    assert "Help first. The record can wait." in lines
