"""Labels in a text from a carer's phone: every place where an answer may begin."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import NamedTuple

from nearmiss.dates.phrase import count_slips
from nearmiss.intake.columns import CLOCK, DAY, find_field
from nearmiss.model.questions import QUESTIONS
from nearmiss.words import read_words

FIELDS = tuple(QUESTIONS)
_PLACE = {name: at for at, name in enumerate(FIELDS)}
_CLIENT, _WHEN, _WHERE, _WHAT = FIELDS[:4]
SURE = 7  # points from which a label alone decides
_WEAK = 5  # points of what needs its neighbours
_FEW = 3  # labels at the beginning of lines from which a text is one of lines
_MANY = 6  # numbers alone from which a text is one of numbers
_LONGEST = 9  # words of a label
_SEVERAL = 3  # words by which a label is known though it is not quite one


class Word(NamedTuple):
    """A word with where it stands, and whether it begins a line."""

    text: str
    start: int
    end: int
    begins: int  # where its line begins, if nothing but marks stands before it; else -1


class Mark(NamedTuple):
    """Where an answer may begin: its label, from ``start`` to ``end``, and what speaks for it."""

    start: int
    end: int
    field: str
    power: int
    by: str  # "label", "hint" or "number": what names the field
    begins: bool = False  # a line
    numbered: bool = False
    several: bool = False  # words of a label

    @property
    def at(self) -> int:
        """The place of its field among the questions."""
        return _PLACE[self.field]


def read_phone_words(kind: str) -> dict[str, list[str]]:
    """Return one of the lists of what a phone's text says."""
    return read_words("phone")[kind]  # type: ignore[no-any-return]


def fold(text: str) -> str:
    """Return the letters and digits of ``text`` alone."""
    return re.sub(r"[\W_]+", "", text.casefold())


class Label(NamedTuple):
    """What a label means; ``core`` those of the guide, ``slip`` what was made of them."""

    field: str
    words: int
    core: bool = False
    slip: bool = False


@cache
def _list_labels() -> dict[str, Label]:
    """Return each label that is known by its letters."""
    labels: dict[str, Label] = {}
    for name, slips in read_phone_words("slips").items():
        labels |= {fold(each): Label(name, len(each.split()), slip=True) for each in slips}
    for name, also in read_phone_words("also").items():
        if name in _PLACE:
            labels |= {fold(each): Label(name, len(each.split())) for each in also}
    for name, line in read_words("phone")["lines"].items():
        short = re.sub(r"\(.*", "", line)
        for each in (line, short, *read_phone_words("short").get(name, ())):
            labels[fold(each)] = Label(name, len(re.sub(r"\(.*", "", each).split()), core=True)
    return labels


_HEARD = (
    "1 one won", "2 two to too", "3 three free tree", "4 four for fore", "5 five fife",
    "6 six sicks", "7 seven", "8 eight ate", "9 nine nein", "10 ten tan",
)  # fmt: skip


@cache
def _read_clear() -> frozenset[str]:
    """Return the slips that begin no answer."""
    return frozenset(fold(each) for each in read_phone_words("clear")["words"])


_NUMBERS = {word: at for at, words in enumerate(_HEARD) for word in words.split()}
_TRUE_NUMBERS = frozenset("one two three four five six seven eight nine ten".split())  # noqa: SIM905
_BEFORE_NUMBER = ("number", "question", "point", "line")
HELP = re.compile(r"\s*[(\[]([^)\]\n]{0,60})[)\]]")
HELPS = frozenset(("initials", "ynnotsure", "whohowwhen", "yn", "yesnonotsure", "yesno", "ynu"))
_STRONG = re.compile(
    r"\)?\s*\??\s*(?:[:=\t]|(?<=\t)|colon\b|(?<=\s)[-–—/|]{1,2}(?=\s)|->|→)[:\s]*", re.I
)
_SOFT = re.compile(r"\s*[.,;?!)](?=\s)\s*")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def _list_words(text: str) -> list[Word]:
    words, line = [], 0
    for found in _WORD.finditer(text):
        line = max(line, text.rfind("\n", 0, found.start()) + 1)
        begins = line if not _WORD.search(text, line, found.start()) else -1
        words.append(Word(found[0].casefold(), found.start(), found.end(), begins))
    return words


def find_marks(text: str) -> list[Mark]:
    """Return every place where an answer may begin, in order."""
    words = _list_words(text)
    marks = [mark for at in range(len(words)) if (mark := _read_mark(text, words, at))]
    lined = [each for each in marks if each.begins and each.power >= SURE]
    if len({each.field for each in lined}) >= _FEW:
        marks = [each for each in marks if each.power >= SURE or each.begins]
        named = {each.field for each in lined if each.by == "label"}
        weak = {mark for mark in marks if mark.by != "label" or mark.power < SURE}
        marks = [each for each in marks if each not in weak or each.field not in named]
    elif len({each.field for each in marks if each.by == "number"}) >= _MANY:
        # By numbers alone: "no idea", "who heard it" are words of answers.
        marks = [each for each in marks if each.numbered or each.several]
    else:
        marks += _find_slips(text, words, {each.start for each in marks})
    marks.sort(key=lambda mark: mark.start)
    inside = {
        each
        for at, each in enumerate(marks)
        for other in marks[max(0, at - _LONGEST) : at]
        if other.start < each.start < other.end and other.power >= each.power
    }
    marks = [each for each in marks if each not in inside]
    return sorted(_drop_unknown(text, marks), key=lambda mark: (mark.start, -mark.power))


def _drop_unknown(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """Return marks without what stands before a colon behind each number: words unknown here."""
    alone = [each for each in marks if each.by == "number" and each.begins]
    found = [re.match(r"[^\W\d][^:\n\d]{0,40}:\s+", text[each.end :]) for each in alone]
    if len(alone) < _FEW or not all(found):
        return list(marks)
    ends = {mark: mark.end + each.end() for mark, each in zip(alone, found, strict=True) if each}
    return [each._replace(end=ends.get(each, each.end)) for each in marks]


def _read_mark(text: str, words: Sequence[Word], at: int) -> Mark | None:
    """Return what may begin with the word at ``at``: a number, a label, or both."""
    first, begins = words[at], words[at].begins >= 0
    start = first.begins if begins else first.start
    after = at + 1 if first.text in _BEFORE_NUMBER and at + 1 < len(words) else at
    number = _NUMBERS.get(words[after].text) if not _is_part(text, words[after]) else None
    if at and not begins and words[at - 1].text in read_phone_words("counts")["clock"]:
        number = None
    behind = after + 1 if number is not None else at
    label, end = _read_label(text, words, behind, begins=begins)
    if label is None and number is not None and begins and behind < len(words):
        garbled = _find_garbled(text, words[behind].start, number)
        label, end = (Label(FIELDS[number], 1), garbled) if garbled else (None, end)
    agrees = label is not None and number == _PLACE[label.field]
    if agrees and label and not label.core and not _STRONG.match(text, end):
        agrees = label.words > 1 or words[behind].text in _read_clear()
        label = label if agrees else None  # "6 did it up" begins an answer
    if label and (agrees or number is None or begins):
        power = _weigh(text, words, at, label, end, agrees=agrees)
        power = power if agrees or number is None or power > SURE else 0
        shown = _skip(text, end, label.field)
        by = "hint" if not (label.core or agrees) and label.words < 0 else "label"
        if power:
            several = label.words > 1 and (label.core or label.slip or power >= SURE)
            return Mark(start, shown, label.field, power, by, begins, agrees, several)
    if number is None or not _begins_answer(text, words, after, begins=begins):
        return None
    return Mark(start, _skip_number(text, words[after].end), FIELDS[number], 5 if begins else 2,
                "number", begins, True)  # fmt: skip


def _is_part(text: str, word: Word) -> bool:
    """Whether a number is a part of something else: of a time, a date, a dose."""
    return bool(
        re.match(r"[:./,]\d|\s?[%£°/+]", text[word.end :])
        or re.search(r"\d[:./,]|[£$€/-]$", text[max(0, word.start - 2) : word.start])
    )


def _begins_answer(text: str, words: Sequence[Word], at: int, *, begins: bool) -> bool:
    """Whether a number alone may stand for the label: it counts nothing."""
    counts, word = read_phone_words("counts"), words[at]
    spelt = word.text.isdecimal() or word.text in _TRUE_NUMBERS
    last = words[at - 1].text if at and not begins else ""
    following = words[at + 1] if at + 1 < len(words) else None
    marked = re.match(r"[ \t]*[.):]", text[word.end :])
    counted = following and "\n" not in text[word.end : following.start]
    if counted and not marked and following and following.text in counts["after"]:
        return False
    return spelt and (begins or last not in counts["before"])


def _read_label(
    text: str, words: Sequence[Word], at: int, *, begins: bool
) -> tuple[Label | None, int]:
    """Return the label that begins with the word at ``at``, and where it ends."""
    labels = _list_labels()
    found: tuple[Label | None, int] = (None, 0)
    joined = ""
    for word in words[at : at + _LONGEST + 3]:
        if found[0] and re.search(r"[\n:]", text[found[1] : word.start]):
            break
        joined += fold(word.text)
        if label := labels.get(joined):
            found = label, word.end
    own = _read_own(text, words[at].start) if begins and at < len(words) else None
    if own and (not found[0] or own[1] > found[1] or found[0].slip):
        return own
    return found


_MUCH = 0.5


def _find_garbled(text: str, start: int, number: int) -> int:
    """Return where the label ends that is plainly meant for that of a number; 0 for none."""
    cut = re.match(r"[^:=\n]{1,60}", text[start:])
    wanted = fold(re.sub(r"\(.*", "", read_words("phone")["lines"][FIELDS[number]]))
    said = fold(cut[0]) if cut and text[start + cut.end() :][:1] in (":", "=") else ""
    alike = SequenceMatcher(None, wanted, said).ratio() if said else 0
    return start + cut.end() if cut and alike >= _MUCH else 0


def _read_own(text: str, start: int) -> tuple[Label, int] | None:
    """Return what a label in words of her own means, that stands before a colon or a dash."""
    line = text[start : text.find("\n", start)]
    cut = re.match(
        r"([^:=\n,;\"]{2,70}?)(\s*\?)?\s*(?:[:=](?!\d\d\b)|(?<=\?)\s|\s[-–—]{1,2}\s|$)", line
    )
    bare = re.sub(r"\(.*?\)", "", cut[1]) if cut else ""
    if not cut or len(bare.split()) > _LONGEST or (cut.end() == len(line) and ":" not in cut[0]):
        whole = bool(cut and find_field(cut[1]) and len(cut[1].split()) > 1)
        if not whole:
            return None
    said = cut[1] if cut else ""
    name = find_field(said)
    known = {DAY: _WHEN, CLOCK: _WHEN, "what_happened": _WHAT}.get(name or "", name)
    if known in _PLACE:
        return Label(str(known), len(bare.split())), start + len(said)
    if close := _find_close(bare):
        return Label(close, 2), start + len(said)
    if slipped := _find_slipped(fold(bare)):
        return Label(slipped, -1), start + len(said)
    own = set(re.findall(r"[\w']+", bare.casefold()))
    hinted = next(
        (each for each, hints in read_phone_words("hints").items() if own & {*hints}), None
    )
    return (Label(hinted, -1), start + len(said)) if hinted else None


_CLOSE, _APART = 0.8, 0.08


@cache
def _find_close(said: str) -> str | None:
    """Return the field of the one label that ``said`` is nearly."""
    wanted, best = fold(said), dict[str, float]()
    for label, meant in _list_labels().items():
        if meant.slip:
            continue
        if abs(len(label) - len(wanted)) <= 5 and len(wanted) > 3:  # noqa: PLR2004
            ratio = SequenceMatcher(None, label, wanted).ratio()
            best[meant.field] = max(best.get(meant.field, 0.0), ratio)
    first, second = [*sorted(best.items(), key=lambda each: -each[1]), ("", 0.0), ("", 0.0)][:2]
    return first[0] if first[1] >= _CLOSE and first[1] - second[1] >= _APART else None


def _find_slipped(said: str) -> str | None:
    """Return the field of a label of one word of which ``said`` is a slip."""
    if len(said) < 4 or said in ("then", "there", "here"):  # noqa: PLR2004
        return None
    single = {each: label for each, label in _list_labels().items() if label.core}
    close = {label.field for each, label in single.items() if count_slips(said, each) <= 1}
    return close.pop() if len(close) == 1 else None


def _weigh(
    text: str, words: Sequence[Word], at: int, label: Label, end: int, *, agrees: bool
) -> int:
    """Return what speaks for a label where it stands; 0 where it is no label there."""
    begins = words[at].begins >= 0
    helped = HELP.match(text, end)
    behind = helped.end() if helped else end
    line_end = r"[ \t]*\?|[ \t]*\n"
    strong = bool(_STRONG.match(text, behind) or (begins and re.match(line_end, text[behind:])))
    before = text[: words[at].start].rstrip()
    capital = text[words[at].start].isupper()
    power = 2 if label.words < 0 else 6 if label.words > 1 else 3
    if agrees:
        return power + 4 + 2 * begins + 3 * strong
    if label.slip and not (begins and strong) and label.words < 2:  # noqa: PLR2004
        return 0
    if not (label.core or label.slip) and not (begins and strong):
        return _WEAK if begins and label.words > 1 else 0
    ended = capital and before.endswith((".", "!", "?", "\n"))
    soft = 2 if _SOFT.match(text, behind) else 0
    return power + 2 * begins + (3 if strong else soft) + (capital and bool(strong or soft)) + ended


def _skip(text: str, end: int, name: str) -> int:
    """Return where the answer begins behind a label: after its help and what separates them."""
    helped = HELP.match(text, end)
    if helped and (fold(helped[1]) in HELPS or re.search(r"\w", text[helped.end() :][:2]) is None):
        is_help = fold(helped[1]) in HELPS or not (name == "informed" or len(helped[1]) < 4)  # noqa: PLR2004
        end = helped.end() if is_help else end
    found = _STRONG.match(text, end) or _SOFT.match(text, end)
    return found.end() if found else end


def _skip_number(text: str, end: int) -> int:
    found = re.match(r"\s*[.):\-–—]*\s*", text[end:])
    return end + (found.end() if found else 0)


def _find_slips(text: str, words: Sequence[Word], known: set[int]) -> Iterator[Mark]:
    """Yield what is nearly a label of several words in a text without lines."""
    cores = {
        each: label
        for each, label in _list_labels().items()
        if label.core and label.words >= _SEVERAL
    }
    for at, word in enumerate(words):
        if word.start in known:
            continue
        for label, meant in cores.items():
            for length in (meant.words, meant.words + 1, meant.words - 1):
                run = words[at : at + length]
                if len(run) < length or word.text[0] != label[0]:
                    continue
                joined = "".join(fold(each.text) for each in run)
                if SequenceMatcher(None, joined, label).ratio() >= _CLOSE:
                    yield Mark(word.start, run[-1].end, meant.field, 5, "label", several=True)
                    break
