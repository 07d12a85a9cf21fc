"""Who was told, by the part they play: as a family may read it, and as papers group them.

A role is read wherever it stands ("Carol (daughter)", "daughter Susan", "his son"). What would
make another of it makes it unknown: a word that is not known before it ("bank manager"), whose
it is ("Carol's husband"), or that it is only spoken of ("not his son", "by the nurse").
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from nearmiss.dates.shown import MONTHS
from nearmiss.text import fold_text
from nearmiss.words import read_words

SOMEONE_ELSE = "someone else"
THE_CARER = "the carer"
_ONESELF = frozenset({"i", "me", "myself"})
_JOINS = frozenset({"and", "&", "+", "or"})
_OF = frozenset({"of", "at", "in", "from", "on"})
_ARTICLES = frozenset({"the", "a", "his", "her", "their"})
_OWN = frozenset({"my", "our", "mine"})
_INITIALS = re.compile(r"^[A-Z]{1,4}\d?$")
_TOKEN = re.compile(
    r"(?<!\w)[^\W\d_](?:[./][^\W\d_])+(?!\w)\.?|[^\W_]+(?:['’][^\W_]+)*['’]?|&|\+|[^\w\s]"
)
_BREAKS = frozenset('()[],;:–—/."“”|')
_SLIP = re.compile(r"saf\w{0,3}\W?g\w{0,2}rd|s\w{1,3}eguar", re.IGNORECASE)


@dataclass(frozen=True)
class _Token:
    """A word of a line: as written, folded, that without an ending ``'s``, and where it stands."""

    text: str
    whole: str
    word: str
    owns: bool
    start: int
    end: int
    joined: bool  # to the word before, by a hyphen


@dataclass(frozen=True)
class _Role:
    """A role in a line: its tokens from ``first`` to before ``end``, and its kind."""

    first: int
    end: int
    kind: str


@cache
def _read_roles() -> dict[tuple[str, ...], str]:
    """Return every role as the words it is made of, with its kind; plurals too."""
    found: dict[tuple[str, ...], str] = {}
    for kind in ("client", "places", "work", "family"):
        for role in read_words("roles")[kind]:
            words = tuple(_TOKEN.findall(_fold(role)))
            found[words] = kind
            found.setdefault((*words[:-1], f"{words[-1]}s"), kind)
    return found


@cache
def _read(name: str) -> frozenset[str]:
    return frozenset(_fold(each) for each in read_words("roles")[name])


@cache
def _read_hidden() -> re.Pattern[str]:
    """Return what tells of an enquiry, wherever it stands in a line."""
    words = (_fold(each) for each in read_words("roles")["hidden"])
    choices = "|".join(
        re.escape(each).replace(r"\*", r"\w*").replace(r"\ ", r"\W+") for each in words
    )
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)")


def _fold(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").replace("-", " ").split())


def is_oneself(who: str) -> bool:
    """Return whether the carer has named nobody but the carer: ``me``, ``Myself``."""
    return _fold(who) in _ONESELF


def is_carer(who: str, author: str) -> bool:
    """Whether that is the carer, also by the name of the ``author``: "Maria" of "Maria Silva"."""
    name = author.partition(",")[0]
    return is_oneself(who) or (
        bool(who)
        and fold_text(who.partition(",")[0])
        in {
            fold_text(name),
            fold_text(name.partition(" ")[0]),
        }
    )


def find_calling(reader: str, told: Iterable[str]) -> dict[str, str]:
    """Return what the book calls the ``reader`` of a paper, by each key under which it names them.

    That is the part in the lines ``told`` that name them, or in how they are called themselves;
    else their own name.
    """
    lines = [reader, *told]
    names = {token.word for part in _cut_parts(reader) for token in part if _is_name(token)}
    theirs = [each for each in lines if names & set(re.findall(r"[^\W_]+", _fold(each)))]
    roles = [role for each in theirs if not is_hidden(each) for role in find_roles(each)]
    called = next((each for each in roles if each != SOMEONE_ELSE), reader)
    return {find_key(each): called for each in theirs if set(find_key(each).split()) <= names}


def is_hidden(told: str) -> bool:
    """Whether a family never reads who it is: who deals with abuse, or is the carer's own."""
    return bool(_read_hidden().search(_fold(told)) or _SLIP.search(told)) or _is_own(told)


def name_roles(
    informed: Iterable[str], called: Mapping[str, str] | None = None, client: str = ""
) -> list[str]:
    """Return the parts that the people told play, each once: ``daughter``, ``someone else``.

    ``called`` are those of people in whose lines no role stands, by ``find_key``; ``client`` is
    whom it is about.
    """
    known, found = called or {}, dict[str, str]()
    for told in informed:
        roles = [] if is_hidden(told) else find_roles(told, client)
        roles = roles or [
            SOMEONE_ELSE if is_hidden(told) else known.get(find_key(told), SOMEONE_ELSE)
        ]
        for role in roles:
            found.setdefault(fold_text(role), role)
    return list(found.values())


def find_roles(told: str, client: str = "") -> list[str]:
    """Return the roles of whom a line tells, as written there: those of its first part with any."""
    found: list[str] = []
    for part in _cut_parts(told):
        if found and part[0].word in _JOINS and len(part) > 1:  # "(Sue) and Mike (son)"
            return found + (find_roles(told[part[1].start :], client) or [SOMEONE_ELSE])
        if not found or _lists_more(told, part):
            found += _find_in_part(told, part, client)
        elif not told[: part[0].start].endswith("("):
            break
    if found:
        return found
    doctor = re.match(r"(?:\w+ )?dr\b\.? +\w", told, re.IGNORECASE)
    return ["doctor"] if doctor else []


def _lists_more(told: str, part: list[_Token]) -> bool:
    """Whether a part of a line is another item of a list, and nothing but a role."""
    listed = told[: part[0].start].rstrip().endswith((",", "/", ";"))
    roles = {at for role in _match(part, "") for at in range(role.first, role.end)}
    rest = (each for at, each in enumerate(part) if at not in roles)
    return listed and all(each.word in _ARTICLES | _JOINS for each in rest)


def find_key(told: str) -> str:
    """Return by what a person without a role is known: the name in a line, or its first part."""
    parts = [*_cut_parts(told)]
    names = [token.word for token in parts[0] if _is_name(token)] if parts else []
    return " ".join(names) or _fold(re.split(r"[(,:;–—]| - ", told, maxsplit=1)[0])


def _cut_parts(told: str) -> Iterator[list[_Token]]:
    """Yield the words of a line from one stop to the next."""
    part: list[_Token] = []
    for found in _TOKEN.finditer(told):
        text, start = found.group(), found.start()
        if text in _BREAKS or (text == "-" and told[start - 1 : start] in ("", " ")):
            if text == "." and _fold(told[:start]).endswith(("dr", "mr", "mrs", "ms", "st")):
                continue
            if part:
                yield part
            part = []
        elif text[0].isalnum() or text in ("&", "+"):
            bare = re.sub("[./]", "", _fold(text))  # D.N., D/N
            owns = bare.endswith(("'s", "'"))
            word = bare.removesuffix("'s").removesuffix("'") if owns else bare
            joined = told[start - 1 : start] == "-"
            part.append(_Token(text, bare, word, owns, start, found.end(), joined))
    if part:
        yield part


def _find_in_part(told: str, part: list[_Token], client: str) -> list[str]:
    stop = next((at for at, each in enumerate(part) if _turns(part, at)), len(part))
    roles = _join_roles(part, [*_match(part[:stop], client)])
    shown: list[_Role] = []
    for role in roles:
        after_join = role.first > 0 and _find_join(part, role) is not None
        if shown and not after_join:
            continue
        if not _stands(part, role):
            continue
        shown.append(role)
    if not shown:
        return []
    texts = [_write(told, part, role) for role in shown]
    return texts + ([SOMEONE_ELSE] if _names_another(part, shown) else [])


def _turns(part: list[_Token], at: int) -> bool:
    """Whether from here on a line says something else than who was told."""
    return part[at].word in _read("turns") and not part[at].joined


def _match(part: list[_Token], client: str) -> Iterator[_Role]:
    """Yield the longest roles, one after the other."""
    roles, at = _read_roles(), 0
    while at < len(part):
        for end in range(min(len(part), at + 6), at, -1):
            words = tuple(each.whole for each in part[at:end])
            kind = roles.get((*words[:-1], part[end - 1].word)) or roles.get(words)
            if kind is None and end == at + 1 and _is_client(part[at], client):
                kind = "client"
            if kind and not (end == at + 1 and _may_be_called_so(part, at)):
                yield _Role(at, end, kind)
                at = end
                break
        else:
            at += 1


def _may_be_called_so(part: list[_Token], at: int) -> bool:
    """Whether a word that may be a role is rather a name: "Mrs Ward", "Dil"."""
    token = part[at]
    if token.word in _read("first_names"):
        return token.text.istitle()
    follows = at > 0 and part[at - 1].text[0].isupper() and token.text[0].isupper()
    return follows and token.word in _read("surnames") and token.text != "SALT"


def _is_client(token: _Token, client: str) -> bool:
    return bool(client) and not token.owns and token.whole == _fold(client).replace(".", "")


def _join_roles(part: list[_Token], roles: list[_Role]) -> list[_Role]:
    """Return roles with those drawn together that are one: ``son's wife``, ``GP at the ward``."""
    found: list[_Role] = []
    for role in roles:
        before = found[-1] if found else None
        if (
            before
            and before.kind == "client"
            and before.end == role.first
            and role.kind != "client"
        ):
            found[-1] = role  # whose it is: "clients daughter"
        elif before and _are_one(part, before, role):
            leads = before.kind if before.end < role.first else role.kind
            kind = "family" if "family" in (before.kind, role.kind) and leads != "work" else leads
            found[-1] = _Role(before.first, role.end, kind)
        else:
            found.append(role)
    return found


def _are_one(part: list[_Token], before: _Role, role: _Role) -> bool:
    between = [each.word for each in part[before.end : role.first]]
    if not between:
        return True
    if between[0] not in _OF or not set(between[1:]) <= _ARTICLES:
        return False
    return role.kind in ("places", "work") or between[0] == "of"


def _find_join(part: list[_Token], role: _Role) -> int | None:
    """Return where the "and" stands that leads to a role."""
    at = role.first - 1
    while at > 0 and part[at].word in _read("adjectives") | _ARTICLES:
        at -= 1
    return at if at >= 0 and part[at].word in _JOINS else None


def _stands(part: list[_Token], role: _Role) -> bool:
    """Whether what is around a role leaves it what it is."""
    return not part[role.first].joined and _goes_on(part, role) and _begins(part, role)


def _goes_on(part: list[_Token], role: _Role) -> bool:
    """Whether what comes after a role leaves it what it is."""
    owns = part[role.end - 1].owns
    if role.end == len(part):
        return not (owns and role.kind in ("family", "client"))
    after = part[role.end]
    if part[role.first].text == "Father" and _is_name(after):  # a priest, or not
        return False
    if after.joined or after.word in _read("things") or (owns and role.kind != "places"):
        return False
    if after.word == "of" and role.kind == "family":
        whose = [each for each in part[role.end + 1 :] if each.word not in _ARTICLES]
        return bool(whose) and (whose[0].word in _read("client") or _is_initials(whose[0]))
    return not (after.owns and _is_name(after))


def _begins(part: list[_Token], role: _Role) -> bool:
    """Whether what comes before a role leaves it what it is."""
    at = role.first - 1
    owner = at - 1 if at >= 0 and part[at].word in _ARTICLES else at
    if owner >= 0 and part[owner].word in _read("others"):
        return False
    while at >= 0 and part[at].word in _read("adjectives") and not part[at].owns:
        at -= 1
    if at < 0:
        return True
    before = part[at]
    if before.owns or (before.whole in _read("before") and "'" in before.whole):
        return role.kind in ("work", "places") or _owns_for_client(before)
    known = before.word in _read("before") or before.word in _JOINS or before.word[0].isdigit()
    return known or _may_be_name(part, at, role)


def _owns_for_client(token: _Token) -> bool:
    """Whether whose somebody is, is the client: "MB's", "his", "the client's"."""
    known = {token.whole, token.word} & (_read("before") | _read("client"))
    return _is_initials(token) or bool(known)


def _is_initials(token: _Token) -> bool:
    return bool(_INITIALS.match(re.split("['’]", token.text)[0]))


def _may_be_name(part: list[_Token], at: int, role: _Role) -> bool:
    """Whether the word before a role may be the name of who plays it."""
    before = part[at]
    if role.kind == "client":
        return False
    if _is_name(before):
        return True
    last = part[role.end - 1].word
    if role.kind in ("work", "places"):
        return last not in _read("vague") and last.removesuffix("s") not in _read("vague")
    begins = at == 0 or part[at - 1].word in _read("before")
    return begins and not before.word.endswith("s") and last not in _read("vague")


def _is_name(token: _Token) -> bool:
    """Whether a word may be a name: it has a capital, and is no word that is known here."""
    known = token.word in _read("before") | _read("adjectives") | _read("turns") | _find_words()
    return token.text[0].isupper() and not known


@cache
def _find_words() -> frozenset[str]:
    return frozenset(word for role in _read_roles() for word in role)


def _names_another(part: list[_Token], shown: list[_Role]) -> bool:
    """Whether an "and" beside the roles leads to a name that has none."""
    for at, token in enumerate(part[:-1]):
        if token.word in _JOINS and not any(role.first <= at < role.end for role in shown):
            after = part[at + 1]
            starts = {role.first for role in shown}
            nearest = next((n for n in range(at + 1, len(part)) if n in starts), None)
            if _is_name(after) and nearest is None:
                return True
            if at > 0 and all(role.first > at for role in shown) and _is_name(part[at - 1]):
                return True
    return False


def _write(told: str, part: list[_Token], role: _Role) -> str:
    """Return a role as it is written in a line; of whose it is, only what is no name."""
    first = part[role.first]
    at = role.first - 1
    spouse = part[role.end - 1].word in ("husband", "wife", "partner", "family", "children")
    if (
        spouse
        and at > 0
        and part[at].word in ("her", "his", "their")
        and part[at - 1].word in _JOINS
    ):
        first = part[at]
    return told[first.start : part[role.end - 1].end]


def _is_own(told: str) -> bool:
    """Whether a line names somebody of the carer's own, but those at work: ``my husband``."""
    for part in _cut_parts(told):
        for role in _match(part, ""):
            at = role.first - 1
            while at >= 0 and part[at].word in _read("adjectives"):
                at -= 1
            owned = at >= 0 and part[at].word in _OWN and not part[at].owns
            after = [each.word for each in part[role.end : role.end + 2]]
            if (owned or after == ["of", "mine"]) and not _is_at_work(part, role):
                return True
    owned = any(
        token.word in _OWN and not token.owns for part in _cut_parts(told) for token in part
    )
    return owned and not find_roles(told)


def _is_at_work(part: list[_Token], role: _Role) -> bool:
    words = {each.word for each in part[role.first : role.end]}
    words |= {each.removesuffix("s") for each in words}
    # Whose the client is, is no relation: "my client", "my lady's son".
    return role.kind == "client" or (role.kind != "family" and bool(words & _read("at_work")))


# Known to papers for professionals alone: to a family some of them point to an enquiry.
_OFFICES = frozenset({"adult social care", "social services", "council"})


def name_group(told: str) -> tuple[bool, str]:
    """Return whether somebody who was told is there by profession, and the part they play.

    Who plays no part that is known is named as written.
    """
    role = re.split(r"[(,:;–—]| - ", told, maxsplit=1)[0].strip()
    if _fold(role) in _OFFICES or _fold(role) == "bank":
        return _fold(role) in _OFFICES, role
    roles = [] if is_hidden(told) else find_roles(told)
    if not roles or SOMEONE_ELSE in roles:
        return False, told
    kinds = {kind for role in roles for kind in _find_kinds(role)}
    return "family" not in kinds and "client" not in kinds, " and ".join(roles)


def _find_kinds(role: str) -> Iterator[str]:
    for part in _cut_parts(role):
        yield from (each.kind for each in _match(part, ""))


_WORD = re.compile(r"[^\W\d_]{2,}")
_NOT_NAMES = frozenset({"dr", "pm", "am", "out", "hours", "weekend", "duty", "team", "office"})
_NOT_NAMES |= {each[:length].casefold() for each in MONTHS for length in (3, len(each))}


def find_names(told: Iterable[str]) -> set[str]:
    """Return the words that may be names in who was told, where only the role is shown.

    Those in brackets however they are written, elsewhere the ones with a capital; folded.
    """
    return {word for each in told for word in _list_names(each)}


def _list_names(told: str) -> Iterator[str]:
    known = _NOT_NAMES | _read("before")
    for part in _cut_parts(told):
        roles = {at for role in _match(part, "") for at in range(role.first, role.end)}
        for at, token in enumerate(part):
            bracketed = told.rfind("(", 0, token.start) > told.rfind(")", 0, token.start)
            if at in roles or not (bracketed or token.text[0].isupper()):
                continue
            named = _may_be_called_so(part, at) or token.word not in _find_words()
            yield from (each for each in _WORD.findall(token.word) if named and each not in known)
