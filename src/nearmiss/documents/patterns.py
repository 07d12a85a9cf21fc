"""The hazards that the carer has marked, as papers tell of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nearmiss.documents.audience import Rules
from nearmiss.insight.confirmed import Marked
from nearmiss.insight.telling import name_hazard, tell_hazard, tell_note
from nearmiss.records.account import Account

_FEWEST_HERE = 2  # reports of a pattern on one paper, to be told of together


@dataclass(frozen=True)
class Pattern:
    """Reports that the carer marked as the same hazard, and what it is called.

    ``ids`` stand in the order in which things happened.
    """

    name: str
    ids: tuple[str, ...]


def find_patterns(marked: Iterable[Marked], rules: Rules) -> tuple[Pattern, ...]:
    """Return the confirmed patterns as a reader may see them.

    One that holds only with a report that is hidden is none for that reader; where a report is
    hidden the name goes with it.
    """
    return tuple(_see_all(marked, rules))


def _see_all(marked: Iterable[Marked], rules: Rules) -> Iterator[Pattern]:
    for each in marked:
        shown = {one.id for one in each.reports if rules.safeguarding or not one.safeguarding}
        seen = each.show_only(shown)
        if seen.is_pattern():
            yield Pattern(name_hazard(seen), seen.ids)


def name_reports(patterns: Iterable[Pattern]) -> dict[str, str]:
    """Return the name of the pattern that each report belongs to, by its id."""
    return {each: pattern.name for pattern in patterns for each in pattern.ids}


def list_patterns(
    patterns: Iterable[Pattern], records: Sequence[Account], *, noted: bool
) -> list[str]:
    """Return a sentence for each pattern: its name, how many reports here, and their days.

    With ``noted``, what was written last about them follows, as it was written.
    """
    by_id = {record.id: record for record in records}
    here = ((each.name, [by_id[one] for one in each.ids if one in by_id]) for each in patterns)
    found = [(name, theirs) for name, theirs in here if len(theirs) >= _FEWEST_HERE]
    return [_tell(*each) + (_find_note(each[1]) if noted else "") for each in found]


def _tell(name: str, theirs: Sequence[Account]) -> str:
    return tell_hazard(name, [each.report for each in theirs], f"{len(theirs)} of the reports here")


def _find_note(theirs: Sequence[Account]) -> str:
    notes = [each for record in theirs for each in record.standing if each.note and each.day]
    if not notes:
        return ""
    last = max(notes, key=lambda each: int(each.id.partition("-")[2]))
    return f" {tell_note(last.day, last.note)}" if last.day else ""
