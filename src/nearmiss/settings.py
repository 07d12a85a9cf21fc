"""Where things are kept, and what the carer has chosen."""

import codecs
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

from nearmiss import files
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.speech import name_some
from nearmiss.text import find_refused, shorten, show_safely, tidy

MOST_NAME = 200
LONGEST_KEEPING = 100  # years

# How each setting is asked for.
SETTING_QUESTIONS = {
    "name": "Your name",
    "role": "Your role (carer, personal assistant)",
    "phone": "Your telephone number",
    "keep_years": "Years to keep records",
}


class BadSetting(UsageProblem):
    """A setting has a value that it can't have; ``what`` says which and why."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"{what}. Nothing was changed.")


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
    def marks(self) -> Path:
        """The folder that says how far each logbook went on this computer."""
        return self.state / "marks"

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

    def require_free(self, path: Path, *, force: bool = False, can_force: bool = True) -> None:
        """Raise NearmissError where a file at ``path`` must not be written; OSError where it can't.

        With ``force`` what stands there may go, unless the program lives by it.
        """
        if self.holds(path):
            raise NearmissError(
                f"{path} belongs to nearmiss itself and was left as it is. Choose another name."
            )
        if files.require_ordinary(path) and not force:
            remedy = f"Choose another name{' or add --force' if can_force else ''}."
            raise NearmissError(f"{path} is already there and was left as it is. {remedy}")


def find_paths(chosen: str | None, environment: Mapping[str, str] = os.environ) -> Paths:
    """Return where things are: ``chosen`` is what ``--logbook`` named."""
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
        raise NearmissError(
            "This computer names no home folder for you, so there is no place for the logbook. "
            "Choose one: nearmiss --logbook PATH, or set NEARMISS_HOME to a folder."
        )
    if not paths.state.is_absolute():  # no home, but a logbook was named: all stays beside it
        folder = paths.logbook.parent
        return Paths(paths.logbook, folder / "config", folder / "state")
    return paths


def _find_platform_paths() -> Paths:
    from platformdirs import PlatformDirs

    platform = PlatformDirs("nearmiss", appauthor=False)
    try:
        return Paths(
            Path(platform.user_data_dir) / "logbook.jsonl",
            Path(platform.user_config_dir),
            Path(platform.user_state_dir),
        )
    except RuntimeError:  # an account that the system does not know, and no HOME
        return Paths(Path("logbook.jsonl"), Path(), Path())


@dataclass(frozen=True)
class Settings:
    """What the carer has chosen; empty texts where nothing was said."""

    name: str = ""
    role: str = ""
    phone: str = ""
    keep_years: int = 8
    plain: bool = False  # questions one line after the other, nothing painted: for screen readers

    @property
    def author(self) -> str:
        """Who writes: ``Name, role``, or the login name where no name is set."""
        return ", ".join(part for part in (self.name, self.role) if part) or _find_login_name()


_NAMES = {field.name for field in fields(Settings)}
_FORMER = {"country", "paper"}  # settings once: what stands there is left alone


def _find_login_name() -> str:
    import getpass

    try:
        name = shorten(show_safely(getpass.getuser()), MOST_NAME)
    except (KeyError, OSError):  # a user whom the system does not know
        name = ""
    return name or "not named"


class FoundSettings(NamedTuple):
    """The settings that can be used, and a sentence for each line that can't."""

    settings: Settings
    faults: tuple[str, ...] = ()


def read_settings(paths: Paths) -> FoundSettings:
    """Return the settings as far as they can be used, and the defaults for the rest."""
    try:
        data = files.read_ordinary(paths.settings)
    except (FileNotFoundError, NotADirectoryError):
        return FoundSettings(Settings())
    except OSError as error:
        fault = f"The settings in {paths.settings} can't be read: {files.explain(error)}."
        return FoundSettings(Settings(), (fault,))
    is_wide = data.startswith(_UTF_16) and b"\0" in data
    text = data[:_MOST].decode("utf-16" if is_wide else "utf-8-sig", errors="replace")
    found, lines = _parse(text.rstrip("\ufffd"))
    faults = [f"line {number} is not understood" for number in lines]
    settings = Settings()
    for name, value in found.items():
        if name in _FORMER:
            continue
        try:
            settings = change_settings(settings, {name: value})
        except BadSetting as fault:
            faults.append(fault.what)
    told = name_some(faults, _TOLD, "and {} more such lines")
    said = (f"In the settings, {paths.settings}: {each}. The rest is used." for each in told)
    return FoundSettings(settings, tuple(said))


_TOLD = 5  # faults that are said
_MOST = 1_000_000  # bytes that are read: settings are a few lines
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _parse(text: str) -> tuple[dict[str, Any], list[int]]:
    """Return what a text says; where it is not TOML line by line, with those not understood."""
    import tomllib

    with suppress(ValueError, RecursionError):
        return tomllib.loads(text), []
    found: dict[str, Any] = {}
    bad = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = (part.strip() for part in line.partition("="))
        if not equals or name not in _NAMES | _FORMER:
            bad.append(number)
            continue
        try:
            found[name] = tomllib.loads(f"value = {value}")["value"]
        except (ValueError, RecursionError):
            found[name] = value.strip("\"'")  # as somebody writes who has never heard of TOML
    return found, bad


def change_settings(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """Return ``settings`` with ``changes`` checked and applied. Raises BadSetting."""
    checked: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in _NAMES:
            raise BadSetting(f"{show_safely(name)} is not a setting")
        checked[name] = _check(name, value)
    return replace(settings, **checked)


def _check(name: str, value: object) -> object:
    if name == "keep_years":
        if type(value) is int and 1 <= value <= LONGEST_KEEPING:
            return value
        raise BadSetting(f"keep_years must be 1 to {LONGEST_KEEPING} years")
    if name == "plain":
        said = str(value).casefold()
        if said in ("true", "yes", "false", "no"):
            return said in ("true", "yes")
        raise BadSetting("plain must be true or false")
    if not isinstance(value, str):
        raise BadSetting(f"{name} must be a text")
    text = tidy(value)
    if len(text) > MOST_NAME or find_refused(text, one_line=True):
        raise BadSetting(f"{name} must be one line of at most {MOST_NAME} characters")
    return text


def write_settings(paths: Paths, settings: Settings) -> None:
    """Keep ``settings`` in their file, but what is as usual. Raises NearmissError."""
    usual = asdict(Settings())
    chosen = [each for each in asdict(settings).items() if each[1] != usual[each[0]]]
    lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in chosen)
    try:
        file = paths.settings.resolve()
        files.make_private_folder(file.parent)
        files.write_private(file, "".join(lines).encode())
    except OSError as error:
        reason = files.explain(error)
        raise NearmissError(
            f"The settings could not be kept in {paths.settings}: {reason}. Nothing was changed."
        ) from error
