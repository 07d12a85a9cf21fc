"""What the handover and the meeting pack have in common."""

from collections.abc import Sequence

from nearmiss.dates.shown import echo_weekday
from nearmiss.documents.blocks import Blank, Blanks, Block, Group, Heading, Notice
from nearmiss.documents.brief import Brief
from nearmiss.documents.phrases import list_harm, tell_harm
from nearmiss.records import words
from nearmiss.records.account import Account, FollowedUp

_MOST_HARM = 5  # texts; above that the first page gives their number and the latest


def tell_front_harm(records: Sequence[Account], *, whole: bool) -> tuple[Block, ...]:
    """Return what page one says of harm found later: the ``whole`` texts, or where they stand."""
    found = list_harm(records)
    if len(found) > _MOST_HARM:
        return (Notice(_tell_many(found, whole=whole)),)
    if whole:
        return tuple(Notice(tell_harm(*each)) for each in found)
    named = [f"{words.name_harm(*each)}: in full on page 2" for each in found]
    return (Notice("\n".join(named)),) if named else ()


def _tell_many(found: Sequence[tuple[Account, FollowedUp]], *, whole: bool) -> str:
    record, latest = found[0]
    day = f", {echo_weekday(latest.day)}" if latest.day else ""
    text = f": {latest.harm_found}\nAll of them: in full on page 2" if whole else ""
    end = text or ". All of them: in full on page 2"
    return f"{words.HARM}, {len(found)} times, the latest{day}, {record.id}{end}"


def tell_all_harm(records: Sequence[Account], *, whole: bool) -> tuple[Block, ...]:
    """Return the texts that page two begins with, where page one has not had them ``whole``."""
    found = list_harm(records)
    if not found or (whole and len(found) <= _MOST_HARM):
        return ()
    return (Heading(words.HARM), *(Notice(tell_harm(*each)) for each in found))


def tell_basis(brief: Brief) -> str:
    """Return why a paper is handed over and who decided that, as it was given."""
    if not brief.basis:
        return ""
    decided = f"; decided by {brief.decided_by}" if brief.decided_by else ""
    return f"{words.BASIS[brief.basis]}{decided}"


def make_slip(brief: Brief) -> Group:
    """Return the slip that a reader signs."""
    who = Blanks((Blank("Received by", width=3), Blank("role", width=2), Blank("date", width=2)))
    return Group((Heading("Slip"), who, Blanks((Blank("Seal", brief.seal),))), ruled=True)
