"""Feed the reader and the importers with broken input: python -m tests.benchmarks.fuzz [seconds].

Needs atheris (pip install atheris). Anything but an error with a sentence is a fault.
"""

import io
import sys
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["nearmiss"]):
    from nearmiss.errors import NearmissError
    from nearmiss.intake.columns import match_columns
    from nearmiss.intake.fields import read_json_reports
    from nearmiss.intake.reading import Reading
    from nearmiss.intake.sheet import find_encodings, open_csv, scan_sheet
    from nearmiss.intake.survey import survey_rows
    from nearmiss.intake.table import read_row
    from nearmiss.logbook.book import Logbook
    from nearmiss.logbook.source import is_book
    from nearmiss.logbook.verify import check_book
    from nearmiss.records.read import read_records
    from tests.conftest import NOW, make_report

_FOLDER = Path(tempfile.mkdtemp())
_BOOK = _FOLDER / "fuzz.jsonl"


def make_seeds(folder: Path) -> None:
    """Write a few whole inputs to start from."""
    folder.mkdir(parents=True, exist_ok=True)
    book = Logbook(folder / "book")
    book.append([make_report(), make_report(informed=["son"])], "M", NOW)
    (folder / "row").write_bytes(make_report().model_dump_json().encode())
    (folder / "csv").write_bytes(b'client;when;where\nMB;03/04/2026 21:15;"a\nb"\n')


def read_spreadsheet(data: bytes, now: datetime) -> None:
    """Read ``data`` as CSV."""
    file = io.BytesIO(data)
    sheet = scan_sheet(open_csv(file, find_encodings(file)[0].name))
    fields = tuple(each or "ignore" for each in match_columns(sheet.columns, {}, {}))
    reading = Reading(fields, tuple(each.head for each in sheet.columns), missing=True)
    survey_rows(sheet, reading)
    for number, cells in sheet.read_rows():
        with suppress(NearmissError):
            read_row(number, cells, reading, now)


def try_one(data: bytes) -> None:
    """Read ``data`` as a book, as JSON lines and as CSV, and write after it."""
    now = datetime(2026, 11, 1, tzinfo=UTC)
    for read in (read_json_reports, read_spreadsheet):
        with suppress(NearmissError):
            read(data, now)
    _BOOK.write_bytes(data)
    is_book(io.BytesIO(data), len(data))
    book = Logbook(_BOOK)
    with suppress(NearmissError):
        list(read_records(book, lambda unreadable: None))
        with book.open_settled() as (file, size):
            check_book(file, size)
        book.append([make_report()], "M", now)
        assert list(book.read_backward())


def main() -> None:
    """Run for so many seconds, half an hour if not said."""
    seconds = sys.argv[1] if len(sys.argv) > 1 else "1800"
    make_seeds(_FOLDER / "seeds")
    arguments = [sys.argv[0], str(_FOLDER / "seeds"), f"-max_total_time={seconds}", "-max_len=4096"]
    atheris.Setup(arguments, try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
