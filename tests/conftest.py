"""What every test shares: a home of its own, a way to run the program, and a few reports."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from typer.testing import CliRunner

from nearmiss.cli import app
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import ReportFields

# A busy machine is slow to draw examples: that says nothing of the code.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

NOW = datetime.fromisoformat("2026-04-14T21:40:00+01:00")


@dataclass(frozen=True)
class Outcome:
    """What a run of the program came to."""

    code: int
    out: str
    err: str
    data: bytes

    @property
    def rows(self) -> list[Any]:
        """The JSON lines on stdout."""
        return [json.loads(line) for line in self.data.split(b"\n") if line]


Run = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keep everything under one folder, in British time."""
    monkeypatch.setenv("NEARMISS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NEARMISS_LOGBOOK", raising=False)
    monkeypatch.setenv("TZ", "Europe/London")
    if hasattr(time, "tzset"):
        time.tzset()
    yield tmp_path / "home"
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture
def run() -> Run:
    """Run a command as a script would: no terminal."""

    def run(*arguments: str, given: str | bytes | None = None) -> Outcome:
        result = CliRunner().invoke(app, arguments, input=given, catch_exceptions=False)
        return Outcome(result.exit_code, result.stdout, result.stderr, result.stdout_bytes)

    return run


@pytest.fixture
def book(home: Path) -> Logbook:
    """The logbook of this home, not yet written."""
    return Logbook(home / "logbook.jsonl")


def make_report(**changes: Any) -> ReportFields:
    """Return a report with a few of its answers changed."""
    fields = {
        "client": "MB",
        "occurred_at": "2026-04-14T21:15:00+01:00",
        "location": "lounge, by the armchair",
        "what_nearly_happened": "MB stood up. His foot slid on the rug.",
        "how_prevented": "I held his elbow.",
        "immediate_action": "Asked about pain: none.\nMoved the rug.",
        "category": "mobility",
    }
    return ReportFields.model_validate({**fields, **changes})


def start(*arguments: str, **options: Any) -> "subprocess.Popen[bytes]":
    """Start the program as a process of its own."""
    command = [sys.executable, "-m", "nearmiss", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


SAMPLES = Path(__file__).parent / "samples.jsonl"


def read_samples() -> list[dict[str, Any]]:
    """Return the sample reports without the labels that are for tests."""
    rows = [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    return [{key: row[key] for key in row if key not in ("key", "theme")} for row in rows]
