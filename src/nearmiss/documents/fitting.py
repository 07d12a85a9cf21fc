"""How a first page comes to fit: what there is to tell, in several ways, as room goes round.

Whatever the book holds, a handover, a pack and a changeover each begin with one page. What matters
most gets its fewest words first; then, in the same order, each gets as much as there is room for.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import groupby
from math import ceil
from typing import NamedTuple

from nearmiss.documents.blocks import OR, POINTER, Block, Front, Heading, Items, point_to
from nearmiss.records import words
from nearmiss.text import end_sentence

MOST = 8  # of a kind that page one names; of more it gives the number and the page
_ROOMS = (10**6, *(rows / 3 for rows in range(180, -1, -1)))  # rows: letters decide how many fit
_NUMBER = "and so many more, the first on page 1"  # takes so much room
_LINE = 1.7  # rows of a line to write on
_LONGEST = 30  # rows of what is told at all: more fits no first page beside the rest
_EDGE = 0.5  # and of what stands between the rows of a table


class Turn(IntEnum):
    """To what a first page gives room, in this order."""

    ALWAYS = -1
    FIRST = 0
    FOUR = 1  # of a kind named
    EIGHT = 2
    FEW = 3  # words of incidents, harm and concerns
    REST = 4  # a line of each other kind
    LINES = 5  # their first sentences
    WHOLE = 6
    TALES = 7  # of patterns and changes
    PEOPLE = 8  # who were told of anything
    IDEAS = 9  # and steps that are done
    OLDER = 10  # near misses
    BOXES = 11
    BLANKS = 12
    WRITING = 13  # lines for it


# Blocks of its own; or what stands in one block with its like: words, or the row of a table.
Way = list[Block] | str | tuple[str, ...]
# A turn, or how many ways are shorter; then its place among what has the same.
Order = tuple[int, int]


@dataclass(frozen=True)
class Thing:
    """Something to tell in several ways, from the fewest words to all, each with its order.

    ``where`` it stands, and how things are with it (``state``), is said where there is no room for
    it; ``then`` begins page two where it is not told in the last way.
    """

    ways: Sequence[tuple[Order, Way]]
    where: str = ""
    state: str = ""
    then: tuple[Block, ...] = ()


# Draws what stands in one block, and tells of the things for which there is no room, after how many
# were told.
Join = Callable[[list[Way], list[Thing], int], list[Block]]


@dataclass(frozen=True)
class Kind:
    """Things of a kind, and what draws in one block those of them that have none of their own.

    Where none is told they are ``counted`` at that turn, if at all.
    """

    things: Sequence[Thing]
    join: Join = lambda ways, left, told: []
    counted: Turn | None = None

    @property
    def places(self) -> list[Thing]:
        """The things, and their number, for which there may be room or not."""
        counts = self.things and self.counted is not None
        return [*self.things, Thing([((self.counted or 0, 0), _NUMBER)] if counts else [])]


@dataclass(frozen=True)
class Section:
    """A part of a first page under its title; it is left out where there is nothing to say."""

    title: str
    kinds: Sequence[Kind]


def say(*ways: tuple[int, Sequence[Block]]) -> Kind:
    """Return a kind of one thing in several ways, from the least to the fullest."""
    return Kind([Thing([((turn, 0), [*blocks]) for turn, blocks in ways])] if ways else [])


def fit_front(
    sections: Sequence[Section],
    draw: Callable[[str, list[Block]], Iterable[Block]],
    *,
    row: int,
    head: int = 0,
    untold: Callable[[list[tuple[str, int]]], list[Block]] = lambda sections: [],
) -> tuple[Front, ...]:
    """Return a first page in every way, the fullest first.

    ``draw`` makes the blocks of a section in which something is told, in rows of ``row``
    characters; its title takes ``head`` rows. ``untold`` makes those that name the sections for
    which there is no room, with the numbers of their things.
    """
    fronts: list[Front] = []
    places, steps = _line_up(sections, row)
    for taken, _ in groupby(_choose(places, steps, room, head) for room in _ROOMS):
        front = _draw_front(sections, iter(taken), draw, untold)
        if not fronts or front.blocks != fronts[-1].blocks:
            fronts.append(front)
    return tuple(fronts)


class _Place(NamedTuple):
    """Where a thing may stand: the rows of each way, its section, and if one of its kind leads."""

    rows: list[float]
    section: int
    follows: bool


_Step = tuple[Order, int, int]  # when there is room for a way: its place, and which of them it is


def _line_up(sections: Sequence[Section], row: int) -> tuple[list[_Place], list[_Step]]:
    """Return the places of all things, and the ways in the order in which they get room."""
    places, steps = list[_Place](), list[_Step]()
    for number, section in enumerate(sections):
        for kind in section.kinds:
            for at, thing in enumerate(kind.places):
                steps += [(order, len(places), way) for way, (order, _) in enumerate(thing.ways)]
                rows = [_count_rows(way, row) for _, way in thing.ways]
                places.append(_Place(rows, number, 0 < at < len(kind.things)))
    return places, sorted(steps)


def _choose(places: Sequence[_Place], steps: Iterable[_Step], room: float, head: int) -> list[int]:
    """Return the way in which each thing is told, in their order; -1 for those without room.

    None of a kind is told before those that come before it.
    """
    taken, begun = [-1] * len(places), set[int]()
    for (turn, _), place, at in steps:
        sizes, number, follows = places[place]
        if at < taken[place] or (follows and taken[place - 1] < 0):
            continue
        rows = sizes[at] + (0 if number in begun else head)
        if taken[place] >= 0:
            rows -= sizes[taken[place]]
        if turn == Turn.ALWAYS or rows <= min(room, _LONGEST):
            taken[place] = at
            begun.add(number)
            room -= rows
        elif turn < Turn.FEW:  # what is not named leaves no room for more words of others
            room = 0
    return taken


def _count_rows(way: Way, row: int) -> float:
    if isinstance(way, list):
        return sum(_count_rows_of(block, row) for block in way)
    return len(way) / row if isinstance(way, str) else max(1, ceil(1.7 * len(way[0]) / row)) + _EDGE


def _count_rows_of(block: Block, row: int) -> float:
    match block.kind:
        case "lines":
            return _LINE * block.count
        case "items":
            return sum(ceil(len(each) / row) for each in block.items)
        case "blanks":
            return ceil(
                sum(len(each.label) + 2 * len(each.value) + 20 for each in block.items) / row
            )
        case "boxes":
            return ceil(sum(len(each) + 5 for each in block.options) / row)
        case "words" | "notice":
            lines = f"{block.label}  {block.text}".split("\n")
            return sum(ceil(len(each) / row) for each in lines)
    return 0


def _draw_front(
    sections: Sequence[Section],
    taken: Iterator[int],
    draw: Callable[[str, list[Block]], Iterable[Block]],
    untold: Callable[[list[tuple[str, int]]], list[Block]],
) -> Front:
    blocks, then, missing = list[Block](), list[Block](), int(Turn.WRITING)
    titles: list[tuple[str, int]] = []
    for section in sections:
        said = list[Block]()
        for kind in section.kinds:
            chosen = [(thing, next(taken)) for thing in kind.things]
            ways = [thing.ways[at][1] for thing, at in chosen if at >= 0]
            left = [thing for thing, at in chosen if at < 0]
            said += [block for way in ways if isinstance(way, list) for block in way]
            joined: list[Way] = [way for way in ways if not isinstance(way, list)]
            is_counted = next(taken) >= 0 or ways
            said += kind.join(joined, left, len(ways)) if joined or (left and is_counted) else []
            cut = [thing for thing, at in chosen if not thing.ways or at < len(thing.ways) - 1]
            then += [block for thing in cut for block in thing.then]
            rest = (order[0] for thing, at in chosen for order, _ in thing.ways[at + 1 :])
            missing = min([missing, *rest])
        things = sum(len(kind.things) for kind in section.kinds)
        titles += [(section.title, things)] if things and not said else []
        blocks += draw(section.title, _join_lists(said)) if said and section.title else said
    blocks += untold(titles) if titles else []
    then = [Heading(words.HARM), *then] if then else []
    scant = sum(missing <= each for each in (Turn.FEW, Turn.EIGHT, Turn.FOUR))
    return Front(tuple(blocks), tuple(then), scant)


def _join_lists(blocks: Iterable[Block]) -> list[Block]:
    """Return ``blocks`` with lists that follow each other as one."""
    joined: list[Block] = []
    for block in blocks:
        if joined and isinstance(block, Items) and isinstance(joined[-1], Items):
            joined[-1] = Items((*joined[-1].items, *block.items))
        else:
            joined.append(block)
    return joined


def count_left(left: Sequence[Thing], told: int, many: str = "") -> str:
    """Return how many are ``left``, one at least, where the first is, and how many stand how.

    A number alone would hide what is not done, and of what nobody knows. ``many`` is what several
    are called where none is ``told``.
    """
    counted = f"{len(left)} more" if told else f"{many}: {len(left)}"
    which = f"the {'next' if told else 'first'} " if left[1:] else ""
    places = [each.where for each in left]
    is_paged = places[0].startswith(POINTER)
    where = point_to(OR.join(each.strip(POINTER) for each in places)) if is_paged else places[0]
    where = f"{which}{where}"
    states = dict.fromkeys(each.state for each in left)
    if len(states) == 1:
        [state] = states
        return f"{counted}{state and f' ({state})'}, {where}"
    said = (f"{sum(each.state == state for each in left)} {state}" for state in states if state)
    return f"{counted}, {where}: {', '.join(said)}"


@dataclass(frozen=True)
class Listed:
    """One of a list: its text, where it stands, and how things are with it where that is said.

    ``of`` is the report of a step or an idea.
    """

    text: str
    where: str
    state: str = ""
    of: str = ""


def say_list(
    listed: Sequence[Listed],
    many: str,
    first: Turn = Turn.IDEAS,
    turn: Turn = Turn.IDEAS,
    counted: Turn | None = Turn.ALWAYS,
    start: int = 0,
) -> Kind:
    """Return a list of which the ``first`` and the others are told at their turn, or counted.

    ``many`` is what several are called; at the same turn they begin at place ``start``.
    """

    def count(_: list[Way], left: list[Thing], told: int) -> list[Block]:
        return [Items((f"{count_left(left, told, many)}.",))]

    things = [
        Thing(
            [((turn if at else first, start + at), [Items((end_sentence(each.text),))])],
            each.where,
            each.state,
        )
        for at, each in enumerate(listed)
    ]
    kept = [each if at < MOST else replace(each, ways=()) for at, each in enumerate(things)]
    return Kind(kept, count, counted)
