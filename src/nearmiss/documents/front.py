"""Page one of the handover and the meeting pack: what it tells first, each in several ways."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from nearmiss.dates.shown import echo_day, echo_weekday, take_day
from nearmiss.documents.blocks import (
    Front,
    Items,
    Notice,
    point_to,
)
from nearmiss.documents.brief import (
    FEWEST_HERE,
    Brief,
    Pattern,
    is_overdue,
    list_concerns,
    list_harm,
    list_steps,
    name_of_step,
    tell_due,
    tell_pattern,
)
from nearmiss.documents.fitting import (
    CHANGES,
    NOBODY,
    PATTERNS,
    UNDONE,
    Line,
    Listed,
    Rank,
    Say,
    count_left,
    say,
    say_kind,
    say_list,
)
from nearmiss.documents.outcome import find_plan
from nearmiss.documents.people import name_group
from nearmiss.documents.report import name_ideas, name_injury, name_line
from nearmiss.insight.telling import UNNAMED, tell_change
from nearmiss.records import words
from nearmiss.records.handed import list_ideas as list_unsettled
from nearmiss.records.informed import (
    has_odd_hour,
    list_told_of_event,
    list_tried_since,
    tell_harm_day,
    tell_told_of_concern,
    tell_told_of_event,
    tell_told_of_harm,
)
from nearmiss.records.record import Changed, FollowedUp, Record, Told
from nearmiss.speech import name_some
from nearmiss.text import begin_sentence, end_sentence, join_lines, shorten_at_sense, take_sentences

_FEWEST_PATTERNS = 4  # that page one names where there is hardly room
_MOST_TOLD = 3  # parts that people told play, in few words
SENTENCE = 160  # characters of first sentences, and where there is hardly room
_LEAST, _LEAST_OF_CONCERN = 60, 120
_NEVER_WHOLE = 1800  # characters that fit no first page beside the rest
_NAMED = 40  # characters of harm among others
_PLACE = 24  # and of a place
_FIRST = 32  # and of how the newest of a hazard without a name begins
_A_LINE = 60  # characters of a change that is told whole even among others


def tell_incidents(records: Sequence[Record]) -> Say:
    """Return the incidents, each with what happened before its injury."""
    lines = [_tell_incident(each) for each in reversed(records) if each.is_incident]
    return say_kind(lines, partial(Notice, label="Incidents"))


def _tell_incident(record: Record) -> Line:
    report, injury = record.report, words.name_field("injury")
    what, hurt = (take_whole(each, SENTENCE) for each in (report.what, report.outcome))
    is_whole = what == end_sentence(join_lines(report.what))
    return _make_line(
        f"Incident, {words.tell_when(report)}, {record.id}",
        f"{end_sentence(report.what)} {injury}: {report.outcome}",
        tell_told_of_event(record),
        _Short(
            f"{echo_day(report.occurred)}, {shorten_at_sense(report.location, _PLACE)}",
            record.id,
            tell_people(record, list_told_of_event(record), record.tried),
            first=" ".join(filter(None, [what, f"{injury}: {hurt}" if hurt else ""])),
            few=_tell_injury_first(record),
            goes_on=name_injury(record) if is_whole else record.id,
            end=words.tell_status(record),
        ),
        end=words.tell_end(record),
        bare=", ".join(filter(None, [echo_day(report.occurred), _name_hurt(record).rstrip(".")])),
        day=echo_day(report.occurred),
    )


def _tell_injury_first(record: Record) -> str:
    """Return in a few words whether anyone was hurt, then what happened where that is short."""
    hurt, what = _name_hurt(record), record.report.what
    few = take_whole(what, _LEAST)
    return f"{hurt} {few}".strip() if hurt else few or take_whole(what, SENTENCE)


def _name_hurt(record: Record) -> str:
    hurt = take_whole(record.report.outcome, _LEAST)
    return f"hurt: {hurt}" if hurt else ""


def tell_harm_later(records: Sequence[Record]) -> Say:
    """Return harm found later: each whole, or by its page and then whole on page two."""
    lines = [_tell_harm(*each) for each in list_harm(records)]
    return say_kind(lines, partial(Notice, label=words.HARM))


def _tell_harm(record: Record, entry: FollowedUp) -> Line:
    text = entry.harm_found
    tried = list_tried_since(record, entry)
    short = _Short(
        ", ".join(filter(None, [_name_harm(text), tell_harm_day(entry)])),
        entry.id,
        tell_people(record, record.list_told_of(entry.id), tried),
        first=take_whole(text, SENTENCE),
    )
    label, told = words.name_harm(record, entry), tell_told_of_harm(record, entry)
    day = tell_harm_day(entry)
    return _make_line(label, text, told, short, bare=f"harm {day}" if day else "", then=True)


def _name_harm(text: str) -> str:
    """Return the first words of harm, which tell it from others; none that say what is not."""
    first = shorten_at_sense(text, _NAMED)
    is_part = first != join_lines(text)
    return "" if is_part and _DENIES.match(first) else first.rstrip(".")


def tell_concerns(records: Sequence[Record], brief: Brief) -> Say:
    """Return the possible concerns in their own words, but those told with their incident."""
    found = list_concerns(reversed(records)) if brief.rules.safeguarding else []
    return say_kind(
        list(map(_tell_concern, found)), partial(Notice, label="Possible safeguarding concerns")
    )


def _tell_concern(record: Record) -> Line:
    report = record.report
    text = "" if record.is_incident else report.what
    return _make_line(
        f"Possible safeguarding concern raised: {record.id}, {echo_weekday(report.occurred)}",
        text,
        tell_told_of_concern(record),
        _Short(
            echo_day(report.occurred),
            record.id,
            tell_people(record, record.list_told_of("concern"), record.tried, of="concern"),
            first=take_whole(text, SENTENCE),
            few=take_whole(text, _LEAST_OF_CONCERN),
            end=words.tell_status(record),
        ),
        end=words.tell_end(record),
    )


_DENIES = re.compile(r"\W*(?:no|none|not|nothing|nobody|never)\b", re.IGNORECASE)


def take_whole(text: str, most: int) -> str:
    """Return the first sentences of a text within ``most`` characters, if any; none of them cut.

    Of a text that begins by saying what is not, all or nothing: more may follow.
    """
    first = take_sentences(text, most)
    is_part = len(first) < len(join_lines(text))
    return "" if len(first) > most or (is_part and _DENIES.match(first)) else end_sentence(first)


def name_briefly(who: str) -> str:
    """Return the part that somebody who was told plays, without a name, how or when."""
    return re.split(r",| \(", name_group(who)[1], maxsplit=1)[0]


def tell_latest(records: Sequence[Record]) -> tuple[str, str]:
    """Return which is the latest and who was told of it, whole and in few words.

    Where somebody was, the latest that nobody was told of stands behind it.
    """
    last, report = records[-1], records[-1].report
    known, place = list_told_of_event(last), shorten_at_sense(report.location, _PLACE)
    untold = next((each for each in reversed(records) if not each.told), last)
    of_that = f"{echo_day(untold.report.occurred)} ({point_to(untold.id)})"
    more = "" if untold is last else f"; {NOBODY} yet of {of_that}"
    (whole, _), (short, _) = (tell_people(last, known, tried) for tried in (last.tried, ()))
    when, day, where = words.tell_when(report), echo_day(report.occurred), point_to(last.id)
    return (
        f"the latest {when}, {place} ({where}): {whole}{more}",
        f"the latest {day} ({where}): {short}{more}",
    )


def list_parts(told: Iterable[Told]) -> list[str]:
    """Return the parts that those who were told play, each once."""
    return list(dict.fromkeys(name_briefly(who) for each in told for who in each.who))


@dataclass(frozen=True)
class _Short:
    """What a line says in few words: a day, where it stands, who was told of it, and when noted.

    ``first`` are its first sentences, ``few`` where there is hardly room; ``goes_on`` is where the
    rest stands, if that is not where it begins; ``end`` is whether it was closed.
    """

    day: str
    anchor: str
    told: tuple[str, str]
    first: str = ""
    few: str = ""
    goes_on: str = ""
    end: str = ""


def tell_people(
    record: Record, told: Sequence[Told], tried: Iterable[Told], of: str = ""
) -> tuple[str, str]:
    """Return the parts of who was told ``of`` it and who was not reached, and when last noted.

    Of a concern that nobody was told of it says who was told of what happened.
    """
    is_concern = of == "concern"
    event = list_told_of_event(record) if is_concern and not told else []
    parts = (list_parts(each) for each in (told, tried, event))
    known, missed, others = (", ".join(name_some(each, _MOST_TOLD)) for each in parts)
    what = " of the concern" if is_concern else ""
    said = f"{known} told{what}" if known else f"{NOBODY}{what} yet"
    is_odd = told and all(has_odd_hour(record, each) for each in told)
    asides = [
        "check the hour" if is_odd else "",
        f"of the event: {others}" if others else "",
        f"not reached: {missed}" if missed else "",
    ]
    aside = "; ".join(filter(None, asides))
    last = max((each.recorded_at for each in told), default="")
    noted = f", noted {echo_day(take_day(last))}" if last else ""
    return f"{said}{aside and f' ({aside})'}", noted


def _make_line(
    label: str,
    text: str,
    told: str,
    short: _Short,
    *,
    end: str = "",
    bare: str = "",
    day: str = "",
    then: bool = False,
) -> Line:
    ended = f" {end_sentence(end)}" if end else ""
    whole = "\n".join(filter(None, (text, f"{end_sentence(told)}{ended}")))
    where, (people, noted) = point_to(short.anchor), short.told
    is_part = join_lines(short.first) != join_lines(text) or then
    on = f"(continues {point_to(short.goes_on or short.anchor)})" if is_part else f"({where})"
    said = f"{begin_sentence(people)}{noted}"
    pointed = f"{short.first} {said} {on}." if short.first else f"in full {where}. {said}."
    return Line(
        f"{short.day} ({where})",
        where,
        people,
        short.few,
        None if len(text) > _NEVER_WHOLE else Notice(whole, label),
        Notice(f"{pointed}{f' {short.end}.' if short.end else ''}", label),
        bare=f"{bare} ({where})" if bare else "",
        day=f"{day} ({where})" if day else "",
        then=(Notice(whole, label, short.anchor),) if then else (),
    )


def _as_item(text: str) -> Items:
    return Items((text,))


def tell_patterns(
    patterns: Iterable[Pattern], records: Sequence[Record], *, over: bool | None = None
) -> Say:
    """Return each confirmed pattern that has reports here, with what came since a change.

    ``over`` chooses those of which the last is long ago, or the others.
    """
    lines = [
        _tell_pattern(pattern, theirs, says_past=over is None)
        for pattern, theirs in list_here(patterns, records)
        if over in (None, pattern.is_over)
    ]
    return say_kind(lines, _as_item, PATTERNS, _FEWEST_PATTERNS)


def list_here(
    patterns: Iterable[Pattern], records: Iterable[Record]
) -> Iterator[tuple[Pattern, list[Record]]]:
    """Yield each pattern that has reports here, with these in the order of what happened."""
    by_id = {record.id: record for record in records}
    for pattern in patterns:
        theirs = [by_id[each] for each in pattern.ids if each in by_id]
        if len(theirs) >= FEWEST_HERE:
            yield pattern, theirs


def _tell_pattern(pattern: Pattern, theirs: Sequence[Record], *, says_past: bool) -> Line:
    changes = [tell_change(each) for record in theirs for each in record.in_force]
    where = point_to(theirs[-1].id)
    here = f"({len(theirs)} here, the last {where})"
    short = "; ".join([f"{begin_sentence(pattern.name)} {here}", *changes])
    whole = tell_pattern(pattern, theirs, says_past=says_past)
    begins = shorten_at_sense(pattern.name.removeprefix(f"{UNNAMED}: "), _FIRST)
    linked = f"{len(theirs)} reports that the carer linked"
    bare = day = ""
    if pattern.name.startswith(UNNAMED) and not changes:
        short = bare = f"{linked}: {begins.rstrip('.')} (the last {where})"
        day = f"{linked} (the last {where})"
    return Line(
        short, where, whole=_as_item(whole), pointer=_as_item(f"{short}."), bare=bare, day=day
    )


def tell_changes(records: Sequence[Record], brief: Brief) -> Say:
    """Return what has changed, the newest first, beside what is told with a pattern."""
    told = brief.with_hazards
    newest = sorted(records, key=lambda each: each.number, reverse=True)
    found = [each for record in newest for each in _list_changes(record, told)]
    lines = {line.name: line for _, line in sorted(found, key=lambda each: each[0], reverse=True)}
    return say_kind(list(lines.values()), _as_item, CHANGES)


def _list_changes(record: Record, told: Collection[str]) -> Iterator[tuple[date, Line]]:
    """Yield each change that is not ``told`` with the day by which it is ordered."""
    plan, entry = record.care_plan, find_plan(record)
    if plan and entry and plan.status == "changed":
        name = f"{words.CARE_PLAN['changed']}, noted {echo_day(plan.day)}"
        yield plan.day, _change(name, entry.id, plan.text)
    for change in record.in_force:
        if change.id not in told:
            yield change.day, _change(tell_change(change), change.id)


def _change(name: str, entry: str, text: str = "") -> Line:
    whole = f"{name}: {text}" if text else name
    where = point_to(name_line(entry))
    short = (whole if len(text) <= _A_LINE else f"{name}: whole {where}").rstrip(". ")
    told = None if len(text) > _NEVER_WHOLE else _as_item(end_sentence(whole))
    return Line(short, where, whole=told, pointer=_as_item(end_sentence(short)))


def list_undone(records: Sequence[Record], brief: Brief) -> list[Listed]:
    """Return what waits, each with its state: unanswered reviews of the care plan, then steps."""
    asked = [(record.care_plan_waiting, record) for record in records]
    reviews = [
        Listed(
            f"{words.tell_asked(entry)} ({name_of_step(record)})",
            point_to(name_line(entry.id)),
            "not answered",
        )
        for entry, record in asked
        if entry
    ]
    steps = [
        Listed(
            f"{words.NEXT_STEP}: {tell_due(step, record, brief)}",
            point_to(name_line(step.id)),
            "overdue" if is_overdue(step, brief) else "to do",
            name_of_step(record),
        )
        for step, record in list_steps(records)
    ]
    return [*reviews, *steps]


def say_undone(undone: Sequence[Listed]) -> Say:
    """Return what waits and should not: what a page says to the last, at least of one."""
    lines = [
        Line(each.text, each.where, whole=item, pointer=item)
        for each in undone
        if each.state != "to do"
        for item in [_as_item(f"{each.text}.")]
    ]
    if not lines:
        return say()
    late = [each for each in undone if each.state != "to do"]
    counted = count_left(late, f"{len(late)} not done")
    return [*say_kind(lines, _as_item, UNDONE, 1), (Rank.REST, Front((_as_item(counted),)))]


def tell_done(records: Iterable[Record]) -> Say:
    """Return the next steps that are done, the latest first, each with its report."""
    done = [(step, record) for record in records for step in record.steps_done]
    listed = [
        Listed(
            f"Done, noted {echo_day(take_day(step.done))}: {step.text} ({record.id})",
            point_to(name_line(step.id)),
        )
        for step, record in sorted(done, key=lambda each: each[0].done, reverse=True)
    ]
    return say_list(listed, "next step done", "next steps done")


def list_ideas(records: Iterable[Record], brief: Brief) -> list[Listed]:
    """Return the ideas that nothing has come of, the newest first, each with where it stands.

    Of a hazard that keeps coming they are also those of its newest report, though it is closed.
    One after which something was changed about the same hazard comes last, with the change:
    whether that was it, only people can tell.
    """
    newest = sorted(records, key=lambda each: each.report.occurred, reverse=True)
    since = {each.id: find_change(each, newest, brief.patterns) for each in newest}
    also = {
        next((each.id for each in theirs[::-1] if each.report.recommendations), "")
        for pattern, theirs in list_here(brief.patterns, newest)
        if not pattern.is_over
    }
    found = sorted(list_unsettled(newest, also), key=lambda each: since[each[1].id] is not None)
    return [
        Listed(
            f"{end_sentence(idea)} Since then: {tell_change(change)}" if change else idea,
            point_to(name_ideas(record)),
            of=record.id,
        )
        for idea, record in found
        for change in [since[record.id]]
    ]


def find_change(
    record: Record, records: Iterable[Record], patterns: Iterable[Pattern]
) -> Changed | None:
    """Return what was changed last since a report, and holds, about it or its pattern."""
    day, tied = record.report.occurred.date(), {record.id}
    tied |= {one for each in patterns if record.id in each.ids for one in each.ids}
    changes = [
        change
        for each in records
        if each.id in tied
        for change in each.in_force
        if change.day >= day
    ]
    return max(changes, key=lambda each: each.day, default=None)
