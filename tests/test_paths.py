"""Where things are kept: on each platform, and as the environment or an option names it."""

from pathlib import Path

import platformdirs
import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix
from platformdirs.windows import Windows

from nearmiss.errors import NearmissError
from nearmiss.settings import Paths, find_paths
from tests.conftest import Run, make_report

HOME = Path("/home/al")


@pytest.fixture(autouse=True)
def _no_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(HOME))
    folders = {"CSIDL_LOCAL_APPDATA": "/users/al/AppData/Local"}
    monkeypatch.setattr("platformdirs.windows.get_win_folder", folders.__getitem__)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("platform", "data", "config", "state"),
    [
        (Unix, HOME / ".local/share", HOME / ".config", HOME / ".local/state"),
        (MacOS, *[HOME / "Library/Application Support"] * 3),
        (Windows, *[Path("/users/al/AppData/Local")] * 3),
    ],
)
def test_each_platform_has_its_own_folders(
    monkeypatch: pytest.MonkeyPatch, platform: type, data: Path, config: Path, state: Path
) -> None:
    monkeypatch.setattr(platformdirs, "PlatformDirs", platform)
    assert find_paths(None, {}) == Paths(
        logbook=data / "nearmiss" / "logbook.jsonl",
        config=config / "nearmiss",
        state=state / "nearmiss",
    )


def test_what_is_named_wins_in_its_order(tmp_path: Path) -> None:
    home = {"NEARMISS_HOME": str(tmp_path / "stick")}
    named = {**home, "NEARMISS_LOGBOOK": str(tmp_path / "named.jsonl")}
    assert find_paths(None, home).logbook == tmp_path / "stick" / "logbook.jsonl"
    assert find_paths(None, named).logbook == tmp_path / "named.jsonl"
    assert find_paths(str(tmp_path / "chosen.jsonl"), named).logbook == tmp_path / "chosen.jsonl"
    for environment in (home, named):
        paths = find_paths(None, environment)
        assert paths.settings == tmp_path / "stick" / "config" / "settings.toml"
        assert paths.drafts == tmp_path / "stick" / "state" / "drafts"


def test_a_computer_without_a_home_says_so_and_takes_a_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Homeless(Unix):
        user_data_dir = user_config_dir = user_state_dir = "~/nearmiss"

    monkeypatch.setattr(platformdirs, "PlatformDirs", Homeless)
    with pytest.raises(NearmissError, match="NEARMISS_HOME"):
        find_paths(None, {})
    paths = find_paths(str(tmp_path / "book.jsonl"), {})
    assert paths == Paths(tmp_path / "book.jsonl", tmp_path / "config", tmp_path / "state")


def test_all_that_is_written_stays_in_the_folder_that_was_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEARMISS_HOME", str(tmp_path / "stick"))
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    run("setup", "--name", "Al")
    run("log", "--json", "-", given=make_report().model_dump_json())
    assert set(tmp_path.iterdir()) - before == {tmp_path / "stick"}
    kept = list((tmp_path / "stick").rglob("*"))
    assert (tmp_path / "stick" / "logbook.jsonl") in kept
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)
