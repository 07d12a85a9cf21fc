"""What every test shares: a home of its own, a way to run the program, and a few reports."""

import gc
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from typer.testing import CliRunner

from nearmiss.cli import app
from nearmiss.dates import now as clock
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import NearMissFields, ReportFields
from tests.program import CRASHES, MOMENT, PROGRAM

gc.set_threshold(300_000, 20, 20)  # as the program itself does
# A busy machine is slow to draw examples: that says nothing of the code.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

NOW = datetime.fromisoformat("2026-04-14T21:40:00+01:00")
# The moment at which the tests take place. They hold at any other from October 2026 on, where they
# are run now and then: NEARMISS_TEST_DAY=2028-02-29T09:00+00:00. A test about a day says which.
USUAL_DAY = datetime.fromisoformat("2026-11-24T09:00:00+00:00")
TODAY = datetime.fromisoformat(os.environ.get("NEARMISS_TEST_DAY", USUAL_DAY.isoformat()))
# The rules of time zones themselves: the files of a system that knows them by name may be missing.
LONDON = "GMT0BST,M3.5.0/1,M10.5.0"
NEW_YORK = "EST5EDT,M3.2.0,M11.1.0"


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


# Of the environment in which the tests are run, what would change what the program does.
DISTURBING = (
    "ACCESSIBLE", "COLUMNS", "DISPLAY", "EDITOR", "FORCE_COLOR", "LINES", "NEARMISS_LOGBOOK",
    "NO_COLOR", "PAGER", "SOURCE_DATE_EPOCH", "TERM", "VISUAL", "WAYLAND_DISPLAY",
)  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keep everything under one folder, at one moment, and let no crash pass for an answer."""
    for name in DISTURBING:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NEARMISS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NEARMISS_DEBUG", "1")
    # A process whose files may not grow would leave half of what Python compiles for the next one.
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    crashes = tmp_path / "crashes.txt"
    monkeypatch.setenv(CRASHES, str(crashes))
    with moment(TODAY, zone=LONDON):
        yield tmp_path / "home"
    assert not crashes.exists(), crashes.read_text(encoding="utf-8")


@pytest.fixture
def usual_day() -> Iterator[None]:
    """Let it be the usual day, for a test that is about days near it."""
    with moment(USUAL_DAY, zone=LONDON):
        yield


@contextmanager
def moment(now: datetime, *, zone: str) -> Iterator[None]:
    """Let it be ``now`` in ``zone``, here and in the processes that ``start`` starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "read_seconds", now.timestamp)
        patch.setenv(MOMENT, now.isoformat())
        patch.setenv("TZ", zone)
        _heed_zone()
        yield
    _heed_zone()


def _heed_zone() -> None:
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
    return NearMissFields.model_validate({**fields, **changes})


def start(*arguments: str, **options: Any) -> "subprocess.Popen[bytes]":
    """Start the program as a process of its own."""
    command = [*PROGRAM, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


SAMPLES = Path(__file__).parent / "samples.jsonl"


def read_samples() -> list[dict[str, Any]]:
    """Return the sample reports without the labels that are for tests."""
    rows = [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    return [{key: row[key] for key in row if key not in ("key", "theme")} for row in rows]
