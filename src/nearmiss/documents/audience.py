"""What each reader may see: decided here alone, before anything else looks at a record."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from nearmiss.history import LaterEntry, Record
from nearmiss.model.entries import Audience, Correction, Disclosure, FollowUp, Report
from nearmiss.model.ids import EntryId

SOMEONE_ELSE = "someone else"

# Who a family may read was told, by the part they play. Whoever else was told is "someone else":
# a role that points to a safeguarding enquiry must never be added here.
KNOWN_ROLES = frozenset(
    """
    gp|doctor|gp surgery|surgery|gp receptionist|nurse|district nurse|community nurse|practice nurse
    parkinson's nurse|continence nurse|diabetes nurse|heart failure nurse|palliative nurse
    pharmacist|pharmacy|chemist|paramedic|ambulance|111|999|memory clinic|falls team|dentist
    optician|podiatrist|chiropodist|physio|physiotherapist|ot|occupational therapist
    ot equipment store|equipment store|speech therapist|dietitian|consultant|hospital|social worker
    manager|care manager|agency|agency office|office|care coordinator|supervisor|on call|on-call
    carer|live-in carer|night carer|day carer|warden|housing officer|landlord|day centre
    daughter|son|wife|husband|partner|mother|father|mum|dad|sister|brother|family|niece|nephew
    granddaughter|grandson|grandchild|aunt|uncle|cousin|next of kin|daughter-in-law|son-in-law
    daughter in law|son in law|sister-in-law|brother-in-law|friend|neighbour|attorney|deputy
    """.strip()
    .replace("\n", "|")
    .replace("  ", "")
    .split("|")
)
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
    """What a reader was not shown, for the carer's eyes: ids of reports, and names of people."""

    reports: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def show_records(records: Iterable[Record], rules: Rules, hidden: Hidden) -> Iterator[Record]:
    """Yield what the reader may see of ``records``; note in ``hidden`` what was left out."""
    for record in records:
        if record.report.safeguarding and not rules.safeguarding:
            hidden.reports += [record.report.id, *(entry.id for entry in record.later)]
        elif rules.people:
            yield record if rules.disclosures else _drop_disclosures(record)
        else:
            hidden.names |= find_names(record)
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
    fields = {"id": entry.id, "about": entry.about, "changes": changes, "reason": ""}
    return Correction.model_construct(entry="correction", **fields, **_stamp(entry))


def _stamp(entry: Report | LaterEntry) -> dict[str, Any]:
    written_at = entry.origin_recorded_at or entry.recorded_at
    return {"recorded_at": written_at, "recorded_by": entry.written_by, **_KEPT_IN_THE_BOOK}


def name_roles(informed: Iterable[str]) -> list[str]:
    """Return the parts that the people told play, each once: ``daughter``, ``someone else``."""
    return list(dict.fromkeys(_name_role(each) for each in informed))


def _name_role(told: str) -> str:
    role = _cut_role(told)
    known = " ".join(role.casefold().replace("’", "'").split()) in KNOWN_ROLES
    return role if known and "safeguard" not in told.casefold() else SOMEONE_ELSE


def _cut_role(told: str) -> str:
    return re.split(r"[(,:;–—]| - ", told, maxsplit=1)[0].strip()


_WORD = re.compile(r"[^\W\d_]{2,}")
_NOT_NAMES = frozenset(
    "phone phoned text texted email emailed by on at the and to am pm in out of hours message left "
    "call called ring rang whatsapp today yesterday morning evening night weekend voicemail person "
    "gp mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday jan "
    "feb mar apr may jun jul aug sep oct nov dec january february march april june july august "
    "september october november december mr mrs ms miss dr her his duty team office".split()
)


def find_names(record: Record) -> set[str]:
    """Return the words that may be names in who was told, where only the role is shown.

    Those in brackets however they are written, elsewhere the ones with a capital; folded.
    """
    names: set[str] = set()
    told = [*record.informed, *record.original.informed]
    for each in told:
        role = _name_role(each)
        hidden = each if role == SOMEONE_ELSE else each.removeprefix(role)
        bracketed = " ".join(re.findall(r"\(([^)]*)", hidden))
        names |= {word.casefold() for word in _WORD.findall(bracketed)}
        names |= {word.casefold() for word in _WORD.findall(hidden) if word[0].isupper()}
    return names - _NOT_NAMES - {word for role in KNOWN_ROLES for word in role.split()}


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
