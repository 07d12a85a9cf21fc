"""Reports as CSV: a row each, for a spreadsheet."""

from collections.abc import Iterable, Iterator

from nearmiss.exports.cells import list_later
from nearmiss.model.columns import BOOK_SEAL, LATER_COLUMNS
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
    answers = account.report.__dict__
    cells = [account.id, account.recorded_at, account.recorded_by, account.status]
    cells += [
        value if type(value) is str else _as_text(value)
        for value in [answers[name] for name in REPORT_FIELDS]
    ]
    cells[_INFORMED] = "\n".join(account.informed)
    if not account.shows_concern:
        cells[_CONCERN] = ""
    return cells


_INFORMED, _CONCERN = COLUMNS.index("informed"), COLUMNS.index("safeguarding")


def _as_text(value: str | bool | list[str]) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    return str(value).lower()
