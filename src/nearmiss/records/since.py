"""What is written about a report later: read from options, and checked against the report."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from pydantic import ValidationError

from nearmiss.dates.days import parse_due
from nearmiss.dates.grammar import parse_day, parse_when
from nearmiss.dates.shown import echo_day, echo_weekday
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.intake.fields import BadReport, read_options, refuse_missed
from nearmiss.model.entries import CorrectionFields, FollowUp, FollowUpFields, Incident, Report
from nearmiss.model.ids import EntryId, read_typed
from nearmiss.model.problems import describe, tidy_fields
from nearmiss.model.questions import FOLLOW_UP_OPTIONS, INSTEAD, TRIED, drop_nobody, says_nothing
from nearmiss.records.informed import hides_concern, list_unreached, list_untold
from nearmiss.records.record import Changed, NextStep, Record
from nearmiss.text import shorten, show_safely, tidy

Fields = dict[str, Any]  # a follow-up's fields as JSON has them, as far as they are answered
_GLIMPSE = 40  # characters of a step, a change or harm that a refusal repeats


def read_given(given: Mapping[str, object], record: Record, now: datetime) -> Fields:
    """Return the fields of a follow-up that options gave, days and references among them read."""
    for is_wrong, reason in (
        (given.get("next_done") and not record.steps, _NOTHING_STANDS),
        (not given.get("next_step") and given.keys() & _OF_A_STEP, _NO_STEP),
        (given.get("closes") and given.get("next_step"), _CLOSED_STEP),
        (given.get("changed_on") and not given.keys() & {"changed", "undoes"}, _NO_CHANGE),
        *((given.get(each) and not given.get(named), text) for each, named, text in _BESIDE),
    ):
        if is_wrong:
            raise UsageProblem(f"{reason} Nothing was saved.")
    read = read_typed_fields(given, record, now)
    told = read.get("informed")
    if isinstance(told, list) and not drop_nobody(told):
        del read["informed"]  # nobody more
    return read


_OF_A_STEP = {"next_who", "next_due", "agreed_on"}
_NOTHING_STANDS = "No next step is open for this report, so none can be done: leave out --done."
_NO_STEP = "--who, --due and --agreed-on need --next: what is to do."
_NO_CHANGE = "--changed-on is the day of a change: add --changed, what, or --undoes, which."
_CLOSED_STEP = "A closed report has nothing left to do: leave out --close or --next."
_BESIDE = (
    ("ends", "next_done", "--ends says which step is done: add --done."),
    ("told_of", "informed", "--told-of says of what somebody was told: add --informed, who."),
    ("harm_on", "harm_found", "--harm-on is the day of harm: add --harm-found, what was seen."),
)


def read_typed_fields(given: Mapping[str, object], record: Record, now: datetime) -> Fields:
    """Return ``given`` with its days and references as they are stored."""
    read = dict(given)
    for field in ("harm_on", "changed_on", "agreed_on"):
        if isinstance(typed := read.get(field), str):
            read[field] = parse_day(typed, now).isoformat()
    if isinstance(typed := read.get("next_due"), str):
        read["next_due"] = parse_due(typed, now.date()).isoformat()
    for field in ("undoes", "ends"):
        if isinstance(typed := read.get(field), str):
            read[field] = _read_reference(typed, record)
    if isinstance(several := read.get("told_of"), list):
        read["told_of"] = [
            each if each in ("event", "concern") else _read_reference(each, record)
            for each in several
        ]
    return read


def _read_reference(typed: str, record: Record) -> str:
    """Return the id that was typed; of a page that came from another book, the one it has here."""
    named = read_typed(typed)
    if named is None:
        shown = show_safely(typed[:40])
        raise UsageProblem(f'"{shown}" is no number of a follow-up. Nothing was saved.')
    tag, number = named
    own = EntryId.parse(record.id).tag
    for entry in record.later:
        came_from = entry.origin_id if tag and tag != own else None
        if isinstance(entry, FollowUp) and came_from == str(EntryId(tag or own, number)):
            return entry.id
    return str(EntryId(tag or own, number))


def build_follow_up(fields: Mapping[str, Any]) -> FollowUpFields:
    """Return the follow-up that ``fields`` make. Raises UsageProblem with each fault's option."""
    if says_nothing(fields.get("harm_found") or ""):
        raise UsageProblem(_NO_HARM)
    try:
        return FollowUpFields.model_validate(tidy_fields(fields))
    except ValidationError as error:
        faults = (
            f"{FOLLOW_UP_OPTIONS.get(each.field, each.field)}: {each.reason}"
            for each in describe(error)
        )
        raise UsageProblem("\n".join(("Not saved. Please change:", *faults))) from None


_NO_HARM = (
    "--harm-found tells what harm was seen. If there was none, leave it out. Nothing was saved."
)


def check_follow_up(record: Record, fields: Mapping[str, Any], today: date) -> FollowUpFields:
    """Return the follow-up that ``fields`` make, checked against what stands in ``record``."""
    content = build_follow_up({"about": record.id, **fields})
    if record.withdrawn and fields.keys() - {"informed", "tried"}:
        raise NearmissError(
            f"{record.id} was withdrawn, so only who was told of that can still be noted. "
            "Nothing was saved. To have it stand again: nearmiss correct "
            f"{record.withdrawn.id} --withdraw"
        )
    _check_days(record, content, today)
    _check_references(record, content, record.steps)
    if content.closes:
        _check_closing(record, content)
    return content


def _check_days(record: Record, content: FollowUpFields, today: date) -> None:
    event = record.report.occurred.date()
    undone = find_change(record, content.undoes or "")
    before = undone.on if undone else None
    for typed, option, what, earliest, follows in (
        (content.harm_on, "--harm-on", "Harm", event, "it happened"),
        (content.changed_on, "--changed-on", "A change", before, "the change itself"),
        (content.agreed_on, "--agreed-on", "A meeting", None, ""),
    ):
        day = date.fromisoformat(typed) if typed else None
        if day and day > today:
            raise UsageProblem(
                f"{option}: {echo_weekday(day)} is still to come. {what} is noted once it has "
                "been. Nothing was saved."
            )
        if day and earliest and day < earliest:
            raise UsageProblem(
                f"{option}: {echo_weekday(day)} is before {follows}, {echo_weekday(earliest)}. "
                "Nothing was saved."
            )


def tell_early(record: Record, fields: Mapping[str, Any]) -> str:
    """Return that a change was before what happened, which may be so; empty where it was not."""
    happened = record.report.occurred.date()
    changed_on = "" if fields.get("undoes") else fields.get("changed_on")
    day = date.fromisoformat(changed_on) if changed_on else happened
    if day >= happened:
        return ""
    return f"{echo_weekday(day)} is before it happened, {echo_weekday(happened)}."


def _check_references(record: Record, content: FollowUpFields, steps: tuple[NextStep, ...]) -> None:
    """Check that what a follow-up points at stands; ``steps`` are those that it may end."""
    if content.undoes and content.undoes not in {each.id for each in record.in_force}:
        stand = [f"{each.id}: {each.text}" for each in record.in_force]
        raise _refuse("--undoes", content.undoes, "a change of this report that holds", stand)
    harm = {each.id: each for each in record.harm_found}
    for each in content.told_of or ():
        if each not in ("event", "concern") and each not in harm:
            stand = [f"{name}: {one.harm_found}" for name, one in harm.items()]
            raise _refuse("--told-of", each, "harm found with this report", stand)
    if not content.next_done:
        return
    open_ones = [f"{each.id}: {each.text}" for each in steps]
    if content.ends and content.ends not in {each.id for each in steps}:
        raise _refuse("--ends", content.ends, "an open step of this report", open_ones)
    if not content.ends and len(steps) > 1:
        raise UsageProblem(
            f"Several steps are open. Say which one is done with --ends and its number. "
            f"Nothing was saved.\n{_list(open_ones)}"
        )


def _refuse(option: str, named: str, what: str, stand: Iterable[str]) -> UsageProblem:
    listed = _list(stand)
    those = f" These are:\n{listed}" if listed else " There is none."
    return UsageProblem(f"{option}: {named} is not {what}. Nothing was saved.{those}")


def _list(lines: Iterable[str]) -> str:
    return "\n".join(shorten(each, _GLIMPSE + len("K7QX-0042: ")) for each in lines)


def _check_closing(record: Record, content: FollowUpFields) -> None:
    fields = content.model_dump(exclude_none=True)
    if left := list_left(record, fields):
        named = _list(f"{each.id}: {each.text}" for each in left)
        raise UsageProblem(
            f"{record.id} is not closed while a step is open. Nothing was saved. Say first that "
            f"it is done (nearmiss follow-up {record.id} --done --ends NUMBER), or withdraw it "
            f"(nearmiss correct NUMBER --withdraw):\n{named}"
        )
    told_now = content.informed and "concern" in (content.told_of or ())
    if hides_concern(record) and not told_now:
        raise NearmissError(
            f"{record.id} raises a possible safeguarding concern, and nobody is noted as told of "
            "it, so it is not closed. Nothing was saved. Ring adult social care at the council. "
            f"Then: nearmiss follow-up {record.id} --informed WHO --told-of concern --close"
        )


def list_left(record: Record, fields: Mapping[str, Any]) -> list[NextStep]:
    """Return the steps of ``record`` that stay open after a follow-up of these ``fields``."""
    steps = list(record.steps)
    if fields.get("next_done") and steps:
        ended = fields.get("ends") or steps[-1].id
        steps = [each for each in steps if each.id != ended]
    return steps


def list_unsettled(record: Record) -> list[str]:
    """Return what a report would be closed over, in sentences: who is untold, what unanswered."""
    asked = record.care_plan_waiting
    day = f" on {echo_day(asked.day)}" if asked and asked.day else ""
    waiting = [f"The care plan review asked for{day} has no answer yet."] if asked else []
    missed = shorten("; ".join(list_unreached(record)), 2 * _GLIMPSE)
    missed = f'{TRIED.title}: "{missed}".' if missed else ""
    return list(filter(None, (*list_untold(record), missed, *waiting)))


def find_change(record: Record, wanted: str) -> Changed | None:
    """Return the change of that id, None where none that counts has it."""
    return next((each for each in record.changes if each.id == wanted), None)


def read_changes(
    record: Record,
    entry: Report | FollowUp,
    given: Mapping[str, Any],
    now: datetime,
    names: Mapping[str, str],
) -> dict[str, Any]:
    """Return the fields of ``entry`` that answers as typed would change."""
    if isinstance(entry, Report):
        of_its_day = partial(parse_when, stood=entry.occurred.date())
        fields = read_options(given, now, names, read_moment=of_its_day)
        if "occurred_at" in given:  # what was said of the moment before is of another
            exact = {"occurred_approx": False} if entry.hour_not_known else {}
            fields = {"hour_not_known": False, "noticed": False, **exact, **fields}
    else:
        checked = _rebuild(entry, read_typed_fields(given, record, now))
        fields = {name: getattr(checked, name) for name in given}
    changed = keep_changed(entry, fields)
    refuse_missed(changed)
    return changed


def _rebuild(entry: FollowUp, changes: Mapping[str, Any]) -> FollowUpFields:
    stands = entry.model_dump(include=set(FollowUpFields.model_fields), exclude_none=True)
    return build_follow_up({**stands, **changes})


def keep_changed(entry: Report | FollowUp, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return those ``fields`` that are not what stands in ``entry``."""
    return {
        name: value
        for name, value in fields.items()
        if name != "entry" and value != getattr(entry, name) and (value or getattr(entry, name))
    }


def make_correction(
    record: Record, entry: Report | FollowUp, changes: Mapping[str, Any], reason: str, today: date
) -> CorrectionFields:
    """Return the correction of ``entry``, one of ``record``."""
    if record.withdrawn:
        raise NearmissError(
            f"{record.id} was withdrawn, so nothing in it is put right. Nothing was saved. To have "
            f"it stand again: nearmiss correct {record.withdrawn.id} --withdraw"
        )
    if isinstance(entry, FollowUp):
        _check_days(record, _rebuild(entry, changes), today)
        pointing = {"undoes", "told_of", "ends", "next_done"}
        if changes.keys() & pointing:
            said = {name: each for name, each in changes.items() if name in pointing}
            _check_references(
                record,
                FollowUpFields.model_construct(about=record.id, **said),
                (*record.steps, *record.steps_done),
            )
    fields = {"about": entry.id, "changes": dict(changes), "reason": tidy(reason)}
    return _build_correction(fields)


def make_withdrawal(entry_id: str, reason: str) -> CorrectionFields:
    """Return the correction that says that the entry ``entry_id`` no longer counts."""
    return _build_correction({"about": entry_id, "withdraws": True, "reason": tidy(reason)})


def _build_correction(fields: Mapping[str, Any]) -> CorrectionFields:
    try:
        return CorrectionFields.model_validate(fields)
    except ValidationError as error:
        raise BadReport(describe(error)) from None


WRONG_PERSON = "Written about the wrong person"  # no other reader is told whose it is
WRITTEN_TWICE = "Written twice"  # nor which other report stays
TURNED = {  # why a report was withdrawn that was of the other kind, by what it is now
    "an incident": "It was an incident, not a near miss",
    "a near miss": "It was a near miss, not an incident",
}


def tell_wrong_person(client: str) -> str:
    """Return why a report was withdrawn that is about ``client``, or about somebody not known."""
    return f"{WRONG_PERSON}: it is about {client or 'somebody else; who is not known'}"


def tell_those_told(reason: str, client: str) -> str:
    """Return what is to be told to who knows of a report that was withdrawn for that ``reason``."""
    if reason.startswith(WRONG_PERSON):
        return f"Tell them it was not {client}."
    if reason.startswith(WRITTEN_TWICE):
        return "Tell them that it was written twice."
    becomes = next((kind for kind, said in TURNED.items() if reason == said), "")
    return f"Tell them that it {f'is now kept as {becomes}' if becomes else 'does not count'}."


def fit_kind(entry: Report | FollowUp, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers under the fields of ``entry``; an incident stays one, and a near miss too."""
    fields = {name: each for name, each in given.items() if name != "entry"}
    if isinstance(entry, FollowUp):
        return fields
    if isinstance(entry, Incident):
        now, other, becomes = "an incident", "a near miss", "how_prevented" in given
    else:
        now, other = "a near miss", "an incident"
        becomes = "injury" in given or given.get("entry") == "incident"
    if becomes:
        raise UsageProblem(
            f"{entry.id} was written down as {now}, and can't be made {other}. Nothing was saved. "
            f"Withdraw it and write it anew: nearmiss correct {entry.id} --withdraw"
        )
    what, happened = next(iter(INSTEAD.items()))
    for name, beside in ((what, happened), (happened, what)):
        if name in fields and name not in type(entry).model_fields:
            fields[beside] = fields.pop(name)
    return fields
