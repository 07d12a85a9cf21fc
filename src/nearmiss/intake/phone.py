"""A text from a carer's phone, cut into reports and each of these into answers, or into doubts.

Two things must agree before an answer is placed: what a label says, however it was dictated or
corrected, and the order of the ten lines. What only one of them says stands beside its question.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from nearmiss.dates.grammar import read_when
from nearmiss.dates.now import read_now
from nearmiss.dates.phrase import DateNotUnderstood
from nearmiss.intake.columns import AUTHOR, WRITTEN, find_field
from nearmiss.intake.labels import (
    FIELDS,
    HELP,
    HELPS,
    SURE,
    Mark,
    find_marks,
    fold,
    read_phone_words,
)
from nearmiss.intake.values import find_worry, name_kind
from nearmiss.text import join_lines

_CLIENT, _WHEN, _WHERE, _WHAT = FIELDS[:4]
_FREE = ("what_nearly_happened", "how_prevented", "immediate_action")
_LISTS = ("informed", "recommendations")
_NAMED = ("safeguarding", "recommendations", "category")  # a word that few answers hold
_MOST_CLIENT, _MOST_WHERE = 3, 12  # words that are no sentence yet


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
    while True:
        chain = _choose(marks)
        wrong = {mark for mark, said in _pair(chain, text) if _is_no_answer(mark, said, chain)}
        if not wrong:
            break
        marks = [each for each in marks if each not in wrong]
    reports = []
    parts = list(_part(chain, text))
    for number, part in enumerate(parts):
        end = parts[number + 1][0].start if number + 1 < len(parts) else len(text)
        told = _fill(part, marks, text[:end])
        told.claims = clean.list_claims(part[0].start, end)
        reports.append(told)
    reports = [each for each in reports if each.texts or each.notes] or [Told()]
    before = text[: chain[0].start] if chain else text
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
    r"(?=(?:(?:one|1)\W+)?who\b)"
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
    text = HELP.sub(lambda found: " " if fold(found[1]) in HELPS else found[0], text)
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
        bare = fold(_HUM.sub("", re.sub(r"\d+", "", left)))
        if bare in noise["footer"] or bare in noise["heading"]:
            left = ""
        clean.text += f"{left}\n"
    return clean


# Order

_BACK = 60  # marks: nobody leaves out more between two answers


def _choose(marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks that together say most: in the order of the questions, as far as can be."""
    best: list[tuple[float, int]] = []
    for at, mark in enumerate(marks):
        score, before = 0.0, -1
        for other in range(max(0, at - _BACK), at):
            step = _step(marks[other], mark)
            if step is not None and best[other][0] + step > score:
                score, before = best[other][0] + step, other
        best.append((score + mark.power, before))
    chain, at = [], max(range(len(best)), key=lambda each: best[each][0], default=-1)
    while at >= 0:
        chain.append(marks[at])
        at = best[at][1]
    return chain[::-1]


def _step(before: Mark, mark: Mark) -> float | None:
    """Return what it costs that one mark follows another; None where it can't."""
    if mark.start < before.end and mark.start != before.end:
        return None
    if mark.at > before.at:
        return -0.1 * (mark.at - before.at - 1)
    sure = all(each.begins and each.power >= SURE for each in (before, mark))
    if "hint" in (before.by, mark.by):
        return None
    if mark.at == before.at:
        return -0.5 if sure else None
    if mark.field == _CLIENT:
        return -0.5 if sure else -3
    return -1 if sure else -9


def _pair(chain: Sequence[Mark], text: str) -> Iterator[tuple[Mark, str]]:
    """Yield each mark with what stands from its label to the next one."""
    ends = [*(each.start for each in chain[1:]), len(text)]
    for mark, end in zip(chain, ends, strict=False):
        yield mark, text[mark.end : end]


def _is_no_answer(mark: Mark, said: str, chain: Sequence[Mark]) -> bool:
    """Whether a weak mark is none, since what follows is no yes or no, no kind, or nobody new."""
    typed = mark.field in ("safeguarding", "category") or (
        mark.field == _CLIENT and mark != chain[0]
    )
    return mark.power < SURE and typed and not _is_valid(mark.field, said)


# "who was it at the door" names no client.
_NO_NAME = frozenset("a an at he i in is it my of on she that the they to was who".split())  # noqa: SIM905


def _is_valid(name: str, said: str) -> bool:
    said = _HUM.sub("", said.strip(" .,;\n")).strip(" .,;\n")
    match name:
        case "client":
            words = said.casefold().split()
            is_short = 0 < len(words) <= _MOST_CLIENT and said[0].isalpha()
            return is_short and not _NO_NAME & {*words}
        case "occurred_at":
            return _is_time(join_lines(said))
        case "location":
            return 0 < len(said.split()) <= _MOST_WHERE
        case "safeguarding":
            return find_worry(said) is not None
        case "category":
            return name_kind(said) is not None
    return bool(said)


_A_YEAR = timedelta(days=366)


@cache
def _is_time(said: str) -> bool:
    try:
        read_when(said, read_now() + _A_YEAR)  # one that lies ahead is a time all the same
    except DateNotUnderstood:
        return False
    return True


def _part(chain: Sequence[Mark], text: str) -> Iterator[list[Mark]]:
    """Yield the marks of each report: a new one begins where a question is answered again."""
    part: list[Mark] = []
    for mark in chain:
        fields = [each.field for each in part]
        if mark.field in fields and mark.field != fields[-1]:
            cut = len(part)
            for at in range(fields.index(mark.field) + 1, len(part)):
                between = text[part[at - 1].end : part[at].start]
                if re.search(r"\w", between) and re.search(r"\n\s*\n\W*$", between):
                    cut = at
            yield part[:cut]
            part = part[cut:]
        elif mark.field in fields and mark.field == _CLIENT:
            yield part
            part = []
        part.append(mark)
    if part:
        yield part


# Answers


def _fill(part: Sequence[Mark], marks: Sequence[Mark], text: str) -> Told:
    """Return a report of what stands behind its marks; where one is in doubt, as notes."""
    told, said = Told(), [each for _, each in _pair(part, text)]
    sure = [_is_sure(part, at, said, marks, text) for at in range(len(part))]
    at = 0
    while at < len(part):
        end = at + 1
        while end < len(part) and not sure[end]:
            end += 1
        if end == at + 1 and sure[at]:
            missing = part[at].at + 1 < len(FIELDS) and FIELDS[part[at].at + 1]
            if missing and missing not in {each.field for each in part}:
                said[at] = _cut_unknown(told, said[at], missing)
            _place(told, part[at].field, said[at])
        else:
            stop = part[end].start if end < len(part) else len(text)
            fields = {each.field for each in part}
            doubted = [each.at for each in part[at:end]]
            for place in range(min(doubted), max(doubted) + 1):
                # It may hold the answer to a question between these as well.
                if place in doubted or FIELDS[place] not in fields:
                    told.note(FIELDS[place], text[part[at].start : stop])
        at = end
    return told


def _is_sure(
    part: Sequence[Mark], at: int, said: Sequence[str], marks: Sequence[Mark], text: str
) -> bool:
    mark, before = part[at], part[at - 1] if at else None
    after = part[at + 1] if at + 1 < len(part) else None
    follows = (before.at if before else -1) < mark.at < (after.at if after else len(FIELDS))
    if mark.power >= SURE:
        return mark.by != "hint" or follows
    if not mark.several and not _is_valid(mark.field, said[at]):
        return False
    if before and not before.several and not _is_valid(before.field, said[at - 1]):
        return False
    end = after.start if after else len(text)
    if before and any(_is_rival(each, mark, before, text, end) for each in marks):
        return False
    if mark.by == "number":
        near = (before.at if before else -1) == mark.at - 1
        near = near and (not after or after.at == mark.at + 1)
        return near or (follows and (mark.begins or mark.field not in (*_FREE, *_LISTS, _WHERE)))
    if before and after and before.begins and mark.begins and after.begins:
        between = (before.at, after.at) == (mark.at - 1, mark.at + 1)
    else:
        between = False
    checked = before is not None and before.field not in (*_FREE, *_LISTS)
    is_first = before is None and mark.field == _CLIENT
    return between or mark.several or is_first or checked or mark.field in _NAMED


def _is_rival(other: Mark, mark: Mark, before: Mark, text: str, end: int) -> bool:
    """Whether the answer could as well begin at another place."""
    return (
        other.field == mark.field
        and other != mark
        and other.power >= mark.power - 1
        and before.end < other.start < end
        and not (other.start < mark.end and other.end > mark.start)
        and _is_valid(before.field, text[before.end : other.start])
        and _is_valid(mark.field, text[other.end : end])
    )


_UNKNOWN = re.compile(r"\n\W*(?:\d+\W+)?[A-Z][^:\n,.;\"]{1,50}(?::\s|\s[-–—]\s)")


_AFTER_TOLD = "recommendations"
_PERSON = re.compile(
    r"\n\W*\w+(?: \w+){0,2}\W+(?:[^\n]*\d|\W*(?:phone|text|in person|e-?mail|rang|told|left|no ))",
    re.I,
)


def _cut_unknown(told: Told, said: str, missing: str) -> str:
    """Return an answer up to what looks like the label of the ``missing`` one after it."""
    found = _UNKNOWN.search(said)
    if not found or not re.search(r"\w", said[: found.start()]):
        return said
    if missing == _AFTER_TOLD and _PERSON.match(said, found.start()):
        return said
    told.note(missing, said[found.start() :])
    return said[: found.start()]


_BLANK = re.compile(r"[\s_.…:()\[\]*~/–—-]*")


_HUM = re.compile(r"^(?:(?:um+|uh+|erm+)\b[\s,]*)+|(?:[\s,]*\b(?:um+|uh+|erm+))+$", re.I)


def _place(told: Told, name: str, said: str) -> None:
    """Put what was said into its field; what is more than one line there, beside it."""
    lines = [each.strip() for each in said.strip().split("\n")]
    lines = [re.sub(r"^[\s>*•·▪◦‣⁃–—-]+\s", "", each) for each in lines]
    text = _HUM.sub("", "\n".join(lines).strip()).strip()
    if _BLANK.fullmatch(text) or fold(text) in read_phone_words("plain")["blank"]:
        return
    if name not in (*_FREE, *_LISTS):
        text, rest = _cut_line(name, text)
        told.note(name, rest)
    joint = " " if name not in (*_FREE, *_LISTS) else "\n"
    told.texts[name] = joint.join(filter(None, (told.texts.get(name), text)))


def _cut_line(name: str, text: str) -> tuple[str, str]:
    """Return the answer to a question of one line, and what stands below it."""
    first, _, rest = text.partition("\n")
    joined = join_lines(text)
    if rest and (
        (name == _WHEN and not _is_time(first) and _is_time(joined))
        or (name == _WHEN and _is_time(joined) and len(joined.split()) < 6)  # noqa: PLR2004
        or (
            name == _WHERE
            and not re.search(r"\n[^\n]*[\n:]", text)
            and len(joined.split()) <= _MOST_WHERE
        )
    ):
        return joined, ""
    return first.strip(), rest
