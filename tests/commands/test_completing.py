"""What the shell offers: ids and clients of this logbook, quickly and without a word of fault."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from nearmiss.cli import app
from nearmiss.logbook.book import Logbook
from tests.cases import over
from tests.conftest import NOW, make_report

SHELLS = {
    "bash": {"COMP_CWORD": "{position}", "COMP_WORDS": "{line}"},
    "zsh": {"_TYPER_COMPLETE_ARGS": "{line}"},
    "fish": {"_TYPER_COMPLETE_ARGS": "{line}", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    "powershell": {"_TYPER_COMPLETE_ARGS": "{line}", "_TYPER_COMPLETE_WORD_TO_COMPLETE": "{word}"},
}


Complete = Callable[[str, str], str]


def ask_for(shell: str, line: str) -> dict[str, str]:
    """Return what a shell puts into the environment to ask what may follow."""
    facts = {"line": line, "position": line.count(" "), "word": line.rpartition(" ")[2]}
    asked = {name: value.format(**facts) for name, value in SHELLS[shell].items()}
    return {"_NEARMISS_COMPLETE": f"complete_{shell}", **asked}


@pytest.fixture
def complete(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Complete:
    """Return what a shell is offered, without a process of its own."""

    def complete(shell: str, line: str) -> str:
        with monkeypatch.context() as patch:
            for name, value in ask_for(shell, line).items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit):
                app(prog_name="nearmiss")
        told = capsys.readouterr()
        assert told.err == ""
        return told.out

    return complete


COMMANDS = (
    "Mrs P",
    "$(touch PWN)",
    "\\$(touch PWN)",
    "`touch PWN`",
    "M;touch PWN",
    "M|touch PWN",
    "M&touch PWN",
    "M>PWN",
    "M'B",
    'M"B',
    "M:B",
    "M*",
    "M{a,b}",
    "~M",
    "-M",
    "M\\B",
)


@over("shell", SHELLS)
def test_ids_and_clients_are_offered(book: Logbook, complete: Complete, shell: str) -> None:
    ids = book.append([make_report(client="MrsP"), make_report(client="JS")], "M", NOW).ids
    offered = complete(shell, f"nearmiss show {ids[0][:4].lower()}")
    assert all(each.lower() in offered.lower() for each in ids)
    assert "mrsP" in complete(shell, "nearmiss list --client m")
    assert "JS" not in complete(shell, "nearmiss list --client m")


@over("shell", SHELLS)
def test_nothing_that_a_shell_could_run_is_offered(
    book: Logbook, complete: Complete, shell: str
) -> None:
    book.append([make_report(client=each) for each in (*COMMANDS, "AB")], "M", NOW)
    offered = complete(shell, "nearmiss list --client ")
    assert "AB" in offered
    assert not any(each in offered for each in ("PWN", "touch", "M", "~"))
    offered = complete(shell, "nearmiss show ")
    assert "-00" in offered
    assert not any(each in offered for each in ("PWN", "AB", "14 Apr", "21:15"))


def test_a_book_that_can_not_be_read_offers_nothing(book: Logbook, complete: Complete) -> None:
    book.path.mkdir(parents=True)
    assert complete("bash", "nearmiss show 1").strip() == ""


def test_a_process_answers_a_shell_with_nothing_beside_it(book: Logbook) -> None:
    book.append([make_report()], "M", NOW)
    done = subprocess.run(
        [sys.executable, "-c", "from nearmiss.cli import app; app(prog_name='nearmiss')"],
        env={**os.environ, **ask_for("bash", "nearmiss list --client m")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.split(), done.stderr) == (["mB"], "")
