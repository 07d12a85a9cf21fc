"""Reports as they come in, from options or as JSON: read, checked, and every fault named."""

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from nearmiss.dates.grammar import parse_when, parse_without_hour
from nearmiss.dates.moments import When
from nearmiss.dates.phrase import DateNotUnderstood
from nearmiss.dates.shown import to_timestamp
from nearmiss.errors import UsageProblem
from nearmiss.intake.people import split_people
from nearmiss.intake.reached import read_reached
from nearmiss.intake.values import TRUTHS, is_plain_no, is_plain_yes, name_kind
from nearmiss.model.entries import MOST_LINE, ReportFields, build_report
from nearmiss.model.problems import Faults, Problem, find_faults, tidy_fields
from nearmiss.model.questions import CATEGORIES, CATEGORY_LABELS, Category
from nearmiss.text import find_refused, fold_text, shorten, show_safely, tidy

Note = Callable[[str], None]  # is told, in words, what became of a line

TOLD = ("informed", "concern_informed")
_GLIMPSE = 120  # characters of a line that a sentence repeats


def sort_told(fields: Mapping[str, Any], note: Note) -> tuple[dict[str, Any], list[Problem]]:
    """Return ``fields`` with who was plainly not reached among those tried, and what is refused.

    A line that tells of somebody reached and of somebody not is refused: it can't be parted here.
    """
    sorted_fields, problems = dict(fields), list[Problem]()
    tried: list[str] = list(fields.get("tried") or ())
    for field in TOLD:
        lines = fields.get(field)
        if not isinstance(lines, list):
            continue
        told, missed, mixed = _sort(lines, note)
        sorted_fields[field] = told
        tried += missed
        problems += [Problem(field, _REFUSED.format(line=each)) for each in mixed[:1]]
    if tried:
        sorted_fields["tried"] = list(dict.fromkeys(tried))
    return sorted_fields, problems


def set_aside(fields: Mapping[str, Any], note: Note) -> tuple[dict[str, Any], list[str]]:
    """Return ``fields`` without lines of those who were neither told nor tried, and these lines."""
    kept, aside = dict(fields), list[str]()
    for name in TOLD:
        lines = fields.get(name)
        if not isinstance(lines, list) or not all(isinstance(each, str) for each in lines):
            continue  # it is refused as that
        said = {each: read_reached(each) for each in lines}
        left = [
            each for each, read in said.items() if read.reach == "missed" and not read.was_tried
        ]
        if left:
            kept[name] = [each for each in said if each not in left]
            aside += left
    for each in aside:
        shown = shorten(show_safely(each), _GLIMPSE)
        note(f'Not counted as told, and kept in its own words: "{shown}".')
    return kept, aside


def sort_later(fields: Mapping[str, Any], note: Note) -> dict[str, Any]:
    """Return the ``fields`` of a follow-up so sorted. Raises UsageProblem where it can't be."""
    found, problems = sort_told(fields, note)
    if problems:
        raise UsageProblem(f"{problems[0].reason}. Nothing was saved.")
    if not found.get("informed"):
        found = {name: each for name, each in found.items() if name not in ("informed", "told_of")}
    return found


def refuse_missed(fields: Mapping[str, Any]) -> None:
    """Refuse a correction by which somebody not reached would be told. Raises UsageProblem."""
    for line in (line for field in TOLD for line in fields.get(field) or ()):
        if read_reached(line).reach in ("missed", "both"):
            shown = shorten(show_safely(line), _GLIMPSE)
            raise UsageProblem(
                f'"{shown}" says that somebody was not reached. Write that with --tried, and with '
                "--informed who was reached, in words that say so. Nothing was saved."
            )


def _sort(lines: Sequence[str], note: Note) -> tuple[list[str], list[str], list[str]]:
    told, missed, mixed = list[str](), list[str](), list[str]()
    for line in lines:
        read = read_reached(line)
        shown = "" if read.reach == "reached" else shorten(show_safely(line), _GLIMPSE)
        if read.reach == "missed":
            missed.append(line)
            note((_TRIED if read.was_tried else _NOT_BEGUN).format(line=shown))
        elif read.reach == "both":
            mixed.append(shown)
        elif read.reach == "nobody":
            note(f'"{shown}" is taken as: nobody.')
        else:
            told.append(line)
            if read.reach == "unsure":
                note(f'Counted as told: "{shown}". If nobody was reached, it belongs to --tried.')
    return told, missed, mixed


_TRIED = 'Noted as tried, not as told: "{line}".'
_NOT_BEGUN = (
    'Not counted as told, kept beside those tried: "{line}". To be reminded: nearmiss follow-up, '
    "with --next and --due."
)
_REFUSED = (
    '"{line}" tells of somebody reached and of somebody not. Write who was told with --informed '
    "and who was not reached with --tried"
)


class UnknownKind(UsageProblem):
    """A kind of near miss that is not one of the six."""

    def __init__(self, *, kind: str, guess: str, kinds: str) -> None:
        super().__init__(f'"{kind}" is not a kind.{guess} The kinds are: {kinds}')


def read_category(text: str) -> Category:
    """Return the kind that ``text`` names, ignoring case and ``-`` for ``_``. Raises UnknownKind.

    Its label ("Medicines") names it too.
    """
    wanted = fold_text(text).replace("-", "_").replace(" ", "_")
    for category in CATEGORIES:
        if wanted in (category, fold_text(CATEGORY_LABELS[category]).replace(" ", "_")):
            return category
    close = name_kind(text) or "".join(get_close_matches(wanted, CATEGORIES, n=1))
    guess = f" Did you mean {close}?" if close else ""
    raise UnknownKind(kind=show_safely(text[:40]), guess=guess, kinds=", ".join(CATEGORIES))


ReadMoment = Callable[[str, datetime], When]
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ][0-9]{2}:[0-9]{2}")
_ANY_MOMENT = "2000-01-01T00:00:00+00:00"


class BadReport(UsageProblem):
    """A report can't be saved as it was given."""

    def __init__(self, problems: list[Problem], names: Mapping[str, str] | None = None) -> None:
        self.problems = problems
        named = (f"{(names or {}).get(each.field, each.field)}: {each.reason}" for each in problems)
        super().__init__("Not saved. Please change:\n" + "\n".join(named))


class BadAuthor(UsageProblem):
    """Who writes can't be stored as it was given."""

    def __init__(self) -> None:
        super().__init__(
            f"--by must be one line of 1 to {MOST_LINE} characters. Nothing was saved."
        )


class BadRecords(UsageProblem):
    """Some of many records can't be saved, so none was."""

    def __init__(self, *, count: str, faults: str) -> None:
        super().__init__(f"{count}. Nothing was saved. Please change:\n{faults}")


def check_report(
    given: Mapping[str, Any], now: datetime, read_moment: ReadMoment = parse_when
) -> ReportFields:
    """Return the report that ``given`` makes, each text as it is stored.

    ``occurred_at`` is read by ``read_moment``; ``now`` is aware. Raises BadReport.
    """
    return build_report(_read_fields(given, now, read_moment))


def make_report(
    given: Mapping[str, Any],
    now: datetime,
    names: Mapping[str, str],
    note: Note | None = None,
) -> ReportFields:
    """Return the report that answers as typed make; ``names`` are what a carer calls the fields.

    With a ``note``, which is told of it, who was plainly not reached stands among those tried.
    Raises BadReport with everything that is missing or wrong.
    """
    fields, problems = read_options(given, now, names, partial=False), list[Problem]()
    if note:
        fields, problems = sort_told(fields, note)
    if problems:
        raise BadReport(problems, names)
    return build_report(fields)


def read_options(
    given: Mapping[str, Any],
    now: datetime,
    names: Mapping[str, str],
    *,
    partial: bool = True,
    read_moment: ReadMoment = parse_when,
) -> dict[str, Any]:
    """Return the fields that answers as typed fill; with ``partial``, others may be missing.

    ``occurred_at`` is read by ``read_moment``. Raises BadReport, the faults under their ``names``.
    """
    fields = dict(given)
    with suppress(UnknownKind):  # the check names it among everything else
        fields["category"] = read_category(fields.get("category", ""))
    try:
        return _read_fields(fields, now, read_moment, partial=partial)
    except BadReport as problem:
        raise BadReport(problem.problems, names) from None


def _read_fields(
    given: Mapping[str, Any], now: datetime, read_moment: ReadMoment, *, partial: bool = False
) -> dict[str, Any]:
    fields, problems = tidy_fields(given), []
    if isinstance(fields.get("occurred_at"), str):
        try:
            fields |= _read_occurred(fields, now, read_moment)
        except DateNotUnderstood as problem:
            problems.append(Problem("occurred_at", str(problem)))
            fields["occurred_at"] = _ANY_MOMENT
    problems += find_faults(fields, partial=partial)
    if problems:
        raise BadReport(problems)
    return fields


def _read_occurred(
    fields: Mapping[str, Any], now: datetime, read_moment: ReadMoment
) -> dict[str, Any]:
    typed = fields["occurred_at"]
    if fields.get("hour_not_known") is True:
        when = parse_without_hour(re.sub(f"{_MOMENT.pattern}.*", r"\1", typed), now)
    else:
        when = read_moment(typed, now)
    said = {
        "occurred_approx": when.approx,
        "hour_not_known": when.hour_not_known,
        "noticed": when.noticed,
    }
    so = {name: True for name, is_so in said.items() if is_so}
    return {"occurred_at": to_timestamp(when.moment), **so}


def read_author(by: str | None) -> str | None:
    """Return who writes, as it is stored; None where nobody was named. Raises BadAuthor."""
    author = tidy(by) if by is not None else None
    if author is not None and (
        not 1 <= len(author) <= MOST_LINE or find_refused(author, one_line=True)
    ):
        raise BadAuthor
    return author


def read_json_reports(
    data: bytes, now: datetime, note: Note = lambda line: None
) -> list[ReportFields]:
    """Return the reports in ``data``: one JSON object, or an object a line.

    Who was plainly not reached stands among those tried, of which ``note`` is told. Raises
    BadRecords.
    """
    reports, faults = [], Faults("line", "lines")
    for number, record in split_records(data):
        try:
            reports.append(_read_json_report(record, now, note))
        except BadReport as problem:
            for each in problem.problems:
                faults.add(number, each.field, each.reason)
            refuse_most(faults, len(reports))
    if not reports and not faults:
        raise BadRecords(count="There is no report in what was given", faults="give at least one")
    if faults:
        count = f"{faults.places} of {faults.places + len(reports)} reports can't be saved"
        raise BadRecords(count=count, faults="\n".join(faults.list_told()))
    return reports


def refuse_most(faults: Faults, others: int) -> None:
    """Refuse what is wrong in most places, without looking at the rest. Raises BadRecords."""
    if faults.are_most(others):
        count = "Most of it can't be read, and so it was read no further"
        raise BadRecords(count=count, faults="\n".join(faults.list_told()))


def _read_json_report(record: bytes, now: datetime, note: Note) -> ReportFields:
    parsed = _parse_record(record)
    if parsed.pop(DRAFT_WRITTEN, None):  # the carer was asked, and said who was reached
        parsed = {name: each for name, each in parsed.items() if name not in BESIDE_ANSWERS}
        return check_report(parsed, now, read_json_moment)
    return check_said(read_said(parsed, note), now, note)


def check_said(given: Mapping[str, Any], now: datetime, note: Note) -> ReportFields:
    """Return the report that JSON gives, those not reached as tried. Raises BadReport."""
    report = check_report(given, now, read_json_moment)
    fields, problems = sort_told(report.model_dump(exclude_none=True), note)
    if problems:
        raise BadReport(problems)
    return type(report).model_validate(fields)


def read_said(given: Mapping[str, Any], note: Note) -> dict[str, Any]:
    """Return what JSON gives with its words for yes, and for people, taken as in a sheet."""
    said = dict(given)
    for name in TRUTHS:
        value = said.get(name)
        if isinstance(value, int):
            said[name] = bool(value)
        if isinstance(value, str):
            said[name] = not is_plain_no(value)
            if said[name] and not is_plain_yes(value):
                note(f'Counted as yes ({name}): "{show_safely(value[:40])}".')
    for name in (*TOLD, "tried"):
        value = said.get(name)
        if isinstance(value, str):
            said[name] = value = [value]
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            said[name] = [person for each in value for person in split_people(each)]
    return said


# Stands in a draft beside its answers, and is none: when it was last written.
DRAFT_WRITTEN = "draft_written_at"
# And what a phone's text said: beside the questions, and of its own time.
PHONED = ("from_phone", "claims")
# And what was answered before the questions, who writes, and that it was to be saved.
BESIDE_ANSWERS = (DRAFT_WRITTEN, *PHONED, "gate", "by", "about_to_be_saved")


def split_records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each JSON record in ``data`` with the number of its line."""
    lines = io.BytesIO(data.removeprefix(b"\xef\xbb\xbf"))
    first = True
    for number, line in enumerate(lines, start=1):
        if first and line.strip() == b"{":
            line += lines.read()  # noqa: PLW2901 - one object, spread over lines for people to read
        if line.strip():
            first = False
            yield number, line.removesuffix(b"\n")


def _parse_record(record: bytes) -> dict[str, Any]:
    parsed = parse_json(record)
    if not isinstance(parsed, dict):
        raise BadReport([Problem("record", "is not a JSON object with a report's fields")])
    return parsed


def parse_json(record: bytes) -> Any:
    """Return what ``record`` says. Raises BadReport where it is no JSON, or names a key twice."""
    try:
        return json.loads(record, object_pairs_hook=refuse_doubles)
    except json.JSONDecodeError as error:
        reason = f"is not JSON: it can't be read from character {error.colno} on"
        raise BadReport([Problem("record", reason)]) from None
    except (UnicodeDecodeError, RecursionError):
        raise BadReport([Problem("record", "is not UTF-8 text in JSON")]) from None
    except ValueError:  # Python reads no number of more than some thousand digits
        raise BadReport([Problem("record", "holds a number with too many digits")]) from None


def refuse_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object whose names stand once each. Raises BadReport."""
    parsed = dict(pairs)
    if len(parsed) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadReport([Problem(show_safely(twice), "is given twice")])
    return parsed


def read_json_moment(text: str, now: datetime) -> When:
    """Return the moment that JSON gives, local where it has no offset. Raises DateNotUnderstood."""
    if not _MOMENT.match(text):
        raise DateNotUnderstood(text, "", "Write the date and time like 2026-04-03T21:15")
    return parse_when(text, now)
