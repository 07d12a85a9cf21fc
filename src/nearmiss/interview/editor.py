"""The editor of an answer: its keys, and how it is painted."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition, has_completions, is_done
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import ConditionalContainer, Dimension, HSplit, Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.layout.menus import CompletionsMenuControl

from nearmiss.interview.asking import Asked, Ended, GoBack, Stopped
from nearmiss.interview.leaving import end, leave
from nearmiss.interview.menu import Fragments, paint_head
from nearmiss.interview.paper import Paper
from nearmiss.interview.rows import fold_items, fold_words
from nearmiss.interview.typed_on import TypedOn, bind_rest
from nearmiss.text import fold_text, show_safely

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyPressEvent

_MOST_COLUMNS = 80
_MOST_ROWS = 12  # of the answer on the screen: the question stays in sight, and keys are quick
_MOST_OFFERED = 5  # completions that are shown at once


class Editor:
    """One question while it is being answered.

    ``rest`` is what may still be typed of the answer before; ``edit_elsewhere`` has a text changed
    in the carer's own editor and returns it with what there is to say of that.
    """

    def __init__(
        self,
        asked: Asked,
        rest: TypedOn | None,
        edit_elsewhere: Callable[[str], tuple[str, str]],
    ) -> None:
        self.asked = asked
        self.rest = rest
        self.notice = ""
        self._shows_example = False
        self._edit_elsewhere = edit_elsewhere
        begun = asked.typed or asked.earlier
        self.buffer = Buffer(
            completer=_Known(asked.completions),
            complete_while_typing=bool(asked.completions),
            multiline=asked.shape != "line",
            document=Document(begun, len(begun)),
        )
        self.paper = Paper(self.buffer)
        self._typed_to = -1  # where the last letter that was typed left the cursor

    def make_layout(self) -> "Layout":
        """Return the question, the sheet below it, and what can be completed."""
        head = Window(FormattedTextControl(self._paint_head), dont_extend_height=True)
        sheet = Window(self.paper, height=Dimension(max=_MOST_ROWS), dont_extend_height=True)
        known = ConditionalContainer(
            Window(CompletionsMenuControl(), height=lambda: _count_offered(self.buffer)),
            filter=has_completions & ~is_done,
        )
        return Layout(HSplit([head, sheet, known]), focused_element=sheet)

    def _paint_head(self) -> "Fragments":
        from prompt_toolkit.application.current import get_app

        app = get_app()
        width = min(app.output.get_size().columns, _MOST_COLUMNS) - 1
        asked = self.asked
        if app.is_done:
            return paint_head(asked.ask, asked.progress, "", width)
        head = paint_head(asked.ask, asked.progress, asked.help, width)
        head += [self._paint_offer(number, width) for number in range(len(asked.offers))]
        example = [f"Example: {asked.example}"] if self._shows_example else []
        foot = [self.notice] if self.notice else [*example, *_name_keys(asked)]
        return [*head, ("", f"\n{fold_items(foot, width)}")]

    def _paint_offer(self, number: int, width: int) -> tuple[str, str]:
        offer = self.asked.offers[number]
        is_chosen = self.buffer.text in (offer, str(number + 1))
        label = fold_words(f"{number + 1} {show_safely(offer)}", width - 2, "    ")
        return ("bold", f"\n> {label}") if is_chosen else ("", f"\n  {label}")

    def bind_keys(self) -> KeyBindings:
        """Return the keys that differ from those of any line editor."""
        keys = KeyBindings()
        self._bind_ends(keys)
        self._bind_moves(keys)
        self._bind_changes(keys)
        self._bind_rest(keys)
        return keys

    def _bind_ends(self, keys: KeyBindings) -> None:
        keys.add("enter")(self._enter)
        for key in ("c-c", "<sigint>"):
            keys.add(key)(lambda event: leave(event, Stopped(self.buffer.text)))
        keys.add("c-d")(lambda event: leave(event, Ended(self.buffer.text)))
        if self.buffer.multiline():
            keys.add("escape", "enter")(lambda event: self.buffer.newline(copy_margin=False))
        else:
            keys.add("escape", "enter")(self._enter)
        # Esc alone: what begins with it (arrows, Alt+Enter) has arrived within the wait.
        keys.add("escape", filter=has_completions)(lambda event: self.buffer.cancel_completion())
        if self.asked.can_go_back:
            keys.add("escape", filter=~has_completions)(self._go_back)

    def _enter(self, event: "KeyPressEvent") -> None:
        buffer = self.buffer
        is_item = self.asked.shape == "list" and buffer.document.current_line.strip() not in (
            "",
            "?",
        )
        if is_item:
            buffer.cursor_position += buffer.document.get_end_of_line_position()
            buffer.newline(copy_margin=False)
        else:
            end(event, buffer.text)

    def _bind_moves(self, keys: KeyBindings) -> None:
        no_menu = ~has_completions
        paper, buffer = self.paper, self.buffer
        step = self._step_offers if self.asked.offers else paper.move_rows
        keys.add("up", filter=no_menu)(lambda event: step(-1))
        keys.add("down", filter=no_menu)(lambda event: step(1))
        keys.add("home")(lambda event: paper.move_in_row(to_end=False))
        keys.add("end")(lambda event: paper.move_in_row(to_end=True))

        @keys.add("left")
        def _(event: "KeyPressEvent") -> None:
            buffer.cursor_position += paper.find_neighbour(-1)

        @keys.add("right")
        def _(event: "KeyPressEvent") -> None:
            buffer.cursor_position += paper.find_neighbour(1)

    def _step_offers(self, by: int) -> None:
        offers, buffer = self.asked.offers, self.buffer
        at = offers.index(buffer.text) + by if buffer.text in offers else min(by, 0)
        if not buffer.text or buffer.text in offers:
            buffer.text = offers[max(0, min(at, len(offers) - 1))]
            buffer.cursor_position = len(buffer.text)

    def _bind_changes(self, keys: KeyBindings) -> None:
        paper, buffer = self.paper, self.buffer
        keys.add("c-z")(lambda event: buffer.undo())
        keys.add("c-y")(lambda event: buffer.redo())
        # A word at a time is undone, not a letter and not the whole answer.
        keys.add("<any>", save_before=lambda event: self._begins_word(), filter=self._is_free())(
            lambda event: self._type(event.data)
        )
        keys.add("c-e")(lambda event: self._edit())

        @keys.add("backspace", save_before=_is_no_repeat)
        def _(event: "KeyPressEvent") -> None:
            if buffer.selection_state:
                event.app.clipboard.set_data(buffer.cut_selection())
            else:
                buffer.delete_before_cursor(-paper.find_neighbour(-1))

        @keys.add("delete", save_before=_is_no_repeat)
        def _(event: "KeyPressEvent") -> None:
            buffer.delete(paper.find_neighbour(1))

    def _begins_word(self) -> bool:
        document = self.buffer.document
        return document.cursor_position != self._typed_to or document.char_before_cursor.isspace()

    def _type(self, text: str) -> None:
        if text < " ":  # a key that does nothing here
            return
        if text == "?" and self.asked.example and not self.buffer.text.strip():
            self._shows_example = True
            return
        if self.buffer.selection_state:
            self.buffer.cut_selection()
        self.buffer.insert_text(text)
        self._typed_to = self.buffer.cursor_position

    def _is_free(self) -> Condition:
        return Condition(lambda: self.rest is None or self.rest.is_over)

    def _edit(self) -> None:
        from prompt_toolkit.application import run_in_terminal

        def edit() -> None:
            text, self.notice = self._edit_elsewhere(self.buffer.text)
            if text != self.buffer.text:
                self.buffer.save_to_undo_stack()
                self.buffer.document = Document(text, len(text))

        run_in_terminal(edit)

    def _bind_rest(self, keys: KeyBindings) -> None:
        if self.rest is not None:
            bind_rest(
                keys,
                self.rest,
                lambda event, text: self._type(text),
                self._enter,
                self._go_back if self.asked.can_go_back else None,
            )

    def _go_back(self, event: "KeyPressEvent") -> None:
        leave(event, GoBack(self.buffer.text))


def _is_no_repeat(event: "KeyPressEvent") -> bool:
    return not event.is_repeat


def _count_offered(buffer: Buffer) -> int:
    state = buffer.complete_state
    return min(_MOST_OFFERED, len(state.completions)) if state else 0


class _Known(Completer):
    """Offers what begins, or has a word that begins, with what stands on this line."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = tuple(known)

    def get_completions(self, document: Document, complete_event: object) -> Iterable[Completion]:
        """Yield what fits."""
        del complete_event
        line = document.current_line_before_cursor
        wanted = fold_text(line)
        for each in self._known:
            folded = fold_text(each)
            if wanted and folded != wanted and f" {wanted}" in f" {folded}":
                yield Completion(each, start_position=-len(line))


def _name_keys(asked: Asked) -> list[str]:
    names = {
        "lines": ("Enter: done", "Alt+Enter: new line"),
        "list": ("Enter: next line", "Enter on an empty line: done"),
    }
    keys = ["a number or arrows: choose"] if asked.offers else []
    keys += names.get(asked.shape, ("Enter: done",))
    if asked.suggestion:
        keys.append(f"Enter alone: {show_safely(asked.suggestion)}")
    if asked.completions:
        keys.append("Tab: complete")
    if asked.shape == "lines":
        keys.append("Ctrl-E: own editor")
    if asked.example:
        keys.append("?: example")
    if asked.can_go_back:
        keys.append("Esc: back")
    return keys
