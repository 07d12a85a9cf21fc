"""What stands in the rows of a sheet, by which it is decided what has to be asked."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from itertools import pairwise

from nearmiss.dates.shown import echo_day
from nearmiss.intake import moments, values
from nearmiss.intake.columns import CLOCK, KEPT, OUTCOME, WHAT, WRITTEN, find_tick
from nearmiss.intake.moments import Day, Moment, NotRead, Order
from nearmiss.intake.no_reports import is_aside, is_no_report
from nearmiss.intake.people import is_mixed, is_protector, name_person
from nearmiss.intake.reached import read_reached
from nearmiss.intake.reading import (
    BY_INJURY,
    LEFT_OUT,
    MAY_MISS,
    YES,
    Cells,
    People,
    Reading,
    find_day,
    find_injury,
    find_marks,
    read_people,
    read_when,
    says_concern,
    says_yes,
    tells_injury,
)
from nearmiss.intake.sheet import NotReadable, Sheet
from nearmiss.intake.stamps import asks_other, read_beside
from nearmiss.intake.worry import find_named_worry, find_worry
from nearmiss.model.questions import Category
from nearmiss.text import fold_text, join_lines

MOST_LOOKED = 300  # rows in which injuries and worries are looked for: it takes long
_MOST_UNDATED = 10_000  # rows before it is seen that most are
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
    without_year: Counter[str] = field(default_factory=Counter)
    undated: dict[int, str] = field(default_factory=dict)  # rows whose day can't be read
    days_said: dict[int, str] = field(default_factory=dict)  # what stands there
    alone: dict[int, tuple[int, int]] = field(default_factory=dict)  # days that name no month
    # When a row was written that tells its day beside that moment, with the cell that does.
    stamps: dict[int, tuple[Moment, str]] = field(default_factory=dict)
    without_hour: Counter[str] = field(default_factory=Counter)
    # Hours that stand in what happened alone, as they do there, with what stands for the hour.
    said_hours: dict[int, tuple[time, str, str]] = field(default_factory=dict)
    halves: Counter[str] = field(default_factory=Counter)  # hours that may be of either half
    has_halves: bool = False  # am and pm stand beside hours
    has_late: bool = False  # hours from 13 on do
    midnights: int = 0
    early: int = 0  # hours before noon
    missing: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)  # where a row is of the kind that has it
    # Answers, of each field that is a yes or no.
    truths: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    kinds: Counter[str] = field(default_factory=Counter)
    entries: Counter[str] = field(default_factory=Counter)
    clients: Counter[str] = field(default_factory=Counter)
    yes_people: Counter[str] = field(default_factory=Counter)  # by head
    marks: Counter[str] = field(default_factory=Counter)  # for who was told, that may be ticks
    open: Counter[str] = field(default_factory=Counter)  # lines of who was told, or only tried
    worries: dict[int, str] = field(default_factory=dict)  # rows with words of one, by them
    doubted: dict[int, str] = field(default_factory=dict)  # such rows of which the sheet says no
    # Rows of a worry that say who was told, and not that they know of it: what says the worry, and
    # those told who surely know of it.
    worry_told: dict[int, tuple[Sequence[str], Sequence[str]]] = field(default_factory=dict)
    injuries: list[int] = field(default_factory=list)  # rows that tell of one
    # Rows with an injury in its own column: what they are said to be, and that injury.
    hurt: dict[int, tuple[str, str]] = field(default_factory=dict)
    count: int = 0
    # The row in which a value stands first, by field.
    first: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    written: dict[int, Day] = field(default_factory=dict)  # on which a row was written
    no_reports: set[int] = field(default_factory=set)
    asides: set[int] = field(default_factory=set)  # rows that may be none
    # Another day in a row whose own can't be read, with its head.
    elsewhere: dict[int, tuple[Day, str]] = field(default_factory=dict)

    def note_first(self, number: int, name: str, said: Iterable[str]) -> None:
        """Keep in which row each value stands first, of as many rows as are looked at."""
        if self.count <= MOST_LOOKED:
            for each in said:
                self.first[name].setdefault(each, number)


def _count_missing(found: Survey, row: Cells, *, is_hurt: bool) -> None:
    is_other = is_hurt or values.find_entry(row.get("entry", [""])[0]) == "incident"
    for name in MAY_MISS:
        if name not in row and not (OUTCOME in row and name in ("how_prevented", "injury")):
            if name == "injury" and is_hurt and find_injury(row):
                continue
            found.missing[name] += 1
            found.apart[name] += name != ("how_prevented" if is_other else "injury")


def survey_rows(sheet: Sheet, reading: Reading) -> Survey:
    """Return what stands in the rows that look like reports, read once from end to end."""
    found = Survey()
    for number, cells in sheet.read_rows(reading.day_column):
        row = reading.gather(cells)
        if is_no_report(cells, row, reading):
            found.no_reports.add(number)
            continue
        if is_aside(row):
            found.asides.add(number)
        found.count += 1
        _survey_when(found, number, row, reading)
        if len(found.undated) > max(_MOST_UNDATED, found.count // 2):
            first, why = next(iter(found.undated.items()))
            raise NotReadable(
                f"in most rows below {reading.name_heads('occurred_at')} no day can be read (row "
                f"{first}: {why})",
                "Say which column holds the days: --column HEAD=when.",
            )
        if number in found.undated:
            found.elsewhere |= _find_elsewhere(number, cells, reading)
        _count_codes(found, number, row, reading)
        is_hurt = _survey_injury(found, number, row)
        _count_missing(found, row, is_hurt=is_hurt)
        if not reading.is_own:
            people = list(read_people(cells, reading))
            marks = [cells[at].strip() for at in find_marks(cells, reading)]
            _count(found.marks, *marks)
            found.note_first(number, "informed", marks)
            _survey_people(found, number, people)
            _survey_worry(found, number, cells, row, people, reading)
    return found


def _count_codes(found: Survey, number: int, row: Cells, reading: Reading) -> None:
    """Count what stands for the client, the kind, what a row is, and whether there is a worry."""
    client = " ".join(map(values.clean_line, row.get("client", ())))
    entries = row.get("entry", [""]) if "entry" in reading.fields else []
    kinds = row.get("category", [])
    _count(found.clients, client)
    _count(found.kinds, *kinds)
    _count(found.entries, *entries)
    truths = {name: row[name] for name in values.TRUTHS if name in row}
    for name, cells in truths.items():
        _count(found.truths[name], *cells)
    said = {"client": [client], "entry": entries, "category": kinds, **truths}
    for name, cells in said.items():
        found.note_first(number, name, cells)


def _survey_injury(found: Survey, number: int, row: Cells) -> bool:
    is_hurt = (found.count <= MOST_LOOKED or "injury" in row) and tells_injury(row)
    if is_hurt:
        found.injuries.append(number)
    if told := [each for each in row.get("injury", ()) if not values.says_unhurt(each)]:
        found.hurt[number] = row.get("entry", [""])[0], told[0]
    return is_hurt


def _survey_worry(
    found: Survey,
    number: int,
    cells: Sequence[str],
    row: Cells,
    people: Sequence[People],
    reading: Reading,
) -> None:
    said = row.get("safeguarding", ())
    is_worry = says_yes(row, "safeguarding") or says_concern(row)
    told = [name_person(h) if each == YES else each for h, _, lines in people for each in lines]
    look = find_worry if found.count <= MOST_LOOKED else find_named_worry
    named = _find_denied(cells, reading) or next(filter(None, map(look, (*cells, *told))), "")
    if named and not is_worry:
        (found.doubted if said else found.worries)[number] = named
    known = [each for each in told if is_protector(each) and not _is_open(each, "informed")]
    if (is_worry or number in found.worries) and "concern_informed" not in row and known != told:
        found.worry_told[number] = said, known


def _find_denied(cells: Sequence[str], reading: Reading) -> str:
    """Return a no below a head that denies a worry, and this head; nothing without one."""
    said = ((reading.heads[at], cells[at].strip()) for at in reading.denials if at < len(cells))
    return next((f"{h}: {each}" for h, each in said if each and values.is_plain_no(each)), "")


def _survey_people(found: Survey, number: int, people: Sequence[People]) -> None:
    for head, name, lines in people:
        found.note_first(number, "informed", (head, *lines) if lines == (YES,) else lines)
        if lines == (YES,):
            found.yes_people[head] += 1
        _count(found.open, *(each for each in lines if each != YES and _is_open(each, name)))


def _is_open(line: str, name: str) -> bool:
    """Whether a line does not say plainly that who stands there was told, or was tried."""
    told = read_reached(line)
    if name == "tried":
        return (told.reach == "reached" and told.says_so) or told.is_planned
    return told.reach not in ("reached", "nobody") or is_mixed(line)


def _count(counter: Counter[str], *cells: str) -> None:
    for cell in cells:
        if cell in counter or len(counter) < _MOST_VALUES:
            counter[cell] += 1


def _find_stamp(row: Cells, reading: Reading) -> Moment | None:
    """Return when a row was written that tells when it was beside that moment."""
    with suppress(NotRead):
        stamp = moments.read_moment(row.get(WRITTEN, [""])[0])
        is_now = asks_other(reading.name_heads("occurred_at"))
        if read_beside(find_day(row), date_stamp(stamp, reading.order), is_now=is_now):
            return stamp
    return None


def date_stamp(stamp: Moment, order: Order) -> datetime:
    """Return the moment at which a row was written. Raises NotRead."""
    fitting = [each for each in (order, *_ORDERS) if stamp.day.fits(each)]
    return datetime.combine(
        stamp.day.make(fitting[0] if fitting else order), stamp.clock or time(_NOON)
    )


def _survey_undated(found: Survey, number: int, row: Cells, reading: Reading) -> None:
    """Keep what a row says of its day that names none, and whether it names an hour."""
    day, moment = find_day(row), read_when(row, _ANY_DAY)
    beside = None
    if stamp := _find_stamp(row, reading):
        found.stamps[number] = stamp, day
        found.order.weigh(number, stamp.day)
        beside = read_beside(day, date_stamp(stamp, reading.order), is_now=True)
    elif alone := moments.read_day_alone(day):
        found.alone[number] = alone
    is_known = beside and beside[1] and CLOCK not in row
    if moment.clock is None and not is_known:
        _count_hourless(found, number, row, moment.words)


def _survey_when(found: Survey, number: int, row: Cells, reading: Reading) -> None:
    try:
        moment = read_when(row)
    except NotRead as problem:
        found.undated[number], found.days_said[number] = str(problem), find_day(row)
        _survey_undated(found, number, row, reading)
        return
    day = moment.day
    found.order.weigh(number, day)
    if WRITTEN in row:
        with suppress(NotRead):
            found.written[number] = moments.read_moment(row[WRITTEN][0]).day
    if day.year:
        found.years[day.year] += 1
    else:
        found.without_year[join_lines(day.shown)] += 1
    if moment.is_halved:
        _count(found.halves, moment.words)
    elif moment.clock is None and not says_yes(row, "hour_not_known"):
        _count_hourless(found, number, row, moment.words)
    for name in ("occurred_at", CLOCK):
        found.has_halves = found.has_halves or any(map(_names_half, row.get(name, ())))
    hour = moment.clock.hour if moment.clock else 0
    if hour > _NOON and not found.has_late:  # in numbers: not "half 8 at night"
        said = (*row.get("occurred_at", ()), *row.get(CLOCK, ()))
        found.has_late = any(str(hour) in each or each.startswith("0.") for each in said)
    found.midnights += moment.has_midnight
    found.early += bool(moment.clock and hour < _NOON)


def _count_hourless(found: Survey, number: int, row: Cells, words: str) -> None:
    _count(found.without_hour, words)
    what = "\n".join(cell for name in WHAT for cell in row.get(name, ()))
    if CLOCK not in row and (said := moments.find_said_hour(what)):
        found.said_hours[number] = (*said, words)


_NOON = 12
_ANY_DAY = date(2000, 1, 1)


def _find_elsewhere(
    number: int, cells: Sequence[str], reading: Reading
) -> dict[int, tuple[Day, str]]:
    for name in (WRITTEN, KEPT):
        for head, field_name, cell in zip(reading.heads, reading.fields, cells, strict=False):
            with suppress(NotRead):
                is_other = field_name != name or _OF_LATER.search(head)
                if not is_other and (day := moments.read_moment(cell).day).year:
                    return {number: (day, head)}
    return {}


# Heads of days that are never that of the event: of what came later, or is to come.
_OF_LATER = re.compile(
    r"(?i)\b(?:due|clos(?:ed|ure)|sign(?:ed)?[- ]?off|follow\w*|f/?u|review\w*|complet\w*|next|sent"
    r"|chased?|resolved|done by|target|deadline|expir\w*|birth|dob|admi(?:tted|ssion)|moved in)\b"
)


@lru_cache(8192)
def _names_half(cell: str) -> bool:
    return re.search(r"\b\d*[ap]\.?m\b", cell, re.I) is not None


def find_unsure(name: str, counted: Mapping[str, int]) -> dict[str, int]:
    """Return the values that say neither yes nor no, each once, with how often it stands there."""
    is_about = moments.says_about if name == "occurred_approx" else values.is_plain_yes
    return _join_spellings(
        {
            each: count
            for each, count in counted.items()
            if not (values.is_plain_no(each) or values.is_plain_yes(each) or is_about(each))
        }
    )


def _join_spellings(counted: Mapping[str, int]) -> dict[str, int]:
    """Return values by the first spelling of each, with how often all of them stand there."""
    first: dict[str, str] = {}
    found: Counter[str] = Counter()
    for cell, count in counted.items():
        found[first.setdefault(fold_text(cell), cell)] += count
    return found


# Whether what was wrong reached somebody, which makes it an incident.
_REACHED_CLIENT = re.compile(
    r"(?i)\b(?:got|given|reached)\b(?: to)?(?: the)? "
    r"(?:su|client|resident|patient|service user|them)\b"
)


def guess_entry(typed: str, head: str = "", *, has_injuries: bool = False) -> str:
    """Return what a cell that is neither word for it may say: near miss, incident, or neither.

    A head may say what a letter means: "Accident (A) / Near miss (NM)"; or what a tick does.
    """
    folded = fold_text(typed)
    meant = re.search(rf"([a-z -]+)\({re.escape(folded)}\)", fold_text(head)) if folded else None
    is_answer = values.is_mark(typed) or values.is_plain_yes(typed) or values.is_plain_no(typed)
    named = find_tick(head) if is_answer else None
    if named and (not folded or values.is_plain_no(folded)):
        named = "incident" if named == "report" else "report"
    if _REACHED_CLIENT.search(head) and (values.is_plain_yes(typed) or values.is_plain_no(typed)):
        named = "incident" if values.is_plain_yes(typed) else "report"
    if found := (meant and values.find_entry(meant[1])) or named:
        return found
    if not folded and has_injuries:
        return BY_INJURY
    is_near = re.search(r"\bnear(?:ly)?\b|\bn/?m\b|could have|\bin time\b", folded)
    if not folded or folded == "n" or is_near:
        return "report"
    if re.search("staff|visitor|compliment|complaint", folded):
        return LEFT_OUT
    if re.search("incident|accident|happened|hurt|injur", folded) or folded in ("a", "i"):
        return "incident"
    return BY_INJURY


def says_kind(typed: str) -> bool:
    """Whether a cell names a kind plainly, or rather says near miss or incident."""
    return bool(values.find_kind(typed) or values.find_entry(typed))


def find_unknown_kinds(
    counted: Mapping[str, int], key: Mapping[str, str]
) -> dict[str, tuple[int, Category | None]]:
    """Return each kind that is none of the six: how often it stands there, and the nearest.

    ``key`` is what the sheet says that its letters stand for.
    """
    unknown = {each: count for each, count in counted.items() if not says_kind(each)}
    return {
        each: (count, values.name_kind(key.get(each.strip(), each)))
        for each, count in _join_spellings(unknown).items()
    }
