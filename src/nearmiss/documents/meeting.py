"""The meeting pack: for a family to read, talk about and sign."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
    tell_day,
    tell_harm,
    tell_span,
    tell_when,
)
from nearmiss.records.history import Record
from nearmiss.speech import join_words
from nearmiss.text import shorten

_IDEA, _CHANGE, _HARM = 60, 90, 90  # characters on page one; the reports in brief have them all


@dataclass(frozen=True)
class Room:
    """How much page one has room for, beside what it always has."""

    patterns: int
    changes: int
    lines: int
    ideas: int
    empty: int


_NORMAL = Room(patterns=4, changes=4, lines=3, ideas=5, empty=2)
_LARGE = Room(patterns=2, changes=1, lines=1, ideas=2, empty=1)


def build_meeting(records: Sequence[Record], brief: Brief) -> Document:
    """Return the pack: page one to talk from, then what was agreed, then the reports in brief."""
    records = sorted(records, key=lambda record: record.report.occurred)
    client = call_client(brief, records)
    room = _LARGE if brief.large else _NORMAL
    blocks = [
        *_begin(records, brief),
        *_list("What keeps happening", list_patterns(brief)[: room.patterns]),
        *_list("What has already changed", _list_changed(records)[: room.changes]),
        Heading(f"What matters to {client}"),
        Lines("", room.lines),
        Heading("To talk about"),
        _tabulate_ideas(records, room),
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
    found = [each for record in records for each in record.harm_found]
    if found:
        texts = (
            f"{shorten(each.harm_found or '', _HARM)} ({tell_day(each.written_at)})"
            for each in found
        )
        yield Notice(f"Harm found later: {'; '.join(texts)}")
    yield Heading("In short")
    authors = dict.fromkeys(each.report.written_by.partition(",")[0] for each in records)
    noted = f"{join_words(list(authors))} noted {count_near_misses(records)} in this pack."
    yield Words(f"{noted} {_tell_harm_noted(records)} {_SELECTION}")
    yield Words(A_NEAR_MISS)


_SELECTION = "This is a selection, not a medical check or the whole care record."


def _tell_harm_noted(records: Sequence[Record]) -> str:
    each = "it was" if len(records) == 1 else "each was"
    return f"No harm was noted when {each} written."


def _list(title: str, texts: tuple[str, ...]) -> tuple[Block, ...]:
    return (Heading(title), Items(texts)) if texts else ()


def _list_changed(records: Sequence[Record]) -> tuple[str, ...]:
    return tuple(shorten(text, _CHANGE) for text in list_changed(records))


def _tabulate_ideas(records: Sequence[Record], room: Room) -> Table:
    ideas = [shorten(idea, _IDEA) for idea in list_ideas(records)[: room.ideas]]
    rows = tuple((idea, "", "") for idea in [*ideas, *[""] * room.empty])
    return Table(("Idea", "Who", "By when"), rows, (6, 3, 3))


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
    yield Heading(f"{tell_when(report)} · {report.location} · {report.id}", 3)
    for each in record.harm_found:
        yield Notice(tell_harm(each))
    yield Words(report.what_nearly_happened)
    yield Words(report.how_prevented, label="What stopped it")
    yield Words(report.immediate_action, label="Done straight away")
    if record.informed:
        yield Words("; ".join(dict.fromkeys(record.informed)), label="Told")
    if report.recommendations:
        yield Words("; ".join(report.recommendations), label="Ideas")
    for entry in record.follow_ups:
        texts = list_follow_up(entry)
        if texts:
            yield Words(" ".join(texts), label=f"Since then, {tell_day(entry.written_at)}")
