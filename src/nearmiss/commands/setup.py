"""``nearmiss setup``: the carer's name, and a few choices."""

from dataclasses import asdict, fields
from typing import Annotated

import typer

from nearmiss.commands.session import get_session
from nearmiss.settings import (
    COUNTRIES,
    PAPERS,
    BadSetting,
    Settings,
    change_settings,
    write_settings,
)
from nearmiss.speech import is_conversation, say

_QUESTIONS = {
    "name": "Your name",
    "role": "Your role (carer, personal assistant)",
    "phone": "Your telephone number",
    "country": f"Country, for the emergency numbers ({', '.join(COUNTRIES)})",
    "paper": f"Paper ({' or '.join(PAPERS)})",
    "keep_years": "Years to keep records",
}


def setup(
    context: typer.Context,
    name: Annotated[str | None, typer.Option(help="Your name, as reports show it.")] = None,
    role: Annotated[str | None, typer.Option(help="Your role: carer, nurse.")] = None,
    phone: Annotated[str | None, typer.Option(help="Your telephone number.")] = None,
    country: Annotated[
        str | None, typer.Option(help=f"For emergency numbers: {', '.join(COUNTRIES)}.")
    ] = None,
    paper: Annotated[str | None, typer.Option(help="A4 or Letter.")] = None,
    keep_years: Annotated[int | None, typer.Option(help="Years to keep records.")] = None,
) -> None:
    """Say who you are, once; change it at any time.

    Example: nearmiss setup --name Maria --role carer
    """
    session = get_session(context)
    given = {
        "name": name,
        "role": role,
        "phone": phone,
        "country": country,
        "paper": paper,
        "keep_years": keep_years,
    }
    changes = {key: value for key, value in given.items() if value is not None}
    settings = change_settings(session.settings, changes)
    if not changes and is_conversation():
        settings = _ask_all(settings)
        changes = asdict(settings)
    if changes:
        write_settings(session.paths, settings)
        say(f"Kept in {session.paths.settings}")
    for field in fields(Settings):
        print(f"{field.name}: {getattr(settings, field.name)}")


def _ask_all(settings: Settings) -> Settings:
    say("Press Enter to keep what stands in the brackets.")
    for name, question in _QUESTIONS.items():
        settings = _ask_one(settings, name, question)
    return settings


def _ask_one(settings: Settings, name: str, question: str) -> Settings:
    kept = getattr(settings, name)
    while True:
        typed = typer.prompt(question, default=str(kept), err=True)
        try:
            number = name == "keep_years" and typed.strip().isdecimal()
            return change_settings(settings, {name: int(typed) if number else typed})
        except BadSetting as problem:
            say(str(problem))
