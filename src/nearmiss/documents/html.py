"""A document as one HTML file that needs nothing else, and reads well aloud (WCAG 2.2)."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from nearmiss.documents.blocks import (
    BACK,
    IN_ONE_LINE,
    OR,
    POINTER,
    Block,
    Document,
    Group,
    Heading,
    Notice,
    Part,
    Row,
    Words,
)

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


_ID = r"[0-9A-Z]{4}-[0-9]{4,}"
_IN_ONE_PIECE = rf"(?:Seal )?[0-9A-Z]{{4}}(?:-[0-9A-Z]{{4}}){{3}}|{_ID}"


def render_html(document: Document) -> bytes:
    """Return the page."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    source = (find_templates() / "document.html.j2").read_text(encoding="utf-8")
    page = environment.from_string(source).render(
        d=document,
        keep=_make_keeper(document.kept),
        link=_make_linker([*_list_anchors(document.flow)]),
        css=_quote_for_css,
    )
    return page.encode()


def _list_anchors(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Group | Part):
            yield from _list_anchors(block.blocks)
        elif isinstance(block, Heading | Words | Notice | Row):
            yield from filter(None, (block.anchor, *_list_anchors(getattr(block, "more", ()))))


def _make_keeper(kept: Sequence[str]) -> "Callable[[str], Markup]":
    """Return what escapes a text and marks names, numbers and seals that are not to be broken."""
    from markupsafe import Markup, escape

    choices = "|".join([*(re.escape(str(escape(each))) for each in kept), _IN_ONE_PIECE])
    pattern = re.compile(rf"(?<!\w)(?:{choices})(?!\w)")

    def keep(text: str) -> Markup:
        return Markup(pattern.sub(r'<span class="keep">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped

    return keep


def _make_linker(anchors: Sequence[str]) -> "Callable[[str], Markup]":
    """Return what escapes a text, keeps in one piece what is so, and links what stands here.

    What is quoted from the right to the left behind a label keeps an order of its own.
    """
    from markupsafe import Markup, escape

    pattern = re.compile(rf"(?<!\w)(?:({_ID})|{IN_ONE_LINE})(?!\w)")
    places = {anchor: at for at, anchor in reversed([*enumerate(anchors)])}  # each at its first

    def mark(found: re.Match[str]) -> str:
        if found[1] in places:
            return f'<a class="id" href="#{found[1]}">{found[1]}</a>'
        if found[1]:
            return f'<span class="id">{found[1]}</span>'
        return found[0].replace(" ", "&nbsp;")

    def point(anchor: str) -> str:
        where, anchor = "above" if anchor.startswith(BACK) else "below", anchor.removeprefix(BACK)
        here = (each for each in anchor.split(OR) if each in places)
        first = min(here, key=lambda each: places[each], default="")
        return f'<a href="#{first}">{where}</a>' if first else where

    def link(text: str) -> Markup:
        # What is pointed to is put in last: the marks around it are no text of anybody.
        apart = _QUOTED.sub(r"\1<bdi>\2</bdi>\3", str(escape(text)))
        parts = apart.split(POINTER)
        shown = (
            point(each) if at % 2 else pattern.sub(mark, each) for at, each in enumerate(parts)
        )
        return Markup("".join(shown))  # noqa: S704 - escaped

    return link


_QUOTED = re.compile(r"(: )([\u0590-\u08ff].*?)( \([0-9A-Z]{4}-[0-9]{4,}\)|$)", re.MULTILINE)


def _quote_for_css(text: str) -> "Markup":
    """Return a text as a string of a style sheet, in which no sign but letters stands as it is."""
    from markupsafe import Markup

    signs = (each if each.isalnum() and each.isascii() else f"\\{ord(each):06x}" for each in text)
    return Markup('"{}"'.format("".join(signs)))  # noqa: S704 - escaped
