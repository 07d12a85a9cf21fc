"""The questions of a report: what is shown as chosen where the carer comes back to one."""

from typing import Any

from nearmiss.interview.known import Known
from nearmiss.interview.report import Interview
from nearmiss.terminal.asking import Asked, Choice, Option
from tests.conftest import NOW


class Chooser:
    """Answers the safeguarding question as told, and notes what stood there."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.stood: list[str | None] = []

    def ask(self, asked: Asked) -> str:
        raise AssertionError(asked.ask)

    def choose(self, choice: Choice[Any]) -> Any:
        if choice.ask == "Done?":
            number = 7 if self.answers else "d"
            found = choice.find(str(number))
        else:
            marked = choice.chosen
            self.stood.append(None if marked is None else choice.options[marked].label)
            found = choice.find(self.answers.pop(0))
        assert found is not None
        return choice.options[found].value

    def choose_several(self, choice: Choice[Any]) -> tuple[Any, ...]:
        raise AssertionError(choice.ask)

    def stop(self) -> None:
        raise AssertionError


def test_the_question_shows_not_sure_where_that_was_the_answer() -> None:
    chooser = Chooser("u", "y", "n", "n")
    interview = Interview(chooser, {}, Known(), lambda answers, unfinished: "", lambda: NOW)
    interview.change("Done?", (Option("That is all", None, "d"),))
    assert chooser.stood == [None, "not sure (the same as yes)", "yes", "no"]
    assert interview.answers["safeguarding"] is False
