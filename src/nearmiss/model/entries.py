"""The entries of a logbook: what each kind holds, as it stands on a line of the file."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from nearmiss.model import questions
from nearmiss.model.ids import ID_PATTERN, TAG_LENGTH, EntryId
from nearmiss.model.questions import Audience, Basis, CarePlanStatus, Category
from nearmiss.text import LINE_PATTERN, TEXT_PATTERN

FORMAT = 1
MOST_ITEMS = 200
MOST_LINE = 500  # characters


def _check_moment(text: str) -> str:
    datetime.fromisoformat(text)
    return text


def _check_day(text: str) -> str:
    date.fromisoformat(text)
    return text


# RFC 3339 to the second. Kept as written: a model dumped again must not differ from its line.
Timestamp = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$"),
    AfterValidator(_check_moment),
]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$"), AfterValidator(_check_day)]
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Hash = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Nonce = Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]
Initials = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=LINE_PATTERN)]
PlaceText = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=LINE_PATTERN)]
StepText = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE_PATTERN)]
HazardName = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=LINE_PATTERN)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=MOST_LINE, pattern=LINE_PATTERN)]
Item = Annotated[str, StringConstraints(min_length=1, max_length=MOST_LINE, pattern=TEXT_PATTERN)]
AnyText = Annotated[str, StringConstraints(max_length=5000, pattern=TEXT_PATTERN)]
Claim = Annotated[str, StringConstraints(min_length=1, max_length=6000, pattern=LINE_PATTERN)]
FieldName = Annotated[str, StringConstraints(pattern="^[a-z_]{1,40}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=5000, pattern=TEXT_PATTERN)]
# Stands only where it is so: a correction that takes it back says false.
OnlyTrue = Annotated[Literal[True] | None, BeforeValidator(lambda value: value or None)]
ToldOf = Literal["event", "concern"] | Id


class Content(BaseModel):
    """What a person or the program says in an entry, before it has a place in a book."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)


class ReportFields(Content):
    """A near miss or an incident: to whom, when and where; and what both of them say beside it.

    ``hour_not_known``: the day is known and the hour is not, which then stands as 12:00;
    ``noticed``: the time is when it was noticed.
    """

    client: Annotated[Initials, questions.CLIENT]
    occurred_at: Annotated[Timestamp, questions.WHEN]
    occurred_approx: bool = False
    hour_not_known: OnlyTrue = None
    noticed: OnlyTrue = None
    location: Annotated[PlaceText, questions.WHERE]

    if TYPE_CHECKING:  # they stand below, in the order in which they are asked
        immediate_action: str
        safeguarding: bool
        informed: list[str]
        tried: list[str] | None
        concern_informed: list[str] | None
        recommendations: list[str]
        category: Category

    @property
    def occurred(self) -> datetime:
        """When it happened, with its UTC offset."""
        return datetime.fromisoformat(self.occurred_at)

    @property
    def what(self) -> str:
        """What happened, or nearly happened, in the carer's words."""
        raise NotImplementedError

    @property
    def outcome(self) -> str:
        """What stopped it; of an incident, who was hurt and how, and what help came."""
        raise NotImplementedError


class _Aftermath(ReportFields):
    """What was done, who was told, and what should follow.

    ``tried`` was not reached; ``concern_informed`` was told of the worry, None where nobody was
    asked about that.
    """

    immediate_action: Annotated[Text, questions.ACTION]
    safeguarding: Annotated[bool, questions.SAFEGUARDING] = False
    informed: Annotated[list[Line], Field(max_length=MOST_ITEMS), questions.INFORMED] = []
    tried: Annotated[list[Line], Field(max_length=MOST_ITEMS)] | None = None
    concern_informed: Annotated[list[Line], Field(max_length=MOST_ITEMS)] | None = None
    recommendations: Annotated[
        list[Item], Field(max_length=MOST_ITEMS), questions.RECOMMENDATIONS
    ] = []
    category: Annotated[Category, questions.CATEGORY]


class _NearMissWords(ReportFields):
    what_nearly_happened: Annotated[Text, questions.WHAT]
    how_prevented: Annotated[Text, questions.PREVENTED]
    what = property(lambda self: self.what_nearly_happened)
    outcome = property(lambda self: self.how_prevented)


class _IncidentWords(ReportFields):
    what_happened: Annotated[Text, questions.WHAT_HAPPENED]
    injury: Annotated[Text, questions.INJURY]
    what = property(lambda self: self.what_happened)
    outcome = property(lambda self: self.injury)


# The fields stand in the order in which they are asked: pydantic takes the last base first.
class NearMissFields(_Aftermath, _NearMissWords):
    """One near miss: it could have led to harm, and did not."""


class IncidentFields(_Aftermath, _IncidentWords):
    """One incident: somebody was hurt, or may have been."""


def build_report(fields: Mapping[str, Any]) -> ReportFields:
    """Return the report that ``fields`` make: of the kind that ``entry`` or they say."""
    answers = {name: value for name, value in fields.items() if name != "entry"}
    said_so = fields.get("entry") == "incident"
    kind = IncidentFields if said_so or _OF_INCIDENTS & fields.keys() else NearMissFields
    return kind.model_validate(answers)


_OF_INCIDENTS = IncidentFields.model_fields.keys() - NearMissFields.model_fields.keys()


class CorrectionFields(Content):
    """What was wrong in an earlier entry.

    Either ``changes``, each field of a report or follow-up with its new value; or ``withdraws``,
    and a report, follow-up, comparison, disclosure or withdrawal no longer counts.
    """

    about: Id
    changes: dict[FieldName, AnyText | bool | list[Item]] = Field(
        default={}, exclude_if=lambda changes: not changes
    )
    withdraws: Literal[True] | None = None
    reason: Text

    @model_validator(mode="after")
    def _check_either(self) -> Self:
        if bool(self.changes) == bool(self.withdraws):
            raise ValueError("a correction changes fields or withdraws an entry")
        for name, value in self.changes.items():
            _check_change(name, value)
        return self


def _check_change(name: str, value: object) -> None:
    """Refuse a new value that the field could not have had; later fields may stand."""
    for kind in (NearMissFields, IncidentFields, FollowUpFields):
        if name in kind.model_fields and name != "about":
            _adapt(kind, name).validate_python(value, strict=True)
            return


@cache
def _adapt(kind: type[Content], name: str) -> TypeAdapter[object]:
    return TypeAdapter(kind.model_fields[name].rebuild_annotation())


# What stands only beside another fact of the same follow-up.
_BESIDE = {
    "told_of": "informed",
    "harm_on": "harm_found",
    "agreed_on": "next_step",
    "ends": "next_done",
}


class FollowUpFields(Content):
    """What was done, or seen, after a report.

    ``told_of`` is what those in ``informed`` were told of: the event, the concern, or the harm in
    the follow-up of that id; ``undoes`` is the follow-up whose change no longer holds, since
    ``changed_on``; ``ends`` the one whose next step is done.
    """

    about: Id
    note: Text | None = None
    informed: Annotated[list[Line], Field(max_length=MOST_ITEMS)] | None = None
    told_of: Annotated[list[ToldOf], Field(min_length=1, max_length=MOST_ITEMS)] | None = None
    tried: Annotated[list[Line], Field(max_length=MOST_ITEMS)] | None = None
    care_plan: Text | None = None
    care_plan_status: CarePlanStatus | None = None
    harm_found: Text | None = None
    harm_on: Day | None = None
    changed: StepText | None = None
    changed_on: Day | None = None
    undoes: Id | None = None
    next_step: StepText | None = None
    next_who: Line | None = None
    next_due: Day | None = None
    agreed_on: Day | None = None
    next_done: Literal[True] | None = None
    ends: Id | None = None
    closes: bool | None = None

    @model_validator(mode="after")
    def _check_beside(self) -> Self:
        for beside, named in _BESIDE.items():
            if getattr(self, beside) and not getattr(self, named):
                raise ValueError(f"{beside} stands only beside {named}")
        if self.changed_on and not (self.changed or self.undoes):
            raise ValueError("changed_on stands only beside changed or undoes")
        return self


class ComparisonFields(Content):
    """The carer's own verdict on whether two reports show the same hazard, and its name."""

    about: Id
    other: Id
    same_hazard: bool
    hazard: HazardName | None = None

    @model_validator(mode="after")
    def _check_hazard(self) -> Self:
        if self.hazard and not self.same_hazard:
            raise ValueError("only the same hazard has a name")
        return self


class DisclosureFields(Content):
    """Which reports were handed to whom, why, and a digest of the bytes handed over."""

    audience: Audience
    recipient: Line
    basis: Basis
    decided_by: Line
    form: Line
    reports: list[Id]
    sha256: Hash
    seal_shown: Line


class ErasureFields(Content):
    """Which report was erased, every entry that lost its text with it, and why.

    ``origins`` are the seals with which those came that are from another book, and ``origin_ids``
    the number there of each erased entry (empty: of this book): what is left of their lines names
    them too, and no digest covers that.
    """

    about: Id
    erased: list[Id]
    reason: Text
    origins: list[Hash] | None = None
    origin_ids: list[AnyText] | None = None


class OpenedFields(Content):
    """The first entry of a book."""

    format: int


class Envelope(BaseModel):
    """What every entry carries: its number, its time and author, and its place in the chain.

    ``written_after`` is when the entry before it was written, where the clock had not come to that
    yet; ``counts_after`` is the moment from which it counts where another book was ahead of it
    (``model.order``); ``claims`` are what a sheet, or a phone, says of its writing; ``batch`` is
    the id of the first entry that was taken in with it. What a book had from another one is its
    word alone: ``through_id`` is the number there, ``through_by`` who took it in.
    """

    # Keys that a later version may add are left to it; the digest covers them all the same.
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", defer_build=True)

    id: Id
    recorded_at: Timestamp
    recorded_by: Line
    origin_id: Line | None = None
    origin_recorded_at: Timestamp | None = None
    origin_recorded_by: Line | None = None
    origin_seal: Hash | None = None
    through_id: Id | None = None
    through_by: Line | None = None
    written_after: Timestamp | None = None
    counts_after: Timestamp | None = None
    claims: list[Claim] | None = None
    batch: Id | None = None
    nonce: Nonce
    digest: Hash
    seal: Hash

    @property
    def number(self) -> int:
        """Its number in the book."""
        return EntryId.parse(self.id).number

    @property
    def first_recorded_at(self) -> str:
        """When it was first written: in the book it came from, if it was imported."""
        return self.origin_recorded_at or self.recorded_at

    @property
    def written_at(self) -> datetime:
        """The moment at which it was first written."""
        return datetime.fromisoformat(self.first_recorded_at)

    @property
    def counts_from(self) -> datetime:
        """The moment by which it counts: no earlier than what stood before it in its book."""
        after = filter(None, (self.written_after, self.counts_after))
        return max([self.written_at, *map(datetime.fromisoformat, after)])

    def written_ahead(self, moment: datetime | None = None) -> bool:
        """Whether it says that it was written a day or more after ``moment``, or its taking in."""
        moment = moment or datetime.fromisoformat(self.recorded_at)
        return self.written_at - moment >= timedelta(days=1)

    @property
    def written_by(self) -> str:
        """Who first wrote it; where only another book says so, with whose book that is."""
        author = self.origin_recorded_by or self.recorded_by
        if not (self.through_id and self.through_by):
            return author
        name, comma, role = author.partition(",")
        owner = self.through_by.partition(",")[0]
        return f"{name} (by {owner}'s book {self.through_id[:TAG_LENGTH]}){comma}{role}"


class Opened(OpenedFields, Envelope):
    """The first line of a book."""

    entry: Literal["opened"]


class Report(ReportFields, Envelope):
    """A near miss or an incident as it was first written."""

    if TYPE_CHECKING:
        entry: Literal["report", "incident"]


class NearMiss(NearMissFields, Report):
    """A near miss as it was first written."""

    entry: Literal["report"]


class Incident(IncidentFields, Report):
    """An incident as it was first written."""

    entry: Literal["incident"]


class Correction(CorrectionFields, Envelope):
    """A correction in its place in the book."""

    entry: Literal["correction"]


class FollowUp(FollowUpFields, Envelope):
    """A follow-up in its place in the book."""

    entry: Literal["follow_up"]


class Comparison(ComparisonFields, Envelope):
    """A verdict in its place in the book."""

    entry: Literal["comparison"]


class Disclosure(DisclosureFields, Envelope):
    """A handing-over in its place in the book."""

    entry: Literal["disclosure"]


class Erasure(ErasureFields, Envelope):
    """An erasure in its place in the book."""

    entry: Literal["erasure"]


class Erased(BaseModel):
    """What is left of a line whose text was erased: its place in the chain."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)

    entry: Literal["erased"]
    id: Id
    digest: Hash
    seal: Hash
    origin_id: Line | None = None
    origin_seal: Hash | None = None


Entry = (
    Opened
    | NearMiss
    | Incident
    | Correction
    | FollowUp
    | Comparison
    | Disclosure
    | Erasure
    | Erased
)
# The model of each kind, by the ``entry`` of its line; each is built as its first line is met.
ENTRIES: dict[str, type[Entry]] = {
    "opened": Opened,
    "report": NearMiss,
    "incident": Incident,
    "correction": Correction,
    "follow_up": FollowUp,
    "comparison": Comparison,
    "disclosure": Disclosure,
    "erasure": Erasure,
    "erased": Erased,
}
# The value of ``entry`` for each kind of content that can be added to a book.
KINDS = {kind.__bases__[0]: name for name, kind in ENTRIES.items() if kind is not Erased}


@cache
def list_changeable(kind: type[Any]) -> frozenset[str]:
    """Return the fields that a correction can change in an entry of that ``kind``."""
    said = (NearMissFields, IncidentFields, FollowUpFields)
    return next(
        (frozenset(each.model_fields) - {"about"} for each in said if issubclass(kind, each)),
        frozenset(),
    )


# Made from later entries: they are written for readers, and import leaves them alone.
LATER_COLUMNS = (
    "closed_on",
    "withdrawn",
    "harm_found",
    "changes",
    "follow_ups",
    "care_plan_status",
    "care_plan_day",
    "corrections",
    "next_step",
    "next_who",
    "next_due",
    "next_steps",
    "steps_done",
    "pattern",
    "origin",
    "claims",
    "disclosures",
)
BOOK_SEAL = "book_seal"  # the last column or key, the same in every row
