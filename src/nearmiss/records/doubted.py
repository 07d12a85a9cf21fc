"""Who stands as told in words of nobody reached: the carer is asked once, and her answer kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from nearmiss.intake.reached import is_doubted
from nearmiss.model.entries import CorrectionFields, FollowUp, Report
from nearmiss.records.fold import list_standing
from nearmiss.records.record import Record
from nearmiss.speech import join_words
from nearmiss.text import shorten

_GLIMPSE = 120  # characters of a line that the reason repeats
_TOLD = ("informed", "concern_informed")


@dataclass(frozen=True)
class Doubted:
    """An entry about ``record`` as it stands, and the lines of it that are doubted."""

    record: Record
    entry: Report | FollowUp
    lines: tuple[str, ...]


def list_doubted(records: Iterable[Record]) -> list[Doubted]:
    """Return the entries in which a line about who was told reads as if nobody was reached.

    Where the carer was asked, the entry has ``tried``, be it empty, or says of what they were
    told: it was written since these are asked for. Such a one is not asked about again.
    """
    found = []
    for record in records:
        if record.withdrawn or not record.told:
            continue
        entries: list[Report | FollowUp] = [record.current, *list_standing(record)]
        for entry in entries:
            lines = tuple(line for line in _list_told(entry) if is_doubted(line))
            if lines and not _was_asked(entry):
                found.append(Doubted(record, entry, lines))
    return found


def _list_told(entry: Report | FollowUp) -> list[str]:
    return [line for field in _TOLD for line in getattr(entry, field, None) or ()]


def _was_asked(entry: Report | FollowUp) -> bool:
    return entry.tried is not None or bool(isinstance(entry, FollowUp) and entry.told_of)


def settle_doubted(doubted: Doubted, missed: Iterable[str]) -> CorrectionFields:
    """Return the correction that says who of the doubted was ``missed``, and who was reached.

    Those missed go to those tried; ``tried`` stands in any case, and says that it was asked.
    """
    entry, gone = doubted.entry, list(dict.fromkeys(missed))
    changes: dict[str, str | bool | list[str]] = {"tried": gone}
    for field in _TOLD:
        told = getattr(entry, field, None) or []
        if set(told) & set(gone):
            changes[field] = [line for line in told if line not in gone]
    said = [("not reached", gone), ("reached", [x for x in doubted.lines if x not in gone])]
    reasons = [f"{word}: {_quote(lines)}" for word, lines in said if lines]
    return CorrectionFields(
        about=entry.id, changes=changes, reason=f"Asked later. {'; '.join(reasons).capitalize()}"
    )


def _quote(lines: Iterable[str]) -> str:
    return join_words([f'"{shorten(each, _GLIMPSE)}"' for each in lines])
