"""The questions about what is put right: which entry is wrong, what in it, and why."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from nearmiss.dates.shown import echo_day
from nearmiss.interview.answers import NotTaken
from nearmiss.interview.known import Known
from nearmiss.interview.later import SINCE_QUESTIONS, ask_due, read_later, read_past_day
from nearmiss.interview.report import Interview
from nearmiss.model.entries import Disclosure, FollowUp, Report
from nearmiss.model.questions import ANSWERS, says_nothing
from nearmiss.records.fold import list_standing
from nearmiss.records.record import Record
from nearmiss.records.since import keep_changed
from nearmiss.terminal.asking import Asked, Asker, Choice, GoBack, Option, ask_until_taken
from nearmiss.text import shorten, tidy

Wrong = Report | FollowUp | Disclosure
Keep = Callable[[Mapping[str, Any], Mapping[str, str]], str]

_GLIMPSE = 50  # characters of a follow-up that is offered


@dataclass(frozen=True)
class Choosing:
    """What is to be put right: the entry, and whether all of it no longer counts."""

    entry_id: str
    entry: Report | FollowUp | None = None  # None where only all of it can be taken back

    @property
    def withdraws(self) -> bool:
        """Whether all of it is taken back."""
        return self.entry is None


def choose_wrong(asker: Asker, record: Record, about: str) -> Choosing:
    """Return which entry about ``record`` is wrong, and whether all of it is.

    ``about`` says which report it is. Raises GoBack, KeyboardInterrupt or EOFError.
    """
    if record.withdrawn:
        again = Option(f"{record.id} shall stand again", Choosing(record.withdrawn.id))
        choice = Choice(
            "What is to be put right?", (again,), about=about, chosen=0, can_go_back=True
        )
        return asker.choose(choice)
    options: list[Option[Choosing]] = [
        Option("An answer in the report", Choosing(record.id, record.current)),
        Option("All of it: the wrong person, not true, or written twice", Choosing(record.id)),
    ]
    options += _list_later(record)
    return asker.choose(Choice("What is wrong?", tuple(options), about=about, can_go_back=True))


def _list_later(record: Record) -> Iterator[Option[Choosing]]:
    for entry in list_standing(record):
        yield Option(_tell_follow_up(entry), Choosing(entry.id, entry))
    for each in record.disclosures:
        if not each.withdrawn:
            day = f" on {echo_day(each.day)}" if each.day else ""
            label = f"{each.id}: it was not handed to {each.recipient}{day}"
            yield Option(label, Choosing(each.id))


def _tell_follow_up(entry: FollowUp) -> str:
    said = (
        *(entry.harm_found, entry.note, *(entry.informed or ()), *(entry.tried or ())),
        *(entry.changed, entry.care_plan, entry.next_step),
    )
    first = next((shorten(each, _GLIMPSE) for each in said if each), "no words in it")
    return f"{entry.id}, written {echo_day(entry.written_at)}: {first}"


@dataclass
class Correcting:
    """The questions that put ``entry`` right; what is answered is kept as it is typed.

    ``answered`` and ``unfinished`` stand from before; ``keep`` has both on the disk, or returns
    why not; ``now`` gives the time (aware).
    """

    asker: Asker
    now: Callable[[], datetime]
    keep: Keep = lambda answered, unfinished: ""
    answered: dict[str, Any] = field(default_factory=dict)
    unfinished: dict[str, str] = field(default_factory=dict)

    def ask(self, entry: Report | FollowUp) -> dict[str, Any] | None:
        """Return the fields that the carer changed, with their new values; None: none counts.

        Raises GoBack, KeyboardInterrupt or EOFError.
        """
        if isinstance(entry, FollowUp):
            return self._ask_follow_up(entry)
        beside = ("occurred_approx", "hour_not_known", "noticed")
        before = {
            name: value
            for name in type(entry).model_fields
            if (name in ANSWERS or name in beside) and (value := getattr(entry, name)) is not None
        }

        def keep(answers: Mapping[str, Any], unfinished: Mapping[str, str]) -> str:
            self.answered = keep_changed(entry, answers)
            return self.keep(self.answered, unfinished)

        answers = {
            **before,
            **{name: self.answered[name] for name in before & self.answered.keys()},
        }
        interview = Interview(
            self.asker,
            answers,
            Known(),
            keep=keep,
            now=self.now,
            unfinished=self.unfinished,
            is_incident="injury" in before,
        )
        interview.change("Which answer is wrong?", (Option("That is all", None, "d", ("done",)),))
        return keep_changed(entry, interview.answers)

    def _ask_follow_up(self, entry: FollowUp) -> dict[str, Any] | None:
        filled = [name for name in SINCE_QUESTIONS if getattr(entry, name, None)]
        options: list[Option[str]] = [Option(SINCE_QUESTIONS[name].ask, name) for name in filled]
        options.append(Option("All of it: it does not count", ""))
        while True:
            name = self.asker.choose(
                Choice("What is wrong in it?", tuple(options), can_go_back=True)
            )
            if not name:
                return None
            try:
                return keep_changed(entry, {name: self._ask_again(name, getattr(entry, name))})
            except GoBack as left:
                if tidy(left.typed):
                    self.unfinished[name] = left.typed
                    self.keep(self.answered, self.unfinished)

    def _ask_again(self, name: str, value: str | list[str]) -> str | list[str]:
        before = "\n".join(value) if isinstance(value, list) else value
        asked = replace(
            SINCE_QUESTIONS[name],
            earlier=before,
            typed=self.unfinished.get(name, ""),
            can_go_back=True,
            keeps=lambda typed: self._keep_typed(name, typed),
        )
        now, day_asked = self.now(), replace(asked, earlier="")
        if name == "next_due":
            day = ask_due(self.asker, day_asked, now.date())
            return day.isoformat() if day else value
        if name in ("harm_on", "changed_on"):
            day = ask_until_taken(self.asker, day_asked, partial(read_past_day, now))
            return day.isoformat() if day else value
        answer = ask_until_taken(self.asker, asked, partial(_read_again, name, value))
        self.unfinished.pop(name, None)
        return answer

    def _keep_typed(self, name: str, typed: str) -> None:
        self.keep(self.answered, {**self.unfinished, name: typed})

    def ask_reason(self, *, withdraws: bool = False) -> str:
        """Return why an entry is put right. Raises GoBack, KeyboardInterrupt or EOFError."""
        example = "written about the wrong person" if withdraws else "wrong day"

        def read(typed: str) -> str:
            if not tidy(typed):
                raise NotTaken(reason=f"An answer is needed: a few words, such as: {example}.")
            return tidy(typed)

        asked = Asked(
            "Why does it no longer count?" if withdraws else "Why is it corrected?",
            "A few words. They stay in the logbook.",
            typed=self.unfinished.get("reason", ""),
            example=example,
            can_go_back=True,
            keeps=lambda typed: self._keep_typed("reason", typed),
        )
        return ask_until_taken(self.asker, asked, read)


def _read_again(name: str, before: str | list[str], typed: str) -> str | list[str]:
    """Return what was typed in place of ``before``, which Enter alone keeps. Raises NotTaken."""
    if name not in ("informed", "tried") and says_nothing(typed):
        raise NotTaken(reason=_TAKES_BACK)
    if not tidy(typed):
        return before
    return read_later(name, typed)


_TAKES_BACK = (
    "That would leave nothing here. To take it back, go back and choose: "
    "All of it: it does not count."
)
