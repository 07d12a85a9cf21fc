"""A document as PDF: archival (PDF/A-3a) and accessible (PDF/UA-1), set by typst."""

import os
import re
import unicodedata
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from nearmiss import clock
from nearmiss.documents.blocks import Document
from nearmiss.documents.templates import read_templates
from nearmiss.errors import NearmissError
from nearmiss.text import name_character

if TYPE_CHECKING:
    from typst import TypstError

_STANDARDS: Any = ["a-3a", "ua-1"]
_FONTS = (
    "atkinson_hyperlegible",
    "arimo",
    "noto_sans_arabic",
    "noto_sans_devanagari",
    "noto_sans_tamil",
)
_NO_FONT = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_MOST_TRIES = 40  # scripts or signs that no font has, before everything unusual is replaced


class BrokenTemplate(NearmissError):
    """A template has a mistake."""

    def __init__(self, *, name: str, reason: str) -> None:
        super().__init__(
            f"The template {name} has a mistake: {reason} Nothing was written. "
            "Mend it, or move it out of your templates folder "
            "to use the one that came with nearmiss."
        )


def render_pdf(document: Document, own: Path | None = None) -> tuple[bytes, str]:
    """Return the PDF, and the characters that had to be replaced as no font here has them.

    ``own`` is the folder of the carer's templates. Raises BrokenTemplate.
    """
    from typst import TypstError

    sources: dict[str, Any] = read_templates(".typ", own)
    sources["main.typ"] = sources[f"{document.template}.typ"]
    data, replaced = _replace_forbidden(to_json(document).decode())
    for attempt in range(_MOST_TRIES):
        try:
            return _compile(sources, data, with_system_fonts=attempt > 0), replaced
        except TypstError as error:
            missing = _NO_FONT.search(error.message)
            if not missing:
                raise BrokenTemplate(
                    name=f"{document.template}.typ", reason=_explain(error, document.template)
                ) from None
            if attempt:
                data, gone = _replace(data, missing.group(1), everything=attempt > _MOST_TRIES - 3)
                replaced += gone
    raise AssertionError


def find_fonts() -> list[str]:
    """Return the folders of the fonts that come with the program."""
    return [str(files(f"fontpkg_{name}") / "files") for name in _FONTS]


def _replace_forbidden(data: str) -> tuple[str, str]:
    """Return ``data`` with what no PDF/A-3a may hold named, and those characters.

    Private-use characters have no meaning that a reader could know (ISO 19005-3, 6.2.11.7.3).
    """
    table = {
        ord(each): name_character(each)
        for each in set(data)
        if unicodedata.category(each) == "Co" or each in "\ufeff\ufffe\uffff"
    }
    return data.translate(table), "".join(sorted(map(chr, table)))


def _compile(sources: Any, data: str, *, with_system_fonts: bool) -> bytes:
    import typst

    return typst.compile(
        sources,
        sys_inputs={"data": data},
        font_paths=find_fonts(),
        ignore_system_fonts=not with_system_fonts,
        pdf_standards=_STANDARDS,
        timestamp=int(os.environ.get("SOURCE_DATE_EPOCH") or clock.read_seconds()),
    )


def _explain(error: "TypstError", template: str) -> str:
    place = re.search(r"┌─ (\S+?):(\d+)", error.diagnostic or "")
    reason = " ".join(error.message.split())
    if not place:
        return f"{reason}."
    name = place.group(1).replace("main.typ", f"{template}.typ")
    return f"{name}, line {place.group(2)}: {reason}."


def _replace(data: str, missing: str, *, everything: bool) -> tuple[str, str]:
    """Return ``data`` with every character of the missing script named, and those characters.

    One character is missing; the others of its script would be found missing one by one.
    """
    scripts = {_name_script(each) for each in missing}
    wanted = {
        each
        for each in set(data)
        if each in missing or _name_script(each) in scripts or (everything and ord(each) > 0x24F)  # noqa: PLR2004 - the end of Latin
    }
    table = {ord(each): name_character(each) for each in wanted if not each.isascii()}
    return data.translate(table), "".join(sorted(map(chr, table)))


def _name_script(character: str) -> str:
    """Return the first word of a letter's name, which is its script; signs stand alone."""
    if unicodedata.category(character)[0] not in "LM":
        return character
    return unicodedata.name(character, character).split()[0]
