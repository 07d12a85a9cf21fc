"""``nearmiss guide``: what a near miss is, how to word it, whom to tell."""

import sys
from difflib import get_close_matches
from typing import Annotated

import typer

from nearmiss.errors import UsageProblem
from nearmiss.model.questions import CATEGORY_LABELS, QUESTIONS
from nearmiss.session import Session
from nearmiss.speech import fold_lines, say
from nearmiss.text import fold_text, show_safely


def _list_topics() -> list[str]:
    from nearmiss.words import read_words

    return list(read_words("guide"))


def guide(
    session: Session,
    topic: Annotated[
        str | None,
        typer.Argument(metavar="[TOPIC]", help="What to read about.", autocompletion=_list_topics),
    ] = None,
) -> None:
    """Read what a near miss is, how to word it, and whom to tell.

    Example: nearmiss guide hurt
    Example: nearmiss guide
    """
    from nearmiss.words import read_words

    topics = read_words("guide")
    if topic is None:
        for name, about in topics.items():
            print(f"{name:<11}{about['summary']}")
        say(f"To read one: nearmiss guide {next(iter(topics))}")
        return
    name = _find_topic(topic, list(topics))
    paragraphs = list_topic(name)
    for paragraph in (topics[name]["summary"], *paragraphs):
        print(
            fold_lines(paragraph, sys.stdout),
            end="\n\n" if paragraph is not paragraphs[-1] else "\n",
        )


def _find_topic(typed: str, topics: list[str]) -> str:
    name = fold_text(typed)
    if name in topics:
        return name
    near = get_close_matches(name, topics, n=1)
    guess = f' Did you mean "{near[0]}"?' if near else ""
    shown = show_safely(typed[:40])
    raise UsageProblem(
        f'The guide has no topic "{shown}".{guess} To see the topics: nearmiss guide'
    )


def list_topic(topic: str) -> list[str]:
    """Return the paragraphs of a topic of the guide."""
    from nearmiss.words import read_words

    own = [line["text"] for line in read_words("guide")[topic].get("lines", [])]
    return own + _list_shared(topic)


def _list_shared(topic: str) -> list[str]:
    from nearmiss import words

    if topic == "examples":
        kinds = words.read_words("guide")[topic]["kinds"]
        return [f"{CATEGORY_LABELS[kind]}: {example}" for kind, example in kinds.items()]
    if topic == "wording":
        return [words.read_words("hints")["say"]]
    if topic == "hurt":
        return words.gate_help()
    if topic == "phone":
        return _list_lines()
    if topic == "escalate":
        return _list_escalation()
    return [
        f"{number}. {each.ask}\n{each.help}\nExample: {each.example}"
        for number, each in enumerate(QUESTIONS.values(), start=1)
        if topic == "questions"
    ]


def _list_lines() -> list[str]:
    from nearmiss import words

    phone = words.read_words("phone")
    labels = enumerate(phone["lines"].values(), start=1)
    return ["\n".join(f"{number} {label}:" for number, label in labels), *phone["guide"]]


def _list_escalation() -> list[str]:
    from nearmiss import words

    client, when, what = (
        QUESTIONS[field].example for field in ("client", "occurred_at", "what_nearly_happened")
    )
    return [
        *words.nobody_told_lines(),
        f"{words.read_words('guide')['escalate']['alike']} {words.pattern_meaning(client)}",
        words.word_for_telephone(client, when, what, unhurt=True),
        QUESTIONS["safeguarding"].ask,
        *words.safeguarding_lines(),
    ]
