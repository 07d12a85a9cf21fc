"""Whether somebody may see a document, and why."""

from dataclasses import dataclass

from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.interview.answers import NotTaken
from nearmiss.interview.asking import Asked, Asker, ask_until_taken
from nearmiss.model.wording import Basis
from nearmiss.sharing.request import Reader
from nearmiss.text import tidy


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
    """Who gets a document (nobody is noted where that is empty), why, and who decided."""

    recipient: str = ""
    basis: Basis = "direct_care"
    decided_by: str = ""


def settle_consent(reader: Reader, client: str, author: str, asker: Asker | None) -> Consent:
    """Return who may see a document about ``client``; a family's is asked about where it can be.

    ``author`` is the carer. Raises NotAgreed, NoBasis, KeyboardInterrupt or EOFError.
    """
    if reader.audience == "family" and reader.basis is None:
        if asker is not None:
            return _ask_consent(reader.name, client, author, asker)
        if reader.name:
            raise NoBasis(recipient=reader.name)
    decided_by = reader.decided_by or (client if reader.basis == "client_agreed" else author)
    return Consent(reader.name, reader.basis or "direct_care", decided_by)


def _ask_consent(recipient: str, client: str, author: str, asker: Asker) -> Consent:
    if not recipient:
        asked = Asked("Who will see it?", "A name to note in the logbook. Enter: none.")
        recipient = tidy(asker.ask(asked))
    reader = recipient or "the family"
    question = Asked(f"Has {client} agreed to {reader} seeing this? yes / no / cannot decide")
    answer = ask_until_taken(asker, question, _read_agreed)
    if answer == "no":
        raise NotAgreed(client=client, reader=reader)
    if answer == "yes":
        return Consent(recipient, "client_agreed", client)
    decider = tidy(asker.ask(Asked("Who decided that it is in their best interests?")))
    return Consent(recipient, "best_interests", decider or author)


def _read_agreed(typed: str) -> str:
    answer = typed.strip().casefold()
    for choice in ("yes", "no", "cannot decide"):
        if answer and choice.startswith(answer):
            return choice
    raise NotTaken(reason="Please answer yes, no or cannot decide.")
