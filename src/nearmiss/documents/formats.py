"""The formats that records can be exported in, each with the function that writes it."""

from collections.abc import Callable, Iterable, Iterator

from nearmiss.documents.csv_format import write_csv
from nearmiss.documents.fhir_format import write_fhir
from nearmiss.documents.plain_data import write_json, write_jsonl
from nearmiss.documents.text_format import write_text
from nearmiss.documents.xlsx_format import write_xlsx
from nearmiss.records.history import Record

FORMATS: dict[str, Callable[[Iterable[Record]], Iterator[bytes]]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "json": write_json,
    "jsonl": write_jsonl,
    "fhir": write_fhir,
    "txt": write_text,
}
