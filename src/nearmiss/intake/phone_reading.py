"""The likeliest reading of a phone's text: which of the places where an answer may begin do.

All of them are weighed together: by what stands there, by the order of the ten lines, by whether
neighbours are marked in the same way, and by whether what would be said can be an answer. An answer
is sure where no other reading that cuts it otherwise comes near.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from nearmiss.intake.phone_answers import FIELDS, LINED, cut_line, fold, tidy_answer, weigh_answer
from nearmiss.intake.phone_marks import BARE, LABEL, NUMBER, SOFT, SURE, UNKNOWN, Mark, find_marks
from nearmiss.intake.phone_text import ASIDE

_AHEAD = 2  # points by which a reading must be ahead of every other
_NEVER = -99.0
_BACK, _LEAST_BACK = 70, 20  # marks: nobody leaves out more between two answers
_MOST = 60_000  # pairs of marks that are weighed

# Points of two that follow one another.
_IN_TURN, _LEFT_OUT = 0.5, 0.1  # the next question, and less for each that is passed over
_ALIKE = {NUMBER: 0.5, UNKNOWN: 2.5, BARE: 4.1}  # both are marked in this way
_BESIDE = 2.1  # a word that may be a label, beside another label
_PLACE_LEFT, _LACKS = 1.2, 2  # less where lines without labels pass over a question, or over "what"
_AGAIN, _BACKWARDS, _ANEW = 0.5, 1, 1  # less for one of the same question, an earlier one, a client
_OUT_OF_TURN, _NO_CLIENT = 6, 4  # and where that is no plain label
_FIRM, _STRONG = 2, 6  # points of what may stand out of order: at the beginning of a line, or not
_LATE, _GOES_ON = 4, 1.5  # less for words before the first label, and a line behind a bare one
_MANY = 5  # labels of a line that doesn't begin with one
_WHAT = FIELDS.index("what_nearly_happened")


class Answer(NamedTuple):
    """What was said behind a mark, and whether no other reading comes near."""

    mark: Mark
    said: str
    is_sure: bool
    aside: str  # what was said after somebody else wrote


class _Ways:
    """The points of each step from one mark to a later one, and of the best ways to and from it.

    The marks are counted from 0; -1 is the beginning of the text, ``last`` its end.
    """

    def __init__(self, text: str) -> None:
        self.text, self.marks = text, find_marks(text)
        self.last = len(self.marks)
        self.back = max(_LEAST_BACK, min(_BACK, _MOST // (self.last + 1)))
        self.steps = {
            (at, to): self._weigh_step(at, to)
            for to in range(self.last + 1)
            for at in self.list_before(to)
        }
        self.ahead, self.via = {-1: 0.0}, dict[int, int]()
        for to in range(self.last + 1):
            ways = ((self.ahead[at] + self.steps[at, to], at) for at in self.list_before(to))
            self.ahead[to], self.via[to] = max(ways)
        self.behind = {self.last: 0.0}
        for at in range(self.last - 1, -2, -1):
            ways_on = (self.behind[to] + self.steps[at, to] for to in self.list_behind(at))
            self.behind[at] = max(ways_on)

    def list_before(self, at: int) -> range:
        return range(max(-1, at - self.back), at)

    def list_behind(self, at: int) -> range:
        return range(at + 1, min(at + self.back, self.last) + 1)

    def find_best(self) -> list[int]:
        """Return the marks of the best way, with the end of the text."""
        chain = [self.last]
        while chain[-1] >= 0:
            chain.append(self.via[chain[-1]])
        return chain[-2::-1]

    def cut(self, at: int, to: int) -> str:
        """Return what stands between two marks, up to what somebody else wrote."""
        end = self.marks[to].start if to < self.last else len(self.text)
        return self.text[self.marks[at].end : end].partition(ASIDE)[0]

    def _weigh_step(self, at: int, to: int) -> float:
        mark = self.marks[to] if to < self.last else None
        power = mark.power if mark else 0
        if at < 0:
            is_late = mark and not _is_firm(mark) and re.search(r"\w", self.text[: mark.start])
            return power - _LATE * bool(is_late)
        before = self.marks[at]
        order = _weigh_order(before, mark) if mark else 0
        if order == _NEVER:
            return order
        said = self.cut(at, to)
        more = len(re.findall(r"\n+(?=[^\n])", said)) if before.kind == BARE else 0
        may_go_on = mark and before.kind == BARE and mark.at > before.at
        ends = mark is None or (mark.begins and not may_go_on)
        worth = weigh_answer(before.field, said, ends=ends)
        return power + order + worth - _GOES_ON * more

    def is_sure(self, at: int, to: int) -> bool:
        """Whether no way comes near on which something else is said than between two marks."""
        least, same = self.ahead[self.last] - _AHEAD, self._reduce(at, to)
        return not any(
            self.ahead[one] + self.steps[one, other] + self.behind[other] > least
            and (one < 0 or self._reduce(one, other) != same)
            and not (one == at and self._is_unknown(min(to, other)))
            for other in self.list_behind(at)
            for one in self.list_before(other)
            if one <= at
        )

    def _reduce(self, at: int, to: int) -> tuple[str, str]:
        """Return what would be placed, however it is cut."""
        name, said = self.marks[at].field, self.cut(at, to)
        return name, fold(cut_line(name, tidy_answer(said))[0] if name in LINED else said)

    def _is_unknown(self, at: int) -> bool:
        """Whether a label stands there that nobody knows; up to it, an answer is the same."""
        return at < self.last and self.marks[at].kind == UNKNOWN


def read_best(text: str) -> list[Answer]:
    """Return the answers of the reading for which most speaks."""
    ways, answers = _Ways(text), list[Answer]()
    chain = ways.find_best()
    chosen = [ways.marks[each] for each in chain[:-1]]
    for at, to in pairwise(chain):
        mark, said = ways.marks[at], ways.cut(at, to)
        is_sure = _is_of_form(mark, chosen, text) and ways.is_sure(at, to)
        end = ways.marks[to].start if to < ways.last else len(text)
        aside = text[mark.end + len(said) : end].replace(ASIDE, "")
        label = text[mark.start : mark.end]
        if _IN_ANSWER.fullmatch(label) and not re.match(r"\s*[:.=–—-]", text[mark.end :]):
            said = label.lstrip() + said
        elif not is_sure and mark.kind == UNKNOWN:
            said = label + said
        answers.append(Answer(mark, said, is_sure, aside))
    return answers


# A word that says what happened as well as where that begins: "Nearly slipped on the wet floor".
_IN_ANSWER = re.compile(r"\s*(?:(?:he|she|it|they|[A-Z]{2,3})\s+)?(?:nearly|almost)\s*", re.I)


def _is_of_form(mark: Mark, chosen: Sequence[Mark], text: str) -> bool:
    """Whether a mark begins a line, or stands in one that begins with plain ones or has many."""
    line = text.rfind("\n", 0, mark.start) + 1
    end = text.find("\n", mark.start)
    beside = [each for each in chosen if line <= each.start < (end if end > 0 else len(text))]
    is_plain = len(beside) == 1 or all(each.power >= SURE for each in beside)
    begins = is_plain and beside[0].begins and beside[0].start == line
    return begins or len(beside) >= _MANY


def _weigh_order(before: Mark, mark: Mark) -> float:
    """Return what speaks for one mark that follows another, or against it."""
    if mark.start < before.end or mark.start == before.start:
        return _NEVER
    kinds = {mark.kind, before.kind}
    alike = _ALIKE.get(mark.kind, 0) if len(kinds) == 1 else 0
    if SOFT in kinds and kinds <= {LABEL, SOFT}:
        alike = _BESIDE
    by_place = bool(kinds & {BARE, UNKNOWN})
    passed = mark.at - before.at - 1
    if passed == 0:
        return _IN_TURN + alike
    if passed > 0:
        alike = alike if kinds == {BARE} or SOFT in kinds else 0
        lacks_what = kinds == {BARE} and before.at < _WHAT < mark.at
        return alike - passed * (_PLACE_LEFT if by_place else _LEFT_OUT) - _LACKS * lacks_what
    if mark.at == 0 != before.at:
        return alike - _ANEW if _is_firm(mark) or kinds == {BARE} else -_NO_CLIENT
    is_firm = _is_firm(mark) and not by_place
    if mark.at == before.at:
        return -_AGAIN if is_firm and _is_firm(before) else _NEVER
    return -_BACKWARDS if is_firm else -_OUT_OF_TURN


def _is_firm(mark: Mark) -> bool:
    """Whether a mark may stand out of order."""
    return mark.power >= (_FIRM if mark.begins else _STRONG)
