"""Opening what was made: with the system's own program, or a word where there is none."""

import subprocess
import sys
from pathlib import Path

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.terminal import show
from tests.conftest import NOW, Run, make_report


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, book: Logbook) -> Path:
    book.append([make_report()], "M", NOW)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_where_nothing_opens_it_the_carer_is_told_where_it_is(run: Run, folder: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("there is always a viewer")
    done = run("print", "-o", "p.pdf", "--view")
    assert done.code == 0
    assert "There is nothing here that opens it." in " ".join(done.err.split())
    assert (folder / "p.pdf").exists()


def test_it_is_opened_only_when_that_was_asked_for(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = folder / "opened.txt"
    program = [sys.executable, "-c", f"import sys; open({str(opened)!r}, 'w').write(sys.argv[1])"]
    monkeypatch.setattr(show, "find_viewer", lambda: program)
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)))
    assert run("print", "-o", "p.pdf").code == 0
    assert started == []
    assert run("print", "-o", "q.pdf", "--view").code == 0
    (process,) = started
    process.wait()
    assert opened.read_text() == str(folder / "q.pdf")
