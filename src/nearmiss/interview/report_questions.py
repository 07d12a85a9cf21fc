"""The interview: the ten questions in their order, going back, and the review."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeVar

from nearmiss.interview.answers import (
    SHAPES,
    check_given,
    keep_when,
    read_answer,
    show_answer,
    show_reviewed,
    show_to_change,
)
from nearmiss.interview.asking import (
    SURE,
    Asked,
    Asker,
    Choice,
    Ended,
    GoBack,
    Option,
    Stopped,
    Sure,
    ask_until_taken,
    ask_yes_no,
    find_sure,
)
from nearmiss.interview.client_answer import read_client
from nearmiss.interview.drafts import Answers
from nearmiss.interview.known import Known
from nearmiss.interview.when_answer import read_when_answer
from nearmiss.model.wording import CATEGORY_LABELS, QUESTIONS
from nearmiss.speech import say

Decision = Literal["save", "draft", "throw away"]

_DAWN = 6  # o'clock
_FIELDS = tuple(QUESTIONS)
_DECISIONS: tuple[Option[Decision], ...] = (
    Option("Save", "save", "s", ("yes",)),
    # "no" is an answer to "Save this report?": nothing is saved, and nothing lost.
    Option("Keep as a draft", "draft", "d", ("draft", "no", "not yet", "not now")),
    Option("Throw away", "throw away", "t"),
)
_Decision = TypeVar("_Decision")


@dataclass
class Interview:
    """One report being answered.

    ``answers`` are the fields so far, ``unfinished`` what was typed where a question was left;
    ``keep`` has both on the disk, or returns why not; ``now`` gives the time (aware);
    ``suggest`` the kind that fits what was written, or None; ``hint`` what could be worded
    better.
    """

    asker: Asker
    answers: Answers
    known: Known
    keep: Callable[[Answers, Mapping[str, str]], str]
    now: Callable[[], datetime]
    suggest: Callable[[Answers], str | None] = lambda answers: None
    hint: Callable[[Answers], list[str]] = lambda answers: []
    given: frozenset[str] = frozenset()  # fields answered by options
    unfinished: dict[str, str] = field(default_factory=dict)
    _has_warned: bool = False
    _was_unsure: bool = False  # a report says yes then; the question shows what was chosen

    def ask_all(self, *, can_leave: bool = False) -> None:
        """Ask what is not answered yet, going back where the carer wants to.

        Raises KeyboardInterrupt or EOFError, and GoBack from the first where one ``can_leave``.
        """
        fields = [each for each in _FIELDS if each not in self.given]
        at = next((n for n, each in enumerate(fields) if each not in self.answers), len(fields))
        while at < len(fields):
            try:
                self._ask_one(fields[at], can_go_back=at > 0 or can_leave)
                at += 1
            except GoBack:
                if at == 0:
                    raise
                at -= 1

    def review(self) -> Decision:
        """Show everything as it will be saved, to be changed; return what is to be done with it.

        Raises KeyboardInterrupt or EOFError.
        """
        while True:
            decision = self.change("Save this report?", _DECISIONS)
            if decision != "throw away" or ask_yes_no(self.asker, "Throw it away for good?"):
                return decision

    def change(self, question: str, decisions: tuple[Option[_Decision], ...]) -> _Decision:
        """Show every answer and let the carer change any of them; return the decision in the end.

        The first of ``decisions`` is marked. Raises KeyboardInterrupt or EOFError.
        """
        while True:
            for hint in self.hint(self.answers):
                say()
                say(hint)
            chosen = self.asker.choose(self._describe_review(question, decisions))
            if chosen.field is None:
                return decisions[chosen.decision].value
            self._change(chosen.field)

    def _describe_review(
        self, question: str, decisions: tuple[Option[_Decision], ...]
    ) -> Choice["_Chosen"]:
        answers = [Option(show_reviewed(each, self.answers), _Chosen(each)) for each in _FIELDS]
        ends = [
            Option(option.label, _Chosen(decision=at), option.key, option.words)
            for at, option in enumerate(decisions)
        ]
        return Choice(question, (*answers, *ends), chosen=len(answers))

    def _change(self, name: str) -> None:
        try:
            self._ask_one(name, can_go_back=True)
        except GoBack:
            return

    def _ask_one(self, name: str, *, can_go_back: bool) -> None:
        try:
            fields = self._put(name, can_go_back=can_go_back)
        except (GoBack, Stopped, Ended) as left:
            self._keep_typed(name, left.typed)
            raise
        self.unfinished.pop(name, None)
        self.answers |= fields
        self._keep()

    def _keep(self) -> None:
        problem = self.keep(self.answers, self.unfinished)
        if problem and not self._has_warned:
            self._has_warned = True
            say(problem)

    def _put(self, name: str, *, can_go_back: bool) -> Answers:
        if name in SHAPES:
            asked = self._describe(name, can_go_back=can_go_back)
            return ask_until_taken(self.asker, asked, lambda typed: self._read(name, typed))
        if name == "safeguarding":
            sure = self._choose(name, self._describe_safeguarding(), can_go_back)
            self._was_unsure = sure == "not sure"
            return {name: sure != "no"}
        return {name: self._choose(name, self._describe_kind(), can_go_back)}

    def _choose(self, name: str, choice: Choice[_Decision], can_go_back: bool) -> _Decision:
        return self.asker.choose(
            replace(
                choice,
                progress=_tell_progress(name),
                example=QUESTIONS[name].example,
                can_go_back=can_go_back,
            )
        )

    def _keep_typed(self, name: str, typed: str) -> None:
        """Keep what stands at a question that is left."""
        if typed.strip() and typed != show_to_change(name, self.answers):
            self.unfinished[name] = typed
            self._keep()

    def _describe(self, name: str, *, can_go_back: bool) -> Asked:
        question = QUESTIONS[name]
        completions = {
            "client": self.known.clients,
            "location": self.known.places,
            "informed": self.known.people,
        }
        return Asked(
            question.ask,
            question.help,
            _tell_progress(name),
            SHAPES[name],
            earlier=show_to_change(name, self.answers),
            typed=self.unfinished.get(name, ""),
            offers=self.known.clients if name == "client" else (),
            completions=completions.get(name, ()),
            example=question.example,
            can_go_back=can_go_back,
            keeps=lambda typed: self._keep_typing(name, typed),
        )

    def _keep_typing(self, name: str, typed: str) -> None:
        # Nothing is said here: the question is on the screen. It is, after the answer.
        self.keep(self.answers, {**self.unfinished, name: typed})

    def _describe_safeguarding(self) -> Choice[Sure]:
        question = QUESTIONS["safeguarding"]
        stood = "not sure" if self._was_unsure else show_answer("safeguarding", self.answers)
        return Choice(question.ask, SURE, question.help, chosen=find_sure(stood), in_a_row=True)

    def _describe_kind(self) -> Choice[str]:
        question, kinds = QUESTIONS["category"], list(CATEGORY_LABELS)
        earlier = self.answers.get("category")
        marked = earlier or self.suggest(self.answers)
        return Choice(
            question.ask,
            tuple(Option(label, kind, words=(kind,)) for kind, label in CATEGORY_LABELS.items()),
            question.help + (" Suggested from what you wrote." if marked and not earlier else ""),
            chosen=kinds.index(marked) if marked else None,
        )

    def _read(self, name: str, typed: str) -> Answers:
        if name == "occurred_at":
            return self._read_when(typed)
        meant = read_client(self.asker, typed, self.known.clients) if name == "client" else typed
        fields = read_answer(name, meant)
        if meant != typed or fields[name] == []:  # it is not kept as it was typed
            say(show_answer(name, fields))
        return fields

    def _read_when(self, typed: str) -> Answers:
        check_given("occurred_at", typed)
        self.keep(self.answers, {**self.unfinished, "occurred_at": typed})
        when = read_when_answer(self.asker, typed, self.now)
        # "1:30" is read as the 24-hour clock has it; who meant the afternoon should see it.
        say(f"{when.shown}, in the night" if when.moment.hour < _DAWN else when.shown)
        return keep_when(when)


@dataclass(frozen=True)
class _Chosen:
    """What was chosen at the review: an answer to change, or one of the decisions."""

    field: str | None = None
    decision: int = 0


def _tell_progress(name: str) -> str:
    return f"{_FIELDS.index(name) + 1} of {len(_FIELDS)}"
