"""What is known before a question is asked: who is writing; clients, places and people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from nearmiss.dates.shown import echo_near_day, name_weekday
from nearmiss.errors import UsageProblem
from nearmiss.settings import SETTING_QUESTIONS, Settings, change_settings
from nearmiss.speech import join_words, say
from nearmiss.terminal.asking import Asked, Asker, ask_in_turn, ask_until_taken, ask_yes_no
from nearmiss.text import fold_text, join_lines, shorten, show_safely, take_name

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
