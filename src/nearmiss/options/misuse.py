"""What was typed and can't be understood, in words: a command, an option, a value, too much."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin

from typer.exceptions import TyperException

from nearmiss.errors import UsageProblem
from nearmiss.model.ids import read_typed
from nearmiss.options.words import OTHER_WORDS
from nearmiss.speech import join_choices
from nearmiss.text import show_safely

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
