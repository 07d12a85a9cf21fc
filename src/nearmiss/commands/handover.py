"""Handing records over: to one client's readers, whole or not at all."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nearmiss import files
from nearmiss.errors import CannotWrite, FileExists, UsageProblem
from nearmiss.speech import join_words
from nearmiss.text import fold_text

if TYPE_CHECKING:
    from nearmiss.history import Record

_IN_MEMORY = 1 << 22  # bytes; a larger export goes through a nameless file that leaves with us


class SeveralClients(UsageProblem):
    """A document would show one client's reader another client's records."""

    sentence = (
        "These reports are about more than one client ({clients}). Nothing was written. "
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


def deliver(
    chunks: Iterable[bytes], output: str | None, *, force: bool, check: Callable[[], None]
) -> None:
    """Write ``chunks`` to the file ``output``, or to stdout where it is None or ``-``.

    Nothing appears before all of them are made and ``check`` lets them pass. Raises FileExists,
    CannotWrite, and what ``chunks`` and ``check`` raise.
    """
    if output is None or output == "-":
        _deliver_to_stdout(chunks, check)
    else:
        _deliver_to_file(chunks, Path(output), force, check)


def _deliver_to_stdout(chunks: Iterable[bytes], check: Callable[[], None]) -> None:
    try:
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
            for chunk in chunks:  # writelines() would take all of them into memory first
                spool.write(chunk)
            check()
            spool.seek(0)
            sys.stdout.flush()
            shutil.copyfileobj(spool, sys.stdout.buffer)
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CannotWrite(path="it out", reason=files.explain(error)) from error


def _deliver_to_file(
    chunks: Iterable[bytes], path: Path, force: bool, check: Callable[[], None]
) -> None:
    try:
        if files.require_ordinary(path) and not force:
            raise FileExists(path=path)
        with files.replace_whole(path) as file:
            file.writelines(chunks)
            file.flush()
            check()
    except OSError as error:
        raise CannotWrite(path=path, reason=files.explain(error)) from error
