"""What is still typed of a word after its first letter was taken for the answer."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nearmiss.text import fold_text

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

WAIT = 1.5  # seconds in which the next letter of the word arrives
_SURE = 5  # letters that tell another word from the first letters of the next answer


@dataclass
class TypedOn:
    """The rest of a word: ``typed`` so far, for the option ``taken`` of those in ``spellings``.

    "n" takes no at once; "o" and Enter after it are a part of that answer. Where "not sure" comes
    of it, ``instead`` is the option that is meant. ``held`` is given back where it was no such
    word after all.
    """

    spellings: Sequence[Sequence[str]]
    taken: int
    typed: str
    until: float
    held: str = ""
    instead: int | None = field(default=None, init=False)
    is_over: bool = field(default=False, init=False)

    def swallow(self, key: str, now: float) -> bool:
        """Return whether ``key``, pressed at ``now`` (seconds), still belongs to that word."""
        if now > self.until:
            self.held, self.is_over = "", True
            return False
        typed = (self.typed + key).casefold()
        meant = self._find(typed)
        if not meant:
            self.is_over = True
            return False
        self.typed, self.until = typed, now + WAIT
        self.held += key
        if self.taken not in meant and len(typed) >= _SURE:
            self.instead = meant[0]
        return True

    def end(self, now: float) -> bool:
        """Return whether an Enter pressed at ``now`` (seconds) still belongs to that word."""
        self.is_over = True
        if now > self.until:
            return False
        meant = self._find(self.typed)
        if meant and self.taken not in meant:
            self.instead = meant[0]
        return True

    def change(self) -> int | None:
        """Return the option that is meant instead, once, and go on from there."""
        meant, self.instead = self.instead, None
        if meant is not None:
            self.taken, self.held = meant, ""
        return meant

    def _find(self, typed: str) -> list[int]:
        wanted = fold_text(typed)
        return [
            at
            for at, words in enumerate(self.spellings)
            if any(each.startswith(wanted) for each in words)
        ]


def bind_rest(
    keys: "KeyBindings",
    rest: TypedOn,
    type_key: "Callable[[KeyPressEvent, str], None]",
    enter: "Callable[[KeyPressEvent], None]",
    go_back: "Callable[[KeyPressEvent], None] | None",
) -> None:
    """Let the rest of a word be swallowed before keys mean what they mean at this question.

    ``type_key`` and ``enter`` do that; ``go_back`` leads to the question whose answer changes.
    """
    from prompt_toolkit.filters import Condition

    waiting: Any = Condition(lambda: not rest.is_over)

    @keys.add("<any>", filter=waiting)
    def _(event: "KeyPressEvent") -> None:
        if not rest.swallow(event.data, time.monotonic()):
            type_key(event, rest.held + event.data)
        elif rest.instead is not None and go_back:
            go_back(event)

    @keys.add("enter", filter=waiting)
    def _(event: "KeyPressEvent") -> None:
        if not rest.end(time.monotonic()):
            enter(event)
        elif rest.instead is not None and go_back:
            go_back(event)
