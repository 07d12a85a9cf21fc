"""The pager: what is longer than the screen goes through it, and no pager loses what is shown."""

import sys
from pathlib import Path

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.terminal.show import find_pager
from tests.conftest import make_report
from tests.interview.terminal import Terminal
from tests.terminal.pages import write

TEXT = "His foot slid on the rug."


@pytest.fixture
def long_book(book: Logbook) -> None:
    write(book, *(make_report(what_nearly_happened=TEXT) for _ in range(30)))


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Have a pager that shows what it is given, and keeps it in this file."""
    program = tmp_path / "pager.py"
    kept = tmp_path / "seen"
    program.write_text(
        f"import sys\npage = sys.stdin.buffer.read()\nopen({str(kept)!r}, 'wb').write(page)\n"
        "sys.stdout.buffer.write(page)\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PAGER", f"{sys.executable} {program}")
    return kept


def test_what_fits_the_screen_goes_through_no_pager(
    book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(book, make_report(what_nearly_happened=TEXT))
    monkeypatch.setenv("PAGER", "false")
    assert TEXT in Terminal("list").finish()


@pytest.mark.usefixtures("long_book")
@pytest.mark.parametrize("pager", ["no-such-pager", "", "sh -c 'exit 3'"])
def test_a_pager_that_shows_nothing_does_no_harm(
    monkeypatch: pytest.MonkeyPatch, pager: str
) -> None:
    monkeypatch.setenv("PAGER", pager)
    terminal = Terminal("list", "--all")
    assert terminal.finish().count("His foot") == 30
    assert terminal.code == 0


@pytest.mark.usefixtures("long_book")
def test_another_pager_is_given_no_codes_of_colours(seen: Path) -> None:
    assert Terminal("list", "--all").finish().count("His foot") == 30
    page = seen.read_text(encoding="utf-8")
    assert page.count("nobody told") == 30
    assert "\x1b" not in page


@pytest.mark.usefixtures("long_book")
@pytest.mark.parametrize("mode", ["--plain", "--json"])
def test_plain_and_json_go_through_no_pager(seen: Path, mode: str) -> None:
    assert "\x1b" not in Terminal("list", "--all", mode).finish()
    assert not seen.exists()


def test_less_is_the_pager_where_none_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    assert find_pager() == ["less", "-FRX"]
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert find_pager() == []
    monkeypatch.setenv("PAGER", "most -s")
    assert find_pager() == ["most", "-s"]
    monkeypatch.setenv("PAGER", "'")
    assert find_pager() == []


@pytest.mark.usefixtures("long_book")
def test_the_pager_is_told_what_a_key_after_escape_means(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    less = tmp_path / "less"  # it shows the keys that it is told of
    less.write_text(
        f"#!{sys.executable}\nimport os, pathlib, sys\nsys.stdin.buffer.read()\n"
        "print(pathlib.Path(os.environ['LESSKEYIN']).read_text())\n"
        "print('secure', os.environ['LESSSECURE'])\n",
        encoding="utf-8",
    )
    less.chmod(0o700)
    monkeypatch.setenv("PAGER", str(less))
    said = Terminal("list", "--all").finish().split("\r\n")
    assert said[0] == "#command"
    assert {"\\eq quit", "\\e\\40 forw-screen"} & set(said), said
    assert "secure 1" in said  # a key pressed by mistake writes no report to a file
