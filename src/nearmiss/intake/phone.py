"""A text from a carer's phone, cut into reports and each of these into answers, or into doubts.

Every place where an answer may begin is weighed: by its label, however that was dictated or
corrected, by the order of the ten lines, and by whether what would be said there can be an answer.
The reading for which most speaks is taken. An answer is placed where no other reading that cuts it
otherwise comes near; everything else stands beside its question.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from nearmiss.intake.columns import AUTHOR, WRITTEN, find_field
from nearmiss.intake.labels import (
    FIELDS,
    HELP,
    SURE,
    Mark,
    find_marks,
    fold,
    is_help,
    read_phone_words,
)
from nearmiss.intake.phone_answers import HUM, LINED, cut_line, tidy_answer, weigh_answer
from nearmiss.intake.reached import names_somebody
from nearmiss.text import join_lines

_CLIENT, _WHEN, _WHERE, _WHAT = FIELDS[:4]
_FREE = ("what_nearly_happened", "how_prevented", "immediate_action")
_LISTS = ("informed", "recommendations")


@dataclass
class Told:
    """One report of a text: what was said to each question, and what stands beside them."""

    texts: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    claims: list[str] = field(default_factory=list)

    def note(self, name: str, text: str) -> None:
        """Put ``text`` beside the question of a field."""
        if re.search(r"\w", text):
            self.notes[name] = "\n".join(filter(None, (self.notes.get(name), text.strip())))


def split_reports(text: str) -> list[Told]:
    """Return the reports that a text holds, each with its answers; none where it holds nothing."""
    clean = _clean(text)
    text = clean.text
    marks = find_marks(text)
    answers = _read_best(marks, text)
    reports = []
    parts = list(_part(answers, text))
    for number, part in enumerate(parts):
        end = parts[number + 1][0].mark.start if number + 1 < len(parts) else len(text)
        told = _fill(part, marks)
        told.claims = clean.list_claims(part[0].mark.start, end)
        reports.append(told)
    reports = [each for each in reports if each.texts or each.notes] or [Told()]
    before = text[: answers[0].mark.start] if answers else text
    dated = [each for each in before.split("\n") if _DATED.search(each)]
    reports[0].note(_WHEN, "\n".join(dated))
    rest = [each for each in before.split("\n") if each not in dated]
    reports[0].note(_WHAT, "\n".join([*clean.kept, *rest]))
    return [each for each in reports if each.texts or each.notes]


# Cleaning

_DATED = re.compile(r"\b\d{1,4}[./-]\d{1,2}\b|\b(?:yesterday|today)\b", re.I)

_SENT = re.compile(
    r"^\W*?(?:\[(?P<at>\d[^\]\n]{5,28})\]\s*|(?P<or>\d{1,4}[/.-]\d\d?[/.-]\d{2,4},?\s\d\d?[:.]\d\d"
    r"(?:[:.]\d\d)?(?:\s?[ap]\.?m\.?)?)\s+[-–]\s+)(?P<who>[^:\n]{1,60}?):(?:\s|$)",
    re.I,
)
_MAIL = re.compile(r"^\W*(from|sent|to|cc|date|subject)\s*:\s*(.*)$", re.I)
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2069\u202a-\u202e\ufeff]")
_SHAPES = str.maketrans(
    {"’": "'", "‘": "'", "\u2028": "\n", "\u2029": "\n", "\u00a0": " ", "\u202f": " "}
    | {chr(0x2460 + at): f"{at + 1} " for at in range(10)}
    | {"🔟": "10 ", "\ufe0f": "", "\u20e3": " "}
)


@dataclass
class _Clean:
    """A text without what the telephone put around it: what that says is claimed, or kept."""

    text: str = ""
    claims: list[tuple[int, str]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def list_claims(self, first: int, end: int) -> list[str]:
        """Return what is claimed of what stands between two places of the text.

        A message goes on until the next one: it was sent when its head says, or that before it.
        """
        sent = [each for each in self.claims if each[0] < end and each[1].startswith("sent ")]
        heads = [claim for at, claim in sent if at <= first][-1:] or [claim for _, claim in sent]
        own = [claim for at, claim in self.claims if first <= at < end]
        return [*heads[:1], *dict.fromkeys(each for each in own if not each.startswith("sent "))]


_NEXT = (
    r"\b(?:and )?(?:next|second|third|another|last) (?:one|report|near miss)\W+"
    r"(?=(?:one|1|who|when|where|what)\b)"
)


def _write_spoken(text: str) -> str:
    """Return a dictated text with the marks that were said in words."""
    if "\n" not in text.strip():
        text = re.sub(r"\bnew ?line\b,?", "\n", text, flags=re.I)
    for said, mark in (("full stop", "."), ("comma", ",")):
        if len(re.findall(rf"\b{said}\b", text, re.I)) > 1:
            text = re.sub(rf"\s+{said}\b", mark, text, flags=re.I)
    return re.sub(_NEXT, "\n\n", text, flags=re.I)


def _clean(text: str) -> _Clean:
    noise = {
        kind: {fold(each) for each in lines} for kind, lines in read_phone_words("noise").items()
    }
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_SHAPES)
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+(?=\n)", "", _write_spoken(text)))
    for each in " ".join(read_phone_words("guide")).split(". "):
        text = text.replace(each.rstrip("."), "")
    text = HELP.sub(lambda found: " " if is_help(found[1]) else found[0], text)
    clean, is_mail = _Clean(), bool(re.search(r"^\W*subject\s*:", text, re.M | re.I))
    for line in text.split("\n"):
        left, at = line, len(clean.text)
        if sent := _SENT.match(line):
            said = join_lines(f"sent {sent['at'] or sent['or']} by {sent['who']}")
            clean.claims.append((at, said))
            left = line[sent.end() :]
        elif is_mail and (mail := _MAIL.match(line)):
            clean.claims.append((at, join_lines(f"{mail[1].lower()}: {mail[2]}")))
            left = ""
        elif (own := line.partition(":"))[2].strip() and find_field(own[0]) in (WRITTEN, AUTHOR):
            clean.claims.append((at, join_lines(line.strip())))
            left = ""
        elif own[2] and find_field(re.sub(r"^\W*\d+\s", "", own[0])) == "injury":
            clean.kept.append(line.strip())
            left = ""
        bare = fold(HUM.sub("", re.sub(r"\d+", "", left)))
        if bare in noise["footer"] or bare in noise["heading"]:
            left = ""
        clean.text += f"{left}\n"
    return clean


# Order

_BACK = 40  # marks: nobody leaves out more between two answers
_SURE = 2  # points by which a reading must be ahead of every other
_NEVER = -99.0
_UNLABELLED = 4  # points of the labels of a text that begins without one
_COUNTED = 0.5  # points of a number from which it goes on with the one before
_MANY = 5  # labels of a line that doesn't begin with one
_STRONG = 6  # points of a label within a line that may stand out of order
_FIRM, _PLAIN = 2, 3  # points of a label that may stand out of order, and of a plain one


class _Answer(NamedTuple):
    """What was said behind a mark, and whether no other reading comes near."""

    mark: Mark
    said: str
    is_sure: bool


def _read_best(marks: Sequence[Mark], text: str) -> list[_Answer]:
    """Return the answers of the reading for which most speaks."""
    steps = _list_steps(marks, text)
    last = len(marks)
    ahead, behind = {-1: 0.0}, {last: 0.0}
    via: dict[int, int] = {}
    for at in range(last + 1):
        ahead[at], via[at] = max((ahead[each] + steps[each, at], each) for each in _list_before(at))
    for at in range(last - 1, -2, -1):
        behind[at] = max(behind[to] + steps[at, to] for to in _list_behind(at, last))
    chain = [last]
    while chain[-1] >= 0:
        chain.append(via[chain[-1]])
    answers = []
    weak = {each for each in chain[1:-1] if _is_weak(marks, chain, each, text)}
    for at, to in list(zip(chain[::-1], chain[-2::-1], strict=False))[1:]:
        said = _cut(marks, text, at, to)
        same = _reduce(marks[at], said)
        is_sure = not any(
            ahead[one] + steps[one, other] + behind[other] > ahead[last] - _SURE
            and (one < 0 or _reduce(marks[one], _cut(marks, text, one, other)) != same)
            for other in _list_behind(at, last)
            for one in _list_before(other)
            if one <= at
        )
        is_sure = (
            is_sure
            and not weak & {at, to}
            and _is_of_form(marks[at], [marks[each] for each in chain[1:-1]], text)
        )
        answers.append(_Answer(marks[at], said, is_sure))
    return answers


def _is_of_form(mark: Mark, chain: Sequence[Mark], text: str) -> bool:
    """Whether a mark begins a line, or stands in one that begins with a mark or has many."""
    line = text.rfind("\n", 0, mark.start) + 1
    end = text.find("\n", mark.start)
    beside = [each for each in chain if line <= each.start < end]
    return any(each.begins for each in beside) or len(beside) >= _MANY


def _is_weak(marks: Sequence[Mark], chain: Sequence[int], at: int, text: str) -> bool:
    """Whether a mark is hardly one: faint and out of order, or before what can't be its answer."""
    place, mark = chain.index(at), marks[at]
    before, after = chain[place + 1], chain[place - 1]
    follows = before < 0 or marks[before].at < mark.at
    in_order = follows and (after == len(marks) or mark.at < marks[after].at)
    if mark.field in (_CLIENT, "safeguarding", "category") and mark.power < SURE:
        said = _cut(marks, text, at, after)
        is_answer = weigh_answer(mark.field, said, ends=mark.begins) >= 0
        return not is_answer or (mark.power < 1 and not in_order)
    return mark.power < 1 and not in_order


def _reduce(mark: Mark, said: str) -> tuple[str, str]:
    """Return what would be placed, however it is cut."""
    lined = mark.field in LINED
    return mark.field, fold(cut_line(mark.field, tidy_answer(said))[0] if lined else said)


def _list_before(at: int) -> range:
    return range(max(-1, at - _BACK), at)


def _list_behind(at: int, last: int) -> range:
    return range(at + 1, min(at + _BACK, last) + 1)


def _cut(marks: Sequence[Mark], text: str, at: int, to: int) -> str:
    """Return what stands between two marks."""
    return text[marks[at].end : marks[to].start if to < len(marks) else len(text)]


def _list_steps(marks: Sequence[Mark], text: str) -> dict[tuple[int, int], float]:
    """Return what speaks for each two marks that may follow one another."""
    last = len(marks)
    steps = {}
    for to in range(last + 1):
        own = marks[to].power if to < last else 0
        ends = to == last or marks[to].begins
        for at in _list_before(to):
            if at < 0:
                is_bare = (
                    to < last
                    and not (marks[to].begins and own >= _PLAIN)
                    and re.search(r"\w", text[: marks[to].start])
                )
                steps[at, to] = own - (_UNLABELLED if is_bare else 0)
                continue
            order = _weigh_order(marks[at], marks[to]) if to < last else 0
            if order > _NEVER:
                order += weigh_answer(marks[at].field, _cut(marks, text, at, to), ends=ends)
            steps[at, to] = own + order
    return steps


def _weigh_order(before: Mark, mark: Mark) -> float:
    """Return what it costs that one mark follows another."""
    if mark.start < before.end and mark.start != before.end:
        return _NEVER
    if mark.at > before.at:
        follows = mark.at == before.at + 1 and not (before.begins and mark.begins)
        both = before.numbered and mark.numbered and min(before.power, mark.power) >= _COUNTED
        return (0.5 + 0.5 * both) if follows else -0.1 * (mark.at - before.at - 1)
    is_firm = all(each.power >= (_FIRM if each.begins else _STRONG) for each in (before, mark))
    if mark.at == before.at:
        return -0.5 if is_firm else _NEVER
    if mark.field == _CLIENT:
        return -0.5 if is_firm else -3
    return -1.5 if is_firm else -6


# Reports

_AGAIN = 2  # questions that are answered again in another report


def _part(answers: Sequence[_Answer], text: str) -> Iterator[list[_Answer]]:
    """Yield the answers of each report: a new one begins where questions are answered again."""
    part: list[_Answer] = []
    for at, answer in enumerate(answers):
        fields = [each.mark.field if each.is_sure else "" for each in part]
        name = answer.mark.field
        part.append(answer)
        if name in fields and (name == _CLIENT or name != fields[-1]):
            rest = {each.mark.field for each in answers[at : at + 4] if each.is_sure}
            if (name == _CLIENT and answer.is_sure) or len(rest & {*fields}) >= _AGAIN:
                cut = _find_cut(part, fields.index(name), text)
                yield part[:cut]
                part = part[cut:]
    if part:
        yield part


def _find_cut(part: Sequence[_Answer], first: int, text: str) -> int:
    """Return the answer with which another report begins: one to a question before the last one.

    Of several it is that of who it was, or that which a blank line parts from the one before it.
    """
    back = [
        (each.mark.field == _CLIENT, _is_apart(each.mark, text), at)
        for at, (last, each) in enumerate(pairwise(part), 1)
        if at > first and each.mark.at <= last.mark.at
    ]
    return max(back)[-1]


def _is_apart(mark: Mark, text: str) -> bool:
    return re.search(r"\n\s*\n\W*$", text[: mark.start]) is not None


# Answers


def _fill(part: Sequence[_Answer], marks: Sequence[Mark]) -> Told:
    """Return a report of what was said; where that is in doubt, as notes."""
    told, fields = Told(), [each.mark.field for each in part]
    open_ = [
        each
        for each in marks
        if each.field not in fields and (each.numbered or each.power >= _PLAIN)
    ]
    for at, (mark, said, is_sure) in enumerate(part):
        is_last, name = at + 1 == len(part), mark.field
        again = name in (fields[:at] if name in LINED else fields[: max(at - 1, 0)])
        if not is_sure or again or any(_may_begin(each, mark, said) for each in open_):
            told.note(name, said)
            continue
        missing = mark.at + 1 < len(FIELDS) and FIELDS[mark.at + 1]
        own = _cut_unknown(told, said, missing) if missing and missing not in fields else said
        if is_last:
            own, _, rest = own.strip().partition("\n\n")
            told.note(name, rest)
        _place(told, name, own, is_last=is_last)
    return told


def _may_begin(other: Mark, mark: Mark, said: str) -> bool:
    """Whether within an answer that to another question may begin."""
    at = other.start - mark.end
    if not 0 <= at < len(said):
        return False
    if other.numbered and other.power < _PLAIN:
        return said[at:].strip()[:1].isalpha()  # a word for a number
    after = said[other.end - mark.end :]
    return (
        weigh_answer(mark.field, said[:at], ends=False)
        >= 0
        <= weigh_answer(other.field, after, ends=True)
    )


_UNKNOWN = re.compile(r"\n\W*(?:\d+\W+)?[A-Z][^:\n,.;\"]{1,50}(?::\s|\s[-–—]\s)")


def _cut_unknown(told: Told, said: str, missing: str) -> str:
    """Return an answer up to what looks like the label of the ``missing`` one after it."""
    found = _UNKNOWN.search(said)
    if not found or not re.search(r"\w", said[: found.start()]):
        return said
    if missing == "recommendations" and names_somebody(said[found.start() :].split("\n")[1]):
        return said
    told.note(missing, said[found.start() :])
    return said[: found.start()]


def _place(told: Told, name: str, said: str, *, is_last: bool) -> None:
    """Put what was said into its field; what is more than one line there, beside it."""
    text = tidy_answer(said)
    if not text:
        return
    if name in LINED:
        text, rest = cut_line(name, text, is_last=is_last)
        told.note(name, rest)
    joint = " " if name in LINED else "\n"
    told.texts[name] = joint.join(filter(None, (told.texts.get(name), text)))
