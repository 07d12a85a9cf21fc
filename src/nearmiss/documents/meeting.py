"""The meeting pack: for a family to read, talk about and sign."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nearmiss.dates.shown import echo_day
from nearmiss.documents.blocks import (
    Blank,
    Blanks,
    Block,
    Boxes,
    Document,
    Front,
    Group,
    Heading,
    Items,
    Lines,
    Notice,
    Table,
    Words,
)
from nearmiss.documents.brief import (
    A_NEAR_MISS,
    Brief,
    call_client,
    count_near_misses,
    join_parts,
    list_changed,
    list_ideas,
    list_patterns,
    list_steps,
    make_document,
    make_plots,
    tell_harm,
    tell_numbers,
    tell_span_of,
)
from nearmiss.documents.front import Harm, end_in_slip, tell_all_harm, tell_basis, tell_front_harm
from nearmiss.model.questions import QUESTIONS
from nearmiss.records import words
from nearmiss.records.handed import list_agreed
from nearmiss.records.record import NextStep, Record
from nearmiss.speech import join_words, name_some
from nearmiss.text import shorten, shorten_at_sense

_IN_FULL = timedelta(days=90)  # before the newest report; older ones have a line each
_NAME = 40  # characters of who noted something
_OLDER = 100  # characters of what nearly happened in such a line
_SELECTION = "This is a selection, not a medical check or the whole care record."


@dataclass(frozen=True)
class PackRoom:
    """How much page one tells, beside what it always has.

    ``line`` is the most characters of an item, ``lines`` how many are to be written on, ``empty``
    how many rows; ``harm`` how much of harm found later stands there.
    """

    harm: Harm
    patterns: int
    changes: int
    lines: int
    ideas: int
    empty: int
    line: int


_ROOMS = (
    PackRoom("whole", patterns=4, changes=4, lines=3, ideas=6, empty=2, line=140),
    PackRoom("whole", patterns=4, changes=3, lines=2, ideas=4, empty=2, line=100),
    PackRoom("whole", patterns=2, changes=2, lines=2, ideas=3, empty=1, line=80),
    PackRoom("whole", patterns=2, changes=1, lines=1, ideas=2, empty=1, line=60),
    PackRoom("named", patterns=2, changes=2, lines=2, ideas=3, empty=1, line=80),
    PackRoom("named", patterns=1, changes=1, lines=1, ideas=2, empty=1, line=60),
    PackRoom("counted", patterns=1, changes=1, lines=1, ideas=1, empty=1, line=40),
)


def build_meeting(records: Sequence[Record], brief: Brief) -> Document:
    """Return the pack: page one to talk from, then what was agreed, then the reports in brief."""
    records = sorted(records, key=lambda record: record.report.occurred)
    client = call_client(brief, records)
    described, ending = end_in_slip([*_describe_all(records, brief)], brief)
    blocks = [*_agree(), _share(client, brief), *make_plots(records), *described]
    texts = f"Keeping {client} safe at home", _tell_subtitle(records, brief)
    front = tuple(_make_front(records, brief, room) for room in _ROOMS)
    return make_document("meeting", texts, blocks, records, brief, front=front, ending=ending)


def _tell_subtitle(records: Sequence[Record], brief: Brief) -> str:
    reader = f"For: {brief.recipient}" if brief.recipient else ""
    return join_parts(tell_numbers(brief), tell_span_of(records), reader)


def _make_front(records: Sequence[Record], brief: Brief, room: PackRoom) -> Front:
    now, over = (
        list_patterns(brief.patterns, records, over=each)[: room.patterns] for each in (False, True)
    )
    last, agreed = list_agreed(records)
    blocks = (
        *tell_front_harm(records, brief, room.harm),
        *_begin(records, brief),
        *_tell_last_time(agreed, last, room),
        *_list("What keeps happening", now, 3 * room.line),
        *_list("What kept happening", over, 3 * room.line),
        *_list("What has already changed", list_changed(records)[: room.changes], room.line),
        Heading(f"What matters to {call_client(brief, records)}"),
        Lines("", room.lines),
        Heading("To talk about"),
        _tabulate_ideas(records, room),
    )
    return Front(blocks, tell_all_harm(records, room.harm))


def _begin(records: Sequence[Record], brief: Brief) -> Iterator[Block]:
    yield Heading("In short")
    names = (each.recorded_by.partition(",")[0] for each in records)
    authors = dict.fromkeys(shorten(name, _NAME) for name in names)
    noted = f"{join_words(list(authors))} noted {count_near_misses(records)} in this pack."
    yield Words(" ".join(filter(None, (noted, _tell_harm(records, brief), _SELECTION))))
    yield Words(A_NEAR_MISS)


def _tell_last_time(
    agreed: Sequence[tuple[NextStep, bool]], last: date | None, room: PackRoom
) -> Iterator[Block]:
    """Yield what was agreed at the last meeting, and whether it is done."""
    if last is None:
        return
    told = [
        f"{shorten_at_sense(words.tell_agreed(step), 2 * room.line)}: "
        f"{'done' if is_done else 'not yet'}"
        for step, is_done in agreed
    ]
    yield Heading(f"Last time ({echo_day(last)}) we agreed")
    yield Items(tuple(name_some(told, room.ideas, "and {} more, in the reports")))


def _tell_harm(records: Sequence[Record], brief: Brief) -> str:
    harmed = [record for record in records if record.harm_found]
    if not harmed:  # it may stand in what can't be read
        hurt = brief.unreadable or any(map(words.tells_of_harm, records))
        return "" if hurt else words.tell_none_written(brief.made)
    shown = join_words([_tell_harmed(each) for each in harmed[-_HARMED:]])
    more = len(harmed) - _HARMED
    return f"Harm was found later: {shown}{f', and in {more} more' if more > 0 else ''}."


_HARMED = 3  # reports with harm that "In short" names


def _tell_harmed(record: Record) -> str:
    day = record.harm_found[-1].day
    return f"{record.id}{f' ({echo_day(day)})' if day else ''}"


def _list(title: str, texts: Sequence[str], most: int) -> tuple[Block, ...]:
    if not texts:
        return ()
    return (Heading(title), Items(tuple(shorten_at_sense(each, most) for each in texts)))


def _tabulate_ideas(records: Sequence[Record], room: PackRoom) -> Table:
    steps = [
        (shorten_at_sense(each.text, room.line), each.who, echo_day(each.due) if each.due else "")
        for each in list_steps(records)
    ]
    ideas = [(shorten_at_sense(each, room.line), "", "") for each in list_ideas(records)]
    # An idea comes before a row to write in: there is none where one of them would be left out.
    rows = [*steps, *ideas][: room.ideas + room.empty]
    rows += [("", "", "")] * min(room.empty, room.ideas + room.empty - len(rows))
    return Table(("Idea", "Who", "By when"), tuple(rows), (6, 3, 3))


def _agree() -> Iterator[Block]:
    sign = Blanks((Blank("Name", width=3), Blank("Signature", width=3), Blank("Date", width=2)))
    blocks = (Lines("", 4), sign, sign, Blanks((Blank("We talk again on"),)))
    yield Group((Heading("What we agreed"), *blocks))


def _share(client: str, brief: Brief) -> Group:
    """Return what was said about sharing when it was asked, else boxes to tick."""
    given = tell_basis(brief)
    if given:
        reader = f" with {brief.recipient}" if brief.recipient else ""
        return Group((Heading("Sharing"), Words(f"Shared{reader}: {given}.")))
    boxes = Boxes(
        f"{client}:",
        (
            "agreed",
            "agreed to part: only what is listed here",
            "said no",
            "could not decide this today: shared in their best interests",
        ),
        stacked=True,
    )
    decided = Blanks((Blank("Decided by", width=2), Blank("because", width=3)))
    attorney = (
        "Being next of kin does not by itself give this right; "
        "a health and welfare attorney or deputy may."
    )
    return Group((Heading("Sharing"), boxes, decided, Words(attorney, "small")))


def _describe_all(records: Sequence[Record], brief: Brief) -> Iterator[Block]:
    since = records[-1].report.occurred - _IN_FULL
    recent = [each for each in records if each.report.occurred >= since or each.harm_found]
    older = [each for each in records if each not in recent]
    yield Heading("The reports in brief")
    for record in reversed(recent):
        yield Group(tuple(_describe(record, brief)))
    if older:
        yield Heading("Older reports", 3)
        yield Items(tuple(_tell_line(each, brief) for each in reversed(older)))


def _describe(record: Record, brief: Brief) -> Iterator[Block]:
    report = record.report
    kind = "Incident · " if record.is_incident else ""
    yield Heading(f"{kind}{words.tell_when(report)} · {report.location} · {record.id}", 3)
    for each in record.harm_found:
        yield Notice(tell_harm(record, each))
    if brief.rules.safeguarding and report.safeguarding:
        yield Notice(words.CONCERN)
    yield Words(report.what)
    yield Words(report.outcome, label=words.name_field(_OUTCOME[record.is_incident]))
    yield Words(report.immediate_action, label=QUESTIONS["immediate_action"].title)
    if record.told:
        yield Words("; ".join(words.tell_told(record, each) for each in record.told), label="Told")
    if record.tried:
        tried = "; ".join(words.tell_told(record, each) for each in record.tried)
        yield Words(tried, label=words.name_field("tried"))
    if report.recommendations:
        yield Words("; ".join(report.recommendations), label="Ideas")
    yield from _describe_later(record)


_OUTCOME = {False: "how_prevented", True: "injury"}


def _describe_later(record: Record) -> Iterator[Words]:
    for entry in record.corrections:
        seen = any(change.old is not None or change.new is not None for change in entry.changes)
        name = "Corrected" if seen else "Noted"
        yield Words(" ".join(words.tell_changes(entry)), label=f"{name}{_on(entry.day)}")
    for each in record.standing:
        facts = [fact for fact in words.name_facts(record, each) if fact[0] not in _TOLD_ABOVE]
        if facts:
            told = " ".join(words.tell_fact(*fact) for fact in facts)
            yield Words(told, label=f"Noted{_on(each.day)}")


_TOLD_ABOVE = (words.HARM, "Told", words.name_field("tried"))


def _on(day: date | None) -> str:
    return f" {echo_day(day)}" if day else ""


def _tell_line(record: Record, brief: Brief) -> str:
    report = record.report
    concern = brief.rules.safeguarding and report.safeguarding
    mark = " Incident." if record.is_incident else ""
    mark += f" {words.CONCERN}." if concern else ""
    what = shorten(report.what, _OLDER)
    return f"{words.tell_when(report)}, {report.location}: {what}{mark} ({record.id})"
