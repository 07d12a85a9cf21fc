"""What each reader may see: decided here alone, before anything else looks at a report."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from nearmiss.documents.people import find_key, find_names, find_roles, is_hidden, name_roles
from nearmiss.model.entries import (
    Correction,
    FollowUp,
    IncidentFields,
    NearMissFields,
    Report,
    ReportFields,
)
from nearmiss.model.questions import Audience
from nearmiss.records.record import (
    Change,
    Changed,
    Corrected,
    FollowedUp,
    LaterEntry,
    NextStep,
    Record,
    Stamped,
    Told,
    Withdrawn,
)
from nearmiss.records.since import WRITTEN_TWICE, WRONG_PERSON
from nearmiss.text import fold_text, take_name

# What every reader of a report sees as it was written, as far as it has it; who was told comes
# beside it.
_OPEN_TO_ALL = (
    "client",
    "occurred_at",
    "occurred_approx",
    "hour_not_known",
    "noticed",
    "location",
    "what_nearly_happened",
    "how_prevented",
    "what_happened",
    "injury",
    "immediate_action",
    "safeguarding",
    "recommendations",
    "category",
)
_A_DAY = len("2026-04-14")


@dataclass(frozen=True)
class Rules:
    """What one reader may see.

    ``people``: who was told, as written; ``old_text``: what a correction replaced, and why;
    ``delay``: when things were written, and how long after they happened; ``authors``: who wrote
    the follow-ups; ``attached``: the records in the file itself; ``disclosures``: who was handed
    what. ``called`` are the parts of people in whose lines no role stands, for one paper alone, by
    ``find_key``; ``client`` is whom a report is about.
    """

    audience: Audience
    safeguarding: bool = False
    people: bool = False
    old_text: bool = False
    delay: bool = False
    authors: bool = False
    attached: bool = False
    disclosures: bool = False
    called: Mapping[str, str] = field(default_factory=dict)
    client: str = ""

    @property
    def sees_all(self) -> bool:
        """Whether nothing is hidden from the reader: the carer, of their own book."""
        return self.disclosures and self.safeguarding

    def sees(self, record: Record) -> bool:
        """Whether the reader may see a report at all."""
        return self.safeguarding or not record.report.safeguarding


_PROFESSIONAL = Rules(
    "professional",
    safeguarding=True,
    people=True,
    old_text=True,
    delay=True,
    authors=True,
    attached=True,
)
RULES = {
    "own": replace(_PROFESSIONAL, audience="own", disclosures=True),
    "family": Rules("family"),
    "professional": _PROFESSIONAL,
}
# The next carer gives care, and sees what a family does: no concern, nobody's name.
FOR_NEXT_CARER = Rules("professional")


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
    unnamed: dict[str, list[str]] = field(default_factory=dict)  # whom no role names, by their key
    left_out: int = 0


def show_records(
    records: Iterable[Record],
    rules: Rules,
    hidden: Hidden,
    patterns: Mapping[str, str] | None = None,
) -> Iterator[Record]:
    """Yield what the reader may see of ``records``; note in ``hidden`` what was left out.

    ``patterns`` are the names of the hazards that the carer has marked, by the ids of reports.
    """
    names = patterns or {}
    for record in records:
        if not rules.sees(record):
            hidden.left_out += 1
            hidden.reports += [each.id for each in record.as_written]
            continue
        if record.withdrawn and rules.audience != "own":
            yield _blank(record, rules)
            continue
        if not rules.people:
            people = [*list_people(record)]
            hidden.names |= find_names(people)
            _note_unnamed(people, replace(rules, client=record.report.client), hidden)
        name = names.get(record.id)
        yield show(replace(record, pattern=name) if name else record, rules)


def _note_unnamed(people: Iterable[str], rules: Rules, hidden: Hidden) -> None:
    """Note in whose lines no role stands, of those that a role may be said of."""
    for told in people:
        key = find_key(told)
        known = key in rules.called or is_hidden(told) or find_roles(told, rules.client)
        if key and not known:
            hidden.unnamed.setdefault(key, []).append(told)


def _blank(record: Record, rules: Rules) -> Record:
    """Return a withdrawn report as its row in a chronology: without any text of it."""
    report = record.report
    kind = IncidentFields if record.is_incident else NearMissFields
    fields: dict[str, object] = dict.fromkeys(kind.model_fields, "")
    fields |= {name: getattr(report, name) for name in _OF_A_ROW}
    fields |= {"informed": [], "tried": None, "concern_informed": None, "recommendations": []}
    return Record(
        record.id,
        record.recorded_at if rules.delay else "",
        record.recorded_by if rules.authors else "",
        kind.model_construct(**fields),  # type: ignore[arg-type]
        withdrawn=_hide_whose(record.withdrawn),
        shows_concern=rules.safeguarding,
        shows_handing=rules.disclosures,
    )


def _hide_whose(entry: Withdrawn | None) -> Withdrawn | None:
    """Return why an entry was withdrawn, without whom it is about instead, or which one stays."""
    for reason in (WRONG_PERSON, WRITTEN_TWICE):
        if entry and entry.reason.startswith(reason):
            return replace(entry, reason=reason)
    return entry


_OF_A_ROW = (
    "client",
    "occurred_at",
    "occurred_approx",
    "hour_not_known",
    "noticed",
    "safeguarding",
    "category",
)


def list_people(record: Record) -> Iterator[str]:
    """Yield everybody whom a report and what was written about it name as told, tried or to do."""
    for told in (*record.told, *record.tried):
        yield from told.who
    for entry in (record.original, *record.later):
        if isinstance(entry, Report):
            yield from (*entry.informed, *(entry.tried or ()), *(entry.concern_informed or ()))
        elif isinstance(entry, FollowUp):
            yield from (*(entry.informed or ()), *(entry.tried or ()))
            if entry.next_who and not _is_carer(entry.next_who, entry.written_by):
                yield entry.next_who


def show(record: Record, rules: Rules) -> Record:
    """Return what a reader may see of a report: made of that alone, where they do not see all."""
    later = record.follow_ups
    if rules.sees_all and not (later and any(_is_oneself(each.next_who) for each in later)):
        return record
    if rules.people and rules.safeguarding and not (later or record.disclosures):
        return replace(record, shows_handing=rules.disclosures)  # as most are, and quicker
    return _remake(record, rules)


def _list_written(record: Record, rules: Rules) -> tuple[Report | LaterEntry, ...]:
    """Return the entries as first written, as far as a reader may see old texts whole.

    None where a concern is hidden that may have stood in them once.
    """
    if not (rules.safeguarding and rules.old_text) or rules.sees_all:
        return record.as_written if rules.sees_all else ()
    hidden = {each.id for each in record.disclosures if not rules.disclosures}
    hidden |= {each.id for each in record.follow_ups if each.withdrawn}
    return tuple(
        each
        for each in record.as_written
        if each.id not in hidden and not (isinstance(each, Correction) and each.about in hidden)
    )


def _hide_concern(entry: Corrected) -> Corrected | None:
    """Return a correction without its change of safeguarding; None where nothing else is in it.

    That a report was once marked as a safeguarding worry is itself hidden, and so is the reason.
    """
    kept = tuple(change for change in entry.changes if change.field not in _OF_CONCERN)
    if len(kept) == len(entry.changes):
        return entry
    return replace(entry, changes=kept, reason="") if kept else None


_OF_CONCERN = ("safeguarding", "concern_informed", "told_of")


def _remake(record: Record, rules: Rules) -> Record:
    """Return a record made of what the reader may see: no other text is in it."""
    rules = replace(rules, client=record.report.client)
    of_concern = {each.id for each in record.follow_ups if each.told_of == ("concern",)}
    corrections = (
        _remake_correction(each, rules)
        for each in record.corrections
        if rules.safeguarding or each.about not in of_concern
    )
    return Record(
        record.id,
        record.recorded_at if rules.delay else "",
        record.recorded_by,
        _remake_report(record, rules),
        told=_remake_told(record.told, rules),
        follow_ups=tuple(_remake_follow_up(each, rules) for each in record.follow_ups),
        corrections=tuple(filter(None, corrections)),
        disclosures=record.disclosures if rules.disclosures else (),
        care_plan=record.care_plan,
        steps=tuple(_remake_step(each, rules) for each in record.steps),
        steps_done=tuple(_remake_step(each, rules) for each in record.steps_done),
        changes=tuple(_remake_change(each, rules) for each in record.changes),
        tried=_remake_told(record.tried, rules),
        withdrawn=record.withdrawn,
        pattern=record.pattern,
        taken_from=record.taken_from,
        claims=record.claims if rules.delay else (),
        first_id=record.first_id,
        taken_at=record.taken_at if rules.delay else "",
        written_after=record.written_after if rules.delay else "",
        shows_concern=rules.safeguarding,
        shows_handing=rules.disclosures,
        as_written=_list_written(record, rules),
    )


def _remake_told(told: Iterable[Told], rules: Rules) -> tuple[Told, ...]:
    """Return who was told, or tried; without those told of a concern that the reader can't see."""
    shown = (
        Told(
            tuple(_name(each.who, rules)),
            each.recorded_at if rules.delay else "",
            tuple(of for of in each.of if of != "concern" or rules.safeguarding),
            tuple(one for one in each.later if one[0] != "concern" or rules.safeguarding),
        )
        for each in told
        if each.of != ("concern",) or rules.safeguarding
    )
    return tuple(shown)


def _remake_change(change: Changed, rules: Rules) -> Changed:
    if rules.delay:
        return change
    return replace(change, noted=change.noted[:_A_DAY], undone=change.undone[:_A_DAY])


def _name(told: Iterable[str], rules: Rules) -> list[str]:
    return list(told) if rules.people else name_roles(told, rules.called, rules.client)


def _remake_report(record: Record, rules: Rules) -> ReportFields:
    report = record.report
    if rules.people:
        hides = not rules.safeguarding
        return report.model_copy(update={"concern_informed": None}) if hides else report
    kind = IncidentFields if record.is_incident else NearMissFields
    fields = {name: getattr(report, name) for name in _OPEN_TO_ALL if name in kind.model_fields}
    fields["informed"] = _name(report.informed, rules)
    if report.tried is not None:
        fields["tried"] = _name(report.tried, rules)
    if report.concern_informed is not None and rules.safeguarding:
        fields["concern_informed"] = _name(report.concern_informed, rules)
    return kind.model_construct(**fields)


def _hide_told(entry: FollowedUp) -> FollowedUp:
    """Return a follow-up without who was told of a concern alone, and that it was of one."""
    of = tuple(each for each in entry.told_of if each != "concern")
    return replace(entry, told_of=of, informed=entry.informed if of or not entry.told_of else ())


def _remake_follow_up(entry: FollowedUp, rules: Rules) -> FollowedUp:
    entry = entry if rules.safeguarding else _hide_told(entry)
    stamp = (entry.id, *_stamp(entry, rules))
    if (gone := entry.withdrawn) and not rules.sees_all:  # it may be of another client
        if not rules.old_text:
            hidden = Withdrawn(gone.id, *_stamp(gone, rules), reason="")
            return FollowedUp(*stamp, withdrawn=_hide_whose(hidden))
        shown = _hide_whose(gone)
        if shown != gone:
            return FollowedUp(*stamp, withdrawn=shown)
        informed = tuple(_name(entry.informed, rules))  # else nobody knows who was not told
        return FollowedUp(*stamp, informed=informed, told_of=entry.told_of, withdrawn=gone)
    return FollowedUp(
        *stamp,
        note=entry.note,
        informed=tuple(_name(entry.informed, rules)),
        told_of=entry.told_of,
        tried=tuple(_name(entry.tried, rules)),
        care_plan=entry.care_plan,
        care_plan_status=entry.care_plan_status,
        harm_found=entry.harm_found,
        harm_on=entry.harm_on,
        changed=entry.changed,
        changed_on=entry.changed_on,
        undoes=entry.undoes,
        next_step=entry.next_step,
        next_who=_name_one(entry.next_who, entry.recorded_by, rules),
        next_due=entry.next_due,
        agreed_on=entry.agreed_on,
        next_done=entry.next_done,
        ends=entry.ends,
        closes=entry.closes,
        withdrawn=entry.withdrawn,
        written_after=entry.written_after if rules.delay else "",
    )


def _stamp(entry: Stamped, rules: Rules) -> tuple[str, str]:
    """Return when an entry was written, or only its day, and by whom, or nobody."""
    moment = entry.recorded_at if rules.delay else entry.recorded_at[:_A_DAY]
    return moment, entry.recorded_by if rules.authors else ""


THE_CARER = "the carer"


def _is_oneself(who: str) -> bool:
    """Return whether the carer has named nobody but the carer: ``me``, ``Myself``."""
    return fold_text(who) in ("i", "me", "myself")


def _is_carer(who: str, author: str) -> bool:
    """Whether that is the carer, also by the name of the ``author``: "Maria" of "Maria Silva"."""
    name, told = fold_text(take_name(author)), fold_text(take_name(who))
    return _is_oneself(who) or (bool(who) and told in (name, name.partition(" ")[0]))


def _name_one(who: str, author: str, rules: Rules) -> str:
    """Return who does something: the carer too where that is the ``author`` by name.

    On paper nobody knows who "me" is.
    """
    if rules.people or not who:
        return take_name(author) if _is_oneself(who) else who
    if _is_carer(who, author):
        return THE_CARER
    return " and ".join(_name([who], rules))


def _remake_step(step: NextStep, rules: Rules) -> NextStep:
    who = _name_one(step.who, step.by, rules)
    if rules.delay:
        return replace(step, who=who)
    return replace(step, who=who, noted=step.noted[:_A_DAY], done=step.done[:_A_DAY], by="")


def _remake_correction(entry: Corrected, rules: Rules) -> Corrected | None:
    shown = entry if rules.safeguarding else _hide_concern(entry)
    if shown is None:
        return None
    stamp = (entry.id, *_stamp(entry, rules))
    if rules.old_text:
        after = entry.written_after if rules.delay else ""
        return Corrected(*stamp, entry.about, shown.reason, shown.changes, written_after=after)
    changes = tuple(Change(each.field, None, None) for each in shown.changes)
    return Corrected(*stamp, entry.about, "", changes)
