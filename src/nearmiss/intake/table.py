"""From the rows of a sheet to reports, as the carer said once for the file that they are meant."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from pydantic_core import to_json

from nearmiss.intake import values
from nearmiss.intake.columns import (
    AUTHOR,
    CLOCK,
    DAY,
    IGNORE,
    LISTS,
    NUMBER,
    TEXTS,
    TRUTHS,
    WRITTEN,
    is_export,
    name_field,
)
from nearmiss.intake.fields import TOLD, BadReport, Note, guess_kind, read_cached, sort_told
from nearmiss.intake.sheet import Sheet
from nearmiss.intake.values import DayOrder, Moment, NotRead, Order, fold_client
from nearmiss.model.entries import IncidentFields, NearMissFields, ReportFields, build_report
from nearmiss.model.ids import is_id
from nearmiss.model.problems import Problem, find_faults, tidy_fields
from nearmiss.model.questions import Category, says_nothing
from nearmiss.text import fold_text, join_lines, show_safely

NOT_KNOWN = "not known"
BY_INJURY = "injury"  # an incident is a row that tells of an injury
WHAT = ("what_nearly_happened", "what_happened")
NEEDED = ("client", "occurred_at", "what_nearly_happened")  # never "not known" for a whole file
MAY_MISS = ("location", "how_prevented", "injury", "immediate_action", "category")
_MOST_CLAIM = 6000  # characters
_MOST_VALUES = 300  # of one column, that are told apart
Cells = Mapping[str, list[str]]  # what stands in a row, by field


@dataclass(frozen=True)
class Reading:
    """How a sheet is meant: what each column holds, and everything that was asked once for it."""

    fields: tuple[str, ...]
    heads: tuple[str, ...]
    order: Order = "day"
    hour_not_known: bool = False
    missing: bool = False  # "not known" stands where a row says nothing
    entry: str = ""  # report or incident; "" where a column says it
    client: str = ""  # of all rows, where no column says it
    truths: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    kinds: Mapping[str, Category] = field(default_factory=dict)
    clients: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)  # who a "yes" below a head means
    entries: Mapping[str, str] = field(default_factory=dict)
    reached: Mapping[str, bool] = field(default_factory=dict)  # lines that tell of both

    @cached_property
    def is_own(self) -> bool:
        """Whether the sheet is an export of ours."""
        return is_export(self.heads)

    def gather(self, cells: Sequence[str]) -> Cells:
        """Return what stands in a row, by field; empty cells are left out."""
        found: dict[str, list[str]] = {}
        for name, cell in zip(self.fields, cells, strict=False):
            if name != IGNORE and cell and not cell.isspace():
                found.setdefault(name, []).append(cell)
        return found


@dataclass
class Survey:
    """What stands in the rows of a sheet, by which it is decided what has to be asked."""

    order: DayOrder = field(default_factory=DayOrder)
    without_hour: Counter[str] = field(default_factory=Counter)
    midnights: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    truths: dict[str, Counter[str]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    entries: Counter[str] = field(default_factory=Counter)
    clients: Counter[str] = field(default_factory=Counter)
    yes_people: Counter[str] = field(default_factory=Counter)  # by head
    mixed: Counter[str] = field(default_factory=Counter)  # lines of somebody reached, and not
    injuries: int = 0
    count: int = 0


def survey_rows(sheet: Sheet, reading: Reading, now: datetime) -> Survey:
    """Return what stands in the rows, read once from end to end."""
    found = Survey()
    people = [at for at, name in enumerate(reading.fields) if name in LISTS[:3]]
    for number, cells in sheet.read_rows():
        row = reading.gather(cells)
        found.count += 1
        _survey_when(found, number, row, now)
        _count(found.clients, " ".join(map(values.clean_line, row.get("client", ()))))
        _count(found.kinds, *row.get("category", ()))
        _count(found.entries, *row.get("entry", ()))
        found.injuries += any(not values.says_unhurt(each) for each in row.get("injury", ()))
        for name in TRUTHS:
            _count(found.truths.setdefault(name, Counter()), *row.get(name, ()))
        for name in MAY_MISS:
            found.missing[name] += name not in row
        for at in people:
            _survey_people(found, cells[at] if at < len(cells) else "", reading, at)
    return found


def _survey_people(found: Survey, cell: str, reading: Reading, at: int) -> None:
    if values.is_plain_yes(cell):
        found.yes_people[reading.heads[at]] += 1
    elif cell and reading.fields[at] != "tried" and not reading.is_own:
        lines = values.split_people(cell)
        _count(found.mixed, *(each for each in lines if read_cached(each).reach == "both"))


def _count(counter: Counter[str], *cells: str) -> None:
    for cell in cells:
        if cell in counter or len(counter) < _MOST_VALUES:
            counter[cell] += 1


def _survey_when(found: Survey, number: int, row: Cells, now: datetime) -> None:
    try:
        moment = read_when(row)
    except NotRead:
        return
    found.order.weigh(number, moment, now)
    if moment.clock is None and not _says_yes(row, "hour_not_known"):
        _count(found.without_hour, moment.words)
    found.midnights += moment.has_midnight


def _says_yes(row: Cells, name: str) -> bool:
    return any(not values.is_plain_no(cell) for cell in row.get(name, ()))


def read_when(row: Cells) -> Moment:
    """Return what a row says of when it happened. Raises NotRead."""
    day = row.get("occurred_at") or row.get(DAY) or [""]
    return values.read_moment(day[0], row.get(CLOCK, [""])[0])


def find_unsure(counted: Mapping[str, int]) -> dict[str, int]:
    """Return the values that say neither yes nor no, each once, with how often it stands there."""
    found: dict[str, int] = {}
    for cell, count in counted.items():
        if not values.is_plain_no(cell) and not values.is_plain_yes(cell):
            spelt = next((each for each in found if fold_text(each) == fold_text(cell)), cell)
            found[spelt] = found.get(spelt, 0) + count
    return found


def find_unknown_kinds(counted: Mapping[str, int]) -> dict[str, tuple[int, Category | None]]:
    """Return each kind that is none of the six: how often it stands there, and the nearest."""
    found: dict[str, tuple[int, Category | None]] = {}
    for cell, count in counted.items():
        if values.find_kind(cell) is None:
            spelt = next((each for each in found if fold_text(each) == fold_text(cell)), cell)
            found[spelt] = (found.get(spelt, (0, None))[0] + count, guess_kind(cell))
    return found


Suggest = Callable[[Mapping[str, Any]], Category | None]


@dataclass(frozen=True, slots=True)
class Row:
    """A report as it was taken from the row, or record, of that number.

    ``data`` is its own fields as canonical JSON: there may be very many. ``claims`` are what the
    sheet says of its writing; ``origin`` is the id that it names of a report in a book.
    """

    number: int
    data: bytes
    claims: tuple[str, ...] = ()
    origin: str = ""

    @property
    def report(self) -> ReportFields:
        """The report."""
        return build_report(json.loads(self.data))

    @property
    def digest(self) -> str:
        """What is the same for rows of which every field is the same."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def provenance(self) -> dict[str, Any]:
        """The fields that say where it came from, and what is claimed of its writing."""
        origin: dict[str, Any] = {"origin_id": self.origin} if self.origin else {}
        origin["origin_seal"] = self.digest
        return origin | ({"claims": list(self.claims)} if self.claims else {})


_OWN_FIELDS = {*NearMissFields.model_fields, *IncidentFields.model_fields}


def encode_report(report: ReportFields) -> bytes:
    """Return a report's own fields as canonical JSON, whatever else stands in its entry."""
    fields = report.model_dump(exclude_none=True, include=_OWN_FIELDS)
    return to_json(dict(sorted(fields.items())))


def read_row(
    number: int,
    cells: Sequence[str],
    reading: Reading,
    now: datetime,
    suggest: Suggest = lambda fields: None,
    note: Note = lambda line: None,
) -> Row:
    """Return the report in a row. Raises BadReport with all that is wrong."""
    _refuse_unreadable(cells, len(reading.fields))
    row, problems = reading.gather(cells), list[Problem]()
    fields = _read_when_fields(row, reading, now, problems)
    fields |= _read_texts(row, reading, problems)
    fields |= {name: _read_truth(name, row, reading) for name in TRUTHS if name in row}
    fields |= _read_lists(row, reading, cells)
    fields["category"] = _read_kind(row, reading, fields, suggest)
    tidied = {name: value for name, value in tidy_fields(fields).items() if value is not None}
    tidied, refused = _sort_told(tidied, reading, note)
    refused = [
        Problem(each.field, _APART.format(each.reason.split(" tells")[0])) for each in refused
    ]
    report = _build(tidied, [*problems, *refused])
    origin = row.get(NUMBER, [""])[0]
    claims = _list_claims(row, reading, cells, report)
    return Row(number, encode_report(report), claims, origin if is_id(origin) else "")


_APART = "{} tells of somebody reached and of somebody not. Write them on lines of their own"


def _sort_told(
    fields: Mapping[str, Any], reading: Reading, note: Note
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the fields with who was not reached among those tried; as was said of a line."""
    if reading.is_own:
        return dict(fields), []
    said: dict[str, list[str]] = {name: [] for name in (*TOLD, "tried")}
    left: dict[str, Any] = dict(fields)
    for name in TOLD:
        for line in fields.get(name) or ():
            if line in reading.reached:
                said[name if reading.reached[line] else "tried"].append(line)
        if name in left:
            left[name] = [each for each in left[name] if each not in reading.reached]
    found, refused = sort_told(left, note)
    for name, lines in said.items():
        if lines:
            found[name] = [*(found.get(name) or ()), *lines]
    return found, refused


def _refuse_unreadable(cells: Sequence[str], width: int) -> None:
    beyond = next((cell for cell in cells[width:] if cell.strip()), None)
    if beyond is not None:
        shown = show_safely(beyond[:40])
        raise BadReport([Problem("row", f'has more cells than there are heads: "{shown}"')])
    if any(not cell.isascii() and _NOT_UTF8.search(cell) for cell in cells):
        raise BadReport([Problem("row", "holds bytes that are not UTF-8, as the rest is")])


_NOT_UTF8 = re.compile("[\udc80-\udcff]")


def _build(fields: dict[str, Any], problems: list[Problem]) -> ReportFields:
    named = {each.field for each in problems}
    try:
        if not problems:
            return build_report(fields)
    except ValueError:
        pass
    found = [each for each in find_faults(fields, partial=False) if each.field not in named]
    raise BadReport([*problems, *found])


def _read_when_fields(
    row: Cells, reading: Reading, now: datetime, problems: list[Problem]
) -> dict[str, Any]:
    try:
        moment = read_when(row)
        is_day = moment.clock is None or (moment.has_midnight and reading.hour_not_known)
        if is_day:
            if not (reading.hour_not_known or _says_yes(row, "hour_not_known")):
                raise NotRead("names no hour")
            moment = Moment(moment.day)
        return moment.settle(reading.order, now)
    except NotRead as problem:
        problems.append(Problem("occurred_at", str(problem)))
        return {"occurred_at": None}


def _read_texts(row: Cells, reading: Reading, problems: list[Problem]) -> dict[str, Any]:
    texts: dict[str, Any] = {name: "\n".join(row.get(name, ())) for name in TEXTS}
    texts["location"] = join_lines(" ".join(row.get("location", ())))
    client = " ".join(map(values.clean_line, row.get("client", ()))) or reading.client
    texts["client"] = reading.clients.get(client, client)
    entry = _read_entry(row, reading, problems)
    what = [texts.pop(name) for name in WHAT]
    is_incident = entry == "incident"
    texts["entry"] = entry
    texts[WHAT[is_incident]] = "\n".join(dict.fromkeys(filter(None, what)))
    other = "how_prevented" if is_incident else "injury"
    beside = texts.pop(other)
    if beside and not is_incident and not values.says_unhurt(beside):
        said = f'tells of one in a near miss: "{show_safely(beside[:40])}". Was it an incident?'
        problems.append(Problem("injury", said))
    outcome = "injury" if is_incident else "how_prevented"
    for name in ("location", outcome, "immediate_action"):
        if reading.missing and not texts[name].strip():
            texts[name] = NOT_KNOWN
    return texts


def _read_entry(row: Cells, reading: Reading, problems: list[Problem]) -> str:
    said = row.get("entry", ())
    if reading.entry == BY_INJURY:
        hurt = any(not values.says_unhurt(each) for each in row.get("injury", ()))
        return "incident" if hurt else "report"
    if reading.entry or not said:
        return reading.entry or "report"
    found = reading.entries.get(fold_text(said[0])) or values.find_entry(said[0])
    if found is None:
        shown = show_safely(said[0][:40])
        problems.append(Problem("entry", f'"{shown}" is neither near miss nor incident'))
    return found or "report"


def _read_truth(name: str, row: Cells, reading: Reading) -> bool:
    return any(
        reading.truths.get((name, fold_text(cell)), not values.is_plain_no(cell))
        for cell in row[name]
    )


def _read_lists(row: Cells, reading: Reading, cells: Sequence[str]) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    for head, name, cell in zip(reading.heads, reading.fields, cells, strict=False):
        if name not in LISTS or not cell.strip():
            continue
        if name == "recommendations":
            items = [each for each in cell.splitlines() if each.strip() and not says_nothing(each)]
        elif values.is_plain_yes(cell):
            items = values.split_people(reading.people.get(head, cell))
        else:
            items = values.split_people(cell, at_semicolons=not reading.is_own)
        lists.setdefault(name, []).extend(items)
    seldom = {name: items for name, items in lists.items() if items or name in row}
    return {
        name: items
        for name, items in seldom.items()
        if items or name not in ("tried", "concern_informed")
    }


def _read_kind(
    row: Cells, reading: Reading, fields: Mapping[str, Any], suggest: Suggest
) -> str | None:
    for cell in row.get("category", ()):
        return reading.kinds.get(fold_text(cell)) or values.find_kind(cell) or cell
    return (suggest(fields) or "other") if reading.missing else None


def _list_claims(
    row: Cells, reading: Reading, cells: Sequence[str], report: ReportFields
) -> tuple[str, ...]:
    """Return what a sheet says beside the report: of its writing, and of an hour in words."""
    claims = []
    written, author = row.get(WRITTEN, ()), row.get(AUTHOR, ())
    if len(written) <= 1 and len(author) <= 1 and (written or author):
        by = [f"by {author[0]}"] if author else []
        claims.append(" ".join(["written", *written, *by]))
    else:
        pairs = zip(reading.heads, reading.fields, cells, strict=False)
        claims += [f"{h}: {c}" for h, f, c in pairs if f in (WRITTEN, AUTHOR) and c.strip()]
    if report.safeguarding and not reading.is_own:  # its words, where there are some
        worries = [each for each in row.get("safeguarding", ()) if not values.is_plain_yes(each)]
        claims += [f"{name_field('safeguarding')}: {each}" for each in worries]
    if row.get(NUMBER) and not is_id(row[NUMBER][0]):
        claims.append(f"its number: {row[NUMBER][0]}")
    if report.hour_not_known:
        words = read_when(row).words
        claims += [f"time: {words}"] if words else []
    if hasattr(report, "injury") and row.get("how_prevented"):
        claims.append(f"{name_field('how_prevented')}: {' '.join(row['how_prevented'])}")
    return tuple(join_lines(show_safely(each))[:_MOST_CLAIM] for each in claims)


def find_repeated(rows: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Yield each row that says what an earlier one says, with that one."""
    first: dict[str, Row] = {}
    for row in rows:
        earlier = first.setdefault(row.digest, row)
        if earlier is not row:
            yield row, earlier


def find_alike(client: str, known: Sequence[str]) -> str | None:
    """Return the client, among those known, who looks the same and is spelt otherwise."""
    if client in known:
        return None
    folded = fold_client(client)
    return next((each for each in known if fold_client(each) == folded), None)
