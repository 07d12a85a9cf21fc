"""Whether somebody may see a document, and the note in the logbook that they did."""

from dataclasses import dataclass

from nearmiss.commands.session import Session
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.speech import is_conversation
from nearmiss.text import tidy


class NotAgreed(NearmissError):
    """The client does not want the reader to see it."""

    def __init__(self, *, client: str) -> None:
        super().__init__(
            f"Nothing was made. Give it to {client}. "
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
    basis: str = ""
    decided_by: str = ""


def settle_consent(session: Session, audience: str, client: str) -> Consent:
    """Return who may see the document about ``client``; at a terminal, ask for a family's.

    Raises NotAgreed, NoBasis, KeyboardInterrupt or EOFError.
    """
    given = session.handing
    recipient = tidy(given.get("to") or "")
    basis, decider = given.get("basis"), tidy(given.get("decided_by") or "")
    if audience == "family" and basis is None:
        if is_conversation():
            return _ask_consent(session, client, recipient)
        if recipient:
            raise NoBasis(recipient=recipient)
    decided_by = decider or (client if basis == "client_agreed" else session.settings.author)
    return Consent(recipient, basis or "direct_care", decided_by)


def _ask_consent(session: Session, client: str, recipient: str) -> Consent:
    from nearmiss.interview.answers import NotTaken
    from nearmiss.interview.asking import Asked, ask_until_taken

    def read(typed: str) -> str:
        answer = typed.strip().casefold()
        for choice in ("yes", "no", "cannot decide"):
            if answer and choice.startswith(answer):
                return choice
        raise NotTaken(reason="Please answer yes, no or cannot decide.")

    if not recipient:
        asked = Asked("Who will see it?", "A name to note in the logbook. Enter: none.")
        recipient = tidy(session.asker.ask(asked))
    reader = recipient or "the family"
    question = Asked(f"Has {client} agreed to {reader} seeing this? yes / no / cannot decide")
    answer = ask_until_taken(session.asker, question, read)
    if answer == "no":
        raise NotAgreed(client=client)
    if answer == "yes":
        return Consent(recipient, "client_agreed", client)
    decider = tidy(session.asker.ask(Asked("Who decided that it is in their best interests?")))
    return Consent(recipient, "best_interests", decider or session.settings.author)
