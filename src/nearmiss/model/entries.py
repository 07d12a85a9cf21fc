"""The entries of a logbook: what each kind holds, as it stands on a line of the file."""

from datetime import date, datetime
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from nearmiss.model import questions
from nearmiss.model.ids import ID_PATTERN, EntryId
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
Place = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=LINE_PATTERN)]
Step = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE_PATTERN)]
HazardName = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=LINE_PATTERN)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=MOST_LINE, pattern=LINE_PATTERN)]
Item = Annotated[str, StringConstraints(min_length=1, max_length=MOST_LINE, pattern=TEXT_PATTERN)]
AnyText = Annotated[str, StringConstraints(max_length=5000, pattern=TEXT_PATTERN)]
FieldName = Annotated[str, StringConstraints(pattern="^[a-z_]{1,40}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=5000, pattern=TEXT_PATTERN)]


class Content(BaseModel):
    """What a person or the program says in an entry, before it has a place in a book."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)


class ReportFields(Content):
    """One near miss. The fields stand in the order in which they are asked."""

    client: Annotated[Initials, questions.CLIENT]
    occurred_at: Annotated[Timestamp, questions.WHEN]
    occurred_approx: bool = False
    location: Annotated[Place, questions.WHERE]
    what_nearly_happened: Annotated[Text, questions.WHAT]
    how_prevented: Annotated[Text, questions.PREVENTED]
    immediate_action: Annotated[Text, questions.ACTION]
    safeguarding: Annotated[bool, questions.SAFEGUARDING] = False
    informed: Annotated[list[Line], Field(max_length=MOST_ITEMS), questions.INFORMED] = []
    recommendations: Annotated[
        list[Item], Field(max_length=MOST_ITEMS), questions.RECOMMENDATIONS
    ] = []
    category: Annotated[Category, questions.CATEGORY]

    @property
    def occurred(self) -> datetime:
        """When it happened, with its UTC offset."""
        return datetime.fromisoformat(self.occurred_at)


class CorrectionFields(Content):
    """What was wrong in an earlier entry.

    Either ``changes``, each field of a report or follow-up with its new value; or ``withdraws``,
    and a follow-up, comparison or disclosure no longer counts.
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
    """Refuse a new value that the field itself could not have had.

    What a later version may have added is left to it.
    """
    for kind in (ReportFields, FollowUpFields):
        if name in kind.model_fields and name != "about":
            _adapt(kind, name).validate_python(value, strict=True)
            return


@cache
def _adapt(kind: type[Content], name: str) -> TypeAdapter[object]:
    return TypeAdapter(kind.model_fields[name].rebuild_annotation())


class FollowUpFields(Content):
    """What was done, or seen, after a report."""

    about: Id
    note: Text | None = None
    informed: Annotated[list[Line], Field(max_length=MOST_ITEMS)] | None = None
    care_plan: Text | None = None
    care_plan_status: CarePlanStatus | None = None
    harm_found: Text | None = None
    next_step: Step | None = None
    next_who: Line | None = None
    next_due: Day | None = None
    next_done: Literal[True] | None = None
    closes: bool | None = None


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
    """Which report was erased, every entry that lost its text with it, and why."""

    about: Id
    erased: list[Id]
    reason: Text


class OpenedFields(Content):
    """The first entry of a book."""

    format: int


class Envelope(BaseModel):
    """What every entry carries: its number, its time and author, and its place in the chain."""

    # Keys that a later version may add are left to it; the digest covers them all the same.
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", defer_build=True)

    id: Id
    recorded_at: Timestamp
    recorded_by: Line
    origin_id: Line | None = None
    origin_recorded_at: Timestamp | None = None
    origin_recorded_by: Line | None = None
    origin_seal: Hash | None = None
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
    def written_by(self) -> str:
        """Who first wrote it."""
        return self.origin_recorded_by or self.recorded_by


class Opened(OpenedFields, Envelope):
    """The first line of a book."""

    entry: Literal["opened"]


class Report(ReportFields, Envelope):
    """A near miss as it was first written."""

    entry: Literal["report"]


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


Entry = Opened | Report | Correction | FollowUp | Comparison | Disclosure | Erasure | Erased
ENTRY: TypeAdapter[Entry] = TypeAdapter(Annotated[Entry, Field(discriminator="entry")])

# The value of ``entry`` for each kind of content that can be added to a book.
KINDS: dict[type[Content], str] = {
    OpenedFields: "opened",
    ReportFields: "report",
    CorrectionFields: "correction",
    FollowUpFields: "follow_up",
    ComparisonFields: "comparison",
    DisclosureFields: "disclosure",
    ErasureFields: "erasure",
}


# Made from later entries: they are written for readers, and import leaves them alone.
LATER_COLUMNS = (
    "closed_on",
    "harm_found",
    "follow_ups",
    "care_plan_status",
    "care_plan_day",
    "corrections",
    "next_step",
    "next_who",
    "next_due",
    "pattern",
    "disclosures",
)
BOOK_SEAL = "book_seal"  # the last column or key, the same in every row
