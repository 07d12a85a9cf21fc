"""What a line about who was told says: somebody reached, somebody not reached, or nobody.

What its phrases say counts: a line of who, how and when alone ("daughter (Sue), phone, 8:40pm") is
of somebody reached, and so is one that tells of telling or of an answer ("she rang back") and
takes nothing of it back. What all its words together lean to decides where the phrases know
nothing, or where it speaks strongly against them. Of everything else it is asked.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Literal

from nearmiss.intake.clauses import READ, STOPS, Found, Line, Phrases, read_line, read_phrases
from nearmiss.intake.leaning import weigh
from nearmiss.model.questions import drop_nobody
from nearmiss.words import read_words

Reach = Literal["reached", "missed", "both", "nobody", "unsure"]

_QUOTED = re.compile(r"""["“][^"”]*["”]|(?<!\w)['‘].*?['’](?!\w)""")
_CONJUNCTIONS = frozenset("and but then so until after before because when".split())  # noqa: SIM905
# The kinds of phrases in the order in which they are looked for, and those that leave the text.
_KINDS = (
    *("away", "theirs", "harmless", "missed", "planned"),
    *("sent", "doubted", "perhaps", "resolved", "told", "answer"),
)
_DOUBTS = ("sent", "doubted", "perhaps")
# How far all words of a line together lean where they are believed rather than its phrases.
_AGAINST, _FOR = -1.0, 2.0
_SHORT = 3  # words of a line that may be a role alone
# Groups of roles in which one may answer for another: "GP out, told the nurse" is the surgery.
_ONE_OFFICE = frozenset(("council", "health", "agency", "pharmacy"))


@dataclass(frozen=True)
class Told:
    """What a line says of who was told, and the words because of which it is asked.

    ``is_planned`` where it says only that it is still to be done; ``says_so`` where words of it
    tell of somebody reached.
    """

    reach: Reach
    words: str = ""
    is_planned: bool = False
    says_so: bool = False
    line: str = field(default="", compare=False)

    @property
    def is_faint(self) -> bool:
        """Whether little in it says that nobody was reached: a plan, a "not", its tone alone."""
        is_theirs = self.is_planned and _THEIRS.search(self.line)
        return self.reach == "missed" and bool(is_theirs or self.words in (self.line, "not"))

    @property
    def was_tried(self) -> bool:
        """Whether one who was not reached was rung, say, rather than not to be told, or not yet."""
        is_untold = _UNTOLD.search(self.words.casefold())
        said = _NEVER_BEGUN.sub(" ", self.line.casefold())
        is_rung = not is_untold or _TRIES.search(said)
        return bool(is_rung) and not self.is_planned


# "Crime no. given" is of a number: it is no "no".
_NUMBER = re.compile(
    r"(?i)(\b(?:crime|log|ref(?:erence)?|incident|report|job|case|cad)\s+)no\b\.?"
    r"(?!\W*(?:one|body|reply|answer))"
)
_UNTOLD = re.compile(
    r"\b(?:(?:un)?aware|knows?|told|informed|not|none|nobody|no[- ]one|pending|tomorrow|later)\b"
)
_NEVER_BEGUN = re.compile(
    r"\b(?:not|never)(?: been| yet| to be)? (?:called|rung|rang|told|informed|phoned|contacted"
    r"|notified|asked|emailed|texted)\b"
)
_TRIES = re.compile(
    r"\b(?:reach|rang|rung|ring|phon|call|try|tried|answer|repl|respon|messag|voice|e?mail|text"
    r"|engaged|contact|left|speak|spoke|through|tone|busy|knock)"
)
_THEIRS = re.compile(r"\b(?:said|says|agreed)\b|[-–—] *[A-Z]\w+ to ")  # one's own plan, told of


@lru_cache(4096)  # in many rows, or reports, the same people are told
def read_reached(line: str) -> Told:
    """Return what one line about who was told says."""
    phrases, spelling = read_phrases("reached")
    plain = _NUMBER.sub(lambda found: found[1].ljust(len(found[0])), line)
    read = replace(read_line(plain, spelling), typed=line)
    if not drop_nobody([line]) or STOPS | {READ} >= {*phrases.blank("nobody", read.words)}:
        return Told("nobody")
    found, left = _find_all(phrases, read)
    told = _sort(found["resolved"] + found["told"])
    # A plan with which the line begins is the carer's own: "will come and tell her".
    answers = found["answer"] + [each for each in found["theirs"] if each.first > 1]
    missed = _sort(found["away"] + found["missed"] + found["planned"])
    lean = weigh(_mark_names(phrases, read))
    if not missed:
        kinds = ("sent",) if told and lean > _FOR else _DOUBTS
        missed = _choose_doubts({kind: found[kind] for kind in kinds}, told, answers, read)
    if not missed:
        says_so = bool(told or answers)
        is_plain = _is_plain(read, left) and not found["sent"]
        believed = _AGAINST if says_so or is_plain else _FOR
        # "GP surgery" alone is somebody told, however often a surgery was shut in other lines.
        # Who "will tell" may know of it, or be meant to: that says nobody was told.
        is_begun = found["sent"] or any(each.first == 1 for each in found["theirs"])
        is_open = line.endswith("?") or (is_begun and not says_so)
        *before, last = line.casefold().split()
        is_role = len(before) < _SHORT and last in read_parts()
        if is_role and not (is_open or any(found.values())):
            return Told("reached")
        if ((is_plain and not found["harmless"]) or lean > believed) and not is_open:
            return Told("reached", says_so=says_so)
        return Told("missed" if lean < _AGAINST else "unsure", line, line=line)
    reach = _judge_leaning(missed, _sort(told + answers) if lean > _FOR else told, read, lean)
    if reach == "reached":
        return Told(reach, says_so=True)
    words = read.quote(max(missed[0].first, 1), missed[0].end)
    is_planned = reach == "missed" and all(_is_planned(each, read) for each in missed)
    return Told(reach, words, is_planned, line=line)


# Between two people in one line, the plainest first.
_BETWEEN = tuple(
    re.compile(each, re.IGNORECASE)
    for each in (r"\s*[;\n]\s*", r"(?<=\w\w)[.]\s+", r",?\s+but\s+", r",\s*(?:and\s+)?|\s+and\s+")
)


def split_reached(line: str) -> list[str]:
    """Return a line about one who was reached and one who was not as two; else no line."""
    for between in _BETWEEN:
        for cut in between.finditer(line):
            parts = [line[: cut.start()].strip(), line[cut.end() :].strip()]
            reached = {read_reached(each).reach for each in parts if each}
            if reached == {"reached", "missed"} and _differ(*map(list_people, parts), sure=False):
                return parts
    return []


def list_people(line: str) -> set[str]:
    """Return each role, and each word that is a name, of whoever a line tells."""
    read = read_line(line, read_phrases("reached")[1])
    people = {*_find_people(read, 0, len(read.words))}
    return people if "of" in read.words else people - {"hours"}  # but "after 2 hours"


def is_same_person(line: str, other: str) -> bool:
    """Whether both lines tell of one in the same role, or of the same name; never two names."""
    people, others = list_people(line), list_people(other)
    names, theirs = people - {*_read_roles()}, others - {*_read_roles()}
    return bool(people & others) and (not (names and theirs) or bool(names & theirs))


_NOT_BEGUN = ("not yet", "not told", "not told yet", "not been told", "yet to")


def _is_planned(cue: Found, read: Line) -> bool:
    return cue.kind == "planned" or " ".join(read.words[cue.first : cue.end]) in _NOT_BEGUN


def is_doubted(line: str) -> bool:
    """Whether the words of one line about who was told are of somebody not reached, or of nobody.

    It is looked up once for each wording, whatever the hour in it: a book repeats itself.
    """
    return _is_doubted(_HOUR.sub("8pm", line))


_HOUR = re.compile(r"\b\d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?\b", re.I)


@cache
def _is_doubted(line: str) -> bool:
    return read_reached(line).reach in ("missed", "both", "nobody")


def read_names(line: str) -> list[str]:
    """Return the words of a line as they are weighed, with "Name" for each name."""
    phrases, spelling = read_phrases("reached")
    return _mark_names(phrases, read_line(line, spelling))


# Words before somebody who is named: "rang the surgery", "LM for mum".
_BEFORE = frozenset(
    "rang phoned called told tried informed emailed texted left message for my the his her their"  # noqa: SIM905
    " our spoke to with not also and".split()
)


def names_somebody(line: str) -> bool:
    """Whether a line begins with somebody: a role, a number such as 111, or a name."""
    rest = [each for each in read_names(line)[1:-1] if each.casefold() not in _BEFORE][:2]
    return "Name" in rest[:1] or any(each in _read_roles() for each in rest)


def _sort(found: list[Found]) -> list[Found]:
    return sorted(found, key=lambda each: each.first)


def _find_all(phrases: Phrases, read: Line) -> tuple[dict[str, list[Found]], list[str]]:
    """Return the phrases by kind, each in what those before it left, and what is left at last."""
    left = _mark_names(phrases, read)
    found: dict[str, list[Found]] = {}
    for kind in _KINDS:
        found[kind] = list(phrases.find(kind, left))
        left = left if kind in _DOUBTS else phrases.blank(kind, left)
    quoted = [each.span() for each in _QUOTED.finditer(read.typed)]
    for kind in ("planned", *_DOUBTS):  # "ok, will tell nights" is what another wrote
        found[kind] = [each for each in found[kind] if not _is_within(quoted, each, read)]
    return found, left


def _mark_names(phrases: Phrases, read: Line) -> list[str]:
    """Return the words with "Name" for each that is a name: a capital, and no word known here."""
    names = read_words("reached")["names"]
    known = phrases.words | {*names["none"], *names["plain"]}
    words = enumerate(read.words)
    return ["Name" if read.is_capital(at) and word not in known else word for at, word in words]


def _is_within(spans: Sequence[tuple[int, int]], cue: Found, read: Line) -> bool:
    at = read.places[cue.first][0]
    return any(start <= at < end for start, end in spans)


def _choose_doubts(
    found: dict[str, list[Found]], told: list[Found], answers: list[Found], read: Line
) -> list[Found]:
    """Return what takes it back: a "not" after one was told, any doubt beside an answer."""
    if told:
        doubts = _sort(found.get("doubted", []) + found["sent"])
        return [each for each in doubts if each.first >= told[-1].end]
    first = max((each.first for each in answers), default=0)
    while first and read.words[first] not in STOPS:
        first -= 1
    return [each for each in found["perhaps"] if each.first >= first]


def _is_plain(read: Line, left: list[str]) -> bool:
    """Whether a line is who, how and when alone: each of its words is known for one of these."""
    names = read_words("reached")["names"]
    plain = {*names["none"], *names["plain"], *_read_roles(), *read_parts()} - {*names["open"]}
    words = [(at, word) for at, word in enumerate(left) if word.isalpha()]
    return all(
        word in plain or (read.is_capital(at) and word not in names["open"]) for at, word in words
    )


def _judge_leaning(missed: list[Found], told: list[Found], read: Line, lean: float) -> Reach:
    """Return what became of them by the order of the phrases, unless the line leans against it."""
    reach = _judge(missed, told, read)
    if reach == "reached" and lean < _AGAINST:
        return "both"
    if reach == "missed" and any(each.kind != "resolved" for each in told):
        return "reached" if lean > _FOR and missed[0].kind != "sent" else "both"
    return reach


def _judge(missed: list[Found], told: list[Found], read: Line) -> Reach:
    """Return what became of those who were not reached: what comes last counts."""
    last = missed[-1]
    ends = [at for at, word in enumerate(read.words) if word in STOPS or word in _CONJUNCTIONS]
    end = next((at for at in ends if at >= last.end), len(read.words))
    after = [each for each in told if each.first > last.first]
    if not after:
        begin = _begin_clause([at for at in ends if at < max(last.first, 1)], read)
        others = {*_find_people(read, 0, begin), *_find_people(read, end, len(read.words))}
        apart = _differ({*_find_people(read, begin, end)}, others, sure=True)
        return "both" if apart else "missed"
    middle = end if after[0].first >= last.end else last.end
    earlier = [each.end for each in told if each.end <= missed[0].first]
    lost = {*_find_people(read, max(earlier, default=0), middle)}
    end = next((at for at in ends if at >= after[-1].end), len(read.words))
    if _turns_to_another(
        lost, {*_find_people(read, middle, end)}, read.words[middle - 1 : end + 1]
    ):
        return "both"
    sure = any(each.kind == "resolved" for each in after)
    return "both" if _differ(lost, {*_find_people(read, middle, end)}, sure=sure) else "reached"


def _begin_clause(ends: list[int], read: Line) -> int:
    """Return the end behind which a clause begins: "mum and dad not told" is one of both."""
    while len(ends) > 1 and read.words[ends[-1]] == "and":
        people = {*_find_people(read, ends[-2], ends[-1])}
        said = {*read.words[ends[-2] + 1 : ends[-1]]}
        if not people or said - people - _WHOSE:
            break
        ends = ends[:-1]
    return ends[-1]


_WHOSE = frozenset("her his their my our the both".split())  # noqa: SIM905


def _turns_to_another(lost: set[str], found: set[str], words: Sequence[str]) -> bool:
    """Whether somebody else was told because one was not reached: "so rang SALT", "DN instead"."""
    return bool(lost and found - lost and {"so", "instead"} & {*words})


def _differ(lost: set[str], found: set[str], *, sure: bool) -> bool:
    """Whether it was plainly another who was told."""
    if not lost or not found or lost & found:
        return False
    roles = _read_roles()
    groups, others = ({roles[each] for each in side if each in roles} for side in (lost, found))
    if groups and others and "emergency" in groups ^ others:
        return True
    if groups and others:
        return not groups & others & _ONE_OFFICE
    return not sure and not groups and not others


def _find_people(read: Line, first: int, end: int) -> Iterator[str]:
    """Yield each role, and each word that is a name."""
    names, roles = read_words("reached")["names"], _read_roles()
    for at, word in enumerate(read.words[first:end], first):
        if word in roles or (word.isalpha() and word not in names["none"] and read.is_capital(at)):
            yield word


@cache
def _read_roles() -> dict[str, str]:
    lists = read_words("reached")["lists"]
    groups = [each.strip("<>") for each in lists["role"]]
    return {role: group for group in groups for role in lists[group]}


@cache
def read_parts() -> frozenset[str]:
    """Return the last word of each part that people play, as papers have them, and short forms."""
    roles = read_words("roles")
    parts = [part for kind in ("client", "work", "places", "family") for part in roles[kind]]
    parts += [short for shorts in roles["short"].values() for short in shorts]
    return frozenset(part.casefold().split()[-1] for part in parts)
