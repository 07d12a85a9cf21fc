"""The formats that reports can be exported in as data, each with the function that writes it."""

from collections.abc import Callable, Iterable, Iterator

from nearmiss.exports.fhir import write_fhir
from nearmiss.exports.table import write_csv
from nearmiss.exports.xlsx import write_xlsx
from nearmiss.records.data import encode_record
from nearmiss.records.record import Record


def write_json(records: Iterable[Record], seal: str) -> Iterator[bytes]:
    """Yield the reports as one JSON list."""
    before = b"[\n"
    for record in records:
        yield before + encode_record(record, seal)
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


# Each takes the reports as their reader may see them, and the seal as people see it.
FORMATS: dict[str, Callable[[Iterable[Record], str], Iterator[bytes]]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "json": write_json,
    "fhir": write_fhir,
}
