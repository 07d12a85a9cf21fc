"""What was asked for: which document or data, of which reports, for whom, and where it goes."""

from dataclasses import dataclass
from pathlib import Path

from nearmiss.documents.audience import Rules, choose_rules
from nearmiss.errors import UsageProblem
from nearmiss.model.wording import Audience, Basis
from nearmiss.options.handing import Form, HandingOptions, Kind
from nearmiss.records.selection import Filters
from nearmiss.text import find_refused, name_character, tidy

EVERYTHING = Filters()
_MOST_GIVEN = 500  # characters of a name or a request
_TO_FILE = ("pdf", "xlsx")  # formats that no terminal shows


class BadGiven(UsageProblem):
    """An option holds what no paper can."""

    def __init__(self, *, option: str, reason: str) -> None:
        super().__init__(f"{option} {reason}. Nothing was made.")


class OnlyPdf(UsageProblem):
    """A password was asked for where none can be set."""

    def __init__(self) -> None:
        super().__init__("Only a PDF can have a password. Nothing was made. Add: --format pdf")


@dataclass(frozen=True)
class Identity:
    """Whom a paper is about, for the paper only; empty texts are blanks on it."""

    name: str = ""
    born: str = ""
    nhs_number: str = ""


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

    def choose_path(self, form: Form, name: str) -> Path | None:
        """Return the file to write, None for the screen."""
        if self.to_screen:
            return None
        if self.path is not None:
            return self.path
        return Path(f"nearmiss-{name}.{form}") if form in _TO_FILE else None


@dataclass(frozen=True)
class Request:
    """What was asked for, checked."""

    kind: Kind
    form: Form
    reader: Reader
    rules: Rules
    references: tuple[str, ...] = ()
    filters: Filters = EVERYTHING
    identity: Identity = Identity()
    asks_for: str = ""
    target: Target = Target()
    skip_damaged: bool = False
    large: bool = False
    wants_password: bool = False
    password_file: str | None = None


def read_request(
    kind: Kind,
    form: Form,
    audience: Audience,
    given: HandingOptions,
    *,
    references: tuple[str, ...] = (),
    filters: Filters = EVERYTHING,
) -> Request:
    """Return what the options ask for. Raises BadGiven or OnlyPdf."""
    _check_texts(given)
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
        identity=Identity(given.name or "", given.born or "", given.nhs_number or ""),
        asks_for=given.request or "",
        target=_read_target(given),
        skip_damaged=given.skip_damaged,
        large=given.large_print,
        wants_password=wants_password,
        password_file=given.password_file,
    )


def _read_reader(audience: Audience, given: HandingOptions) -> Reader:
    reader = Reader(audience, tidy(given.to or ""), given.basis, tidy(given.decided_by or ""))
    for option, value in (("--basis", reader.basis), ("--decided-by", reader.decided_by)):
        if value and not reader.name:
            raise BadGiven(option=option, reason="is kept with who is given it: add --to")
    return reader


def _read_target(given: HandingOptions) -> Target:
    to_screen = given.output == "-"
    named = Path(given.output) if given.output and not to_screen else None
    return Target(named, to_screen, given.force, given.view)


def _check_texts(given: HandingOptions) -> None:
    for option, text in (
        ("--name", given.name),
        ("--born", given.born),
        ("--nhs-number", given.nhs_number),
        ("--request", given.request),
        ("--to", given.to),
        ("--decided-by", given.decided_by),
    ):
        if text:
            _check_text(option, text)


def _check_text(option: str, text: str) -> None:
    if len(text) > _MOST_GIVEN:
        raise BadGiven(option=option, reason=f"has more than {_MOST_GIVEN} characters")
    refused = find_refused(text, one_line=option != "--request")
    if refused:
        named = name_character(refused)
        raise BadGiven(option=option, reason=f"holds a character that can't be used: {named}")
