"""A document as PDF: archival (PDF/A-3a) and accessible (PDF/UA-1), set by typst."""

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from nearmiss.dates.now import made_at
from nearmiss.documents.blocks import Document
from nearmiss.documents.html import find_templates, read_templates
from nearmiss.text import name_character

if TYPE_CHECKING:
    from typst import TypstError

# What says in the metadata that a file is PDF/A, which allows no encryption (ISO 19005-3, 6.1.3).
_CLAIM = re.compile(
    rb'<pdfaid:(\w+)>[^<]*</pdfaid:\1>|\s+xmlns:pdfa\w+="[^"]*"'
    rb"|<pdfaExtension:schemas>.*?</pdfaExtension:schemas>",
    re.DOTALL,
)


def encrypt_pdf(data: bytes, password: str) -> bytes:
    """Return the PDF encrypted with AES-256, without its claim to be PDF/A.

    All of it happens in memory.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import StreamObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    metadata = writer.root_object["/Metadata"].get_object()
    if isinstance(metadata, StreamObject):
        metadata.set_data(_CLAIM.sub(b"", metadata.get_data()))
    writer.pdf_header = "%PDF-2.0"  # the version that knows this encryption
    writer.encrypt(user_password=password, owner_password=password, algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


_STANDARDS: Any = ["a-3a", "ua-1"]
_FONTS = (
    "atkinson_hyperlegible",
    "arimo",
    "noto_sans_arabic",
    "noto_sans_devanagari",
    "noto_sans_tamil",
)
_NO_FONT = re.compile(r'the text `"([^`]+)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")  # a sign that an error does not show either
_MOST_TRIES = 8  # the first finds nothing missing as a rule: the signs were looked at before
_COMMON = frozenset("–—‘’“”…•·")  # signs beyond Latin that every face has
# A page with nothing on it but signs, set in the faces of the documents.
_PROBE = b"""#import "style.typ": faces
#set document(title: "signs")
#set text(font: faces)
#json(bytes(sys.inputs.signs)).join(" ")"""


_FEW_PAGES = 60  # so few that one with hardly anything on it is set again


def render_pdf(document: Document) -> tuple[bytes, str]:
    """Return the PDF, and the characters that had to be replaced as no font here has them."""
    data, replaced = _render(document)
    if 1 < count_pages(data) <= _FEW_PAGES and not document.tight:
        shorter, _ = _render(replace(document, tight=True))
        data = shorter if count_pages(shorter) < count_pages(data) else data
    return data, replaced


def _render(document: Document) -> tuple[bytes, str]:
    from typst import TypstError

    sources: dict[str, Any] = read_templates(".typ")
    sources["main.typ"] = sources[f"{document.template}.typ"]
    data, replaced = _replace_forbidden(to_json(document).decode())
    system, missing = _probe(sources, data)
    for attempt in range(_MOST_TRIES):
        data, gone = _replace(data, missing, everything=attempt == _MOST_TRIES - 1)
        replaced += gone
        try:
            return _compile(sources, data, with_system_fonts=system), replaced
        except TypstError as error:
            missing = _read_missing(error)
            if not missing:
                raise
            if not system:
                system, missing = True, set()
    raise AssertionError


def count_pages(data: bytes) -> int:
    """Return how many pages a PDF has that was made here: typst leaves their tree readable."""
    return max((int(each) for each in re.findall(rb"/Type/Pages/Count (\d+)", data)), default=0)


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
    named = data.translate(table) if table else data  # of a long document that takes long
    return named, "".join(sorted(map(chr, table)))


def _probe(sources: dict[str, bytes], data: str) -> tuple[bool, set[str]]:
    """Return whether the system's fonts are needed, and the signs that no font has.

    A long document would else be set three times for one sign.
    """
    from typst import TypstError

    signs = [each for each in sorted(set(data) - _COMMON) if ord(each) > _LATIN]
    if not signs:
        return False, set()
    page = {**sources, "main.typ": _PROBE}
    missing: set[str] = set()
    for system in (False, True):
        try:
            _compile(page, data, with_system_fonts=system, signs=to_json(signs).decode())
        except TypstError as error:
            missing = _read_missing(error)
        else:
            return system, set()
    return True, missing


def _compile(sources: Any, data: str, *, with_system_fonts: bool, signs: str = "") -> bytes:
    import typst

    return typst.compile(
        sources,
        root=str(find_templates()),
        sys_inputs={"data": data, "signs": signs},
        font_paths=find_fonts(),
        ignore_system_fonts=not with_system_fonts,
        pdf_standards=_STANDARDS,
        timestamp=int(made_at().timestamp()),
    )


def _read_missing(error: "TypstError") -> set[str]:
    """Return the signs that no font has, all that the error names."""
    named = "".join(_NO_FONT.findall(f"{error.message}\n{error.diagnostic}"))
    named = _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), named)
    return {each for each in named if not each.isascii()}


def _replace(data: str, missing: set[str], *, everything: bool) -> tuple[str, str]:
    """Return ``data`` with each cluster that holds something ``missing`` named, and those signs.

    A cluster goes whole: an emoji without its skin tone would be another. Where naming one by
    one comes to no end, ``everything`` beyond Latin is named.
    """
    if not missing and not everything:
        return data, ""
    parts, gone = list[str](), dict[str, None]()
    for cluster in _cut_clusters(data):
        if missing.isdisjoint(cluster) and not (everything and ord(cluster[0]) > _LATIN):
            parts.append(cluster)
        else:
            parts.append("".join(map(name_character, cluster)))
            gone |= dict.fromkeys(cluster)
    return "".join(parts), "".join(sorted(gone))


_LATIN = 0x24F  # the end of the Latin letters with marks
_JOINER = "\u200d"


def _cut_clusters(text: str) -> Iterator[str]:
    """Yield what a reader takes for one sign (https://unicode.org/reports/tr29, simplified)."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not _belongs(text[start:end], text[end]):
            yield text[start:end]
            start = end


def _belongs(before: str, sign: str) -> bool:
    if sign.isascii():
        return False
    if before[-1] == _JOINER or sign == _JOINER:
        return True
    if _is_flag(sign):
        return len(before) == 1 and _is_flag(before)
    # Marks, what chooses a form of a sign, skin tones, and the letters of a flag's tag.
    return (
        unicodedata.category(sign)[0] == "M"
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
        or "\U000e0020" <= sign <= "\U000e007f"
    )


def _is_flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"
