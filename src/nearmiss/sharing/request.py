"""What was asked for: which document or data, of which reports, for whom, and where it goes."""

import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from nearmiss.dates.shown import echo_day
from nearmiss.documents.reader import FOR_NEXT_CARER, Rules, choose_rules
from nearmiss.errors import UsageProblem
from nearmiss.interview.known import ask_carer, ask_phone
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import MOST_LINE
from nearmiss.model.questions import Audience, Basis
from nearmiss.options import Form, HandingOptions, Kind
from nearmiss.records.find import Filters
from nearmiss.settings import Paths, Settings
from nearmiss.terminal.asking import Asker
from nearmiss.text import find_refused, name_character, show_safely, tidy


@dataclass
class Workplace:
    """The book, who writes in it, and who can be asked.

    ``asker`` is None where nobody can be asked; ``plain`` keeps the terminal free of what moves;
    ``keep_settings`` has what the carer says of herself remembered.
    """

    book: Logbook
    settings: Settings
    paths: Paths
    now: Callable[[], datetime]
    asker: Asker | None = None
    plain: bool = False
    keep_settings: Callable[[Settings], None] = lambda settings: None

    def introduce(self) -> None:
        """Ask who is writing where that is not known. Raises KeyboardInterrupt or EOFError."""
        if self.asker is not None and not self.settings.name:
            self.remember(ask_carer(self.asker, self.settings))

    def remember(self, settings: Settings) -> None:
        """Go on with ``settings``, and have them kept."""
        self.settings = settings
        self.keep_settings(settings)

    def ask_phone_for(self, kind: Kind) -> bool:
        """Ask for the telephone number where a page has a place for it; whether that was asked."""
        if self.asker is None or self.settings.phone or kind not in _PHONED:
            return False
        self.remember(replace(self.settings, phone=ask_phone(self.asker, self.settings)))
        return True


_PHONED = ("meeting", "handover", "changeover")
_MOST_NAME = 200  # characters
_OLDEST = 130  # years
_DIGITS = 10  # of an NHS number
_MODULUS = 11  # of its check digit
# Day first, as it is written here; the year always whole.
_BIRTHDAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %b %Y", "%d %B %Y")


@dataclass(frozen=True)
class Identity:
    """Whom a paper is about; empty texts are blanks on it."""

    name: str = ""
    born: str = ""
    nhs_number: str = ""


UNNAMED = Identity()


def read_identity(
    name: str | None, born: str | None, nhs_number: str | None, today: date
) -> Identity:
    """Return who it is from what was typed. Raises UsageProblem."""
    return Identity(
        check_text("--name", name or "", _MOST_NAME),
        _read_birthday(born, today) if born else "",
        _read_nhs_number(nhs_number) if nhs_number else "",
    )


def check_text(option: str, given: str, most: int, *, one_line: bool = True) -> str:
    """Return a text as it stands on a paper. Raises UsageProblem."""
    text = tidy(given)
    if len(text) > most:
        raise _refuse(option, f"has {len(text)} characters; the most is {most}")
    refused = find_refused(text, one_line=one_line)
    if refused:
        raise _refuse(option, f"holds a character that can't be used: {name_character(refused)}")
    return text


def _refuse(option: str, reason: str) -> UsageProblem:
    return UsageProblem(f"{option} {reason}. Nothing was made.")


def _read_birthday(typed: str, today: date) -> str:
    text = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", tidy(typed), flags=re.IGNORECASE)
    for form in _BIRTHDAYS:
        with suppress(ValueError):
            day = datetime.strptime(text, form)
            break
    else:
        shown = show_safely(typed[:40])
        raise _refuse("--born", f'"{shown}" is not a day. Write it like 4 Feb 1941')
    if not today.year - _OLDEST <= day.year or day.date() > today:
        raise _refuse("--born", f"{echo_day(day)} can't be a day of birth")
    return echo_day(day)


def _read_nhs_number(typed: str) -> str:
    digits = re.sub(r"[\s-]", "", typed)
    if not re.fullmatch(rf"[0-9]{{{_DIGITS}}}", digits):
        raise _refuse("--nhs-number", "must have ten digits, like 943 476 5919")
    weighed = sum(int(digit) * (_DIGITS - place) for place, digit in enumerate(digits[:-1]))
    if (_MODULUS - weighed % _MODULUS) % _MODULUS != int(digits[-1]):
        raise _refuse("--nhs-number", "is not an NHS number. Please look at its digits again")
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


EVERYTHING = Filters()
MOST_REQUEST = 300  # characters
_ENDINGS = {"fhir": "json"}  # where a file's name does not end as its format is called


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
class HandOver:
    """What is to be handed over, checked.

    ``rules`` say who reads it and what they may see; ``to`` is who is noted, empty for nobody;
    ``basis`` and ``decided_by`` say why they may see it, as it was said and never made up.
    ``was_asked`` is true where the carer answered questions for all this; ``by_writing`` puts a
    chronology in the order written. ``called`` is what the carer said of people in whose lines no
    role stands, by their keys.
    """

    kind: Kind
    form: Form
    rules: Rules
    references: tuple[str, ...] = ()
    filters: Filters = EVERYTHING
    to: str = ""
    basis: Basis | None = None
    decided_by: str = ""
    identity: Identity = UNNAMED
    asks_for: str = ""
    target: Target = Target()
    skip_damaged: bool = False
    large: bool = False
    wants_password: bool = False
    password_file: str | None = None
    was_asked: bool = False
    by_writing: bool = False
    called: Mapping[str, str] = field(default_factory=dict)

    @property
    def audience(self) -> Audience:
        """Who reads it."""
        return self.rules.audience

    @property
    def is_paper(self) -> bool:
        """Whether it is a document about reports: neither the blank form nor data."""
        return self.kind not in ("records", "blank")


def read_request(
    kind: Kind,
    form: Form,
    audience: Audience,
    given: HandingOptions,
    *,
    references: tuple[str, ...] = (),
    filters: Filters = EVERYTHING,
    today: date,
) -> HandOver:
    """Return what the options ask for. Raises UsageProblem where they do not go together."""
    to = check_text("--to", given.to or "", MOST_LINE)
    decider = check_text("--decided-by", given.decided_by or "", MOST_LINE)
    for option, value in (("--basis", given.basis), ("--decided-by", decider)):
        if value and not to:
            raise _refuse(option, "is kept with who is given it: add --to")
    if kind == "changeover":
        _refuse_selective(references, filters, given)
    to_screen = given.output == "-"
    asked = HandOver(
        kind,
        form,
        FOR_NEXT_CARER
        if kind == "changeover"
        else choose_rules(
            audience,
            include_safeguarding=given.include_safeguarding,
            without_safeguarding=given.without_safeguarding,
        ),
        references,
        filters,
        to,
        given.basis,
        decider,
        read_identity(given.name, given.born, given.nhs_number, today),
        check_text("--request", given.request or "", MOST_REQUEST, one_line=False),
        Target(
            Path(given.output) if given.output and not to_screen else None,
            to_screen,
            given.force,
            given.view,
        ),
        given.skip_damaged,
        given.large_print,
        wants_password=given.password or given.password_file is not None,
        password_file=given.password_file,
    )
    _refuse_dropped(asked)
    return asked


def _refuse_selective(references: tuple[str, ...], filters: Filters, given: HandingOptions) -> None:
    """Raise UsageProblem for what would leave something out of a changeover, or let a worry in."""
    if references or replace(filters, client=None, since=None) != EVERYTHING:
        raise UsageProblem(
            "A changeover holds all that the next carer needs: choose it with --client and --since "
            "alone. Nothing was made."
        )
    if given.include_safeguarding or given.without_safeguarding:
        raise UsageProblem(
            "No safeguarding worry ever stands on a changeover. Nothing was made. "
            "Leave out --include-safeguarding and --without-safeguarding"
        )


def _refuse_dropped(asked: HandOver) -> None:
    if asked.kind == "blank":
        made = "a blank form"
    else:
        made = f"a {asked.kind}" if asked.is_paper else f"{asked.form.upper()} data"
    for option, given, carried in (
        ("--name", asked.identity.name, asked.is_paper),
        ("--born", asked.identity.born, asked.is_paper),
        ("--nhs-number", asked.identity.nhs_number, asked.is_paper),
        ("--request", asked.asks_for, asked.kind == "handover"),
        ("--large-print", asked.large, asked.kind != "records"),
        ("--to", asked.to, asked.kind != "blank"),
    ):
        if given and not carried:
            raise UsageProblem(f"{option} has no place in {made}. Nothing was made. Leave it out")
    if asked.wants_password and asked.form != "pdf":
        raise UsageProblem("Only a PDF can have a password. Nothing was made. Add: --format pdf")
