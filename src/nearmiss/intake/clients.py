"""Whom the rows of a sheet are about: clients by name, by initials, and under several names."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from nearmiss.dates.phrase import count_slips
from nearmiss.intake.values import fold_client, is_plain_no, is_unread, looks_like_name
from nearmiss.text import fold_loosely, fold_text
from nearmiss.words import read_words

_MOST_WORDS = 3
_TITLES = re.compile(r"^(?:(?:mr|mrs|ms|miss|dr|sr|sister|master|pani?)\b\.?|p\.)\s*", re.I)
_NO_CLIENT = re.compile(
    r"(?:same|see|as (?:above|before)|staff|visitor|carer|various|all|everyone|none|test"
    r"|don'?t know|not sure|unknown|no name|some(?:body|one))\b"
    r"|.*\bnames? (?:is |was )?(?:illegible|unknown|not (?:known|given|recorded))\b"
)


@lru_cache(4096)
def is_client(cell: str) -> bool:
    """Whether a cell names a client: not "n/a", "various", nor somebody of the staff."""
    folded = fold_text(cell).strip(" .")
    nobody = read_words("heads")["cells"]["nobody"]
    words = re.findall(r"[^\W\d_]+", _TITLES.sub("", cell))
    is_described = len(words) > _MOST_WORDS and sum(map(str.islower, words)) * 2 > len(words)
    is_none = is_plain_no(folded) or folded in nobody or is_unread(cell) or _NO_CLIENT.match(folded)
    return not (is_none or is_described)


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
            words, code = _list_words(client), re.search(r"\(([A-Z]{2,3}\d?)\)", client)
            spelt = (each for each, others in names.items() if _may_be(words, others))
            same = next((each for each in spelt if not _are_two(client, each)), None)
            initials = code[1] if code else _number(_initials(words), said.values())
            said[client] = said[same] if same else initials
            names[client] = words
        else:
            said[client] = client
    return {client: said[client] for client in counted if said.get(client, client) != client}


def find_pairs(counted: Mapping[str, int], said: Mapping[str, str]) -> dict[str, list[str]]:
    """Return each client who may be another of a sheet, or one known, with those who may be meant.

    ``counted`` are the clients as they stand, ``said`` what each is called. A first name alone may
    be who has that name and more, or the one whose initials begin so; a name, its initials.
    """
    called: dict[str, list[str]] = {}
    for client in counted:
        if is_client(client) and not split_clients(client):
            called.setdefault(said.get(client, client), []).append(client)
    pairs: dict[str, list[str]] = {}
    names = sorted(called, key=lambda each: sum(counted[one] for one in called[each]))
    for at, name in enumerate(names):
        for other in names[at + 1 :]:
            ways = [(a, b) for a in {name, *called[name]} for b in {other, *called[other]}]
            if any(_may_be_one(a, b) or _may_be_one(b, a) for a, b in ways):
                pairs.setdefault(name, []).append(other)
    return pairs


def _may_be_one(short: str, name: str) -> bool:
    """Whether a client's short form may be of another name: "JP" of "Jean P", "DF" of "Doris"."""
    words, others = _list_words(short), _list_words(name)
    code = re.sub(r"[\W\d]", "", short)
    if not words or not others:
        return False
    if len(code) == 1:  # "K" of "Kyle"
        return len(others) == 1 and name.istitle() and others[0].startswith(code.casefold())
    if 1 < len(code) <= _MOST_WORDS and code.isupper():
        is_whole = len(others) > 1 and _initials(others) == code
        return is_whole or (len(others) == 1 and name.istitle() and _initials(others) == code[0])
    if not short[:1].isupper() or short.isupper() or name.isupper():
        return False
    return _sound_alike(words[0], others[0]) and all(map(_agree, words[1:], others[1:]))


def _sound_alike(name: str, other: str) -> bool:
    """Whether two first names may be one: "Dez" and "Dezmond", "Olwyn" and "Olwen", "Jody"."""
    if name == other:
        return True
    least = min(len(name), len(other))
    sound, others_sound = map(_spell_by_sound, (name, other))
    may_slip = least >= _SLIP_FROM and name[0] == other[0]
    is_slip = may_slip and count_slips(name, other) <= 1
    return is_slip or sound == others_sound or (least >= _SHORT_FROM and _agree(name, other))


def _spell_by_sound(name: str) -> str:
    """Return a name as it sounds: "Zac", "Zak" and "Zach" are one, and "Jody" and "Jodie"."""
    said = re.sub("(?:ie|ey|i)$", "y", name)
    said = re.sub("c[hk]?(?![ei])", "k", said.replace("ph", "f"))
    return re.sub(r"(.)\1", r"\1", re.sub("h$", "", said))


_SHORT_FROM, _SLIP_FROM = 3, 4  # letters of the shorter of two names


def _agree(word: str, other: str) -> bool:
    return word.startswith(other) or other.startswith(word)


_TOGETHER = re.compile(r"(?<!Mr)\s+(?:and|&|\+)\s+(?=[A-Z])|\s*[/+&\n]\s*(?=[A-Z][\w.]+)")
_ROOM = re.compile(r"\(?\b(?:rm|room|flat|bed)\.?\s*\w?\d+\w?\)?", re.I)


@lru_cache(4096)
def split_clients(cell: str) -> tuple[str, ...]:
    """Return the clients of a cell that names two or more; none where it names one."""
    parts = [" ".join(_ROOM.sub("", each).split()) for each in _TOGETHER.split(cell)]
    are_names = all(re.fullmatch(r"(?:[A-Z][\w.'’-]*\s?){1,3}", each) for each in parts)
    is_long = all(len(re.findall(r"[^\W\d_]", _TITLES.sub("", f"{each} "))) > 1 for each in parts)
    return tuple(parts) if len(parts) > 1 and are_names and is_long else ()


def is_name(client: str) -> bool:
    """Whether a client stands there by name, or by an initial and a surname: "D. Whitlock"."""
    short = re.fullmatch(r"(?:[A-Z][. ]+)+[A-Z][^\W\d_]+(?:['’-][^\W\d_]+)*", client)
    return looks_like_name(client) or short is not None


def _rank(client: str, counted: Mapping[str, int]) -> tuple[int, int]:
    """Return what comes first: whole names before short ones, spellings that stand there often."""
    return (-len(_list_words(client)) if is_name(client) else 0, -counted[client])


def _list_words(client: str) -> tuple[str, ...]:
    turned = re.sub(r"^([^\W\d_][\w'’-]+), (.+)$", r"\2 \1", client)  # "HOLROYD, Winifred"
    plain = _TITLES.sub("", re.sub(r"\([^)]*\)", "", turned).strip())
    return tuple(fold_loosely(each) for each in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", plain))


def _initials(words: Sequence[str]) -> str:
    return "".join(each[0] for each in words).upper() or "?"


def _may_be(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two names may be one person's: the last word is shared, no other is against it."""
    if not words or not others:
        return False
    if {*words} <= {*others} or {*others} <= {*words}:
        return True
    if len(words) == len(words[0]) == 1:  # "Mrs T." of "Mrs Trewin"
        return others[-1].startswith(words[0])
    initials = all(a.startswith(b) or b.startswith(a) for a, b in zip(words, others, strict=False))
    return words[-1] == others[-1] and len(words) == len(others) and initials


def _are_two(client: str, other: str) -> bool:
    """Whether two names have titles of a man and of a woman."""
    men = [bool(re.match(r"(?i)(?:mr|master)\b", each)) for each in (client, other)]
    women = [bool(re.match(r"(?i)(?:mrs|ms|miss)\b", each)) for each in (client, other)]
    return (men[0] and women[1]) or (women[0] and men[1])


def _number(initials: str, taken: Iterable[str]) -> str:
    number, names = 1, {*taken}
    while (found := f"{initials}{number if number > 1 else ''}") in names:
        number += 1
    return found
