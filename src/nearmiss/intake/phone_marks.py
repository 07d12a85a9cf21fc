"""Where answers may begin in a phone's text, and what speaks for each of these places.

That is behind a label, behind a number of the ten lines, behind a label that nobody knows, or with
a line. Each speaks more or less loudly, and which of them do is judged later, all together.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from nearmiss.intake.phone_answers import (
    CHOSEN,
    FIELDS,
    looks_like_client,
    looks_like_initials,
    read_phone_words,
    tidy_answer,
    weigh_answer,
)
from nearmiss.intake.phone_labels import (
    HELP,
    Label,
    Word,
    find_known,
    is_help,
    list_words,
    read_labels,
    shouts_labels,
)
from nearmiss.intake.reached import names_somebody

# How a place is marked: by a label, a word that may be one, a number, an unknown label, a line.
LABEL, SOFT, NUMBER, UNKNOWN, BARE = "label", "soft", "number", "unknown", "bare"
_NUMBERED, _WEAK = "numbered", "weak"  # a label behind its number, and a word that may be one

SURE = 6  # points of a plain label
_BEGINS, _MARKED, _SOFTLY, _AGREES = 2, 3, 1.5, 4  # points: a line, a colon, a comma, its number
_UNMARKED, _TWICE = 3, 4  # less for a word without a mark, and where there is a plain label too
_OF_LINE, _WITHIN, _COUNTS = 5, 2.5, 0.4  # points of a number alone, and of one that counts
_BESIDE_LABELS = 1.9  # points of a number alone where labels stand behind others
_UNKNOWN, _OF_WHOLE, _BARE, _INITIALS = -0.4, 1.1, -4, -1.2  # points of what is no label
_LEAST, _PLAIN = -4, 1.5  # points of what can still be a label, and of one without a mark
_WHOLE = 10  # points of a label of the guide with its number and a colon, wherever it stands
_LOUDER = 2  # points by which the shorter of two labels for one question outdoes the longer
_FEW, _MANY = 3, 5  # labels, or numbers, from which a text is one of these
_MOST = 4000  # marks: forty reports have fewer
_NEAR = 36  # marks of which a label can overlap another


class Mark(NamedTuple):
    """Where an answer may begin: its label, from ``start`` to ``end``, and what speaks for it."""

    start: int
    end: int
    field: str
    power: float
    kind: str = LABEL
    begins: bool = False  # a line

    @property
    def at(self) -> int:
        """The place of its field among the questions."""
        return FIELDS.index(self.field)


def find_marks(text: str) -> list[Mark]:
    """Return every place where an answer may begin, in order."""
    words, own = list_words(text), _are_own(text)
    marks = [each for at in range(len(words)) for each in _read_marks(text, words, at, own=own)]
    lined = {each.field for each in marks if each.begins and _is_plain(each)}
    if "\n" in text.strip() and len(lined) >= _FEW:  # what stands within a line is no label
        marks = [each for each in marks if each.begins or each.power >= _WHOLE]
    marks = _settle_twice(_settle_numbers(marks))
    lines = [*_mark_lines(text, marks)]
    unknown = {(each.start, each.field) for each in lines if each.kind == UNKNOWN}
    marks = [each for each in marks if (each.start, each.field) not in unknown] + lines
    marks.sort(key=lambda mark: (mark.start, mark.at, -mark.power))
    return _drop_overlapping(marks) if len(marks) <= _MOST else []


def _is_plain(mark: Mark) -> bool:
    return mark.power >= (_PLAIN if mark.kind == SOFT else _OF_LINE)


# All together


def _settle_numbers(marks: list[Mark]) -> list[Mark]:
    """Return marks whose numbers say as much as they do in the whole text.

    Few say nothing. Where labels stand behind them, a number alone says less; where they don't, a
    word behind one is none.
    """
    fields = {
        kind: {each.field for each in marks if each.kind == kind and each.power >= least}
        for kind, least in ((NUMBER, 0), (_NUMBERED, 0), (_WEAK, 0), (LABEL, SURE))
    }
    has_others = len(fields[LABEL]) > _FEW and not fields[_NUMBERED]
    counts = len(fields[NUMBER]) >= _FEW and not has_others
    has_labels = len(fields[_NUMBERED]) >= _FEW or len(fields[_NUMBERED] | fields[_WEAK]) >= _MANY
    settled = [each for each in marks if each.kind in (LABEL, SOFT)]
    known = set[tuple[int, str]]()
    for each in marks:
        is_kind = each.kind == _NUMBERED or (each.kind == _WEAK and has_labels and counts)
        if is_kind and (each.begins or (has_labels and counts)):
            power = each.power - (0 if counts else _AGREES)
            settled.append(each._replace(kind=LABEL if power >= SURE else SOFT, power=power))
            known.add((each.start, each.field))
    least, most = (_COUNTS, _BESIDE_LABELS) if has_labels else (0, _OF_LINE)
    for each in marks if counts else ():
        if each.kind == NUMBER and (each.start, each.field) not in known and each.power > least:
            settled.append(each._replace(power=min(each.power, most)))
    return settled


def _settle_twice(marks: list[Mark]) -> list[Mark]:
    """Return marks with less for what may be a label of a question that has a plain one."""
    plain = {each.field for each in marks if each.kind == LABEL and each.power >= SURE}
    settled = []
    for each in marks:
        is_likely = each.kind == NUMBER or each.power >= (SURE if each.begins else 0)
        is_word = each.begins and each.kind == SOFT and each.power < 0 and len(plain) >= _MANY
        is_twice = (each.field in plain or is_word) and not is_likely
        settled.append(each._replace(power=each.power - _TWICE) if is_twice else each)
    return settled


def _drop_overlapping(marks: list[Mark]) -> list[Mark]:
    """Return marks without those whose label overlaps that of a louder one.

    That is one that begins within it, or, for the same question, one that it begins within.
    """
    dropped = set()
    for at, each in enumerate(marks):
        for before in range(max(0, at - _NEAR), at):
            other = marks[before]
            if other.start < each.start < other.end:
                if other.power >= each.power:
                    dropped.add(at)
                elif other.field == each.field and each.power > other.power + _LOUDER:
                    dropped.add(before)
    return [each for at, each in enumerate(marks) if at not in dropped]


# Lines

_LINE = re.compile(
    r"^(?=.*\w|[-–—]+$)[^\w\n]*(?:(?:[^:\n.!?]|[.!?](?![ \t])){1,40}?"
    r"[ \t]*(?P<mark>:(?!\d)|[ \t][-–—=][ \t])[ \t]*)?",
    re.M,
)
_LETTERED = re.compile(r"\W*[a-j][.)]\s", re.I)
_PICTURE = re.compile(r"^[ \t]*[\u2600-\u27bf\U0001f300-\U0001faff].*\w", re.M)


def _mark_lines(text: str, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield what each line may answer that has no plain label: by its place alone."""
    known = {each.start for each in marks if each.begins and each.power >= SURE}
    own = {(each.start, each.field): each.power for each in marks if each.begins}
    lines = list(_LINE.finditer(text))
    is_whole = sum(bool(each["mark"]) for each in lines) == len(FIELDS)
    for line in lines:
        has_head, start = _has_head(line), line.start()
        if _LETTERED.match(text, start):  # a list of her own
            continue
        end = line.end() if has_head else start
        said = tidy_answer(text[end:].partition("\n")[0])
        is_other = not has_head and text[:start].strip() and not looks_like_client(said)
        for name in FIELDS[bool(is_other) :] if start not in known else ():
            power = _BARE if not has_head else _OF_WHOLE if is_whole else _UNKNOWN
            if name == FIELDS[0] and looks_like_initials(said):
                power = max(power, _INITIALS)
            if not has_head or power > own.get((start, name), _LEAST):
                yield Mark(start, end, name, power, UNKNOWN if has_head else BARE, begins=True)


def _has_head(line: re.Match[str]) -> bool:
    """Whether a line begins with a label, if an unknown one: "Wife's view: fine" does not."""
    return bool(line["mark"]) and not names_somebody(line[0].casefold())


def find_unknown(said: str) -> int:
    """Return where a line begins within an answer that looks like a label; else -1."""
    found = [each.start() for each in _LINE.finditer(said) if _has_head(each)]
    found += [each.start() for each in _PICTURE.finditer(said)]
    return min((each for each in found if re.search(r"\w", said[:each])), default=-1)


# Numbers

_HEARD = (
    "1 one won", "2 two to too", "3 three free tree", "4 four for fore", "5 five fife",
    "6 six sicks", "7 seven", "8 eight ate", "9 nine nein", "10 ten tan",
)  # fmt: skip
_NUMBERS = {word: at for at, words in enumerate(_HEARD) for word in words.split()}
_SPELT = frozenset(words.split()[1] for words in _HEARD)
_BEFORE_NUMBER = ("number", "question", "point", "line")
_BEHIND_NUMBER = re.compile(r"[ \t]*[.)\]:/\-–—]*[ \t]*")
_NUMBERED_LINE = re.compile(
    r"(?:^\W*|(?<=[.!?]) )(\d\d?)(?:[ \t]*[.)\]:/\-–—])?[ \t]+(?=(\S.*))", re.M
)


@cache
def _are_own(text: str) -> bool:
    """Whether the numbers that begin lines are her own, and not those of the ten lines.

    Then the labels behind them are of other questions; or, where there are none, it is not the
    seventh that says whether she is worried.
    """
    differ, said = 0, dict[int, str]()
    for number, rest in _NUMBERED_LINE.findall(text):
        said[int(number)] = rest
        label = find_known(rest, list_words(rest), 0)
        if label and label[0].is_plain:
            differ += FIELDS[int(number) - 1 : int(number)] != (label[0].field,)
    worried, last = (said.get(FIELDS.index(each) + 1, "") for each in CHOSEN)
    is_moved = weigh_answer(CHOSEN[0], worried, ends=True) < 0
    return differ > 1 or (is_moved and weigh_answer(CHOSEN[0], last, ends=True) > 0)


def _read_marks(text: str, words: Sequence[Word], at: int, *, own: bool) -> Iterator[Mark]:
    """Yield what may begin with the word at ``at``: a number, a label, or both.

    ``own`` where numbers are her own, and say nothing of the question.
    """
    begins = words[at].line >= 0
    start = words[at].line if begins else words[at].start
    is_named = words[at].text in _BEFORE_NUMBER and at + 1 < len(words)
    after = at + 1 if is_named and words[at + 1].line < 0 else at
    number = None if _is_part(text, words[after]) else _NUMBERS.get(words[after].text)
    behind = at if number is None else after + 1
    if number is not None and behind < len(words):
        between = text[words[after].end : words[behind].start]
        behind = behind if _BEHIND_NUMBER.fullmatch(between) else len(words)
    name = "" if own or number is None else FIELDS[number]
    best: dict[str, Mark] = {}
    for label, end in read_labels(text, words, behind, begins=begins):
        if name not in ("", label.field):
            continue
        power, kind = _weigh(text, label, (start, end), agrees=bool(name), begins=begins)
        answer = skip_separator(text, end, label.field)
        if label.field not in best or power > best[label.field].power:
            best[label.field] = Mark(start, answer, label.field, power, kind, begins)
    yield from (each for each in best.values() if each.power > _LEAST)
    if name and (power := _weigh_number(text, words, at, after)):
        end = _skip_unknown(text, words[after].end, begins=begins)
        yield Mark(start, end, name, power, NUMBER, begins)


def _is_part(text: str, word: Word) -> bool:
    """Whether a number is a part of something else: of a time, a date, a dose."""
    found = re.match(r"[:./,-]\d|\s?[%£°+]|/\w", text[word.end :])
    before = re.search(r"\d[:./,-]\Z|[£$€/-]\Z", text[max(0, word.start - 2) : word.start])
    return bool(before or (found and not (word.line >= 0 and _is_in_turn(text, word))))


def _is_in_turn(text: str, word: Word) -> bool:
    """Whether a number begins the line between those of its neighbours: "9:2 rugs"."""
    mark, number = re.escape(text[word.end]), int(word.text) if word.text.isdecimal() else 0
    heads = re.findall(rf"^\W*(\d\d?){mark}", text, re.M)
    beside = {str(each) for each in (number - 1, number + 1) if 0 < each <= len(FIELDS)}
    return beside <= {*heads}


def _weigh_number(text: str, words: Sequence[Word], at: int, after: int) -> float:
    """Return what speaks for a number alone; little where it counts something."""
    counts, word, is_named = read_phone_words("counts"), words[after], after > at
    if not word.text.isdecimal() and word.text not in _SPELT and not is_named:
        return 0
    is_counting = after + 1 < len(words) and words[after + 1].text in counts["after"]
    if words[at].line >= 0:
        is_plain = not is_counting or re.match(r"[ \t]*[.):/-]", text[word.end :])
        return _OF_LINE if is_plain else _COUNTS
    if is_named:
        return _WITHIN + 1
    is_counting = is_counting or bool(at and words[at - 1].text in counts["before"])
    return _COUNTS if is_counting else _WITHIN


def _skip_unknown(text: str, end: int, *, begins: bool) -> int:
    """Return where the answer begins behind a number: after a label that nobody knows."""
    end += len((_BEHIND_NUMBER.match(text, end) or [""])[0])
    line = text[end:].partition("\n")[0]
    said = re.match(r"[^\W\d]\w*\s*[:=]\s*", line) if begins else None
    return end + said.end() if said else end


# Labels

_STRONG = re.compile(
    r"[*)]*[ \t]*\??[ \t]*(?:[:=\t]|(?<=\t)|colon\b|(?<=[ \t])[-–—/|]{1,2}(?=\s)|->|→)[*:\s]*", re.I
)
_SOFT = re.compile(r"\s*(?:\.{2,}|…|,|[.;?!)](?=\s))\s*")
_LONGEST_INITIALS = 3
_WHOM = re.compile(r"\s(?:him|her|it|them|me|us|this|that|then|there)(?=\s?:)", re.I)


def _weigh(
    text: str, label: Label, place: tuple[int, int], *, agrees: bool, begins: bool
) -> tuple[float, str]:
    """Return what speaks for a label where it stands, and how it is marked."""
    start, end = place
    helped = HELP.match(text, end)
    behind = helped.end() if helped else end
    is_marked = bool(
        _STRONG.match(text, behind)
        or (begins and not label.heard and re.match(r"\*?[ \t]*[?\n]", text[behind:]))
        or (text[start:end].isupper() and shouts_labels(text))
    )
    soft = _SOFTLY if _SOFT.match(text, behind) else 0
    worth = label.worth if label.core or is_marked or agrees else label.worth / 2 - 0.5
    power = worth + _BEGINS * begins + (_MARKED if is_marked else soft)
    if agrees:  # "8 rang the office" is an answer
        return power + _AGREES, _NUMBERED if is_marked or label.is_plain else _WEAK
    is_soft = power < SURE and not is_marked
    return (power - _UNMARKED, SOFT) if is_soft else (power, LABEL)


def skip_separator(text: str, end: int, name: str) -> int:
    """Return where the answer begins behind a label: after its help and what separates them."""
    helped = HELP.match(text, end)
    is_mark = helped and not re.search(r"\w", text[helped.end() :][:2]) and name != "informed"
    if helped and (is_help(helped[1]) or (is_mark and len(helped[1]) > _LONGEST_INITIALS)):
        end = helped.end()
    end += len((_WHOM.match(text, end) or [""])[0])
    found = _STRONG.match(text, end) or _SOFT.match(text, end)
    if not found and name != "safeguarding":
        found = re.compile(r"\s(?:is|was)\b").match(text, end)
    return found.end() if found else end
