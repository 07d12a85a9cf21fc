"""Reports as CSV: a row each, for a spreadsheet."""

from collections.abc import Iterable, Iterator

from nearmiss.exports.cells import list_later
from nearmiss.model.columns import BOOK_SEAL, LATER_COLUMNS
from nearmiss.records.account import Account
from nearmiss.records.plain import COLUMNS, REPORT_FIELDS

# A spreadsheet takes text that begins like this for a formula, or loses its first character
# (https://owasp.org/www-community/attacks/CSV_Injection). The import takes the mark off again.
_RISKY_STARTS = ("=", "+", "-", "@", "'", "\t", "\n")
_BOM = b"\xef\xbb\xbf"


def write_csv(accounts: Iterable[Account], seal: str) -> Iterator[bytes]:
    """Yield the reports as UTF-8 CSV with a byte order mark, list items separated by LF.

    Every cell is quoted, as RFC 4180 section 2 describes; the csv module does the same in three
    times the time, and whole books are exported.
    """
    yield _BOM + _make_row((*COLUMNS, *LATER_COLUMNS, BOOK_SEAL))
    for account in accounts:
        yield _make_row(_list_cells(account, seal))


def _make_row(cells: Iterable[str]) -> bytes:
    quoted = '","'.join([cell.replace('"', '""') if '"' in cell else cell for cell in cells])
    return f'"{quoted}"\r\n'.encode()


def _list_cells(account: Account, seal: str) -> list[str]:
    """Return a report as the texts of its cells, none of which is taken for a formula."""
    answers = {**account.report.__dict__, "informed": account.informed}
    cells = [account.id, account.recorded_at, account.recorded_by, account.status]
    cells += [_as_text(answers[name]) for name in REPORT_FIELDS]
    cells += list_later(account).values()
    cells.append(seal)
    return [f"'{cell}" if cell.startswith(_RISKY_STARTS) else cell for cell in cells]


def _as_text(value: str | bool | list[str]) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(value)
    return "true" if value else "false"
