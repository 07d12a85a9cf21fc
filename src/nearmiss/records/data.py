"""A report as data, for other programs and for tables: what stands about it now."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from pydantic_core import to_json

from nearmiss.model.entries import BOOK_SEAL, LATER_COLUMNS, NearMissFields
from nearmiss.model.questions import INSTEAD
from nearmiss.records import words
from nearmiss.records.informed import tell_told_of
from nearmiss.records.record import (
    Change,
    Changed,
    Corrected,
    FollowedUp,
    HandedOver,
    NextStep,
    Record,
    Stamped,
    Told,
)
from nearmiss.text import end_sentence

# What a near miss may have, and behind what stopped it what an incident has instead.
_OF_NEAR_MISS = list(NearMissFields.model_fields)
_BEHIND = _OF_NEAR_MISS.index("how_prevented") + 1
REPORT_FIELDS = (*_OF_NEAR_MISS[:_BEHIND], *INSTEAD.values(), *_OF_NEAR_MISS[_BEHIND:])
COLUMNS = ("id", "recorded_at", "recorded_by", "status", "entry", *REPORT_FIELDS)
CONCERN = COLUMNS.index("safeguarding")


def list_values(record: Record) -> list[Any]:
    """Return what stands in a report's ``COLUMNS`` now, whoever was told or tried later too."""
    return [*_read_stamp(record).values(), *map(_read_answers(record).get, REPORT_FIELDS)]


def public_fields(record: Record) -> dict[str, Any]:
    """Return a report's fields as they stand now, under the names of the file."""
    find = _read_answers(record).get
    facts = _read_stamp(record)
    facts |= {name: value for name in REPORT_FIELDS if (value := find(name)) is not None}
    if not record.shows_concern:
        del facts["safeguarding"]
    return facts


def _read_stamp(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "recorded_at": record.recorded_at,
        "recorded_by": record.recorded_by,
        "status": record.status,
        "entry": "incident" if record.is_incident else "report",
    }


def _read_answers(record: Record) -> dict[str, Any]:
    """Return what a report says by its fields, with everybody who was told or tried later."""
    said = record.report.__dict__  # at once: there may be very many
    if not record.follow_ups:
        return said
    told_of_it = _list_people(record.list_told_of("concern"))
    return {
        **said,
        "informed": _list_people(each for each in record.told if each.of != ("concern",)),
        "concern_informed": told_of_it or said.get("concern_informed"),
        "tried": _list_people(record.tried) or said.get("tried"),
    }


def _list_people(told: Iterable[Told]) -> list[str]:
    return list(dict.fromkeys(who for each in told for who in each.who))


def later_fields(record: Record) -> dict[str, Any]:
    """Return what was written about a report later, as far as there is something."""
    closing, step, plan = record.closing, record.next_step, record.care_plan
    return _drop_empty(
        closed_on=closing.recorded_at[:10] if closing else "",
        harm_found=[_dump_harm(record, each) for each in record.harm_found],
        care_plan_status=plan.status if plan else "",
        care_plan_day=str(plan.day) if plan else "",
        next_step=step.text if step else "",
        next_who=step.who if step else "",
        next_due=str((step and step.due) or ""),
        next_steps=[_dump_step(each) for each in record.steps],
        steps_done=[_dump_step(each) for each in record.steps_done],
        changes=[_dump_changed(each) for each in record.changes],
        withdrawn=_dump(record.withdrawn) if record.withdrawn else "",
        pattern=record.pattern,
        origin=_drop_empty(id=record.first_id, taken_in=record.taken_at[:10]),
        claims=list(record.claims),
        follow_ups=[_dump(each) for each in record.follow_ups],
        corrections=[_dump(each) for each in record.corrections],
        disclosures=[_dump(each) for each in record.disclosures],
    )


def _drop_empty(**facts: Any) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in ("", [], {})}


def _dump_harm(record: Record, entry: FollowedUp) -> dict[str, Any]:
    day = entry.recorded_at[:10]
    facts = _drop_empty(id=entry.id, text=entry.harm_found, seen_on=entry.harm_on, written_on=day)
    return {**facts, "told": [who for each in record.list_told_of(entry.id) for who in each.who]}


def _dump_step(step: NextStep) -> dict[str, str]:
    due, agreed, done = str(step.due or ""), str(step.agreed or ""), step.done[:10]
    return _drop_empty(
        id=step.id, text=step.text, who=step.who, due=due, agreed_on=agreed, done=done
    )


def _dump_changed(change: Changed) -> dict[str, str]:
    on, undone_on = str(change.on or ""), str(change.undone_on or "")
    facts = {"id": change.id, "text": change.text, "written_on": change.noted[:10]}
    return _drop_empty(**facts, changed_on=on, undone=change.undone[:10], undone_on=undone_on)


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
        dumped["changes"] = [_dump_change(each) for each in entry.changes]
    return dumped


def _dump_change(change: Change) -> dict[str, Any]:
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


_NONE = dict.fromkeys(LATER_COLUMNS, "")


def list_columns(record: Record | None) -> tuple[str, ...]:
    """Return the later columns for its reader: an empty one of papers would say there were none."""
    if record is None or record.shows_handing:
        return LATER_COLUMNS
    return tuple(each for each in LATER_COLUMNS if each != "disclosures")


def list_later(record: Record) -> dict[str, str]:
    """Return the later facts of a report by column, several in a cell on a line each."""
    if not (record.follow_ups or record.corrections or record.disclosures):
        origin, claims = words.tell_origin(record), _join(record.claims)
        return _NONE | {"pattern": record.pattern, "origin": origin, "claims": claims}
    closing, step, plan = record.closing, record.next_step, record.care_plan
    return {
        "closed_on": closing.recorded_at[:10] if closing else "",
        "withdrawn": words.tell_withdrawn(record.withdrawn) if record.withdrawn else "",
        "harm_found": _join(
            f"{words.name_harm(record, each)}: {each.harm_found} ({tell_told_of(record, each.id)})"
            for each in record.harm_found
        ),
        "changes": _join(map(words.tell_changed, record.changes)),
        "follow_ups": _join(_tell_follow_up(record, each) for each in record.follow_ups),
        "care_plan_status": plan.status if plan else "",
        "care_plan_day": str(plan.day) if plan else "",
        "corrections": _join(
            f"{each.id} of {each.about}, {words.tell_stamp(each)}: "
            f"{'; '.join(words.tell_changes(each))}"
            for each in record.corrections
        ),
        "next_step": step.text if step else "",
        "next_who": step.who if step else "",
        "next_due": str((step and step.due) or ""),
        "next_steps": _join(map(words.tell_step, record.steps)),
        "steps_done": _join(map(words.tell_step, record.steps_done)),
        "pattern": record.pattern,
        "origin": words.tell_origin(record),
        "claims": _join(record.claims),
        "disclosures": _join(map(_tell_disclosure, record.disclosures)),
    }


def _join(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _tell_follow_up(record: Record, entry: FollowedUp) -> str:
    said = map(end_sentence, words.tell_follow_up(record, entry))
    return f"{entry.id}, {words.tell_stamp(entry)}: {' '.join(said)}"


def _tell_disclosure(entry: HandedOver) -> str:
    told = words.tell_handed_over(entry).replace("\n", " ")
    return f"{entry.id}, {words.tell_stamp(entry)}: {told}"
