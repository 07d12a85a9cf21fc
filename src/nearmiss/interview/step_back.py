"""An asker at which one can always go back: at the desk, every question has a step before it."""

from dataclasses import replace
from typing import TypeVar

from nearmiss.interview.asking import Asked, Asker, Choice, GoBack

_Value = TypeVar("_Value")


class StepBackAsker:
    """Puts questions by ``asker``, each so that Esc goes back.

    Ctrl-C and Ctrl-D do what Esc does, unless all is to end; with ``can_stop`` they stop.
    """

    def __init__(self, asker: Asker, *, can_stop: bool = False) -> None:
        self._asker = asker
        self._stops = can_stop

    def ask(self, asked: Asked) -> str:
        """Return what was typed. Raises GoBack, or what ``asker`` raises where all is to end."""
        try:
            return self._asker.ask(replace(asked, can_go_back=True))
        except (KeyboardInterrupt, EOFError) as stopped:
            raise self._step_back(stopped) from None

    def choose(self, choice: Choice[_Value]) -> _Value:
        """Return the value of the option that was taken. Raises as ``ask`` does."""
        try:
            return self._asker.choose(replace(choice, can_go_back=True))
        except (KeyboardInterrupt, EOFError) as stopped:
            raise self._step_back(stopped) from None

    def choose_several(self, choice: Choice[_Value]) -> tuple[_Value, ...]:
        """Return the values of those that were marked. Raises as ``ask`` does."""
        try:
            return self._asker.choose_several(replace(choice, can_go_back=True))
        except (KeyboardInterrupt, EOFError) as stopped:
            raise self._step_back(stopped) from None

    def stop(self) -> None:
        """Let the question that is being put end, and all with it."""
        self._stops = True
        self._asker.stop()

    def _step_back(self, stopped: BaseException) -> BaseException:
        return stopped if self._stops else GoBack(getattr(stopped, "typed", ""))
