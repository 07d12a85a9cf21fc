"""What a carer chooses once: the settings as options."""

from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from nearmiss.settings import COUNTRIES


@dataclass(frozen=True)
class SettingOptions:
    """The settings as they were given, None leaves one as it is."""

    name: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Your name, as reports show it.")
    ] = None
    role: Annotated[str | None, typer.Option(metavar="TEXT", help="Your role: carer, nurse.")] = (
        None
    )
    phone: Annotated[str | None, typer.Option(metavar="TEXT", help="Your telephone number.")] = None
    country: Annotated[
        str | None, typer.Option(help=f"For emergency numbers: {', '.join(COUNTRIES)}.")
    ] = None
    paper: Annotated[str | None, typer.Option(help="A4 or Letter.")] = None
    keep_years: Annotated[int | None, typer.Option(help="Years to keep records.")] = None
    always_plain: Annotated[
        bool | None,
        typer.Option(
            "--always-plain/--not-plain",
            help="Questions one line after the other, for a screen reader.",
        ),
    ] = None

    @property
    def given(self) -> dict[str, str | int | bool]:
        """What was given, by the names of the settings."""
        given = asdict(self)
        given["plain"] = given.pop("always_plain")  # --plain is the option of one command
        return {name: value for name, value in given.items() if value is not None}
