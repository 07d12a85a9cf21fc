"""Page one of the handover and the meeting pack: what it tells first, each in several ways."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from nearmiss.dates.shown import echo_day, echo_weekday, take_day
from nearmiss.documents.blocks import Block, Items, Notice, point_to
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
    MOST,
    Kind,
    Listed,
    Thing,
    Turn,
    Way,
    count_left,
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

NOBODY, TO_DO = "nobody told", "to do"
SENTENCE = 160  # characters of first sentences, and where there is hardly room
_LEAST, _LEAST_OF_CONCERN = 60, 120
_MOST_TOLD = 3  # parts that people told play, in few words
_NAMED = 40  # characters of harm among others
_PLACE = 24  # and of a place
_FIRST = 32  # and of how the newest of a hazard without a name begins
_A_LINE = 60  # characters of a change that is told whole even among others
_FEWEST, _FOUR = 2, 4  # of a kind that are named before, and with, those of others


def tell_incidents(records: Sequence[Record]) -> Kind:
    """Return the incidents, the latest first, each with what happened before its injury."""
    found = [each for each in reversed(records) if each.is_incident]
    return _tell_grave("Incidents", [_tell_incident(each, at) for at, each in enumerate(found)])


def _tell_incident(record: Record, at: int) -> Thing:
    report, injury = record.report, words.name_field("injury")
    what, hurt = (take_whole(each, SENTENCE) for each in (report.what, report.outcome))
    is_whole = what == end_sentence(join_lines(report.what))
    day = echo_day(report.occurred)
    short = take_whole(report.outcome, _LEAST)
    short = f"Hurt: {short}" if short else ""
    few = f"{short} {take_whole(report.what, _LEAST) or ('' if short else what)}".strip()
    return _make_grave(
        at,
        f"Incident, {words.tell_when(report)}, {record.id}",
        f"{end_sentence(report.what)} {injury}: {report.outcome}",
        tell_told_of_event(record),
        tell_people(record, list_told_of_event(record), record.tried),
        record.id,
        [(day, ""), (day, short), (f"{day}, {shorten_at_sense(report.location, _PLACE)}", few)],
        first=" ".join(filter(None, [what, f"{injury}: {hurt}" if hurt else ""])),
        goes_on=name_injury(record) if is_whole else record.id,
        record=record,
    )


def tell_harm_later(records: Sequence[Record]) -> Kind:
    """Return harm found later: each whole, or by its page and then whole on page two."""
    found = enumerate(list_harm(records))
    return _tell_grave(words.HARM, [_tell_harm(*each, at) for at, each in found])


def _tell_harm(record: Record, entry: FollowedUp, at: int) -> Thing:
    text, day = entry.harm_found, tell_harm_day(entry)
    tried = list_tried_since(record, entry)
    return _make_grave(
        at,
        words.name_harm(record, entry),
        text,
        tell_told_of_harm(record, entry),
        tell_people(record, record.list_told_of(entry.id), tried),
        entry.id,
        [(day, ""), (day, name_harm(text))],
        first=take_whole(text, SENTENCE),
        is_harm=True,
    )


def name_harm(text: str) -> str:
    """Return the first words of harm, which tell it from others; none that say what is not."""
    first = shorten_at_sense(text, _NAMED)
    is_part = first != join_lines(text)
    return "" if is_part and _DENIES.match(first) else first.rstrip(".")


def tell_concerns(records: Sequence[Record], brief: Brief) -> Kind:
    """Return the possible concerns in their own words, but those told with their incident."""
    found = list_concerns(reversed(records)) if brief.rules.safeguarding else []
    things = [_tell_concern(each, at) for at, each in enumerate(found)]
    return _tell_grave("Possible safeguarding concerns", things)


def _tell_concern(record: Record, at: int) -> Thing:
    report, day = record.report, echo_day(record.report.occurred)
    text = "" if record.is_incident else report.what
    return _make_grave(
        at,
        f"Possible safeguarding concern raised: {record.id}, {echo_weekday(report.occurred)}",
        text,
        tell_told_of_concern(record),
        tell_people(record, record.list_told_of("concern"), record.tried, of="concern"),
        record.id,
        [(day, ""), (day, take_whole(text, _LEAST_OF_CONCERN))],
        first=take_whole(text, SENTENCE),
        record=record,
    )


def _tell_grave(label: str, things: Sequence[Thing]) -> Kind:
    """Return incidents, harm or concerns: those in few words stand together in one box."""

    def join(ways: list[Way], left: list[Thing], told: int) -> list[Block]:
        # Who is named as told, or that nobody is, is what is left: nobody may be taken for told.
        parts = [*map(str, ways), *([count_left(left, told)] if left else [])]
        return [Notice(end_sentence(" · ".join(parts)), label)]

    return Kind(things, join)


def _make_grave(
    at: int,
    label: str,
    text: str,
    told: str,
    people: tuple[str, str, str],
    anchor: str,
    few: Sequence[tuple[str, str]],
    *,
    first: str,
    goes_on: str = "",
    record: Record | None = None,
    is_harm: bool = False,
) -> Thing:
    """Return what is told of an incident, harm or concern, the latest of its kind ``at`` 0.

    ``few`` are a name for it with no words, and names with some; ``first`` its first sentences, of
    which the rest ``goes_on`` elsewhere; how its ``record`` ended is said with it. Harm that is not
    told whole begins page two.
    """
    where, (least, who, noted) = point_to(anchor), people
    end, ended = (words.tell_end(record), words.tell_status(record)) if record else ("", "")
    whole = "\n".join(filter(None, (text, " ".join(map(end_sentence, filter(None, (told, end)))))))
    is_part = join_lines(first) != join_lines(text) or is_harm
    on = f"(continues {point_to(goes_on or anchor)})" if is_part else f"({where})"
    said = f"{begin_sentence(who)}{noted}"
    pointed = f"{first} {said} {on}." if first else f"in full {where}. {said}."
    pointed += f" {ended}." if ended else ""
    ways: list[tuple[Turn, Way]] = [
        (Turn.FEW, f"{name} ({where}), {who}. {more}")
        if more
        else (turn_of(at), f"{name} ({where}), {least}")
        for name, more in dict.fromkeys(few)
    ]
    ways += [(Turn.LINES, [Notice(pointed, label)]), (Turn.WHOLE, [Notice(whole, label)])]
    return Thing(
        [((turn, at), way) for turn, way in ways] if at < MOST else [],
        where,
        f"{NOBODY} yet" if who.startswith(NOBODY) else "",
        then=(Notice(whole, label, anchor),) if is_harm else (),
    )


def turn_of(at: int) -> Turn:
    """Return when the thing at that place among its like is named."""
    return Turn.ALWAYS if at < _FEWEST else Turn.FOUR if at < _FOUR else Turn.EIGHT


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
    short, whole, _ = tell_people(last, known, last.tried)
    when, day, where = words.tell_when(report), echo_day(report.occurred), point_to(last.id)
    return (
        f"the latest {when}, {place} ({where}): {whole}{more}",
        f"the latest {day} ({where}): {short}{more}",
    )


def list_parts(told: Iterable[Told]) -> list[str]:
    """Return the parts that those who were told play, each once."""
    return list(dict.fromkeys(name_briefly(who) for each in told for who in each.who))


def tell_people(
    record: Record, told: Sequence[Told], tried: Iterable[Told], of: str = ""
) -> tuple[str, str, str]:
    """Return the parts of who was told ``of`` it, also with who was not reached, and when noted.

    Of a concern that nobody was told of it says who was told of what happened.
    """
    is_concern = of == "concern"
    event = list_told_of_event(record) if is_concern and not told else []
    parts = (list_parts(each) for each in (told, tried, event))
    known, missed, others = (", ".join(name_some(each, _MOST_TOLD)) for each in parts)
    what = " of the concern" if is_concern else ""
    said = f"{known} told{what}" if known else f"{NOBODY}{what} yet"
    is_odd = told and all(has_odd_hour(record, each) for each in told)
    asides = ["check the hour" if is_odd else "", f"of the event: {others}" if others else ""]
    last = max((each.recorded_at for each in told), default="")
    noted = f", noted {echo_day(take_day(last))}" if last else ""
    ways = (filter(None, each) for each in (asides, [*asides, missed and f"not reached: {missed}"]))
    least, most = (f" ({aside})" if (aside := "; ".join(each)) else "" for each in ways)
    return f"{said}{least}", f"{said}{most}", noted


def tell_patterns(
    patterns: Iterable[Pattern], records: Sequence[Record], *, over: bool | None = None
) -> Kind:
    """Return each confirmed pattern that has reports here, with what came since a change.

    ``over`` chooses those of which the last is long ago, or the others.
    """
    found = [each for each in list_here(patterns, records) if over in (None, each[0].is_over)]
    things = [_tell_pattern(*each, at, says_past=over is None) for at, each in enumerate(found)]
    return Kind(things, _join_in_item)


def _join_in_item(ways: list[Way], left: list[Thing], told: int) -> list[Block]:
    """Return patterns, or changes, that stand in few words, in one item of a list."""
    parts = [*map(str, ways), *([count_left(left, told)] if left else [])]
    return [Items((end_sentence(" · ".join(parts)),))]


def list_here(
    patterns: Iterable[Pattern], records: Iterable[Record]
) -> Iterator[tuple[Pattern, list[Record]]]:
    """Yield each pattern that has reports here, with these in the order of what happened."""
    by_id = {record.id: record for record in records}
    for pattern in patterns:
        theirs = [by_id[each] for each in pattern.ids if each in by_id]
        if len(theirs) >= FEWEST_HERE:
            yield pattern, theirs


def _tell_pattern(pattern: Pattern, theirs: Sequence[Record], at: int, *, says_past: bool) -> Thing:
    changes = [tell_change(each) for record in theirs for each in record.in_force]
    where = point_to(theirs[-1].id)
    short = f"{begin_sentence(pattern.name)} ({len(theirs)} here, the last {where})"
    ways: list[tuple[Turn, Way]] = [(Turn.FOUR, "; ".join([short, *changes]))]
    if pattern.name.startswith(UNNAMED) and not changes:
        begins = shorten_at_sense(pattern.name.removeprefix(f"{UNNAMED}: "), _FIRST).rstrip(".")
        linked = f"{len(theirs)} reports that the carer linked"
        short = f"{linked}: {begins} (the last {where})"
        ways = [(Turn.FOUR, f"{linked} (the last {where})"), (Turn.REST, short)]
    whole = tell_pattern(pattern, theirs, says_past=says_past)
    ways.append((Turn.TALES, [Items((whole,))]))
    ways[0] = turn_of(at // 2), ways[0][1]  # twice as many: each is a line
    return Thing([((turn, at), way) for turn, way in ways] if at < MOST else [], where)


def tell_changes(records: Sequence[Record], brief: Brief) -> Kind:
    """Return what has changed, the newest first, beside what is told with a pattern."""
    told = brief.with_hazards
    newest = sorted(records, key=lambda each: each.number, reverse=True)
    found = [each for record in newest for each in _list_changes(record, told)]
    lines = {each[1]: each for each in sorted(found, key=lambda each: each[0], reverse=True)}
    return Kind(
        [_tell_change(at, *each[1:]) for at, each in enumerate(lines.values())], _join_in_item
    )


def _list_changes(record: Record, told: Collection[str]) -> Iterator[tuple[date, str, str, str]]:
    """Yield each change that is not ``told``: the day by which it is ordered, and what is said.

    That is in few words and whole; and where it stands.
    """
    plan, entry = record.care_plan, find_plan(record)
    if plan and entry and plan.status == "changed":
        where = point_to(name_line(entry.id))
        name = f"{words.CARE_PLAN['changed']}, noted {echo_day(plan.day)}"
        whole = f"{name}: {plan.text}" if plan.text else name
        short = whole if len(plan.text) <= _A_LINE else f"{name}: whole {where}"
        yield plan.day, short.rstrip(". "), whole, where
    for change in record.in_force:
        if change.id not in told:
            told_of = tell_change(change)
            yield change.day, told_of, told_of, point_to(name_line(change.id))


def _tell_change(at: int, short: str, whole: str, where: str) -> Thing:
    ways: list[tuple[Turn, Way]] = [
        (turn_of(at), short),
        (Turn.TALES, [Items((end_sentence(whole),))]),
    ]
    # Behind incidents, harm and concerns.
    return Thing([((turn, at + MOST), way) for turn, way in ways] if at < MOST else [], where)


def list_undone(records: Sequence[Record], brief: Brief) -> list[Listed]:
    """Return what waits, each with its state: unanswered reviews of the care plan, then steps."""
    reviews = [
        Listed(
            f"{words.tell_asked(entry)} ({name_of_step(record)})",
            point_to(name_line(entry.id)),
            "not answered",
        )
        for record in records
        if (entry := record.care_plan_waiting)
    ]
    steps = [
        Listed(
            f"{words.NEXT_STEP}: {tell_due(step, record, brief)}",
            point_to(name_line(step.id)),
            "overdue" if is_overdue(step, brief) else TO_DO,
            name_of_step(record),
        )
        for step, record in list_steps(records)
    ]
    return [*reviews, *steps]


def tell_done(records: Iterable[Record]) -> Kind:
    """Return the next steps that are done, the latest first, each with its report."""
    done = [(step, record) for record in records for step in record.steps_done]
    listed = [
        Listed(
            f"Done, noted {echo_day(take_day(step.done))}: {step.text} ({record.id})",
            point_to(name_line(step.id)),
        )
        for step, record in sorted(done, key=lambda each: each[0].done, reverse=True)
    ]
    return say_list(listed, "Next steps done", counted=Turn.REST)


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
