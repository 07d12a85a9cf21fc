"""What a document is made from beside the reports, and what every document has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nearmiss.dates.shown import echo_day
from nearmiss.documents.audience import Rules
from nearmiss.documents.blocks import Blank, Blanks, Block, Document, Front, Group, Words
from nearmiss.documents.patterns import Pattern
from nearmiss.documents.phrases import count, join_parts, tell_ids
from nearmiss.records.account import Account
from nearmiss.speech import join_words
from nearmiss.text import fold_text

_MOST_FOOT, _MOST_FOOT_LARGE = 60, 24  # characters of ids that fit at the foot of a page
_SIZE, _FAMILY_SIZE = 12, 14  # points (https://www.ukaaf.org, G003: clear print)
_KEPT = 40  # characters of a name or number that may stand in one piece


@dataclass(frozen=True)
class Brief:
    """Who hands over, to whom, about whom, and how; empty texts are blanks on the paper.

    ``made`` is the day of the paper; ``basis`` and ``decided_by`` are what was given for handing
    it over, empty where nobody was asked.
    """

    rules: Rules
    seal: str
    made: date
    carer: str = ""
    phone: str = ""
    recipient: str = ""
    basis: str = ""
    decided_by: str = ""
    name: str = ""
    born: str = ""
    nhs_number: str = ""
    request: str = ""
    paper: str = "A4"
    large: bool = False
    unreadable: int = 0
    patterns: tuple[Pattern, ...] = ()

    @property
    def sender(self) -> str:
        """The carer with role and telephone."""
        return ", ".join(filter(None, (self.carer, self.phone)))


def make_document(
    kind: str,
    texts: tuple[str, str],
    blocks: Sequence[Block],
    records: Sequence[Account],
    brief: Brief,
    *,
    front: tuple[Front, ...] = (),
    ending: tuple[Block, ...] = (),
) -> Document:
    """Return the document of a ``kind``; ``texts`` are its title and what stands below that.

    What every document has is added: day, author, ids and seal, the head of later pages, a
    name that tells it from others, and at its ``ending`` how to check the seal.
    """
    title, subtitle = texts
    clients = join_words(list_clients(records))
    made = echo_day(brief.made)
    return Document(
        template=kind,
        title=title,
        subtitle=join_parts(subtitle, _tell_unreadable(brief)),
        byline=join_parts(f"Carer: {brief.sender}" if brief.sender else "", f"Made {made}"),
        blocks=(*blocks, Group((*ending, _tell_check(brief)))),
        front=front,
        head=_make_head(brief, clients),
        foot=make_foot(brief, records),
        label=", ".join(filter(None, (title, clients, made, brief.carer))),
        author=brief.carer,
        kept=_list_kept(brief),
        paper=brief.paper,
        size=_FAMILY_SIZE if brief.rules.audience == "family" else _SIZE,
        large=brief.large,
    )


def _make_head(brief: Brief, clients: str) -> str:
    made = f"made {echo_day(brief.made)}"
    return join_parts(brief.name or clients, tell_numbers(brief), made)


def tell_numbers(brief: Brief) -> str:
    """Return the day of birth and the NHS number, as far as they were given."""
    born = f"born {brief.born}" if brief.born else ""
    return join_parts(born, f"NHS {brief.nhs_number}" if brief.nhs_number else "")


def _tell_check(brief: Brief) -> Words:
    return Words(f"To check the seal: nearmiss verify --seal {brief.seal}", "small")


def _list_kept(brief: Brief) -> tuple[str, ...]:
    """Return the names and numbers that are not broken over two lines, the longest first."""
    name = brief.carer.partition(",")[0]
    given = {brief.seal, brief.phone, name, brief.name, brief.born, brief.nhs_number}
    given |= {brief.recipient, echo_day(brief.made)}
    kept = (each for each in given if len(each) <= _KEPT and (" " in each or "-" in each))
    return tuple(sorted(kept, key=lambda each: (-len(each), each)))


def make_identity(brief: Brief, records: Sequence[Account]) -> tuple[Blanks, ...]:
    """Return the line that says about whom a paper is, blanks for the hand where not given.

    A paper about several clients, for the carer's own use, has none.
    """
    if len(list_clients(records)) > 1:
        return ()
    client = "" if brief.name else f" ({call_client(brief, records)})"
    name = Blank(f"Name{client}", brief.name, 4)
    born, number = Blank("Born", brief.born, 2), Blank("NHS number", brief.nhs_number, 3)
    return (Blanks((name, born, number)),)


def list_clients(records: Sequence[Account]) -> list[str]:
    """Return the clients of the reports, each once."""
    return list({fold_text(each.report.client): each.report.client for each in records}.values())


def make_foot(brief: Brief, records: Sequence[Account]) -> str:
    """Return what stands at the foot of every page: the reports on the paper, and the seal."""
    ids = [record.id for record in records]
    shown = tell_ids(ids)
    if len(shown) > (_MOST_FOOT_LARGE if brief.large else _MOST_FOOT):
        shown = f"{count(len(ids), 'report')}, {ids[0]} … {ids[-1]}"
    return f"{shown} · Seal {brief.seal}"


def _tell_unreadable(brief: Brief) -> str:
    """Return the sentence that a document owes its reader where the book is damaged."""
    if not brief.unreadable:
        return ""
    entries = "An entry" if brief.unreadable == 1 else f"{brief.unreadable} entries"
    return f"{entries} of the logbook could not be read."


def call_client(brief: Brief, records: Sequence[Account]) -> str:
    """Return what the client is called on the paper: the name where one was given."""
    return brief.name or join_words(list_clients(records))
