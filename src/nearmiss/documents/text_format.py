"""Whole reports in words, to read on any screen or to paste into an e-mail."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from nearmiss.dates.shown import echo
from nearmiss.documents.phrases import list_follow_up
from nearmiss.model.entries import Correction, FollowUp, Report
from nearmiss.model.wording import CATEGORY_LABELS, QUESTIONS
from nearmiss.records.history import LaterEntry, Record

_WIDTH = 72
NO_HARM = "No harm was noted when this was written. This is not a medical check."


def write_text(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the reports in words, one after the other."""
    rule = ""
    for record in records:
        yield f"{rule}{describe_record(record)}\n".encode()
        rule = f"\n{'-' * _WIDTH}\n\n"


def describe_record(record: Record) -> str:
    """Return a report as it stands now in words, with what was written about it later."""
    parts = [_head(record), *_harm(record)]
    parts += [_block(title, text) for title, text in name_answers(record)]
    parts += [_block(*name_later(record, entry)) for entry in record.later]
    parts.append(_foot(record))
    return parts[0] + "".join(map(_space, parts, parts[1:]))


def _space(before: str, part: str) -> str:
    return f"\n{part}" if "\n" not in before + part else f"\n\n{part}"


def _head(record: Record) -> str:
    return f"Near miss {record.report.id} ({record.status})"


def _harm(record: Record) -> list[str]:
    return [f"Harm found later: {_tell(each.harm_found or '', each)}" for each in record.harm_found]


def name_answers(record: Record) -> list[tuple[str, str]]:
    """Return each answer under its title, the words of a report in the order of its questions."""
    return [(QUESTIONS[field].title, show_answer(record, field)) for field in QUESTIONS]


def show_answer(record: Record, field: str) -> str:
    """Return one answer of a report in words."""
    report = record.report
    match field:
        case "occurred_at":
            return echo(report.occurred, report.occurred_approx)
        case "safeguarding":
            return "Possible concern raised" if report.safeguarding else "Not flagged"
        case "informed":
            return _as_lines(record.informed) or "Nobody yet, as written"
        case "recommendations":
            return _as_lines(report.recommendations) or "None"
        case "category":
            return CATEGORY_LABELS[report.category]
    return str(getattr(report, field))


def _as_lines(items: Sequence[str]) -> str:
    return "\n".join(f"- {item}" for item in items) if len(items) > 1 else "".join(items)


def name_later(record: Record, entry: LaterEntry) -> tuple[str, str]:
    """Return a later entry in words under its title."""
    if isinstance(entry, Correction):
        return f"Corrected, {_stamp(entry)}", _describe_correction(record, entry)
    if isinstance(entry, FollowUp):
        current = next(each for each in record.follow_ups if each.id == entry.id)
        return f"Follow-up {entry.id}, {_stamp(entry)}", _describe_follow_up(current)
    shown = f"{entry.form} for {entry.recipient}; decided by {entry.decided_by}"
    return f"Handed over, {_stamp(entry)}", shown


def _describe_correction(record: Record, entry: Correction) -> str:
    changes = (f"{title}: {old} -> {new}" for title, old, new in list_changes(record, entry))
    return "\n".join((f"Reason: {entry.reason}", *changes))


def list_changes(record: Record, entry: Correction) -> list[tuple[str, str, str]]:
    """Return what a correction changed: each field's title, its old text and its new one."""
    before = _find_before(record, entry)
    return [
        (_title(field), _show_value(field, before.get(field)), _show_value(field, value))
        for field, value in entry.changes.items()
    ]


def _title(field: str) -> str:
    return QUESTIONS[field].title if field in QUESTIONS else field.replace("_", " ").capitalize()


def _find_before(record: Record, entry: Correction) -> dict[str, object]:
    about: Report | FollowUp = record.original
    for each in record.later:
        if isinstance(each, FollowUp) and each.id == entry.about:
            about = each
    fields = about.model_dump()
    for each in record.later:
        if each.id == entry.id:
            break
        if isinstance(each, Correction) and each.about == entry.about:
            fields |= each.changes
    return fields


def _show_value(field: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(value) or "none"
    if field == "occurred_at":
        return echo(datetime.fromisoformat(str(value)))
    return CATEGORY_LABELS.get(str(value), str(value)) if value is not None else "nothing"


def _describe_follow_up(entry: FollowUp) -> str:
    harm = (f"Harm found later: {entry.harm_found}",) if entry.harm_found else ()
    return "\n".join((*list_follow_up(entry), *harm))


def _foot(record: Record) -> str:
    written = f"Written {_stamp(record.original)}."
    return written if record.harm_found else f"{NO_HARM}\n{written}"


def _stamp(entry: Report | LaterEntry) -> str:
    return f"{echo(entry.written_at)}, by {entry.written_by}"


def _tell(text: str, entry: LaterEntry) -> str:
    return f"{text} ({_stamp(entry)})"


def _block(title: str, text: str) -> str:
    if "\n" not in text and len(title) + len(text) + 2 <= _WIDTH:
        return f"{title}: {text}"
    wrapped = (textwrap.fill(line, _WIDTH - 2, break_long_words=False) for line in text.split("\n"))
    return f"{title}:\n{textwrap.indent(chr(10).join(wrapped), '  ')}"
