"""From the rows of a sheet to reports, as the carer said once for the file that they are meant."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

from pydantic_core import to_json

from nearmiss.intake import values
from nearmiss.intake.columns import (
    AUTHOR,
    CLOCK,
    DAY,
    IGNORE,
    LISTS,
    NUMBER,
    OUTCOME,
    TEXTS,
    WHAT,
    WHEN,
    WRITTEN,
    adds_details,
    is_export,
    name_field,
)
from nearmiss.intake.fields import TOLD, BadReport, Note, sort_told
from nearmiss.intake.harm import find_harm
from nearmiss.intake.people import find_person, is_client, read_told, split_people
from nearmiss.intake.values import TRUTHS, Day, Moment, NotRead, Order
from nearmiss.model.entries import IncidentFields, NearMissFields, ReportFields, build_report
from nearmiss.model.ids import is_id
from nearmiss.model.problems import Problem, find_faults
from nearmiss.model.questions import Category, says_nothing
from nearmiss.text import fold_text, join_lines, show_safely, tidy

NOT_KNOWN = "not known"
BY_INJURY = "injury"  # an incident is a row that tells of an injury
LEFT_OUT = "left out"  # rows whose column says that they are neither near miss nor incident
MAY_MISS = ("location", "how_prevented", "injury", "immediate_action", "category")
_MOST_CLAIM = 6000  # characters

Cells = Mapping[str, list[str]]  # what stands in a row, by field
Halves = Literal["", "waking", "written"]  # what 3:30 means: not known, by day, the 24-hour clock


@dataclass(frozen=True)
class Reading:
    """How a sheet is meant: what each column holds, and everything that was asked once for it."""

    fields: tuple[str, ...]
    heads: tuple[str, ...]
    order: Order = "day"
    others_too: bool = False  # a day that fits the other order alone is taken so
    year: int = 0  # of days that name none
    years: Mapping[int, int] = field(default_factory=dict)  # of rows whose day names none
    days: Mapping[int, date | None] = field(default_factory=dict)  # of rows whose own is in doubt
    hour_not_known: bool = False
    halves: Halves = ""
    missing: bool = False  # "not known" stands where a row says nothing
    entry: str = ""  # report, incident or BY_INJURY; "" where a column says it
    client: str = ""  # of all rows, where no column says it
    truths: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    kinds: Mapping[str, Category | None] = field(default_factory=dict)
    clients: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)  # who a "yes" below a head means
    entries: Mapping[str, str] = field(default_factory=dict)
    others: frozenset[int] = frozenset()  # rows that are the other of near miss and incident
    worries: frozenset[int] = frozenset()  # rows in which there is a worry, whatever else is said
    reached: Mapping[str, bool] = field(default_factory=dict)  # lines that tell of both

    @cached_property
    def is_own(self) -> bool:
        """Whether the sheet is an export of ours."""
        return is_export(self.heads)

    @cached_property
    def people_columns(self) -> list[tuple[int, bool]]:
        """The columns of people, and whether the next one adds to what stands in it."""
        named = [at for at, name in enumerate(self.fields) if name in LISTS[:3]]
        details = {
            at
            for at in named
            if at
            and self.fields[at - 1] == self.fields[at] == "informed"
            and adds_details(self.heads[at])
        }
        return [(at, at + 1 in details) for at in named if at not in details]

    @cached_property
    def has_rooms(self) -> bool:
        """Whether a number below where it happened is that of a room."""
        return "room" in fold_text(self.name_heads("location"))

    def gather(self, cells: Sequence[str]) -> Cells:
        """Return what stands in a row, by field; empty cells are left out."""
        found: dict[str, list[str]] = {}
        for name, cell in zip(self.fields, cells, strict=False):
            if cell and name != IGNORE and not cell.isspace():
                if name in found:
                    found[name].append(cell)
                else:
                    found[name] = [cell]
        return found

    def make_day(self, number: int, day: Day) -> date:
        """Return the day of a row. Raises NotRead."""
        if number in self.days:
            if (said := self.days[number]) is None:
                raise NotRead("is in doubt")
            return said
        order: Order = "month" if self.order == "day" else "day"
        is_other = self.others_too and not day.fits(self.order) and day.fits(order)
        return day.make(order if is_other else self.order, self.years.get(number, self.year))

    def name_heads(self, name: str) -> str:
        """Return the heads of the columns that hold a field, as the sheet has them."""
        names = {name, *(WHEN if name in WHEN else ()), *(WHAT if name in WHAT else ())}
        names |= {CLOCK} if name == "occurred_at" else set()
        heads = [h for h, f in zip(self.heads, self.fields, strict=True) if f in names]
        return " and ".join(" ".join(show_safely(each).split()) for each in heads[:2])


def says_yes(row: Cells, name: str) -> bool:
    """Whether a cell of a row says anything but no."""
    return any(not values.is_plain_no(cell) for cell in row.get(name, ()))


def read_when(row: Cells, day: date | None = None) -> Moment:
    """Return when a row says that it happened, on ``day`` if its own is none. Raises NotRead."""
    cell, clock = _find_day(row), row.get(CLOCK, [""])[0]
    try:
        return values.read_moment(cell, clock)
    except NotRead:
        if day is None:
            raise
        return values.read_moment(day.isoformat(), clock)


def _find_day(row: Cells) -> str:
    return (row.get("occurred_at") or row.get(DAY) or [""])[0]


def tells_injury(row: Cells) -> bool:
    """Whether a row tells of an injury: in its own column, or in words beside what stopped it."""
    if any(not values.says_unhurt(each) for each in row.get("injury", ())):
        return True
    texts = [each for name in (*WHAT, OUTCOME) for each in row.get(name, ())]
    is_open = "injury" not in row and (OUTCOME in row or "what_happened" in row)
    return is_open and any(map(find_harm, texts))


YES = "yes"  # stands for whoever a yes below a head means


def read_people(
    cells: Sequence[str], reading: Reading
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each head of people with its field and the lines below it, YES for a bare yes."""
    for at, has_details in reading.people_columns:
        cell = cells[at] if at < len(cells) else ""
        if not cell or cell.isspace():
            continue
        head, name = reading.heads[at], reading.fields[at]
        following = cells[at + 1] if has_details and at + 1 < len(cells) else ""
        said = cell
        if following.strip():
            said = following if split_people(following) else f"{cell} - {following}"
        person = reading.people.get(head)
        if values.is_plain_yes(said):
            yield head, name, (YES,) if person is None else tuple(split_people(person))
        else:
            yield (
                head,
                name,
                read_told(said, person or (find_person(head) if name == "informed" else "")),
            )


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
    is_more = type(report) not in (NearMissFields, IncidentFields)
    fields = report.model_dump(exclude_none=True, include=_OWN_FIELDS if is_more else None)
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
    fields = _read_when_fields(number, row, reading, now, problems)
    fields |= _read_texts(number, row, reading, problems)
    fields |= {name: _read_truth(name, row, reading) for name in TRUTHS if name in row}
    if _says_concern(row) or number in reading.worries:
        fields["safeguarding"] = True
    fields |= _read_lists(row, reading, cells)
    fields["category"] = _read_kind(row, reading, fields, suggest)
    tidied = {
        name: tidy(value) if isinstance(value, str) else value
        for name, value in fields.items()
        if value is not None
    }
    tidied, refused = _sort_told(tidied, reading, note)
    refused = [
        Problem(each.field, _APART.format(each.reason.split(" tells")[0])) for each in refused
    ]
    report = _build(tidied, [*problems, *refused])
    origin = row.get(NUMBER, [""])[0]
    claims = _list_claims(row, reading, cells, report)
    return Row(number, encode_report(report), claims, origin if is_id(origin) else "")


def _says_concern(row: Cells) -> bool:
    """Whether what a row is said to be is a concern, where no other column says of one."""
    if "safeguarding" in row:
        return False
    said = " ".join(map(fold_text, (*row.get("entry", ()), *row.get("category", ()))))
    return any(each in said for each in ("concern", "safeguarding", "abuse", "neglect"))


_APART = "{} tells of somebody reached and of somebody not. Write them on lines of their own"


def _sort_told(
    fields: Mapping[str, Any], reading: Reading, note: Note
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the fields with who was not reached among those tried; as was said of a line."""
    if reading.is_own:
        return dict(fields), []
    if not reading.reached:
        return sort_told(fields, note)
    left, said = dict(fields), dict[str, list[str]]()
    for name in (*TOLD, "tried"):
        for line in fields.get(name) or ():
            if line in reading.reached:
                to = name if name != "tried" else "informed"
                said.setdefault(to if reading.reached[line] else "tried", []).append(line)
        if name in left:
            left[name] = [each for each in left[name] if each not in reading.reached]
    found, refused = sort_told(left, note)
    return found | {name: [*found.get(name, ()), *lines] for name, lines in said.items()}, refused


def _refuse_unreadable(cells: Sequence[str], width: int) -> None:
    beyond = next((cell for cell in cells[width:] if cell.strip()), "")
    if beyond:
        shown = show_safely(beyond[:40])
        raise BadReport([Problem("row", f'has more cells than there are heads: "{shown}"')])
    if not (joined := "".join(cells)).isascii() and _NOT_UTF8.search(joined):
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
    number: int, row: Cells, reading: Reading, now: datetime, problems: list[Problem]
) -> dict[str, Any]:
    try:
        moment = read_when(row, reading.days.get(number))
        if moment.is_halved and reading.halves == "waking":
            moment = moment._replace(clock=moment.waking, approx=True)
        is_open = moment.is_halved and not reading.halves and not reading.is_own
        if moment.clock is None or is_open or (moment.has_midnight and reading.hour_not_known):
            if not (reading.hour_not_known or says_yes(row, "hour_not_known")):
                raise NotRead("names no hour")
            moment = moment._replace(clock=None)
        return moment.settle(reading.order, now, reading.make_day(number, moment.day))
    except NotRead as problem:
        problems.append(Problem("occurred_at", str(problem)))
        return {"occurred_at": None}


def _read_texts(
    number: int, row: Cells, reading: Reading, problems: list[Problem]
) -> dict[str, Any]:
    texts: dict[str, Any] = {name: "\n".join(row[name]) if name in row else "" for name in TEXTS}
    places = dict.fromkeys(row.get("location", ()))
    named = (f"room {each}" if each.isdecimal() and reading.has_rooms else each for each in places)
    texts["location"] = join_lines(", ".join(named))
    texts["client"] = _read_client(row, reading, problems)
    entry = _read_entry(number, row, reading, problems)
    is_incident = entry == "incident"
    texts["entry"] = entry
    what = [texts.pop(name) for name in WHAT]
    texts[WHAT[is_incident]] = "\n".join(dict.fromkeys(filter(None, what)))
    texts["injury"] = _join_injury(row)
    outcome, other = ("injury", "how_prevented") if is_incident else ("how_prevented", "injury")
    beside = texts.pop(other)
    if beside and not is_incident and not values.says_unhurt(beside):
        said = f'tells of one in a near miss: "{show_safely(beside[:40])}". Was it an incident?'
        problems.append(Problem("injury", said))
    if is_incident and fold_text(texts[outcome]) in _BARE and not reading.is_own:
        texts[outcome] = f"injury: {'no' if values.is_plain_no(texts[outcome]) else 'yes'}"
    texts[outcome] = "\n".join(filter(None, (texts[outcome], texts.pop(OUTCOME))))
    for name in ("location", outcome, "immediate_action"):
        if reading.missing and not texts[name].strip():
            texts[name] = NOT_KNOWN
    return texts


_BARE = ("yes", "y", "true", "x", "✓", "✔", "1", "no", "n", "false")


def _join_injury(row: Cells) -> str:
    """Return what stands of an injury; a yes, no or mark only where no words stand beside it."""
    cells = row.get("injury", [])
    words = [each for each in cells if fold_text(each) not in _BARE]
    return "\n".join(words or cells)


def _read_client(row: Cells, reading: Reading, problems: list[Problem]) -> str:
    client = " ".join(map(values.clean_line, row.get("client", ())))
    if client and not is_client(client) and not reading.is_own:
        problems.append(Problem("client", f'"{show_safely(client[:40])}" is no client'))
    elif re.fullmatch(r"[^\W\d_]{1,4} (?:and|&|\+) [^\W\d_]{1,4}", client):
        problems.append(Problem("client", f'"{client}" is two: write a row for each'))
    return reading.clients.get(client, client) or reading.client


def _read_entry(number: int, row: Cells, reading: Reading, problems: list[Problem]) -> str:
    said = row.get("entry", [""])[0]
    found: str | None = reading.entry
    if not found:
        found = reading.entries.get(fold_text(said)) or values.find_entry(said)
        found = found or ("" if said else "report")
    if found == BY_INJURY:
        found = "incident" if tells_injury(row) else "report"
    if found in ("", LEFT_OUT):
        shown = show_safely(said[:40])
        problems.append(Problem("entry", f'"{shown}" is neither near miss nor incident'))
        return "report"
    return _OTHER[found] if number in reading.others else found


_OTHER = {"report": "incident", "incident": "report"}


def _read_truth(name: str, row: Cells, reading: Reading) -> bool:
    return any(
        reading.truths.get((name, fold_text(cell)), not values.is_plain_no(cell))
        for cell in row[name]
    )


def _read_lists(row: Cells, reading: Reading, cells: Sequence[str]) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {name: [] for name in LISTS if name in row}
    if reading.is_own:
        for name in LISTS[:3]:
            said = [each for cell in row.get(name, ()) for each in cell.split("\n")]
            lists[name] = split_people("\n".join(said), at_semicolons=False)
    else:
        for _, name, lines in read_people(cells, reading):
            lists[name].extend(each for each in lines if each != YES)
    ideas = [each for cell in row.get("recommendations", ()) for each in cell.splitlines()]
    lists["recommendations"] = [tidy(each) for each in ideas if not says_nothing(each)]
    tried = {fold_text(each) for each in lists.get("tried", ())}
    told = [each for each in lists.get("informed", ()) if fold_text(each) not in tried]
    lists["informed"] = list(dict.fromkeys(told))
    return {name: items for name, items in lists.items() if items or name in row}


def _read_kind(
    row: Cells, reading: Reading, fields: Mapping[str, Any], suggest: Suggest
) -> str | None:
    for cell in row.get("category", ()):
        said = reading.kinds.get(fold_text(cell), values.find_kind(cell) or cell)
        return said or suggest(fields) or "other"
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
    elif written or author:
        pairs = zip(reading.heads, reading.fields, cells, strict=False)
        claims += [f"{h}: {c}" for h, f, c in pairs if f in (WRITTEN, AUTHOR) and c.strip()]
    if report.safeguarding and not reading.is_own:  # its words, where there are some
        worries = [each for each in row.get("safeguarding", ()) if not values.is_plain_yes(each)]
        claims += [f"{name_field('safeguarding')}: {each}" for each in worries]
    if row.get(NUMBER) and not is_id(row[NUMBER][0]):
        claims.append(f"its number: {row[NUMBER][0]}")
    if report.hour_not_known or report.occurred_approx:
        words = join_lines(" ".join(row.get(CLOCK, ())))
        claims += [f"time: {words}"] if words else []
    is_incident = isinstance(report, IncidentFields)
    unhurt = [] if is_incident else row.get("injury", [])
    claims += [f"{name_field('injury')}: {each}" for each in unhurt if len(each.split()) > 1]
    if is_incident and row.get("how_prevented"):
        claims.append(f"{name_field('how_prevented')}: {' '.join(row['how_prevented'])}")
    return tuple(join_lines(show_safely(each))[:_MOST_CLAIM] for each in claims)


def find_repeated(rows: Sequence[Row]) -> Iterator[tuple[Row, Row, bool]]:
    """Yield each row that says what an earlier one says, with that one and whether it says all.

    Else it is only of the same client and moment, or day where one names no hour.
    """
    whole: dict[int, Row] = {}
    of_day: dict[int, list[tuple[int, Row]]] = {}
    for row in rows:
        earlier = whole.setdefault(hash(row.data), row)
        if earlier is not row and earlier.data == row.data:
            yield row, earlier, True
            continue
        client, moment = _cut(row.data, "client"), _cut(row.data, "occurred_at")
        others = of_day.setdefault(hash((client, moment[:_A_DAY])), [])
        when = 0 if b'"hour_not_known":true' in row.data else hash(moment)  # of no hour
        near = next((one for other, one in others if not (when and other) or when == other), None)
        if near:
            yield row, near, False
        others.append((when, row))


def _cut(data: bytes, name: str) -> bytes:
    """Return what canonical JSON says in a field, without reading all of it."""
    start = data.find(b'"%b":"' % name.encode()) + len(name) + 4
    return data[start : data.find(b'","', start)]


_A_DAY = len("2026-04-14")
