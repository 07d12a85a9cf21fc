"""Figures about reports: how many, when, where, and how long things took."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from nearmiss.records.record import Record
from nearmiss.records.waiting import is_due, tell_untold
from nearmiss.text import fold_text

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

    def as_json(self) -> dict[str, Any]:
        """Return the figures as JSON has them."""
        return asdict(self)


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
        steps_due=sum(is_due(step, now.date()) for record in chosen for step in record.steps),
        by_month=_count_months(moments),
        by_category=_rank(record.report.category for record in chosen),
        by_place=_rank(record.report.location for record in chosen),
        by_hour=_count_hours(record.report.occurred for record in timed),
        by_client=_rank(record.report.client for record in chosen),
        told=_measure(timed, [record.told_at for record in timed], now),
        closed=_measure(timed, [record.closed_at for record in timed], now),
    )


def _rank(texts: Iterable[str]) -> dict[str, int]:
    """Count texts that differ by more than case and spaces, the most frequent first."""
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
