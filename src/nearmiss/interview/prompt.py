"""Questions with editing, completion and pasting, where the terminal can show them."""

import os
import sys
import textwrap
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from nearmiss.interview.asking import Asked, GoBack, Stopped
from nearmiss.model.wording import CATEGORY_LABELS
from nearmiss.text import fold_text

if TYPE_CHECKING:
    from prompt_toolkit.completion import Completion
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

_ESCAPE_WAIT = 0.05  # seconds after Esc in which the rest of an arrow key arrives
_MOST_COLUMNS = 80


class PromptAsker:
    """Asks with prompt_toolkit, on stderr: stdout is for data."""

    def __init__(self) -> None:
        from prompt_toolkit.input import create_input
        from prompt_toolkit.output import ColorDepth, create_output

        # Where the cursor is need not be known, and not every terminal answers when asked.
        os.environ.setdefault("PROMPT_TOOLKIT_NO_CPR", "1")
        self._input = create_input(sys.stdin)
        self._output = create_output(sys.stderr)
        self._depth = ColorDepth.DEPTH_1_BIT if "NO_COLOR" in os.environ else None

    def ask(self, asked: Asked) -> str:
        """Return what was typed. Raises GoBack or Stopped."""
        from prompt_toolkit import PromptSession

        session: PromptSession[str] = PromptSession(
            multiline=asked.shape in ("lines", "list"),
            key_bindings=_bind_keys(asked),
            completer=_make_completer(asked.completions),
            complete_while_typing=True,
            placeholder=asked.suggestion or None,
            prompt_continuation="  ",
            reserve_space_for_menu=4 if asked.completions else 0,
            input=self._input,
            output=self._output,
            color_depth=self._depth,
        )
        session.app.ttimeoutlen = session.app.timeoutlen = _ESCAPE_WAIT
        try:
            typed = session.prompt(_describe(asked), default=asked.typed or asked.earlier)
        except (KeyboardInterrupt, EOFError):
            raise Stopped(session.default_buffer.text) from None
        return typed if typed.strip() else asked.suggestion

    def stop(self) -> None:
        """End the question from its own event loop, which must not be broken into."""
        from prompt_toolkit.application.current import get_app_or_none

        app = get_app_or_none()
        if app is None or app.loop is None:
            raise KeyboardInterrupt
        app.loop.call_soon_threadsafe(lambda: app.exit(exception=KeyboardInterrupt()))


def _describe(asked: Asked) -> Any:
    progress = f"{asked.progress}  " if asked.progress else ""
    offers = (f"{number} {offer}" for number, offer in enumerate(asked.offers, start=1))
    lines = [_fold(line) for line in (asked.help, *offers) if line]
    question = ("bold", f"\n{_fold(progress + asked.ask)}\n")
    keys = ("fg:ansibrightblack", _fold(" · ".join(_name_keys(asked))))
    return [question, ("", "".join(f"{line}\n" for line in lines)), keys, ("", "\n> ")]


def _fold(text: str) -> str:
    import shutil

    return textwrap.fill(text, min(shutil.get_terminal_size().columns, _MOST_COLUMNS) - 1)


def _name_keys(asked: Asked) -> list[str]:
    names = {
        "lines": ("Enter: done", "Alt+Enter: new line"),
        "list": ("Enter: next line", "Enter on an empty line: done"),
        "kind": ("Enter: take it" if asked.suggestion else "Enter: done", "arrows: choose"),
    }
    keys = [*names.get(asked.shape, ("Enter: done",))]
    if asked.completions:
        keys.append("Tab: complete")
    if asked.example:
        keys.append("?: example")
    if asked.can_go_back:
        keys.append("Esc: back")
    return keys


def _make_completer(words: Iterable[str]) -> Any:
    from prompt_toolkit.completion import Completer, Completion
    from prompt_toolkit.document import Document

    known = tuple(words)

    class Known(Completer):
        """Offers what begins, or has a word that begins, with what stands on this line."""

        def get_completions(self, document: Document, event: object) -> "Iterable[Completion]":
            del event
            line = document.current_line_before_cursor
            wanted = fold_text(line)
            for each in known:
                folded = fold_text(each)
                if wanted and folded != wanted and f" {wanted}" in f" {folded}":
                    yield Completion(each, start_position=-len(line))

    return Known()


def _bind_keys(asked: Asked) -> "KeyBindings":
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()
    keys.add("enter")(_finish_list if asked.shape == "list" else _finish)
    if asked.shape in ("lines", "list"):
        keys.add("escape", "enter")(lambda event: event.current_buffer.newline(copy_margin=False))
    if asked.can_go_back:
        # Esc alone: what begins with it (arrows, Alt+Enter) has arrived within the wait.
        keys.add("escape")(lambda event: event.app.exit(exception=GoBack()))
    if asked.shape == "kind":
        keys.add("up")(_step(-1))
        keys.add("down")(_step(1))
    return keys


def _finish(event: "KeyPressEvent") -> None:
    event.current_buffer.validate_and_handle()


def _finish_list(event: "KeyPressEvent") -> None:
    buffer = event.current_buffer
    if buffer.document.current_line.strip() in ("", "?"):
        buffer.validate_and_handle()
    else:
        buffer.cursor_position += buffer.document.get_end_of_line_position()
        buffer.newline(copy_margin=False)


def _step(by: int) -> "Callable[[KeyPressEvent], None]":
    labels = list(CATEGORY_LABELS.values())

    def step(event: "KeyPressEvent") -> None:
        buffer = event.current_buffer
        at = labels.index(buffer.text) + by if buffer.text in labels else min(by, 0)
        buffer.text = labels[at % len(labels)]
        buffer.cursor_position = len(buffer.text)

    return step
