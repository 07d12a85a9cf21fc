"""After a meeting: what was agreed, asked once and saved one thing at a time."""

from dataclasses import replace
from datetime import date
from typing import Any, Literal

from nearmiss.commands.add import Keeper
from nearmiss.commands.which import ask_which
from nearmiss.dates.shown import echo_weekday
from nearmiss.interview.answers import ask_day
from nearmiss.interview.later import Since
from nearmiss.model.entries import Content
from nearmiss.records.fold import list_standing
from nearmiss.records.handed import (
    Item,
    Meeting,
    ask_of_meeting,
    list_items,
    name_step,
    tell_declined,
)
from nearmiss.records.record import NextStep, Record
from nearmiss.records.since import check_follow_up, make_correction, make_withdrawal
from nearmiss.records.words import name_record, tell_step
from nearmiss.session import Session
from nearmiss.speech import count_of, say
from nearmiss.terminal.asking import Asked, Asker, Choice, Option

_Verdict = Literal["agreed", "declined", "done", "not talked about"]
_BEGIN: tuple[Option[str], ...] = (
    Option("Say what was agreed", "go through", words=("yes",)),
    Option("There was no meeting", "no meeting", words=("no meeting", "no")),
    Option("Not now", "later", words=("later",)),
)


def ask_about_meeting(session: Session, meeting: Meeting) -> None:
    """Ask what was agreed at ``meeting``, unless there was none or it is not said now."""
    handed = f"The pack was handed to {meeting.recipient} on {echo_weekday(meeting.day)}."
    choice = Choice(ask_of_meeting(meeting.client), _BEGIN, handed, chosen=2, can_go_back=True)
    begin = session.asker.choose(choice)
    if begin == "later":
        say("The desk keeps it: Say what happened since.")
        return
    if begin == "no meeting":
        session.notes.note_meeting(meeting.id, "done")
        say("Noted here: there was no meeting. It is not asked again.")
        return
    asked = Asked(
        "On which day was the meeting?", "As people say it.", example="yesterday", can_go_back=True
    )
    while (day := ask_day(session.asker, asked, session.now(), earliest=meeting.day)) is None:
        say("A day is needed, such as yesterday or 3 April.")
    say(f"Taken as: {echo_weekday(day)}.")
    session.notes.note_meeting(meeting.id, "begun")
    agreed = _go_through(session, meeting, day) + _ask_more(session, meeting, day)
    session.notes.note_meeting(meeting.id, "done")
    say(f"{count_of(agreed, 'thing')} agreed. The next meeting pack begins with what was agreed.")


def _go_through(session: Session, meeting: Meeting, day: date) -> int:
    """Ask about each idea and open step of the pack; return how many were agreed."""
    items, agreed = list_items(meeting), 0
    if not items:
        say("No idea or open step of that pack is left to go through.")
    else:
        say("One thing at a time; what else was agreed is asked at the end.")
    for at, item in enumerate(items, start=1):
        progress = f"{at} of {len(items)}"
        verdict = _ask_verdict(session.asker, item, progress, session.today)
        agreed += _save(session, item, verdict, day)
    return agreed


def _ask_verdict(asker: Asker, item: Item, progress: str, today: date) -> _Verdict:
    """Return what became of an idea or a step."""
    options: list[Option[_Verdict]] = [
        Option("Agreed", "agreed", words=("yes",)),
        Option("Declined", "declined", words=("no",)),
        Option("Not talked about", "not talked about", words=("not",)),
    ]
    if item.step:
        options.append(Option("It is done already", "done", words=("done",)))
    what = f"To do: {tell_step(item.step)}" if item.step else f"Idea: {item.text}"
    about = f"From {name_record(item.record, today)}"
    return asker.choose(Choice(what, tuple(options), about, progress, can_go_back=True))


def _save(session: Session, item: Item, verdict: _Verdict, day: date) -> bool:
    """Save what became of an idea or a step; return whether it was agreed."""
    record, today = item.record, session.today
    if verdict == "agreed":
        _save_agreed(session, item, day)
    elif verdict == "declined":
        contents: list[Content] = [
            check_follow_up(record, {"note": tell_declined(item.text, day)}, today),
            *_end_step(item, day),
        ]
        _save_contents(session, record, contents)
        say("Noted as declined.")
    elif verdict == "done" and item.step:
        done = check_follow_up(record, {"next_done": True, "ends": item.step.id}, today)
        _save_contents(session, record, [done])
        say("Noted as done.")
    return verdict == "agreed"


def _end_step(item: Item, day: date) -> list[Content]:
    """Return what ends a declined step: its entry is withdrawn, where it says nothing else."""
    if item.step is None:
        return []
    entry = next(each for each in item.record.standing if each.id == item.step.id)
    if entry.note or entry.informed or entry.harm_found or entry.changed or entry.care_plan_status:
        say("It also says something else, so it still stands as to be done.")
        return []
    return [make_withdrawal(entry.id, tell_declined(item.text, day))]


def _save_agreed(session: Session, item: Item, day: date) -> None:
    record, now = item.record, session.now()
    with Keeper(session, record, "step", anew=True).hold() as keeper:
        stood = {"next_who": item.step.who} if item.step else {}
        since = Since(session.asker, record, now, keeper.keep, stood)
        fields: dict[str, Any] = {
            **since.ask_step(name_step(item.text)),
            "agreed_on": day.isoformat(),
        }
        content: Content
        if item.step is None:
            content = check_follow_up(record, fields, now.date())
        else:  # the same step goes on, as it was agreed
            entry = next(each for each in list_standing(record) if each.id == item.step.id)
            del fields["next_step"]
            reason = f"Agreed at the meeting of {day.isoformat()}"
            content = make_correction(record, entry, fields, reason, now.date())
        keeper.save([content], None, fields)
    due = date.fromisoformat(fields["next_due"]) if "next_due" in fields else None
    who = fields.get("next_who", "")
    kept = item.step or NextStep("", item.text, "", None, "")  # what was not said anew stands
    say(f"Agreed: {tell_step(replace(kept, who=who or kept.who, due=due or kept.due))}.")


def _ask_more(session: Session, meeting: Meeting, day: date) -> int:
    """Ask what else was agreed, until that is all; return how many things."""
    record, count = meeting.records[0], 0
    while True:
        with Keeper(session, record, "step", anew=True).hold() as keeper:
            since = Since(session.asker, record, session.now(), keeper.keep)
            fields = since.ask_step()
            if not fields:
                keeper.sitting.end()
                return count
            fields["agreed_on"] = day.isoformat()
            belongs = ask_which(session, record, fields)
            content = check_follow_up(belongs, fields, session.today)
            keeper.turn_to(belongs)  # whose it is where it can't be saved
            keeper.save([content], None, fields)
        count += 1
        say("Noted as agreed.")


def _save_contents(session: Session, record: Record, contents: list[Content]) -> None:
    with Keeper(session, record, "note", anew=True).hold() as keeper:
        keeper.save(contents, None, {"note": getattr(contents[0], "note", "")})
