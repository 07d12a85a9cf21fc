"""Questions one line after the other: for screen readers, and where nothing else is possible."""

import shutil
import sys
from dataclasses import replace
from typing import TypeVar

from nearmiss.interview.asking import Asked, Choice, GoBack
from nearmiss.interview.lines import read_answer_lines
from nearmiss.interview.rows import fold_words
from nearmiss.speech import say
from nearmiss.text import show_safely

_Value = TypeVar("_Value")
_KEPT = "Each line is on the disk as soon as you press Enter."
_MORE = "+"  # at the end of a line: another line of the same answer follows


class PlainAsker:
    """Asks on lines of their own; nothing on the screen is ever painted again."""

    def __init__(self) -> None:
        self._has_told_kept = False

    def ask(self, asked: Asked) -> str:
        """Return what was typed. Raises GoBack, KeyboardInterrupt or EOFError."""
        kept = "" if self._has_told_kept or not asked.is_kept else _KEPT
        self._has_told_kept = self._has_told_kept or asked.is_kept
        say()
        for line in _describe(asked, kept):
            _put(line)
        typed = _read_list(asked) if asked.shape == "list" else _read_text(asked)
        if typed.strip():
            return "" if asked.shape == "list" and typed.strip().casefold() == "none" else typed
        return _what_stands(asked) or asked.suggestion

    def choose(self, choice: Choice[_Value]) -> _Value:
        """Return the value of the option that was taken. Raises GoBack or Stopped."""
        self._offer(choice, _name_choice_keys(choice))
        while True:
            found = choice.find(_read_choice(choice))
            if found is not None:
                return choice.options[found].value
            choice = replace(choice, chosen=None)  # Enter alone takes nothing after a refusal
            say(choice.request)

    def choose_several(self, choice: Choice[_Value]) -> tuple[_Value, ...]:
        """Return the values of those that were named. Raises GoBack or Stopped."""
        self._offer(choice, ["Numbers with spaces between them, such as 1 3."])
        was_refused = False
        while True:
            typed = _read_choice(choice)
            if not typed and not was_refused:
                return ()
            found = [choice.find(each) for each in typed.replace(",", " ").split()]
            named = [each for each in found if each is not None]
            alone = any(choice.options[each].key for each in named) and len(named) > 1
            if typed and len(named) == len(found) and not alone:
                return tuple(choice.options[each].value for each in sorted(set(named)))
            was_refused = True
            say(choice.request)

    def _offer(self, choice: Choice[_Value], keys: list[str]) -> None:
        say()
        question = _join(_head(choice.ask, choice.progress), choice.help, *keys)
        marked = [
            f"{mark} {show_safely(option.label)}"
            for mark, option in zip(choice.marks, choice.options, strict=True)
        ]
        if choice.in_a_row:
            _put(_join(question, f"{', '.join(marked)}."))
        else:
            for line in (question, *marked):
                _put(line)

    def stop(self) -> None:
        """End the question: nothing else is running that could be disturbed."""
        raise KeyboardInterrupt


def _put(line: str) -> None:
    """Show a line, broken at word ends where the terminal is not wide enough for it."""
    columns = shutil.get_terminal_size().columns
    print(fold_words(show_safely(line), columns - 1), file=sys.stderr, flush=True)


def _head(ask: str, progress: str) -> str:
    return f"{progress}. {ask}" if progress else ask


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _what_stands(asked: Asked) -> str:
    """Return what Enter alone keeps: never what was just refused."""
    return asked.earlier if asked.refused else asked.typed or asked.earlier


def _describe(asked: Asked, kept: str) -> list[str]:
    keys = [_name_ends(asked), *_name_keys(asked), kept]
    lines = [_join(_head(asked.ask, asked.progress), asked.help, *keys)]
    lines += [f"{number} {show_safely(each)}" for number, each in enumerate(asked.offers, start=1)]
    now = _what_stands(asked)
    return [*lines, f"Now: {now}"] if now else lines


def _name_ends(asked: Asked) -> str:
    if asked.shape == "lines":
        return "Enter ends it; + at the end of a line: one more."
    return "Enter on an empty line ends it." if asked.shape == "list" else ""


def _name_keys(asked: Asked) -> list[str]:
    keys = []
    if _what_stands(asked):
        keys.append("Enter alone keeps it.")
        keys += ["none empties it."] if asked.shape == "list" else []
    elif asked.suggestion:
        keys.append(f"Enter alone takes: {show_safely(asked.suggestion)}.")
    if asked.example:
        keys.append("? an example.")
    if asked.can_go_back:
        keys.append("< back.")
    return keys


def _name_choice_keys(choice: Choice[_Value]) -> list[str]:
    keys = []
    if choice.chosen is not None:
        keys.append(f"Enter alone takes: {show_safely(choice.options[choice.chosen].label)}.")
    if choice.example:
        keys.append("? an example.")
    if choice.can_go_back:
        keys.append(f"< {choice.back}.")
    return keys


def _read_choice(choice: Choice[_Value]) -> str:
    while True:
        typed = read_answer_lines()[0].strip()
        if typed == "<" and choice.can_go_back:
            raise GoBack
        if typed != "?" or not choice.example:
            return typed
        say(f"Example: {choice.example}")


def _asks_for_help(asked: Asked, lines: list[str]) -> bool:
    """Whether a line begins with ? and so is no answer; then the example is said, if any."""
    if len(lines) > 1 or not lines[0].lstrip().startswith("?"):
        return False
    say(f"Example: {asked.example}" if asked.example else "No example is given here.")
    return True


def _read_list(asked: Asked) -> str:
    lines: list[str] = []
    while True:
        came = read_answer_lines()
        read = [each for line in came if (each := line.strip())]
        if _asks_for_help(asked, came):
            continue
        if read and read[0] == "<":
            return read[0]
        lines += read
        if not came[-1].strip():
            return "\n".join(lines)
        asked.keep("\n".join(lines))


def _read_text(asked: Asked) -> str:
    """Read one answer. What was pasted with it, or announced by a +, is a part of it."""
    lines = read_answer_lines()
    while _asks_for_help(asked, lines):
        lines = read_answer_lines()
    while asked.shape == "lines" and lines[-1].endswith(_MORE):
        lines[-1] = lines[-1].removesuffix(_MORE)
        asked.keep("\n".join(lines))
        lines += read_answer_lines()
    return "\n".join(lines)
