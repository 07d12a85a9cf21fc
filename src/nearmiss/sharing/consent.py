"""Whether somebody may see a document, and why."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import get_args

from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.model.entries import MOST_LINE
from nearmiss.model.questions import Audience, Basis
from nearmiss.sharing.request import Reader, check_text
from nearmiss.speech import join_choices
from nearmiss.terminal.asking import Asked, Asker, Choice, GoBack, Option, ask_until_taken


class NotAgreed(NearmissError):
    """The client does not want the reader to see it."""

    def __init__(self, *, client: str, reader: str) -> None:
        super().__init__(
            f"Then it is not made for {reader}. {client} may have a copy. "
            "If someone is in danger, ring adult social care."
        )


class NoBasis(UsageProblem):
    """A handing-over would be noted without saying why it is right, or for a reason not theirs."""

    def __init__(self, *, recipient: str, audience: Audience) -> None:
        own = " For yourself alone leave out --to." if audience == "own" else ""
        bases = [f"--basis {each}" for each in _list_bases(audience)]
        super().__init__(
            f"Why may {recipient} see it? Add {join_choices(bases)}.{own} Nothing was made."
        )


class NoDecider(UsageProblem):
    """What is in a client's best interests was decided by somebody who was not named."""

    def __init__(self) -> None:
        super().__init__(
            "Who decided that it is in their best interests? Add --decided-by. Nothing was made."
        )


def _list_bases(audience: Audience) -> tuple[Basis, ...]:
    """Return why a reader may see a document: a family gives no care, and investigates nothing."""
    return ("client_agreed", "best_interests") if audience == "family" else get_args(Basis)


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

    ``author`` is the carer. Neither a reason nor who decided in the client's place is made up.
    Raises NotAgreed, NoBasis, NoDecider, GoBack, KeyboardInterrupt or EOFError.
    """
    if reader.basis is not None:
        if reader.basis not in _list_bases(reader.audience):
            raise NoBasis(recipient=reader.name, audience=reader.audience)
        return Consent(reader.name, reader.basis, _find_decider(reader, client, author, asker))
    if asker is not None and (reader.audience != "own" or reader.name):
        return _ask(reader, client, author, asker)
    if reader.audience != "professional" and reader.name:
        raise NoBasis(recipient=reader.name, audience=reader.audience)
    return Consent(reader.name, None, reader.decided_by or author)


def _find_decider(reader: Reader, client: str, author: str, asker: Asker | None) -> str:
    if reader.decided_by:
        return reader.decided_by
    if reader.basis != "best_interests":
        return client if reader.basis == "client_agreed" else author
    if asker is None:
        raise NoDecider
    return _ask_decider(asker, author)


def _ask(reader: Reader, client: str, author: str, asker: Asker) -> Consent:
    while True:
        name = reader.name or _ask_reader(asker)
        try:
            if reader.audience == "family":
                return _ask_consent(asker, replace(reader, name=name), client, author)
            return (
                _ask_basis(asker, replace(reader, name=name), client, author) if name else Consent()
            )
        except GoBack:
            if reader.name:
                raise


def _ask_reader(asker: Asker) -> str:
    """Return who will see it; empty where nobody is to be noted."""
    asked = Asked(
        "Who will see it?", "A name to note in the logbook. Enter: none.", can_go_back=True
    )
    return ask_until_taken(asker, asked, _read_name)


def _ask_consent(asker: Asker, given: Reader, client: str, author: str) -> Consent:
    """Return the client's own answer, or who decided where the client can't."""
    recipient = given.name
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
            return Consent(recipient, "client_agreed", given.decided_by or client)
        with suppress(GoBack):
            decider = given.decided_by or _ask_decider(asker, author)
            return Consent(recipient, "best_interests", decider)


def _ask_decider(asker: Asker, author: str) -> str:
    asked = Asked(
        "Who decided that it is in their best interests?",
        f"Enter alone: {author}.",
        can_go_back=True,
    )
    return ask_until_taken(asker, asked, _read_name) or author


def _read_name(typed: str) -> str:
    return check_text("A name", typed, MOST_LINE)


def _ask_basis(asker: Asker, reader: Reader, client: str, author: str) -> Consent:
    """Return why a professional may see it. Raises GoBack, KeyboardInterrupt or EOFError."""
    options: tuple[Option[Basis], ...] = (
        Option("It is needed for their care", "direct_care"),
        Option(f"{client} has agreed", "client_agreed"),
        Option(f"{client} cannot decide, and it is in their best interests", "best_interests"),
        Option("There is a safeguarding concern", "safeguarding"),
    )
    question = f"Why may {reader.name} see it?"
    while True:
        basis = asker.choose(Choice(question, options, can_go_back=True))
        chosen = replace(reader, basis=basis)
        with suppress(GoBack):
            return Consent(reader.name, basis, _find_decider(chosen, client, author, asker))
