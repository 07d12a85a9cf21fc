"""The changeover: one page for the next carer, whatever the book holds.

It is made by the family's rules, and no safeguarding concern stands on it in any words.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from nearmiss.dates.shown import echo_day
from nearmiss.documents.blocks import Block, Document, Front, Heading, Items, Lines, Notice, Words
from nearmiss.documents.brief import (
    Brief,
    call_client,
    count_near_misses,
    is_overdue,
    join_parts,
    list_steps,
    make_document,
    name_of_step,
    tell_numbers,
)
from nearmiss.documents.front import SENTENCE, list_ideas, take_whole
from nearmiss.documents.people import THE_CARER
from nearmiss.insight.change import tell_change
from nearmiss.insight.telling import UNNAMED, tell_hazard
from nearmiss.records import words
from nearmiss.records.handed import Span
from nearmiss.records.record import FollowedUp, Record
from nearmiss.records.waiting import is_due
from nearmiss.text import begin_sentence, end_sentence, join_lines, take_name

_DUE = timedelta(days=14)
_ROOMS = range(44, -1, -1)  # rows for what is told
_ROW, _ROW_LARGE = 85, 55  # characters of a row
_A_YEAR = timedelta(days=365)
_LATELY = timedelta(days=90)
_TO_DO = "To do"
_LEAST = 60  # characters of first sentences
_LEFT = 2  # what waits longest
_WORRY = re.compile(
    r"\bsafeguard|\babus(?:e|ed|es|ing|ive)\b|\bneglect|\bsocial services\b"
    r"|\badult (?:social care|protection|support and protection)\b",
    re.IGNORECASE,
)
_Line = tuple[str, ...]  # whole, and what stands for it where that is too long


def choose_told(records: Iterable[Record], span: Span, tied: set[str], made: date) -> list[Record]:
    """Return those of which a changeover tells something; the newest where there is none."""
    every = list(records)
    told = [
        each
        for each in every
        if each.id in tied or each.in_force or each.in_doubt or each.care_plan or each.is_open
        or each.steps or _is_new(each, span) or _is_lately(each, made)
        or (each.is_incident and _is_of_last_year(each.report.occurred.date(), made))
        or any(_is_new_harm(harm, span) or _is_of_last_year(_day_of(harm), made)
               for harm in each.harm_found)
    ]  # fmt: skip
    return told or sorted(every, key=lambda each: each.report.occurred)[-1:]


def strip_worries(
    record: Record, suggested: Sequence[str], hidden: re.Pattern[str] | None
) -> tuple[Record, bool]:
    """Return what a changeover may hold of a report, and whether its words name a concern.

    ``suggested`` are the ideas in it that nothing has come of; ``hidden`` finds the reports that
    are hidden, as people name them in their own words.
    """
    report = record.report
    is_clean = not names_worry((report.what, report.outcome, report.location), hidden)
    untold = dict.fromkeys(() if is_clean else _WORDS & type(report).model_fields.keys(), "")
    if hides_action := names_worry((report.immediate_action,), hidden):
        untold["immediate_action"] = ""
    harm = [each for each in record.harm_found if not names_worry((each.harm_found,), hidden)]
    stated = [
        FollowedUp(
            *(each.id, each.recorded_at, each.recorded_by),
            care_plan_status=each.care_plan_status,
            closes=each.closes,
        )
        for each in record.standing
        if (each.closes is not None or each.care_plan_status) and each not in harm
    ]
    standing = (*record.in_force, *record.in_doubt)
    changes = [each for each in standing if not names_worry((each.text,), hidden)]
    steps = [each for each in record.steps if not names_worry((each.text,), hidden)]
    ideas = [each for each in suggested if not names_worry((each,), hidden)]
    plan = record.care_plan
    if hides_plan := plan is not None and names_worry((plan.text,), hidden):
        plan = None
    kept = replace(
        record,
        report=report.model_copy(update={**untold, "recommendations": ideas}),
        follow_ups=tuple(sorted((*harm, *stated), key=lambda each: each.number)),
        changes=tuple(changes),
        steps=tuple(steps),
        steps_done=(),
        corrections=(),
        care_plan=plan,
        tried=(),
    )
    told = len(record.harm_found) + len(standing) + len(record.steps) + len(suggested)
    hides = hides_plan or hides_action or not is_clean
    return kept, hides or told > len(harm) + len(changes) + len(steps) + len(ideas)


_WORDS = {
    *("what_nearly_happened", "what_happened", "how_prevented", "injury"),
    *("immediate_action", "location"),
}


def names_worry(texts: Iterable[str], hidden: re.Pattern[str] | None) -> bool:
    """Whether words name a safeguarding concern, or a report that is ``hidden``."""
    return any(_WORRY.search(each) or (hidden and hidden.search(each)) for each in texts)


@dataclass(frozen=True)
class _Part:
    """What there is to tell under a title.

    A line may take the ``share``th part of the rows; one that ``waits`` has what those that wait
    less leave, and one that waits for what is left over is told where those are told whole.
    """

    title: str
    lines: Sequence[_Line]
    share: int = 4
    waits: int = 0


def build_changeover(records: Sequence[Record], brief: Brief) -> Document:
    """Return the page: the fullest that fits is drawn."""
    span = brief.span or Span(brief.made)
    newest = sorted(records, key=lambda each: each.report.occurred, reverse=True)
    carer = take_name(brief.carer)
    title = f"For the carer who comes next: {call_client(brief, records)}"
    given = f"From {brief.carer}, {echo_day(brief.made)}, new since {echo_day(span.since)}"
    ring = f"{carer}, {brief.phone}" if brief.phone else f"{carer}: ____________________"
    notice = Notice(f"This page is not everything. Before your first visit, ring {ring}.")
    parts = [each for each in _list_parts(newest, brief, span) if each.lines]
    row, fronts = _ROW_LARGE if brief.large else _ROW, []
    for room, usual in ((_ROOMS[0], 3), *((each, 1) for each in _ROOMS)):
        chosen = _choose(parts, room, row)
        blocks = *_draw(parts, chosen, newest, brief, span), Lines("", usual), notice
        is_all = all(map(_is_whole, parts, chosen))
        fronts.append(Front(blocks, scant=0 if is_all else 1))
    texts = title, join_parts(given, tell_numbers(brief))
    document = make_document("changeover", texts, (), records, brief, front=tuple(fronts))
    return replace(document, byline="", blocks=())


def _list_parts(records: Sequence[Record], brief: Brief, span: Span) -> Iterator[_Part]:
    """Yield all that there is to tell, in the order in which it stands."""
    since, ask, made = echo_day(span.since), _ask_carer(brief), brief.made
    hurt = [*_list_hurt(records, span.holds, ask, says_told=True)]
    yield _Part(f"Incidents and harm since {since}", hurt, 2)

    def is_before(day: date, number: int) -> bool:
        return _is_of_last_year(day, made) and not span.holds(day, number)

    before = [*_list_hurt(records, is_before, ask)]
    than = " before that," if hurt else ""
    yield _Part(f"Incidents and harm{than} in the last 12 months", before, 3)
    yield _Part("Watch for", [*_list_hazards(records, brief, ask)])
    yield _Part("In force now", [*_list_changes(records, brief, doubted=False)], 10)
    yield _Part("May hold no longer", [*_list_changes(records, brief, doubted=True)])
    yield _Part(f"What nearly happened since {since}", [*_list_missed(records, span, ask)])
    due = [*_list_steps(records, brief, due=True), *_list_asked(records)]
    yield _Part(_TO_DO, due)
    yield _Part(_TO_DO, [*_list_steps(records, brief, due=False)], waits=1)
    past = [each for each in records if _is_past(each, span)]
    left = [_tell_open(each, ask) for each in past if each.is_open]
    yield _Part(f"Still open from before {since}", left, waits=1)
    lately = [_tell_open(each, ask) for each in past if not each.is_open and _is_lately(each, made)]
    yield _Part(f"Closed, of the last {_LATELY.days} days", lately, waits=_LEFT)
    ideas = list_ideas(records, brief)
    suggested = [(f"{end_sentence(join_lines(each.text))} ({each.of})",) for each in ideas]
    yield _Part("What was suggested", suggested, waits=_LEFT)


def _draw(
    parts: Sequence[_Part],
    chosen: Sequence[Sequence[str]],
    records: Sequence[Record],
    brief: Brief,
    span: Span,
) -> Iterator[Block]:
    ask = _ask_carer(brief)
    drawn = zip(parts, chosen, strict=True)
    for title, group in groupby(drawn, key=lambda each: each[0].title):
        both = [*group]
        shown = [line for _, lines in both for line in lines]
        if more := sum(len(part.lines) - len(lines) for part, lines in both):
            shown.append(f"and {more} more: {ask}" if shown else f"{more}: {ask}")
        if any(lines or part.waits < _LEFT for part, lines in both):
            yield Heading(title)
            yield Items(tuple(shown))
    if not any(_is_new(each, span) for each in records):
        # Not "nothing happened", nor "nothing is written": one may be hidden.
        last = echo_day(records[0].report.occurred)
        yield Words(f"No report on this page is newer than {last}. There may be others.")
    yield Heading(f"Usual for {call_client(brief, records)}")


def _ask_carer(brief: Brief) -> str:
    return f"ask {take_name(brief.carer).partition(' ')[0] or 'the carer'}"


def _choose(parts: Sequence[_Part], room: int, row: int) -> list[list[str]]:
    """Return the first lines of each part, one of each in turn, until there is no room."""
    chosen: list[list[str]] = [[] for _ in parts]
    for waits in range(_LEFT + 1):
        if waits == _LEFT and not all(
            part.waits == _LEFT or _is_whole(part, lines)
            for part, lines in zip(parts, chosen, strict=True)
        ):
            break
        going = [number for number, each in enumerate(parts) if each.waits == waits]
        all_rows = room
        while going:
            for number in list(going):
                part = parts[number]
                ways = part.lines[len(chosen[number])]
                most = min(room, all_rows // part.share)
                fitting = (each for each in ways if _count_rows(each, row) <= most)
                line = next(fitting, ways[-1])
                if (rows := _count_rows(line, row)) <= room:
                    chosen[number].append(line)
                    room -= rows
                if rows > room or len(chosen[number]) == len(part.lines):
                    going.remove(number)
    return chosen


def _is_whole(part: _Part, lines: Sequence[str]) -> bool:
    return list(lines) == [each[0] for each in part.lines]


def _count_rows(line: str, row: int) -> int:
    return -(-len(line) // row)


def _is_new(record: Record, span: Span) -> bool:
    return span.holds(record.report.occurred.date(), record.number)


def _is_new_harm(harm: FollowedUp, span: Span) -> bool:
    return span.holds(_day_of(harm), harm.number)


def _day_of(harm: FollowedUp) -> date:
    """Return the day on which harm was seen, or else written down."""
    return date.fromisoformat(harm.harm_on) if harm.harm_on else harm.day or date.min


def _is_of_last_year(day: date, made: date) -> bool:
    return made - day < _A_YEAR


def _is_lately(record: Record, made: date) -> bool:
    return made - record.report.occurred.date() <= _LATELY


def _is_past(record: Record, span: Span) -> bool:
    """Whether it is a near miss of before with something to tell."""
    return bool(record.report.what) and not (record.is_incident or _is_new(record, span))


def _list_hazards(records: Sequence[Record], brief: Brief, ask: str) -> Iterator[_Line]:
    here = {each.id: each for each in records}
    theirs = [each for each in brief.patterns if here.keys() >= set(each.ids)]
    for each in sorted(theirs, key=lambda each: (each.name.startswith(UNNAMED), each.is_over)):
        tied = [here[one] for one in each.ids]
        reports, counted = [one.report for one in tied], count_near_misses(tied)
        line = tell_hazard(each.name, each.places, reports, counted)
        name = begin_sentence(each.name)
        told = {change.id for one in tied for change in one.in_force}
        since = [text for change, text in each.since.items() if change in told]
        places = "; ".join(each.places)
        rest = f" For the rest: {ask}."
        yield (
            " ".join([line, *since]),
            *([f"{line}{rest}"] if since else []),
            f"{name} ({places}): {ask}",
            f"{name}: {ask}",
        )


def _list_changes(records: Iterable[Record], brief: Brief, *, doubted: bool) -> Iterator[_Line]:
    """Yield what was changed, the care plan and then the newest first, once with its reason.

    What that was stands with a hazard that it is told with.
    """
    found: list[tuple[bool, date, str, Record]] = []  # whether it is the care plan, first
    tied, with_hazard = brief.with_hazards, set[str]()
    for record in records:
        changes = record.in_doubt if doubted else record.in_force
        found += [(False, each.day, tell_change(each), record) for each in changes]
        with_hazard |= {tell_change(each) for each in changes if each.id in tied}
        plan = record.care_plan
        if plan and plan.status == "changed" and bool(plan.doubted) is doubted:
            text = join_lines(plan.text or "what, is not written").rstrip(". ")
            told = f"Care plan changed, {echo_day(plan.day)}: {text}"
            found.append((True, plan.day, f"{told}{words.tell_declined(plan)}", record))
    reasoned = set[str]()
    for _, day, text, record in sorted(found, key=lambda each: each[:2], reverse=True):
        short = f"{text} ({record.id})"
        if text in with_hazard:
            yield (short,)
        elif doubted:
            yield short, f"{text.partition(': ')[0]}: {_ask_carer(brief)} ({record.id})"
        else:
            is_later = day >= record.report.occurred.date() and record.id not in reasoned
            reason = _tell_reason(record) if is_later else ""
            reasoned.add(record.id)
            yield (f"{text}, after {reason}", short) if reason else (short,)


def _tell_reason(record: Record) -> str:
    """Return what a change came after: an incident, or a near miss in its first words."""
    if record.is_incident:
        return f"the incident of {echo_day(record.report.occurred)} ({record.id})"
    first = take_whole(record.report.what, SENTENCE)
    return f"{record.id}: {first}" if first else ""


def _list_hurt(
    records: Sequence[Record],
    is_wanted: Callable[[date, int], bool],
    ask: str,
    *,
    says_told: bool = False,
) -> Iterator[_Line]:
    for record in records:
        for harm in record.harm_found:
            if is_wanted(_day_of(harm), harm.number):
                name = words.name_harm(record, harm)
                text = end_sentence(join_lines(harm.harm_found))
                told = f" {words.tell_told_of_harm(record, harm)}." if says_told else ""
                first = take_whole(text, SENTENCE)
                short = [f"{name}: {first} For the rest: {ask}"] if first else []
                yield f"{name}: {text}{told}", *short, f"{name}: {ask}"
        report = record.report
        if record.is_incident and is_wanted(report.occurred.date(), record.number) and report.what:
            where = f"Incident, {_tell_place(record)}"
            what, hurt = (end_sentence(join_lines(each)) for each in (report.what, report.outcome))
            told = f" Told: {_tell_told(record)}." if says_told else ""
            firsts = filter(None, (take_whole(what, most) for most in (SENTENCE, _LEAST)))
            short = [f"{where}: {each} For the rest: {ask} ({record.id})" for each in firsts]
            whole = f"{where}: {what} Hurt: {hurt}{told} ({record.id})"
            yield whole, *short, f"{where}: {ask} ({record.id})"


def _list_missed(records: Sequence[Record], span: Span, ask: str) -> Iterator[_Line]:
    for record in records:
        report = record.report
        if not record.is_incident and _is_new(record, span) and report.what:
            fields = ("how_prevented", "immediate_action")
            done = [
                f"{words.name_field(field)}: {end_sentence(join_lines(text))}"
                for field in fields
                if (text := getattr(report, field))
            ]
            told = [f"{_tell_place(record)}: {end_sentence(join_lines(report.what))}", *done]
            untold = "" if _list_told(record) else f" {words.NOBODY}."
            ways = [" ".join(told[:most]) + untold for most in range(len(told), 0, -1)]
            yield *(f"{each} ({record.id})" for each in (*ways, told[0])), _point_at(record, ask)


def _tell_open(record: Record, ask: str) -> _Line:
    first = take_whole(record.report.what, SENTENCE)
    return (f"{_tell_place(record)}: {first} ({record.id})" if first else _point_at(record, ask),)


def _point_at(record: Record, ask: str) -> str:
    return f"{_tell_place(record)}: {ask} ({record.id})"


def _tell_place(record: Record) -> str:
    return f"{words.tell_when(record.report)}, {record.report.location}"


def _tell_told(record: Record) -> str:
    return "; ".join(dict.fromkeys(_list_told(record))) or words.NOBODY_YET


def _list_told(record: Record) -> list[str]:
    """Return who was told of the event, or of what is not written."""
    return [who for each in record.told if not each.of or "event" in each.of for who in each.who]


def list_named(record: Record, span: Span) -> Iterator[str]:
    """Yield the people of a report, as written, whose parts stand on the page."""
    yield from (each.who for each in record.steps)
    is_hurt = record.is_incident and _is_new(record, span)
    if is_hurt or any(_is_new_harm(each, span) for each in record.harm_found):
        yield from (who for each in record.told for who in each.who)


def _list_steps(records: Sequence[Record], brief: Brief, *, due: bool) -> Iterator[_Line]:
    """Yield the steps that are overdue or due soon, or the others."""
    for step, record in list_steps(records):
        if is_due(step, brief.made + _DUE) is due:
            # To the next carer "the carer" would be the next one.
            who = f"{THE_CARER} who wrote this" if step.who == THE_CARER else step.who
            late = ": overdue" if is_overdue(step, brief) else ""
            said = words.tell_agreed(replace(step, who=who))
            yield (f"{said}{late} ({name_of_step(record)})",)


def _list_asked(records: Iterable[Record]) -> Iterator[_Line]:
    """Yield what was asked of the care plan, and not answered."""
    for record in records:
        if asked := record.care_plan_waiting:
            yield (f"{words.tell_asked(asked)} ({name_of_step(record)})",)
