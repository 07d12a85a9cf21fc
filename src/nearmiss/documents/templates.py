"""Where the templates are: the program's own, and the carer's, which win."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from nearmiss.errors import NearmissError


class BrokenTemplate(NearmissError):
    """A template has a mistake."""

    def __init__(self, *, name: str, reason: str) -> None:
        super().__init__(
            f"The template {name} has a mistake: {reason} Nothing was written. Mend it, or move "
            "it out of your templates folder to use the one that came with nearmiss."
        )


def find_templates() -> Traversable:
    """Return the folder of the program's own templates."""
    packaged = files("nearmiss") / "templates"
    if packaged.is_dir():
        return packaged
    return Path(__file__).parents[3] / "templates"  # run from a checkout


def read_templates(suffix: str, own: Path | None = None) -> dict[str, bytes]:
    """Return the templates whose names end in ``suffix`` by their names; the carer's own win.

    ``own`` is the carer's folder: what stands there beside templates is left alone.
    """
    shipped = {
        each.name: each.read_bytes()
        for each in find_templates().iterdir()
        if each.name.endswith(suffix)
    }
    return shipped | {each.name: each.read_bytes() for each in _list_own(own, suffix)}


def _list_own(own: Path | None, suffix: str) -> Iterator[Path]:
    if own is None or not own.is_dir():
        return
    for each in sorted(own.iterdir()):
        # A system leaves files there that are no templates (.DS_Store, ._report.typ).
        if each.is_file() and not each.name.startswith(".") and each.name.endswith(suffix):
            yield each
