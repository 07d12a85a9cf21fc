"""Rows of a sheet that are no reports: totals, headings, what was struck out, and asides."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from nearmiss.intake import values
from nearmiss.intake.clients import is_client
from nearmiss.intake.columns import TEXTS, WHAT, WHEN
from nearmiss.intake.harm import find_done, find_harm
from nearmiss.intake.reading import Cells, Reading
from nearmiss.text import fold_text

# How a short cell begins that says of its row what it is.
_BEGINS = {
    # It is not the event, or that stands elsewhere: all that such a cell says.
    "struck": r"(?:void(?:ed)?|merged(?: into .*)?|cancelled|deleted|test(?:ing)?"
    r"|duplicate(?: of .*)?|raised in error|entered in error|(?:sub-?|grand )?totals?:?)[ .]*$",
    "draft": r"draft[ .]*$",
    # The first cell of a row that is none; and what happened in one.
    "heading": r"(?:total|void|printed|checked by|next audit|key|nb)\b",
    "nothing": r"(?:total|void|nothing to report|see above)\b",
    # What happened where all was well, and nothing is set against that.
    "well": r"(?:(?:a |very )?(?:good|great|lovely|quiet) (?:day|night|shift|morning|evening|week)"
    r"|all (?:good|fine|ok|okay|well|quiet)|no (?:incidents?|accidents?|near miss(?:es)?)"
    r"|just us\W+(?:fine|good|ok)|(?:all )?fine\W*$)(?!\w)(?!.*\b(?:but|until|till|then|except"
    r"|apart|nearly|almost|however|(?:al)?though|when|before)\b)",
    "test": r"(?:test|testing)\b",
    # What is noted beside events: a reminder, an alarm's test, a swap of shifts.
    "aside": r"(?:(?:re)?minder\b|(?:please )?(?:remember|don'?t forget|note)\b|mot\b|service due"
    r"|training\b|(?:weekly |monthly )?(?:fire )?(?:alarm test|drill)|(?:shift|rota)\b"
    r"|swap(?:ped)?\b|update\b|(?:team|staff|house) meeting|complaint\b|compliment\b|audit\b"
    r"|bank holiday|see my (?:last|other|previous)\b"
    r"|(?:no (?:child|client|resident)\W+)?just to say\b)",
}
_ANY_BEGIN = re.compile("|".join(_BEGINS.values()))
# What may stand anywhere in it, behind a word that is looked for first.
_HOLDS = (
    ("struck", "wrong", r"\b(?:entered|written|put) (?:under|in|on) (?:the )?wrong\b"),
    ("draft", "please ", r"\bplease (?:ignore|delete)[ .]*$"),
    ("draft", "the form", r"\bseeing if the form work"),
    ("draft", "training", r"\btraining example"),
    ("draft", "finish", r"\b(?:(?:will|to) finish (?:this|in|it|later)|finish this)\b"),
    ("draft", "to ", r"\bto (?:write|fill) (?:up|in|it)\b"),
    ("aside", "money", r"\b(?:lunch|dinner|trip) money\b"),
    ("aside", "swap", r"\bswap(?:ped)? shifts?\b"),
    ("aside", "leave", r"\bannual leave\b"),
    ("aside", "mot ", r"\bmot (?:due|test)\b"),
)
_LONGEST_MARK = 100  # characters of a cell that says a row is none
_OF_ANY_LENGTH = {"test", "aside"}
_NOTHING = frozenset[str]()


@lru_cache(8192)
def _judge(cell: str) -> frozenset[str]:
    """Return what a cell says of its row: that it is struck out, a draft, an aside; or nothing."""
    folded = fold_text(cell[:_LONGEST_MARK])
    found = {what for what, word, how in _HOLDS if word in folded and re.search(how, folded)}
    if _ANY_BEGIN.match(folded):
        found |= {what for what, how in _BEGINS.items() if re.match(how, folded)}
    if len(cell) > _LONGEST_MARK:
        found &= _OF_ANY_LENGTH
    return frozenset(found) if found else _NOTHING


def is_no_report(cells: Sequence[str], row: Cells, reading: Reading) -> bool:
    """Whether a row is a total, a heading, a note at the foot, or was struck out."""
    return not reading.is_own and _looks_none(cells, row, reading) and not _tells_event(cells, row)


def _tells_event(cells: Sequence[str], row: Cells) -> bool:
    """Whether a row that is not struck out tells of harm, or in a few words of somebody's day."""
    if any("struck" in _judge(each) for each in cells) or _is_of_test(row):
        return False
    texts = [each for each in _list_texts(row) if "draft" not in _judge(each)]
    if any(map(_tells_harm, texts)):
        return True
    plain = [each for each in texts if _judge(each).isdisjoint(("nothing", "well"))]
    is_named, is_dated = any(map(is_client, row.get("client", ()))), bool({*WHEN} & row.keys())
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
_GONE = re.compile(r"(?i)\s*(?:deleted|void(?:ed)?)\s*$")  # heads


def _looks_none(cells: Sequence[str], row: Cells, reading: Reading) -> bool:
    keys = row.keys()
    if keys.isdisjoint(TEXTS) or ("client" not in row and keys.isdisjoint(WHEN)):
        return True
    if len(row) < _FEW and sum(not cell.isspace() for cell in cells if cell) < _FEW:
        return True
    gone = find_heads(_GONE, reading.heads)
    if any(values.is_plain_yes(cells[at]) for at in gone if at < len(cells)):
        return True
    said = _NOTHING.union(*map(_judge, cells))
    return bool(said) and (
        not said.isdisjoint(("struck", "draft"))
        or "heading" in _judge(next(filter(None, cells)))
        or any("nothing" in _judge(each) for each in _list_texts(row))
        or any("well" in _judge(each) for name in WHAT for each in row.get(name, ()))
        or _is_test(row)
    )


def _is_test(row: Cells) -> bool:
    """Whether a row is of no client, or of one called so, and begins as a trial of the form."""
    if _is_of_test(row):
        return True
    is_nobody = not any(map(is_client, row.get("client", ())))
    return is_nobody and any("test" in _judge(each) for each in _list_texts(row))


def _is_of_test(row: Cells) -> bool:
    return any("test" in _judge(each) for each in row.get("client", ()))


def _list_texts(row: Cells) -> Iterator[str]:
    return (cell for name in TEXTS if name in row for cell in row[name])


@lru_cache(64)
def find_heads(pattern: re.Pattern[str], heads: Sequence[str]) -> list[int]:
    """Return the places of the heads that begin so."""
    return [at for at, head in enumerate(heads) if pattern.match(head)]


def is_aside(row: Cells) -> bool:
    """Whether what a row says may be no event: a reminder, an alarm's test, a swap of shifts."""
    texts = [*_list_texts(row)]
    return any("aside" in _judge(each) for each in texts) and not any(map(find_harm, texts))
