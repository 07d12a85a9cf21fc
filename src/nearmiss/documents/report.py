"""The report, one near miss to a page if it fits; and the blank form."""

from collections.abc import Iterator, Sequence

from nearmiss.documents.blocks import (
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
)
from nearmiss.documents.brief import (
    Brief,
    count_near_misses,
    join_parts,
    make_document,
    make_identity,
    name_clients,
    tell_delay,
    tell_harm,
    tell_span_of,
)
from nearmiss.model.questions import CATEGORY_LABELS, INCIDENT_QUESTIONS, QUESTIONS
from nearmiss.records import words
from nearmiss.records.record import Corrected, FollowedUp, Record, Stamped
from nearmiss.speech import join_words

_SIGNATURE = Blanks((Blank("Signature", width=3), Blank("Date", width=2)))
# The seven things that a near miss report records, in order.
_SEVEN = (
    "occurred_at",
    "location",
    "what_nearly_happened",
    "how_prevented",
    "immediate_action",
    "informed",
    "recommendations",
)


def build_report(records: Sequence[Record], brief: Brief) -> Document:
    """Return the reports; one is signed, and each of several stays on a page if it fits."""
    blocks: list[Block] = [*make_identity(brief, records)]
    if len(records) > 1:
        texts = "Near miss reports", join_parts(join_words(name_clients(records)), _count(records))
        blocks += [attach_report(each, brief) for each in records]
        return make_document("report", texts, blocks, records, brief, ending=(_SIGNATURE,))
    texts = f"{words.name_kind(records[0])} report {records[0].id}", tell_what(records[0])
    # The signature never stands on a page without what is signed.
    *described, last, written = describe_report(records[0], brief)
    ending = (last, written, _SIGNATURE)
    blocks += described
    return make_document("report", texts, blocks, records, brief, ending=ending)


def _count(records: Sequence[Record]) -> str:
    return f"{count_near_misses(records)}, {tell_span_of(records)}"


def tell_what(record: Record) -> str:
    """Return whose report it is, of what kind, and whether it is closed."""
    kind = CATEGORY_LABELS[record.report.category]
    return join_parts(record.report.client, kind, words.tell_status(record))


def attach_report(record: Record, brief: Brief) -> Group:
    """Return one report among several, under its number."""
    head = (Heading(f"{words.name_kind(record)} {record.id}"), Words(tell_what(record), "small"))
    return Group((*head, *describe_report(record, brief, level=3)), whole=False)


def describe_report(record: Record, brief: Brief, *, level: int = 2) -> list[Block]:
    """Return one report: the seven in order, what came later, and last when it was written.

    ``level`` is that of its headings.
    """
    blocks: list[Block] = [Notice(tell_harm(record, each)) for each in record.harm_found]
    if brief.rules.safeguarding and record.report.safeguarding:
        blocks.append(Notice("Possible safeguarding concern raised"))
    if record.withdrawn:
        blocks.insert(0, Notice(words.tell_withdrawn(record.withdrawn)))
    blocks += [_answer(record, field, level) for field in _list_answers(record)]
    if brief.rules.safeguarding:
        blocks.append(_answer(record, "safeguarding", level))
    blocks += _list_corrections(record, level)
    blocks += _list_since(record, level)
    blocks += _list_standing(record, level)
    return [*blocks, Words(tell_making(record, brief), "small")]


def _list_answers(record: Record) -> Iterator[str]:
    """Yield the seven as this report has them, and who was tried beside who was told."""
    others = {"what_nearly_happened": "what_happened", "how_prevented": "injury"}
    for field in _SEVEN:
        yield others.get(field, field) if record.is_incident else field
        if field == "informed" and record.tried:
            yield "tried"


def _answer(record: Record, field: str, level: int) -> Part:
    text = words.tell_answer(record, field)
    blocks: tuple[Block, ...] = (Words(text),)
    if field == "recommendations" and len(record.report.recommendations) > 1:
        blocks = (Items(tuple(record.report.recommendations)),)
    people = {"informed": record.told, "tried": record.tried}.get(field, ())
    if len(people) > 1:
        blocks = (Items(tuple(words.tell_told(record, each) for each in people)),)
    return Part(words.name_field(field), blocks, level)


def _list_corrections(record: Record, level: int) -> Iterator[Block]:
    if record.corrections:
        yield Heading("Corrections", level)
        for each in record.corrections:
            yield _later(record, each, level + 1, words.tell_changes(each))


def _list_since(record: Record, level: int) -> Iterator[Block]:
    if record.follow_ups:
        yield Heading("Since then", level)
        for each in record.follow_ups:
            yield _later(record, each, level + 1, words.tell_follow_up(record, each))


def _later(record: Record, entry: Stamped, level: int, texts: Sequence[str]) -> Part:
    by = entry.recorded_by if entry.recorded_by != record.recorded_by else ""
    shown = [*texts, f"Written by {by}"] if by else texts
    blocks = tuple(Words(text) for text in shown)
    return Part(_name_later(entry), blocks, level)


def _name_later(entry: Stamped) -> str:
    stamp = words.tell_stamp(entry).removesuffix(f", by {entry.recorded_by}")
    about = f", {entry.id}" if isinstance(entry, FollowedUp | Corrected) else ""
    return f"{stamp}{about}"


def _list_standing(record: Record, level: int) -> Iterator[Part]:
    changes = tuple(map(words.tell_changed, record.changes))
    if changes:
        yield Part(words.CHANGED, (Items(changes),), level)
    for step in record.steps:
        yield Part(words.NEXT_STEP, (Words(words.tell_step(step)),), level)
    if record.pattern:
        yield Part(words.PATTERN, (Words(record.pattern),), level)
    if record.claims:
        yield Part(words.CLAIMS, (Words(words.tell_claims(record)),), level)
    handed = [
        f"{each.id}, {words.tell_stamp(each)}: {words.tell_handed_over(each)}"
        for each in record.disclosures
    ]
    if handed:
        yield Part("Handed over", (Items(tuple(handed)),), level)


def tell_making(record: Record, brief: Brief) -> str:
    """Return whether harm is known, and when and by whom the report was written."""
    delay = ""
    is_timed = record.written_at and not (record.report.hour_not_known or record.taken_from)
    if brief.rules.delay and record.written_at and is_timed:
        delay = f" ({tell_delay(record.written_at - record.report.occurred)})"
    written = f"{words.tell_writing(record)}{delay}."
    # Harm may stand in what can't be read.
    unknown = brief.unreadable or words.tells_of_harm(record)
    return written if unknown else f"{words.tell_no_harm(brief.made)} {written}"


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
