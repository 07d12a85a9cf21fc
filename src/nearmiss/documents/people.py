"""Who was told, as a family may read it: the part that a person plays, never the name."""

import re
from collections.abc import Iterable

SOMEONE_ELSE = "someone else"
THE_CARER = "the carer"
_ONESELF = frozenset({"i", "me", "myself"})


def _split(at: str, text: str) -> frozenset[str]:
    return frozenset(re.split(at, text.strip()))


# Who a family may read was told, by the part they play. Whoever else was told is "someone else":
# a role that points to a safeguarding enquiry must never be added here.
KNOWN_ROLES = _split(
    r"\s*[|\n]\s*",
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
    """,
)


def is_oneself(who: str) -> bool:
    """Return whether the carer has named nobody but the carer: ``me``, ``Myself``."""
    return _fold_role(who) in _ONESELF


def name_roles(informed: Iterable[str]) -> list[str]:
    """Return the parts that the people told play, each once: ``daughter``, ``someone else``."""
    return list(dict.fromkeys(_name_role(each) for each in informed))


def _name_role(told: str) -> str:
    role = _cut_role(told)
    known = _fold_role(role) in KNOWN_ROLES
    return role if known and "safeguard" not in told.casefold() else SOMEONE_ELSE


def _fold_role(role: str) -> str:
    return " ".join(role.casefold().replace("’", "'").split())


def _cut_role(told: str) -> str:
    return re.split(r"[(,:;–—]| - ", told, maxsplit=1)[0].strip()


# Those of them who are not there by profession.
_FAMILY = _split(
    r"\s*[|\n]\s*",
    """
    daughter|son|wife|husband|partner|mother|father|mum|dad|sister|brother|family|niece|nephew
    granddaughter|grandson|grandchild|aunt|uncle|cousin|next of kin|daughter-in-law|son-in-law
    daughter in law|son in law|sister-in-law|brother-in-law|friend|neighbour|attorney|deputy
    """,
)


# Known to papers for professionals alone: to a family some of them point to an enquiry.
_OFFICES = frozenset({"adult social care", "social services", "council"})
_BUSINESSES = frozenset({"bank"})


def name_group(told: str) -> tuple[bool, str]:
    """Return whether somebody who was told is there by profession, and the part they play.

    Who plays no part that is known is named as written.
    """
    role = _cut_role(told)
    folded = _fold_role(role)
    if folded in _OFFICES or folded in _BUSINESSES:
        return folded in _OFFICES, role
    if folded not in KNOWN_ROLES:
        return False, told
    return folded not in _FAMILY, role


_WORD = re.compile(r"[^\W\d_]{2,}")
_NOT_NAMES = _split(  # words around a name in how and when somebody was told
    " ",
    "phone phoned text texted email emailed by on at the and to am pm in out of hours message left "
    "call called ring rang whatsapp today yesterday morning evening night weekend voicemail person "
    "gp mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday jan "
    "feb mar apr may jun jul aug sep oct nov dec january february march april june july august "
    "september october november december mr mrs ms miss dr her his duty team office",
)


def find_names(told: Iterable[str]) -> set[str]:
    """Return the words that may be names in who was told, where only the role is shown.

    Those in brackets however they are written, elsewhere the ones with a capital; folded.
    """
    names: set[str] = set()
    for each in told:
        role = _name_role(each)
        hidden = each if role == SOMEONE_ELSE else each.removeprefix(role)
        bracketed = " ".join(re.findall(r"\(([^)]*)", hidden))
        names |= {word.casefold() for word in _WORD.findall(bracketed)}
        names |= {word.casefold() for word in _WORD.findall(hidden) if word[0].isupper()}
    return names - _NOT_NAMES - {word for role in KNOWN_ROLES for word in role.split()}
