"""The gate: whether somebody was hurt, what to do first, and words that tell of harm."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from nearmiss import words
from nearmiss.intake.harm import find_harm
from nearmiss.speech import say
from nearmiss.terminal.asking import (
    SURE,
    Asker,
    Choice,
    GoBack,
    Sure,
    ask_yes_no,
    find_sure,
    say_whole,
)
from nearmiss.text import show_safely

Gate = Literal["unhurt", "perhaps hurt", "not sure", "stop"]
HURT: tuple[str, ...] = ("perhaps hurt", "not sure")  # after these it is an incident
ASKED = "unhurt, asked twice"  # also where the carer's own words were of harm
GATES: dict[Sure, Gate] = {"yes": "perhaps hurt", "no": "unhurt", "not sure": "not sure"}


def pass_gate(asker: Asker, earlier: str = "") -> Gate:
    """Ask whether somebody was hurt, and say what to do first; return how to go on.

    ``earlier`` is what was answered before. Raises KeyboardInterrupt or EOFError.
    """
    question, help_text = words.gate_question()
    stood = next(
        (sure for sure, gate in GATES.items() if gate == earlier.split(",", maxsplit=1)[0]), ""
    )
    asked = Choice(question, SURE, help_text, chosen=find_sure(stood), in_a_row=True)
    while True:
        sure = asker.choose(asked)
        if sure == "no":
            say(words.gate_no())
            return "unhurt"
        try:
            goes_on = offer_help(asker)
        except GoBack:
            asked = replace(asked, chosen=find_sure(sure))
        else:
            return GATES[sure] if goes_on else "stop"


def offer_help(asker: Asker) -> bool:
    """Say what to do first where somebody is hurt; return whether it is written down now.

    Raises GoBack, KeyboardInterrupt or EOFError.
    """
    # The last of it, the 999 list, stands beside the question: the eye still has it.
    say_whole(asker, words.gate_help(), words.gate_go_on(), can_go_back=True)
    return ask_yes_no(asker, *words.gate_go_on(), can_go_back=True)


OF_NEAR_MISS = ("what_nearly_happened", "how_prevented", "immediate_action")


def list_harm(answers: Mapping[str, Any]) -> list[str]:
    """Return the carer's own words that tell of harm in what is written as a near miss, quoted."""
    texts = [str(answers.get(field, "")) for field in OF_NEAR_MISS]
    return [f'"{show_safely(each)}"' for text in texts if text for each in find_harm(text)]
