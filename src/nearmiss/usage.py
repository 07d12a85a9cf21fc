"""How the program is used, in its own words: help, and what is said of what can't be understood."""

import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import takewhile
from typing import Any, Literal, NoReturn, get_args, get_origin

from typer.core import TyperCommand
from typer.exceptions import TyperException

from nearmiss.errors import UsageProblem
from nearmiss.model.ids import read_typed
from nearmiss.options import GROUPS
from nearmiss.session import Session
from nearmiss.speech import embolden, join_choices, join_words
from nearmiss.text import show_safely

# What people type for each command.
_OTHER_WORDS = {
    "log": "new add write record report start begin",
    "list": "reports all",
    'list --find "WORDS"': "find search",
    "show": "view read look open",
    "follow-up": "told update note followup",
    "follow-up last --close": "close",
    "correct": "edit change fix amend",
    "erase": "delete remove",
    "print --meeting": "meeting",
    "export": "handover gp",
    "backup": "save copy",
    "restore": "recover back get lost undelete",
    "import": "merge",
    "verify": "check",
    "setup": "settings config",
    "demo": "example",
    "--version": "version",
}
_MOST_INITIALS = 4  # characters
_QUOTED = 40  # characters of what was typed that a sentence repeats
_PROGRAM = "nearmiss"

Wording = tuple[str, str]  # what is wrong, and what to do; the latter may be empty


class Misuse(UsageProblem):
    """The command line can't be understood."""


def explain_unknown(typed: str, commands: Iterable[str]) -> Misuse:
    """Return what to say of a first word that is no command."""
    guess = _guess_command(typed, commands)
    advice = f"Did you mean: {_PROGRAM} {guess}" if guess else f"To see all: {_PROGRAM} help"
    return Misuse(f"{_quote(typed)} is not a command. {advice}")


def _guess_command(typed: str, commands: Iterable[str]) -> str:
    if read_typed(typed):
        return f"show {typed.strip().upper()}"
    word = typed.casefold()
    for command, others in _OTHER_WORDS.items():
        if word in others.split():
            return command
    if close := get_close_matches(word, [*commands, "help"], n=1):
        return close[0]
    are_initials = typed.isupper() and typed.isalnum() and len(typed) <= _MOST_INITIALS
    return f"list --client {typed}" if are_initials else ""


def explain_misuse(error: TyperException) -> Misuse:
    """Return the sentence for what Typer refuses."""
    context = getattr(error, "ctx", None)
    problem, advice = _WORDINGS.get(type(error).__name__, _word_extra)(error, context)
    return Misuse(" ".join(filter(None, (problem, "Nothing was done.", advice))))


def _word_no_option(error: Any, context: Any) -> Wording:
    typed = str(error.option_name)
    if context and context.parent and typed in _list_options(context.parent):
        return f"{typed} must stand before the command: {_PROGRAM} {typed} ...", ""
    close = get_close_matches(typed, _list_options(context), n=1)
    guess = f" Did you mean {close[0]}?" if close else ""
    problem = f"{_quote(typed)} is not an option of {_show_path(context)}.{guess}"
    return problem, f"To see all: {_show_help(context)}"


def _show_path(context: Any) -> str:
    return str(context.command_path) if context else _PROGRAM


def _show_help(context: Any) -> str:
    return f"{_PROGRAM} help {context.info_name if context and context.parent else ''}".strip()


def _list_options(context: Any) -> list[str]:
    if context is None:
        return []
    found = context.command.get_params(context)
    return [name for each in found for name in (*each.opts, *each.secondary_opts) if "-" in name]


def _word_option_usage(error: Any, context: Any) -> Wording:
    option = error.option_name
    parameters = context.command.params if context is not None else ()
    parameter = next((each for each in parameters if option in each.opts), None)
    if parameter is not None and parameter.is_flag:
        return f"{option} stands alone: leave out what follows the equals sign.", ""
    meant = name_value(parameter) if parameter is not None else "TEXT"
    return f"{option} needs something after it: {option} {meant}.", ""


def name_value(parameter: Any) -> str:
    """Return what follows an option, in a word: FILE, NUMBER, or its choices; empty for none."""
    if getattr(parameter, "is_flag", False):
        return ""
    if parameter.metavar:
        return str(parameter.metavar)
    choices = list_choices(parameter)
    if choices:
        return "|".join(choices)
    return "NUMBER" if parameter.type_descriptor.annotation is int else "TEXT"


def list_choices(parameter: Any) -> tuple[str, ...]:
    """Return the words that an option can have; none where it is free."""
    annotation = parameter.type_descriptor.annotation
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def _word_bad_value(error: Any, context: Any) -> Wording:
    del context
    parameter = error.param
    if parameter is None:
        return str(error.message), ""
    cause = error.__cause__ or error.__context__  # pydantic's, which kept what was typed
    details: Sequence[Any] = cause.errors() if hasattr(cause, "errors") else ()
    typed = str(details[0]["input"]) if details else ""
    wrong = f", not {_quote(typed)}" if typed else ""
    name = parameter.opts[0]
    choices = list_choices(parameter)
    if choices:
        return f"{name} can be {join_choices(choices)}{wrong}.", ""
    if parameter.type_descriptor.annotation is int:
        return f"{name} must be a whole number{_tell_range(parameter)}{wrong}.", ""
    return f"{name} can't be used as it was given{wrong}.", ""


def _tell_range(parameter: Any) -> str:
    least, most = parameter.min, parameter.max
    if least is not None and most is not None:
        return f" from {least} to {most:,}"
    return f" of at least {least}" if least is not None else ""


def _word_missing(error: Any, context: Any) -> Wording:
    command = _show_path(context)
    name = error.param.metavar if error.param is not None else ""
    if name == "REF":
        advice = f"Say its number: {command} 42\nTo see the numbers: {_PROGRAM} list"
        return "Which report?", advice
    return "Which file?", f"Say it after the command: {command} {name}"


def _word_extra(error: Any, context: Any) -> Wording:
    message = str(error.message)
    extra = message.partition("(s) (")[2].rstrip(")") or message
    problem = (
        f"{_show_path(context)} can't do anything with {_quote(extra)}. "
        'Words that belong together stand in quotation marks: "like this".'
    )
    return problem, f"To see what it takes: {_show_help(context)}"


_WORDINGS = {
    "NoSuchOption": _word_no_option,
    "BadOptionUsage": _word_option_usage,
    "BadParameter": _word_bad_value,
    "MissingParameter": _word_missing,
}


def _quote(typed: str) -> str:
    shown = show_safely(typed[:_QUOTED])
    return f'"{shown}…"' if len(typed) > _QUOTED else f'"{shown}"'


_OPPOSITES = (("--include-safeguarding", "--without-safeguarding"),)  # each an option of its own


def read_arguments(
    command: Any, parse: Callable[[Any, list[str]], list[str]], context: Any, args: list[str]
) -> list[str]:
    """Return what ``parse`` leaves of what was typed; an error that it raises knows the command."""
    typed = tuple(args)
    try:
        rest = parse(context, args)
    except TyperException as error:
        if getattr(error, "ctx", None) is None:
            error.ctx = context  # type: ignore[attr-defined]
        raise
    if not context.resilient_parsing:  # else a shell asks what could come next
        _refuse_repeats(command, context, typed)
    return rest


def _refuse_repeats(command: Any, context: Any, args: Sequence[str]) -> None:
    _, _, given = command.make_parser(context).parse_args(args=list(args))
    options = [each for each in given if each.param_type_name == "option"]
    for option in options:
        if options.count(option) > 1 and not _is_list(option):
            _refuse_repeated(option, args)
    names = {each.opts[0] for each in options}
    for pair in _OPPOSITES:
        if names.issuperset(pair):
            _refuse_opposites(pair)


def _is_list(parameter: Any) -> bool:
    return get_origin(parameter.type_descriptor.annotation) is list


def _refuse_repeated(option: Any, args: Sequence[str]) -> None:
    """Raise Misuse unless nothing is lost: a flag may say the same thing as often as one likes."""
    names = (*option.opts, *option.secondary_opts)
    before_rest = takewhile(lambda word: word != "--", args)
    typed = [name for name in (word.partition("=")[0] for word in before_rest) if name in names]
    said = tuple(dict.fromkeys(typed))
    if len({name in option.secondary_opts for name in said}) > 1:
        _refuse_opposites(said)
    if not option.is_flag:
        name = said[0] if said else option.opts[0]
        raise Misuse(f"{name} is given twice. Nothing was done. Say it once")


def _refuse_opposites(options: Sequence[str]) -> NoReturn:
    said = join_words(list(options))
    raise Misuse(f"{said} say opposite things. Nothing was done. Leave one of them out")


_Rows = Sequence[tuple[str, str]]  # what is typed, and what it does

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
        return read_arguments(self, super().parse_args, ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        text = self.help or ""
        examples = _EXAMPLE.findall(text)
        named = [each for each in self.params if each.param_type_name == "argument"]
        arguments = [
            str(each.metavar).strip("[]") if each.required else f"[{_name(each)}]" for each in named
        ]
        page = Page(ctx)
        page.add_text(" ".join([ctx.command_path, *arguments, "[options]"]))
        page.add_text(_EXAMPLE.sub("", text).strip())
        page.add_lines("Example" if len(examples) == 1 else "Examples", examples)
        page.add_groups(group_options(self.get_params(ctx)))
        formatter.write(str(page))


class Page:
    """A page of help as it grows: headings, texts, and rows in two columns."""

    def __init__(self, context: Any) -> None:
        plain = "--plain" in sys.argv
        session = context.find_root().obj or Session(plain=plain)
        self._bold = session.is_decorated and not plain
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
        name = embolden(heading) if self._bold else heading
        self._blocks.append("\n".join([name, *(_INDENT + each for each in lines)]))

    def add_groups(self, groups: Mapping[str, _Rows]) -> None:
        """Add headings, each with its rows: what is typed, and below each other what it does."""
        names = [name for rows in groups.values() for name, _ in rows]
        widest = max((len(each) for each in names if len(each) <= _WIDEST_NAME), default=0)
        column = min(widest, self._width // 2)
        for heading, rows in groups.items():
            self.add_lines(heading, [line for row in rows for line in self._set_row(*row, column)])

    def _set_row(self, name: str, text: str, column: int) -> Iterator[str]:
        beside, below = f"{name:<{column}}  ", " " * (column + 2)
        if len(name) > column:
            yield name
            beside = below
        width = max(self._width - len(_INDENT), len(below) + 1)  # in any window
        lines = textwrap.wrap(text, width, initial_indent=beside, subsequent_indent=below)
        yield from lines or [beside.rstrip()]


def group_options(parameters: Iterable[Any]) -> Mapping[str, _Rows]:
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
    if _is_list(parameter) and parameter.opts[0][0] == "-":
        text += " May be given several times."
    if parameter.default not in (None, False, "", ()) and parameter.param_type_name == "option":
        text += f" If not said: {parameter.default}."
    return text
