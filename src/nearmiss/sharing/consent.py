"""Whether somebody may see a document, and why."""

from contextlib import suppress
from dataclasses import dataclass

from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.interview.asking import Asked, Asker, Choice, GoBack, Option, ask_until_taken
from nearmiss.model.entries import MOST_LINE
from nearmiss.model.wording import Basis
from nearmiss.sharing.identity import check_text
from nearmiss.sharing.request import Reader


class NotAgreed(NearmissError):
    """The client does not want the reader to see it."""

    def __init__(self, *, client: str, reader: str) -> None:
        super().__init__(
            f"Then it is not made for {reader}. {client} may have a copy. "
            "If someone is in danger, ring adult social care."
        )


class NoBasis(UsageProblem):
    """A handing-over to a family would be noted without saying why it is right."""

    def __init__(self, *, recipient: str) -> None:
        super().__init__(
            f"Why may {recipient} see it? Add --basis client_agreed or --basis best_interests. "
            "Nothing was made."
        )


@dataclass(frozen=True)
class Consent:
    """Who gets a document, why, and who decided.

    Nobody is noted where ``recipient`` is empty; ``basis`` is None where nobody said why.
    """

    recipient: str = ""
    basis: Basis | None = None
    decided_by: str = ""

    @property
    def noted_basis(self) -> Basis | None:
        """Why somebody is handed it, as the logbook notes it and the paper says it.

        Care itself where nothing else was said; None where nobody is noted.
        """
        return self.basis or ("direct_care" if self.recipient else None)


def settle_consent(reader: Reader, client: str, author: str, asker: Asker | None) -> Consent:
    """Return who may see a document about ``client``, asked where it was not said and can be.

    ``author`` is the carer. A family's reader is never noted without a reason. Raises NotAgreed,
    NoBasis, GoBack, KeyboardInterrupt or EOFError.
    """
    if reader.audience != "own" and reader.basis is None:
        if asker is not None:
            return _ask(reader, client, author, asker)
        if reader.audience == "family" and reader.name:
            raise NoBasis(recipient=reader.name)
    decided_by = reader.decided_by or (client if reader.basis == "client_agreed" else author)
    return Consent(reader.name, reader.basis, decided_by)


def _ask(reader: Reader, client: str, author: str, asker: Asker) -> Consent:
    while True:
        name = reader.name or _ask_reader(asker)
        try:
            if reader.audience == "family":
                return _ask_consent(asker, name, client, author)
            return _ask_basis(asker, name, client, author) if name else Consent()
        except GoBack:
            if reader.name:
                raise


def _ask_reader(asker: Asker) -> str:
    """Return who will see it; empty where nobody is to be noted."""
    asked = Asked(
        "Who will see it?", "A name to note in the logbook. Enter: none.", can_go_back=True
    )
    return ask_until_taken(asker, asked, _read_name)


def _ask_consent(asker: Asker, recipient: str, client: str, author: str) -> Consent:
    """Return the client's own answer, or who decided where the client can't."""
    reader = recipient or "the family"
    choice = Choice(
        f"Has {client} agreed to {reader} seeing this?",
        (
            Option("yes", "yes", "y"),
            Option("no", "no", "n"),
            Option("cannot decide", "cannot decide", "c"),
        ),
        in_a_row=True,
        can_go_back=True,
    )
    while True:
        answer = asker.choose(choice)
        if answer == "no":
            raise NotAgreed(client=client, reader=reader)
        if answer == "yes":
            return Consent(recipient, "client_agreed", client)
        with suppress(GoBack):
            return Consent(recipient, "best_interests", _ask_decider(asker, author))


def _ask_decider(asker: Asker, author: str) -> str:
    asked = Asked(
        "Who decided that it is in their best interests?",
        f"Enter alone: {author}.",
        can_go_back=True,
    )
    return ask_until_taken(asker, asked, _read_name) or author


def _read_name(typed: str) -> str:
    return check_text("A name", typed, MOST_LINE)


def _ask_basis(asker: Asker, recipient: str, client: str, author: str) -> Consent:
    """Return why a professional may see it. Raises GoBack, KeyboardInterrupt or EOFError."""
    options: tuple[Option[Basis], ...] = (
        Option("It is needed for their care", "direct_care"),
        Option(f"{client} has agreed", "client_agreed"),
        Option(f"{client} cannot decide, and it is in their best interests", "best_interests"),
        Option("There is a safeguarding concern", "safeguarding"),
    )
    question = f"Why may {recipient or 'the reader'} see it?"
    basis = asker.choose(Choice(question, options, can_go_back=True))
    return Consent(recipient, basis, client if basis == "client_agreed" else author)
