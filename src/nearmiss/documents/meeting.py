"""The meeting pack: for a family to read, talk about and sign."""

from collections.abc import Iterator, Sequence

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
    Table,
    Words,
)
from nearmiss.documents.brief import Brief, call_client, make_foot, tell_unreadable
from nearmiss.documents.overview import list_patterns, make_plots
from nearmiss.documents.phrases import (
    A_NEAR_MISS,
    count_near_misses,
    list_changed,
    list_follow_up,
    list_ideas,
    shorten,
    tell_harm,
    tell_span,
    tell_when,
)
from nearmiss.history import Record
from nearmiss.speech import join_words

# What fits on page one beside the rest at 18 pt; the reports in brief have every word.
_MOST_IDEAS, _IDEA = 3, 60
_MOST_CHANGES, _CHANGE = 2, 85


def build_meeting(records: Sequence[Record], brief: Brief) -> Document:
    """Return the pack: page one to talk from, then what was agreed, then the reports in brief."""
    records = sorted(records, key=lambda record: record.report.occurred)
    client = call_client(brief, records)
    blocks = [
        *_begin(records, brief),
        *_list_what_changed(records),
        Heading(f"What matters to {client}"),
        Lines("", 2),
        Heading("To talk about"),
        _tabulate_ideas(records),
        PageBreak(),
        *_agree(client),
        *make_plots(records),
        Heading("The reports in brief"),
        *(block for record in records for block in _describe(record)),
    ]
    subtitle = _tell_subtitle(records, brief)
    title = f"Keeping {client} safe at home"
    return Document("meeting", title, subtitle, tuple(blocks), make_foot(brief, records))


def _tell_subtitle(records: Sequence[Record], brief: Brief) -> str:
    span = tell_span([record.report.occurred for record in records])
    parts = [span, f"Carer: {brief.carer}" if brief.carer else ""]
    parts.append(f"For: {brief.recipient}" if brief.recipient else "")
    return " · ".join(filter(None, parts))


def _begin(records: Sequence[Record], brief: Brief) -> Iterator[Block]:
    yield from tell_unreadable(brief)
    for record in records:
        for each in record.harm_found:
            yield Notice(shorten(tell_harm(each), 200))
    yield Heading("In short")
    authors = dict.fromkeys(each.report.written_by.partition(",")[0] for each in records)
    noted = f"{join_words(list(authors))} noted {count_near_misses(records)} in this pack."
    yield Words(f"{noted} {_tell_harm_noted(records)} {_SELECTION}")
    yield Words(A_NEAR_MISS)
    patterns = list_patterns(brief)
    if patterns:
        yield Heading("What keeps happening")
        yield Items(patterns)


_SELECTION = "This is a selection, not a medical check or the whole care record."


def _tell_harm_noted(records: Sequence[Record]) -> str:
    each = "it was" if len(records) == 1 else "each was"
    return f"No harm was noted when {each} written."


def _list_what_changed(records: Sequence[Record]) -> Iterator[Block]:
    changes = [shorten(text, _CHANGE) for text in list_changed(records)]
    if changes:
        yield Heading("What has already changed")
        yield Items(tuple(changes[:_MOST_CHANGES]))


def _tabulate_ideas(records: Sequence[Record]) -> Table:
    ideas = [shorten(idea, _IDEA) for idea in list_ideas(records)[:_MOST_IDEAS]]
    rows = tuple((idea, "", "") for idea in [*ideas, ""])
    return Table(("Idea", "Who", "By when"), rows, (6, 3, 2))


def _agree(client: str) -> Iterator[Block]:
    yield Heading("What we agreed")
    yield Lines("", 4)
    for _ in range(2):
        yield Blanks((Blank("Name", width=3), Blank("Signature", width=3), Blank("Date", width=2)))
    yield Blanks((Blank("We talk again on"),))
    yield Heading("Sharing")
    yield Boxes(
        f"{client}:",
        (
            "agreed",
            "agreed to part: only what is listed here",
            "said no",
            "could not decide this today: shared in their best interests",
        ),
        stacked=True,
    )
    yield Blanks((Blank("Decided by", width=2), Blank("because", width=3)))
    yield Words(
        "Being next of kin does not by itself give this right; "
        "a health and welfare attorney or deputy may.",
        "small",
    )


def _describe(record: Record) -> Iterator[Block]:
    report = record.report
    yield Heading(f"{tell_when(report)}: {report.location}", 3)
    for each in record.harm_found:
        yield Notice(tell_harm(each))
    yield Words(report.what_nearly_happened)
    yield Words(f"What stopped it: {report.how_prevented}")
    yield Words(f"Done straight away: {report.immediate_action}")
    if record.informed:
        yield Words(f"Told: {'; '.join(dict.fromkeys(record.informed))}")
    if report.recommendations:
        yield Words(f"Ideas: {'; '.join(report.recommendations)}")
    for entry in record.follow_ups:
        for text in list_follow_up(entry):
            yield Words(f"Since then: {text}")
    yield Words(report.id, "small")
