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

from nearmiss.dates.phrase import WEEKDAY
from nearmiss.intake.columns import AUTHOR, WRITTEN, find_field
from nearmiss.intake.labels import (
    HELP,
    Mark,
    find_marks,
    is_help,
)
from nearmiss.intake.phone_answers import (
    FIELDS,
    HUM,
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
from nearmiss.intake.reached import names_somebody
from nearmiss.text import join_lines

_CLIENT, _WHEN, _, _WHAT = FIELDS[:4]


@dataclass
class Told:
    """One report of a text: what was said to each question, and what stands beside them."""

    texts: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    claims: list[str] = field(default_factory=list)
    behind: str = ""  # behind a blank line after its last answer

    def part_prose(self) -> list["Told"]:
        """Return what is told behind the last answer: a report where it names who, when and what.

        Else it is noted beside what happened.
        """
        is_named = re.search(r"\b[A-Z]{2,3}\b", self.behind) and _DATED.search(self.behind)
        if not is_named or not re.search(rf"\b(?:{_TELLING})\b", self.behind, re.I):
            self.note(_WHAT, self.behind)
            return []
        return [Told(notes={_WHAT: self.behind.strip()}, claims=self.claims)]

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
        told = _fill(part)
        told.claims = clean.list_claims(part[0].mark.start, end)
        reports += [told, *told.part_prose()]
    reports = [each for each in reports if each.texts or each.notes] or [Told()]
    before = (text[: answers[0].mark.start] if answers else text).replace(_ASIDE, "")
    dated = [
        each
        for each in before.split("\n")
        if _DATED.search(each) and len(each.split()) <= _MOST_DATED
    ]
    reports[0].note(_WHEN, "\n".join(dated))
    rest = [each for each in before.split("\n") if each not in dated]
    reports[0].note(_WHAT, "\n".join([*clean.kept, *rest]))
    return [each for each in reports if each.texts or each.notes]


# Cleaning

_DATED = re.compile(rf"\b\d{{1,4}}[./-]\d{{1,2}}\b|\b(?:yesterday|today|tonight|{WEEKDAY})", re.I)
_MOST_DATED = 6  # words of a line that says when it was
_TELLING = "nearly|almost|about to|could have|could of|also|another|forgot"

_SENT = re.compile(
    r"^\W*?(?:\[(?P<at>\d[^\]\n]{5,28})\]\s*|(?P<or>\d{1,4}[/.-]\d\d?[/.-]\d{2,4},?\s\d\d?[:.]\d\d"
    r"(?:[:.]\d\d)?(?:\s?[ap]\.?m\.?)?)\s+[-–]\s+)(?P<who>[^:\n]{1,60}?):(?:\s|$)",
    re.I,
)
_RULE = re.compile(r"\s*[-–—_=*~.#]{3,}\s*\Z")
_MAIL = re.compile(r"^\W*(from|sent|to|cc|date|subject)\s*:\s*(.*)$", re.I)
_ASIDE = "\ue000"  # stands for what somebody else wrote
_UNSEEN = re.compile("[\ue000\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2069\u202a-\u202e\ufeff]")
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

    def take(self, line: str) -> str:
        """Return what belongs to the answers of a line."""
        head, _, said = line.partition(":")
        if said.strip() and find_field(head) in (WRITTEN, AUTHOR):
            self.claims.append((len(self.text), join_lines(line.strip())))
        elif said and find_field(re.sub(r"^\W*\d+\s", "", head)) == "injury":
            self.kept.append(line.strip())
        elif not _RULE.match(line) and not _is_noise(line):
            return line
        return ""

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


_LONGEST_NOISE = 200


def _is_noise(line: str) -> bool:
    """Whether a line is a heading, or the telephone's own."""
    noise = read_phone_words("noise")
    line = line[: _LONGEST_NOISE + 1]
    bare = fold(HUM.sub("", re.sub(r"\d+", "", line)))
    if len(line) > _LONGEST_NOISE or (line.strip().isupper() and len(bare) <= len("MB")):
        return False
    is_own = any(bare.startswith(fold(each)) for each in noise["notice"])
    return is_own or bare in {fold(each) for kind in ("heading", "footer") for each in noise[kind]}


def _write_spoken(text: str) -> str:
    """Return a dictated text with the marks that were said in words."""
    if "\n" not in text.strip():
        text = re.sub(r"\bnew ?line\b,?", "\n", text, flags=re.I)
    for said, mark in (("full stop", "."), ("comma", ",")):
        if len(re.findall(rf"\b{said}\b", text, re.I)) > 1:
            text = re.sub(rf"\s+{said}\b", mark, text, flags=re.I)
    return re.sub(_NEXT, "\n\n", text, flags=re.I)


def _clean(text: str) -> _Clean:
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_SHAPES)
    text = "\n".join(map(str.rstrip, _write_spoken(text).split("\n")))
    text = re.sub(r"\n{3,}", "\n\n", text)
    for each in " ".join(read_phone_words("guide")).split(". "):
        text = text.replace(each.rstrip("."), "")
    text = HELP.sub(lambda found: " " if is_help(found[1]) else found[0], text)
    text = re.sub(r"(?:(?<=[ \t]{2})|(?<=\t))(?=\d\d?[.):]?\s)", "\n", text)
    clean, is_mail = _Clean(), bool(re.search(r"^\W*subject\s*:", text, re.M | re.I))
    spoken = _list_spoken(text)
    own = _find_own(spoken)
    for who, line in spoken:
        left = line
        if sent := _SENT.match(line):
            said = join_lines(f"sent {sent['at'] or sent['or']} by {sent['who']}")
            left = line[sent.end() :]
            if who == own:
                clean.claims.append((len(clean.text), said))
        if who and who != own:
            clean.kept.append(f"{who}: {left}")
            left = _ASIDE
        elif is_mail and (mail := _MAIL.match(line)):
            clean.claims.append((len(clean.text), join_lines(f"{mail[1].lower()}: {mail[2]}")))
            left = ""
        clean.text += f"{clean.take(left)}\n"
    return clean


def _list_spoken(text: str) -> list[tuple[str, str]]:
    """Return each line with who wrote it in a conversation, nobody where it is none."""
    who, spoken = "", []
    for line in text.split("\n"):
        who = sent["who"] if (sent := _SENT.match(line)) else who
        spoken.append((who, line))
    return spoken


def _find_own(spoken: Sequence[tuple[str, str]]) -> str:
    """Return who of a conversation filled in the lines."""
    said: dict[str, list[str]] = {}
    for who, line in spoken:
        said.setdefault(who, []).append(_SENT.sub("", line))
    if len(said) == 1:
        return spoken[0][0]

    def weigh(who: str) -> float:
        return sum(each.power for each in find_marks("\n".join(said[who])) if each.begins)

    return max(said, key=weigh)


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
            and _is_of_form(marks[at], [marks[each] for each in chain[1:-1]], text)
        )
        end = marks[to].start if to < last else len(text)
        aside = text[marks[at].end + len(said) : end].replace(_ASIDE, "")
        answers.append(_Answer(marks[at], said, is_sure, aside))
    return answers


def _is_of_form(mark: Mark, chain: Sequence[Mark], text: str) -> bool:
    """Whether a mark begins a line, or stands in one that begins with a mark or has many."""
    line = text.rfind("\n", 0, mark.start) + 1
    end = text.find("\n", mark.start)
    beside = [each for each in chain if line <= each.start < end]
    begins = beside and beside[0].begins and beside[0].start == line
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
    return said.partition(_ASIDE)[0]


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

_FEW = 3  # words of a label that is not known
_AGAIN = 2  # questions that are answered again in another report
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
    told, fields = Told(), [each.mark.field for each in part]
    for at, each in enumerate(part):
        mark, said, name = each.mark, each.said, each.mark.field
        is_last = at + 1 == len(part)
        told.note(name, each.aside)
        again = name in (fields[:at] if name in LINED else fields[: max(at - 1, 0)])
        after = FIELDS[mark.at + 1 :][:1]
        is_next = is_last or part[at + 1].mark.begins or not {*after} - {*fields}
        if not each.is_sure or again or not (is_next or is_plain(name, said)):
            told.note(name, said)
            continue
        if is_last:
            said, _, rest = said.strip().partition("\n\n")
            told.behind = rest
        _place(told, name, _cut_unknown(told, name, said, fields), is_last=is_last)
    return told


_UNKNOWN = re.compile(r"\n\W*(?:\d+\W+)?([A-Z][^:\n,.;\"]{1,50})(?::\s|\s[-–—]\s)")


def _cut_unknown(told: Told, name: str, said: str, fields: Sequence[str]) -> str:
    """Return an answer up to a line that looks like a label; what it says stands beside it.

    That is of no question here, or begins with a word of one that is missing behind the answer.
    """
    at = FIELDS.index(name) + 1
    missing = [each for each in FIELDS[at : at + 1] if each not in fields]
    found = _UNKNOWN.search(said)
    is_somebody = found and name == "informed" and names_somebody(found[1])
    if found and (is_somebody or (not missing and len(found[1].split()) > _FEW)):
        found = None
    for hint in (each for other in missing for each in read_phone_words("hints").get(other, ())):
        found = found or re.search(rf"\n\W*{hint}\b", said, re.I)
    if not found or not re.search(r"\w", said[: found.start()]):
        return said
    told.note(missing[0] if missing else name, said[found.start() :])
    return said[: found.start()]


def _place(told: Told, name: str, said: str, *, is_last: bool) -> None:
    """Put what was said into its field; what is more than one line there, beside it."""
    text = tidy_answer(said)
    if not text:
        return
    if (name == _CLIENT and not can_be_client(text)) or (name in LINED and has_boxes(text)):
        told.note(name, text)
        return
    if name in LINED:
        text, rest = cut_line(name, text, is_last=is_last)
        told.note(name, rest)
    joint = " " if name in LINED else "\n"
    told.texts[name] = joint.join(filter(None, (told.texts.get(name), text)))
