"""``nearmiss setup``: the carer's name, and a few choices."""

from dataclasses import asdict, fields
from typing import Annotated

import typer

from nearmiss.session import Session
from nearmiss.settings import (
    COUNTRIES,
    SETTING_QUESTIONS,
    Settings,
    change_settings,
    write_settings,
)
from nearmiss.speech import is_conversation, say


def setup(
    session: Session,
    name: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Your name, as reports show it.")
    ] = None,
    role: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Your role: carer, nurse.")
    ] = None,
    phone: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Your telephone number.")
    ] = None,
    country: Annotated[
        str | None, typer.Option(help=f"For emergency numbers: {', '.join(COUNTRIES)}.")
    ] = None,
    paper: Annotated[str | None, typer.Option(help="A4 or Letter.")] = None,
    keep_years: Annotated[int | None, typer.Option(help="Years to keep records.")] = None,
    always_plain: Annotated[
        bool | None,
        typer.Option(
            "--always-plain/--not-plain",
            help="Questions one line after the other, for a screen reader.",
        ),
    ] = None,
) -> None:
    """Say who you are, once; change it at any time.

    Example: nearmiss setup --name Maria --role carer
    Example: nearmiss setup --paper Letter
    Example: nearmiss setup --always-plain
    """
    given = {
        "name": name,
        "role": role,
        "phone": phone,
        "country": country,
        "paper": paper,
        "keep_years": keep_years,
        "plain": always_plain,
    }
    changes = {key: value for key, value in given.items() if value is not None}
    settings = change_settings(session.settings, changes)
    if not changes and is_conversation():
        from nearmiss.interview.carer import ask_settings

        say("Press Enter to keep what stands there.")
        settings = ask_settings(session.asker, settings, list(SETTING_QUESTIONS))
        changes = asdict(settings)
    if changes:
        write_settings(session.paths, settings)
        say(f"Kept in {session.paths.settings}")
    for field in fields(Settings):
        value = getattr(settings, field.name)
        print(f"{field.name}: {('no', 'yes')[value] if isinstance(value, bool) else value}")
