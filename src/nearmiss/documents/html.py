"""A document as one HTML file that needs nothing else, and reads well aloud (WCAG 2.2)."""

import re
from collections.abc import Callable, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nearmiss.documents.blocks import Document

if TYPE_CHECKING:
    from markupsafe import Markup


def find_templates() -> Traversable:
    """Return the folder of the program's own templates."""
    packaged = files("nearmiss") / "templates"
    if packaged.is_dir():
        return packaged
    return Path(__file__).parents[3] / "templates"  # run from a checkout


def read_templates(suffix: str) -> dict[str, bytes]:
    """Return the templates whose names end in ``suffix`` by their names."""
    return {
        each.name: each.read_bytes()
        for each in find_templates().iterdir()
        if each.name.endswith(suffix)
    }


_IN_ONE_PIECE = r"(?:Seal )?[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}|[0-9A-Z]{4}-[0-9]{4,}"


def render_html(document: Document) -> bytes:
    """Return the page."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    source = (find_templates() / "document.html.j2").read_text(encoding="utf-8")
    page = environment.from_string(source).render(
        d=document, most=_find_most, keep=_make_keeper(document.kept), number=_keep_ids
    )
    return page.encode()


def _make_keeper(kept: Sequence[str]) -> "Callable[[str], Markup]":
    """Return what escapes a text and marks names, numbers and seals that are not to be broken."""
    from markupsafe import Markup, escape

    choices = "|".join([*(re.escape(str(escape(each))) for each in kept), _IN_ONE_PIECE])
    pattern = re.compile(rf"(?<!\w)(?:{choices})(?!\w)")

    def keep(text: str) -> Markup:
        return Markup(pattern.sub(r'<span class="keep">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped

    return keep


def _keep_ids(text: str) -> "Markup":
    """Return a text escaped, with the ids in it marked as not to be broken.

    What is quoted from the right to the left behind a label keeps an order of its own.
    """
    from markupsafe import Markup, escape

    apart = _QUOTED.sub(r"\1<bdi>\2</bdi>\3", str(escape(text)))
    return Markup(_ID.sub(r'<span class="id">\g<0></span>', apart))  # noqa: S704 - escaped


_QUOTED = re.compile(r"(: )([\u0590-\u08ff].*?)( \([0-9A-Z]{4}-[0-9]{4,}\)|$)", re.MULTILINE)
_ID = re.compile(r"(?<!\w)[0-9A-Z]{4}-[0-9]{4,}(?!\w)")


def _find_most(bars: Sequence[tuple[str, int]]) -> Any:
    return max(count for _, count in bars)
