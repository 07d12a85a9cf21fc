"""Taking entries from another book into this one, with where each came from."""

import errno
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from nearmiss import files
from nearmiss.errors import CannotRead, NearmissError
from nearmiss.logbook.backup import HEAD_LENGTH, is_locked, unlock_data
from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import (
    RawLine,
    Unreadable,
    parse_line,
    parse_object,
    read_forward,
)
from nearmiss.logbook.verify import check_book
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
    Incident,
    IncidentFields,
    NearMiss,
    NearMissFields,
    Report,
)
from nearmiss.model.ids import TAG_LENGTH, EntryId
from nearmiss.text import show_safely


@contextmanager
def open_source(path: Path, get_password: Callable[[], str]) -> Iterator[tuple[BinaryIO, int]]:
    """Open a file that the carer named to read it, and say how many bytes it has.

    What is under a password is opened in memory alone. Raises CannotRead, and so does reading it;
    NearmissError; and what ``get_password`` raises.
    """
    try:
        if not files.require_ordinary(path):
            raise FileNotFoundError(errno.ENOENT, "")
        file = files.open_careful(path, lambda error: _explain(path, error))
    except OSError as error:
        raise _explain(path, error) from error
    with files.close_quietly(file):
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        if is_locked(file.read(HEAD_LENGTH)):
            password = get_password()
            file.seek(0)
            data = unlock_data(path, file.read(size), password)
            yield io.BytesIO(data), len(data)
        else:
            file.seek(0)
            yield file, size


def _explain(path: Path, error: OSError) -> CannotRead:
    return CannotRead(path=path, reason=files.explain(error))


_CONTENTS: dict[type[Any], type[Content]] = {
    NearMiss: NearMissFields,
    Incident: IncidentFields,
    Correction: CorrectionFields,
    FollowUp: FollowUpFields,
    Comparison: ComparisonFields,
}
_BEGINNING = 20  # lines in which a file must show that it is a logbook
Origin = Mapping[str, Any]


@dataclass
class Index:
    """What a book holds already: each entry's id by every seal that it is known by.

    ``reports`` are those that stand here, by their own number and the one they came with; there
    may be several with one number, from copies that went on apart.
    """

    by_seal: dict[str, str] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    reports: dict[str, list[Report | Erased]] = field(default_factory=dict)


def read_index(book: Logbook) -> Index:
    """Return what the book holds; nothing where there is none. Raises what reading raises."""
    known = Index()
    undone = {
        entry.about
        for entry in book.read_forward(reports=False)
        if isinstance(entry, Correction) and is_undo(entry)
    }
    for entry in book.read_forward():
        if isinstance(entry, Unreadable) or entry.id in undone:
            continue
        known.by_seal[entry.seal] = entry.id
        if entry.entry == "opened":
            continue
        if entry.origin_seal:
            known.by_seal[entry.origin_seal] = entry.id
        if isinstance(entry, Erased):
            known.erased.add(entry.id)
        if isinstance(entry, Report | Erased):
            for each in filter(None, (entry.id, entry.origin_id)):
                known.reports.setdefault(each, []).append(entry)
    return known


def is_undo(entry: Correction) -> bool:
    """Whether a correction takes back what came in with an import: it counts as not here."""
    return bool(entry.withdraws and entry.batch and not entry.origin_seal)


def is_book(file: BinaryIO, size: int) -> bool:
    """Whether a file is a logbook, by its first lines."""
    for number, line in enumerate(read_forward(file, size)):
        entry = parse_object(line.content) or {}
        if "seal" in entry and "digest" in entry:
            return True
        if number >= _BEGINNING:
            return False
    return False


@dataclass(frozen=True)
class Source:
    """Another book: the entries that stand there as they were written, and what is wrong with it.

    ``intact`` says that nothing is wrong; ``size`` is that of its file; ``left_out`` are the
    numbers of the lines of which no entry is taken.
    """

    entries: Sequence[Entry]
    faults: Sequence[str]
    size: int
    left_out: Sequence[int] = ()

    @property
    def end(self) -> str:
        """The id of its last entry; empty where there is none."""
        return self.entries[-1].id if self.entries else ""

    @property
    def tag(self) -> str:
        """The tag of the book; empty where nothing in it can be read."""
        return self.end[:TAG_LENGTH]

    @property
    def intact(self) -> bool:
        """Whether the whole of it stands as it was written."""
        return not self.faults


def read_source(path: Path, file: BinaryIO, size: int) -> Source:
    """Return what another book holds. Raises NearmissError and OSError."""
    faults = [str(finding) for finding in check_book(file, size).findings]
    entries, left_out = [], []
    for number, line in enumerate(read_forward(file, size), start=1):
        entry = _take_intact(path, number, line)
        if entry is not None:
            entries.append(entry)
        else:
            left_out.append(number)
    return Source(entries, faults, size, left_out)


def _take_intact(path: Path, number: int, line: RawLine) -> Entry | None:
    parsed = parse_line(line.content)
    if parsed is None or not parsed.is_as_written:
        return None
    for key in parsed.facts:
        if key not in type(parsed.entry).model_fields:
            raise NearmissError(
                f'Line {number} of {path} holds "{show_safely(key[:40])}", which this nearmiss '
                "does not know: it was written by a newer nearmiss. Nothing was imported. "
                "Update nearmiss, then try again."
            )
    return parsed.entry


def place_entries(
    entries: Sequence[Entry], known: Index, first: EntryId
) -> Iterator[tuple[Content, Origin]]:
    """Yield what of another book's ``entries`` is new, pointed at its new numbers from ``first``.

    What is about a page that is not here, or whose text was erased here, is left out.
    """
    placed: dict[str, str] = {}
    here = dict(known.by_seal)
    number = first.number
    for entry in entries:
        if type(entry) not in _CONTENTS:
            continue
        origin = make_origin(entry)
        own = here.get(origin["origin_seal"]) or _find_own(entry, known)
        content = None if own else _point(entry, placed, known)
        if own:
            placed[entry.id] = own
        elif content is not None:
            placed[entry.id] = here[origin["origin_seal"]] = str(EntryId(first.tag, number))
            number += 1
            yield content, origin


def list_erased_here(entries: Sequence[Entry], known: Index) -> list[str]:
    """Return the ids of those ``entries`` that stay out because they were erased here.

    That an erased line came from one of them only the line itself says: no digest covers it.
    """
    return [
        entry.id
        for entry in entries
        if type(entry) in _CONTENTS
        and known.by_seal.get(make_origin(entry)["origin_seal"]) in known.erased
    ]


def _find_own(entry: Any, known: Index) -> str | None:
    """Return the id of this book that an entry came from, by way of another book or a table.

    A table has no seals, so the number must do: what was erased may not come back by it. What
    stands here has to be the same report, as copies that went on apart use the same numbers.
    """
    if entry.origin_id in known.erased:
        return str(entry.origin_id)
    for same in known.reports.get(entry.origin_id or "", ()):
        if isinstance(same, Report) and isinstance(entry, Report) and same.id == entry.origin_id:
            fields = _CONTENTS[type(same)].model_fields
            if type(same) is type(entry) and all(
                getattr(same, name) == getattr(entry, name) for name in fields
            ):
                return same.id
    return None


def make_origin(entry: Any) -> dict[str, Any]:
    """Return the fields that say where an entry came from; the first such place is kept."""
    claims = getattr(entry, "claims", None)
    return {
        "origin_id": entry.origin_id or entry.id,
        "origin_recorded_at": entry.origin_recorded_at or entry.recorded_at,
        "origin_recorded_by": entry.origin_recorded_by or entry.recorded_by,
        "origin_seal": entry.origin_seal or entry.seal,
        **({"claims": claims} if claims else {}),
    }


def _point(entry: Any, placed: Mapping[str, str], known: Index) -> Content | None:
    kind = _CONTENTS[type(entry)]
    fields: dict[str, Any] = {name: getattr(entry, name) for name in kind.model_fields}
    for name in ("about", "other"):
        if name in fields:
            here = placed.get(fields[name])
            if here is None or here in known.erased:
                return None
            fields[name] = here
    if kind is FollowUpFields:
        fields |= _point_follow_up(fields, placed)
    return kind.model_validate({name: each for name, each in fields.items() if each is not None})


def _point_follow_up(fields: Mapping[str, Any], placed: Mapping[str, str]) -> dict[str, Any]:
    """Return what a follow-up points at by its id here; nothing where that did not come in."""
    told_of = [placed.get(each, _SAYS_ITSELF.get(each)) for each in fields["told_of"] or ()]
    pointed = {
        "undoes": placed.get(fields["undoes"] or ""),
        "ends": placed.get(fields["ends"] or ""),
        "told_of": list(filter(None, told_of)) or None,
    }
    if fields["ends"] and not pointed["ends"]:
        pointed["next_done"] = None  # else another step would be done
    return pointed


_SAYS_ITSELF = {each: each for each in ("event", "concern")}
