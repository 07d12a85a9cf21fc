"""Who was told, by the part they play: as a family may read it, and as papers group them.

A role is read wherever it stands ("Carol (daughter)", "daughter Susan", "his son"). What would
make another of it makes it unknown: a word that is not known before it ("bank manager"), whose
it is ("Carol's husband"), or that it is only spoken of ("not his son", "by the nurse"). All words
are in ``words/roles.toml``; a family reads short forms ("DN") in its plain words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from nearmiss.dates.phrase import count_slips
from nearmiss.dates.shown import MONTHS
from nearmiss.text import fold_text
from nearmiss.words import read_words

SOMEONE_ELSE = "someone else"
_JOINS = frozenset({"and", "&", "+", "or", "n", "then", "plus"})
_OF = frozenset({"of", "at", "in", "from", "on"})
_THEIRS = frozenset({"his", "her", "their"})
_ARTICLES = frozenset({"the", "a"}) | _THEIRS
_THERE = ("places", "work")  # kinds of roles by profession
_OWN = frozenset({"my", "our", "mine"})
_TITLES = ("dr", "mr", "mrs", "ms", "miss", "mister", "st")
_NO_STOP = rf"(?i:{'|'.join(_TITLES)})$|\b[A-Z]$"
_CALLED = ("Father", "Sister")
_DOCTOR = re.compile(r"(?:(?!by |not |re |tried )[\w']+ ){0,4}dr\b(?!')", re.IGNORECASE)
_LONG = 8  # letters: of a shorter word a slip makes another
_INITIALS = re.compile(r"[A-Z]{1,4}\d?(?:['’]|$)")
_TOKEN = re.compile(
    r"(?<!\w)[^\W\d_](?:[./-][^\W\d_])+(?!\w)\.?"  # D.N., D/N, D-I-L
    r"|(?<!\w)(?:[^\W\d_]/|[CcRr][eo]-)[^\W_]+"  # t/leader, co-ord, re-ablement
    r"|[^\W_]+(?:['’][^\W_]+)*['’]?|&|\+|[^\w\s]"
)
_BREAKS = frozenset('()[],;:–—/."“”|')
_ENDS = re.compile(r"[(,:;–—]| - ")  # where more is said than who it is
_SLIP = re.compile(
    r"saf\w{0,3}\W?g\w{0,2}rd|s\w{1,3}eguar|\bs[/.]g|\bs\w{0,3}g\w{0,2}d\w?ng\b", re.IGNORECASE
)


@dataclass(frozen=True)
class _Token:
    """A word of a line: as written, folded, that without an ending ``'s``, and where it stands.

    A short form is several, with its plain words folded.
    """

    text: str
    whole: str
    word: str
    owns: bool
    start: int
    end: int


@dataclass(frozen=True)
class _Role:
    """A role in a line: its tokens from ``first`` to before ``end``, its kind and main word."""

    first: int
    end: int
    kind: str
    head: str


def _fold(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").replace("-", " ").split())


def _fold_token(text: str) -> str:
    return re.sub("[ ./]", "", _fold(text)) if len(text) > 1 else _fold(text)


@cache
def _read(name: str) -> frozenset[str]:
    return frozenset(_fold(each) for each in read_words("roles")[name])


@cache
def _read_roles() -> dict[tuple[str, ...], str]:
    """Return every role as the words it is made of, with its kind."""
    return {
        tuple(token.whole for token in part): kind
        for kind in ("client", *_THERE, "family")
        for role in read_words("roles")[kind]
        for part in _cut_words(role, "")
    }


@cache
def _find_leading(word: str) -> frozenset[str]:
    """Return the long words that stand before another in a role: "district" before "nurse"."""
    pairs = (pair for role in _read_roles() for pair in pairwise(role))
    known = {word, word.removesuffix("s")}
    leading = {first for first, second in pairs if second in known}
    leading |= _read("modifiers") if known & _read("heads") else set()
    return frozenset(each for each in leading if len(each) >= _LONG)


@cache
def _read_short() -> dict[str, str]:
    """Return the plain words for each short form and slip, and for its plural."""
    table = read_words("roles")["short"].items()
    found = {_fold_token(each): plain for plain, short in table for each in short}
    return {f"{short}s": f"{plain.rstrip('s')}s" for short, plain in found.items()} | found


@cache
def _read_phrases(name: str) -> re.Pattern[str]:
    """Return what finds the phrases of a list, wherever they stand in a folded line."""
    words = (re.escape(_fold(each)) for each in read_words("roles")[name])
    choices = "|".join(each.replace(r"\*", r"\w*").replace(r"\ ", r"\W+") for each in words)
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)")


@cache
def _find_words() -> frozenset[str]:
    """Return the words that are no names: those of the roles, and those known around them."""
    words = frozenset(word for role in _read_roles() for word in role)
    plurals = {f"{word}s" for word in words}
    return words | plurals | _read("before") | _read("adjectives") | _read("turns")


def find_callings(told: Iterable[str], reader: str = "", client: str = "") -> dict[str, str]:
    """Return what the book calls people whose name stands in some lines alone, by ``find_key``.

    That is the one part of those who play the same wherever it stands with their name; not of a
    name that two may have. The ``reader`` of a paper is also called so by some of their names, and
    else by their own.
    """
    lines, parts = [*told], dict[str, dict[str, str]]()
    for each in {*lines, reader}:
        roles = [SOMEONE_ELSE] if is_hidden(each) else find_roles(each, client)
        # Of a name beside other words nobody knows whose it is: "Sue next door".
        roles = roles or ([] if _is_name_alone(each) else [SOMEONE_ELSE])
        for name in _find_names(each):
            known = parts.setdefault(name, {})
            known |= {fold_text(plain): plain for plain in map(_spell_out, roles)}
    alone = {find_key(each) for each in lines if _is_name_alone(each)}
    called = {key: _find_part(*(parts.get(name, {}) for name in key.split())) for key in alone}
    own = _find_names(reader)
    theirs = _find_part({each: plain for name in own for each, plain in parts[name].items()})
    keys = (find_key(each) for each in lines if own & set(re.findall(r"[^\W_]+", _fold(each))))
    called |= {key: called.get(key) or theirs or reader for key in keys if {*key.split()} <= own}
    return {key: part for key, part in called.items() if part}


def _find_names(told: str) -> set[str]:
    return {token.word for part in _cut_parts(told) for token in part if _is_name(token)}


def _find_part(*played: Mapping[str, str]) -> str:
    """Return the one part that each plays; empty where one plays none, or another."""
    parts = {each: plain for some in played for each, plain in some.items()}
    is_one = len(parts) == 1 and SOMEONE_ELSE not in parts and all(played)
    return next(iter(parts.values())) if is_one else ""


def _is_name_alone(told: str) -> bool:
    """Whether a line begins with a name and nothing else, but how and when they were told."""
    begun = _HOW.split(_ENDS.split(told, maxsplit=1)[0], maxsplit=1)[0]
    words = [token for part in _cut_parts(begun) for token in part]
    known = _read("before") | _read("telling") | set(_TITLES)
    return any(map(_is_name, words)) and all(_is_name(each) or each.word in known for each in words)


def is_hidden(told: str) -> bool:
    """Whether a family never reads who it is: who deals with abuse, or is the carer's own."""
    line = _read_phrases("harmless").sub("", _fold(f"{told} | {_spell_out(told)}"))
    return bool(_read_phrases("hidden").search(line) or _SLIP.search(told)) or _is_own(told)


def name_roles(
    informed: Iterable[str], called: Mapping[str, str] | None = None, client: str = ""
) -> list[str]:
    """Return the parts that the people told play, each once: ``daughter``, ``someone else``.

    ``called`` are those of people in whose lines no role stands, by ``find_key``; ``client`` is
    whom it is about. Short forms are in plain words.
    """
    found = dict[str, str]()
    for told in informed:
        roles = [SOMEONE_ELSE] if is_hidden(told) else find_roles(told, client)
        for role in roles or [(called or {}).get(find_key(told), SOMEONE_ELSE)]:
            plain = role if fold_text(role) == fold_text(client) else _spell_out(role)
            found.setdefault(fold_text(plain), plain)
    return list(found.values())


def _spell_out(role: str) -> str:
    """Return a role with short forms in plain words: "district nurse" for "DN"."""
    short = _read_short()
    plain = _TOKEN.sub(lambda found: short.get(_fold_token(found[0]), found[0]), role)
    return re.sub(
        r"therapist (?=team|equipment|assistant|technician)", "therapy ", plain.replace(". ", " ")
    )


def find_roles(told: str, client: str = "") -> list[str]:
    """Return the roles of whom a line tells, as written there: those of its first part with any."""
    found: list[str] = []
    for part in _cut_parts(told, client):
        if found and part[0].word in _JOINS and len(part) > 1:  # "(Sue) and Mike (son)"
            return found + (find_roles(told[part[1].start :], client) or [SOMEONE_ELSE])
        if not found and part[0].word in _THEIRS and _fold(told).startswith("not "):
            continue  # "not the son, his wife": no wife of the client's
        if not found or _lists_more(told, part):
            found += _find_in_part(told, part, client, follows=bool(found))
        elif not told[: part[0].start].endswith("("):
            break
    return found or (["doctor"] if _DOCTOR.match(told) else [])


# "GP surgery by phone, receptionist": how it was told is said, so that is one who was told.
_HOW = re.compile(r"\d|\b(?:by|over|via) |\b(?:phone|text|email|rang|spoke)\b", re.IGNORECASE)


def _lists_more(told: str, part: list[_Token]) -> bool:
    """Whether a part of a line is another item of a list, and nothing but a role."""
    rest = {*range(len(part))}.difference(*(range(each.first, each.end) for each in _match(part)))
    before = told[: part[0].start].rstrip()
    listed = before.endswith((",", "/", ";")) and not _HOW.search(before)
    return listed and all(part[at].word in _ARTICLES | _JOINS for at in rest)


def find_key(told: str) -> str:
    """Return by what a person without a role is known: the name in a line, or its first part."""
    names = [token.word for token in next(_cut_parts(told), []) if _is_name(token)]
    return " ".join(names) or _fold(_ENDS.split(told, maxsplit=1)[0])


def _cut_parts(told: str, client: str = "") -> Iterator[list[_Token]]:
    """Yield the words of a line from one stop to the next; slips in roles are read as meant."""
    for part in _cut_words(told, client):
        yield [_mend(token, after) for token, after in pairwise(part)] + part[-1:]


def _mend(token: _Token, after: _Token) -> _Token:
    """Return a word with one wrong letter as the one that is said before the next."""
    if len(token.word) < _LONG - 1 or token.owns or token.word in _find_words():
        return token
    near = [each for each in _find_leading(after.word) if count_slips(token.word, each) == 1]
    return replace(token, whole=near[0], word=near[0]) if len(near) == 1 else token


def _cut_words(told: str, client: str) -> Iterator[list[_Token]]:
    part: list[_Token] = []
    for found in _TOKEN.finditer(told):
        text, start = found.group(), found.start()
        if text in _BREAKS or (text == "-" and told[start - 1 : start] in ("", " ")):
            if text == "." and re.search(_NO_STOP, told[:start]):
                continue
            if part:
                yield part
            part = []
        elif text[0].isalnum() or text in ("&", "+"):
            part += _make_tokens(found, client)
    if part:
        yield part


def _make_tokens(found: re.Match[str], client: str) -> Iterator[_Token]:
    """Yield the word that stands there; a short form as its plain words."""
    whole = _fold_token(found[0])
    is_name = whole == _fold_token(client) or _is_first_name(found[0])
    plain = "" if is_name else _read_short().get(whole, "")
    for each in _fold(plain).split() or [whole]:
        word = re.sub("'s?$", "", each)
        yield _Token(found[0], each, word, word != each, found.start(), found.end())


def _find_in_part(told: str, part: list[_Token], client: str, *, follows: bool) -> list[str]:
    """Return the roles that stand in a part; ``follows`` others of the line."""
    for piece in _cut_at_turns(part):
        shown: list[_Role] = []
        for role in _join_roles(piece, _match(piece, client)):
            listed = not shown or _is_joined(piece, role)
            if listed and _begins(piece, role) and _goes_on(piece, role):
                shown.append(role)
        if shown:
            texts = [_write(told, piece, role, follows=follows) for role in shown]
            return texts + ([SOMEONE_ELSE] if _names_another(piece, shown) else [])
    return []


def _cut_at_turns(part: list[_Token]) -> Iterator[list[_Token]]:
    """Yield what says who was told: up to a turn, and where it tells again ("so rang the GP")."""
    turns = [at for at, each in enumerate(part) if each.word in _read("turns")]
    again = [
        at
        for at in turns
        if part[at].word in ("so", "but", "instead")
        and any(each.word in _read("telling") for each in part[at + 1 : at + 3])
    ]
    if not (again and turns[0] < again[0]):  # "wife no answer so rang the son" tells of the son
        yield part[: turns[0]] if turns else part
    if again:
        yield from _cut_at_turns(part[again[0] + 1 :])


def _match(part: list[_Token], client: str = "") -> Iterator[_Role]:
    """Yield the longest roles, one after the other, with what tells them apart: "duty doctor"."""
    at, last, kind = 0, 0, None
    while at < len(part):
        led = _is_kept(part, at - 1) or (last == at and kind in _THERE)
        for end in range(min(len(part), at + 6), at, -1):
            kind = _find_kind(part[at:end], client)
            if end == at + 1 and led and _is_one(part[at], "heads"):
                kind = kind or "work"
            if kind and not (end == at + 1 and _may_be_called_so(part, at)):
                while at > last and kind in _THERE and _is_kept(part, at - 1):
                    at -= 1
                yield _Role(at, end, kind, part[end - 1].word)
                at = last = end
                break
        else:
            at += 1


def _find_kind(tokens: list[_Token], client: str) -> str | None:
    """Return the kind of the role that words are, also in the plural."""
    *first, last = tokens
    if not first and client and _fold_token(last.text) == _fold_token(client):
        return "client"
    start = tuple(each.whole for each in first)
    ways = (last.word, last.whole, last.word.removesuffix("s"))
    return next((kind for each in ways if (kind := _read_roles().get((*start, each)))), None)


def _is_kept(part: list[_Token], at: int) -> bool:
    """Whether a word is said with the role after it: "duty", but not in "Mrs Day"."""
    titled = at > 0 and part[at - 1].word in _TITLES
    return at >= 0 and part[at].word in _read("modifiers") and not part[at].owns and not titled


def _is_one(token: _Token, name: str) -> bool:
    """Whether a word is in a list, also in the plural."""
    return bool({token.word, token.word.removesuffix("s")} & _read(name))


def _may_be_called_so(part: list[_Token], at: int) -> bool:
    """Whether a word that may be a role is rather a name: "Mrs Ward", "Dil", "Mr Husband"."""
    token, before = part[at], part[at - 1] if at else None
    if _is_first_name(token.text):
        return True
    if before is None or not token.text[0].isupper():
        return False
    follows = before.text[0].isupper() and not _is_kept(part, at - 1)
    follows = follows and before.start < token.start  # no second word of a short form
    return before.word in _TITLES or (follows and token.word in _read("surnames"))


def _is_first_name(text: str) -> bool:
    return text.istitle() and len(text) > 1 and _fold(text) in _read("first_names")


def _join_roles(part: list[_Token], roles: Iterable[_Role]) -> list[_Role]:
    """Return roles with those drawn together that are one: ``son's wife``, ``GP at the ward``."""
    found: list[_Role] = []
    for role in roles:
        before = found[-1] if found else None
        if before and before.kind == "client" != role.kind and before.end == role.first:
            found[-1] = role  # whose it is: "clients daughter"
        elif before and _are_one(part, before, role):
            kind = before.kind if before.end < role.first else role.kind
            found[-1] = _Role(before.first, role.end, kind, before.head)
        else:
            found.append(role)
    return found


def _are_one(part: list[_Token], before: _Role, role: _Role) -> bool:
    between = [each.word for each in part[before.end : role.first]]
    leads = between[:1] == ["of"] or (role.kind in _THERE and {*between[:1]} <= _OF)
    return not between or (leads and {*between[1:]} <= _ARTICLES)


def _is_joined(part: list[_Token], role: _Role) -> bool:
    """Whether an "and" leads to a role."""
    at = _skip_back(part, role.first - 1, _read("adjectives") | _ARTICLES)
    return at >= 0 and part[at].word in _JOINS and role.first > 0


def _skip_back(part: list[_Token], at: int, words: frozenset[str]) -> int:
    """Return where the first word before that is none of ``words``; -1 for none."""
    while at >= 0 and part[at].word in words and not part[at].owns:
        at -= 1
    return at


def _goes_on(part: list[_Token], role: _Role) -> bool:
    """Whether what comes after a role leaves it what it is."""
    owns = part[role.end - 1].owns
    if role.end == len(part):
        return not (owns and role.kind in ("family", "client"))
    after = part[role.end]
    if part[role.first].text in _CALLED and _is_name(after):  # a priest or nurse, or not
        words = {each.word for each in part[role.end :]}
        return part[role.first].text == "Sister" and not words & {"ward", "hospital", "hospice"}
    if after.word in _read("things") or (owns and role.kind != "places"):
        return False
    if after.word == "of" and role.kind == "family":
        whose = [each for each in part[role.end + 1 :] if each.word not in _ARTICLES]
        return any(
            each.word in _read("client") or bool(_INITIALS.match(each.text)) for each in whose[:1]
        )
    return not (after.owns and _is_name(after))


def _begins(part: list[_Token], role: _Role) -> bool:
    """Whether what comes before a role leaves it what it is."""
    at = role.first - 1
    owner = at - 1 if at >= 0 and part[at].word in _ARTICLES else at
    if owner >= 0 and part[owner].word in _read("others"):
        return False
    at = _skip_back(part, at, _read("adjectives"))
    if at < 0:
        return True
    before = part[at]
    if before.owns:
        is_client = {before.whole, before.word} & (_read("before") | _read("client"))
        return bool(role.kind in _THERE or is_client or _INITIALS.match(before.text))
    known = before.word in _read("before") or before.word in _JOINS or before.word[0].isdigit()
    return known or _may_be_name(part, at, role)


def _may_be_name(part: list[_Token], at: int, role: _Role) -> bool:
    """Whether the word before a role may be the name of who plays it."""
    is_vague = bool({role.head, role.head.removesuffix("s")} & _read("vague"))
    if role.kind == "client" or _is_name(part[at]):
        return role.kind != "client"
    begins = at == 0 or part[at - 1].word in _read("before")
    fits = role.kind != "family" or (begins and not part[at].word.endswith("s"))
    return fits and not is_vague


def _is_name(token: _Token) -> bool:
    """Whether a word may be a name: it has a capital, and is no word that is known here."""
    return token.text[0].isupper() and token.word not in _find_words()


def _names_another(part: list[_Token], shown: list[_Role]) -> bool:
    """Whether an "and" beside the roles leads to a name that has none."""
    first, last = shown[0].first, shown[-1].end
    several = part[last - 1].word.endswith("s")  # "sons Al and Bo"
    return any(
        (at < first and _is_name(part[at - 1]))
        or (at >= last and _is_name(part[at + 1]) and not several)
        for at in range(1, len(part) - 1)
        if part[at].word in _JOINS
    )


def _write(told: str, part: list[_Token], role: _Role, *, follows: bool) -> str:
    """Return a role as it is written; of whose it is, what is no name: "(daughter and) her son"."""
    first, at = part[role.first], role.first - 1
    joined = follows or (at > 0 and part[at - 1].word in _JOINS)
    spouse = part[role.end - 1].word in ("husband", "wife", "partner", "family", "children")
    if spouse and at >= 0 and joined and part[at].word in _THEIRS:
        first = part[at]
    return told[first.start : part[role.end - 1].end]


def _is_own(told: str) -> bool:
    """Whether a line names somebody of the carer's own, but those at work: ``my husband``."""
    parts = [*_cut_parts(told)]
    for part in parts:
        for role in _match(part):
            at = _skip_back(part, role.first - 1, _read("adjectives"))
            owned = at >= 0 and part[at].word in _OWN | {"me"} and not part[at].owns
            of_mine = [each.word for each in part[role.end : role.end + 2]] == ["of", "mine"]
            # Whose the client is, is no relation: "my client", "my lady's son".
            at_work = role.kind in _THERE and any(
                _is_one(each, "at_work") for each in part[role.first : role.end]
            )
            if (owned or of_mine) and not at_work and role.kind != "client":
                return True
    owned = any(token.word in _OWN and not token.owns for part in parts for token in part)
    return owned and not find_roles(told)


# Known to papers for professionals alone: to a family some of them point to an enquiry.
_OFFICES = frozenset({"adult social care", "social services", "council"})


def name_group(told: str) -> tuple[bool, str]:
    """Return whether somebody who was told is there by profession, and the part they play.

    Who plays no part that is known is named as written.
    """
    role = _ENDS.split(told, maxsplit=1)[0].strip()
    if _fold(role) in _OFFICES or _fold(role) == "bank":
        return _fold(role) in _OFFICES, role
    roles = [] if is_hidden(told) else find_roles(told)
    if not roles or SOMEONE_ELSE in roles:
        return False, told
    kinds = {each.kind for role in roles for part in _cut_parts(role) for each in _match(part)}
    return not kinds & {"family", "client"}, " and ".join(roles)


_WORD = re.compile(r"[^\W\d_]{2,}")
_MONTHS = frozenset(each[:length].casefold() for each in MONTHS for length in (3, len(each)))


def find_names(told: Iterable[str]) -> set[str]:
    """Return the words that may be names in who was told, where only the role is shown.

    Those in brackets however they are written, elsewhere the ones with a capital; folded.
    """
    words = {word for each in told for name in _list_names(each) for word in _WORD.findall(name)}
    return words - _MONTHS - _read("no_names") - _read("before")


def _list_names(told: str) -> Iterator[str]:
    for part in _cut_parts(told):
        roles = {at for role in _match(part) for at in range(role.first, role.end)}
        for at, token in enumerate(part):
            bracketed = told.rfind("(", 0, token.start) > told.rfind(")", 0, token.start)
            named = _may_be_called_so(part, at) or token.word not in _find_words()
            if named and at not in roles and (bracketed or token.text[0].isupper()):
                yield token.word
