"""``nearmiss verify``: whether the book still stands as it was written."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss.errors import UsageProblem
from nearmiss.session import Session
from nearmiss.speech import say
from nearmiss.text import show_safely

if TYPE_CHECKING:
    from nearmiss.logbook.book import Logbook

_FOUND = 3  # the exit code for something found
_NAMED = 20  # findings that are spelled out

_PROVES = (
    "This shows that the entries are unchanged since the seal was handed over. It does not show "
    "that the clock was right, that the account is true, or that nothing was left out."
)


class NotASeal(UsageProblem):
    """What was typed can't be a seal."""

    def __init__(self, *, typed: str) -> None:
        super().__init__(
            f'"{typed}" is not a seal. A seal has 16 letters and digits, like 8K2M-Q7XR-ZZ3A-01TB. '
            "It stands at the foot of a printed page."
        )


def verify(
    session: Session,
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="Another logbook, such as a backup.")
    ] = None,
    seal: Annotated[str | None, typer.Option("--seal", help="A seal read off a page.")] = None,
) -> None:
    """Check that no entry was changed, removed or moved.

    Example: nearmiss verify --seal 8K2M-Q7XR-ZZ3A-01TB
    Example: nearmiss verify
    """
    from nearmiss.logbook.book import Logbook
    from nearmiss.logbook.verify import check_book
    from nearmiss.model.ids import read_seal

    wanted = read_seal(seal) if seal is not None else None
    if seal is not None and wanted is None:
        raise NotASeal(typed=show_safely(seal[:40]))
    book = Logbook(Path(file).absolute()) if file else session.book
    with book.open_settled(require_logbook=False) as (opened, size):
        check = check_book(opened, size, wanted)
    faults = [str(finding) for finding in check.findings]
    if wanted and not check.sealed:
        faults.append(
            f"No entry has the seal {wanted}. Entries were removed since it was handed over, "
            "or it is from another book."
        )
    _tell(book.path, check.entries, check.seal, faults)
    if check.sealed:
        _tell_seal(wanted, *check.sealed, [finding.line for finding in check.findings])
    parted = _compare(session.book, book) if file else False
    if faults or parted:
        raise typer.Exit(_FOUND)


def _compare(own: "Logbook", other: "Logbook") -> bool:
    """Say how far another book is the same as this one; return whether they part."""
    from nearmiss.logbook.verify import compare_books

    if not own.exists() or own.file == other.file:
        return False
    found = compare_books(own, other)
    if found.parted:
        print(f"It and your logbook part at entry {found.parted}: both go on, and differ.")
    elif found.same:
        more = f"{found.own_more} more in your logbook, {found.other_more} more in it"
        print(f"The first {found.same} entries are the same as in your logbook; {more}.")
    else:
        print("It is another book than your logbook.")
    return found.parted is not None


def _tell(path: Path, entries: int, seal: str | None, faults: list[str]) -> None:
    if not entries and not faults:
        say(f"There is nothing to check: {path} holds no entry yet.")
        return
    for fault in faults[:_NAMED]:
        print(show_safely(fault))
    if len(faults) > _NAMED:
        print(f"And {len(faults) - _NAMED} more.")
    if faults:
        say("Nothing was changed by this check. Keep the file as it is, and look at a backup.")
        return
    print(f"{entries} entries, all as they were written. Seal: {seal}")


def _tell_seal(wanted: str | None, entry_id: str, line: int, faulty: list[int]) -> None:
    if any(each <= line for each in faulty):
        print(f"The seal {wanted} belongs to entry {entry_id}, but something before it changed.")
        return
    print(f"The seal {wanted} belongs to entry {entry_id}. All up to it is unchanged.")
    say(_PROVES)
