"""Labels in a text from a carer's phone: every place where an answer may begin."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from typing import NamedTuple

from nearmiss.dates.phrase import count_slips
from nearmiss.intake.columns import CLOCK, DAY, find_field
from nearmiss.intake.values import find_worry, name_kind
from nearmiss.model.questions import QUESTIONS
from nearmiss.words import read_words

FIELDS = tuple(QUESTIONS)
SURE = 7  # points from which a label at the beginning of a line speaks for itself
_FEW = 3  # of these from which a text is one of lines, and of numbers
_WORDS = 6  # points of a label of one word, begins a line, and a mark or several words
_PLAIN, _MANY = 3, 6  # points of less plain ones, and how many of these make it one
_LONGEST = 9  # words of a label
_SEVERAL = 3  # words by which a label is known though it is not quite one
_STYLED = 4  # points of a number that begins a line as the others do
_ALIKE = 0.6  # a label of its own line and what it is a slip of
_FAINT = 0.4  # points of a word that may be a slip of a label, or count something
_INLINE = 8  # points of a label within a line, of a text of lines
_DOUBLE = 1.5  # points of a number, or a word, whose question a plain label names elsewhere
_GUESSED = -1.75  # points of what a label is hardly alike
_HALF = 0.5  # what stands behind a number before a colon, and its label
_CLOSE = 0.8  # words within a line and what they are a slip of


class Mark(NamedTuple):
    """Where an answer may begin: its label, from ``start`` to ``end``, and what speaks for it."""

    start: int
    end: int
    field: str
    power: float
    begins: bool = False  # a line
    numbered: bool = False  # by a number alone
    bare: bool = False  # words behind which nothing says that the label ends

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


def read_phone_words(kind: str) -> dict[str, list[str]]:
    """Return one of the lists of what a phone's text says."""
    return read_words("phone")[kind]  # type: ignore[no-any-return]


def fold(text: str) -> str:
    """Return the letters and digits of ``text`` alone."""
    return re.sub(r"[\W_]+", "", text.casefold())


def strip_help(text: str) -> str:
    """Return a label without what stands in brackets."""
    return re.sub(r"\(.*", "", text).strip()


@cache
def is_help(said: str) -> bool:
    """Whether what stands in brackets is what the guide says behind a label, if with a slip."""
    return bool(get_close_matches(fold(said), _HELPS, 1, 0.75))


@cache
def _list_labels() -> dict[str, _Label]:
    """Return each label that is known by its letters."""
    labels: dict[str, _Label] = {}
    for kind, one, several in (("slips", 0, 5), ("also", 2, 4)):
        for name, said in read_phone_words(kind).items():
            for each in said if name in FIELDS else ():
                words = len(each.split())
                power = several if words > 1 else one
                labels[fold(each)] = _Label(name, power, words, slip=kind == "slips")
    for name, line in read_phone_words("lines").items():
        for each in (str(line), strip_help(str(line)), *read_phone_words("short").get(name, ())):
            words = len(strip_help(each).split())
            labels[fold(each)] = _Label(name, 6 if words > 1 else 3, words, core=True)
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
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def _list_words(text: str) -> list[_Word]:
    words, line = [], 0
    for found in _WORD.finditer(text):
        line = max(line, text.rfind("\n", 0, found.start()) + 1)
        is_first = not _WORD.search(text, line, found.start())
        words.append(
            _Word(found[0].casefold(), found.start(), found.end(), line if is_first else -1)
        )
    return words


# Marks


def find_marks(text: str) -> list[Mark]:
    """Return every place where an answer may begin, in order."""
    words = _list_words(text)
    marks = [mark for at in range(len(words)) for mark in _read_marks(text, words, at)]
    if len({each.field for each in marks if each.numbered}) < _FEW:
        marks = [each for each in marks if not each.numbered]
    marks += _place_lines(text, marks)
    lined = {each.field for each in marks if each.begins and each.power >= SURE}
    numbers = {each.field for each in marks if each.numbered and each.power >= _STYLED}
    likely = {each.field for each in marks if each.begins and each.power >= _PLAIN}
    if len(lined | numbers) >= _FEW or len(likely) >= _MANY:
        # What stands within a line is no label here, nor what is less plain than others are.
        least = _WORDS if len(lined) >= _MANY else 0
        marks = [each for each in marks if each.power >= _INLINE or each.begins]
        marks = _doubt_doubles(marks, least)
    marks.sort(key=lambda mark: (mark.start, -mark.power))
    return [
        each
        for at, each in enumerate(marks)
        if not any(
            (other.start < each.start < other.end and (other.begins or other.power >= each.power))
            or (other.start, other.field, other.end) == (each.start, each.field, each.end)
            for other in marks[max(0, at - _LONGEST) : at]
        )
    ]


def _doubt_doubles(marks: Sequence[Mark], least: float) -> list[Mark]:
    """Return marks with little power where a plainer one names the same question.

    Or where a mark stands behind other labels, but not behind this one.
    """
    named = {each.field for each in marks if each.begins and each.power >= SURE}
    return [
        each._replace(power=min(each.power, _DOUBLE))
        if each.power < SURE and (each.field in named or (each.bare and each.power < least))
        else each
        for each in marks
    ]


def _read_marks(text: str, words: Sequence[_Word], at: int) -> Iterator[Mark]:
    """Yield what may begin with the word at ``at``: a number, a label, or both."""
    begins = words[at].line >= 0
    start = words[at].line if begins else words[at].start
    start -= not begins and text[start - 1 : start] in ("#", "(")
    after = at + 1 if words[at].text in _BEFORE_NUMBER and at + 1 < len(words) else at
    number = None if _is_part(text, words[after]) else _NUMBERS.get(words[after].text)
    behind = at if number is None else after + 1
    if number is not None and behind < len(words):
        between = text[words[after].end : words[behind].start]
        behind = behind if re.fullmatch(r"[ \t]*[.):/\-–—]*[ \t]*", between) else len(words)
    for label, end in _read_labels(text, words, behind, begins=begins):
        is_number = words[after].text.isdecimal() or words[after].text in _SPELT
        agrees = number is not None and FIELDS[number] == label.field
        is_chance = not begins and not _has_labels(text)  # "I rang at 9. Idea"
        if agrees and (is_chance or not (is_number or label.core) or label.power < _GUESSED):
            continue
        power = _weigh(text, words, at, label, end, agrees=agrees)
        if power and (agrees or number is None):
            shown = _skip(text, end, label.field)
            bare = not agrees and not re.search(r"[^\w\s]|\n", text[end:shown])
            yield Mark(start, shown, label.field, power, begins, bare=bare)
    if number is not None and (power := _weigh_number(text, words, at, after)):
        end = _skip_unknown(text, words[after].end, FIELDS[number], begins=begins)
        yield Mark(start, end, FIELDS[number], power, begins, numbered=True)


def _is_part(text: str, word: _Word) -> bool:
    """Whether a number is a part of something else: of a time, a date, a dose."""
    return bool(
        re.match(r"[:./,-]\d|\s?[%£°+]|/\w", text[word.end :])
        or re.search(r"\d[:./,-]\Z|[£$€/-]\Z", text[max(0, word.start - 2) : word.start])
    )


def _weigh_number(text: str, words: Sequence[_Word], at: int, after: int) -> float:
    """Return what speaks for a number alone; nothing where it counts something."""
    counts, word = read_phone_words("counts"), words[after]
    following = words[after + 1].text if after + 1 < len(words) else ""
    begins, is_marked = words[at].line >= 0, bool(re.match(r"[ \t]*[.):/-]", text[word.end :]))
    if not word.text.isdecimal() and word.text not in _SPELT:
        return 0
    is_counting = following in counts["after"] and "\n" not in text[word.end :][:2]
    if begins and is_counting and not is_marked:
        return 0
    if begins:
        return _STYLED if _read_style(text, word) == _find_style(text) else 1
    is_named = after > at or is_marked or text[word.start - 1 : word.start] in ("#", "(")
    if is_named:
        return 3.5
    if _has_marks(text):
        return _FAINT
    return 0.5 if is_counting or (at and words[at - 1].text in counts["before"]) else 2.5


@cache
def _has_marks(text: str) -> bool:
    """Whether marks stand beside numbers throughout."""
    found = re.findall(r"[#(]\d{1,2}\b|\b\d{1,2}[).](?=\s)", text)
    return len({*found}) >= _FEW


def _read_style(text: str, word: _Word) -> str:
    """Return the marks that stand behind a number."""
    return (re.match(r"[^\w\s]?", text[word.end :]) or [""])[0]


@cache
def _find_style(text: str) -> str:
    """Return what stands behind most numbers that begin a line."""
    styles = re.findall(r"^[^\w\n]*\d{1,2}([^\w\s]?)(?=\s|[^\W\d])", text, re.M)
    return max(styles, key=styles.count, default="")


def _read_labels(
    text: str, words: Sequence[_Word], at: int, *, begins: bool
) -> Iterator[tuple[_Label, int]]:
    """Yield the labels that may begin with the word at ``at``, and where each ends."""
    joined, count, found = "", 0, None
    for word in words[at : at + _LONGEST + 3]:
        if found and re.search(r"[\n:]", text[found[1] : word.start]):
            break
        joined += fold(word.text)
        label, count = _list_labels().get(joined), count + 1
        if label and (label.words >= count or "(" in text[words[at].end : word.start]):
            found = label, word.end
    own = _read_own(text[words[at].start :].partition("\n")[0]) if begins and words[at:] else ""
    end = words[at].start + len(own) if own else 0
    longer = [each for each in _explain(own) if own and (not found or end > found[1])]
    if found and (found[0].core or found[0].words > 1):
        longer = [each for each in longer if each.field == found[0].field and each.power >= -1]
        longer = [each for each in longer if not found[0].core or _find_head(own)]
    yield from ((each, end) for each in longer)
    if found and (found[0].slip or not longer):
        yield found
    if found is None or found[0].words < _SEVERAL or found[0].field == "safeguarding":
        close = _read_close(text, words, at)
        yield from (each for each in close if not found or each[1] > found[1])


@cache
def _list_cores() -> dict[str, str]:
    """Return the labels of the guide by their letters."""
    lines = read_phone_words("lines").items()
    return {strip_help(str(line)).casefold(): name for name, line in lines}


def _read_close(text: str, words: Sequence[_Word], at: int) -> Iterator[tuple[_Label, int]]:
    """Yield what is nearly a label of the guide: one of several words, or a word with one slip."""
    for line, name in _list_cores().items():
        letters, count = fold(line), len(line.split())
        best, end = 0.0, 0
        for length in {1} if count == 1 else (count, count + 1, count - 1):
            run = words[at : at + length]
            said = "".join(fold(each.text) for each in run)
            is_whole = len(run) == length and not re.search(
                r"[\n:]", text[run[0].start : run[-1].end]
            )
            if not is_whole or not {*said[:2]} & {*letters[:2]}:
                continue
            if count == 1:
                best = _CLOSE * (
                    len(said) >= _SEVERAL
                    and count_slips(said, letters) <= 1 + (len(letters) > _WORDS)
                )
            elif not {"not", "no"} & {each.text for each in run[1:]}:
                inner = any(fold(line).startswith(fold(each.text)) for each in run[1:2])
                best, end = max((best, end), (_compare(said, letters) - inner, run[-1].end))
        if best >= _CLOSE:
            power = _FAINT if count == 1 else 5 if count == _SEVERAL else 6.5
            yield _Label(name, power, count, core=count > 1), end or words[at].end


@cache
def _compare(said: str, letters: str) -> float:
    return SequenceMatcher(None, said, letters).ratio()


def _read_own(line: str) -> str:
    """Return the words before a colon, a dash or a question mark with which a line begins."""
    cut = re.match(
        r"([^:=\n,;\"]{2,70}?)(?:\s*\?)?\s*(?:[:=](?!\d\d\b)|(?<=\?)\s|\s[-–—]{1,2}\s)", line
    )
    said = cut[1] if cut else line if len(line.split()) > 1 and _find_head(line) else ""
    said = strip_help(said)
    return said if len(said.split()) <= _LONGEST else ""


def _find_head(said: str) -> str:
    """Return the question that a sheet's head of these words is."""
    name = find_field(said) or ""
    name = {DAY: "occurred_at", CLOCK: "occurred_at", "what_happened": FIELDS[3]}.get(name, name)
    return name if name in FIELDS else ""


@cache
def _explain(said: str) -> tuple[_Label, ...]:
    """Return what a label in words of her own may mean: a sheet's head, a slip, a word in it."""
    bare, words = strip_help(said), len(said.split())
    if name := _find_head(bare):
        return (_Label(name, 4 if words > 1 else 2, words),)
    likely: dict[str, float] = {}
    for label, meant in _list_labels().items():
        alike = 0 if meant.slip else SequenceMatcher(None, label, fold(bare)).ratio()
        if alike >= _ALIKE:
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
    is_head = not label.slip and _find_head(text[words[at].start : end].rsplit(maxsplit=1)[-1])
    if agrees and (label.core or strong or label.words > 1 or is_head):
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
    ended = text[words[at].start].isupper() and re.search(r"[.!?] $", text[: words[at].start])
    return label.power + 2 * begins + soft + bool(ended)


def _skip(text: str, end: int, name: str) -> int:
    """Return where the answer begins behind a label: after its help and what separates them."""
    helped = HELP.match(text, end)
    if helped and (is_help(helped[1]) or re.search(r"\w", text[helped.end() :][:2]) is None):
        is_other = name == "informed" or len(helped[1]) <= _SEVERAL
        end = helped.end() if is_help(helped[1]) or not is_other else end
    found = _STRONG.match(text, end) or _SOFT.match(text, end)
    if not found and name in FIELDS[:3]:
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
        is_alike = first and head != "what" and _compare(fold(first[1]), head) >= _ALIKE
        if first and (is_alike or fold(first[1]) in slips):
            return end + first.end()
    said = re.match(r"([^\W\d][^:=\n]{0,60}?)\s*[:=]\s*", line) if begins else None
    if said and (len(said[1].split()) == 1 or _compare(fold(label), fold(said[1])) > _HALF):
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


_LINE = re.compile(r"^[^\w\n]*(?=\w)(?P<label>[^:\n]{1,40}?\s*(?::(?!\d)|\s[-–—]\s)\s*)?.*$", re.M)
_MOST_UNKNOWN = 4
_LIKELY = 6  # points from which a label is known where it stands in its place


_INITIALS = re.compile(r"\W*(?:[A-Z]\.? ?){2,3}\s*\n")


def _place_lines(text: str, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the marks of lines by their place alone, where there are ten of them.

    Either each line has a label, of which most are known and stand in their place, or none has.
    """
    initials = _INITIALS.match(text)
    if initials and any(m.start == initials.end() and m.power >= _PLAIN for m in marks if m.begins):
        yield Mark(0, 0, FIELDS[0], 3, begins=True)
    lines = [found for found in _LINE.finditer(text) if found[0].strip()]
    labelled = [each for each in lines if each[1]]
    named = {each.start: each.field for each in marks if each.begins and each.power >= _LIKELY}
    firsts = [each for each in marks if each.begins and each.power >= 1]
    if len(labelled) == len(FIELDS):
        inplace = [named.get(each.start()) == FIELDS[at] for at, each in enumerate(labelled)]
        others = [named.get(each.start(), "") for each in labelled]
        if sum(inplace) >= len(FIELDS) - _MOST_UNKNOWN:
            for at, each in enumerate(labelled):
                if not others[at]:
                    yield Mark(each.start(), each.end("label"), FIELDS[at], 5, begins=True)
    elif len(lines) == len(FIELDS) and not firsts and _are_typed(lines):
        for at, each in enumerate(lines):
            yield Mark(each.start(), each.start(), FIELDS[at], 2, begins=True)


def _are_typed(lines: Sequence[re.Match[str]]) -> bool:
    """Whether of ten lines the seventh is a yes or no, and the last a kind."""
    said = dict(zip(FIELDS, (each[0].strip(" *•-") for each in lines), strict=True))
    return find_worry(said["safeguarding"]) is not None and name_kind(said["category"]) is not None
