"""What the questions need of a terminal, however it shows them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from nearmiss.errors import UsageProblem
from nearmiss.interview.answers import Shape, read_yes_no
from nearmiss.speech import say

_Read = TypeVar("_Read")


class GoBack(Exception):
    """The carer asked for the question before."""


class Stopped(KeyboardInterrupt):
    """The carer stopped in the middle of an answer: ``typed`` is what there was of it."""

    def __init__(self, typed: str) -> None:
        super().__init__()
        self.typed = typed


@dataclass(frozen=True)
class Asked:
    """One question as it is put.

    ``progress`` says where the carer is; ``earlier`` is the answer given before, ``typed`` what
    was just refused, or not finished; ``offers`` can be chosen by number; ``completions`` are
    offered as one types; ``suggestion`` is taken where nothing is typed.
    """

    ask: str
    help: str = ""
    progress: str = ""
    shape: Shape = "line"
    earlier: str = ""
    typed: str = ""
    offers: tuple[str, ...] = ()
    completions: tuple[str, ...] = field(default=(), repr=False)
    suggestion: str = ""
    example: str = ""
    can_go_back: bool = False


class Asker(Protocol):
    """A terminal that can put a question."""

    def ask(self, asked: Asked) -> str:
        """Return what was typed. Raises GoBack, KeyboardInterrupt or EOFError."""

    def stop(self) -> None:
        """Let the question that is being put end as Ctrl-C does; called as a signal arrives."""


def ask_until_taken(asker: Asker, asked: Asked, read: Callable[[str], _Read]) -> _Read:
    """Return what ``read`` makes of the answer; where it refuses, say why and ask again.

    Raises GoBack, KeyboardInterrupt or EOFError.
    """
    typed = asked.typed
    while True:
        typed = asker.ask(replace(asked, typed=typed))
        if typed.strip() == "?" and asked.example:
            say(f"Example: {asked.example}")
            typed = ""
        elif typed.strip() == "<" and asked.can_go_back:
            raise GoBack
        else:
            try:
                return read(typed)
            except UsageProblem as problem:
                say(str(problem))


def ask_yes_no(asker: Asker, question: str, help_text: str = "") -> bool:
    """Return whether the answer is yes. Raises KeyboardInterrupt or EOFError."""
    return ask_until_taken(asker, Asked(question, help_text, shape="yes_no"), read_yes_no)
