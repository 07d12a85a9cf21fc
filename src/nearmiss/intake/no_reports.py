"""Rows of a sheet that are no reports: totals, headings, what was struck out, and asides."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from nearmiss.intake import values
from nearmiss.intake.clients import is_client
from nearmiss.intake.columns import TEXTS, WHAT, WHEN
from nearmiss.intake.harm import find_done, find_harm
from nearmiss.intake.reading import Cells, Reading
from nearmiss.intake.worry import find_worry
from nearmiss.text import fold_text
from nearmiss.words import read_words

_LONGEST_MARK = 100  # characters of a cell that says a row is none
_OF_ANY_LENGTH = {"test", "aside"}
_NOTHING = frozenset[str]()


@cache
def _list_marks() -> tuple[re.Pattern[str], dict[str, re.Pattern[str]]]:
    """Return what any cell that may say so matches, and what one does that says each thing."""
    begins, holds = (read_words("heads")["rows"][each] for each in ("begins", "holds"))
    marks = {
        what: re.compile(f"{how}|.*?(?:{holds[what]})" if what in holds else how)
        for what, how in begins.items()
    }
    return re.compile("|".join((*begins.values(), f".*(?:{'|'.join(holds['words'])})"))), marks


@lru_cache(8192)
def _judge(cell: str) -> frozenset[str]:
    """Return what a cell says of its row: that it is struck out, a draft, an aside; or nothing."""
    folded = fold_text(cell[:_LONGEST_MARK])
    any_mark, marks = _list_marks()
    if not any_mark.match(folded):
        return _NOTHING
    found = {what for what, how in marks.items() if how.match(folded)}
    return frozenset(found & _OF_ANY_LENGTH if len(cell) > _LONGEST_MARK else found)


def is_no_report(cells: Sequence[str], row: Cells, reading: Reading) -> bool:
    """Whether a row is a total, a heading, a note at the foot, or was struck out."""
    return not (
        reading.is_own or not _looks_none(cells, row, reading) or _tells_event(cells, row, reading)
    )


def _tells_event(cells: Sequence[str], row: Cells, reading: Reading) -> bool:
    """Whether a row that is not struck out tells of harm, or in a few words of somebody's day."""
    if any("struck" in _judge(each) for each in cells):
        return False
    texts = [each for each in _list_texts(row) if "draft" not in _judge(each)]
    if any(map(_tells_harm, texts)):
        return True
    plain = [each for each in texts if _judge(each).isdisjoint(("nothing", "well"))]
    is_dated = bool({*WHEN} & row.keys())
    is_named = "client" not in reading.fields or any(map(is_client, row.get("client", ())))
    is_draft = any(each.strip().casefold() == "draft" for each in cells)
    tells = not is_draft and any(len(each.split()) >= _TELLING for each in plain)
    return is_named and is_dated and tells


# A call for help, which nobody notes of a day without an event.
_CALLED = re.compile(
    r"(?i)\b(?:rang|rung|ring|call(?:ed)?|phoned|dialled|said|advised|told)\b(?=.*\b(?:111|999)\b)"
    r"|\b(?:111|999)\b(?=.*\b(?:rang|rung|called|phoned|said|says|advised|told)\b)"
)


def _tells_harm(text: str) -> bool:
    """Whether a text tells of harm, of a blow or a medicine amiss, or that help was called."""
    return bool(_CALLED.search(text) or find_done(text) or find_harm(text))


_TELLING = 4  # words that tell what happened
_FEW = 3  # cells, of the taken columns, that a report has at least


def _looks_none(cells: Sequence[str], row: Cells, reading: Reading) -> bool:
    keys = row.keys()
    if keys.isdisjoint(TEXTS) or ("client" not in row and keys.isdisjoint(WHEN)):
        return True
    if len(row) < _FEW and sum(not cell.isspace() for cell in cells if cell) < _FEW:
        return True
    if any(values.is_plain_yes(cells[at]) for at in reading.gone if at < len(cells)):
        return True
    what = [each for name in WHAT for each in row.get(name, ())]
    if what and all(_NONE.fullmatch(fold_text(each)) for each in what):
        return True
    said = _NOTHING.union(*map(_judge, cells))
    return bool(said) and (
        not said.isdisjoint(("struck", "draft"))
        or "heading" in _judge(next(filter(None, cells)))
        or any("nothing" in _judge(each) for each in _list_texts(row))
        or any("well" in _judge(each) for name in WHAT for each in row.get(name, ()))
        or _is_test(row)
    )


_NONE = re.compile(r"(?:no|none|nil|n/?a|nothing|ok(?:ay)?|fine|no problems?|all (?:ok|well))\W*")


def _is_test(row: Cells) -> bool:
    """Whether a row is of no client, or of one called so, and is a trial of the form."""
    is_nobody = not any(map(is_client, row.get("client", ())))
    said = (*row.get("client", ()), *_list_texts(row))
    return is_nobody and any("test" in _judge(each) for each in said)


def _list_texts(row: Cells) -> Iterator[str]:
    return (cell for name in TEXTS if name in row for cell in row[name])


def is_aside(row: Cells) -> bool:
    """Whether what a row says may be no event: a reminder, an alarm's test, a swap of shifts."""
    texts = [*_list_texts(row)]
    is_plain = len(row) < _FEW and not any(_EVENT.search(e) or find_worry(e) for e in texts)
    may_be_none = is_plain or any("aside" in _judge(each) for each in texts)
    return may_be_none and not any(map(find_harm, texts))


# Words by which a day of a diary may be one of an event.
_EVENT = re.compile(
    r"(?i)\b(?:near(?:ly)?|almost|could(?: have|'ve)|just (?:got|caught|in time)|luckily|caught"
    r"|stopped|spotted|noticed|found|fell|fall|slip\w*|trip\w*|slid|wobbl\w*|wrong|missing|smell\w*|smoke|gas"
    r"|burn\w*|hot|broke\w*|lost|twice|forgot\w*|left (?:on|open|the)|tried to|choke?\w*|cough\w*"
    r"|wander\w*|shout\w*|hit|threw|knife|police|ambulance|999|111)\b"
)
