"""Questions one line after the other: for screen readers, and where nothing else is possible."""

import sys

from nearmiss.interview.asking import Asked
from nearmiss.speech import say

_MORE = "+"  # at the end of a line: another line of the same answer follows
_MOST_BYTES = 4095  # what a terminal in line mode passes on of one line
_PASTE_WAIT = 0.03  # seconds; the next line of a paste is there at once, a typed one is not


class PlainAsker:
    """Asks on lines of their own; nothing on the screen is ever painted again."""

    def ask(self, asked: Asked) -> str:
        """Return what was typed. Raises GoBack, KeyboardInterrupt or EOFError."""
        say()
        for line in _describe(asked):
            say(line)
        typed = _read_list() if asked.shape == "list" else _read_lines(asked.shape == "lines")
        if typed.strip():
            return "" if asked.shape == "list" and typed.strip().casefold() == "none" else typed
        return asked.earlier or asked.suggestion

    def stop(self) -> None:
        """End the question: nothing else is running that could be disturbed."""
        raise KeyboardInterrupt


def _describe(asked: Asked) -> list[str]:
    lines = [f"{asked.progress}. {asked.ask}" if asked.progress else asked.ask]
    if asked.help:
        lines.append(asked.help)
    lines += [f"{number} {offer}" for number, offer in enumerate(asked.offers, start=1)]
    if asked.earlier:
        lines.append(f"Now: {asked.earlier}")
    keys = [_name_enter(asked)] if asked.earlier or asked.suggestion else []
    if asked.example:
        keys.append("? an example.")
    if asked.can_go_back:
        keys.append("< back.")
    return lines + ([" ".join(keys)] if keys else [])


def _name_enter(asked: Asked) -> str:
    if asked.earlier:
        return "Enter keeps it; none empties it." if asked.shape == "list" else "Enter keeps it."
    return f"Enter takes: {asked.suggestion}."


def _read_list() -> str:
    lines: list[str] = []
    while line := _read_line().strip():
        if line in ("?", "<"):
            return line
        lines.append(line)
    return "\n".join(lines)


def _read_lines(several: bool) -> str:
    """Read one answer. What was pasted with it, or announced by a +, is a part of it."""
    lines = [_read_line()]
    while _is_waiting() or (several and lines[-1].endswith(_MORE)):
        line = _read_line()
        if lines[-1].endswith(_MORE) and line.strip():
            lines[-1] = lines[-1].removesuffix(_MORE)
        if not line and not _is_waiting():
            break
        lines.append(line)
    return "\n".join(lines)


def _read_line() -> str:
    print("> ", end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    if len(line.encode("utf-8", "surrogateescape")) >= _MOST_BYTES:
        ending = line.rstrip("\n")[-40:]
        say(f"The terminal cut this line off after: {ending}")
        say("Go on from there. Enter alone: nothing more.")
        return line.rstrip("\n") + _read_line()
    return line.rstrip("\r\n")


def _is_waiting() -> bool:
    """Whether another line is there already, as only a paste can have it."""
    if sys.platform == "win32":
        import msvcrt

        return bool(msvcrt.kbhit())
    import select

    return bool(select.select([sys.stdin], [], [], _PASTE_WAIT)[0])
