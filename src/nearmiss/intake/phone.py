"""A text from a carer's phone, cut into reports and each of these into answers, or into doubts.

The text is cleaned of what phone and chat put round it (``phone_text``). Every place where an
answer may begin is weighed (``phone_labels``, ``phone_marks``, ``phone_answers``), and the reading
for which most speaks is taken (``phone_reading``). An answer is placed where no other reading that
cuts it otherwise comes near; everything else stands beside its question, and prose is offered
(``phone_prose``).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nearmiss.intake.phone_answers import (
    CHOSEN,
    FIELDS,
    LINED,
    can_be_client,
    cut_line,
    has_boxes,
    is_plain,
    tidy_answer,
    weigh_answer,
)
from nearmiss.intake.phone_marks import SURE, UNKNOWN, Mark, find_unknown
from nearmiss.intake.phone_prose import is_dated, list_offers, may_be_report
from nearmiss.intake.phone_reading import Answer, read_best
from nearmiss.intake.phone_text import ASIDE, clean_text
from nearmiss.text import join_lines

_CLIENT, _WHEN, _, _WHAT = FIELDS[:4]


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
    text, answers = _read_arranged(clean.text)
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


# How labels and answers are arranged

_BLANK_FORM = 6  # labels without an answer
_FEW_BELOW = 3  # labels that may stand below their answers
_AHEAD = 2  # points by which one arrangement must be ahead of the other


def _read_arranged(text: str) -> tuple[str, list[Answer]]:
    """Return the answers of a text, be its labels above them, below, or all before the first.

    The text is returned as it was read.
    """
    answers = read_best(text)
    if lifted := _put_labels_above(text, answers):
        above = read_best(lifted)
        ahead = _weigh_all(above) - _weigh_all(answers)
        text, answers = (lifted, above) if ahead > 0 else (text, answers)
        answers = answers if abs(ahead) >= _AHEAD else []
    if below := _find_below(answers, text):
        text = text[below:]
        answers = read_best(text)
    is_read = any(each.is_sure or each.mark.power >= SURE for each in answers)
    return text, answers if is_read else []


def _put_labels_above(text: str, answers: Sequence[Answer]) -> str:
    """Return a text with each label above its answer where they may stand below; else nothing.

    That is where each label is a line, and the first line is none.
    """
    marks = {each.mark.start: each.mark for each in answers if each.mark.power >= SURE}
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


def _weigh_all(answers: Sequence[Answer]) -> float:
    return sum(weigh_answer(each.mark.field, each.said, ends=True) for each in answers)


def _find_below(answers: Sequence[Answer], text: str) -> int:
    """Return where the answers begin that stand below a blank form; 0 where it is none."""
    filled = next((at for at, each in enumerate(answers) if tidy_answer(each.said)), 0)
    if filled < _BLANK_FORM:
        return 0
    mark, said = answers[filled].mark, answers[filled].said
    between = text[mark.start : mark.end + len(said) - len(said.lstrip())]
    return mark.end if "\n" in between else 0


# Reports

_AGAIN = 2  # questions that are answered again in another report
_FAR = 4  # points by which one label speaks louder than the other of the same question
_NEAR = 4  # answers behind one that is given again


def _part(answers: Sequence[Answer], text: str) -> Iterator[list[Answer]]:
    """Yield the answers of each report: a new one begins where questions are answered again."""
    part: list[Answer] = []
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


def _find_cut(part: Sequence[Answer], first: int, text: str) -> int:
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


def _fill(part: Sequence[Answer]) -> Told:
    """Return a report of what was said; where that is in doubt, as notes."""
    told, fields = (
        Told(),
        ["" if _is_outdone(each.mark, part) else each.mark.field for each in part],
    )
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
            can_be = fields.count(name) == 1 and name not in CHOSEN and mark.kind != UNKNOWN
            if can_be and (text := tidy_answer(said)):
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


def _is_outdone(mark: Mark, part: Sequence[Answer]) -> bool:
    """Whether another label of the same question speaks far louder."""
    loudest = max(each.mark.power for each in part if each.mark.field == mark.field)
    return loudest >= SURE and mark.power <= loudest - _FAR


def _cut_unknown(told: Told, name: str, said: str, fields: Sequence[str]) -> str:
    """Return an answer up to a line that looks like a label; what it says stands beside it.

    That is where the next question is missing behind it.
    """
    missing = next(iter(FIELDS[FIELDS.index(name) + 1 :]), "")
    cut = find_unknown(said) if missing and missing not in fields else -1
    if cut < 0:
        return said
    told.note(missing, said[cut:])
    return said[:cut]


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
