"""Taking entries from another book into this one, with where each came from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nearmiss.logbook.book import Logbook
from nearmiss.logbook.parsing import Unreadable
from nearmiss.model.entries import (
    Comparison,
    ComparisonFields,
    Content,
    Correction,
    CorrectionFields,
    Entry,
    Erased,
    FollowUp,
    FollowUpFields,
    Report,
    ReportFields,
)
from nearmiss.model.ids import EntryId

_CONTENTS: dict[type[Any], type[Content]] = {
    Report: ReportFields,
    Correction: CorrectionFields,
    FollowUp: FollowUpFields,
    Comparison: ComparisonFields,
}
Origin = Mapping[str, str]


@dataclass
class Known:
    """What a book holds already: each entry's id by every seal and every id it is known by."""

    by_seal: dict[str, str] = field(default_factory=dict)
    by_id: dict[str, str] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)


def read_known(book: Logbook) -> Known:
    """Return what the book holds. Raises what reading raises."""
    known = Known()
    for entry in book.read_forward():
        if isinstance(entry, Unreadable):
            continue
        known.by_seal[entry.seal] = known.by_id[entry.id] = entry.id
        origin_seal = getattr(entry, "origin_seal", None)
        origin_id = getattr(entry, "origin_id", None)
        if origin_seal:
            known.by_seal[origin_seal] = entry.id
        if origin_id:
            known.by_id[origin_id] = entry.id
        if isinstance(entry, Erased):
            known.erased.add(entry.id)
    return known


def place_entries(
    entries: Sequence[Entry], known: Known, first: EntryId
) -> Iterator[tuple[Content, Origin]]:
    """Yield what of another book's ``entries`` is new, pointed at its new numbers from ``first``.

    What is about a page that is not here, or whose text was erased here, is left out.
    """
    placed: dict[str, str] = {}
    number = first.number
    for entry in entries:
        if type(entry) not in _CONTENTS or isinstance(entry, Erased):
            continue
        origin = make_origin(entry)
        here = known.by_seal.get(origin["origin_seal"])
        content = None if here else _point(entry, placed, known)
        if here:
            placed[entry.id] = here
        elif content is not None:
            placed[entry.id] = str(EntryId(first.tag, number))
            number += 1
            yield content, origin


def make_origin(entry: Any) -> dict[str, str]:
    """Return the fields that say where an entry came from; the first such place is kept."""
    return {
        "origin_id": entry.origin_id or entry.id,
        "origin_recorded_at": entry.origin_recorded_at or entry.recorded_at,
        "origin_recorded_by": entry.origin_recorded_by or entry.recorded_by,
        "origin_seal": entry.origin_seal or entry.seal,
    }


def _point(entry: Any, placed: Mapping[str, str], known: Known) -> Content | None:
    kind = _CONTENTS[type(entry)]
    fields = {name: getattr(entry, name) for name in kind.model_fields}
    for name in ("about", "other"):
        if name in fields:
            here = placed.get(fields[name])
            if here is None or here in known.erased:
                return None
            fields[name] = here
    return kind.model_validate({name: each for name, each in fields.items() if each is not None})
