"""What can be an answer in a phone's text, and how much of what stands there is it."""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import cache, lru_cache

from nearmiss.dates.grammar import read_when
from nearmiss.dates.now import read_now
from nearmiss.dates.phrase import WEEKDAY, DateNotUnderstood
from nearmiss.intake.reached import names_somebody
from nearmiss.intake.values import find_worry, name_kind
from nearmiss.model.questions import QUESTIONS
from nearmiss.text import join_lines
from nearmiss.words import read_words

FIELDS = tuple(QUESTIONS)


def read_phone_words(kind: str) -> dict[str, list[str]]:
    """Return one of the lists of what a phone's text says."""
    return read_words("phone")[kind]  # type: ignore[no-any-return]


def fold(text: str) -> str:
    """Return the letters and digits of ``text`` alone."""
    return re.sub(r"[\W_]+", "", text.casefold())


_CLIENT, _WHEN, _WHERE = FIELDS[:3]
CHOSEN = ("safeguarding", "category")  # whose answers are chosen, not typed
LINED = (_CLIENT, _WHEN, _WHERE, *CHOSEN)  # whose answers are one line

# "who was it at the door" names no client, "where she sits" no place; no answer ends with "the".
_NO_NAME = frozenset(
    (  # noqa: SIM905
        "a an at he i in is it my of on she that the they to was who when where what told worried "
        "idea kind one two three four five six seven eight nine ten no up go us we me do so or by "
        "as if ok am pm yes"
    ).split()
)
_NO_PLACE = frozenset("he she it i we they was is were".split())  # noqa: SIM905
_NO_END = frozenset(
    (  # noqa: SIM905
        "a an the my their our your to of and or but at by from for about around after before past "
        "no any some very because good best how"
    ).split()
)

_NO_ENDS = [each.split() for each in ("was i", "am i", "did i", "are you", "did you", "who did")]


@lru_cache(20_000)
def weigh_answer(name: str, said: str, *, ends: bool) -> float:
    """Return what speaks for ``said`` as the answer to a question.

    ``ends`` where it goes on to the end of a line.
    """
    is_dashed, said = said.strip() != "", tidy_answer(said)
    words = said.casefold().split()
    if not words:
        return 0 if ends or is_dashed else -3
    is_cut = not ends and (words[-1] in _NO_END or words[-2:] in _NO_ENDS)
    is_cut = is_cut and name != "safeguarding"
    cost = -4 if is_cut else 0
    if name in LINED:
        cost -= min(4, len(re.findall(r"\n\W*\w", said)))
    return cost + _weigh_typed(name, said.split("\n")[0], said, ends=ends)


def _weigh_typed(name: str, first: str, said: str, *, ends: bool) -> float:
    words = first.casefold().split()
    if name == _CLIENT:
        return _weigh_client(first, words)
    if name == _WHEN:
        return 3 if is_time(join_lines(said)) or is_time(first) else _weigh_like_time(words)
    points = 0.0
    if name == _WHERE:
        is_place = len(words) <= _MOST_WHERE and not _NO_PLACE & {*words}
        points = -5 if looks_like_initials(first) else 0 if is_place else -2
    elif name == "safeguarding":
        is_plain_worry = find_worry(said) is not None or find_worry(first) is not None
        begins = words[0].strip(",.") in ("yes", "no", "not", "y", "n")
        points = 3 if is_plain_worry else 1 if begins else -3
    elif name == "informed":
        is_told = names_somebody(" ".join(first.split()[:_MOST_CLIENT]))
        points = 1 if is_told or find_worry(first) is False else -0.5
    elif name == "category":
        # A word of her own for it is a kind too, where nothing else follows.
        is_own = ends and first == said and len(words) <= _MOST_KIND
        points = 3 if find_plain_kind(first) else 0 if is_own else -3
    return points


def is_plain(name: str, said: str) -> bool:
    """Whether an answer is so much its question's that nothing else can stand in it."""
    least = {_CLIENT: 2, _WHEN: 3, "safeguarding": 2}.get(name, -99)
    return weigh_answer(name, said, ends=True) >= least


_MOST_KIND = 3  # words of a kind that is not known
_MOST_CLIENT = 8  # words of what may hold a name
_TITLED = re.compile(r"\b(?:mrs?|ms|miss|dr|lady)\b\.?\s\w", re.I)


_TWO_CLIENTS = re.compile(r"\b[A-Z]{2,3}\b.*(?:\band\b|&|\+).*\b[A-Z]{2,3}\b")


def can_be_client(said: str) -> bool:
    """Whether initials or a name stand there: few letters, a title, or a capital."""
    words = re.findall(r"[^\W\d_]+", said)
    if _TWO_CLIENTS.search(said) or {"where", "when"} & {each.casefold() for each in words}:
        return False
    is_short = 0 < sum(map(len, words)) <= _MOST_LETTERS and max(map(len, words)) <= _MOST_EACH
    others = [each for each in words if each.casefold() not in _NO_NAME]
    if is_short and (
        len(others) == len(words) or said.isupper() or len("".join(words)) == len(words)
    ):
        return True
    return any(each[0].isupper() for each in others) or _TITLED.search(said) is not None


_MOST_NAME = 3  # words
_MOST_LETTERS, _MOST_EACH = 4, 3  # of initials, and of each of them


def _weigh_client(first: str, words: Sequence[str]) -> float:
    if first[0].isalpha() and can_be_client(first):
        return (
            0
            if re.search(r"\s\d+\s", first)
            else 2
            if len(words) <= _MOST_NAME
            else 1
            if len(words) <= _MOST_CLIENT
            else -6
        )
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


def looks_like_initials(said: str) -> bool:
    """Whether a text is two or three capitals, and nothing else."""
    return bool(re.fullmatch(r"(?:[A-Z]\.? ?){2,3}", said))


_TELLS_MORE = re.compile(r"(?:from|off|on|in|into|out|down|over|with|at|of)\b[^\n]*\Z", re.I)


def find_plain_kind(said: str) -> str:
    """Return the words with which ``said`` names a kind plainly; nothing where it doesn't."""
    words = said.split()
    for length in (len(words), *range(min(4, len(words) - 1), 0, -1)):
        rest = words[length : length + 1]
        if name_kind(" ".join(words[:length]).strip(".()")):
            is_one = rest not in (["and"], ["or"], ["&"], ["/"])
            is_one = is_one and not (rest and words[length - 1][-1] in ",;/")
            return " ".join(words[:length]) if is_one else ""
    return ""


_TIMED = re.compile(
    rf"{_LIKE_TIME.pattern}|\b(?:lunch|tea|breakfast|dinner|supper|bed|ago|half|quarter|last|this"
    r"|o'?clock|hours?|min\w*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b",
    re.I,
)
_LONGEST_TIME = 60  # characters
_A_YEAR = timedelta(days=366)


@cache
def is_time(said: str) -> bool:
    """Whether ``said`` is a time and nothing else, be it past or ahead."""
    if len(said) > _LONGEST_TIME or not _TIMED.search(said):
        return False
    now = read_now().replace(hour=23, minute=59)
    for moment in (now, now + _A_YEAR):  # one that lies ahead is a time all the same
        try:
            read_when(said, moment)
        except DateNotUnderstood:
            continue
        return True
    return False


# Their words

_BLANK = re.compile(r"[\s_.…:()\[\]*~/–—-]*")


HUM = re.compile(
    r"^(?:(?:um+|uh+|erm+|well(?=,|\s(?:i|he|she|it|they|we|the|there|his|her|my)\b))\b[\s,]*)+"
    r"|(?:[\s,]*\b(?:um+|uh+|erm+))+$",
    re.I,
)
_EMPTY = r"[☐⬜◻▢❌✗✘]|[\[(][ _]?[\])]"
_TICKED = r"[☑☒✅✔✓]|[\[(][xX✓✔/][\])]"
_OPTION = re.compile(rf"({_TICKED})|{_EMPTY}")


def _take_ticked(said: str) -> str:
    """Return what is ticked where boxes stand before each of several answers, or behind each."""
    boxes = list(_OPTION.finditer(said))
    if len(boxes) == 1:  # which is for what stands beside it, but not on both sides
        is_beside = not said[: boxes[0].start()] or not said[boxes[0].end() :]
        return _OPTION.sub("", said).strip() if boxes[0][1] and is_beside else said
    parts = re.split(rf"(?:{_TICKED}|{_EMPTY})", said)
    options = parts[1:] if not parts[0].strip() else parts[:-1]
    if len(options) != len(boxes) or (parts[0].strip() and parts[-1].strip()):
        return said
    chosen = [one.strip(" ,;/\n") for one, box in zip(options, boxes, strict=True) if box[1]]
    return "\n".join(chosen)


# Bullets before an answer, or pictures.
_BULLETS = r"^(?:[\s>*•·▪◦‣⁃–—-]+\s|[\s\u2600-\u260f\u2613-\u26ff\u270b\U0001f300-\U0001faff]+)"


def tidy_answer(said: str) -> str:
    """Return what was said without bullets, hums and blanks around it."""
    said = _take_ticked(said.strip())
    lines = [re.sub(_BULLETS, "", each).strip() for each in said.split("\n")]
    text = HUM.sub("", "\n".join(lines).strip()).strip()
    is_blank = _BLANK.fullmatch(text) or fold(text) in read_phone_words("plain")["blank"]
    return "" if is_blank else text


_MOST_JOINED = 10  # words of an answer that goes on in the next line


def cut_line(name: str, text: str, *, is_last: bool = False) -> tuple[str, str]:
    """Return the answer to a question of one line, and what stands behind it."""
    first, _, rest = text.partition("\n")
    if name == "category" and (kind := find_plain_kind(first)):
        rest = text[len(kind) :].strip(" .")
        is_of_it = fold(rest) in _list_hedges() or _TELLS_MORE.match(rest)
        return (text, "") if is_of_it else (kind, rest)
    rest = rest.strip()
    goes_on = (rest[:1].islower() or rest[:1] == "(") and not re.search(r"\w:\s", rest)
    if name == _WHEN:
        is_open = first.rstrip().endswith(",") or (first.casefold().split() or [""])[-1] in _NO_END
        goes_on = is_open or _LIKE_TIME.search(rest) is not None
    if goes_on and not is_last and "\n" not in rest and len(text.split()) <= _MOST_JOINED:
        return join_lines(text), ""
    return first.strip(), rest


def has_boxes(said: str) -> bool:
    """Whether boxes to be ticked are left in an answer."""
    return _OPTION.search(said) is not None


@cache
def _list_hedges() -> frozenset[str]:
    return frozenset(fold(each) for each in ["", *read_phone_words("plain")["hedges"]])
