"""A report as plain data, for other programs: its current fields under the names of the file."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic_core import to_json

from nearmiss.model.entries import ReportFields
from nearmiss.records.history import Record

REPORT_FIELDS = tuple(ReportFields.model_fields)
COLUMNS = ("id", "recorded_at", "recorded_by", "status", *REPORT_FIELDS)


def public_fields(record: Record) -> dict[str, Any]:
    """Return a report as it stands now; the nonce, digest and seal stay in the book."""
    report = record.report
    answers = report.__dict__  # 100,000 reports are exported in seconds: no look-up too many
    return {
        "id": report.id,
        "recorded_at": report.origin_recorded_at or report.recorded_at,
        "recorded_by": report.written_by,
        "status": record.status,
        **{name: answers[name] for name in REPORT_FIELDS},
        "informed": record.informed,
    }


def encode_record(record: Record) -> bytes:
    """Return a report as one JSON object on one line, without the LF."""
    return to_json(public_fields(record))


def write_jsonl(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the reports as JSON lines."""
    for record in records:
        yield encode_record(record) + b"\n"


def write_json(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the reports as one JSON list."""
    before = b"[\n"
    for record in records:
        yield before + encode_record(record)
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def encode_full(record: Record) -> bytes:
    """Return a report with everything that was written about it later, as one JSON object."""
    hidden = {"nonce", "digest", "seal", "origin_seal"}
    later = [entry.model_dump(exclude_none=True, exclude=hidden) for entry in record.later]
    return to_json({**public_fields(record), "later": later})
