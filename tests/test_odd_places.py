"""Odd computers: no answer is lost, and every fault is a sentence."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from nearmiss.errors import NearmissError
from nearmiss.logbook.book import Logbook
from nearmiss.settings import Settings, find_paths
from tests.cases import over
from tests.conftest import NOW, TODAY, Run, make_report, moment, start

WORDS = "XYLOPHONE"
REPORT = make_report(what_nearly_happened=WORDS).model_dump_json()
unix = pytest.mark.skipif(sys.platform == "win32", reason="there are no such files there")


def find_kept(home: Path) -> str:
    return "".join(path.read_text() for path in (home / "state" / "drafts").glob("*.json"))


@unix
def test_a_link_that_leads_back_to_itself(run: Run, home: Path) -> None:
    home.mkdir()
    (home / "logbook.jsonl").symlink_to("logbook.jsonl")
    result = run("log", "--json", "-", given=REPORT)
    assert (result.code, "its link leads back to itself" in " ".join(result.err.split())) == (
        1,
        True,
    )
    assert WORDS in find_kept(home)
    for command in ("list", "verify", "where", "backup"):
        assert run(command).code == 1


def test_no_home_and_no_account(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError

    monkeypatch.delenv("NEARMISS_HOME")
    monkeypatch.setattr("platformdirs.PlatformDirs.user_data_dir", property(fail))
    with pytest.raises(NearmissError, match="no home folder"):
        find_paths(None)
    result = run("log", "--json", "-", given=REPORT)
    assert (result.code, WORDS in result.err) == (1, True)
    book = tmp_path / "beside" / "logbook.jsonl"
    assert run("--logbook", str(book), "log", "--json", "-", given=REPORT).code == 0
    assert find_paths(str(book)).state == book.parent / "state"


@pytest.mark.parametrize("name", ["x" * 600, "a\x1b[2Jb", " "])
def test_a_login_name_that_can_not_be_stored_as_it_is(
    run: Run, book: Logbook, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: name)
    assert 1 <= len(Settings().author) <= 500
    assert run("log", "--json", "-", given=REPORT).code == 0


@unix
def test_pipes_where_files_should_be_are_not_waited_for(
    run: Run, home: Path, book: Logbook
) -> None:
    if sys.platform == "win32":
        return
    book.append([make_report()], "M", NOW)
    (home / "config").mkdir()
    (home / "state" / "drafts").mkdir(parents=True)
    os.mkfifo(home / "config" / "settings.toml")
    run("follow-up", "9", "--note", "x")
    name = run("where").out  # asks for the drafts of this book
    assert "Logbook" in name
    from nearmiss.interview.drafts import Drafts

    draft = Drafts(home / "state" / "drafts", book.path).start().path
    os.mkfifo(draft)
    for command in ("list", "where", ""):
        assert run(*filter(None, [command])).code == 0
    assert run("erase", "1", "--reason", "x", "--yes").code == 0


@unix
def test_a_umask_that_takes_everything(run: Run, home: Path) -> None:
    before = os.umask(0o777)
    try:
        assert run("log", "--json", "-", given=REPORT).code == 0
    finally:
        os.umask(before)
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "logbook.jsonl").stat().st_mode & 0o777 == 0o600


@unix
@pytest.mark.parametrize("arguments", ["--help", "log --help", "--version", "guide"])
def test_help_that_can_not_be_shown(arguments: str) -> None:
    environment = {name: text for name, text in os.environ.items() if name != "NEARMISS_DEBUG"}
    for screen in (">/dev/full", ">&-"):
        command = f"{shlex.quote(sys.executable)} -m nearmiss {arguments} {screen}"
        done = subprocess.run(
            ["sh", "-c", command], capture_output=True, text=True, check=False, env=environment
        )
        assert done.returncode == 1
        assert "Traceback" not in done.stderr


def test_numbers_beyond_all_measure(run: Run, book: Logbook) -> None:
    book.append([make_report()], "M", NOW)
    assert run("list", "-n", "1" + "0" * 30).code == 0
    assert run("list", "-n", "1e20").code == 2
    assert run("patterns", "--days", "99999999999").code in (0, 2)
    assert run("show", "9" * 40).code == 1


@over("zone", ["UTC+99", "XXX-0:19:32", "foo/bar", ":::", "A" * 300])
def test_a_zone_that_is_none_stops_nothing(run: Run, zone: str) -> None:
    with moment(TODAY, zone=zone):
        saved = run("log", "--json", "-", given=make_report().model_dump_json())
        assert (saved.code, saved.out.count("-00")) == (0, 1), saved.err
        for command in ("list", "verify"):
            shown = run(command)
            assert shown.out
            assert shown.code == 0


def test_a_zone_that_is_none_stops_no_start() -> None:
    shown = start("list", env={**os.environ, "TZ": "XXX-0:19:32"})
    assert b"no report" in shown.communicate()[1]
    assert shown.returncode == 0
