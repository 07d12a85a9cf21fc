"""A report as plain data, for other programs: what stands about it now."""

from dataclasses import fields
from operator import itemgetter
from typing import Any

from pydantic_core import to_json

from nearmiss.model.entries import BOOK_SEAL, ReportFields
from nearmiss.records.record import Corrected, Record, Stamped

REPORT_FIELDS = tuple(ReportFields.model_fields)
COLUMNS = ("id", "recorded_at", "recorded_by", "status", *REPORT_FIELDS)
INFORMED, CONCERN = COLUMNS.index("informed"), COLUMNS.index("safeguarding")
_pick = itemgetter(*REPORT_FIELDS)


def list_values(record: Record) -> list[Any]:
    """Return what stands in a report's ``COLUMNS`` now, whoever was told later too."""
    stamp = (record.id, record.recorded_at, record.recorded_by, record.status)
    values = [*stamp, *_pick(record.report.__dict__)]  # at once: there may be very many
    values[INFORMED] = record.informed
    return values


def public_fields(record: Record) -> dict[str, Any]:
    """Return a report's fields as they stand now, under the names of the file."""
    facts = dict(zip(COLUMNS, list_values(record), strict=True))
    if not record.shows_concern:
        del facts[COLUMNS[CONCERN]]
    return facts


def later_fields(record: Record) -> dict[str, Any]:
    """Return what was written about a report later, as far as there is something."""
    facts: dict[str, Any] = {}
    closing, step, plan = record.closing, record.next_step, record.care_plan
    if closing:
        facts["closed_on"] = _tell_day(closing)
    if record.harm_found:
        facts["harm_found"] = [
            {"day": _tell_day(each), "text": each.harm_found} for each in record.harm_found
        ]
    if plan:
        facts["care_plan_status"] = plan.status
        facts["care_plan_day"] = plan.day.isoformat()
    if step:
        facts |= {"next_step": step.text, "next_who": step.who}
        facts["next_due"] = step.due.isoformat() if step.due else ""
    if record.pattern:
        facts["pattern"] = record.pattern
    for name in ("follow_ups", "corrections", "disclosures"):
        entries = getattr(record, name)
        if entries:
            facts[name] = [_dump(entry) for entry in entries]
    return {name: value for name, value in facts.items() if value != ""}


def _tell_day(entry: Stamped) -> str:
    return entry.recorded_at[:10]


def _dump(entry: Stamped) -> dict[str, Any]:
    """Return an entry without what is empty in it, or hidden from the reader."""
    dumped: dict[str, Any] = {}
    for each in fields(entry):
        value = getattr(entry, each.name)
        if isinstance(value, Stamped):
            value = _dump(value)
        if value not in ("", None, (), False) or (value is False and each.name == "closes"):
            dumped[each.name] = value
    if isinstance(entry, Corrected):
        dumped["changes"] = [_dump_change(entry, number) for number in range(len(entry.changes))]
    return dumped


def _dump_change(entry: Corrected, number: int) -> dict[str, Any]:
    change = entry.changes[number]
    if change.old is None and change.new is None:
        return {"field": change.field}
    return {"field": change.field, "old": change.old, "new": change.new}


def encode_record(record: Record, seal: str = "") -> bytes:
    """Return a report as one JSON object on one line, without the LF, with the book's seal."""
    facts = public_fields(record)
    if record.has_later:
        facts |= later_fields(record)
    if seal:
        facts[BOOK_SEAL] = seal
    return to_json(facts)


def encode_full(record: Record) -> bytes:
    """Return a report with the entries about it as they stand in the book, as one JSON object."""
    hidden = {"nonce", "digest", "seal", "origin_seal"}
    later = [entry.model_dump(exclude_none=True, exclude=hidden) for entry in record.later]
    return to_json({**public_fields(record), **later_fields(record), "later": later})
