"""What free text shows of what its reader does not see: it is told to the carer, never altered."""

import re
from collections.abc import Collection, Iterable, Iterator

from nearmiss.documents.reader import Hidden
from nearmiss.intake.named import find_named
from nearmiss.model.ids import EntryId
from nearmiss.records.record import Record
from nearmiss.text import fold_text


def find_shown(
    hidden: Hidden, records: Iterable[Record], others: Collection[str] = ()
) -> list[tuple[str, str]]:
    """Return what free text shows of what its reader does not: the report's id, and the words.

    That is each hidden name or id, also as people write it ("report 2"), the safeguarding team
    where such a report is hidden, and another client, ``others`` being all whom the book knows.
    """
    shown = list(records)
    wanted = [*map(re.escape, hidden.names), *_list_ways(hidden.reports)]
    wanted += ["safeguarding"] if wanted else []
    people = {fold_text(each.report.client) for each in shown}
    clients = tuple(each for each in others if fold_text(each) not in people)
    pattern = _compile(wanted)
    found = (
        (record.id, word)
        for record in shown
        for text in _list_free_texts(record)
        for word in (
            *(pattern.findall(text) if pattern else ()),
            *(each.group() for each in find_named(text, clients)),
        )
    )
    return list(dict.fromkeys(found))


def find_reports(ids: Collection[str]) -> re.Pattern[str] | None:
    """Return what finds these reports in free text, as people name them; None for no report."""
    return _compile(_list_ways(ids))


def _compile(choices: Collection[str]) -> re.Pattern[str] | None:
    if not choices:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(set(choices)))})(?!\w)", re.IGNORECASE)


def _list_ways(ids: Collection[str]) -> list[str]:
    """Return patterns for reports as people name them: by the id, or as "report 2"."""
    before = r"(?:report|reports|number|no\.?|entry|nearmiss|near miss)\s*#?0*"
    numbers = (f"{before}{EntryId.parse(each).number}" for each in ids)
    return [*map(re.escape, ids), *numbers]


def _list_free_texts(record: Record) -> Iterator[str]:
    """Yield every text of a report that a reader is shown as it was written."""
    report = record.report
    yield from (report.what, report.outcome, report.immediate_action)
    yield from (report.location, *report.recommendations, record.pattern)
    for each in record.follow_ups:
        yield from (each.note, each.care_plan, each.harm_found, each.changed, each.next_step)
    yield record.withdrawn.reason if record.withdrawn else ""
    for entry in record.corrections:
        yield entry.reason
