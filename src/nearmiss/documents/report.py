"""The report, one near miss to a page if it fits; and the blank form."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nearmiss.dates.shown import echo_day, echo_weekday
from nearmiss.documents.blocks import (
    BACK,
    Blank,
    Blanks,
    Block,
    Boxes,
    Document,
    Group,
    Heading,
    Items,
    Lines,
    Notice,
    Part,
    Table,
    Words,
    point_to,
)
from nearmiss.documents.brief import (
    TOLD_IN,
    Brief,
    count_near_misses,
    find_pattern,
    join_parts,
    make_document,
    make_identity,
    name_clients,
    tell_lateness,
    tell_span_of,
)
from nearmiss.documents.ledger import tell_numbers_of
from nearmiss.insight.telling import UNNAMED
from nearmiss.model.ids import EntryId
from nearmiss.model.questions import CATEGORY_LABELS, INCIDENT_QUESTIONS, QUESTIONS
from nearmiss.records import words
from nearmiss.records.informed import (
    THAT_DAY,
    list_told_later,
    mark_hours,
    name_tried_by,
    tell_nobody,
    tell_told_of,
)
from nearmiss.records.record import Corrected, FollowedUp, Record
from nearmiss.speech import join_words
from nearmiss.text import end_sentence

_SIGNATURE = Blanks((Blank("Signature", width=3), Blank("Date", width=2)))


def build_report(records: Sequence[Record], brief: Brief) -> Document:
    """Return the reports; one is signed, and each of several stays on a page if it fits."""
    blocks: list[Block] = [*make_identity(brief, records)]
    if len(records) > 1:
        texts = "Near miss reports", join_parts(join_words(name_clients(records)), _count(records))
        blocks += list_reports(records, brief, level=2)
        return make_document("report", texts, blocks, records, brief, ending=(_SIGNATURE,))
    [record] = records
    texts = f"{words.name_kind(record)} report {record.id}", _tell_kind(record)
    described = [*_warn(record, brief), *_describe_alone(record, brief)]
    # The signature never stands on a page without what is signed.
    *before, last = described
    ending = (last, Words(_tell_making(record, brief), "small"), _SIGNATURE)
    return make_document("report", texts, [*blocks, *before], records, brief, ending=ending)


def _count(records: Sequence[Record]) -> str:
    return f"{count_near_misses(records)}, {tell_span_of(records)}"


def _tell_kind(record: Record) -> str:
    """Return whose report it is, of what kind, and whether it is closed."""
    kind = CATEGORY_LABELS[record.report.category]
    return join_parts(record.report.client, kind, words.tell_status(record))


def list_reports(records: Sequence[Record], brief: Brief, *, level: int = 3) -> Iterator[Block]:
    """Yield each of several reports under its number."""
    if not brief.unreadable:  # else it may stand there
        said = "Where a report tells of no harm, none has been written down later"
        made = echo_day(brief.made)
        yield Words(f"{said}, as of {made}. This is not a medical check.", "small")
    names_client = len(name_clients(records)) > 1
    for record in records:
        yield _attach_report(record, brief, level, names_client=names_client)


def _attach_report(record: Record, brief: Brief, level: int, *, names_client: bool) -> Group:
    """Return one report among several: no line without something in it, and each text once."""
    report = record.report
    kind = "Incident" if record.is_incident else ""
    place = join_parts(kind, words.name_number(record), words.tell_when(report), report.location)
    stated = join_parts(
        report.client if names_client else "",
        CATEGORY_LABELS[report.category],
        words.tell_status(record),
        words.tell_concern(report) if brief.rules.safeguarding else "",
        _tell_written(record, brief).replace(f"{echo_weekday(report.occurred)}, ", ""),
    )
    head = Heading(place, level, anchor=record.id)
    told = [_draw_fact(each, "; ") for each in _list_answers(record, brief)]
    later = [_draw_fact(each, " ") for each in _list_later(record, brief)]
    facts = (told[0], *_draw_together(told[1:]), *_draw_together(later))
    return Group((head, Words(stated, "small"), *_warn(record, brief), *facts), whole=False)


def _draw_fact(fact: "_Fact", joint: str) -> Words:
    texts, title, anchor = fact
    return Words(joint.join(texts), label=title, anchor=anchor)


def _draw_together(facts: Sequence[Words]) -> Iterator[Words]:
    """Yield short facts as one paragraph, each on its line."""
    if facts:
        yield replace(facts[0], more=tuple(facts[1:]))


def _describe_alone(record: Record, brief: Brief) -> Iterator[Block]:
    """Yield a report on a page of its own: the seven in order, then what came later."""
    report = record.report
    shown: list[_Fact] = [
        ([words.tell_when(report)], words.name_field("occurred_at"), ""),
        ([report.location], words.name_field("location"), ""),
        *_list_answers(record, brief),
    ]
    if brief.rules.safeguarding:
        shown.append(([words.tell_concern(report)], words.name_field("safeguarding"), ""))
    for texts, title, _ in shown:
        yield Part(title, (Items(tuple(texts)) if len(texts) > 1 else Words(texts[0]),))
    later = list(_list_later(record, brief))
    if later:
        yield Heading("Since then")
    for texts, title, _ in later:
        yield Part(title, tuple(map(Words, texts)), 3)


def _warn(record: Record, brief: Brief) -> Iterator[Notice]:
    """Yield what comes first of a report: withdrawn, harm found later, a possible concern."""
    if record.withdrawn:
        yield Notice(words.tell_withdrawn(record.withdrawn))
    for each in record.harm_found:
        told = end_sentence(tell_told_of(record, each.id))
        yield Notice(f"{each.harm_found}\n{told}", words.name_harm(record, each), each.id)
    if brief.rules.safeguarding and record.report.safeguarding:
        told = "\n".join(map(end_sentence, words.tell_concern_told(record)))
        yield Notice(told, label="Possible safeguarding concern raised")


_Fact = tuple[list[str], str, str]  # what is said, its title, and what it is pointed to by


def _list_answers(record: Record, brief: Brief) -> Iterator[_Fact]:
    """Yield what the report itself says from what happened on; who was told later stands there."""
    report = record.report
    how, since = list_told_later(record)
    later = [f"Nobody when it was written; {how}, as below" if since else tell_nobody(record)]
    if how == THAT_DAY:
        later = [who for each in since for who in each.informed]
    anchors = {"injury": name_injury(record), "recommendations": name_ideas(record)}
    for field in (*TOLD_IN[record.is_incident], "immediate_action", *_IN_LISTS):
        texts = getattr(report, field) or (later if field == "informed" else [])
        if field == "tried":
            for title, who in name_tried_by(record, texts).items():
                yield mark_hours(record, who), _name_answer(record, field, title), ""
        elif texts:
            said = [texts] if isinstance(texts, str) else mark_hours(record, texts)
            yield said, _name_answer(record, field), anchors.get(field, "")
    if record.pattern:
        title, text = tell_hazard_of(record, brief)
        yield [text], title, ""


_IN_LISTS = ("informed", "tried", "recommendations")


def _name_answer(record: Record, field: str, title: str = "") -> str:
    """Return what an answer is called; where it was put right since, on which day."""
    days = [
        each.day
        for each in record.corrections
        if each.about == record.id and any(one.field == field for one in each.changes)
    ]
    on = f", as corrected {echo_day(days[-1])}" if days and days[-1] else ""
    return f"{title or words.name_field(field)}{on}"


def name_line(entry: str) -> str:
    """Return by what the line of a later entry is pointed to."""
    return f"{entry}-line"


def name_ideas(record: Record) -> str:
    """Return by what the ideas of a report are pointed to."""
    return f"{record.id}-ideas"


def name_injury(record: Record) -> str:
    """Return by what it is pointed to who was hurt, and how."""
    return f"{record.id}-injury"


def tell_hazard_of(record: Record, brief: Brief) -> tuple[str, str]:
    """Return what stands before the name of a report's hazard, and that; without one its others.

    The day of the mark, where the reader may know it, is none of those of the report.
    """
    pattern = find_pattern(record, brief.patterns)
    day = f" (marked {echo_day(pattern.marked)})" if pattern and pattern.marked else ""
    if not record.pattern.startswith(UNNAMED):
        return words.PATTERN, f"{record.pattern}{day}"
    tied = {*pattern.ids} - {record.id} if pattern else set()
    others = tell_numbers_of(EntryId.parse(each).number for each in tied)
    told = f"with {others}" if others else record.pattern.removeprefix(f"{UNNAMED}: ")
    return UNNAMED, f"{told}{day}"


_TEXTS = (*TOLD_IN[False], *TOLD_IN[True], "immediate_action")


def _list_later(record: Record, brief: Brief) -> Iterator[_Fact]:
    """Yield what came later in the order written, each under its day, number and author."""
    later: list[FollowedUp | Corrected] = [*record.follow_ups, *record.corrections]
    for entry in sorted(later, key=lambda each: each.number):
        if isinstance(entry, FollowedUp):
            pointed = entry.changed or entry.next_step or entry.care_plan_status
            anchor = name_line(entry.id) if pointed else ""
            yield _tell_follow_up(entry, record, brief), _name_later("Noted", entry, record), anchor
        else:
            seen = any(each.old is not None or each.new is not None for each in entry.changes)
            title = _name_later("Corrected" if seen else "Noted", entry, record)
            yield [end_sentence(each) for each in _tell_changes(entry, record)], title, ""
    if record.disclosures:
        handed = [
            f"{each.id}, {words.tell_stamp(each)}: {words.tell_handed_over(each)}"
            for each in record.disclosures
        ]
        yield handed, "Handed over", ""


def _name_later(name: str, entry: FollowedUp | Corrected, record: Record) -> str:
    day = f"{echo_day(entry.day)}{words.tell_clock(entry)}" if entry.day else ""
    # Of a follow-up that is the report's own author, if nobody else; a correction says who.
    is_same = isinstance(entry, FollowedUp) and entry.recorded_by == record.recorded_by
    by = f"by {entry.recorded_by}" if entry.recorded_by and not is_same else ""
    return f"{name} {', '.join(filter(None, (day, entry.id, by)))}"


def _tell_follow_up(entry: FollowedUp, record: Record, brief: Brief) -> list[str]:
    """Return what a follow-up says, a sentence each; harm that counts is told first of all."""
    if entry.withdrawn:
        return [end_sentence(each) for each in words.tell_follow_up(record, entry)]
    due = {step.id for step in record.steps if step.is_overdue(brief.made)}
    stands = {words.HARM: point_to(BACK + entry.id)}
    for change in record.changes:
        if change.id == entry.id:
            stands[words.CHANGED] = words.tell_changed(change)
    told = []
    for name, text in words.name_facts(record, entry):
        overdue = " (overdue)" if name == words.NEXT_STEP and entry.id in due else ""
        told.append(end_sentence(words.tell_fact(name, f"{stands.get(name, text)}{overdue}")))
    return told


def _tell_changes(entry: Corrected, record: Record) -> list[str]:
    """Return what was put right, whole: part of an old text can say what nobody wrote.

    A new text that the report itself shows, to which nothing was changed since, is not repeated.
    """
    stands = {field: getattr(record.report, field, None) for field in _TEXTS}
    changes = (
        replace(each, new="as it stands above")
        if entry.about == record.id and each.new and each.new == stands.get(each.field)
        else each
        for each in entry.changes
    )
    return words.tell_changes(replace(entry, changes=tuple(changes)))


def _tell_making(record: Record, brief: Brief) -> str:
    """Return whether harm is known, and when and by whom the report was written."""
    written = f"{_tell_written(record, brief)}."
    said = not (brief.unreadable or words.tells_of_harm(record))
    return f"{words.tell_no_harm(brief.made)} {written}" if said else written


def _tell_written(record: Record, brief: Brief) -> str:
    return f"{words.tell_writing(record)}{tell_lateness(record, record.report, brief.rules)}"


# Lines to write on, as usual and in large print: so that it is two sheets either way.
_LINES = {"what_nearly_happened": (5, 4), "how_prevented": (2, 1), "immediate_action": (3, 2)}
_TOLD_ROWS = (3, 2)


def build_form(records: Sequence[Record], brief: Brief) -> Document:
    """Return the form to fill in by hand: no record stands on it, only the carer's name."""
    del records
    blocks = [
        Boxes("", ("Near miss: nobody was hurt", "Incident: someone was hurt")),
        Notice("Hurt or not sure? 999 or 111 first. The record can wait."),
        *_ask_all(brief),
        *_end(brief),
    ]
    return Document(
        "form",
        "Near miss record",
        "",
        tuple(blocks),
        "Near miss record · Keep private. When in doubt, escalate.",
        head="Who (initials) ____________   Date ____________",
        label="Near miss record, to fill in by hand",
        large=brief.large,
    )


def _ask_all(brief: Brief) -> Iterator[Part]:
    for number, (field, question) in enumerate(QUESTIONS.items(), start=1):
        help_text = Words(question.help, "small")
        yield Part(f"{number}. {question.ask}", (help_text, *_make_room(field, brief)))
        if field == "how_prevented":
            hurt = INCIDENT_QUESTIONS["injury"].ask
            yield Part(f"If an incident: {hurt}", (Lines("", 2),))


def _make_room(field: str, brief: Brief) -> tuple[Block, ...]:
    if field == "category":
        return (Boxes("", tuple(CATEGORY_LABELS.values())),)
    if field == "safeguarding":
        council = Blanks((Blank("The council's number for this"),))
        return (Boxes("", ("Yes", "No", "Not sure: the same as yes")), council)
    if field == "informed":
        rows = (("", "", ""),) * _TOLD_ROWS[brief.large]
        return (Table(("Who", "How", "When"), rows, (3, 2, 2)),)
    if field == "occurred_at":
        return (Blanks((Blank("Date", width=3), Blank("Time", width=2))),)
    told = Blanks((Blank("I saw it", width=2), Blank("or was told by", width=5)))
    lines = Lines("", _LINES[field][brief.large] if field in _LINES else 1)
    return (lines, told) if field == "what_nearly_happened" else (lines,)


def _end(brief: Brief) -> Iterator[Block]:
    yield Blanks((Blank("Written on", width=3), Blank("at", width=2)))
    yield Blanks((Blank("Name, role", brief.carer, 3), Blank("Signature", width=3)))
    for label in ("Follow-up", "Harm found later", "Entered in the logbook as"):
        yield Blanks((Blank(label),))
