"""A choice as it is painted: what is chosen is marked, arrows and numbers move the mark."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from nearmiss.terminal.asking import Choice, Ended, GoBack, Stopped
from nearmiss.terminal.rows import fold_items, fold_words, measure
from nearmiss.text import fold_text, join_lines, show_safely

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


def end(event: "KeyPressEvent", answer: str | None = None) -> None:
    """End the question with an answer."""
    if not event.app.is_done:
        event.app.exit(result=answer)


def leave(event: "KeyPressEvent", how: BaseException) -> None:
    """End the question without an answer; going back, nothing of it stays on the screen.

    Esc and the key after it can come as one: then the second finds the question ended.
    """
    if not event.app.is_done:
        event.app.erase_when_done = isinstance(how, GoBack)
        event.app.exit(exception=how)


_Value = TypeVar("_Value")
_MOST_COLUMNS = 80
_GAP = "   "  # between options in a row
_POINTER, _NO_POINTER = "> ", "  "

Fragments = list[Any]  # as prompt_toolkit has them: a style and a text each


@dataclass
class Menu(Generic[_Value]):
    """One choice while it is being made.

    ``at`` is the option that is marked; ``several`` lets ``picked`` ones be gathered; ``typed`` is
    the beginning of a number or word. ``taken`` are the options that were chosen in the end. After
    a key that is not offered nothing is marked, and Enter takes nothing (``was_refused``).
    """

    choice: Choice[_Value]
    several: bool = False
    at: int | None = None
    typed: str = ""
    typed_at: float = 0.0
    notice: str = ""
    picked: set[int] = field(default_factory=set)
    taken: tuple[int, ...] | None = None
    was_refused: bool = False

    def __post_init__(self) -> None:
        self.at = self.choice.chosen
        if self.several and self.at is None:
            self.at = 0

    def step(self, by: int) -> None:
        """Move the mark; at either end it stays."""
        count = len(self.choice.options)
        start = self.at if self.at is not None else (-1 if by > 0 else count)
        self.at = max(0, min(start + by, count - 1))
        self.typed = self.notice = ""
        self.was_refused = False

    def enter(self) -> None:
        """Take what is marked."""
        if self.was_refused and not self.picked:
            self.notice = self.choice.request
        elif self.several:
            only = self.at if self.at is not None and self.choice.options[self.at].key else None
            self.taken = tuple(sorted(self.picked)) if only is None else (only,)
        elif self.at is None:
            self.notice = self.choice.request
        else:
            self.taken = (self.at,)

    def type(self, key: str, now: float) -> None:
        """Take or mark what ``key``, pressed at ``now`` (seconds), names."""
        if not key.isprintable():
            return
        self.notice = ""
        if key == "?" and self.choice.example:
            self.notice = f"Example: {self.choice.example}"
            return
        if now - self.typed_at > WAIT:
            self.typed = ""
        for typed in (self.typed + key, key):
            found = self._find(typed)
            if found:
                self.typed, self.typed_at, self.was_refused = typed, now, False
                self._mark(found, typed)
                return
        self._refuse()

    def _refuse(self) -> None:
        # Who types "no" at "Save this report?" and presses Enter must not find it saved.
        self.at, self.typed, self.was_refused = None, "", True
        self.notice = self.choice.request

    def _find(self, typed: str) -> list[int]:
        """Return what ``typed`` begins: by its mark first, else by its words."""
        wanted = typed.casefold()
        marks = self.choice.marks
        by_mark = [at for at, mark in enumerate(marks) if mark.startswith(wanted)]
        return by_mark or [
            at
            for at, option in enumerate(self.choice.options)
            if any(each.startswith(wanted) for each in option.spellings)
        ]

    def _mark(self, found: list[int], typed: str) -> None:
        first = found[0]
        is_mark = self.choice.marks[first] == typed.casefold()
        self.at = first
        if is_mark and len(found) == 1:
            self._take(first)
        elif self.several and typed.casefold() in self.choice.options[first].words:
            self.picked |= {first} if not self.choice.options[first].key else set()

    def _take(self, at: int) -> None:
        if self.several and not self.choice.options[at].key:
            self.picked ^= {at}
            self.typed = ""
        else:
            self.taken = (at,)

    def toggle(self) -> None:
        """Pick what is marked, or let it go again."""
        if self.at is not None and not self.choice.options[self.at].key:
            self.picked ^= {self.at}

    def rest(self, now: float) -> TypedOn | None:
        """Return what may still be typed of the word that was taken."""
        if not self.taken or not self.typed:
            return None
        spellings = [option.spellings for option in self.choice.options]
        return TypedOn(spellings, self.taken[0], self.typed, now + WAIT)

    def show_label(self, at: int) -> str:
        """Return an option with what stands before it."""
        box = ""
        if self.several and not self.choice.options[at].key:
            box = "[x] " if at in self.picked else "[ ] "
        return f"{self.choice.marks[at]} {box}{show_safely(self.choice.options[at].label)}"

    def paint(self, columns: int, rows: int) -> Fragments:
        """Return the choice as it is shown on a terminal of this size."""
        head, foot = self._paint_head(columns), self._paint_foot(columns)
        labels, begin, gap = self._arrange(columns)
        if not self.fits(columns, rows):
            width = _limit(columns) - len(_POINTER)
            labels = [cut_cells(join_lines(self.show_label(at)), width) for at in self._range]
        return [*head, *self._point(labels, begin, gap), *foot]

    def fits(self, columns: int, rows: int) -> bool:
        """Whether every option can be shown whole on a terminal of this size."""
        ends = [*self._paint_head(columns), *self._paint_foot(columns)]
        labels, begin, gap = self._arrange(columns)
        return _count_rows(ends) + _count_rows([("", gap.join(labels) + begin)]) < rows

    def list_whole(self, columns: int) -> list[str]:
        """Return every option whole, for where they can't be shown so and chosen too."""
        return [fold_words(self.show_label(at), _limit(columns), "  ") for at in self._range]

    @property
    def _range(self) -> range:
        return range(len(self.choice.options))

    def _paint_head(self, columns: int) -> Fragments:
        choice = self.choice
        return paint_head(choice.ask, choice.progress, choice.help, _limit(columns))

    def _paint_foot(self, columns: int) -> Fragments:
        items = [self.notice] if self.notice else _name_keys(self)
        return [("", f"\n{fold_items(items, _limit(columns))}")]

    def _arrange(self, columns: int) -> tuple[list[str], str, str]:
        """Return the options folded, what stands before the first, and what between them."""
        width = _limit(columns)
        labels = [self.show_label(at) for at in self._range]
        cells = sum(measure(each) + len(_POINTER) + len(_GAP) for each in labels)
        if self.choice.in_a_row and cells <= width:
            return labels, "\n", _GAP
        indent = " " * (len(_POINTER) + 2)
        return [fold_words(each, width - len(_POINTER), indent) for each in labels], "\n", "\n"

    def _point(self, labels: list[str], begin: str, gap: str) -> Fragments:
        painted: Fragments = []
        for at, label in enumerate(labels):
            painted.append(("", gap if at else begin))
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
        head = paint_head(self.choice.ask, self.choice.progress, "", width)
        answer = fold_words(show_safely("; ".join(labels)) or "-", width - len(_POINTER), "  ")
        return [*head, ("", f"\n{_POINTER}{answer}")]


def _limit(columns: int) -> int:
    return min(columns, _MOST_COLUMNS) - 1


def paint_head(ask: str, progress: str, help_text: str, width: int) -> Fragments:
    """Return a question and its help, folded at word ends."""
    question = f"{progress}  {ask}" if progress else ask
    head = [("bold", f"\n{fold_words(question, width)}")]
    return [*head, ("", f"\n{fold_words(help_text, width)}")] if help_text else head


def cut_cells(text: str, width: int) -> str:
    """Return ``text``, cut and marked so where it takes more than ``width`` cells."""
    if measure(text) <= width:
        return text
    kept = text
    while kept and measure(kept) > width - 2:
        kept = kept[:-1]
    return f"{kept.rstrip()} …"


def _count_rows(fragments: Fragments) -> int:
    return sum(text.count("\n") for _, text in fragments)


def _name_keys(menu: Menu[Any]) -> list[str]:
    numbered = any(mark.isdecimal() for mark in menu.choice.marks)
    keys = ["a number or arrows: choose" if numbered else "a letter or arrows: choose"]
    if menu.choice.needs_enter_alone:
        keys = []
    if menu.several:
        keys = ["a number, or arrows and Space: mark", "Enter: done"]
    elif menu.at is not None:
        keys.append("Enter: take it")
    if menu.choice.example:
        keys.append("?: example")
    if menu.choice.can_go_back:
        keys.append(f"Esc: {menu.choice.back}")
    return keys


def bind_menu_keys(menu: Menu[Any], rest: TypedOn | None) -> "KeyBindings":
    """Return the keys that move the mark and take what is marked.

    ``rest`` is what may still be typed of the answer before.
    """
    from prompt_toolkit.key_binding import KeyBindings

    keys, enter = KeyBindings(), _then(menu, lambda event: menu.enter())
    type_key = _then(menu, lambda event: menu.type(event.data, time.monotonic()))
    for key, by in (("up", -1), ("left", -1), ("down", 1), ("right", 1), ("tab", 1)):
        keys.add(key)(_then(menu, lambda event, by=by: menu.step(by)))
    keys.add("enter")(enter)
    keys.add("<any>")(type_key)
    if menu.several:
        keys.add(" ")(_then(menu, lambda event: menu.toggle()))
    for key in ("c-c", "<sigint>"):
        keys.add(key)(lambda event: leave(event, Stopped()))
    keys.add("c-d")(lambda event: leave(event, Ended()))
    keys.add("<bracketed-paste>")(lambda event: None)
    go_back = (lambda event: leave(event, GoBack())) if menu.choice.can_go_back else None
    if go_back is not None:
        keys.add("escape")(go_back)
    if rest is not None:
        # What was swallowed is no part of this answer: here each letter takes something.
        bind_rest(keys, rest, lambda event, _: type_key(event), enter, go_back)
    return keys


def _then(menu: Menu[Any], act: "Callable[..., None]") -> Any:
    def handle(event: "KeyPressEvent") -> None:
        if not event.app.is_done:
            act(event)
        if menu.taken is not None:
            end(event)

    return handle
