"""Reports from a table: a spreadsheet's columns and rows, or a list in JSON."""

import codecs
import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from nearmiss.errors import UsageProblem
from nearmiss.intake.fields import (
    BadRecords,
    BadReport,
    UnknownKind,
    check_report,
    guess_kind,
    make_report,
    parse_json,
    read_category,
    read_json_moment,
    split_records,
)
from nearmiss.logbook.merge import Index, Origin
from nearmiss.model.entries import (
    BOOK_SEAL,
    LATER_COLUMNS,
    Content,
    Erased,
    Id,
    Line,
    ReportFields,
    Timestamp,
)
from nearmiss.model.problems import Problem
from nearmiss.model.questions import ANSWERS, QUESTIONS, Category
from nearmiss.speech import join_words
from nearmiss.text import fold_text, show_safely

BESIDE = ("id", "recorded_at", "recorded_by", "status")
LEFT_OUT = ""  # the field of a column that is not taken
DAY, CLOCK = "day", "clock"  # two columns that say together when it happened
# What stands after a report's own fields in our own exports: it is told, and not taken.
_LATER_FACTS = (*LATER_COLUMNS, BOOK_SEAL)

_FLAGS = ("occurred_approx", "hour_not_known", "noticed")
_KNOWN = {name: name for name in ("entry", *ANSWERS, *_FLAGS, *BESIDE)}
_KNOWN |= {fold_text(each.title): name for name, each in reversed(ANSWERS.items())}
_KNOWN |= {fold_text(each.ask).rstrip("?"): name for name, each in reversed(ANSWERS.items())}
_KNOWN |= {each.option.removeprefix("--"): name for name, each in reversed(ANSWERS.items())}
_KNOWN |= {"date": DAY, "day": DAY, "time": CLOCK, "hour": CLOCK, "place": "location"}
_KNOWN |= {"initials": "client", "category": "category"}
# Words of a heading that point to a field, the surest first: "who was told" is not about "who".
_HINTS = (
    ("informed", ("told", "tell", "inform", "notif", "reported to", "aware", "contact")),
    ("recommendations", ("recommend", "idea", "suggest", "again", "future", "improve", "learn")),
    ("safeguarding", ("safeguard", "concern", "worr", "abuse")),
    ("location", ("where", "place", "room", "locat")),
    ("occurred_at", ("when", "date", "time", "day", "hour")),
    ("client", ("who", "client", "initial", "resident", "person", "service user", "patient")),
    ("how_prevented", ("prevent", "stop", "avoid", "how")),
    ("immediate_action", ("action", "did", "done", "immediate", "response", "straight")),
    ("category", ("kind", "type", "categor", "fall")),
    ("what_nearly_happened", ("what", "happen", "incident", "miss", "event", "descri", "detail")),
)


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A heading that names no field of a report, and the field that it may mean, or ""."""

    heading: str
    guess: str


class UnknownColumns(UsageProblem):
    """Columns that are no field of a report, each with what it may be; others are ``taken``."""

    def __init__(self, columns: Sequence[UnknownColumn], taken: frozenset[str]) -> None:
        self.columns, self.taken = columns, taken
        named = "\n".join(
            f"The column {_quote(each.heading)} is not known{_tell_guess(each.guess)}"
            for each in columns
        )
        titles = ", ".join(question.title for question in QUESTIONS.values())
        super().__init__(
            f"{named}\nNothing was imported. Give each the name of a field, or take it out. "
            f"The fields are: {titles}."
        )


class TwiceNamed(UsageProblem):
    """Two columns that would fill the same field."""

    def __init__(self, *, field: str, headings: Iterable[str]) -> None:
        named = join_words([_quote(each) for each in headings])
        super().__init__(
            f"{named} both hold the same: {name_heading(field)}. Nothing was imported. "
            "Rename or take out one of them."
        )


def match_columns(
    headings: Sequence[str], chosen: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return the field that each column holds, by its heading; LEFT_OUT for a later fact.

    ``chosen`` are fields that the carer said, by heading. Raises UnknownColumns with all that are
    not known, or TwiceNamed.
    """
    chosen = chosen or {}
    fields = [chosen[each] if each in chosen else _find_field(each) for each in headings]
    if "entry" not in fields:  # not from our own export: such a heading may mean anything
        fields = [None if each in _OWN_ALONE else each for each in fields]
    _refuse_doubles(headings, fields)
    taken = {each for each in fields if each}
    unknown = [
        UnknownColumn(heading, _guess(heading, taken))
        for heading, field in zip(headings, fields, strict=True)
        if field is None
    ]
    if unknown:
        raise UnknownColumns(unknown, frozenset(taken))
    return tuple(_settle_day(field or LEFT_OUT, taken) for field in fields)


_OWN_ALONE = ("what_happened", "injury", "noticed")


def _find_field(heading: str) -> str | None:
    folded = fold_text(heading).rstrip(" ?:")
    joined = folded.replace(" ", "_")
    if not folded or joined in _LATER_FACTS:
        return LEFT_OUT
    return _KNOWN.get(folded) or _KNOWN.get(joined)


def _settle_day(field: str, taken: set[str]) -> str:
    # A date without a column of its own for the time says both, or is refused with its reason.
    return "occurred_at" if field == DAY and CLOCK not in taken else field


def _refuse_doubles(headings: Sequence[str], fields: Sequence[str | None]) -> None:
    for field in fields:
        if field and fields.count(field) > 1:
            twice = [each for each, known in zip(headings, fields, strict=True) if known == field]
            raise TwiceNamed(field=field, headings=twice)


def _guess(heading: str, taken: set[str]) -> str:
    folded = fold_text(heading)
    for field, hints in _HINTS:
        if field not in taken and any(re.search(rf"\b{hint}", folded) for hint in hints):
            return field
    return ""


def name_heading(field: str) -> str:
    """Return what a field is called where a carer reads it: ``Location``."""
    named = {DAY: "the day", CLOCK: "the time", "occurred_approx": "About (yes or no)"}
    return ANSWERS[field].title if field in ANSWERS else named.get(field, field)


def _quote(heading: str) -> str:
    return f'"{show_safely(heading[:40])}"'


def _tell_guess(guess: str) -> str:
    return f": perhaps {name_heading(guess)}?" if guess else "."


def list_left_out(headings: Sequence[str], fields: Sequence[str]) -> list[str]:
    """Return the headings of the columns that are not taken."""
    pairs = zip(headings, fields, strict=True)
    return [heading for heading, field in pairs if field == LEFT_OUT and heading.strip()]


_MIDNIGHT = re.compile(r"[ T]00:00(?::00)?$")  # what a spreadsheet puts behind a day alone
_SECONDS = re.compile(r"(\d\d?:\d\d):00\b")
_DASHED_MONTH = re.compile(r"(\d)-([A-Za-z]{3,9})-(\d)")


def join_moment(day: str, clock: str) -> str:
    """Return a day and a time from two cells as one text: ``3/4/26 21:15``."""
    return tidy_moment(f"{_MIDNIGHT.sub('', day.strip())} {clock.strip()}")


def tidy_moment(text: str) -> str:
    """Return a date and time of a spreadsheet as a person would write it."""
    return _DASHED_MONTH.sub(r"\1 \2 \3", _SECONDS.sub(r"\1", text)).strip()


_RISKY = ("=", "+", "-", "@", "'", "\t", "\n")  # behind a mark that an export put there
_LISTS = ("informed", "tried", "concern_informed", "recommendations")
_BOOLEANS = ("safeguarding", *_FLAGS)
_TRUE = ("true", "yes", "y", "1", "not sure", "unsure", "u", "wahr")
_TITLES = {name: question.title for name, question in ANSWERS.items()}
_FIRST_ROW = 2  # as a spreadsheet counts: the headings stand in row 1

_PROBED = 200  # bytes in which a text of two bytes a character shows

Row = tuple[ReportFields, dict[str, str]]


class NotReadable(UsageProblem):
    """A file is no text that a spreadsheet writes."""

    def __init__(self) -> None:
        super().__init__(
            "This is no text that can be read: it is neither UTF-8 nor UTF-16 nor Windows-1252, "
            "or it is no CSV. Nothing was imported. Save the spreadsheet as CSV (UTF-8), "
            "then try again."
        )


@dataclass(frozen=True)
class Sheet:
    """A spreadsheet as it was read: its headings, and each row with its number."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def holds_json(data: bytes) -> bool:
    """Whether ``data`` is JSON rather than a spreadsheet."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))


def read_sheet(data: bytes) -> Sheet:
    """Return the headings and rows of a CSV; empty rows are left out.

    Raises NotReadable.
    """
    lines = _split(_decode(data))
    headings = tuple(lines[0]) if lines else ()
    rows = (
        (number, tuple(map(_unmark, cells)))
        for number, cells in enumerate(lines[1:], start=_FIRST_ROW)
        if any(cell.strip() for cell in cells)
    )
    return Sheet(headings, tuple(rows))


def find_unknown_kinds(sheet: Sheet, fields: Sequence[str]) -> dict[str, Category | None]:
    """Return each kind in the sheet that is none of the six, once, with the nearest that is."""
    if "category" not in fields:
        return {}
    at = fields.index("category")
    found: dict[str, Category | None] = {}
    for _, cells in sheet.rows:
        typed = cells[at] if at < len(cells) else ""
        try:
            read_category(typed)
        except UnknownKind:
            if typed.strip():
                found.setdefault(typed, guess_kind(typed))
    return found


def read_rows(
    sheet: Sheet,
    fields: Sequence[str],
    now: datetime,
    kinds: Mapping[str, Category] | None = None,
) -> list[Row]:
    """Return each report of a sheet, and what stands beside its fields (id, recorded_at...).

    ``fields`` says what each column holds, dates are read day first, ``kinds`` are what the carer
    said that a kind means. Raises BadRecords with everything that is wrong.
    """
    rows, faults = [], []
    for number, cells in sheet.rows:
        given = dict(zip(fields, cells, strict=False))
        try:
            _refuse_beyond(cells[len(fields) :])
            rows.append(_read_row(given, now, kinds or {}))
        except BadReport as problem:
            faults += [
                f"row {number}, {_TITLES.get(each.field, each.field)}: {each.reason}"
                for each in problem.problems
            ]
    if faults:
        raise BadRecords(count="Some rows can't be imported", faults="\n".join(faults))
    return rows


def _read_row(given: dict[str, str], now: datetime, kinds: Mapping[str, Category]) -> Row:
    given.pop(LEFT_OUT, None)
    beside = {name: given.pop(name) for name in BESIDE if name in given}
    if CLOCK in given or DAY in given:
        given["occurred_at"] = join_moment(given.pop(DAY, ""), given.pop(CLOCK, ""))
    typed = given.get("category", "")
    given["category"] = kinds.get(typed, typed)
    check_beside(beside)
    return make_report(_read_fields(given), now, {}), beside


def _refuse_beyond(cells: Sequence[str]) -> None:
    beyond = next((cell for cell in cells if cell.strip()), None)
    if beyond is not None:
        shown = show_safely(beyond[:40])
        raise BadReport([Problem("row", f'has more cells than there are headings: "{shown}"')])


def check_beside(beside: Mapping[str, str]) -> None:
    """Raise BadReport where what says where a row came from is not what it should be."""
    problems = [
        Problem(name, f'"{show_safely(beside[name][:40])}" {reason}')
        for name, (kind, reason) in _KINDS_BESIDE.items()
        if beside.get(name, "").strip() and not _fits(kind, beside[name])
    ]
    if problems:
        raise BadReport(problems)


_KINDS_BESIDE = {
    "id": (TypeAdapter(Id), "is no number of an entry, such as K7QX-0042"),
    "recorded_at": (TypeAdapter(Timestamp), "is no time such as 2026-04-03T21:15:00+01:00"),
    "recorded_by": (TypeAdapter(Line), "must be one line of at most 500 characters"),
}


def _fits(kind: "TypeAdapter[str]", text: str) -> bool:
    try:
        kind.validate_python(text)
    except ValidationError:
        return False
    return True


def _split(text: str) -> list[list[str]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    before = csv.field_size_limit(len(text) + 1)  # a long cell is named with its row later
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise NotReadable from error
    finally:
        csv.field_size_limit(before)


def _decode(data: bytes) -> str:
    """Return the text of a spreadsheet: UTF-8, else UTF-16, else what Windows writes in Europe."""
    encodings = ["utf-8-sig", "cp1252"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in data[:_PROBED]:
        encodings = ["utf-16-be" if data[:1] == b"\0" else "utf-16-le"]
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    raise NotReadable


def _unmark(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY) else cell


def _read_fields(cells: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, cell in cells.items():
        if name in _LISTS:
            fields[name] = [line for line in cell.split("\n") if line.strip()]
        elif name in _BOOLEANS:
            fields[name] = fold_text(cell) in _TRUE
        elif name == "entry":
            fields[name] = _ENTRIES.get(fold_text(cell), cell)
        else:
            fields[name] = tidy_moment(cell) if name == "occurred_at" else cell
    with suppress(KeyError):
        if not fields["category"].strip():
            del fields["category"]  # missing, rather than a kind without a name
    absent = _SELDOM - _of_kind(fields)
    return {name: each for name, each in fields.items() if each or name not in absent}


_ENTRIES = {"": "report", "near miss": "report", "near-miss": "report", "report": "report"}
_ENTRIES |= {"incident": "incident"}
# What a report need not have, and what only one of the two kinds has: an empty cell says nothing.
_SELDOM = {"hour_not_known", "noticed", "tried", "concern_informed"}
_SELDOM |= {"what_nearly_happened", "how_prevented", "what_happened", "injury"}


def _of_kind(fields: Mapping[str, Any]) -> set[str]:
    """Return the two answers that a row of its kind must have: empty, they are named."""
    if fields.get("entry") == "incident" or fields.get("what_happened") or fields.get("injury"):
        return {"what_happened", "injury"}
    return {"what_nearly_happened", "how_prevented"}


_LATER = frozenset((*LATER_COLUMNS, BOOK_SEAL))


def read_json_rows(data: bytes, now: datetime) -> tuple[list[Row], list[str]]:
    """Return each report with what stands beside its fields, and the names that were not taken.

    What an export tells of later entries is left alone. Raises BadRecords with all that is wrong.
    """
    rows, faults = list[Row](), list[str]()
    left_out: dict[str, None] = {}
    for place, record in _list_records(data):
        try:
            rows.append(_read_json_row(record, now, left_out))
        except BadReport as problem:
            faults += [f"{place}, {each}" for each in problem.problems]
    if faults:
        raise BadRecords(count="Some reports can't be imported", faults="\n".join(faults))
    return rows, list(left_out)


def _list_records(data: bytes) -> list[tuple[str, Any]]:
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return [(f"line {number}", record) for number, record in split_records(data)]
    try:
        parsed = parse_json(data.removeprefix(b"\xef\xbb\xbf"))
    except BadReport as problem:
        faults = "\n".join(map(str, problem.problems))
        raise BadRecords(count="The list can't be imported", faults=faults) from None
    return [(f"report {number}", record) for number, record in enumerate(parsed, start=1)]


def _read_json_row(record: Any, now: datetime, left_out: dict[str, None]) -> Row:
    parsed = parse_json(record) if isinstance(record, bytes) else record
    if not isinstance(parsed, dict):
        raise BadReport([Problem("record", "is not a JSON object with a report's fields")])
    left_out |= dict.fromkeys(name for name in parsed if name in _LATER)
    beside = {name: str(parsed[name]) for name in BESIDE if name in parsed}
    check_beside(beside)
    fields = {name: parsed[name] for name in parsed if name not in _LATER and name not in BESIDE}
    return check_report(fields, now, read_json_moment), beside


_TEXTS = ("what", "outcome", "immediate_action")
_SAME_WORDS = 2  # of these texts; two reports may both be prevented by luck
_NAMES = {
    "id": "origin_id",
    "recorded_at": "origin_recorded_at",
    "recorded_by": "origin_recorded_by",
}


def place_rows(rows: Sequence[Row], known: Index) -> list[tuple[Content, Origin]]:
    """Return those rows that the book does not hold yet, each with where it came from."""
    placed: list[tuple[Content, Origin]] = []
    seen = set(known.by_seal)
    for report, beside in rows:
        origin = _make_origin(report, beside)
        if origin["origin_seal"] not in seen and not _stands_here(report, beside, known):
            seen.add(origin["origin_seal"])
            placed.append((report, origin))
    return placed


def find_repeated(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Return the rows that say what an earlier one says, each with that one; the first row is 0."""
    first: dict[str, int] = {}
    found = []
    for place, (report, _) in enumerate(rows):
        earlier = first.setdefault(_digest(report), place)
        if earlier != place:
            found.append((place, earlier))
    return found


def _stands_here(report: ReportFields, beside: dict[str, str], known: Index) -> bool:
    """Whether a row is a report of this book: its number, its time of writing, some of its words.

    The number alone does not say so: copies of a book that went on apart use the same ones. Not
    all words have to be the same: it may have been corrected.
    """
    for same in known.reports.get(beside.get("id", ""), ()):
        if isinstance(same, Erased):
            return True
        written = (same.recorded_at, same.origin_recorded_at, None, "")
        same_words = sum(getattr(report, name) == getattr(same, name) for name in _TEXTS)
        if beside.get("recorded_at") in written and same_words >= _SAME_WORDS:
            return True
    return False


def _make_origin(report: ReportFields, beside: dict[str, str]) -> dict[str, str]:
    origin = {"origin_seal": _digest(report)}
    return origin | {_NAMES[name]: text for name, text in beside.items() if text and name in _NAMES}


def _digest(report: ReportFields) -> str:
    fields = report.model_dump(exclude_none=True)
    canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
