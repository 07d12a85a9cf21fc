"""The interview: the ten questions in their order, going back, and the review."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from nearmiss.interview.answers import (
    SHAPES,
    NotTaken,
    TwiceThatNight,
    keep_moment,
    read_answer,
    show_answer,
    show_to_change,
)
from nearmiss.interview.asking import Asked, Asker, GoBack, Stopped, ask_until_taken
from nearmiss.interview.drafts import UNFINISHED, Answers
from nearmiss.interview.known import Known
from nearmiss.model.wording import CATEGORY_LABELS, QUESTIONS
from nearmiss.speech import say

_FIELDS = tuple(QUESTIONS)
_ECHOED = ("occurred_at", "category")  # answers that are not kept as they were typed
_WIDTH = 72


@dataclass
class Interview:
    """One report being answered.

    ``answers`` are the fields so far; ``keep`` has them on the disk after each answer; ``now``
    gives the time (aware); ``suggest`` the kind that fits what was written, or None; ``hint``
    what could be worded better.
    """

    asker: Asker
    answers: Answers
    known: Known
    keep: Callable[[Answers], None]
    now: Callable[[], datetime]
    suggest: Callable[[Answers], str | None] = lambda answers: None
    hint: Callable[[Answers], list[str]] = lambda answers: []
    given: frozenset[str] = frozenset()  # fields answered by options
    unfinished: dict[str, str] = field(default_factory=dict)  # what was typed when it was stopped

    def ask_all(self) -> None:
        """Ask what is not answered yet, going back where the carer wants to.

        Raises KeyboardInterrupt or EOFError.
        """
        fields = [each for each in _FIELDS if each not in self.given]
        at = next((n for n, each in enumerate(fields) if each not in self.answers), len(fields))
        while at < len(fields):
            try:
                self._ask_one(fields[at], can_go_back=at > 0)
                at += 1
            except GoBack:
                at -= 1

    def review(self) -> bool:
        """Show everything as it will be saved; return whether to save it, else it stays a draft.

        Raises KeyboardInterrupt or EOFError.
        """
        return self.change(
            Asked(
                "Save this report?",
                "Enter: save. A number: change that answer. d: leave it as a draft.",
                suggestion="save",
            )
        )

    def change(self, asked: Asked) -> bool:
        """Show every answer and let the carer change any of them, until it is yes or no.

        Raises KeyboardInterrupt or EOFError.
        """
        while True:
            say()
            say(show_review(self.answers))
            for hint in self.hint(self.answers):
                say(f"Wording: {hint}")
            choice = ask_until_taken(self.asker, asked, _read_choice)
            if isinstance(choice, bool):
                return choice
            self._change(_FIELDS[choice - 1])

    def _change(self, name: str) -> None:
        try:
            self._ask_one(name, can_go_back=True)
        except GoBack:
            return

    def _ask_one(self, name: str, *, can_go_back: bool) -> None:
        asked = self._describe(name, can_go_back=can_go_back)
        try:
            fields = ask_until_taken(self.asker, asked, lambda typed: self._read(name, typed))
        except Stopped as stopped:
            if stopped.typed.strip():
                self.keep(self.answers | {UNFINISHED: {name: stopped.typed}})
            raise
        self.answers |= fields
        self.keep(self.answers)
        if name in _ECHOED:
            say(show_answer(name, self.answers))

    def _describe(self, name: str, *, can_go_back: bool) -> Asked:
        question = QUESTIONS[name]
        completions = {
            "client": self.known.clients,
            "location": self.known.places,
            "informed": self.known.people,
        }
        offers = {"client": self.known.clients, "category": tuple(CATEGORY_LABELS.values())}
        earlier = show_to_change(name, self.answers)
        suggested = self.suggest(self.answers) if name == "category" and not earlier else None
        return Asked(
            question.ask + (" y / n / u" if SHAPES[name] == "yes_no" else ""),
            question.help,
            f"{_FIELDS.index(name) + 1} of {len(_FIELDS)}",
            SHAPES[name],
            earlier=earlier,
            typed=self.unfinished.pop(name, ""),
            offers=offers.get(name, ()),
            completions=completions.get(name, ()),
            suggestion=CATEGORY_LABELS[suggested] if suggested else "",
            example=question.example,
            can_go_back=can_go_back,
        )

    def _read(self, name: str, typed: str) -> Answers:
        clients = self.known.clients
        if name == "client" and typed.strip().isdecimal() and 0 < int(typed) <= len(clients):
            typed = clients[int(typed) - 1]
        try:
            return read_answer(name, typed, self.now())
        except TwiceThatNight as twice:
            return self._settle(twice.moments, typed)

    def _settle(self, moments: tuple[datetime, ...], typed: str) -> Answers:
        asked = Asked(
            "The clocks went back that night, so this time came twice. Which was it?",
            offers=("The first time, before the clocks went back", "The second time, after"),
        )
        chosen = ask_until_taken(self.asker, asked, _read_first_or_second)
        return keep_moment(moments[chosen], approx="about" in typed.casefold())


def _read_first_or_second(typed: str) -> int:
    if typed.strip() not in ("1", "2"):
        raise NotTaken(reason="Please answer 1 or 2.")
    return int(typed) - 1


def _read_choice(typed: str) -> bool | int:
    answer = typed.strip().casefold()
    if answer in ("save", "done", "s", "y", "yes"):
        return True
    if answer in ("d", "draft"):
        return False
    if answer.isdecimal() and 1 <= int(answer) <= len(_FIELDS):
        return int(answer)
    raise NotTaken(reason=f"Please press Enter, or type d or a number from 1 to {len(_FIELDS)}.")


def show_review(answers: Answers) -> str:
    """Return every answer under its number and title, as it will be saved."""
    lines = []
    for number, name in enumerate(_FIELDS, start=1):
        head = f"{number:>2} {QUESTIONS[name].title}: "
        shown = show_answer(name, answers).split("\n")
        lines.append(textwrap.fill(head + shown[0], _WIDTH, subsequent_indent="   "))
        lines += [textwrap.indent(textwrap.fill(line, _WIDTH - 3), "   ") for line in shown[1:]]
    return "\n".join(lines)
