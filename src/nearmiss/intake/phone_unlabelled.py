"""What a phone's text says without labels: the answers alone, line by line, or a report in prose.

Lines that can be nothing else say which the others are: in the order of the form as many as there
are questions between two of them. Where they don't, only what can be nothing else is placed; and
of prose nothing is, but what may be an answer in it is offered.
"""

import re
from collections.abc import Iterator, Sequence

from nearmiss.dates.phrase import WEEKDAY
from nearmiss.intake.phone_answers import (
    FIELDS,
    fold,
    is_plain,
    is_time,
    looks_like_initials,
    tidy_answer,
    weigh_answer,
)
from nearmiss.intake.reached import names_somebody
from nearmiss.intake.values import find_worry, name_kind
from nearmiss.model.questions import says_nothing

_CLIENT, _WHEN, _WHERE, _WHAT, _STOPPED, _DID, _WORRY, _TOLD, _IDEA, _KIND = FIELDS
_FREE, _TAIL = (_WHAT, _STOPPED, _DID), (_TOLD, _IDEA)
_MOST_WHERE = 6  # words of a place
_MOST_WHEN = 6
_FEWEST = 6  # answers: fewer lines, or parts of one, are a note
_NOTHING = ("no", "none", "na")  # which may be said of the people told, or of an idea
_SEPARATORS = r"\s*;\s*", r"\s+/\s+", r"\s+[-–—]\s+", r"\s*\|\s*"

Answers = dict[str, str]


def read_bare(text: str) -> list[tuple[Answers, str]]:
    """Return the answers of each report told in bare lines, and what can't be placed of it.

    There are none where ``text`` is no such text.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    reports: list[tuple[Answers, str]] = []
    for report in _part(lines):
        answers, rest = _read_lines(report)
        if answers:
            reports.append((answers, rest))
        elif not reports:
            return []
        else:
            answers, before = reports[-1]
            reports[-1] = answers, "\n".join(filter(None, (before, *report)))
    return reports


def _part(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines of each report, which begins with a client; one line may be a whole one."""
    part: list[str] = []
    for at, line in enumerate(lines):
        if parts := _split_line(line):
            yield from filter(None, (part, parts))
            part = []
            continue
        following = lines[at + 1] if at + 1 < len(lines) else ""
        begins = part and _find_sure(part[0]) == _CLIENT == _find_sure(line)
        if begins and _is_time(following):
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def _split_line(line: str) -> list[str]:
    """Return the answers of a line that holds a whole report."""
    for each in _SEPARATORS:
        parts = re.split(each, line.strip())
        if len(parts) >= _FEWEST and _find_sure(parts[0]) == _CLIENT:
            return parts
    return []


def _find_sure(line: str) -> str:
    """Return the question to which a line can only be the answer."""
    said = tidy_answer(line)
    if looks_like_initials(said):
        return _CLIENT
    if find_worry(said) is not None and fold(said) not in _NOTHING:
        return _WORRY
    if name_kind(said):
        return _KIND
    is_time = len(said.split()) <= _MOST_WHEN and is_plain(_WHEN, said)
    return _WHEN if is_time else ""


def _read_lines(lines: Sequence[str]) -> tuple[Answers, str]:
    """Return the answers of a report, and its lines that can't be placed; none for a note."""
    sure = [_find_sure(each) for each in lines]
    if len(lines) >= _FEWEST and _begins_with_client(lines[0], sure) and _is_time(lines[1]):
        names = _place_in_order(lines, sure)
    elif len({*sure}) > len(FIELDS[:3]) and "" in sure:
        names = [each if sure.count(each) == 1 else "" for each in sure]
    else:
        return {}, ""
    answers = {
        name: said
        for name, line in zip(names, lines, strict=True)
        if name and (said := tidy_answer(line))
    }
    rest = [line for name, line in zip(names, lines, strict=True) if not name]
    return answers, "\n".join(rest)


def _place_in_order(lines: Sequence[str], sure: Sequence[str]) -> list[str]:
    """Return the question of each line of a report that begins with who and when, or ''."""
    names, last = [*FIELDS[:2], *[""] * (len(lines) - 2)], len(lines) - 1
    has_place, has_kind = _is_place(lines[2]), sure[last] == _KIND
    first = 2 + has_place
    if has_place:
        names[2] = _WHERE
        is_cut = sure[first] or _may_go_on(lines[first : first + 2])
        names[first] = "" if is_cut else _WHAT
    if has_kind:
        names[last] = _KIND
    worry = next((at for at in range(first, last) if sure[at] == _WORRY), 0)
    in_turn = first + len(_FREE)
    if not worry and in_turn < last and find_worry(lines[in_turn]) is False:
        worry = in_turn  # a "no" in its place
    if not worry:
        return names
    names[worry] = _WORRY
    if not has_place or worry != in_turn or any(sure[first:worry]):
        return names
    if len(lines) == len(FIELDS) or not _may_go_on(lines[first:worry]):
        names[first:worry] = _FREE
        tail = lines[worry + 1 : last + (not has_kind)]
        names[worry + 1 : worry + 1 + len(tail)] = _place_tail(tail, is_whole=has_kind)
    return names


def _place_tail(lines: Sequence[str], *, is_whole: bool) -> list[str]:
    """Return the questions of the lines behind the worry: who was told, and an idea."""
    told = [_is_told(tidy_answer(each)) for each in lines]
    if told in ([True], [True, False]) or (is_whole and len(told) == len(_TAIL) and not told[1]):
        return [*_TAIL[: len(told)]]
    return [""] * len(told)


_OPENING = re.compile(r"(?:(?:her|his|their|my|the|told|rang|phoned|texted|called)\s+)*", re.I)


def _is_told(said: str) -> bool:
    """Whether a line begins with somebody, or says that it was nobody: "get the OT" is an idea."""
    first, second = [*_OPENING.sub("", said, count=1).split(), "", ""][:2]
    return bool(said) and (says_nothing(said) or (names_somebody(first) and second != "to"))


def _is_time(line: str) -> bool:
    """Whether a line behind who it was says when."""
    return _find_sure(line) in ("", _WHEN) and weigh_answer(_WHEN, line, ends=True) >= 1


def _begins_with_client(first: str, sure: Sequence[str]) -> bool:
    """Whether the first of the lines is a client, be it in small letters or with a title."""
    if _CLIENT in sure:
        return sure[0] == _CLIENT
    likely = r"(?:[a-z]\.? ?){2}|(?:mrs?|ms|miss|dr)\b\.? \w+\.?"
    return re.fullmatch(likely, tidy_answer(first), re.I) is not None


def _may_go_on(lines: Sequence[str]) -> bool:
    """Whether one of the lines may go on with the one before: it begins small, others do not."""
    own = [each for each in lines if each[:1].isalpha() and not re.match(r"I\b", each)]
    return len({each[0].isupper() for each in own}) > 1


def _is_place(line: str) -> bool:
    is_short = len(line.split()) <= _MOST_WHERE
    return is_short and not _find_sure(line) and weigh_answer(_WHERE, line, ends=True) >= 0


# Prose

_DATED = re.compile(rf"\b\d{{1,4}}[./-]\d{{1,2}}\b|\b(?:yesterday|today|tonight|{WEEKDAY})", re.I)
_MOST_DATED = 6  # words of a line that says when it was
_INITIALS = re.compile(
    r"\b(?!(?:TV|GP|OT|DN|AM|PM|OK|SW|CD|PS|NHS|MAR|OOH|PRN|ID)\b)[A-Z]{2,3}\b"
    r"|\b[A-Z]\. ?[A-Z]\.(?!\w)"
)
_TELLING = re.compile(r"\b(?:nearly|almost|about to|forgot)\b", re.I)
_ANOTHER = re.compile(r"\W*(?:(?:and|then|oh)\b\W*)*(?:also|another|second|next|1|one)\b", re.I)
_LEAST_WORDS = 8  # words of what may be a report
_MOST_SEEN = 80  # words in which a time is looked for
_LONGEST_TIME = 7  # words
_SAYS_TIME = re.compile(rf"{_DATED.pattern}|\d|day|night|morn|noon|evening|lunch|tea|now", re.I)
_BEFORE = frozenset("on at in about around the this last early late just by half".split())  # noqa: SIM905
_BEHIND = frozenset("at the nearly and so i he she it was on in".split())  # noqa: SIM905
_HEAD = 5  # words with which another day begins


def is_dated(line: str) -> bool:
    """Whether a line says a day and little else."""
    return bool(_DATED.search(line)) and len(line.split()) <= _MOST_DATED


def may_be_report(text: str) -> bool:
    """Whether prose beside the answers may be another report.

    Of who it was, which day, what nearly happened and that it is another one it says two.
    """
    said = (each.search(text) for each in (_INITIALS, _DATED, _TELLING))
    signs = sum(map(bool, said)) + bool(_ANOTHER.match(text))
    return len(text.split()) >= _LEAST_WORDS and signs > 1


def list_offers(text: str) -> list[dict[str, str]]:
    """Return what may be answers in prose, of one report or of several.

    The whole may be what happened; the initials and the time that stand there are added.
    """
    starts = [0, *_find_others(text)]
    ends = [*starts[1:], len(text)]
    parts = [text[at:end].strip() for at, end in zip(starts, ends, strict=True)]
    return [_offer(each) for each in parts if re.search(r"\w", each)]


def _find_others(text: str) -> Iterator[int]:
    """Yield where another report may begin: a line or a sentence that begins with another day."""
    before = 0
    for found in re.finditer(r"\n\W*|(?<=[.!?]) (?=[A-Z])", text):
        at = found.end()
        sentence = re.split(r"[.!?\n]", text[at:])[0]
        tells = _INITIALS.search(sentence) or _TELLING.search(sentence) or "\n" in found[0]
        is_new = tells and _DATED.search(" ".join(text[at:].split()[:_HEAD]))
        parts = text[before : found.start()], text[at:]
        is_enough = all(len(each.split()) >= _LEAST_WORDS for each in parts)
        if is_new and is_enough and _DATED.search(parts[0]):
            yield at
            before = at


def _offer(said: str) -> dict[str, str]:
    named = {*_INITIALS.findall(said)}
    found = {_CLIENT: named.pop() if len(named) == 1 else "", _WHEN: _find_time(said), _WHAT: said}
    return {name: each for name, each in found.items() if each}


def _find_time(said: str) -> str:
    """Return the first words that say when it was, as many as are one time."""
    words = said.split()[:_MOST_SEEN]
    for at in range(len(words)):
        for length in range(_LONGEST_TIME, 0, -1):
            run = words[at : at + length]
            text = " ".join(run).strip(" .,;:!?()")
            begins = run[0].casefold() in _BEFORE or _SAYS_TIME.search(run[0])
            ends = run[-1].casefold() not in _BEHIND
            if begins and ends and _SAYS_TIME.search(text) and is_time(text):
                return text
    return ""
