"""Labels in a phone's text: those of the ten lines in all their words, and what is like one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from typing import NamedTuple

from nearmiss.intake.phone_answers import FIELDS, fold, read_phone_words
from nearmiss.words import read_words

_ONE, _SEVERAL_WORDS = 3, 6  # what a label of the guide is worth, of one word or of several
_OTHER_ONE, _OTHER_SEVERAL, _SLIP = 2, 4, 5  # the same in other words, or misspelt
_HINT = -1  # what a word is worth that may stand in a label of the question
_NO_WORTH = 5  # points less of what is hardly like a label
_LIKE, _CLOSE = 0.6, 0.75  # what is like a label at the beginning of a line, and within one
_LONGEST, _LONG = 9, 100  # words of a label, and characters
_SEVERAL = 3  # words of a label that is not looked for in more of them
_TELLING = 0.7  # what is like a label of what nearly happened, and does not tell it


class Label(NamedTuple):
    """What a label means and is worth; ``core`` as the guide has it, ``heard`` where misspelt."""

    field: str
    worth: float
    words: int = 1
    core: bool = False
    heard: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it is no word that may stand anywhere."""
        return not self.heard and (self.core or self.words > 1)


class Word(NamedTuple):
    """A word with where it stands; ``line`` is where its line begins where it is first, else -1."""

    text: str
    start: int
    end: int
    line: int = -1


# Known labels


@cache
def list_guide() -> dict[str, str]:
    """Return the labels of the guide, whole and in short, with the question of each."""
    lines = {str(line): name for name, line in read_phone_words("lines").items()}
    bare = {_strip_help(line): name for line, name in lines.items()}
    shorts = read_phone_words("short").items()
    return lines | bare | {each: name for name, some in shorts for each in some}


def find_question(said: str) -> str:
    """Return the question of a text that is a label of the guide and nothing else, or ''."""
    label = _list_labels().get(fold(said))
    return label.field if label and label.core else ""


_HEADS = {"date": "occurred_at", "time": "occurred_at", "what_happened": "what_nearly_happened"}


@cache
def _list_labels() -> dict[str, Label]:
    """Return each label that is known by its letters."""
    labels: dict[str, Label] = {}

    def add(name: str, said: Iterable[str], one: float, several: float, **kind: bool) -> None:
        for each in said if name in FIELDS else ():
            worth = several if len(WORD.findall(_strip_help(each))) > 1 else one
            labels[fold(each)] = Label(name, worth, len(WORD.findall(each)), **kind)

    for head, said in read_words("heads")["known"].items():
        add(_HEADS.get(head, head), said, _OTHER_ONE, _OTHER_SEVERAL)
    for name, said in read_phone_words("slips").items():
        add(name, said, _OTHER_ONE, _SLIP, heard=True)
    for name, said in read_phone_words("also").items():
        add(name, said, _OTHER_ONE, _OTHER_SEVERAL)
    for label, name in list_guide().items():
        add(name, [label], _ONE, _SEVERAL_WORDS, core=True)
    return labels


def _strip_help(text: str) -> str:
    return re.sub(r"\(.*", "", text).strip()


HELP = re.compile(r"\s*[(\[]([^)\]\n]{0,150})[)\]]")
_HELPS = ("initials", "ynnotsure", "whohowwhen", "yn", "yesnonotsure", "yesno", "ynu")


def is_help(said: str) -> bool:
    """Whether what stands in brackets is what the guide says behind a label, if with a slip."""
    return bool(get_close_matches(fold(said), _HELPS, 1, 0.75))


# Words

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")
_FEWEST_CAPITALS = 4  # labels in capitals of a text in which these tell them from the answers


def list_words(text: str) -> list[Word]:
    """Return the words of a text, each with where it stands.

    In a text of one line a sentence is one; and so is a word in capitals where labels are.
    """
    words, line, is_one_line = list[Word](), 0, "\n" not in text.strip()
    shouts = shouts_labels(text)
    for found in WORD.finditer(text):
        line = max(line, text.rfind("\n", 0, found.start()) + 1)
        is_sentence = is_one_line and text[: found.start()].endswith((". ", "! ", "? "))
        if (is_sentence and found[0][0].isupper()) or (shouts and _CAPITALS.match(found[0])):
            line = found.start()
        first = line if not WORD.search(text, line, found.start()) else -1
        words.append(Word(found[0].casefold(), found.start(), found.end(), first))
    return words


@cache
def shouts_labels(text: str) -> bool:
    """Whether labels are told from answers by their capitals."""
    found = {each.split()[0].upper() for each in list_guide()} & {*_CAPITALS.findall(text)}
    return len(found) >= _FEWEST_CAPITALS and re.search(r"\b[a-z]{3}", text) is not None


# Labels where they stand


def read_labels(
    text: str, words: Sequence[Word], at: int, *, begins: bool
) -> Iterator[tuple[Label, int]]:
    """Yield the labels that may begin with the word at ``at``, and where each ends."""
    known = find_known(text, words, at)
    if known:
        yield known
    head = _read_head(text[words[at].start :][:_LONG].partition("\n")[0]) if words[at:] else ""
    end = words[at].start + len(head) if head else 0
    if begins and head and (not known or end > known[1]):
        if not known or not known[0].is_plain or re.match(r"\s*[:=?]", text[end:]):
            yield from ((each, end) for each in _explain(head))
    elif not known or known[0].words < _SEVERAL:
        alike = _find_alike(text, words, at, begins=begins)
        yield from (each for each in alike if not known or each[1] > known[1])


def find_known(text: str, words: Sequence[Word], at: int) -> tuple[Label, int] | None:
    """Return the longest label that is known which begins with the word at ``at``."""
    joined, found = "", None
    for count, word in enumerate(words[at : at + _LONGEST], 1):
        if found and re.search(r"[\n:]", text[found[1] : word.start]):
            break
        joined += fold(word.text)
        label = _list_labels().get(joined)
        if label and label.words >= count:  # "who M" is not "whom"
            found = label, word.end
    return found


def _find_alike(
    text: str, words: Sequence[Word], at: int, *, begins: bool
) -> Iterator[tuple[Label, int]]:
    """Yield what is nearly a label of the guide: misheard, mistyped, or spelt by ear."""
    runs = [""]
    for word in words[at : at + _LONGEST]:
        is_apart = runs[1:] and re.search(r"[\n:]", text[words[at].end : word.start])
        if is_apart or word.text in ("no", "not"):
            break
        runs.append(runs[-1] + fold(word.text))
    for letters, name, count in _list_folded():
        best = 0.0, 0
        for length in (count, count + 1, count - 1) if count > 1 else (1,) if begins else ():
            said = runs[length] if length < len(runs) else ""
            is_longer = length > count and said and said[len(runs[1]) :] in _list_labels()
            if {*said[:2]} & {*letters[:2]} and not is_longer:  # "mins Worried"
                best = max(best, (compare(said, letters), words[at + length - 1].end))
        if best[0] >= (_LIKE if begins else _CLOSE):
            worth = _lessen(_SEVERAL_WORDS if count > 1 else _ONE, best[0])
            yield Label(name, worth, count, core=True, heard=True), best[1]


@cache
def _list_folded() -> tuple[tuple[str, str, int], ...]:
    """Return the letters, the question and the number of words of each label of the guide."""
    guide = list_guide().items()
    return tuple((fold(each), name, len(WORD.findall(each))) for each, name in guide)


def _lessen(worth: float, likeness: float) -> float:
    """Return what a label is worth that is only like one."""
    return (worth + _NO_WORTH) * (likeness - _LIKE) / (1 - _LIKE) - _NO_WORTH


@cache
def compare(said: str, letters: str) -> float:
    """Return how much two texts are alike: 1 where they are the same, 0 where hardly."""
    match = SequenceMatcher(None, said, letters)
    can_be = match.real_quick_ratio() >= _LIKE <= match.quick_ratio()
    return match.ratio() if can_be else 0


_HEAD = re.compile(
    r"((?:[^:=\n,;\".!]|[.!](?!\s)){2,70}?)(?:\s*\?)?\s*"
    r"(?:[:=](?!\d\d\b)|(?<=\?)\s|\s(?:[-–—]{1,2}|->|→)\s)"
)


def _read_head(line: str) -> str:
    """Return the words before a colon, a dash or a question mark with which a line begins."""
    cut = _HEAD.match(line)
    said = _strip_help(cut[1] if cut else line if fold(line) in _list_labels() else "")
    is_label = len(said.split()) <= _LONGEST and not re.search(r"\d", said) and not _tells(said)
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
def _explain(said: str) -> tuple[Label, ...]:
    """Return what a label in words of her own may mean: one that it is like, or a word in it."""
    letters, likely = fold(said), dict[str, float]()
    for label, meant in _list_labels().items():
        alike = 0 if meant.heard else compare(letters, label)
        if alike >= _LIKE:
            worth = _lessen(meant.worth, alike)
            likely[meant.field] = max(likely.get(meant.field, worth), worth)
    own = {*re.findall(r"[\w']+", said.casefold())}
    hints = read_phone_words("hints").items()
    if hinted := next((name for name, each in hints if own & {*each}), ""):
        likely[hinted] = max(likely.get(hinted, _HINT), _HINT)
    return tuple(Label(name, worth, len(said.split())) for name, worth in likely.items())
