"""The chronology: every report in the order written, with what came of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from nearmiss.documents.blocks import Block, Document, Heading, Notice, Part, Table, Words
from nearmiss.documents.brief import (
    Brief,
    call_client,
    list_clients,
    make_foot,
    make_identity,
    tell_unreadable,
)
from nearmiss.documents.phrases import (
    CARE_PLAN,
    NO_HANDOVER,
    count_near_misses,
    tell_day,
    tell_delay,
    tell_harm,
    tell_span,
    tell_status,
    tell_when,
)
from nearmiss.records.history import Record

_PROVES = (
    "This shows what the carer wrote and when this computer says so. A seal on a copy handed over "
    "shows that entries up to it are unchanged since. It does not prove the clock, the account, "
    "or that nothing was left out."
)
_WIDTHS = {
    "Written": 8,
    "Happened": 7,
    "Delay": 5,
    "What": 13,
    "Told": 8,
    "Done": 13,
    "Asked for": 9,
    "Care plan": 7,
    "Later": 8,
}


def build_chronology(records: Sequence[Record], brief: Brief) -> Document:
    """Return a row for each report, or in large print a part, in the order given."""
    span = tell_span([record.report.occurred for record in records])
    names_client = len(list_clients(records)) > 1
    rows = [_list_cells(record, brief, names_client) for record in records]
    blocks: list[Block] = [*make_identity(brief, records), *tell_unreadable(brief)]
    blocks += [Notice(tell_harm(each)) for record in records for each in record.harm_found]
    blocks += list(_stack(records, rows)) if brief.large else [_tabulate(rows)]
    if brief.rules.audience == "own":
        blocks.append(Words(_PROVES, "small"))
    return Document(
        "chronology",
        f"Chronology: {call_client(brief, records)}",
        f"{count_near_misses(records)}, {span}, in the order written",
        tuple(blocks),
        make_foot(brief, records),
    )


def _list_cells(record: Record, brief: Brief, names_client: bool) -> dict[str, str]:
    report = record.report
    whose = f"{report.client}, " if names_client else ""
    cells = {
        "Written": f"{report.id}\n{_tell_moment(report.written_at)}",
        "Happened": tell_when(report),
        "Delay": tell_delay(report.written_at - report.occurred),
        "What": f"{whose}{report.location}: {report.what_nearly_happened}",
        "Told": "\n".join(dict.fromkeys(record.informed)) or NO_HANDOVER,
        "Done": f"{report.how_prevented}\n{report.immediate_action}",
        "Asked for": "\n".join(report.recommendations) or "Nothing noted",
        "Care plan": "\n".join(_list_care_plan(record)) or "Nothing noted",
        "Later": "\n".join(_list_later(record)),
    }
    if not brief.rules.delay:
        del cells["Delay"]
    return cells


def _tell_moment(moment: datetime) -> str:
    return f"{tell_day(moment)} {moment:%Y, %H:%M}"


def _list_care_plan(record: Record) -> Iterator[str]:
    for entry in record.follow_ups:
        if entry.care_plan or entry.care_plan_status:
            status = CARE_PLAN[entry.care_plan_status] if entry.care_plan_status else "Noted"
            text = f": {entry.care_plan}" if entry.care_plan else ""
            yield f"{tell_day(entry.written_at)}: {status.removeprefix('Care plan ')}{text}"


def _list_later(record: Record) -> Iterator[str]:
    for harm in record.harm_found:
        yield f"{tell_day(harm.written_at)}: harm found later: {harm.harm_found}"
    for entry in record.follow_ups:
        if entry.note:
            yield f"{tell_day(entry.written_at)}: {entry.note}"
    for each in record.corrections:
        yield f"{tell_day(each.written_at)}: corrected"
    for handed in record.disclosures:
        yield f"{tell_day(handed.written_at)}: handed to {handed.recipient}"
    yield tell_status(record)


def _tabulate(rows: Sequence[dict[str, str]]) -> Table:
    head = tuple(rows[0])
    cells = tuple(tuple(row.values()) for row in rows)
    return Table(head, cells, tuple(_WIDTHS[title] for title in head))


def _stack(records: Sequence[Record], rows: Sequence[dict[str, str]]) -> Iterator[Block]:
    for record, row in zip(records, rows, strict=True):
        yield Heading(record.report.id)
        for title, text in row.items():
            yield Part(title, (Words(text.removeprefix(f"{record.report.id}\n")),), 3)
