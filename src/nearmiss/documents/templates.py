"""Where the templates are: the program's own, and the carer's, which win."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def find_templates() -> Traversable:
    """Return the folder of the program's own templates."""
    packaged = files("nearmiss") / "templates"
    if packaged.is_dir():
        return packaged
    return Path(__file__).parents[3] / "templates"  # run from a checkout


def read_templates(suffix: str, own: Path | None = None) -> dict[str, bytes]:
    """Return the templates whose names end in ``suffix`` by their names.

    ``own`` is the carer's folder: its files come too, whatever their names, and win.
    """
    shipped = {
        each.name: each.read_bytes()
        for each in find_templates().iterdir()
        if each.name.endswith(suffix)
    }
    if own is None or not own.is_dir():
        return shipped
    return shipped | {each.name: each.read_bytes() for each in own.iterdir() if each.is_file()}
