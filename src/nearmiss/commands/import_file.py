"""``nearmiss import``: another book, a backup, or a spreadsheet into this logbook."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nearmiss import files
from nearmiss.errors import CannotRead, NearmissError
from nearmiss.session import Session
from nearmiss.speech import say

if TYPE_CHECKING:
    from nearmiss.logbook.importing import Known, Origin
    from nearmiss.model.entries import Content, Entry, ReportFields
    from nearmiss.model.ids import EntryId

_NAMED = 9  # findings that are spelled out


class Damaged(NearmissError):
    """The book to be imported is not as it was written."""

    def __init__(self, *, path: Path | str, findings: str) -> None:
        super().__init__(
            f"{path} is not as it was written:\n{findings}\nNothing was imported. "
            "To take the rest all the same: add --skip-damaged"
        )


def import_file(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A logbook, backup or CSV.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come.")] = False,
    skip_damaged: Annotated[
        bool, typer.Option("--skip-damaged", help="Leave out what was changed or can't be read.")
    ] = False,
) -> None:
    """Take in another device's logbook, a backup, or a spreadsheet saved as CSV.

    Example: nearmiss import nearmiss-backup-2026-04-14.jsonl
    """
    path = Path(file)
    data = _read(path)
    if _is_book(data):
        _import_book(session, path, data, dry_run=dry_run, skip_damaged=skip_damaged)
    else:
        _import_rows(session, data, dry_run=dry_run)


def _read(path: Path) -> bytes:
    try:
        files.require_ordinary(path)
        return path.read_bytes()
    except OSError as error:
        raise CannotRead(path=path, reason=files.explain(error)) from error


def _is_book(data: bytes) -> bool:
    from nearmiss.logbook.parsing import parse_object

    lines = data.split(b"\n", 20)[:20]
    return any("seal" in entry and "digest" in entry for entry in map(parse_object, lines) if entry)


def _import_book(
    session: Session, path: Path, data: bytes, *, dry_run: bool, skip_damaged: bool
) -> None:
    from nearmiss.logbook.importing import Known, place_entries, read_known

    entries, faults = _check(path, data)
    if faults and not skip_damaged:
        more = [f"and {len(faults) - _NAMED} more"] if len(faults) > _NAMED else []
        raise Damaged(path=path, findings="\n".join([*faults[:_NAMED], *more]))
    known = read_known(session.book) if session.book.exists() else Known()
    if len(known.by_seal) <= 1 and not faults:
        _restore(session, path, data, len(entries), dry_run=dry_run)
        return

    def make(known: "Known", first: "EntryId") -> "list[tuple[Content, Origin]]":
        return list(place_entries(entries, known, first))

    _add(session, make, len(entries) - 1, dry_run=dry_run)


def _check(path: Path, data: bytes) -> "tuple[list[Entry], list[str]]":
    from nearmiss.logbook.book import Logbook
    from nearmiss.logbook.parsing import parse_entry
    from nearmiss.logbook.verify import check_book

    with Logbook(path.absolute()).open_settled() as (file, size):
        findings = check_book(file, size).findings
    bad = {finding.line for finding in findings}
    lines = data.split(b"\n")
    parsed = (parse_entry(line) for n, line in enumerate(lines, 1) if line and n not in bad)
    return [entry for entry in parsed if entry], [str(finding) for finding in findings]


def _restore(session: Session, path: Path, data: bytes, entries: int, *, dry_run: bool) -> None:
    if dry_run:
        say(f"Would copy {path} whole, {entries} entries: there is no report here yet.")
        return
    with session.book.hold():
        files.write_private(session.book.file, data)
    say(f"Copied whole, {entries} entries: numbers and seals that are on paper still hold.")


def _import_rows(session: Session, data: bytes, *, dry_run: bool) -> None:
    from nearmiss.intake.fields import read_json_reports
    from nearmiss.intake.rows import read_rows

    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        rows: Sequence[Any] = [(each, {}) for each in read_json_reports(data, session.now())]
    else:
        rows = read_rows(data, session.now())

    def make(known: "Known", first: "EntryId") -> "list[tuple[Content, Origin]]":
        placed: list[tuple[Content, Origin]] = []
        seen = set(known.by_seal)
        for report, beside in rows:
            origin = _make_origin(report, beside)
            if origin["origin_seal"] not in seen and beside.get("id") not in known.by_id:
                seen.add(origin["origin_seal"])
                placed.append((report, origin))
        return placed

    _add(session, make, len(rows), dry_run=dry_run)


def _make_origin(report: "ReportFields", beside: dict[str, str]) -> dict[str, str]:
    fields = json.dumps(
        report.model_dump(), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    origin = {"origin_seal": hashlib.sha256(fields.encode()).hexdigest()}
    names = {"id": "origin_id", "recorded_at": "origin_recorded_at"}
    names["recorded_by"] = "origin_recorded_by"
    return origin | {names[name]: text for name, text in beside.items() if text and name in names}


def _add(session: Session, make: Any, offered: int, *, dry_run: bool) -> None:
    from nearmiss.logbook.importing import Known, read_known
    from nearmiss.model.ids import EntryId, new_tag

    def read_now() -> "Known":
        return read_known(session.book) if session.book.exists() else Known()

    if dry_run:
        count = len(make(read_now(), EntryId(new_tag(), 1)))
        say(f"Would add {count} entries; {offered - count} are here already or stay out.")
        return
    author, now = session.settings.author, session.now()
    if not make(read_now(), EntryId(new_tag(), 1)):
        say("Nothing to add: all of it is here already.")
        return
    written = session.book.append_made(lambda first: make(read_now(), first), author, now)
    for notice in written.notices:
        say(notice)
    print("\n".join(written.ids))
    say(f"Added {len(written.ids)} entries; {offered - len(written.ids)} were here or stay out.")
