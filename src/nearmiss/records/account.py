"""What a report is now, as one model: every reader and every format is served from it."""

from dataclasses import dataclass
from datetime import date, datetime

from nearmiss.model.entries import Correction, Disclosure, FollowUp, Report, ReportFields
from nearmiss.records.record import LaterEntry, NextStep, Record, fold_steps

Value = str | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class Written:
    """An entry of the book as it was written.

    ``recorded_at`` is its timestamp, or only its day, or empty, as far as the reader may know;
    ``recorded_by`` likewise.
    """

    id: str
    recorded_at: str
    recorded_by: str

    @property
    def day(self) -> date | None:
        """The day on which it was written, where the reader may know it."""
        return date.fromisoformat(self.recorded_at[:10]) if self.recorded_at else None

    @property
    def written_at(self) -> datetime | None:
        """The moment at which it was written, where the reader may know it."""
        return datetime.fromisoformat(self.recorded_at) if len(self.recorded_at) > _A_DAY else None


_A_DAY = len("2026-04-14")


@dataclass(frozen=True, slots=True)
class Withdrawn(Written):
    """That an entry no longer counts, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told, and when that was written down (a timestamp, or empty)."""

    who: tuple[str, ...]
    recorded_at: str


@dataclass(frozen=True, slots=True)
class FollowedUp(Written):
    """What was done or seen after a report; empty texts where nothing is said."""

    note: str = ""
    informed: tuple[str, ...] = ()
    care_plan: str = ""
    care_plan_status: str = ""
    harm_found: str = ""
    next_step: str = ""
    next_who: str = ""
    next_due: str = ""
    next_done: bool = False
    closes: bool | None = None
    withdrawn: Withdrawn | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field that was put right, with its value before and after where they may be seen."""

    field: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class Corrected(Written):
    """What was put right in the entry ``about``, and why."""

    about: str
    reason: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class HandedOver(Written):
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
class Account(Written):
    """A report as it stands now, with everything written about it later, as one reader sees it.

    ``told`` is the report's own list, then that of each follow-up; ``follow_ups`` holds withdrawn
    ones too, in the order written; ``pattern`` is the name of the hazard that the carer has
    marked it for; ``shows_concern`` is false where the reader may not know whether a safeguarding
    concern was raised, ``shows_handing`` where they may not know who else was handed what.
    """

    report: ReportFields
    told: tuple[Told, ...] = ()
    follow_ups: tuple[FollowedUp, ...] = ()
    corrections: tuple[Corrected, ...] = ()
    disclosures: tuple[HandedOver, ...] = ()
    care_plan: CarePlan | None = None
    next_step: NextStep | None = None
    steps_done: tuple[NextStep, ...] = ()
    pattern: str = ""
    shows_concern: bool = True
    shows_handing: bool = True

    @property
    def has_later(self) -> bool:
        """Whether anything was written about the report later."""
        later = self.follow_ups or self.corrections or self.disclosures
        return bool(later or self.pattern)

    @property
    def closing(self) -> FollowedUp | None:
        """The follow-up that closed the report, if it is closed now."""
        if not self.follow_ups:
            return None
        verdicts = [each for each in self.standing if each.closes is not None]
        return verdicts[-1] if verdicts and verdicts[-1].closes else None

    @property
    def status(self) -> str:
        """``open`` or ``closed``."""
        return "closed" if self.closing else "open"

    @property
    def standing(self) -> tuple[FollowedUp, ...]:
        """The follow-ups that count, in the order written."""
        return tuple(each for each in self.follow_ups if not each.withdrawn)

    @property
    def harm_found(self) -> tuple[FollowedUp, ...]:
        """The follow-ups that tell of harm found later, in the order written."""
        return tuple(each for each in self.standing if each.harm_found)

    @property
    def informed(self) -> list[str]:
        """Everybody who was told, in the report and in its follow-ups."""
        return [who for each in self.told for who in each.who]


def make_account(record: Record, pattern: str = "") -> Account:
    """Return everything that stands about a report now; ``pattern`` is its hazard's name."""
    report, stamp = record.report, _stamp(record.report)
    if not record.later:
        told = (Told(tuple(report.informed), stamp[1]),) if report.informed else ()
        return Account(*stamp, report, told, pattern=pattern)
    gone = {about: _withdraw(each) for about, each in record.withdrawals.items()}
    next_step, steps_done = fold_steps(record.follow_ups)
    return Account(
        *stamp,
        report,
        told=_list_told(record),
        follow_ups=_list_follow_ups(record, gone),
        corrections=tuple(_correct(record, each) for each in record.corrections),
        disclosures=_list_disclosures(record, gone),
        care_plan=_find_care_plan(record),
        next_step=next_step,
        steps_done=steps_done,
        pattern=pattern,
    )


def _stamp(entry: Report | LaterEntry) -> tuple[str, str, str]:
    return entry.id, entry.origin_recorded_at or entry.recorded_at, entry.written_by


def _withdraw(entry: Correction) -> Withdrawn:
    return Withdrawn(*_stamp(entry), entry.reason)


def _list_told(record: Record) -> tuple[Told, ...]:
    written: Report | Correction = record.original
    for each in record.corrections:
        if each.about == record.report.id and "informed" in each.changes:
            written = each
    told = [Told(tuple(record.report.informed), _stamp(written)[1])]
    told += [Told(tuple(each.informed or ()), _stamp(each)[1]) for each in record.follow_ups]
    return tuple(each for each in told if each.who)


def _list_follow_ups(record: Record, gone: dict[str, Withdrawn]) -> tuple[FollowedUp, ...]:
    current = {each.id: each for each in record.follow_ups}
    return tuple(
        _follow_up(current.get(each.id, each), gone.get(each.id))
        for each in record.later
        if isinstance(each, FollowUp)
    )


def _follow_up(entry: FollowUp, withdrawn: Withdrawn | None) -> FollowedUp:
    return FollowedUp(
        *_stamp(entry),
        note=entry.note or "",
        informed=tuple(entry.informed or ()),
        care_plan=entry.care_plan or "",
        care_plan_status=entry.care_plan_status or "",
        harm_found=entry.harm_found or "",
        next_step=entry.next_step or "",
        next_who=entry.next_who or "",
        next_due=entry.next_due or "",
        next_done=bool(entry.next_done),
        closes=entry.closes,
        withdrawn=withdrawn,
    )


def _correct(record: Record, entry: Correction) -> Corrected:
    before = _find_before(record, entry)
    changes = (Change(field, before.get(field), new) for field, new in entry.changes.items())
    return Corrected(*_stamp(entry), entry.about, entry.reason, tuple(changes))


def _find_before(record: Record, entry: Correction) -> dict[str, Value]:
    about: Report | FollowUp = record.original
    for each in record.later:
        if isinstance(each, FollowUp) and each.id == entry.about:
            about = each
    fields: dict[str, Value] = about.model_dump()
    for each in record.later:
        if each.id == entry.id:
            break
        if isinstance(each, Correction) and each.about == entry.about:
            fields |= each.changes
    return fields


def _list_disclosures(record: Record, gone: dict[str, Withdrawn]) -> tuple[HandedOver, ...]:
    return tuple(
        HandedOver(
            *_stamp(each),
            each.audience,
            each.recipient,
            each.basis,
            each.decided_by,
            each.form,
            each.seal_shown,
            gone.get(each.id),
        )
        for each in record.later
        if isinstance(each, Disclosure)
    )


def _find_care_plan(record: Record) -> CarePlan | None:
    """Return the newest status with its text; what was only noted says nothing of a status."""
    with_status = [each for each in record.follow_ups if each.care_plan_status]
    with_text = [each for each in record.follow_ups if each.care_plan]
    found = (with_status or with_text)[-1:]
    for each in found:
        day = each.written_at.date()
        return CarePlan(each.care_plan_status or "", each.care_plan or "", day)
    return None
