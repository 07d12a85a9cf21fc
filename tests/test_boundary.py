"""The boundary: every error ends in a sentence and an exit code, and in nothing of a report."""

import errno
from pathlib import Path

import pytest

from nearmiss import session
from tests.cases import over
from tests.conftest import Run, start

WORDS = "MB fell in the lounge"


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let errors be told as a carer is told of them."""
    monkeypatch.delenv("NEARMISS_DEBUG")
    return monkeypatch


def raise_on_the_way(patch: pytest.MonkeyPatch, error: BaseException) -> None:
    def find_paths(chosen: str | None) -> None:
        raise error

    patch.setattr(session, "find_paths", find_paths)


@over("command", ["list", "export", "verify", "where", "summary"])
def test_a_crash_tells_where_it_was_and_nothing_of_what_was_in_hand(
    run: Run, fail: pytest.MonkeyPatch, command: str
) -> None:
    raise_on_the_way(fail, ValueError(WORDS))
    result = run(command)
    assert (result.code, result.out) == (1, "")
    said = " ".join(result.err.split())
    assert said.startswith("Something went wrong inside nearmiss (ValueError at ")
    assert "test_boundary.py, line" in said
    assert "What was saved before is safe." in said
    assert "Traceback" not in result.err
    assert "lounge" not in result.err


def test_a_crash_stays_a_crash_for_those_who_look_for_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    raise_on_the_way(monkeypatch, ValueError(WORDS))
    with pytest.raises(ValueError, match=WORDS):
        run("list")


def test_a_fault_of_the_system_is_told_in_words(run: Run, fail: pytest.MonkeyPatch) -> None:
    raise_on_the_way(fail, OSError(errno.ENOSPC, "No space left on device", f"/{WORDS}"))
    result = run("list")
    assert (result.code, result.out) == (1, "")
    assert "the disk is full" in result.err
    assert "Errno" not in result.err
    assert "lounge" not in result.err


@pytest.mark.parametrize("stop", [KeyboardInterrupt, EOFError])
def test_an_interruption_has_its_own_exit_code(
    run: Run, fail: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    raise_on_the_way(fail, stop())
    assert run("list").code == 130


def test_a_file_of_the_program_that_is_cut_off_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path / "kept"))
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    assert start("list").wait() == 0
    for path in (tmp_path / "kept").rglob("commands/look.*.pyc"):
        path.write_bytes(path.read_bytes()[:1000])
    process = start("list")
    assert process.stderr
    assert b"cut off" in process.stderr.read()
    assert process.wait() == 1


def test_a_reader_that_stops_reading_is_no_crash() -> None:
    process = start("guide", "questions")
    assert process.stdout
    process.stdout.close()
    assert process.stderr
    assert process.stderr.read() == b""
    process.wait()
