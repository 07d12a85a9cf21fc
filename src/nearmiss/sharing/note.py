"""The note in the logbook that somebody was handed something."""

from datetime import datetime

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import DisclosureFields
from nearmiss.sharing.consent import Consent
from nearmiss.sharing.request import Request
from nearmiss.sharing.select import Chosen
from nearmiss.speech import say


def make_disclosure(
    request: Request, chosen: Chosen, consent: Consent, *, digest: str, seal: str
) -> DisclosureFields:
    """Return the note of what is handed over, with the SHA-256 of its bytes."""
    return DisclosureFields(
        audience=request.reader.audience,
        recipient=consent.recipient,
        basis=consent.basis,
        decided_by=consent.decided_by,
        form=f"{request.kind}, {request.form}",
        reports=list(chosen.ids),
        sha256=digest,
        seal_shown=seal,
    )


def note_disclosure(book: Logbook, disclosure: DisclosureFields, author: str, now: datetime) -> str:
    """Write the note; return its id. Raises what writing raises."""
    written = book.append([disclosure], author, now)
    for notice in written.notices:
        say(notice)
    say(f"Noted in the logbook: handed to {disclosure.recipient}.")
    return written.ids[0]
