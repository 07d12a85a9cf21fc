"""The report: one near miss to a page, as it stands now."""

from collections.abc import Iterator, Sequence

from nearmiss.documents.blocks import (
    Blank,
    Blanks,
    Block,
    Document,
    Heading,
    Items,
    Notice,
    PageBreak,
    Part,
    Words,
)
from nearmiss.documents.brief import Brief, make_foot, make_identity, tell_unreadable
from nearmiss.documents.phrases import (
    count_near_misses,
    list_follow_up,
    tell_delay,
    tell_harm,
    tell_span,
    tell_status,
    tell_told,
    tell_when,
    tell_written,
)
from nearmiss.documents.text_format import NO_HARM, list_changes
from nearmiss.history import Record
from nearmiss.model.entries import Correction, FollowUp
from nearmiss.model.wording import CATEGORY_LABELS, QUESTIONS

NOBODY = "Nobody yet, as written"
_SIGNATURE = Blanks((Blank("Signature", width=3), Blank("Date", width=2)))


def build_report(records: Sequence[Record], brief: Brief) -> Document:
    """Return the reports, each on a page of its own if it fits."""
    blocks: list[Block] = [make_identity(brief), *tell_unreadable(brief)]
    first = records[0].report
    if len(records) == 1:
        title, subtitle = f"Near miss report {first.id}", _tell_what(records[0])
        blocks += describe_report(records[0], brief)
    else:
        span = tell_span([record.report.occurred for record in records])
        title = "Near miss reports"
        subtitle = f"{first.client} · {count_near_misses(records)}, {span}"
        for number, record in enumerate(records):
            blocks += [PageBreak()] if number else []
            blocks += [Heading(record.report.id), Words(_tell_what(record))]
            blocks += describe_report(record, brief)
    return Document("report", title, subtitle, tuple(blocks), make_foot(brief, records))


def _tell_what(record: Record) -> str:
    kind = CATEGORY_LABELS[record.report.category]
    return f"{record.report.client} · {kind} · {tell_status(record)}"


def describe_report(record: Record, brief: Brief, *, signed: bool = True) -> list[Block]:
    """Return one report: the seven in order, with what was found or written later."""
    blocks: list[Block] = [Notice(tell_harm(each)) for each in record.harm_found]
    blocks += list_answers(record, brief)
    blocks += _list_later(record, brief)
    blocks.append(Words(_tell_making(record, brief), "small"))
    return [*blocks, _SIGNATURE] if signed else blocks


def list_answers(record: Record, brief: Brief) -> Iterator[Part]:
    """Yield the seven things that a near miss report records, in order."""
    report = record.report
    yield _answer("occurred_at", tell_when(report))
    yield _answer("location", report.location)
    yield _answer("what_nearly_happened", report.what_nearly_happened)
    yield _answer("how_prevented", report.how_prevented)
    yield _answer("immediate_action", report.immediate_action)
    yield Part(QUESTIONS["informed"].title, _list_told(record))
    yield _answer("recommendations", *(report.recommendations or ["None"]))
    if brief.rules.safeguarding:
        raised = "Possible concern raised" if report.safeguarding else "Not flagged"
        yield _answer("safeguarding", raised)


def _list_told(record: Record) -> tuple[Block, ...]:
    informed = tuple(record.report.informed)
    if not informed:
        return (Words(NOBODY),)
    if len(informed) == 1:
        return (Words(f"{tell_told(record)}: {informed[0]}"),)
    return (Words(f"{tell_told(record)}:"), Items(informed))


def _answer(field: str, *texts: str) -> Part:
    block: Block = Words(texts[0]) if len(texts) == 1 else Items(texts)
    return Part(QUESTIONS[field].title, (block,))


def _list_later(record: Record, brief: Brief) -> Iterator[Block]:
    current = {entry.id: entry for entry in record.follow_ups}
    follow_ups = [_follow_up(current[each.id]) for each in record.later if each.id in current]
    corrections = [_correction(record, each, brief) for each in record.corrections]
    if any(part.blocks for part in follow_ups):
        yield Heading("Since then", 3)
        yield from (part for part in follow_ups if part.blocks)
    if corrections:
        yield Heading("Corrections", 3)
        yield from corrections


def _follow_up(entry: FollowUp) -> Part:
    texts = list_follow_up(entry)
    return Part(tell_written(entry), tuple(Words(text) for text in texts))


def _correction(record: Record, entry: Correction, brief: Brief) -> Part:
    changes = list_changes(record, entry)
    if not brief.rules.old_text:
        return Part(tell_written(entry), tuple(Words(title) for title, _, _ in changes))
    blocks = [Words(f"Reason: {entry.reason}")]
    for title, old, new in changes:
        blocks += [Words(f"{title}, before: {old}"), Words(f"{title}, now: {new}")]
    return Part(tell_written(entry), tuple(blocks))


def _tell_making(record: Record, brief: Brief) -> str:
    report = record.report
    delay = f" ({tell_delay(report.written_at - report.occurred)})" if brief.rules.delay else ""
    written = f"Written {tell_written(report)}{delay}."
    return written if record.harm_found else f"{NO_HARM} {written}"
