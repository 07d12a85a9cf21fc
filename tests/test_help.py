"""Help: every command explains itself in groups, with examples that can be typed."""

import re
import shlex
from typing import Any, cast

import pytest
from typer.main import get_command

from nearmiss.cli import COMMANDS, app, list_panels
from tests.cases import over
from tests.conftest import Run

TYPES = re.compile(r"<[a-z]+[\w\[\] |=<>]*>")


def test_the_commands_stand_in_four_panels_before_the_options(run: Run) -> None:
    said = run("help").out
    places = [said.index(f"\n{each}\n") for each in (*list_panels(), "Options")]
    assert places == sorted(places)
    assert run("--help").out == said
    assert all(f"  {name} " in said for name in COMMANDS)


@over("name", COMMANDS)
def test_each_command_has_two_or_three_examples_that_can_be_typed(run: Run, name: str) -> None:
    said = run("help", name).out
    assert run(name, "--help").out == said
    assert not TYPES.search(said)
    examples = re.findall(r"^  (nearmiss .*)$", said, re.MULTILINE)
    assert 2 <= len(examples) <= 3
    program = cast(Any, get_command(app))
    for example in examples:
        context = program.make_context("nearmiss", shlex.split(example)[1:])
        words = context._protected_args + context.args
        command = program.get_command(context, words[0])
        command.make_context(words[0], words[1:], parent=context)


def test_options_stand_in_groups(run: Run) -> None:
    said = run("help", "print").out
    headings = [line for line in said.splitlines() if line and line[0].isupper()]
    order = ["Which reports", "What to make", "Who reads it", "On the paper", "The file"]
    assert [each for each in headings if each in order] == order
    assert "One of: pdf, html or txt." in said


def test_help_fits_a_narrow_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    said = run("help").out
    assert max(map(len, said.splitlines())) <= 40


def test_help_goes_into_a_window_of_any_width(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "1")
    assert [run(*each).code for each in (["--help"], ["help", "log"])] == [0, 0]
