"""The interview: the gate, the ten questions and the review, hints, and the advice at its end."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, Literal, TypeVar

from nearmiss import words
from nearmiss.dates.shown import echo_day, tell_length
from nearmiss.interview.answers import (
    SHAPES,
    check_given,
    keep_when,
    read_answer,
    read_client,
    read_when_answer,
    show_answer,
    show_reviewed,
    show_to_change,
)
from nearmiss.interview.drafts import Answers
from nearmiss.interview.known import Known
from nearmiss.model.entries import Report, ReportFields
from nearmiss.model.questions import CATEGORY_LABELS, QUESTIONS
from nearmiss.records.record import Record
from nearmiss.speech import join_words, say
from nearmiss.terminal.asking import (
    SURE,
    Asked,
    Asker,
    Choice,
    Ended,
    GoBack,
    Option,
    Stopped,
    Sure,
    ask_in_turn,
    ask_until_taken,
    ask_yes_no,
    find_sure,
    say_whole,
)
from nearmiss.text import shorten
from nearmiss.words import read_words

Gate = Literal["unhurt", "perhaps hurt", "not sure", "stop"]
_GATES: dict[Sure, Gate] = {"yes": "perhaps hurt", "no": "unhurt", "not sure": "not sure"}


def pass_gate(asker: Asker, earlier: str = "") -> Gate:
    """Ask whether somebody was hurt, and say what to do first; return how to go on.

    ``earlier`` is what was answered before. Raises KeyboardInterrupt or EOFError.
    """
    question, help_text = words.gate_question()
    stood = next((sure for sure, gate in _GATES.items() if gate == earlier), "")
    asked = Choice(question, SURE, help_text, chosen=find_sure(stood), in_a_row=True)
    while True:
        sure = asker.choose(asked)
        if sure == "no":
            say(words.gate_no())
            return "unhurt"
        try:
            # The last of it, the 999 list, stands beside the question: the eye still has it.
            say_whole(asker, words.gate_help(), words.gate_go_on(), can_go_back=True)
            goes_on = ask_yes_no(asker, *words.gate_go_on(), can_go_back=True)
        except GoBack:
            asked = replace(asked, chosen=find_sure(sure))
        else:
            return _GATES[sure] if goes_on else "stop"


_LOOKED_AT = ("what_nearly_happened", "how_prevented", "immediate_action")
_QUOTED = re.compile(r'"[^"\n]*"|“[^”\n]*”|‘[^’\n]*’(?!\w)|(?<!\w)\'[^\'\n]*\'(?!\w)')
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!Dr\.)\s+|\n+")
_BETWEEN = r"(?:\W+\w+){0,3}\W+"  # a few words from a professional to what was said


def hint_answers(answers: Mapping[str, Any]) -> list[str]:
    """Return the hints for the answers in which the carer tells what happened, each by its name."""
    return [
        f"{QUESTIONS[field].title}. Wording: {hint}"
        for field in _LOOKED_AT
        for hint in find_hints(str(answers.get(field, "")))
    ]


def find_hints(text: str) -> list[str]:
    """Return one line that names the words in ``text`` to look at again; none where all is well.

    Words in quotation marks are the person's own, and a professional's are left alone too.
    """
    suspect, excused, innocent = _compile()
    found: dict[str, str] = {}
    for sentence in _SENTENCE_END.split(innocent.sub(" ", _QUOTED.sub(" ", text))):
        if not excused.search(sentence):
            for match in suspect.finditer(sentence):
                found.setdefault(match.group().casefold(), f'"{match.group()}"')
    if not found:
        return []
    return [f"You wrote {join_words(list(found.values()))}. {read_words('hints')['say']}"]


@cache
def _compile() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return patterns of words to look at, of sentences that may hold them, of harmless words."""
    hints = read_words("hints")
    suspect = _match_any(hints["diagnosis"] + hints["label"] + hints["blame"])
    who, said = _match_any(hints["professionals"]), _match_any(hints["saying"])
    found = _match_any(hints["found_by_a_doctor"])
    excused = rf"{who}{_BETWEEN}{said}|{said}\W+by{_BETWEEN}{who}|{found}"
    return _fold_case(suspect), _fold_case(excused), _fold_case(_match_any(hints["innocent"]))


def _fold_case(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _match_any(phrases: list[str]) -> str:
    # The longest first, so that a phrase is named whole.
    patterns = map(_match_phrase, sorted(phrases, key=len, reverse=True))
    return rf"\b(?:{'|'.join(patterns)})\b"


def _match_phrase(phrase: str) -> str:
    parts = (r"\w+" if word == "*" else re.escape(word) for word in phrase.split())
    return r"[\s-]+".join(word.replace(r"\*", r"\w*") for word in parts)


_LATE = timedelta(days=1)
_ENDED = re.compile(r"[.!?…][\"'”’)\]]*$")
_READ_OUT = 160  # characters of what happened that are read out on the telephone


def list_advice(record: Record, *, unhurt: bool, was_advised: bool) -> list[str]:
    """Return the paragraphs to say after saving ``record``, without what it resembles.

    ``unhurt`` where the carer said before that nobody was hurt; ``was_advised`` where what to do
    about a safeguarding worry was said at its question.
    """
    report = record.report
    paragraphs = list(_tell_delay(record.original))
    if not report.safeguarding and not record.informed:
        paragraphs += words.nobody_told_lines()
    paragraphs.append(_word_for_telephone(report, unhurt=unhurt))
    if report.safeguarding and was_advised:
        paragraphs.append(words.safeguarding_reminder())
    elif report.safeguarding:
        paragraphs += words.safeguarding_lines()
    return paragraphs


def _tell_delay(report: Report) -> list[str]:
    delay = report.written_at - report.occurred
    if delay <= _LATE or report.hour_not_known:
        return []
    since = "was noticed" if report.noticed else "happened"
    return [f"Written {tell_length(delay)} after it {since}. The report shows both."]


def _word_for_telephone(report: ReportFields, *, unhurt: bool) -> str:
    what = end_sentence(shorten(report.what, _READ_OUT))
    return words.word_for_telephone(report.client, _say_when(report), what, unhurt=unhurt)


def _say_when(report: ReportFields) -> str:
    day, about = echo_day(report.occurred), "about " if report.occurred_approx else ""
    hour = f"at {about}{report.occurred:%H:%M} on {day}"
    said = f"on {day}, time not known" if report.hour_not_known else hour
    return f"Noticed {said}" if report.noticed else said[0].upper() + said[1:]


def end_sentence(text: str) -> str:
    """Return ``text`` with a full stop where it has no end, so that it can be read out."""
    return text if _ENDED.search(text) else f"{text}."


Decision = Literal["save", "draft", "throw away"]

_DAWN = 6  # o'clock
_FIELDS = tuple(QUESTIONS)
_AROUND_TYPED = 6  # rows of a question to be typed at beside its words
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
        steps = [
            partial(self._ask_one, each, can_go_back=at > 0 or can_leave)
            for at, each in enumerate(fields)
        ]
        begin = next((at for at, each in enumerate(fields) if each not in self.answers), len(steps))
        ask_in_turn(steps, self.answers, begin)

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
        with suppress(GoBack):
            self._ask_one(name, self.answers, can_go_back=True)

    def _ask_one(self, name: str, answers: Answers, *, can_go_back: bool) -> Answers:
        """Ask one question and have its answer among ``answers``, where going back leaves it."""
        try:
            fields = self._put(name, can_go_back=can_go_back)
        except (GoBack, Stopped, Ended) as left:
            self._keep_typed(name, left.typed)
            raise
        self.unfinished.pop(name, None)
        answers |= fields
        self._keep()
        return answers

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
            if sure != "no":
                following = QUESTIONS["informed"]
                say_whole(
                    self.asker,
                    words.safeguarding_lines(),
                    (following.ask, following.help),
                    _AROUND_TYPED,
                )
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
