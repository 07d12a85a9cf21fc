"""Page one of the handover and the meeting pack: what it tells first, each in several ways."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from nearmiss.dates.shown import echo_day, echo_weekday, take_day
from nearmiss.documents.blocks import OR, POINTER, Block, Items, Notice, point_to
from nearmiss.documents.brief import (
    FEWEST_HERE,
    Brief,
    Pattern,
    find_pattern,
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
    Order,
    Thing,
    Turn,
    Way,
    count_left,
    say,
    say_list,
)
from nearmiss.documents.people import name_group
from nearmiss.documents.report import name_ideas, name_injury, name_line
from nearmiss.documents.sentences import SENTENCE, take_danger, take_first, take_whole
from nearmiss.insight.telling import tell_change
from nearmiss.records import words
from nearmiss.records.handed import list_ideas as list_unsettled
from nearmiss.records.informed import (
    has_odd_hour,
    list_told_of,
    tell_harm_day,
    tell_told_of,
)
from nearmiss.records.record import Changed, FollowedUp, Record, Told
from nearmiss.speech import name_some
from nearmiss.text import (
    begin_sentence,
    choose_spellings,
    end_sentence,
    fold_text,
    join_lines,
    shorten_at_sense,
)

NOBODY = "nobody told"
TO_DO, DUE = "to do", "due or overdue"  # how things are with a step
_BESIDE = "\xa0· "  # between what stands in one block: no line begins with it
_MOST_TOLD = 3  # parts that people told play, in few words
_PLACE = 24  # and of a place
_A_LINE = 60  # characters of a change that is told whole even among others
_AFTER = 4  # place from which there is room for hazards and changes, among words of harm
_FEWEST, _FOUR = 2, 4  # of a kind that are named before, and with, those of others


def tell_incidents(records: Sequence[Record]) -> Kind:
    """Return the incidents, the latest first, each with what happened before its injury."""
    found = [each for each in reversed(records) if each.is_incident]
    return _tell_grave("Incidents", [_tell_incident(each, at) for at, each in enumerate(found)])


def _tell_incident(record: Record, at: int) -> Thing:
    report, injury = record.report, words.name_field("injury")
    what, hurt = (take_whole(each, SENTENCE) for each in (report.what, report.outcome))
    is_whole = what == end_sentence(join_lines(report.what))
    day, least = echo_day(report.occurred), take_first(report.outcome)
    short = f"Hurt: {least}" if least else take_first(report.what)
    few = f"{short} {take_first(report.what)}" if least else ""
    return _make_grave(
        at,
        f"Incident, {words.tell_when(report)}, {record.id}",
        f"{end_sentence(report.what)} {injury}: {report.outcome}",
        (record, "event"),
        day,
        [
            (Turn.FEW, day, short),
            (Turn.REST, f"{day}, {shorten_at_sense(report.location, _PLACE)}", few),
        ],
        first=" ".join(filter(None, [what, f"{injury}: {hurt}" if hurt else ""])),
        goes_on=name_injury(record) if is_whole else "",
    )


def tell_harm_later(records: Sequence[Record]) -> Kind:
    """Return harm found later: each whole, or by its page and then whole on page two."""
    found = enumerate(list_harm(records))
    return _tell_grave(words.HARM, [_tell_harm(*each, at) for at, each in found])


def _tell_harm(record: Record, entry: FollowedUp, at: int) -> Thing:
    text, day = entry.harm_found, tell_harm_day(entry)
    return _make_grave(
        at,
        words.name_harm(record, entry),
        text,
        (record, entry.id),
        day,
        [(turn, day, take_danger(text)) for turn in (Turn.FEW, Turn.REST)],
        first=take_whole(text, SENTENCE),
    )


def tell_concerns(records: Sequence[Record], brief: Brief) -> Kind:
    """Return the possible concerns in their own words, but those told with their incident."""
    found = list_concerns(reversed(records)) if brief.rules.safeguarding else []
    things = [_tell_concern(each, at) for at, each in enumerate(found)]
    return _tell_grave("Possible safeguarding concerns", things)


def _tell_concern(record: Record, at: int) -> Thing:
    report, day = record.report, echo_day(record.report.occurred)
    text = "" if record.is_incident else report.what
    few = take_whole(text, SENTENCE) if text else "It is the incident of that day."
    least = take_first(text) if text else few
    return _make_grave(
        at,
        f"Possible safeguarding concern raised: {record.id}, {echo_weekday(report.occurred)}",
        text,
        (record, "concern"),
        day,
        [(Turn.FEW, day, least), (Turn.FEW, day, few), (Turn.REST, day, few)],
        first=take_whole(text, SENTENCE),
    )


def _tell_grave(label: str, things: Sequence[Thing]) -> Kind:
    """Return incidents, harm or concerns: those in few words stand together in one box."""

    def join(ways: list[Way], left: list[Thing], told: int) -> list[Block]:
        # Who is named as told, or that nobody is, is what is left: nobody may be taken for told.
        parts = [*map(str, ways), *([count_left(left, told)] if left else [])]
        return [Notice(end_sentence(_BESIDE.join(parts)), label)]

    return Kind(things, join)


def _make_grave(
    at: int,
    label: str,
    text: str,
    about: tuple[Record, str],
    day: str,
    few: Sequence[tuple[Turn, str, str]],
    *,
    first: str,
    goes_on: str = "",
) -> Thing:
    """Return what is told of an incident, harm or concern, the latest of its kind ``at`` 0.

    It is what somebody can be told of a report ``about``. ``few`` are names for it with some of
    its words; ``first`` its first sentences, of which the rest ``goes_on`` elsewhere. How a report
    ended is said with it, but not with harm; that which is not told whole begins page two.
    """
    record, of = about
    told, (least, who, noted) = tell_told_of(record, of), tell_people(record, of)
    is_harm = of not in ("event", "concern")
    anchor = of if is_harm else record.id
    where = point_to(anchor)
    end, ended = ("", "") if is_harm else (words.tell_end(record), words.tell_status(record))
    whole = "\n".join(filter(None, (text, " ".join(map(end_sentence, filter(None, (told, end)))))))
    is_part = join_lines(first) != join_lines(text) or is_harm
    on = f"(continues {point_to(goes_on or anchor)})" if is_part else f"({where})"
    said = f"{begin_sentence(who)}{noted}"
    pointed = f"{first} {said} {on}." if first else f"in full {where}. {said}."
    pointed += f" {ended}." if ended else ""
    is_untold = who.startswith(NOBODY)
    # Of harm, and of what nobody heard, there are words first.
    later = at + (0 if is_untold or is_harm else _FEWEST)
    ways: list[tuple[Order, Way]] = [((turn_of(at), at), f"{day} ({where}), {least}")]
    for number, (turn, name, more) in enumerate(each for each in few if each[2]):
        people_said, place = (least, later) if turn == Turn.FEW else (who, at)
        said_so = f"{name} ({where}), {people_said}. {more}"
        ways.append(((turn, place + number * _AFTER), said_so))
    ways += [
        ((Turn.LINES, at), [Notice(pointed, label)]),
        ((Turn.WHOLE, at), [Notice(whole, label)]),
    ]
    return Thing(
        ways if at < MOST else [],
        where,
        f"{NOBODY} yet" if is_untold else "",
        then=(Notice(whole, label, anchor),) if is_harm else (),
    )


def turn_of(at: int) -> Turn:
    """Return when the thing at that place among its like is named."""
    return Turn.ALWAYS if at < _FEWEST else Turn.FOUR if at < _FOUR else Turn.EIGHT


def name_briefly(who: str) -> str:
    """Return the part that somebody who was told plays, without a name, how or when."""
    return re.split(r",| \(", name_group(who)[1], maxsplit=1)[0]


def tell_latest(records: Sequence[Record]) -> tuple[str, str]:
    """Return which is the latest and who was told of it, whole and in few words.

    Where somebody was, the latest that nobody was told of stands behind it.
    """
    last, report = records[-1], records[-1].report
    place = shorten_at_sense(report.location, _PLACE)
    untold = next((each for each in reversed(records) if not each.told), last)
    of_that = f"{echo_day(untold.report.occurred)} ({point_to(untold.id)})"
    more = "" if untold is last else f"; {NOBODY} yet of {of_that}"
    short, whole, _ = tell_people(last, "event", named=" of it")
    when, day, where = words.tell_when(report), echo_day(report.occurred), point_to(last.id)
    return (
        f"the latest {when}, {place} ({where}): {whole}{more}",
        f"the latest {day} ({where}): {short}{more}",
    )


# Who can answer a question of whoever reads the page comes first.
_USEFUL = (
    r"\bGP\b|doctor|surgery|practice",
    r"\b111\b|\b999\b|A&E|hospital|ambulance",
    r"nurse|pharmac",
    r"social|council|police|safeguarding",
    r"occupational|physio|speech|\bOT\b|\bSALT\b|therap",
)


def rank_use(who: str) -> int:
    """Return by what people are ordered: how much who reads the page can ask of them."""
    found = (at for at, each in enumerate(_USEFUL) if re.search(each, who, re.IGNORECASE))
    return next(found, len(_USEFUL))


def list_parts(told: Iterable[Told]) -> list[str]:
    """Return the parts that those who were told play, each once, the most useful first."""
    parts = {fold_text(part): part for each in told for part in map(name_briefly, each.who)}
    return sorted(parts.values(), key=rank_use)


def tell_people(record: Record, of: str, *, named: str = "") -> tuple[str, str, str]:
    """Return who was told ``of`` what, as ``named``, in few words and in more, and when last noted.

    Those are the parts of people, with who was not reached in more words; of a concern that nobody
    was told of, with who was told of what happened.
    """
    is_concern, told = of == "concern", list_told_of(record, of)
    missed = ", ".join(name_some(list_parts(record.list_missed(of)), _MOST_TOLD))
    known, event = list_parts(told), []
    if is_concern and not told:
        event = list_parts(list_told_of(record, "event"))
    is_odd = told and all(has_odd_hour(record, each) for each in told)
    asides = [
        "check the hour" if is_odd else "",
        f"of the event: {', '.join(name_some(event, _MOST_TOLD))}" if event else "",
    ]

    def tell(most: int, of_it: str, missed: str) -> str:
        who = f"{', '.join(name_some(known, most))} told" if known else NOBODY
        aside = "; ".join(filter(None, (*asides, missed and f"not reached: {missed}")))
        return f"{who}{of_it}{'' if known else ' yet'}{aside and f' ({aside})'}"

    whole = tell(_MOST_TOLD, " of the concern" if is_concern else named, missed)
    last = max((each.recorded_at for each in told), default="")
    return tell(1, named, ""), whole, f", noted {echo_day(take_day(last))}" if last else ""


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
    parts = [*map(str, ways), *([count_left(left, told, "Changed since")] if left else [])]
    return [Items((end_sentence(_BESIDE.join(parts)),))]


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
    changes = [each for record in theirs for each in record.in_force]
    since = _count_since(pattern, changes)
    changed = f"; changed {echo_day(max(each.day for each in changes))}{since}" if changes else ""
    where, day = point_to(theirs[-1].id), echo_day(theirs[-1].report.occurred)
    name, here = begin_sentence(pattern.name), f"{len(theirs)} here, the last"
    least = f"{name} ({here} {where}{changed})"
    told = [f"{name} ({name_rooms(pattern)}; {here} {day} {where})", *map(tell_change, changes)]
    longer = f"{'; '.join(told)}{since}"
    whole = tell_pattern(pattern, theirs, says_past=says_past)
    named = turn_of(at // 2)  # twice as many as of others: each is a line
    return _make_light(
        at, where, (named, least), (Turn.FEW, longer), (Turn.TALES, [Items((whole,))])
    )


def _make_light(at: int, where: str, *ways: tuple[Turn, Way]) -> Thing:
    """Return what is told of a hazard or a change, behind the first words of what is grave."""
    return Thing([((turn, at + _AFTER), way) for turn, way in ways] if at < MOST else [], where)


def _count_since(pattern: Pattern, changes: Sequence[Changed]) -> str:
    """Return how many came after the newest change, on this paper or not.

    Nothing where some of them are hidden from its reader.
    """
    if not changes or not any(pattern.since.values()):
        return ""
    changed = max(each.day for each in changes)
    count = sum(each > changed for each in pattern.days)
    return f", {count or 'none'} marked since"


def name_rooms(pattern: Pattern) -> str:
    """Return all places of a pattern, each no further than to its first comma."""
    rooms = (place.partition(",")[0].strip() for place in pattern.places)
    return "; ".join(choose_spellings(rooms).values())


def tell_changes(records: Sequence[Record], brief: Brief) -> Kind:
    """Return what has changed, the newest first, beside what is told with a pattern."""
    told = brief.with_hazards
    newest = sorted(records, key=lambda each: each.number, reverse=True)
    found = [each for record in newest for each in _list_changes(record, told)]
    lines = {each[1]: each for each in sorted(found, key=lambda each: each[0], reverse=True)}
    return Kind(
        [_tell_change(at, *each[1:]) for at, each in enumerate(lines.values())],
        _join_in_item,
        Turn.ALWAYS,
    )


def _list_changes(record: Record, told: Collection[str]) -> Iterator[tuple[date, str, str, str]]:
    """Yield each change that is not ``told``: the day by which it is ordered, and what is said.

    That is in few words and whole; and where it stands.
    """
    plan = record.care_plan
    if plan and plan.status == "changed":
        where = point_to(name_line(plan.id))
        name = f"{words.CARE_PLAN['changed']}, noted {echo_day(plan.day)}"
        whole = f"{name}: {plan.text}" if plan.text else name
        short = whole if len(plan.text) <= _A_LINE else f"{name}: whole {where}"
        yield plan.day, short.rstrip(". "), whole, where
    for change in record.in_force:
        if change.id not in told:
            told_of = tell_change(change)
            yield change.day, told_of, told_of, point_to(name_line(change.id))


def _tell_change(at: int, short: str, whole: str, where: str) -> Thing:
    named = Turn.FEW if at else Turn.ALWAYS
    return _make_light(at, where, (named, short), (Turn.TALES, [Items((end_sentence(whole),))]))


def list_undone(records: Sequence[Record], brief: Brief) -> list[Listed]:
    """Return what waits, each with its state: steps that are due, reviews of the plan, the rest."""
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
            tell_due(step, record, brief),
            point_to(name_line(step.id)),
            DUE if step.is_due(brief.made) else TO_DO,
            name_of_step(record),
        )
        for step, record in list_steps(records)
    ]
    due = [each for each in steps if each.state == DUE]
    return [*due, *reviews, *steps[len(due) :]]


def tell_steps(records: Sequence[Record], brief: Brief) -> Iterator[Kind]:
    """Yield how many next steps are open and due, those in words, then what waits for an answer."""
    undone = list_undone(records, brief)
    due, reviews, ahead = (
        [each for each in undone if each.state == state] for state in (DUE, "not answered", TO_DO)
    )
    if due or ahead:
        first = point_to(OR.join(each.where.strip(POINTER) for each in due or ahead))
        counted = f"Next steps: {len(due) + len(ahead)} open, {len(due)} due or overdue"
        yield say((Turn.ALWAYS, [Items((f"{counted} (the first {first}).",))]))
    yield say_list(due, "", Turn.FEW, Turn.FEW, counted=None, start=2 * MOST)
    yield say_list(reviews, "Care plan requests", Turn.REST, counted=Turn.REST)
    yield say_list(ahead, "", Turn.FEW, counted=None, start=3 * MOST)


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
    by_id = {each.id: each for each in newest}
    also = {
        next((each.id for each in theirs[::-1] if each.report.recommendations), "")
        for pattern, theirs in list_here(brief.patterns, newest)
        if not pattern.is_over
    }
    found = [
        (find_change(record, by_id, brief.patterns), idea, record)
        for idea, record in list_unsettled(newest, also)
    ]
    return [
        Listed(
            f"{end_sentence(idea)} Since then: {tell_change(change)}" if change else idea,
            point_to(name_ideas(record)),
            of=record.id,
        )
        for change, idea, record in sorted(found, key=lambda each: each[0] is not None)
    ]


def find_change(
    record: Record, by_id: Mapping[str, Record], patterns: Iterable[Pattern]
) -> Changed | None:
    """Return what was changed last since a report, and holds, about it or its pattern."""
    day, pattern = record.report.occurred.date(), find_pattern(record, patterns)
    changes = [
        change
        for one in (reversed(pattern.ids) if pattern else [record.id])
        if one in by_id
        for change in by_id[one].in_force
        if change.day >= day
    ]
    return max(changes, key=lambda each: each.day, default=None)
