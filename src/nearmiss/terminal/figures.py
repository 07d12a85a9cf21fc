"""Figures about reports: how many, when, where, how long things took, and how it looks."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING

from nearmiss.dates.shown import MONTHS, echo_span, tell_length
from nearmiss.model.questions import CATEGORY_LABELS
from nearmiss.records.informed import tell_untold
from nearmiss.records.record import Record
from nearmiss.speech import count_of, name_some
from nearmiss.text import fold_text, shorten, show_safely

if TYPE_CHECKING:
    from rich.console import Console

FEWEST_FOR_PERCENT = 10  # reports below which a percentage would say more than is known


@dataclass(frozen=True)
class Delay:
    """How long something took over several reports, in seconds, and for how many it goes on."""

    done: int
    median: int | None
    longest: int | None
    waiting: int
    longest_waiting: int | None


@dataclass(frozen=True)
class Figures:
    """Figures about some reports. Counts stand in the order in which they are shown."""

    incidents: int
    near_misses: int
    reports: int
    first: str | None  # RFC 3339
    last: str | None
    open: int
    nobody_told: int
    safeguarding: int
    harm_found: int
    care_plan_waiting: int
    steps_due: int  # next steps whose day has come
    by_month: dict[str, int]  # "2026-04", without a gap
    by_category: dict[str, int]
    by_place: dict[str, int]
    by_hour: dict[str, int]  # "00" to "23"
    by_client: dict[str, int]
    told: Delay  # from happening to the first entry that says somebody was told
    closed: Delay  # from happening to closing


def compute_figures(records: Iterable[Record], now: datetime) -> Figures:
    """Return the figures about ``records``; ``now`` is aware."""
    chosen = list(records)
    moments = [record.report.occurred for record in chosen]
    timed = [record for record in chosen if not record.report.hour_not_known]
    incidents = sum(record.is_incident for record in chosen)
    return Figures(
        incidents=incidents,
        near_misses=len(chosen) - incidents,
        reports=len(chosen),
        first=min(moments).isoformat() if moments else None,
        last=max(moments).isoformat() if moments else None,
        open=sum(record.is_open for record in chosen),
        nobody_told=sum(bool(tell_untold(record)) for record in chosen),
        safeguarding=sum(record.report.safeguarding for record in chosen),
        harm_found=sum(bool(record.harm_found) for record in chosen),
        care_plan_waiting=sum(record.care_plan_waiting is not None for record in chosen),
        steps_due=sum(step.is_due(now.date()) for record in chosen for step in record.steps),
        by_month=_count_months(moments),
        by_category=_rank(record.report.category for record in chosen),
        by_place=_rank(record.report.location for record in chosen),
        by_hour=_count_hours(record.report.occurred for record in timed),
        by_client=_rank(record.report.client for record in chosen),
        told=_measure(timed, [record.told_at for record in timed], now),
        closed=_measure(timed, [record.closed_at for record in timed], now),
    )


def _rank(texts: Iterable[str]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for text in texts:
        folded = fold_text(text)
        spelt.setdefault(folded, text)
        counts[folded] += 1
    return {spelt[folded]: count for folded, count in counts.most_common()}


def _count_months(moments: Sequence[datetime]) -> dict[str, int]:
    if not moments:
        return {}
    counts = Counter(moment.year * 12 + moment.month - 1 for moment in moments)
    return {f"{n // 12}-{n % 12 + 1:02d}": counts[n] for n in range(min(counts), max(counts) + 1)}


def _count_hours(moments: Iterable[datetime]) -> dict[str, int]:
    counts = Counter(moment.hour for moment in moments)
    return {f"{hour:02d}": counts[hour] for hour in range(24)} if counts else {}


def _measure(records: Sequence[Record], ends: Sequence[datetime | None], now: datetime) -> Delay:
    took, waits = [], []
    for record, end in zip(records, ends, strict=True):
        if end is None:
            waits.append(_seconds(now - record.report.occurred))
        else:
            took.append(_seconds(end - record.report.occurred))
    return Delay(
        done=len(took),
        median=int(median(took)) if took else None,
        longest=max(took, default=None),
        waiting=len(waits),
        longest_waiting=max(waits, default=None),
    )


def _seconds(delay: timedelta) -> int:
    return max(0, int(delay.total_seconds()))


_MOST_MONTHS = 24
_LONG_GAP = 12  # months without a report
_MOST_BARS = 8  # places and clients; the rest are counted together
_MOST_LABEL, _MOST_BAR, _LEAST_BAR = 28, 30, 3
_MOST_WAITING = 5  # lines of what needs doing
_MOST_COLUMNS = 90  # longer lines are hard to read
_PIPED_COLUMNS = 80
_MARGIN = "  "


def show_figures(figures: Figures, waiting: Sequence[str] = (), *, decorated: bool) -> None:
    """Print the figures about at least one report, and what waits about them in lines."""
    if decorated or sys.stdout.isatty():
        from nearmiss.terminal.show import show_paged

        bar = "█" if decorated else "#"
        show_paged(
            lambda console: print_figures(console, figures, bar, waiting), decorated=decorated
        )
        return
    blocks = _describe(figures, _Chart("#", _PIPED_COLUMNS), waiting)
    print("\n\n".join("\n".join(block) for block in blocks))


def print_figures(
    console: "Console", figures: Figures, bar: str = "█", waiting: Sequence[str] = ()
) -> None:
    """Print the figures as charts, folded between words."""
    from rich.padding import Padding
    from rich.text import Text

    columns = min(console.width, _MOST_COLUMNS)
    for title, *lines in _describe(figures, _Chart(bar, columns), waiting):
        console.print(Text(title, "bold"), width=columns)
        for line in lines:
            indent = len(line) - len(line.lstrip())
            console.print(Padding(Text(line.lstrip()), (0, 0, 0, indent)), width=columns)
        console.print()


def _describe(figures: Figures, chart: "_Chart", waiting: Sequence[str]) -> Iterator[list[str]]:
    yield _tell_span(figures)
    if waiting:
        shown = name_some(waiting, _MOST_WAITING, "and {:,} more")
        yield ["What needs doing", *(_MARGIN + show_safely(line) for line in shown)]
    share = figures.reports if figures.reports >= FEWEST_FOR_PERCENT else None
    kinds = {CATEGORY_LABELS[name]: count for name, count in figures.by_category.items()}
    yield ["By month", *_draw_months(figures.by_month, chart)]
    yield ["By kind", *chart.draw(kinds, share)]
    yield ["By place", *chart.draw(_gather(figures.by_place))]
    if figures.by_hour:
        yield ["By hour", *chart.draw(_trim_hours(figures.by_hour))]
    if len(figures.by_client) > 1:
        yield ["By client", *chart.draw(_gather(figures.by_client))]
    yield ["Until it was written that somebody was told", *_tell_delay(figures.told)]
    yield ["Until it was written that nothing is left to do", *_tell_delay(figures.closed)]
    yield ["What this can't show", *_warn(figures)]


def _tell_span(figures: Figures) -> list[str]:
    moments = (datetime.fromisoformat(each) for each in (figures.first, figures.last) if each)
    span = echo_span([*moments])
    facts = {
        "open": figures.open,
        "nobody told": figures.nobody_told,
        "care plan review not answered": figures.care_plan_waiting,
        "safeguarding": figures.safeguarding,
        "harm found later": figures.harm_found,
        "next step due": figures.steps_due,
    }
    told = [f"{count:,} {name}" for name, count in facts.items() if count]
    counts = [count_of(figures.incidents, "incident")] if figures.incidents else []
    if figures.near_misses:
        counts.append(count_of(figures.near_misses, "near miss"))
    return [f"{', '.join(counts)}, {span}", *([", ".join(told)] if told else [])]


def _draw_months(counts: Mapping[str, int], chart: "_Chart") -> Iterator[str]:
    """Yield a bar for each month; a year and more without a report is told in one line."""
    rows: list[list[str]] = []
    for is_empty, run in groupby(counts, lambda month: not counts[month]):
        months = list(run)
        is_long = is_empty and len(months) >= _LONG_GAP
        rows += [months] if is_long else [[month] for month in months]
    shown, rest = rows[-_MOST_MONTHS:], rows[:-_MOST_MONTHS]
    single = [row[0] for row in shown if len(row) == 1]
    bars = chart.draw({_name_month(each): counts[each] for each in single})
    for first, *others in shown:
        if others:
            yield f"{_MARGIN}{_name_month(first)} to {_name_month(others[-1])}: no report"
        else:
            yield next(bars)
    if earlier := sum(counts[month] for row in rest for month in row):
        since = _name_month(rows[0][0])
        yield f"{_MARGIN}and {count_of(earlier, 'report')} before that, since {since}"


def _name_month(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{MONTHS[int(number) - 1][:3].title()} {year}"


def _trim_hours(counts: Mapping[str, int]) -> dict[str, int]:
    used = [hour for hour, count in counts.items() if count]
    hours = [f"{hour:02d}" for hour in range(int(used[0]), int(used[-1]) + 1)]
    return {f"{hour}:00": counts[hour] for hour in hours}


def _gather(counts: Mapping[str, int]) -> dict[str, int]:
    ranked = list(counts.items())
    if len(ranked) <= _MOST_BARS + 1:
        return dict(ranked)
    shown, rest = dict(ranked[:_MOST_BARS]), ranked[_MOST_BARS:]
    shown[f"{len(rest)} others"] = sum(count for _, count in rest)
    return shown


@dataclass(frozen=True)
class _Chart:
    bar: str
    columns: int

    def draw(self, counts: Mapping[str, int], share: int | None = None) -> Iterator[str]:
        """Yield a line for each of ``counts``, with its part of ``share`` in a hundred."""
        from rich.cells import cell_len, set_cell_size

        letters = min(_MOST_LABEL, self.columns // 2)
        labels = {name: show_safely(shorten(name, letters)) for name in counts}
        ends = {
            name: f"{count} ({count * 100 / share:.0f} %)" if share else str(count)
            for name, count in counts.items()
        }
        width = max(map(cell_len, labels.values()))
        room = self.columns - len(_MARGIN) - width - max(map(len, ends.values())) - 2
        longest = max(_LEAST_BAR, min(_MOST_BAR, room))
        most = max(counts.values())
        for name, count in counts.items():
            length = max(1, round(count / most * longest)) if count else 0
            label = set_cell_size(labels[name], width)
            yield " ".join(filter(None, (_MARGIN + label, self.bar * length, ends[name])))


def _tell_delay(delay: Delay) -> Iterator[str]:
    if delay.median is not None and delay.longest is not None:
        middle, longest = _tell_seconds(delay.median), _tell_seconds(delay.longest)
        if delay.done == 1:
            yield f"{_MARGIN}Written for 1 report, {longest} after it happened."
        else:
            yield (
                f"{_MARGIN}Written for {delay.done:,} reports: half of them within {middle} after "
                f"it happened, the longest after {longest}."
            )
    if delay.longest_waiting is not None:
        waiting = count_of(delay.waiting, "report")
        longest = _tell_seconds(delay.longest_waiting)
        yield f"{_MARGIN}Not written for {waiting}; the longest has waited {longest}."


def _tell_seconds(seconds: int) -> str:
    return tell_length(timedelta(seconds=seconds))


def _warn(figures: Figures) -> Iterator[str]:
    if figures.reports < FEWEST_FOR_PERCENT:
        yield f"{_MARGIN}These are few reports. What looks like a trend may be chance."
    yield f"{_MARGIN}Fewer reports may mean less reporting, not less risk."
    yield f"{_MARGIN}When somebody was told is known only as the time at which it was written."
