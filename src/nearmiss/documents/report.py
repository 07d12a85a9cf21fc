"""The report: one near miss to a page, as it stands now."""

from collections.abc import Iterable, Iterator, Sequence

from nearmiss.dates.shown import echo_day
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
from nearmiss.documents.brief import Brief, list_clients, make_foot, make_identity, tell_unreadable
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
from nearmiss.model.entries import Correction
from nearmiss.model.wording import CATEGORY_LABELS, QUESTIONS
from nearmiss.records.history import LaterEntry, Record
from nearmiss.speech import join_words

NOBODY = "Nobody yet, as written"
_SIGNATURE = Blanks((Blank("Signature", width=3), Blank("Date", width=2)))


def build_report(records: Sequence[Record], brief: Brief) -> Document:
    """Return the reports, each on a page of its own if it fits."""
    blocks: list[Block] = [*make_identity(brief, records), *tell_unreadable(brief)]
    first = records[0].report
    if len(records) == 1:
        title, subtitle = f"Near miss report {first.id}", _tell_what(records[0])
        blocks += describe_report(records[0], brief)
    else:
        span = tell_span([record.report.occurred for record in records])
        title = "Near miss reports"
        subtitle = f"{join_words(list_clients(records))} · {count_near_misses(records)}, {span}"
        for number, record in enumerate(records):
            blocks += [PageBreak()] if number else []
            blocks += [Heading(record.report.id), Words(_tell_what(record))]
            blocks += describe_report(record, brief, level=3)
    return Document("report", title, subtitle, tuple(blocks), make_foot(brief, records))


def _tell_what(record: Record) -> str:
    kind = CATEGORY_LABELS[record.report.category]
    return f"{record.report.client} · {kind} · {tell_status(record)}"


def describe_report(record: Record, brief: Brief, *, level: int = 2) -> list[Block]:
    """Return one report: the seven in order, with what was found or written later.

    ``level`` is that of its headings.
    """
    blocks: list[Block] = [Notice(tell_harm(each)) for each in record.harm_found]
    blocks += list_answers(record, brief, level)
    blocks += _list_later(record, brief, level)
    return [*blocks, Words(_tell_making(record, brief), "small"), _SIGNATURE]


def list_answers(record: Record, brief: Brief, level: int) -> Iterator[Part]:
    """Yield the seven things that a near miss report records, in order."""
    report = record.report
    yield _answer(level, "occurred_at", tell_when(report))
    yield _answer(level, "location", report.location)
    yield _answer(level, "what_nearly_happened", report.what_nearly_happened)
    yield _answer(level, "how_prevented", report.how_prevented)
    yield _answer(level, "immediate_action", report.immediate_action)
    yield Part(QUESTIONS["informed"].title, _list_told(record), level)
    yield _answer(level, "recommendations", *(report.recommendations or ["None"]))
    if brief.rules.safeguarding:
        raised = "Possible concern raised" if report.safeguarding else "Not flagged"
        yield _answer(level, "safeguarding", raised)


def _list_told(record: Record) -> tuple[Block, ...]:
    informed = tuple(record.report.informed)
    if not informed:
        return (Words(NOBODY),)
    if len(informed) == 1:
        return (Words(f"{tell_told(record)}: {informed[0]}"),)
    return (Words(f"{tell_told(record)}:"), Items(informed))


def _answer(level: int, field: str, *texts: str) -> Part:
    block: Block = Words(texts[0]) if len(texts) == 1 else Items(texts)
    return Part(QUESTIONS[field].title, (block,), level)


def _list_later(record: Record, brief: Brief, level: int) -> Iterator[Block]:
    told = [(each, list_follow_up(each)) for each in record.follow_ups]
    if any(texts for _, texts in told):
        yield Heading("Since then", level)
        for entry, texts in told:
            if texts:
                yield _later(record, entry, level + 1, texts)
    if record.corrections:
        yield Heading("Corrections", level)
        for each in record.corrections:
            yield _later(record, each, level + 1, _list_changes(record, each, brief))


def _later(record: Record, entry: LaterEntry, level: int, texts: Iterable[str]) -> Part:
    by = [] if entry.written_by == record.report.written_by else [f"Written by {entry.written_by}"]
    return Part(echo_day(entry.written_at), tuple(map(Words, [*texts, *by])), level)


def _list_changes(record: Record, entry: Correction, brief: Brief) -> Iterator[str]:
    for title, old, new in list_changes(record, entry):
        if brief.rules.old_text:
            yield f"{title}, before: {old}"
            yield f"{title}, now: {new}"
        else:
            yield title
    if brief.rules.old_text:
        yield f"Reason: {entry.reason}"


def _tell_making(record: Record, brief: Brief) -> str:
    report = record.report
    delay = f" ({tell_delay(report.written_at - report.occurred)})" if brief.rules.delay else ""
    written = f"Written {tell_written(report)}{delay}."
    return written if record.harm_found else f"{NO_HARM} {written}"
