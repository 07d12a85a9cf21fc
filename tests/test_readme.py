"""The README: its commands run, its table and what it shows of a terminal are the program's own.

The picture of a page is drawn anew by hand, with the table: python -m tests.renew_readme.
"""

import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.renew_readme import make_table, show_terminal

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
TYPED = [
    line
    for kind, block in BLOCKS
    if kind == "sh"
    for line in block.splitlines()
    if line.startswith("nearmiss ") and line != "nearmiss log"  # asks: tested at a terminal
]
PROGRAMS = [block for kind, block in BLOCKS if kind == "python"]


def test_the_table_of_commands_is_the_programs_own() -> None:
    """To renew it: python -m tests.renew_readme."""
    assert f"<!-- commands -->\n{make_table()}\n<!-- end of commands -->" in README


def test_the_terminal_it_shows_is_the_programs_own(tmp_path: Path) -> None:
    """To renew it: python -m tests.renew_readme."""
    shown = show_terminal(tmp_path / "demo.jsonl")
    assert f"<!-- picture -->\n{shown}\n<!-- end of picture -->" in README


@pytest.fixture
def demo(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book of sample reports, in the folder where commands are run."""
    monkeypatch.chdir(tmp_path)
    book = tmp_path / "books" / "one.jsonl"
    book.parent.mkdir()
    assert run("demo", str(book)).code == 0
    monkeypatch.setenv("NEARMISS_LOGBOOK", str(book))
    return book


def test_every_command_works_on_the_sample_book(run: Run, demo: Path) -> None:
    (demo.parents[1] / "backup.jsonl").unlink(missing_ok=True)
    for command in TYPED:
        result = run(*shlex.split(command)[1:])
        assert (command, result.code) == (command, 0), result.err


@pytest.mark.parametrize("program", PROGRAMS, ids=["DuckDB", "pandas"])
def test_other_programs_read_the_book_as_it_is(
    demo: Path, program: str, capfd: pytest.CaptureFixture[str]
) -> None:
    exec(program, {})  # noqa: S102 - the README's own words
    assert "mobility" in capfd.readouterr().out
