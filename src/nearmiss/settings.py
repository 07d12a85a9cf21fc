"""Where things are kept, and what the carer has chosen."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from nearmiss import files
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.text import find_refused, show_safely, tidy

COUNTRIES = ("GB", "IE", "US", "CA", "AU", "NZ", "EU")
PAPERS = ("A4", "Letter")
MOST_NAME = 200
LONGEST_KEEPING = 100  # years

# How each setting is asked for.
SETTING_QUESTIONS = {
    "name": "Your name",
    "role": "Your role (carer, personal assistant)",
    "phone": "Your telephone number",
    "country": f"Country, for the emergency numbers ({', '.join(COUNTRIES)})",
    "paper": f"Paper ({' or '.join(PAPERS)})",
    "keep_years": "Years to keep records",
}


class NoHomeFolder(NearmissError):
    """The system names no home folder to keep the logbook in."""

    def __init__(self) -> None:
        super().__init__(
            "This computer names no home folder for you, so there is no place for the logbook. "
            "Choose one: nearmiss --logbook PATH, or set NEARMISS_HOME to a folder."
        )


class BadSettings(NearmissError):
    """The settings file can't be used."""

    def __init__(self, *, path: Path | str, reason: str) -> None:
        super().__init__(
            f"The settings in {path} can't be used: {reason}. Nothing was changed. "
            "Mend that line, or move the file away and run: nearmiss setup"
        )


class BadSetting(UsageProblem):
    """A setting has a value that it can't have."""

    def __init__(self, *, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}. Nothing was changed.")


@dataclass(frozen=True)
class Paths:
    """The folders and the logbook of this carer."""

    logbook: Path
    config: Path
    state: Path

    @property
    def settings(self) -> Path:
        """The file of settings."""
        return self.config / "settings.toml"

    @property
    def drafts(self) -> Path:
        """The folder of drafts."""
        return self.state / "drafts"

    def holds(self, path: Path) -> bool:
        """Whether a file is the logbook or what lies beside it, settings, or a draft."""
        wanted, book = path.resolve(), self.logbook.resolve()
        if any(wanted.is_relative_to(each.resolve()) for each in (self.config, self.state)):
            return True
        beside = wanted.name.removeprefix(book.name)
        if wanted.parent == book.parent and (
            beside in ("", ".lock") or beside.startswith(".torn-")
        ):
            return True
        return path.exists() and book.exists() and path.samefile(book)


def find_paths(chosen: str | None, environment: Mapping[str, str] = os.environ) -> Paths:
    """Return where things are: ``chosen`` is what ``--logbook`` named. Raises NoHomeFolder."""
    home = environment.get("NEARMISS_HOME")
    if home:
        folder = Path(home).absolute()
        paths = Paths(folder / "logbook.jsonl", folder / "config", folder / "state")
    else:
        paths = _find_platform_paths()
    logbook = chosen or environment.get("NEARMISS_LOGBOOK")
    if logbook:
        paths = replace(paths, logbook=Path(logbook).absolute())
    if not paths.logbook.is_absolute():
        raise NoHomeFolder
    if not paths.state.is_absolute():  # no home, but a logbook was named: all stays beside it
        folder = paths.logbook.parent
        return Paths(paths.logbook, folder / "config", folder / "state")
    return paths


def _find_platform_paths() -> Paths:
    from platformdirs import PlatformDirs

    platform = PlatformDirs("nearmiss", appauthor=False)
    return Paths(
        Path(platform.user_data_dir) / "logbook.jsonl",
        Path(platform.user_config_dir),
        Path(platform.user_state_dir),
    )


@dataclass(frozen=True)
class Settings:
    """What the carer has chosen; empty texts where nothing was said."""

    name: str = ""
    role: str = ""
    phone: str = ""
    country: str = "GB"
    paper: str = "A4"
    keep_years: int = 8

    @property
    def author(self) -> str:
        """Who writes: ``Name, role``, or the login name where no name is set."""
        return ", ".join(part for part in (self.name, self.role) if part) or _find_login_name()


def _find_login_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user whom the system does not know
        return "not named"


def read_settings(paths: Paths) -> Settings:
    """Return the settings, the defaults where there is no file. Raises BadSettings."""
    import tomllib

    try:
        with paths.settings.open("rb") as file:
            found = tomllib.load(file)
    except FileNotFoundError:
        return Settings()
    except NotADirectoryError:
        return Settings()
    except OSError as error:
        raise BadSettings(path=paths.settings, reason=files.explain(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(path=paths.settings, reason=show_safely(str(error))) from error
    try:
        return change_settings(Settings(), found)
    except BadSetting as error:
        raise BadSettings(path=paths.settings, reason=str(error).split(". ")[0]) from error


def change_settings(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """Return ``settings`` with ``changes`` checked and applied. Raises BadSetting."""
    known = {field.name for field in fields(Settings)}
    checked: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in known:
            raise BadSetting(name=show_safely(name), reason="is not a setting")
        checked[name] = _check_years(value) if name == "keep_years" else _check_text(name, value)
    return replace(settings, **checked)


def _check_years(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LONGEST_KEEPING:
        return value
    raise BadSetting(name="keep_years", reason=f"must be 1 to {LONGEST_KEEPING} years")


def _check_text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadSetting(name=name, reason="must be a text")
    text = tidy(value)
    if len(text) > MOST_NAME or find_refused(text, one_line=True):
        raise BadSetting(name=name, reason=f"must be one line of at most {MOST_NAME} characters")
    choices = {"country": COUNTRIES, "paper": PAPERS}.get(name)
    if choices is None:
        return text
    for choice in choices:
        if choice.casefold() == text.casefold():
            return choice
    raise BadSetting(name=name, reason=f"must be one of {', '.join(choices)}")


def write_settings(paths: Paths, settings: Settings) -> None:
    """Keep ``settings`` in their file. Raises BadSettings where that can't be written."""
    import tomli_w

    try:
        files.make_private_folder(paths.config)
        files.write_private(paths.settings, tomli_w.dumps(asdict(settings)).encode())
    except OSError as error:
        raise BadSettings(path=paths.settings, reason=files.explain(error)) from error
