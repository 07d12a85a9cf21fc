"""A document as plain text, for any screen, or to paste into an e-mail."""

import textwrap
from collections.abc import Iterable, Iterator

from nearmiss.documents.blocks import (
    Blank,
    Blanks,
    Block,
    Boxes,
    Document,
    Heading,
    Items,
    Lines,
    Notice,
    PageBreak,
    Part,
    Plot,
    Table,
    Words,
)

_WIDTH = 72
_RULE = "-" * _WIDTH


def render_text(document: Document) -> str:
    """Return the document in lines of at most 72 characters, but for longer words."""
    lines = [_fill(document.title), "=" * min(len(document.title), _WIDTH)]
    lines += [_fill(document.subtitle)] if document.subtitle else []
    lines += _draw_all(document.blocks)
    return "\n".join([*lines, "", _RULE, document.foot, ""])


def _draw_all(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield ""
        yield _draw(block)


def _draw(block: Block) -> str:
    match block:
        case Heading():
            return f"{_fill(block.text)}\n{'-' * min(len(block.text), _WIDTH)}"
        case Words():
            return _fill(f"{block.label}: {block.text}" if block.label else block.text)
        case Part():
            return f"{_fill(block.title)}\n{_indent(_draw_all(block.blocks))}"
        case Table():
            return "\n\n".join(_draw_row(block.head, row) for row in block.rows)
        case Blanks():
            return "\n".join(map(_draw_blank, block.items))
    return _draw_lines(block)


def _draw_lines(block: Block) -> str:
    lines: list[str] = []
    match block:
        case Notice():
            lines = [_fill(f"! {block.text}")]
        case Plot():
            lines = [_fill(block.text)]
        case Items():
            lines = [_itemise(item) for item in block.items]
        case Lines():
            lines = [f"{block.label}:"] * bool(block.label) + ["_" * 60] * block.count
        case Boxes():
            lines = [f"{block.label}:"] * bool(block.label)
            lines += [f"[ ] {option}" for option in block.options]
        case PageBreak():
            lines = [_RULE]
    return "\n".join(lines)


def _draw_blank(blank: Blank) -> str:
    return _fill(f"{blank.label}: {blank.value or '_' * 20}")


def _draw_row(head: tuple[str, ...], row: tuple[str, ...]) -> str:
    return "\n".join(
        _fill(f"{title}: {cell or '_' * 20}") for title, cell in zip(head, row, strict=True)
    )


def _itemise(item: str) -> str:
    return textwrap.indent(_fill(item), "  ").replace("  ", "- ", 1)


def _indent(texts: Iterable[str]) -> str:
    return textwrap.indent("\n".join(texts).strip("\n"), "  ")


def _fill(text: str) -> str:
    return "\n".join(
        textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )
