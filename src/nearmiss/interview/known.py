"""What the logbook already knows: clients, places and people, the newest first."""

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from nearmiss.text import fold_text

if TYPE_CHECKING:
    from nearmiss.records.history import Record

_LOOKED_AT = 1000  # reports, from the end of the book: the cost stays the same as it grows
_MOST_CLIENTS = 9


class Known(NamedTuple):
    """Names to offer, each once, the most recently used first."""

    clients: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


def collect_known(records: "Iterable[Record]") -> Known:
    """Return what the newest of ``records`` (newest first) name."""
    newest = list(islice(records, _LOOKED_AT))
    return Known(
        _unique(record.report.client for record in newest)[:_MOST_CLIENTS],
        _unique(record.report.location for record in newest),
        _unique(_drop_when(told) for record in newest for told in record.informed),
    )


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(fold_text(text), text)
    return tuple(found.values())


def _drop_when(told: str) -> str:
    # "daughter (Sue), phone, 8:40pm": the person is the same the next time, the hour is not.
    return told.partition(",")[0].strip()
