"""The options of ``print`` and ``export``, as they are given and as they are used."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import typer

from nearmiss.errors import UsageProblem
from nearmiss.text import find_refused, name_character, tidy

_MOST_LINE, _MOST_TEXT = 200, 2000  # characters


class BadOption(UsageProblem):
    """An option can't be used, or not with another."""

    sentence = "{option}: {reason} Nothing was written."


def _text(name: str, help_text: str, metavar: str = "TEXT") -> Any:
    return Annotated[
        str | None, typer.Option(name, metavar=metavar, help=help_text, show_default=False)
    ]


def _flag(name: str, help_text: str) -> Any:
    return Annotated[bool, typer.Option(name, help=help_text)]


SHARING_OPTIONS: dict[str, Any] = {
    "output": _text("-o", "Where to; - is the screen.", "FILE"),
    "force": _flag("--force", "Write over that file."),
    "large_print": _flag("--large-print", "Letters of 18 point."),
    "to": _text("--to", "Who is given it; the logbook keeps that.", "NAME"),
    "basis": Annotated[
        Literal["client_agreed", "best_interests", "direct_care", "safeguarding"] | None,
        typer.Option(help="With --to: why they may see it.", show_default=False),
    ],
    "decided_by": _text("--decided-by", "With --to: who decided that.", "NAME"),
    "name": _text("--name", "The client's full name: on the paper, never stored."),
    "born": _text("--born", "The client's date of birth: on the paper, never stored."),
    "nhs_number": _text("--nhs-number", "The client's NHS number: on the paper, never stored."),
    "request": _text("--request", "What you ask for, in the handover."),
    "include_safeguarding": _flag(
        "--include-safeguarding", "Show safeguarding reports to a family too."
    ),
    "without_safeguarding": _flag("--without-safeguarding", "Leave safeguarding reports out."),
    "password": _flag("--password", "Lock the PDF; the password is asked twice."),
    "password_file": _text(
        "--password-file", "Lock the PDF with the first line of a file.", "FILE"
    ),
    "skip_damaged": _flag("--skip-damaged", "Leave out what can't be read."),
    "view": _flag("--view", "Open the file when it is made."),
}


@dataclass(frozen=True)
class Options:
    """What was given; empty texts and None where nothing was."""

    output: str | None = None
    force: bool = False
    large_print: bool = False
    to: str = ""
    basis: str | None = None
    decided_by: str = ""
    name: str = ""
    born: str = ""
    nhs_number: str = ""
    request: str = ""
    include_safeguarding: bool = False
    without_safeguarding: bool = False
    password: bool = False
    password_file: str | None = None
    skip_damaged: bool = False
    view: bool = False


def check_options(options: Options, form: str) -> None:
    """Raise BadOption where options can't be used, or not together."""
    for option in ("to", "decided_by", "name", "born", "nhs_number", "request"):
        _check_text(option, getattr(options, option))
    locks = options.password or options.password_file is not None
    writes_file = options.output != "-" and (options.output or form in ("pdf", "xlsx"))
    faults = {
        "--password": ("needs --format pdf.", locks and form != "pdf"),
        "--basis": ("says why somebody is given it: add --to.", options.basis and not options.to),
        "--decided-by": ("add --to.", options.decided_by and not options.to),
        "--view": ("needs a file: add -o.", options.view and not writes_file),
        "--include-safeguarding": (
            "can't go with --without-safeguarding.",
            options.include_safeguarding and options.without_safeguarding,
        ),
    }
    for option, (reason, is_wrong) in faults.items():
        if is_wrong:
            raise BadOption(option=option, reason=reason)


def _check_text(option: str, value: str) -> None:
    shown = f"--{option.replace('_', '-')}"
    most = _MOST_TEXT if option == "request" else _MOST_LINE
    if len(value) > most:
        raise BadOption(option=shown, reason=f"has more than {most:,} characters.")
    refused = find_refused(tidy(value), one_line=option != "request")
    if refused:
        named = name_character(refused)
        raise BadOption(option=shown, reason=f"holds a character that can't be used: {named}.")
