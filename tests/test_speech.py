"""Speech: folded to the terminal, commands whole, the chosen logbook in them."""

import os
import shutil
from io import StringIO

import pytest

from nearmiss import speech
from nearmiss.cli import COMMANDS
from tests.cases import over


class Screen(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((30, 24)))


@over(
    "command",
    [
        "nearmiss list --not-informed --all",
        'nearmiss follow-up 42 --informed "GP, by phone" --close',
        "nearmiss log --json /home/maria/drafts/1.json",
        "nearmiss list --client 'Mr X'",
        "nearmiss show K7QX-0042",
        "nearmiss --logbook '/home/m/my books/x.jsonl' list --client MB",
        "nearmiss --logbook /home/m/x.jsonl show K7QX-0042",
    ],
)
def test_a_command_is_never_broken(command: str) -> None:
    folded = speech.fold_lines(f"Some words stand here before it: {command}", Screen())
    assert command in folded
    assert "\n" in folded


def test_words_around_a_command_are_folded() -> None:
    said = "To see what is wrong there: nearmiss verify. Nothing was lost."
    folded = speech.fold_lines(said, Screen())
    assert max(map(len, folded.split("\n"))) <= 30
    assert "nearmiss verify." in folded


def test_nearmiss_as_a_name_is_no_command() -> None:
    speech.name_logbook("/home/m/x.jsonl")
    try:
        said = "It was written by a newer nearmiss and must be read with it."
        assert speech.advise(said) == said
        assert speech.advise("To go on: nearmiss log") == (
            "To go on: nearmiss --logbook /home/m/x.jsonl log"
        )
    finally:
        speech.name_logbook(None)


def test_every_command_is_known_where_advice_names_it() -> None:
    assert {*speech._NAMES.split("|")} == {*COMMANDS, "help"}
