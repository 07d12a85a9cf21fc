"""The help of the program and of each command: short, in groups, in the program's own words."""

import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, get_origin

from typer.core import TyperCommand
from typer.exceptions import TyperException

from nearmiss.options.groups import GROUPS
from nearmiss.options.misuse import list_choices, name_command, name_value
from nearmiss.options.repeats import refuse_repeats
from nearmiss.session import Session
from nearmiss.speech import embolden, join_choices

Rows = Sequence[tuple[str, str]]  # what is typed, and what it does

_WIDEST = 80  # columns
_WIDEST_NAME = 24  # columns; what is longer stands on a line of its own
_INDENT = "  "
_EXAMPLE = re.compile(r"^Example: (.*)$", re.MULTILINE)
_REST = "Options"
# What every command and the program have; typer words the others itself.
_WORDS = {
    "help": "Show this help.",
    "install_completion": "Let this shell offer commands and numbers when Tab is pressed.",
    "show_completion": "Show what that would add to the shell.",
}


class Command(TyperCommand):
    """A command whose help and errors are in the program's own words."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was typed; an error that it raises knows the command."""
        typed = tuple(args)
        try:
            rest = super().parse_args(ctx, args)
        except TyperException as error:
            name_command(error, ctx)
            raise
        refuse_repeats(self, ctx, typed)
        return rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        text, examples = _split(self.help or "")
        titled = Page(ctx)
        titled.add_text(_word_usage(self, ctx))
        titled.add_text(text)
        titled.add_lines("Example" if len(examples) == 1 else "Examples", examples)
        titled.add_groups(group_options(self.get_params(ctx)))
        formatter.write(str(titled))


class Page:
    """A page of help as it grows: headings, texts, and rows in two columns."""

    def __init__(self, context: Any) -> None:
        self._bold = _is_decorated(context)
        self._width = min(shutil.get_terminal_size().columns, _WIDEST)
        self._blocks: list[str] = []

    def __str__(self) -> str:
        return "\n\n".join(self._blocks)

    def add_text(self, text: str) -> None:
        """Add paragraphs, folded."""
        for paragraph in text.split("\n\n"):
            self._blocks.append(textwrap.fill(" ".join(paragraph.split()), self._width))

    def add_lines(self, heading: str, lines: Iterable[str]) -> None:
        """Add a heading with lines that are not folded: they can be copied."""
        self._blocks.append("\n".join([self._name(heading), *(_INDENT + each for each in lines)]))

    def add_groups(self, groups: Mapping[str, Rows]) -> None:
        """Add headings, each with its rows: what is typed, and below each other what it does."""
        column = _measure([row for rows in groups.values() for row in rows])
        for heading, rows in groups.items():
            shown = [line for name, text in rows for line in self._set_row(name, text, column)]
            self._blocks.append("\n".join([self._name(heading), *shown]))

    def _name(self, heading: str) -> str:
        return embolden(heading) if self._bold else heading

    def _set_row(self, name: str, text: str, column: int) -> Iterator[str]:
        column = min(column, self._width // 2)
        beside = f"{_INDENT}{name:<{column}}  "
        if len(name) > column:
            yield f"{_INDENT}{name}"
            beside = " " * len(f"{_INDENT}{'':<{column}}  ")
        hanging = " " * len(f"{_INDENT}{'':<{column}}  ")
        yield from textwrap.wrap(
            text, self._width, initial_indent=beside, subsequent_indent=hanging
        ) or [beside.rstrip()]


def _measure(rows: Rows) -> int:
    return max((len(name) for name, _ in rows if len(name) <= _WIDEST_NAME), default=0)


def _is_decorated(context: Any) -> bool:
    plain = "--plain" in sys.argv
    session = context.find_root().obj or Session(plain=plain)
    return bool(session.is_decorated and not plain)


def _split(help_text: str) -> tuple[str, list[str]]:
    """Return what a docstring says, and its examples."""
    return _EXAMPLE.sub("", help_text).strip(), _EXAMPLE.findall(help_text)


def _word_usage(command: Any, context: Any) -> str:
    arguments = [
        each.metavar.strip("[]") if each.required else f"[{each.metavar.strip('[].')}]"
        for each in command.params
        if each.param_type_name == "argument"
    ]
    return " ".join([context.command_path, *arguments, "[options]"])


def group_options(parameters: Iterable[Any]) -> Mapping[str, Rows]:
    """Return the rows of options under the headings of their groups, in their order."""
    groups: dict[str, list[tuple[str, str]]] = {heading: [] for heading in (*GROUPS, _REST)}
    for each in parameters:
        if not each.hidden:
            groups[each.rich_help_panel or _REST].append((_name(each), _describe(each)))
    return {heading: rows for heading, rows in groups.items() if rows}


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar).strip("[].")
    names = ", ".join((*sorted(parameter.opts, key=len), *parameter.secondary_opts))
    value = "WORD" if list_choices(parameter) else name_value(parameter)
    return f"{names} {value}".rstrip()


def _describe(parameter: Any) -> str:
    text = _WORDS.get(parameter.name, parameter.help or "")
    choices = list_choices(parameter)
    if choices:
        text += f" One of: {join_choices(choices)}."
    if get_origin(parameter.type_descriptor.annotation) is list and parameter.opts[0][0] == "-":
        text += " May be given several times."
    if parameter.default not in (None, False, "", ()) and parameter.param_type_name == "option":
        text += f" If not said: {parameter.default}."
    return text
