"""The changeover: one page for the next carer, whatever the book holds.

It is made by the family's rules, and no safeguarding concern stands on it in any words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from nearmiss.dates.shown import echo_day
from nearmiss.documents.blocks import Block, Document, Heading, Items, Lines, Notice, Words
from nearmiss.documents.brief import (
    Brief,
    Pattern,
    call_client,
    count_near_misses,
    join_parts,
    list_steps,
    make_document,
    name_of_step,
    tell_late,
    tell_numbers,
)
from nearmiss.documents.fitting import Kind, Order, Section, Thing, Turn, Way, fit_front, say
from nearmiss.documents.front import find_change, name_rooms
from nearmiss.documents.reader import THE_CARER
from nearmiss.documents.sentences import SENTENCE, take_danger, take_to_last, take_whole
from nearmiss.insight.lexicon import read_lexicon, split_stems
from nearmiss.insight.telling import UNNAMED, tell_change, tell_hazard
from nearmiss.model.ids import show_number
from nearmiss.model.questions import CATEGORY_LABELS
from nearmiss.records import words
from nearmiss.records.handed import Span
from nearmiss.records.informed import (
    NOBODY,
    tell_harm_day,
    tell_told_of,
)
from nearmiss.records.record import FollowedUp, Record, Stamped
from nearmiss.text import (
    begin_sentence,
    end_sentence,
    join_lines,
    take_name,
    take_sentences,
)

Ways = tuple[str, ...]  # whole, and shorter and shorter what stands for it where there is no room
_LONGEST = 200  # characters of a change that is told whole
_A_YEAR = timedelta(days=365)
_LATELY = timedelta(days=90)
_USUAL = "Usual for "
_AS_SUCH = " (only changes written down as such)"
_ROW, _ROW_LARGE = 85, 55  # characters of a row
_HEAD = 2  # rows of a title
_LATE, _LAST = 100, 200  # what is told where the others are told as well as can be
# How many dangers are named where there is no room for their lines, and at which place.
_NAMED = (3, 1), (8, 2), (20, 4)
_LONGEST_URGENT = 4  # rows of what is told before others are at all
_PLACE = 24  # letters of a place there
_URGENT = 2  # new dangers that are told first
_LEAST_DONE = 80  # characters of what was done


def choose_told(records: Iterable[Record], span: Span, tied: set[str], made: date) -> list[Record]:
    """Return those of which a changeover tells something; the newest where there is none."""
    every = list(records)
    told = [
        each
        for each in every
        if each.id in tied or each.in_force or each.undone or each.care_plan or each.is_open
        or each.steps or _is_new(each, span) or _is_lately(each, made)
        or (each.is_incident and _is_of_last_year(each.report.occurred.date(), made))
        or any(_is_new_harm(harm, span) or _is_of_last_year(_day_of(harm), made)
               or _is_pending(each, harm) for harm in each.harm_found)
    ]  # fmt: skip
    return told or sorted(every, key=lambda each: each.report.occurred)[-1:]


def build_changeover(records: Sequence[Record], brief: Brief) -> Document:
    """Return the page: the fullest that fits is drawn."""
    span = brief.span or Span(brief.made)
    newest = sorted(records, key=lambda each: each.report.occurred, reverse=True)
    carer, ask = take_name(brief.carer), _ask_carer(brief)
    title = f"For the carer who comes next: {call_client(brief, records)}"
    given = f"From {brief.carer}, {echo_day(brief.made)}, new since {echo_day(span.since)}"
    ring = f"{carer}, {brief.phone}" if brief.phone else f"{carer}: ____________________"
    notice = Notice(f"This page is not everything. Before your first visit, ring {ring}.")

    def tell_untold(sections: list[tuple[str, int]]) -> list[Block]:
        named = "; ".join(
            f"{title.removesuffix(_AS_SUCH).partition(' from ')[0]} ({number})"
            for title, number in sections
            if not title.startswith(_USUAL)
        )
        return [Words(f"Not on this page: {named}: {ask}.")]

    fronts = fit_front(
        [*_list_sections(newest, brief, span)],
        lambda title, blocks: [Heading(title), *blocks],
        row=_ROW_LARGE if brief.large else _ROW,
        head=_HEAD,
        untold=tell_untold,
    )
    fronts = tuple(replace(each, blocks=(*each.blocks, notice)) for each in fronts)
    texts = title, join_parts(given, tell_numbers(brief))
    document = make_document("changeover", texts, (), records, brief, front=fronts)
    return replace(document, byline="", blocks=())


def _list_sections(records: Sequence[Record], brief: Brief, span: Span) -> Iterator[Section]:
    """Yield all that there is to tell, in the order in which it stands."""
    since, ask, made = echo_day(span.since), _ask_carer(brief), brief.made
    longest = _LONGEST_URGENT * (_ROW_LARGE if brief.large else _ROW)
    told = [*_list_dangers(records, brief, span)]
    new = sorted((each for each in told if each.is_new), key=_Danger.rank_new, reverse=True)
    old = _spread(each for each in told if not each.is_new)
    old.sort(key=lambda each: (not each.is_hazard, not each.is_pending))
    comes_first = any(each.is_hurt or each.weight >= _DEADLY for each in new)
    latest = Section(
        f"What nearly happened since {since}",
        [_tell_dangers(new, ask, 2, _URGENT if comes_first else 0, longest)],
    )
    if comes_first:
        yield latest
    yield Section("Watch for", [_tell_dangers(old, ask, 1, 0, longest)])
    for title, changes, step in (
        ("No longer so", _list_undone(records), 3),
        (f"In force now{_AS_SUCH}", _list_changes(records, brief), 2),
    ):
        yield Section(title, [_count(_line_up(changes, 0, step), ask)])
    if not comes_first:
        yield latest
    to_do = _line_up([*_list_steps(records, brief), *_list_asked(records)], 0, 3)
    yield Section("To do", [_count(to_do, ask)])
    named, here = {each.of for each in told}, {each.id: each for each in records}
    past = [each for each in records if _is_past(each, span) and each.id not in named]
    left = [
        _tell_missed(each, ask, _tell_since(each, here, brief)) for each in past if each.is_open
    ]
    yield Section(f"Still open from before {since}", [_count(_line_up(left, 12, 4), ask)])
    closed = [each for each in past if not each.is_open and _is_lately(each, made)]
    lately = _line_up([_tell_missed(each, ask) for each in closed], 0, 2, _LATE)
    yield Section(f"Closed, of the last {_LATELY.days} days", [_count(lately, ask)])
    if not any(_is_new(each, span) for each in records):
        # Not "nothing happened", nor "nothing is written": one may be hidden.
        last = echo_day(records[0].report.occurred)
        none = Words(f"No report on this page is newer than {last}. There may be others.")
        yield Section("", [say((Turn.ALWAYS, [none]))])
    usual = say((Turn.REST, [Lines("", 1)]), (_LAST, [Lines("", 3)]))
    yield Section(f"{_USUAL}{call_client(brief, records)}", [usual])


def _line_up(lines: Iterable[Ways], first: int, step: int, late: int = 0) -> list[Thing]:
    """Return lines at every ``step`` from the ``first`` place on, as few words as can be first."""
    return [
        Thing(
            [((longer, first + step * at), [Items((way,))])
             for longer, way in enumerate(ways[::-1], start=Turn.FEW + late)]
        )
        for at, ways in enumerate(lines)
    ]  # fmt: skip


def _tell_dangers(
    dangers: "Sequence[_Danger]", ask: str, step: int, urgent: int, longest: int
) -> Kind:
    """Return dangers, each named where there is no room for it.

    The first ``urgent`` are told as fully as ``longest`` lets them before others are at all.
    """
    things = list[Thing]()
    for at, danger in enumerate(dangers):
        named = next((place for most, place in _NAMED if at < most), None)
        name = ": ".join(danger.name)
        ways: list[tuple[Order, Way]] = [] if named is None else [((Turn.FEW, named), name)]
        for longer, text in enumerate(danger.ways[::-1], start=Turn.FEW):
            turn = Turn.FEW if at < urgent and len(text) <= longest else longer
            ways.append(((turn, step * at), [Items((text,))]))
        things.append(Thing(ways))
    return _count(things, ask)


def _count(things: Sequence[Thing], ask: str) -> Kind:
    """Return things of which those without room for their lines are named, or else counted."""

    def join(names: list[Way], left: list[Thing], told: int) -> list[Block]:
        kinds: dict[str, list[str]] = {}
        for kind, _, name in (str(each).partition(": ") for each in names):
            kinds.setdefault(kind, []).append(name)
        said = [f"{kind}: {', '.join(some)}" for kind, some in kinds.items()]
        said += [f"{len(left)} more"] if left else []
        before = "" if told == len(names) else "also: " if names else "and "
        return [Items((f"{before}{'; '.join(said)}: {ask}",))] if told else []

    return Kind(things, join)


def _ask_carer(brief: Brief) -> str:
    return f"ask {take_name(brief.carer).partition(' ')[0] or 'the carer'}"


def _is_new(record: Record, span: Span) -> bool:
    return span.holds(record.report.occurred.date(), record.number)


def _is_new_harm(harm: FollowedUp, span: Span) -> bool:
    return span.holds(_day_of(harm), harm.number)


def _day_of(harm: FollowedUp) -> date:
    """Return the day on which harm was seen, or else written down."""
    return date.fromisoformat(harm.harm_on) if harm.harm_on else harm.day or date.min


def _is_of_last_year(day: date, made: date) -> bool:
    return made - day < _A_YEAR


def _is_lately(record: Record, made: date) -> bool:
    return made - record.report.occurred.date() <= _LATELY


def _is_past(record: Record, span: Span) -> bool:
    """Whether it is a near miss of before with something to tell."""
    return bool(record.report.what) and not (record.is_incident or _is_new(record, span))


# What people die of, by the things of the lexicon: what the gate rings 999 for, and medicines of
# which a wrong dose can kill. It decides what is told first, and is never printed.
_DEADLY_THINGS = {
    *("choking and swallowing", "thickened drinks and soft food", "eating what is not food"),
    *("oxygen", "gas", "fire and smoke", "cooker", "hot water", "cleaning products"),
    *("wandering off", "insulin", "double dose", "wrong medicine", "strong painkiller"),
    "blood thinner",
}
_DEADLY, _HARMED = 4, 2
_HELPED = re.compile(r"\b(?:999|111|A ?& ?E|ambulance|paramedics?|hospital|crew)\b", re.IGNORECASE)


def _find_deadly(text: str) -> frozenset[str]:
    return frozenset(_DEADLY_THINGS & read_lexicon().find_things(split_stems(text)))


@dataclass(frozen=True)
class _Danger:
    """Something that harmed or could: of which report, how much it weighs, when, and its line.

    A ``pending`` one is harm that somebody is still to hear of; a hazard comes again and again.
    """

    ways: Ways
    weight: int
    day: date
    things: frozenset[str] = frozenset()
    is_hurt: bool = False
    is_new: bool = False
    of: str = ""
    name: tuple[str, str] = "", ""
    is_pending: bool = False
    is_hazard: bool = False

    def rank(self) -> tuple[int, date]:
        """Return by what it is ordered: how much it weighs, then how new it is."""
        return self.weight, self.day

    def rank_new(self) -> tuple[bool, int, date]:
        """Return by what it is ordered among what is new: incidents and harm first."""
        return self.is_hurt, self.weight, self.day


def _spread(dangers: Iterable[_Danger]) -> list[_Danger]:
    """Return dangers by their weight, but one of each thing that can kill before the others."""
    first, rest, named = list[_Danger](), list[_Danger](), set[str]()
    for each in sorted(dangers, key=_Danger.rank, reverse=True):
        (first if each.things - named else rest).append(each)
        named |= each.things
    return first + rest


def _list_dangers(records: Sequence[Record], brief: Brief, span: Span) -> Iterator[_Danger]:
    """Yield the hazards, the incidents and harm of a year, what is new, and what can kill."""
    ask, made = _ask_carer(brief), brief.made
    here = {each.id: each for each in records}
    patterns = [each for each in brief.patterns if here.keys() >= set(each.ids)]
    told = {one for each in patterns if _find_deadly(each.name) for one in each.ids}
    for record in records:
        for harm in record.harm_found:
            day, is_new = _day_of(harm), _is_new_harm(harm, span)
            pending = _is_pending(record, harm)
            if is_new or pending or _is_of_last_year(day, made):
                ways = _tell_harm(record, harm, ask)
                weight = _weigh(harm.harm_found, day, made, hurt=True)
                name = words.HARM, f"{tell_harm_day(harm)} ({show_number(harm.number)})"
                yield _Danger(
                    ways, weight, day, is_hurt=True, is_new=is_new, name=name, is_pending=pending
                )
        report, is_new = record.report, _is_new(record, span)
        day, text = report.occurred.date(), f"{report.what} {report.outcome}"
        if record.is_incident and report.what and (is_new or _is_of_last_year(day, made)):
            ways = _tell_incident(record, ask, says_told=is_new)
            weight, things = _weigh(text, day, made, hurt=True), _find_deadly(text)
            name = _name_danger(record, "Incident")
            yield _Danger(ways, weight, day, things, is_hurt=True, is_new=is_new, name=name)
        elif report.what and not record.is_incident:
            weight, things = _weigh(report.what, day, made), _find_deadly(report.what)
            stands = record.id not in told and (record.is_open or _is_lately(record, made))
            if is_new or (stands and weight >= _DEADLY):
                since = "" if is_new else _tell_since(record, here, brief)
                ways = _tell_missed(record, ask, since, says_all=is_new)
                name = _name_danger(record, CATEGORY_LABELS[report.category])
                yield _Danger(ways, weight, day, things, is_new=is_new, of=record.id, name=name)
    yield from (_tell_pattern(each, [here[one] for one in each.ids], made) for each in patterns)


def _name_danger(record: Record, kind: str) -> tuple[str, str]:
    place, number = record.report.location.partition(",")[0], show_number(record.number)
    return kind, f"{place} ({number})" if len(place) <= _PLACE else number


def _is_pending(record: Record, harm: FollowedUp) -> bool:
    """Whether nobody was told of harm, or somebody was not reached since."""
    is_told = bool(record.list_told_of(harm.id))
    return not is_told or bool(record.list_missed(harm.id))


def _tell_since(record: Record, here: Mapping[str, Record], brief: Brief) -> str:
    """Return what was changed since a report about it or its hazard, and holds."""
    change = find_change(record, here, brief.patterns)
    return f" Since then: {tell_change(change)}." if change else ""


def _weigh(text: str, day: date, made: date, *, hurt: bool = False) -> int:
    """Return how much a danger weighs: whether it can kill, did harm, called for help, is near."""
    helped = bool(hurt and _HELPED.search(text))
    return _DEADLY * bool(_find_deadly(text)) + _HARMED * hurt + helped + (made - day <= _LATELY)


def _tell_pattern(pattern: Pattern, tied: Sequence[Record], made: date) -> _Danger:
    """Return a confirmed pattern: that it comes back weighs like harm, but of one long over."""
    reports, day = [one.report for one in tied], tied[-1].report.occurred.date()
    counted = count_near_misses(tied)
    line = tell_hazard(pattern.name, pattern.places, reports, counted)
    changes = {change.id: tell_change(change) for one in tied for change in one.in_force}
    since = [text for change, text in pattern.since.items() if change in changes]
    begun = f"{begin_sentence(pattern.name)} ({name_rooms(pattern)}): {counted}"
    short = f"{'; '.join([f'{begun}, the last {echo_day(day)}', *changes.values()])}."
    weight = _weigh(pattern.name, day, made, hurt=not pattern.is_over) - bool(changes)
    weight += _HARMED * any(one.is_incident or one.harm_found for one in tied)
    weight += not pattern.name.startswith(UNNAMED)
    things = _find_deadly(pattern.name)
    name = "The same hazard", pattern.name.removeprefix(f"{UNNAMED}: ")
    ways = " ".join([line, *since]), short
    return _Danger(ways, weight, day, things, name=name, is_hazard=True)


def _list_changes(records: Iterable[Record], brief: Brief) -> Iterator[Ways]:
    """Yield what was changed, the care plan and then the newest first, once with its reason.

    What that was stands with a hazard that it is told with.
    """
    found: list[tuple[bool, date, str, Record]] = []  # whether it is the care plan, first
    tied, with_hazard = brief.with_hazards, set[str]()
    for record in records:
        found += [(False, each.day, tell_change(each), record) for each in record.in_force]
        with_hazard |= {tell_change(each) for each in record.in_force if each.id in tied}
        plan = record.care_plan
        if plan and plan.status == "changed":
            text = join_lines(plan.text or "what, is not written").rstrip(". ")
            told = f"Care plan changed, noted {echo_day(plan.day)}: {text}"
            found.append((True, plan.day, told, record))
    reasoned = set[str]()
    for _, day, text, record in sorted(found, key=lambda each: each[:2], reverse=True):
        short = f"{text} ({record.id})"
        ways = [short]
        if text not in with_hazard:
            is_later = day >= record.report.occurred.date() and record.id not in reasoned
            reason = _tell_reason(record) if is_later else ""
            reasoned.add(record.id)
            ways = [f"{text}, after {reason}", short] if reason else ways
        if len(text) > _LONGEST:
            ways.append(f"{text.partition(': ')[0]}: {_ask_carer(brief)} ({record.id})")
        yield tuple(ways)


def _list_undone(records: Iterable[Record]) -> Iterator[Ways]:
    """Yield what was changed and holds no longer, what ended last first."""
    ended = [(change.end or change.day, change, each) for each in records for change in each.undone]
    for _, change, record in sorted(ended, key=lambda each: (each[0], each[1].id), reverse=True):
        yield (f"{end_sentence(words.tell_changed(change))} ({record.id})",)


def _tell_reason(record: Record) -> str:
    """Return what a change came after: an incident, or a near miss in its first words."""
    if record.is_incident:
        return f"the incident of {echo_day(record.report.occurred)} ({record.id})"
    first = take_whole(record.report.what, SENTENCE)
    return f"{record.id}: {first}" if first else ""


def _tell_harm(record: Record, harm: FollowedUp, ask: str) -> Ways:
    text = end_sentence(join_lines(harm.harm_found))
    told = f" {end_sentence(tell_told_of(record, harm.id))}"
    day = f"{words.HARM}, {tell_harm_day(harm)}".rstrip(", ")
    said = told if _is_pending(record, harm) else ""
    whole = f"{words.name_harm(record, harm)}: {text}{told}"
    found, number = take_danger(text), show_number(harm.number)
    if found and found != text:
        number = f"ask\xa0about\xa0{number}"
    short = f"{found} ({number})" if found else f"{ask} about {number}."
    return whole, f"{day}: {short}{said}"


def _tell_incident(record: Record, ask: str, *, says_told: bool) -> Ways:
    report = record.report
    what, hurt = (end_sentence(join_lines(each)) for each in (report.what, report.outcome))
    told = f" {end_sentence(tell_told_of(record, 'event'))}" if says_told else ""
    when = f"{words.tell_when(report)}, {report.location}"
    whole = f"Incident, {when}: {what} Hurt: {hurt}{told} ({record.id})"
    return whole, _tell_first(f"Incident, {_tell_day(record)}", what, ask, record, left=hurt)


def _tell_missed(record: Record, ask: str, since: str = "", *, says_all: bool = False) -> Ways:
    """Return a near miss in its first sentences; of one that ``says_all`` all of it before that.

    What was changed ``since`` stands behind it.
    """
    report, what = record.report, end_sentence(join_lines(record.report.what))
    untold = f" {NOBODY}." if says_all and not _list_told(record) else ""
    done = [
        f"{words.name_field(field)}: {end_sentence(join_lines(text))}"
        for field in ("how_prevented", "immediate_action")
        if (text := getattr(report, field))
    ]
    told = [f"{words.tell_when(report)}, {report.location}: {what}", *done]
    ways = [f"{' '.join(told[:most])}{untold} ({record.id})" for most in (3, 2, 1)]
    # Without what was done about it a danger is told that may not be there any more.
    after = take_whole(report.immediate_action or report.outcome, _LEAST_DONE)
    short = _tell_first(_tell_day(record), what, ask, record, f"{after and f' {after}'}{untold}")
    return (*(ways if says_all else ()), f"{short}{since and f'.{since}'}")


def _tell_first(
    day: str, text: str, ask: str, entry: Stamped, untold: str = "", left: str = ""
) -> str:
    """Return the first sentences of a text with the number under which there is more."""
    said = take_to_last(text, _find_deadly)
    more = f"{ask}: " if not said else "" if said == text and not left else "ask\xa0about\xa0"
    return f"{day}: {said}{untold} ({more}{show_number(entry.number)})"


def _tell_day(record: Record) -> str:
    return f"{echo_day(record.report.occurred)}, {record.report.location}"


def _list_told(record: Record) -> list[str]:
    """Return who was told of the event, or of what is not written."""
    return [who for each in record.told if not each.of or "event" in each.of for who in each.who]


def list_named(record: Record, span: Span) -> Iterator[str]:
    """Yield the people of a report, as written, whose parts stand on the page."""
    yield from (each.who for each in record.steps)
    if record.harm_found or (record.is_incident and _is_new(record, span)):
        yield from (who for each in (*record.told, *record.tried) for who in each.who)


def _list_steps(records: Sequence[Record], brief: Brief) -> Iterator[Ways]:
    """Yield the steps by the day on which they are due, those without a day last."""
    for step, record in list_steps(records):
        # To the next carer "the carer" would be the next one.
        who = f"{THE_CARER} who wrote this" if step.who == THE_CARER else step.who
        late = tell_late(step, brief, "today")
        late = f": {late}" if late else ""
        said = words.tell_agreed(replace(step, who=who))
        short = words.tell_agreed(replace(step, who=who, text=take_sentences(step.text, 1)))
        yield (
            f"{said}{late} ({name_of_step(record)})",
            f"{short}{late} ({show_number(record.number)})",
        )


def _list_asked(records: Iterable[Record]) -> Iterator[Ways]:
    """Yield what was asked of the care plan, and not answered."""
    for record in records:
        if asked := record.care_plan_waiting:
            yield (f"{words.tell_asked(asked)} ({name_of_step(record)})",)
