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
    name = fold_text(topic)
    if name not in topics:
        near = get_close_matches(name, topics, n=1)
        guess = f' Did you mean "{near[0]}"?' if near else ""
        raise UsageProblem(
            f'The guide has no topic "{show_safely(topic[:40])}".{guess} To see the topics: '
            "nearmiss guide"
        )
    paragraphs = (
        fold_lines(each, sys.stdout) for each in (topics[name]["summary"], *list_topic(name))
    )
    print("\n\n".join(paragraphs))


def list_topic(topic: str) -> list[str]:
    """Return the paragraphs of a topic of the guide."""
    from nearmiss import words

    about = words.read_words("guide")[topic]
    own = [line["text"] for line in about.get("lines", [])]
    if topic == "examples":
        own += [f"{CATEGORY_LABELS[kind]}: {each}" for kind, each in about["kinds"].items()]
    elif topic == "wording":
        own.append(words.read_words("hints")["say"])
    elif topic == "hurt":
        own += words.gate_help()
    elif topic == "phone":
        phone = words.read_words("phone")
        labels = enumerate(phone["lines"].values(), start=1)
        own += ["\n".join(f"{number} {label}:" for number, label in labels), *phone["guide"]]
    elif topic == "escalate":
        own += _list_escalation()
    elif topic == "questions":
        own += [
            f"{number}. {each.ask}\n{each.help}\nExample: {each.example}"
            for number, each in enumerate(QUESTIONS.values(), start=1)
        ]
    return own


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
