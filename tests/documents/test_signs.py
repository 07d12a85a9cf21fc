"""What a page does with signs that few fonts have, and with lines from right to left."""

from nearmiss.documents.blocks import Document, Items, Words
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
