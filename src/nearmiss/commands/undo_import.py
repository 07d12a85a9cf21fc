"""``nearmiss import --undo``: all that came in at once is withdrawn, each by a correction."""

from collections.abc import Sequence
from dataclasses import dataclass

from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.interview.saving import announce
from nearmiss.logbook.merge import is_undo
from nearmiss.model.entries import (
    Comparison,
    Correction,
    CorrectionFields,
    Entry,
    Erased,
    FollowUp,
    Report,
)
from nearmiss.model.ids import EntryId, read_typed, span_ids
from nearmiss.records.read import take_readable
from nearmiss.records.record import find_withdrawals
from nearmiss.session import Session
from nearmiss.speech import count_of, is_conversation, join_words, name_some, say
from nearmiss.terminal.asking import ask_yes_no
from nearmiss.text import fold_text

_NAMED = 10
_REASON = "Import undone"


@dataclass(frozen=True)
class Batch:
    """What came in at once, by the id of its first entry.

    ``standing`` can be taken back; ``stays`` are corrections of what did not come in with it;
    ``since`` was written since about what did: all of them ids.
    """

    id: str
    standing: list[str]
    stays: list[str]
    since: list[str]


def undo_import(session: Session, reference: str, file: str | None = None) -> None:
    """Withdraw every entry of the batch that ``reference`` names, or that it belongs to.

    Entries written since about its reports are named and asked about; what came while that was
    asked is named, and nothing is done. Raises NearmissError.
    """
    if file is not None:
        raise UsageProblem("--undo takes no file. Nothing was changed.")
    found = _find_batch(session, reference)
    _mind_later(session, found.since)
    session.make_ready()
    batch = found

    def make(first: EntryId) -> list[tuple[CorrectionFields, dict[str, str]]]:
        nonlocal batch
        batch = _find_batch(session, found.id)
        if more := [each for each in batch.since if each not in found.since]:
            raise NearmissError(
                f"Written meanwhile about what came in: {join_words(name_some(more, _NAMED))}. "
                "Nothing was done."
            )
        return [
            (CorrectionFields(about=each, withdraws=True, reason=_REASON), {"batch": batch.id})
            for each in batch.standing
        ]

    written = session.book.append_made(make, session.settings.author, session.now())
    announce(written, quiet=True)
    taken = batch.standing
    say(f"Taken back: {count_of(len(taken), 'entry', 'entries')}, {span_ids(taken)}.")
    if batch.stays:
        say(f"What it put right elsewhere stays: {join_words(name_some(batch.stays, _NAMED))}.")


def _find_batch(session: Session, reference: str) -> Batch:
    """Return the batch that is meant, by the number of any of its entries.

    By that of the first, which the import said, also where that was erased. Raises NearmissError.
    """
    entries = list(take_readable(session.book.read_forward()))
    if fold_text(reference) == "last":
        reference = next(
            (each.id for each in reversed(entries) if isinstance(each, Report)), reference
        )
    tag, number = read_typed(reference) or (None, -1)
    numbered = ((EntryId.parse(each.id), each) for each in entries)
    meant = (each for own, each in numbered if own.number == number and tag in (None, own.tag))
    named = next(meant, None)
    batch = named.id if isinstance(named, Erased) else named.batch if named else None
    undone = {each.id: each.about for each in entries if is_undo(each)}
    again = (each for each in entries if isinstance(each, Correction) and each.batch == batch)
    back = {undone[each.about] for each in again if each.about in undone}
    came = (each for each in entries if not isinstance(each, Erased) and each.origin_seal)
    taken = [each for each in came if batch and (each.batch == batch or each.id in back)]
    if batch is None or not taken:
        raise NearmissError(
            f"{reference} did not come in with an import. An import says its number when it ends."
        )
    withdrawn, ids = find_withdrawals(entries), {each.id for each in taken}
    put = [each for each in taken if isinstance(each, Correction) and each.about not in ids]
    kinds = (Report, FollowUp, Comparison)
    able = (each for each in taken if isinstance(each, kinds) or (each in put and each.withdraws))
    standing = [each.id for each in able if each.id not in withdrawn]
    if not standing:
        raise NearmissError(f"What can be taken back of {batch} is withdrawn already.")
    stays = [each.id for each in put if not each.withdraws]
    return Batch(batch, standing, stays, list_since(entries, ids))


def list_since(entries: Sequence[Entry], taken: set[str]) -> list[str]:
    """Return the ids of what was written about what was ``taken`` in, and about that in turn."""
    about, since = set(taken), list[str]()
    for entry in entries:
        if is_undo(entry):
            continue
        named = {getattr(entry, name, None) for name in ("about", "other")}
        if entry.id not in taken and named & about:
            about.add(entry.id)
            since.append(entry.id)
        elif set(getattr(entry, "reports", ())) & taken:
            since.append(entry.id)
    return since


def _mind_later(session: Session, since: Sequence[str]) -> None:
    """Name what was written since about the batch, and ask. Raises NearmissError."""
    if not since:
        return
    named = join_words(name_some(since, _NAMED))
    say(f"Written since about what came in: {named}. It stays, and tells of what is withdrawn.")
    if not is_conversation():
        raise NearmissError("Nothing was done. At a terminal you are asked.")
    if not ask_yes_no(session.asker, "Take the import back all the same?"):
        raise NearmissError("Nothing was done.")
