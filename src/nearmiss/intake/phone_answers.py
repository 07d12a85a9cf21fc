"""What can be an answer in a phone's text, and how much of what stands there is it."""

import re
from datetime import timedelta
from functools import cache, lru_cache

from nearmiss.dates.grammar import read_when
from nearmiss.dates.now import read_now
from nearmiss.dates.phrase import WEEKDAY, DateNotUnderstood
from nearmiss.intake.reached import names_somebody
from nearmiss.intake.values import name_kind, read_worry
from nearmiss.model.questions import QUESTIONS
from nearmiss.text import join_lines
from nearmiss.words import read_words

FIELDS = tuple(QUESTIONS)
_CLIENT, _WHEN, _WHERE, _WHAT = FIELDS[:4]
CHOSEN = _WORRY, _KIND = "safeguarding", "category"  # whose answers are chosen, not typed
LINED = (_CLIENT, _WHEN, _WHERE, *CHOSEN)  # whose answers are one line


def read_phone_words(kind: str) -> dict[str, list[str]]:
    """Return one of the lists of what a phone's text says."""
    return read_words("phone")[kind]  # type: ignore[no-any-return]


def fold(text: str) -> str:
    """Return the letters and digits of ``text`` alone."""
    return re.sub(r"[\W_]+", "", text.casefold())


# What it is worth

# "who was it at the door" names no client, "where she sits" no place; no answer ends with "the".
_NO_NAME = frozenset(
    (  # noqa: SIM905
        "a an at he i in is it my of on she that the they to was who when where what told worried "
        "idea kind one two three four five six seven eight nine ten no up go us we me do so or by "
        "as if ok am pm yes"
    ).split()
)
_SAYS_DEED = frozenset("he she it i we they was is were".split())  # noqa: SIM905
_NO_END = re.compile(
    r"(?:\b(?:a|an|the|my|their|our|your|to|of|and|or|but|at|by|from|for|about|around|after|before"
    r"|past|no|any|some|very|because|good|best|how|i|he|she|we|they|(?<!there and )then"
    r"|(?:are|did) you|who did))\Z",
    re.I,
)
_MOST_NAME, _MOST_CLIENT = 3, 8  # words of a name, and of what may hold one
_MOST_LETTERS, _MOST_EACH = 4, 3  # of initials, and of each of them
_MOST_TIME, _MOST_WHERE, _MOST_KIND = 6, 12, 3  # words of what is no sentence yet
_FEWEST_WHAT = 2  # words: fewer don't tell what happened
_CUT, _MOST_LINES = 4, 4  # points less for what is cut off, and at most for lines of one of LINED
_NOTHING_SAID, _ELSEWHERE, _NO_PLACE = 3, 2, 9  # points less


@lru_cache(20_000)
def weigh_answer(name: str, said: str, *, ends: bool) -> float:
    """Return what speaks for ``said`` as the answer to a question, from -9 to 3.

    ``ends`` where it goes on to the end of a line.
    """
    text = tidy_answer(said)
    if not text:
        return 0 if ends or said.strip() else -_NOTHING_SAID
    cost = _CUT if not ends and name != _WORRY and _NO_END.search(text) else 0
    if name in LINED:
        cost += min(_MOST_LINES, len(re.findall(r"\n\W*\w", text)))
    first = text.split("\n")[0]
    weigh = {_CLIENT: _weigh_client, _WHEN: _weigh_time, _WORRY: _weigh_worry}.get(name)
    if weigh:
        return weigh(first, text) - cost
    if looks_like_initials(first):
        return -(_NO_PLACE if name == _WHERE else _ELSEWHERE) - cost
    if is_time(join_lines(text)) or (name != _KIND and name_kind(text)):
        return -_ELSEWHERE - cost
    return _weigh_typed(name, first, is_one_line=ends and first == text) - cost


def _weigh_typed(name: str, first: str, *, is_one_line: bool) -> float:
    words = first.casefold().split()
    tells = bool(_SAYS_DEED & {*words})
    if name == _WHAT:
        return 0 if len(words) > _FEWEST_WHAT or tells else -2
    if name == _WHERE:
        return 0 if len(words) <= _MOST_WHERE and not tells else -2
    if name == "informed":
        is_told = names_somebody(" ".join(first.split()[:_MOST_CLIENT]))
        return 1 if is_told or read_worry(first) is False else -0.5
    if name == _KIND:  # a word of her own for it is a kind too, where nothing else follows
        is_own = is_one_line and len(words) <= _MOST_KIND
        return 3 if find_plain_kind(first) else 0 if is_own else -3
    return 0


def _weigh_client(first: str, _: str) -> float:
    count = len(first.split())
    if count > _MOST_CLIENT:
        return -6
    if not (first[0].isalpha() and can_be_client(first)):
        return -3
    if re.search(r"\s\d+\s", first):
        return 0
    return 3 if looks_like_initials(first) else 2 if count <= _MOST_NAME else 1


def _weigh_time(first: str, text: str) -> float:
    if is_time(join_lines(text)) or is_time(first):
        return 3
    is_like = _LIKE_TIME.search(first)
    return min(2, 2 - 0.25 * (len(first.split()) - _MOST_TIME)) if is_like else -2


def _weigh_worry(first: str, text: str) -> float:
    if read_worry(text) is not None or read_worry(first) is not None:
        return 3
    return 1 if re.match(r"(?:yes|no|not|y|n)[,.]?(?:\s|\Z)", first, re.I) else -3


def is_plain(name: str, said: str) -> bool:
    """Whether an answer is so much its question's that nothing else can stand in it."""
    least = {_CLIENT: 2, _WHEN: 3, _WORRY: 2}.get(name, -99)
    return weigh_answer(name, said, ends=True) >= least


# What it is

_TITLED = re.compile(r"\b(?:mrs?|ms|miss|dr|lady)\b\.?\s\w", re.I)
_TWO_CLIENTS = re.compile(r"\b[A-Z]{2,3}\b.*(?:\band\b|&|\+).*\b[A-Z]{2,3}\b")


def can_be_client(said: str) -> bool:
    """Whether initials or a name stand there: few letters, a title, or a capital."""
    words = re.findall(r"[^\W\d_]+", said)
    if _TWO_CLIENTS.search(said) or re.search(r"\b(?:where|when)\b", said, re.I):
        return False
    is_short = 0 < sum(map(len, words)) <= _MOST_LETTERS and max(map(len, words)) <= _MOST_EACH
    others = [each for each in words if each.casefold() not in _NO_NAME]
    are_letters = said.isupper() or len("".join(words)) == len(words)
    if is_short and (len(others) == len(words) or are_letters):
        return True
    return any(each[0].isupper() for each in others) or _TITLED.search(said) is not None


def looks_like_initials(said: str) -> bool:
    """Whether a text is two or three capitals, and nothing else."""
    return bool(re.fullmatch(r"(?:[A-Z]\.? ?){2,3}", said))


def looks_like_client(said: str) -> bool:
    """Whether a line without a label is a client: initials, be they small, or a name with title."""
    is_small = re.fullmatch(r"[a-z]\.? ?[a-z]\.?", said)
    return bool(looks_like_initials(said) or is_small or _TITLED.match(said))


_LIKE_TIME = re.compile(
    rf"\d|\b(?:{WEEKDAY}|\w*(?:day|night|morning|noon|time|evening)\b"
    r"|(?:just )?now\b|am\b|pm\b|call\b)",
    re.I,
)
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


_LONGEST_KIND, _AND = 4, ("and", "or", "&", "/")  # words


def find_plain_kind(said: str) -> str:
    """Return the words with which ``said`` names a kind plainly; nothing where it doesn't."""
    words = said.split()
    for length in (len(words), *range(min(_LONGEST_KIND, len(words) - 1), 0, -1)):
        rest = words[length : length + 1]
        if name_kind(" ".join(words[:length]).strip(".()")):
            goes_on = rest and (rest[0] in _AND or words[length - 1][-1] in ",;/")
            return "" if goes_on else " ".join(words[:length])
    return ""


# Their words

_BLANK = re.compile(r"[\s_.…:()\[\]*~/–—-]*")
HUM = re.compile(
    r"^(?:(?:um+|uh+|erm+|well(?=,|\s(?:i|he|she|it|they|we|the|there|his|her|my)\b))\b[\s,]*)+"
    r"|(?:[\s,]*\b(?:um+|uh+|erm+))+$",
    re.I,
)
_BULLETS = re.compile(  # or pictures
    r"^(?:[\s>*•·▪◦‣⁃–—-]+\s|[\s\u2600-\u260f\u2613-\u26ff\u270b\U0001f300-\U0001faff]+)"
)


def tidy_answer(said: str) -> str:
    """Return what was said without bullets, hums and blanks around it."""
    said = _take_ticked(said.strip())
    lines = [_BULLETS.sub("", each).strip() for each in said.split("\n")]
    text = HUM.sub("", "\n".join(lines).strip()).strip()
    is_blank = _BLANK.fullmatch(text) or fold(text) in read_phone_words("plain")["blank"]
    return "" if is_blank else text


_EMPTY = r"[☐⬜◻▢❌✗✘]|[\[(][ _]?[\])]"
_TICKED = r"[☑☒✅✔✓]|[\[(][xX✓✔/][\])]"
_OPTION = re.compile(rf"({_TICKED})|{_EMPTY}")


def has_boxes(said: str) -> bool:
    """Whether boxes to be ticked are left in an answer."""
    return _OPTION.search(said) is not None


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


_MOST_JOINED = 10  # words of an answer that goes on in the next line
_TELLS_MORE = re.compile(r"(?:from|off|on|in|into|out|down|over|with|at|of)\b[^\n]*\Z", re.I)


def cut_line(name: str, text: str, *, is_last: bool = False) -> tuple[str, str]:
    """Return the answer to a question of one line, and what stands behind it."""
    first, _, rest = text.partition("\n")
    if name == _KIND and (kind := find_plain_kind(first)):
        rest = text[len(kind) :].strip(" .")
        hedges = {fold(each) for each in ["", *read_phone_words("plain")["hedges"]]}
        return (text, "") if fold(rest) in hedges or _TELLS_MORE.match(rest) else (kind, rest)
    rest = rest.strip()
    goes_on = (rest[:1].islower() or rest[:1] == "(") and not re.search(r"\w:\s", rest)
    if name == _WHEN:
        goes_on = bool(re.search(r",\s*\Z", first) or _NO_END.search(first))
        goes_on = goes_on or _LIKE_TIME.search(rest) is not None
    if goes_on and not is_last and "\n" not in rest and len(text.split()) <= _MOST_JOINED:
        return join_lines(text), ""
    return first.strip(), rest
