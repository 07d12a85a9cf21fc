"""What can be an answer in a phone's text, and how much of what stands there is it."""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import cache, lru_cache

from nearmiss.dates.grammar import read_when
from nearmiss.dates.now import read_now
from nearmiss.dates.phrase import WEEKDAY, DateNotUnderstood
from nearmiss.intake.labels import FIELDS, fold, read_phone_words
from nearmiss.intake.reached import names_somebody
from nearmiss.intake.values import find_worry, name_kind
from nearmiss.text import join_lines

_CLIENT, _WHEN, _WHERE = FIELDS[:3]
LINED = (_CLIENT, _WHEN, _WHERE, "safeguarding", "category")  # whose answers are one line

# "who was it at the door" names no client, "where she sits" no place; no answer ends with "the".
_NO_NAME = frozenset(
    (  # noqa: SIM905
        "a an at he i in is it my of on she that the they to was who when where what told worried "
        "idea kind one two three four five six seven eight nine ten"
    ).split()
)
_NO_PLACE = frozenset("he she it i we they was is were".split())  # noqa: SIM905
_NO_END = frozenset(
    (  # noqa: SIM905
        "a an the my their our your to of and or but at by from for about around after before past "
        "no any some very because good best how"
    ).split()
)


@lru_cache(20_000)
def weigh_answer(name: str, said: str, *, ends: bool) -> float:
    """Return what speaks for ``said`` as the answer to a question.

    ``ends`` where it goes on to the end of a line.
    """
    is_dashed, said = said.strip() != "", tidy_answer(said)
    words = said.casefold().split()
    if not words:
        return 0 if ends or is_dashed else -3
    is_cut = not ends and words[-1] in _NO_END and name != "safeguarding"
    cost = -4 if is_cut else 0
    if name in LINED:
        cost -= min(4, len(re.findall(r"\n\W*\w", said)))
    return cost + _weigh_typed(name, said.split("\n")[0], said)


def _weigh_typed(name: str, first: str, said: str) -> float:
    words = first.casefold().split()
    if name == _CLIENT:
        return _weigh_client(first, words)
    if name == _WHEN:
        return 3 if _is_time(join_lines(said)) or _is_time(first) else _weigh_like_time(words)
    if name == _WHERE:
        is_place = len(words) <= _MOST_WHERE and not _NO_PLACE & {*words}
        return -5 if _looks_like_initials(first) else 0 if is_place else -2
    if name == "safeguarding":
        is_plain = find_worry(said) is not None or find_worry(first) is not None
        begins = words[0].strip(",.") in ("yes", "no", "not", "y", "n")
        return 3 if is_plain else 1 if begins else -3
    if name == "informed":
        return 1 if names_somebody(first) or find_worry(first) is False else -0.5
    return 0 if name != "category" else 3 if _find_kind(first) else -3


_MOST_NAME, _MOST_CLIENT = 3, 8  # words of a name, and of what may hold one


def _weigh_client(first: str, words: Sequence[str]) -> float:
    if len(words) <= _MOST_NAME and first[0].isalpha() and not _NO_NAME & {*words}:
        return 2
    return -3 if len(words) <= _MOST_CLIENT else -6


_MOST_WHERE = 12  # words that are no sentence yet
_LIKE_TIME = re.compile(
    rf"\d|\b(?:{WEEKDAY}|\w*(?:day|night|morning|noon|time|evening)\b"
    r"|(?:just )?now\b|am\b|pm\b|call\b)",
    re.I,
)


def _weigh_like_time(words: Sequence[str]) -> float:
    if not _LIKE_TIME.search(" ".join(words)):
        return -2
    return min(2, 2 - 0.25 * (len(words) - 6))


def _looks_like_initials(said: str) -> bool:
    return bool(re.fullmatch(r"(?:[A-Z]\.? ?){2,3}", said))


def _find_kind(said: str) -> str:
    """Return the words with which ``said`` names a kind plainly; nothing where it doesn't."""
    words = said.split()
    for length in (len(words), *range(min(4, len(words) - 1), 0, -1)):
        rest = words[length : length + 1]
        if (
            name_kind(" ".join(words[:length]).strip(".()"))
            and rest not in (["and"], ["or"], ["&"], ["/"])
            and not (rest and words[length - 1][-1] in ",;/")
        ):
            return " ".join(words[:length])
    return ""


_LONGEST_TIME = 60  # characters
_A_YEAR = timedelta(days=366)


@cache
def _is_time(said: str) -> bool:
    if len(said) > _LONGEST_TIME:
        return False
    now = read_now()
    for moment in (now, now.replace(hour=23, minute=59), now + _A_YEAR):
        try:  # one that lies ahead is a time all the same
            read_when(said, moment)
        except DateNotUnderstood:
            continue
        return True
    return False


# Their words

_BLANK = re.compile(r"[\s_.…:()\[\]*~/–—-]*")


HUM = re.compile(r"^(?:(?:um+|uh+|erm+)\b[\s,]*)+|(?:[\s,]*\b(?:um+|uh+|erm+))+$", re.I)


def tidy_answer(said: str) -> str:
    """Return what was said without bullets, hums and blanks around it."""
    lines = [re.sub(r"^[\s>*•·▪◦‣⁃–—-]+\s", "", each).strip() for each in said.strip().split("\n")]
    text = HUM.sub("", "\n".join(lines).strip()).strip()
    is_blank = _BLANK.fullmatch(text) or fold(text) in read_phone_words("plain")["blank"]
    return "" if is_blank else text


_MOST_JOINED = 10  # words of an answer that goes on in the next line


def cut_line(name: str, text: str, *, is_last: bool = False) -> tuple[str, str]:
    """Return the answer to a question of one line, and what stands behind it."""
    first, _, rest = text.partition("\n")
    if name == "category" and (kind := _find_kind(first)):
        return kind, text[len(kind) :].strip(" .")
    if name in (_CLIENT, "category"):
        return first.strip(), rest
    goes_on = (rest[:1].islower() or rest[:1].isdigit()) and not re.search(r"\w:\s", rest)
    if name == _WHEN and _is_time(first) and not _LIKE_TIME.search(rest):
        goes_on = False
    if goes_on and not is_last and "\n" not in rest and len(text.split()) <= _MOST_JOINED:
        return join_lines(text), ""
    return first.strip(), rest
