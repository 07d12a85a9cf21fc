"""``nearmiss import --undo``: all that came in at once is withdrawn, each by a correction."""

from collections.abc import Sequence
from typing import Any

from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.interview.saving import announce
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

_NAMED = 10
_REASON = "Import undone"


def undo_import(session: Session, reference: str, file: str | None = None) -> None:
    """Withdraw every entry of the batch that ``reference`` names, or that it belongs to.

    Entries written since about its reports are named and asked about. Raises NearmissError.
    """
    if file is not None:
        raise UsageProblem("--undo takes no file. Nothing was changed.")
    entries = list(take_readable(session.book.read_forward()))
    batch = _find_batch(entries, reference)
    taken = [each for each in entries if _is_of(each, batch)]
    withdrawn = find_withdrawals(entries)
    ids, kinds = {each.id for each in taken}, (Report, FollowUp, Comparison)
    put = [each for each in taken if isinstance(each, Correction) and each.about not in ids]
    standing = [
        each
        for each in taken
        if (isinstance(each, kinds) or (each in put and each.withdraws))
        and each.id not in withdrawn
    ]
    if not standing:
        raise NearmissError(f"What can be taken back of {batch} is withdrawn already.")
    _mind_later(session, entries, ids)
    contents = [
        (CorrectionFields(about=each.id, withdraws=True, reason=_REASON), {"batch": batch})
        for each in standing
    ]
    session.make_ready()
    written = session.book.append_made(
        lambda first: contents, session.settings.author, session.now()
    )
    announce(written, quiet=True)
    span = span_ids([each.id for each in standing])
    say(f"Taken back: {count_of(len(standing), 'entry', 'entries')}, {span}.")
    stays = [each.id for each in put if not each.withdraws]
    if stays:
        say(f"What it put right elsewhere stays: {join_words(name_some(stays, _NAMED))}.")


def _find_batch(entries: Sequence[Entry], reference: str) -> str:
    """Return the id of the batch that is meant, by the number of any of its entries."""
    typed = read_typed(reference)
    for entry in entries:
        own = EntryId.parse(entry.id)
        if typed and own.number == typed[1] and typed[0] in (None, own.tag):
            if isinstance(entry, Erased) or not entry.batch:
                break
            return entry.batch
    raise NearmissError(
        f"{reference} did not come in with an import. An import says its number when it ends."
    )


def _is_of(entry: Entry, batch: str) -> bool:
    return not isinstance(entry, Erased) and entry.batch == batch and entry.origin_seal is not None


def _mind_later(session: Session, entries: Sequence[Entry], taken: set[str]) -> None:
    """Name what was written since about the batch, and ask. Raises NearmissError."""
    about: set[str] = set(taken)
    since: list[Any] = []
    for entry in entries:
        named = {getattr(entry, name, None) for name in ("about", "other")}
        if entry.id not in taken and named & about:
            about.add(entry.id)
            since.append(entry)
        elif set(getattr(entry, "reports", ())) & taken:
            since.append(entry)
    if not since:
        return
    named_ids = join_words(name_some([each.id for each in since], _NAMED))
    say(f"Written since about what came in: {named_ids}. It stays, and tells of what is withdrawn.")
    if not is_conversation():
        raise NearmissError("Nothing was done. At a terminal you are asked.")
    if not ask_yes_no(session.asker, "Take the import back all the same?"):
        raise NearmissError("Nothing was done.")
