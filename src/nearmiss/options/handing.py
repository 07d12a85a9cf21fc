"""How records are handed over: who reads them, what stands on the paper, and where it goes."""

from dataclasses import dataclass
from typing import Annotated, Literal

import typer

from nearmiss.model.wording import Basis
from nearmiss.options.groups import FILE, PAPER, WHO

DocumentKind = Literal["report", "meeting", "chronology", "handover"]
Kind = Literal[DocumentKind, "blank", "records"]
Drawn = Literal["pdf", "html", "txt"]
Form = Literal[Drawn, "csv", "xlsx", "json", "jsonl", "fhir"]


@dataclass(frozen=True)
class HandingOptions:
    """What was said about a handing-over, as it was typed."""

    output: Annotated[
        str | None,
        typer.Option("-o", metavar="FILE", help="Where to; - is the screen.", rich_help_panel=FILE),
    ] = None
    force: Annotated[
        bool, typer.Option("--force", help="Write over that file.", rich_help_panel=FILE)
    ] = False
    skip_damaged: Annotated[
        bool,
        typer.Option("--skip-damaged", help="Leave out what can't be read.", rich_help_panel=FILE),
    ] = False
    large_print: Annotated[
        bool, typer.Option("--large-print", help="Letters of 18 points.", rich_help_panel=PAPER)
    ] = False
    include_safeguarding: Annotated[
        bool,
        typer.Option(
            "--include-safeguarding", help="A family sees such worries too.", rich_help_panel=WHO
        ),
    ] = False
    without_safeguarding: Annotated[
        bool,
        typer.Option(
            "--without-safeguarding", help="Leave safeguarding worries out.", rich_help_panel=WHO
        ),
    ] = False
    name: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="The client's name, for the paper only: it is not stored.",
            rich_help_panel=PAPER,
        ),
    ] = None
    born: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="The client's date of birth, for the paper only.",
            rich_help_panel=PAPER,
        ),
    ] = None
    nhs_number: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="The client's NHS number, for the paper only.",
            rich_help_panel=PAPER,
        ),
    ] = None
    request: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="What you ask the reader for.", rich_help_panel=PAPER),
    ] = None
    to: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="Who gets it: this is noted in the logbook.", rich_help_panel=WHO
        ),
    ] = None
    basis: Annotated[
        Basis | None, typer.Option(help="Why they may see it.", rich_help_panel=WHO)
    ] = None
    decided_by: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Who decided that they may.", rich_help_panel=WHO),
    ] = None
    password: Annotated[
        bool,
        typer.Option(
            "--password", help="Ask for a password that opens the PDF.", rich_help_panel=FILE
        ),
    ] = False
    password_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Take the password from this file.", rich_help_panel=FILE
        ),
    ] = None
    view: Annotated[
        bool, typer.Option("--view", help="Open it when it is made.", rich_help_panel=FILE)
    ] = False

    @property
    def any_given(self) -> bool:
        """Whether anything was said."""
        return self != HandingOptions()
