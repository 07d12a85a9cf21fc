"""What is wrong with an answer, in words: pydantic's findings as a carer reads them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nearmiss.model.questions import CATEGORIES, INCIDENT_QUESTIONS, QUESTIONS, drop_nobody
from nearmiss.text import find_refused, name_character, show_safely, tidy

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_QUOTED = 60  # characters of an answer that a sentence repeats
_ONE_LINE_FIELDS = {"client", "location", "informed", "tried", "concern_informed", "changed"}
_ONE_LINE_FIELDS |= {"next_step", "next_who", "hazard"}


@dataclass(frozen=True)
class Problem:
    """One thing that must be changed: the field's name, and what is wrong with it."""

    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"


def describe(error: "ValidationError", *, partial: bool = False) -> list[Problem]:
    """Return what is wrong in words, one problem a field; a missing one is none if ``partial``."""
    found: dict[str, Problem] = {}
    for detail in error.errors(include_url=False):
        if partial and detail["type"] == "missing":
            continue
        field = show_safely(str(detail["loc"][0])) if detail["loc"] else "record"
        found.setdefault(field, Problem(field, _describe_one(field, detail, error.title)))
    return list(found.values())


def find_faults(fields: Mapping[str, Any], *, partial: bool) -> list[Problem]:
    """Return what is wrong with a report's fields; with ``partial``, others may be missing."""
    from pydantic import ValidationError

    from nearmiss.model.entries import build_report

    if fields.get("entry", "report") not in ("report", "incident"):
        return [Problem("entry", 'must be "report" (a near miss) or "incident"')]
    try:
        build_report(fields)
    except ValidationError as error:
        return describe(error, partial=partial)
    return []


_REASONS = {
    "missing": "is missing",
    "string_too_short": "is empty. If there is nothing to say, write: not known",
    "bool_type": "must be true or false",
    "list_type": "must be a list of texts",
    "string_type": "must be a text",
}


_NAMES = "They are: "  # stands before the names of all fields, which are said once
_BESIDE = ("occurred_approx", "hour_not_known", "noticed", "tried", "concern_informed")


def _name_fields(kind: str) -> str:
    is_incident = kind == "IncidentFields"
    asked = INCIDENT_QUESTIONS if is_incident else QUESTIONS
    fields = ", ".join((*asked, *_BESIDE))
    return f"is not a field of {'an incident' if is_incident else 'a report'}. {_NAMES}{fields}"


def _describe_one(field: str, detail: "ErrorDetails", kind_of_entry: str) -> str:
    value, kind = detail["input"], detail["type"]
    if kind == "extra_forbidden":
        return _name_fields(kind_of_entry)
    if kind in ("string_too_long", "too_long"):
        counted = "characters" if kind == "string_too_long" else "items"
        return f"has {len(value):,} {counted}; the most is {detail['ctx']['max_length']:,}"
    if kind == "literal_error" and field != "category":
        return "must be true, or left out"
    if kind == "literal_error":
        return f"{_quote(value)} is not a kind. Choose one of: {', '.join(CATEGORIES)}"
    if kind in ("string_pattern_mismatch", "string_unicode", "value_error"):
        return _describe_pattern(field, value)
    return _REASONS.get(kind, "can't be used as it is")


def _describe_pattern(field: str, value: Any) -> str:
    if field == "occurred_at":
        return f"{_quote(value)} is not a date and time. Write it like 2026-04-03T21:15"
    refused = find_refused(value, one_line=field in _ONE_LINE_FIELDS)
    if refused == "\n":
        return "must be on one line"
    named = name_character(refused) if refused else "that"
    return f"holds a character that can't be kept: {named}. Leave it out"


def _quote(value: object) -> str:
    shown = show_safely(str(value))
    return f'"{shown[:_QUOTED]}…"' if len(shown) > _QUOTED else f'"{shown}"'


def tidy_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``fields`` with their texts as they are stored; "nobody yet" is nobody."""

    def tidy_value(value: Any) -> Any:
        if isinstance(value, str):
            return tidy(value)
        if isinstance(value, list):
            return [tidy_value(item) for item in value]
        return value

    tidied = {name: tidy_value(value) for name, value in fields.items()}
    for name in ("informed", "tried", "concern_informed"):
        told = tidied.get(name)
        if isinstance(told, list) and all(isinstance(each, str) for each in told):
            tidied[name] = drop_nobody(told)
    return tidied


_MOST_EXAMPLES = 10
_MOST_PLACES = 10_000  # that are wrong before it is seen that most are
_MOST_KINDS = 40  # of faults that are told; what is over is only counted


class Faults:
    """What is wrong in many places, each kind of fault told once with how often and where."""

    def __init__(self, one: str = "row", many: str = "rows") -> None:
        self._one, self._many = one, many
        self._kinds: dict[tuple[str, str], _Kind] = {}
        self._places = 0
        self._last = 0
        self.left_over = 0

    def add(self, place: int, title: str, reason: str) -> None:
        """Note that at ``place`` something is wrong."""
        if place != self._last:
            self._places, self._last = self._places + 1, place
        kind = (title, _strip_values(reason))
        if kind not in self._kinds and len(self._kinds) >= _MOST_KINDS:
            self.left_over += 1
            return
        self._kinds.setdefault(kind, _Kind(title, reason)).add(place, reason)

    @property
    def places(self) -> int:
        """In how many places something is wrong."""
        return self._places

    def are_most(self, others: int) -> bool:
        """Whether so many places are wrong, and more than are right, that no more are looked at."""
        return self._places > max(_MOST_PLACES, others)

    def __bool__(self) -> bool:
        return bool(self._places)

    def list_told(self) -> list[str]:
        """Return a line for each kind of fault."""
        told, lists = list[str](), set[str]()
        for kind in self._kinds.values():
            said, _, names = kind.tell(self._one, self._many).partition(_NAMES)
            told.append(said.rstrip() if names in lists else f"{said}{_NAMES * bool(names)}{names}")
            lists |= {names} - {""}
        return [*told, f"and {self.left_over:,} more faults"] if self.left_over else told


@lru_cache(1000)
def _strip_values(reason: str) -> str:
    return re.sub(r'"[^"]*"|\d+', "_", reason)


@dataclass
class _Kind:
    title: str
    reason: str
    count: int = 0
    places: list[int] = field(default_factory=list)
    values: dict[str, None] = field(default_factory=dict)

    def add(self, place: int, reason: str) -> None:
        self.count += 1
        if len(self.places) < _MOST_EXAMPLES:
            self.places.append(place)
            quoted = re.search(r'"[^"]*"', reason)
            if quoted:
                self.values[quoted[0]] = None

    def tell(self, one: str, many: str) -> str:
        if self.count == 1:
            return f"{one} {self.places[0]}, {self.title}: {self.reason}"
        rest = self.count - len(self.places)
        named = ", ".join(map(str, self.places)) + (f" and {rest:,} more" if rest else "")
        others = [value for value in self.values if value not in self.reason]
        also = f" (also {', '.join(others)})" if others else ""
        return f"{self.count:,} {many} ({named}), {self.title}: {self.reason}{also}"
