"""The editor of an answer: its keys, and the sheet that it is written on."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.data_structures import Point
from prompt_toolkit.document import Document
from prompt_toolkit.filters import has_completions, has_selection, is_done
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import ConditionalContainer, Dimension, HSplit, Layout, Window
from prompt_toolkit.layout.controls import BufferControl, FormattedTextControl, UIContent
from prompt_toolkit.layout.menus import CompletionsMenuControl
from prompt_toolkit.mouse_events import MouseEventType
from prompt_toolkit.selection import SelectionState

from nearmiss.terminal.asking import Asked, Ended, GoBack, Stopped
from nearmiss.terminal.menu import Enters, Fragments, end, leave, paint_head
from nearmiss.terminal.rows import Rows, find_clusters, fold_items, fold_words, lay_out, show_text
from nearmiss.text import find_refused, fold_text, show_safely

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyPressEvent
    from prompt_toolkit.key_binding.key_bindings import NotImplementedOrNone
    from prompt_toolkit.mouse_events import MouseEvent

MARGIN = "  "  # before every row but the first, which has the prompt there
_CURSOR = 1  # the cell that the cursor needs after a full row


class Paper(BufferControl):
    """Shows a buffer in rows of whole words.

    Only the rows on the screen are painted, so that a long answer is as quick as a short one.
    """

    def __init__(self, buffer: "Buffer", prompt: str = "> ") -> None:
        super().__init__(buffer=buffer)
        self._prompt = prompt
        self._columns = 80
        self._goal: int | None = None  # the cell that Up and Down keep to
        self._placed = -1  # where they left the cursor

    @property
    def rows(self) -> Rows:
        """The rows at the width that the terminal has."""
        return lay_out(self.buffer.text, self._columns - len(MARGIN) - _CURSOR)

    def create_content(self, width: int, height: int, preview_search: bool = False) -> UIContent:
        """Return what is painted."""
        del height, preview_search
        self._columns = width
        rows = self.rows
        place = self.buffer.cursor_position
        row, _ = rows.find(place)
        before = show_text(rows.text[rows.starts[row] : place])
        return UIContent(
            get_line=lambda at: self._paint_row(rows, at),
            line_count=len(rows.starts),
            cursor_position=Point(x=len(MARGIN) + len(before), y=row),
        )

    def _paint_row(self, rows: Rows, at: int) -> list[Any]:
        margin = ("", self._prompt if at == 0 else MARGIN)
        selected = self.buffer.document.selection_range() if self.buffer.selection_state else None
        start, end = rows.starts[at], rows.ends[at]
        first, last = (max(start, min(end, each)) for each in selected or (end, end))
        text = rows.text
        return [
            margin,
            ("", show_text(text[start:first])),
            ("reverse", show_text(text[first:last])),
            ("", show_text(text[last:end]) + " "),
        ]

    def preferred_height(
        self, width: int, max_available_height: int, wrap_lines: bool, get_line_prefix: Any
    ) -> int | None:
        """Return how many rows the answer takes."""
        del wrap_lines, get_line_prefix
        self._columns = width
        return min(len(self.rows.starts), max_available_height)

    def move_rows(self, by: int) -> None:
        """Move the cursor up or down by a row as it is seen."""
        rows = self.rows
        row, cell = rows.find(self.buffer.cursor_position)
        if self._goal is None or self.buffer.cursor_position != self._placed:
            self._goal = cell
        self.buffer.cursor_position = self._placed = rows.locate(row + by, self._goal)

    def move_in_row(self, *, to_end: bool) -> None:
        """Move the cursor to the beginning or the end of its row."""
        rows = self.rows
        row, _ = rows.find(self.buffer.cursor_position)
        start, end = rows.starts[row], rows.ends[row]
        self.buffer.cursor_position = rows.locate(row, end - start + end) if to_end else start

    def find_neighbour(self, by: int) -> int:
        """Return how far it is to the next place where the cursor can stand, or the one before."""
        document = self.buffer.document
        if by < 0:
            before = document.current_line_before_cursor
            return find_clusters(before)[-2] - len(before) if before else -1
        after = document.current_line_after_cursor
        return find_clusters(after)[1] if after else 1

    def mouse_handler(self, mouse_event: "MouseEvent") -> "NotImplementedOrNone":
        """Put the cursor where the carer clicks."""
        if mouse_event.event_type != MouseEventType.MOUSE_UP:
            return NotImplemented
        at = mouse_event.position
        self.buffer.cursor_position = self.rows.locate(at.y, max(0, at.x - len(MARGIN)))
        return None


_MOST_COLUMNS = 80
_MOST_ROWS = 12  # of the answer on the screen: the question stays in sight, and keys are quick
_MOST_OFFERED = 5  # completions that are shown at once


class Editor:
    """One question while it is being answered."""

    def __init__(self, asked: Asked) -> None:
        begun = asked.typed or asked.earlier
        self.asked = replace(asked, help=asked.tell_help(begun))
        self._shows_example = self._asked_for_it = False  # at this very moment
        self.buffer = Buffer(
            completer=_Completions(asked.completions),
            complete_while_typing=bool(asked.completions),
            multiline=asked.shape != "line",
            document=Document(begun, len(begun)),
        )
        self.paper = Paper(self.buffer)
        self.enters = Enters(self._take, self._begin_line)
        self._typed_to = -1  # where the last letter that was typed left the cursor
        if asked.refused or (asked.replaces and asked.earlier and not asked.typed):
            self._point_at_fault()

    def _point_at_fault(self) -> None:
        """Mark a short answer, so that typing replaces it; in a long one stand at the fault."""
        buffer = self.buffer
        if self.asked.shape == "lines" or (self.asked.shape == "list" and "\n" in buffer.text):
            refused = find_refused(buffer.text, one_line=False)
            if refused:
                buffer.cursor_position = buffer.text.index(refused) + len(refused)
            return
        mark = buffer.selection_state = SelectionState(0)

        def drop_mark(_: Buffer) -> None:
            if buffer.selection_state is mark:
                buffer.exit_selection()

        buffer.on_cursor_position_changed += drop_mark

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
            return paint_head(asked, width, with_help=False)
        head = paint_head(asked, width)
        head += [self._paint_offer(number, width) for number in range(len(asked.offers))]
        example = [f"Example: {asked.example}"] if self._shows_example else []
        return [*head, ("", f"\n{fold_items([*example, *_name_keys(asked)], width)}")]

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
        return keys

    def _bind_ends(self, keys: KeyBindings) -> None:
        keys.add("enter")(self.enters.press)
        keys.add("c-j")(self._press_line_feed)
        keys.add("escape", "enter")(
            self._begin_line if self.buffer.multiline() else self.enters.press
        )
        for key in ("c-c", "<sigint>"):
            keys.add(key)(lambda event: leave(event, Stopped(self.buffer.text)))
        keys.add("c-d")(lambda event: leave(event, Ended(self.buffer.text)))
        # Esc alone: what begins with it (arrows, Alt+Enter) has arrived within the wait.
        keys.add("escape", filter=has_completions)(lambda event: self.buffer.cancel_completion())
        if self.asked.can_go_back:
            keys.add("escape", filter=~has_completions)(
                lambda event: leave(event, GoBack(self.buffer.text))
            )

    def _take(self, event: "KeyPressEvent") -> None:
        if self._asked_for_it:  # "?" and Enter ask for the example, as in plain mode
            self._asked_for_it = False
            return
        self.buffer.text = self.buffer.text.rstrip("\n")  # a paste often ends so
        end(event, self.buffer.text)

    def _press_line_feed(self, event: "KeyPressEvent") -> None:
        before = event.previous_key_sequence
        if before and before[-1].data == "\r" and self.enters.has_lines:
            return  # of a line end that is pasted as two characters
        # Before the question was put, the terminal made a line feed of every Enter.
        is_enter = self.enters.is_first_burst or not self.buffer.multiline()
        self.enters.press(event) if is_enter else self._begin_line(event)

    def _begin_line(self, event: "KeyPressEvent") -> None:
        del event
        self._replace_mark("\n")

    def _bind_moves(self, keys: KeyBindings) -> None:
        no_menu = ~has_completions
        paper, buffer = self.paper, self.buffer
        step = self._step_offers if self.asked.offers else paper.move_rows
        keys.add("up", filter=no_menu)(lambda event: step(-1))
        keys.add("down", filter=no_menu)(lambda event: step(1))
        keys.add("home")(lambda event: paper.move_in_row(to_end=False))

        @keys.add("left")
        def _(event: "KeyPressEvent") -> None:
            buffer.cursor_position += paper.find_neighbour(-1)

        # At the end of a marked answer these move nowhere, and go on writing it all the same.
        @keys.add("right")
        def _(event: "KeyPressEvent") -> None:
            buffer.exit_selection()
            buffer.cursor_position += paper.find_neighbour(1)

        @keys.add("end")
        def _(event: "KeyPressEvent") -> None:
            buffer.exit_selection()
            paper.move_in_row(to_end=True)

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
        keys.add("<any>", save_before=lambda event: self._begins_word())(
            lambda event: self._type(event.data)
        )
        keys.add("<bracketed-paste>")(
            lambda event: self._replace_mark(event.data.replace("\r\n", "\n").replace("\r", "\n"))
        )

        keys.add("backspace", save_before=_is_no_repeat)(
            lambda event: buffer.delete_before_cursor(-paper.find_neighbour(-1))
        )
        keys.add("delete", save_before=_is_no_repeat)(
            lambda event: buffer.delete(paper.find_neighbour(1))
        )
        # What takes a part of a line away takes what is marked.
        for key in ("backspace", "delete", "c-u", "c-k", "c-w"):
            keys.add(key, filter=has_selection)(lambda event: buffer.cut_selection())

    def _begins_word(self) -> bool:
        document = self.buffer.document
        return document.cursor_position != self._typed_to or document.char_before_cursor.isspace()

    def _type(self, text: str) -> None:
        if text < " ":  # a key that does nothing here
            return
        is_empty = not self.buffer.text.strip()
        if text == "?" and self.asked.example and is_empty and not self._asked_for_it:
            self._shows_example = self._asked_for_it = True
            return
        self._replace_mark(text)
        self._typed_to = self.buffer.cursor_position

    def _replace_mark(self, text: str) -> None:
        self._asked_for_it = False
        if self.buffer.selection_state:
            self.buffer.cut_selection()
        self.buffer.insert_text(text)


def _is_no_repeat(event: "KeyPressEvent") -> bool:
    return not event.is_repeat


def _count_offered(buffer: Buffer) -> int:
    state = buffer.complete_state
    return min(_MOST_OFFERED, len(state.completions)) if state else 0


class _Completions(Completer):
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
    keys = ["a number or arrows: mark"] if asked.offers else []
    keys.append("Enter: done")
    if asked.shape != "line":
        keys.append("Ctrl+J: another line")
    if asked.suggestion:
        keys.append(f"Enter alone: {show_safely(asked.suggestion)}")
    if asked.completions:
        keys.append("Tab: complete")
    if asked.example:
        keys.append("?: example")
    if asked.can_go_back:
        keys.append("Esc: back")
    return keys
