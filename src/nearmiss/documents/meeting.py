"""The meeting pack: for a family to read, talk about and sign."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from nearmiss.dates.shown import echo_day
from nearmiss.documents import front
from nearmiss.documents.blocks import (
    Blank,
    Blanks,
    Block,
    Boxes,
    Document,
    Group,
    Heading,
    Lines,
    Table,
    Words,
    point_to,
)
from nearmiss.documents.brief import (
    Brief,
    call_client,
    count_near_misses,
    end_in_slip,
    join_parts,
    list_harm,
    list_steps,
    make_document,
    make_plots,
    tell_basis,
    tell_numbers,
    tell_span_of,
)
from nearmiss.documents.fitting import (
    MOST,
    Kind,
    Listed,
    Order,
    Section,
    Thing,
    Turn,
    Way,
    count_left,
    fit_front,
    say,
    say_list,
)
from nearmiss.documents.report import list_reports, name_ideas, name_line, tell_hazard_of
from nearmiss.model.questions import QUESTIONS
from nearmiss.records import words
from nearmiss.records.handed import list_agreed
from nearmiss.records.informed import NOBODY_YET, name_tried, tell_harm_day
from nearmiss.records.record import Record
from nearmiss.speech import join_words
from nearmiss.text import begin_sentence, end_sentence, shorten, take_name, take_sentences

_ROW, _ROW_LARGE = 75, 58  # characters of a row of page one
_EARLY = 3  # place of what is asked of who sits there, among words of what happened
_IN_FULL = timedelta(days=90)  # before the newest report; older ones have a line each
_NAME = 40  # characters of who noted something
_OLDER = 200  # characters of what nearly happened in such a line, to the end of a sentence
_NOW, _BEFORE = "What keeps happening", "What kept happening, before the last 90 days"
_NUMBERS = "The numbers run through the whole book: not all of them stand on this paper."
_BLAMES_NOBODY = "Writing it down blames nobody."
_A_SELECTION = "This is a selection, not a medical check"
_SELECTION = f"{_A_SELECTION} or the whole care record."


def build_meeting(records: Sequence[Record], brief: Brief) -> Document:
    """Return the pack: page one to talk from, then what was agreed, then the reports in brief."""
    records = sorted(records, key=lambda record: record.report.occurred)
    client = call_client(brief, records)
    described, ending = end_in_slip([*_describe_all(records, brief)], brief)
    blocks = [*_agree(), _share(client, brief), *make_plots(records, brief.made), *described]
    reader = f"For: {brief.recipient}" if brief.recipient else ""
    subtitle = join_parts(tell_numbers(brief), tell_span_of(records), reader)
    texts = f"Keeping {client} safe at home", subtitle
    first = fit_front(
        [*_list_sections(records, brief)],
        lambda title, blocks: [Heading(title), *blocks],
        row=_ROW_LARGE if brief.large else _ROW,
        head=1,
    )
    return make_document("meeting", texts, blocks, records, brief, front=first, ending=ending)


def _list_sections(records: Sequence[Record], brief: Brief) -> Iterator[Section]:
    warnings = [
        front.tell_incidents(records),
        front.tell_harm_later(records),
        front.tell_concerns(records, brief),
    ]
    yield Section("", warnings)
    yield from _tell_last_time(records, brief)
    counted, harm = count_near_misses(records).replace(", ", " and "), _tell_harm(records, brief)
    latest, short = (f"{begin_sentence(each)}." for each in front.tell_latest(records))
    noted = f"{_name_authors(records)} noted {counted} in this pack."
    whole = Words(" ".join(filter(None, (noted, latest, harm, _SELECTION))))
    fewest = Words(f"{counted} in this pack. {short} {_BLAMES_NOBODY} {_A_SELECTION}.")
    told = (Turn.ALWAYS, [fewest]), (Turn.REST, [whole, Words(words.tell_near_miss(records))])
    yield Section("In short", [say(*told)])
    for title, over in ((_NOW, False), (_BEFORE, True)):
        yield Section(title, [front.tell_patterns(brief.patterns, records, over=over)])
    changed = [front.tell_changes(records, brief), front.tell_done(records)]
    yield Section("What has already changed", changed)
    turns = (Turn.FEW, 1), (Turn.BLANKS, 2), (Turn.WRITING, 3)
    ways: list[tuple[Order, Way]] = [((turn, MOST), [Lines("", rows)]) for turn, rows in turns]
    lines = Kind([Thing(ways)])
    yield Section(f"What matters to {call_client(brief, records)}", [lines])
    yield Section("To talk about", [_tabulate_ideas(records, brief)])


def _tell_last_time(records: Sequence[Record], brief: Brief) -> Iterator[Section]:
    """Yield what was agreed at the last meeting, and whether it is done."""
    last, agreed = list_agreed(records)
    if last is None:
        return
    told = [
        Listed(
            f"{words.tell_agreed(step).rstrip('.')}: {state}", point_to(name_line(step.id)), state
        )
        for step, is_done in agreed
        for late in [", overdue" if step.is_overdue(brief.made) else ""]
        for state in ["done" if is_done else f"not yet{late}"]
    ]
    # The first is not given up for a number, which would take as much room.
    listed = say_list(told, "Steps", Turn.ALWAYS, Turn.TALES)
    # Without a pack that was handed over nobody knows that there was a meeting.
    was_met = any(day <= last for day in brief.packs)
    title = f"Last time ({echo_day(last)}) we agreed" if was_met else f"Agreed {echo_day(last)}"
    yield Section(title, [listed])


def _name_authors(records: Sequence[Record]) -> str:
    names = (take_name(each.recorded_by) for each in records)
    return join_words(list(dict.fromkeys(shorten(name, _NAME) for name in names)))


def _tell_harm(records: Sequence[Record], brief: Brief) -> str:
    found = list_harm(records)
    if not found:  # it may stand in what can't be read
        hurt = brief.unreadable or any(map(words.tells_of_harm, records))
        return "" if hurt else words.tell_none_written(brief.made)
    record, latest = found[0]
    day = tell_harm_day(latest)
    more = f"; {len(found) - 1} more" if len(found) > 1 else ""
    return f"Harm was found later: {record.id}{f' ({day})' if day else ''}{more}."


def _list_to_talk(
    records: Sequence[Record], brief: Brief
) -> Iterator[tuple[tuple[str, str, str], Listed | None]]:
    """Yield what is to be talked about, as a row of the table and as one of a list.

    That is what waits, the hazards that keep coming, and ideas; not what stands under last time.
    A hazard that gets no row is not counted: the question about it stands nowhere else.
    """
    last, _ = list_agreed(records)
    steps = {point_to(name_line(step.id)): step for step, _ in list_steps(records)}
    for each in front.list_undone(records, brief):
        step = steps.get(each.where)
        if step is None:
            yield (each.text, "", ""), each
        elif step.agreed is None or step.agreed != last:
            # It is said of the step, and not beside anybody's name.
            late = ": no note that it was done, overdue" if step.is_overdue(brief.made) else ""
            due = echo_day(step.due) if step.due else ""
            yield (f"{step.text}{late} ({each.of})", step.who, due), each
    for pattern, _ in front.list_here(brief.patterns, records):
        if not pattern.is_over:
            name = end_sentence(begin_sentence(pattern.name))
            yield (f"{name} {QUESTIONS['recommendations'].ask}", "", ""), None
    for each in front.list_ideas(records, brief):
        yield (each.text, "", ""), each


def _find_turn(at: int, each: Listed | None) -> Turn:
    """Return when there is room for a row: what is due is asked of somebody who sits there."""
    return Turn.FEW if not at or (each and each.state == front.DUE) else Turn.IDEAS


def _tabulate_ideas(records: Sequence[Record], brief: Brief) -> Kind:
    """Return what is to be talked about; a row to write in gives way first."""

    def draw(rows: list[Way], left: list[Thing], told: int) -> list[Block]:
        blocks: list[Block] = []
        if rows:
            shown = tuple(row for row in rows if isinstance(row, tuple))
            blocks.append(Table(("Idea", "Who", "By when"), shown, (15, 4, 5)))
        if some := [each for each in left if each.where]:
            counted = count_left(some, told, "In this pack")
            blocks.append(Words(end_sentence(counted)))
        return blocks

    found = [*_list_to_talk(records, brief)]
    things = [
        Thing(
            [((_find_turn(at, each), _EARLY + at), row)] if at < MOST else [],
            each.where if each else "",
            each.state if each else "",
        )
        for at, (row, each) in enumerate(found)
    ]
    turns = (Turn.BLANKS, Turn.WRITING) if found else (Turn.ALWAYS, Turn.WRITING)
    return Kind(
        [*things, *(Thing([((turn, 0), ("", "", ""))]) for turn in turns)], draw, Turn.ALWAYS
    )


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
    part = Blanks((Blank("Only"),))
    decided = Blanks((Blank("Decided by", width=2), Blank("because", width=3)))
    attorney = (
        "Being next of kin does not by itself give this right; "
        "a health and welfare attorney or deputy may."
    )
    return Group((Heading("Sharing"), boxes, part, decided, Words(attorney, "small")))


def _describe_all(records: Sequence[Record], brief: Brief) -> Iterator[Block]:
    """Yield the reports, the newest first: of an older one that nothing hangs on, a line."""
    since = records[-1].report.occurred - _IN_FULL
    recent, older = list[Record](), list[Record]()
    for each in records:
        is_told = each.report.occurred >= since or _is_weighty(each)
        (recent if is_told else older).append(each)
    yield Heading("The reports in brief")
    yield Words(_NUMBERS, "small")
    standing = [replace(each, follow_ups=each.standing) for each in reversed(recent)]
    yield from list_reports(standing, brief)
    if older:
        yield Heading("Other reports, in brief")
        yield from (_tell_line(each, brief) for each in reversed(older))


def _is_weighty(record: Record) -> bool:
    """Whether page one may tell of it, or something is still to do: then it stands in full."""
    is_grave = record.is_incident or record.harm_found or record.report.safeguarding
    return bool(is_grave or record.changes or record.care_plan or record.steps or record.steps_done)


def _tell_line(record: Record, brief: Brief) -> Words:
    report = record.report
    told = [who for each in record.told for who in each.who]
    tried = name_tried(record, record.tried).items()
    said = [
        take_sentences(report.what, _OLDER),
        *(
            f"{words.name_field(field)}: {take_sentences(text, _OLDER)}"
            for field, text in (
                ("how_prevented", report.outcome),
                ("immediate_action", report.immediate_action),
            )
        ),
        f"Told: {'; '.join(dict.fromkeys(told)) or NOBODY_YET}",
        *(f"{title}: {'; '.join(who)}" for title, who in tried),
        words.tell_end(record, whole=True),
        record.pattern and ": ".join(tell_hazard_of(record, brief)),
    ]
    label = f"{words.tell_when(report)}, {report.location}, {record.id}"
    ideas = report.recommendations if record.is_open else []
    asked = Words(
        "; ".join(ideas), "normal", words.name_field("recommendations"), name_ideas(record)
    )
    text = " ".join(map(end_sentence, filter(None, said)))
    return Words(text, label=label, anchor=record.id, more=(asked,) if ideas else ())
