"""Whether somebody may see a document, and why: what was said or is asked, and never made up."""

from contextlib import suppress
from dataclasses import replace
from typing import get_args

from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.model.entries import MOST_LINE
from nearmiss.model.questions import Audience, Basis
from nearmiss.sharing.request import HandOver, check_text
from nearmiss.speech import join_choices
from nearmiss.terminal.asking import Asked, Asker, Choice, GoBack, Option, ask_until_taken


class NotAgreed(NearmissError):
    """The client does not want the reader to see it."""

    def __init__(self, *, client: str, reader: str) -> None:
        super().__init__(
            f"Then it is not made for {reader}. {client} may have a copy. "
            "If someone is in danger, ring adult social care."
        )


def settle_consent(asked: HandOver, client: str, author: str, asker: Asker | None) -> HandOver:
    """Return what is handed over with who is noted, why they may see it, and who decided.

    ``client`` is whom it is about, ``author`` the carer; ``asker`` is None where nobody can be
    asked. What was not said is asked, if it was not asked before; where it can't be, a name alone
    is refused with UsageProblem.
    Raises NotAgreed, GoBack, KeyboardInterrupt or EOFError besides.
    """
    bases = _list_bases(asked.audience)
    wanted = asked.basis is None and (asked.audience != "own" or asked.to)
    if wanted and asker is not None and not asked.was_asked:
        return _ask(asked, client, author, asker)
    if asked.basis is None and not asked.to:
        return asked
    if asked.basis not in bases:
        own = " For yourself alone leave out --to." if asked.audience == "own" else ""
        raise UsageProblem(
            f"Why may {asked.to} see it, and who decided that? "
            f"Add {join_choices([f'--basis {each}' for each in bases])}, and --decided-by."
            f"{own} Nothing was made."
        )
    return _find_decider(asked, client, author, asker)


def _list_bases(audience: Audience) -> tuple[Basis, ...]:
    """Return why a reader may see a document: a family gives no care, and investigates nothing."""
    return ("client_agreed", "best_interests") if audience == "family" else get_args(Basis)


def _find_decider(asked: HandOver, client: str, author: str, asker: Asker | None) -> HandOver:
    """Return it with who decided: a client who agreed, else who is named, else the one asked."""
    if asked.decided_by:
        return asked
    if asked.basis == "client_agreed":
        return replace(asked, decided_by=client)
    if asker is None:
        raise UsageProblem("Who decided that? Add --decided-by. Nothing was made.")
    decider = _ask_decider(asker, author) if asked.basis == "best_interests" else author
    return replace(asked, decided_by=decider)


def _ask(asked: HandOver, client: str, author: str, asker: Asker) -> HandOver:
    while True:
        named = asked if asked.to else replace(asked, to=_ask_reader(asker))
        try:
            if asked.audience == "family":
                return _ask_consent(asker, named, client, author)
            return _ask_basis(asker, named, client, author) if named.to else named
        except GoBack:
            if asked.to:
                raise


def _ask_reader(asker: Asker) -> str:
    """Return who will see it; empty where nobody is to be noted."""
    asked = Asked(
        "Who will see it?", "A name to note in the logbook. Enter: none.", can_go_back=True
    )
    return ask_until_taken(asker, asked, _read_name)


def _ask_consent(asker: Asker, asked: HandOver, client: str, author: str) -> HandOver:
    """Return it with the client's own answer, or who decided where the client can't."""
    reader = asked.to or "the family"
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
        basis: Basis = "client_agreed" if answer == "yes" else "best_interests"
        with suppress(GoBack):
            return _find_decider(replace(asked, basis=basis), client, author, asker)


def _ask_decider(asker: Asker, author: str) -> str:
    asked = Asked(
        "Who decided that it is in their best interests?",
        f"Enter alone: {author}.",
        can_go_back=True,
    )
    return ask_until_taken(asker, asked, _read_name) or author


def _read_name(typed: str) -> str:
    return check_text("A name", typed, MOST_LINE)


def _ask_basis(asker: Asker, asked: HandOver, client: str, author: str) -> HandOver:
    """Return it with why a professional may see it."""
    options: tuple[Option[Basis], ...] = (
        Option("It is needed for their care", "direct_care"),
        Option(f"{client} has agreed", "client_agreed"),
        Option(f"{client} cannot decide, and it is in their best interests", "best_interests"),
        Option("There is a safeguarding concern", "safeguarding"),
    )
    choice = Choice(f"Why may {asked.to} see it?", options, can_go_back=True)
    while True:
        basis = asker.choose(choice)
        with suppress(GoBack):
            return _find_decider(replace(asked, basis=basis), client, author, asker)
