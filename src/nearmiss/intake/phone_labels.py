"""Labels in a text from a carer's phone: every place where an answer may begin."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from typing import NamedTuple

from nearmiss.intake.phone_answers import (
    CHOSEN,
    FIELDS,
    fold,
    read_phone_words,
    weigh_answer,
)
from nearmiss.words import read_words

_FEW, _MANY = 3, 6  # labels behind numbers, and numbers alone, from which a text is one of these
LONGEST, _LONG = 9, 100  # words of a label, and characters
SEVERAL = 3  # words by which a label is known though it is not quite one
STYLED = 4  # points of a number that begins a line as the others do
_ALIKE = 0.6  # a label of its own line and what it is a slip of
_FAINT = 0.4  # points of a word that may be a slip of a label, or count something
_HALF = 0.5  # what stands behind a number before a colon, and its label
_TELLING = 0.7  # what is like a label of what nearly happened, and does not tell it
_CLOSE = 0.8  # words within a line and what they are a slip of


class Mark(NamedTuple):
    """Where an answer may begin: its label, from ``start`` to ``end``, and what speaks for it."""

    start: int
    end: int
    field: str
    power: float
    begins: bool = False  # a line
    numbered: bool = False  # by a number alone

    @property
    def at(self) -> int:
        """The place of its field among the questions."""
        return FIELDS.index(self.field)


class _Word(NamedTuple):
    """A word with where it stands; ``line`` is where its line begins where it is first, else -1."""

    text: str
    start: int
    end: int
    line: int


class _Label(NamedTuple):
    """What a label means, and what speaks for it; those of the guide are ``core``."""

    field: str
    power: float
    words: int
    core: bool = False
    slip: bool = False
    head: bool = False  # of a sheet, which nothing is a slip of


def strip_help(text: str) -> str:
    """Return a label without what stands in brackets."""
    return re.sub(r"\(.*", "", text).strip()


@cache
def is_help(said: str) -> bool:
    """Whether what stands in brackets is what the guide says behind a label, if with a slip."""
    return bool(get_close_matches(fold(said), _HELPS, 1, 0.75))


_HEADS = {"date": "occurred_at", "time": "occurred_at", "what_happened": FIELDS[3]}


@cache
def _list_labels() -> dict[str, _Label]:
    """Return each label that is known by its letters."""
    labels: dict[str, _Label] = {}

    def add(name: str, said: Iterable[str], one: float, several: float, kind: str = "") -> None:
        for each in said if name in FIELDS else ():
            power = several if len(WORD.findall(strip_help(each))) > 1 else one
            kinds = (kind == "core", kind == "slip", kind == "head")
            labels[fold(each)] = _Label(name, power, len(WORD.findall(each)), *kinds)

    for head, said in read_words("heads")["known"].items():
        add(_HEADS.get(head, head), said, 2, 4, "head")
    for name, said in read_phone_words("slips").items():
        add(name, said, 0, 5, "slip")
    for name, said in read_phone_words("also").items():
        add(name, said, 2, 4)
    for name, line in read_phone_words("lines").items():
        short = read_phone_words("short").get(name, ())
        add(name, (str(line), strip_help(str(line)), *short), 3, 6, "core")
    return labels


# Words

_HEARD = (
    "1 one won", "2 two to too", "3 three free tree", "4 four for fore", "5 five fife",
    "6 six sicks", "7 seven", "8 eight ate", "9 nine nein", "10 ten tan",
)  # fmt: skip
_NUMBERS = {word: at for at, words in enumerate(_HEARD) for word in words.split()}
_SPELT = frozenset(words.split()[1] for words in _HEARD)
_BEFORE_NUMBER = ("number", "question", "point", "line")
HELP = re.compile(r"\s*[(\[]([^)\]\n]{0,150})[)\]]")
_HELPS = ("initials", "ynnotsure", "whohowwhen", "yn", "yesnonotsure", "yesno", "ynu")
_STRONG = re.compile(
    r"[*)]*\s*\??\s*(?:[:=\t]|(?<=\t)|colon\b|(?<=\s)[-–—/|]{1,2}(?=\s)|->|→)[*:\s]*", re.I
)
_SOFT = re.compile(r"\s*[.,;?!)](?=\s)\s*")
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def list_words(text: str) -> list[_Word]:
    """Return the words of a text, each with where it stands."""
    words, line, is_one_line = [], 0, "\n" not in text.strip()
    for found in WORD.finditer(text):
        line = max(line, text.rfind("\n", 0, found.start()) + 1)
        if (
            is_one_line
            and found[0][0].isupper()
            and text[: found.start()].endswith((". ", "! ", "? "))
        ):
            line = found.start()
        is_first = not WORD.search(text, line, found.start())
        words.append(
            _Word(found[0].casefold(), found.start(), found.end(), line if is_first else -1)
        )
    return words


# Marks


_NUMBERED = re.compile(r"(?:^\W*|(?<=[.!?]) )(\d\d?)(?:[ \t]*[.):/\-–—])?[ \t]+(?=(\S.*))", re.M)


@cache
def are_own(text: str) -> bool:
    """Whether the numbers that begin lines are her own, and not those of the ten lines.

    Then the labels behind them are of other questions; or, where there are none, it is not the
    seventh that says whether she is worried.
    """
    differ, said = 0.0, dict[int, str]()
    for number, rest in _NUMBERED.findall(text):
        said[int(number)] = rest
        for label, end in _read_labels(rest, list_words(rest), 0, begins=False):
            is_plain = not label.slip and (label.core or label.words > 1)
            if is_plain and FIELDS[int(number) - 1 : int(number)] != (label.field,):
                differ += 1 if label.words > 1 or _STRONG.match(rest, end) else _HALF
    worried, last = (said.get(FIELDS.index(each) + 1, "") for each in CHOSEN)
    is_moved = weigh_answer(CHOSEN[0], worried, ends=True) < 0
    return differ > 1 or (is_moved and weigh_answer(CHOSEN[0], last, ends=True) > 0)


def read_marks(text: str, words: Sequence[_Word], at: int, *, own: bool) -> Iterator[Mark]:
    """Yield what may begin with the word at ``at``: a number, a label, or both.

    ``own`` where numbers are her own, and say nothing of the question.
    """
    begins = words[at].line >= 0
    start = words[at].line if begins else words[at].start
    start -= not begins and text[start - 1 : start] in ("#", "(")
    is_named = words[at].text in _BEFORE_NUMBER and at + 1 < len(words)
    after = at + 1 if is_named and words[at + 1].line < 0 else at
    number = None if _is_part(text, words[after]) else _NUMBERS.get(words[after].text)
    behind = at if number is None else after + 1
    if number is not None and behind < len(words):
        between = text[words[after].end : words[behind].start]
        behind = behind if re.fullmatch(r"[ \t]*[.):/\-–—]*[ \t]*", between) else len(words)
    number = None if own else number
    for label, end in _read_labels(text, words, behind, begins=begins):
        is_number = words[after].text.isdecimal() or words[after].text in _SPELT
        agrees = number is not None and FIELDS[number] == label.field
        is_chance = not begins and not _has_labels(text)  # "I rang at 9. Idea"
        if agrees and (is_chance or not (is_number or label.core)):
            continue
        power = _weigh(text, words, at, label, end, agrees=agrees)
        if power and (agrees or number is None):
            yield Mark(start, skip_separator(text, end, label.field), label.field, power, begins)
    if number is not None and (power := _weigh_number(text, words, at, after)):
        end = _skip_unknown(text, words[after].end, FIELDS[number], begins=begins)
        yield Mark(start, end, FIELDS[number], power, begins, numbered=True)


def _is_part(text: str, word: _Word) -> bool:
    """Whether a number is a part of something else: of a time, a date, a dose."""
    found = re.match(r"[:./,-]\d|\s?[%£°+]|/\w", text[word.end :])
    before = re.search(r"\d[:./,-]\Z|[£$€/-]\Z", text[max(0, word.start - 2) : word.start])
    return bool(before or (found and not (word.line >= 0 and _is_in_turn(text, word))))


def _is_in_turn(text: str, word: _Word) -> bool:
    """Whether a number begins the line between those of its neighbours: "9:2 rugs"."""
    mark, number = re.escape(text[word.end]), int(word.text) if word.text.isdecimal() else 0
    heads = re.findall(rf"^\W*(\d\d?){mark}", text, re.M)
    beside = {str(each) for each in (number - 1, number + 1) if 0 < each <= len(FIELDS)}
    return beside <= {*heads}


def _weigh_number(text: str, words: Sequence[_Word], at: int, after: int) -> float:
    """Return what speaks for a number alone; nothing where it counts something."""
    counts, word, is_named = read_phone_words("counts"), words[after], after > at
    following = words[after + 1].text if after + 1 < len(words) else ""
    is_counting = following in counts["after"]
    if not word.text.isdecimal() and word.text not in _SPELT and not is_named:
        return 0
    if words[at].line >= 0:
        is_plain = not is_counting or re.match(r"[ \t]*[.):/-]", text[word.end :])
        return STYLED if is_plain else _FAINT if _is_numbered(text) else 0
    if is_named:
        return 3.5
    return 0.5 if is_counting or (at and words[at - 1].text in counts["before"]) else 2.5


@cache
def _is_numbered(text: str) -> bool:
    return len({*re.findall(r"^\W*(\d\d?)\b", text, re.M)}) >= _MANY


def _read_labels(
    text: str, words: Sequence[_Word], at: int, *, begins: bool
) -> Iterator[tuple[_Label, int]]:
    """Yield the labels that may begin with the word at ``at``, and where each ends."""
    joined, count, found = "", 0, None
    for word in words[at : at + LONGEST + 3]:
        if found and re.search(r"[\n:]", text[found[1] : word.start]):
            break
        joined += fold(word.text)
        label, count = _list_labels().get(joined), count + 1
        if label and (label.words >= count or "(" in text[words[at].end : word.start]):
            found = label, word.end
    line = text[words[at].start :][:_LONG].partition("\n")[0] if begins and words[at:] else ""
    own = _read_own(line)
    end = words[at].start + len(own) if own else 0
    longer = _explain(own) if own and (not found or end > found[1]) else ()
    if found and (found[0].core or found[0].words > 1) and not re.match(r"\s*[:=?]", text[end:]):
        longer = ()  # "Where lounge - by the telly" has a dash within its answer
    yield from ((each, end) for each in longer)
    if found and (found[0].slip or not longer):
        yield found
    if found is None or found[0].words < SEVERAL or found[0].field == "safeguarding":
        close = _read_close(text, words, at)
        yield from (each for each in close if not found or each[1] > found[1])


def find_question(said: str) -> str:
    """Return the question of a text that is a label of the guide and nothing else, or ''."""
    label = _list_labels().get(fold(said))
    return label.field if label and label.core else ""


@cache
def list_guide() -> dict[str, str]:
    """Return the labels of the guide, whole and in short, with the question of each."""
    shorts = read_phone_words("short").items()
    return _list_cores() | {each: name for name, some in shorts for each in some}


@cache
def _list_cores() -> dict[str, str]:
    """Return the labels of the guide by their letters."""
    lines = read_phone_words("lines").items()
    return {strip_help(str(line)).casefold(): name for name, line in lines}


def _read_close(text: str, words: Sequence[_Word], at: int) -> Iterator[tuple[_Label, int]]:
    """Yield what is nearly a label of the guide of several words."""
    for line, name in _list_cores().items():
        letters, count, best = fold(line), len(line.split()), (0.0, 0)
        for length in (count, count + 1, count - 1) if count > 1 else ():
            run = words[at : at + length]
            said = "".join(fold(each.text) for each in run)
            is_whole = len(run) == length and not re.search(
                r"[\n:]", text[run[0].start : run[-1].end]
            )
            is_like = is_whole and {*said[:2]} & {*letters[:2]}
            if is_like and not {"not", "no"} & {each.text for each in run[1:]}:
                inner = any(letters.startswith(fold(each.text)) for each in run[1:2])
                best = max(best, (compare(said, letters) - inner, run[-1].end))
        if best[0] >= _CLOSE:
            yield _Label(name, 5 if count == SEVERAL else 6.5, count, core=True), best[1]


@cache
def compare(said: str, letters: str) -> float:
    """Return how much two texts are alike: 1 where they are the same."""
    return SequenceMatcher(None, said, letters).ratio()


def _read_own(line: str) -> str:
    """Return the words before a colon, a dash or a question mark with which a line begins."""
    cut = re.match(
        r"((?:[^:=\n,;\".!]|[.!](?!\s)){2,70}?)(?:\s*\?)?\s*(?:[:=](?!\d\d\b)|(?<=\?)\s|\s(?:[-–—]{1,2}|->|→)\s)",
        line,
    )
    said = cut[1] if cut else line if fold(line) in _list_labels() else ""
    said = strip_help(said)
    is_label = len(said.split()) <= LONGEST and not re.search(r"\d", said) and not _tells(said)
    return said if is_label else ""


@cache
def _tells(said: str) -> bool:
    """Whether words before a colon tell what nearly happened, and name no question."""
    known = (each for each, meant in _list_labels().items() if meant.field == FIELDS[3])
    is_telling = re.search(r"\b(?:nearly|almost)\b", said, re.I) and not re.match(
        r"(?:nearly|almost|wh?[ao]t\b.*)\Z", said, re.I
    )
    return bool(is_telling) and max(compare(fold(said), each) for each in known) < _TELLING


@cache
def _explain(said: str) -> tuple[_Label, ...]:
    """Return what a label in words of her own may mean: a sheet's head, a slip, a word in it."""
    bare, words = strip_help(said), len(said.split())
    likely: dict[str, float] = {}
    match = SequenceMatcher(None, b=fold(bare))
    for label, meant in _list_labels().items():
        match.set_seq1(label)
        is_own = not (meant.slip or meant.head)
        can_be = is_own and match.real_quick_ratio() >= _ALIKE <= match.quick_ratio()
        if can_be and (alike := match.ratio()) >= _ALIKE:
            # Less what a label that begins a line gets for that, and for the mark behind it.
            likely[meant.field] = max(likely.get(meant.field, -9), 15 * (alike - _ALIKE) - 4)
    own = {*re.findall(r"[\w']+", bare.casefold())}
    hints = read_phone_words("hints").items()
    if hinted := next((name for name, each in hints if own & {*each}), ""):
        likely[hinted] = max(likely.get(hinted, -9), -1)
    return tuple(_Label(name, power, words) for name, power in likely.items())


def _weigh(
    text: str, words: Sequence[_Word], at: int, label: _Label, end: int, *, agrees: bool
) -> float:
    """Return what speaks for a label where it stands; nothing where it is no label there."""
    begins = words[at].line >= 0
    helped = HELP.match(text, end)
    behind = helped.end() if helped else end
    strong = bool(
        _STRONG.match(text, behind) or (begins and re.match(r"\*?[ \t]*[?\n]", text[behind:]))
    )
    if agrees and (label.core or strong or label.words > 1):
        return label.power + 4 + 2 * begins + 3 * strong
    if agrees:  # "8 rang the office" is an answer
        return 0
    if label.slip and not strong and label.words == 1:
        return _FAINT
    if strong:
        return label.power + 2 * begins + 3
    soft = 1.5 if _SOFT.match(text, behind) else 0
    if not label.core:
        return label.power / 2 + (1.5 if begins else -0.5) + soft
    return label.power + 2 * begins + soft


_WHOM = re.compile(r"\s(?:him|her|it|them|me|us|this|that|then|there)(?=\s?:)", re.I)


def skip_separator(text: str, end: int, name: str) -> int:
    """Return where the answer begins behind a label: after its help and what separates them."""
    helped = HELP.match(text, end)
    if helped and (is_help(helped[1]) or re.search(r"\w", text[helped.end() :][:2]) is None):
        is_other = name == "informed" or len(helped[1]) <= SEVERAL
        end = helped.end() if is_help(helped[1]) or not is_other else end
    end += len((_WHOM.match(text, end) or [""])[0])
    found = _STRONG.match(text, end) or _SOFT.match(text, end)
    if not found and name != "safeguarding":
        found = re.compile(r"\s(?:is|was)\b").match(text, end)
    return found.end() if found else end


def _skip_unknown(text: str, end: int, name: str, *, begins: bool) -> int:
    """Return where the answer begins behind a number: after what may be its label, garbled."""
    end += len((re.match(r"[ \t]*[.):/\-–—]*[ \t]*", text[end:]) or [""])[0])
    line = text[end:].partition("\n")[0]
    label = next(each for each, meant in _list_cores().items() if meant == name)
    if _has_labels(text):
        first = re.match(r"(\w+)\s*[:=]?\s*", line)
        slips = {fold(each) for each in read_phone_words("slips").get(name, ())}
        head = label.split()[0]  # "what" begins three of them
        is_alike = first and head != "what" and compare(fold(first[1]), head) >= _ALIKE
        meant = _list_labels().get(fold(first[1])) if first and name in FIELDS[3:6] else None
        if first and (is_alike or fold(first[1]) in slips or (meant and meant.field == name)):
            return end + first.end()
    said = re.match(r"([^\W\d][^:=\n.,;!?]{0,60}?)\s*[:=]\s*", line) if begins else None
    is_alike = said and compare(fold(label), fold(said[1])) > _HALF and not _tells(said[1])
    if said and (len(said[1].split()) == 1 or is_alike):
        return end + said.end()
    return end


@cache
def _has_labels(text: str) -> bool:
    """Whether labels stand behind numbers."""
    found = {
        name
        for line, name in _list_cores().items()
        if re.search(rf"(?:\d|{'|'.join(_SPELT)})[^\w\n]{{1,3}}{line}\b", text, re.I)
    }
    return len(found) >= _FEW
