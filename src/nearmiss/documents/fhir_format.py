"""Reports as FHIR R4: a Bundle of AdverseEvent with what they refer to.

https://hl7.org/fhir/R4/adverseevent.html and the pages of the other resources. Nothing is said
that the carer did not write: no severity, no outcome, no diagnosis.
"""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pydantic_core import to_json

from nearmiss.model.wording import CATEGORY_LABELS
from nearmiss.records.history import Record
from nearmiss.text import fold_text

Resource = dict[str, Any]
# https://hl7.org/fhir/R4/valueset-adverse-event-category.html; kinds that have no code are text.
_CODES = {"environment": ("unsafe-physical-environment", "Unsafe Physical Environment")}
_CATEGORY = "http://terminology.hl7.org/CodeSystem/adverse-event-category"


def write_fhir(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the bundle. Its ids are the same in every export of the same reports."""
    entries: dict[str, Resource] = {}
    for record in records:
        for resource in _list_resources(record):
            address = f"urn:uuid:{resource['id']}"
            entries.setdefault(address, {"fullUrl": address, "resource": resource})
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": list(entries.values())}
    yield to_json(bundle, indent=1) + b"\n"


def _list_resources(record: Record) -> Iterator[Resource]:
    report = record.report
    tag = report.id.partition("-")[0]
    patient = _make("Patient", f"{tag} {fold_text(report.client)}", name=[{"text": report.client}])
    place = _make("Location", f"{tag} {fold_text(report.location)}", name=report.location)
    carer = _make("Practitioner", f"{tag} {report.written_by}", name=[{"text": report.written_by}])
    event = _make_event(record, _refer(patient), _refer(place), _refer(carer))
    yield from (patient, place, carer, event)
    for number, told in enumerate(record.informed):
        yield _make(
            "Communication",
            f"{report.id} told {number}",
            status="completed",
            subject=_refer(patient),
            about=[_refer(event)],
            sender=_refer(carer),
            payload=[{"contentString": told}],
        )
    for number, idea in enumerate(report.recommendations):
        yield _make(
            "Task",
            f"{report.id} task {number}",
            status="requested" if record.is_open else "completed",
            intent="proposal",
            description=idea,
            focus=_refer(event),
            **{"for": _refer(patient)},
            requester=_refer(carer),
            authoredOn=report.written_at.isoformat(),
        )


def _make_event(record: Record, patient: Resource, place: Resource, carer: Resource) -> Resource:
    report = record.report
    return _make(
        "AdverseEvent",
        report.id,
        text={"status": "generated", "div": _tell(record)},
        identifier={"system": "urn:nearmiss", "value": report.id},
        actuality="potential",
        category=[_categorise(report.category)],
        event={"text": report.what_nearly_happened},
        subject=patient,
        date=report.occurred.isoformat(),
        detected=report.occurred.isoformat(),
        recordedDate=report.written_at.isoformat(),
        location=place,
        recorder=carer,
    )


def _categorise(category: str) -> Resource:
    concept: Resource = {"text": CATEGORY_LABELS[category]}
    if category in _CODES:
        code, display = _CODES[category]
        concept["coding"] = [{"system": _CATEGORY, "code": code, "display": display}]
    return concept


def _tell(record: Record) -> str:
    from nearmiss.documents.text_format import name_answers

    rows = (
        f"<p><b>{escape(title)}:</b> {escape(text).replace(chr(10), '<br/>')}</p>"
        for title, text in name_answers(record)
    )
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{"".join(rows)}</div>'


def _make(kind: str, name: str, /, **fields: Any) -> Resource:
    made = str(uuid5(NAMESPACE_URL, f"urn:nearmiss:{kind}:{name}"))
    return {"resourceType": kind, "id": made, **fields}


def _refer(resource: Resource) -> Resource:
    return {"reference": f"urn:uuid:{resource['id']}"}
