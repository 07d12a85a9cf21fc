"""Press TAB in real shells, with clients that are commands: python -m tests.benchmarks.shells.

Tries each of bash, zsh and fish that is installed. Prints what ran that must not, and whether a
client with a space was completed and found.
"""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pexpect

from nearmiss.logbook.book import Logbook
from tests.conftest import NOW, make_report

SHELLS = {
    "bash": (["--norc", "--noprofile", "-i"], 'eval "$(nearmiss --show-completion bash)"'),
    "zsh": (
        ["-f", "-i"],
        'autoload -Uz compinit; compinit -u; eval "$(nearmiss --show-completion zsh)"',
    ),
    "fish": (["--no-config", "-i"], "nearmiss --show-completion fish | source"),
}
CLIENTS = (
    "\\$(touch PWN1)",
    "$(touch PWN2)",
    "`touch PWN3`",
    "Q;touch PWN4",
    "Q$(touch PWN5)",
    "Mrs P",
)
LINES = ("nearmiss list --client \t\t", "nearmiss list --client Q\t\t", "nearmiss show \t\t")


def try_shell(name: str) -> str:
    """Press TAB and Enter in a shell; return what came of it."""
    arguments, script = SHELLS[name]
    with tempfile.TemporaryDirectory() as folder:
        book = Logbook(Path(folder) / "home" / "logbook.jsonl")
        book.append([make_report(client=each) for each in CLIENTS], "M", NOW)
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = {
            **os.environ, "NEARMISS_HOME": f"{folder}/home", "PATH": path, "TERM": "xterm",
            "HOME": folder, "SHELL": shutil.which(name) or "",
        }  # fmt: skip
        child = pexpect.spawn(
            name, arguments, cwd=folder, env=environment, encoding="utf-8", timeout=20
        )
        child.sendline(script)
        time.sleep(3)
        for line in LINES:
            child.send(line)
            time.sleep(4)
            child.sendline("")
            time.sleep(2)
            child.send("\x03")
        child.send("nearmiss list --client Mr\t")
        time.sleep(4)
        child.sendline("")
        found = child.expect(["slid on the rug", pexpect.TIMEOUT], timeout=10) == 0
        child.close(force=True)
        ran = sorted(each.name for each in Path(folder).rglob("PWN*"))
    return f"ran: {ran or 'nothing'}; a client with a space: {'found' if found else 'not found'}"


def main() -> None:
    """Try every shell that is here."""
    for name in SHELLS:
        print(f"{name}: {try_shell(name) if shutil.which(name) else 'not installed'}", flush=True)


if __name__ == "__main__":
    main()
