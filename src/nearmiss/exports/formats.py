"""The formats that reports can be exported in as data, each with the function that writes it."""

from collections.abc import Callable, Iterable, Iterator

from nearmiss.exports.csv_format import write_csv
from nearmiss.exports.fhir_format import write_fhir
from nearmiss.exports.json_format import write_json, write_jsonl
from nearmiss.exports.xlsx_format import write_xlsx
from nearmiss.records.account import Account

# Each takes the reports as their reader may see them, and the seal as people see it.
FORMATS: dict[str, Callable[[Iterable[Account], str], Iterator[bytes]]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "json": write_json,
    "jsonl": write_jsonl,
    "fhir": write_fhir,
}
