"""From the records to what is handed over: what may be seen, made whole, and noted."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from nearmiss.commands.consent import Consent, settle_consent
from nearmiss.commands.handover import deliver, keep_to_one_client
from nearmiss.commands.session import NothingChosen, Session
from nearmiss.commands.working import show_working
from nearmiss.documents.audience import Hidden, Rules, choose_rules, find_shown, show_records
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.speech import join_words, say
from nearmiss.text import find_refused, name_character, tidy

if TYPE_CHECKING:
    from nearmiss.documents.blocks import Document
    from nearmiss.documents.brief import Brief, Pattern
    from nearmiss.records.history import Record

_TO_FILE = {"pdf", "xlsx"}  # formats that no terminal shows
_MOST_GIVEN = 500  # characters of a name or a request
_IDS = 3  # that fit into the name of a file
_NAMED = 9  # places where a hidden name stands that are spelled out


class HiddenReport(NearmissError):
    """A report was named that this reader may not see."""

    def __init__(self, *, report_id: str, remedy: str) -> None:
        super().__init__(
            f"{report_id} is a safeguarding worry, which this reader does not see. "
            "Nothing was made. "
            f"To show it all the same: {remedy}"
        )


_SHOW_IT = "leave out --without-safeguarding"


class BadGiven(UsageProblem):
    """An option holds what no paper can."""

    def __init__(self, *, option: str, reason: str) -> None:
        super().__init__(f"{option} {reason}. Nothing was made.")


class OnlyPdf(UsageProblem):
    """A password was asked for where none can be set."""

    def __init__(self) -> None:
        super().__init__("Only a PDF can have a password. Nothing was made. Add: --format pdf")


def make_document(
    session: Session, references: Sequence[str], kind: str, audience: str, form: str
) -> None:
    """Make a document of the records that are chosen, and note who it is handed to.

    ``kind`` is report, meeting, chronology or handover. Raises what choosing, making and writing
    raise; nothing is left where that happens.
    """
    _check_given(session)
    rules, hidden = _read_rules(session, audience), Hidden()
    records = list(_choose(session, references, rules, hidden))
    session.refuse_damage(skip=bool(session.handing.get("skip_damaged")))
    if not records:
        raise NothingChosen
    consent = settle_consent(session, audience, records[0].report.client)
    worries = [record.report.id for record in records if record.report.safeguarding]
    _tell_hidden(rules, hidden, worries, records)
    with show_working(len(records), plain=session.plain):
        brief = _make_brief(session, rules, records, consent)
        data = _render(session, _build(kind, records, brief), form)
    path = _choose_path(session, form, _name_records(records))
    ids = [record.report.id for record in records]
    _hand_over(session, [data], path, partial(_note, session, audience, consent, kind, form, ids))


def make_blank(session: Session, form: str) -> None:
    """Make the blank form. Raises what making and writing raise."""
    from nearmiss.documents.form import build_form

    large = bool(session.handing.get("large_print"))
    settings = session.settings
    document = build_form(
        emergency=_name_emergency(settings.country),
        carer=settings.author if settings.name else "",
        paper=settings.paper,
        large=large,
    )
    data = _render(session, document, form)
    _hand_over(session, [data], _choose_path(session, form, "form"), lambda digest: None)


def _name_emergency(country: str) -> str:
    from nearmiss.words import read_words

    numbers = str(read_words("countries")[country]["emergency"])
    return f"{numbers} or 111" if country == "GB" else numbers


def write_records(session: Session, references: Sequence[str], audience: str, form: str) -> None:
    """Write the records that are chosen as data. Raises what choosing and writing raise."""
    from nearmiss.documents.formats import FORMATS

    if session.handing.get("password") or session.handing.get("password_file"):
        raise OnlyPdf
    _check_given(session)
    rules, hidden = _read_rules(session, audience), Hidden()
    seen = _Seen()
    chosen = session.require_some(_choose(session, references, rules, hidden))
    kept: list[Record] = []
    if form in _TO_FILE or not (rules.people and rules.safeguarding):
        chosen = iter(kept := list(chosen))
    first = next(chosen)
    consent = settle_consent(session, audience, first.report.client)
    path = _choose_path(session, form, _name_records(kept or [first]))

    def confirm(digest: str) -> None:
        session.refuse_damage(skip=bool(session.handing.get("skip_damaged")))
        _tell_hidden(rules, hidden, seen.worries, kept)
        _note(session, audience, consent, "records", form, seen.ids, digest)

    _hand_over(session, FORMATS[form](seen.watch(first, chosen)), path, confirm)
    say(f"Seal of the logbook: {_read_seal(session)}")


@dataclass
class _Seen:
    """What went by while records were written one by one."""

    ids: list[str] = field(default_factory=list)
    worries: list[str] = field(default_factory=list)

    def watch(self, first: "Record", rest: "Iterator[Record]") -> "Iterator[Record]":
        for record in chain([first], rest):
            self.ids.append(record.report.id)
            if record.report.safeguarding:
                self.worries.append(record.report.id)
            yield record


def _check_given(session: Session) -> None:
    for option in ("to", "decided_by", "name", "born", "nhs_number", "request"):
        text = tidy(session.handing.get(option) or "")
        shown = f"--{option.replace('_', '-')}"
        if len(text) > _MOST_GIVEN:
            raise BadGiven(option=shown, reason=f"has more than {_MOST_GIVEN} characters")
        refused = find_refused(text, one_line=option != "request")
        if refused:
            named = name_character(refused)
            raise BadGiven(option=shown, reason=f"holds a character that can't be used: {named}")
    if not session.handing.get("to"):
        for option in ("basis", "decided_by"):
            if session.handing.get(option):
                shown = f"--{option.replace('_', '-')}"
                raise BadGiven(option=shown, reason="is kept with who is given it: add --to")


def _read_rules(session: Session, audience: str) -> Rules:
    return choose_rules(
        audience,
        include_safeguarding=bool(session.handing.get("include_safeguarding")),
        without_safeguarding=bool(session.handing.get("without_safeguarding")),
    )


def _choose(
    session: Session, references: Sequence[str], rules: Rules, hidden: Hidden
) -> "Iterator[Record]":
    shown = show_records(session.choose_records(references), rules, hidden)
    if rules.audience != "own":
        shown = keep_to_one_client(shown)
    for record in shown:
        if references and hidden.reports:
            break
        yield record
    if references and hidden.reports:
        remedy = "add --include-safeguarding" if rules.audience == "family" else _SHOW_IT
        raise HiddenReport(report_id=hidden.reports[0], remedy=remedy)


def _tell_hidden(
    rules: Rules, hidden: Hidden, worries: Sequence[str], records: "Sequence[Record]"
) -> None:
    if hidden.left_out:
        noun = "worry" if hidden.left_out == 1 else "worries"
        say(f"Left out: {hidden.left_out} safeguarding {noun}. The paper does not say so.")
    if worries and rules.audience != "own":
        say(f"In it are safeguarding worries: {join_words(list(worries))}.")
    found = find_shown(hidden, records)
    for report_id, word in found[:_NAMED]:
        say(f'Please look at {report_id}: its own words say "{word}". They are shown as written.')


def _make_brief(
    session: Session, rules: Rules, records: "Sequence[Record]", consent: Consent
) -> "Brief":
    from nearmiss.documents.brief import Brief

    given, settings = session.handing, session.settings
    return Brief(
        rules=rules,
        seal=_read_seal(session),
        carer=settings.author,
        phone=settings.phone,
        recipient=consent.recipient,
        name=given.get("name") or "",
        born=given.get("born") or "",
        nhs_number=given.get("nhs_number") or "",
        request=given.get("request") or "",
        paper=settings.paper,
        large=bool(given.get("large_print")),
        unreadable=len({each.line for each in session.damaged}),
        patterns=_find_patterns(session, records),
    )


def _read_seal(session: Session) -> str:
    from nearmiss.logbook.parsing import Unreadable
    from nearmiss.model.ids import show_seal

    entries = (each for each in session.book.read_backward() if not isinstance(each, Unreadable))
    return show_seal(next(entries).seal)


def _find_patterns(session: Session, records: "Sequence[Record]") -> "tuple[Pattern, ...]":
    """Return the patterns in the records that the reader sees, and in nothing else."""
    from nearmiss.commands.hazards import Cases, load_lexicon
    from nearmiss.commands.patterns import list_patterns
    from nearmiss.documents.brief import Pattern
    from nearmiss.documents.phrases import tell_day
    from nearmiss.insight.patterns import make_case, read_verdicts
    from nearmiss.insight.similar import LOOKED_AT
    from nearmiss.records.history import read_newest

    lexicon = load_lexicon(session)
    newest = records[-LOOKED_AT:]
    verdicts = read_verdicts(read_newest(session.book, lambda unreadable: None)[1])
    cases = Cases(
        [make_case(each.report.id, each.report, lexicon) for each in newest], verdicts, lexicon
    )
    return tuple(
        Pattern(
            ", ".join(each.reasons) or "alike",
            tuple(tell_day(cases.moment(report)) for report in each.reports),
            each.status == "confirmed",
        )
        for each in list_patterns(cases, None)
    )


def _build(kind: str, records: "Sequence[Record]", brief: "Brief") -> "Document":
    from nearmiss.documents.chronology import build_chronology
    from nearmiss.documents.handover import build_handover
    from nearmiss.documents.meeting import build_meeting
    from nearmiss.documents.plain_data import write_json
    from nearmiss.documents.report import build_report

    builders: dict[str, Callable[..., Document]] = {
        "report": build_report,
        "meeting": build_meeting,
        "chronology": build_chronology,
        "handover": build_handover,
    }
    document = builders[kind](records, brief)
    attached = b"".join(write_json(records)).decode() if brief.rules.attached else ""
    return replace(document, paper=brief.paper, large=brief.large, attached=attached)


def _render(session: Session, document: "Document", form: str) -> bytes:
    own = session.paths.config / "templates"
    wants_password = session.handing.get("password") or session.handing.get("password_file")
    if wants_password and form != "pdf":
        raise OnlyPdf
    if form == "html":
        from nearmiss.documents.html import render_html

        return render_html(document, own)
    if form == "txt":
        from nearmiss.documents.plain import render_text

        return render_text(document)
    from nearmiss.documents.pdf import render_pdf

    data, replaced = render_pdf(document, own)
    if replaced:
        names = [name_character(each) for each in replaced]
        more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
        shown = join_words([*names[:_NAMED], *more])
        say(f"No font here can show {shown}. In the document their codes stand, in brackets.")
    return _encrypt(session, data) if wants_password else data


def _encrypt(session: Session, data: bytes) -> bytes:
    from nearmiss.commands.password import read_password
    from nearmiss.documents.encrypted import encrypt_pdf

    return encrypt_pdf(data, read_password(session.handing.get("password_file")))


def _name_records(records: "Sequence[Record]") -> str:
    if len(records) <= _IDS:
        first, *others = [record.report.id for record in records]
        return "-".join([first, *(each.partition("-")[2] for each in others)])
    days = sorted(f"{record.report.occurred:%Y-%m-%d}" for record in records)
    return f"{days[0]}-to-{days[-1]}"


def _choose_path(session: Session, form: str, name: str) -> Path | None:
    output = session.handing.get("output")
    if output == "-":
        return None
    if output:
        return Path(output)
    return Path(f"nearmiss-{name}.{form}") if form in _TO_FILE else None


def _hand_over(
    session: Session, chunks: Iterable[bytes], path: Path | None, confirm: Callable[[str], None]
) -> None:
    deliver(chunks, path, force=bool(session.handing.get("force")), confirm=confirm)
    if path is not None:
        print(path)
        if session.handing.get("view"):
            sys.stdout.flush()
            typer.launch(str(path))


def _note(
    session: Session,
    audience: str,
    consent: Consent,
    kind: str,
    form: str,
    ids: Sequence[str],
    digest: str,
) -> None:
    """Note in the logbook who is handed the document with this SHA-256, where that is known."""
    if not consent.recipient:
        return
    from nearmiss.model.entries import DisclosureFields

    entry = DisclosureFields.model_validate(
        {
            "audience": audience,
            "recipient": consent.recipient,
            "basis": consent.basis,
            "decided_by": consent.decided_by,
            "form": f"{kind}, {form}",
            "reports": list(ids),
            "sha256": digest,
            "seal_shown": _read_seal(session),
        }
    )
    session.book.append([entry], session.settings.author, session.now())
    say(f"Noted in the logbook: handed to {consent.recipient}.")
