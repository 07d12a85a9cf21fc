"""A document as plain text."""

import re
import textwrap
from collections.abc import Iterable, Iterator

from nearmiss.documents.blocks import (
    BACK,
    IN_ONE_LINE,
    POINTER,
    Block,
    Document,
    Notice,
    Table,
    Words,
)

_WIDTH = 72
_LINE = "_" * 40
_KEPT, _SPACE = re.compile(rf"(?<!\w)(?:{IN_ONE_LINE})(?!\w)"), "\0"
_POINTED = re.compile(f"{POINTER}[^{POINTER}]*{POINTER}")


def render_text(document: Document) -> bytes:
    """Return the document in UTF-8, its lines folded."""
    head = filter(None, (document.title, document.subtitle, document.byline))
    paragraphs = ["\n".join((*head, "=" * _WIDTH)), *_draw_all(document.flow)]
    return "\n\n".join([*paragraphs, document.foot, ""]).encode()


def _draw_all(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield from filter(None, _draw(block))


def _draw(block: Block) -> Iterator[str]:
    match block.kind:
        case "heading":
            yield f"{block.text}\n{'-' * min(_WIDTH, len(block.text))}"
        case "words":
            yield "\n".join(_draw_words(each) for each in (block, *block.more))
        case "notice":
            yield _draw_words(block)
        case "items":
            yield "\n".join(_fold(f"- {item}", "  ") for item in block.items)
        case "table":
            yield from _draw_table(block)
        case "plot":
            yield "\n".join([block.title, *(f"  {label}: {n}" for label, n in block.bars)])
        case "row":
            lines = (each for line in block.lines for each in (line, *line.more))
            told = textwrap.indent("\n".join(map(_draw_words, lines)), "  ")
            yield f"{_fold(block.head)}\n{told}"
        case "part":
            yield f"{block.title}:"
            yield textwrap.indent("\n\n".join(_draw_all(block.blocks)), "  ")
        case "group":
            yield from _draw_all(block.blocks)
        case _:
            yield _draw_to_fill(block)


def _draw_words(block: Words | Notice) -> str:
    return _fold(f"{block.label}: {block.text}" if block.label else block.text)


def _draw_to_fill(block: Block) -> str:
    match block.kind:
        case "blanks":
            lines = [f"{each.label}: {each.value or _LINE}" for each in block.items]
        case "lines":
            lines = [block.label, *[_LINE] * block.count]
        case "boxes":
            lines = [block.label, *(f"[ ] {option}" for option in block.options)]
        case _:
            lines = []
    return "\n".join(filter(None, lines))


def _draw_table(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells = zip(table.head, row, strict=True)
        yield "\n".join(_fold(f"{title}: {cell or _LINE}", "  ") for title, cell in cells)


def _fold(text: str, indent: str = "") -> str:
    text = _POINTED.sub(lambda found: "above" if found[0][1] == BACK else "below", text)
    text = _KEPT.sub(lambda found: found[0].replace(" ", _SPACE), text)
    lines = (
        textwrap.fill(
            line,
            _WIDTH,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.split("\n")
    )
    return f"\n{indent}".join(lines).replace(_SPACE, " ")
