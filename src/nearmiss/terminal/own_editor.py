"""The carer's own editor on one answer: a private file while it is open, gone afterwards."""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from nearmiss import files
from nearmiss.text import tidy

_PREFIX = "editing-"
_ABANDONED = 24 * 3600.0  # seconds after which such a folder is nobody's any more
_NO_EDITOR = "No editor is chosen. To use Ctrl-E, set EDITOR to the name of one, such as nano."
_FAILED = "The editor did not end well. Your answer is as it was."
_EMPTY = "The editor left nothing. Your answer is as it was."
_NOT_TEXT = "What the editor left can't be read. Your answer is as it was."


def find_editor(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the command that VISUAL or EDITOR names, empty where neither does."""
    named = environment.get("VISUAL", "").strip() or environment.get("EDITOR", "").strip()
    try:
        return shlex.split(named, posix=sys.platform != "win32")
    except ValueError:  # quotes that do not end
        return [named]


def edit_text(text: str, folder: Path) -> tuple[str, str]:
    """Return ``text`` as the editor leaves it, and what there is to say of that.

    It is edited in a folder of its own inside ``folder``, so that what an editor puts beside the
    file goes with it. Where anything fails, the text is as it was.
    """
    command = find_editor()
    if not command:
        return text, _NO_EDITOR
    try:
        files.make_private_folder(folder)
        with tempfile.TemporaryDirectory(
            prefix=_PREFIX, dir=folder, ignore_cleanup_errors=True
        ) as own:
            return _edit_file(text, Path(own) / "answer.txt", command)
    except OSError as error:
        return text, f"The editor could not be opened: {files.explain(error)}."


def _edit_file(text: str, path: Path, command: list[str]) -> tuple[str, str]:
    files.write_private(path, f"{text}\n".encode("utf-8", "replace"))
    # stdout may be a file of ids: the editor is shown where the questions are.
    done = subprocess.run([*command, str(path)], stdout=sys.stderr, check=False)  # noqa: S603
    if done.returncode != 0:
        return text, _FAILED
    try:
        left = tidy(path.read_text(encoding="utf-8"))
    except ValueError:
        return text, _NOT_TEXT
    except OSError:
        return text, _EMPTY
    return (left, "") if left else (text, _EMPTY)


def sweep_edited(folder: Path) -> None:
    """Remove what a killed program left of this in ``folder``, once nobody can have it open."""
    with suppress(OSError):
        for left in folder.glob(f"{_PREFIX}*"):
            if time.time() - left.stat().st_mtime >= _ABANDONED:
                shutil.rmtree(left, ignore_errors=True)
