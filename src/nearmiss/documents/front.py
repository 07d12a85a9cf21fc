"""Page one of the handover and the meeting pack: what it tells first, and how it comes to fit."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from functools import partial

from nearmiss.dates.shown import echo_day, echo_weekday
from nearmiss.documents.blocks import (
    Blank,
    Blanks,
    Block,
    Front,
    Group,
    Heading,
    Items,
    Notice,
    Words,
    point_to,
)
from nearmiss.documents.brief import (
    FEWEST_HERE,
    Brief,
    Pattern,
    is_overdue,
    list_concerns,
    list_harm,
    tell_pattern,
)
from nearmiss.documents.people import name_group
from nearmiss.insight.change import tell_change
from nearmiss.insight.telling import UNNAMED
from nearmiss.records import words
from nearmiss.records.handed import settles
from nearmiss.records.record import Changed, FollowedUp, NextStep, Record, Told
from nearmiss.speech import count_of, name_some
from nearmiss.text import end_sentence, fold_text, join_lines, take_sentences

MOST = 8  # of a kind that page one names; of more it gives the number and the page
_FEW, _FEW_PATTERNS = 2, 4  # that it names where there is hardly room
_MOST_TOLD = 3  # parts that people told play, in few words
SENTENCE = 160  # characters of first sentences, and where there is hardly room
_LEAST, _LEAST_OF_CONCERN = 60, 120
_NEVER_WHOLE = 1800  # characters that fit no first page beside the rest
_A_LINE = 60  # characters of a change that is told whole even among others
_A_DAY = len("2026-04-14")


class Rank(IntEnum):
    """What page one gives up until it fits, in this order."""

    LINES = 1  # to write on
    BLANKS = 2
    BOXES = 3
    OLDER = 4  # near misses
    IDEAS = 5  # and steps that are done
    COUNTS = 6
    SPARE = 7  # the last of the ideas, and of who was told of anything
    TALES = 8  # of patterns and changes
    WORDS = 9  # of incidents, harm and concerns, but the latest and the first sentences
    RUN_IN = 10  # a line for each of those
    REST = 11
    LATEST = 12  # the words of the latest
    NAMED = 13  # a line for each kind
    SENTENCES = 14  # short ones in those
    FEW = 15


@dataclass(frozen=True)
class Say:
    """Something that page one can say in several ways, the fullest first.

    ``ranks`` are those at which each way but the first is taken, in their order.
    """

    ways: tuple[Front, ...]
    ranks: tuple[Rank, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of page one under its title; it is left out where there is nothing to say."""

    title: str
    says: tuple[Say, ...]


def say(*blocks: Block, until: Rank | None = None) -> Say:
    """Return what is said in one way, ``until`` it is given up where that is given."""
    if until is None:
        return Say((Front(blocks),))
    return Say((Front(blocks), Front(())), (until,))


def say_fewer(first: Sequence[Block], *others: tuple[Rank, Sequence[Block]]) -> Say:
    """Return what is said in several ways, each but the ``first`` with its rank."""
    ways = (first, *(blocks for _, blocks in others))
    return Say(tuple(Front(tuple(each)) for each in ways), tuple(rank for rank, _ in others))


@dataclass(frozen=True)
class Listed:
    """One of a list: its text, where its report begins, and how it stands where that is said."""

    text: str
    where: str
    state: str = ""


def say_list(
    listed: Sequence[Listed], one: str, many: str, *, fewest: int = 2, keeps_count: bool = True
) -> Say:
    """Return a list that gives up its last items, and then says how many more there are, and where.

    ``one`` and ``many`` are what they are called; ``fewest`` are given up last, and their number
    after that unless it ``keeps_count``.
    """
    if not listed:
        return say()

    def draw(number: int) -> list[Block]:
        told = [end_sentence(each.text) for each in listed[:number]]
        if rest := listed[number:]:
            told.append(f"{len(rest)} more{_count_states(rest)}, the next in {rest[0].where}.")
        return [Items(tuple(told))]

    most = min(len(listed), MOST)
    fewer = [
        (Rank.IDEAS if number >= fewest else Rank.SPARE, draw(number))
        for number in range(most - 1, 0, -1)
    ]
    first = f"{'the first ' if listed[1:] else ''}in {listed[0].where}"
    counted = f"{count_of(len(listed), one, many)}{_count_states(listed)} ({first})."
    gone = [] if keeps_count else [(Rank.REST, list[Block]())]
    return say_fewer(draw(most), *fewer, (Rank.SPARE, [Items((counted,))]), *gone)


def point_into(record: Record) -> str:
    """Return the place of a report: what is meant may stand on a later page of it."""
    return f"the report {point_to(record.id)}"


def _count_states(listed: Sequence[Listed]) -> str:
    """Return how many stand how, so that a number alone does not hide what is not done."""
    states = Counter(each.state for each in listed if each.state)
    told = states if len(listed) == 1 else [f"{n} {state}" for state, n in states.items()]
    return f": {', '.join(told)}" if states else ""


def fit_front(
    sections: Sequence[Section], draw: Callable[[str, Sequence[Block]], Iterable[Block]]
) -> tuple[Front, ...]:
    """Return page one in every way, the fullest first, each with one thing less than before.

    ``draw`` makes the blocks of a section that has something in it.
    """
    says = [each for section in sections for each in section.says]
    steps = sorted((rank, -place) for place, each in enumerate(says) for rank in each.ranks)
    taken = [0] * len(says)
    fronts = [_draw_front(sections, taken, draw)]
    for rank, place in steps:
        taken[-place] += 1
        front = _draw_front(sections, taken, draw)
        scant = (rank >= Rank.NAMED) + (rank >= Rank.SENTENCES)
        fronts.append(replace(front, scant=scant))
    return tuple(fronts)


def _draw_front(
    sections: Sequence[Section],
    taken: Sequence[int],
    draw: Callable[[str, Sequence[Block]], Iterable[Block]],
) -> Front:
    numbers, blocks, then = iter(taken), list[Block](), list[Block]()
    for section in sections:
        chosen = [each.ways[next(numbers)] for each in section.says]
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

    ``whole`` is None where it is too long for any first page; ``pointer`` and ``short`` have its
    first sentences where they can, ``bare`` only names it; ``then`` has to begin page two where it
    is not told whole.
    """

    whole: Block | None
    pointer: Block
    short: str
    bare: str
    where: str
    then: tuple[Block, ...] = ()


# When a kind gives up whole lines, a line for each but the latest, that one's words, a line for
# it, the first sentences of all, and naming more than a few.
Ranks = tuple[Rank, Rank, Rank, Rank, Rank, Rank]
_GRAVE: Ranks = (
    Rank.WORDS, Rank.RUN_IN, Rank.LATEST, Rank.NAMED, Rank.SENTENCES, Rank.FEW
)  # fmt: skip
_PATTERNS: Ranks = (Rank.TALES, Rank.RUN_IN, Rank.REST, Rank.NAMED, Rank.SENTENCES, Rank.FEW)
_CHANGES: Ranks = (Rank.TALES, Rank.TALES, Rank.TALES, Rank.TALES, Rank.TALES, Rank.REST)


def say_kind(
    lines: Sequence[Line],
    draw: Callable[[str], Block],
    ranks: Ranks = _GRAVE,
    few: int = _FEW,
) -> Say:
    """Return lines of a kind, the latest first: whole, by its page, at last in few words.

    ``draw`` makes a block of what is in few words; ``few`` are named where there is hardly room.
    """
    if not lines:
        return say()
    shown, rest = lines[:MOST], lines[MOST:]
    first = shown[0]
    more = [draw(_run_in(rest, 0))] if rest else []
    with_sentences = [replace(each, bare=each.short) for each in lines]
    others = [draw(_run_in(with_sentences[1:], MOST))] if lines[1:] else []

    def put(blocks: Sequence[Block], whole: int) -> Front:
        left = (each for at, each in enumerate(lines) if at >= whole or not each.whole)
        return Front(tuple(blocks), tuple(block for each in left for block in each.then))

    ways = []
    for whole in range(len(shown), 0, -1):
        told = [each.whole or each.pointer for each in shown[:whole]]
        ways.append(put([*told, *(each.pointer for each in shown[whole:]), *more], whole))
    ways += [
        put([first.whole or first.pointer, *others], 1),
        put([first.pointer, *others], 0),
        put([draw(_run_in(with_sentences, MOST))], 0),
        put([draw(_run_in(lines, MOST))], 0),
        put([draw(_run_in(lines, few))], 0),
    ]
    return Say(tuple(ways), (*[ranks[0]] * (len(shown) - 1), *ranks[1:]))


def _run_in(lines: Sequence[Line], most: int) -> str:
    """Return the first lines in few words, then how many more there are, and where the next is."""
    rest = lines[most:]
    more = [f"{len(rest)} more, the next {rest[0].where}"] if rest else []
    return f"{' · '.join([*(each.bare for each in lines[:most]), *more])}."


def tell_incidents(records: Sequence[Record]) -> Say:
    """Return the incidents, each with what happened before its injury."""
    lines = [_tell_incident(each) for each in reversed(records) if each.is_incident]
    return say_kind(lines, partial(Notice, label="Incidents"))


def _tell_incident(record: Record) -> Line:
    report, injury = record.report, words.name_field("injury")
    hurt = take_whole(report.outcome, SENTENCE)
    first = [take_whole(report.what, SENTENCE), f"{injury}: {hurt}" if hurt else ""]
    return _make_line(
        f"Incident, {words.tell_when(report)}, {record.id}",
        f"{end_sentence(report.what)} {injury}: {report.outcome}",
        words.tell_told_of_event(record),
        _Short(
            echo_day(report.occurred),
            record.id,
            words.list_told_of_event(record),
            record.tried,
            first=" ".join(filter(None, first)),
            least=take_whole(report.outcome, _LEAST) or take_whole(report.what, _LEAST),
        ),
    )


def tell_harm_later(records: Sequence[Record]) -> Say:
    """Return harm found later: each whole, or by its page and then whole on page two."""
    lines = [_tell_harm(*each) for each in list_harm(records)]
    return say_kind(lines, partial(Notice, label=words.HARM))


def _tell_harm(record: Record, entry: FollowedUp) -> Line:
    text = entry.harm_found
    short = _Short(
        words.tell_harm_day(entry),
        entry.id,
        record.list_told_of(entry.id),
        words.list_tried_since(record, entry),
        first=take_whole(text, SENTENCE),
        least=take_whole(text, _LEAST),
    )
    label, told = words.name_harm(record, entry), words.tell_told_of_harm(record, entry)
    return _make_line(label, text, told, short, then=True)


def tell_concerns(records: Sequence[Record], brief: Brief) -> Say:
    """Return the possible concerns in their own words, but those told with their incident."""
    found = list_concerns(reversed(records)) if brief.rules.safeguarding else []
    return say_kind(
        list(map(_tell_concern, found)), partial(Notice, label="Possible safeguarding concerns")
    )


def _tell_concern(record: Record) -> Line:
    report = record.report
    text = "" if record.is_incident else report.what
    return _make_line(
        f"Possible safeguarding concern raised: {record.id}, {echo_weekday(report.occurred)}",
        text,
        words.tell_told_of_concern(record),
        _Short(
            echo_day(report.occurred),
            record.id,
            record.list_told_of("concern"),
            record.tried,
            of="told of the concern",
            first=take_whole(text, SENTENCE),
            least=take_whole(text, _LEAST_OF_CONCERN),
        ),
    )


_DENIES = re.compile(r"\W*(?:no|none|not|nothing|nobody|never)\b", re.IGNORECASE)


def take_whole(text: str, most: int) -> str:
    """Return the first sentences of a text within ``most`` characters, if any; none of them cut.

    Of a text that begins by saying what is not, all or nothing: more may follow.
    """
    first = take_sentences(text, most)
    is_part = len(first) < len(join_lines(text))
    return "" if len(first) > most or (is_part and _DENIES.match(first)) else end_sentence(first)


def name_briefly(who: str) -> str:
    """Return the part that somebody who was told plays, without a name, how or when."""
    return re.split(r",| \(", name_group(who)[1], maxsplit=1)[0]


def list_parts(told: Iterable[Told]) -> list[str]:
    """Return the parts that those who were told play, each once."""
    return list(dict.fromkeys(name_briefly(who) for each in told for who in each.who))


@dataclass(frozen=True)
class _Short:
    """What a line says in few words: a day, where it stands, who was told of it, and who tried.

    ``of`` says of what they were told; ``first`` are its first sentences, ``least`` where there is
    hardly room.
    """

    day: str
    anchor: str
    told: Sequence[Told]
    tried: Sequence[Told] = ()
    of: str = "told"
    first: str = ""
    least: str = ""

    @property
    def people(self) -> str:
        """Who was told of it, and who was not reached: the parts they play."""
        said = f"{self.of}: {_name_some(self.told) or 'nobody yet'}"
        tried = _name_some(self.tried)
        return f"{said}, not reached: {tried}" if tried else said

    @property
    def noted(self) -> str:
        """When that was last noted."""
        last = max((each.recorded_at for each in self.told), default="")[:_A_DAY]
        return f", noted {echo_day(date.fromisoformat(last))}" if last else ""


def _name_some(told: Iterable[Told]) -> str:
    return ", ".join(name_some(list_parts(told), _MOST_TOLD))


def _make_line(label: str, text: str, told: str, short: _Short, *, then: bool = False) -> Line:
    whole = "\n".join(filter(None, (text, end_sentence(told))))
    where, people = point_to(short.anchor), f"{short.people[:1].upper()}{short.people[1:]}"
    is_part = join_lines(short.first) != join_lines(text) or then
    on = f"(continues {where})" if is_part else f"({where})"
    pointed = f"{short.first} {on}" if short.first else f"in full {where}"
    named = f"{short.day} ({where})"
    return Line(
        None if len(text) > _NEVER_WHOLE else Notice(whole, label),
        Notice(f"{pointed}. {people}{short.noted}.", label),
        f"{named}: {short.least} {people}" if short.least else f"{named}, {short.people}",
        f"{named}, {short.people}",
        where,
        (Notice(whole, label, short.anchor),) if then else (),
    )


def _as_item(text: str) -> Items:
    return Items((text,))


def tell_patterns(
    patterns: Iterable[Pattern], records: Sequence[Record], *, over: bool | None = None
) -> Say:
    """Return each confirmed pattern that has reports here, with what came since a change.

    ``over`` chooses those of which the last is long ago, or the others.
    """
    by_id = {record.id: record for record in records}
    lines = []
    for pattern in patterns:
        theirs = [by_id[each] for each in pattern.ids if each in by_id]
        if len(theirs) >= FEWEST_HERE and over in (None, pattern.is_over):
            lines.append(_tell_pattern(pattern, theirs, says_past=over is None))
    return say_kind(lines, _as_item, _PATTERNS, _FEW_PATTERNS)


def _tell_pattern(pattern: Pattern, theirs: Sequence[Record], *, says_past: bool) -> Line:
    changes = [tell_change(each) for record in theirs for each in record.in_force]
    where = point_to(theirs[-1].id)
    here = f"({len(theirs)} here, the last {where})"
    short = "; ".join([f"{pattern.name[0].upper()}{pattern.name[1:]} {here}", *changes])
    unnamed = pattern.name.startswith(UNNAMED)
    bare = "; ".join([f"{UNNAMED} {here}", *changes]) if unnamed else short
    whole = tell_pattern(pattern, theirs, says_past=says_past)
    return Line(_as_item(whole), _as_item(f"{short}."), short, bare, where)


def tell_changes(records: Sequence[Record], brief: Brief) -> Say:
    """Return what has changed, the newest first, beside what is told with a pattern."""
    told = {each for pattern in brief.patterns for each in pattern.since}
    newest = sorted(records, key=lambda each: each.number, reverse=True)
    found = [each for record in newest for each in _list_changes(record, told)]
    lines = {line.short: line for _, line in sorted(found, key=lambda each: each[0], reverse=True)}
    return say_kind(list(lines.values()), _as_item, _CHANGES)


def _list_changes(record: Record, told: Collection[str]) -> Iterator[tuple[str, Line]]:
    """Yield each change that is not ``told`` with the day by which it is ordered."""
    plan = record.care_plan
    if plan and plan.status == "changed":
        name = f"{words.CARE_PLAN['changed']}, noted {echo_day(plan.day)}"
        yield (
            plan.day.isoformat(),
            _change(name, plan.text, record, words.tell_declined(plan.doubted)),
        )
    for change in (*record.in_force, *record.in_doubt):
        if change.id not in told:
            yield change.day.isoformat(), _change(tell_change(change), "", record)


def tell_done(records: Iterable[Record]) -> Say:
    """Return the next steps that are done, the latest first, each with its report."""
    done = [(step, record) for record in records for step in record.steps_done]
    listed = [
        Listed(
            f"Done, noted {echo_day(date.fromisoformat(step.done[:_A_DAY]))}: {step.text} "
            f"({record.id})",
            point_into(record),
        )
        for step, record in sorted(done, key=lambda each: each[0].done, reverse=True)
    ]
    return say_list(listed, "next step done", "next steps done", fewest=MOST)


def _change(name: str, text: str, record: Record, doubt: str = "") -> Line:
    whole = f"{name}: {text.rstrip('. ') if doubt else text}{doubt}" if text else f"{name}{doubt}"
    where = f"in {point_into(record)}"
    short = whole if len(text) <= _A_LINE else f"{name}: whole {where}{doubt}"
    short = short.rstrip(". ")
    told = None if len(text) > _NEVER_WHOLE else _as_item(end_sentence(whole))
    return Line(told, _as_item(end_sentence(short)), short, short, where)


def list_steps(records: Iterable[Record]) -> list[tuple[NextStep, Record]]:
    """Return the next steps that stand with their reports, those due first before the others."""
    steps = [(step, record) for record in records for step in record.steps]
    return sorted(steps, key=lambda each: (each[0].due is None, each[0].due or 0, each[0].text))


def tell_due(step: NextStep, record: Record, brief: Brief) -> str:
    """Return what is to do, by whom and by when, whether that has passed, and of which report."""
    overdue = "overdue; " if is_overdue(step, brief) else ""
    return f"{words.tell_step(step)} ({overdue}{name_of_step(record)})"


def name_of_step(record: Record) -> str:
    """Return the report of a step: words of one may stand with others that are done."""
    return record.id if record.is_open else f"{record.id}, which is closed"


def list_ideas(records: Iterable[Record]) -> list[tuple[str, Record]]:
    """Return the ideas of open reports with these, the newest first, each once.

    What has become a step, done or not, or was declined at a meeting, is an idea no longer. One
    after which something was changed about the same hazard comes last, with the change: whether
    that was it, only people can tell.
    """
    newest = sorted(records, key=lambda each: each.report.occurred, reverse=True)
    said = [entry for record in newest for entry in record.standing]
    ideas: dict[str, tuple[str, Record]] = {}
    for record in newest:
        for idea in record.report.recommendations if record.is_open else ():
            if not any(settles(each, idea) for each in said):
                ideas.setdefault(fold_text(idea).rstrip("."), (idea, record))
    since = {each.id: _find_change(each, newest) for each in newest}
    told = [
        (f"{idea.rstrip('.')} (since then: {tell_change(change)})" if change else idea, record)
        for idea, record in ideas.values()
        for change in [since[record.id]]
    ]
    return sorted(told, key=lambda each: since[each[1].id] is not None)


def _find_change(record: Record, records: Iterable[Record]) -> Changed | None:
    """Return what was changed last since a report, and holds, about it or its pattern."""
    day, pattern = record.report.occurred.date(), record.pattern
    changes = [
        change
        for each in records
        if each.id == record.id or (pattern and each.pattern == pattern)
        for change in each.in_force
        if change.day >= day
    ]
    return max(changes, key=lambda each: each.day, default=None)


def tell_basis(brief: Brief) -> str:
    """Return why a paper is handed over and who decided that, as it was given."""
    if not brief.basis:
        return ""
    decided = f"; decided by {brief.decided_by}" if brief.decided_by else ""
    return f"{words.BASIS[brief.basis]}{decided}"


def end_in_slip(
    blocks: Sequence[Block], brief: Brief
) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Return the blocks of a document without their last words, and those with the slip.

    The slip never stands on a page without the end of what is handed over.
    """
    *others, last = blocks
    before, kept = _split_last(last)
    who = Blanks((Blank("Name", width=3), Blank("role", width=2), Blank("date", width=2)))
    seal = Blank("Seal", brief.seal or "none: see the top of page one")
    return (*others, *before), (*kept, Group((Heading("Received by"), who, Blanks((seal,)))))


def _split_last(last: Block) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Return what may stand on a page before the slip's, and what stays with the slip."""
    if isinstance(last, Group):
        before, kept = _split_last(last.blocks[-1])
        return (replace(last, blocks=(*last.blocks[:-1], *before)),), kept
    if isinstance(last, Words) and last.more:
        return (replace(last, more=last.more[:-1]),), (last.more[-1],)
    return (), (last,)
