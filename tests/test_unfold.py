"""A command made from typed sets of options: each whole, and the session as it was begun."""

from dataclasses import FrozenInstanceError, dataclass, fields
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from nearmiss.cli import unfold
from nearmiss.commands.keep import SettingOptions
from nearmiss.options import AnswerOptions, FilterOptions, FollowUpOptions, HandingOptions
from nearmiss.session import Session
from tests.cases import over


@dataclass(frozen=True)
class Colours:
    """A set of options."""

    red: Annotated[str | None, typer.Option()] = None
    deep: Annotated[bool, typer.Option("--deep")] = False


@dataclass(frozen=True)
class Sizes:
    """Another, which shares one."""

    large: Annotated[int, typer.Option()] = 3
    deep: Annotated[bool, typer.Option("--deep")] = False


def call(*arguments: str) -> dict[str, Any]:
    """Return what a command of its own was given."""
    got: dict[str, Any] = {}
    app = typer.Typer()

    @app.callback()
    def begin(context: typer.Context) -> None:
        context.obj = Session(chosen_logbook="x.jsonl")

    def paint(
        session: Session,
        place: Annotated[str, typer.Argument()],
        colours: Colours,
        sizes: Sizes,
        fast: Annotated[bool, typer.Option("--fast")] = False,
    ) -> None:
        """Paint."""
        got.update(session=session, place=place, colours=colours, sizes=sizes, fast=fast)

    app.command("paint")(unfold(paint))
    done = CliRunner().invoke(app, ["paint", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return got


def test_each_set_is_handed_over_whole() -> None:
    got = call("hall", "--red", "dark", "--large", "7", "--fast")
    assert got["place"] == "hall"
    assert got["colours"] == Colours("dark", deep=False)
    assert got["sizes"] == Sizes(7, deep=False)
    assert got["fast"] is True
    assert (got["session"].chosen_logbook, got["session"].plain) == ("x.jsonl", False)


def test_an_option_of_two_sets_is_given_to_both() -> None:
    got = call("hall", "--deep")
    assert (got["colours"].deep, got["sizes"].deep) == (True, True)


def test_plain_is_an_option_of_every_command_and_of_no_set() -> None:
    assert call("hall", "--plain")["session"].plain
    for kind in (AnswerOptions, FilterOptions, FollowUpOptions, HandingOptions, SettingOptions):
        assert "plain" not in {each.name for each in fields(kind)}


@over("given", [AnswerOptions(), FilterOptions(), FollowUpOptions(), HandingOptions()])
def test_a_set_is_never_changed_and_begins_empty(given: Any) -> None:
    first = fields(given)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(given, first, "x")
    assert not any(getattr(given, each.name) for each in fields(given))
