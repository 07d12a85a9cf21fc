"""Where answers may begin in a text from a carer's phone: by their labels, or by their place.

A line that has no known label may have one spelt by ear, or be the answer to a question by its
place between two that have one.
"""

import re
from collections.abc import Iterator, Sequence

from nearmiss.intake.phone_answers import CHOSEN, FIELDS, fold, tidy_answer, weigh_answer
from nearmiss.intake.phone_labels import (
    LONGEST,
    SEVERAL,
    STYLED,
    WORD,
    Mark,
    are_own,
    compare,
    list_guide,
    list_words,
    read_marks,
    skip_separator,
)
from nearmiss.intake.reached import names_somebody

_SURE = 7  # points from which a label at the beginning of a line speaks for itself
_FEW = 3  # of these from which a text is one of lines, and of numbers
_PLAIN, _MANY = 3, 6  # points of less plain ones, and how many of these make it one
_MOST = 2500  # marks: forty reports have fewer
_WHOLE = 10  # points of a label of the guide with its number and a colon, wherever it stands
_DOUBLE = 1.5  # points of a number, or a word, whose question a plain label names elsewhere

_NEARLY = re.compile(r"\W*(?:nearly|almost)\s+\w", re.I)


def find_marks(text: str) -> list[Mark]:
    """Return every place where an answer may begin, in order."""
    words = list_words(text)
    own = are_own(text)
    marks = [mark for at in range(len(words)) for mark in read_marks(text, words, at, own=own)]
    plain = {each.field for each in marks if each.begins and not each.numbered}
    if len(plain) < _FEW:  # "nearly slipped" is an answer there
        marks = [each for each in marks if not (each.begins and _NEARLY.match(text, each.start))]
    numbers = {each.field for each in marks if each.numbered and (each.begins or len(plain) < _FEW)}
    if len(numbers) < _FEW:
        marks = [each for each in marks if not each.numbered]
    marks += [*_fill_gaps(text, marks), *_hear_labels(text, marks)]
    lined = {each.field for each in marks if each.begins and each.power >= _SURE}
    numbers = {each.field for each in marks if each.numbered and each.power >= STYLED}
    likely = {each.field for each in marks if each.begins and each.power >= _PLAIN}
    if "\n" in text.strip() and (len(lined | numbers) >= _FEW or len(likely) >= _MANY):
        # What stands within a line is no label but with number and colon, and of two for a
        # field the plain one is.
        marks = [
            each._replace(power=min(each.power, _DOUBLE))
            if each.power < _SURE and each.field in lined
            else each
            for each in marks
            if each.begins or each.power >= _WHOLE
        ]
    if len(marks) > _MOST:
        return []
    marks.sort(key=lambda mark: (mark.start, -mark.power))
    return [
        each
        for at, each in enumerate(marks)
        if not any(
            (other.start < each.start < other.end and (other.begins or other.power >= each.power))
            or (other.start, other.field, other.end) == (each.start, each.field, each.end)
            for other in marks[max(0, at - LONGEST) : at]
        )
    ]


_LINE = re.compile(
    r"^[^\w\n]*(?=\w)(?P<label>(?:[^:\n.!?]|[.!?](?![ \t])){1,40}?"
    r"[ \t]*(?::(?!\d)|[ \t][-–—][ \t])[ \t]*)?.*$",
    re.M,
)
_KNOWN = 5  # points of a label of one word, without a mark, that begins a line
_LIKELY = 6  # points from which a label is known where it stands in its place
_TYPED = (*FIELDS[:2], *CHOSEN)
_LEAST = 2  # lines whose label is none, or not known


def _fill_gaps(text: str, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the marks of lines by their place: as many as there are questions between two labels.

    Either each has a label, if an unknown one, or they begin a report and can be its answers.
    """
    known = {each.start: each.at for each in marks if each.begins and each.power >= _LIKELY}
    own = {(each.start, each.field): each for each in marks if each.begins}
    named = {start: name for (start, name), each in own.items() if each.power >= _KNOWN}
    lines = list(_LINE.finditer(text))
    is_whole = len([each for each in lines if each["label"]]) == len(FIELDS)
    before, run = -1, list[re.Match[str]]()
    for found in (*lines, None):
        after = known.get(found.start()) if found else len(FIELDS)
        if found and after is None:
            run.append(found)
            continue
        after = after or 0
        names = FIELDS[(before if before < after else -1) + 1 : after]
        if (
            len(run) == _LEAST
            and names[:1] == FIELDS[:1]
            and not any(each["label"] for each in run)
        ):
            names = names[:_LEAST]  # who and when, and then a label
        if run and len(run) == len(names):
            placed = list(_place_lines(run, names, is_whole=is_whole))
            is_other = any(
                each.end == each.start and named.get(each.start, each.field) != each.field
                for each in placed
            )
            for each in () if is_other else placed:
                mark = own.get((each.start, each.field), each)
                yield mark._replace(power=max(each.power, mark.power))
        run, before = [], after


def _place_lines(
    lines: Sequence[re.Match[str]], names: Sequence[str], *, is_whole: bool
) -> Iterator[Mark]:
    starts = [each.end("label") if each["label"] else each.start() for each in lines]
    said = [each.string[at : each.end()] for each, at in zip(lines, starts, strict=True)]
    weights = {
        name: weigh_answer(name, tidy_answer(each), ends=True)
        for name, each in zip(names, said, strict=True)
    }
    is_client = names[0] == FIELDS[0] and weights[FIELDS[0]] > 0
    is_many = len(lines) >= _LEAST
    if all(each["label"] for each in lines):
        # "Wife's view: he is fine" answers no question.
        of_form = not any(names_somebody(each["label"].casefold()) for each in lines)
        is_likely = of_form and (is_many or is_whole or is_client)
        power, fits = 5, is_likely and weights.get(FIELDS[0], 0) >= 0
    else:
        power, fits = 4, is_many and is_client and all(weights.get(each, 1) >= 1 for each in _TYPED)
        starts = [each.start() for each in lines]
    for each, at, name in zip(lines, starts, names, strict=True):
        if fits:
            yield Mark(each.start(), at, name, power, begins=True)


_BY_EAR, _HEARD_POWER = 0.65, 8  # what a label spelt by ear has of it, and its points
_FEWEST_HEARD = 6  # lines of a report that begin so
_MARKED = re.compile(r"\s*[:;=?(\n–—-]|$")
_SAID = re.compile(r"^[^\w\n]*(?:(\d\d?)\b[.):/ \t-]*)?(?=[^\W\d])(.+)$", re.M)


def _hear_labels(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks of lines that begin with a label spelt by ear, "wen", in its place.

    That is where most lines of a report do, and few with a label as the guide has it.
    """
    reports = [list[Mark]()]
    for line in _SAID.finditer(text):
        before = reports[-1][-1].at if reports[-1] else -1
        at = int(line[1]) - 1 if line[1] else -1
        names = FIELDS[at : at + 1] if line[1] else (*FIELDS[before + 1 :][:2], FIELDS[0])
        if found := _hear_label(line, names):
            if found.at <= before:
                reports.append([])
            reports[-1].append(found)
    heard = [each for report in reports if len(report) >= _FEWEST_HEARD for each in report]
    by_ear = [each for each in heard if each.power]
    known = {each.start for each in marks if each.begins and each.power >= _LIKELY}
    is_by_ear = len(by_ear) > len(heard) / 2
    return [each for each in by_ear if is_by_ear and each.start not in known]


def _hear_label(line: re.Match[str], names: Sequence[str]) -> Mark | None:
    """Return the mark of a line that begins with what sounds most like the label of a question.

    Where that is the label itself, or one with a mark behind it, it has no points.
    """
    words = [*WORD.finditer(line.string, line.start(2), line.end())][: SEVERAL + 2]
    best, mark = _BY_EAR, None
    for label, name in ((label, name) for label, name in list_guide().items() if name in names):
        count = len(label.split())
        for length in (count - 1, count, count + 1) if count > 1 else (1,):
            run = "".join(fold(each[0]) for each in words[:length])
            if len(words) >= length and (alike := compare(run, fold(label))) > best:
                behind = words[length - 1].end()
                is_plain = alike == 1 or _MARKED.match(line.string, behind)
                end = skip_separator(line.string, behind, name)
                power = 0 if is_plain else _HEARD_POWER
                best, mark = alike, Mark(line.start(), end, name, power, begins=True)
    return mark
