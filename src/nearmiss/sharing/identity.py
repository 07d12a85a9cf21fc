"""Whom a paper is about: checked, and written as people write it. It is never stored."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from nearmiss.dates.shown import echo_day
from nearmiss.errors import UsageProblem
from nearmiss.text import find_refused, name_character, show_safely, tidy

_MOST_NAME = 200  # characters
_OLDEST = 130  # years
_DIGITS = 10  # of an NHS number
_MODULUS = 11  # of its check digit
# Day first, as it is written here; the year always whole.
_BIRTHDAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %b %Y", "%d %B %Y")


class BadGiven(UsageProblem):
    """An option holds what no paper can."""

    def __init__(self, *, option: str, reason: str) -> None:
        super().__init__(f"{option} {reason}. Nothing was made.")


@dataclass(frozen=True)
class Identity:
    """Whom a paper is about; empty texts are blanks on it."""

    name: str = ""
    born: str = ""
    nhs_number: str = ""


NOBODY = Identity()


def read_identity(
    name: str | None, born: str | None, nhs_number: str | None, today: date
) -> Identity:
    """Return who it is from what was typed. Raises BadGiven."""
    return Identity(
        check_text("--name", name or "", _MOST_NAME),
        _read_birthday(born, today) if born else "",
        _read_nhs_number(nhs_number) if nhs_number else "",
    )


def check_text(option: str, given: str, most: int, *, one_line: bool = True) -> str:
    """Return a text as it stands on a paper. Raises BadGiven."""
    text = tidy(given)
    if len(text) > most:
        raise BadGiven(option=option, reason=f"has {len(text)} characters; the most is {most}")
    refused = find_refused(text, one_line=one_line)
    if refused:
        named = name_character(refused)
        raise BadGiven(option=option, reason=f"holds a character that can't be used: {named}")
    return text


def _read_birthday(typed: str, today: date) -> str:
    text = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", tidy(typed), flags=re.IGNORECASE)
    for form in _BIRTHDAYS:
        with suppress(ValueError):
            day = datetime.strptime(text, form)
            break
    else:
        shown = show_safely(typed[:40])
        raise BadGiven(option="--born", reason=f'"{shown}" is not a day. Write it like 4 Feb 1941')
    if not today.year - _OLDEST <= day.year or day.date() > today:
        raise BadGiven(option="--born", reason=f"{echo_day(day)} can't be a day of birth")
    return echo_day(day)


def _read_nhs_number(typed: str) -> str:
    digits = re.sub(r"[\s-]", "", typed)
    if not re.fullmatch(rf"[0-9]{{{_DIGITS}}}", digits):
        raise BadGiven(option="--nhs-number", reason="must have ten digits, like 943 476 5919")
    weighed = sum(int(digit) * (_DIGITS - place) for place, digit in enumerate(digits[:-1]))
    if (_MODULUS - weighed % _MODULUS) % _MODULUS != int(digits[-1]):
        raise BadGiven(
            option="--nhs-number", reason="is not an NHS number. Please look at its digits again"
        )
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
