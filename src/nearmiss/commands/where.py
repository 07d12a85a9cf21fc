"""``nearmiss where``: where everything is kept."""

import shutil
import sys
from pathlib import Path
from textwrap import fill

from nearmiss.dates.shown import echo_day
from nearmiss.session import Session
from nearmiss.text import show_safely


def where(session: Session) -> None:
    """Show where the logbook is, how large it is, and what lies beside it.

    Example: nearmiss where
    Example: nearmiss --logbook copy.jsonl where
    """
    for title, value in _describe(session):
        print(_lay_out(title, value))
    session.warn_of_damage()


def _lay_out(title: str, value: object) -> str:
    """Return a row; what is no path is folded at a terminal, between words."""
    head, shown = f"{title + ':':<14}", show_safely(str(value))
    if isinstance(value, Path) or not sys.stdout.isatty():
        return head + shown
    columns = shutil.get_terminal_size().columns
    return fill(head + shown, columns, subsequent_indent=" " * len(head), break_long_words=False)


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
        if sys.platform != "win32":  # which keeps that elsewhere
            rows.append(("Who can read", "only you" if not size.st_mode & 0o077 else "others too"))
        rows += _read(session)
        rows += [("Stood here", f"another logbook, up to {each}") for each in book.list_lost()]
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
    from nearmiss.records.keeping import read_keeping, tell_handed

    keeping = read_keeping(session.book.read_forward(), session.damaged.append)
    rows: list[tuple[str, object]] = [("Entries", f"{keeping.entries:,}"), ("Seal", keeping.seal)]
    return rows + [("Handed over", tell_handed(each)) for each in keeping.handed]
