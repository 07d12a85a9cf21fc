"""Handing records over: to one client's readers, whole or not at all."""

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from nearmiss import files
from nearmiss.errors import CannotWrite, FileExists, UsageProblem
from nearmiss.speech import join_words
from nearmiss.text import fold_text

if TYPE_CHECKING:
    from nearmiss.records.history import Record

_IN_MEMORY = 1 << 22  # bytes; a larger export goes through a nameless file that leaves with us


class SeveralClients(UsageProblem):
    """A document would show one client's reader another client's records."""

    def __init__(self, *, clients: str) -> None:
        super().__init__(
            f"These reports are about more than one client ({clients}). Nothing was written. "
            "Choose one with --client; for your own use only, add: --for own"
        )


def keep_to_one_client(records: "Iterable[Record]") -> "Iterator[Record]":
    """Yield the records. Raises SeveralClients at the first that is about another client."""
    first = None
    for record in records:
        client = record.report.client
        first = first or client
        if client != first and fold_text(client) != fold_text(first):
            raise SeveralClients(clients=join_words([first, client]))
        yield record


Confirm = Callable[[str], None]  # told the SHA-256 of what is to be handed over, before it is


def deliver(chunks: Iterable[bytes], output: Path | None, *, force: bool, confirm: Confirm) -> None:
    """Write ``chunks`` to the file ``output``, or to stdout where it is None.

    Nothing appears before all of them are made and ``confirm`` lets them pass. Raises FileExists,
    CannotWrite, and what ``chunks`` and ``confirm`` raise.
    """
    try:
        if output is None:
            _deliver_to_stdout(chunks, confirm)
        else:
            _deliver_to_file(chunks, output, force, confirm)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CannotWrite(path=output or "it out", reason=files.explain(error)) from error


def _deliver_to_stdout(chunks: Iterable[bytes], confirm: Confirm) -> None:
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        confirm(_write_hashed(chunks, spool))
        spool.seek(0)
        sys.stdout.flush()
        shutil.copyfileobj(spool, sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _deliver_to_file(chunks: Iterable[bytes], path: Path, force: bool, confirm: Confirm) -> None:
    if files.require_ordinary(path) and not force:
        raise FileExists(path=path)
    with files.replace_whole(path) as file:
        confirm(_write_hashed(chunks, file))


def _write_hashed(chunks: Iterable[bytes], file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:  # writelines() would take all of them into memory first
        digest.update(chunk)
        file.write(chunk)
    return digest.hexdigest()
