"""What came of an entry, for its row of a chronology: by which others, and how it is now."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby, takewhile

from nearmiss.dates.shown import echo_day, take_day
from nearmiss.model.entries import Comparison
from nearmiss.model.ids import EntryId, show_number
from nearmiss.records import words
from nearmiss.records.record import CarePlan, FollowedUp, Record, Stamped
from nearmiss.text import join_lines


def tell_outcome(record: Record, verdicts: Sequence[Comparison]) -> tuple[str, ...]:
    """Return what came of a report: the numbers under which it stands, and how it is now."""
    standing = [each for each in record.standing if not each.harm_found]
    marked = [each for each in verdicts if record.id in (each.about, each.other)]
    closing = record.closing
    by = f" (noted in {show_number(closing.number)})" if closing else ""
    told = [
        *tell_put_right(record, record, record.withdrawn),
        refer_to(words.HARM, record.harm_found, record.day),
        refer_to("Followed up", standing, record.day),
        refer_to("Handed over", record.disclosures, record.day),
        # Where the verdicts have rows, a name stands where it was given.
        f"{words.PATTERN}: {record.pattern}" if record.pattern and not marked else "",
        _tell_marked("Same hazard as", record, [each for each in marked if each.same_hazard]),
        _tell_marked(
            "Another hazard than", record, [each for each in marked if not each.same_hazard]
        ),
        "" if record.withdrawn else f"{words.tell_status(record)}{by}{_tell_left(record, closing)}",
    ]
    return tuple(filter(None, told))


def _tell_marked(what: str, record: Record, verdicts: Sequence[Comparison]) -> str:
    """Return with which other reports the carer compared one, and in which entries."""
    others = [each.other if each.about == record.id else each.about for each in verdicts]
    noted = [Stamped(each.id, each.first_recorded_at, "") for each in verdicts]
    return refer_to(f"{what} {_join_numbers(others)}, noted in", noted, record.day, joint=" ")


def _join_numbers(ids: Iterable[str]) -> str:
    return ", ".join(show_number(EntryId.parse(each).number) for each in ids)


def refer_to(
    what: str, entries: Sequence[Stamped], row: date | None = None, joint: str = ": "
) -> str:
    """Return the numbers of entries behind what they are; nothing for none.

    Where they were not written on the day of the ``row`` their own day follows.
    """
    told = [
        f"{_join_numbers(each.id for each in of_day)}{_tell_day(day, row)}"
        for day, of_day in groupby(entries, key=lambda each: each.day)
    ]
    return f"{what}{joint}{', '.join(told)}" if told else ""


def _tell_day(day: date | None, row: date | None) -> str:
    return f" on {echo_day(day)}" if day and day != row else ""


def _tell_left(record: Record, closing: FollowedUp | None) -> str:
    """Return the steps that were open when a follow-up closed the report, as far as is known."""
    if not (closing and closing.closes):
        return ""
    earlier = {each.id for each in takewhile(lambda each: each.id != closing.id, record.standing)}
    steps = [each for each in (*record.steps, *record.steps_done) if each.id in earlier]
    left = [each.id for each in steps if not each.done or each.done[:10] > closing.recorded_at[:10]]
    return f", with a step open: {_join_numbers(left)}" if left else ""


def tell_put_right(
    entry: Stamped, record: Record | None = None, withdrawn: Stamped | None = None
) -> tuple[str, ...]:
    """Return by which entry another was withdrawn, and by which its fields were put right."""
    told = [refer_to("Withdrawn by", [withdrawn], entry.day, " ")] if withdrawn else []
    for each in record.corrections if record else ():
        if each.about == entry.id:
            fields = ", ".join(words.name_field(change.field) for change in each.changes)
            by = each.recorded_by if each.recorded_by != entry.recorded_by else ""
            put_right = refer_to("Put right by", [each], entry.day, " ")
            told.append(f"{put_right}{by and f' by {by}'}: {fields}")
    return tuple(told)


def tell_follow_up_outcome(entry: FollowedUp, record: Record, made: date) -> tuple[str, ...]:
    """Return what came of a follow-up: of its step, its change and the care plan too."""
    told = [*tell_put_right(entry, record, entry.withdrawn)]
    done = (take_day(each.done) for each in record.steps_done if each.id == entry.id)
    told += [f"Step done, written down {echo_day(each)}" for each in done]
    told += [
        f"No note by {echo_day(made)} that the step was done"
        f"{', overdue' if each.is_overdue(made) else ''}"
        for each in record.steps
        if each.id == entry.id
    ]
    undone = (each for each in record.standing if each.undoes == entry.id)
    told += [f"No longer so: {show_number(each.number)}" for each in undone]
    plan = record.care_plan
    if left := _tell_left(record, entry):
        told.append(f"Closed{left}")
    if plan and entry.care_plan_status and not entry.withdrawn and entry.id != plan.id:
        told.append(f"Care plan since then: {_name_status(plan)}")
    return tuple(told)


def _name_status(plan: CarePlan) -> str:
    status = words.CARE_PLAN[plan.status].removeprefix("Care plan ")
    return f"{status}, noted {echo_day(plan.day)} ({show_number(EntryId.parse(plan.id).number)})"


def tell_care_plans(records: Iterable[Record]) -> str:
    """Return how the care plan stands now, by the reports that changed it or asked for it."""
    told = [
        f"{record.id}: {_name_status(plan)}{text and f': {text}'}"
        for record in records
        if (plan := record.care_plan) and plan.status and not record.withdrawn
        for text in [join_lines(plan.text).rstrip(". ")]
    ]
    return f"What the notes say of the care plan: {'; '.join(told)}." if told else ""
