"""``nearmiss verify``: whether the book still stands as it was written."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss.dates.shown import echo_day
from nearmiss.errors import UsageProblem
from nearmiss.logbook.source import open_source
from nearmiss.options import PasswordFile
from nearmiss.session import Session
from nearmiss.sharing.password import read_opening_password
from nearmiss.speech import join_words, name_some, say
from nearmiss.text import show_safely

if TYPE_CHECKING:
    from typing import BinaryIO

    from nearmiss.logbook.book import Logbook
    from nearmiss.logbook.mark import Glimpse
    from nearmiss.logbook.verify import Check

_FOUND = 3  # the exit code for something found
_NAMED = 20  # findings that are spelled out

_UNBROKEN = (
    "The chain is unbroken. Whether it was written anew as a whole only a seal on an older paper "
    "can tell: nearmiss verify --seal"
)
_PROVES = (
    "This shows that the entries are unchanged since the seal was handed over. It does not show "
    "that the clock was right, that the account is true, or that nothing was left out."
)


def verify(
    session: Session,
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="Another logbook, such as a backup.")
    ] = None,
    seal: Annotated[str | None, typer.Option("--seal", help="A seal read off a page.")] = None,
    password_file: PasswordFile = None,
) -> None:
    """Check that no entry was changed, removed or moved.

    Example: nearmiss verify --seal 8K2M-Q7XR-ZZ3A-01TB
    Example: nearmiss verify
    """
    from nearmiss.model.ids import read_seal

    wanted = read_seal(seal) if seal is not None else None
    if seal is not None and wanted is None:
        raise UsageProblem(
            f'"{show_safely(seal[:40])}" is not a seal. A seal has 16 letters and digits, like '
            "8K2M-Q7XR-ZZ3A-01TB. It stands at the foot of a printed page."
        )
    own, path = session.own_book, Path(file) if file else session.own_book.path
    if file is None:
        check, faults, notes, told = _check_own(own, wanted)
    else:
        get_password = partial(read_opening_password, password_file)
        check, faults, notes, told = _check_other(own, path, get_password, wanted)
    notes += name_some(check.clock, _NAMED, "and {} more such times.")
    if check.latest and check.latest[0] > session.now():
        moment, entry = check.latest
        notes.append(f"the time of entry {entry}, {echo_day(moment)}, lies ahead.")
    faults = [*map(str, check.findings), *faults]
    if wanted and not check.sealed:
        faults.append(
            f"No entry has the seal {wanted}. It was misread, or it is from another book, or what "
            "it stood for was changed or taken away since it was handed over."
        )
    _tell(path, check, faults, notes)
    if check.sealed:
        _tell_seal(wanted, check)
    if told:
        print(show_safely(told))
    if faults:
        raise typer.Exit(_FOUND)


# The check of a book, faults beside it, notes, and what else is to tell.
_Looked = tuple["Check", list[str], list[str], str]


def _check_own(own: "Logbook", wanted: str | None) -> _Looked:
    from nearmiss.logbook.copies import list_copies, tell_moved
    from nearmiss.logbook.mark import tell_broken
    from nearmiss.logbook.verify import check_book

    glimpse = own.take_glimpse()
    with own.open_settled(require_logbook=False) as (opened, size):
        check = check_book(opened, size, wanted, glimpse.broken)
    notes = [*_tell_skipped(own, glimpse, check), *map(str, list_copies(own)), *tell_moved(own)]
    notes += [f"another logbook stood here, which went up to {each}." for each in glimpse.others]
    faults = [tell_broken(each) for seal, each in glimpse.broken.items() if seal not in check.met]
    if gap := glimpse.gap:
        told = str(gap) if gap.is_changed else f"Missing at the end: {gap.missing}. {gap}"
        faults = [*(each for each in faults if each != told), told]
    return check, faults, notes, ""


def _tell_skipped(own: "Logbook", glimpse: "Glimpse", check: "Check") -> Iterator[str]:
    """Yield what is known of each number that the book does not have though it goes on."""
    from nearmiss.records.read import tell_taken_in

    known = [each for each in glimpse.skipped if each.why in ("copy", "paper")]
    for first, last, gone in check.skipped:
        within = [each for each in known if first <= each.first <= each.last <= last]
        back = tell_taken_in(own, first, last)
        yield from (f"{each}{back}" for each in within)
        if not within or sum(each.last.number - each.first.number + 1 for each in within) < (
            last.number - first.number + 1
        ):
            yield f"{gone}{back}"


def _check_other(
    own: "Logbook", path: Path, get_password: Callable[[], str], wanted: str | None
) -> _Looked:
    from nearmiss.logbook.verify import check_book

    with open_source(path, get_password) as (opened, size):
        check = check_book(opened, size, wanted)
        told, parted = _compare(own, path, opened, size)
    skipped = [gone for _, _, gone in check.skipped]
    return check, [told] if parted else [], skipped, "" if parted else told


def _compare(own: "Logbook", path: Path, opened: "BinaryIO", size: int) -> tuple[str, bool]:
    """Say how far another book is the same as this one; and whether they part."""
    from nearmiss.logbook.verify import compare_books

    if not own.exists() or own.file == path.resolve():
        return "", False
    with own.open_settled() as (mine, own_size):
        ours, theirs, same = compare_books(mine, own_size, opened, size)
    if not same:
        return "It is another book than your logbook.", False
    if same < min(len(ours), len(theirs)):
        parted = theirs[same].id
        return f"It and your logbook part at entry {parted}: both go on, and differ.", True
    told = [f"The first {same} entries are the same as in your logbook."]
    if len(theirs) > same:
        told.append(f"It goes on to {theirs[-1].id}; your logbook ends at {ours[-1].id}.")
    elif len(ours) > same:
        told.append(f"This copy ends at {theirs[-1].id}; your logbook goes on to {ours[-1].id}.")
    pairs = [pair for pair in zip(ours, theirs, strict=False) if pair[0].seal == pair[1].seal]
    if gone := [one.id for one, two in pairs if one.is_erased and not two.is_erased]:
        told.append(f"Erased in your logbook, but not in it: {join_words(gone)}.")
    if gone := [two.id for one, two in pairs if two.is_erased and not one.is_erased]:
        told.append(f"Erased in it, but not in your logbook: {join_words(gone)}.")
    return " ".join(told), False


def _tell(path: Path, check: "Check", faults: list[str], notes: list[str]) -> None:
    if not check.entries and not faults:
        say(f"There is nothing to check: {path} holds no entry yet.")
        return
    for fault in name_some(faults, _NAMED, "And {} more."):
        print(show_safely(fault))
    for note in notes:
        print(f"To know: {show_safely(note)}")
    erased = show_safely(check.tell_erased())
    if faults:
        if erased:
            print(f"Erased, and said so: {erased}.")
        say("Nothing was changed by this check. Keep the file as it is, and look at a backup.")
    elif erased:
        print(f"{check.entries} entries. Unchanged except {erased}. Seal: {check.seal}")
    else:
        print(f"{check.entries} entries, all as they were written. Seal: {check.seal}")
        say(_UNBROKEN)


def _tell_seal(wanted: str | None, check: "Check") -> None:
    entry_id, line = check.sealed or ("", 0)
    erased = show_safely(check.tell_erased(line))
    if any(each.line <= line for each in check.findings):
        print(f"The seal {wanted} belongs to entry {entry_id}, but something before it changed.")
        return
    kept = f"Unchanged up to it except {erased}." if erased else "All up to it is unchanged."
    print(f"The seal {wanted} belongs to entry {entry_id}. {kept}")
    say(_PROVES if not erased else f"What was erased can't be checked. {_PROVES}")
