"""The chronology: a row for each entry as it was first written, in the order of what happened."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from nearmiss.dates.shown import echo, echo_day, echo_weekday
from nearmiss.documents.blocks import Block, Document, Notice, Row, Words
from nearmiss.documents.brief import (
    TOLD_IN,
    Brief,
    call_client,
    count_reports,
    end_foot,
    join_parts,
    list_concerns,
    list_harm,
    make_document,
    make_identity,
    name_clients,
    tell_lateness,
    tell_span_of,
)
from nearmiss.documents.fitting import Thing, count_left
from nearmiss.documents.front import NOBODY, tell_people
from nearmiss.documents.ledger import tell_ids, tell_numbers_of
from nearmiss.documents.outcome import (
    refer_to,
    tell_care_plans,
    tell_follow_up_outcome,
    tell_outcome,
    tell_put_right,
)
from nearmiss.documents.sentences import SENTENCE, take_danger, take_first, take_whole
from nearmiss.model.entries import Comparison, Correction, ReportFields
from nearmiss.model.ids import show_number
from nearmiss.model.questions import CATEGORY_LABELS
from nearmiss.records import words
from nearmiss.records.fold import put_back
from nearmiss.records.informed import (
    NOBODY_YET,
    THAT_DAY,
    list_told_later,
    mark_hours,
    tell_harm_day,
    tell_nobody,
    tell_told_of,
)
from nearmiss.records.record import Corrected, FollowedUp, HandedOver, Record, Stamped
from nearmiss.speech import count_of
from nearmiss.text import end_sentence

_PROVES = (
    "This shows what the carer wrote, and when by this computer's clock. A seal on a copy handed "
    "over shows that entries up to it are unchanged since. It does not prove the clock, the "
    "account, or that nothing was left out."
)
_SOME_NUMBERS = "This page shows only some of the numbers."
_AS_FIRST = "Each row is as it was first written; what was put right later is said beside it."
_AS_NOW = "A row that was put right since is as it stands now, and says so."
_PLACED = "What was written later stands at the day that it tells of, or else of its writing."
_GONE = "A report that was withdrawn since stands without its text; what else was, says so."
_GONE_OWN = "What was withdrawn since stands whole, and says so."
_FEW, _FEW_LARGE = 6, 3  # harms, incidents and concerns of which the first page tells all
_MOST, _MOST_LARGE = 8, 4  # of each that it tells of one by one
_WHOLE = 200  # characters of harm that stand there whole
_FIRST_WORDS = 40  # characters of a report that what is about it repeats, if they are a sentence


@dataclass(frozen=True)
class _Row:
    """One entry: its id, what it is, when that happened, how it was written, what it says.

    ``number`` is its place by entry, ``moment`` by what happened: the end of a day without an hour,
    or when it was written if that was on it. It never stands before what it is ``about``.
    """

    id: str
    number: int
    moment: datetime
    what: str
    happened: str
    stamp: str
    texts: tuple[Words, ...]
    became: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    written: datetime | None = None


def build_chronology(records: Sequence[Record], brief: Brief) -> Document:
    """Return a row for each entry."""
    rows = _order([*_list_rows(records, brief)], brief)
    numbers = {row.number for row in rows}
    gaps, backwards = _tell_gaps(numbers, brief), _tell_backwards(rows, brief)
    foot = (tell_care_plans(records), gaps, backwards, _PROVES)
    *others, last = map(_draw, rows)
    blocks = [*make_identity(brief, records), *_begin(records, brief), *others]
    # The last words never stand on a page of their own.
    ending: tuple[Block, ...] = (last, *(Words(text, "small") for text in foot if text))
    order = "in the order written" if brief.by_writing else "in the order of what happened"
    span = f"{count_reports(records)}, {tell_span_of(records)}, {order}"
    texts = f"Chronology: {call_client(brief, records)}", span
    document = make_document("chronology", texts, blocks, records, brief, ending=ending)
    first, last_number = show_number(min(numbers)), show_number(max(numbers))
    shown = (
        f"{count_of(len(numbers), 'entry', 'entries')} in {records[0].id.partition('-')[0]}-{first}"
    )
    shown += f" to {last_number}" if last_number != first else ""
    return replace(document, foot=end_foot(shown, brief))


def _order(rows: Iterable[_Row], brief: Brief) -> list[_Row]:
    """Return rows by what happened, none before what it is about; or by entry."""
    by_entry = sorted(rows, key=lambda row: row.number)
    if brief.by_writing:
        return by_entry
    moments: dict[str, datetime] = {}
    for row in by_entry:
        moments[row.id] = max(
            [row.moment, *(moments[each] for each in row.about if each in moments)]
        )
    return sorted(by_entry, key=lambda row: (moments[row.id], row.number))


def _end_day(day: date, written: datetime | None) -> datetime:
    """Return the end of a day, or when it was written if that was on it."""
    end = datetime.combine(day, time.max)
    return min(end, written.replace(tzinfo=None)) if written else end


def _begin(records: Sequence[Record], brief: Brief) -> Iterator[Block]:
    """Yield what the first page names: concerns, incidents and harm, and who was told of each."""
    standing = [each for each in records if not each.withdrawn]
    concerns = [(each, "concern") for each in list_concerns(standing) if brief.rules.safeguarding]
    incidents = [(each, "event") for each in standing if each.is_incident]
    harm = [(record, each.id) for record, each in reversed(list_harm(standing))]
    kinds = ((words.CONCERN, concerns), ("Incidents", incidents), (words.HARM, harm))
    if sum(len(found) for _, found in kinds) <= (_FEW_LARGE if brief.large else _FEW):
        yield from (_tell_whole(*each) for _, found in kinds for each in found)
    else:
        most = _MOST_LARGE if brief.large else _MOST
        yield from (_tell_each(kind, found, most) for kind, found in kinds if found)
    gone = any(
        record.withdrawn or any(each.withdrawn for each in record.follow_ups) for record in records
    )
    was_put_right = any(record.corrections for record in records)
    told = [_AS_FIRST] if brief.rules.old_text else [_AS_NOW] if was_put_right else []
    told += [] if brief.by_writing else [_PLACED]
    told += [_GONE_OWN if brief.rules.audience == "own" else _GONE] if gone else []
    if told:
        yield Words(" ".join(told), "small")


def _tell_whole(record: Record, of: str) -> Notice:
    """Return a concern, an incident or harm as it stands now, and who was told of it."""
    where = join_parts(
        f"{record.id}, {echo_weekday(record.report.occurred)}",
        take_whole(record.report.what, SENTENCE),
    )
    told = end_sentence(tell_told_of(record, of))
    if of == "concern":
        ended = end_sentence(words.tell_end(record))
        return Notice(f"{end_sentence(where)} {told} {ended}", label=words.CONCERN)
    if of == "event":
        return Notice(f"{end_sentence(where)} {told}", label="Incident")
    entry = next(each for each in record.harm_found if each.id == of)
    is_long = len(entry.harm_found) > _WHOLE
    text = f"In full in {show_number(entry.number)}." if is_long else entry.harm_found
    lines = (text, tell_told_of(record, entry.id), *tell_put_right(entry, record))
    return Notice("\n".join(lines), label=words.name_harm(record, entry))


def _tell_each(kind: str, found: Sequence[tuple[Record, str]], most: int) -> Notice:
    """Return those of a kind in few words, first what nobody was told of."""
    lines = [_tell_in_line(*each) for each in found]
    lines.sort(key=lambda each: not each[1].state)
    told = [text for text, _ in lines[:most]]
    if more := [thing for _, thing in lines[most:]]:
        told.append(count_left(more, most))
    return Notice(end_sentence(" · ".join(told)), label=f"{kind} ({len(found)})")


def _tell_in_line(record: Record, of: str) -> tuple[str, Thing]:
    harm = next((each for each in record.harm_found if each.id == of), None)
    day = tell_harm_day(harm, echo_weekday) if harm else echo_weekday(record.report.occurred)
    entry = f", in {show_number(harm.number)}" if harm else ""
    _, people, _ = tell_people(record, of)
    ended = f"; {'still open' if record.is_open else 'closed'}" if of == "concern" else ""
    state = f"{NOBODY} yet" if people.startswith(NOBODY) else ""
    hurt = take_first(record.report.outcome) if of == "event" else ""
    few = take_danger(harm.harm_found) if harm else hurt or take_first(record.report.what)
    said = f"{day} ({record.id}{entry}{ended}), {people}{few and f'. {few}'}"
    return said, Thing([], f"in {record.id}", state)


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
        told = words.tell_handed_over(replace(entry, withdrawn=None))
        became = tell_put_right(entry, withdrawn=entry.withdrawn)
        yield _make_row(entry, brief, f"Handed over: {tell_ids(ids)}", [("", told)], became)
    for verdict in verdicts:
        stamp = Stamped(verdict.id, verdict.first_recorded_at, verdict.written_by)
        kind = "the same hazard" if verdict.same_hazard else "different hazards"
        what = f"Marked as {kind}: {tell_ids([verdict.about, verdict.other])}"
        row = _make_row(stamp, brief, what)
        called = f"Called: {verdict.hazard}" if verdict.hazard else ""
        yield replace(row, stamp=join_parts(row.stamp, called))


def _make_row(
    entry: Stamped,
    brief: Brief,
    what: str,
    facts: Iterable[tuple[str, str]] = (),
    became: tuple[str, ...] = (),
    about: tuple[str, ...] = (),
    late: str = "",
) -> _Row:
    """Return a row of what happened when it was written, ``late`` after what it tells of."""
    moment, day = entry.written_at, entry.day
    came = brief.ledger.came.get(entry.number, "") if brief.rules.delay else ""
    if isinstance(entry, Record) and not came:
        came = words.tell_papers(entry)
    written = echo(moment) if moment else echo_weekday(day) if day else ""
    written += words.tell_clock(entry)
    author = entry.recorded_by if brief.rules.authors else ""
    stamp = join_parts(f"Written {written}{late}" if written else "", came, author)
    placed = _end_day(day or date.max, moment)
    texts: list[Words] = []
    for name, text in facts:
        if name and texts:  # beside what stands before it
            texts[-1] = replace(texts[-1], more=(*texts[-1].more, Words(text, label=name)))
        else:
            texts.append(Words(text, label=name))
    return _Row(
        entry.id, entry.number, placed, what, "", stamp, tuple(texts), became, about, moment
    )


def _list_later(record: Record, brief: Brief) -> Iterator[_Row]:
    """Yield a row for each thing that was written about a report later."""
    first, id_of = put_back(record), record.id
    of = _describe(first, brief)
    for each in first.follow_ups:
        facts = [
            (name, text) if text else ("", f"{name}.")
            for name, text in words.name_facts(first, each)
        ]
        about = (id_of, *each.told_of, each.undoes, each.ends)
        became = tell_follow_up_outcome(each, record, brief.made)
        late = _tell_late_harm(each, brief)
        row = _make_row(each, brief, f"Follow-up to {id_of}{of}", facts, became, about, late)
        yield _place_by_event(row, each)
    for entry in record.corrections:
        what = id_of if entry.about == id_of else f"{entry.about}, a follow-up to {id_of}"
        what = f"Correction of {what}{of}"
        facts = [("", each) for each in words.tell_changes(entry)]
        yield _make_row(entry, brief, what, facts, (), (id_of, entry.about))
    told_above = record.withdrawn.id if record.withdrawn and brief.rules.audience != "own" else ""
    for gone in _list_withdrawals(record):
        said = gone.reason and gone.id != told_above
        reason = [("Reason", gone.reason)] if said else []
        yield _make_row(gone, brief, f"Withdraws {gone.about}", reason, (), (gone.about,))


def _tell_late_harm(entry: FollowedUp, brief: Brief) -> str:
    """Return in brackets how long after harm was seen it was written down, where that is known."""
    if not (entry.harm_on and entry.day and brief.rules.delay):
        return ""
    days = (entry.day - date.fromisoformat(entry.harm_on)).days
    return f" ({count_of(days, 'day')} later)" if days else " (on that day)"


def _list_withdrawals(record: Record) -> list[Corrected]:
    """Return the withdrawals that a reader may see, those that were taken back too."""
    found = {
        each.id: Corrected(
            *(each.id, each.first_recorded_at, each.written_by, each.about, each.reason, ()),
            written_after=each.written_after or "",
        )
        for each in record.as_written
        if isinstance(each, Correction) and each.withdraws
    }
    entries: list[Record | FollowedUp | HandedOver] = [record, *record.follow_ups]
    for entry in [*entries, *record.disclosures]:
        if gone := entry.withdrawn:
            stamp, after = (gone.id, gone.recorded_at, gone.recorded_by), gone.written_after
            corrected = Corrected(*stamp, entry.id, gone.reason, (), written_after=after)
            found.setdefault(gone.id, corrected)
    return list(found.values())


def _describe(first: Record, brief: Brief) -> str:
    """Return the day and place of the report that something is about, and a short sentence."""
    if first.withdrawn and brief.rules.audience != "own":
        return ""
    report = first.report
    what = take_whole(report.what, _FIRST_WORDS)
    return f" ({echo_day(report.occurred)}, {report.location}{f': {what[:-1]}' if what else ''})"


def _tell_report(
    record: Record, brief: Brief, verdicts: Sequence[Comparison], *, names_client: bool
) -> _Row:
    report = put_back(record).report
    concern = words.CONCERN if brief.rules.safeguarding and report.safeguarding else ""
    happened = words.tell_when(report)
    row = _make_row(record, brief, "", late=tell_lateness(record, report, brief.rules))
    row = replace(row, happened=happened if report.noticed else f"Happened {happened}")
    if not report.hour_not_known:
        row = replace(row, moment=report.occurred.replace(tzinfo=None))
    else:
        row = replace(row, moment=_end_day(report.occurred.date(), record.written_at))
    if (gone := record.withdrawn) and brief.rules.audience != "own":
        day = f" {echo_day(gone.day)}" if gone.day else ""
        texts = (Words(gone.reason, label=f"Withdrawn{day}"),)
        return replace(row, what=join_parts("Withdrawn", concern), texts=texts)
    kind = f"{words.name_kind(record)}: {CATEGORY_LABELS[report.category]}"
    client, day = report.client if names_client else "", echo_weekday(report.occurred)
    return replace(
        row,
        what=join_parts("Withdrawn" if record.withdrawn else "", kind, concern),
        stamp=join_parts(client, report.location, row.stamp.replace(f"{day}, ", "")),
        texts=tuple(_tell_answers(record, report)),
        became=tell_outcome(record, verdicts),
    )


def _tell_answers(record: Record, report: ReportFields) -> Iterator[Words]:
    for field in (*TOLD_IN[record.is_incident], "immediate_action"):
        yield Words(getattr(report, field), label=words.name_field(field))
    how, entries = list_told_later(record)
    later = refer_to(f"told {how}", entries, record.day)
    nobody = f"{tell_nobody(record)}{later and f' ({later})'}"
    if how == THAT_DAY:
        people = "; ".join(who for each in entries for who in each.informed)
        nobody = f"{people} ({refer_to('noted in', entries, record.day, ' ')})"
    people = "; ".join(mark_hours(record, report.informed))
    told = Words(people or nobody, label=words.name_field("informed"))
    more = ("tried", "concern_informed", "recommendations")
    said = ((words.name_field(field), getattr(report, field)) for field in more)
    beside = [
        Words("; ".join(mark_hours(record, texts)), label=name) for name, texts in said if texts
    ]
    beside += [Words(words.tell_claims(record), label=words.CLAIMS)] if record.claims else []
    yield replace(told, more=tuple(beside))
    if report.safeguarding and not report.concern_informed:
        told_since = [each for each in record.standing if _tells_concern(each)]
        since = refer_to("told later", told_since, record.day)
        text = f"{NOBODY_YET} ({since})" if since else NOBODY_YET
        yield Words(text, label=words.name_field("concern_informed"))


def _tells_concern(entry: FollowedUp) -> bool:
    return bool(entry.informed) and "concern" in entry.told_of


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
    if not (brief.rules.delay and brief.rules.safeguarding):
        return []
    shown = {each.id for each in records if not each.withdrawn}
    return [each for each in brief.ledger.verdicts if {each.about, each.other} <= shown]


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


def _tell_backwards(rows: Iterable[_Row], brief: Brief) -> str:
    """Return which numbers were written, by the clock, before a number that stands before them."""
    found, latest = list[int](), None
    for row in sorted(rows, key=lambda each: each.number):
        if row.written and row.number not in brief.ledger.came:
            if latest and row.written < latest:
                found.append(row.number)
            latest = max(latest or row.written, row.written)
    told = f"Written, by the clock, before a number that comes earlier: {tell_numbers_of(found)}."
    return f"{told} The clock may have been wrong." if found else ""


def _draw(row: _Row) -> Row:
    head = join_parts(row.id, row.happened, row.what)
    became = f"{'; '.join(row.became)}." if row.became else ""
    stamp = (Words(row.stamp, "small"),) if row.stamp else ()
    came = (Words(became, "small", label="What came of it"),) if became else ()
    return Row(head, (*stamp, *row.texts, *came), anchor=row.id)
