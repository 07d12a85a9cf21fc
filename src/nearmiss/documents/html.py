"""A document as one HTML file that needs nothing else, and reads well aloud (WCAG 2.2)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nearmiss.documents.blocks import Document
from nearmiss.errors import NearmissError

if TYPE_CHECKING:
    from jinja2 import Environment, TemplateSyntaxError
    from markupsafe import Markup


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


_IN_ONE_PIECE = r"(?:Seal )?[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}|[0-9A-Z]{4}-[0-9]{4,}"


def render_html(document: Document, own: Path | None = None) -> bytes:
    """Return the page; ``own`` is the folder of the carer's templates. Raises BrokenTemplate."""
    from jinja2 import TemplateSyntaxError

    sources = read_templates(".html.j2", own)
    name = f"{document.template}.html.j2"
    name = name if name in sources else "document.html.j2"
    try:
        template = _make_environment(sources).get_template(name)
        kept = _make_keeper(document.kept)
        return template.render(d=document, most=_find_most, keep=kept, number=_keep_ids).encode()
    except TemplateSyntaxError as error:
        raise _explain_syntax(error, name) from None
    except BrokenTemplate:
        raise
    except Exception as error:  # a template is a program of its own: anything may go wrong in it
        raise _explain(error, name, sources) from None


def _make_environment(sources: Mapping[str, bytes]) -> "Environment":
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        if name not in sources:
            return None
        try:
            return sources[name].decode(), name, lambda: True
        except UnicodeDecodeError:
            raise BrokenTemplate(name=name, reason=f"{name} is not UTF-8 text.") from None

    return SandboxedEnvironment(
        loader=FunctionLoader(load),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def _explain_syntax(error: "TemplateSyntaxError", name: str) -> BrokenTemplate:
    place = error.name or name
    return BrokenTemplate(name=place, reason=f"{place}, line {error.lineno}: {error.message}.")


def _explain(error: Exception, name: str, sources: Mapping[str, bytes]) -> BrokenTemplate:
    place, line = name, 0
    step = error.__traceback__
    while step:
        if step.tb_frame.f_code.co_filename in sources:
            place, line = step.tb_frame.f_code.co_filename, step.tb_lineno
        step = step.tb_next
    where = f"{place}, line {line}: " if line else ""
    return BrokenTemplate(name=place, reason=f"{where}{error or type(error).__name__}.")


def _make_keeper(kept: Sequence[str]) -> "Callable[[str], Markup]":
    """Return what escapes a text and marks names, numbers and seals that are not to be broken."""
    from markupsafe import Markup, escape

    choices = "|".join([*(re.escape(str(escape(each))) for each in kept), _IN_ONE_PIECE])
    pattern = re.compile(rf"(?<!\w)(?:{choices})(?!\w)")

    def keep(text: str) -> Markup:
        return Markup(pattern.sub(r'<span class="keep">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped

    return keep


def _keep_ids(text: str) -> "Markup":
    """Return a text escaped, with the ids in it marked as not to be broken."""
    from markupsafe import Markup, escape

    return Markup(_ID.sub(r'<span class="id">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped


_ID = re.compile(r"(?<!\w)[0-9A-Z]{4}-[0-9]{4,}(?!\w)")


def _find_most(bars: Sequence[tuple[str, int]]) -> Any:
    return max(count for _, count in bars)
