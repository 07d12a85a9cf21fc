"""``nearmiss where``: where everything is kept."""

from typing import TYPE_CHECKING

import typer

from nearmiss.commands.session import Session, get_session
from nearmiss.text import show_safely

if TYPE_CHECKING:
    from nearmiss.model.entries import Disclosure


def where(context: typer.Context) -> None:
    """Show where the logbook is, how large it is, and what lies beside it.

    Example: nearmiss where
    """
    session = get_session(context)
    for title, value in _describe(session):
        print(f"{title + ':':<14}{value}")
    session.warn_of_damage()


def _describe(session: Session) -> list[tuple[str, object]]:
    paths, book = session.paths, session.book
    rows: list[tuple[str, object]] = [("Logbook", paths.logbook)]
    handed: list[str] = []
    if book.exists():
        entries, seal, handed = _count(session)
        if book.file != paths.logbook:
            rows.append(("Link to", book.file))
        size = book.file.stat()
        rows += [("Size", f"{size.st_size:,} bytes"), ("Entries", entries), ("Seal", seal)]
        rows.append(("Who can read", "only you" if not size.st_mode & 0o077 else "others too"))
    else:
        rows.append(("Entries", "none yet: nearmiss log writes the first"))
    torn = sorted(book.file.parent.glob(f"{book.file.name}.torn-*"))
    rows += [("Cut-off save", path) for path in torn]
    rows.append(("Settings", paths.settings))
    rows += [("Draft", path) for path in session.drafts.list_files()]
    return rows + [("Handed over", each) for each in handed]


def _count(session: Session) -> tuple[str, str, list[str]]:
    from nearmiss.logbook.parsing import Unreadable
    from nearmiss.model.entries import Disclosure
    from nearmiss.model.ids import show_seal

    count, seal, handed = 0, "none", list[str]()
    for entry in session.book.read_forward():
        if isinstance(entry, Unreadable):
            session.damaged.append(entry)
        else:
            count, seal = count + 1, show_seal(entry.seal)
            if isinstance(entry, Disclosure):
                handed.append(_tell_handed(entry))
    return f"{count:,}", seal, handed


def _tell_handed(entry: "Disclosure") -> str:
    from nearmiss.dates.shown import echo
    from nearmiss.documents.phrases import count

    reports = count(len(entry.reports), "report")
    to = show_safely(entry.recipient)
    return f"{echo(entry.written_at)}, {reports} as {entry.form} to {to} ({entry.id})"
