"""``nearmiss where``: where everything is kept."""

from typing import TYPE_CHECKING

from nearmiss.dates.shown import echo_day
from nearmiss.session import Session
from nearmiss.text import show_safely

if TYPE_CHECKING:
    from nearmiss.model.entries import Disclosure

_NAMED = 9  # handings-over that are named, the latest


def where(session: Session) -> None:
    """Show where the logbook is, how large it is, and what lies beside it.

    Example: nearmiss where
    Example: nearmiss --logbook copy.jsonl where
    """
    for title, value in _describe(session):
        print(f"{title + ':':<14}{value}")
    session.warn_of_damage()


def _describe(session: Session) -> list[tuple[str, object]]:
    from nearmiss.logbook.backup import read_last_backup
    from nearmiss.logbook.mark import list_torn

    paths, book = session.paths, session.book
    rows: list[tuple[str, object]] = [("Logbook", paths.logbook)]
    if book.exists():
        if book.file != paths.logbook:
            rows.append(("Link to", book.file))
        size = book.file.stat()
        rows.append(("Size", f"{size.st_size:,} bytes"))
        rows.append(("Who can read", "only you" if not size.st_mode & 0o077 else "others too"))
        rows += _read(session)
    else:
        rows.append(("Entries", "none yet: nearmiss log writes the first"))
    last = read_last_backup(paths.backups, book)
    if last is not None:
        rows.append(("Backed up", f"{echo_day(last.day)}, up to {last.entry}, seal {last.seal}"))
    torn = list_torn(book.file)
    rows += [("Cut-off save", path) for path in torn]
    rows.append(("Settings", paths.settings))
    drafts = [*session.drafts.list_files(), *session.drafts.list_commands()]
    return rows + [("Draft", path) for path in drafts]


def _read(session: Session) -> list[tuple[str, object]]:
    from collections import deque

    from nearmiss.logbook.parsing import Unreadable
    from nearmiss.model.entries import Disclosure
    from nearmiss.model.ids import show_seal

    count, seal, handed = 0, "none", deque[Disclosure](maxlen=_NAMED)
    for entry in session.book.read_forward():
        if isinstance(entry, Unreadable):
            session.damaged.append(entry)
        else:
            count, seal = count + 1, show_seal(entry.seal)
            handed += [entry] if isinstance(entry, Disclosure) else []
    rows: list[tuple[str, object]] = [("Entries", f"{count:,}"), ("Seal", seal)]
    return rows + [("Handed over", _tell(each)) for each in handed]


def _tell(handed: "Disclosure") -> str:
    reports = "1 report" if len(handed.reports) == 1 else f"{len(handed.reports)} reports"
    to = f"{echo_day(handed.written_at)}, {handed.recipient}"
    return show_safely(f"{to}: {handed.form}, {reports}, decided by {handed.decided_by}")
