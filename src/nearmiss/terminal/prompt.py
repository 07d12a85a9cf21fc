"""Questions that are painted: editing, completing, choosing with arrows, where a terminal can."""

import asyncio
import atexit
import os
import sys
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from prompt_toolkit.application import Application
from prompt_toolkit.application.current import get_app_or_none
from prompt_toolkit.filters import Condition, FilterOrBool
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.input.typeahead import clear_typeahead
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.output import ColorDepth, create_output
from prompt_toolkit.renderer import CPR_Support, Renderer

from nearmiss.speech import say
from nearmiss.terminal.asking import Asked, Choice, Ended, GoBack, Stopped
from nearmiss.terminal.menu import Enters, Fragments, Menu, end, leave

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.key_binding import KeyPressEvent

    from nearmiss.terminal.editor import Editor


def turn_echo_off() -> None:
    """Let keys that come while no question is put wait unseen; they belong to the next one."""
    if _set_echo(False):
        _restore_at_exit()


@cache
def _restore_at_exit() -> None:
    atexit.register(_set_echo, True)


def _set_echo(wanted: bool) -> bool:
    """Let the terminal show keys as they are pressed, or not; return whether that is new."""
    if sys.platform == "win32":
        return False
    import termios

    with suppress(termios.error, OSError, ValueError):
        now = termios.tcgetattr(sys.stdin.fileno())
        if bool(now[3] & termios.ECHO) != wanted:
            now[3] ^= termios.ECHO
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, now)
            return True
    return False


_Value = TypeVar("_Value")
_Result = TypeVar("_Result")
_ESCAPE_WAIT = 0.05  # seconds after Esc in which the rest of an arrow key arrives
_KEEP_EVERY = 0.7  # seconds: of a killed program, the last second is lost at most
_CPR_WAIT = 0.05  # seconds for an answer of the terminal that is under way as a question ends


class _Painted(Application[_Result]):
    """A question on the screen.

    Where the window gets narrower, terminals break the rows that are too long now: the rows that
    this adds are taken away with the others before the question is painted again.
    """

    def _on_resize(self) -> None:
        added = _count_added(self.renderer, self.output.get_size().columns)
        if added:
            self.output.cursor_up(added)
        super()._on_resize()


def _count_added(renderer: Renderer, columns: int) -> int:
    """Return how many more rows there are above the cursor since there are only ``columns``."""
    screen, cursor = renderer.last_rendered_screen, renderer._cursor_pos
    if screen is None:
        return 0
    rows = (screen.data_buffer[at] for at in range(cursor.y))
    lengths = (max((x for x, cell in row.items() if cell.char.strip()), default=0) for row in rows)
    return sum(length // columns for length in lengths) + cursor.x // columns


class PromptAsker:
    """Asks with prompt_toolkit, on stderr: stdout is for data."""

    def __init__(self) -> None:
        self._input = create_input(sys.stdin)
        self._output = create_output(sys.stderr)
        self._depth = ColorDepth.DEPTH_1_BIT if "NO_COLOR" in os.environ else None
        self._is_gone = False  # the terminal itself: every question ends from now on
        self._tells_cursor = True  # until the terminal leaves that question without an answer

    def ask(self, asked: Asked) -> str:
        """Return what was typed. Raises GoBack, Stopped or Ended."""
        # The first question is a choice: it need not wait for the editor.
        from nearmiss.terminal.editor import Editor

        editor = Editor(asked)
        # Only over text: elsewhere the wheel is left to the terminal.
        has_text = Condition(lambda: bool(editor.buffer.text))
        app: Application[str] = self._make_app(
            editor.make_layout(), editor.bind_keys(), editor.enters, mouse=has_text
        )
        typed = self._run(app, lambda: app.create_background_task(_keep_typed(editor)), editor)
        return typed if typed.strip() else asked.suggestion

    def _run(self, app: "Application[str]", begin: Any, editor: "Editor") -> str:
        if not self._tells_cursor:
            app.renderer.cpr_support = CPR_Support.NOT_SUPPORTED
        try:
            return app.run(pre_run=begin)
        except (Ended, GoBack):
            raise
        except (EOFError, OSError):
            self._is_gone = True
            raise Ended(editor.buffer.text) from None
        except Exception:  # a fault of ours or of the terminal: what was typed is not lost by it
            editor.asked.keep(editor.buffer.text)
            raise
        finally:
            turn_echo_off()
            self._tells_cursor = app.renderer.cpr_support == CPR_Support.SUPPORTED

    def choose(self, choice: Choice[_Value]) -> _Value:
        """Return the value of the option that was taken. Raises GoBack, Stopped or Ended."""
        return self._choose(Menu(choice))[0]

    def choose_several(self, choice: Choice[_Value]) -> tuple[_Value, ...]:
        """Return the values of those that were marked. Raises GoBack, Stopped or Ended."""
        return self._choose(Menu(choice, several=True))

    def _choose(self, menu: Menu[_Value]) -> tuple[_Value, ...]:
        if menu.choice.unasked:
            _forget_typed(self._input)
        size = self._output.get_size()
        if not menu.fits(size.columns, size.rows):
            say()
            for option in menu.list_whole(size.columns):
                say(option)
        app: Application[None] = self._make_app(
            Layout(Window(FormattedTextControl(lambda: self._paint(menu), focusable=True))),
            *_bind_menu_keys(menu),
        )
        app.renderer.cpr_support = CPR_Support.NOT_SUPPORTED  # nothing here needs to be asked
        try:
            app.run()
        except Ended:
            raise
        except (EOFError, OSError):
            self._is_gone = True
            raise Ended from None
        finally:
            turn_echo_off()
        return tuple(menu.choice.options[at].value for at in menu.taken or ())

    def _paint(self, menu: Menu[Any]) -> Fragments:
        size = self._output.get_size()
        if menu.taken is not None:
            return menu.paint_taken(size.columns)
        return menu.paint(size.columns, size.rows)

    def _make_app(
        self, layout: Layout, keys: KeyBindings, enters: Enters, *, mouse: FilterOrBool = False
    ) -> "Application[Any]":
        app: Application[Any] = _Painted(
            layout,
            key_bindings=keys,
            mouse_support=mouse,
            input=self._input,
            output=self._output,
            color_depth=self._depth,
        )
        enters.watch(app)
        app.ttimeoutlen = app.timeoutlen = _ESCAPE_WAIT
        app.renderer.cpr_not_supported_callback = None  # there is nothing to warn of
        wait = app.renderer.wait_for_cpr_responses
        app.renderer.wait_for_cpr_responses = lambda timeout=_CPR_WAIT: wait(_CPR_WAIT)  # type: ignore
        return app

    def stop(self) -> None:
        """End the question from its own event loop, which must not be broken into."""
        app = get_app_or_none()
        if self._is_gone:  # what stood there is being kept
            return
        if app is None or app.loop is None:
            raise KeyboardInterrupt
        app.loop.call_soon_threadsafe(app.key_processor.send_sigint)


def _forget_typed(read_from: Input) -> None:
    clear_typeahead(read_from)
    if sys.platform == "win32":
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getwch()
    else:
        import termios

        with suppress(termios.error, OSError, ValueError):
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


async def _keep_typed(editor: "Editor") -> None:
    """Have what is typed on the disk, again and again while it changes."""
    kept = editor.buffer.text
    while True:
        await asyncio.sleep(_KEEP_EVERY)
        if editor.buffer.text != kept:
            kept = editor.buffer.text
            editor.asked.keep(kept)


def _bind_menu_keys(menu: Menu[Any]) -> tuple[KeyBindings, Enters]:
    keys = KeyBindings()
    take = _then(menu, lambda event: menu.enter())
    enters = Enters(take, lambda event: menu.refuse(f"{menu.typed}\n"))
    for key, by in (("up", -1), ("left", -1), ("down", 1), ("right", 1), ("tab", 1)):
        keys.add(key)(lambda event, by=by: menu.step(by))
    for key in ("enter", "c-j"):
        keys.add(key)(enters.press)
    keys.add("<any>")(lambda event: menu.type(event.data) if event.data.isprintable() else None)
    keys.add("backspace")(lambda event: menu.rub_out())
    keys.add(" ")(_then(menu, lambda event: menu.space()))
    for key in ("c-c", "<sigint>"):
        keys.add(key)(lambda event: leave(event, Stopped()))
    keys.add("c-d")(lambda event: leave(event, Ended()))
    keys.add("<bracketed-paste>")(lambda event: menu.paste(event.data))
    if menu.choice.can_go_back:
        keys.add("escape")(lambda event: leave(event, GoBack()))
    return keys, enters


def _then(menu: Menu[Any], act: "Callable[..., None]") -> Any:
    def handle(event: "KeyPressEvent") -> None:
        act(event)
        if menu.taken is not None:
            end(event)
        else:
            event.app.invalidate()

    return handle
