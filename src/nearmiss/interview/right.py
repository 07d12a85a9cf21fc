"""The questions about what is put right: which entry is wrong, what in it, and why."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Literal

from nearmiss.dates.shown import echo_day
from nearmiss.errors import UsageProblem
from nearmiss.intake.named import find_others
from nearmiss.interview.answers import (
    ask_day,
    check_answer,
    check_given,
    says_unknown,
)
from nearmiss.interview.known import Known, read_client
from nearmiss.interview.later import SINCE_QUESTIONS, read_later
from nearmiss.interview.report import Interview
from nearmiss.model.entries import FollowUp, Report
from nearmiss.model.questions import ANSWERS, says_nothing
from nearmiss.records.fold import list_standing
from nearmiss.records.record import Record
from nearmiss.records.since import keep_changed
from nearmiss.records.words import tell_follow_up
from nearmiss.speech import join_words, say
from nearmiss.terminal.asking import (
    Asked,
    Asker,
    Choice,
    GoBack,
    Keep,
    Keeping,
    Option,
    ask_until_taken,
)
from nearmiss.text import fold_text, shorten, show_safely, tidy

_GLIMPSE = 50  # characters of a follow-up that is offered


Why = Literal["answer", "person", "twice", "kind", "untrue", "stands again", "apart"]


@dataclass(frozen=True)
class Choosing:
    """What is to be put right: the entry of that id, and what is wrong with it.

    ``entry`` is there where it is one of its answers. It is about another ``person``, written
    ``twice``, of the other ``kind``, or ``untrue``; or it is a withdrawal, and what it withdrew
    ``stands again``; or a report that is to stand ``apart``: it was marked as the same hazard.
    """

    entry_id: str
    entry: Report | FollowUp | None = None
    why: Why = "answer"


def choose_wrong(
    asker: Asker,
    record: Record,
    about: str,
    *,
    marks: Mapping[str, str] | None = None,
    withdraws: bool = False,
) -> Choosing:
    """Return which entry about ``record``, or which of its ``marks``, is wrong, and what in it."""
    if record.withdrawn:
        again = Choosing(record.withdrawn.id, why="stands again")
        stands = (Option(f"{record.id} shall stand again", again),)
        choice = Choice("What is to be put right?", stands, about=about, chosen=0)
        return asker.choose(replace(choice, can_go_back=True))
    answer = Option("An answer in the report", Choosing(record.id, record.current))
    untrue = Choosing(record.id, why="untrue")
    whole = Option("All of it: the wrong person, not true, or written twice", untrue)
    marked = (
        Option(f"Marked as the same hazard as {told}", Choosing(report, why="apart"))
        for report, told in (marks or {}).items()
    )
    turned = "Somebody was hurt after all: an incident"
    if record.is_incident:
        turned = "Nobody was hurt after all: a near miss"
    kind = Option(turned, Choosing(record.id, why="kind"), words=("incident", "near miss"))
    options = (answer, whole, kind, *_list_later(record), *marked)
    choice = Choice("What is wrong?", options, about=about, can_go_back=True)
    while True:
        chosen = untrue if withdraws else asker.choose(choice)
        if chosen != untrue:
            return chosen
        try:
            return replace(chosen, why=_choose_why(asker, about))
        except GoBack:
            if withdraws:
                raise


def _choose_why(asker: Asker, about: str) -> Why:
    options: tuple[Option[Why], ...] = (
        Option("The wrong person", "person", words=("wrong person",)),
        Option("Written twice", "twice"),
        Option("Not true, or another reason", "untrue"),
    )
    ask = _REASONS["untrue"][0]
    return asker.choose(Choice(ask, options, about=about, can_go_back=True))


def _list_later(record: Record) -> Iterator[Option[Choosing]]:
    for entry, shown in zip(list_standing(record), record.standing, strict=True):
        said = shorten(" ".join(tell_follow_up(record, shown)), _GLIMPSE)
        label = f"{entry.id}, written {echo_day(entry.written_at)}: {said}"
        yield Option(label, Choosing(entry.id, entry))
    for each in record.disclosures:
        if not each.withdrawn:
            day = f" on {echo_day(each.day)}" if each.day else ""
            label = f"{each.id}: it was not handed to {each.recipient}{day}"
            yield Option(label, Choosing(each.id, why="untrue"))


@dataclass
class Correcting(Keeping):
    """The questions that put ``entry`` right; what is answered is kept as it is typed."""

    asker: Asker
    now: Callable[[], datetime]
    known: Known = field(default_factory=Known)
    keep: Keep = lambda answered, unfinished: ""
    answers: dict[str, Any] = field(default_factory=dict)
    unfinished: dict[str, str] = field(default_factory=dict)

    def ask(self, entry: Report | FollowUp) -> dict[str, Any] | None:
        """Return the fields that the carer changed, as they are now; None: it does not count."""
        if isinstance(entry, FollowUp):
            return self._ask_follow_up(entry)
        beside = ("occurred_approx", "hour_not_known", "noticed")
        before = {
            name: value
            for name in type(entry).model_fields
            if (name in ANSWERS or name in beside) and (value := getattr(entry, name)) is not None
        }

        def keep(answers: Mapping[str, Any], unfinished: Mapping[str, str]) -> str:
            self.answers = keep_changed(entry, answers)
            return self.keep(self.answers, unfinished)

        answers = {
            **before,
            **{name: self.answers[name] for name in before & self.answers.keys()},
        }
        interview = Interview(
            self.asker,
            answers,
            self.known,
            keep=keep,
            now=self.now,
            hint=partial(_hint_renamed, entry.client),
            unfinished=self.unfinished,
            is_incident="injury" in before,
        )
        interview.change("Which answer is wrong?", [Option("That is all", "done", "d", ("done",))])
        return keep_changed(entry, interview.answers)

    def _ask_follow_up(self, entry: FollowUp) -> dict[str, Any] | None:
        filled = [name for name in SINCE_QUESTIONS if getattr(entry, name, None)]
        options = [Option(SINCE_QUESTIONS[name].ask, name) for name in filled]
        options.append(Option(_DOES_NOT_COUNT, ""))
        choice = Choice("What is wrong in it?", tuple(options), can_go_back=True)
        while True:
            name = self.asker.choose(choice)
            if not name:
                return None
            with suppress(GoBack):
                return keep_changed(entry, {name: self._ask_again(name, getattr(entry, name))})

    def _ask_again(self, name: str, value: str | list[str]) -> str | list[str]:
        before = "\n".join(value) if isinstance(value, list) else value
        asked = replace(
            SINCE_QUESTIONS[name],
            earlier=before,
            can_go_back=True,
        )
        with self.keeping(name, asked) as put:
            if name in ("next_due", "harm_on", "changed_on"):
                day = ask_day(self.asker, put, self.now(), coming=name == "next_due")
                return day.isoformat() if day else value
            return ask_until_taken(self.asker, put, partial(_read_again, name, value))

    def ask_whose(self, record: Record) -> str:
        """Return whom a report is about that was written about another; empty where not known."""
        wrong = record.report.client
        clients = tuple(each for each in self.known.clients if fold_text(each) != fold_text(wrong))
        offered = self.known._replace(clients=clients).offered

        def read(typed: str) -> str:
            if says_unknown(typed):
                return ""
            check_given("client", typed)
            number = tidy(typed)
            known = self.known._replace(clients=clients) if number.isdecimal() else self.known
            client = read_client(self.asker, typed, known, self.now(), wrong=wrong)
            check_answer("client", client)
            if fold_text(client) == fold_text(wrong):
                raise UsageProblem(f"{wrong} is whom it is about now. Whose is it instead?")
            return client

        asked = Asked(
            "Whose is it?",
            "Initials. Or: not known.",
            offers=offered,
            completions=clients,
            example="KT",
            can_go_back=True,
        )
        with self.keeping("client", asked) as put:
            client = ask_until_taken(self.asker, put, read)
        say(f"Taken as: {show_safely(client) or 'not known'}.")
        return client

    def ask_reason(self, why: Why = "answer") -> str:
        """Return why an entry is put right."""
        ask, example = _REASONS[why]

        def read(typed: str) -> str:
            if not tidy(typed):
                raise UsageProblem(f"An answer is needed: a few words, such as: {example}.")
            return tidy(typed)

        asked = Asked(
            ask,
            "A few words. A GP may read them on paper: no initials of others.",
            example=example,
            can_go_back=True,
        )
        with self.keeping("reason", asked) as put:
            return ask_until_taken(self.asker, put, read)


_REASONS: dict[Why, tuple[str, str]] = {
    "answer": ("Why is it corrected?", "wrong day"),
    "untrue": ("Why does it no longer count?", "it did not happen so"),
    "stands again": ("Why does it count again?", "it was right after all"),
}


def _hint_renamed(before: str, answers: Mapping[str, Any]) -> list[str]:
    if fold_text(answers["client"]) == fold_text(before):
        return []
    places = [
        ANSWERS[name].title
        for name in ANSWERS
        if find_others({name: answers.get(name)}, answers["client"], [before])
    ]
    if not places:
        return []
    return [f"{join_words(places)}: this still says {show_safely(before)}. Change it too?"]


def _read_again(name: str, before: str | list[str], typed: str) -> str | list[str]:
    """Return what stands in place of ``before``, which Enter alone keeps. Raises UsageProblem."""
    if name not in ("informed", "tried") and says_nothing(typed):
        raise UsageProblem(_TAKES_BACK)
    if not tidy(typed):
        return before
    return read_later(name, typed)


_DOES_NOT_COUNT = "All of it: it does not count"
_TAKES_BACK = (
    f"That would leave nothing here. To take it back, go back and choose: {_DOES_NOT_COUNT}."
)
