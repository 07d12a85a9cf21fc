"""The gate: whether somebody was hurt, before anything is written."""

from dataclasses import replace
from typing import Literal

from nearmiss import words
from nearmiss.interview.asking import SURE, Asker, Choice, GoBack, Sure, ask_yes_no, find_sure
from nearmiss.speech import say

Gate = Literal["unhurt", "perhaps hurt", "not sure", "stop"]
_GATES: dict[Sure, Gate] = {"yes": "perhaps hurt", "no": "unhurt", "not sure": "not sure"}


def pass_gate(asker: Asker, country: str, earlier: str = "") -> Gate:
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
        for line in words.gate_help(country):
            say()
            say(line)
        try:
            goes_on = ask_yes_no(asker, words.gate_go_on(), can_go_back=True)
        except GoBack:
            asked = replace(asked, chosen=find_sure(sure))
        else:
            return _GATES[sure] if goes_on else "stop"
