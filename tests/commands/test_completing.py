"""What the shell offers: ids and clients of this logbook, quickly and without a word of fault."""

import os
import subprocess
import sys

import pytest

from nearmiss.logbook.book import Logbook
from tests.conftest import NOW, make_report

SHELLS = {
    "bash": {"COMP_CWORD": "{position}", "COMP_WORDS": "{line}"},
    "zsh": {"_TYPER_COMPLETE_ARGS": "{line}"},
    "fish": {"_TYPER_COMPLETE_ARGS": "{line}", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    "powershell": {"_TYPER_COMPLETE_ARGS": "{line}", "_TYPER_COMPLETE_WORD_TO_COMPLETE": "{word}"},
}


def complete(shell: str, line: str) -> str:
    facts = {"line": line, "position": line.count(" "), "word": line.rpartition(" ")[2]}
    asked = {name: value.format(**facts) for name, value in SHELLS[shell].items()}
    result = subprocess.run(
        [sys.executable, "-c", "from nearmiss.cli import app; app(prog_name='nearmiss')"],
        env={**os.environ, "_NEARMISS_COMPLETE": f"complete_{shell}", **asked},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stderr == ""
    return result.stdout


AS_TAKEN = {"bash": "mrs\\ P", "zsh": '"mrs P"', "fish": "mrs P", "powershell": ""}
COMMANDS = (
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


@pytest.mark.parametrize("shell", SHELLS)
def test_ids_and_clients_are_offered(book: Logbook, shell: str) -> None:
    ids = book.append([make_report(client="Mrs P"), make_report(client="JS")], "M", NOW).ids
    offered = complete(shell, f"nearmiss show {ids[0][:4].lower()}")
    assert all(each.lower() in offered.lower() for each in ids)
    assert AS_TAKEN[shell] in complete(shell, "nearmiss list --client m")
    assert "JS" not in complete(shell, "nearmiss list --client m")


@pytest.mark.parametrize("shell", SHELLS)
def test_nothing_that_a_shell_could_run_is_offered(book: Logbook, shell: str) -> None:
    book.append([make_report(client=each) for each in (*COMMANDS, "AB")], "M", NOW)
    offered = complete(shell, "nearmiss list --client ")
    assert "AB" in offered
    assert not any(each in offered for each in ("PWN", "touch", "M", "~"))


@pytest.mark.parametrize("shell", SHELLS)
def test_nothing_of_a_report_stands_beside_its_number(book: Logbook, shell: str) -> None:
    book.append([make_report(client="$(touch PWN)"), make_report(client="QQ")], "M", NOW)
    offered = complete(shell, "nearmiss show ")
    assert "0001" in offered
    assert not any(each in offered for each in ("PWN", "QQ", "14 Apr", "21:15"))


def test_a_book_that_can_not_be_read_offers_nothing(book: Logbook) -> None:
    book.path.mkdir(parents=True)
    assert complete("bash", "nearmiss show 1").strip() == ""
