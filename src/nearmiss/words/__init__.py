"""Words that people read and words that are looked for, from the data files beside this."""

import tomllib
from functools import cache
from typing import Any


@cache
def read_words(name: str) -> dict[str, Any]:
    """Return one file of words, by its name."""
    from importlib.resources import files

    return tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))


def gate_help() -> list[str]:
    """Return what to do where somebody is hurt, or may be."""
    return [line["text"] for line in read_words("gate")["help"]]


def nobody_told_lines() -> list[str]:
    """Return who could be told."""
    return [line["text"] for line in read_words("advice")["nobody_told"]]


def safeguarding_lines() -> list[str]:
    """Return what to do about a safeguarding worry."""
    return [line["text"] for line in read_words("advice")["safeguarding"]]


def worry_again() -> str:
    """Return what to do where something is noted with a report that raised a worry."""
    return str(read_words("advice")["worry_again"])


def say_of_pattern(what: str, **facts: object) -> str:
    """Return a sentence about patterns (``confirmed``, ``apart``, ``name``, ...) with its facts."""
    return str(read_words("advice")[f"pattern_{what}"]).format(**facts)


def pattern_meaning(client: str) -> str:
    """Return what it means that reports for ``client`` are alike, and whom to ask."""
    return str(read_words("advice")["pattern_meaning"]["text"]).format(client=client)


def no_pattern_line(days: int) -> str:
    """Return what is said where no three reports are alike."""
    return str(read_words("advice")["no_pattern"]).format(days=days)


def word_for_telephone(client: str, when: str, what: str, *, unhurt: bool) -> str:
    """Return how to say it on the telephone; ``unhurt`` where the gate was answered with no."""
    advice = read_words("advice")
    unhurt_words = f" {advice['telephone_unhurt']}" if unhurt else ""
    return str(advice["telephone"]).format(client=client, when=when, what=what, unhurt=unhurt_words)
