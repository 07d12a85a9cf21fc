"""What each report is now: its entries folded, with what was written about it later."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from pydantic import ValidationError

from nearmiss.model.entries import (
    KINDS,
    Correction,
    Disclosure,
    Entry,
    Envelope,
    FollowUp,
    IncidentFields,
    Report,
    ReportFields,
)
from nearmiss.model.ids import EntryId

LaterEntry = Correction | FollowUp | Disclosure
Value = str | bool | list[str] | None
_A_DAY = len("2026-04-14")


@dataclass(frozen=True, slots=True)
class Stamped:
    """Something that was written down as an entry: its id, and when and by whom.

    ``recorded_at`` is a timestamp, or only its day, or empty, as far as the reader may know;
    ``recorded_by`` likewise.
    """

    id: str
    recorded_at: str
    recorded_by: str

    @property
    def number(self) -> int:
        """Its number in the book."""
        return EntryId.parse(self.id).number

    @property
    def day(self) -> date | None:
        """The day on which it was written, where the reader may know it."""
        return date.fromisoformat(self.recorded_at[:_A_DAY]) if self.recorded_at else None

    @property
    def written_at(self) -> datetime | None:
        """The moment at which it was written, where the reader may know it."""
        return datetime.fromisoformat(self.recorded_at) if len(self.recorded_at) > _A_DAY else None


@dataclass(frozen=True, slots=True)
class Withdrawn(Stamped):
    """That an entry no longer counts, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told, or tried and not reached, and when that was written down (or empty).

    ``of`` is what they were told of: ``event``, ``concern``, or the id of the follow-up that tells
    of harm; nothing where that is not written.
    """

    who: tuple[str, ...]
    recorded_at: str
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to do, who does it, and by which day; empty and None where that is not said.

    ``id`` is the follow-up that says so; ``noted`` is when that was written down and ``by`` by whom
    (empty where the reader may not know), ``done`` when it was written that it is done: timestamps
    as they stand in the book, or only their days. ``agreed`` is the day of the meeting at which
    it was agreed.
    """

    id: str
    text: str
    who: str
    due: date | None
    noted: str
    done: str = ""
    by: str = ""
    agreed: date | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What is different now, by the follow-up of that ``id``.

    ``on`` is the day of the change, None where only the day of writing, ``noted``, is known;
    ``undone`` is when it was written that it no longer holds, empty while it does.
    """

    id: str
    text: str
    on: date | None
    noted: str
    undone: str = ""

    @property
    def day(self) -> date:
        """The day from which it counts: that of the change, else that of writing."""
        return self.on or date.fromisoformat(self.noted[:_A_DAY])


@dataclass(frozen=True, slots=True)
class FollowedUp(Stamped):
    """What was done or seen after a report, put right; empty texts where nothing is said."""

    note: str = ""
    informed: tuple[str, ...] = ()
    told_of: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    care_plan: str = ""
    care_plan_status: str = ""
    harm_found: str = ""
    harm_on: str = ""
    changed: str = ""
    changed_on: str = ""
    undoes: str = ""
    next_step: str = ""
    next_who: str = ""
    next_due: str = ""
    agreed_on: str = ""
    next_done: bool = False
    ends: str = ""
    closes: bool | None = None
    withdrawn: Withdrawn | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field that was put right, with its value before and after where they may be seen."""

    field: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class Corrected(Stamped):
    """What was put right in the entry ``about``, and why."""

    about: str
    reason: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class HandedOver(Stamped):
    """To whom the report was handed, why, and the seal on that paper."""

    audience: str
    recipient: str
    basis: str
    decided_by: str
    form: str
    seal_shown: str
    withdrawn: Withdrawn | None = None


@dataclass(frozen=True, slots=True)
class CarePlan:
    """What came of the care plan last: ``asked``, ``changed``, ``declined``, or only a text."""

    status: str
    text: str
    day: date


@dataclass(frozen=True, slots=True)
class Record(Stamped):
    """A report as it stands now, with everything written about it later.

    ``fold`` makes it of entries; what one reader may see of it is a record too, made by ``show``.

    ``told`` is the report's own list, those told of its concern, then that of each follow-up;
    ``tried`` were not reached; ``follow_ups`` holds withdrawn ones too, in the order written;
    ``steps`` are those that are not done; ``changes`` are in the order written, those undone too;
    ``withdrawn`` says that the report itself no longer counts; ``pattern`` is the name of the
    hazard that the carer has marked it for; ``shows_concern`` is false where the reader may not
    know whether a safeguarding concern was raised, ``shows_handing`` where they may not know who
    else was handed what.

    ``as_written`` are its entries as first written: the report, then all about it in order. A
    record made for a reader who may not see old texts has none.
    """

    report: ReportFields
    told: tuple[Told, ...] = ()
    follow_ups: tuple[FollowedUp, ...] = ()
    corrections: tuple[Corrected, ...] = ()
    disclosures: tuple[HandedOver, ...] = ()
    care_plan: CarePlan | None = None
    steps: tuple[NextStep, ...] = ()
    steps_done: tuple[NextStep, ...] = ()
    changes: tuple[Changed, ...] = ()
    tried: tuple[Told, ...] = ()
    withdrawn: Withdrawn | None = None
    pattern: str = ""
    shows_concern: bool = True
    shows_handing: bool = True
    as_written: tuple[Report | LaterEntry, ...] = ()

    @property
    def is_incident(self) -> bool:
        """Whether somebody was hurt, or may have been."""
        return isinstance(self.report, IncidentFields)

    @property
    def next_step(self) -> NextStep | None:
        """The open step whose day comes first, one without a day last."""
        return min(self.steps, key=lambda each: (each.due or date.max, each.noted), default=None)

    @property
    def in_force(self) -> tuple[Changed, ...]:
        """What was changed and still holds, in the order written."""
        return tuple(each for each in self.changes if not each.undone)

    def list_told_of(self, what: str) -> tuple[Told, ...]:
        """Return who was told of the ``event``, the ``concern`` or the harm of that id."""
        return tuple(each for each in self.told if what in each.of)

    @property
    def original(self) -> Report:
        """The report as first written. Raises TypeError where the reader may not see it."""
        return _take_report(self.as_written[0] if self.as_written else None)

    @property
    def current(self) -> Report:
        """The report's own entry as it stands. Raises TypeError where a reader sees only fields."""
        return _take_report(self.report)

    @property
    def later(self) -> tuple[LaterEntry, ...]:
        """Every entry about the report or its later entries, as written, in order."""
        return tuple(each for each in self.as_written if not isinstance(each, Report))

    @property
    def has_later(self) -> bool:
        """Whether anything was written about the report later, or a pattern was marked."""
        return bool(self.follow_ups or self.corrections or self.disclosures or self.pattern)

    @property
    def standing(self) -> tuple[FollowedUp, ...]:
        """The follow-ups that count, in the order written."""
        if not self.follow_ups:  # as in most
            return ()
        return tuple(each for each in self.follow_ups if not each.withdrawn)

    @property
    def closing(self) -> FollowedUp | None:
        """The follow-up that closed the report, if it is closed now."""
        verdicts = [each for each in self.standing if each.closes is not None]
        return verdicts[-1] if verdicts and verdicts[-1].closes else None

    @property
    def is_open(self) -> bool:
        """Whether something may still be to do."""
        return self.closing is None

    @property
    def status(self) -> str:
        """``open``, ``closed`` or ``withdrawn``."""
        if self.withdrawn:
            return "withdrawn"
        return "open" if self.is_open else "closed"

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed, if it is closed now and the reader may know it."""
        closing = self.closing
        return closing.written_at if closing else None

    @property
    def informed(self) -> list[str]:
        """Everybody who was told, each once: in the report as it stands, then in follow-ups."""
        return list(dict.fromkeys(who for each in self.told for who in each.who))

    @property
    def told_at(self) -> datetime | None:
        """When the first entry was written that says somebody was told."""
        gone = find_withdrawals(self.later)
        for entry in self.as_written:
            if isinstance(entry, Correction):
                says_so = bool(entry.changes.get("informed"))
            else:
                says_so = not isinstance(entry, Disclosure) and bool(entry.informed)
            if says_so and entry.id not in gone:
                return entry.written_at
        return None

    @property
    def harm_found(self) -> tuple[FollowedUp, ...]:
        """The follow-ups that tell of harm found later, in the order written."""
        return tuple(each for each in self.standing if each.harm_found)

    @property
    def care_plan_waiting(self) -> FollowedUp | None:
        """The follow-up that asked for a care plan review which nobody has answered."""
        said = [each for each in self.standing if each.care_plan_status]
        return said[-1] if said and said[-1].care_plan_status == "asked" else None


def _take_report(found: object) -> Report:
    if isinstance(found, Report):
        return found
    raise TypeError("this record was made for a reader, and holds no entry")


def fold(report: Report, later: Sequence[LaterEntry] = ()) -> Record:
    """Return the report as it stands; ``later`` is all that is about it or about that, in order."""
    stamp = _stamp(report)
    if not later:  # as most are, and there may be very many
        told, tried = tuple(_list_own_told(report, stamp[1])), _list_own_tried(report, stamp[1])
        return Record(*stamp, report, told, tried=tried, as_written=(report,))
    gone = _list_withdrawn(later)
    follow_ups = _fold_follow_ups(later, gone)
    standing = [each for each in follow_ups if not each.withdrawn]
    steps, steps_done = fold_steps(standing)
    current = _apply(report, later)
    own_told = _find_written(report, later, "informed")
    return Record(
        *stamp,
        current,
        told=(
            *_list_own_told(current, own_told),
            *(
                Told(each.informed, each.recorded_at, each.told_of)
                for each in standing
                if each.informed
            ),
        ),
        follow_ups=follow_ups,
        corrections=tuple(
            _correct(report, later, each)
            for each in later
            if isinstance(each, Correction) and not each.withdraws
        ),
        disclosures=tuple(
            _hand_over(each, gone.get(each.id)) for each in later if isinstance(each, Disclosure)
        ),
        care_plan=_find_care_plan(standing),
        steps=steps,
        steps_done=steps_done,
        changes=_list_changes(standing),
        tried=(
            *_list_own_tried(current, _find_written(report, later, "tried")),
            *(Told(each.tried, each.recorded_at) for each in standing if each.tried),
        ),
        withdrawn=gone.get(report.id),
        as_written=(report, *later),
    )


def _stamp(entry: Envelope) -> tuple[str, str, str]:
    return entry.id, entry.first_recorded_at, entry.written_by


def find_withdrawals(entries: Iterable[Entry]) -> dict[str, Correction]:
    """Return the corrections among ``entries`` that withdraw another, by the id of that one.

    A withdrawal that was itself withdrawn is none.
    """
    found: dict[str, Correction] = {}
    withdrawing = [each for each in entries if isinstance(each, Correction) and each.withdraws]
    for each in sorted(withdrawing, key=lambda entry: entry.number, reverse=True):
        if each.id not in found:
            found[each.about] = each
    return found


def _list_withdrawn(later: Iterable[LaterEntry]) -> dict[str, Withdrawn]:
    withdrawals = find_withdrawals(later).items()
    return {about: Withdrawn(*_stamp(each), each.reason) for about, each in withdrawals}


def fold_standing(later: Sequence[LaterEntry]) -> list[FollowedUp]:
    """Return the follow-ups among ``later`` that count, as they stand."""
    follow_ups = _fold_follow_ups(later, _list_withdrawn(later))
    return [each for each in follow_ups if not each.withdrawn]


def _fold_follow_ups(
    later: Sequence[LaterEntry], gone: Mapping[str, Withdrawn]
) -> tuple[FollowedUp, ...]:
    return tuple(
        _follow_up(each if each.id in gone else _apply(each, later), gone.get(each.id))
        for each in later
        if isinstance(each, FollowUp)
    )


def _follow_up(entry: FollowUp, withdrawn: Withdrawn | None) -> FollowedUp:
    return FollowedUp(
        *_stamp(entry),
        note=entry.note or "",
        informed=tuple(entry.informed or ()),
        told_of=tuple(entry.told_of or ()),
        tried=tuple(entry.tried or ()),
        care_plan=entry.care_plan or "",
        care_plan_status=entry.care_plan_status or "",
        harm_found=entry.harm_found or "",
        harm_on=entry.harm_on or "",
        changed=entry.changed or "",
        changed_on=entry.changed_on or "",
        undoes=entry.undoes or "",
        next_step=entry.next_step or "",
        next_who=entry.next_who or "",
        next_due=entry.next_due or "",
        agreed_on=entry.agreed_on or "",
        next_done=bool(entry.next_done),
        ends=entry.ends or "",
        closes=entry.closes,
        withdrawn=withdrawn,
    )


def fold_steps(
    follow_ups: Iterable[FollowedUp],
) -> tuple[tuple[NextStep, ...], tuple[NextStep, ...]]:
    """Return the steps that are open after ``follow_ups``, given in order, and those done.

    A step stands until it is done, on a closed report too; where it is not said which one is
    done, it is the newest open one.
    """
    standing: dict[str, NextStep] = {}
    done: list[NextStep] = []
    for each in follow_ups:
        ended = (each.ends or next(reversed(standing), "")) if each.next_done else ""
        if ended in standing:
            done.append(replace(standing.pop(ended), done=each.recorded_at))
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
    return tuple(standing.values()), tuple(done)


def _read_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _list_changes(follow_ups: Sequence[FollowedUp]) -> tuple[Changed, ...]:
    undone = {each.undoes: each.recorded_at for each in follow_ups if each.undoes}
    return tuple(
        Changed(
            each.id,
            each.changed,
            _read_day(each.changed_on),
            each.recorded_at,
            undone.get(each.id, ""),
        )
        for each in follow_ups
        if each.changed
    )


def _list_own_told(report: ReportFields, recorded_at: str) -> Iterator[Told]:
    """Yield whom a report itself says were told: of what happened, and of the concern."""
    if report.informed:
        yield Told(tuple(report.informed), recorded_at, ("event",))
    if report.concern_informed:
        yield Told(tuple(report.concern_informed), recorded_at, ("concern",))


def _list_own_tried(report: ReportFields, recorded_at: str) -> tuple[Told, ...]:
    return (Told(tuple(report.tried), recorded_at),) if report.tried else ()


def _find_written(report: Report, later: Iterable[LaterEntry], field: str) -> str:
    """Return when a field of the report was last written."""
    written: Report | Correction = report
    for each in later:
        if isinstance(each, Correction) and each.about == report.id and field in each.changes:
            written = each
    return written.first_recorded_at


def _correct(report: Report, later: Iterable[LaterEntry], entry: Correction) -> Corrected:
    about: Report | LaterEntry = next((each for each in later if each.id == entry.about), report)
    before: dict[str, Value] = {
        field: getattr(about, field) for field in entry.changes if field in type(about).model_fields
    }
    for each in later:
        if each.id == entry.id:
            break
        if isinstance(each, Correction) and each.about == entry.about:
            before |= each.changes
    changes = (Change(field, before.get(field), new) for field, new in entry.changes.items())
    return Corrected(*_stamp(entry), entry.about, entry.reason, tuple(changes))


def _hand_over(entry: Disclosure, withdrawn: Withdrawn | None) -> HandedOver:
    return HandedOver(
        *_stamp(entry),
        entry.audience,
        entry.recipient,
        entry.basis,
        entry.decided_by,
        entry.form,
        entry.seal_shown,
        withdrawn,
    )


def _find_care_plan(follow_ups: Sequence[FollowedUp]) -> CarePlan | None:
    """Return the newest status with its text; what was only noted says nothing of a status."""
    with_status = [each for each in follow_ups if each.care_plan_status]
    with_text = [each for each in follow_ups if each.care_plan]
    for each in (with_status or with_text)[-1:]:
        day = date.fromisoformat(each.recorded_at[:_A_DAY])
        return CarePlan(each.care_plan_status, each.care_plan, day)
    return None


_Corrected = TypeVar("_Corrected", Report, FollowUp)


def _apply(entry: _Corrected, later: Iterable[LaterEntry]) -> _Corrected:
    for correction in later:
        if isinstance(correction, Correction) and correction.about == entry.id:
            entry = apply_correction(entry, correction.changes)
    return entry


def apply_correction(entry: _Corrected, changes: dict[str, str | bool | list[str]]) -> _Corrected:
    """Return ``entry`` with the fields changed, or as it was where the changes do not fit it."""
    fields = next(kind for kind in KINDS if isinstance(entry, kind)).model_fields
    known = {name: value for name, value in changes.items() if name in fields and name != "about"}
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
