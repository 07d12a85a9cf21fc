"""Days of a sheet that can hardly be right, and the years of those that name none."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from nearmiss.dates.shown import WEEKDAYS, echo_day, echo_weekday
from nearmiss.intake.columns import WRITTEN, quote
from nearmiss.intake.moments import EMPTY, NotRead, read_month_end
from nearmiss.intake.reading import Reading
from nearmiss.intake.stamps import asks_other, read_beside
from nearmiss.intake.survey import Survey, date_stamp
from nearmiss.intake.values import is_mark


@dataclass(frozen=True)
class Likely:
    """When a row was that does not say its day plainly, or can hardly be of the day that it says.

    ``why`` it is told: what stands there. Where a day is likely, it is so ``by`` something else,
    with ``hour`` about when; or it is that on which it was ``noticed``.
    """

    why: str
    day: date | None = None
    by: str = ""
    hour: time | None = None
    noticed: bool = False


_LONG = 45  # days between neighbours that are few beside those to a day that is out of its order
_A_YEAR = 300


def find_undated(found: Survey, reading: Reading, near: Mapping[int, date]) -> dict[int, Likely]:
    """Return when rows were whose own day can't be read.

    ``near`` are those of days without a month, by the rows around them.
    """
    made, likely = _make_days(found, reading), dict[int, Likely]()
    above: date | None = None
    for row in sorted({*made, *found.undated}):
        if row in found.undated and row not in reading.days:
            reason = found.undated[row]
            if row in found.stamps:
                likely[row] = _find_stamped(found, reading, row, reason)
            elif row in near:
                likely[row] = Likely(reason, near[row], "by the rows around it")
            elif row in found.elsewhere:
                likely[row] = _find_elsewhere(found, reading, row, reason)
            elif end := read_month_end(found.days_said.get(row, "")):
                likely[row] = Likely(reason, end, "the last day of that month")
            elif above and (reason == EMPTY or _says_same(found.days_said.get(row, "-"))):
                likely[row] = Likely(reason, above, "as the row above says")
            else:
                likely[row] = Likely(reason)
            above = likely[row].day or above
        else:
            above = made.get(row) or above
    return likely


def _says_same(cell: str) -> bool:
    """Whether a cell in place of a day may mean that of the row above."""
    return is_mark(cell) or _SAME.match(cell) is not None


_SAME = re.compile(
    r"(?i)\W*(?:(?:later )?(?:the )?same (?:day|date|morning|afternoon|evening|night)|later)\b"
)


def _find_stamped(found: Survey, reading: Reading, row: int, reason: str) -> Likely:
    stamp, cell = found.stamps[row]
    with suppress(NotRead):
        if beside := read_beside(cell, date_stamp(stamp, reading.order), is_now=True):
            by = f"as told beside {quote(reading.name_heads(WRITTEN))}"
            return Likely(reason, beside[0], by, beside[1])
    return Likely(reason)


def _find_elsewhere(found: Survey, reading: Reading, row: int, reason: str) -> Likely:
    named, head = found.elsewhere[row]
    with suppress(NotRead):
        day = named.make(reading.order) - timedelta(days="yesterday" in reason.casefold())
        is_same = reason == EMPTY and asks_other(reading.name_heads("occurred_at"))
        return Likely(reason, day, f"as {quote(head)} says", noticed=not is_same)
    return Likely(reason)


def find_doubts(found: Survey, reading: Reading, now: datetime) -> dict[int, Likely]:
    """Return the rows that lie after they were written, long before, or far out of their order."""
    made = [*_make_days(found, reading).items()]
    doubts = dict[int, Likely]()
    before: date | None = None
    for at, (number, day) in enumerate(made):
        after = made[at + 1][1] if at + 1 < len(made) else None
        by = None
        with suppress(NotRead):
            by = reading.make_day(0, found.written[number]) if number in found.written else None
        if number not in found.stamps and (why := _doubt_day(day, by, before, after)):
            other = _turn_day(day, by, [each for each in (before, after) if each])
            if other or by or day > now.date():
                is_turned = f"rather than {echo_day(day)}" if other else "as it stands"
                why = f"{echo_day(day)} {why}"
                doubts[number] = Likely(why, other or day, is_turned)
        before = day
    return doubts


def _doubt_day(day: date, written: date | None, before: date | None, after: date | None) -> str:
    if written and day > written:
        return f"lies after it was written ({echo_day(written)})"
    if written and (written - day).days > _A_YEAR:
        return f"lies {(written - day).days} days before it was written ({echo_day(written)})"
    away = min(abs(day - before), abs(day - after)).days if before and after else 0
    if before and after and away > max(_LONG, 2 * abs((before - after).days)):
        return f"stands between {echo_day(before)} and {echo_day(after)}"
    return ""


def _turn_day(day: date, written: date | None, around: Sequence[date]) -> date | None:
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
    return next((each for each in fitting if each != day), None)


def tell_weekdays(found: Survey, reading: Reading) -> list[str]:
    """Return what is to be said of days beside which another weekday stands."""
    said = {number: day.weekday for number, day in found.order.days if day.weekday != -1}
    made = {number: day for number, day in found.order.days if number in said}
    days = dict[int, date | None](reading.days)
    for number, named in made.items():
        with suppress(NotRead):
            days[number] = reading.make_day(number, named)
    said |= {number: weekday for number, (_, weekday) in found.alone.items()}
    return [
        f"Row {number}: {echo_weekday(day)}, where the sheet says {WEEKDAYS[weekday].title()}."
        for number, weekday in said.items()
        if (day := days.get(number)) and weekday not in (-1, day.weekday())
    ]


def place_days(found: Survey, reading: Reading, first: tuple[int, int] | None) -> dict[int, date]:
    """Return the days that name no month: in the ``first`` one, or a neighbour's, and so on."""
    made = _make_days(found, reading) if found.alone else {}
    at = min((made[each] for each in sorted(made)[:1]), default=None)
    at = date(*first, 1) if first else at
    placed = dict[int, date]()
    for number in sorted({*made, *found.alone}) if at else ():
        if number in made:
            at = made[number]
        elif at and (day := _place_day(at, *found.alone[number])):
            at = placed[number] = day
    return placed


def _make_days(found: Survey, reading: Reading) -> dict[int, date]:
    made = dict[int, date]()
    for number, named in found.order.days:
        with suppress(NotRead):
            made[number] = reading.make_day(number, named)
    return made


def _place_day(after: date, number: int, weekday: int) -> date | None:
    """Return the day of that number that fits best behind another: of its month, or the next."""
    months = [(after.year * 12 + after.month - 1 + away) for away in (0, 1, -1)]
    days = list[date]()
    for month in months:
        with suppress(ValueError):
            days.append(date(month // 12, month % 12 + 1, number))
    so = [day for day in days if day.weekday() == weekday]
    later = [day for day in days if (day - after).days > -_BACK]
    return next(iter([day for day in so if day in later] or so or later or days), None)


_BACK = 15  # days by which a diary may go back within its month


def guess_year(found: Survey, titles: Sequence[str], now: datetime) -> int | None:
    """Return the year that days without one are likely of: by other days, titles, or weekdays."""
    if found.years:
        return found.years.most_common(1)[0][0]
    titled = re.findall(r"\b20\d\d\b", " ".join(titles))
    spans = re.findall(r"\b(\d\d)/(\d\d)\b", " ".join(titles))
    titled += [f"20{first}" for first, last in spans if int(last) == int(first) + 1]
    if titled:
        return int(titled[0])
    named = [day for _, day in found.order.days if day.weekday != -1 and not day.year]
    for year in range(now.year, now.year - 7, -1):
        with suppress(NotRead):
            if named and named[0].make("day", year).weekday() == named[0].weekday:
                return year
    return None


def number_years(found: Survey, first: int) -> dict[int, int]:
    """Return the year of each row whose day names none, where they go on past a December."""
    years, year, last = dict[int, int](), first, 0
    for number, day in found.order.days:
        if not day.year:
            month = day.second
            year += (month <= _SPRING and last >= _AUTUMN) - (
                month >= _AUTUMN and 0 < last <= _SPRING
            )
            years[number], last = year, month
    return years


_SPRING, _AUTUMN = 4, 9  # months between which a year ends rather than that rows are out of order
