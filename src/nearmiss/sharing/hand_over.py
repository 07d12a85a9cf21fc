"""A handing-over from the request to the note that it was made."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, get_args

from nearmiss.documents.brief import count, tell_span_of
from nearmiss.documents.reader import find_shown
from nearmiss.errors import NearmissError
from nearmiss.exports.formats import FORMATS
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import CorrectionFields, DisclosureFields
from nearmiss.options import DocumentKind, Form
from nearmiss.records.account import Account
from nearmiss.records.words import describe_damage
from nearmiss.sharing.consent import Consent, settle_consent
from nearmiss.sharing.make import (
    Confirm,
    Undo,
    compute_digest,
    confirm_nothing,
    deliver,
    find_free,
    make_blank,
    make_brief,
    make_document,
    refuse_own,
)
from nearmiss.sharing.questions import Wanted, ask_request
from nearmiss.sharing.request import Request, Workplace, name_ending
from nearmiss.sharing.select import Chosen, refuse_changed, select_records, store, write_as_read
from nearmiss.speech import join_words, print_data, say
from nearmiss.terminal.asking import Asker, GoBack, ask_yes_no
from nearmiss.terminal.show import find_viewer, open_file, show_working
from nearmiss.text import fold_text

_LONG = 12  # pages, from which it is said what would make it shorter


class NotWanted(NearmissError):
    """The carer thought better of it."""

    exit_code = 0

    def __init__(self) -> None:
        super().__init__("Nothing was made.")


def tell_pages(pages: int | None, content: str, request: Request, workplace: Workplace) -> None:
    """Say at a terminal what is in a document and how long it is; where asked for, ask to go on.

    Raises NotWanted, GoBack, KeyboardInterrupt or EOFError.
    """
    if workplace.asker is None or pages is None:
        return
    if request.was_asked or pages >= _LONG:
        in_it = f"In it: {content}; " if content else "It has "
        say(f"{in_it}{count(pages, 'page')}.")
    if pages >= _LONG:
        say('To make it shorter, choose fewer reports, such as: --since "3 months"')
    if request.was_asked and not ask_yes_no(workplace.asker, "Make it?"):
        raise NotWanted


def offer_to_open(path: Path, request: Request, workplace: Workplace) -> None:
    """Open what was made where that was asked for; after questions, ask."""
    wanted = request.target.view
    if request.was_asked and workplace.asker is not None and find_viewer() is not None:
        wanted = ask_yes_no(workplace.asker, "Open it?")
    if wanted and not open_file(path):
        say(f"There is nothing here that opens it. It is in {path}")


_NAMED = 9  # places where a hidden name stands that are spelled out


def tell_cautions(
    request: Request, chosen: Chosen, records: Sequence[Account], recipient: str
) -> None:
    """Say what is left out, what is in it, and where a hidden name stands in shown words.

    The name of the ``recipient`` is hidden from nobody who reads it.
    """
    if chosen.unreadable:
        say(f"{describe_damage(chosen.unreadable)} To see what is wrong: nearmiss verify")
    left_out = chosen.hidden.left_out
    if left_out:
        noun = "worry" if left_out == 1 else "worries"
        say(f"Left out: {left_out} safeguarding {noun}. The paper does not say so.")
    if chosen.worries and request.reader.audience != "own":
        say(f"In it are safeguarding worries: {join_words(list(chosen.worries))}.")
    if request.reader.audience == "own":
        return
    own = set(fold_text(recipient).split())
    found = [
        (report_id, word)
        for report_id, word in find_shown(chosen.hidden, records, chosen.clients)
        if fold_text(word) not in own
    ]
    for report_id, word in found[:_NAMED]:
        say(f'Please look at {report_id}: its own words say "{word}". They are shown as written.')
    if len(found) > _NAMED:
        say(f"And {len(found) - _NAMED} more such places.")


def make_disclosure(
    request: Request, chosen: Chosen, consent: Consent, *, digest: str
) -> DisclosureFields:
    """Return the note of what is handed over, with the SHA-256 of its bytes."""
    return DisclosureFields(
        audience=request.reader.audience,
        recipient=consent.recipient,
        basis=consent.noted_basis or "direct_care",
        decided_by=consent.decided_by,
        form=f"{request.kind}, {request.form}",
        reports=list(chosen.ids),
        sha256=digest,
        seal_shown=chosen.seal,
    )


def note_disclosure(
    book: Logbook, disclosure: DisclosureFields, author: str, now: datetime
) -> Undo:
    """Write the note; return what withdraws it. Raises what writing raises."""
    written = book.append([disclosure], author, now)
    for notice in written.notices:
        say(notice)
    say(f"Noted in the logbook: handed to {disclosure.recipient}.")
    return partial(_withdraw, book, written.ids[0], disclosure.recipient, author, now)


def _withdraw(book: Logbook, noted: str, recipient: str, author: str, now: datetime) -> None:
    """Withdraw the note of what was not handed over after all, or say that it stands."""
    reason = "It could not be written, so nothing was handed over."
    correction = CorrectionFields(about=noted, withdraws=True, reason=reason)
    try:
        written = book.append([correction], author, now)
    except NearmissError as problem:
        say(
            f"The note {noted} says that it was handed to {recipient}. It was not, and the note "
            f"could not be withdrawn: {problem} "
            f'To withdraw it: nearmiss correct {noted} --withdraw --reason "{reason}"'
        )
    else:
        for notice in written.notices:
            say(notice)
        say(f"The note that it was handed to {recipient} was withdrawn.")


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
    fits = (request.form, name_ending(request.form))
    if promised in get_args(Form) and promised not in fits:
        say(f"{path} is called .{promised}, and holds {request.form}. To change that: --format")
