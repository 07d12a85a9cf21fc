"""How figures look on a screen: counts as bars, and delays in words."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from nearmiss.dates.shown import MONTHS, echo_day
from nearmiss.insight.figures import FEWEST_FOR_PERCENT, Delay, Figures
from nearmiss.model.wording import CATEGORY_LABELS
from nearmiss.text import shorten, show_safely

if TYPE_CHECKING:
    from rich.text import Text

_MOST_BARS = 8  # places and clients; the rest are counted together
_LONGEST_LABEL = 28
_LONGEST_BAR = 30
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def show_figures(figures: Figures, *, decorated: bool) -> None:
    """Print the figures about at least one report."""
    if decorated:
        from rich.console import Console

        console = Console(highlight=False)
        for block in _describe(figures, "█"):
            console.print(_decorate(block), soft_wrap=False)
            console.print()
        return
    print("\n\n".join("\n".join(block) for block in _describe(figures, "#")))


def _decorate(block: list[str]) -> "Text":
    from rich.text import Text

    text = Text(block[0], style="bold")
    for line in block[1:]:
        text.append(f"\n{line}", style="not bold")
    return text


def _describe(figures: Figures, bar: str) -> Iterator[list[str]]:
    yield _tell_span(figures)
    share = figures.reports if figures.reports >= FEWEST_FOR_PERCENT else None
    kinds = {CATEGORY_LABELS[name]: count for name, count in figures.by_category.items()}
    yield ["By month", *_draw(_name_months(figures.by_month), bar)]
    yield ["By kind", *_draw(kinds, bar, share)]
    yield ["By place", *_draw(_gather(figures.by_place), bar)]
    yield ["By hour", *_draw(_trim_hours(figures.by_hour), bar)]
    if len(figures.by_client) > 1:
        yield ["By client", *_draw(_gather(figures.by_client), bar)]
    yield ["Until somebody was told", *_tell_delay(figures.told, "told")]
    yield ["Until closed", *_tell_delay(figures.closed, "closed")]
    yield ["What this can't show", *_warn(figures)]


def _tell_span(figures: Figures) -> list[str]:
    days = [
        echo_day(datetime.fromisoformat(each)) for each in (figures.first, figures.last) if each
    ]
    noun = "report" if figures.reports == 1 else "reports"
    span = days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    facts = {
        "open": figures.open,
        "nobody told": figures.nobody_told,
        "care plan review not answered": figures.care_plan_waiting,
        "safeguarding": figures.safeguarding,
        "harm found later": figures.harm_found,
    }
    told = [f"{count} {name}" for name, count in facts.items() if count]
    return [f"{figures.reports} {noun}, {span}", *([", ".join(told)] if told else [])]


def _name_months(counts: Mapping[str, int]) -> dict[str, int]:
    def name(month: str) -> str:
        year, _, number = month.partition("-")
        return f"{MONTHS[int(number) - 1][:3].title()} {year}"

    return {name(month): count for month, count in counts.items()}


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


def _draw(counts: Mapping[str, int], bar: str, share: int | None = None) -> Iterable[str]:
    labels = {name: show_safely(shorten(name, _LONGEST_LABEL)) for name in counts}
    width = max(map(len, labels.values()))
    most = max(counts.values())
    for name, count in counts.items():
        bars = bar * (max(1, round(count / most * _LONGEST_BAR)) if count else 0)
        percent = f" ({count * 100 / share:.0f} %)" if share else ""
        yield f"  {labels[name]:<{width}} {bars}{' ' if bars else ''}{count}{percent}"


def _tell_delay(delay: Delay, done: str) -> Iterator[str]:
    if delay.median is not None and delay.longest is not None:
        middle, longest = _tell_time(delay.median), _tell_time(delay.longest)
        if delay.done == 1:
            yield f"  1 {done}, after {longest}."
        else:
            yield f"  {delay.done} {done}: half within {middle}, the longest after {longest}."
    if delay.longest_waiting is not None:
        longest = _tell_time(delay.longest_waiting)
        yield f"  {delay.waiting} not yet; the longest has waited {longest}."


def _tell_time(seconds: int) -> str:
    if seconds < 2 * _HOUR:
        return f"{max(1, seconds // _MINUTE)} min"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR} hours"
    return f"{seconds // _DAY} days"


def _warn(figures: Figures) -> Iterator[str]:
    if figures.reports < FEWEST_FOR_PERCENT:
        yield "  These are few reports. What looks like a trend may be chance."
    yield "  Fewer reports may mean less reporting, not less risk."
    yield "  The time until told counts from when it happened to when it was written here."
