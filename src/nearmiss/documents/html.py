"""A document as one HTML file that needs nothing else, and reads well aloud (WCAG 2.2)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nearmiss.documents.blocks import Document
from nearmiss.documents.templates import read_templates


def render_html(document: Document, own: Path | None = None) -> bytes:
    """Return the page; ``own`` is the folder of the carer's templates. Raises BrokenTemplate."""
    from jinja2 import (
        DictLoader,
        Environment,
        TemplateError,
        TemplateSyntaxError,
        select_autoescape,
    )

    from nearmiss.documents.pdf import BrokenTemplate

    sources = {name: text.decode() for name, text in read_templates(".html.j2", own).items()}
    environment = Environment(
        loader=DictLoader(sources),
        autoescape=select_autoescape(default=True, default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    name = f"{document.template}.html.j2"
    try:
        template = environment.get_template(name if name in sources else "document.html.j2")
        return template.render(d=document, most=_find_most).encode()
    except TemplateSyntaxError as error:
        reason = f"{error.name or name}, line {error.lineno}: {error.message}."
        raise BrokenTemplate(name=error.name or name, reason=reason) from None
    except TemplateError as error:
        reason = f"{error.message or 'it can not be used'}."
        raise BrokenTemplate(name=name, reason=reason) from None


def _find_most(bars: Sequence[tuple[str, int]]) -> Any:
    return max(count for _, count in bars)
