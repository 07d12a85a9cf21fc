"""A report in words: what every screen, paper and export says of each fact, said once here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from nearmiss.dates.shown import (
    UNKNOWN_HOUR,
    echo,
    echo_day,
    echo_near_day,
    echo_weekday,
    take_day,
)
from nearmiss.model.entries import Comparison, ReportFields
from nearmiss.model.questions import ANSWERS, CATEGORY_LABELS, INCIDENT_QUESTIONS, QUESTIONS
from nearmiss.records.informed import (
    NOBODY,
    has_more,
    name_tried,
    name_tried_by,
    tell_told,
    tell_told_of,
    tell_tried,
)
from nearmiss.records.record import (
    Change,
    Changed,
    Corrected,
    FollowedUp,
    HandedOver,
    NextStep,
    Record,
    Stamped,
    Told,
    Value,
    Withdrawn,
)
from nearmiss.speech import join_words
from nearmiss.text import join_lines, shorten, take_name

HARM = "Harm found later"
NEXT_STEP = "Next step"
STEP_DONE = "Next step done"
CHANGED = "Changed"
CONCERN = "Possible concern raised"
NO_CONCERN = "Not flagged"
NO_IDEAS = "None"
PATTERN = "Marked as the same hazard"
CARE_PLAN = {
    "": "Care plan",
    "asked": "Care plan review asked for",
    "changed": "Care plan changed",
    "declined": "Care plan change declined",
}
BASIS = {
    "client_agreed": "the client agreed",
    "best_interests": "in the client's best interests",
    "direct_care": "for direct care",
    "safeguarding": "for safeguarding",
}
_FIELDS = {  # fields that no question asks for, as corrections name them
    "occurred_approx": "About that time",
    "hour_not_known": "Hour not known",
    "noticed": "When it was noticed",
    "told_of": "Told of",
    "harm_on": "Harm seen on",
    "changed": CHANGED,
    "changed_on": "Changed on",
    "undoes": "No longer so",
    "agreed_on": "Agreed on",
    "ends": "Which step is done",
    "note": "Note",
    "care_plan": "Care plan",
    "care_plan_status": "Care plan status",
    "harm_found": HARM,
    "next_step": NEXT_STEP,
    "next_who": "Who does it",
    "next_due": "By when",
    "next_done": STEP_DONE,
    "closes": "Closed",
}


_GLIMPSE = 40  # characters of a report that each question about it repeats


def name_record(record: Record, today: date) -> str:
    """Return which report it is in a line: id, client, day and first words."""
    report = record.report
    day = echo_near_day(report.occurred, today)
    status = "" if record.status == "open" else f" ({record.status})"
    return f"{record.id}{status}, {report.client}, {day}: {shorten(report.what, _GLIMPSE)}"


def tell_no_harm(made: date) -> str:
    """Return what a page without harm found later says of it; ``made`` is the day of the page."""
    return f"{tell_none_written(made)} This is not a medical check."


def tells_of_harm(record: Record) -> bool:
    """Whether harm is told of in any way; of a withdrawn report nothing is said of it."""
    from nearmiss.intake.harm import find_harm

    if record.is_incident or record.harm_found or record.withdrawn:
        return True
    report = record.report
    notes = (each.note for each in record.follow_ups if not each.withdrawn)
    texts = (report.what, report.outcome, report.immediate_action, *notes)
    return any(find_harm(text) for text in texts if text)


def tell_none_written(made: date) -> str:
    """Return that no later harm stands in the book on the day ``made``."""
    return f"No later harm has been written down, as of {echo_day(made)}."


def tell_when(report: ReportFields) -> str:
    """Return when it happened: ``about Tue 14 Apr 2026, 21:15``."""
    return echo(
        report.occurred,
        report.occurred_approx,
        hour_not_known=bool(report.hour_not_known),
        noticed=bool(report.noticed),
    )


def tell_day_and_hour(report: ReportFields) -> str:
    """Return when it happened where room is short: ``about 14 Apr 2026, 21:15``."""
    moment = report.occurred
    before = "noticed " if report.noticed else ""
    if report.hour_not_known:
        return f"{before}{echo_day(moment)}, {UNKNOWN_HOUR}"
    about = "about " if report.occurred_approx else ""
    return f"{before}{about}{echo_day(moment)}, {moment:%H:%M}"


def tell_concern(report: ReportFields) -> str:
    """Return whether a possible safeguarding concern was raised."""
    return CONCERN if report.safeguarding else NO_CONCERN


def tell_status(record: Record) -> str:
    """Return ``Still open`` or ``Closed 14 Apr 2026``; by whom, where another carer closed it."""
    closing = record.closing
    if record.withdrawn:
        return "Withdrawn"
    if closing is None:
        return "Still open"
    by = closing.recorded_by if closing.recorded_by != record.recorded_by else ""
    told = f"Closed {echo_day(closing.day)}" if closing.day else "Closed"
    return f"{told} by {by}" if by else told


def tell_stamp(entry: Stamped) -> str:
    """Return when and by whom an entry was written, as far as the reader may know it."""
    moment, day = entry.written_at, entry.day
    when = echo(moment) if moment else echo_weekday(day) if day else ""
    return ", by ".join(filter(None, (f"{when}{tell_clock(entry)}", entry.recorded_by)))


def tell_clock(entry: Stamped) -> str:
    """Return that the clock was behind as an entry was written, if it was."""
    if not entry.written_after:
        return ""
    return (
        f" (by a clock that was behind: after {echo(datetime.fromisoformat(entry.written_after))})"
    )


def tell_writing(record: Record) -> str:
    """Return when and by whom a report was written, or entered and from what."""
    stamp = tell_stamp(record)
    began = f"From {record.taken_from}, entered" if record.taken_from else "Written"
    written = f"{began} {stamp}" if record.recorded_at else f"{began} by {stamp}"
    if record.first_id:
        written += f", in book {record.first_id.partition('-')[0]}"
    if record.taken_at:
        written += f", taken in here {echo_day(take_day(record.taken_at))}"
    return f"{written}; {tell_claims(record)}" if record.claims else written


def name_number(record: Record) -> str:
    """Return a report's numbers: ``K7QX-0051, on Ana Silva's papers P3ZZ-0007``."""
    return ", ".join(filter(None, (record.id, tell_papers(record))))


def tell_papers(record: Record) -> str:
    """Return the number of a report on papers of the book it came from, if it is from another."""
    if not record.first_id:
        return ""
    name, by, book = take_name(record.recorded_by).rstrip(")").partition(" (by ")
    return f"on {name}'s papers {record.first_id}{by and f' by {book}'}"


def tell_origin(record: Record) -> str:
    """Return its number in the book it came from, and when it was taken in; or nothing."""
    day = f", taken in {record.taken_at[:10]}" if record.taken_at else ""
    return f"{record.first_id}{day}" if record.first_id else ""


def tell_claims(record: Record) -> str:
    """Return what a sheet, or a phone's text, says of its writing; it is nobody else's word."""
    source = record.taken_from.removeprefix("a ") or "sheet"
    return f"the {source} says: {'; '.join(record.claims)}"


def name_harm(record: Record, entry: FollowedUp) -> str:
    """Return what stands before the text of harm: when it was seen and written, and its report."""
    seen = date.fromisoformat(entry.harm_on) if entry.harm_on else None
    written = f", written down {echo_weekday(entry.day)}" if entry.day else ""
    if seen and seen == entry.day:
        written = f" and {written[2:]}"
    day = f", seen{'' if seen == entry.day else f' {echo_weekday(seen)}'}" if seen else ""
    return f"{HARM}{day}{written}, about {record.id}"


def tell_step(step: NextStep) -> str:
    """Return what is to do, by whom and by when."""
    who = f", {step.who}" if "(" in step.who else f" ({step.who})" if step.who else ""
    due = f", by {echo_day(step.due)}" if step.due else ""
    agreed = f", agreed {echo_day(step.agreed)}" if step.agreed else ""
    return f"{step.text}{who}{due}{agreed}"


def tell_agreed(step: NextStep) -> str:
    """Return what was agreed, by whom it is done and by when."""
    return tell_step(replace(step, agreed=None))


def tell_changed(change: Changed) -> str:
    """Return what is different now, and since when as far as that is known."""
    since = f"{'' if change.on else 'written down '}{echo_weekday(change.day)}"
    ended = ""
    if change.end:
        known = " since" if change.undone_on else ", written down"
        ended = f"; no longer so{known} {echo_weekday(change.end)}"
    return f"{change.text} ({since}{ended})"


_CLOSING = 160  # characters of a closing note that stand beside its day


def tell_end(record: Record, *, whole: bool = False) -> str:
    """Return how a report ended, in the words that closed it: all, or only where they are few."""
    closing = None if record.withdrawn else record.closing
    is_told = closing and closing.note and (whole or len(closing.note) <= _CLOSING)
    note = f": {join_lines(closing.note)}" if closing and is_told else ""
    return f"{tell_status(record)}{note}"


def tell_concern_told(record: Record) -> tuple[str, str]:
    """Return who was told of the worry, and how it ended as far as that is written."""
    return tell_told_of(record, "concern"), tell_end(record)


def tell_asked(entry: FollowedUp) -> str:
    """Return that a review of the care plan which an entry asked for was not answered."""
    day = f" (noted {echo_day(entry.day)})" if entry.day else ""
    return f"{CARE_PLAN['asked']}{day}: no answer noted"


def name_answers(record: Record) -> list[tuple[str, str]]:
    """Return each answer under its title, in the order of the questions."""
    shown = list(INCIDENT_QUESTIONS if record.is_incident else QUESTIONS)
    if not record.shows_concern:
        shown.remove("safeguarding")
    at = shown.index("informed") + 1
    if record.shows_concern and record.report.concern_informed == []:
        told_since = record.list_told_of("concern")
        shown[at:at] = [] if told_since else ["concern_informed"]
    named = [(ANSWERS[field].title, tell_answer(record, field)) for field in shown]
    tried = name_tried(record, record.tried).items()
    return [*named[:at], *((title, as_lines(who)) for title, who in tried), *named[at:]]


def tell_answer(record: Record, field: str) -> str:
    """Return one answer of a report in words."""
    report = record.report
    told = {
        "occurred_at": lambda: tell_when(report),
        "safeguarding": lambda: tell_concern(report) if record.shows_concern else "",
        "informed": lambda: as_lines([tell_told(record, each) for each in record.told]) or NOBODY,
        "concern_informed": lambda: NOBODY,
        "tried": lambda: as_lines([tell_tried(record, each) for each in record.tried]),
        "recommendations": lambda: as_lines(report.recommendations) or NO_IDEAS,
        "category": lambda: CATEGORY_LABELS[report.category],
    }
    return told[field]() if field in told else str(getattr(report, field))


def as_lines(items: Sequence[str]) -> str:
    """Return items one below the other with a mark before each, or the only one as it is."""
    return "\n".join(f"- {item}" for item in items) if len(items) > 1 else "".join(items)


def name_facts(record: Record, entry: FollowedUp) -> list[tuple[str, str]]:
    """Return what a follow-up to ``record`` says, each thing after its name.

    A note has none, but that of closing, which stands under it. What it points at is named by
    its words: who reads a paper can't look an entry up.
    """
    told = tell_told(record, Told(entry.informed, "", entry.told_of))
    if entry.informed and not entry.told_of and has_more(record):
        told = f"{told} (of what is not written)"
    facts = [
        (HARM, tell_dated(entry.harm_found, entry.harm_on, "seen ")),
        ("", "" if entry.closes else entry.note),
        ("Told", told),
        *((name, "; ".join(who)) for name, who in name_tried_by(record, entry.tried).items()),
        (name_field("undoes"), _tell_undone(record, entry)),
        (CHANGED, tell_dated(entry.changed, entry.changed_on)),
    ]
    found = [(name, text) for name, text in facts if text]
    if entry.care_plan or entry.care_plan_status:
        found.append((CARE_PLAN[entry.care_plan_status], entry.care_plan))
    if entry.next_done:
        done = (each.text for each in record.steps_done if each.id == entry.ends)
        found.append((STEP_DONE, next(done, "")))
    if entry.next_step:
        due = date.fromisoformat(entry.next_due) if entry.next_due else None
        agreed = date.fromisoformat(entry.agreed_on) if entry.agreed_on else None
        step = NextStep(entry.id, entry.next_step, entry.next_who, due, "", agreed=agreed)
        found.append((NEXT_STEP, tell_step(step)))
    if entry.closes is not None:
        found.append(("Closed", entry.note) if entry.closes else ("Opened again", ""))
    return found


def _tell_undone(record: Record, entry: FollowedUp) -> str:
    if not entry.undoes:
        return ""
    undone = next((each.text for each in record.changes if each.id == entry.undoes), "")
    day = "" if entry.changed else entry.changed_on  # else it stands with what is so now
    return tell_dated(undone or "a change that was withdrawn", day, "since ")


def tell_dated(text: str, day: str, before: str = "") -> str:
    """Return a text with the day that it is of behind it, where that is known."""
    return f"{text} ({before}{echo_weekday(date.fromisoformat(day))})" if text and day else text


def tell_fact(name: str, text: str) -> str:
    """Return a fact after its name: ``Told: daughter``, ``Closed.``, or a note as it is."""
    return f"{name}: {text}" if name and text else text or f"{name}."


def tell_follow_up(record: Record, entry: FollowedUp) -> list[str]:
    """Return what a follow-up says, a sentence for each thing; first of all if it still counts."""
    facts = [tell_fact(*each) for each in name_facts(record, entry)]
    if not entry.withdrawn:
        return facts
    return [tell_withdrawn(entry.withdrawn), *(f"It said: {each}" for each in facts)]


def tell_withdrawn(entry: Withdrawn) -> str:
    """Return that an entry no longer counts, when that was written, and why where it is known."""
    reason = f": {entry.reason}" if entry.reason else "."
    return f"Withdrawn by {entry.id}, {tell_stamp(entry)}{reason}"


CLAIMS = "Where it comes from"


def tell_changes(entry: Corrected) -> list[str]:
    """Return what a correction changed, was and now where both may be seen, and why."""
    hour = next((each for each in entry.changes if each.field == "hour_not_known"), None)
    lines = [line for change in entry.changes for line in tell_change(change, hour)]
    return [*lines, f"Reason: {entry.reason}"] if entry.reason else lines


def tell_change(change: Change, hour: Change | None = None) -> list[str]:
    """Return what one field was and is now, or only its name where a reader may see no more."""
    title = name_field(change.field)
    if change.old is None and change.new is None:
        return [f"{title} was corrected"]
    old, new = (_tell_value(change.field, each) for each in (change.old, change.new))
    if change.field == "occurred_at" and hour:
        days = (take_day(str(each)) for each in (change.old, change.new))
        before, after = (f"{echo_weekday(day)}, {UNKNOWN_HOUR}" for day in days)
        old, new = before if hour.old else old, after if hour.new else new
    return [f"{title}, was: {old}", f"{title}, now: {new}"]


def name_field(field: str) -> str:
    """Return what a field of a report or a follow-up is called."""
    if field in ANSWERS:
        return ANSWERS[field].title
    return _FIELDS.get(field) or field.replace("_", " ").capitalize()


def _tell_value(field: str, value: Value) -> str:
    if isinstance(value, bool):
        yes, no = (CONCERN, NO_CONCERN) if field == "safeguarding" else ("yes", "no")
        return yes if value else no
    if isinstance(value, list):
        return "; ".join(value) or "none"
    return _tell_text(field, value) if value else "not written"


def _tell_text(field: str, text: str) -> str:
    match field:
        case "occurred_at":
            return echo(datetime.fromisoformat(text))
        case "next_due" | "harm_on" | "changed_on" | "agreed_on":
            return echo_day(date.fromisoformat(text))
        case "category":
            return CATEGORY_LABELS.get(text, text)
        case "care_plan_status":
            return CARE_PLAN.get(text, text)
    return text


def tell_handed_over(entry: HandedOver) -> str:
    """Return to whom a report was handed, as what, why, and the seal on that paper."""
    words = (
        f"{entry.form} for {entry.recipient} ({entry.audience}); {BASIS[entry.basis]}; "
        f"decided by {entry.decided_by}; seal {entry.seal_shown}"
    )
    return f"{words}\n{tell_withdrawn(entry.withdrawn)}" if entry.withdrawn else words


def name_later(record: Record) -> Iterator[tuple[Stamped, str, str]]:
    """Yield each later entry in the order written, with its title and what it says."""
    entries: list[FollowedUp | Corrected | HandedOver] = [
        *record.follow_ups,
        *record.corrections,
        *record.disclosures,
    ]
    for entry in sorted(entries, key=lambda each: each.number):
        match entry:
            case FollowedUp():
                title, text = f"Follow-up {entry.id}", "\n".join(tell_follow_up(record, entry))
            case Corrected():
                about = "" if entry.about == record.id else f" of {entry.about}"
                title, text = f"Correction {entry.id}{about}", "\n".join(tell_changes(entry))
            case HandedOver():
                title, text = f"Handed over {entry.id}", tell_handed_over(entry)
        yield entry, f"{title}, {tell_stamp(entry)}", text


def name_everything(record: Record) -> Iterator[tuple[str, str]]:
    """Yield all that is told of a report, each thing under its title."""
    for each in record.harm_found:
        yield name_harm(record, each), f"{each.harm_found}\n{tell_told_of(record, each.id)}"
    for step in record.steps:
        yield NEXT_STEP, tell_step(step)
    for change in record.in_force:
        yield CHANGED, tell_changed(change)
    yield from name_answers(record)
    if record.pattern:
        yield PATTERN, record.pattern
    for _, title, text in name_later(record):
        yield title, text


def tell_ties(ties: Mapping[str, Comparison]) -> str:
    """Return which reports one is marked with as the same hazard, and what that is called."""
    names = (each.hazard for each in ties.values() if each.hazard)
    name = next(names, "")
    return join_words(sorted(ties)) + (f', "{name}"' if name else "")


def name_kind(record: Record) -> str:
    """Return whether it is an ``Incident`` or a ``Near miss``."""
    return "Incident" if record.is_incident else "Near miss"


def tell_near_miss(records: Iterable[Record]) -> str:
    """Return what a near miss is; where harm was found later, that none was seen at the time."""
    later = ", as far as was seen then" if any(each.harm_found for each in records) else ""
    return f"A near miss could have caused harm but did not{later}. Writing it down blames nobody."
