"""Ranges: between 8 and 9, 8-9pm, 10 to 15 minutes ago. The earlier time is what is offered."""

import re

from nearmiss.dates._clock import read_clock
from nearmiss.dates._phrase import RefusedError

_TIME = r"(\d{1,2}(?:[:.]\d\d)?(?:oclock)?|noon|midday|midnight)(am|pm)?"
_BEFORE, _AFTER = r"(?<![\w/.:-])", r"(?![\w/.:-])"
_RANGES = (
    rf"{_BEFORE}between {_TIME} and {_TIME}{_AFTER}",
    rf"{_BEFORE}(?:from |between )?{_TIME} ?(?:-|or|till|until) ?{_TIME}{_AFTER}",
    rf"{_BEFORE}(?:from|between) {_TIME} to {_TIME}{_AFTER}",
    rf"{_BEFORE}{_TIME} to {_TIME}{_AFTER}",
)
_TO = rf"{_BEFORE}(?<!from )(?<!between )(\d{{1,2}}) to (\d{{1,2}})(am|pm)?{_AFTER}"
_UNIT = r"(minutes?|mins?|hours?|hrs?)"
_LENGTHS = rf"\b(\d{{1,3}}|an?)(?: ?{_UNIT})? ?(?:-|to|or) ?(\d{{1,3}}) ?{_UNIT}? ago\b"
_MOST_MINUTES, _LAST_HOUR = 30, 12  # 20 to 9 is a time; 14 to 16 can't be one


def find_start(text: str) -> str | None:
    """Return ``text`` with the earlier time in place of the range it holds, or None."""
    if found := re.search(_LENGTHS, text):
        longest = max(int(each) for each in (found[1], found[3]) if each.isdigit())
        return text.replace(found[0], f"{longest} {found[4] or found[2] or ''} ago")
    for pattern in _RANGES:
        found = re.search(pattern, text)
        if found and not _is_minutes_to(found):
            return f"{text[: found.start()]}{_name_start(found)}{text[found.end() :]}"
    return None


def find_minutes_to(text: str) -> str | None:
    """Return ``text`` with "5 minutes to 8" for "5 to 8", which may be a range too, or None."""
    found = re.search(_TO, text)
    if not found or int(found[1]) > _LAST_HOUR or int(found[2]) > _LAST_HOUR:
        return None
    return f"{text[: found.start(1)]}{found[1]} minutes{text[found.end(1) :]}"


def _is_minutes_to(found: re.Match[str]) -> bool:
    start, half, end, _ = found.groups()
    if " to " not in found[0] or half or not (start.isdigit() and end.isdigit()):
        return False
    return _LAST_HOUR < int(start) < _MOST_MINUTES and int(end) <= _LAST_HOUR


def _name_start(found: re.Match[str]) -> str:
    """Return the earlier time, with the half of the day that the later one gives it."""
    start, half, end, end_half = found.groups()
    first, last = (read_clock((time,)) for time in (start + (half or ""), end + (end_half or "")))
    if first is None or last is None:
        raise RefusedError
    if not half and first.open and (end_half or end.isalpha()):
        early, late = first.halves
        begins = late if late < last.minutes or early >= last.minutes else early
        return f"{begins // 60:02}:{begins % 60:02}"
    return f"{start}oclock" if first.bare else start + (half or "")
