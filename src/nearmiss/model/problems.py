"""What is wrong with an answer, in words: pydantic's findings as a carer reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nearmiss.model.wording import CATEGORIES, QUESTIONS
from nearmiss.text import find_refused, name_character, show_safely

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_ONE_LINE_FIELDS = {"client", "location", "informed"}


@dataclass(frozen=True)
class Problem:
    """One thing that must be changed: the field's name, and what is wrong with it."""

    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"


def describe(error: "ValidationError") -> list[Problem]:
    """Return what is wrong in plain words, one problem a field, in the order of the fields."""
    found: dict[str, Problem] = {}
    for detail in error.errors(include_url=False):
        field = show_safely(str(detail["loc"][0])) if detail["loc"] else "record"
        found.setdefault(field, Problem(field, _describe_one(field, detail)))
    return list(found.values())


def _describe_one(field: str, detail: "ErrorDetails") -> str:
    value, context = detail["input"], detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return f"is not a field of a report. The fields are: {', '.join(QUESTIONS)}"
        case "string_too_short":
            return "is empty. If there is nothing to say, write: not known"
        case "string_too_long":
            return f"is {len(value):,} characters long; the most is {context['max_length']:,}"
        case "too_long":
            return f"has {len(value):,} lines; the most is {context['max_length']}"
        case "string_pattern_mismatch" | "string_unicode":
            return _describe_pattern(field, value)
        case "literal_error":
            return f"{_quote(value)} is not a kind. Choose one of: {', '.join(CATEGORIES)}"
        case "bool_type":
            return "must be true or false"
        case "list_type":
            return "must be a list of texts"
        case "string_type":
            return "must be a text"
        case "value_error":
            return _describe_pattern(field, value)
    return "can't be used as it is"


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
    return f'"{shown[:60]}…"' if len(shown) > 60 else f'"{shown}"'


def tidy_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``fields`` with each text, and each text of a list, as it is stored."""
    from nearmiss.text import tidy

    def tidy_value(value: Any) -> Any:
        if isinstance(value, str):
            return tidy(value)
        if isinstance(value, list):
            return [tidy_value(item) for item in value]
        return value

    return {name: tidy_value(value) for name, value in fields.items()}
