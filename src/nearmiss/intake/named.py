"""Which clients a text names: what is written about one may belong to another."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from nearmiss.text import fold_text

TEXTS = (
    *("location", "what_nearly_happened", "how_prevented", "what_happened", "injury"),
    *("immediate_action", "informed", "concern_informed", "tried", "recommendations"),
    *("note", "harm_found", "changed", "care_plan", "next_step", "next_who"),
)


def find_others(fields: Mapping[str, Any], client: str, known: Iterable[str]) -> list[str]:
    """Return those of the ``known`` clients whom the texts of a report, or about it, name.

    That is without ``client``, whom it is about; each as the book spells it, and once.
    """
    others = tuple(each for each in known if fold_text(each) != fold_text(client))
    found = (
        others[(match.lastindex or 1) - 1]
        for text in list_texts(fields)
        for match in find_named(text, others)
        if _is_person(text, match)
    )
    return list(dict.fromkeys(found))


def list_texts(fields: Mapping[str, Any]) -> Iterator[str]:
    """Yield each text among ``fields``, of a report or of what is written about it later."""
    for name in TEXTS:
        value = fields.get(name) or ()
        yield from (value,) if isinstance(value, str) else value


def find_named(text: str, clients: tuple[str, ...]) -> Iterator[re.Match[str]]:
    """Yield where a text has the name of one of ``clients``, if only as a word; and which one."""
    yield from _compile(clients).finditer(text) if clients else ()


@lru_cache(8)
def _compile(clients: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(f'({_write(each)})' for each in clients)})(?!\w)")


_INITIALS = 4


def _write(client: str) -> str:
    """Return a pattern for a client as text names them: initials in capitals, with or without dots.

    In small letters they are found where they can be no word ("kt", but not "is" or "mg"); these,
    and a longer name, only as the book spells them.
    """
    letters = re.sub(r"[\s.]", "", client)
    as_spelt = re.escape(client)
    if len(letters) > _INITIALS or not letters.isalpha() or letters.istitle():
        return as_spelt
    capitals = r"\.?\s?".join(letters.upper())
    spelt = [capitals] if letters.isupper() else [as_spelt, capitals]
    is_word = set(letters.casefold()) & set("aeiouy") or letters.upper() in _EVERYDAY | _CUT_SHORT
    return "|".join(spelt if is_word or len(letters) == 1 else [*spelt, letters.lower()])


# Initials that are written in capitals as words too: roles, services, things, what is stressed.
_EVERYDAY = frozenset(
    (  # noqa: SIM905
        "A I AL AM AN AND ALL ANY ARE AS AT BE BY DID DO FOR GO HAD HAS HE HER HIM HIS HOT IF IN "
        "IS IT ME MY NO NOT NOW OF OFF OH OK ON OR OUT PM SHE SO THE TO UP US WAS WE WET YES "
        "ADL AE AED AMP ASC BD BM BO BP CD CHC CMHT CN CPN CPR CQC CT DN DR DSA DVD ECG ED ENT ER "
        "GP HCA HR HV ID IM IT IV LA LPA MAR MCA MD MR MRI MRS MS NB NHS NOK OD OT PA PAT PC PE "
        "POA PPE PRN PT PU QDS RN ROM SALT SC SLT SN SOS SW TDS TEP TIA TV UK UTI VIP WC"
    ).split()
)
# Words cut short, and units, as they are written in small letters.
_CUT_SHORT = frozenset(
    (  # noqa: SIM905
        "BTW CC CL CM DL FT HRS KG KM LB LBS LL LT LTD MG ML MM MTH ND NR PKT PLS PPL PS RD RT ST "
        "TBC TBH TH THX TXT VS WK WKND WKS YR YRS"
    ).split()
)
_TIMES = frozenset(("AM", "PM"))
_OF_A_DAY = re.compile(
    r"(?:\d|\b(?:I|this|that|the|in|every|each|until|by|today|tomorrow|yesterday|\w+day))\s*$", re.I
)
_ABOUT = re.compile(r"\b(?:about|regarding|concerning|client|resident)\s+$", re.I)
_THEIRS = re.compile(
    r"(?:['’]s)?\s+(?:surgery|visit|team|letter|referral|appointment|report)", re.I
)
_BEFELL = re.compile(r"\s+(?:nearly|almost|fell|slipped|tripped|stumbled|choked|collapsed)\b")


def _is_person(text: str, match: re.Match[str]) -> bool:
    """Whether initials that are a word or a role as well are those of a client here."""
    letters = re.sub(r"[\s.]", "", match.group())
    if letters not in _EVERYDAY:
        return True
    before, after = text[: match.start()], text[match.end() :]
    if letters in _TIMES:
        return not _OF_A_DAY.search(before)
    is_theme = _ABOUT.search(before) and not _THEIRS.match(after)
    return bool(is_theme or _BEFELL.match(after))
