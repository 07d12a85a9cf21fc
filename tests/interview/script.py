"""An asker that answers by what is asked: the questions in this process, without a terminal."""

from collections.abc import Sequence
from typing import Any, TypeVar

from nearmiss.terminal.asking import Asked, Choice, GoBack, Stopped

_Value = TypeVar("_Value")
BACK, STOP = "<back>", "<stop>"
Answer = tuple[str, str]  # what a question begins with, or holds, and what is typed


class Script:
    """Answers each question with the next of ``answers``, which must be the one that is put."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self._answers = list(answers)
        self.put: list[Asked | Choice[Any]] = []

    def ask(self, asked: Asked) -> str:
        """Return what is typed next; Enter keeps what stands there."""
        typed = self._take(asked)
        return typed or asked.typed or asked.earlier

    def choose(self, choice: Choice[_Value]) -> _Value:
        """Return the option that is typed next."""
        found = choice.find(self._take(choice))
        assert found is not None, choice.request
        return choice.options[found].value

    def choose_several(self, choice: Choice[_Value]) -> tuple[_Value, ...]:
        """Return the one option that is typed next: nothing is ticked beside it."""
        return (self.choose(choice),)

    def stop(self) -> None:
        """No signal comes here."""
        raise AssertionError

    def _take(self, put: "Asked | Choice[Any]") -> str:
        self.put.append(put)
        assert self._answers, f"not expected: {put.ask}"
        begins, typed = self._answers.pop(0)
        assert begins in put.ask, f"{begins!r} was expected, not {put.ask!r}"
        if typed == BACK:
            assert put.can_go_back, put.ask
            raise GoBack
        if typed == STOP:
            raise Stopped
        return typed

    @property
    def is_over(self) -> bool:
        """Whether every answer was asked for."""
        return not self._answers

    def find(self, begins: str) -> Any:
        """Return the last question that holds ``begins``."""
        return next(each for each in reversed(self.put) if begins in each.ask)
