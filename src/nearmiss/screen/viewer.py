"""A file opened in the program that this computer has for it."""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


def find_viewer() -> list[str] | None:
    """Return the command that opens a file, empty where the system itself does; None: nothing."""
    if sys.platform == "win32":
        return []
    if sys.platform == "darwin":
        return ["open"]
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return None
    found = shutil.which("xdg-open")
    return [found] if found else None


def open_file(path: Path) -> bool:
    """Open ``path`` in its program, which goes on by itself; return whether there is one."""
    viewer = find_viewer()
    if viewer is None:
        return False
    with suppress(OSError):
        if sys.platform == "win32":
            os.startfile(path.absolute())  # noqa: S606 - the carer's own document
        else:
            nowhere = subprocess.DEVNULL  # what a viewer says of itself is not for the carer
            subprocess.Popen(  # noqa: S603 - the system's own command
                [*viewer, str(path.absolute())],
                stdin=nowhere,
                stdout=nowhere,
                stderr=nowhere,
                start_new_session=True,
            )
        return True
    return False
