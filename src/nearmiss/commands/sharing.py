"""What ``print`` and ``export`` share: who may see what, and how it is handed over."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from nearmiss.commands.disclosing import prepare_handing
from nearmiss.commands.handover import deliver, keep_to_one_client
from nearmiss.commands.passwords import read_password
from nearmiss.commands.session import Session
from nearmiss.commands.sharing_options import Options, check_options
from nearmiss.commands.sharing_paths import choose_path
from nearmiss.errors import NearmissError
from nearmiss.speech import join_words, say
from nearmiss.text import name_character

if TYPE_CHECKING:
    from nearmiss.documents.audience import Hidden, Rules
    from nearmiss.documents.blocks import Document
    from nearmiss.documents.brief import Brief
    from nearmiss.documents.making import Kind
    from nearmiss.history import Record

Audience = Literal["own", "family", "professional"]
_NAMED = 20  # names or signs that a warning spells out


class HiddenReport(NearmissError):
    """A report was named outright that this reader may not see."""

    sentence = (
        "{ids} can't go into a document for this reader: it is a safeguarding report. "
        "Nothing was written. {remedy}"
    )


@dataclass(frozen=True)
class Wanted:
    """What is to be made, of which reports, for whom."""

    kind: "Kind"
    audience: Audience
    form: str
    references: Sequence[str]


def share(session: Session, wanted: Wanted) -> None:
    """Make what is wanted and hand it over. Raises what the steps raise."""
    from nearmiss.documents.audience import Hidden, choose_rules
    from nearmiss.documents.making import DRAWN

    options = Options(**session.answers)
    check_options(options, wanted.form)
    rules = choose_rules(
        wanted.audience,
        include_safeguarding=options.include_safeguarding,
        without_safeguarding=options.without_safeguarding,
    )
    hidden = Hidden()
    records = _choose(session, wanted, rules, hidden)
    if wanted.form in DRAWN:
        _share_document(session, wanted, options, rules, (list(records), hidden))
    else:
        _share_records(session, wanted, options, rules, (records, hidden))


def _choose(
    session: Session, wanted: Wanted, rules: "Rules", hidden: "Hidden"
) -> "Iterator[Record]":
    """Yield what the reader may see of the reports that were chosen: nothing else goes on."""
    from nearmiss.documents.audience import show_records

    if wanted.kind == "blank":
        return iter(())
    chosen: Iterable[Record] = session.choose_records(wanted.references)
    if wanted.references and not rules.safeguarding:
        chosen = list(chosen)
        _refuse_hidden(chosen, wanted.audience)
    shown = show_records(chosen, rules, hidden)
    if wanted.audience != "own":
        shown = keep_to_one_client(shown)
    return session.require_some(shown)


def _refuse_hidden(records: "Iterable[Record]", audience: str) -> None:
    ids = [record.report.id for record in records if record.report.safeguarding]
    if ids:
        ways = {"family": "To show it to them all the same: --include-safeguarding"}
        remedy = ways.get(audience, "Leave out --without-safeguarding to show it.")
        raise HiddenReport(ids=join_words(ids), remedy=remedy)


def _share_records(
    session: Session,
    wanted: Wanted,
    options: Options,
    rules: "Rules",
    chosen: "tuple[Iterator[Record], Hidden]",
) -> None:
    from nearmiss.documents.formats import FORMATS

    records, hidden = chosen
    first = next(records)
    moments, ids, raised = [first.report.occurred], [], list[str]()
    kept: list[Record] = []

    def watch() -> "Iterator[Record]":
        for record in _chain(first, records):
            ids.append(record.report.id)
            moments[:] = [
                min(*moments, record.report.occurred),
                max(*moments, record.report.occurred),
            ]
            raised.extend([record.report.id] if record.report.safeguarding else [])
            kept.extend([] if rules.people and rules.safeguarding else [record])
            yield record

    handing = prepare_handing(session, wanted.audience, wanted.form, options, first.report.client)

    def check() -> None:
        session.refuse_damage(skip=options.skip_damaged)
        _tell(hidden, kept, raised, rules)
        handing.record(session, ids)

    source: Iterable[Record] = watch()
    if wanted.form == "xlsx" and options.output is None:  # its name tells what is in it
        source = list(source)
    path = choose_path(options.output, wanted.form, ids, moments, wanted.kind)
    chunks = FORMATS[wanted.form](source)
    deliver(handing.watch(chunks), path, force=options.force, check=check)
    _end(path, options)


def _chain(first: "Record", rest: "Iterator[Record]") -> "Iterator[Record]":
    yield first
    yield from rest


def _share_document(
    session: Session,
    wanted: Wanted,
    options: Options,
    rules: "Rules",
    chosen: "tuple[list[Record], Hidden]",
) -> None:
    from nearmiss.documents.making import build_document

    records, hidden = chosen
    if records:
        session.refuse_damage(skip=options.skip_damaged)
    ids = [record.report.id for record in records]
    moments = [record.report.occurred for record in records]
    path = choose_path(options.output, wanted.form, ids, moments, wanted.kind)
    client = records[0].report.client if records else ""
    handing = prepare_handing(session, wanted.audience, wanted.form, options, client)
    options = replace(options, to=handing.recipient)
    password = read_password(options) if wanted.form == "pdf" else None
    raised = [record.report.id for record in records if record.report.safeguarding]
    _tell(hidden, records, raised, rules)
    brief = _make_brief(session, wanted, options, rules, records)
    data = _draw(session, wanted, build_document(wanted.kind, records, brief), len(records))
    if password is not None:
        from nearmiss.documents.encrypting import encrypt_pdf

        data = encrypt_pdf(data, password)
    deliver(
        handing.watch([data]),
        path,
        force=options.force,
        check=lambda: handing.record(session, ids),
    )
    _end(path, options)


def _draw(session: Session, wanted: Wanted, document: "Document", count: int) -> bytes:
    from nearmiss.commands.working import show_working
    from nearmiss.documents.making import render

    with show_working(count, plain=session.plain):
        data, replaced = render(document, wanted.form, session.paths.config / "templates")
    if replaced:
        names = [name_character(each) for each in replaced]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        say(
            f"No font on this computer has {', '.join(names[:_NAMED])}{more}. "
            "Each stands in the document as its code, in square brackets."
        )
    return data


def _make_brief(
    session: Session,
    wanted: Wanted,
    options: Options,
    rules: "Rules",
    records: "Sequence[Record]",
) -> "Brief":
    from nearmiss import words
    from nearmiss.commands.sharing_patterns import find_shown_patterns
    from nearmiss.documents.brief import Brief

    settings = session.settings
    has_patterns = wanted.kind in ("meeting", "handover")
    countries = words.read_words("countries")
    emergency = countries[settings.country]["emergency"]
    return Brief(
        rules=rules,
        seal=session.find_seal() if records else "",
        carer=settings.author if settings.name else "",
        phone=settings.phone,
        recipient=options.to,
        name=options.name,
        born=options.born,
        nhs_number=options.nhs_number,
        request=options.request,
        emergency=f"{emergency} or 111" if settings.country == "GB" else emergency,
        paper=settings.paper,
        large=options.large_print,
        unreadable=len({each.line for each in session.damaged}),
        patterns=find_shown_patterns(session, records) if has_patterns else (),
    )


def _tell(
    hidden: "Hidden", records: "Sequence[Record]", raised: Sequence[str], rules: "Rules"
) -> None:
    """Tell the carer, never the reader, what was left out and what still shows."""
    from nearmiss.documents.audience import find_shown

    if hidden.left_out:
        noun = "report was" if hidden.left_out == 1 else "reports were"
        say(f"{hidden.left_out} safeguarding {noun} left out. The document does not say so.")
    elif raised and rules.audience != "own":
        say(f"Safeguarding reports in this: {join_words(list(raised))}")
    shown = find_shown(hidden, records)
    for report, word in shown[:_NAMED]:
        say(f'{report} says "{word}", which this reader would not see elsewhere. Look it over.')
    if len(shown) > _NAMED:
        say(f"And {len(shown) - _NAMED} more words like these.")


def _end(path: str | None, options: Options) -> None:
    if path in (None, "-"):
        return
    print(path)
    if options.view:
        import typer

        typer.launch(str(path))
