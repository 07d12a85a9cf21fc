"""The note in the logbook that somebody was handed something."""

from datetime import datetime
from functools import partial

from nearmiss.errors import NearmissError
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import CorrectionFields, DisclosureFields
from nearmiss.sharing.consent import Consent
from nearmiss.sharing.deliver import Undo
from nearmiss.sharing.request import Request
from nearmiss.sharing.select import Chosen
from nearmiss.speech import say


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
