"""What many reports show together: how often, and when."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from nearmiss.dates.shown import MONTHS
from nearmiss.documents.blocks import Block, Heading, Plot
from nearmiss.model.wording import CATEGORY_LABELS
from nearmiss.records.account import Account

FEWEST_TO_PLOT = 10
_MOST_MONTHS = 24
_PARTS_OF_DAY = ("Night, 22 to 6", "Morning, 6 to 12", "Afternoon, 12 to 17", "Evening, 17 to 22")


def make_plots(records: Sequence[Account]) -> Iterator[Block]:
    """Yield plots by month, kind and time of day, where there are enough reports to plot."""
    if len(records) < FEWEST_TO_PLOT:
        return
    yield Heading("How often, and when")
    moments = [record.report.occurred for record in records]
    kinds = Counter(CATEGORY_LABELS[record.report.category] for record in records)
    yield _plot("By month", _count_by_month(moments))
    yield _plot("By kind", kinds.most_common())
    yield _plot("By time of day", _count_by_part(moments))


def _plot(title: str, bars: Sequence[tuple[str, int]]) -> Plot:
    words = "; ".join(f"{label}: {number}" for label, number in bars)
    return Plot(title, tuple(bars), f"{title}: {words}")


def _count_by_month(moments: Sequence[datetime]) -> list[tuple[str, int]]:
    counts = Counter(moment.year * 12 + moment.month - 1 for moment in moments)
    first, last = min(counts), max(counts)
    if last - first >= _MOST_MONTHS:
        years = Counter(moment.year for moment in moments)
        return [(str(year), years[year]) for year in range(min(years), max(years) + 1)]
    return [(_name_month(each), counts[each]) for each in range(first, last + 1)]


def _name_month(number: int) -> str:
    return f"{MONTHS[number % 12][:3].title()} {number // 12}"


def _count_by_part(moments: Sequence[datetime]) -> list[tuple[str, int]]:
    counts = Counter(_PARTS_OF_DAY[_find_part(moment.hour)] for moment in moments)
    return [(part, counts[part]) for part in _PARTS_OF_DAY]


def _find_part(hour: int) -> int:
    starts = (6, 12, 17, 22)
    return sum(hour >= start for start in starts) % len(starts)
