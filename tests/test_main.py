"""The program as it is started."""

import os
import subprocess
import sys

import pytest

import nearmiss
from tests.conftest import Run


@pytest.mark.parametrize("arguments", [("--version",), ("--plain", "--version")])
def test_it_tells_its_version(run: Run, arguments: tuple[str, ...]) -> None:
    wanted = f"nearmiss {nearmiss.__version__}\n"
    assert run(*arguments).out == wanted
    told = subprocess.run(
        [sys.executable, "-m", "nearmiss", *arguments], capture_output=True, check=True
    )
    assert told.stdout.decode().split() == wanted.split()
    assert told.stderr == b""


def test_bytes_that_are_no_characters_are_refused_in_words(run: Run) -> None:
    command = [sys.executable, "-m", "nearmiss", "log", "--json", "-"]
    given = b'{"client": "M\xff"}'
    refused = subprocess.run(command, input=given, capture_output=True, check=False)
    assert refused.returncode == 2
    assert b"Traceback" not in refused.stderr


def test_what_is_piped_is_utf_8_whatever_the_encoding_is(run: Run) -> None:
    assert run("setup", "--name", "Zażółć").code == 0
    told = subprocess.run(
        [sys.executable, "-m", "nearmiss", "setup"],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=True,
    )
    assert "name: Zażółć".encode() in told.stdout
