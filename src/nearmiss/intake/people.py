"""Who stands in the cells of a sheet of who was told: those reached, and those not."""

import re
from collections.abc import Sequence
from functools import lru_cache

from nearmiss.intake.reached import (
    list_people,
    names_somebody,
    read_parts,
    read_reached,
    split_reached,
)
from nearmiss.intake.values import is_plain_yes
from nearmiss.model.questions import drop_nobody
from nearmiss.text import fold_text
from nearmiss.words import read_words

_NOBODY = re.compile(
    r"(?:nobody|no[- ]one) (?:(?:was|has been|is) )?(?:told|informed|notified|aware|knows|reached)?"
    r"(?: of what happened)?(?: yet)?(?:, as written)?$"
    r"|not (?:told|to be |informed|needed|required|necessary|applicable|recorded)(?!(?: \w+)? yet)"
    r"|no (?:nok|next of kin|family)\b|.*\bdon'?t tell\b"
    r"|.*\b(?:asked|told) (?:me|us|staff|carer) not to\b"
    r"|.*\b(?:doesn'?t|does not|didn'?t|did not) want\b"
    r"|[^.;,]*\s[-–—:] ?(?:no need|not needed|not necessary|not required)$"
    r"|(?:n/?a|none|nobody|-)\s*[-–—:,.(]|\w+ n/?a$|[^?,;]{1,30}\? ?no$"
)


# A note left for others, of which nobody says that they have read it.
_IN_BOOK = re.compile(
    r"(?i)(?!.*\b(?:told|rang|rung|spoke|phoned|signed)\b)"
    r".*\bin (?:the )?(?:\w+ )?(?:book|diary|folder)(?: for \w+)?\W*$"
)


def split_people(cell: str, *, at_semicolons: bool = True) -> list[str]:
    """Return who is named in a cell, one by one; nobody where its words say so."""
    items = re.split(r"[\r\n;|]+", cell) if at_semicolons else cell.split("\n")
    found = [tidied for each in items if (tidied := " ".join(each.split()))]
    return drop_nobody(each for each in found if not _is_nobody(each))


def _is_nobody(line: str) -> bool:
    folded = fold_text(line).replace("’", "'").strip(" .")
    nobody = read_words("heads")["cells"]["nobody"]
    is_said = _NOBODY.match(folded) is not None and not _tells_of_telling(line)
    if is_said and folded.startswith("not "):  # "not told, GP tried" is of the GP
        is_said = not any(names_somebody(each.strip()) for each in re.split("[,;]", line)[1:])
    return folded in nobody or is_said or _is_clock(folded)


def _tells_of_telling(line: str) -> bool:
    """Whether words of a line tell of somebody reached: "Told mum, she didn't want 111"."""
    read = read_reached(line)
    return read.reach in ("reached", "both") and read.says_so


def _is_clock(line: str) -> bool:
    return re.fullmatch(r"\d\d?[:.]\d\d(?: ?[ap]m)?|\d\d?/\d\d?/\d{2,4}", line) is not None


# Between people in one line, the plainest first; never within brackets, nor in "n/a".
_BETWEEN = tuple(
    re.compile(rf"{each}(?![^(]*\))")
    for each in (
        *(r"(?<!\b[A-Z])[.]\s+(?=[A-Z]|\d{3}\b)", ",", r"\s+then\s+"),
        r"\s*(?<!\bn)/(?!(?<=\d/)\d\d?\b|a\b|\s*on[- ]call|(?:carer|guardian)s?\b)\s*",
    )
)


@lru_cache(4096)
def part_people(line: str) -> tuple[str, ...]:
    """Return one line as several where each part begins with somebody, or says what became of one.

    "Daughter (Sue), phone, 8pm" is one; "GP, nurse or 111" is one too, of which one was ticked.
    """
    parts = list[str]()
    for shown in _part_people(_SHORTENED.sub(_NO_STOP, line)):
        part = shown.replace(_NO_STOP, ".")
        if parts and _OF_SOMEBODY.search(part):
            parts[-1] += f", {part}"
        else:
            parts.append(part)
    return tuple(parts)


_NO_STOP = "\u2024"  # for the stop behind a word cut short, which ends no sentence
_SHORTENED = re.compile(
    r"(?i)(?<=\bsoc)\.|(?<=\bdept)\.|(?<=\bmgr)\.|(?<=\bdep)\.|(?<=\basst)\.|(?<=\bdr)\.|(?<=\bst)\."
    r"|(?<=\bserv)\.|(?<=\bsec)\.|(?<=\bapprox)\.|(?<=\bext)\.|(?<=\btel)\."
)


def _part_people(line: str) -> tuple[str, ...]:
    for between in _BETWEEN:
        cut = [each.strip(" -–—,") for each in between.split(line)]
        found = _join_alternatives(list(filter(None, cut)))
        are_people = all(_is_somebody(each) or is_code(each) for each in found)
        if len(found) > 1 and are_people and not any(map(_GOES_ON.match, found)):
            return tuple(each for part in found for each in _part_people(part))
    joint = tuple(_JOINT.split(line))
    if len(joint) > 1 and _is_bare_name(line) and all(map(_is_short_role, joint)):
        return joint
    if len(parts := _part_clauses(line)) > 1:
        return parts
    parts = tuple(split_reached(line)) if read_reached(line).reach == "both" else ()
    return parts if parts and all(map(_is_somebody, parts)) else (line,)


_CODE = re.compile(r"[A-Z]{1,4}\d?|\d{1,2}")
_NO_CODE = frozenset("A AM ASAP DONE FYI N NA NK NO NR OK PM TBC X Y YES".split())  # noqa: SIM905
# What a home marks in its own way, such as that one was not reached, or is still to be told.
_MARK = re.compile(r"\(\s*[x✗✘?>]\s*\)|\(\s*[A-Z]{1,2}\s*\)$|^[>→?*]\s*(?=\w)|[?>→*]$|\s[x✗✘]$")


@lru_cache(4096)
def is_code(part: str) -> bool:
    """Whether somebody may be meant by a few letters, as a home has them: "SL", "NK(x)"."""
    code = _MARK.sub("", part).strip()
    is_short = _CODE.fullmatch(code) is not None and code not in _NO_CODE
    return is_short and read_reached(code).reach == "reached"


@lru_cache(4096)
def is_marked(line: str) -> bool:
    """Whether a mark beside somebody says what only the home knows."""
    return _MARK.search(line) is not None


_JOINT = re.compile(r"\s+(?:&|\+|and)\s+")


def _is_short_role(part: str) -> bool:
    return len(part.split()) < _MOST_WORDS and names_role(part)


@lru_cache(4096)
def is_mixed(line: str) -> bool:
    """Whether a line may tell of one who was reached and of another who was not."""
    read = read_reached(line)
    return (
        is_marked(line)
        or read.reach == "both"
        or (read.reach == "missed" and not read.is_planned and len(_group_clauses(line)) > 1)
    )


# Where one turns from what became of one to the next; a joint fate has no words of its own before.
_TURNS = re.compile(
    r"(?P<and>\s*(?:[/+]|(?<!\bA)&)(?!(?:carer|guardian)s?\b)\s*|\s+and\s+)(?![^(]*\))|(?:[;,.]+\s+|\s+)(?:but|then|so)\s+(?![^(]*\))"
    r"|[;,.]+\s+(?![^(]*\))",
    re.I,
)
# What tells more of the one before: what she said, or what one is to do.
_GOES_ON = re.compile(
    r"(?:she|he|they|who|it|because|as)\b"
    r"|(?:(?:the )?(?!spoke|talked)\w+ )?(?:will|would|to|going to)\b"
    r"(?! be (?:told|rung|informed|phoned|updated))",
    re.I,
)
_TELLS = re.compile(
    r"(?:told|rang|phoned|texted|emailed|informed|spoke (?:to|with))"
    r" (?!(?:her|him|them|me|it|back|through|hold|no|at|again|once|twice"
    r"|several|two|three|\d.*)\b)\w",
    re.I,
)


# A plan of the writer's own, in a sentence of its own: "Will speak to Robert".
_PLANS = re.compile(r"Will (?:speak|talk|ring|tell|phone|call|text|email|inform|update)\b")


def _begins_anew(clause: str) -> bool:
    """Whether a clause tells of somebody, and no more of the one before it."""
    names = (
        list_people(clause) or _TELLS.match(clause) or _is_somebody(" ".join(clause.split()[:1]))
    )
    return bool(names) and (not _GOES_ON.match(clause) or _PLANS.match(clause) is not None)


def _part_clauses(line: str) -> tuple[str, ...]:
    """Return a line in parts of which each says plainly whether somebody was reached, not all."""
    groups = _group_clauses(line)
    reached = [read_reached(each).reach for each in groups]
    # "Rang twice, no reply: GP" tells of nobody before the comma.
    tells_of_nobody = not (list_people(groups[0]) or _TELLS.search(groups[0]))
    is_parted = {*reached} == {"reached", "missed"}
    return () if not is_parted or (reached[0] == "reached" and tells_of_nobody) else tuple(groups)


@lru_cache(4096)
def _group_clauses(line: str) -> list[str]:
    """Return a line's clauses, each with those behind it that name nobody else."""
    groups, begin, end, stop, is_joined = list[str](), 0, 0, 0, False
    for turn in (*_TURNS.finditer(line), None):
        clause = line[end : turn.start() if turn else len(line)]
        if begin < end and clause.strip() and _begins_anew(clause):
            before = line[begin:stop].strip(" -–—,")
            if not (is_joined and _is_bare_name(before)):
                groups.append(before)
                begin = end
        if turn:
            stop, end, is_joined = turn.start(), turn.end(), bool(turn["and"])
    return [*groups, line[begin:].strip(" -–—,")]


def _is_bare_name(part: str) -> bool:
    """Whether a part of a line says who, and not what became of it: "rang GP", "mum"."""
    read = read_reached(part)
    return read.reach == "reached" and not read.says_so


# What somebody said is nobody: "Sister NOT told, social worker's advice".
_OF_SOMEBODY = re.compile(r"['’]s? (?:advice|request|orders?|instructions?|say|view|wish|choice)\b")


def _is_somebody(part: str) -> bool:
    """Whether a part of a line begins with somebody, or is a part that people play: "keyworker"."""
    words = fold_text(re.sub(r"/\w+", "", part)).split() or [""]
    is_part = len(words) < _MOST_WORDS and words[-1] in read_parts() - _NO_PARTS
    is_part = is_part and len(words[-1]) > _SHORT
    is_writer = words[0] == "me" or words[1:] == ["me"]
    is_head = words in (["head"], ["deputy", "head"])  # of a school; elsewhere it is of a body
    return is_part or is_writer or is_head or names_somebody(re.sub(r"['’]s\b", "", part))


def _join_alternatives(parts: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for part in parts:
        if re.search(r"\w or \w", part) and joined:
            joined[-1] += f", {part}"
        else:
            joined.append(part)
    return joined


def _is_left_in_book(line: str) -> bool:
    """Whether a note was left for nobody that is named; one who is, is kept as not reached."""
    is_kept = list_people(line) and read_reached(line).reach == "missed"
    return _IN_BOOK.match(line) is not None and not is_kept


_ANSWER = re.compile(r"(yes|y|no|n|x|✓|✔|✗|✘|true|false)(?:[\s:,;.–—-]+|$)", re.I)


# No answer to a call, and no "no" to whether somebody was told.
_NO_REPLY = re.compile(r"(?i)no? (?:ans|repl|resp|luck|joy|signal|pick|contact|connect|one|body)")


def _read_alone(cell: str, person: str) -> str:
    """Return what a single word or mark says of whom the head names, if it is no plain answer."""
    if is_plain_yes(cell.rstrip("*†‡ ")) and cell[-1] in "*†‡":
        return f"{person} ({cell})?"  # what the mark beside the yes means is not known
    return f"{person}: {fold_text(cell)}" if fold_text(cell).strip(" .") in _TRIED else ""


_TRIED = ("attempted", "tried")


@lru_cache(8192)
def read_told(cell: str, person: str = "") -> tuple[str, ...]:
    """Return who is named in a cell, one by one.

    ``person`` is whom the head names, where the cells say yes or no: "Y - wife" is the wife, "Y"
    that person, and "no answer" is said of that person.
    """
    is_answer = person and not _NO_REPLY.match(cell.strip())
    answer = _ANSWER.match(cell.strip()) if is_answer else None
    if person and (alone := _read_alone(cell.strip(), person)):
        return (alone,)
    if answer is None:
        lines = [part for each in split_people(cell) for part in part_people(each)]
        lines = [each for each in lines if not (_is_nobody(each) or _is_left_in_book(each))]
        return tuple(_name(each, person) for each in lines) if person else tuple(lines)
    rest = cell.strip()[answer.end() :].strip()
    if answer[1] in "✗✘" and not rest:
        return (f"{person}: {answer[1]} (not reached, or not told)",)
    if re.search("[✓✔]", rest) and not is_plain_yes(answer[1]):
        return (f"{person}: {cell.strip()}",)  # reached after all
    if is_plain_yes(answer[1]):
        return tuple(_name(each, person) for each in part_people(rest)) if rest else (person,)
    # What stands behind a no is of somebody only where it tells of trying, or of telling.
    lines = [each for each in split_people(rest) for each in part_people(each)]
    said = [(each, read_reached(each)) for each in lines]
    told = [
        each for each, read in said if read.reach == "missed" or read.says_so or "instead" in each
    ]
    return tuple(_name(each, person) for each in told)


# Between what became of one call and of the next, in one cell.
_BETWEEN_REPLIES = re.compile(r"[;,\n]+|[.]\s+(?=[A-Z])|(?<=[✓✔])\s+(?=[A-Z\d]|\w+ [✓✔✗✘])")
_ALL = re.compile(r"(?:yes|y|✓|✔|true|got)(?:\s+(?:both|all|everyone))?", re.I)


@lru_cache(4096)
def match_replies(cell: str, replies: str) -> tuple[str, ...]:
    """Return those whom a cell names, each with what became of it, as the cell beside it says.

    "Bev, 111" and "Bev yes, 111 gave up" are "Bev" and "111 - gave up"; what can't be matched is
    left to the one before it.
    """
    named = [part for each in split_people(cell) for part in part_people(each)]
    if not named or _ALL.fullmatch(replies.strip()):
        return tuple(named)
    parts = [each.strip() for each in _BETWEEN_REPLIES.split(replies) if each.strip()]
    said: dict[str, list[str]] = {each: [] for each in named}
    at = named[0]
    for number, part in enumerate(parts):
        first, _, rest = part.partition(" ")
        found = next((each for each in named if _is_called(first, each)), "")
        if not found and len(parts) == len(named):
            found = named[number]
        elif found and len(named) > 1:
            part = rest.lstrip("-–—: ") or part  # noqa: PLW2901
        at = found or at
        said[at].append(part)
    return tuple(_join_reply(each, ", ".join(reply)) for each, reply in said.items())


def _join_reply(person: str, reply: str) -> str:
    if fold_text(reply).strip(" .") == "n":
        reply = "not reached"
    return person if not reply or is_plain_yes(reply.strip(" .")) else f"{person} - {reply}"


def _is_called(word: str, person: str) -> bool:
    """Whether one word names a person: a word of the line, or the first letters of its words."""
    words = fold_text(person).split()
    return fold_text(word) in (*words, "".join(each[0] for each in words))


def _name(line: str, person: str) -> str:
    """Return a line that names nobody with whom the head names."""
    return line if _is_somebody(line) else f"{person}: {line}"


_HEAD = re.compile(
    r"^who (?:was |has been )?(?:told|informed|notified)\b|"
    r"\s*\b(?:been |was )?(?:informed|told|notified|aware|contacted|knows?)\b"
    r"|\by\s?/?\s?n\b|\([^)]*\)|[?:]",
    re.I,
)
_NOT_A_PERSON = {
    *("who", "whom", "people", "persons", "other", "others", "parties", "anyone", "has", "been"),
    *("when", "date", "at", "how", "by", "and", "so", "far", "else", "was", "is", "have", "you"),
    *("to", "everyone", "ref", "time", "reported", "no"),
}


@lru_cache(1000)
def find_person(head: str) -> str:
    """Return whom a head names whose cells say yes or no: GP of "GP informed"; else nothing."""
    head = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_", " ", head)
    if not re.search(r"\b(?:informed|told|notified|aware|contacted|knows?)\b", head, re.I):
        return ""
    person = " ".join(_HEAD.sub(" ", head).split())
    words = {*re.findall(r"\w+", fold_text(person))}
    return "" if words & _NOT_A_PERSON or len(person.split()) > _MOST_WORDS else person


@lru_cache(1000)
def name_person(head: str) -> str:
    """Return whom a head names whose cells are answers: its person, or one who stands alone."""
    plain = " ".join(head.split()).strip(" ?:")
    parts = [part.split() for part in re.split(r"[()]", fold_text(plain)) if part.strip()]
    is_alone = (
        len(re.findall(r"\w+", plain)) <= _MOST_WORDS + 1
        and any(part[-1] in read_parts() - _NO_PARTS | _SHORT_PARTS for part in parts)
        and not {*plain.casefold().split()} & {"by", "of", "with", "for", "is", "was", "any"}
    )
    return find_person(head) or (plain if is_alone else "")


def names_role(cell: str) -> bool:
    """Whether a cell names somebody by the part that one plays, not by name."""
    return any(word in read_parts() - {"mr", "mrs"} for word in re.findall(r"\w+", fold_text(cell)))


_SHORT_PARTS = {"call", "cqc", "ofsted", "fam"}
_NO_PARTS = {"client", "resident", "pupil", "phone", "room", "home", "in", "on", "up", "call"}
_SHORT = 2
_MOST_WORDS = 3


_PROTECTS = re.compile(
    r"\b(?:safeguarding|d?dsl|designated lead|social (?:services|care|worker|work)|sw|edt"
    r"|asc|mash|lado|police(?! dog)|pcso|(?<!room )101|council(?! (?:tenant|house|flat|estate|tax))"
    r"|cqc|ofsted|adult (?:support|protection|services)|child protection|emergency duty)\b"
)


@lru_cache(4096)
def is_protector(line: str) -> bool:
    """Whether who was told is one whom a worry about harm is told of."""
    return _PROTECTS.search(fold_text(line)) is not None
