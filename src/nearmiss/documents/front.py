"""Page one of the handover and the meeting pack: what they have in common."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from nearmiss.dates.shown import echo_weekday
from nearmiss.documents.blocks import Blank, Blanks, Block, Group, Heading, Items, Notice
from nearmiss.documents.brief import Brief, list_harm, tell_concerns, tell_harm
from nearmiss.records import words
from nearmiss.records.record import FollowedUp, Record

# How much of harm found later a first page tells: the whole texts, where each of them stands, or
# how many they are.
Harm = Literal["whole", "named", "counted"]
_MOST_HARM = 5  # texts; above that the first page gives their number and the latest
_THERE = "in full on page 2"


def tell_front_harm(records: Sequence[Record], brief: Brief, much: Harm) -> tuple[Notice, ...]:
    """Return what page one says of harm found later, and which reports raise a concern."""
    lines = _list_harm(list_harm(records), much)
    concerns = tell_concerns(records) if brief.rules.safeguarding else ""
    lines += [concerns] if concerns else []
    return (Notice("\n".join(lines)),) if lines else ()


def _list_harm(found: Sequence[tuple[Record, FollowedUp]], much: Harm) -> list[str]:
    if len(found) > _MOST_HARM or (much == "counted" and len(found) > 1):
        return [_count_harm(found, whole=much == "whole")]
    if much == "whole":
        return [tell_harm(*each) for each in found]
    return [f"{words.name_harm(*each)}: {_THERE}" for each in found]


def _count_harm(found: Sequence[tuple[Record, FollowedUp]], *, whole: bool) -> str:
    record, latest = found[0]
    day = f", {echo_weekday(latest.day)}" if latest.day else ""
    named = f"{words.HARM}, {len(found)} times, the latest{day}, {record.id}"
    return f"{named}: {latest.harm_found}\nAll of them: {_THERE}" if whole else f"{named}: {_THERE}"


def tell_all_harm(records: Sequence[Record], much: Harm) -> tuple[Block, ...]:
    """Return the texts that page two begins with, where page one has not had them all."""
    found = list_harm(records)
    if not found or (much == "whole" and len(found) <= _MOST_HARM):
        return ()
    return (Heading(words.HARM), *(Notice(tell_harm(*each)) for each in found))


def tell_basis(brief: Brief) -> str:
    """Return why a paper is handed over and who decided that, as it was given."""
    if not brief.basis:
        return ""
    decided = f"; decided by {brief.decided_by}" if brief.decided_by else ""
    return f"{words.BASIS[brief.basis]}{decided}"


_KEPT_WITH_SLIP = 2  # blocks, or items of a list, of what is handed over


def end_in_slip(
    blocks: Sequence[Block], brief: Brief
) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Return the blocks of a document without their last words, and those with the slip.

    The slip never stands on a page without the end of what is handed over.
    """
    *others, last = blocks
    before, kept = _split_last(last)
    return (*others, *before), (*kept, *_make_slip(brief))


def _split_last(last: Block) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Return what may stand on a page before the slip's, and what stays with the slip."""
    if isinstance(last, Group) and len(last.blocks) > _KEPT_WITH_SLIP:
        kept = last.blocks[-_KEPT_WITH_SLIP:]
        return (replace(last, blocks=last.blocks[:-_KEPT_WITH_SLIP]),), kept
    if isinstance(last, Items) and len(last.items) > _KEPT_WITH_SLIP:
        end = Items(last.items[-_KEPT_WITH_SLIP:])
        return (Items(last.items[:-_KEPT_WITH_SLIP]),), (end,)
    return (), (last,)


def _make_slip(brief: Brief) -> tuple[Block, ...]:
    who = Blanks((Blank("Received by", width=3), Blank("role", width=2), Blank("date", width=2)))
    seal = Blank("Seal", brief.seal or "none: see the top of page one")
    return (Heading("Slip"), who, Blanks((seal,)))
