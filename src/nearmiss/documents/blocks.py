"""A document as plain data: blocks of words in their order, which every renderer draws its way."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

# Stands on both sides of what is pointed to, and no entry and no option may hold it: nobody can
# have written it.
POINTER = "\x1e"
OR = "|"  # between anchors of which the first on the paper is meant


# Before the anchor of what stands earlier, for readers without pages.
BACK = "<"


# A day, a delay or a telephone number: what stands in one piece, whatever its spaces.
IN_ONE_LINE = (
    r"(?:[A-Z][a-z]{2} )?[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}"
    r"|(?:[0-9]+ hours? and )?[0-9]+ (?:minutes?|hours?|days?) later"
    r"|(?:\+[0-9]{1,3} ?|0)[0-9]{2,4} [0-9]{3,6}(?: [0-9]{3,4})?"
)


def point_to(anchor: str) -> str:
    """Return what is drawn as the place of the block with that ``anchor``: ``on page 3``."""
    return f"{POINTER}{anchor}{POINTER}"


@dataclass(frozen=True)
class Heading:
    """A heading of a part; level 1 is the title of the document, which stands in it already.

    ``anchor`` is what can be pointed to.
    """

    text: str
    level: int = 2
    anchor: str = ""
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Words:
    """One paragraph, after its label if it has one.

    A ``small`` one explains, a ``strong`` one is what must be seen; ``anchor`` can be pointed to.
    ``more`` stand in it too, each on a line of its own.
    """

    text: str
    weight: Literal["normal", "strong", "small"] = "normal"
    label: str = ""
    anchor: str = ""
    more: "tuple[Words, ...]" = ()
    kind: Literal["words"] = "words"


@dataclass(frozen=True)
class Notice:
    """What a reader must not miss, set off from the rest, after its label if it has one.

    One with an ``anchor`` stands whole in one place, and is pointed to from any other.
    """

    text: str
    label: str = ""
    anchor: str = ""
    kind: Literal["notice"] = "notice"


@dataclass(frozen=True)
class Items:
    """A list with a mark before each item."""

    items: tuple[str, ...]
    kind: Literal["items"] = "items"


@dataclass(frozen=True)
class Table:
    """A table; ``widths`` are the columns' shares. An empty cell is there to be written in."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Blank:
    """A label, with its value or a line to write on; ``width`` is its share of the row."""

    label: str
    value: str = ""
    width: int = 1


@dataclass(frozen=True)
class Blanks:
    """Labels beside each other, each with its value or a line to write on."""

    items: tuple[Blank, ...]
    kind: Literal["blanks"] = "blanks"


@dataclass(frozen=True)
class Lines:
    """Empty lines to write on under a label."""

    label: str
    count: int
    kind: Literal["lines"] = "lines"


@dataclass(frozen=True)
class Boxes:
    """Boxes to tick after a label; ``stacked`` below each other."""

    label: str
    options: tuple[str, ...]
    stacked: bool = False
    kind: Literal["boxes"] = "boxes"


@dataclass(frozen=True)
class Plot:
    """Bars with their labels and counts; ``text`` says the same in words."""

    title: str
    bars: tuple[tuple[str, int], ...]
    text: str
    kind: Literal["plot"] = "plot"


@dataclass(frozen=True)
class Part:
    """A small heading ``beside`` what belongs under it, or before it on its first line."""

    title: str
    blocks: "tuple[Block, ...]"
    level: int = 2
    beside: bool = True
    kind: Literal["part"] = "part"


@dataclass(frozen=True)
class Group:
    """What belongs together.

    A ``whole`` one that is no longer than half a page stays on one; another may go over pages, and
    begins with a line.
    """

    blocks: "tuple[Block, ...]"
    whole: bool = True
    kind: Literal["group"] = "group"


@dataclass(frozen=True)
class Row:
    """An entry under its head, which can be pointed to by its ``anchor``.

    It stays on one page; where it is longer, its number stands over what goes on on the next.
    """

    head: str
    lines: tuple[Words, ...]
    anchor: str = ""
    kind: Literal["row"] = "row"


Block = (
    Heading | Words | Notice | Part | Items | Table | Blanks | Lines | Boxes | Plot | Group | Row
)


@dataclass(frozen=True)
class Front:
    """A first page: what stands on it, and what then has to begin the second.

    A ``scant`` one (1, or more so 2 or 3) leaves out what it is better to set tightly.
    """

    blocks: tuple[Block, ...]
    then: tuple[Block, ...] = ()
    scant: int = 0


@dataclass(frozen=True)
class Document:
    """Everything a renderer needs.

    ``front`` are first pages, none with more on it than the one before: the first that fits is
    drawn, and readers without pages get the first. ``head`` stands on every page but the first,
    ``foot`` on all. ``label`` tells this document from others; ``kept`` are texts that are not
    broken over two lines; ``size`` is that of the letters in points, but in ``large`` print;
    ``tight`` pages hold a line or two more. ``attached`` is JSON or empty.
    """

    template: str
    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    foot: str
    byline: str = ""
    front: tuple[Front, ...] = ()
    head: str = ""
    label: str = ""
    author: str = ""
    kept: tuple[str, ...] = ()
    size: int = 12
    large: bool = False
    tight: bool = False
    attached: str = ""
    language: str = "en-GB"

    @property
    def flow(self) -> "tuple[Block, ...]":
        """All of it one after the other, for readers without pages."""
        first = self.front[0] if self.front else Front(())
        return (*first.blocks, *first.then, *_point_back(self.blocks, first.then))


def _point_back(blocks: Iterable[Block], told: Collection[Block]) -> Iterator[Block]:
    """Yield ``blocks`` with a pointer in the place of each that was ``told`` before."""
    for block in blocks:
        if isinstance(block, Group | Part):
            yield replace(block, blocks=tuple(_point_back(block.blocks, told)))
        elif isinstance(block, Notice) and block in told:
            yield Notice(f"in full {point_to(BACK + block.anchor)}", block.label)
        else:
            yield block
