"""How the entries of a book make a report what it is now, and what it was at first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any, TypeVar

from pydantic import ValidationError

from nearmiss.dates.shown import take_day
from nearmiss.model.entries import (
    Correction,
    Disclosure,
    Envelope,
    FollowUp,
    Report,
    ReportFields,
    list_changeable,
)
from nearmiss.model.order import find_place
from nearmiss.records.informed import part_told_later
from nearmiss.records.record import (
    CarePlan,
    Change,
    Changed,
    Corrected,
    FollowedUp,
    HandedOver,
    LaterEntry,
    NextStep,
    Record,
    Stamped,
    Told,
    Value,
    Withdrawn,
    find_withdrawals,
)
from nearmiss.text import fold_text


def fold(report: Report, later: Sequence[LaterEntry] = ()) -> Record:
    """Return the report as it stands; ``later`` is all that is about it or about that, in order."""
    stamp = _stamp(report)
    record = Record(
        **stamp,
        report=report,
        told=_list_own_told(report, stamp["recorded_at"]),
        tried=_list_own_tried(report, stamp["recorded_at"]),
        as_written=(report, *later),
        **_find_origin(report),
    )
    return _add_later(record, report, later) if later else record  # of most there is nothing


def _add_later(record: Record, report: Report, later: Sequence[LaterEntry]) -> Record:
    gone = _list_withdrawn(later)
    follow_ups = _fold_follow_ups(later, gone)
    standing = [each for each in follow_ups if not each.withdrawn]
    steps, steps_done = fold_steps(standing, later)
    current = _apply(report, later)
    told = _list_own_told(current, _find_written(report, later, "informed"))
    tried = [*_list_own_tried(current, _find_written(report, later, "tried"))]
    of = _TO_TELL
    for each in standing:
        of += (each.id,) if each.harm_found else ()
        tried += [Told(each.tried, each.recorded_at, of)] if each.tried else []
    told_since = (
        Told(each.informed, each.recorded_at, each.told_of) for each in standing if each.informed
    )
    found = replace(
        record,
        report=current,
        told=(*told, *told_since),
        tried=tuple(tried),
        follow_ups=follow_ups,
        corrections=tuple(
            _correct(report, later, each)
            for each in later
            if isinstance(each, Correction) and not each.withdraws
        ),
        disclosures=tuple(
            HandedOver(**_stamp(each), **_take(each, _HANDED), withdrawn=gone.get(each.id))
            for each in later
            if isinstance(each, Disclosure)
        ),
        care_plan=_find_care_plan(standing),
        steps=steps,
        steps_done=steps_done,
        changes=_list_changes(standing),
        withdrawn=gone.get(report.id),
    )
    return replace(found, tried=tuple(part_told_later(found))) if tried else found


# What a follow-up and a handing-over say under the names of their entries; withdrawn comes last.
_SAID, _HANDED = (
    [each.name for each in fields(kind)][len(fields(Stamped)) : -1]
    for kind in (FollowedUp, HandedOver)
)


def _take(entry: FollowUp | Disclosure, names: Iterable[str]) -> dict[str, Any]:
    said = {name: value for name in names if (value := getattr(entry, name)) is not None}
    return {name: tuple(each) if isinstance(each, list) else each for name, each in said.items()}


def _find_origin(report: Report) -> dict[str, Any]:
    """Return where a report came from, and what is claimed of its writing."""
    if not (report.origin_recorded_at or report.origin_seal or report.claims):
        return {}
    claims = {"claims": tuple(report.claims or ())}
    if report.origin_recorded_at:
        return {"first_id": report.origin_id or "", "taken_at": report.recorded_at, **claims}
    return {"taken_from": "a sheet" if report.origin_seal else "a phone's text", **claims}


def _stamp(entry: Envelope) -> dict[str, Any]:
    return {
        "id": entry.id,
        "recorded_at": entry.first_recorded_at,
        "recorded_by": entry.written_by,
        "written_after": entry.written_after or "",
    }


def _list_withdrawn(later: Iterable[LaterEntry]) -> dict[str, Withdrawn]:
    gone = find_withdrawals(later)
    return {about: Withdrawn(**_stamp(by), reason=by.reason) for about, by in gone.items()}


def fold_standing(later: Sequence[LaterEntry]) -> list[FollowedUp]:
    """Return the follow-ups among ``later`` that count, as they stand."""
    follow_ups = _fold_follow_ups(later, _list_withdrawn(later))
    return [each for each in follow_ups if not each.withdrawn]


def _fold_follow_ups(
    later: Sequence[LaterEntry], gone: Mapping[str, Withdrawn]
) -> tuple[FollowedUp, ...]:
    return tuple(
        FollowedUp(
            **_stamp(each),
            **_take(each if each.id in gone else _apply(each, later), _SAID),
            withdrawn=gone.get(each.id),
        )
        for each in later
        if isinstance(each, FollowUp)
    )


def fold_steps(
    follow_ups: Iterable[FollowedUp], later: Iterable[LaterEntry]
) -> tuple[tuple[NextStep, ...], tuple[NextStep, ...]]:
    """Return the steps that are open, and those done: unless it is said, the newest open one."""
    standing: dict[str, NextStep] = {}
    done: list[NextStep] = []
    books = {each.id: find_place(each)[0] for each in later}
    early: dict[str, FollowedUp] = {}
    for each in follow_ups:
        if each.next_done:
            ended = each.ends or _find_newest_step(list(standing), books, each.id)
            if ended in standing:
                done.append(replace(standing.pop(ended), done=each.recorded_at))
            elif ended:
                early[ended] = each
        if each.next_step:
            standing[each.id] = NextStep(
                each.id,
                each.next_step,
                each.next_who,
                _read_day(each.next_due),
                each.recorded_at,
                by=each.recorded_by,
                agreed=_read_day(each.agreed_on),
            )
        if each.id in early and each.id in standing:  # one of two clocks was wrong
            done.append(replace(standing.pop(each.id), done=early[each.id].recorded_at))
    return tuple(standing.values()), tuple(done)


def _find_newest_step(standing: Sequence[str], books: Mapping[str, str], ends: str) -> str:
    """Return the newest open step: of those of the same book, which alone were to be seen there."""
    own = [each for each in standing if books[each] == books[ends]]
    return next(reversed(own or standing), "")


def _read_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _list_changes(follow_ups: Sequence[FollowedUp]) -> tuple[Changed, ...]:
    on = {each.id: _read_day(each.changed_on) for each in follow_ups}
    undone = {each.undoes: (each.recorded_at, on[each.id]) for each in follow_ups}
    return tuple(
        Changed(each.id, each.changed, on[each.id], each.recorded_at, *undone.get(each.id, ()))
        for each in follow_ups
        if each.changed
    )


def end_same_words(
    records: Sequence[Record], sees: Callable[[Record], bool] = lambda record: True
) -> list[Record]:
    """Return ``records`` with each change ended whose words were later taken back elsewhere.

    The same rug about the same client may stand in two reports. Where only a report that its
    reader does not see tells of the end, nothing can be told of the change.
    """
    ended: dict[tuple[str, str], list[tuple[Changed, bool]]] = {}
    for record in records:
        for change in record.undone if not record.withdrawn else ():
            ended.setdefault(_key_change(record, change), []).append((change, sees(record)))
    return [_end_changes(record, ended) for record in records] if ended else list(records)


def _key_change(record: Record, change: Changed) -> tuple[str, str]:
    return fold_text(record.report.client), fold_text(change.text).rstrip(". ")


def _end_changes(
    record: Record, ended: Mapping[tuple[str, str], Sequence[tuple[Changed, bool]]]
) -> Record:
    changes = []
    for change in record.changes:
        ends = ended.get(_key_change(record, change), ()) if not change.undone else ()
        since = change.day, change.noted
        later = [(by, seen) for by, seen in ends if by.end and (by.end, by.undone) > since]
        told = max((by for by, seen in later if seen), key=lambda by: by.undone, default=None)
        if told:
            changes.append(replace(change, undone=told.undone, undone_on=told.undone_on))
        elif not later:
            changes.append(change)
    return replace(record, changes=tuple(changes))


def _list_own_told(report: ReportFields, recorded_at: str) -> tuple[Told, ...]:
    told = (Told(tuple(report.informed), recorded_at, ("event",)),) if report.informed else ()
    if not report.concern_informed:
        return told
    return (*told, Told(tuple(report.concern_informed), recorded_at, ("concern",)))


def _list_own_tried(report: ReportFields, recorded_at: str) -> tuple[Told, ...]:
    return (Told(tuple(report.tried), recorded_at, _TO_TELL),) if report.tried else ()


_TO_TELL: tuple[str, ...] = ("event", "concern")  # before any harm was found


def _find_written(report: Report, later: Iterable[LaterEntry], field: str) -> str:
    written: Report | Correction = report
    for each in later:
        if isinstance(each, Correction) and each.about == report.id and field in each.changes:
            written = each
    return written.first_recorded_at


def _correct(report: Report, later: Iterable[LaterEntry], entry: Correction) -> Corrected:
    about: Report | LaterEntry = next((each for each in later if each.id == entry.about), report)
    fields = list_changeable(type(about))
    changed = {field: new for field, new in entry.changes.items() if field in fields}
    before: dict[str, Value] = {field: getattr(about, field) for field in changed}
    for each in later:
        if each.id == entry.id:
            break
        if isinstance(each, Correction) and each.about == entry.about:
            before |= each.changes
    changes = tuple(Change(field, before.get(field), new) for field, new in changed.items())
    return Corrected(**_stamp(entry), about=entry.about, reason=entry.reason, changes=changes)


def _find_care_plan(follow_ups: Sequence[FollowedUp]) -> CarePlan | None:
    """Return the newest status with its text; what was only noted says nothing of a status."""
    with_status = [each for each in follow_ups if each.care_plan_status]
    with_text = [each for each in follow_ups if each.care_plan]
    for each in (with_status or with_text)[-1:]:
        day = take_day(each.recorded_at)
        return CarePlan(each.id, each.care_plan_status, each.care_plan, day)
    return None


_Corrected = TypeVar("_Corrected", Report, FollowUp)


def _apply(entry: _Corrected, later: Iterable[LaterEntry]) -> _Corrected:
    for correction in later:
        if isinstance(correction, Correction) and correction.about == entry.id:
            entry = apply_correction(entry, correction.changes)
    return entry


def apply_correction(entry: _Corrected, changes: dict[str, str | bool | list[str]]) -> _Corrected:
    """Return ``entry`` with the fields changed, or as it was where the changes do not fit it."""
    fields = list_changeable(type(entry))
    known = {name: value for name, value in changes.items() if name in fields}
    try:
        return type(entry).model_validate({**entry.model_dump(), **known})
    except ValidationError:
        return entry


def list_standing(record: Record) -> list[FollowUp]:
    """Return the entries of the follow-ups that count, as they stand."""
    later = record.later
    gone = find_withdrawals(later)
    follow_ups = (each for each in later if isinstance(each, FollowUp))
    return [_apply(each, later) for each in follow_ups if each.id not in gone]


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
        tried=tuple(replace(each, later=()) for each in record.tried),
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
