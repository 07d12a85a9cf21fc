"""The gate: whether somebody was hurt, before anything is written."""

from contextlib import suppress
from typing import Literal

from nearmiss import words
from nearmiss.interview.asking import NO, UNSURE, YES, Asker, Choice, GoBack, ask_yes_no
from nearmiss.speech import say

Gate = Literal["unhurt", "perhaps hurt", "stop"]


def pass_gate(asker: Asker, country: str, earlier: str = "") -> Gate:
    """Ask whether somebody was hurt, and say what to do first; return how to go on.

    ``earlier`` is what was answered before. Raises KeyboardInterrupt or EOFError.
    """
    question, help_text = words.gate_question()
    chosen = {"unhurt": 1, "perhaps hurt": 0}.get(earlier)
    asked = Choice(question, (YES, NO, UNSURE), help_text, chosen=chosen, in_a_row=True)
    while True:
        if not asker.choose(asked):
            say(words.gate_no())
            return "unhurt"
        for line in words.gate_help(country):
            say()
            say(line)
        with suppress(GoBack):
            goes_on = ask_yes_no(asker, words.gate_go_on(), can_go_back=True)
            return "perhaps hurt" if goes_on else "stop"
