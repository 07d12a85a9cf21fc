"""What each reader may see: decided here alone, before anything else looks at a record."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from nearmiss.documents.people import find_names, name_roles
from nearmiss.model.entries import Correction, Disclosure, FollowUp, Report
from nearmiss.model.ids import EntryId
from nearmiss.model.wording import Audience
from nearmiss.records.history import LaterEntry, Record

_FAMILY_REPORT = (
    "id",
    "client",
    "occurred_at",
    "occurred_approx",
    "location",
    "what_nearly_happened",
    "how_prevented",
    "immediate_action",
    "safeguarding",
    "recommendations",
    "category",
)
_FAMILY_FOLLOW_UP = (
    "id",
    "about",
    "note",
    "care_plan",
    "care_plan_status",
    "harm_found",
    "closes",
)
_KEPT_IN_THE_BOOK = {"nonce": "", "digest": "", "seal": ""}


@dataclass(frozen=True)
class Rules:
    """What one reader may see.

    ``people``: who was told, as written; ``old_text``: what a correction replaced, and why;
    ``delay``: the time between the happening and the writing; ``attached``: the records in the
    file itself; ``disclosures``: who was handed what.
    """

    audience: Audience
    safeguarding: bool
    people: bool
    old_text: bool
    delay: bool
    attached: bool
    disclosures: bool


RULES: dict[str, Rules] = {
    "own": Rules("own", True, True, True, True, True, disclosures=True),
    "family": Rules("family", False, False, False, False, False, disclosures=False),
    "professional": Rules("professional", True, True, True, True, True, disclosures=False),
}


def choose_rules(
    audience: str, *, include_safeguarding: bool = False, without_safeguarding: bool = False
) -> Rules:
    """Return the rules for an audience, as the carer changed them for this one document."""
    rules = RULES[audience]
    if without_safeguarding:
        return replace(rules, safeguarding=False)
    return replace(rules, safeguarding=rules.safeguarding or include_safeguarding)


@dataclass
class Hidden:
    """What a reader was not shown, for the carer's eyes: ids, names of people, how many reports."""

    reports: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    left_out: int = 0


def show_records(records: Iterable[Record], rules: Rules, hidden: Hidden) -> Iterator[Record]:
    """Yield what the reader may see of ``records``; note in ``hidden`` what was left out."""
    for record in records:
        if record.report.safeguarding and not rules.safeguarding:
            hidden.left_out += 1
            hidden.reports += [record.report.id, *(entry.id for entry in record.later)]
        elif rules.people:
            yield record if rules.disclosures else _drop_disclosures(record)
        else:
            hidden.names |= find_names([*record.informed, *record.original.informed])
            yield _rebuild(record, rules)


def _drop_disclosures(record: Record) -> Record:
    later = tuple(entry for entry in record.later if not isinstance(entry, Disclosure))
    return replace(record, later=later)


def _rebuild(record: Record, rules: Rules) -> Record:
    """Return a record made anew from what a family may see: no other text is in it."""
    report = _rebuild_report(record.report)
    follow_ups = tuple(map(_rebuild_follow_up, record.follow_ups))
    corrections = (_rebuild_correction(entry, rules) for entry in record.corrections)
    later: list[LaterEntry] = [*follow_ups, *filter(None, corrections)]
    later.sort(key=lambda entry: EntryId.parse(entry.id).number)
    return Record(report, report, follow_ups, tuple(later))


def _rebuild_report(report: Report) -> Report:
    fields = {name: getattr(report, name) for name in _FAMILY_REPORT}
    fields["informed"] = name_roles(report.informed)
    return Report.model_construct(entry="report", **fields, **_stamp(report))


def _rebuild_follow_up(entry: FollowUp) -> FollowUp:
    fields = {name: getattr(entry, name) for name in _FAMILY_FOLLOW_UP}
    fields["informed"] = name_roles(entry.informed) if entry.informed else None
    return FollowUp.model_construct(entry="follow_up", **fields, **_stamp(entry))


def _rebuild_correction(entry: Correction, rules: Rules) -> Correction | None:
    # That a report was once marked as a safeguarding worry is itself hidden.
    shown = (name for name in entry.changes if rules.safeguarding or name != "safeguarding")
    changes = dict.fromkeys(shown, "")
    if not changes:
        return None
    fields: dict[str, Any] = {"id": entry.id, "about": entry.about, "reason": ""}
    fields["changes"] = changes
    return Correction.model_construct(entry="correction", **fields, **_stamp(entry))


def _stamp(entry: Report | LaterEntry) -> dict[str, Any]:
    written_at = entry.origin_recorded_at or entry.recorded_at
    return {"recorded_at": written_at, "recorded_by": entry.written_by, **_KEPT_IN_THE_BOOK}


def find_shown(hidden: Hidden, records: Iterable[Record]) -> list[tuple[str, str]]:
    """Return each hidden name or id that free text still shows: the report's id, and the word."""
    wanted = [*hidden.names, *hidden.reports]
    if hidden.reports:
        wanted.append("safeguarding")
    if not wanted:
        return []
    choices = "|".join(re.escape(word) for word in sorted(wanted))
    pattern = re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE)
    found = ((record.report.id, word) for record in records for word in _search(pattern, record))
    return list(dict.fromkeys(found))


def _search(pattern: re.Pattern[str], record: Record) -> Iterator[str]:
    report = record.report
    texts = [report.what_nearly_happened, report.how_prevented, report.immediate_action]
    texts += [report.location, *report.recommendations]
    for each in record.follow_ups:
        texts += [text for text in (each.note, each.care_plan, each.harm_found) if text]
    for text in texts:
        yield from pattern.findall(text)
