"""How page one of the handover and the meeting pack, and the changeover, come to fit."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from nearmiss.documents.blocks import OR, POINTER, Block, Front, Heading, Items, Words, point_to
from nearmiss.records import words
from nearmiss.speech import count_of
from nearmiss.text import begin_sentence, end_sentence

MOST = 8  # of a kind that page one names; of more it gives the number and the page
NOBODY = "nobody told"
_FOUR, _FEWEST = 4, 2  # that it names where there is hardly room
_EMPTY = Words("")


class Rank(IntEnum):
    """What page one gives up until it fits, in this order."""

    NOTHING = 0
    LINES = 1  # to write on
    BLANKS = 2
    BOXES = 3
    OLDER = 4  # near misses
    IDEAS = 5  # and steps that are done
    COUNTS = 6
    SPARE = 7  # the last of the ideas, and of who was told of anything
    TALES = 8  # of patterns and changes
    WORDS = 9  # of incidents, harm and concerns: but the latest, the first sentences
    RUN_IN = 10  # a line for each of those
    REST = 11
    LATEST = 12  # the latest whole, and then its line
    SENTENCES = 13  # of all
    BARE = 14  # where it was, how a hazard without a name begins
    FEW = 15  # to name more than four
    LEAST = 16  # than two


# What page one can say of something, the fullest first; each way is taken at its rank.
Say = Sequence[tuple[Rank, Front]]


@dataclass(frozen=True)
class Section:
    """A part of page one under its title; it is left out where there is nothing to say."""

    title: str
    says: tuple[Say, ...]


def say(*blocks: Block, until: Rank | None = None) -> Say:
    """Return what is said in one way, ``until`` it is given up where that is given."""
    return say_fewer(blocks, *([] if until is None else [(until, [])]))


def say_fewer(first: Sequence[Block], *others: tuple[Rank, Sequence[Block]]) -> Say:
    """Return what is said in several ways, each but the ``first`` with its rank."""
    return [(rank, Front(tuple(blocks))) for rank, blocks in ((Rank.NOTHING, first), *others)]


@dataclass(frozen=True)
class Listed:
    """One of a list: its text, where it stands, and how things are with it where that is said.

    ``of`` is the report of a step or an idea.
    """

    text: str
    where: str
    state: str = ""
    of: str = ""


def say_list(listed: Sequence[Listed], one: str, many: str, last: Rank | None = None) -> Say:
    """Return a list that gives up its last items, and then says how many more there are, and where.

    ``one`` and ``many`` are what they are called; ``last`` is when not even their number is said.
    """
    if not listed:
        return say()

    def draw(number: int) -> list[Block]:
        told = [end_sentence(each.text) for each in listed[:number]]
        if rest := listed[number:]:
            told.append(count_left(rest, f"{len(rest)} more", "the next"))
        return [Items(tuple(told))]

    most = min(len(listed), MOST)
    ways = [(Rank.IDEAS, draw(number)) for number in range(most - 1, 0, -1)]
    counted = count_left(listed, count_of(len(listed), one, many))
    # What was agreed is not given up for a number, which would take as much room.
    if listed[1:] or not listed[0].state:
        ways.append((Rank.REST if listed[0].state else Rank.SPARE, [Items((counted,))]))
    return say_fewer(draw(most), *ways, *([] if last is None else [(last, [])]))


def count_left(listed: Sequence[Listed], counted: str, which: str = "the first") -> str:
    """Return a number and where its first stands, and how many stand how, each with its place.

    A number alone would hide what is not done.
    """
    where = _point_to_first(listed, which)
    states = dict.fromkeys(each.state for each in listed)
    if len(states) == 1:
        [state] = states
        return f"{counted}{state and f' ({state})'}, {where}."
    told = []
    for state in filter(None, states):
        some = [each for each in listed if each.state == state]
        told.append(f"{len(some)} {state} ({_point_to_first(some)})")
    return f"{counted}, {where}: {', '.join(told)}."


def _point_to_first(some: Sequence[Listed], which: str = "the first") -> str:
    return f"{f'{which} ' if some[1:] else ''}{point_to_next(some)}"


def fit_front(
    sections: Sequence[Section], draw: Callable[[str, Sequence[Block]], Iterable[Block]]
) -> tuple[Front, ...]:
    """Return page one in every way, the fullest first, each with one thing less than before.

    ``draw`` makes the blocks of a section that has something in it.
    """
    says = [each for section in sections for each in section.says]
    steps = []
    for place, ways in enumerate(says):
        met = Counter[Rank]()
        for rank, _ in ways[1:]:
            met[rank] += 1
            steps.append((rank, met[rank], -place))  # one of each in turn, the last part first
    taken = [0] * len(says)
    fronts = [_draw_front(sections, taken, draw)]
    for rank, _, place in sorted(steps):
        taken[-place] += 1
        front = _draw_front(sections, taken, draw)
        if front.blocks != fronts[-1].blocks:
            scant = sum(rank >= each for each in (Rank.LATEST, Rank.BARE, Rank.FEW))
            fronts.append(replace(front, scant=scant))
    return tuple(fronts)


def _draw_front(
    sections: Sequence[Section],
    taken: Sequence[int],
    draw: Callable[[str, Sequence[Block]], Iterable[Block]],
) -> Front:
    numbers, blocks, then = iter(taken), list[Block](), list[Block]()
    for section in sections:
        chosen = [ways[next(numbers)][1] for ways in section.says]
        said = _join_lists(block for way in chosen for block in way.blocks)
        blocks += draw(section.title, said) if said and section.title else said
        then += [block for way in chosen for block in way.then]
    then = [Heading(words.HARM), *then] if then else []
    return Front(tuple(blocks), tuple(then))


def _join_lists(blocks: Iterable[Block]) -> list[Block]:
    """Return ``blocks`` with lists that follow each other as one."""
    joined: list[Block] = []
    for block in blocks:
        if joined and isinstance(block, Items) and isinstance(joined[-1], Items):
            joined[-1] = Items((*joined[-1].items, *block.items))
        else:
            joined.append(block)
    return joined


@dataclass(frozen=True)
class Line:
    """Something of a kind on page one: whole, or by its page, or in a few words among others.

    ``name`` says what and where it is, ``bare`` no more than when or how often and where, and
    whether anyone was hurt, ``day`` not even that; ``few`` a few of its words, ``people`` who was
    told of it; ``whole`` is None where it is too long for any first page; ``pointer`` has its first
    sentences where it can; ``then`` has to begin page two where it is not told whole.
    """

    name: str
    where: str
    people: str = ""
    few: str = ""
    whole: Block | None = None
    pointer: Block = _EMPTY
    bare: str = ""
    day: str = ""
    then: tuple[Block, ...] = ()

    @property
    def is_untold(self) -> bool:
        """Whether nobody was told of it."""
        return self.people.startswith(NOBODY)


# When a kind gives up whole lines, a line for each but the latest, the latest whole and its line,
# the words of all, what they are called, naming each, and naming four.
Ranks = tuple[Rank, Rank, Rank, Rank, Rank, Rank, Rank]
_GRAVE: Ranks = (
    Rank.WORDS, Rank.RUN_IN, Rank.LATEST, Rank.SENTENCES, Rank.BARE, Rank.FEW, Rank.LEAST
)  # fmt: skip
PATTERNS: Ranks = (Rank.TALES, Rank.RUN_IN, *(Rank.REST,) * 3, Rank.FEW, Rank.LEAST)
CHANGES: Ranks = (*(Rank.TALES,) * 4, Rank.REST, Rank.FEW, Rank.LEAST)
UNDONE: Ranks = (*(Rank.TALES,) * 5, Rank.REST, Rank.REST)


def say_kind(
    lines: Sequence[Line],
    draw: Callable[[str], Block],
    ranks: Ranks = _GRAVE,
    fewest: int = _FEWEST,
) -> Say:
    """Return lines of a kind, the latest first: whole, by its page, at last in few words.

    ``draw`` makes a block of what is in few words; ``fewest`` are named where there is hardly room.
    There are as many ways for few lines as for many: so those with many give up lines first.
    """
    if not lines:
        return say()
    shown = lines[:MOST]
    first, *others = lines
    bare = [replace(each, name=each.bare or each.name) for each in lines]
    barest = [replace(each, name=each.day or each.name) for each in bare]

    def put(blocks: Iterable[Block], whole: int) -> Front:
        left = (each for at, each in enumerate(lines) if at >= whole or not each.whole)
        return Front(tuple(blocks), tuple(block for each in left for block in each.then))

    def run(some: Sequence[Line], most: int, worded: int = 0) -> list[Block]:
        return [draw(run_in(some, most, worded))] if some else []

    told, pointers = (
        [each.whole or each.pointer for each in shown],
        [each.pointer for each in shown],
    )
    more = run(lines[MOST:], 0)
    ways = [
        (ranks[0], put([*told[:whole], *pointers[whole:], *more], whole))
        for whole in range(MOST, 0, -1)
    ]
    ways += [
        (ranks[1], put([*told[:1], *run(others, MOST, MOST)], 1)),
        (ranks[2], put([first.pointer, *run(others, MOST, MOST)], 0)),
        *((ranks[3], put(run(lines, MOST, few), 0)) for few in (MOST, 4, 3, 2, 1, 0)),
        *((ranks[4], put(run(each, MOST), 0)) for each in (bare, barest)),
        *(
            (ranks[5 if most >= _FOUR else 6], put(run(barest, most), 0))
            for most in range(MOST - 1, fewest - 1, -1)
        ),
    ]
    return ways


def run_in(lines: Sequence[Line], most: int, worded: int) -> str:
    """Return the first lines in few words, then how many more there are, and where the next is.

    Those of which the same people were told stand together, the ones nobody was told of first; of
    the first ``worded`` a few of their own words stand too. A day is that of what they were told.
    """
    groups: dict[str, list[str]] = {}
    for at, each in enumerate(lines[:most]):
        few = each.few.rstrip(".") if at < worded else ""
        groups.setdefault(each.people, []).append(f"{each.name}: {few}" if few else each.name)
    said = [
        f"{f'{begin_sentence(people)} of ' if people else ''}{' · '.join(named)}"
        for people, named in sorted(groups.items(), key=lambda each: not each[0].startswith(NOBODY))
    ]
    if rest := lines[most:]:
        untold = sum(each.is_untold for each in rest)
        of_some = f" of {untold}" if untold < len(rest) else ""
        nobody = f" ({NOBODY} yet{of_some})" if untold else ""
        said.append(f"{len(rest)} more{nobody}, the next {point_to_next(rest)}")
    return " ".join(map(end_sentence, said))


def point_to_next(rest: Iterable[Line | Listed]) -> str:
    """Return where that of the ``rest`` stands which comes first on the paper."""
    places = [each.where for each in rest]
    is_paged = places[0].startswith(POINTER)
    return point_to(OR.join(each.strip(POINTER) for each in places)) if is_paged else places[0]


# ---- The changeover ----

_HEAD = 2  # rows of a title
LATE = 100  # place of what can wait
ALSO = -1  # where these stand in a part
Name = tuple[str, str]  # of a danger in few words: its kind, and where or what it is
Ways = tuple[str, ...]  # whole, and shorter and shorter what stands for it where there is no room
# How many dangers are named where there is no room for their lines, each at its place.
_NAMED = {3: 1, 8: 2, 20: 4}
_LONGEST_URGENT = 480  # characters of what is told before others are at all


@dataclass(frozen=True)
class Part:
    """What there is to tell under a title, in lines of which some matter more.

    Its first line has the place ``first`` among those of all parts, and each next one stands
    ``step`` behind; from ``LATE`` on it is told where the others are told as well as can be.
    ``names`` stand for lines that there is no room for; the first ``urgent`` are told as fully as
    can be before others are told at all.
    """

    title: str
    lines: Sequence[Ways]
    first: int = 0
    step: int = 2
    names: Sequence[Name] = ()
    urgent: int = 0


def _name_some(part: Part, lines: Collection[int], most: int) -> str:
    """Return in few words what stands in no line, together with others of its kind."""
    names = [each for at, each in enumerate(part.names) if at not in lines]
    kinds: dict[str, list[str]] = {}
    for kind, name in names[:most]:
        kinds.setdefault(kind, []).append(name)
    told = [f"{kind}: {', '.join(some)}" for kind, some in kinds.items()]
    more = [f"{len(names) - most} more"] if names[most:] else []
    return "; ".join([*told, *more])


def name_left(part: Part, lines: dict[int, str]) -> str:
    """Return in few words what stands in no line, as far as there is room for it."""
    said = [_name_some(part, lines, most) for most in _NAMED]
    return max((each for each in said if len(each) <= len(lines[ALSO])), key=len, default=said[0])


def choose_lines(parts: Sequence[Part], room: int, row: int) -> list[dict[int, str]]:
    """Return what is told of each part in so many rows.

    That is as much as there is room for in few words, what matters most first; then, in the same
    order, as much of it whole as there is still room for.
    """
    chosen: list[dict[int, str]] = [{} for _ in parts]
    steps = [
        (0 if is_urgent else longer, part.first + part.step * at, longer, number, at, way)
        for number, part in enumerate(parts)
        for at, ways in enumerate(part.lines)
        for longer, way in enumerate(ways[::-1], start=LATE * (part.first >= LATE))
        for is_urgent in [at < part.urgent and len(way) <= _LONGEST_URGENT]
    ]
    steps += [
        (0, place, 0, number, ALSO, _name_some(part, (), most))
        for number, part in enumerate(parts)
        for most, place in _NAMED.items()
        if part.names
    ]
    for *_, number, at, way in sorted(steps):
        lines = chosen[number]
        rows = _count_rows(way, row) + (0 if lines else _HEAD)
        rows -= _count_rows(lines[at], row) if at in lines else 0
        if rows <= room:
            lines[at] = way
            room -= rows
    return chosen


def is_whole(part: Part, lines: dict[int, str]) -> bool:
    """Whether every line of a part is told whole."""
    return all(lines.get(at) == each[0] for at, each in enumerate(part.lines))


def _count_rows(line: str, row: int) -> int:
    return -(-len(line) // row)
