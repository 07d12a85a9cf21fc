"""What a line about who was told says: somebody reached, somebody not reached, or nobody."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from nearmiss.intake.clauses import READ, STOPS, Found, Line, Phrases, read_line, read_phrases
from nearmiss.model.questions import drop_nobody
from nearmiss.words import read_words

Reach = Literal["reached", "missed", "both", "nobody"]

_CONJUNCTIONS = frozenset("and but then so until after before because when".split())  # noqa: SIM905
_NOT_REACHED = ("away", "missed", "planned")
_ONE_OFFICE = frozenset(("council", "health", "agency", "pharmacy"))


@dataclass(frozen=True)
class Told:
    """What a line says of who was told, and the words that say that somebody was not reached."""

    reach: Reach
    words: str = ""


def read_reached(line: str) -> Told:
    """Return what one line about who was told says."""
    phrases, spelling = read_phrases("reached")
    read = read_line(line, spelling)
    if not drop_nobody([line]) or _is_all_read(phrases.blank("nobody", read.words)):
        return Told("nobody")
    missed, left = _find_missed(phrases, read)
    hits: list[Found] = []
    for kind in ("resolved", "reached", "told"):
        hits += phrases.find(kind, left)
        left = phrases.blank(kind, left)
    if not missed and not hits:
        missed = _find_doubts(phrases, read, left)
    elif not missed and all(each.kind == "reached" for each in hits):
        last = max(each.end for each in hits)
        missed = [each for each in phrases.find("doubted", left) if each.first >= last]
    if not missed:
        return Told("missed", line) if line.endswith("?") else Told("reached")
    words = read.quote(max(missed[0].first, 1), missed[0].end)
    reach = _judge(missed, hits, _share_out(read, [*missed, *hits]))
    return Told(reach, "" if reach == "reached" else words)


def _is_all_read(left: list[str]) -> bool:
    return STOPS | {READ} >= set(left)


def _find_missed(phrases: Phrases, read: Line) -> tuple[list[Found], list[str]]:
    """Return what says that somebody was not reached, and the text that is left."""
    left = list(read.words)
    missed: list[Found] = []
    for kind in ("away", "harmless", "plain", "others", "missed", "planned"):
        if kind in _NOT_REACHED:
            missed += [each for each in phrases.find(kind, left) if _is_own(each, read)]
        left = phrases.blank(kind, left)
    return sorted(missed, key=lambda each: each.first), left


def _is_own(cue: Found, read: Line) -> bool:
    """Whether it is not what a third person will do: "Kim will let the nurse know"."""
    before = max(cue.first - 1, 0)
    named = read.is_capital(before) and read.words[before] not in {"i", ","}
    will = read.words[cue.first] in {"will", "'ll"}
    return not (will and named) or "be" in read.words[cue.first : cue.end]


def _find_doubts(phrases: Phrases, read: Line, left: list[str]) -> list[Found]:
    """Return what says it where nothing else does; "she will come tomorrow" says nothing of it."""
    others = phrases.blank("others", read.words)
    left = left[: others.index(READ)] if READ in others else left
    return [*phrases.find("perhaps", left), *_find_strange(read, left)]


_STRANGE = 3  # unknown words that say who it was: "the club's treasurer"


def _find_strange(read: Line, left: list[str]) -> Iterator[Found]:
    """Yield the words of a line without a verb of telling that are more than who, how and when."""
    data = read_words("reached")
    plain = {*data["names"]["none"], *data["names"]["plain"], *_read_roles()}
    strange = 0
    for at, word in enumerate(left):
        if word in data["lists"]["being"] and READ not in left[: at + 2]:
            yield Found(at, at + 1, "perhaps")
        named = at > 1 and read.is_capital(at)
        strange += word.isalpha() and not named and word not in plain
        if strange > _STRANGE:
            yield Found(at, at + 1, "perhaps")


def _judge(missed: list[Found], hits: list[Found], who: "_Shared") -> Reach:
    """Return whether the one who was not reached was reached after all, or another was."""
    if not hits:
        lost = [who.people[each] for each in missed]
        apart = any(all(_differ(one, each) for each in lost) for one in who.listed)
        return "both" if apart else "missed"
    return max((_judge_one(each, hits, who) for each in missed), key=_ORDER.index)


_ORDER: list[Reach] = ["reached", "missed", "both"]


def _judge_one(missed: Found, hits: list[Found], who: "_Shared") -> Reach:
    """Return what became of one who was not reached: what comes last counts."""
    lost = who.people[missed]
    after = [hit for hit in hits if hit.first > missed.first]
    if after:
        same = any(
            not _differ(lost, who.people[hit], after_all=hit.kind == "resolved") for hit in after
        )
        return "reached" if same else "both"
    if missed.kind == "planned":
        return "both"
    if lost and all(
        _differ(lost, who.people[hit], after_all=False) for hit in hits if who.people[hit]
    ):
        return "both"
    # "Told the nurse was out", "told it was full, try tomorrow" is what the carer was told.
    sure = (hit for hit in hits if hit.kind == "told" and who.part(hit) != who.part(missed))
    return "reached" if missed.kind != "away" and any(sure) else "missed"


def _differ(one: frozenset[str], other: frozenset[str], *, after_all: bool = True) -> bool:
    """Whether two are plainly not the same; a name may be that of any role ``after_all``."""
    if not one or not other or one & other:
        return False
    roles = _read_roles()
    groups, others = ({roles[each] for each in side if each in roles} for side in (one, other))
    if "emergency" in groups ^ others:
        return bool(groups and others) or not after_all
    if groups and others:
        return not groups & others & _ONE_OFFICE
    return not (groups or others) or not after_all


@dataclass
class _Shared:
    """Who belongs to each phrase, and who is only listed."""

    people: dict[Found, frozenset[str]]
    listed: list[frozenset[str]]
    clauses: list[int]

    def part(self, cue: Found) -> int:
        """Return the number of the clause in which a phrase ends."""
        return self.clauses[cue.end - 1]


def _share_out(read: Line, cues: list[Found]) -> _Shared:
    """Return who belongs to each phrase: in its clause, or in one before that has none."""
    cues = sorted(cues, key=lambda each: each.first)
    clauses = _number_clauses(read)
    own: dict[Found, set[str]] = defaultdict(set)
    loose: dict[int, set[str]] = defaultdict(set)
    inside = {at for cue in cues for at in range(cue.first, cue.end)}
    for at, person in _find_people(read, inside):
        cue = _choose_cue(at, read, cues, clauses)
        if cue:
            own[cue].add(person)
        else:
            loose[clauses[at]].add(person)
    last = -1
    for cue in cues:
        here = clauses[cue.first]
        for each in [each for each in loose if each < here and (each > last or not own[cue])]:
            if not own[cue] or each > last >= 0:
                own[cue] |= loose.pop(each)
        last = here
    people = {cue: frozenset(own[cue]) for cue in cues}
    return _Shared(people, [frozenset(each) for each in loose.values()], clauses)


def _number_clauses(read: Line) -> list[int]:
    numbers, number = [], 0
    for word in read.words:
        number += word in STOPS or word in _CONJUNCTIONS
        numbers.append(number)
    return numbers


def _choose_cue(at: int, read: Line, cues: list[Found], clauses: list[int]) -> Found | None:
    """Return the phrase of its clause that the person at ``at`` belongs to."""
    near = [
        each
        for each in cues
        if clauses[max(each.end - 1, 0)] == clauses[at] or each.first <= at < each.end
    ]
    before = [each for each in near if each.first <= at]
    behind = [each for each in near if each.first > at]
    if before and (not behind or _follows(at, read, before[-1])):
        return before[-1]
    return behind[0] if behind else None


_NEAR = 2  # words between "told" and who it was


def _follows(at: int, read: Line, cue: Found) -> bool:
    """Whether a person stands directly behind a phrase that takes one."""
    names = read_words("reached")["names"]
    between = read.words[cue.end : at]
    if len(between) > _NEAR or not set(between[:1]) <= {*names["prepositions"]}:
        return False
    return bool(between) or read.words[cue.end - 1] in names["before"]


def _find_people(read: Line, cues: Collection[int]) -> Iterator[tuple[int, str]]:
    """Yield each role, and each name outside the words that say what became of it."""
    names, roles = read_words("reached")["names"], _read_roles()
    for at, word in enumerate(read.words):
        if word in roles:
            yield at, word
        elif word in names["none"] or at in cues or not word.isalpha():
            continue
        elif read.is_capital(at) or read.words[at - 1] in names["before"]:
            yield at, word


@cache
def _read_roles() -> dict[str, str]:
    lists = read_words("reached")["lists"]
    groups = [each.strip("<>") for each in lists["role"]]
    return {role: group for group in groups for role in lists[group]}
