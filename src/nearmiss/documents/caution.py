"""What free text shows of what its reader does not see: it is told to the carer, never altered.

Of a changeover, on which no concern may stand, what names one is left off whole.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from nearmiss.documents.people import find_names, find_roles
from nearmiss.documents.reader import Hidden
from nearmiss.intake.named import find_named
from nearmiss.model.ids import EntryId
from nearmiss.records.record import FollowedUp, Record
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


def find_reader(records: Iterable[Record], reader: str, client: str) -> list[tuple[str, str]]:
    """Return where the words of reports name their reader: the report's id, and the words.

    That is each name of the ``reader`` and each part that they play, but for the ``client`` alone.
    """
    named = {*find_roles(reader), *find_names([reader])} or {*reader.split()}
    others = [each for each in named if fold_text(each) != fold_text(client)]
    pattern = _compile([f"{re.escape(each)}s?" for each in others])
    if pattern is None:
        return []
    found = (
        (record.id, word)
        for record in records
        for text in _list_free_texts(record)
        for word in pattern.findall(text)
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


_WORRY = re.compile(
    r"\bsafeguard|\babus(?:e|ed|es|ing|ive)\b|\bneglect|\bsocial services\b"
    r"|\badult (?:social care|protection|support and protection)\b",
    re.IGNORECASE,
)


def strip_worries(record: Record, hidden: re.Pattern[str] | None) -> tuple[Record, bool]:
    """Return what a changeover may hold of a report, and whether its words name a concern.

    ``hidden`` finds the reports that are hidden, as people name them in their own words.
    """
    report = record.report
    is_clean = not names_worry((report.what, report.outcome, report.location), hidden)
    untold = dict.fromkeys(() if is_clean else _WORDS & type(report).model_fields.keys(), "")
    if hides_action := names_worry((report.immediate_action,), hidden):
        untold["immediate_action"] = ""
    harm = [each for each in record.harm_found if not names_worry((each.harm_found,), hidden)]
    stated = [
        FollowedUp(
            *(each.id, each.recorded_at, each.recorded_by),
            care_plan_status=each.care_plan_status,
            closes=each.closes,
        )
        for each in record.standing
        if (each.closes is not None or each.care_plan_status) and each not in harm
    ]
    changes = [each for each in record.changes if not names_worry((each.text,), hidden)]
    steps = [each for each in record.steps if not names_worry((each.text,), hidden)]
    plan = record.care_plan
    if hides_plan := plan is not None and names_worry((plan.text,), hidden):
        plan = None
    kept = replace(
        record,
        report=report.model_copy(update={**untold, "recommendations": []}),
        follow_ups=tuple(sorted((*harm, *stated), key=lambda each: each.number)),
        changes=tuple(changes),
        steps=tuple(steps),
        steps_done=tuple(
            each for each in record.steps_done if not names_worry((each.text,), hidden)
        ),
        corrections=(),
        care_plan=plan,
        tried=tuple(each for each in record.tried if not names_worry(each.who, hidden)),
    )
    told = len(record.harm_found) + len(record.changes) + len(record.steps)
    hides = hides_plan or hides_action or not is_clean
    return kept, hides or told > len(harm) + len(changes) + len(steps)


_WORDS = {
    *("what_nearly_happened", "what_happened", "how_prevented", "injury"),
    *("immediate_action", "location"),
}


def names_worry(texts: Iterable[str], hidden: re.Pattern[str] | None) -> bool:
    """Whether words name a safeguarding concern, or a report that is ``hidden``."""
    return any(_WORRY.search(each) or (hidden and hidden.search(each)) for each in texts)
