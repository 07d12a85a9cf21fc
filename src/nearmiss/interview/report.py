"""The interview: the ten questions, of a near miss or an incident, and the review."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from nearmiss import words
from nearmiss.errors import UsageProblem
from nearmiss.insight.lexicon import read_lexicon, suggest_category
from nearmiss.intake.named import find_others
from nearmiss.intake.phone_fields import is_phone_text, read_phone
from nearmiss.intake.reached import is_doubted
from nearmiss.interview.advice import ASKED, GATES, HURT, list_harm, offer_help
from nearmiss.interview.answers import (
    SHAPES,
    ask_reached,
    check_given,
    keep_when,
    read_answer,
    read_when_answer,
    show_answer,
    show_reviewed,
    show_to_change,
)
from nearmiss.interview.drafts import Answers, Pasted
from nearmiss.interview.known import Known, ask_whether_about, read_client
from nearmiss.model.questions import (
    ANSWERS,
    CATEGORY_LABELS,
    INCIDENT_QUESTIONS,
    INSTEAD,
    QUESTIONS,
)
from nearmiss.speech import join_words, say
from nearmiss.terminal.asking import (
    SURE,
    Asked,
    Asker,
    Choice,
    GoBack,
    Keep,
    Keeping,
    Option,
    Stopped,
    Sure,
    ask_in_turn,
    ask_until_taken,
    ask_yes_no,
    find_sure,
    say_whole,
)
from nearmiss.text import shorten, show_safely

_DAWN = 6  # o'clock
_NEAR_MISS = {new: old for old, new in INSTEAD.items()}
_TOLD = ("informed", "concern_informed")
_FIELDS = tuple(QUESTIONS)
# In the order in which they are asked; who was told of a worry is asked with who was told.
_IN_TURN = tuple(each for each in ANSWERS if each in {*QUESTIONS, "concern_informed"})
_MOST_QUOTED = 3  # words of harm that a question repeats
_GLIMPSE = 120  # characters of another answer that a question repeats
_AROUND_TYPED = 6  # rows of a question to be typed at beside its words
_DECISIONS = (
    Option("Save", "save", "s", ("yes",)),
    # "no" is an answer to "Save this report?": nothing is saved, and nothing lost.
    Option("Keep as a draft", "draft", "d", ("draft", "no", "not yet", "not now")),
    Option("Throw away", "throw away", "t"),
)


@dataclass
class Interview(Keeping):
    """One report being answered.

    ``answers`` are the fields so far, ``unfinished`` what was typed where a question was left;
    ``keep`` has both on the disk, or returns why not; ``now`` gives the time (aware); ``hint``
    what could be worded better. ``gate`` is what was said before of somebody being hurt, and
    ``passes`` is told where that changes; without one, words of harm are not asked about.
    """

    asker: Asker
    answers: Answers
    known: Known
    keep: Keep
    now: Callable[[], datetime]
    hint: Callable[[Answers], list[str]] = lambda answers: []
    given: frozenset[str] = frozenset()  # fields answered by options
    unfinished: dict[str, str] = field(default_factory=dict)
    gate: str | None = None
    passes: Callable[[str], None] = lambda gate: None
    notes: dict[str, str] = field(default_factory=dict)
    is_incident: bool = False
    _stood: frozenset[str] = frozenset()  # answered already, behind the gap of a draft
    _asked_about: set[tuple[str, str]] = field(default_factory=set)  # a client, and one named
    _seen: dict[str, str] = field(default_factory=dict)  # notes that stood beside an answer
    _was_unsure: bool = False  # a report says yes then; the question shows what was chosen

    def pass_gate(self, gate: str) -> None:
        """Let it be an incident where ``gate`` says that somebody was hurt, or else a near miss."""
        asked_before = gate == "unhurt" and self.gate == ASKED
        self.gate = ASKED if asked_before else gate
        self.passes(self.gate)
        has_injury = bool(set(INSTEAD.values()) & self.answers.keys())
        self._turn(gate in HURT or (has_injury and not gate))

    def _turn(self, is_incident: bool) -> None:
        """Make it an incident or a near miss; what was answered stays, or is offered anew."""
        self.is_incident = is_incident
        (what, outcome) = INSTEAD.items() if is_incident else map(reversed, INSTEAD.items())
        before, after = what
        for texts in (self.answers, self.unfinished):
            if before in texts:
                texts[after] = texts.pop(before)
        self.given = frozenset(after if each == before else each for each in self.given)
        before, after = outcome
        # Of what stopped it nothing is the injury: it waits beside, for a near miss after all.
        if text := self.answers.pop(before, ""):
            self.unfinished.setdefault(before, text)
        self.given -= {before}

    def ask_all(self, *, can_leave: bool = False) -> None:
        """Ask what is not answered yet, going back where the carer wants to."""
        for name in self.given & self.answers.keys() & {*_TOLD}:
            told, tried = ask_reached(self.asker, self.answers[name], can_go_back=False)
            self.answers |= self._sort_told(name, told, tried)
        fields = [each for each in _IN_TURN if self._name(each) not in self.given]
        steps = [
            partial(self._take_step, each, can_go_back=at > 0 or can_leave)
            for at, each in enumerate(fields)
        ]
        answered = [self._stands(each) or not self._has(each) for each in fields]
        gap = next((at for at, is_done in enumerate(answered) if not is_done), len(steps))
        self._stood = frozenset(map(self._name, filter(self._stands, fields[gap:])))
        ask_in_turn(steps, self.answers, gap)

    def _name(self, name: str) -> str:
        return INSTEAD.get(name, name) if self.is_incident else name

    def _stands(self, name: str) -> bool:
        own = self._name(name)
        return own in self.answers and own not in self.unfinished and name not in self.notes

    def _has(self, name: str) -> bool:
        return name != "concern_informed" or bool(self.answers.get("safeguarding"))

    def _take_step(self, name: str, answers: Answers, *, can_go_back: bool) -> Answers | None:
        if self._name(name) in self._stood or not self._has(name):
            return None
        while True:
            self._ask_one(self._name(name), answers, can_go_back=can_go_back)
            try:
                # "What stopped it?" comes after "What nearly happened?": the injury is asked there.
                asks_injury = name != "what_nearly_happened"
                self._ask_whether_hurt(asks_injury=asks_injury, can_go_back=True)
            except GoBack:
                continue
            return answers

    def _ask_whether_hurt(self, *, asks_injury: bool, can_go_back: bool) -> None:
        """Ask once about words of harm in a near miss: it may be an incident."""
        if self.is_incident or self.gate in (None, ASKED):
            return
        found = list_harm(self.answers)
        if not found:
            return
        ask = f"You wrote {join_words(found[:_MOST_QUOTED])}. Was anyone hurt?"
        help_text = words.read_words("gate")["question_help"]  # a missed dose counts as hurt
        asked = Choice(ask, SURE, help_text, can_go_back=can_go_back, in_a_row=True)
        while (sure := self.asker.choose(asked)) != "no":
            try:
                self._make_incident(sure, asks_injury=asks_injury)
            except GoBack:
                asked = replace(asked, chosen=find_sure(sure))
            else:
                return
        self._keep_gate(ASKED)

    def _make_incident(self, sure: Sure, *, asks_injury: bool) -> None:
        before = self.gate or ""
        goes_on = offer_help(self.asker)
        self._turn(True)
        self._keep_gate(GATES[sure])
        if not goes_on:
            raise Stopped
        if asks_injury:
            try:
                self._ask_one("injury", self.answers, can_go_back=True)
            except GoBack:
                self._turn(False)
                if "how_prevented" in self.unfinished:  # it was answered
                    self.answers["how_prevented"] = self.unfinished.pop("how_prevented")
                self._keep_gate(before)
                raise

    def _keep_gate(self, gate: str) -> None:
        self.gate = gate
        self.passes(gate)
        self.keep_all()

    def review(self) -> str:
        """Show all as it will be saved, to be changed; return what is decided of it."""
        self._ask_whose()
        while True:
            decision = self.change("Save this report?", _DECISIONS)
            if decision == "save" and self._ask_whose():
                continue  # whose it is was said anew: it is seen once more
            if decision != "throw away" or ask_yes_no(self.asker, "Throw it away for good?"):
                return decision

    def _ask_whose(self) -> bool:
        """Ask once of each other client whom the texts name; return whether it was said whose."""
        client = self.answers["client"]
        named = find_others(self.answers, client, self.known.clients)
        new = [each for each in named if (client, each) not in self._asked_about]
        self._asked_about |= {(client, each) for each in new}
        if not new or ask_whether_about(self.asker, client, new, "say whose it is."):
            return False
        self._change("client")
        return True

    def change(self, question: str, decisions: Sequence[Option[str]]) -> str:
        """Show every answer, to be changed; return the decision in the end."""
        while True:
            self._ask_whether_hurt(asks_injury=True, can_go_back=False)
            for hint in self.hint(self.answers):
                say()
                say(hint)
            shown = [each for each in ANSWERS if self._is_reviewed(each)]
            answers = [Option(show_reviewed(each, self.answers), each) for each in shown]
            options = (*answers, *decisions)
            chosen = self.asker.choose(Choice(question, options, chosen=len(shown)))
            if chosen not in shown:
                return chosen
            self._change(chosen)

    def _is_reviewed(self, name: str) -> bool:
        if name == "tried":
            return bool(self.answers.get("tried"))
        if name == "concern_informed":
            return name in self.answers
        return name in (INCIDENT_QUESTIONS if self.is_incident else QUESTIONS)

    def _change(self, name: str) -> None:
        with suppress(GoBack):
            self._ask_one(name, self.answers, can_go_back=True)
            concern = "concern_informed"
            if name == "safeguarding" and self._has(concern) and concern not in self.answers:
                self._ask_one("concern_informed", self.answers, can_go_back=True)

    def _ask_one(self, name: str, answers: Answers, *, can_go_back: bool) -> Answers:
        """Ask one question and have its answer among ``answers``, where going back leaves it."""
        fields = self._put(name, can_go_back=can_go_back)
        noted = _to_near_miss(name)
        if noted in self.notes:
            self._seen[noted] = self.notes.pop(noted)
        answers |= fields
        gone = [] if answers.get("tried") or self._was_asked_of_told else ["tried"]
        gone += [] if self._has("concern_informed") else ["concern_informed"]
        for each in gone:
            answers.pop(each, None)
        self.keep_all()
        return answers

    def _put(self, name: str, *, can_go_back: bool) -> Answers:
        if note := self.notes.get(noted := _to_near_miss(name), self._seen.get(noted)):
            say(f"\nFrom your phone: {note}")
        if name in SHAPES:
            asked = self._describe(name, can_go_back=can_go_back)
            with self.keeping(name, asked) as put:
                return ask_until_taken(self.asker, put, partial(self._read, name))
        choice = replace(
            self._describe_kind() if name == "category" else self._describe_safeguarding(),
            progress=_tell_progress(name),
            example=ANSWERS[name].example,
            can_go_back=can_go_back,
        )
        chosen = self.asker.choose(choice)
        if name == "category":
            return {name: chosen}
        self._was_unsure = chosen == "not sure"
        if chosen != "no":
            following = QUESTIONS["informed"]
            then = (following.ask, following.help)
            say_whole(self.asker, words.safeguarding_lines(), then, _AROUND_TYPED)
        return {name: chosen != "no"}

    def _describe(self, name: str, *, can_go_back: bool) -> Asked:
        question = ANSWERS[name]
        completions = {
            "client": self.known.clients,
            "location": self.known.places,
            "informed": self.known.people,
            "concern_informed": self.known.people,
        }
        stopped = self.unfinished.get("how_prevented", "") if name == "injury" else ""
        before = f" You wrote of what stopped it: {shorten(stopped, _GLIMPSE)}" if stopped else ""
        return Asked(
            question.ask,
            question.help + before,
            _tell_progress(name),
            SHAPES[name],
            earlier=show_to_change(name, self.answers),
            offers=self.known.offered if name == "client" else (),
            completions=completions.get(name, ()),
            example=question.example,
            can_go_back=can_go_back,
            replaces=name in ("client", "occurred_at"),
        )

    def _describe_safeguarding(self) -> Choice[Any]:
        question = QUESTIONS["safeguarding"]
        stood = "not sure" if self._was_unsure else show_answer("safeguarding", self.answers)
        return Choice(question.ask, SURE, question.help, chosen=find_sure(stood), in_a_row=True)

    def _describe_kind(self) -> Choice[Any]:
        question, kinds = QUESTIONS["category"], list(CATEGORY_LABELS)
        earlier = self.answers.get("category")
        marked = earlier or suggest_category(self.answers, read_lexicon())
        return Choice(
            question.ask,
            tuple(Option(label, kind, words=(kind,)) for kind, label in CATEGORY_LABELS.items()),
            question.help + (" Suggested from what you wrote." if marked and not earlier else ""),
            chosen=kinds.index(marked) if marked else None,
        )

    def _read(self, name: str, typed: str) -> Answers:
        if name == "occurred_at":
            return self._read_when(typed)
        if name == "client" and is_phone_text(typed) and self.gate is not None:
            if not read_phone(typed, self.now()):
                raise UsageProblem("Nothing can be read there. Type initials, such as MB.")
            raise Pasted(typed)
        if name == "client":
            typed = self._read_client(typed)
        fields = read_answer(name, typed)
        if name in _TOLD:
            fields = self._sort_told(name, *ask_reached(self.asker, fields[name]))
        if fields[name] == []:  # it is not kept as it was typed
            say(show_answer(name, fields))
        return fields

    def _read_client(self, typed: str) -> str:
        earlier = self.answers.get("client", "")
        meant = read_client(self.asker, typed, self.known, self.now(), earlier)
        if meant != typed:
            say(show_safely(meant))
        return meant

    def _sort_told(self, name: str, told: list[str], tried: list[str]) -> Answers:
        """Return the fields of who was told, and of all who were tried so far and not reached."""
        before = [each for each in self.answers.get("tried", ()) if each not in told]
        return {name: told, "tried": list(dict.fromkeys((*before, *tried)))}

    @property
    def _was_asked_of_told(self) -> bool:
        """Whether the carer has said that a line tells of somebody reached that reads otherwise."""
        return any(is_doubted(line) for name in _TOLD for line in self.answers.get(name, ()))

    def _read_when(self, typed: str) -> Answers:
        check_given("occurred_at", typed)
        self.keep_typed("occurred_at", typed)
        before = self.answers.get("occurred_at")  # put right: an hour alone is of its day
        stood = datetime.fromisoformat(before).date() if before else None
        when = read_when_answer(self.asker, typed, self.now, stood)
        # "1:30" is read as the 24-hour clock has it; who meant the afternoon should see it.
        say(f"{when.shown}, in the night" if when.moment.hour < _DAWN else when.shown)
        return keep_when(when)


def _to_near_miss(name: str) -> str:
    return _NEAR_MISS.get(name, name)


def _tell_progress(name: str) -> str:
    if name == "concern_informed":
        return "The worry"
    part_of = {"tried": "informed", **_NEAR_MISS}
    return f"{_FIELDS.index(part_of.get(name, name)) + 1} of {len(_FIELDS)}"
