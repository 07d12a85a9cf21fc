"""What a document is made from beside the records."""

from collections.abc import Sequence
from dataclasses import dataclass

from nearmiss.documents.audience import Rules
from nearmiss.documents.blocks import Blank, Blanks, Words
from nearmiss.documents.phrases import count, tell_ids
from nearmiss.records.history import Record
from nearmiss.speech import join_words
from nearmiss.text import fold_text

_MOST_FOOT = 90  # characters of ids that fit at the foot of a page


@dataclass(frozen=True)
class Pattern:
    """Reports alike: why, the days, and whether the carer has said so."""

    reason: str
    days: tuple[str, ...]
    confirmed: bool


@dataclass(frozen=True)
class Brief:
    """Who hands over, to whom, about whom, and how; empty texts are blanks on the paper."""

    rules: Rules
    seal: str
    carer: str = ""
    phone: str = ""
    recipient: str = ""
    name: str = ""
    born: str = ""
    nhs_number: str = ""
    request: str = ""
    paper: str = "A4"
    large: bool = False
    unreadable: int = 0
    patterns: tuple[Pattern, ...] = ()


def make_identity(brief: Brief, records: Sequence[Record]) -> tuple[Blanks, ...]:
    """Return the line that says about whom a paper is, blanks for the hand where not given.

    A paper about several clients, for the carer's own use, has none.
    """
    if len(list_clients(records)) > 1:
        return ()
    name = Blank("Name", brief.name, 4)
    born, number = Blank("Born", brief.born, 2), Blank("NHS number", brief.nhs_number, 3)
    return (Blanks((name, born, number)),)


def list_clients(records: Sequence[Record]) -> list[str]:
    """Return the clients of the records, each once."""
    return list({fold_text(each.report.client): each.report.client for each in records}.values())


def make_foot(brief: Brief, records: Sequence[Record]) -> str:
    """Return what stands at the foot of every page: the reports on the paper, and the seal."""
    ids = [record.report.id for record in records]
    shown = tell_ids(ids)
    if len(shown) > _MOST_FOOT:
        shown = f"{count(len(ids), 'report')}, {ids[0]} … {ids[-1]}"
    return f"{shown} · Seal {brief.seal}"


def tell_unreadable(brief: Brief) -> tuple[Words, ...]:
    """Return the sentence that a document owes its reader where the book is damaged."""
    if not brief.unreadable:
        return ()
    entries = "An entry" if brief.unreadable == 1 else f"{brief.unreadable} entries"
    return (Words(f"{entries} of the logbook could not be read.", "strong"),)


def call_client(brief: Brief, records: Sequence[Record]) -> str:
    """Return what the client is called on the paper: the name where one was given."""
    return brief.name or join_words(list_clients(records))
