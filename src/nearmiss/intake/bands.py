"""Rows that name a month or a day alone, as registers have them, and the rows below them."""

import re

from nearmiss.dates.shown import MONTH_WORD, MONTHS, WEEKDAY_WORD
from nearmiss.intake.moments import NotRead, number_month, read_day_alone, read_moment

# With its year, and a remark in brackets or behind a dash: "AUGUST (closed 7th - 18th)".
_MONTH = re.compile(
    rf"\W*(?P<name>{MONTH_WORD})[\W_]*(?P<year>20\d\d|\d\d(?!\d))?\s*(?:[(\[:–—-].*|\W*)",
    re.I | re.S,
)
_SEVERAL = re.compile(rf"\W*{MONTH_WORD}\s*(?:[/&,+–-]|and|to)\s*{MONTH_WORD}\b", re.I)
_BARE_DAY = re.compile(
    rf"({WEEKDAY_WORD}[.,]?\s+)?(?:the\s+)?([0-3]?\d)(st|nd|rd|th|(?![\d:.h/-]))\b", re.I
)


_PAIR = re.compile(r"(\d\d?)[/.-](\d\d?)")  # a day and its month


class Band:
    """The month that stands above the rows at hand, as a row of its own."""

    def __init__(self) -> None:
        self.month, self.year = 0, 0

    def spread(self, cells: list[str], at: int) -> list[str]:
        """Return a row, its day with the month and year above it where it names none: "14th"."""
        first = next((each for each in map(str.strip, cells) if each), "")
        named = _MONTH.match(first)
        if named and sum(bool(each.strip()) for each in cells) == 1:
            if _SEVERAL.match(first):
                self.month = 0  # of two months, which one a day is of is not known
                return cells
            if not _MONTH.fullmatch(first):
                return cells
            month = number_month(named["name"][:3])
            year = int(named["year"] or 0)
            year += 2000 if 0 < year < 100 else 0  # noqa: PLR2004
            self.year = year or (self.year and self.year + (month < self.month))
            self.month = month
        elif self.year and at < len(cells) and (pair := _PAIR.fullmatch(cells[at].strip())):
            if self.month in map(int, pair.groups()):
                return [*cells[:at], f"{pair[0]}/{self.year}", *cells[at + 1 :]]
        elif self.month and at < len(cells) and (day := _BARE_DAY.match(cells[at].strip())):
            rest = cells[at].strip()[day.end() :]
            year_named = f" {self.year}" if self.year else ""
            if not re.match(rf"\W*{MONTH_WORD}", rest, re.I):
                month_named = MONTHS[self.month - 1].title()
                said = f"{day[1] or ''}{day[2]} {month_named}{year_named}{rest}"
                return [*cells[:at], said, *cells[at + 1 :]]
        return cells


class DayLines:
    """The day that stands above the rows at hand, in a line of its own: "Tuesday 4th"."""

    def __init__(self) -> None:
        self.month, self.year, self.said = 0, 0, ""

    def take(self, cells: list[str]) -> bool:
        """Return whether a row is such a line: then it is of this day that the next ones are."""
        filled = [each.strip() for each in cells if each.strip()]
        if len(filled) != 1 or len(filled[0]) > _LONGEST_LINE:
            return False
        try:
            moment = read_moment(filled[0])
            if moment.clock or moment.words:
                return False  # more than a day stands there
            day = moment.day
        except NotRead:
            alone = read_day_alone(filled[0])
            if alone is None or not self.month or not _ALONE.fullmatch(filled[0]):
                return False
            year = f" {self.year}" if self.year else ""
            self.said = f"{alone[0]} {MONTHS[self.month - 1].title()}{year}"
            return True
        self.said = filled[0]
        if not day.is_open:
            self.month, self.year = day.second, day.year
        return True


_LONGEST_LINE = 40  # characters
_ALONE = re.compile(rf"\W*(?:{WEEKDAY_WORD}\W+)?(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\W*", re.I)
