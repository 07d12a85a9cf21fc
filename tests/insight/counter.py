"""What came since a change, counted a second time: from the lines of a book and the contract alone.

It shares nothing with the program: no model, no folding, no word of it.
"""

import json
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

Line = dict[str, Any]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def count_since(path: Path, reader: str, made: date) -> dict[tuple[str, ...], list[str]]:
    """Return what is to be told under each pattern that a reader sees, by the ids of its reports.

    ``reader`` is ``own``, ``professional`` or ``family``; ids stand in the order of the numbers.
    """
    lines = [json.loads(each) for each in path.read_bytes().split(b"\n") if each]
    standing = _put_right(lines)
    reports = {each["id"]: each for each in standing if each["entry"] in ("report", "incident")}
    said = _say_of_pairs(standing)
    told = {}
    for group in _tie(reports, said):
        seen = [each for each in group if _sees(reports[each], reader)]
        if _lie_near(sorted(reports[each]["occurred_at"][:10] for each in seen)):
            whole = len(seen) == len(group)
            sentences = _tell(group, reports, standing, said, reader, made) if whole else ()
            told[tuple(sorted(seen))] = list(sentences)
    return told


def _put_right(lines: list[Line]) -> list[Line]:
    """Return the lines that count, as they were put right."""
    gone: set[str] = set()
    for each in reversed(lines):  # what withdraws is itself withdrawn only later
        if each.get("withdraws") and each["id"] not in gone:
            gone.add(each["about"])
    by_id = {each["id"]: dict(each) for each in lines if each["id"] not in gone}
    for each in lines:
        if each.get("changes") and each["about"] in by_id:
            by_id[each["about"]].update(each["changes"])
    return list(by_id.values())


def _say_of_pairs(standing: list[Line]) -> dict[frozenset[str], bool]:
    compared = [each for each in standing if each["entry"] == "comparison"]
    return {frozenset((each["about"], each["other"])): each["same_hazard"] for each in compared}


def _tie(reports: dict[str, Line], said: dict[frozenset[str], bool]) -> Iterator[list[str]]:
    """Yield groups of reports: all start in one of their own, and ties let the lower one win."""
    group = dict.fromkeys(reports, "")
    group.update((each, each) for each in reports)
    for _ in reports:
        for pair, same in said.items():
            one, other = sorted(pair)
            here = same and one in reports and other in reports
            if here and reports[one]["client"] == reports[other]["client"]:
                group[one] = group[other] = min(group[one], group[other])
    for name in sorted(set(group.values())):
        members = [each for each in sorted(reports) if group[each] == name]
        if len(members) > 1:
            yield members


def _sees(report: Line, reader: str) -> bool:
    return reader != "family" or not report.get("safeguarding")


def _lie_near(days: list[str]) -> bool:
    spans = (_days(three[0], three[2]) for three in combinations(days, 3))
    return any(span <= 90 for span in spans)


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _tell(
    group: list[str],
    reports: dict[str, Line],
    standing: list[Line],
    said: dict[frozenset[str], bool],
    reader: str,
    made: date,
) -> Iterator[str]:
    undone = {each.get("undoes") for each in standing}
    changes = [
        (each.get("changed_on") or each["recorded_at"][:10], each)
        for each in standing
        if each.get("changed") and each["about"] in group and each["id"] not in undone
        if not _may_have_ended(each, reports, standing)
    ]
    client = max((reports[each] for each in group), key=lambda each: each["occurred_at"])["client"]
    today = made.isoformat()
    for day, change in sorted(changes, key=lambda each: (each[0], each[1]["id"])):
        if day > today:
            continue
        before, there, after = [], [], []
        for each in group:
            happened = reports[each]["occurred_at"][:10]
            if happened < day or (happened == day and each == change["about"]):
                before.append(reports[each])
            elif happened == day:
                there.append(reports[each])
            elif happened <= today:
                after.append(reports[each])
        others = [
            each
            for each in reports.values()
            if each["id"] not in group and each["client"] == client and _sees(each, reader)
            if day < each["occurred_at"][:10] <= today
        ]
        unknown = [
            each
            for each in others
            if not any(frozenset((each["id"], one)) in said for one in group)
        ]
        text = change["changed"]
        text = f"{text[0].upper()}{text[1:]}"
        text += f" ({'' if change.get('changed_on') else 'written down '}{_name(day)})."
        days = sorted(each["occurred_at"][:10] for each in before)
        text += f" Before: {_count(before)}"
        if len(days) > 1:
            span = _days(days[0], days[-1])
            ends = f", the first {_name(days[0])}, the last {_name(days[-1])}"
            text += f" in {_some(span, 'day')}{ends}" if span else " on one day"
        text += "."
        text += f" On that day: {_count(there)} more." if there else ""
        kinds = {reports[each]["category"] for each in group}
        alike = [each["occurred_at"][:10] for each in unknown if each["category"] in kinds]
        same = f"; the last of the same kind: {_name(max(alike))}." if alike else "."
        went = _go_on(client, _days(day, today), after, others, unknown).removesuffix(".")
        yield f"{text} Since then: {went}{same}"


def _may_have_ended(change: Line, reports: dict[str, Line], standing: list[Line]) -> bool:
    """Whether the same words, of the same client, were taken back after a change."""

    def count_from(line: Line) -> tuple[str, str]:
        return line.get("changed_on") or line["recorded_at"][:10], line["recorded_at"]

    by_id = {each["id"]: each for each in standing}
    for end in standing:
        other = by_id.get(end.get("undoes") or "")
        if other is None or other["about"] not in reports or other["about"] != end["about"]:
            continue
        same = other.get("changed") == change["changed"] and (
            reports[other["about"]]["client"] == reports[change["about"]]["client"]
        )
        if same and count_from(end) > count_from(change):
            return True
    return False


def _go_on(
    client: str, days: int, after: list[Line], others: list[Line], unknown: list[Line]
) -> str:
    if days == 0:
        return "not yet a day."
    if not after and not others:
        return f"no report about {client} to count in {_some(days, 'day')}."
    if not others:
        return f"{_count(after)} marked in {_some(days, 'day')}."
    hurt = sum(each["entry"] == "incident" for each in others)
    rest = len(others) - hurt
    beside = {
        (True, False): _some(rest, "other report"),
        (False, True): _some(hurt, "other incident"),
        (True, True): f"{_some(rest, 'other report')} and {_some(hurt, 'incident')}",
    }[rest > 0, hurt > 0]
    of_these = f"{len(unknown)} of these " if len(unknown) < len(others) else ""
    more = f", {of_these}not yet compared with it" if unknown else ""
    return f"{_count(after)} marked in {_some(days, 'day')}; {beside} about {client}{more}."


def _count(reports: list[Line]) -> str:
    hurt = sum(each["entry"] == "incident" for each in reports)
    misses = len(reports) - hurt
    if not reports:
        return "none"
    if not hurt:
        return str(misses)
    incidents = _some(hurt, "incident")
    near = "1 near miss" if misses == 1 else f"{misses} near misses"
    return f"{near} and {incidents}" if misses else incidents


def _some(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _name(day: str) -> str:
    year, month, number = day.split("-")
    return f"{int(number)} {MONTHS[int(month) - 1]} {year}"
