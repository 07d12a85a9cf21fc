"""The formats that reports can be exported in as data, each with the function that writes it."""

from collections.abc import Callable, Iterable, Iterator

from nearmiss.exports.fhir import write_fhir
from nearmiss.exports.table import write_csv
from nearmiss.exports.xlsx import write_xlsx
from nearmiss.records.account import Account
from nearmiss.records.data import encode_account


def write_json(accounts: Iterable[Account], seal: str) -> Iterator[bytes]:
    """Yield the reports as one JSON list."""
    before = b"[\n"
    for account in accounts:
        yield before + encode_account(account, seal)
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


# Each takes the reports as their reader may see them, and the seal as people see it.
FORMATS: dict[str, Callable[[Iterable[Account], str], Iterator[bytes]]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "json": write_json,
    "fhir": write_fhir,
}
