"""What was asked for: which document or data, of which reports, for whom, and where it goes."""

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nearmiss.documents.audience import Rules, choose_rules
from nearmiss.errors import UsageProblem
from nearmiss.model.entries import MOST_LINE
from nearmiss.model.wording import Audience, Basis
from nearmiss.options.handing import Form, HandingOptions, Kind
from nearmiss.records.selection import Filters
from nearmiss.sharing.identity import NOBODY, BadGiven, Identity, check_text, read_identity

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
