"""A text from a carer's phone, cut into reports and each of these into answers, or into doubts.

Every place where an answer may begin is weighed: by its label, however that was dictated or
corrected, by the order of the ten lines, and by whether what would be said there can be an answer.
The reading for which most speaks is taken. An answer is placed where no other reading that cuts it
otherwise comes near; everything else stands beside its question.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nearmiss.intake.phone_answers import (
    CHOSEN,
    FIELDS,
    LINED,
    can_be_client,
    cut_line,
    fold,
    has_boxes,
    is_plain,
    read_phone_words,
    tidy_answer,
    weigh_answer,
)
from nearmiss.intake.phone_cleaning import ASIDE, Cleaned, clean_text
from nearmiss.intake.phone_labels import Mark
from nearmiss.intake.phone_marks import find_marks
from nearmiss.intake.phone_unlabelled import is_dated, list_offers, may_be_report, read_bare
from nearmiss.intake.reached import names_somebody
from nearmiss.text import join_lines

_CLIENT, _WHEN, _, _WHAT = FIELDS[:4]
_BLANK_FORM = 6  # labels without an answer
_FEW_BELOW = 3  # labels that may stand below their answers
_LABEL = 6  # points of a plain label
_OF_LINE, _FEW_LABELS = 4, 2  # points of what begins a line, and how few are in one of bare lines


@dataclass
class Told:
    """One report of a text: what was said to each question, and what stands beside them."""

    texts: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    offers: dict[str, str] = field(default_factory=dict)  # which may be answers, to be taken
    claims: list[str] = field(default_factory=list)
    behind: str = ""  # behind its last answer
    may_go_on: bool = False  # it may belong to the report before it

    def note(self, name: str, text: str) -> None:
        """Put ``text`` beside the question of a field."""
        if re.search(r"\w", text):
            self.notes[name] = "\n".join(filter(None, (self.notes.get(name), text.strip())))

    def tell(self) -> str:
        """Return what was said, whether it could be placed or not."""
        said = {**self.offers, **self.texts}
        return join_lines(" / ".join(dict.fromkeys([*said.values(), *self.notes.values()])))

    def join(self, other: "Told") -> "Told":
        """Return this report with what ``other`` says of it: answers, or beside the questions."""
        one, more = (self, other) if self.texts or not other.texts else (other, self)
        if one.texts:  # beside which what was told in prose answers nothing
            for each in (self, other):
                one.note(_WHAT, each.offers.pop(_WHAT, ""))
            one.offers = {}
        elif _WHAT in more.offers:
            said = filter(None, (one.offers.get(_WHAT), more.offers[_WHAT]))
            one.offers[_WHAT] = "\n".join(said)
        for name, text in more.texts.items():
            if name in one.texts:
                one.note(name, text)
            else:
                one.texts[name] = text
        for name, text in more.notes.items():
            one.note(name, text)
        one.claims = list(dict.fromkeys([*self.claims, *other.claims]))
        return one


def split_reports(text: str) -> list[Told]:
    """Return the reports that a text holds, each with its answers; none where it holds nothing."""
    clean = clean_text(text)
    text = clean.text
    answers = _read_best(find_marks(text), text)
    if lifted := _put_labels_above(text, answers):
        above = _read_best(find_marks(lifted), lifted)
        ahead = _weigh_all(above) - _weigh_all(answers)
        text, answers = (lifted, above) if ahead > 0 else (text, answers)
        answers = answers if abs(ahead) >= _SURE else []
    if below := _find_below(answers, text):
        text = text[below:]
        answers = _read_best(find_marks(text), text)
        answers = answers if any(each.is_sure for each in answers) else []
    if bare := _read_bare(clean, text, answers):
        return bare
    if not any(each.is_sure or each.mark.power >= _LABEL for each in answers):
        answers = []
    reports: list[Told] = []
    parts = list(_part(answers, text))
    for number, part in enumerate(parts):
        end = parts[number + 1][0].mark.start if number + 1 < len(parts) else len(text)
        told = _fill(part)
        told.claims = clean.list_claims(part[0].mark.start, end)
        # What only the first questions have in common may be said within an answer.
        told.may_go_on = bool(reports) and not {*reports[-1].texts} & {*told.texts} & {*FIELDS[3:]}
        reports += [told, *_read_behind(told)]
    before = (text[: answers[0].mark.start] if answers else text).replace(ASIDE, "")
    reports = _read_before(before, reports, clean.list_claims(0, len(text)))
    if reports:
        reports[0].note(_WHAT, "\n".join(clean.kept))
    return [each for each in reports if each.texts or each.notes or each.offers]


def _put_labels_above(text: str, answers: Sequence["_Answer"]) -> str:
    """Return a text with each label above its answer where they may stand below; else nothing.

    That is where each label is a line, and the first line is none.
    """
    marks = {each.mark.start: each.mark for each in answers if each.mark.power >= _LABEL}
    groups, group, at = list[list[str]](), list[str](), 0
    for line in text.rstrip().split("\n"):
        mark = marks.get(at)
        is_label = mark is not None and not text[mark.end : at + len(line)].strip()
        if mark and not is_label:
            return ""
        if is_label:
            groups.append([line, *group])
        group = [] if is_label else [*group, line]
        at += len(line) + 1
    is_below = len(groups) >= _FEW_BELOW and any(map(str.strip, groups[0][1:]))
    return "\n".join(line for each in (*groups, group) for line in each) if is_below else ""


def _weigh_all(answers: Sequence["_Answer"]) -> float:
    return sum(weigh_answer(each.mark.field, each.said, ends=True) for each in answers)


def _find_below(answers: Sequence["_Answer"], text: str) -> int:
    """Return where the answers begin that stand below a blank form; 0 where it is none."""
    filled = next((at for at, each in enumerate(answers) if tidy_answer(each.said)), 0)
    if filled < _BLANK_FORM:
        return 0
    mark, said = answers[filled].mark, answers[filled].said
    between = text[mark.start : mark.end + len(said) - len(said.lstrip())]
    return mark.end if "\n" in between else 0


def _read_behind(told: Told) -> list[Told]:
    """Return what may be another report, told behind the last answer; else it is noted."""
    if not may_be_report(told.behind):
        told.note(_WHAT, told.behind)
        return []
    others = list_offers(told.behind)
    return [Told(offers=each, claims=told.claims, may_go_on=True) for each in others]


def _read_before(text: str, reports: list[Told], claims: list[str]) -> list[Told]:
    """Return the reports with what stands before the first answer: noted, or told as one more."""
    if not reports or may_be_report(text):
        others = [Told(offers=each, claims=claims) for each in list_offers(text)]
        for each in (*others[1:], *(reports[:1] if others else ())):
            each.may_go_on = True
        return [*others, *reports]
    dated = [each for each in text.split("\n") if is_dated(each)]
    reports[0].note(_WHEN, "\n".join(dated))
    reports[0].note(_WHAT, "\n".join(each for each in text.split("\n") if each not in dated))
    return reports


def _read_bare(clean: Cleaned, text: str, answers: Sequence["_Answer"]) -> list[Told]:
    """Return the reports of a text that has lines but no labels."""
    marks = [each.mark for each in answers if each.is_sure]
    begun = [each for each in marks if each.begins and each.power >= _OF_LINE]
    if len(begun) > _FEW_LABELS or len(marks) >= _MANY:
        return []
    reports: list[Told] = []
    for said, rest in read_bare(text.replace(ASIDE, "")):
        reports.append(Told(said, claims=clean.list_claims(0, len(clean.text))))
        if _WHAT in said:
            reports[-1].note(_WHAT, rest)
        elif rest:
            reports[-1].offers[_WHAT] = rest
    for kept in clean.kept if reports else ():
        reports[0].note(_WHAT, kept)
    return reports


# Order

_BACK, _LEAST_BACK = 40, 5  # marks: nobody leaves out more between two answers
_MOST = 30_000  # pairs of marks that are weighed
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
    aside: str  # what was said after somebody else wrote


def _read_best(marks: Sequence[Mark], text: str) -> list[_Answer]:
    """Return the answers of the reading for which most speaks."""
    last = len(marks)
    back = max(_LEAST_BACK, min(_BACK, _MOST // (last + 1)))
    steps = _list_steps(marks, text, back)
    ahead, behind = {-1: 0.0}, {last: 0.0}
    via: dict[int, int] = {}
    for at in range(last + 1):
        ahead[at], via[at] = max(
            (ahead[each] + steps[each, at], each) for each in _list_before(at, back)
        )
    for at in range(last - 1, -2, -1):
        behind[at] = max(behind[to] + steps[at, to] for to in _list_behind(at, last, back))
    chain = [last]
    while chain[-1] >= 0:
        chain.append(via[chain[-1]])
    answers = []
    for at, to in list(zip(chain[::-1], chain[-2::-1], strict=False))[1:]:
        said = _cut(marks, text, at, to)
        same = _reduce(marks[at], said)
        is_sure = not any(
            ahead[one] + steps[one, other] + behind[other] > ahead[last] - _SURE
            and (one < 0 or _reduce(marks[one], _cut(marks, text, one, other)) != same)
            for other in _list_behind(at, last, back)
            for one in _list_before(other, back)
            if one <= at
        )
        is_twice = to < last and any(
            each.field == marks[to].field and each.power >= _PLAIN and each.start < marks[to].start
            for each in marks[at + 1 : to]
        )
        is_sure = (
            is_sure
            and not is_twice
            and _is_of_form(marks[at], [marks[each] for each in chain[-2:0:-1]], text)
        )
        end = marks[to].start if to < last else len(text)
        aside = text[marks[at].end + len(said) : end].replace(ASIDE, "")
        answers.append(_Answer(marks[at], said, is_sure, aside))
    return answers


def _is_of_form(mark: Mark, chain: Sequence[Mark], text: str) -> bool:
    """Whether a mark begins a line, or stands in one that begins with plain ones or has many."""
    line = text.rfind("\n", 0, mark.start) + 1
    end = text.find("\n", mark.start)
    beside = [each for each in chain if line <= each.start < end]
    is_plain = len(beside) == 1 or all(each.power >= _LABEL for each in beside)
    begins = is_plain and beside[0].begins and beside[0].start == line
    return begins or len(beside) >= _MANY


def _reduce(mark: Mark, said: str) -> tuple[str, str]:
    """Return what would be placed, however it is cut."""
    lined = mark.field in LINED
    return mark.field, fold(cut_line(mark.field, tidy_answer(said))[0] if lined else said)


def _list_before(at: int, back: int) -> range:
    return range(max(-1, at - back), at)


def _list_behind(at: int, last: int, back: int) -> range:
    return range(at + 1, min(at + back, last) + 1)


def _cut(marks: Sequence[Mark], text: str, at: int, to: int) -> str:
    """Return what stands between two marks, up to what somebody else wrote."""
    said = text[marks[at].end : marks[to].start if to < len(marks) else len(text)]
    return said.partition(ASIDE)[0]


def _list_steps(marks: Sequence[Mark], text: str, back: int) -> dict[tuple[int, int], float]:
    """Return what speaks for each two marks that may follow one another."""
    last = len(marks)
    steps = {}
    for to in range(last + 1):
        own = marks[to].power if to < last else 0
        ends = to == last or marks[to].begins
        for at in _list_before(to, back):
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
_FAR = 4  # points by which one label speaks louder than the other of the same question
_NEAR = 4  # answers behind one that is given again


def _part(answers: Sequence[_Answer], text: str) -> Iterator[list[_Answer]]:
    """Yield the answers of each report: a new one begins where questions are answered again."""
    part: list[_Answer] = []
    for at, answer in enumerate(answers):
        fields = [each.mark.field if each.is_sure else "" for each in part]
        name = answer.mark.field
        part.append(answer)
        if name not in fields or name == fields[-1] != _CLIENT:
            continue
        rest = {each.mark.field for each in answers[at : at + _NEAR] if each.is_sure}
        if (name == _CLIENT and answer.is_sure) or len(rest & {*fields}) >= _AGAIN:
            first = fields.index(name) + 1
            if cut := _find_cut(part, first, text):
                yield part[:cut]
                part = part[cut:]
            else:
                part[first:] = [each._replace(is_sure=False) for each in part[first:]]
    if part:
        yield part


def _find_cut(part: Sequence[_Answer], first: int, text: str) -> int:
    """Return the answer with which another report begins; 0 where that may be one or another.

    It is the one behind a gap, else the one to the question with which the first report began,
    else the only one to a question before the last one.
    """
    marks = [each.mark for each in part]
    gaps = [
        at for at in range(first, len(part)) if re.search(r"\n\s*\n\W*$", text[: marks[at].start])
    ]
    back = [at for at in range(1, len(part)) if marks[at].at <= marks[at - 1].at]
    begun = [at for at in gaps or [len(part) - 1] if marks[at].field == marks[0].field]
    cuts = gaps[:1] if len(gaps) == 1 else begun or back
    return cuts[0] if len(cuts) == 1 and cuts[0] >= first else 0


# Answers


def _fill(part: Sequence[_Answer]) -> Told:
    """Return a report of what was said; where that is in doubt, as notes."""
    told, powers = Told(), {each.mark.field: 0.0 for each in part}
    for each in part:
        powers[each.mark.field] = max(powers[each.mark.field], each.mark.power)
    fields = [
        each.mark.field if each.mark.power > powers[each.mark.field] - _FAR else "" for each in part
    ]
    for at, each in enumerate(part):
        mark, said, name = each.mark, each.said, each.mark.field
        if not fields[at]:  # "Told her to sit down", where "8 Told: wife" stands below
            told.note(name, said)
            continue
        is_last = at + 1 == len(part)
        told.note(name, each.aside)
        again = name in (fields[:at] if name in LINED else fields[: max(at - 1, 0)])
        after = FIELDS[mark.at + 1 :][:1]
        is_next = is_last or part[at + 1].mark.begins or not {*after} - {*fields}
        if not each.is_sure or again or not (is_next or is_plain(name, said)):
            told.note(name, said)
            if fields.count(name) == 1 and name not in CHOSEN and (text := tidy_answer(said)):
                told.offers[name] = cut_line(name, text)[0] if name in LINED else text
            continue
        before, _, stamp = said.rstrip().rpartition("\n\n")
        if before and name not in LINED and re.search(r"\d[:.]\d\d", stamp) and is_dated(stamp):
            said = before  # a message's own, above the next one
            told.note(_WHEN, stamp)
        if is_last:
            said, _, told.behind = said.strip(" " if name in LINED else None).partition("\n\n")
            first, _, more = said.partition("\n")
            if name in LINED and may_be_report(more):
                said, told.behind = first, more
        _place(told, name, _cut_unknown(told, name, said, fields), is_last=is_last)
    return told


_UNKNOWN = re.compile(
    r"\n(?:\W*(?:\d+\W+)?([A-Z][^:\n,.;\"]{1,50})(?::\s|\s[-–—]\s)|()[\u2600-\u27bf\U0001f300-\U0001faff])"
)


def _cut_unknown(told: Told, name: str, said: str, fields: Sequence[str]) -> str:
    """Return an answer up to a line that looks like a label; what it says stands beside it.

    That is where the next question is missing behind it.
    """
    missing = next(iter(FIELDS[FIELDS.index(name) + 1 :]), "")
    if not missing or missing in fields:
        return said
    found = _UNKNOWN.search(said)
    if found and name == "informed" and found[1] and names_somebody(found[1]):
        found = None
    for hint in read_phone_words("hints").get(missing, ()):
        found = found or re.search(rf"\n\W*{hint}\b", said, re.I)
    if not found or not re.search(r"\w", said[: found.start()]):
        return said
    told.note(missing, said[found.start() :])
    return said[: found.start()]


def _place(told: Told, name: str, said: str, *, is_last: bool) -> None:
    """Put what was said into its field; what is more than one line there, beside it."""
    text = tidy_answer(said)
    if not text:
        return
    is_of_two = re.match(r"a\)", text, re.I)
    is_other = name == _CLIENT and not can_be_client(text)
    if is_other or is_of_two or (name in LINED and has_boxes(text)):
        told.note(name, text)
        return
    if name in LINED:
        text, rest = cut_line(name, text, is_last=is_last)
        told.note(name, rest)
    joint = " " if name in LINED else "\n"
    told.texts[name] = joint.join(filter(None, (told.texts.get(name), text)))
