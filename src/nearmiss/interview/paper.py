"""The sheet an answer is written on: words kept whole, rows moved through as they are seen."""

from typing import TYPE_CHECKING, Any

from prompt_toolkit.data_structures import Point
from prompt_toolkit.layout.controls import BufferControl, UIContent
from prompt_toolkit.mouse_events import MouseEventType

from nearmiss.interview.rows import Rows, find_clusters, lay_out, show_text

if TYPE_CHECKING:
    from prompt_toolkit.buffer import Buffer
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
