"""Who stands in the cells of a sheet: those told and those not reached, and clients by name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from nearmiss.intake.reached import names_somebody
from nearmiss.intake.values import fold_client, is_plain_no, is_plain_yes, looks_like_name
from nearmiss.model.questions import drop_nobody
from nearmiss.text import fold_loosely, fold_text
from nearmiss.words import read_words

_NOBODY = re.compile(
    r"not (?:told|to be |informed)(?! yet)|no (?:nok|next of kin|family)\b|.*\bdon'?t tell\b"
    r"|(?:n/?a|none|nobody|-)\s*[-–—:,.(]|\w+ n/?a$"
)


def split_people(cell: str, *, at_semicolons: bool = True) -> list[str]:
    """Return who is named in a cell, one by one; nobody where its words say so."""
    items = re.split(r"[\r\n;]+", cell) if at_semicolons else cell.split("\n")
    found = [tidied for each in items if (tidied := " ".join(each.split()))]
    return drop_nobody(each for each in found if not _is_nobody(each))


def _is_nobody(line: str) -> bool:
    folded = fold_text(line).replace("’", "'").strip(" .")
    nobody = read_words("heads")["cells"]["nobody"]
    return folded in nobody or _NOBODY.match(folded) is not None or _is_clock(folded)


def _is_clock(line: str) -> bool:
    return re.fullmatch(r"\d\d?[:.]\d\d(?: ?[ap]m)?|\d\d?/\d\d?/\d{2,4}.*", line) is not None


# Between people in one line, the plainest first; never within brackets, nor in "n/a".
_BETWEEN = tuple(
    re.compile(rf"{each}(?![^(]*\))")
    for each in (r"[.]\s+(?=[A-Z])", ",", r"\s+then\s+", r"\s*(?<!\bn)/(?!a\b|\s*on[- ]call)\s*")
)


@lru_cache(4096)
def part_people(line: str) -> tuple[str, ...]:
    """Return one line as several where each part begins with somebody.

    "Daughter (Sue), phone, 8pm" is one; "GP, nurse or 111" is one too, of which one was ticked.
    """
    for between in _BETWEEN:
        parts = _join_alternatives([each.strip() for each in between.split(line) if each.strip()])
        if len(parts) > 1 and all(map(names_somebody, parts)):
            return tuple(each for part in parts for each in part_people(part))
    return (line,)


def _join_alternatives(parts: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for part in parts:
        if re.search(r"\w or \w", part) and joined:
            joined[-1] += f", {part}"
        else:
            joined.append(part)
    return joined


_ANSWER = re.compile(r"(yes|y|no|n|x|✓|✔|true|false)(?:[\s:,;.–—-]+|$)", re.I)


@lru_cache(8192)
def read_told(cell: str, person: str = "") -> tuple[str, ...]:
    """Return who is named in a cell, one by one.

    ``person`` is whom the head names, where the cells say yes or no: "Y - wife" is the wife, "Y"
    that person, and "no answer" is said of that person.
    """
    answer = _ANSWER.match(cell.strip()) if person else None
    if person and fold_text(cell).strip(" .") in ("attempted", "tried"):
        return (f"{person}: {fold_text(cell)}",)
    if answer is None:
        lines = [part for each in split_people(cell) for part in part_people(each)]
        lines = [each for each in lines if not _is_nobody(each)]
        return tuple(_name(each, person) for each in lines) if person else tuple(lines)
    rest = cell.strip()[answer.end() :].strip()
    if is_plain_yes(answer[1]):
        return tuple(_name(each, person) for each in part_people(rest)) if rest else (person,)
    return tuple(_name(each, person) for each in split_people(rest))


def _name(line: str, person: str) -> str:
    """Return a line that names nobody with whom the head names."""
    return line if names_somebody(line) else f"{person}: {line[:1].lower()}{line[1:]}"


_HEAD = re.compile(
    r"\s*\b(?:been |was )?(?:informed|told|notified|aware|contacted)\b"
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
    if not re.search(r"\b(?:informed|told|notified|aware|contacted)\b", head, re.I):
        return ""
    person = " ".join(_HEAD.sub(" ", head).split())
    words = {*re.findall(r"\w+", fold_text(person))}
    return "" if words & _NOT_A_PERSON or len(person.split()) > _MOST_WORDS else person


_MOST_WORDS = 3
_TITLES = re.compile(r"^(?:mr|mrs|ms|miss|dr|master)\b\.?\s*", re.I)
_NO_CLIENT = re.compile(
    r"(?:same|see|as (?:above|before)|staff|visitor|carer|various|all|everyone|none|test)\b"
)


@lru_cache(4096)
def is_client(cell: str) -> bool:
    """Whether a cell names a client: not "n/a", "various", nor somebody of the staff."""
    folded = fold_text(cell).strip(" .")
    nobody = read_words("heads")["cells"]["nobody"]
    return not (is_plain_no(folded) or folded in nobody or _NO_CLIENT.match(folded))


def find_alike(client: str, known: Iterable[str]) -> str | None:
    """Return the client, among those known, who looks the same and is spelt otherwise."""
    if client in known:
        return None
    folded = fold_client(client)
    return next((each for each in known if fold_client(each) == folded), None)


def propose_clients(counted: Mapping[str, int], known: Sequence[str]) -> dict[str, str]:
    """Return what to call each client of a sheet who is spelt as another, or by name.

    The same person spelt in several ways ("Mr D Whitlock", "D. Whitlock") gets the same
    initials; others who would share them a number behind. ``known`` are offered first.
    """
    names: dict[str, tuple[str, ...]] = {}
    said: dict[str, str] = {}
    for client in sorted(filter(is_client, counted), key=lambda each: _rank(each, counted)):
        alike = find_alike(client, (*known, *said.values()))
        if alike and not is_name(client):
            said[client] = alike
        elif is_name(client):
            words = _list_words(client)
            same = next((each for each, others in names.items() if _may_be(words, others)), None)
            said[client] = said[same] if same else _number(_initials(words), said.values())
            names[client] = words
        else:
            said[client] = client
    return {client: said[client] for client in counted if said.get(client, client) != client}


def is_name(client: str) -> bool:
    """Whether a client stands there by name, or by an initial and a surname: "D. Whitlock"."""
    short = re.fullmatch(r"(?:[A-Z][. ]+)+[A-Z][^\W\d_]+(?:['’-][^\W\d_]+)*", client)
    return looks_like_name(client) or short is not None


def _rank(client: str, counted: Mapping[str, int]) -> tuple[int, int]:
    """Return what comes first: whole names before short ones, spellings that stand there often."""
    return (-len(_list_words(client)) if is_name(client) else 0, -counted[client])


def _list_words(client: str) -> tuple[str, ...]:
    plain = _TITLES.sub("", client.strip())
    return tuple(fold_loosely(each) for each in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", plain))


def _initials(words: Sequence[str]) -> str:
    return "".join(each[0] for each in words).upper() or "?"


def _may_be(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two names may be one person's: the last word is shared, no other is against it."""
    if not words or not others:
        return False
    if {*words} <= {*others} or {*others} <= {*words}:
        return True
    initials = all(a.startswith(b) or b.startswith(a) for a, b in zip(words, others, strict=False))
    return words[-1] == others[-1] and len(words) == len(others) and initials


def _number(initials: str, taken: Iterable[str]) -> str:
    number, names = 1, {*taken}
    while (found := f"{initials}{number if number > 1 else ''}") in names:
        number += 1
    return found
