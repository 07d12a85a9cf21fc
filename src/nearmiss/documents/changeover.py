"""The changeover: one page for the next carer, whatever the book holds.

It is made by the family's rules, and no safeguarding concern stands on it in any words.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from nearmiss.dates.shown import echo_day
from nearmiss.documents.blocks import Block, Document, Front, Heading, Items, Lines, Notice, Words
from nearmiss.documents.brief import (
    Brief,
    call_client,
    count_near_misses,
    is_overdue,
    join_parts,
    make_document,
    name_of_step,
    tell_numbers,
)
from nearmiss.documents.people import THE_CARER
from nearmiss.insight.change import tell_change
from nearmiss.insight.telling import UNNAMED, tell_hazard
from nearmiss.records import words
from nearmiss.records.handed import Span
from nearmiss.records.record import Changed, FollowedUp, NextStep, Record
from nearmiss.records.waiting import is_due
from nearmiss.text import end_sentence, join_lines, take_name

_DUE = timedelta(days=14)
_ROOMS = range(44, -1, -1)  # rows for what is told
_ROW, _ROW_LARGE = 85, 55  # characters of a row
_LONGEST = 4  # what takes more than such a part of the rows stands as a pointer
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
        if each.id in tied or each.in_force or each.in_doubt or has_new_plan(each)
        or _is_new(each, span)
        or list_due(each, made) or any(_is_new_harm(harm, span) for harm in each.harm_found)
    ]  # fmt: skip
    return told or sorted(every, key=lambda each: each.report.occurred)[-1:]


def has_new_plan(record: Record) -> bool:
    """Whether the care plan was changed last: that is in force too."""
    return record.care_plan is not None and record.care_plan.status == "changed"


def strip_worries(record: Record, hidden: re.Pattern[str] | None) -> tuple[Record, bool]:
    """Return what a changeover may hold of a report, and whether its words name a concern.

    ``hidden`` finds the reports that are hidden, as people name them in their own words.
    """
    report = record.report
    is_clean = not names_worry((report.what, report.outcome, report.location), hidden)
    untold = dict.fromkeys(() if is_clean else _WORDS & type(report).model_fields.keys(), "")
    harm = [each for each in record.harm_found if not names_worry((each.harm_found,), hidden)]
    closed = [
        FollowedUp(each.id, each.recorded_at, each.recorded_by, closes=each.closes)
        for each in record.standing
        if each.closes is not None and each not in harm
    ]
    standing = (*record.in_force, *record.in_doubt)
    changes = [each for each in standing if not names_worry((each.text,), hidden)]
    steps = [each for each in record.steps if not names_worry((each.text,), hidden)]
    plan = record.care_plan if has_new_plan(record) else None
    if hides_plan := plan is not None and names_worry((plan.text,), hidden):
        plan = None
    kept = replace(
        record,
        report=report.model_copy(update={**untold, "immediate_action": "", "recommendations": []}),
        follow_ups=tuple(sorted((*harm, *closed), key=lambda each: each.number)),
        changes=tuple(changes),
        steps=tuple(steps),
        steps_done=(),
        corrections=(),
        care_plan=plan,
        tried=(),
    )
    told = len(record.harm_found) + len(standing) + len(record.steps)
    return kept, hides_plan or not is_clean or told > len(harm) + len(changes) + len(steps)


_WORDS = {"what_nearly_happened", "what_happened", "how_prevented", "injury", "location"}


def names_worry(texts: Iterable[str], hidden: re.Pattern[str] | None) -> bool:
    """Whether words name a safeguarding concern, or a report that is ``hidden``."""
    return any(_WORRY.search(each) or (hidden and hidden.search(each)) for each in texts)


def build_changeover(records: Sequence[Record], brief: Brief) -> Document:
    """Return the page: the fullest that fits is drawn."""
    span = brief.span or Span(brief.made)
    newest = sorted(records, key=lambda each: each.report.occurred, reverse=True)
    carer = take_name(brief.carer)
    title = f"For the carer who comes next: {call_client(brief, records)}"
    given = f"From {brief.carer}, made {echo_day(brief.made)}, since {echo_day(span.since)}"
    ring = f"{carer}, {brief.phone}" if brief.phone else f"{carer}: ____________________"
    notice = Notice(f"This page is not everything. Before your first visit, ring {ring}.")
    parts = _list_parts(newest, brief, span)
    front = tuple(Front((*_draw(parts, newest, brief, span, room), notice)) for room in _ROOMS)
    texts = title, join_parts(given, tell_numbers(brief))
    document = make_document("changeover", texts, (), records, brief, front=front)
    return replace(document, byline="", blocks=())


def _list_parts(records: Sequence[Record], brief: Brief, span: Span) -> dict[str, list[_Line]]:
    """Return all that there is to tell under each title."""
    since, ask = f"since {echo_day(span.since)}", _ask_carer(brief)
    return {
        f"Incidents and harm {since}": list(_list_hurt(records, span, ask)),
        "Watch for": list(_list_hazards(records, brief, ask)),
        "In force now": [
            *_list_changes(records, lambda each: each.in_force),
            *_list_plans(each for each in records if not _is_plan_doubted(each)),
        ],
        "May hold no longer": [
            *_list_changes(records, lambda each: each.in_doubt),
            *_list_plans(filter(_is_plan_doubted, records)),
        ],
        f"What nearly happened {since}": list(_list_missed(records, span, ask)),
        "To do": list(_list_steps(records, brief)),
    }


def _draw(
    parts: Mapping[str, Sequence[_Line]],
    records: Sequence[Record],
    brief: Brief,
    span: Span,
    room: int,
) -> Iterator[Block]:
    ask = _ask_carer(brief)
    chosen = _choose(list(parts.values()), room, _ROW_LARGE if brief.large else _ROW)
    for (title, lines), shown in zip(parts.items(), chosen, strict=True):
        if lines:
            more = len(lines) - len(shown)
            rest = f"and {more} more: {ask}" if shown else f"{more}: {ask}"
            yield Heading(title)
            yield Items((*shown, *([rest] if more else ())))
    if not any(_is_new(each, span) for each in records):
        # Not "nothing happened", nor "nothing is written": one may be hidden.
        last = echo_day(records[0].report.occurred)
        yield Words(f"No report on this page is newer than {last}. There may be others.")
    yield Heading(f"Usual for {call_client(brief, records)}")
    yield Lines("", 3 if room > _ROOMS[0] // 2 else 1)


def _ask_carer(brief: Brief) -> str:
    return f"ask {take_name(brief.carer).partition(' ')[0] or 'the carer'}"


def _choose(parts: Sequence[Sequence[_Line]], room: int, row: int) -> list[list[str]]:
    """Return the first lines of each part, one of each in turn, until there is no room.

    Of the first part, which tells of harm, a line may be twice as long as of the others.
    """
    chosen: list[list[str]] = [[] for _ in parts]
    going = [number for number, lines in enumerate(parts) if lines]
    longest = room // _LONGEST
    while going:
        for number in list(going):
            ways = parts[number][len(chosen[number])]
            most = min(room, 2 * longest if number == 0 else longest)
            fitting = (each for each in ways if _count_rows(each, row) <= most)
            line = next(fitting, ways[-1])
            if (rows := _count_rows(line, row)) <= room:
                chosen[number].append(line)
                room -= rows
            if rows > room or len(chosen[number]) == len(parts[number]):
                going.remove(number)
    return chosen


def _count_rows(line: str, row: int) -> int:
    return -(-len(line) // row)


def _is_new(record: Record, span: Span) -> bool:
    return span.holds(record.report.occurred.date(), record.number)


def _is_new_harm(harm: FollowedUp, span: Span) -> bool:
    day = date.fromisoformat(harm.harm_on) if harm.harm_on else harm.day
    return bool(day and span.holds(day, harm.number))


def _list_hazards(records: Sequence[Record], brief: Brief, ask: str) -> Iterator[_Line]:
    here = {each.id: each for each in records}
    theirs = [each for each in brief.patterns if here.keys() >= set(each.ids)]
    for each in sorted(theirs, key=lambda each: (each.name.startswith(UNNAMED), each.is_over)):
        tied = [here[one] for one in each.ids]
        reports, counted = [one.report for one in tied], count_near_misses(tied)
        line = tell_hazard(each.name, each.places, reports, counted)
        name = f"{each.name[0].upper()}{each.name[1:]}"
        told = {change.id for one in tied for change in one.in_force}
        since = [text for change, text in each.since.items() if change in told]
        places = "; ".join(each.places)
        yield " ".join([line, *since]), f"{name} ({places}): {ask}", f"{name}: {ask}"


def _list_changes(
    records: Sequence[Record], choose: Callable[[Record], Iterable[Changed]]
) -> Iterator[_Line]:
    changes = [(each, record.id) for record in records for each in choose(record)]
    for each, report in sorted(changes, key=lambda each: each[0].day, reverse=True):
        line = f"{tell_change(each)} ({report})"
        yield (line,)


def _is_plan_doubted(record: Record) -> bool:
    return bool(record.care_plan and record.care_plan.doubted)


def _list_plans(records: Iterable[Record]) -> Iterator[_Line]:
    for record in records:
        if plan := record.care_plan:
            text, doubt = plan.text or "what, is not written", words.tell_declined(plan.doubted)
            told = end_sentence(f"{join_lines(text).rstrip('. ')}{doubt}")
            yield (f"Care plan changed, {echo_day(plan.day)}: {told} ({record.id})",)


def _list_hurt(records: Sequence[Record], span: Span, ask: str) -> Iterator[_Line]:
    for record in records:
        for harm in record.harm_found:
            if _is_new_harm(harm, span):
                name = words.name_harm(record, harm)
                told = words.tell_told_of_harm(record, harm)
                yield (
                    f"{name}: {end_sentence(join_lines(harm.harm_found))} {told}.",
                    f"{name}: {ask}",
                )
        if record.is_incident and _is_new(record, span) and record.report.what:
            yield _tell_event(record, "Incident, ", ask)


def _list_missed(records: Sequence[Record], span: Span, ask: str) -> Iterator[_Line]:
    for record in records:
        if not record.is_incident and _is_new(record, span) and record.report.what:
            yield _tell_event(record, "", ask)


def _tell_event(record: Record, kind: str, ask: str) -> _Line:
    report = record.report
    where = f"{kind}{words.tell_when(report)}, {report.location}"
    what, outcome = (end_sentence(join_lines(each)) for each in (report.what, report.outcome))
    hurt = f" Hurt: {outcome} Told: {_tell_told(record)}." if kind else ""
    return f"{where}: {what}{hurt} ({record.id})", f"{where}: {ask} ({record.id})"


def _tell_told(record: Record) -> str:
    """Return who was told of the event, or of what is not written."""
    told = [who for each in record.told if not each.of or "event" in each.of for who in each.who]
    return "; ".join(dict.fromkeys(told)) or "nobody yet, as written"


def list_named(record: Record, span: Span, made: date) -> Iterator[str]:
    """Yield the people of a report, as written, whose parts stand on the page."""
    yield from (each.who for each in list_due(record, made))
    is_hurt = record.is_incident and _is_new(record, span)
    if is_hurt or any(_is_new_harm(each, span) for each in record.harm_found):
        yield from (who for each in record.told for who in each.who)


def list_due(record: Record, made: date) -> list[NextStep]:
    """Return the steps that are overdue on the day ``made``, or due soon after it."""
    return [each for each in record.steps if is_due(each, made + _DUE)]


def _list_steps(records: Sequence[Record], brief: Brief) -> Iterator[_Line]:
    made = brief.made
    due = [(each, record) for record in records for each in list_due(record, made)]
    for each, record in sorted(due, key=lambda each: each[0].due or made):
        # To the next carer "the carer" would be the next one.
        who = f"{THE_CARER} who wrote this" if each.who == THE_CARER else each.who
        late = ": overdue" if is_overdue(each, brief) else ""
        line = f"{words.tell_agreed(replace(each, who=who))}{late} ({name_of_step(record)})"
        yield (line,)
