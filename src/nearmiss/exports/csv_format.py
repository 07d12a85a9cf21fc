"""Reports as CSV: a row each, for a spreadsheet."""

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import get_origin

from nearmiss.exports.cells import list_later
from nearmiss.model.columns import BOOK_SEAL, LATER_COLUMNS
from nearmiss.model.entries import ReportFields
from nearmiss.records.account import Account
from nearmiss.records.plain import COLUMNS, REPORT_FIELDS

# A spreadsheet takes text that begins like this for a formula, or loses its first character
# (https://owasp.org/www-community/attacks/CSV_Injection). The import takes the mark off again.
_RISKY_STARTS = ("=", "+", "-", "@", "'", "\t", "\n")
_BOM = "\ufeff"


def write_csv(accounts: Iterable[Account], seal: str) -> Iterator[bytes]:
    """Yield the reports as UTF-8 CSV with a byte order mark, list items separated by LF.

    Every cell is quoted, as RFC 4180 section 2 describes; the csv module does the same in three
    times the time, and whole books are exported.
    """
    yield f"{_BOM}{_quote((*COLUMNS, *LATER_COLUMNS, BOOK_SEAL))}\r\n".encode()
    end = f",{_quote([seal])}\r\n"
    nothing_later = f",{_quote([''] * len(LATER_COLUMNS))}{end}"
    for account in accounts:
        answers = _quote(_list_answers(account))
        if account.has_later:
            yield f"{answers},{_quote(list_later(account).values())}{end}".encode()
        else:
            yield f"{answers}{nothing_later}".encode()


def _quote(cells: Iterable[str]) -> str:
    """Return cells as they stand in a row, none of which is taken for a formula."""
    quoted = '","'.join(
        [
            f"'{cell}" if cell.startswith(_RISKY_STARTS) else cell
            for cell in [each.replace('"', '""') if '"' in each else each for each in cells]
        ]
    )
    return f'"{quoted}"'


def _list_answers(account: Account) -> list[str]:
    cells = [account.id, account.recorded_at, account.recorded_by, account.status]
    cells += _PICK(account.report.__dict__)
    for at in _NO_TEXTS:
        cells[at] = _as_text(cells[at])
    cells[_INFORMED] = "\n".join(account.informed)
    if not account.shows_concern:
        cells[_CONCERN] = ""
    return cells


_PICK = itemgetter(*REPORT_FIELDS)
_INFORMED, _CONCERN = COLUMNS.index("informed"), COLUMNS.index("safeguarding")
# Where a yes, a no or a list stands, to be written as text.
_NO_TEXTS = tuple(
    COLUMNS.index(name)
    for name, field in ReportFields.model_fields.items()
    if field.annotation is bool or get_origin(field.annotation) is list
)


def _as_text(value: str | bool | list[str]) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    return str(value).lower()
