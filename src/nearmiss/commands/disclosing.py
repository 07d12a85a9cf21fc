"""Who is given what: the question of consent, and the entry that keeps the handing-over."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from nearmiss.commands.session import Session
from nearmiss.commands.sharing_options import BadOption, Options
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.speech import is_conversation, say
from nearmiss.text import fold_text, show_safely, tidy

if TYPE_CHECKING:
    from nearmiss.interview.asking import Asker

Basis = Literal["client_agreed", "best_interests", "direct_care", "safeguarding"]
_ANSWERS: dict[str, Basis] = {"yes": "client_agreed", "cannot decide": "best_interests"}


class SaidNo(NearmissError):
    """The client does not want it to be shown."""

    sentence = (
        "Nothing was written. Give it to {client}. If someone is in danger, ring adult social care."
    )


class NotAnAnswer(UsageProblem):
    """What was typed answers no such question."""

    sentence = '"{typed}" is not an answer. Type one of: {choices}'


@dataclass
class Handing:
    """One handing-over: to whom and why, with a digest of the bytes as they go by."""

    audience: str = ""
    form: str = ""
    recipient: str = ""
    basis: str = ""
    decided_by: str = ""
    _sum: Any = field(default_factory=hashlib.sha256)

    def watch(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the chunks, adding each to the digest."""
        for chunk in chunks:
            self._sum.update(chunk)
            yield chunk

    def record(self, session: Session, reports: Sequence[str]) -> None:
        """Write the entry, where a recipient was named. Raises what ``Logbook.append`` raises."""
        from nearmiss.model.entries import DisclosureFields

        if not self.recipient or not reports:
            return
        content = DisclosureFields.model_validate(
            {
                **{name: getattr(self, name) for name in ("audience", "recipient", "basis")},
                "decided_by": self.decided_by,
                "form": self.form,
                "reports": list(reports),
                "sha256": self._sum.hexdigest(),
                "seal_shown": session.find_seal(),
            }
        )
        written = session.book.append([content], session.settings.author, session.now())
        for notice in written.notices:
            say(notice)
        say(f"Kept in the logbook as {written.ids[0]}: handed to {show_safely(self.recipient)}.")


def prepare_handing(
    session: Session, audience: str, form: str, options: Options, client: str
) -> Handing:
    """Return the handing-over that the options name, asking at a terminal for what is missing.

    Raises SaidNo, or BadOption where nobody can be asked.
    """
    recipient, basis = tidy(options.to), options.basis or ""
    needs_consent = audience == "family" and bool(client)
    if not basis and is_conversation():
        asker = _choose_asker(session)
        if needs_consent:
            basis = _ask_consent(asker, client, recipient or "the family")
        elif recipient:
            basis = _ask_basis(asker)
    if not recipient:
        return Handing()
    if not basis and audience != "professional":
        reason = "say why they may see it with --basis, for instance client_agreed."
        raise BadOption(option="--to", reason=reason)
    decided_by = tidy(options.decided_by) or _find_decider(session, basis)
    return Handing(audience, form, recipient, basis or "direct_care", decided_by)


def _choose_asker(session: Session) -> "Asker":
    from nearmiss.interview.asking import choose_asker

    return choose_asker(plain=session.plain)


def _ask_consent(asker: "Asker", client: str, recipient: str) -> Basis:
    from nearmiss.interview.asking import Asked, ask_until_taken

    question = f"Has {client} agreed to {recipient} seeing this?"
    answer = ask_until_taken(
        asker,
        Asked(question, "yes, no, or cannot decide"),
        _read_choice(("yes", "no", "cannot decide")),
    )
    if answer == "no":
        raise SaidNo(client=show_safely(client))
    return _ANSWERS[answer]


def _ask_basis(asker: "Asker") -> str:
    from nearmiss.interview.asking import Asked, ask_until_taken

    bases = ("client agreed", "best interests", "direct care", "safeguarding")
    asked = Asked("Why may they see it?", ", ".join(bases), offers=bases)
    return ask_until_taken(asker, asked, _read_choice(bases)).replace(" ", "_")


def _read_choice(choices: Sequence[str]) -> Callable[[str], str]:
    def read(typed: str) -> str:
        folded = fold_text(typed).replace("_", " ")
        if folded.isdecimal() and 0 < int(folded) <= len(choices):
            return choices[int(folded) - 1]
        for choice in choices:
            if folded and choice.startswith(folded):
                return choice
        raise NotAnAnswer(typed=show_safely(typed[:40]), choices=", ".join(choices))

    return read


def _find_decider(session: Session, basis: str) -> str:
    if basis != "best_interests" or not is_conversation():
        return session.settings.author
    from nearmiss.interview.asking import Asked

    typed = _choose_asker(session).ask(
        Asked("Who decided that, and why?", suggestion=session.settings.author)
    )
    return tidy(typed) or session.settings.author
