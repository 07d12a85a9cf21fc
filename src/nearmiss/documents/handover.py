"""The handover: one page for a professional who has half a minute, then what it rests on.

It follows SBARD (situation, background, assessment, recommendation, decision), with what a carer
can give in the place of an assessment: what was observed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from nearmiss.dates.shown import echo_day
from nearmiss.documents.blocks import (
    Blank,
    Blanks,
    Block,
    Boxes,
    Document,
    Heading,
    Items,
    Lines,
    Notice,
    PageBreak,
    Part,
    Table,
    Words,
)
from nearmiss.documents.brief import Brief, call_client, make_foot, make_identity, tell_unreadable
from nearmiss.documents.overview import list_patterns, make_plots
from nearmiss.documents.phrases import (
    NO_HANDOVER,
    count,
    count_near_misses,
    list_changed,
    list_ideas,
    tell_day,
    tell_span,
    tell_status,
    tell_when,
)
from nearmiss.documents.report import describe_report
from nearmiss.model.wording import CATEGORY_LABELS
from nearmiss.records.history import Record
from nearmiss.text import shorten

_OBSERVED = 3  # dated lines on page one
_LINE, _SHORT = 130, 60  # characters; the reports that follow have them all
_ITEMS = 3  # things changed, or asked for


def build_handover(records: Sequence[Record], brief: Brief) -> Document:
    """Return page one, a table of the reports, and each report in full."""
    records = sorted(records, key=lambda record: record.report.occurred)
    blocks = [
        *_address(records, brief),
        *tell_unreadable(brief),
        *_list_parts(records, brief),
        PageBreak(),
        Heading("The reports at a glance"),
        _tabulate(records),
        *make_plots(records),
        *(block for record in records for block in _attach(record, brief)),
    ]
    return Document(
        "handover",
        "Carer's handover: not for emergencies",
        "Written by a carer.",
        tuple(blocks),
        make_foot(brief, records),
    )


def _address(records: Sequence[Record], brief: Brief) -> Iterator[Block]:
    yield from make_identity(brief, records)
    yield Blanks((Blank("Address", width=3), Blank("To", brief.recipient, 2)))
    sender = ", ".join(filter(None, (brief.carer, brief.phone)))
    yield Blanks((Blank("From, role, telephone", sender),))
    yield Blanks((Blank("Shared because"),))
    yield Boxes("Reply", ("today (I have telephoned)", "this week", "routine"))


def _list_parts(records: Sequence[Record], brief: Brief) -> Iterator[Part]:
    yield Part("Situation", tuple(_tell_situation(records, brief)))
    yield Part("Background", tuple(_tell_background(records)))
    yield Part("What I observed, not a diagnosis", (Items(_list_observed(records)),))
    yield Part("What I do not know", (Lines("", 1),))
    yield Part("Request", (*_ask(records, brief), Boxes("", _REQUESTS)))
    decision = Blanks((Blank("Who"), Blank("What"), Blank("When")))
    yield Part("Decision", (decision, Blanks((Blank("Who tells the carer"),))))


_REQUESTS = ("review medicines", "review walking", "visit", "ring me")


def _tell_situation(records: Sequence[Record], brief: Brief) -> Iterator[Block]:
    for record in records:
        for each in record.harm_found:
            harm = shorten(each.harm_found or "", _LINE)
            yield Notice(f"Harm found later: {harm} ({echo_day(each.written_at)})")
    client, latest = call_client(brief, records), records[-1].report
    span = tell_span([record.report.occurred for record in records])
    noted = f"{client}: {count_near_misses(records)} noted, {span}."
    where = shorten(latest.location, _SHORT)
    yield Words(
        f"{noted} Latest {tell_when(latest)}, {where}. No harm noted when written.", "strong"
    )
    patterns = list_patterns(brief)[:2]
    if patterns:
        yield Items(patterns)


def _tell_background(records: Sequence[Record]) -> Iterator[Block]:
    yield Words(_tell_told(records), label="Told")
    changes = [shorten(text, _SHORT) for text in list_changed(records)[:_ITEMS]]
    if changes:
        yield Words("; ".join(changes), label="Changed")
    yield Blanks((Blank("Usual walking"), Blank("Allergies")))
    yield Blanks((Blank("Recent medicine changes"),))


def _tell_told(records: Sequence[Record]) -> str:
    told = [(who, record.report) for record in records for who in record.informed]
    if not told:
        return f"{NO_HANDOVER}."
    times = Counter(who for who, _ in told)
    last = {who: report.occurred for who, report in told}
    shown = [
        f"{shorten(who, _SHORT)}{_tell_times(number)} {tell_day(last[who])}"
        for who, number in times.most_common(_ITEMS)
    ]
    rest = len(times) - len(shown)
    return "; ".join([*shown, f"{rest} more" if rest else ""]).rstrip("; ") + "."


def _tell_times(number: int) -> str:
    return f", {count(number, 'time')}, last about" if number > 1 else ", about"


def _list_observed(records: Sequence[Record]) -> tuple[str, ...]:
    return tuple(
        f"{tell_when(report)}: {shorten(report.what_nearly_happened, _LINE)}"
        for report in (record.report for record in records[-_OBSERVED:])
    )


def _ask(records: Sequence[Record], brief: Brief) -> tuple[Block, ...]:
    if brief.request:
        return (Words(brief.request),)
    ideas = [shorten(idea, _LINE) for idea in list_ideas(records)[:_ITEMS]]
    return (Items(tuple(ideas)),) if ideas else (Lines("", 1),)


def _tabulate(records: Sequence[Record]) -> Table:
    rows = [
        (
            report.id,
            tell_when(report),
            report.location,
            CATEGORY_LABELS[report.category],
            "; ".join(dict.fromkeys(record.informed)) or NO_HANDOVER,
            tell_status(record),
        )
        for record in records
        for report in (record.report,)
    ]
    head = ("Report", "When", "Where", "Kind", "Told", "Status")
    return Table(head, tuple(rows), (4, 5, 5, 4, 5, 3))


def _attach(record: Record, brief: Brief) -> Iterator[Block]:
    yield PageBreak()
    yield Heading(f"Near miss {record.report.id}")
    kind = CATEGORY_LABELS[record.report.category]
    yield Words(f"{record.report.client} · {kind} · {tell_status(record)}", "small")
    yield from describe_report(record, brief, level=3)
