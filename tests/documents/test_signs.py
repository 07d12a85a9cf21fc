"""What a page does with signs that few fonts have, and with lines from right to left."""

from contextlib import closing

import pypdfium2

from nearmiss.documents.blocks import Document, Items, Words
from nearmiss.documents.html import render_html
from nearmiss.documents.pdf import render_pdf
from tests.documents.pages import read_text


def test_only_the_signs_that_no_font_has_are_named_and_each_whole() -> None:
    text = "it’s — fine, 👍🏽’s “ok” \U000e1234x"
    words = Words(f"{text} Ελλάδα Москва שלום नमस्ते")
    data, replaced = render_pdf(Document("report", "t", "s", (words,), "f"))
    shown = read_text(data)
    assert "it’s — fine, " in shown
    assert "Ελλάδα Москва" in shown
    assert "[U+E1234]x" in shown
    assert "\U000e1234" in replaced
    assert "’" not in replaced


def test_an_arabic_line_begins_on_its_side() -> None:
    blocks = (Items(("مرحبا بالعالم.", "An English line.")),)
    data, replaced = render_pdf(Document("report", "t", "s", blocks, "f"))
    assert replaced == ""
    assert "An English line." in read_text(data)


def test_what_is_quoted_from_right_to_left_keeps_an_order_of_its_own() -> None:
    words = Words("Tue 14 Apr 2026: كان MB في rug 2 (K7QX-0003)")
    document = Document("report", "t", "s", (words,), "f")
    data, replaced = render_pdf(document)
    assert replaced == ""
    with closing(pypdfium2.PdfDocument(data)) as pdf:
        page = pdf[0].get_textpage()
        text = page.get_text_range()
        boxes = {sign: page.get_charbox(text.index(sign))[0] for sign in ("A", "K7", "MB", "rug")}
    # From the right: MB comes before the rug; the label before both, the number behind them.
    assert boxes["A"] < boxes["rug"] < boxes["MB"] < boxes["K7"]
    assert "<bdi>كان MB في rug 2</bdi> (" in render_html(document).decode()
