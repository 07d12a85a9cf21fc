"""A carer in the test: each question is known by some of its words and answered in turn."""

from typing import Any

from nearmiss.terminal.asking import Asked, Choice, GoBack, Stopped

Answer = tuple[str, str | BaseException]
BACK, STOP = GoBack(), Stopped()


class Carer:
    """Answers what is asked, in order: some words of the question, and what is typed or chosen.

    An exception is how the question is left.
    """

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.put: list[Asked | Choice[Any]] = []

    def _answer(self, put: Asked | Choice[Any]) -> str:
        self.put.append(put)
        assert self._answers, f"not expected: {put.ask}"
        question, answer = self._answers.pop(0)
        assert question in put.ask, f"expected: {question}, but asked: {put.ask}"
        assert put.can_go_back or not isinstance(answer, GoBack), put.ask
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def ask(self, asked: Asked) -> str:
        """Return what is typed, which is kept as it is typed; Enter keeps what stands there."""
        answer = self._answer(asked)
        asked.keep(answer)
        return answer or asked.typed or asked.earlier

    def choose(self, choice: Choice[Any]) -> Any:
        """Return the value of the option that is named."""
        found = choice.find(self._answer(choice))
        assert found is not None, [each.label for each in choice.options]
        return choice.options[found].value

    def choose_several(self, choice: Choice[Any]) -> tuple[Any, ...]:
        """Return the values of the options whose marks are named, with spaces between them."""
        found = [choice.find(each) for each in self._answer(choice).split()]
        return tuple(choice.options[each].value for each in found if each is not None)

    def find(self, words: str) -> Any:
        """Return the last question that holds ``words``."""
        return next(each for each in reversed(self.put) if words in each.ask)

    def stop(self) -> None:
        """Never called: nothing interrupts a test."""

    def finish(self) -> None:
        """Check that everything was asked."""
        assert self._answers == []
