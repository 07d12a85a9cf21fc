"""The questions after a meeting: what became of each idea and step that its pack brought."""

from datetime import date, datetime
from typing import Literal

from nearmiss.dates.shown import echo_weekday
from nearmiss.interview.answers import NotTaken
from nearmiss.interview.later import name_record, read_past_day
from nearmiss.records.meetings import Item, Meeting, ask_of_meeting
from nearmiss.records.words import tell_step
from nearmiss.speech import say
from nearmiss.terminal.asking import Asked, Asker, Choice, Option, ask_until_taken

Begin = Literal["go through", "no meeting", "later"]
Verdict = Literal["agreed", "declined", "done", "not talked about"]


def ask_to_begin(asker: Asker, meeting: Meeting) -> Begin:
    """Return whether what was agreed is said now. Raises GoBack, KeyboardInterrupt or EOFError."""
    options: tuple[Option[Begin], ...] = (
        Option("Say what was agreed", "go through", words=("yes",)),
        Option("There was no meeting", "no meeting", words=("no meeting", "no")),
        Option("Not now", "later", words=("later",)),
    )
    help_text = f"The pack was handed to {meeting.recipient} on {echo_weekday(meeting.day)}."
    choice = Choice(ask_of_meeting(meeting.client), options, help_text, chosen=2, can_go_back=True)
    return asker.choose(choice)


def ask_meeting_day(asker: Asker, meeting: Meeting, now: datetime) -> date:
    """Return the day of the meeting. Raises GoBack, KeyboardInterrupt or EOFError."""
    asked = Asked(
        "On which day was the meeting?", "As people say it.", example="yesterday", can_go_back=True
    )

    def read(typed: str) -> date:
        day = read_past_day(now, typed, earliest=meeting.day)
        if day is None:
            raise NotTaken(reason="A day is needed, such as yesterday or 3 April.")
        return day

    day = ask_until_taken(asker, asked, read)
    say(f"Taken as: {echo_weekday(day)}.")
    return day


def ask_verdict(asker: Asker, item: Item, progress: str, today: date) -> Verdict:
    """Return what became of an idea or a step. Raises GoBack, KeyboardInterrupt or EOFError."""
    options: list[Option[Verdict]] = [
        Option("Agreed", "agreed", words=("yes",)),
        Option("Declined", "declined", words=("no",)),
        Option("Not talked about", "not talked about", words=("not",)),
    ]
    if item.step:
        options.append(Option("It is done already", "done", words=("done",)))
    what = f"To do: {tell_step(item.step)}" if item.step else f"Idea: {item.text}"
    about = f"From {name_record(item.record, today)}"
    choice = Choice(what, tuple(options), about, progress, can_go_back=True)
    return asker.choose(choice)
