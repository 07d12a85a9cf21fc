"""What the shell offers while a command is typed: the newest reports, and the clients."""

import os
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss.errors import NearmissError
from nearmiss.options.groups import WHICH

if TYPE_CHECKING:
    from nearmiss.records.history import Record

_OFFERED = 30  # reports
_LOOKED_AT = 1000  # reports in which clients are looked for


def complete_reference(context: typer.Context, incomplete: str) -> list[str]:
    """Return the ids of the newest reports that begin as typed.

    Nothing of a report stands beside them: a shell shows that to whoever looks over a shoulder,
    and some of them run what they show.
    """
    typed = incomplete.upper()
    offered = []
    for record in islice(_read_newest(context), _OFFERED):
        own = record.report.id
        number = own.partition("-")[2].lstrip("0")
        if own.startswith(typed):
            offered.append(_go_on(incomplete, own))
        elif number.startswith(typed.lstrip("0") or "-"):
            offered.append(number)
    return offered


def complete_client(context: typer.Context, incomplete: str) -> list[str]:
    """Return the clients of the newest reports that begin as typed, as the shell takes them.

    Only those whose every character is safe in any shell: what was imported may hold a command.
    """
    clients = (record.report.client for record in islice(_read_newest(context), _LOOKED_AT))
    begin = incomplete.casefold()
    known = [
        each
        for each in dict.fromkeys(clients)
        if each.casefold().startswith(begin) and _is_harmless(each)
    ]
    offered = (_go_on(incomplete, each) for each in known)
    return [quoted for each in offered if (quoted := _quote(each)) is not None]


def _is_harmless(text: str) -> bool:
    return text[0].isalnum() and all(each.isalnum() or each in " .-_" for each in text)


def _quote(text: str) -> str | None:
    """Return ``text`` as the asking shell takes it for one word; None where that can't be."""
    shell = os.environ.get("_NEARMISS_COMPLETE", "").partition("_")[2]
    if " " not in text or shell in _QUOTING:
        return text
    return text.replace(" ", "\\ ") if shell == "bash" else None


_QUOTING = ("zsh", "fish")  # shells that quote what they insert


def _go_on(incomplete: str, text: str) -> str:
    # A shell drops what does not begin exactly as typed; the commands do not mind the case.
    return incomplete + text[len(incomplete) :]


def _read_newest(context: typer.Context) -> "Iterator[Record]":
    from nearmiss.logbook.book import Logbook
    from nearmiss.records.history import read_records
    from nearmiss.settings import find_paths

    try:
        chosen = context.find_root().params.get("logbook")
        yield from read_records(Logbook(find_paths(chosen).logbook), lambda unreadable: None)
    except NearmissError:  # while a command is typed there is nobody to tell
        return


_ONE = "The report's number: 42, k7qx-42 or last."
ReferenceOrAsked = Annotated[
    str | None,
    typer.Argument(
        metavar="[REF]", help=_ONE, autocompletion=complete_reference, rich_help_panel=WHICH
    ),
]
ReferenceOrLast = Annotated[
    str,
    typer.Argument(
        metavar="[REF]", help=_ONE, autocompletion=complete_reference, rich_help_panel=WHICH
    ),
]
References = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[REF]...",
        help="Which reports: 42, last.",
        autocompletion=complete_reference,
        rich_help_panel=WHICH,
    ),
]
