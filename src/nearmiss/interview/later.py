"""The questions about what happened since: one fact at a time, kept as it is typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any, Literal, TypeVar

from nearmiss import words
from nearmiss.dates.shown import echo_day, echo_weekday
from nearmiss.intake.harm import find_harm
from nearmiss.intake.reached import is_doubted
from nearmiss.interview.answers import ask_day, ask_reached, split_items
from nearmiss.model.entries import FollowUpFields
from nearmiss.model.questions import QUESTIONS, TRIED, CarePlanStatus, drop_nobody, says_nothing
from nearmiss.records.informed import hides_concern, list_untold
from nearmiss.records.record import Record
from nearmiss.records.since import (
    build_follow_up,
    find_change,
    list_unsettled,
    tell_early,
)
from nearmiss.records.words import name_record, tell_step
from nearmiss.speech import join_words, say
from nearmiss.terminal.asking import (
    NO,
    YES,
    Asked,
    Asker,
    Choice,
    Keep,
    Keeping,
    Option,
    Step,
    ask_in_turn,
    ask_until_taken,
    ask_yes_no,
    say_whole,
)
from nearmiss.text import shorten, tidy

_Read = TypeVar("_Read")
Fields = dict[str, Any]  # a follow-up's fields as JSON has them, as far as they are answered
Adding = Literal["told", "tried", "harm", "changed", "step", "plan", "note", "close", "right"]

_GLIMPSE = 40  # characters of a report that each question about it repeats
_NINE_ROWS = 16  # that the choice of what there is to add takes
_NEXT_ROWS = "\n" * 4  # that the next question takes


def say_about(record: Record, today: date) -> str:
    """Return which report is asked about, as a sentence."""
    about = f"About {name_record(record, today)}"
    return about if about.endswith((".", "…", "?", "!")) else f"{about}."


_NINE: tuple[Option[Adding | None], ...] = (
    Option("Somebody was told", "told", words=("told",)),
    Option("I tried, no answer", "tried", words=("tried",)),
    Option("Harm showed", "harm"),
    Option("Something was changed", "changed", words=("changed",)),
    Option("Something to do, or done", "step", words=("to do", "done")),
    Option("The care plan", "plan", words=("care plan",)),
    Option("A note", "note", words=("note",)),
    Option("Close it, or open it again", "close", words=("open", "reopen")),
    Option("Put something right here", "right", words=("correct", "withdraw")),
)
_ENOUGH: Option[Adding | None] = Option("That is all", None, "d", ("done for now", "nothing"))
_OF_WITHDRAWN = ("told", "tried", "right", None)  # what can still be said of a withdrawn report


def ask_adding(asker: Asker, record: Record, today: date, *, again: bool) -> Adding | None:
    """Return what there is to add to ``record``, None for nothing (more)."""
    question = "What else is there to add?" if again else "What is there to add?"
    options = [*_NINE, _ENOUGH]
    if record.withdrawn:
        options = [each for each in options if each.value in _OF_WITHDRAWN]
    chosen = len(options) - 1 if again else None
    choice = Choice(
        question, tuple(options), about=say_about(record, today), chosen=chosen, can_go_back=True
    )
    return asker.choose(choice)


@dataclass
class Since(Keeping):
    """The questions that add one fact to ``record``; every answer is kept as it is typed.

    ``answers`` and ``unfinished`` stand from before; ``keep`` has both on the disk, or returns
    why not; ``now`` is aware; ``people`` are offered while names are typed.
    """

    asker: Asker
    record: Record
    now: datetime
    keep: Keep = lambda answered, unfinished: ""
    answers: Fields = field(default_factory=dict)
    unfinished: dict[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    title: str = ""  # of the question what is to be done, or is so now, where it is another
    stays_open: bool = False  # the carer said so, where it was to be closed

    def ask(self, adding: Adding) -> Fields:
        """Return the fields of the follow-up that says it; empty where there is nothing to say."""
        steps: dict[str, Sequence[Step[Fields]]] = {
            "told": (self._ask_told, self._ask_of),
            "tried": (partial(self._ask_told, name="tried"), self._ask_of),
            "harm": (self._show_help, partial(self._ask_text, "harm_found"), self._ask_day),
            "changed": (self._ask_change, partial(self._ask_text, "changed"), self._ask_day),
            "step": (
                self._ask_which_step,
                partial(self._ask_text, "next_step"),
                self._ask_who,
                self._ask_due,
            ),
            "plan": (self._ask_plan, partial(self._ask_text, "care_plan")),
            "note": (partial(self._ask_text, "note"), self._ask_harm, self._ask_day),
            "close": (self._ask_left, self._ask_worry, self._ask_closes),
        }
        fields: Fields = ask_in_turn(steps[adding], dict[str, Any]())
        self.stays_open = "stays_open" in fields
        if fields.get("informed") and not self.record.withdrawn:
            fields.setdefault("told_of", ["event"])  # there is nothing else to be told of
        found = {
            name: value
            for name, value in fields.items()
            if name in FollowUpFields.model_fields and value not in (None, "", [])
        }
        if any(is_doubted(line) for line in found.get("informed", ())):
            found.setdefault("tried", [])  # it was asked, and all of them were reached
        return found

    def ask_step(self, text: str = "") -> Fields:
        """Return what else was agreed, unless ``text`` was; who does it and by when."""
        asks = () if text else (partial(self._ask_text, "next_step"),)
        self.title = "Was anything else agreed?"
        begun: Fields = {"next_step": text} if text else {}
        return ask_in_turn((*asks, self._ask_who, self._ask_due), begun)

    @property
    def _today(self) -> date:
        return self.now.date()

    @property
    def _about(self) -> str:
        return say_about(self.record, self._today)

    def _ask_text(self, name: str, fields: Fields) -> Fields | None:
        if fields.get("ends"):
            return None  # it is done: that is all
        return self._set(fields, name, self._read(name, partial(read_later, name)))

    def _read(self, name: str, read: Callable[[str], _Read]) -> _Read:
        with self.keeping(name, self._describe(name)) as asked:
            return ask_until_taken(self.asker, asked, read)

    def _ask_told(self, fields: Fields, name: str = "informed") -> Fields:
        """Ask who was told, or tried."""

        def read(typed: str) -> tuple[list[str], list[str]]:
            self.keep_typed(name, typed)
            lines = [*read_later(name, typed)]
            return ask_reached(self.asker, lines, as_tried=name == "tried")

        told, tried = self._read(name, read)
        answers = {"informed" if name == "tried" else name: told, "tried": tried}
        for each, value in answers.items():
            fields = self._set(fields, each, value)
        return fields

    def _describe(self, name: str) -> Asked:
        asked = SINCE_QUESTIONS[name]
        return replace(
            asked,
            ask=(self.title if name in ("next_step", "changed") else "") or asked.ask,
            about=self._about,
            earlier=_show(self.answers.get(name, "")),
            completions=self.people if asked.shape == "list" else (),
            can_go_back=True,
        )

    def _set(self, fields: Fields, name: str, value: object) -> Fields:
        self.answers.pop(name, None)
        rest = {each: fields[each] for each in fields if each != name}
        if value in (None, "", []):
            self.keep_all()
            return rest
        self.answers[name] = value
        self.keep_all()
        return {**rest, name: value}

    def _choose(
        self, question: str, options: Sequence[Option[Any]], help_text: str = "", **more: Any
    ) -> Any:
        choice = Choice(question, tuple(options), help_text, about=self._about, **more)
        return self.asker.choose(replace(choice, can_go_back=True))

    def _ask_of(self, fields: Fields) -> Fields | None:
        options = list_to_tell(self.record)
        is_asked = fields.get("informed") and "told_of" not in fields
        if not is_asked or len(options) == 1 or self.record.withdrawn:
            return None
        every, unsure = Option("all of it", "all", "a"), Option("not sure", "", "u", ("unsure",))
        choice = Choice(
            "Of what were they told?",
            (*options, every, unsure),
            about=self._about,
            chosen=0,
            can_go_back=True,
        )
        chosen = self.asker.choose_several(choice)
        if chosen == ("",):
            return {**fields, "told_of": []}
        told_of = [each.value for each in options] if chosen == ("all",) else list(chosen)
        return {**fields, "told_of": told_of}

    def _show_help(self, fields: Fields) -> None:
        """Show the gate's help: it comes before the record."""
        del fields
        say_whole(self.asker, words.gate_help(), (_NEXT_ROWS,), can_go_back=True)

    def _ask_harm(self, fields: Fields) -> Fields | None:
        found = find_harm(fields.get("note", ""))
        if not found:
            return None
        quoted = join_words([f'"{each}"' for each in found])
        question = "Was anything you wrote harm that showed later?"
        if not ask_yes_no(self.asker, question, f"You wrote {quoted}.", can_go_back=True):
            return fields
        self._show_help(fields)
        return {"harm_found": fields["note"]}

    def _ask_day(self, fields: Fields) -> Fields | None:
        if "harm_found" in fields:
            return self._take_day("harm_on", fields, self.record.report.occurred.date())
        if undone := find_change(self.record, fields.get("undoes", "")):
            return self._take_day("changed_on", fields, undone.on)
        return self._take_day("changed_on", fields, None) if "changed" in fields else None

    def _take_day(self, name: str, fields: Fields, earliest: date | None) -> Fields:
        while True:
            with self.keeping(name, self._describe(name)) as asked:
                day = ask_day(self.asker, asked, self.now, earliest=earliest or date.min)
            typed = day.isoformat() if day else None
            early = tell_early(self.record, {**fields, name: typed})
            if not early or ask_yes_no(self.asker, f"{early} Is that right?"):
                break
        say(f"Taken as: {echo_weekday(day)}." if day else "Taken as: not known.")
        return self._set(fields, name, typed)

    def _ask_change(self, fields: Fields) -> Fields | None:
        options = [Option(f"No longer so: {each.text}", each.id) for each in self.record.in_force]
        if not options:
            return None
        chosen = self._choose("What was changed?", [Option("Something new", ""), *options])
        self.title = "What is so now, in place of that?" if chosen else ""
        return {**fields, "undoes": chosen}

    def _ask_which_step(self, fields: Fields) -> Fields | None:
        if not self.record.steps:
            return None
        options = [Option("Something new is to be done", "")]
        options += [Option(f"Done: {tell_step(each)}", each.id) for each in self.record.steps]
        chosen = self._choose("What is to be done, or is done?", options)
        return {**fields, "next_done": True, "ends": chosen} if chosen else {**fields, "ends": ""}

    def _ask_who(self, fields: Fields) -> Fields | None:
        return self._ask_text("next_who", fields) if "next_step" in fields else None

    def _ask_due(self, fields: Fields) -> Fields | None:
        if "next_step" not in fields:
            return None
        with self.keeping("next_due", self._describe("next_due")) as asked:
            day = ask_day(self.asker, asked, self.now, coming=True)
        return self._set(fields, "next_due", day.isoformat() if day else None)

    def _ask_plan(self, fields: Fields) -> Fields:
        chosen = self._choose("What about the care plan?", _PLAN)
        return {**fields, "care_plan_status": chosen}

    def _ask_left(self, fields: Fields) -> Fields | None:
        """Ask of an open step whether it is done: a report with one is not closed."""
        if not (self.record.is_open and self.record.steps):
            return None
        step = self.record.next_step or self.record.steps[0]
        question = f"Is this done? {tell_step(step)}"
        if ask_yes_no(self.asker, question, about=self._about, can_go_back=True):
            return {**fields, "next_done": True, "ends": step.id}
        say("Not closed: that is still to be done.")
        return {**fields, "stays_open": True}

    def _ask_worry(self, fields: Fields) -> Fields | None:
        """Ask who was told of a safeguarding worry; where it is not those who must, say so."""
        record = self.record
        if fields or not (record.is_open and record.report.safeguarding):
            return None
        told = [who for each in record.list_told_of("concern") for who in each.who]
        known = f"Told of the worry: {join_words(told) or 'nobody, as written'}."
        asked = "Was adult social care, or the police, told?"
        if not self._choose(asked, _TOLD, known, in_a_row=True):
            # What is asked next takes more rows: nothing of this has left the screen by then.
            say_whole(self.asker, words.safeguarding_lines(), (), _NINE_ROWS)
            say("Not closed: adult social care, or the police, must know of it first.")
            return {**fields, "stays_open": True}
        if not hides_concern(record):
            return {**fields, "worry": ""}
        answers = self._ask_told({}, "concern")
        if told := answers.pop("concern", None):
            return {**answers, "informed": told, "told_of": ["concern"]}
        say("Not closed: who was told of the worry must stand there first.")
        return {**answers, "stays_open": True}

    def _ask_closes(self, fields: Fields) -> Fields | None:
        if fields.keys() & _BEFORE_CLOSING:
            return None
        closes = self.record.is_open
        left = list_unsettled(self.record) if closes else []
        if list_untold(self.record) and closes:
            say_whole(self.asker, words.nobody_told_lines(), (), _NINE_ROWS)
        end = " all the same" if left else "" if closes else " again"
        question = f"{'Close' if closes else 'Open'} {self.record.id}{end}?"
        if ask_yes_no(self.asker, question, " ".join(left), about=self._about, can_go_back=True):
            return {**fields, "closes": closes}
        say("It stays as it is.")
        return {**fields, "stays_open": True}


def list_to_tell(record: Record) -> list[Option[str]]:
    """Return what somebody can be told of: what happened, the worry, each harm found later."""
    options = [Option("what happened", "event", words=("event",))]
    if record.report.safeguarding:
        options.append(Option("the worry", "concern", words=("concern", "worry")))
    for each in record.harm_found:
        day = date.fromisoformat(each.harm_on) if each.harm_on else each.day
        of = f" of {echo_day(day)}" if day else ""
        options.append(Option(f"the harm{of}: {shorten(each.harm_found, _GLIMPSE)}", each.id))
    return options


def _show(value: object) -> str:
    return "\n".join(value) if isinstance(value, list) else str(value)


_SINCE_THEN = "Since then. Role (name), how, when. One a line."
# The questions by the field that each one fills.
SINCE_QUESTIONS = {
    "note": Asked("What would you like to note?", "Enter alone: nothing.", shape="lines"),
    "harm_found": Asked(
        "What harm showed?",
        "What you saw, and what they said of it. Enter alone: none.",
        shape="lines",
        example="A bruise on the left knee, as large as a hand",
    ),
    "harm_on": Asked("On which day was it seen?", "Enter alone: not known.", example="today"),
    "informed": Asked(
        QUESTIONS["informed"].ask,
        f"{_SINCE_THEN} Empty: nobody more.",
        shape="list",
        example=QUESTIONS["informed"].example,
    ),
    "concern": Asked(
        "Who was told of the worry?",
        "Role (name), how, when, reference. One a line.",
        shape="list",
        example="adult social care, phone, 9:10pm, reference 4471",
    ),
    "tried": Asked(TRIED.ask, f"{_SINCE_THEN} Empty: nobody.", shape="list", example=TRIED.example),
    "changed": Asked(
        "What is different now?",
        "One thing, whoever did it. Enter alone: nothing.",
        example="rug taken away",
    ),
    "changed_on": Asked("Since which day?", "Enter alone: not known.", example="yesterday"),
    "care_plan": Asked("What about it?", "Enter alone: nothing to add.", shape="lines"),
    "next_step": Asked(
        "What is to be done?", "One thing. Enter alone: nothing.", example="Ring the OT about rails"
    ),
    "next_who": Asked("Who does it?", "Enter alone: not settled.", example="Sue (daughter)"),
    "next_due": Asked("By which day?", "Enter alone: no day.", example="friday, in 2 weeks"),
}
_PLAN: tuple[Option[CarePlanStatus | None], ...] = (
    Option("A review was asked for", "asked", words=("asked",)),
    Option("It was changed", "changed", words=("changed",)),
    Option("A change was declined", "declined", words=("declined",)),
    Option("Only a note about it", None, words=("note",)),
)
_TOLD = (YES, NO, Option("not sure (the same as no)", False, "u", ("not sure", "unsure")))
# After these it is not closed at once: it is saved first, and looked at again.
_BEFORE_CLOSING = {"next_done", "stays_open"}
_LISTS = ("informed", "tried", "concern")


def read_later(name: str, typed: str) -> str | list[str]:
    """Return a field as it was typed; empty where there is nothing. Raises UsageProblem."""
    text = tidy(typed)
    if name in _LISTS:
        value: str | list[str] = drop_nobody(split_items(text))
    else:
        value = "" if says_nothing(text) else text
    if text and not value:  # what was typed and is not kept does not go without a word
        say("Taken as: nobody more." if name in _LISTS else "Taken as: nothing.")
    if value:
        kept = "informed" if name == "concern" else name
        beside = {named: "x" for each, named in (("next_who", "next_step"),) if each == kept}
        build_follow_up({"about": _ANY_REPORT, kept: value, **beside})
    return value


_ANY_REPORT = "0000-0001"
