"""Advice: every command that is named runs as it is printed, wherever the files lie."""

import ast
import re
import shlex
from pathlib import Path
from typing import Any, cast

import pytest
from typer.main import get_command

import nearmiss
from nearmiss import speech
from nearmiss.cli import COMMANDS, app
from nearmiss.logbook.book import Logbook
from nearmiss.speech import quote_word
from tests.cases import over
from tests.conftest import NOW, Run, make_report

AWKWARD = ("it's Ann's", 'the "old" one', "a & b (2); $HOME")
# What stands in an advised command as it is: numbers, seals, words of our own, a whole command.
SAFE = {
    "again", "brief.seal", "command", "entry_id", "first", "next(iter(topics))", "noted", "reason",
    "report", "seal",
}  # fmt: skip
ADVISED = re.compile(rf"nearmiss (?:--logbook .+? )?(?:{'|'.join(COMMANDS)})\b[^\n]*")


def find_advised(said: str) -> list[list[str]]:
    """Return the commands that end a line of what was said, as a shell takes them."""
    return [shlex.split(each.rstrip(".")) for each in ADVISED.findall(said)]


def read(words: list[str]) -> dict[str, Any]:
    """Return what a command is given, as the program itself reads it."""
    program = cast(Any, get_command(app))
    context = program.make_context("nearmiss", words[1:])
    name, *rest = context._protected_args + context.args
    given = program.get_command(context, name).make_context(name, rest, parent=context).params
    return {**given, "logbook": context.params["logbook"], "command": name}


@pytest.fixture(params=AWKWARD)
def awkward(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder whose name a shell would take for something else; the home is in it too."""
    folder: Path = tmp_path / request.param
    folder.mkdir()
    monkeypatch.setenv("NEARMISS_HOME", str(folder / "Application Support"))
    monkeypatch.chdir(folder)
    return folder


def test_a_backup_and_samples_are_found_again(run: Run, awkward: Path) -> None:
    book = Logbook(awkward / "Application Support" / "logbook.jsonl")
    book.append([make_report()], "Maria", NOW)
    target = awkward / "my stick's.jsonl"
    (command,) = find_advised(run("backup", str(target)).err)
    assert read(command)["file"] == str(target)
    commands = find_advised(run("demo", "my demo.jsonl").err)
    assert [read(each)["logbook"] for each in commands] == ["my demo.jsonl"] * 3
    for each in commands[:2]:
        assert run(*each[1:]).code == 0


def test_what_could_not_be_saved_is_saved_by_the_command_that_is_named(
    run: Run, awkward: Path
) -> None:
    chosen = awkward / "other one's.jsonl"
    chosen.write_text("This is no logbook.\n")
    given = {"what": "He slid.", "when": "yesterday 9pm", "client": "MB", "where": "hall",
             "prevented": "Held him.", "action": "Sat him down.", "category": "other"}  # fmt: skip
    options = [word for name, value in given.items() for word in (f"--{name}", value)]
    refused = run("--logbook", str(chosen), "log", *options, "--no-safeguarding")
    assert refused.code == 1, refused.err
    (command,) = find_advised(refused.err)
    assert read(command)["logbook"] == str(chosen)
    chosen.unlink()
    assert run(*command[1:]).code == 0
    assert len(run("--logbook", str(chosen), "list", "--json").rows) == 1


def test_the_logbook_that_was_chosen_and_what_was_looked_for_are_named_again(
    run: Run, awkward: Path
) -> None:
    chosen = awkward / "other one's.jsonl"
    reports = [make_report(client=awkward.name[:20], location=awkward.name)] * 2
    Logbook(chosen).append(reports, "Maria", NOW)
    begin = ("--logbook", str(chosen))
    more = run(*begin, "list", "-n", "1", "--where", awkward.name)
    (command,) = find_advised(more.err)
    assert (read(command)["logbook"], read(command)["where"]) == (str(chosen), awkward.name)
    (command,) = find_advised(run(*begin, "show", awkward.name[:20]).err)
    assert read(command)["client"] == awkward.name[:20]
    assert run(*command[1:]).out
    empty = awkward / "none yet.jsonl"
    said = run("--logbook", str(empty), "where").out
    assert f"nearmiss --logbook {quote_word(str(empty))} log" in said


def test_no_command_in_a_sentence_takes_a_name_as_it_is() -> None:
    source = Path(nearmiss.__file__).parent
    unquoted = {
        f"{path.relative_to(source)}: {value}"
        for path in source.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        for value in list_values_in_commands(node)
        if value not in SAFE
        and not value.endswith(".id")
        and not value.startswith(("quote_word(", "quote_path("))
    }
    assert unquoted == set()


def list_values_in_commands(node: ast.JoinedStr) -> list[str]:
    values = []
    text = ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value)
            continue
        assert isinstance(part, ast.FormattedValue)
        before = re.split(r"[.\n]", text)[-1]
        if re.search(rf"nearmiss (--logbook|{'|'.join(COMMANDS)})", before):
            values.append(ast.unparse(part.value))
        text += "\0"
    return values


def test_a_file_called_like_an_option_is_none_in_advice(
    run: Run, book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    book.append([make_report()], "Maria", NOW)
    advised = find_advised(run("backup", "--", "-x.jsonl").err)
    assert [read(each)["file"] for each in advised if each[1] == "restore"] == ["./-x.jsonl"]


@over("name", AWKWARD)
def test_a_command_with_such_a_name_stays_on_one_line(name: str) -> None:
    command = f"nearmiss log --json {quote_word(f'/home/m/{name}/{name}.json')}"
    folded = speech.fold_lines(f"{'Words ' * 12} {command}", cast(Any, FakeTerminal()))
    assert command in folded


class FakeTerminal:
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("a b", '"a b"'),
        ("a&b", '"a&b"'),
        ("a,b", '"a,b"'),
        ("C:\\x.jsonl", "C:\\x.jsonl"),
        ('"so"', '"""so"""'),
        ("", '""'),
    ],
)
def test_a_name_is_quoted_as_windows_takes_it(
    name: str, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert quote_word(name) == typed
