"""How the program is used, in its own words: help, and what is said of what can't be understood."""

import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import takewhile
from typing import Any, Literal, get_args, get_origin

from typer.core import TyperCommand
from typer.exceptions import TyperException

from nearmiss.errors import UsageProblem
from nearmiss.model.ids import read_typed
from nearmiss.options import GROUPS
from nearmiss.session import Session
from nearmiss.speech import embolden, join_choices, join_words
from nearmiss.text import show_safely

OTHER_WORDS = {
    "new": "log",
    "add": "log",
    "write": "log",
    "record": "log",
    "report": "log",
    "start": "log",
    "begin": "log",
    "reports": "list",
    "all": "list",
    "find": 'list --find "WORDS"',
    "search": 'list --find "WORDS"',
    "view": "show",
    "read": "show",
    "look": "show",
    "open": "show",
    "told": "follow-up",
    "update": "follow-up",
    "note": "follow-up",
    "close": "follow-up last --close",
    "followup": "follow-up",
    "edit": "correct",
    "change": "correct",
    "fix": "correct",
    "amend": "correct",
    "delete": "erase",
    "remove": "erase",
    "meeting": "print --meeting",
    "handover": "export",
    "gp": "export",
    "save": "backup",
    "copy": "backup",
    "restore": "import",
    "check": "verify",
    "settings": "setup",
    "config": "setup",
    "example": "demo",
    "version": "--version",
}


_MOST_INITIALS = 4  # characters
_QUOTED = 40  # characters of what was typed that a sentence repeats
_PROGRAM = "nearmiss"


Wording = tuple[str, str]  # what is wrong, and what to do; the latter may be empty


class Misuse(UsageProblem):
    """The command line can't be understood."""


class UnknownCommand(Misuse):
    """The first word is no command."""

    def __init__(self, *, typed: str, commands: Iterable[str]) -> None:
        guess = _guess_command(typed, commands)
        advice = f"Did you mean: {_PROGRAM} {guess}" if guess else f"To see all: {_PROGRAM} help"
        super().__init__(f"{_quote(typed)} is not a command. {advice}")


def _guess_command(typed: str, commands: Iterable[str]) -> str:
    if read_typed(typed):
        return f"show {typed.strip().upper()}"
    known = OTHER_WORDS.get(typed.casefold())
    close = get_close_matches(typed.casefold(), [*commands, "help"], n=1)
    if known or close:
        return known or close[0]
    are_initials = typed.isupper() and typed.isalnum() and len(typed) <= _MOST_INITIALS
    return f"list --client {typed}" if are_initials else ""


def name_command(error: TyperException, context: Any) -> None:
    """Let ``error`` know the command whose options were read, where it does not yet."""
    if getattr(error, "ctx", None) is None:
        error.ctx = context  # type: ignore[attr-defined]


def explain_misuse(error: TyperException) -> Misuse:
    """Return the sentence for what Typer refuses."""
    context = getattr(error, "ctx", None)
    problem, advice = _WORDINGS.get(type(error).__name__, _word_extra)(error, context)
    return Misuse(" ".join(filter(None, (problem, "Nothing was done.", advice))))


def _name_command(context: Any) -> str:
    return str(context.command_path) if context else _PROGRAM


def _help_for(context: Any) -> str:
    if context is None or context.parent is None:
        return f"{_PROGRAM} help"
    return f"{_PROGRAM} help {context.info_name}"


def _word_no_option(error: Any, context: Any) -> Wording:
    typed = str(error.option_name)
    command = _name_command(context)
    own = _list_options(context)
    if context and context.parent and typed in _list_options(context.parent):
        return f"{typed} must stand before the command: {_PROGRAM} {typed} ...", ""
    close = get_close_matches(typed, own, n=1)
    guess = f" Did you mean {close[0]}?" if close else ""
    problem = f"{_quote(typed)} is not an option of {command}.{guess}"
    return problem, f"To see all: {_help_for(context)}"


def _list_options(context: Any) -> list[str]:
    if context is None:
        return []
    found = context.command.get_params(context)
    return [name for each in found for name in (*each.opts, *each.secondary_opts) if "-" in name]


def _word_option_usage(error: Any, context: Any) -> Wording:
    option = error.option_name
    parameter = _find_parameter(context, option)
    if parameter is not None and parameter.is_flag:
        return f"{option} stands alone: leave out what follows the equals sign.", ""
    meant = name_value(parameter) if parameter is not None else "TEXT"
    return f"{option} needs something after it: {option} {meant}.", ""


def _find_parameter(context: Any, option: str) -> Any:
    if context is None:
        return None
    return next((each for each in context.command.params if option in each.opts), None)


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
    typed = _find_typed(error)
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


def _find_typed(error: Any) -> str:
    """Return what was typed, as pydantic kept it."""
    cause = error.__cause__ or error.__context__
    details: Sequence[Any] = cause.errors() if hasattr(cause, "errors") else ()
    return str(details[0]["input"]) if details else ""


def _word_missing(error: Any, context: Any) -> Wording:
    command = _name_command(context)
    name = error.param.metavar if error.param is not None else ""
    if name == "REF":
        advice = f"Say its number: {command} 42\nTo see the numbers: {_PROGRAM} list"
        return "Which report?", advice
    return "Which file?", f"Say it after the command: {command} {name}"


def _word_extra(error: Any, context: Any) -> Wording:
    command = _name_command(context)
    problem = (
        f"{command} can't do anything with {_quote(_find_extra(str(error.message)))}. "
        'Words that belong together stand in quotation marks: "like this".'
    )
    return problem, f"To see what it takes: {_help_for(context)}"


def _find_extra(message: str) -> str:
    return message.partition("(s) (")[2].rstrip(")") or message


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


class SaidTwice(Misuse):
    """An option that takes one value was given two."""

    def __init__(self, *, option: str) -> None:
        super().__init__(f"{option} is given twice. Nothing was done. Say it once")


class Contradiction(Misuse):
    """Two options say the opposite of each other."""

    def __init__(self, *, options: Sequence[str]) -> None:
        super().__init__(
            f"{join_words(list(options))} say opposite things. Nothing was done. "
            "Leave one of them out"
        )


def refuse_repeats(command: Any, context: Any, args: Sequence[str]) -> None:
    """Raise SaidTwice or Contradiction where of what was typed only the last would be kept."""
    if context.resilient_parsing:  # a shell asks what could come next
        return
    _, _, given = command.make_parser(context).parse_args(args=list(args))
    options = [each for each in given if each.param_type_name == "option"]
    for option in options:
        if options.count(option) > 1 and not _may_be_repeated(option):
            _refuse(option, args)
    names = {each.opts[0] for each in options}
    for pair in _OPPOSITES:
        if names.issuperset(pair):
            raise Contradiction(options=pair)


def _may_be_repeated(option: Any) -> bool:
    """Whether nothing is lost: it takes several values, or says the one thing that it can say."""
    is_list = get_origin(option.type_descriptor.annotation) is list
    return is_list or (option.is_flag and not option.secondary_opts)


def _refuse(option: Any, args: Sequence[str]) -> None:
    names = (*option.opts, *option.secondary_opts)
    before_rest = takewhile(lambda word: word != "--", args)
    typed = [name for name in (word.partition("=")[0] for word in before_rest) if name in names]
    said = tuple(dict.fromkeys(typed))
    sides = {name in option.secondary_opts for name in said}
    if len(sides) > 1:
        raise Contradiction(options=said)
    if not option.is_flag:
        raise SaidTwice(option=said[0] if said else option.opts[0])


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
