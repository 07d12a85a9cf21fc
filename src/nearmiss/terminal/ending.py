"""How a question ends: by an Enter of the carer's own, by Esc, by Ctrl-C, or by a signal."""

import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from nearmiss.terminal.asking import Asked, Asker, Choice, GoBack

if TYPE_CHECKING:
    from asyncio import TimerHandle

    from prompt_toolkit.application import Application
    from prompt_toolkit.key_binding import KeyPressEvent
    from prompt_toolkit.key_binding.key_processor import KeyPress

_Read = TypeVar("_Read")
_Value = TypeVar("_Value")

TYPED_WAIT = 0.05  # seconds after Enter in which more can only be a paste
PASTED_WAIT = 0.4  # the same where the line itself came too fast to be typed
PASTED = 8  # keys that come at once: nobody types so fast
_AT_ONCE = 0.01  # seconds between two keys of one burst
_ENTERS = ("c-m", "c-j")
_NO_KEYS = ("<cursor-position-response>", "<vt100-mouse-event>", "<windows-mouse-event>")


def end(event: "KeyPressEvent", answer: str | None = None) -> None:
    """End the question with an answer; what came with its last key belongs to it too."""
    event.app.key_processor.empty_queue()
    if not event.app.is_done:
        event.app.exit(result=answer)


def leave(event: "KeyPressEvent", how: BaseException) -> None:
    """End the question without an answer; going back, nothing of it stays on the screen.

    What came together with that key was meant for this question, and does not reach another.
    """
    event.app.key_processor.empty_queue()
    if not event.app.is_done:
        event.app.erase_when_done = isinstance(how, GoBack)
        event.app.exit(exception=how)


class Enters:
    """Tells an Enter that ends the answer from the line ends of a paste that came as keys.

    ``take`` ends the answer, ``go_on`` has another line in it. An Enter with something right
    behind it is a part of a paste; one that ends a paste of several lines is it too: the carer
    sees what she pasted before she takes it.
    """

    def __init__(
        self,
        take: "Callable[[KeyPressEvent], None]",
        go_on: "Callable[[KeyPressEvent], None]",
    ) -> None:
        self._take, self._go_on = take, go_on
        self._together = 0  # keys of this burst
        self._last = 0.0  # when the latest came
        self.has_lines = False  # of this burst one line has ended already
        self._waits: tuple[KeyPressEvent, TimerHandle] | None = None
        self.is_first_burst = True  # what came now may have been typed ahead of the question

    def watch(self, app: "Application[Any]") -> None:
        """Meet the keys of ``app`` as they come, before they are acted on."""
        feed = app.key_processor.feed_multiple

        def meet_and_feed(key_presses: "list[KeyPress]", first: bool = False) -> None:
            pressed = [each for each in key_presses if each.key not in _NO_KEYS]
            if pressed:
                self._meet(pressed)
            feed(key_presses, first)

        app.key_processor.feed_multiple = meet_and_feed  # type: ignore[method-assign]

    def _meet(self, keys: "list[KeyPress]") -> None:
        now = time.monotonic()
        if now - self._last > _AT_ONCE and not self._waits:
            self.is_first_burst = self._together == 0
            self._together, self.has_lines = 0, False
        self._together, self._last = self._together + len(keys), now
        if self._waits and _find_others(keys):
            event, timer = self._waits
            self._waits, self.has_lines = None, True
            timer.cancel()
            self._go_on(event)

    def press(self, event: "KeyPressEvent") -> None:
        """Take the answer by this Enter, as soon as it is sure that it ends the burst."""
        import asyncio

        queue = event.key_processor.input_queue
        if self.has_lines or _find_others(queue):
            self.has_lines = True
            self._go_on(event)
        elif not self._waits:  # else Enter is held down, and one is enough
            wait = PASTED_WAIT if self._together >= PASTED else TYPED_WAIT
            timer = asyncio.get_running_loop().call_later(wait, self._end, event)
            self._waits = event, timer

    def _end(self, event: "KeyPressEvent") -> None:
        self._waits = None
        self._take(event)


def _find_others(keys: "Iterable[KeyPress]") -> bool:
    return any(each.key not in _ENTERS and each.key not in _NO_KEYS for each in keys)


class StepBackAsker:
    """Puts questions by ``asker``, each so that Esc goes back.

    Ctrl-C and Ctrl-D do what Esc does, unless all is to end; with ``can_stop`` they stop.
    """

    def __init__(self, asker: Asker, *, can_stop: bool = False) -> None:
        self._asker = asker
        self._stops = can_stop

    def ask(self, asked: Asked) -> str:
        """Return what was typed. Raises GoBack, or what ``asker`` raises where all is to end."""
        return self._put(lambda: self._asker.ask(replace(asked, can_go_back=True)))

    def choose(self, choice: Choice[_Value]) -> _Value:
        """Return the value of the option that was taken. Raises as ``ask`` does."""
        return self._put(lambda: self._asker.choose(replace(choice, can_go_back=True)))

    def choose_several(self, choice: Choice[_Value]) -> tuple[_Value, ...]:
        """Return the values of those that were marked. Raises as ``ask`` does."""
        return self._put(lambda: self._asker.choose_several(replace(choice, can_go_back=True)))

    def _put(self, put: Callable[[], _Read]) -> _Read:
        try:
            return put()
        except (KeyboardInterrupt, EOFError) as stopped:
            if self._stops:
                raise
            raise GoBack(getattr(stopped, "typed", "")) from None

    def stop(self) -> None:
        """Let the question that is being put end, and all with it."""
        self._stops = True
        self._asker.stop()


@contextmanager
def stop_on_signals(find_asker: Callable[[], Asker]) -> Iterator[list[int]]:
    """Let a closed window or a shutdown end the question that is being put.

    Yields the signals that came. What stood outside is told of them at the end.
    """
    came: list[int] = []

    def stop(number: int, frame: object) -> None:
        del frame
        came.append(number)
        if len(came) == 1:  # else what is typed is being kept, and must not be broken off
            find_asker().stop()

    def interrupt(number: int, frame: object) -> None:
        del number, frame
        if not came:
            raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in ("SIGHUP", "SIGTERM") if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in numbers}
    before[signal.SIGINT] = signal.signal(signal.SIGINT, interrupt)
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        outer = before[came[0]] if came else None
        if callable(outer):
            outer(came[0], None)
