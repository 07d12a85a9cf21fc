"""A choice as it is painted and marked by keys, and the Enter or Esc that ends a question."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from nearmiss.terminal.asking import Asked, Choice, GoBack
from nearmiss.terminal.rows import fold_items, fold_words, measure
from nearmiss.text import fold_text, join_lines, show_safely

if TYPE_CHECKING:
    from asyncio import TimerHandle

    from prompt_toolkit.application import Application
    from prompt_toolkit.key_binding import KeyPressEvent
    from prompt_toolkit.key_binding.key_processor import KeyPress

_Value = TypeVar("_Value")
_MOST_COLUMNS = 80
_GAP = "   "  # between options in a row
_POINTER, _NO_POINTER = "> ", "  "
_QUOTED = 20  # cells of a word that is not offered

Fragments = list[Any]  # as prompt_toolkit has them: a style and a text each


@dataclass
class Menu(Generic[_Value]):
    """One choice while it is being made: keys mark, Enter takes.

    ``at`` is the option that is marked; ``several`` lets ``picked`` ones be ticked; ``typed`` is
    the word so far. ``taken`` are the options that were chosen in the end. After a word that is
    not offered nothing is marked, and Enter takes nothing.
    """

    choice: Choice[_Value]
    several: bool = False
    at: int | None = None
    typed: str = ""
    notice: str = ""
    picked: set[int] = field(default_factory=set)
    taken: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        self.at = self.choice.chosen

    def step(self, by: int) -> None:
        """Move the mark; at either end it stays."""
        count = len(self.choice.options)
        start = self.at if self.at is not None else (-1 if by > 0 else count)
        self.at = max(0, min(start + by, count - 1))
        self.typed = self.notice = ""

    def enter(self) -> None:
        """Take what is ticked, else what is marked; after a word not offered, begin anew."""
        self.typed = ""
        alone = self.at is not None and (self.choice.options[self.at].key or not self.picked)
        if self.picked and not alone:
            self.taken = tuple(sorted(self.picked))
        elif self.at is None:
            self.notice = self.choice.request
        else:
            self.taken = (self.at,)

    def type(self, key: str) -> None:
        """Mark what the word that is being typed begins; ``key`` is its next letter.

        After one letter, or a number, another may be typed instead: "y", then "n". A longer word
        that is not offered is none to its end: "nobody" is not "y".
        """
        self.notice = ""
        if key == "?" and self.choice.example:
            self.notice = f"Example: {self.choice.example}"
            return
        if not self.typed.strip() and key.isspace():
            return
        may_change = len(self.typed) == 1 or self.typed in self.choice.marks
        for typed in (self.typed + key, *([key] if may_change else [])):
            if found := self.choice.list_begun(typed):
                self._mark(found, typed)
                return
        self.refuse(self.typed + key)

    def rub_out(self) -> None:
        """Take the last letter of the word back."""
        typed = self.typed[:-1]
        if found := self.choice.list_begun(typed) if typed else []:
            self._mark(found, typed)
        else:
            self.refuse(typed)

    def paste(self, text: str) -> None:
        """Take nothing of what was pasted at once; the next key begins anew."""
        self.refuse(text.replace("\r", "\n"))
        self.typed = ""

    def refuse(self, typed: str) -> None:
        """Mark nothing: who types "no" and Enter to "Save this report?" must not find it saved."""
        self.at, self.typed = None, typed
        shown = cut_cells(show_safely(join_lines(typed)), _QUOTED)
        not_offered = f'"{shown}" is not offered. ' if shown else ""
        self.notice = f"{not_offered}{self.choice.refuse(typed)}"

    def _mark(self, found: list[int], typed: str) -> None:
        first = found[0]
        self.at, self.typed, self.notice = first, typed, ""
        option = self.choice.options[first]
        if not self.several or option.key:
            return
        if len(found) == 1 and self.choice.marks[first] == fold_text(typed):
            self.picked ^= {first}
            self.typed = ""
        elif fold_text(typed) in option.words:
            self.picked |= {first}

    def space(self) -> None:
        """Pick what is marked, or let it go again; take what is the only one, as in a pager."""
        if self.several and not self.typed:
            if self.at is not None and not self.choice.options[self.at].key:
                self.picked ^= {self.at}
        elif self.choice.needs_enter_alone:
            self.taken = (0,)
        else:
            self.type(" ")

    def show_label(self, at: int) -> str:
        """Return an option with what stands before it."""
        box = ""
        if self.several and not self.choice.options[at].key:
            box = "[x] " if at in self.picked else "[ ] "
        return f"{self.choice.marks[at]} {box}{show_safely(self.choice.options[at].label)}"

    def paint(self, columns: int, rows: int) -> Fragments:
        """Return the choice as it is shown on a terminal of this size."""
        head, foot = self._paint_ends(columns)
        labels, gap = self._arrange(columns)
        if not self.fits(columns, rows):
            width = _limit(columns) - len(_POINTER)
            labels = [cut_cells(join_lines(self.show_label(at)), width) for at in self._range]
        return [*head, *self._point(labels, gap), *foot]

    def fits(self, columns: int, rows: int) -> bool:
        """Whether every option can be shown whole on a terminal of this size."""
        head, foot = self._paint_ends(columns)
        labels, gap = self._arrange(columns)
        painted = [*head, *self._point(labels, gap), *foot]
        taken: int = sum(text.count("\n") for _, text in painted)
        return taken < rows

    def list_whole(self, columns: int) -> list[str]:
        """Return every option whole, for where they can't be shown so and chosen too."""
        return [fold_words(self.show_label(at), _limit(columns), "  ") for at in self._range]

    @property
    def _range(self) -> range:
        return range(len(self.choice.options))

    def _paint_ends(self, columns: int) -> tuple[Fragments, Fragments]:
        width, items = _limit(columns), [self.notice] if self.notice else _name_keys(self)
        return paint_head(self.choice, width), [("", f"\n{fold_items(items, width)}")]

    def _arrange(self, columns: int) -> tuple[list[str], str]:
        """Return the options folded, and what stands between them."""
        width = _limit(columns)
        labels = [self.show_label(at) for at in self._range]
        cells = sum(measure(each) + len(_POINTER) + len(_GAP) for each in labels)
        if self.choice.in_a_row and cells <= width:
            return labels, _GAP
        indent = " " * (len(_POINTER) + 2)
        return [fold_words(each, width - len(_POINTER), indent) for each in labels], "\n"

    def _point(self, labels: list[str], gap: str) -> Fragments:
        painted: Fragments = []
        for at, label in enumerate(labels):
            painted.append(("", gap if at else "\n"))
            if at == (self.at or 0):
                painted.append(("[SetCursorPosition]", ""))
            is_marked = at == self.at
            pointer = _POINTER if is_marked else _NO_POINTER
            painted.append(("bold" if is_marked else "", f"{pointer}{label}"))
        return painted

    def paint_taken(self, columns: int) -> Fragments:
        """Return what stays on the screen: the question and what was chosen."""
        width = _limit(columns)
        labels = [join_lines(self.choice.options[at].label) for at in self.taken or ()]
        head = paint_head(self.choice, width, with_help=False)
        answer = fold_words(show_safely("; ".join(labels)) or "-", width - len(_POINTER), "  ")
        return [*head, ("", f"\n{_POINTER}{answer}")]


def _limit(columns: int) -> int:
    return min(columns, _MOST_COLUMNS) - 1


def paint_head(asked: Asked | Choice[Any], width: int, *, with_help: bool = True) -> Fragments:
    """Return a question and its help, folded at word ends."""
    question = f"{asked.progress}  {asked.ask}" if asked.progress else asked.ask
    head = [("bold", f"\n{fold_words(question, width)}")]
    told = f"{asked.about} {asked.help}".strip() if with_help else ""
    return [*head, ("", f"\n{fold_words(told, width)}")] if told else head


def cut_cells(text: str, width: int) -> str:
    """Return ``text``, cut and marked so where it takes more than ``width`` cells."""
    if measure(text) <= width:
        return text
    kept = text
    while kept and measure(kept) > width - 2:
        kept = kept[:-1]
    return f"{kept.rstrip()} …"


def _name_keys(menu: Menu[Any]) -> list[str]:
    numbered = any(mark.isdecimal() for mark in menu.choice.marks)
    keys = ["a number or arrows: mark" if numbered else "a letter or arrows: mark"]
    if menu.several:
        what = "letter" if menu.choice.unasked else "number"
        keys = [f"a {what}, or arrows and Space: tick", "Enter: take what is ticked, else the >"]
    elif menu.choice.needs_enter_alone:
        keys = ["Space or Enter: take it"]
    else:
        keys.append("Enter: take it")
    if menu.choice.example:
        keys.append("?: example")
    if menu.choice.can_go_back:
        keys.append(f"Esc: {menu.choice.back}")
    return keys


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
        self, take: "Callable[[KeyPressEvent], None]", go_on: "Callable[[KeyPressEvent], None]"
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
