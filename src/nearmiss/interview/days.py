"""On which days, and at which hours, the rows of a sheet are: asked once for the whole file."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from nearmiss.dates.shown import echo_day, echo_weekday
from nearmiss.errors import UsageProblem
from nearmiss.intake.columns import CLOCK, WHEN, quote
from nearmiss.intake.likely_days import (
    Likely,
    find_doubts,
    find_undated,
    guess_year,
    number_years,
    place_days,
)
from nearmiss.intake.moments import NotRead, Order, is_written_hour, read_moment, read_month
from nearmiss.intake.reading import Halves, Reading
from nearmiss.interview.assumed import count_rows, name_rows
from nearmiss.interview.columns import ColumnQuestions
from nearmiss.speech import join_words, name_some
from nearmiss.terminal.asking import Asked, Choice, Option, Settled

_MOST_ROWS = 12  # with a line each
_FEW = 3  # days without a month that have one
_NAMED = 10
_MORNING = 7
Answered = Reading | Settled[Reading] | None  # None where there is nothing to ask


class DayQuestions(ColumnQuestions):
    """The questions about days and hours."""

    def ask_days(self, reading: Reading) -> Answered:
        """Return the days of rows that do not say theirs plainly, or can hardly be of it."""
        if reading.is_own:
            return None
        if self.asker is None:
            reading = self._assume_order(reading)
            return Settled(self._refuse_doubts(find_doubts(self.found, reading, self.now), reading))
        steps = (self._assume_order, self._assume_year, self._assume_days)
        return self.confirm_all("The days are read like this: is it right?", steps, reading)

    def _assume_order(self, reading: Reading) -> Reading:
        """Return which of two numbers is the day: what the rows say, else asked, or the first."""
        order, decided = self.found.order, self.given.order or self.found.order.decide(self.now)
        if decided == "month":
            said = f" ({name_rows(order.month)})" if order.month else ""
            self.told.append(f"Days are read with the month first{said}.")
        if decided:
            return replace(reading, order=decided)
        sample, ahead = order.show_sample, order.find_ahead(self.now)
        rows_by = {"day": order.day, "month": order.month}
        why = [f"the {way} first in {name_rows(rows)}" for way, rows in rows_by.items() if rows]
        against = f"Only so can be read: {', '.join(why)}." if why else ""
        if ahead and not why:
            against = f"With the day first, {name_rows(ahead)} would lie ahead of today."
        ask = "Days in this sheet: which number comes first?"
        if self.asker is None:
            if against:
                ways = f"{sample('day')}, or {sample('month')}"
                remedy = "--day-first or --month-first, and --skip-damaged for rows that do not fit"
                self.refused.append(f"{ask} {ways}. {against} {remedy}")
            else:
                self.told.append(f"Days are read with the day first: {sample('day')}.")
            return reading
        orders: tuple[Option[Order], ...] = (
            Option(f"the day first: {sample('day')}", "day", words=("day",)),
            Option(f"the month first: {sample('month')}", "month", words=("month",)),
        )
        choice = Choice(ask, orders, against, chosen=None if against else 0)
        taken = self.assume_option("order", "Days in numbers", choice)
        odd = order.month if taken == "day" else order.day
        said = f"The other way round, as they can only be read so: {name_rows(odd)}"
        too = bool(odd) and self.assume_so("odd", said, "taken", "left out")
        return replace(reading, order=taken, others_too=too)

    def _refuse_doubts(self, doubts: Mapping[int, Likely], reading: Reading) -> Reading:
        if doubts and not self.given.skips:
            named = " ".join(
                name_some([f"Row {row}: {each.why}." for row, each in doubts.items()], _NAMED)
            )
            self.refused.append(
                f"{named} Put it right in the sheet; or those rows stay out: --skip-damaged"
            )
        return replace(reading, days={**reading.days, **dict.fromkeys(doubts)})

    def _assume_year(self, reading: Reading) -> Reading:
        """Return the year of days that name none; it goes on where they pass a December."""
        if not self.found.without_year:
            return reading
        shown = join_words(name_some(list(self.found.without_year), 3))
        said = f"No year in {count_rows(self.found.without_year.total())} ({shown})"

        def tell(year: int) -> str:
            ends = [*dict.fromkeys(number_years(self.found, year).values())]
            return f"{said}: {join_words([str(each) for each in ends])}"

        def ask() -> int:
            return self.ask_text(Asked(f"{said}. Which year is the first?"), _read_year)

        year = self.assume("year", guess_year(self.found, self.titles, self.now), tell, ask)
        return replace(reading, year=year, years=number_years(self.found, year))

    def _assume_days(self, reading: Reading) -> Reading:
        """Return the days of rows as they are likely, a line each; of many, one for all of them."""
        reading = self._assume_rows(find_doubts(self.found, reading, self.now), reading)
        near = self._assume_month(next(filter(None, map(read_month, self.titles)), None), reading)
        if len(self.found.alone) > _FEW:
            reading = replace(reading, days={**reading.days, **near})
        likely = find_undated(self.found, reading, near)
        reading = self._assume_rows({row: each for row, each in likely.items() if each.by}, reading)
        return self._assume_rows(
            {row: each for row, each in likely.items() if not each.by}, reading
        )

    def _assume_rows(self, likely: Mapping[int, Likely], reading: Reading) -> Reading:
        """Return the days of some rows, a line each; of many, one for all of them."""
        if len(likely) > _MOST_ROWS:
            taken = self._assume_many(likely)
        else:
            taken = {row: self._assume_day(row, each) for row, each in likely.items()}
        noticed = {row for row, each in taken.items() if each.noticed}
        return replace(
            reading,
            days={**reading.days, **{row: each.day for row, each in taken.items()}},
            hours={**reading.hours, **{row: e.hour for row, e in taken.items() if e.hour}},
            noticed=reading.noticed | noticed,
        )

    def _assume_month(self, first: tuple[int, int] | None, reading: Reading) -> Mapping[int, date]:
        """Return the days that name no month: of the one in which they begin, and go on."""
        if len(self.found.alone) <= _FEW:
            return place_days(self.found, reading, first)
        said = f"No month in the days of {count_rows(len(self.found.alone))}"

        def tell(month: tuple[int, int]) -> str:
            placed = place_days(self.found, reading, month)
            ends = [f"{echo_weekday(placed[row])} (row {row})" for row in sorted(placed)]
            return f"{said}: {' to '.join(dict.fromkeys((ends[0], ends[-1])))}"

        def ask() -> tuple[int, int]:
            asked = Asked(f"{said}. In which month is the first?", "Such as March 2026.")
            return self.ask_text(asked, _read_month)

        placed = place_days(self.found, reading, first)
        begin = placed[min(placed)] if placed else None
        likely = (begin.year, begin.month) if begin else None
        month = self.assume("month", likely, tell, ask)
        return place_days(self.found, reading, month)

    def _assume_day(self, row: int, likely: Likely) -> Likely:
        def tell(taken: Likely) -> str:
            day = echo_day(taken.day) if taken.day else "left out"
            hour = f", about {taken.hour:%H:%M}" if taken.day and taken.hour else ""
            return f"Row {row} {likely.why}: {day}{hour}" + f", {taken.by}" * bool(taken.by)

        def ask() -> Likely:
            typed = f"{likely.day:%d/%m/%Y}" if likely.day else "-"
            asked = Asked(f"Row {row} {likely.why}. Which day was it?", _HELP, suggestion=typed)
            day = self.ask_text(asked, read_day)
            return likely if day and day == likely.day else Likely(likely.why, day)

        return self.assume(f"day {row}", likely, tell, ask)

    def _assume_many(self, rows: Mapping[int, Likely]) -> dict[int, Likely]:
        """Return rows as they are likely, or all of them left out, in one line."""
        shown = [f"row {row} {each.why}" for row, each in rows.items()]
        day = next(iter(rows.values())).day
        said = f"{count_rows(len(rows))} ({'; '.join(name_some(shown, 2))})"
        taken = f"as is likely, such as {echo_day(day)}" if day else "left out"
        if self.assume_so(f"days {shown[0]}", said, taken, "left out"):
            return dict(rows)
        return {row: Likely(each.why) for row, each in rows.items()}

    def assume_night(self, reading: Reading) -> Reading:
        """Return whether days are those on which a night began, as their head says."""
        head = _find_night(reading)
        if not self.found.early or not head:
            return reading
        if self.asker is None:
            self.told.append(f"{quote(head)}: hours before noon are of the morning after.")
            return replace(reading, night=True)
        said = f"{quote(head)}: times after midnight ({count_rows(self.found.early)})"
        is_next = self.assume_so("night", said, "of the next day", "of the day that stands there")
        return replace(reading, night=is_next)

    def assume_halves(self, reading: Reading) -> Reading:
        """Return what hours such as 3:30 mean."""
        if not self.found.halves or reading.is_own:
            return reading
        written = [each for each in self.found.halves if is_written_hour(each)]
        hours = [int(re.sub(r"[:.h].*", "", each.strip())) for each in written]
        shown = join_words(name_some([quote(each) for each in self.found.halves], 4))
        is_written = not self.found.has_halves and min(hours, default=0) >= _MORNING
        if (
            is_written
            and len(written) == len(self.found.halves)
            and (self.found.has_late or self.asker is None)
        ):
            self.told.append(f"Read by the 24-hour clock: {shown}.")
            return replace(reading, halves="written")
        if self.given.hour_not_known or self.asker is None:
            return reading
        options: tuple[Option[Halves], ...] = (
            Option("by day: 7 to 12 is morning, 1 to 6 is afternoon", "waking"),
            Option("the 24-hour clock: 3:30 is in the night", "written"),
            Option("time not known there", ""),
        )
        mark: int | None = int(bool(written) and self.found.has_late and not self.found.has_halves)
        if not mark and _find_night(reading):
            mark = None
        rows = count_rows(self.found.halves.total())
        choice = Choice(f"Morning or afternoon? {shown} in {rows}.", options, chosen=mark)
        taken: Halves = self.assume_option("halves", f"{shown} ({rows})", choice)
        return replace(reading, halves=taken, hour_not_known=reading.hour_not_known or not taken)

    def assume_hours(self, reading: Reading) -> Reading:
        """Return the hours that stand in what happened alone, taken as about where that is so."""
        found = self.found
        if not found.said_hours or CLOCK in reading.fields or reading.is_own or self.asker is None:
            return reading
        shown = [f'"{said}" in row {row}' for row, (_, said, _) in found.said_hours.items()][:2]
        rows = f"the words of {count_rows(len(found.said_hours))} ({join_words(shown)})"
        said = f"No column of times; one stands in {rows}"
        if not self.assume_so("hours", said, "taken, as about", "time not known there"):
            return reading
        hours = {row: each for row, (each, *_) in found.said_hours.items()}
        return replace(reading, hours={**hours, **reading.hours})

    def assume_midnight(self, reading: Reading) -> Reading:
        """Return whether 00:00 is what a spreadsheet writes where no time stood."""
        found = self.found
        is_asked = self.asker and not (self.find_hourless(reading) or self.given.yes)
        if not found.midnights or reading.hour_not_known or reading.is_own or not is_asked:
            return reading
        said = f"00:00 ({count_rows(found.midnights)}), as spreadsheets write where no time stood"
        is_so = self.assume_so("midnight", said, "time not known", "it was midnight")
        return replace(reading, hour_not_known=is_so)

    def find_hourless(self, reading: Reading) -> Counter[str]:
        """Return the words in place of an hour, of rows that name none."""
        found = self.found
        if reading.hour_not_known or reading.is_own:
            return Counter()
        hours = (each for each in reading.hours if each in found.said_hours)
        taken = Counter(found.said_hours[each][2] for each in hours)
        return found.without_hour - taken + (Counter() if reading.halves else found.halves)

    def tell_hourless(self, reading: Reading) -> str:
        """Return which rows name no hour, in words; nothing where each names one."""
        words = self.find_hourless(reading)
        total = words.total() + (self.found.midnights if words else 0)
        named = [quote(each) for each in words if each][:6] + ["00:00"] * bool(self.found.midnights)
        shown = f" ({', '.join(named)})" if named else ""
        return f"no hour in {count_rows(total)}{shown}" if words else ""


def _read_month(typed: str) -> tuple[int, int]:
    if found := read_month(typed):
        return found
    raise UsageProblem("Write the month and its year, such as March 2026.")


def _find_night(reading: Reading) -> str:
    """Return the head of days that are those on which a night began, if it says so."""
    heads = [h for h, f in zip(reading.heads, reading.fields, strict=True) if f in WHEN]
    return next((each for each in heads if re.search(r"\bnight\b", each, re.I)), "")


_HELP = "Such as 3/4/2025. A dash (-): the row stays out."


def read_day(typed: str) -> date | None:
    """Return the day that is typed, None for a dash. Raises UsageProblem."""
    if typed.strip() == "-":
        return None
    try:
        return read_moment(typed).day.make("day")
    except NotRead:
        raise UsageProblem("Write the day with its month and year, such as 3/4/2025.") from None


def _read_year(typed: str) -> int:
    if re.fullmatch(r"(?:19|20)\d\d", typed.strip()):
        return int(typed)
    raise UsageProblem("Write the year with four digits, such as 2025.")
