"""From a phone's text to a report's fields: each by the rule of its question, or to be asked."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nearmiss.dates.grammar import read_when
from nearmiss.dates.moments import Reading, When
from nearmiss.dates.phrase import DateNotUnderstood
from nearmiss.dates.shown import echo_day, echo_weekday, to_timestamp
from nearmiss.errors import UsageProblem
from nearmiss.intake.fields import sort_told
from nearmiss.intake.moments import NotRead, read_moment
from nearmiss.intake.people import part_people, split_people
from nearmiss.intake.phone import Told, split_reports
from nearmiss.intake.phone_answers import find_plain_kind
from nearmiss.intake.reached import read_reached
from nearmiss.intake.values import clean_line, looks_like_name, name_kind, read_worry
from nearmiss.model.problems import find_faults
from nearmiss.model.questions import ANSWERS, QUESTIONS, says_nothing
from nearmiss.text import fold_text, join_lines, tidy

_MOST_TEXT = 20_000  # characters: some forty reports
_NEED_NOT = ("informed", "recommendations")  # without an answer they are empty


@dataclass
class Phoned:
    """One report of a phone's text.

    ``answers`` are the fields that are plain; ``asked`` texts that stand at their questions, to be
    taken or mended there; ``by_rule`` the fields that these make where nobody can be asked, each
    with what is said of it in ``told``; ``notes`` what stands beside a question, of ``doubts``
    because it could not be placed; ``claims`` what the telephone says of its time.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    by_rule: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    doubts: frozenset[str] = frozenset()
    notes: dict[str, str] = field(default_factory=dict)
    claims: list[str] = field(default_factory=list)
    may_be_one: bool = False  # with the report before it or behind it

    @property
    def fields(self) -> dict[str, Any]:
        """The report's fields where nobody can be asked."""
        return {name: [] for name in _NEED_NOT} | self.by_rule | self.answers

    def list_open(self) -> list[str]:
        """Return the titles of what only the carer can say; nothing where it is whole."""
        fields = self.fields
        open_ = [each for each in QUESTIONS if each in self.doubts or each not in fields]
        faults = [each.field for each in find_faults(fields, partial=True)]
        titles = [ANSWERS[each].title for each in dict.fromkeys([*open_, *faults])]
        return [*titles, *(["whether it is one report or two"] if self.may_be_one else [])]


def read_phone(
    text: str,
    now: datetime,
    clients: Sequence[str] = (),
    *,
    stays: bool = False,
    are_two: Callable[[str, str], bool] | None = None,
) -> list[Phoned]:
    """Return the reports that a text from a phone holds; ``clients`` are those known.

    With ``stays`` they are kept for another day, on which "today" would be read as that.
    ``are_two`` says of what may be one report or two which it is; without it they stay apart.
    Raises UsageProblem for a text that is too long.
    """
    if len(text) > _MOST_TEXT:
        raise UsageProblem(f"The text has over {_MOST_TEXT:,} characters. Take it in parts.")
    reports: list[Told] = []
    for told in split_reports(text):
        if told.may_go_on and are_two and reports:
            told.may_go_on = False
            if not are_two(reports[-1].tell(), told.tell()):
                reports[-1] = reports[-1].join(told)
                continue
        reports.append(told)
    phoned = [_Reader(told, now, clients, stays).read() for told in reports]
    for at, told in enumerate(reports):
        for each in phoned[max(at - 1, 0) : at + 1] if told.may_go_on else ():
            each.may_be_one = True
    return phoned


def is_phone_text(typed: str) -> bool:
    """Whether what was typed or pasted for a client is a whole text."""
    return "\n" in typed.strip() or len(typed) > _MOST_CLIENT


_MOST_CLIENT = 40  # characters


@dataclass
class _Reader:
    told: Told
    now: datetime
    clients: Sequence[str]
    stays: bool
    phoned: Phoned = field(default_factory=Phoned)

    def read(self) -> Phoned:
        """Return the report with each of its texts read."""
        self.phoned.notes, self.phoned.claims = dict(self.told.notes), self.told.claims
        self.phoned.doubts = frozenset({*self.told.notes, *self.told.offers})
        special = {
            "client": self._read_client,
            "occurred_at": self._read_when,
            "safeguarding": self._read_worry,
            "informed": self._read_told,
            "recommendations": self._read_ideas,
            "category": self._read_kind,
        }
        for name, text in self.told.texts.items():
            read = special.get(name)
            if read:
                read(text)
            else:
                self._take(name, _drop_stop(text) if name == "location" else tidy(text), text)
        self._doubt_no()
        self._offer()
        return self.phoned

    def _offer(self) -> None:
        """Have what may be answers stand at their questions, to be taken there."""
        offers = dict(self.told.offers)
        prose = "" if self.told.texts else offers.get("what_nearly_happened", "")
        known = [each for each in self.clients if re.search(rf"\b{re.escape(each)}\b", prose, re.I)]
        if len(known) == 1:
            offers.setdefault("client", known[0])
        for name, text in offers.items():
            said = text
            if name == "occurred_at":
                written = _read_sent(self.told.claims, self.now) or self.now
                said = self._name_day(text, _read(text, written), written)
            if self.phoned.notes.get(name) == text:  # it stands there
                del self.phoned.notes[name]
            self.phoned.asked[name] = said

    def _take(self, name: str, value: Any, text: str) -> None:
        """Have a value answered if its field can hold it, else asked."""
        faulty = find_faults({name: value}, partial=True)
        (self.phoned.asked if faulty else self.phoned.answers)[name] = text if faulty else value

    def _note(self, name: str, text: str) -> None:
        before = self.phoned.notes.get(name)
        self.phoned.notes[name] = f"{before}\n{text}" if before else text

    def _read_client(self, text: str) -> None:
        client, *more = re.split(r"\s*[(,;]\s*", clean_line(text).strip(" ,;:()"), maxsplit=1)
        client = client.strip(" .") + "." * bool(re.search(r"\w\.\s?\w\.$", client))
        if more:
            self._note("client", text)
        known = next((each for each in self.clients if fold_text(each) == fold_text(client)), None)
        if known:  # whether it is the same, only she knows
            self.phoned.asked["client"], self.phoned.by_rule["client"] = client, known
        elif looks_like_name(client) or not any(each.isalpha() for each in client):
            self.phoned.asked["client"] = client
        else:
            self._take("client", client, client)

    def _read_when(self, text: str) -> None:
        said = join_lines(text).strip(" .,;()")
        sent = _read_sent(self.told.claims, self.now)
        written = sent or self.now
        reading, earlier = _read(said, written), _read(said, written - _DAY)
        as_of = f"as of {echo_weekday(written)}"
        self.phoned.asked["occurred_at"] = self._name_day(said, reading, written)
        if not isinstance(reading, When):
            if reading is not None and earlier not in (None, reading):
                self._note("occurred_at", f'"{said}", {as_of}')
            return
        fields = {"occurred_at": to_timestamp(reading.moment)} | {
            name: True for name in ("hour_not_known", "noticed") if getattr(reading, name)
        }
        fields |= {"occurred_approx": True} if reading.approx else {}
        is_plain = earlier in (None, reading) and not _may_be_turned(said)
        if is_plain and "occurred_at" not in self.told.notes:
            del self.phoned.asked["occurred_at"]
            self.phoned.answers |= fields
            return
        self.phoned.asked["occurred_at"] = reading.typed
        how = "day first" if _may_be_turned(said) else as_of
        self._note("occurred_at", f'"{said}", read {how}')
        if sent:  # else the day is that of the desk, and the text may be older
            self.phoned.by_rule |= fields
            self.phoned.told.append(f'"{said}" is read {as_of}: {reading.shown}.')

    def _name_day(self, said: str, reading: Reading | None, written: datetime) -> str:
        """Return a time with the day that "today" was, where it is taken on another."""
        is_later = self.stays or written.date() != self.now.date()
        if reading is None or not is_later:
            return said
        days = {"today": echo_day(written), "yesterday": echo_day(written - _DAY)}
        part = r"\bthis (?=morning|afternoon|evening)"
        named = re.sub(part, f"{days['today']} ", said, flags=re.I)
        day = r"\b(?:today|yesterday)\b"
        return re.sub(day, lambda found: days[found[0].lower()], named, flags=re.I)

    def _read_worry(self, text: str) -> None:
        worry = read_worry(text.strip("() "))
        if worry is not None:
            self.phoned.answers["safeguarding"] = worry
        if worry is False:
            return
        self._note("safeguarding", text)  # it is asked all the same: the advice comes after it
        if worry:
            return
        self.phoned.by_rule["safeguarding"] = True
        self.phoned.told.append(f'Counted as a possible concern: "{text}".')

    def _doubt_no(self) -> None:
        """Have it asked whether she is worried where she says no, and elsewhere that she is."""
        if self.phoned.answers.get("safeguarding") is not False:
            return
        said = (*self.told.texts.values(), *self.told.notes.values())
        worries = [line for text in said for line in text.split("\n") if _WORRIES.search(line)]
        if worries:
            del self.phoned.answers["safeguarding"]
            self._note("safeguarding", "\n".join([self.told.texts["safeguarding"], *worries]))

    def _read_told(self, text: str) -> None:
        items = [_drop_stop(each) for each in _list_items(text)]
        lines = split_people("\n".join(part for each in items for part in _part_reached(each)))
        plain = all(read_reached(each).reach in ("reached", "nobody") for each in lines)
        said: list[str] = []
        fields, problems = sort_told({"informed": lines}, said.append)
        fields = {name: each for name, each in fields.items() if name == "informed" or each}
        if find_faults(fields, partial=True):
            problems = [*problems, *find_faults(fields, partial=True)]
        if plain and not problems:
            self.phoned.answers |= fields
            self.phoned.told += said
            return
        self.phoned.asked["informed"] = "\n".join(lines)
        if not problems:
            self.phoned.by_rule |= fields
            self.phoned.told += said

    def _read_ideas(self, text: str) -> None:
        lines = [] if says_nothing(text) else _list_items(text)
        self._take("recommendations", lines, "\n".join(lines))

    def _read_kind(self, text: str) -> None:
        kind = name_kind(find_plain_kind(text.strip("() ")))
        if kind:
            self.phoned.answers["category"] = kind
        else:
            self._note("category", text)


def _part_reached(line: str) -> tuple[str, ...]:
    """Return a line in parts where one was reached and another not, else whole."""
    parts = part_people(line)
    reached = {read_reached(each).reach for each in parts}
    return parts if len(reached) > 1 else (line,)


def _list_items(text: str) -> list[str]:
    lines = (re.sub(r"^(?:[\s>*•·▪◦‣⁃–—-]+|\d{1,2}[.)]\s)", "", each) for each in text.split("\n"))
    return [tidied for each in lines if (tidied := tidy(each))]


def _drop_stop(text: str) -> str:
    """Return a place or a name without the full stop with which it was dictated."""
    line = join_lines(text)
    return line.removesuffix(".") if line.count(".") == 1 else line


# That the writer is worried herself: "PS I am worried her son takes her money".
_WORRIES = re.compile(
    r"\bi(?:'m|\s+am|\s+do)\s+(?:\w+\s+)?(?:worried|worry|concerned)\b"
    r"|\b(?:also|ps|still|bit|rather|really|very)\W+(?:worried|worrying|concerned)\b",
    re.I,
)
_SHORT_DAY = re.compile(r"(?<![\d./-])(\d\d?)[./-](\d\d?)(?![\d./-])")


def _may_be_turned(said: str) -> bool:
    """Whether a day without its year may be the month: "03/04"."""
    found = _SHORT_DAY.search(said)
    days = {int(each) for each in found.groups()} if found else {0}
    return len(days) > 1 and max(days) <= _MONTHS


_MONTHS = 12
_DAY = timedelta(days=1)


def _read(said: str, now: datetime) -> Reading | None:
    try:
        return read_when(said, now)
    except DateNotUnderstood:
        return None


def _read_sent(claims: Sequence[str], now: datetime) -> datetime | None:
    """Return when a telephone says that a text was sent, if that can be and lies behind."""
    sent = next((each for each in claims if each.startswith("sent ")), "")
    said = sent.removeprefix("sent ").partition(" by ")[0]
    try:
        moment = read_moment(said).settle("day", now)
    except NotRead:
        return None
    return None if "hour_not_known" in moment else datetime.fromisoformat(moment["occurred_at"])
