"""The chronology: a row for each entry as it was first written, in the order of what happened."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from nearmiss.dates.shown import echo, echo_day, echo_weekday
from nearmiss.documents.blocks import Block, Document, Notice, Table, Words
from nearmiss.documents.brief import (
    Brief,
    call_client,
    count_reports,
    join_parts,
    list_concerns,
    list_harm,
    make_document,
    make_identity,
    name_clients,
    tell_delay,
    tell_harm,
    tell_ids,
    tell_numbers_of,
    tell_span_of,
)
from nearmiss.model.entries import Comparison, Correction, ReportFields
from nearmiss.model.ids import EntryId, shorten_ids, show_number
from nearmiss.model.questions import CATEGORY_LABELS
from nearmiss.records import words
from nearmiss.records.handed import find_declined
from nearmiss.records.record import FollowedUp, HandedOver, Record, Stamped, Value
from nearmiss.speech import name_some
from nearmiss.text import shorten_at_sense

_PROVES = (
    "This shows what the carer wrote and when this computer says so. A seal on a copy handed over "
    "shows that entries up to it are unchanged since. It does not prove the clock, the account, "
    "or that nothing was left out."
)
_SOME_NUMBERS = "This page shows only some of the numbers."
_AS_FIRST = "Each row is as it was first written; what was put right later is said beside it."
_AS_NOW = "A row that was put right since is as it stands now, and says so."
_FEW, _FEW_LARGE = 6, 3  # harms, incidents and concerns that the first page tells of one by one
_NAMED = 8  # of each that it names where there are more
_WHOLE = 400  # characters of harm that stand there whole
_FIRST_WORDS = 60  # characters of a report that what is about it repeats
_BECAME = "What came of it"


@dataclass(frozen=True)
class _Row:
    """One entry: its number, when it happened and was written, by whom, what it says and became.

    ``place`` is its place by entry, ``moment`` by what happened: the end of a day without an hour.
    """

    number: str
    place: tuple[int, int]
    moment: datetime
    happened: str  # with the word for what
    written: str
    author: str
    texts: tuple[str, ...]
    became: tuple[str, ...] = ()


def build_chronology(records: Sequence[Record], brief: Brief) -> Document:
    """Return a row for each entry, or in large print a part."""
    rows = [*_list_rows(records, brief)]
    if brief.by_writing:
        rows.sort(key=lambda row: row.place)
    else:
        rows.sort(key=lambda row: (row.moment, row.place))
    blocks: list[Block] = [*make_identity(brief, records), *_begin(records, brief)]
    blocks.append(_tabulate(rows, brief))
    foot = (_tell_gaps({row.place[0] for row in rows}, brief), _PROVES)
    blocks += [Words(text, "small") for text in foot if text]
    order = "in the order written" if brief.by_writing else "in the order of what happened"
    span = f"{count_reports(records)}, {tell_span_of(records)}, {order}"
    texts = f"Chronology: {call_client(brief, records)}", span
    return make_document("chronology", texts, blocks, records, brief)


def _begin(records: Sequence[Record], brief: Brief) -> Iterator[Block]:
    """Yield what the first page names: harm, incidents and concerns, and who was told of each.

    Where there are many, those of which nobody was told.
    """
    standing = [each for each in records if not each.withdrawn]
    harm = list_harm(standing)
    incidents = [(each, "event") for each in standing if each.is_incident]
    concerns = [(each, "concern") for each in list_concerns(standing)]
    concerns = concerns if brief.rules.safeguarding else []
    few = len(harm) + len(incidents) + len(concerns) <= (_FEW_LARGE if brief.large else _FEW)
    if few and sum(len(each.harm_found) for _, each in harm) <= _WHOLE:
        told = [_tell_harm_first(*each) for each in harm]
        told += [_name_first("Incident", *each) for each in incidents]
        told += [_name_first(words.CONCERN, *each) for each in concerns]
    else:
        seen = [(record, each.id) for record, each in harm]
        every = ((words.CONCERN, concerns), ("Incident", incidents), (words.HARM, seen))
        told = [_count_first(what, found) for what, found in every if found]
    if told:
        yield Notice("\n".join(told))
    yield Words(_AS_FIRST if brief.rules.old_text else _AS_NOW, "small")


def _tell_harm_first(record: Record, entry: FollowedUp) -> str:
    """Return harm as it was first written, as its row has it."""
    told = tell_harm(record, _put_back(entry, record))
    return "\n".join((told, *_tell_becoming(entry, record)))


def _name_first(what: str, record: Record, of: str) -> str:
    told = "; ".join(
        words.tell_told(record, replace(each, of=())) for each in record.list_told_of(of)
    )
    day = echo_weekday(_write_first(record).occurred)
    return f"{what}: {record.id}, {day}. Told of it: {told or 'nobody yet, as written'}"


def _count_first(what: str, found: Sequence[tuple[Record, str]]) -> str:
    """Return how many there are of a kind and where; and of which of them nobody was told."""
    untold = [each for each, of in found if not each.list_told_of(of)]
    told = f"{what} ({len(found)}): {_name_ids([each for each, _ in found])}"
    if not untold:
        return told
    whom = "any" if len(untold) == len(found) else _name_ids(untold)
    return f"{told}. Told, as written: nobody yet of {whom}"


def _name_ids(records: Sequence[Record]) -> str:
    ids = sorted({each.id: each for each in records}.values(), key=lambda each: each.number)
    return ", ".join(name_some(shorten_ids([each.id for each in ids]), _NAMED, "and {:,} more"))


def _list_rows(records: Sequence[Record], brief: Brief) -> Iterator[_Row]:
    names_client = len(name_clients(records)) > 1
    handed: dict[str, tuple[HandedOver, list[str]]] = {}
    verdicts = _find_verdicts(records, brief)
    for record in records:
        yield _tell_report(record, brief, verdicts, names_client=names_client)
        yield from _list_later(record, brief)
        for entry in record.disclosures:
            handed.setdefault(entry.id, (entry, []))[1].append(record.id)
    for entry, ids in handed.values():
        became = _tell_becoming(entry, withdrawn=entry.withdrawn)
        told = words.tell_handed_over(replace(entry, withdrawn=None)).split("\n")
        yield _make_row(entry, brief, (f"Handed over: {tell_ids(ids)}", *told), became)
    for verdict in verdicts:
        stamp = Stamped(verdict.id, verdict.first_recorded_at, verdict.written_by)
        yield _make_row(stamp, brief, (_tell_verdict(verdict),))
    yield from _list_meetings(records)


def _list_later(record: Record, brief: Brief) -> Iterator[_Row]:
    """Yield a row for each thing that was written about a report later."""
    about = _name_report(record, brief)
    then = _put_all_back(record)
    for each in then.follow_ups:
        told = words.tell_follow_up(then, replace(each, withdrawn=None))
        row = _make_row(each, brief, (f"Follow-up to {about}", *told), _follow(each, record))
        yield _place_by_event(row, each)
    for entry in record.corrections:
        of = about if entry.about == record.id else f"{entry.about}, a follow-up to {about}"
        yield _make_row(entry, brief, (f"Correction of {of}", *words.tell_changes(entry)))
    told_above = record.withdrawn.id if record.withdrawn and brief.rules.audience != "own" else ""
    for gone in _list_withdrawals(record):
        reason = () if gone.id == told_above or not gone.reason else (f"Reason: {gone.reason}",)
        yield _make_row(gone, brief, (f"Withdraws {gone.about}", *reason))


@dataclass(frozen=True, slots=True)
class _Withdrawal(Stamped):
    """That an entry was withdrawn, which may itself no longer count."""

    about: str
    reason: str


def _list_withdrawals(record: Record) -> list[_Withdrawal]:
    """Return the withdrawals that a reader may see, those that were taken back too."""
    found: dict[str, _Withdrawal] = {
        each.id: _Withdrawal(
            each.id, each.first_recorded_at, each.written_by, each.about, each.reason
        )
        for each in record.as_written
        if isinstance(each, Correction) and each.withdraws
    }
    entries: list[Record | FollowedUp | HandedOver] = [record, *record.follow_ups]
    for entry in [*entries, *record.disclosures]:
        if gone := entry.withdrawn:
            stamp = (gone.id, gone.recorded_at, gone.recorded_by)
            found.setdefault(gone.id, _Withdrawal(*stamp, entry.id, gone.reason))
    return list(found.values())


def _name_report(record: Record, brief: Brief) -> str:
    """Return which report something is about: its number, day, place and first words."""
    if record.withdrawn and brief.rules.audience != "own":
        return record.id
    report = _write_first(record)
    what = shorten_at_sense(report.what, _FIRST_WORDS)
    return f"{record.id} ({echo_day(report.occurred)}, {report.location}: {what})"


def _find_first(about: str, record: Record) -> dict[str, Value]:
    """Return what the fields of an entry were before they were put right, as far as it is shown."""
    first: dict[str, Value] = {}
    for each in record.corrections:
        for change in each.changes if each.about == about else ():
            if change.old is not None or change.new is not None:
                first.setdefault(change.field, change.old)
    return first


def _write_first(record: Record) -> ReportFields:
    """Return a report as it was first written; as it is now where old texts are not shown."""
    return record.report.model_copy(update=_find_first(record.id, record))


def _put_all_back(record: Record) -> Record:
    """Return a record with its follow-ups as first written, and what others of them point at."""
    first = {each.id: _put_back(each, record) for each in record.follow_ups}
    return replace(
        record,
        follow_ups=tuple(first.values()),
        changes=tuple(replace(each, text=first[each.id].changed) for each in record.changes),
        steps_done=tuple(
            replace(each, text=first[each.id].next_step) for each in record.steps_done
        ),
    )


def _put_back(entry: FollowedUp, record: Record) -> FollowedUp:
    """Return a follow-up as it was first written; as it is now where old texts are not shown."""
    nothing = FollowedUp("", "", "")
    first: dict[str, Any] = {}
    for name, value in _find_first(entry.id, record).items():
        if hasattr(nothing, name):
            first[name] = getattr(nothing, name) if value is None else value
        if isinstance(value, list):
            first[name] = tuple(value)
    return replace(entry, **first)


def _tell_report(
    record: Record, brief: Brief, verdicts: Sequence[Comparison], *, names_client: bool
) -> _Row:
    report, written = _write_first(record), _tell_written(record, brief)
    if record.withdrawn and brief.rules.audience != "own":
        day = f" {echo_day(record.withdrawn.day)}" if record.withdrawn.day else ""
        texts = [f"Withdrawn{day}: {record.withdrawn.reason}"]
        texts += [words.CONCERN] if brief.rules.safeguarding and report.safeguarding else []
        became: tuple[str, ...] = ()
    else:
        texts = [*_tell_answers(record, report, brief, names_client=names_client)]
        became = _follow_report(record, brief, verdicts)
        texts += [f"{words.CLAIMS}: {words.tell_claims(record)}"] if record.claims else []
        is_timed = not (report.hour_not_known or record.taken_from)
        if record.written_at and brief.rules.delay and is_timed:
            written += f" ({tell_delay(record.written_at - report.occurred)})"
    moment = report.occurred.replace(tzinfo=None)
    if report.hour_not_known:
        moment = datetime.combine(moment, time.max)
    place, happened = (record.number, 1), words.tell_when(report)
    happened = happened if report.noticed else f"Happened {happened}"
    return _Row(
        record.id, place, moment, happened, written, record.recorded_by, tuple(texts), became
    )


_WORDS = {
    False: ("what_nearly_happened", "how_prevented"),
    True: ("what_happened", "injury"),
}


def _tell_answers(
    record: Record, report: ReportFields, brief: Brief, *, names_client: bool
) -> Iterator[str]:
    whose = f"{report.client}, " if names_client else ""
    kind = CATEGORY_LABELS[report.category]
    yield f"{words.name_kind(record)}: {whose}{kind}, {report.location}"
    for field in (*_WORDS[record.is_incident], "immediate_action"):
        yield f"{words.name_field(field)}: {getattr(report, field)}"
    yield f"{words.name_field('informed')}: {'; '.join(report.informed) or words.NOBODY}"
    for field in ("tried", "concern_informed", "recommendations"):
        if said := getattr(report, field):
            yield f"{words.name_field(field)}: {'; '.join(said)}"
    if brief.rules.safeguarding and report.safeguarding:
        yield words.CONCERN


def _follow_report(record: Record, brief: Brief, verdicts: Sequence[Comparison]) -> tuple[str, ...]:
    """Return what came of a report: the numbers under which it stands, and how it is now."""
    standing = [each for each in record.standing if not each.harm_found]
    marked = [each for each in verdicts if record.id in (each.about, each.other)]
    closing, plan = record.closing, record.care_plan
    by = f", {show_number(closing.number)}" if closing else ""
    told = [
        _refer(words.HARM, record.harm_found),
        _refer("Followed up", standing),
        _refer("Handed over", record.disclosures),
        f"{words.CARE_PLAN[plan.status]} {echo_day(plan.day)}" if plan and plan.status else "",
        # Where the verdicts have rows, a name stands where it was given.
        f"{words.PATTERN}: {record.pattern}" if record.pattern and not marked else "",
        _refer(words.PATTERN, [EntryId.parse(each.id) for each in marked]),
        "" if record.withdrawn else f"{words.tell_status(record)}{by}",
    ]
    put_right = _tell_becoming(record, record, record.withdrawn)
    return (*put_right, *filter(None, told))


def _refer(what: str, entries: Sequence[Stamped | EntryId]) -> str:
    numbers = ", ".join(show_number(each.number) for each in entries)
    return f"{what}: {numbers}" if numbers else ""


def _tell_becoming(
    entry: Stamped, record: Record | None = None, withdrawn: Stamped | None = None
) -> tuple[str, ...]:
    """Return by which entry another was withdrawn, and by which its fields were put right."""
    told = [f"Withdrawn by {show_number(withdrawn.number)}"] if withdrawn else []
    for each in record.corrections if record else ():
        if each.about == entry.id:
            fields = ", ".join(words.name_field(change.field) for change in each.changes)
            told.append(f"Put right by {show_number(each.number)}: {fields}")
    return tuple(told)


def _follow(entry: FollowedUp, record: Record) -> tuple[str, ...]:
    """Return what came of a follow-up: of its step and its change too."""
    told = [*_tell_becoming(entry, record, entry.withdrawn)]
    done = (date.fromisoformat(each.done[:10]) for each in record.steps_done if each.id == entry.id)
    told += [f"Step done, written down {echo_day(each)}" for each in done]
    told += ["Step not done yet" for each in record.steps if each.id == entry.id]
    undone = (each for each in record.standing if each.undoes == entry.id)
    told += [f"No longer so: {show_number(each.number)}" for each in undone]
    return tuple(told)


def _make_row(
    entry: Stamped, brief: Brief, texts: tuple[str, ...], became: tuple[str, ...] = ()
) -> _Row:
    """Return a row of what happened when it was written."""
    moment = entry.written_at or datetime.combine(entry.day or date.max, time.max)
    written = _tell_written(entry, brief)
    place, moment = (entry.number, 1), moment.replace(tzinfo=None)
    return _Row(entry.id, place, moment, "", written, entry.recorded_by, texts, became)


def _tell_written(entry: Stamped, brief: Brief) -> str:
    """Return when an entry was written, and how it came into the book if it was not here."""
    moment, day = entry.written_at, entry.day
    written = echo(moment) if moment else echo_weekday(day) if day else ""
    written += words.tell_clock(entry)
    came = brief.ledger.came.get(entry.number, "") if brief.rules.delay else ""
    if isinstance(entry, Record) and not came:
        came = words.tell_papers(entry)
    return ". ".join(filter(None, (written, came)))


def _place_by_event(row: _Row, entry: FollowedUp) -> _Row:
    """Return the row of a follow-up at the day of the harm or the change that it tells of."""
    changed = words.CHANGED if entry.changed else f"{words.name_field('undoes')} since"
    for day, what in ((entry.harm_on, "Harm seen"), (entry.changed_on, changed)):
        if day:
            happened = date.fromisoformat(day)
            moment = datetime.combine(happened, time.max)
            return replace(row, moment=moment, happened=f"{what} {echo_weekday(happened)}")
    return row


def _find_verdicts(records: Sequence[Record], brief: Brief) -> list[Comparison]:
    """Return the verdicts on two reports that both stand here, where all of them may be seen."""
    shown = {each.id for each in records if not each.withdrawn}
    if not (brief.rules.delay and brief.rules.safeguarding):
        return []
    return [each for each in brief.ledger.verdicts if {each.about, each.other} <= shown]


def _tell_verdict(verdict: Comparison) -> str:
    kind = "the same hazard" if verdict.same_hazard else "different hazards"
    name = f", called: {verdict.hazard}" if verdict.hazard else ""
    return f"Marked as {kind}: {tell_ids([verdict.about, verdict.other])}{name}"


def _list_meetings(records: Iterable[Record]) -> Iterator[_Row]:
    """Yield a row for each meeting that what was agreed or declined tells of."""
    said: dict[date, list[tuple[FollowedUp, str]]] = defaultdict(list)
    for record in records:
        for each in record.standing:
            if each.agreed_on:
                said[date.fromisoformat(each.agreed_on)].append((each, "Agreed"))
            elif day := find_declined(each):
                said[day].append((each, "Declined"))
    for day, entries in said.items():
        texts = [
            _refer(what, [each for each, kind in entries if kind == what])
            for what in ("Agreed", "Declined")
        ]
        first = min(each.number for each, _ in entries)
        told = ("Meeting, by what was written of it", *filter(None, texts))
        moment = datetime.combine(day, time.max)
        yield _Row("Meeting", (first, 0), moment, echo_weekday(day), "", "", told)


def _tell_gaps(shown: set[int], brief: Brief) -> str:
    """Return what the numbers hold that have no row; a family reads the same line always."""
    if not (brief.rules.delay and brief.rules.safeguarding):
        return _SOME_NUMBERS
    missing: dict[str, list[int]] = defaultdict(list)
    for number, what in brief.ledger.holds.items():
        if number not in shown:
            missing[what].append(number)
    if not missing:
        return ""
    told = [f"{tell_numbers_of(numbers)}: {what}" for what, numbers in missing.items()]
    return f"Numbers without a row here: {'; '.join(told)}."


def _tabulate(rows: Sequence[_Row], brief: Brief) -> Table:
    """Return the table: over each row a line that stands on every page on which the row is."""
    heads = tuple(_head(row, brief) for row in rows)
    if brief.large:
        cells = tuple((_join_row(row),) for row in rows)
        return Table(("What it says",), cells, (1,), heads)
    pairs = tuple(("\n".join(row.texts), "\n".join(row.became) or "–") for row in rows)
    return Table(("What it says", _BECAME), pairs, (5, 2), heads)


def _join_row(row: _Row) -> str:
    became = [f"{_BECAME}: {'; '.join(row.became)}"] if row.became else []
    return "\n".join((*row.texts, *became))


def _head(row: _Row, brief: Brief) -> str:
    written = f"Written {row.written}" if row.written else ""
    return join_parts(row.number, row.happened, written, row.author if brief.rules.authors else "")
