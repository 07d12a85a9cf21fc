"""Where a document goes when no file is named: into this folder, never under a client's name."""

from collections.abc import Sequence
from datetime import datetime

_FILES = ("pdf", "xlsx")  # what no screen can show
_NAMED = 3  # ids that fit into a name


def choose_path(
    output: str | None, form: str, ids: Sequence[str], moments: Sequence[datetime], kind: str
) -> str | None:
    """Return where to write: what was named, else a file here, or None for the screen."""
    if output is not None or form not in _FILES:
        return output
    if not moments:
        name = kind
    elif 0 < len(ids) <= _NAMED:
        name = "-".join([ids[0], *(each.partition("-")[2] for each in ids[1:])])
    else:
        name = f"{min(moments):%Y-%m-%d}-to-{max(moments):%Y-%m-%d}"
    return f"nearmiss-{name}.{form}"
