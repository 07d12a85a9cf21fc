"""Reports as CSV: a row each, for a spreadsheet."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, get_origin

from nearmiss.exports.cells import list_columns, list_later
from nearmiss.model.columns import BOOK_SEAL
from nearmiss.model.entries import ReportFields
from nearmiss.records.account import Account
from nearmiss.records.plain import COLUMNS, CONCERN, list_values

# A spreadsheet takes text that begins like this for a formula, or loses its first character
# (https://owasp.org/www-community/attacks/CSV_Injection). The import takes the mark off again.
_RISKY_STARTS = frozenset("=+-@'\t\n")
_BOM = "\ufeff"


def write_csv(accounts: Iterable[Account], seal: str) -> Iterator[bytes]:
    """Yield the reports as UTF-8 CSV with a byte order mark, list items separated by LF.

    Every cell is quoted, as RFC 4180 section 2 describes; the csv module does the same in three
    times the time, and whole books are exported.
    """
    rest = iter(accounts)
    first = next(rest, None)
    later = list_columns(first)
    yield f"{_BOM}{_quote((*COLUMNS, *later, BOOK_SEAL))}\r\n".encode()
    end = f",{_quote([seal])}\r\n"
    nothing_later = f",{_quote([''] * len(later))}{end}"
    for account in chain([first] if first else [], rest):
        answers = _quote(_list_answers(account))
        if account.has_later:
            yield f"{answers},{_quote(list_later(account).values())}{end}".encode()
        else:
            yield f"{answers}{nothing_later}".encode()


def _quote(cells: Iterable[str]) -> str:
    """Return cells as they stand in a row, none of which is taken for a formula."""
    safe = [f"'{cell}" if cell[:1] in _RISKY_STARTS else cell for cell in cells]
    row = _BETWEEN.join(safe)
    if row.count('"') > 2 * (len(safe) - 1):  # some stand in the cells themselves
        row = _BETWEEN.join([cell.replace('"', '""') for cell in safe])
    return f'"{row}"'


_BETWEEN = '","'


def _list_answers(account: Account) -> list[str]:
    cells = list_values(account)
    for at in _LISTS:
        cells[at] = "\n".join(cells[at])
    for at in _TRUTHS:
        cells[at] = "true" if cells[at] else "false"
    if not account.shows_concern:
        cells[CONCERN] = ""
    return cells


def _find_columns(is_such: Callable[[Any], bool]) -> tuple[int, ...]:
    """Return where the answers stand whose type ``is_such``."""
    fields = ReportFields.model_fields.items()
    return tuple(COLUMNS.index(name) for name, field in fields if is_such(field.annotation))


_TRUTHS = _find_columns(lambda kind: kind is bool)
_LISTS = _find_columns(lambda kind: get_origin(kind) is list)
