"""On which days, and at which hours, the rows of a sheet are: asked once for the whole file."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from nearmiss.dates.shown import MONTHS, echo_day, echo_weekday
from nearmiss.errors import UsageProblem
from nearmiss.intake.columns import CLOCK, WHEN, WRITTEN, quote
from nearmiss.intake.likely_days import (
    Doubt,
    find_above,
    find_doubts,
    guess_month,
    guess_year,
    number_years,
    place_days,
    place_stamped,
)
from nearmiss.intake.reading import Halves, Midnight, Reading, says_midnight
from nearmiss.intake.survey import Survey
from nearmiss.intake.values import NotRead, Order, is_written_hour, read_moment, read_month
from nearmiss.interview.columns import ColumnQuestions, confirm
from nearmiss.speech import count_of, join_words, name_some
from nearmiss.terminal.asking import Asked, Choice, Option, Settled

_Value = TypeVar("_Value")
_MOST_ASKED = 12  # rows that are asked about one by one
_MOST_STAMPED = 20  # that are shown one by one
_NAMED = 10
_MORNING = 7
_MANY = 4  # options, that do not stand in a row
_FEW = 3  # days without a month that are asked about beside the others that can't be read
Answered = Reading | Settled[Reading] | None  # None where there is nothing to ask


class DayQuestions(ColumnQuestions):
    """The questions about days and hours."""

    def settle(
        self,
        title: str,
        likely: Mapping[str, _Value],
        options: Sequence[Option[_Value]],
        ask: Callable[[str], str],
        counted: Mapping[str, int],
    ) -> dict[str, _Value]:
        """Return which of the options each value is taken for."""
        in_a_row = len(options) < _MANY
        labels = {option.value: option.label for option in options}

        def put(value: str, taken: _Value) -> _Value:
            at = [option.value for option in options].index(taken)
            chosen = None if in_a_row else at
            choice = Choice(ask(value), tuple(options), chosen=chosen, in_a_row=in_a_row)
            return self.choose(choice)

        return self.take_each(title, likely, lambda value: labels[value], put, counted)

    def settle_words(
        self,
        title: str,
        likely: Mapping[str, str],
        ask: Callable[[str], tuple[str, str]],
        read: Callable[[str], str],
        counted: Mapping[str, int],
        tell: Callable[[str], str] = str,
        *,
        at_once: bool = False,
    ) -> dict[str, str]:
        """Return what is put in place of each value."""

        def put(value: str, taken: str) -> str:
            return self.ask_text(Asked(*ask(value), suggestion=taken), read)

        return self.take_each(title, likely, tell, put, counted, at_once=at_once)

    def tell_rows(self, value: str, counted: Mapping[str, int]) -> str:
        """Return in which row a value stands, or in how many."""
        number = self.first.get(value)
        return f"row {number}" if number and counted[value] == 1 else count_rows(counted[value])

    def take_each(
        self,
        title: str,
        likely: Mapping[str, _Value],
        tell: Callable[[_Value], str],
        put: Callable[[str, _Value], _Value],
        counted: Mapping[str, int],
        *,
        at_once: bool = False,
        name: Callable[[str], str] = str,
    ) -> dict[str, _Value]:
        """Return what each value is taken for: as is likely, until it is put right one by one.

        What was put right of one holds, whatever else is. ``name`` is what a value is called.
        """
        before, said = self.said.get(title, ({}, {}))
        own = {each: said[each] for each in said if said[each] != before.get(each)}
        taken = {each: own.get(each, to) for each, to in likely.items()}
        values = list(taken)

        def show(value: str) -> str:
            rows = self.tell_rows(value, {value: counted[name(value)]})
            return f"{name_value(name(value))} ({rows}): {tell(taken[value])}"

        def change(at: int) -> None:
            taken[values[at]] = put(values[at], taken[values[at]])

        def ask() -> dict[str, _Value]:
            assert self.asker is not None  # noqa: S101
            put_right = f"{title}: is this right?"
            confirm(self.asker, put_right, lambda: [show(each) for each in values], change)
            return dict(taken)

        if at_once:
            self.said[title] = dict(likely), ask()
        else:
            shown = "; ".join(name_some([show(each) for each in values], _NAMED))
            self.assumed.append((title, f"{title}: {shown}", ask, dict(likely)))
        return taken

    def ask_order(self, found: Survey, now: datetime, reading: Reading) -> Answered:
        """Return which of two numbers is the day, asked where the file leaves it open."""
        order, decided = found.order, self.given.order or found.order.decide(now)
        ways = {"day": order.day, "month": order.month}
        is_mixed = bool(order.day and order.month)
        if decided:
            if decided == "month":
                said = f" ({name_rows(order.month)})" if order.month else ""
                self.told.append(f"Days are read with the month first{said}.")
            return Settled(replace(reading, order=decided))
        ahead, sample = order.find_ahead(now), order.show_sample
        if self.asker:
            told = [f"the {way} first in {name_rows(rows)}" for way, rows in ways.items() if rows]
            help_text = f"Only so can be read: {'; '.join(told)}." if told else ""
            orders: tuple[Option[Order], ...] = (
                Option(f"the day: {sample('day')}", "day", words=("day",)),
                Option(f"the month: {sample('month')}", "month", words=("month",)),
            )
            mark = self.recall("order", 0, None if told or ahead else 0)
            ask = "Days in this sheet: which number comes first?"
            taken = self.choose(Choice(ask, orders, help_text, chosen=mark))
            self.said["order"] = 0, [each.value for each in orders].index(taken)
            odd = order.month if taken == "day" else order.day
            too = bool(odd) and self.ask_yes(
                f"{name_rows(odd).capitalize()} can only be read the other way. Read so there?",
                "n: they stay out.",
            )
            return replace(reading, order=taken, others_too=too)
        rows = {way: name_rows(numbers) for way, numbers in ways.items() if numbers}
        if is_mixed:
            self.refuse(
                f"Days are written in two ways: the day first in {rows['day']}, the month first in "
                f"{rows['month']}. So the others can't be told. Put them right in the sheet; or "
                "say --day-first or --month-first, and the rows that do not fit stay out with "
                "--skip-damaged"
            )
        elif rows:
            self.refuse(
                f"Only {next(iter(rows.values()))} says which number is the day, and others "
                f"({sample('day')}, or {sample('month')}) lie far from it: --day-first or "
                "--month-first?"
            )
        elif ahead:
            self.refuse(
                f"With the day first, {name_rows(ahead)} would lie ahead of today: "
                "--month-first or --day-first?"
            )
        else:
            self.told.append(f"Days are read with the day first: {sample('day')}.")
        return Settled(replace(reading, order="day"))

    def ask_year(
        self, found: Survey, titles: Sequence[str], now: datetime, reading: Reading
    ) -> Reading | None:
        """Return the year of days that name none; it goes on where they pass a December."""
        if not found.without_year or self.asker is None:
            return None
        likely = guess_year(found, titles, now)
        rows = count_of(found.without_year.total(), "day")
        shown = join_words(name_some(list(found.without_year), 3))
        verb = "names" if found.without_year.total() == 1 else "name"
        said = f"{rows} {verb} no year ({shown})."
        ask = f"{said} Which year?" if verb == "names" else f"{said} Which year is the first?"
        suggestion = self.recall("year", said, str(likely or ""))
        year = self.ask_text(Asked(ask, suggestion=suggestion), _read_year)
        self.said["year"] = said, str(year)
        years = number_years(found, year)
        if len({*years.values()}) > 1:
            first = next(row for row, each in years.items() if each != year)
            self.told.append(f"From row {first} on the year is {years[first]}.")
        return replace(reading, year=year, years=years)

    def ask_doubts(self, found: Survey, now: datetime, reading: Reading) -> Answered:
        """Return the days of rows whose own can hardly be right; refused where nobody is asked."""
        doubts = [] if reading.is_own else find_doubts(found, reading, now)
        if not doubts:
            return None
        told = [f"Row {each.number}: {echo_day(each.day)} {each.why}." for each in doubts]
        out = {**reading.days, **dict.fromkeys(each.number for each in doubts)}
        if self.asker is None:
            if not self.given.skips:
                named = " ".join(name_some(told, _NAMED))
                self.refuse(
                    f"{named} Put it right in the sheet; or those rows stay out: --skip-damaged"
                )
            return Settled(replace(reading, days=out))
        if len(doubts) <= _MOST_ASKED:
            days = {each.number: self._ask_doubt(each) for each in doubts}
            return replace(reading, days={**reading.days, **days})
        help_text = " ".join([*name_some(told, 3), "n: they stay out."])
        ask = f"The days of {count_rows(len(doubts))} can hardly be right. Take them as they stand?"
        return replace(reading) if self.ask_yes(ask, help_text) else replace(reading, days=out)

    def ask_stamped(self, found: Survey, reading: Reading) -> Reading | None:
        """Return the days of rows that tell them beside the moment at which they were written."""
        placed = place_stamped(found, reading)
        if self.asker is None or not placed:
            return None
        days: dict[int, date | None] = {row: day for row, (day, _) in placed.items()}
        days |= self.recall("stamped", placed, {})
        hours = {row: hour for row, (_, hour) in placed.items() if hour}
        rows, head = list(days), quote(reading.name_heads(WRITTEN))

        def list_lines() -> list[str]:
            return [
                f"Row {row} {name_value(found.stamps[row][1])}: "
                + (echo_day(day) if (day := days[row]) else "left out")
                + (f", about {hours[row]:%H:%M}" if day and row in hours else "")
                for row in rows
            ]

        def put(at: int) -> None:
            day = days[rows[at]]
            typed = f"{day:%d/%m/%Y}" if day else "-"
            cell = name_value(found.stamps[rows[at]][1])
            ask = f"Row {rows[at]}: {cell}. Which day was it?"
            days[rows[at]] = self.ask_text(Asked(ask, DAY_HELP, suggestion=typed), read_day)

        if len(rows) <= _MOST_STAMPED:
            confirm(self.asker, f"Days as told beside {head}: is this right?", list_lines, put)
        else:
            ask = f"{count_rows(len(rows))} tell their day beside {head}. Take them so?"
            help_text = "; ".join([*name_some(list_lines(), 3), "n: they stay out."])
            days = days if self.ask_yes(ask, help_text) else dict.fromkeys(rows)
        self.said["stamped"] = placed, dict(days)
        return replace(reading, days={**reading.days, **days}, hours={**reading.hours, **hours})

    def ask_months(
        self, found: Survey, titles: Sequence[str], now: datetime, reading: Reading
    ) -> Reading | None:
        """Return the days that name no month, of the month in which they are said to begin."""
        placed = place_days(found, reading, guess_month(found, titles, now))
        if self.asker is None or len(found.alone) <= _FEW * bool(placed):
            return None
        count = count_of(len(found.alone), "day")
        is_one = len(found.alone) == 1
        said = (
            f"{count} ({name_rows(found.alone)}) names no month"
            if is_one
            else f"{count} name no month"
        )
        help_text, typed = "Such as March 2026. A dash (-): they are asked about one by one.", ""
        if placed:
            days = sorted(placed)
            ends = [f"{echo_weekday(placed[each])} (row {each})" for each in (days[0], days[-1])]
            said += f". They would be {' to '.join(dict.fromkeys(ends))}"
            typed = f"{MONTHS[placed[days[0]].month - 1].title()} {placed[days[0]].year}"
        ask = f"{said}. In which month is the first?"
        typed = self.recall("month", said, typed)
        first = self.ask_text(Asked(ask, help_text, suggestion=typed), _read_month)
        self.said["month"] = said, f"{first[1]:02}/{first[0]}" if first[0] else "-"
        if first != (0, 0) and (not placed or f"{first[0]}-{first[1]}" != _month_of(placed)):
            placed = place_days(found, reading, first)
        return replace(reading, days={**reading.days, **(placed if first != (0, 0) else {})})

    def ask_undated(self, found: Survey, reading: Reading) -> Reading | None:
        """Return the days of rows on which none stands that can be read."""
        undated = [each for each in found.undated if each not in reading.days]
        if self.asker is None or not 0 < len(undated) <= _MOST_ASKED:
            return None
        days: dict[int, date | None] = dict.fromkeys(undated)
        heads = dict[int, str]()
        placed = place_days(found, reading, None)
        days |= {row: placed[row] for row in days.keys() & placed.keys()}
        above = find_above(found, reading, days.keys() - placed.keys() - found.elsewhere.keys())
        days |= above
        for row in days.keys() & found.elsewhere.keys() - placed.keys():
            named, heads[row] = found.elsewhere[row]
            with suppress(NotRead):
                is_before = "yesterday" in found.undated[row].casefold()
                days[row] = named.make(reading.order) - timedelta(days=is_before)
        likely = dict(days)
        days |= self.recall("undated", [*days], days)
        rows = list(days)

        def list_lines() -> list[str]:
            return [
                f"Row {each} {found.undated[each]}: "
                + (echo_day(day) if (day := days[each]) else "left out")
                + (f", {_tell_source(each, heads, above)}" if day and day == likely[each] else "")
                for each in rows
            ]

        def put(at: int) -> None:
            row = rows[at]
            day, head = likely[row], heads.get(row)
            source = quote(head) if head else "The row above" if row in above else ""
            said = f" {source} says {echo_day(day)}." if day and source else ""
            ask = f"Row {row}: the day {found.undated[row]}.{said} Which day was it?"
            typed = f"{day:%d/%m/%Y}" if day else "-"
            days[row] = self.ask_text(Asked(ask, DAY_HELP, suggestion=typed), read_day)

        confirm(self.asker, "Rows without a day: is this right?", list_lines, put)
        self.said["undated"] = [*days], dict(days)
        noticed = frozenset(each for each in heads if days[each] and days[each] == likely[each])
        return replace(reading, days={**reading.days, **days}, noticed=noticed)

    def _ask_doubt(self, doubt: Doubt) -> date | None:
        ask = f"Row {doubt.number}: {echo_day(doubt.day)} {doubt.why}. Which day was it?"
        options: list[Option[date | str | None]] = [
            Option(echo_day(day), day) for day in (doubt.likely, doubt.day) if day
        ]
        options += [Option("another day", _OTHER), Option("not known: leave it out", None)]
        key = f"doubt {doubt.number}"
        at = self.recall(key, doubt, None)
        taken = self.choose(Choice(ask, tuple(options), chosen=at))
        self.said[key] = doubt, [each.value for each in options].index(taken)
        if isinstance(taken, str):
            return self.ask_text(
                Asked(f"Row {doubt.number}: which day was it?", DAY_HELP), read_day
            )
        return taken

    def assume_night(self, found: Survey, reading: Reading) -> Reading:
        """Return whether days are those on which a night began, as their head says."""
        head = _find_night(reading)
        if not found.early or not head:
            return reading
        if self.asker is None:
            self.told.append(f"{quote(head)}: hours before noon are of the morning after.")
            return replace(reading, night=True)
        said = f"{quote(head)}: times after midnight ({count_rows(found.early)})"
        is_next = self.assume_so("night", said, "of the next day", "of the day that stands there")
        return replace(reading, night=is_next)

    def assume_halves(self, found: Survey, reading: Reading) -> Reading:
        """Return what hours such as 3:30 mean."""
        if not found.halves or reading.is_own:
            return reading
        written = [each for each in found.halves if is_written_hour(each)]
        hours = [int(re.sub(r"[:.h].*", "", each.strip())) for each in written]
        shown = join_words(name_some([quote(each) for each in found.halves], 4))
        is_written = not found.has_halves and min(hours, default=0) >= _MORNING
        if (
            is_written
            and len(written) == len(found.halves)
            and (found.has_late or self.asker is None)
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
        mark: int | None = int(bool(written) and found.has_late and not found.has_halves)
        if not mark and _find_night(reading):
            mark = None
        rows = count_rows(found.halves.total())
        choice = Choice(f"Morning or afternoon? {shown} in {rows}.", options, chosen=mark)
        taken: Halves = self.assume_option("halves", f"{shown} ({rows})", choice)
        return replace(reading, halves=taken, hour_not_known=reading.hour_not_known or not taken)

    def assume_hours(self, found: Survey, reading: Reading) -> Reading:
        """Return the hours that stand in what happened alone, taken as about where that is so."""
        if not found.said_hours or CLOCK in reading.fields or reading.is_own or self.asker is None:
            return reading
        shown = [f'"{said}" in row {row}' for row, (_, said, _) in found.said_hours.items()][:2]
        rows = f"the words of {count_rows(len(found.said_hours))} ({join_words(shown)})"
        said = f"No column of times; one stands in {rows}"
        if not self.assume_so("hours", said, "taken, as about", "time not known there"):
            return reading
        hours = {row: each for row, (each, *_) in found.said_hours.items()}
        return replace(reading, hours={**hours, **reading.hours})

    def assume_end(self, found: Survey, reading: Reading) -> Reading:
        """Return at which end of its day a midnight is, where the word stands for an hour."""
        count = sum(n for words, n in found.without_hour.items() if says_midnight(words))
        if not count or self.asker is None or reading.is_own:
            return reading
        options: tuple[Option[Midnight], ...] = (
            Option("time not known", ""),
            Option("as that day begins", "start"),
            Option("as that day ends: 00:00 of the next", "end"),
        )
        said = f'"midnight" ({count_rows(count)})'
        choice = Choice(f"{said}: which end of the day is it?", options, chosen=0)
        return replace(reading, midnight=self.assume_option("end", said, choice))

    def assume_midnight(self, found: Survey, reading: Reading) -> Reading:
        """Return whether 00:00 is what a spreadsheet writes where no time stood."""
        is_asked = self.asker and not (self.find_hourless(found, reading) or self.given.yes)
        if not found.midnights or reading.hour_not_known or reading.is_own or not is_asked:
            return reading
        said = f"00:00 ({count_rows(found.midnights)}), as spreadsheets write where no time stood"
        is_so = self.assume_so("midnight", said, "time not known", "it was midnight")
        return replace(reading, hour_not_known=is_so)

    def find_hourless(self, found: Survey, reading: Reading) -> Counter[str]:
        """Return the words in place of an hour, of rows that name none."""
        if reading.hour_not_known or reading.is_own:
            return Counter()
        hours = (each for each in reading.hours if each in found.said_hours)
        taken = Counter(found.said_hours[each][2] for each in hours)
        if reading.midnight:
            taken += Counter({w: n for w, n in found.without_hour.items() if says_midnight(w)})
        return found.without_hour - taken + (Counter() if reading.halves else found.halves)

    def tell_hourless(self, found: Survey, reading: Reading) -> str:
        """Return which rows name no hour, in words; nothing where each names one."""
        words = self.find_hourless(found, reading)
        total = words.total() + (found.midnights if words else 0)
        named = [quote(each) for each in words if each][:6] + ["00:00"] * bool(found.midnights)
        shown = f" ({', '.join(named)})" if named else ""
        return f"no hour in {count_rows(total)}{shown}" if words else ""


def _tell_source(row: int, heads: Mapping[int, str], above: Mapping[int, date]) -> str:
    if row in above:
        return "as the row above says"
    return f"as {quote(heads[row])} says" if row in heads else "by the rows around it"


def _month_of(placed: Mapping[int, date]) -> str:
    first = placed[min(placed)]
    return f"{first.year}-{first.month}"


def _read_month(typed: str) -> tuple[int, int]:
    if typed.strip() == "-":
        return 0, 0
    if found := read_month(typed):
        return found
    raise UsageProblem("Write the month and its year, such as March 2026.")


def _find_night(reading: Reading) -> str:
    """Return the head of days that are those on which a night began, if it says so."""
    heads = [h for h, f in zip(reading.heads, reading.fields, strict=True) if f in WHEN]
    return next((each for each in heads if re.search(r"\bnight\b", each, re.I)), "")


def name_value(value: str) -> str:
    """Return a cell in quotation marks, or that nothing stands there."""
    return quote(value) if value else "(nothing)"


def count_rows(count: int) -> str:
    """Return so many rows in words."""
    return count_of(count, "row")


def name_rows(numbers: Iterable[int]) -> str:
    """Return rows by their numbers: ``rows 3 and 7``."""
    named = [*map(str, numbers)]
    return f"{'row' if len(named) == 1 else 'rows'} {join_words(name_some(named, _NAMED))}"


_OTHER = "other"
DAY_HELP = "Such as 3/4/2025. A dash (-): the row stays out."


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
