"""A document as one HTML file that needs nothing beside it, readable by screen readers."""

from pathlib import Path

from nearmiss.documents.blocks import Document
from nearmiss.documents.problems import BrokenTemplate
from nearmiss.documents.templates import read_templates

_SUFFIX = ".html.j2"


def render_html(document: Document, own: Path | None = None) -> bytes:
    """Return the document as HTML. ``own`` is the folder of the carer's templates.

    Raises BrokenTemplate.
    """
    from jinja2 import DictLoader, Environment, StrictUndefined, TemplateError, TemplateSyntaxError

    name = f"{document.template}{_SUFFIX}"
    sources = {
        each: source.decode(errors="replace")
        for each, source in read_templates(_SUFFIX, own).items()
        if each.endswith(_SUFFIX)
    }
    # Everything that is put into a template is escaped: text from a record can't become markup.
    environment = Environment(
        autoescape=True,
        loader=DictLoader(sources),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    try:
        return environment.get_template(name).render(document=document).encode()
    except TemplateSyntaxError as error:
        reason = f"{error.name or name}, line {error.lineno}: {error.message}"
        raise BrokenTemplate(name=error.name or name, reason=reason) from None
    except TemplateError as error:
        raise BrokenTemplate(name=name, reason=f"{error.message}.") from None
