"""Taking entries from another book into this one, with where each came from."""

import hashlib
import json
from collections import ChainMap, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard

from nearmiss.logbook.book import Logbook, list_pointed
from nearmiss.logbook.lines import Unreadable
from nearmiss.model.entries import (
    KINDS,
    Comparison,
    ComparisonFields,
    Content,
    Correction,
    CorrectionFields,
    Entry,
    Erased,
    FollowUp,
    FollowUpFields,
    Incident,
    IncidentFields,
    NearMiss,
    NearMissFields,
    Opened,
)
from nearmiss.model.ids import EntryId
from nearmiss.model.order import count_each

_CONTENTS: dict[type[Any], type[Content]] = {
    NearMiss: NearMissFields,
    Incident: IncidentFields,
    Correction: CorrectionFields,
    FollowUp: FollowUpFields,
    Comparison: ComparisonFields,
}
_AGAIN = "Taken in again"
Origin = Mapping[str, Any]


@dataclass
class Index:
    """What a book holds already, by the numbers with which its entries were first written.

    ``stands`` has for each such number the ids here, by what they say: there may be several, from
    copies that went on apart. ``away`` has those of what came in with an import that was taken
    back: it counts as not here; ``undone`` has the withdrawal of each. ``erased`` are the ids of
    what was erased, by every seal of it; ``own`` are those of what was written here.
    """

    stands: dict[str, dict[bytes, str]] = field(default_factory=dict)
    away: dict[str, dict[bytes, str]] = field(default_factory=dict)
    undone: dict[str, str] = field(default_factory=dict)
    erased: dict[str, str] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)

    def find(self, entry: Any, content: Content | None) -> str | None:
        """Return the id here of what another book's ``entry`` is: ``content``, pointed at ours.

        The same number does not make it the same, nor does a seal that it claims to come with:
        all its own fields must be equal. Of what was erased only the seal is left; where a table
        was between, the number.
        """
        gone = self.erased.get(entry.origin_seal or entry.seal)
        if gone is None and entry.origin_id in self.erased.values():
            gone = entry.origin_id
        if gone is None and content is not None:
            number, said = entry.origin_id or entry.id, tell_apart(content)
            found = (held.get(number, {}).get(said) for held in (self.stands, self.away))
            return next(filter(None, found), None)
        return gone

    def list_single(self) -> dict[str, str]:
        """Return the ids here by the numbers of which there is one alone."""
        return {one: min(ids.values()) for one, ids in self.stands.items() if len(ids) == 1}

    def add(self, number: str, content: Content, here: str) -> None:
        """Note that what was first written with ``number`` stands ``here``."""
        held = self.away if here in self.undone else self.stands
        held.setdefault(number, {}).setdefault(tell_apart(content), here)


def read_index(book: Logbook) -> Index:
    """Return what the book holds; nothing where there is none. Raises what reading raises."""
    known = Index(undone=list_undone(book.read_forward(reports=False)))
    for entry in book.read_forward():
        if isinstance(entry, Unreadable):
            continue
        if isinstance(entry, Erased):
            known.erased |= {seal: entry.id for seal in (entry.seal, entry.origin_seal) if seal}
            continue
        if type(entry) in _CONTENTS:
            known.add(entry.origin_id or entry.id, take_content(entry), entry.id)
        if entry.id not in known.undone and not entry.origin_recorded_at:
            known.own.add(entry.id)
    return known


def take_content(entry: Any) -> Content:
    """Return what an entry says, without where it came from."""
    kind = _CONTENTS[type(entry)]
    return kind.model_construct(**{name: getattr(entry, name) for name in kind.model_fields})


def tell_apart(content: Content) -> bytes:
    """Return a digest of what an entry says, but for what it points at that may not have come."""
    said = content.model_dump(exclude_none=True, exclude={*_POINTED, "next_done"})
    if isinstance(content, CorrectionFields):
        said["changes"] = {
            name: value for name, value in content.changes.items() if name not in _POINTED
        }
    text = json.dumps([KINDS[type(content)], said], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def is_undo(entry: Entry | Unreadable) -> TypeGuard[Correction]:
    """Whether an entry takes back what came in with an import: it counts as not here."""
    if not isinstance(entry, Correction):
        return False
    return bool(entry.withdraws and entry.batch and not entry.origin_seal)


def list_undone(entries: Iterable[Entry | Unreadable]) -> dict[str, str]:
    """Return the ids of what came in with an import that was taken back, each with that of how."""
    withdrawing = [each for each in entries if isinstance(each, Correction) and each.withdraws]
    gone = set[str]()
    for each in reversed(withdrawing):
        gone |= set() if each.id in gone else {each.about}
    return {each.about: each.id for each in withdrawing if is_undo(each) and each.id not in gone}


def _leave_undone(entries: Sequence[Entry]) -> list[Entry]:
    """Return another book's entries without what was taken in there and taken back.

    That was a matter of that book. What it went on to write about stays all the same.
    """
    undone, left, needed = list_undone(entries), list[Entry](), set[str]()
    batches, taking_back = set[str | None](), set[str]()
    for each in entries:
        if is_undo(each):
            batches.add(each.batch)
        if is_undo(each) or (isinstance(each, Correction) and each.about in taking_back):
            taking_back.add(each.id)
    for entry in reversed(entries):
        about = getattr(entry, "about", "")
        is_taken = not isinstance(entry, Erased) and entry.origin_seal and entry.batch in batches
        if entry.id in taking_back or (entry.id in undone and entry.id not in needed):
            continue
        if is_taken and isinstance(entry, Correction) and about in undone and about not in needed:
            continue
        needed |= list_pointed(entry)
        left.append(entry)
    return left[::-1]


@dataclass
class Placing:
    """Another book's entries on their way into this one.

    Read to its end, it says how many are ``here`` already, and which stayed out: ``erased`` here,
    with their numbers here (that they came from there only the erased line says), ``about``
    what was, or ``astray`` as what they are about did not come; how many ``stay`` as they are that
    book's own matter; and in ``pairs`` which numbers mean an entry here and another one that came
    in: the number, and the id of that; ``reused`` are those of which the one here was erased;
    ``changing`` would withdraw or change what was written here, and stays out unless it
    ``may_change`` that; ``ending`` are follow-ups that end something that was begun here; what is
    ``back`` had come in before, was taken back, and stands again: the ids here.
    """

    entries: Sequence[Entry]
    known: Index
    may_change: bool = True
    here: int = 0
    stay: int = 0
    erased: list[tuple[str, str]] = field(default_factory=list)
    about: list[Entry] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    reused: list[tuple[str, str]] = field(default_factory=list)
    changing: list[tuple[CorrectionFields, Correction]] = field(default_factory=list)
    ending: list[tuple[FollowUpFields, FollowUp]] = field(default_factory=list)
    back: list[str] = field(default_factory=list)

    def place(self, first: EntryId) -> Iterator[tuple[Content, Origin]]:
        """Yield what is new, pointed at its new numbers from ``first``.

        What is about a page that is not here, or whose text was erased here, is left out.
        """
        placed: dict[str, str] = {}
        gone, number = set(self.known.erased.values()), first.number
        counted, numbers = _count_each(self.entries), self.known.list_single()
        coming = [each for each in _leave_undone(self.entries) if type(each) in _CONTENTS]
        self.stay = sum(not isinstance(each, Opened) for each in self.entries) - len(coming)
        for entry in coming:
            content = _point(entry, placed, gone)
            # What an entry that can't be read was is told by its number, to know it again alone.
            likely = content or _point(entry, ChainMap(placed, numbers), gone)
            own = self.known.find(entry, likely)
            undo = self.known.undone.get(own or "") if content is not None else None
            if own in gone:
                self.erased.append((entry.id, own))
            elif own:
                self.here += not undo
            elif content is None:
                self._leave_out(entry, placed, gone)
            if own:
                placed[entry.id] = own
            is_new = content is not None and not own
            if content is None or not (is_new or undo) or not self._may_come(entry, content):
                continue
            if isinstance(content, FollowUpFields) and isinstance(entry, FollowUp):
                self.ending += [(content, entry)] if self._ends_own(content) else []
            if own and undo:
                self.back.append(own)
                del self.known.undone[own]
                yield CorrectionFields(about=undo, withdraws=True, reason=_AGAIN), {}
            else:
                placed[entry.id] = str(EntryId(first.tag, number))
                origin = make_origin(entry, counted.get(entry.id, 0))
                self._note_new(origin["origin_id"], content, placed[entry.id], gone)
                yield content, origin
            number += 1

    def _note_new(self, origin: str, content: Content, here: str, gone: Collection[str]) -> None:
        if self.known.stands.get(origin):
            self.pairs.append((origin, here))
        elif origin in gone:
            self.reused.append((origin, here))
        self.known.add(origin, content, here)

    def _leave_out(self, entry: Any, placed: dict[str, str], gone: Collection[str]) -> None:
        about = {placed.get(getattr(entry, name, "")) for name in ("about", "other")} & {*gone}
        if about:
            self.about.append(entry)
            placed[entry.id] = min(filter(None, about))  # so is what is about it in turn
        else:
            self.astray.append(entry.id)

    def _may_come(self, entry: Entry, content: Content) -> bool:
        if not (isinstance(content, CorrectionFields) and isinstance(entry, Correction)):
            return True
        changes_own = content.about in self.known.own
        self.changing += [(content, entry)] if changes_own else []
        return self.may_change or not changes_own

    def _ends_own(self, content: FollowUpFields) -> bool:
        ended = {content.about if content.closes else None, content.ends, content.undoes}
        return bool(ended & self.known.own)


def _count_each(entries: Iterable[Entry]) -> dict[str, float]:
    """Return the second from which each entry about a report, or two, counts in its book."""
    roots, groups = dict[str, str](), defaultdict[str, list[Any]](list)
    for entry in entries:
        if isinstance(entry, Correction | FollowUp):
            roots[entry.id] = roots.get(entry.about, entry.about)
            groups[roots[entry.id]].append(entry)
        elif isinstance(entry, Comparison):
            groups[""].append(entry)
    counted = (each for group in groups.values() for each in count_each(group))
    return {entry.id: counts for counts, entry in counted}


def make_origin(entry: Any, counts: float = 0) -> dict[str, Any]:
    """Return the fields that say where an entry came from; the first such place is kept.

    ``counts`` is the second from which it counts there: it may be later than it says itself.
    What a book says of another is its word alone: ``through`` names it.
    """
    through = {"through_id": entry.id, "through_by": entry.recorded_by} if entry.origin_id else {}
    kept = {name: getattr(entry, name, None) for name in ("written_after", "claims")}
    after = entry.counts_after
    if counts > entry.counts_from.timestamp():
        after = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=counts)).isoformat()
    return {
        "origin_id": entry.origin_id or entry.id,
        "origin_recorded_at": entry.origin_recorded_at or entry.recorded_at,
        "origin_recorded_by": entry.origin_recorded_by or entry.recorded_by,
        "origin_seal": entry.origin_seal or entry.seal,
        **through,
        **{name: value for name, value in kept.items() if value},
        **({"counts_after": after} if after else {}),
    }


def _point(entry: Any, placed: Mapping[str, str], gone: Collection[str]) -> Content | None:
    """Return what an entry says, pointed at ids here; None where it is about nothing here."""
    kind = _CONTENTS[type(entry)]
    fields: dict[str, Any] = {name: getattr(entry, name) for name in kind.model_fields}
    for name in ("about", "other"):
        if name in fields:
            here = placed.get(fields[name])
            if here is None or here in gone:
                return None
            fields[name] = here
    if kind is FollowUpFields:
        fields |= _point_follow_up(fields, placed)
    elif kind is CorrectionFields:
        changes = _point_values(fields["changes"], placed)
        fields["changes"] = {name: value for name, value in changes.items() if value is not None}
        if not (fields["changes"] or fields["withdraws"]):
            return None
    return kind.model_validate({name: each for name, each in fields.items() if each is not None})


def _point_follow_up(fields: Mapping[str, Any], placed: Mapping[str, str]) -> dict[str, Any]:
    """Return what a follow-up points at by its id here; nothing where that did not come in."""
    pointed = _point_values({name: fields[name] for name in _POINTED}, placed)
    if fields["ends"] and not pointed["ends"]:
        pointed["next_done"] = None  # else another step would be done
    return pointed


def _point_values(values: Mapping[str, Any], placed: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of fields, those that point at entries by the ids here, or None."""
    pointed = dict(values)
    for name in _POINTED & values.keys():
        value = values[name]
        if isinstance(value, list):
            found = (placed.get(each, _SAYS_ITSELF.get(each)) for each in value)
            pointed[name] = list(filter(None, found)) or None
        elif value:
            pointed[name] = placed.get(value)
    return pointed


_POINTED = frozenset({"undoes", "ends", "told_of"})
_SAYS_ITSELF = {each: each for each in ("event", "concern")}
