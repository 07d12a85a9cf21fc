"""The handover: one page for a professional who has half a minute, then what it rests on.

It follows SBARD (situation, background, assessment, recommendation, decision), with what a carer
can give in the place of an assessment: what was observed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from nearmiss.dates.shown import echo_day
from nearmiss.documents.blocks import (
    Blank,
    Blanks,
    Block,
    Boxes,
    Document,
    Front,
    Heading,
    Items,
    Lines,
    Part,
    Table,
    Words,
)
from nearmiss.documents.brief import (
    Brief,
    count,
    count_near_misses,
    list_changed,
    list_concerns,
    list_ideas,
    list_patterns,
    list_steps,
    make_document,
    make_identity,
    make_plots,
    tell_span_of,
)
from nearmiss.documents.front import Harm, end_in_slip, tell_all_harm, tell_basis, tell_front_harm
from nearmiss.documents.people import name_group
from nearmiss.documents.report import attach_report
from nearmiss.records import words
from nearmiss.records.record import Record
from nearmiss.speech import name_some
from nearmiss.text import shorten, shorten_at_sense

_CELL = 60  # characters in a line of the table; the reports that follow have them all


@dataclass(frozen=True)
class HandoverRoom:
    """How much page one tells, beside what it always has.

    ``line`` is the most characters of an item; ``harm`` how much of harm found later stands there.
    """

    harm: Harm
    observed: int
    patterns: int
    told: int
    ideas: int
    line: int
    ask: int


_ROOMS = (
    HandoverRoom("whole", observed=3, patterns=3, told=6, ideas=4, line=160, ask=2),
    HandoverRoom("whole", observed=3, patterns=2, told=4, ideas=3, line=110, ask=2),
    HandoverRoom("whole", observed=2, patterns=2, told=3, ideas=2, line=80, ask=2),
    HandoverRoom("whole", observed=1, patterns=1, told=2, ideas=1, line=50, ask=2),
    HandoverRoom("named", observed=3, patterns=2, told=4, ideas=3, line=110, ask=2),
    HandoverRoom("named", observed=2, patterns=1, told=3, ideas=2, line=70, ask=2),
    HandoverRoom("named", observed=1, patterns=1, told=2, ideas=1, line=50, ask=1),
    HandoverRoom("counted", observed=1, patterns=1, told=1, ideas=1, line=36, ask=1),
)
_REQUESTS = ("review medicines", "review walking", "visit", "ring me")
_REPLIES = ("today (I have telephoned)", "this week", "routine")


def build_handover(records: Sequence[Record], brief: Brief) -> Document:
    """Return page one, a table of the reports, each report in full, and the slip."""
    records = sorted(records, key=lambda record: record.report.occurred)
    blocks, ending = end_in_slip(
        [
            *_list_table(records, brief),
            *make_plots(records),
            *(attach_report(record, brief) for record in records),
        ],
        brief,
    )
    texts = "Carer's handover: not for emergencies", f"Written by a carer, {echo_day(brief.made)}."
    front = tuple(_make_front(records, brief, room) for room in _ROOMS)
    document = make_document("handover", texts, blocks, records, brief, front=front, ending=ending)
    return replace(document, byline="")  # the carer stands beside "From"


def _make_front(records: Sequence[Record], brief: Brief, room: HandoverRoom) -> Front:
    blocks = (*_address(records, brief), *_list_parts(records, brief, room))
    return Front(blocks, tell_all_harm(records, room.harm))


def _address(records: Sequence[Record], brief: Brief) -> Iterator[Block]:
    yield from make_identity(brief, records)
    yield Blanks((Blank("Address", width=3), Blank("To", brief.recipient, 2)))
    yield Blanks((Blank("From" if brief.large else "From, role, telephone", brief.sender),))
    yield Blanks((Blank("Shared because", tell_basis(brief)),))


def _list_parts(records: Sequence[Record], brief: Brief, room: HandoverRoom) -> Iterator[Part]:
    yield Part("I am asking for", tuple(_ask(brief, room)))
    yield Part("Situation", tuple(_tell_situation(records, brief, room)))
    yield Part("Background", tuple(_tell_background(records, room)))
    yield Part("What I observed, not a diagnosis", tuple(_tell_observed(records, brief, room)))
    yield Part("What I do not know", (Lines("", 1),))
    ideas = _list_ideas(records, room)
    if ideas:
        yield Part("Ideas so far", (Items(ideas),))
    decision = Blanks((Blank("Who"), Blank("What"), Blank("When")))
    yield Part("Decision", (decision, Blanks((Blank("Who tells the carer"),))))


def _ask(brief: Brief, room: HandoverRoom) -> Iterator[Block]:
    yield Words(brief.request, "strong") if brief.request else Lines("", room.ask)
    yield Boxes("", _REQUESTS)
    yield Boxes("Reply", _REPLIES)


def _tell_situation(records: Sequence[Record], brief: Brief, room: HandoverRoom) -> Iterator[Block]:
    yield from tell_front_harm(records, brief, room.harm)
    patterns = list_patterns(brief.patterns, records)[: room.patterns]
    if patterns:
        yield Items(tuple(patterns))
        if room.harm == "counted":
            return
    last = records[-1]
    latest = words.tell_when(last.report)
    if len(records) == 1:
        yield Words(f"{count_near_misses(records)}, {latest}", "strong")
        return
    noted = f"{count_near_misses(records)}, {tell_span_of(records)}"
    told_below = last in _choose_observed(records, brief, room)
    what = "" if told_below else f": {shorten_at_sense(last.report.what, room.line)}"
    yield Words(f"{noted}, the latest {latest}{what}", "strong")


def _tell_background(records: Sequence[Record], room: HandoverRoom) -> Iterator[Block]:
    yield Words(_tell_told(records, room), label="Told, by my notes")
    changes = [shorten_at_sense(text, room.line) for text in list_changed(records)[: room.ideas]]
    if changes:
        yield Words("; ".join(changes))
    yield Blanks((Blank("Usual walking"), Blank("Allergies")))
    yield Blanks((Blank("Recent medicine changes"),))


def _tell_told(records: Sequence[Record], room: HandoverRoom) -> str:
    """Return who was told, by the parts they play, professionals first, the latest first."""
    noted: dict[tuple[bool, str], list[str]] = {}
    for record in records:
        for told in record.told:
            for group in dict.fromkeys(map(name_group, told.who)):
                noted.setdefault(group, []).append(told.recorded_at)
    if not noted:
        return f"{words.NOBODY}."
    ordered = sorted(noted, key=lambda group: max(noted[group]), reverse=True)
    ordered.sort(key=lambda group: not group[0])
    named = [_tell_group(group[1], noted[group], room) for group in ordered]
    return "; ".join(name_some(named, room.told))


def _tell_group(who: str, noted: Sequence[str], room: HandoverRoom) -> str:
    name, last = shorten(who, room.line), max(noted)
    day = echo_day(datetime.fromisoformat(last)) if last else ""
    if len(noted) == 1:
        return f"{name} (noted {day})" if day else name
    return f"{name}, {count(len(noted), 'note')}{f', last {day}' if day else ''}"


def _tell_observed(records: Sequence[Record], brief: Brief, room: HandoverRoom) -> Iterator[Block]:
    chosen = _choose_observed(records, brief, room)
    yield Items(
        tuple(
            f"{words.tell_when(each.report)}: "
            f"{shorten_at_sense(each.report.what, room.line)} ({each.id})"
            for each in chosen
        )
    )
    yield Blanks((Blank("Not their usual self"),))


def _choose_observed(records: Sequence[Record], brief: Brief, room: HandoverRoom) -> list[Record]:
    """Return the reports that page one tells of, in the order in which they matter.

    That is the latest with harm, the latest that raises a concern, the latest of a pattern, then
    the newest.
    """
    tied = {each for pattern in brief.patterns for each in pattern.ids}
    newest = sorted(records, key=lambda each: each.report.occurred, reverse=True)
    concerns = list_concerns(newest if brief.rules.safeguarding else ())
    ranked = [
        *[each for each in newest if each.is_incident or each.harm_found][:1],
        *concerns[:1],
        *[each for each in newest if each.id in tied][:1],
        *newest,
    ]
    return list({each.id: each for each in ranked}.values())[: room.observed]


def _list_ideas(records: Sequence[Record], room: HandoverRoom) -> tuple[str, ...]:
    steps = [
        f"{words.NEXT_STEP}: {words.tell_step(each, room.line)}" for each in list_steps(records)
    ]
    ideas = [shorten_at_sense(each, room.line) for each in list_ideas(records)]
    return tuple([*steps, *ideas][: room.ideas])


def _list_table(records: Sequence[Record], brief: Brief) -> Iterator[Block]:
    if len(records) > 1:
        yield Heading("The reports at a glance")
        yield _tabulate(records, brief)


def _tabulate(records: Sequence[Record], brief: Brief) -> Table:
    head = (
        ("Report", 13),
        ("When", 12),
        ("What nearly happened", 19),
        ("Where", 13),
        ("Told", 13),
        ("Harm or concern" if brief.rules.safeguarding else "Harm", 12),
        ("Status", 10),
    )
    rows = tuple(_make_row(record, brief) for record in records)
    return Table(tuple(title for title, _ in head), rows, tuple(width for _, width in head))


def _make_row(record: Record, brief: Brief) -> tuple[str, ...]:
    report = record.report
    # The column is narrow: how and when they were told stands in the report.
    told = dict.fromkeys(name_group(who)[1].partition(",")[0] for who in record.informed)
    marks = ["Incident"] if record.is_incident else []
    marks += [words.HARM] if record.harm_found else []
    if brief.rules.safeguarding and report.safeguarding:
        marks.append(words.CONCERN)
    return (
        record.id,
        words.tell_day_and_hour(report),
        shorten(report.what, _CELL),
        report.location,
        shorten("; ".join(told), 2 * _CELL) or words.NOBODY,
        "; ".join(marks) or "None written down",
        words.tell_status(record),
    )
