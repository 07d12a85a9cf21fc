"""How a sheet is meant, and what stands in the cells of one of its rows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import cached_property
from typing import Literal

from nearmiss.dates.moments import FIRST_YEAR
from nearmiss.intake import moments, values
from nearmiss.intake.columns import (
    AUTHOR,
    CLOCK,
    DAY,
    IGNORE,
    KEPT,
    LISTS,
    NUMBER,
    OUTCOME,
    WHAT,
    WHEN,
    WRITTEN,
    adds_details,
    denies_worry,
    is_export,
    says_reply,
)
from nearmiss.intake.harm import find_done, find_harm
from nearmiss.intake.moments import Day, Moment, NotRead, Order
from nearmiss.intake.people import (
    match_replies,
    name_person,
    read_told,
    split_people,
)
from nearmiss.model.questions import Category
from nearmiss.text import fold_text, show_safely

_GONE = re.compile(r"(?i)\s*(?:deleted|void(?:ed)?)\s*$")
NOT_KNOWN = "not known"
BY_INJURY = "injury"  # an incident is a row that tells of an injury
LEFT_OUT = "left out"  # rows whose column says that they are neither near miss nor incident
MAY_MISS = ("location", "how_prevented", "injury", "immediate_action", "category")

Cells = Mapping[str, list[str]]  # what stands in a row, by field
People = tuple[str, str, tuple[str, ...]]  # a head, its field, and the lines below it
Reached = bool | tuple[str, str] | None
Halves = Literal["", "waking", "written"]  # what 3:30 means: not known, by day, the 24-hour clock

# What is told in words: a mark there ("?", "TBC", a tick) says nothing.
SPOKEN = {"how_prevented", "immediate_action", OUTCOME, "recommendations", "location", *WHAT}


@dataclass(frozen=True)
class Reading:
    """How a sheet is meant: what each column holds, and everything that was asked once for it."""

    fields: tuple[str, ...]
    heads: tuple[str, ...]
    order: Order = "day"
    others_too: bool = False  # a day that fits the other order alone is taken so
    year: int = 0  # of days that name none
    years: Mapping[int, int] = field(default_factory=dict)  # of rows whose day names none
    days: Mapping[int, date | None] = field(default_factory=dict)  # of rows whose own is in doubt
    noticed: frozenset[int] = frozenset()  # rows whose day is that on which it was found
    hours: Mapping[int, time] = field(default_factory=dict)  # about, of rows whose words say it
    hour_not_known: bool = False
    halves: Halves = ""
    missing: bool = False  # "not known" stands where a row says nothing
    entry: str = ""  # report, incident or BY_INJURY; "" where a column says it
    client: str = ""  # of all rows, where no column says it
    truths: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    kinds: Mapping[str, Category | None] = field(default_factory=dict)
    of_kind: Mapping[int, Category] = field(default_factory=dict)  # rows whose kind was said
    clients: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, bool] = field(default_factory=dict)  # whether one says that she was told
    people: Mapping[str, str] = field(default_factory=dict)  # who a "yes" below a head means
    entries: Mapping[str, str] = field(default_factory=dict)
    called: Mapping[int, str] = field(default_factory=dict)  # rows whose client was said
    back: frozenset[int] = frozenset()  # rows put back: what else they do not say is not known
    others: frozenset[int] = frozenset()  # rows that are the other of near miss and incident
    # Rows of which it was said whether there is a worry, whatever stands there.
    worries: Mapping[int, bool] = field(default_factory=dict)
    knowing: frozenset[int] = frozenset()  # rows in which those told were told of the worry too
    night: bool = False  # an hour before noon is of the day after
    # Lines that do not say plainly whether somebody was reached: whether it was so, or who of
    # several was told and who tried; None where nobody was told or tried yet.
    reached: Mapping[str, Reached] = field(default_factory=dict)
    key: Mapping[str, str] = field(default_factory=dict)  # what letters in its cells stand for
    # Rows of which it was said who was told, and who was tried and not reached.
    told: Mapping[int, tuple[Sequence[str], Sequence[str]]] = field(default_factory=dict)
    injured: Mapping[int, str] = field(default_factory=dict)  # rows of which the injury was said
    theme: Category = "other"  # the kind of rows that neither say theirs nor suggest one

    def take(self, fields: Mapping[int, str]) -> "Reading":
        """Return it with some columns taken for those fields, by their places."""
        taken = (fields.get(at, each) for at, each in enumerate(self.fields))
        return replace(self, fields=tuple(taken))

    @cached_property
    def day_column(self) -> int:
        """The place of the column of days; -1 where there is none."""
        return next((at for at, name in enumerate(self.fields) if name in WHEN), -1)

    @cached_property
    def is_own(self) -> bool:
        """Whether the sheet is an export of ours."""
        return is_export(self.heads)

    @cached_property
    def people_columns(self) -> list[tuple[int, bool]]:
        """The columns of people, and whether the next one adds to what stands in it."""
        named = [at for at, name in enumerate(self.fields) if name in LISTS[:3]]
        details = {
            at
            for at in named
            if at
            and self.fields[at - 1] == self.fields[at] == "informed"
            and adds_details(self.heads[at])
        }
        return [(at, at + 1 in details) for at in named if at not in details]

    @cached_property
    def open_columns(self) -> list[tuple[int, str]]:
        """The columns of which not every word stands in a field of the report, or may not."""
        placed = {NUMBER, WRITTEN, AUTHOR, IGNORE}
        return [(at, name) for at, name in enumerate(self.fields) if name not in placed]

    @cached_property
    def denials(self) -> list[int]:
        """The columns that are kept and deny a worry: a no below such a head may say one."""
        kept = (at for at, name in enumerate(self.fields) if name == KEPT)
        return [at for at in kept if denies_worry(self.heads[at])]

    @cached_property
    def gone(self) -> list[int]:
        """The columns that say whether a row was struck out."""
        return [at for at, head in enumerate(self.heads) if _GONE.match(head)]

    @cached_property
    def has_rooms(self) -> bool:
        """Whether a number below where it happened is that of a room."""
        return "room" in fold_text(self.name_heads("location"))

    @cached_property
    def _taken(self) -> list[tuple[int, str, bool]]:
        """The columns that are taken, and whether words stand in them: a mark says nothing.

        In an export of ours, what stands there is what was written.
        """
        spoken = () if self.is_own else SPOKEN
        named = enumerate(self.fields)
        return [(at, name, name in spoken) for at, name in named if name not in (IGNORE, KEPT)]

    def gather(self, cells: Sequence[str]) -> Cells:
        """Return what stands in a row, by field; empty cells are left out."""
        found: dict[str, list[str]] = {}
        width = len(cells)
        for at, name, is_spoken in self._taken:
            cell = cells[at] if at < width else ""
            if not cell or (is_spoken and values.lacks_words(cell)):
                continue
            if not cell.isspace():
                found.setdefault(name, []).append(cell)
        return found

    def says_so(self, name: str, cells: Sequence[str]) -> bool:
        """Whether a cell of a field that is a yes or no says yes, as was answered, or not no."""
        return any(
            self.truths.get((name, fold_text(cell)), not values.is_plain_no(cell)) for cell in cells
        )

    def make_day(self, number: int, day: Day) -> date:
        """Return the day of a row. Raises NotRead."""
        if number in self.days:
            if (said := self.days[number]) is None:
                raise NotRead("is in doubt")
            return said
        order: Order = "month" if self.order == "day" else "day"
        is_other = self.others_too and not day.fits(self.order) and day.fits(order)
        return day.make(order if is_other else self.order, self.years.get(number, self.year))

    def name_heads(self, name: str) -> str:
        """Return the heads of the columns that hold a field, as the sheet has them."""
        names = {name, *(WHEN if name in WHEN else ()), *(WHAT if name in WHAT else ())}
        names |= {CLOCK} if name == "occurred_at" else set()
        heads = [h for h, f in zip(self.heads, self.fields, strict=True) if f in names]
        return " and ".join(" ".join(show_safely(each).split()) for each in heads[:2])


def says_yes(row: Cells, name: str) -> bool:
    """Whether a cell of a row says anything but no."""
    return any(not values.is_plain_no(cell) for cell in row.get(name, ()))


def says_concern(row: Cells) -> bool:
    """Whether what a row is said to be is a concern, where no other column says of one."""
    if "safeguarding" in row:
        return False
    said = " ".join(map(fold_text, (*row.get("entry", ()), *row.get("category", ()))))
    return any(each in said for each in ("concern", "safeguarding", "abuse", "neglect"))


def read_when(row: Cells, day: date | None = None) -> Moment:
    """Return when a row says that it happened, on ``day`` if its own is none. Raises NotRead."""
    cell, clock = find_day(row), row.get(CLOCK, [""])[0]
    try:
        moment = moments.read_moment(cell, clock)
        if 0 < moment.day.year < FIRST_YEAR:
            raise NotRead(f'"{show_safely(cell)}" is in the year {moment.day.year}')
        return moment
    except NotRead:
        if day is None:
            raise
        if not clock.strip() and (found := moments.find_hour(cell)):
            return found._replace(day=moments.read_moment(day.isoformat()).day)
        return moments.read_moment(day.isoformat(), clock)


def find_day(row: Cells) -> str:
    """Return the cell of a row that says on which day it was."""
    return (row.get("occurred_at") or row.get(DAY) or [""])[0]


def tells_injury(row: Cells) -> bool:
    """Whether a row tells of an injury in its own column, or in words beside what stopped it.

    A blow, and a medicine given wrongly or not, is told of as one whatever that column says.
    """
    if any(not values.says_unhurt(each) for each in row.get("injury", ())):
        return True
    if find_blow(row):
        return True
    return bool(find_injury(row))


def find_injury(row: Cells) -> list[str]:
    """Return the sentences that tell of harm in what happened, where no column tells it.

    With them those that say what was seen of it, in what was done too.
    """
    texts = [each for name in (*WHAT, OUTCOME) for each in row.get(name, ())]
    found = [] if "injury" in row else [words for each in texts for words in find_harm(each)]
    texts += row.get("immediate_action", ())
    said = [each.strip() for text in texts for each in re.split(r"(?<=\w)[.!;]\s+|\n", text)]
    told = [e for e in said if any(w in e for w in found) or (found and _SEEN.search(e))]
    return told or found


# What is seen of an injury, in a sentence of its own: "Red mark lower back".
_SEEN = re.compile(
    r"(?i)\b(?:red(?:ness)?|marks?|bruis\w*|cuts?|graze\w*|bumps?|swell\w*|swollen|sore|burns?|scald\w*"
    r"|scratch\w*|bleed\w*|blood|bitten|pain|broken|fracture\w*|skin tear|lump)\b"
)


def find_blow(row: Cells) -> str:
    """Return the words of a row that tell of a blow, or a medicine amiss; nothing without them."""
    found = (find_done(each) for name in WHAT for each in row.get(name, ()))
    return next(filter(None, found), "")


_MARKS = frozenset(("/", "\\", "//", "•", "·", "*", "+", "o", "O", "x", "X", "\u2022"))


def find_marks(cells: Sequence[str], reading: Reading) -> list[int]:
    """Return the places of marks that may be ticks, below the name of one who is told."""
    return [
        at
        for at, _ in reading.people_columns
        if at < len(cells)
        and cells[at].strip() in _MARKS
        and cells[at].strip() not in reading.key
        and name_person(reading.heads[at])
    ]


YES = "yes"  # stands for whoever a yes below a head means


def read_people(cells: Sequence[str], reading: Reading) -> Iterator[People]:
    """Yield each head of people with its field and the lines below it, YES for a bare yes."""
    for at, has_details in reading.people_columns:
        cell = cells[at] if at < len(cells) else ""
        if not cell or cell.isspace() or values.is_unread(cell):
            continue
        cell = reading.key.get(cell.strip(), cell)
        head, name = reading.heads[at], reading.fields[at]
        following = cells[at + 1] if has_details and at + 1 < len(cells) else ""
        if following.strip() and says_reply(reading.heads[at + 1]):
            yield head, name, match_replies(cell, following)
            continue
        said = cell
        if following.strip():
            said = following if split_people(following) else f"{cell} - {following}"
        person = reading.people.get(head)
        if values.is_plain_yes(said) or reading.marks.get(said.strip()):
            yield head, name, (YES,) if person is None else tuple(split_people(person))
        else:
            yield (
                head,
                name,
                read_told(said, person or (name_person(head) if name == "informed" else "")),
            )
