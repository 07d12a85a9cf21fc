"""The carer's own templates: what is used of the folder, and how a mistake is told."""

from pathlib import Path

import pytest

from nearmiss.documents.blocks import Document, Items, Words
from nearmiss.documents.html import BrokenTemplate, find_templates, render_html
from nearmiss.documents.pdf import render_pdf
from tests.documents.pages import read_text

DOCUMENT = Document("report", "A title", "below it", (Words("Some words."),), "the foot")
PIXEL = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with what systems and people leave in it."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / ".DS_Store").write_bytes(b"\x00\xff\xfe")
    (folder / "._report.typ").write_bytes(b"\x00\x05\x16\x07")
    (folder / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n\xff")
    (folder / "notes.docx").write_bytes(b"PK\xff")
    (folder / "older").mkdir()
    return folder


def test_other_files_in_the_folder_do_no_harm(own: Path) -> None:
    assert "Some words." in read_text(render_pdf(DOCUMENT, own)[0])
    assert b"Some words." in render_html(DOCUMENT, own)


def test_a_picture_in_the_folder_can_be_shown(own: Path) -> None:
    (own / "logo.svg").write_bytes(PIXEL)
    source = (find_templates() / "report.typ").read_text(encoding="utf-8")
    shown = source.replace("#draw-all()", '#image("logo.svg", alt: "A square")\n#draw-all()')
    (own / "report.typ").write_text(shown, encoding="utf-8")
    assert "Some words." in read_text(render_pdf(DOCUMENT, own)[0])


@pytest.mark.parametrize(
    ("name", "source", "told"),
    [
        ("report.typ", "\n#nonsense()", "report.typ, line 2: unknown variable: nonsense"),
        ("style.typ", "#let faces = \n\n\n#)", "style.typ, line "),
        ("report.typ", '\n#read("/etc/passwd")', "report.typ, line 2: file not found"),
        ("report.typ", '\n#read("../../secret.txt")', "would escape the project root"),
        (
            "report.typ",
            '\n\n#import "@preview/cetz:0.3.0"',
            "report.typ, line 3: nothing is fetched",
        ),
        ("report.typ", '#import ("@pre" + "view/cetz:0.3.0")', "line 1: nothing is fetched"),
        ("extra.typ", '#import "@local/mine:1.0.0"', "extra.typ, line 1: nothing is fetched"),
    ],
)
def test_a_mistake_in_a_pdf_template_is_told_with_its_file_and_line(
    own: Path, name: str, source: str, told: str
) -> None:
    (own.parent / "secret.txt").write_text("XYLOPHONE")
    (own / name).write_text(source, encoding="utf-8")
    with pytest.raises(BrokenTemplate) as problem:
        render_pdf(DOCUMENT, own)
    assert told in str(problem.value)
    assert f"The template {name} has a mistake" in str(problem.value)
    assert str(own.parent) not in str(problem.value)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("<p>\n{{ d.title", "document.html.j2, line 2"),
        ("<p>\n\n{{ d.nonsense.more }}", "document.html.j2, line 3"),
        ("{{ 1 / 0 }}", "document.html.j2, line 1"),
        ("{{ ''.__class__.__mro__ }}", "document.html.j2, line 1: access to attribute"),
        ("{% include 'gone.html.j2' %}", "gone.html.j2"),
    ],
)
def test_a_mistake_in_the_html_template_is_told_with_its_file_and_line(
    own: Path, source: str, told: str
) -> None:
    (own / "document.html.j2").write_text(source, encoding="utf-8")
    with pytest.raises(BrokenTemplate) as problem:
        render_html(DOCUMENT, own)
    assert told in str(problem.value)
    assert "report.html.j2" not in str(problem.value)


def test_a_template_that_is_no_text_is_named(own: Path) -> None:
    (own / "document.html.j2").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BrokenTemplate, match=r"document\.html\.j2 is not UTF-8 text"):
        render_html(DOCUMENT, own)


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
