"""Words that say a time is not known, or is when something was noticed."""

import re

from nearmiss.dates.phrase import PARTS, WEEKDAY_NUMBERS
from nearmiss.dates.shown import MONTHS

_WHO = r"(?:(?:i'?m?|we|she|he|they)(?: am| are| is| really| honestly| just)* )?"
_NOT = (
    r"(?:(?:do not|don'?t|did not|didn'?t|cannot|can not|can'?t|could not|couldn'?t|not)"
    r"(?: (?:really|quite|exactly|yet))* (?:kn[ow]+n?|sure|certain|clear|noted|recorded"
    r"|remember|recall|say|tell)"
    r"|(?:no|haven'?t (?:a|any|got a)) (?:idea|clue)|no ?(?:one|body) (?:knows|saw)|who knows"
    r"|dunno|idk|n/?k|unkno?wn?|unclear|unsure|uncertain|unwitnessed|unseen|forgot(?:ten)?)"
)
_OF_WHAT = (
    r"(?: (?:of )?(?:exactly|when(?: (?:it|that|this))?(?: was| happened)?|what time|what hour"
    r"|(?:the )?(?:exact )?(?:time|hour)|it(?: happen)?|for sure|at all|sorry))*"
)
_TIME_IS = r"(?:(?:the )?(?:exact )?(?:time|hour|when)(?: is| was|:)? )?"
_NOT_KNOWN = rf"(?<![\w/])(?:{_TIME_IS}{_WHO}{_NOT}{_OF_WHAT})(?![\w/'])"
_OF_THE_DAY = r"(?:the )?(?:(?:day|date)(?: (?:and|&|or) (?:the )?time)?|time (?:and|&|or) date)"
_NO_ANSWER = r"\?+|-+|n/?a|none|tbc|when"
_NOT_THERE = (
    r"(?:i |we )?(?:(?:was|were)(?: not|n'?t) (?:there|here|in|present|on shift)"
    r"|(?:did not|didn'?t) see(?: (?:it|that|him|her|them))?(?: happen| fall)?)"
    r"|not (?:seen|witnessed)"
    r"|(?:before|when) (?:i|we) (?:came|arrived|got)(?: (?:in|here|there|home|back|on shift))*"
    r"|before (?:my|our) shift"
)
_DAY_OPEN = (
    rf"\b(?:(?:which|what|the|exact) (?:day|date)|(?:day|date)(?: is| was|:)? {_NOT}"
    rf"|{_NOT} (?:if|whether|(?:that )?it was|that was))\b"
)
_DOUBT = r"\b(?:maybe|perhaps|possibly|probably|might|could|may be|must|think)\b"
_MARKS = " .,;:!-()"
_ECHOED = r"; when it happened is not known$"  # as it is shown of what was noticed

_NOTICED = r"\b(?:found(?: out)?|noticed?|discovered|spotted|came across|reali[sz]ed)\b"
# A piece of furniture is no time of day.
_BED = r"\b(in|on|by|to|beside|near|under|off|of|from|against)( (?:the|his|her|their|a))? bed\b"
_TIMELY = {
    *MONTHS,
    *WEEKDAY_NUMBERS,
    *(word for name in PARTS for word in name.split()),
    *(  # noqa: SIM905 - a list literal would take 20 lines
        "today yesterday tomorrow tonight ago noon midday midnight half quarter breakfast lunch"
        " dinner tea supper bed week weeks weekend fortnight month hour hours minutes days"
    ).split(),
}


def is_not_known(tidy: str) -> bool:
    """Whether ``tidy`` says nothing but that it is not known."""
    bare = tidy.strip(" .,;:!()")
    of_the_day = (
        rf"(?:{_OF_THE_DAY}(?: is| was|:)? )?{_NOT_KNOWN}(?: (?:which |what )?{_OF_THE_DAY})?"
    )
    return bool(re.fullmatch(rf"{of_the_day}|{_NOT} {_OF_THE_DAY}|{_NO_ANSWER}|{_NOT_THERE}", bare))


def cut_not_known(tidy: str) -> str | None:
    """Return ``tidy`` without the words that say the time is not known; None where it has none.

    None too where it is the day that is not known: a time alone is of no day then.
    """
    if re.search(_DAY_OPEN, tidy):
        return None
    rest, found = re.subn(_NOT_KNOWN, ",", re.sub(_ECHOED, "", tidy), count=1)
    if not found:
        return None
    return re.sub(r"^(?:but|and)\b|\b(?:but|and)$", "", rest.strip(_MARKS)).strip(_MARKS)


def is_in_doubt(tidy: str) -> bool:
    """Whether ``tidy`` has a word that makes a day doubtful: ``not sure, maybe yesterday``."""
    return bool(re.search(_DOUBT, tidy))


def split_noticed(tidy: str) -> tuple[list[str], list[str]] | None:
    """Return the words before and after one that says it was noticed; None where there is none."""
    plain = re.sub(_BED, r"\1\2 place", re.sub(_ECHOED, "", tidy)).replace("next to", "beside")
    found = re.search(_NOTICED, plain)
    if not found:
        return None
    return plain[: found.start()].split(), plain[found.end() :].split()


def may_be_time(words: list[str]) -> bool:
    """Whether one of ``words`` may be of a time, so that leaving it out may change what is said."""
    bare = [word.strip(_MARKS) for word in words]
    return any(word in _TIMELY or re.search(r"\d", word) for word in bare)
