"""What stands in the rows of a sheet, by which it is decided what has to be asked."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise

from nearmiss.dates.shown import WEEKDAYS, echo_day, echo_weekday
from nearmiss.intake import values
from nearmiss.intake.columns import CLOCK, DAY, OUTCOME, TEXTS, WHEN, WRITTEN
from nearmiss.intake.fields import read_cached
from nearmiss.intake.sheet import Sheet
from nearmiss.intake.table import (
    LEFT_OUT,
    MAY_MISS,
    YES,
    Cells,
    Reading,
    read_people,
    read_when,
    says_yes,
    tells_injury,
)
from nearmiss.intake.values import TRUTHS, Day, Moment, NotRead, Order
from nearmiss.model.questions import Category
from nearmiss.text import fold_text

_MOST_LOOKED = 300  # rows in which injuries are looked for: it takes long
_MOST_VALUES = 300  # of one column, that are told apart


_ORDERS: tuple[Order, Order] = ("day", "month")
_FAR = 60  # days by which a file is shorter where its open days are read right


@dataclass
class DayOrder:
    """What the days of a file say of their order: rows that allow only one, and those left open.

    ``days`` are all of them with the number of their row.
    """

    day: list[int] = field(default_factory=list)
    month: list[int] = field(default_factory=list)
    days: list[tuple[int, Day]] = field(default_factory=list)

    def weigh(self, number: int, day: Day) -> None:
        """Count what one row says."""
        self.days.append((number, day))
        if day.is_open and day.fits("day") != day.fits("month"):
            (self.day if day.fits("day") else self.month).append(number)

    @property
    def left(self) -> list[tuple[int, Day]]:
        """The days that may be read either way."""
        sure = {*self.day, *self.month}
        return [(number, day) for number, day in self.days if day.is_open and number not in sure]

    def find_ahead(self, now: datetime, order: Order = "day") -> list[int]:
        """Return the rows that would lie ahead in that order."""
        return [each for each, day in self.left if day.year and day.make(order) > now.date()]

    def decide(self, now: datetime) -> Order | None:
        """Return the order that the values themselves say; None where they leave it open.

        One value alone is weak: it decides only where the others are in no worse order with it.
        """
        if self.day and self.month:
            return None
        if not self.day and not self.month:
            (back, span), (other_back, other_span) = (self._scatter(each, now) for each in _ORDERS)
            is_near = back <= other_back and span + _FAR < other_span
            is_held = is_near and len(self.left) < len(self.days)
            return "day" if not self.left or (is_held and not self.find_ahead(now)) else None
        order: Order = "day" if self.day else "month"
        if len(self.day) + len(self.month) > 1:
            return order
        other: Order = "month" if self.day else "day"
        is_far = self._scatter(order, now) > self._scatter(other, now)
        return None if self.find_ahead(now, order) or is_far else order

    def _scatter(self, order: Order, now: datetime) -> tuple[int, int]:
        """Return how often the file goes back, and its span, those left open in that order."""
        sure = {*self.day, *self.month}
        alone: Order = "day" if self.day else "month"
        year = next((day.year for _, day in self.days if day.year), now.year)
        made = list[date]()
        for number, day in self.days:
            with suppress(NotRead):  # 29 February in another year
                made.append(day.make(alone if number in sure else order, year))
        if not made:
            return 0, 0
        steps = [(later - day).days for day, later in pairwise(made)]
        back = min(sum(each < 0 for each in steps), sum(each > 0 for each in steps))
        return back, (max(made) - min(made)).days

    def show_sample(self, order: Order) -> str:
        """Return a day of the file as it is with that order: ``3/4/2026 is 3 Apr 2026``."""
        day = next((day for _, day in self.left if day.year), Day(3, 4, 2026, is_open=True))
        return f"{day.shown} is {echo_day(day.make(order))}"


@dataclass
class Survey:
    """What stands in the rows of a sheet, by which it is decided what has to be asked."""

    order: DayOrder = field(default_factory=DayOrder)
    years: Counter[int] = field(default_factory=Counter)
    without_year: list[str] = field(default_factory=list)
    undated: dict[int, str] = field(default_factory=dict)  # rows whose day can't be read
    without_hour: Counter[str] = field(default_factory=Counter)
    halves: Counter[str] = field(default_factory=Counter)  # hours that may be of either half
    has_halves: bool = False  # am and pm stand beside hours
    midnights: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    truths: dict[str, Counter[str]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    entries: Counter[str] = field(default_factory=Counter)
    clients: Counter[str] = field(default_factory=Counter)
    yes_people: Counter[str] = field(default_factory=Counter)  # by head
    mixed: Counter[str] = field(default_factory=Counter)  # lines of somebody reached, and not
    injuries: int = 0
    count: int = 0
    moments: list[tuple[int, Moment, Moment | None]] = field(default_factory=list)
    no_reports: set[int] = field(default_factory=set)


def survey_rows(sheet: Sheet, reading: Reading) -> Survey:
    """Return what stands in the rows that look like reports, read once from end to end."""
    found = Survey()
    for number, cells in sheet.read_rows():
        row = reading.gather(cells)
        if is_no_report(cells, row, reading):
            found.no_reports.add(number)
            continue
        found.count += 1
        _survey_when(found, number, row)
        _count(found.clients, " ".join(map(values.clean_line, row.get("client", ()))))
        _count(found.kinds, *row.get("category", ()))
        if "entry" in reading.fields:
            _count(found.entries, *row.get("entry", [""]))
        found.injuries += found.count <= _MOST_LOOKED and tells_injury(row)
        for name in TRUTHS:
            _count(found.truths.setdefault(name, Counter()), *row.get(name, ()))
        for name in MAY_MISS:
            has_outcome = OUTCOME in row and name in ("how_prevented", "injury")
            found.missing[name] += name not in row and not has_outcome
        _survey_people(found, cells, reading)
    return found


_NO_REPORT = re.compile(
    r"(?:void(?:ed)?|merged(?: into .*)?|cancelled|deleted|draft|test|(?:sub-?|grand )?totals?:?)"
    r"|(?:total|printed|checked by|next audit|key|nb|nothing to report|see above)\b.*"
    r"|.*\b(?:please ignore|(?:entered|written|put) (?:under|in|on) (?:the )?wrong\b.*"
    r"|seeing if the form works?.*|training example.*)",
    re.S,
)
# A column that says of each row whether it is about a client, and what it says of others.
_TELLS_APART = re.compile(r"(?i)staff.*visitor|(?:pupil|client|resident|patient).*staff")
_NOT_A_CLIENT = re.compile(r"(?i)\s*(?:(?:member of )?staff|visitors?|contractor)\s*")
_GONE = ("Deleted", "deleted", "DELETED", "Void", "void", "VOID")  # heads
_LONGEST_MARK = 100  # characters of a cell that says a row is none
_FEW = 3  # cells, of the taken columns, that a report has at least


@lru_cache(8192)
def _strikes_out(cell: str) -> bool:
    return _NO_REPORT.fullmatch(fold_text(cell).strip(" .")) is not None


def is_no_report(cells: Sequence[str], row: Cells, reading: Reading) -> bool:
    """Whether a row is a total, a heading, a note at the foot, or was struck out."""
    if reading.is_own:
        return False
    filled = [cell for cell in cells if cell and not cell.isspace()]
    said = any(_strikes_out(cell) for cell in filled if len(cell) <= _LONGEST_MARK)
    pairs = list(zip(reading.heads, cells, strict=False))
    gone = any(h in _GONE and values.is_plain_yes(c) for h, c in pairs)
    apart = any(_NOT_A_CLIENT.fullmatch(c) and _TELLS_APART.search(h) for h, c in pairs)
    is_day = bool({*WHEN} & row.keys())
    is_text = bool({*TEXTS} & row.keys())
    return (
        said or gone or apart or len(filled) < _FEW or not (is_text and (is_day or "client" in row))
    )


def _survey_people(found: Survey, cells: Sequence[str], reading: Reading) -> None:
    if reading.is_own:
        return
    for head, name, lines in read_people(cells, reading):
        if lines == [YES]:
            found.yes_people[head] += 1
        _count(found.mixed, *(each for each in lines if _is_mixed(each, name)))


def _is_mixed(line: str, name: str) -> bool:
    told = read_cached(line)
    if name == "tried":
        return told.reach == "reached" and told.says_so
    return told.reach == "both"


def _count(counter: Counter[str], *cells: str) -> None:
    for cell in cells:
        if cell in counter or len(counter) < _MOST_VALUES:
            counter[cell] += 1


def _survey_when(found: Survey, number: int, row: Cells) -> None:
    try:
        moment = read_when(row)
    except NotRead:
        found.undated[number] = " ".join(
            (row.get("occurred_at") or row.get(DAY) or [""])[0].split()
        )
        return
    found.order.weigh(number, moment.day)
    found.moments.append((number, moment, read_written(row)))
    if moment.day.year:
        found.years[moment.day.year] += 1
    else:
        found.without_year.append(" ".join(moment.day.shown.split()))
    if moment.is_halved:
        _count(found.halves, moment.words)
    elif moment.clock is None and not says_yes(row, "hour_not_known"):
        _count(found.without_hour, moment.words)
    said = " ".join(each for name in ("occurred_at", CLOCK) for each in row.get(name, ()))
    found.has_halves |= re.search(r"\b\d*[ap]\.?m\b", said, re.I) is not None
    found.midnights += moment.has_midnight


def read_written(row: Cells) -> Moment | None:
    """Return when a row says that it was written, where that can be read."""
    try:
        return values.read_moment(row[WRITTEN][0]) if WRITTEN in row else None
    except NotRead:
        return None


@dataclass(frozen=True)
class Doubt:
    """A row whose day can hardly be right: why, and what it may be."""

    number: int
    day: date
    why: str
    likely: date | None = None


_LONG = 45  # days between neighbours that are few beside those to a day that is out of its order
_A_YEAR = 300


def find_doubts(found: Survey, reading: Reading, now: datetime) -> list[Doubt]:
    """Return the rows that lie after they were written, long before, or far out of their order."""
    made: list[tuple[int, date, date | None]] = []
    for number, moment, written in found.moments:
        try:
            by = reading.make_day(0, written) if written else None
            made.append((number, reading.make_day(number, moment), by))
        except NotRead:
            continue
    doubts = []
    for at, (number, day, by) in enumerate(made):
        around = [each[1] for each in (made[at - 1 : at] + made[at + 1 : at + 2])]
        why = _doubt_day(day, by, around, is_first=at in (0, len(made) - 1))
        if why:
            likely = _find_likely(day, by, around)
            doubts.append(Doubt(number, day, why, likely if likely != day else None))
    return [
        each for each in doubts if each.likely or "written" in each.why or each.day > now.date()
    ]


def _doubt_day(day: date, written: date | None, around: Sequence[date], *, is_first: bool) -> str:
    if written and day > written:
        return f"lies after it was written ({echo_day(written)})"
    if written and (written - day).days > _A_YEAR:
        return f"lies {(written - day).days} days before it was written ({echo_day(written)})"
    far = [abs((day - each).days) > _LONG for each in around]
    if far and all(far) and not is_first and abs((around[0] - around[-1]).days) <= _LONG:
        return f"stands between {echo_day(around[0])} and {echo_day(around[-1])}"
    return ""


def _find_likely(day: date, written: date | None, around: Sequence[date]) -> date | None:
    """Return the day with its numbers the other way round, or a year on, where that fits."""
    near = written or around[0]
    ways = []
    with suppress(ValueError):
        ways.append(day.replace(month=day.day, day=day.month))
    with suppress(ValueError):
        ways.append(day.replace(year=near.year))
    fitting = [
        each
        for each in ways
        if (written and 0 <= (written - each).days <= _LONG)
        or (not written and all(abs((each - one).days) <= _LONG for one in around))
    ]
    return fitting[0] if fitting else None


def tell_weekdays(found: Survey, reading: Reading) -> list[str]:
    """Return what is to be said of days beside which another weekday stands."""
    told = []
    for number, moment, _ in found.moments:
        with suppress(NotRead):
            day = reading.make_day(number, moment)
            if moment.day.weekday not in (-1, day.weekday()):
                said = WEEKDAYS[moment.day.weekday].title()
                told.append(f"Row {number}: {echo_weekday(day)}, where the sheet says {said}.")
    return told


def find_unsure(counted: Mapping[str, int]) -> dict[str, int]:
    """Return the values that say neither yes nor no, each once, with how often it stands there."""
    return _join_spellings(
        {
            each: count
            for each, count in counted.items()
            if not (values.is_plain_no(each) or values.is_plain_yes(each))
        }
    )


def _join_spellings(counted: Mapping[str, int]) -> dict[str, int]:
    """Return values by the first spelling of each, with how often all of them stand there."""
    first: dict[str, str] = {}
    found: Counter[str] = Counter()
    for cell, count in counted.items():
        found[first.setdefault(fold_text(cell), cell)] += count
    return found


def guess_entry(typed: str) -> str:
    """Return what a cell that is neither word for it may say: near miss, incident, or neither."""
    folded = fold_text(typed)
    if not folded or folded == "n" or "near miss" in folded:
        return "report"
    if re.search("staff|visitor|compliment|complaint", folded):
        return LEFT_OUT
    is_other = re.search("incident|accident|concern|safeguarding", folded) or len(folded) == 1
    return "incident" if is_other else LEFT_OUT


def find_unknown_kinds(counted: Mapping[str, int]) -> dict[str, tuple[int, Category | None]]:
    """Return each kind that is none of the six: how often it stands there, and the nearest."""
    unknown = {each: count for each, count in counted.items() if values.find_kind(each) is None}
    return {
        each: (count, values.name_kind(each)) for each, count in _join_spellings(unknown).items()
    }
