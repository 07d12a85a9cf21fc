"""The chronology: every entry in the order in which it was written."""

from collections.abc import Sequence

from nearmiss.dates.shown import echo
from nearmiss.documents.blocks import Block, Document, Heading, Notice, Part, Table, Words
from nearmiss.documents.brief import Brief, make_foot, make_identity, tell_unreadable
from nearmiss.documents.phrases import (
    NO_HANDOVER,
    count_near_misses,
    list_follow_up,
    tell_day,
    tell_delay,
    tell_harm,
    tell_span,
    tell_when,
)
from nearmiss.history import Record
from nearmiss.model.ids import EntryId

_PROVES = (
    "This shows what the carer wrote and when this computer says so. A seal on a copy handed over "
    "shows that entries up to it are unchanged since. It does not prove the clock, the account, "
    "or that nothing was left out."
)
_HEAD = ("Written", "Happened", "What nearly happened", "Told", "Done", "Asked for", "Later")
_WIDTHS = (4, 4, 7, 4, 5, 5, 5)


def build_chronology(records: Sequence[Record], brief: Brief) -> Document:
    """Return the reports in the order written: as a table, or below each other in large print."""
    records = sorted(records, key=lambda record: EntryId.parse(record.report.id).number)
    clients = list(dict.fromkeys(record.report.client for record in records))
    span = tell_span([record.report.occurred for record in records])
    blocks: list[Block] = [make_identity(brief)] if len(clients) == 1 else []
    blocks += [*tell_unreadable(brief)]
    blocks += [Notice(tell_harm(each)) for record in records for each in record.harm_found]
    if brief.large:
        blocks += [block for record in records for block in _stack(record, brief)]
    else:
        rows = tuple(tuple(_list_cells(record, brief)) for record in records)
        blocks.append(Table(_HEAD, rows, _WIDTHS))
    return Document(
        "chronology",
        "Chronology of near misses",
        f"{', '.join(clients)} · {count_near_misses(records)}, {span}",
        (*blocks, Words(_PROVES, "small")),
        make_foot(brief, records),
    )


def _list_cells(record: Record, brief: Brief) -> list[str]:
    report = record.report
    delay = f"\n({tell_delay(report.written_at - report.occurred)})" if brief.rules.delay else ""
    later = [
        f"{tell_day(each.written_at)}: {' '.join(texts)}"
        for each in record.follow_ups
        if (texts := list_follow_up(each))
    ]
    return [
        f"{echo(record.original.written_at)}\n{report.id}",
        f"{tell_when(report)}{delay}",
        f"{report.location}\n{report.what_nearly_happened}",
        "\n".join(report.informed) or NO_HANDOVER,
        f"{report.how_prevented}\n{report.immediate_action}",
        "\n".join(report.recommendations) or "Nothing",
        "\n".join(later) or "Nothing yet",
    ]


def _stack(record: Record, brief: Brief) -> list[Block]:
    cells = zip(_HEAD, _list_cells(record, brief), strict=True)
    parts = [Part(title, (Words(text),), 3) for title, text in cells]
    return [Heading(record.report.id), *parts]
