"""The echo of the terminal: off between two questions, so that keys typed ahead are not shown."""

import atexit
import sys
from contextlib import suppress
from functools import cache


def turn_off() -> None:
    """Let keys that come while no question is put wait unseen; they belong to the next one."""
    if sys.platform == "win32":
        return
    import termios

    with suppress(termios.error, OSError, ValueError):
        now = termios.tcgetattr(sys.stdin.fileno())
        if now[3] & termios.ECHO:
            _restore_at_exit()
            now[3] &= ~termios.ECHO
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, now)


@cache
def _restore_at_exit() -> None:
    atexit.register(_turn_on)


def _turn_on() -> None:
    if sys.platform == "win32":
        return
    import termios

    with suppress(termios.error, OSError, ValueError):
        now = termios.tcgetattr(sys.stdin.fileno())
        now[3] |= termios.ECHO
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, now)
