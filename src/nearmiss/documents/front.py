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
    Block,
    Front,
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
    list_steps,
    name_of_step,
    tell_due,
    tell_pattern,
)
from nearmiss.documents.outcome import find_plan
from nearmiss.documents.people import name_group
from nearmiss.documents.report import name_ideas, name_injury, name_line
from nearmiss.insight.change import tell_change
from nearmiss.records import words
from nearmiss.records.handed import list_ideas as list_unsettled
from nearmiss.records.record import Changed, FollowedUp, Record, Told
from nearmiss.speech import count_of, name_some
from nearmiss.text import end_sentence, join_lines, take_sentences

MOST = 8  # of a kind that page one names; of more it gives the number and the page
_FEWEST, _FEWEST_PATTERNS = 2, 4  # that it names where there is hardly room
_MOST_TOLD = 3  # parts that people told play, in few words
SENTENCE = 160  # characters of first sentences, and where there is hardly room
_LEAST, _LEAST_OF_CONCERN = 60, 120
_NEVER_WHOLE = 1800  # characters that fit no first page beside the rest
_A_LINE = 60  # characters of a change that is told whole even among others
_A_DAY = len("2026-04-14")
_NOBODY = "nobody told"
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
    SENTENCES = 12  # of all but the latest
    LATEST = 13  # the latest whole
    NAMED = 14  # its line
    FEW = 15  # to name more than a few


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

    ``of`` is the report of a step.
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
            told.append(f"{len(rest)} more{count_states(rest)}, the next {rest[0].where}.")
        return [Items(tuple(told))]

    most = min(len(listed), MOST)
    ways = [(Rank.IDEAS, draw(number)) for number in range(most - 1, 0, -1)]
    first = f"{'the first ' if listed[1:] else ''}{listed[0].where}"
    counted = f"{count_of(len(listed), one, many)}{count_states(listed)} ({first})."
    # What was agreed is not given up for a number, which would take as much room.
    if listed[1:] or not listed[0].state:
        ways.append((Rank.REST if listed[0].state else Rank.SPARE, [Items((counted,))]))
    return say_fewer(draw(most), *ways, *([] if last is None else [(last, [])]))


def count_states(listed: Sequence[Listed]) -> str:
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
            fronts.append(replace(front, scant=(rank >= Rank.SENTENCES) + (rank >= Rank.FEW)))
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

    ``name`` says what and where it is, ``few`` a few of its words, ``people`` who was told of it;
    ``whole`` is None where it is too long for any first page; ``pointer`` has its first sentences
    where it can; ``then`` has to begin page two where it is not told whole.
    """

    name: str
    where: str
    people: str = ""
    few: str = ""
    whole: Block | None = None
    pointer: Block = _EMPTY
    then: tuple[Block, ...] = ()

    @property
    def is_untold(self) -> bool:
        """Whether nobody was told of it."""
        return self.people.startswith(_NOBODY)


# When a kind gives up whole lines, a line for each but the latest, their words, the latest whole,
# its line, and naming each.
Ranks = tuple[Rank, Rank, Rank, Rank, Rank, Rank]
_GRAVE: Ranks = (
    Rank.WORDS, Rank.RUN_IN, Rank.SENTENCES, Rank.LATEST, Rank.NAMED, Rank.FEW
)  # fmt: skip
_PATTERNS: Ranks = (Rank.TALES, Rank.RUN_IN, Rank.RUN_IN, Rank.REST, Rank.NAMED, Rank.FEW)
_CHANGES: Ranks = (*(Rank.TALES,) * 5, Rank.FEW)
_UNDONE: Ranks = (*(Rank.TALES,) * 5, Rank.REST)


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
        *((ranks[2], put([*told[:1], *run(others, MOST, few)], 1)) for few in (4, 2, 1, 0)),
        (ranks[3], put([first.pointer, *run(others, MOST)], 0)),
        (ranks[4], put(run(lines, MOST, 1), 0)),
        (ranks[4], put(run(lines, MOST), 0)),
        *((ranks[5], put(run(lines, most), 0)) for most in range(MOST - 1, fewest - 1, -1)),
    ]
    return ways


def run_in(lines: Sequence[Line], most: int, worded: int) -> str:
    """Return the first lines in few words, then how many more there are, and where the next is.

    Those of which the same people were told stand together, the ones nobody was told of first; of
    the first ``worded`` a few of their own words stand too.
    """
    groups: dict[str, list[str]] = {}
    for at, each in enumerate(lines[:most]):
        few = each.few.rstrip(".") if at < worded else ""
        groups.setdefault(each.people, []).append(f"{each.name}: {few}" if few else each.name)
    said = [
        f"{f'{_begin(people)}: ' if people else ''}{' · '.join(named)}"
        for people, named in sorted(
            groups.items(), key=lambda each: not each[0].startswith(_NOBODY)
        )
    ]
    if rest := lines[most:]:
        untold = sum(each.is_untold for each in rest)
        of_some = f" of {untold}" if untold < len(rest) else ""
        nobody = f" ({_NOBODY} yet{of_some})" if untold else ""
        said.append(f"{len(rest)} more{nobody}, the next {rest[0].where}")
    return " ".join(map(end_sentence, said))


def _begin(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def tell_incidents(records: Sequence[Record]) -> Say:
    """Return the incidents, each with what happened before its injury."""
    lines = [_tell_incident(each) for each in reversed(records) if each.is_incident]
    return say_kind(lines, partial(Notice, label="Incidents"))


def _tell_incident(record: Record) -> Line:
    report, injury = record.report, words.name_field("injury")
    what, hurt = (take_whole(each, SENTENCE) for each in (report.what, report.outcome))
    is_whole = what == end_sentence(join_lines(report.what))
    return _make_line(
        f"Incident, {words.tell_when(report)}, {record.id}",
        f"{end_sentence(report.what)} {injury}: {report.outcome}",
        words.tell_told_of_event(record),
        _Short(
            echo_day(report.occurred),
            record.id,
            tell_people(words.list_told_of_event(record), record.tried),
            first=" ".join(filter(None, [what, f"{injury}: {hurt}" if hurt else ""])),
            few=take_whole(report.outcome, _LEAST) or take_whole(report.what, _LEAST),
            goes_on=name_injury(record) if is_whole else record.id,
            end=words.tell_status(record),
        ),
        end=words.tell_end(record),
    )


def tell_harm_later(records: Sequence[Record]) -> Say:
    """Return harm found later: each whole, or by its page and then whole on page two."""
    lines = [_tell_harm(*each) for each in list_harm(records)]
    return say_kind(lines, partial(Notice, label=words.HARM))


def _tell_harm(record: Record, entry: FollowedUp) -> Line:
    text = entry.harm_found
    tried = words.list_tried_since(record, entry)
    short = _Short(
        words.tell_harm_day(entry),
        entry.id,
        tell_people(record.list_told_of(entry.id), tried),
        first=take_whole(text, SENTENCE),
        few=take_whole(text, _LEAST),
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
            tell_people(record.list_told_of("concern"), record.tried, of=" of the concern"),
            first=take_whole(text, SENTENCE),
            few=take_whole(text, _LEAST_OF_CONCERN),
            end=words.tell_status(record),
        ),
        end=words.tell_end(record),
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
    """What a line says in few words: a day, where it stands, who was told of it, and when noted.

    ``first`` are its first sentences, ``few`` where there is hardly room; ``goes_on`` is where the
    rest stands, if that is not where it begins; ``end`` is whether it was closed.
    """

    day: str
    anchor: str
    told: tuple[str, str]
    first: str = ""
    few: str = ""
    goes_on: str = ""
    end: str = ""


def tell_people(told: Sequence[Told], tried: Iterable[Told], of: str = "") -> tuple[str, str]:
    """Return the parts of who was told ``of`` it and who was not reached, and when last noted."""
    known, missed = (", ".join(name_some(list_parts(each), _MOST_TOLD)) for each in (told, tried))
    said = f"{known} told{of}" if known else f"{_NOBODY}{of} yet"
    last = max((each.recorded_at for each in told), default="")[:_A_DAY]
    noted = f", noted {echo_day(date.fromisoformat(last))}" if last else ""
    return f"{said} (not reached: {missed})" if missed else said, noted


def _make_line(
    label: str, text: str, told: str, short: _Short, *, end: str = "", then: bool = False
) -> Line:
    ended = f" {end_sentence(end)}" if end else ""
    whole = "\n".join(filter(None, (text, f"{end_sentence(told)}{ended}")))
    where, (people, noted) = point_to(short.anchor), short.told
    is_part = join_lines(short.first) != join_lines(text) or then
    on = f"(continues {point_to(short.goes_on or short.anchor)})" if is_part else f"({where})"
    said = f"{_begin(people)}{noted}"
    pointed = f"{short.first} {said} {on}." if short.first else f"in full {where}. {said}."
    return Line(
        f"{short.day} ({where})",
        where,
        people,
        short.few,
        None if len(text) > _NEVER_WHOLE else Notice(whole, label),
        Notice(f"{pointed}{f' {short.end}.' if short.end else ''}", label),
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
    lines = [
        _tell_pattern(pattern, theirs, says_past=over is None)
        for pattern, theirs in list_here(patterns, records)
        if over in (None, pattern.is_over)
    ]
    return say_kind(lines, _as_item, _PATTERNS, _FEWEST_PATTERNS)


def list_here(
    patterns: Iterable[Pattern], records: Iterable[Record]
) -> Iterator[tuple[Pattern, list[Record]]]:
    """Yield each pattern that has reports here, with these in the order of what happened."""
    by_id = {record.id: record for record in records}
    for pattern in patterns:
        theirs = [by_id[each] for each in pattern.ids if each in by_id]
        if len(theirs) >= FEWEST_HERE:
            yield pattern, theirs


def _tell_pattern(pattern: Pattern, theirs: Sequence[Record], *, says_past: bool) -> Line:
    changes = [tell_change(each) for record in theirs for each in record.in_force]
    where = point_to(theirs[-1].id)
    here = f"({len(theirs)} here, the last {where})"
    short = "; ".join([f"{_begin(pattern.name)} {here}", *changes])
    whole = tell_pattern(pattern, theirs, says_past=says_past)
    return Line(short, where, whole=_as_item(whole), pointer=_as_item(f"{short}."))


def tell_changes(records: Sequence[Record], brief: Brief) -> Say:
    """Return what has changed, the newest first, beside what is told with a pattern."""
    told = {each for pattern in brief.patterns for each in pattern.since}
    newest = sorted(records, key=lambda each: each.number, reverse=True)
    found = [each for record in newest for each in _list_changes(record, told)]
    lines = {line.name: line for _, line in sorted(found, key=lambda each: each[0], reverse=True)}
    return say_kind(list(lines.values()), _as_item, _CHANGES)


def _list_changes(record: Record, told: Collection[str]) -> Iterator[tuple[date, Line]]:
    """Yield each change that is not ``told`` with the day by which it is ordered."""
    plan, entry = record.care_plan, find_plan(record)
    if plan and entry and plan.status == "changed":
        name = f"{words.CARE_PLAN['changed']}, noted {echo_day(plan.day)}"
        yield plan.day, _change(name, plan.text, entry.id, words.tell_declined(plan))
    for change in (*record.in_force, *record.in_doubt):
        if change.id not in told:
            yield change.day, _change(tell_change(change), "", change.id)


def _change(name: str, text: str, entry: str, doubt: str = "") -> Line:
    whole = f"{name}: {text.rstrip('. ') if doubt else text}{doubt}" if text else f"{name}{doubt}"
    where = point_to(name_line(entry))
    short = whole if len(text) <= _A_LINE else f"{name}: whole {where}{doubt}"
    short = short.rstrip(". ")
    told = None if len(text) > _NEVER_WHOLE else _as_item(end_sentence(whole))
    return Line(short, where, whole=told, pointer=_as_item(end_sentence(short)))


def list_undone(records: Sequence[Record], brief: Brief) -> list[Listed]:
    """Return what waits, each with its state: unanswered reviews of the care plan, then steps."""
    asked = [(record.care_plan_waiting, record) for record in records]
    reviews = [
        Listed(
            f"{words.tell_asked(entry)} ({name_of_step(record)})",
            point_to(name_line(entry.id)),
            "not answered",
        )
        for entry, record in asked
        if entry
    ]
    steps = [
        Listed(
            f"{words.NEXT_STEP}: {tell_due(step, record, brief)}",
            point_to(name_line(step.id)),
            "overdue" if is_overdue(step, brief) else "to do",
            name_of_step(record),
        )
        for step, record in list_steps(records)
    ]
    return [*reviews, *steps]


def say_undone(undone: Sequence[Listed]) -> Say:
    """Return what waits and should not: what a page says to the last, at least of one."""
    lines = [
        Line(each.text, each.where, whole=item, pointer=item)
        for each in undone
        if each.state != "to do"
        for item in [_as_item(f"{each.text}.")]
    ]
    return say_kind(lines, _as_item, _UNDONE, 1)


def tell_done(records: Iterable[Record]) -> Say:
    """Return the next steps that are done, the latest first, each with its report."""
    done = [(step, record) for record in records for step in record.steps_done]
    listed = [
        Listed(
            f"Done, noted {echo_day(date.fromisoformat(step.done[:_A_DAY]))}: {step.text} "
            f"({record.id})",
            point_to(name_line(step.id)),
        )
        for step, record in sorted(done, key=lambda each: each[0].done, reverse=True)
    ]
    return say_list(listed, "next step done", "next steps done")


def list_ideas(records: Iterable[Record], brief: Brief) -> list[Listed]:
    """Return the ideas that nothing has come of, the newest first, each with where it stands.

    Of a hazard that keeps coming they are also those of its newest report, though it is closed.
    One after which something was changed about the same hazard comes last, with the change:
    whether that was it, only people can tell.
    """
    newest = sorted(records, key=lambda each: each.report.occurred, reverse=True)
    since = {each.id: _find_change(each, newest) for each in newest}
    also = {
        next((each.id for each in theirs[::-1] if each.report.recommendations), "")
        for pattern, theirs in list_here(brief.patterns, newest)
        if not pattern.is_over
    }
    found = sorted(list_unsettled(newest, also), key=lambda each: since[each[1].id] is not None)
    return [
        Listed(
            f"{end_sentence(idea)} Since then: {tell_change(change)}" if change else idea,
            point_to(name_ideas(record)),
        )
        for idea, record in found
        for change in [since[record.id]]
    ]


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
