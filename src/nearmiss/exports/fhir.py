"""Reports as FHIR R4: a Bundle of AdverseEvent with what they refer to.

https://hl7.org/fhir/R4/adverseevent.html and the pages of the other resources. Nothing is said
that the carer did not write: no severity, no outcome, no diagnosis.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pydantic_core import to_json

from nearmiss.dates.now import made_at
from nearmiss.dates.shown import echo_day
from nearmiss.model.ids import EntryId
from nearmiss.model.questions import CATEGORY_LABELS
from nearmiss.records import words
from nearmiss.records.record import NextStep, Record
from nearmiss.text import fold_text

Resource = dict[str, Any]
_A_DAY = len("2026-04-14")
# https://hl7.org/fhir/R4/valueset-adverse-event-category.html; kinds that have no code are text.
_CODES = {"environment": ("unsafe-physical-environment", "Unsafe Physical Environment")}
_CATEGORY = "http://terminology.hl7.org/CodeSystem/adverse-event-category"
# https://hl7.org/fhir/R4/valueset-security-labels.html: what raises a concern is not for all.
_RESTRICTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
    "code": "R",
    "display": "restricted",
}


def write_fhir(records: Iterable[Record], seal: str) -> Iterator[bytes]:
    """Yield the bundle. Its ids are the same in every export of the same reports."""
    entries: dict[str, Resource] = {}
    made = made_at()
    for record in records:
        for resource in _list_resources(record, made):
            address = f"urn:uuid:{resource['id']}"
            entries.setdefault(address, {"fullUrl": address, "resource": resource})
    bundle: Resource = {"resourceType": "Bundle", "type": "collection"}
    bundle["timestamp"] = made.isoformat(timespec="seconds")
    if seal:
        bundle["identifier"] = {"system": _name_system("seals"), "value": seal}
    bundle["entry"] = list(entries.values())
    yield to_json(bundle, indent=1) + b"\n"


def _name_system(name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'urn:nearmiss:{name}')}"


def _list_resources(record: Record, made: datetime) -> Iterator[Resource]:
    report = record.report
    tag = EntryId.parse(record.id).tag
    patient = _make("Patient", f"{tag} {fold_text(report.client)}", name=[{"text": report.client}])
    place = _make("Location", f"{tag} {fold_text(report.location)}", name=report.location)
    carer = _make_carer(tag, record.recorded_by)
    event = _make_event(record, made, _refer(patient), _refer(place), _refer(carer))
    yield from (patient, place, carer, event)
    basis = {"subject": _refer(patient), "about": [_refer(event)], "sender": _refer(carer)}
    for number, told in enumerate(record.informed):
        yield _make_communication(f"{record.id} told {number}", told, basis)
    shared: Resource = {"focus": _refer(event), "for": _refer(patient), "requester": _refer(carer)}
    if record.recorded_at:
        shared["authoredOn"] = record.recorded_at
    for number, idea in enumerate(report.recommendations):
        name = f"{record.id} task {number}"
        fields = {"status": "draft", "intent": "proposal", "description": idea, **shared}
        yield _make("Task", name, **fields)
    for number, step in enumerate([*record.steps_done, *record.steps]):
        asked: Resource = {"focus": shared["focus"], "for": shared["for"]}
        if step.by:
            asker = _make_carer(tag, step.by)
            yield asker
            asked["requester"] = _refer(asker)
        yield _make("Task", f"{record.id} step {number}", **_tell_step(step), **asked)


def _make_carer(tag: str, name: str) -> Resource:
    return _make("Practitioner", f"{tag} {name}", name=[{"text": name}])


def _make_communication(name: str, told: str, basis: Resource) -> Resource:
    who = re.split(r"[,;]", told, maxsplit=1)[0].strip() or told
    return _make(
        "Communication",
        name,
        status="completed",
        **basis,
        recipient=[{"display": who}],
        payload=[{"contentString": told}],
    )


def _tell_step(step: NextStep) -> Resource:
    task: Resource = {"status": "completed" if step.done else "requested", "intent": "plan"}
    task["description"] = step.text
    if step.agreed:
        task["note"] = [{"text": f"Agreed {echo_day(step.agreed)}"}]
    if step.noted:
        task["authoredOn"] = step.noted
    if step.who:
        task["owner"] = {"display": step.who}
    if step.due:
        task["restriction"] = {"period": {"end": step.due.isoformat()}}
    return task


def _make_event(
    record: Record, made: datetime, patient: Resource, place: Resource, carer: Resource
) -> Resource:
    report = record.report
    happened = report.occurred_at[: _A_DAY if report.hour_not_known else None]
    event = _make(
        "AdverseEvent",
        record.id,
        text={"status": "generated", "div": _tell(record, made)},
        identifier={
            "system": _name_system(f"book:{record.id.partition('-')[0]}"),
            "value": record.id,
        },
        actuality="actual" if record.is_incident else "potential",
        category=[_categorise(report.category)],
        event={"text": report.what},
        subject=patient,
        date=happened,
        detected=happened,
        location=place,
        recorder=carer,
    )
    if record.recorded_at:
        event["recordedDate"] = record.recorded_at
    if report.safeguarding:
        event["meta"] = {"security": [_RESTRICTED]}
    return event


def _categorise(category: str) -> Resource:
    concept: Resource = {"text": CATEGORY_LABELS[category]}
    if category in _CODES:
        code, display = _CODES[category]
        concept["coding"] = [{"system": _CATEGORY, "code": code, "display": display}]
    return concept


def _tell(record: Record, made: datetime) -> str:
    rows = (
        f"<p><b>{escape(title)}:</b> {escape(text).replace(chr(10), '<br/>')}</p>"
        for title, text in words.name_everything(record)
    )
    hurt = words.tells_of_harm(record)
    ending = "" if hurt else f"<p>{escape(words.tell_no_harm(made))}</p>"
    if record.first_id:
        ending += f"<p>{escape(words.name_number(record))}</p>"
    if record.claims:
        ending += f"<p>{escape(words.CLAIMS)}: {escape(words.tell_claims(record))}</p>"
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{"".join(rows)}{ending}</div>'


def _make(kind: str, name: str, /, **fields: Any) -> Resource:
    made = str(uuid5(NAMESPACE_URL, f"urn:nearmiss:{kind}:{name}"))
    return {"resourceType": kind, "id": made, **fields}


def _refer(resource: Resource) -> Resource:
    return {"reference": f"urn:uuid:{resource['id']}"}
