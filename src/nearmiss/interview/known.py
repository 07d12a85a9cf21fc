"""Who is meant: clients, places and people that are known already, and who is writing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import count, islice
from typing import TYPE_CHECKING, NamedTuple

from nearmiss.dates.shown import echo_near_day, name_weekday
from nearmiss.errors import UsageProblem
from nearmiss.intake.values import looks_like_name
from nearmiss.settings import SETTING_QUESTIONS, Settings, change_settings
from nearmiss.speech import join_words, say
from nearmiss.terminal.asking import (
    Asked,
    Asker,
    Choice,
    GoBack,
    Option,
    ask_in_turn,
    ask_until_taken,
    ask_yes_no,
)
from nearmiss.text import fold_text, join_lines, shorten, show_safely, take_name, tidy

if TYPE_CHECKING:
    from nearmiss.model.entries import ReportFields
    from nearmiss.records.record import Record

_LOOKED_AT = 1000  # reports, from the end of the book: the cost stays the same as it grows
_MOST_CLIENTS = 12  # that are offered by number
_GLIMPSE = 30  # characters of the place, and of what happened


@dataclass(frozen=True)
class Seen:
    """How often there is a report about a client, and of when and where the latest is."""

    client: str
    times: int
    last: datetime
    place: str
    what: str

    def tell(self, now: datetime, *, with_words: bool = False) -> str:
        """Return it in words, or more: ``MT, seen 3 times, last Tue 24 Nov (green chair)``."""
        times = {1: "once", 2: "twice"}.get(self.times, f"{self.times} times")
        day = f"{name_weekday(self.last)[:3]} {echo_near_day(self.last, now)}"
        place = shorten(show_safely(self.place), _GLIMPSE)
        said = f": {shorten(join_lines(self.what), _GLIMPSE)}" if with_words else ""
        return f"{show_safely(self.client)}, seen {times}, last {day} ({place}){said}"


class Known(NamedTuple):
    """Names, each once, the latest first; clients as they came, so that no number changes."""

    clients: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    seen: Mapping[str, Seen] = {}  # by the folded client

    @property
    def offered(self) -> tuple[str, ...]:
        """The clients to choose by number; none where some would lose theirs from day to day."""
        return self.clients if len(self.clients) <= _MOST_CLIENTS else ()


def collect_known(records: "Iterable[Record]") -> Known:
    """Return what the newest of ``records`` (newest first) name."""
    newest = [each for each in islice(records, _LOOKED_AT) if not each.withdrawn]
    reports: dict[str, list[ReportFields]] = {}  # those about each client, by the folded name
    for record in newest:
        reports.setdefault(fold_text(record.report.client), []).append(record.report)
    seen = {folded: _look_back(theirs) for folded, theirs in reports.items()}
    return Known(
        _unique(seen[fold_text(each.report.client)].client for each in reversed(newest)),
        _unique(record.report.location for record in newest),
        _unique(take_name(each) for record in newest for each in record.informed),
        seen,
    )


def _look_back(reports: "Sequence[ReportFields]") -> Seen:
    last = max(reports, key=lambda report: report.occurred)
    return Seen(reports[0].client, len(reports), last.occurred, last.location, last.what)


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(fold_text(text), text)
    return tuple(found.values())


def ask_whether_about(asker: Asker, client: str, named: Sequence[str], otherwise: str) -> bool:
    """Return whether what names others is about ``client``; ``otherwise`` is what comes of a no."""
    client = show_safely(client)
    wrote = join_words([show_safely(each) for each in named])
    ask = f"This report is about {client}. You wrote {wrote}. Is it about {client}?"
    return ask_yes_no(asker, ask, f"n: {otherwise}")


def read_client(
    asker: Asker, typed: str, known: Known, now: datetime, earlier: str = "", wrong: str = ""
) -> str:
    """Return the client that was typed, or chosen by number from those ``known``.

    Who is known already is asked about, or it is another with the same initials; so are initials
    in small letters, and a full name. ``earlier`` was answered before; it is not the ``wrong``
    one.
    """
    text = tidy(typed)
    if text.isdecimal():
        return _choose_number(text, known.offered)
    if text and not any(each.isalpha() for each in text):
        raise UsageProblem("An answer is needed: initials, such as MB.")
    other = _OTHER.fullmatch(text)
    text = other[1] if other else text
    namesakes = list_namesakes(text, known.clients)
    same = [each for each in namesakes if fold_text(each) == fold_text(text)]
    if text == earlier and (len(namesakes) < _SEVERAL or text[-1].isdecimal()):
        return text
    if namesakes and (same or other):
        left = [each for each in namesakes if fold_text(each) != fold_text(wrong)]
        is_one = text[-1].isdecimal() or (left == same and not other)
        if same and is_one:
            return _ask_whether_same(asker, same[0], text, known, now)
        return _ask_which(asker, left, text, known, now)
    if looks_like_name(text):
        _check_name(asker, text)
    capitals = _capitalise(text)
    is_taken = capitals == text or ask_yes_no(asker, f"{capitals}?", f"n: {text}, as typed.")
    return capitals if is_taken else text


def _check_name(asker: Asker, name: str) -> None:
    """Ask whether a full name is kept all the same. Raises UsageProblem where it is not."""
    if not ask_yes_no(
        asker,
        f"{show_safely(name)} looks like a full name. Keep it all the same?",
        "Initials keep it private. n: type it again.",
    ):
        raise UsageProblem("Type initials, such as MB.")


_OTHER = re.compile(
    r"(?:the |an? )?(?:other|another|second|different|new) ([^\W\d_]{1,4}\d*)", re.IGNORECASE
)
_SMALL = re.compile(r"[^\W\d_]{1,3}\d*")
_SEVERAL = 2


def list_namesakes(client: str, known: Sequence[str]) -> list[str]:
    """Return those of the ``known`` clients who have the same initials: ab, AB2 and AB3."""
    return [each for each in known if _find_stem(each) == _find_stem(client)]


def _find_stem(client: str) -> str:
    return fold_text(client).rstrip("0123456789") or fold_text(client)


def _capitalise(initials: str) -> str:
    is_small = initials.islower() and _SMALL.fullmatch(initials)
    return initials.upper() if is_small else initials


def _ask_whether_same(asker: Asker, client: str, typed: str, known: Known, now: datetime) -> str:
    seen, shown = known.seen.get(fold_text(client)), show_safely(client)
    new = _offer_another(typed, known)
    options = (
        Option(f"yes, this {shown}", client, "y", ("yes",)),
        replace(new, key="n", words=("no", "another")),
    )
    ask = f"{seen.tell(now)}?" if seen else f"Is this {shown}, who is in the logbook already?"
    return _choose_client(asker, Choice(ask, options, in_a_row=True))


def _ask_which(
    asker: Asker, namesakes: Sequence[str], typed: str, known: Known, now: datetime
) -> str:
    seen = {each: known.seen.get(fold_text(each)) for each in namesakes}
    options = [
        Option(told.tell(now, with_words=True) if told else show_safely(client), client)
        for client, told in seen.items()
    ]
    ask = f"Which {show_safely(_name_stem(typed))}?"
    return _choose_client(asker, Choice(ask, (*options, _offer_another(typed, known))))


def _choose_client(asker: Asker, choice: Choice[str]) -> str:
    try:
        return asker.choose(replace(choice, can_go_back=True))
    except GoBack:
        raise UsageProblem("Type the initials again, or choose by number.") from None


def _offer_another(typed: str, known: Known) -> Option[str]:
    """Offer the first name that is free: MT2 where there is MT, MT3 where both are."""
    taken, stem = {fold_text(each) for each in known.clients}, _name_stem(typed)
    names = (f"{stem}{number}" for number in count(2))
    other = next(each for each in names if fold_text(each) not in taken)
    return Option(f"another {show_safely(stem)}: then {show_safely(other)}", other)


def _name_stem(typed: str) -> str:
    return _capitalise(typed).rstrip("0123456789") or typed


def _choose_number(text: str, known: Sequence[str]) -> str:
    number = int(text)
    if 1 <= number <= len(known):
        return known[number - 1]
    offered = f"a number from 1 to {len(known)}, or " if known else ""
    raise UsageProblem(f"{text} is not offered. Type {offered}initials, such as MB.")


_CARER = ("name", "role", "phone")


def ask_carer(asker: Asker, settings: Settings, *, can_leave: bool = False) -> Settings:
    """Ask who is writing, once; role and telephone may be left open."""
    say()
    say("First, who are you? Reports show it. Asked once; to change it later: nearmiss setup")
    return ask_settings(asker, settings, _CARER, can_leave=can_leave)


def ask_settings(
    asker: Asker, settings: Settings, names: Sequence[str], *, can_leave: bool = False
) -> Settings:
    """Ask for the settings ``names``, what stands now being kept on Enter."""
    stands = {name: str(getattr(settings, name)) for name in names}

    def ask(name: str, so_far: Settings) -> Settings:
        asked = Asked(
            SETTING_QUESTIONS[name],
            suggestion=stands[name],
            can_go_back=can_leave or name != names[0],
        )
        changed = ask_until_taken(asker, asked, partial(_change_typed, so_far, name))
        stands[name] = str(getattr(changed, name))  # to be seen where the carer comes back to it
        return changed

    return ask_in_turn([partial(ask, name) for name in names], settings)


def ask_phone(asker: Asker, settings: Settings) -> str:
    """Return the carer's telephone number for a page; empty where a line is to be left for it."""
    help_text = "It is remembered. Enter alone: a line to fill in."
    asked = Asked("Your telephone, for the page?", help_text, can_go_back=True)
    return ask_until_taken(asker, asked, partial(_change_typed, settings, "phone")).phone


def _check_shape(name: str, typed: str) -> None:
    digits, words = sum(each.isdecimal() for each in typed), len(typed.split())
    if name == "name" and not words:
        raise UsageProblem("A name is needed: reports say who wrote them. A first name is enough.")
    if name in _LONGEST and (words > _LONGEST[name] or (name == "name" and digits)):
        raise UsageProblem(f"That is more than a {name}. Write it like: {_SUCH_AS[name]}")
    if name == "phone" and words and (digits < _LEAST_DIGITS or len(typed) > _MOST_PHONE):
        raise UsageProblem("A telephone number has digits, such as 07700 900123. Or Enter alone.")


_LONGEST = {"name": 6, "role": 8}  # words
_SUCH_AS = {"name": "Maria Silva", "role": "carer"}
_LEAST_DIGITS, _MOST_PHONE = 5, 40  # characters


def _change_typed(settings: Settings, name: str, typed: str) -> Settings:
    _check_shape(name, typed)
    is_number = name == "keep_years" and typed.strip().isdecimal()
    return change_settings(settings, {name: int(typed) if is_number else typed})
