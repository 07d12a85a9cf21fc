"""A handing-over from the request to the note that it was made."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import IO, get_args

from nearmiss.documents.phrases import count, tell_span_of
from nearmiss.exports.formats import FORMATS
from nearmiss.interview.asking import Asker, GoBack
from nearmiss.logbook.book import Logbook
from nearmiss.options.handing import DocumentKind, Form
from nearmiss.records.account import Account
from nearmiss.screen.working import show_working
from nearmiss.sharing.caution import tell_cautions
from nearmiss.sharing.consent import Consent, settle_consent
from nearmiss.sharing.deliver import (
    Confirm,
    compute_digest,
    confirm_nothing,
    deliver,
    find_free,
    refuse_own,
)
from nearmiss.sharing.make import make_blank, make_brief, make_document
from nearmiss.sharing.note import make_disclosure, note_disclosure
from nearmiss.sharing.pages import NotWanted, offer_to_open, tell_pages
from nearmiss.sharing.questions import Wanted, ask_request
from nearmiss.sharing.request import Request, name_ending
from nearmiss.sharing.select import (
    Chosen,
    refuse_changed,
    select_records,
    store,
    write_as_read,
)
from nearmiss.sharing.workplace import Workplace
from nearmiss.speech import print_data, say


def ask_and_hand_over(workplace: Workplace, asker: Asker, kind: Wanted | None = None) -> None:
    """Ask what to make, unless ``kind`` says it, make it, and offer to open it.

    Raises GoBack where the carer goes back before the first question, and what asking and
    handing over raise.
    """
    hand_over(ask_request(workplace, asker, kind), workplace)


def ask_at_terminal(workplace: Workplace, kind: Wanted | None = None) -> None:
    """Do as ``ask_and_hand_over`` for a command that was given no option.

    Raises NotWanted where the carer goes back before the first question.
    """
    assert workplace.asker is not None  # noqa: S101 - a command asks at a terminal alone
    try:
        ask_and_hand_over(workplace, workplace.asker, kind)
    except GoBack:
        raise NotWanted from None


def hand_over(request: Request, workplace: Workplace) -> None:
    """Make what is asked for, hand it over, and note who was given it.

    Raises what choosing, asking, making and writing raise; nothing is left where that happens.
    """
    if request.kind == "blank":
        made = make_blank(request, workplace)
        tell_pages(made.pages, "", request, workplace)
        _deliver(store([made.data]), "", request, workplace, confirm_nothing)
    elif request.kind == "records":
        _hand_over_records(request, workplace)
    else:
        _hand_over_document(request.kind, request, workplace)


def _hand_over_document(kind: DocumentKind, request: Request, workplace: Workplace) -> None:
    book, settings = workplace.book, workplace.settings
    records, chosen = select_records(book, request)
    refuse_changed(book, request)
    consent = _settle(request, chosen, workplace)
    tell_cautions(request, chosen, records, consent.recipient)
    with show_working(len(records), plain=workplace.plain):
        brief = make_brief(request, chosen, consent, settings)
        made = make_document(kind, records, brief, request, workplace)
    tell_pages(made.pages, _tell_content(records), request, workplace)
    _deliver_noted(store([made.data]), request, chosen, consent, workplace)


def _tell_content(records: Sequence[Account]) -> str:
    return f"{count(len(records), 'report')}, {tell_span_of(records)}"


def _hand_over_records(request: Request, workplace: Workplace) -> None:
    data, records, chosen = _write_records(request, workplace.book)
    consent = _settle(request, chosen, workplace)
    tell_cautions(request, chosen, records, consent.recipient)
    _deliver_noted(data, request, chosen, consent, workplace)
    say(f"Seal of the logbook: {chosen.seal}")


def _write_records(
    request: Request, book: Logbook
) -> tuple[IO[bytes], tuple[Account, ...], Chosen]:
    rules = request.rules
    if rules.people and rules.safeguarding and request.form != "xlsx":
        data, chosen = write_as_read(book, request)  # nothing is hidden that could show elsewhere
        return data, (), chosen
    records, chosen = select_records(book, request)
    return store(FORMATS[request.form](records, chosen.seal)), records, chosen


def _settle(request: Request, chosen: Chosen, workplace: Workplace) -> Consent:
    author = workplace.settings.author
    asker = None if request.was_asked else workplace.asker  # else it would be asked twice
    try:
        return settle_consent(request.reader, chosen.client, author, asker)
    except GoBack:  # there is nothing before this question
        raise NotWanted from None


def _deliver_noted(
    data: IO[bytes], request: Request, chosen: Chosen, consent: Consent, workplace: Workplace
) -> None:
    confirm: Confirm = confirm_nothing
    if consent.recipient:
        disclosure = make_disclosure(
            request,
            chosen,
            consent,
            digest=compute_digest(data),
        )
        author, now = workplace.settings.author, workplace.now()
        confirm = partial(note_disclosure, workplace.book, disclosure, author, now)
    _deliver(data, chosen.about, request, workplace, confirm)


def _deliver(
    data: IO[bytes], about: str, request: Request, workplace: Workplace, confirm: Confirm
) -> None:
    target = request.target
    path = target.choose_path(request.kind, request.form, about)
    if path is not None and request.was_asked:
        path = find_free(path)
    if path is not None:
        refuse_own(path, workplace.paths)
        _tell_ending(path, request)
    deliver(data, path, force=target.force, confirm=confirm)
    if path is not None:
        # It stands there, whether or not that can be shown.
        if print_data([str(path)]) is not None or request.was_asked:
            say(f"It is in the folder {path.absolute().parent}")
        offer_to_open(path, request, workplace)


def _tell_ending(path: Path, request: Request) -> None:
    """Say where a file's name promises another form than it holds."""
    promised = path.suffix.lower().removeprefix(".")
    if promised in get_args(Form) and promised != name_ending(request.form):
        say(f"{path} is called .{promised}, and holds {request.form}. To change that: --format")
