"""The chronology: every entry in the order written, a row each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nearmiss.dates.shown import echo
from nearmiss.documents.blocks import Block, Document, Group, Heading, Notice, Table, Words
from nearmiss.documents.brief import (
    Brief,
    call_client,
    count_near_misses,
    join_parts,
    list_harm,
    make_document,
    make_identity,
    name_clients,
    tell_delay,
    tell_harm,
    tell_ids,
    tell_span_of,
)
from nearmiss.model.ids import EntryId
from nearmiss.model.questions import CATEGORY_LABELS, QUESTIONS
from nearmiss.records import words
from nearmiss.records.record import HandedOver, Record, Stamped, Withdrawn

_PROVES = (
    "This shows what the carer wrote and when this computer says so. A seal on a copy handed over "
    "shows that entries up to it are unchanged since. It does not prove the clock, the account, "
    "or that nothing was left out."
)
# Characters of a row and of a line in it: a row of them fits on a page, more goes on in another.
_PIECE, _PIECE_LARGE, _LINE = 1320, 540, 60
_WIDTHS = {"Number": 9, "Written": 11, "Happened": 11, "By whom": 11, "What it says": 46}


@dataclass(frozen=True)
class _Row:
    """One entry: its number, when it was written and happened, by whom, and what it says."""

    number: str
    written: str
    happened: str
    author: str
    texts: tuple[str, ...]


def build_chronology(records: Sequence[Record], brief: Brief) -> Document:
    """Return a row for each entry, or in large print a part, in the order written."""
    names_client = len(name_clients(records)) > 1
    rows = sorted(
        _list_rows(records, brief, names_client), key=lambda row: EntryId.parse(row.number).number
    )
    blocks: list[Block] = [*make_identity(brief, records)]
    standing = [each for each in records if not each.withdrawn]
    blocks += [Notice(tell_harm(*each)) for each in list_harm(standing)]
    blocks += list(_stack(rows)) if brief.large else [_tabulate(rows, brief)]
    if brief.rules.audience == "own":
        blocks.append(Words(_PROVES, "small"))
    span = f"{count_near_misses(records)}, {tell_span_of(records)}, in the order written"
    texts = f"Chronology: {call_client(brief, records)}", span
    return make_document("chronology", texts, blocks, records, brief)


def _list_rows(records: Sequence[Record], brief: Brief, names_client: bool) -> Iterator[_Row]:
    handed: dict[str, tuple[HandedOver, list[str]]] = {}
    for record in records:
        yield _tell_report(record, brief, names_client)
        yield from _tell_withdrawal(record.withdrawn, record)
        about = record.id
        for follow_up in record.follow_ups:
            said = words.tell_follow_up(record, follow_up)
            yield _make_row(follow_up, about, "Follow-up", said)
            yield from _tell_withdrawal(follow_up.withdrawn, follow_up)
        for each in record.corrections:
            yield _make_row(each, each.about, "Correction", words.tell_changes(each))
        for entry in record.disclosures:
            handed.setdefault(entry.id, (entry, []))[1].append(about)
    for entry, ids in handed.values():
        told = words.tell_handed_over(entry).split("\n")
        yield from _tell_withdrawal(entry.withdrawn, entry)
        yield _make_row(entry, tell_ids(ids), "Handed over", told)


def _tell_withdrawal(entry: Withdrawn | None, about: Stamped) -> Iterator[_Row]:
    if entry:
        told = [f"Reason: {entry.reason}"] if entry.reason else []
        yield _make_row(entry, about.id, "Withdrawn", told)


def _tell_report(record: Record, brief: Brief, names_client: bool) -> _Row:
    report, moment = record.report, record.written_at
    if record.withdrawn and brief.rules.audience != "own":
        concern = (words.CONCERN,) if brief.rules.safeguarding and report.safeguarding else ()
        written = echo(moment) if moment else ""
        gone = (words.tell_withdrawn(record.withdrawn), *concern)
        return _Row(record.id, written, words.tell_when(report), record.recorded_by, gone)
    whose = f"{report.client}, " if names_client else ""
    kind = "Incident, " if record.is_incident else ""
    texts = [f"{kind}{whose}{CATEGORY_LABELS[report.category]}, {report.location}"]
    texts += [
        f"{words.name_field(field)}: {getattr(report, field)}"
        for field in (*_WORDS[record.is_incident], "immediate_action")
    ]
    texts.append(f"{QUESTIONS['informed'].title}: {'; '.join(report.informed) or words.NOBODY}")
    for field in ("tried", "concern_informed"):
        if people := getattr(report, field):
            texts.append(f"{words.name_field(field)}: {'; '.join(people)}")
    if report.recommendations:
        texts.append(f"{QUESTIONS['recommendations'].title}: {'; '.join(report.recommendations)}")
    if brief.rules.safeguarding and report.safeguarding:
        texts.append(words.CONCERN)
    if record.pattern:
        texts.append(f"{words.PATTERN}: {record.pattern}")
    written = echo(moment) if moment else ""
    if moment and brief.rules.delay and not report.hour_not_known:
        written += f" ({tell_delay(moment - report.occurred)})"
    happened = words.tell_when(report)
    return _Row(record.id, written, happened, record.recorded_by, tuple(texts))


_WORDS = {
    False: ("what_nearly_happened", "how_prevented"),
    True: ("what_happened", "injury"),
}


def _make_row(entry: Stamped, about: str, kind: str, told: Sequence[str]) -> _Row:
    stamp = words.tell_stamp(entry).removesuffix(f", by {entry.recorded_by}")
    return _Row(entry.id, stamp, "", entry.recorded_by, (f"{kind}, {about}", *told))


def _tabulate(rows: Sequence[_Row], brief: Brief) -> Table:
    head = [title for title in _WIDTHS if title != "By whom" or brief.rules.authors]
    cells = [cell for row in rows for cell in _make_cells(row, head)]
    return Table(tuple(head), tuple(cells), tuple(_WIDTHS[title] for title in head))


def _make_cells(row: _Row, head: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for number, text in enumerate(_cut(row.texts, _PIECE)):
        first = number == 0
        values = {
            "Number": row.number if first else f"{row.number}, continued",
            "Written": (row.written or "–") if first else "–",
            "Happened": (row.happened or "–") if first else "–",
            "By whom": (row.author or "–") if first else "–",
            "What it says": text,
        }
        yield tuple(values[title] for title in head)


def _cut(texts: Sequence[str], most: int) -> Iterator[str]:
    """Yield the lines of a row in pieces that fit on a page, so that each keeps its number."""
    piece, used = list[str](), 0
    for line in "\n".join(texts).split("\n"):
        for part in _cut_line(line, most):
            size = -(-max(len(part), 1) // _LINE) * _LINE
            if piece and used + size > most:
                yield "\n".join(piece)
                piece, used = [], 0
            piece.append(part)
            used += size
    yield "\n".join(piece)


def _cut_line(line: str, most: int) -> Iterator[str]:
    while len(line) > most:
        end = line.rfind(" ", 0, most)
        end = end if end > 0 else most
        yield line[:end]
        line = line[end:].lstrip(" ")
    yield line


def _stack(rows: Sequence[_Row]) -> Iterator[Block]:
    for row in rows:
        happened = f"Happened {row.happened}" if row.happened else ""
        written = f"Written {row.written}" if row.written else ""
        stamp = Words(join_parts(happened, written, row.author), "small")
        first, *others = _cut(row.texts, _PIECE_LARGE)
        yield Group((Heading(row.number), stamp, Words(first)))
        for text in others:
            yield Group((Heading(f"{row.number}, continued", 3), Words(text)))
