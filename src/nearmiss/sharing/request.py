"""What was asked for: which document or data, of which reports, for whom, and where it goes."""

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from nearmiss.dates.shown import echo_day
from nearmiss.documents.reader import Rules, choose_rules
from nearmiss.errors import UsageProblem
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import MOST_LINE
from nearmiss.model.questions import Audience, Basis
from nearmiss.options import Form, HandingOptions, Kind
from nearmiss.records.find import Filters
from nearmiss.settings import Paths, Settings
from nearmiss.terminal.asking import Asker
from nearmiss.text import find_refused, name_character, show_safely, tidy


@dataclass(frozen=True)
class Workplace:
    """The book, who writes in it, and who can be asked.

    ``asker`` is None where nobody can be asked; ``plain`` keeps the terminal free of what moves.
    """

    book: Logbook
    settings: Settings
    paths: Paths
    now: Callable[[], datetime]
    asker: Asker | None = None
    plain: bool = False


_MOST_NAME = 200  # characters
_OLDEST = 130  # years
_DIGITS = 10  # of an NHS number
_MODULUS = 11  # of its check digit
# Day first, as it is written here; the year always whole.
_BIRTHDAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %b %Y", "%d %B %Y")


class BadGiven(UsageProblem):
    """An option holds what no paper can."""

    def __init__(self, *, option: str, reason: str) -> None:
        super().__init__(f"{option} {reason}. Nothing was made.")


@dataclass(frozen=True)
class Identity:
    """Whom a paper is about; empty texts are blanks on it."""

    name: str = ""
    born: str = ""
    nhs_number: str = ""


NOBODY = Identity()


def read_identity(
    name: str | None, born: str | None, nhs_number: str | None, today: date
) -> Identity:
    """Return who it is from what was typed. Raises BadGiven."""
    return Identity(
        check_text("--name", name or "", _MOST_NAME),
        _read_birthday(born, today) if born else "",
        _read_nhs_number(nhs_number) if nhs_number else "",
    )


def check_text(option: str, given: str, most: int, *, one_line: bool = True) -> str:
    """Return a text as it stands on a paper. Raises BadGiven."""
    text = tidy(given)
    if len(text) > most:
        raise BadGiven(option=option, reason=f"has {len(text)} characters; the most is {most}")
    refused = find_refused(text, one_line=one_line)
    if refused:
        named = name_character(refused)
        raise BadGiven(option=option, reason=f"holds a character that can't be used: {named}")
    return text


def _read_birthday(typed: str, today: date) -> str:
    text = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", tidy(typed), flags=re.IGNORECASE)
    for form in _BIRTHDAYS:
        with suppress(ValueError):
            day = datetime.strptime(text, form)
            break
    else:
        shown = show_safely(typed[:40])
        raise BadGiven(option="--born", reason=f'"{shown}" is not a day. Write it like 4 Feb 1941')
    if not today.year - _OLDEST <= day.year or day.date() > today:
        raise BadGiven(option="--born", reason=f"{echo_day(day)} can't be a day of birth")
    return echo_day(day)


def _read_nhs_number(typed: str) -> str:
    digits = re.sub(r"[\s-]", "", typed)
    if not re.fullmatch(rf"[0-9]{{{_DIGITS}}}", digits):
        raise BadGiven(option="--nhs-number", reason="must have ten digits, like 943 476 5919")
    weighed = sum(int(digit) * (_DIGITS - place) for place, digit in enumerate(digits[:-1]))
    if (_MODULUS - weighed % _MODULUS) % _MODULUS != int(digits[-1]):
        raise BadGiven(
            option="--nhs-number", reason="is not an NHS number. Please look at its digits again"
        )
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


EVERYTHING = Filters()
MOST_REQUEST = 300  # characters
_ENDINGS = {"fhir": "json"}  # where a file's name does not end as its format is called


class NotCarried(UsageProblem):
    """What was given has no place in what is made, where it would be dropped without a word."""

    def __init__(self, *, option: str, made: str) -> None:
        super().__init__(f"{option} has no place in {made}. Nothing was made. Leave it out")


class OnlyPdf(UsageProblem):
    """A password was asked for where none can be set."""

    def __init__(self) -> None:
        super().__init__("Only a PDF can have a password. Nothing was made. Add: --format pdf")


@dataclass(frozen=True)
class Reader:
    """Who reads it: empty where nobody was named; ``basis`` is why, where that was said."""

    audience: Audience
    name: str = ""
    basis: Basis | None = None
    decided_by: str = ""


@dataclass(frozen=True)
class Target:
    """Where it goes: a file that was named, the screen, or a file named for what is in it."""

    path: Path | None = None
    to_screen: bool = False
    force: bool = False
    view: bool = False

    def choose_path(self, kind: Kind, form: Form, about: str) -> Path | None:
        """Return the file to write, None for the screen; ``about`` are ids or days."""
        if self.to_screen or self.path is not None:
            return self.path
        if kind == "records" and form != "xlsx" and not sys.stdout.isatty():
            return None
        name = "-".join(filter(None, ("nearmiss", "form" if kind == "blank" else kind, about)))
        return Path(f"{name}.{name_ending(form)}")


def name_ending(form: Form) -> str:
    """Return how the name of a file in a form ends."""
    return _ENDINGS.get(form, form)


@dataclass(frozen=True)
class Request:
    """What was asked for, checked; ``was_asked`` where the carer answered questions for it."""

    kind: Kind
    form: Form
    reader: Reader
    rules: Rules
    references: tuple[str, ...] = ()
    filters: Filters = EVERYTHING
    identity: Identity = NOBODY
    asks_for: str = ""
    target: Target = Target()
    skip_damaged: bool = False
    large: bool = False
    wants_password: bool = False
    password_file: str | None = None
    was_asked: bool = False


def read_request(
    kind: Kind,
    form: Form,
    audience: Audience,
    given: HandingOptions,
    *,
    references: tuple[str, ...] = (),
    filters: Filters = EVERYTHING,
    today: date,
) -> Request:
    """Return what the options ask for. Raises BadGiven, NotCarried or OnlyPdf."""
    _refuse_dropped(kind, form, given)
    wants_password = given.password or given.password_file is not None
    if wants_password and form != "pdf":
        raise OnlyPdf
    return Request(
        kind,
        form,
        reader=_read_reader(audience, given),
        rules=choose_rules(
            audience,
            include_safeguarding=given.include_safeguarding,
            without_safeguarding=given.without_safeguarding,
        ),
        references=references,
        filters=filters,
        identity=read_identity(given.name, given.born, given.nhs_number, today),
        asks_for=check_text("--request", given.request or "", MOST_REQUEST, one_line=False),
        target=_read_target(given),
        skip_damaged=given.skip_damaged,
        large=given.large_print,
        wants_password=wants_password,
        password_file=given.password_file,
    )


def _refuse_dropped(kind: Kind, form: Form, given: HandingOptions) -> None:
    """Raise NotCarried for what was given and would stand nowhere."""
    paper = kind not in ("records", "blank")
    made = (
        "a blank form" if kind == "blank" else f"{form.upper()} data" if not paper else f"a {kind}"
    )
    for option, value, carried in (
        ("--name", given.name, paper),
        ("--born", given.born, paper),
        ("--nhs-number", given.nhs_number, paper),
        ("--request", given.request, kind == "handover"),
        ("--large-print", given.large_print, kind != "records"),
        ("--to", given.to, kind != "blank"),
    ):
        if value and not carried:
            raise NotCarried(option=option, made=made)


def _read_reader(audience: Audience, given: HandingOptions) -> Reader:
    name = check_text("--to", given.to or "", MOST_LINE)
    decider = check_text("--decided-by", given.decided_by or "", MOST_LINE)
    for option, value in (("--basis", given.basis), ("--decided-by", decider)):
        if value and not name:
            raise BadGiven(option=option, reason="is kept with who is given it: add --to")
    return Reader(audience, name, given.basis, decider)


def _read_target(given: HandingOptions) -> Target:
    to_screen = given.output == "-"
    named = Path(given.output) if given.output and not to_screen else None
    return Target(named, to_screen, given.force, given.view)
