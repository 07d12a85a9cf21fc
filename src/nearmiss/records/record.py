"""What each report is now: its entries folded, with what was written about it later."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from nearmiss.dates.shown import take_day
from nearmiss.model.entries import (
    Correction,
    Disclosure,
    Entry,
    FollowUp,
    IncidentFields,
    Report,
    ReportFields,
)
from nearmiss.model.ids import EntryId

LaterEntry = Correction | FollowUp | Disclosure
Value = str | bool | list[str] | None
_A_DAY = len("2026-04-14")


@dataclass(frozen=True)
class Stamped:
    """Something that was written down as an entry: its id, and when and by whom.

    ``recorded_at`` is a timestamp, or only its day, or empty, as far as the reader may know;
    ``recorded_by`` likewise. ``written_after`` is when the entry before it was written, where the
    clock had not come to that yet.
    """

    id: str
    recorded_at: str
    recorded_by: str
    written_after: str = field(default="", kw_only=True)

    @property
    def number(self) -> int:
        """Its number in the book."""
        return EntryId.parse(self.id).number

    @property
    def day(self) -> date | None:
        """The day on which it was written, where the reader may know it."""
        return take_day(self.recorded_at) if self.recorded_at else None

    @property
    def written_at(self) -> datetime | None:
        """The moment at which it was written, where the reader may know it."""
        return datetime.fromisoformat(self.recorded_at) if len(self.recorded_at) > _A_DAY else None


@dataclass(frozen=True)
class Withdrawn(Stamped):
    """That an entry no longer counts, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told, or tried and not reached, and when that was written down (or empty).

    ``of`` is what they were told of: ``event``, ``concern``, or the id of the follow-up that tells
    of harm; nothing where that is not written. Of those who were tried it is what there was to tell
    by then, and ``later`` of what they were told after all, and when that was first written.
    """

    who: tuple[str, ...]
    recorded_at: str
    of: tuple[str, ...] = ()
    later: tuple[tuple[str, str], ...] = ()

    def find_later(self, of: str = "") -> str:
        """Return when they who were tried were told ``of`` it, or of anything; empty: never."""
        return max((when for what, when in self.later if of in ("", what)), default="")


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

    def is_due(self, day: date) -> bool:
        """Whether its day has come by ``day``."""
        return self.due is not None and self.due <= day

    def is_overdue(self, day: date) -> bool:
        """Whether its day has passed before ``day``."""
        return self.due is not None and self.due < day


@dataclass(frozen=True, slots=True)
class Changed:
    """What is different now, by the follow-up of that ``id``.

    ``on`` is the day of the change, None where only the day of writing, ``noted``, is known;
    ``undone`` is when it was written that it no longer holds, empty while it does;
    ``undone_on`` the day since when, where that is known.
    """

    id: str
    text: str
    on: date | None
    noted: str
    undone: str = ""
    undone_on: date | None = None

    @property
    def day(self) -> date:
        """The day from which it counts: that of the change, else that of writing."""
        return self.on or take_day(self.noted)

    @property
    def end(self) -> date | None:
        """The day since when it holds no longer, else that on which this was written."""
        return self.undone_on or (take_day(self.undone) if self.undone else None)


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Corrected(Stamped):
    """What was put right in the entry ``about``, and why."""

    about: str
    reason: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
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
    """What came of the care plan last: ``asked``, ``changed``, ``declined``, or only a text.

    ``id`` is the follow-up that says so.
    """

    id: str
    status: str
    text: str
    day: date


@dataclass(frozen=True)
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

    ``taken_from`` is ``a sheet`` or ``a phone's text`` where it was not first written in a book;
    ``claims`` are what that says of its writing; ``first_id`` is its number in the book in which it
    was first written, if that is another, as it stands on papers of that; ``taken_at`` is when it
    came from there, a timestamp or its day, where the reader may know it.

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
    taken_from: str = ""
    claims: tuple[str, ...] = ()
    first_id: str = ""
    taken_at: str = ""

    if not TYPE_CHECKING:

        def __init__(self, id, recorded_at, recorded_by, report, **others) -> None:  # noqa: A002
            # At once, and what is not given stands in the class: a frozen dataclass sets its
            # fields one by one, which for a whole book takes as long as reading its lines.
            others |= {"id": id, "recorded_at": recorded_at, "recorded_by": recorded_by}
            others["report"] = report
            self.__dict__.update(others)

    @property
    def digest(self) -> str:
        """Of the report as first written; empty where the reader may not see that."""
        return self.as_written[0].digest if self.as_written else ""

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

    @property
    def undone(self) -> tuple[Changed, ...]:
        """What was changed and holds no longer, in the order written."""
        return tuple(each for each in self.changes if each.undone)

    def list_told_of(self, what: str) -> tuple[Told, ...]:
        """Return who was told of the ``event``, the ``concern`` or the harm of that id."""
        return tuple(each for each in self.told if what in each.of)

    def list_missed(self, of: str = "") -> tuple[Told, ...]:
        """Return who was tried since there was that to tell, and not told ``of`` it, or at all."""
        tried = (each for each in self.tried if not of or of in each.of)
        return tuple(each for each in tried if not each.find_later(of))

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
        return bool(
            self.follow_ups
            or self.corrections
            or self.disclosures
            or self.pattern
            or self.claims
            or self.first_id
        )

    @property
    def standing(self) -> tuple[FollowedUp, ...]:
        """The follow-ups that count, in the order written."""
        if not self.follow_ups:  # as in most
            return ()
        return tuple(each for each in self.follow_ups if not each.withdrawn)

    @property
    def closing(self) -> FollowedUp | None:
        """The follow-up that closed the report, if it is closed now."""
        for each in reversed(self.standing):
            if each.closes is not None:
                return each if each.closes else None
        return None

    @property
    def is_open(self) -> bool:
        """Whether something may still be to do."""
        return self.closing is None

    @property
    def status(self) -> str:
        """``open``, ``closed`` or ``withdrawn``."""
        if self.withdrawn:
            return "withdrawn"
        return "closed" if self.closing else "open"

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
        """When the first entry was written that says somebody was told, if anybody was."""
        if not self.told:
            return None
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


def find_withdrawals(entries: Iterable[Entry]) -> dict[str, Correction]:
    """Return the corrections that withdraw another, by its id; none that was itself withdrawn."""
    gone, withdrawing = set[str](), [each for each in entries if isinstance(each, Correction)]
    for each in sorted(withdrawing, key=lambda entry: entry.number, reverse=True):
        # What withdraws it stands behind it in every book.
        gone |= {each.about} if each.withdraws and each.id not in gone else set()
    return {
        each.about: each for each in reversed(withdrawing) if each.withdraws and each.id not in gone
    }
