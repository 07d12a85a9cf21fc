"""A report and its follow-ups as they were first written, before anything was put right."""

from dataclasses import replace
from typing import Any

from nearmiss.records.record import FollowedUp, Record, Value


def put_back(record: Record) -> Record:
    """Return a record as first written, with what its follow-ups point at in others of them.

    Where old texts are not shown it is as it stands now.
    """
    first = {each.id: _put_back(each, record) for each in record.follow_ups}
    return replace(
        record,
        report=record.report.model_copy(update=_find_first(record.id, record)),
        follow_ups=tuple(first.values()),
        changes=tuple(replace(each, text=first[each.id].changed) for each in record.changes),
        steps_done=tuple(
            replace(each, text=first[each.id].next_step) for each in record.steps_done
        ),
    )


def _put_back(entry: FollowedUp, record: Record) -> FollowedUp:
    nothing = FollowedUp("", "", "")
    first: dict[str, Any] = {}
    for name, value in _find_first(entry.id, record).items():
        if hasattr(nothing, name):
            first[name] = getattr(nothing, name) if value is None else value
        if isinstance(value, list):
            first[name] = tuple(value)
    return replace(entry, **first)


def _find_first(about: str, record: Record) -> dict[str, Value]:
    """Return what the fields of an entry were before they were put right, as far as it is shown."""
    first: dict[str, Value] = {}
    for each in record.corrections:
        for change in each.changes if each.about == about else ():
            if change.old is not None or change.new is not None:
                first.setdefault(change.field, change.old)
    return first
