"""The labelled books: reports of people who do not exist, with what is the same hazard in them.

``corpus/tuning`` was used to choose the method and to fit its numbers; ``corpus/unseen`` was looked
at once, when everything was settled. Rows are as in ``samples.jsonl``.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nearmiss.insight.lexicon import Lexicon
from nearmiss.insight.likeness import Traits, find_meaning, read_traits
from nearmiss.insight.vectors import WordTable
from nearmiss.model.entries import NearMissFields, ReportFields

TESTS = Path(__file__).parents[1]
CORPUS = TESTS / "insight" / "corpus"
TUNING = (*sorted((CORPUS / "tuning").glob("*.jsonl")), TESTS / "samples.jsonl")
UNSEEN = tuple(sorted((CORPUS / "unseen").glob("*.jsonl")))
_SPARSE = ("dev", "heldout")  # 3 to 12 reports a client: made dense, as if each book were of one


@dataclass(frozen=True)
class LabelledClient:
    """One client's reports in the order of happening, each with its theme or None."""

    book: str
    client: str
    reports: tuple[ReportFields, ...]
    themes: tuple[str | None, ...]

    def read(self, lexicon: Lexicon, table: WordTable | None) -> list[Traits]:
        """Return what is looked at in the reports."""
        return [
            read_traits(each, lexicon, find_meaning(each, table) if table else None)
            for each in self.reports
        ]


def read_clients(paths: Sequence[Path]) -> list[LabelledClient]:
    """Return every client in the files at ``paths``."""
    rows: dict[tuple[str, str], list[tuple[ReportFields, str | None]]] = defaultdict(list)
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            theme, client = row["theme"], row["client"]
            if path.stem in _SPARSE:
                theme, client = theme and f"{client}: {theme}", "all"
            rows[row.get("book", path.stem), client].append((_read(row), theme))
    clients = []
    for (book, client), pairs in rows.items():
        pairs.sort(key=lambda pair: pair[0].occurred)
        reports, themes = zip(*pairs, strict=True)
        clients.append(LabelledClient(book, client, reports, themes))
    return clients


def _read(row: dict[str, object]) -> ReportFields:
    fields = {key: row[key] for key in row if key in NearMissFields.model_fields}
    moment = f"{str(row['occurred_at'])[:16]}:00+00:00"
    return NearMissFields.model_validate({**fields, "occurred_at": moment})
