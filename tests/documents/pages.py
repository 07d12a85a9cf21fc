"""PDFs as tests read them: the text on the pages, and everything else that is inside."""

import io
from contextlib import closing
from dataclasses import replace

import pikepdf
import pypdfium2

from nearmiss.documents.blocks import Document
from nearmiss.documents.pdf import render_pdf


def set_once(document: Document) -> bytes:
    """Return the PDF as it is where that saves a page: else each is set a second time for it."""
    return render_pdf(replace(document, tight=True))[0]


def read_pages(data: bytes, password: str = "") -> list[str]:
    """Return the text of each page."""
    with closing(pypdfium2.PdfDocument(data, password=password or None)) as document:
        return [page.get_textpage().get_text_range() for page in document]


def count_beyond(data: bytes) -> int:
    """Return how many letters stand outside their page, where no printer shows them."""
    beyond = 0
    with closing(pypdfium2.PdfDocument(data)) as document:
        for page in document:
            width, height = page.get_size()
            text = page.get_textpage()
            boxes = (text.get_charbox(number) for number in range(text.count_chars()))
            beyond += sum(
                right - left > _DRAWN
                and (
                    left < _EDGE or bottom < _EDGE or right > width - _EDGE or top > height - _EDGE
                )
                for left, bottom, right, top in boxes
            )
    return beyond


def count_overprinted(data: bytes) -> int:
    """Return how many letters stand on another letter of their line."""
    found = 0
    with closing(pypdfium2.PdfDocument(data)) as document:
        for page in document:
            text = page.get_textpage()
            boxes = [text.get_charbox(number) for number in range(text.count_chars())]
            drawn = sorted((left, right, low, high) for left, low, right, high in boxes)
            drawn = [each for each in drawn if each[1] - each[0] > _DRAWN]
            for at, (_, right, low, high) in enumerate(drawn):
                for other in drawn[at + 1 :]:
                    if other[0] > right - 1:
                        break
                    found += min(high, other[3]) - max(low, other[2]) > 1
    return found


_DRAWN, _EDGE = 0.1, 10  # points


def read_text(data: bytes, password: str = "") -> str:
    """Return the text of all pages, with one space wherever there is room or a new line."""
    return " ".join(" ".join(read_pages(data, password)).split())


def read_inside(data: bytes, password: str = "") -> bytes:
    """Return what a PDF holds: every object, streams unpacked, what is attached, the metadata."""
    with pikepdf.open(io.BytesIO(data), password=password) as pdf:
        parts = [repr(each).encode() for each in pdf.objects]
        parts += [each.read_bytes() for each in pdf.objects if isinstance(each, pikepdf.Stream)]
        parts += [str(pdf.docinfo.items()).encode(), str(pdf.open_metadata()).encode()]
    return b"\n".join(parts)
