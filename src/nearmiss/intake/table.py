"""From the rows of a sheet to reports, as the carer said once for the file that they are meant."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from pydantic_core import to_json

from nearmiss.intake import moments, values
from nearmiss.intake.clients import is_client, is_name, split_clients
from nearmiss.intake.columns import (
    AUTHOR,
    CLOCK,
    KEPT,
    LISTS,
    NUMBER,
    OUTCOME,
    TEXTS,
    WHAT,
    WHEN,
    WRITTEN,
    quote,
)
from nearmiss.intake.fields import TOLD, BadReport, Note, set_aside, sort_told
from nearmiss.intake.harm import find_harm
from nearmiss.intake.moments import Moment, NotRead
from nearmiss.intake.people import is_mixed, is_protector, split_people
from nearmiss.intake.reached import read_reached
from nearmiss.intake.reading import (
    BY_INJURY,
    LEFT_OUT,
    NOT_KNOWN,
    SPOKEN,
    YES,
    Cells,
    Reached,
    Reading,
    find_injury,
    read_people,
    read_when,
    says_concern,
    says_yes,
    tells_injury,
)
from nearmiss.intake.values import TRUTHS
from nearmiss.model.entries import IncidentFields, NearMissFields, ReportFields, build_report
from nearmiss.model.ids import is_id
from nearmiss.model.problems import Problem, find_faults
from nearmiss.model.questions import Category, says_nothing
from nearmiss.text import fold_text, join_lines, shorten, show_safely, tidy

_MOST_CLAIM = 6000  # characters

Suggest = Callable[[Mapping[str, Any]], Category | None]


@dataclass(frozen=True, slots=True)
class Row:
    """A report as it was taken from the row, or record, of that number.

    ``data`` is its own fields as canonical JSON: there may be very many. ``claims`` are what the
    sheet says of its writing; ``origin`` is the id that it names of a report in a book. The kind
    ``is_suggested`` where the sheet does not say it.
    """

    number: int
    data: bytes
    claims: tuple[str, ...] = ()
    origin: str = ""
    is_suggested: bool = False

    @property
    def report(self) -> ReportFields:
        """The report."""
        return build_report(json.loads(self.data))

    @property
    def kind(self) -> str:
        """The kind of near miss, without reading all of it."""
        return _cut(self.data, "category").decode()

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


_OWN_FIELDS = sorted({*NearMissFields.model_fields, *IncidentFields.model_fields})


def encode_report(report: ReportFields) -> bytes:
    """Return a report's own fields as canonical JSON, whatever else stands in its entry."""
    said = vars(report)
    return to_json({name: said[name] for name in _OWN_FIELDS if said.get(name) is not None})


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
    fields |= _read_texts(number, row, reading, problems, note)
    fields |= {name: reading.says_so(name, row[name]) for name in TRUTHS if name in row}
    if says_concern(row) or number in reading.worries:
        fields["safeguarding"] = reading.worries.get(number, True)
    fields |= _read_lists(number, row, reading, cells, problems)
    kind, is_suggested = reading.of_kind.get(number), False
    if kind is None:
        kind, is_suggested = _read_kind(number, row, reading, fields, suggest)
    fields["category"] = kind
    tidied = {
        name: tidy(value) if isinstance(value, str) else value
        for name, value in fields.items()
        if value is not None
    }
    tidied = _sort_told(tidied, reading, note)
    if number in reading.told:
        tidied["informed"], tidied["tried"] = told, _ = tuple(map(list, reading.told[number]))
        known = [each for each in tidied.get("concern_informed") or () if each in told]
        tidied["concern_informed"] = known
    if tidied.get("safeguarding") and not (reading.is_own or tidied.get("concern_informed")):
        is_known = number in reading.knowing
        told = [each for each in tidied.get("informed") or () if is_known or is_protector(each)]
        tidied |= {"concern_informed": told} if told else {}
    report = _build(tidied, problems)
    origin = row.get(NUMBER, [""])[0]
    claims = _list_claims(number, row, reading, cells, report, note)
    own = origin if is_id(origin) else ""
    return Row(number, encode_report(report), claims, own, is_suggested)


def _sort_told(fields: Mapping[str, Any], reading: Reading, note: Note) -> dict[str, Any]:
    """Return the fields with who was not reached among those tried; as was said of a line."""
    if reading.is_own or not any(map(fields.get, (*TOLD, "tried"))):
        return dict(fields)
    left, said = dict(fields), defaultdict[str, list[str]](list)
    for name in (*TOLD, "tried"):
        for line in fields.get(name) or ():
            told = _judge_line(name, line, reading, note)
            if line not in reading.reached and told is (name != "tried"):
                continue  # as its head says; its own words are looked at below
            left[name] = [each for each in left[name] if each != line]
            whole = (line, "") if told else ("", line if told is False else "")
            who, missed = told if isinstance(told, tuple) else whole
            said["informed" if name == "tried" else name] += filter(None, [who])
            said["tried"] += filter(None, [missed])
    left, _ = set_aside(left, note)
    found, _ = sort_told(left, note)
    return found | {name: [*found.get(name, ()), *lines] for name, lines in said.items()}


def _judge_line(name: str, line: str, reading: Reading, note: Note) -> Reached:
    """Return whether who stands in a line was told: as was said of it, else the safer way."""
    if line in reading.reached:
        return reading.reached[line]
    if name == "tried":
        return None if read_reached(line).is_planned else False
    if is_mixed(line):
        note(f'Who of "{shorten(show_safely(line), 90)}" was reached is not plain: tried.')
        return False
    return True


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
        if number in reading.hours and (moment.clock is None or moment.is_halved):
            said = reading.hours[number]
            moment = moment._replace(clock=said, approx=True, is_halved=False)
        is_by_day = reading.halves == "waking" or (
            reading.halves and not moments.is_written_hour(moment.words)
        )
        if moment.is_halved and is_by_day:
            clock = moment.clock if reading.night and _is_small(moment) else moment.waking
            moment = moment._replace(clock=clock, approx=True)
        is_open = moment.is_halved and not reading.halves and not reading.is_own
        if moment.clock is None or is_open or (moment.has_midnight and reading.hour_not_known):
            is_taken = reading.hour_not_known or number in reading.back
            if not (is_taken or says_yes(row, "hour_not_known")):
                raise NotRead("names no hour")
            moment = moment._replace(clock=None)
        day = reading.make_day(number, moment.day)
        if reading.night and moment.clock and moment.clock.hour < _NOON:
            day += timedelta(days=1)
        settled = moment.settle(reading.order, now, day)
        return settled | ({"noticed": True} if number in reading.noticed else {})
    except NotRead as problem:
        problems.append(Problem("occurred_at", str(problem)))
        return {"occurred_at": None}


_NOON, _SMALL = 12, 7


def _is_small(moment: Moment) -> bool:
    """Whether an hour is a small one, as on a sheet of nights: "5ish"."""
    return moment.clock is not None and moment.clock.hour < _SMALL


def _read_texts(
    number: int, row: Cells, reading: Reading, problems: list[Problem], note: Note
) -> dict[str, Any]:
    texts: dict[str, Any] = {name: "\n".join(row[name]) if name in row else "" for name in TEXTS}
    places = dict.fromkeys(row.get("location", ()))
    named = (f"room {each}" if each.isdecimal() and reading.has_rooms else each for each in places)
    texts["location"] = join_lines(", ".join(named))
    texts["client"] = _read_client(number, row, reading, problems)
    entry = _read_entry(number, row, reading, problems)
    is_incident = entry == "incident"
    texts["entry"] = entry
    what = [texts.pop(name) for name in WHAT]
    texts[WHAT[is_incident]] = "\n".join(dict.fromkeys(filter(None, what)))
    texts["injury"] = _join_injury(row)
    is_free = "immediate_action" not in reading.fields and not find_harm(texts[OUTCOME])
    if OUTCOME in row and is_free and (is_incident or texts["how_prevented"].strip()):
        texts["immediate_action"] = texts[OUTCOME]  # where no column says what was done
        texts[OUTCOME] = ""
    outcome, other = ("injury", "how_prevented") if is_incident else ("how_prevented", "injury")
    beside = texts.pop(other)
    if beside and not is_incident and not values.says_unhurt(beside):
        said = f'tells of one in a near miss: "{show_safely(beside[:40])}". Was it an incident?'
        problems.append(Problem("injury", said))
    if is_incident and fold_text(texts[outcome]) in _BARE and not reading.is_own:
        texts[outcome] = f"injury: {'no' if values.is_plain_no(texts[outcome]) else 'yes'}"
    texts[outcome] = "\n".join(filter(None, (texts[outcome], texts.pop(OUTCOME))))
    if is_incident and number in reading.injured:
        texts["injury"] = reading.injured[number]
    elif is_incident and not texts["injury"] and not reading.is_own:
        texts["injury"] = "; ".join(dict.fromkeys(find_injury(row)))
        if texts["injury"]:
            shown = shorten(show_safely(texts["injury"]), 90)
            note(f'Row {number}: the injury is as what happened tells it: "{shown}".')
    for name in ("location", outcome, "immediate_action"):
        if (reading.missing or number in reading.back) and not texts[name].strip():
            texts[name] = NOT_KNOWN
    return texts


_BARE = ("yes", "y", "true", "x", "✓", "✔", "1", "no", "n", "false")


def _join_injury(row: Cells) -> str:
    """Return what stands of an injury; a yes, no or mark only where no words stand beside it."""
    cells = row.get("injury", [])
    words = [each for each in cells if fold_text(each) not in _BARE]
    return "\n".join(words or [*filter(values.is_plain_no, cells), *cells][:1])


def _read_client(number: int, row: Cells, reading: Reading, problems: list[Problem]) -> str:
    if number in reading.called:
        return reading.called[number]
    client = " ".join(map(values.clean_line, row.get("client", ())))
    said = reading.clients.get(client, client) or reading.client
    several = split_clients(client)
    is_back = number in reading.back and not is_client(client)
    if said == NOT_KNOWN or (not said and reading.missing) or (is_back and said in ("", client)):
        return NOT_KNOWN
    is_said = client in reading.clients or reading.is_own  # by a person, whatever stands there
    if client and not is_client(client) and not is_said:
        problems.append(Problem("client", f'"{show_safely(client[:40])}" is no client'))
    elif several and not is_said:
        problems.append(Problem("client", f'"{show_safely(client)}" is two: write a row for each'))
    return said


def _read_entry(number: int, row: Cells, reading: Reading, problems: list[Problem]) -> str:
    said = row.get("entry", [""])[0]
    found: str | None = reading.entry
    if "entry" not in reading.fields and not reading.is_own:
        kinds = map(values.find_entry, row.get("category", ()))
        found = next(filter(None, kinds), found)
    if not found:
        found = reading.entries.get(fold_text(said)) or values.find_entry(said)
        found = found or ("" if said else "report")
    if found == BY_INJURY or (found in ("", LEFT_OUT) and number in reading.back):
        found = "incident" if tells_injury(row) else "report"
    if found in ("", LEFT_OUT):
        shown = show_safely(said[:40])
        problems.append(Problem("entry", f'"{shown}" is neither near miss nor incident'))
        return "report"
    return _OTHER[found] if number in reading.others else found


_OTHER = {"report": "incident", "incident": "report"}


def _read_lists(
    number: int, row: Cells, reading: Reading, cells: Sequence[str], problems: list[Problem]
) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {name: [] for name in LISTS if name in row}
    if reading.is_own:
        for name in LISTS[:3]:
            said = [each for cell in row.get(name, ()) for each in cell.split("\n")]
            lists[name] = split_people("\n".join(said), at_semicolons=False)
    else:
        for _, name, lines in read_people(cells, reading):
            if lines == (YES,) and number not in reading.back:
                what = "tried" if name == "tried" else "told"
                reason = f"says yes, and not who was {what}. Write the role or name there"
                problems.append(Problem(name, reason))
            lists.setdefault(name, []).extend(each for each in lines if each != YES)
    ideas = [each for cell in row.get("recommendations", ()) for each in cell.splitlines()]
    lists["recommendations"] = [tidy(each) for each in ideas if not says_nothing(each)]
    tried = {fold_text(each) for each in lists.get("tried", ())}
    told = [each for each in lists.get("informed", ()) if fold_text(each) not in tried]
    lists["informed"] = list(dict.fromkeys(told))
    always = ("informed", "recommendations")  # what has a default takes long to be made
    return {name: items for name, items in lists.items() if items or name in row or name in always}


def _read_kind(
    number: int, row: Cells, reading: Reading, fields: Mapping[str, Any], suggest: Suggest
) -> tuple[Any, bool]:
    """Return the kind of a row, and whether it was suggested from what was written."""
    kinds = filter(None, map(values.find_kind, row.get("entry", ())))
    for cell in (*row.get("category", ()), *kinds):
        if values.find_entry(cell):
            break
        said = reading.kinds.get(fold_text(cell), values.find_kind(cell) or cell)
        return said or suggest(fields) or reading.theme, not said
    is_open = reading.missing or number in reading.back or "category" in row
    return (suggest(fields) or reading.theme, True) if is_open else (None, False)


def _list_claims(
    number: int,
    row: Cells,
    reading: Reading,
    cells: Sequence[str],
    report: ReportFields,
    note: Note,
) -> tuple[str, ...]:
    """Return what a sheet says beside the report: of its writing, and what has no field."""
    claims = []
    written, author = row.get(WRITTEN, ()), list(filter(values.names_writer, row.get(AUTHOR, ())))
    if len(written) <= 1 and len(author) <= 1 and (written or author):
        by = [f"by {author[0]}"] if author else []
        claims.append(" ".join(["written", *written, *by]))
    elif written or author:
        pairs = zip(reading.heads, reading.fields, cells, strict=False)
        claims += [
            f"{h}: {c}" for h, f, c in pairs if f in (WRITTEN, AUTHOR) and values.names_writer(c)
        ]
    if row.get(NUMBER) and not is_id(row[NUMBER][0]):
        claims.append(f"its number: {row[NUMBER][0]}")
    if not reading.is_own:
        claims += _list_unplaced(number, reading, cells, report, note)
    return tuple(join_lines(show_safely(each))[:_MOST_CLAIM] for each in claims)


def _list_unplaced(
    number: int, reading: Reading, cells: Sequence[str], report: ReportFields, note: Note
) -> Iterator[str]:
    """Yield what a row says and no field of its report does, each below its own head."""
    is_incident = isinstance(report, IncidentFields)
    is_rough = bool(report.hour_not_known or report.occurred_approx or number in reading.days)
    for at, name in reading.open_columns:
        cell = cells[at] if at < len(cells) else ""
        if not cell or cell.isspace():
            continue
        is_people = name in LISTS[:3]
        if is_people:
            is_unclear = values.is_unread(cell) or fold_text(cell) in _NO_PERSON
        else:
            is_unclear = name in SPOKEN and values.is_unclear(cell)
        if is_unclear:
            why = "Not readable" if values.is_unread(cell) else "Not clear"
            shown = f'"{show_safely(cell)}" below {quote(reading.heads[at])}'
            note(f"{why}, and kept in the sheet's own words: {shown}.")
        elif name in (*WHEN, CLOCK):
            is_open = is_rough and not (name in WHEN and moments.is_whole_moment(cell))
        elif is_people:
            is_open = cell not in report.informed and not _names_same(cell, report)
            is_open = is_open or reading.marks.get(cell.strip()) is False
        elif name == "injury":
            is_open = not is_incident and len(cell.split()) > 1
        elif name == "how_prevented":
            is_open = is_incident and not values.is_bare(cell)
        else:
            is_unnamed = name == "client" and report.client == NOT_KNOWN
            is_open = is_unnamed or _says_more(name, cell) or at in reading.denials
        if is_unclear or is_open:
            yield f"{' '.join(reading.heads[at].split())[:_MOST_HEAD]}: {cell}"


@lru_cache(8192)
def _says_more(name: str, cell: str) -> bool:
    """Whether a cell says more than its field can hold, whatever else its row says."""
    if name == KEPT:
        return not values.is_bare(cell) or (
            values.is_unclear(cell) and not values.is_plain_no(cell)
        )
    if name in TRUTHS:
        return not (values.is_plain_yes(cell) or values.is_plain_no(cell))
    if name == "client":  # of several, none by a full name
        several = split_clients(values.clean_line(cell))
        return bool(several) and not any(map(is_name, several))
    if name == "entry":
        return len(cell.split()) > 1 and not values.find_entry(cell)
    return name == "category" and not values.find_kind(cell)


def _names_same(cell: str, report: ReportFields) -> bool:
    """Whether all that a cell says of people stands in what the report says of them."""
    people = [*report.informed, *(report.tried or ()), *(report.concern_informed or ())]
    return cell in people or {*_list_words(cell)} <= {*_list_words(" ".join(people)), *_ANSWERS}


_MOST_HEAD = 60
_NO_PERSON = ("x", "?", "??")  # neither a yes nor a no
_ANSWERS = {"yes", "y", "no", "n", "x", "true", "false", "a", "na", "nobody", "none", "told", "not"}


def _list_words(text: str) -> list[str]:
    return re.findall(r"\w+", fold_text(text))


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
