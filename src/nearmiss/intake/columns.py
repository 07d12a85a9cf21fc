"""The columns of a carer's own spreadsheet: which field of a report each of them holds."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nearmiss.errors import UsageProblem
from nearmiss.model.columns import BOOK_SEAL, LATER_COLUMNS
from nearmiss.model.entries import ReportFields
from nearmiss.model.wording import QUESTIONS
from nearmiss.speech import join_words
from nearmiss.text import fold_text, show_safely

BESIDE = ("id", "recorded_at", "recorded_by", "status")
LEFT_OUT = ""  # the field of a column that is not taken
DAY, CLOCK = "day", "clock"  # two columns that say together when it happened
# What stands after a report's own fields in our own exports: it is told, and not taken.
_LATER_FACTS = (*LATER_COLUMNS, BOOK_SEAL)

_KNOWN = {name: name for name in (*ReportFields.model_fields, *BESIDE)}
_KNOWN |= {fold_text(each.title): name for name, each in QUESTIONS.items()}
_KNOWN |= {fold_text(each.ask).rstrip("?"): name for name, each in QUESTIONS.items()}
_KNOWN |= {each.option.removeprefix("--"): name for name, each in QUESTIONS.items()}
_KNOWN |= {"date": DAY, "day": DAY, "time": CLOCK, "hour": CLOCK, "place": "location"}
_KNOWN |= {"initials": "client", "category": "category"}
# Words of a heading that point to a field, the surest first: "who was told" is not about "who".
_HINTS = (
    ("informed", ("told", "tell", "inform", "notif", "reported to", "aware", "contact")),
    ("recommendations", ("recommend", "idea", "suggest", "again", "future", "improve", "learn")),
    ("safeguarding", ("safeguard", "concern", "worr", "abuse")),
    ("location", ("where", "place", "room", "locat")),
    ("occurred_at", ("when", "date", "time", "day", "hour")),
    ("client", ("who", "client", "initial", "resident", "person", "service user", "patient")),
    ("how_prevented", ("prevent", "stop", "avoid", "how")),
    ("immediate_action", ("action", "did", "done", "immediate", "response", "straight")),
    ("category", ("kind", "type", "categor", "fall")),
    ("what_nearly_happened", ("what", "happen", "incident", "miss", "event", "descri", "detail")),
)


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A heading that names no field of a report, and the field that it may mean, or ""."""

    heading: str
    guess: str


class UnknownColumns(UsageProblem):
    """Columns that are no field of a report, each with what it may be; others are ``taken``."""

    def __init__(self, columns: Sequence[UnknownColumn], taken: frozenset[str]) -> None:
        self.columns, self.taken = columns, taken
        named = "\n".join(
            f"The column {_quote(each.heading)} is not known{_tell_guess(each.guess)}"
            for each in columns
        )
        titles = ", ".join(question.title for question in QUESTIONS.values())
        super().__init__(
            f"{named}\nNothing was imported. Give each the name of a field, or take it out. "
            f"The fields are: {titles}."
        )


class TwiceNamed(UsageProblem):
    """Two columns that would fill the same field."""

    def __init__(self, *, field: str, headings: Iterable[str]) -> None:
        named = join_words([_quote(each) for each in headings])
        super().__init__(
            f"{named} both hold the same: {name_field(field)}. Nothing was imported. "
            "Rename or take out one of them."
        )


def match_columns(
    headings: Sequence[str], chosen: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return the field that each column holds, by its heading; LEFT_OUT for a later fact.

    ``chosen`` are fields that the carer said, by heading. Raises UnknownColumns with all that are
    not known, or TwiceNamed.
    """
    chosen = chosen or {}
    fields = [chosen[each] if each in chosen else _find_field(each) for each in headings]
    _refuse_doubles(headings, fields)
    taken = {each for each in fields if each}
    unknown = [
        UnknownColumn(heading, _guess(heading, taken))
        for heading, field in zip(headings, fields, strict=True)
        if field is None
    ]
    if unknown:
        raise UnknownColumns(unknown, frozenset(taken))
    return tuple(_settle_day(field or LEFT_OUT, taken) for field in fields)


def _find_field(heading: str) -> str | None:
    folded = fold_text(heading).rstrip(" ?:")
    joined = folded.replace(" ", "_")
    if not folded or joined in _LATER_FACTS:
        return LEFT_OUT
    return _KNOWN.get(folded) or _KNOWN.get(joined)


def _settle_day(field: str, taken: set[str]) -> str:
    # A date without a column of its own for the time says both, or is refused with its reason.
    return "occurred_at" if field == DAY and CLOCK not in taken else field


def _refuse_doubles(headings: Sequence[str], fields: Sequence[str | None]) -> None:
    for field in fields:
        if field and fields.count(field) > 1:
            twice = [each for each, known in zip(headings, fields, strict=True) if known == field]
            raise TwiceNamed(field=field, headings=twice)


def _guess(heading: str, taken: set[str]) -> str:
    folded = fold_text(heading)
    for field, hints in _HINTS:
        if field not in taken and any(re.search(rf"\b{hint}", folded) for hint in hints):
            return field
    return ""


def name_field(field: str) -> str:
    """Return what a field is called where a carer reads it: ``Location``."""
    named = {DAY: "the day", CLOCK: "the time", "occurred_approx": "About (yes or no)"}
    return QUESTIONS[field].title if field in QUESTIONS else named.get(field, field)


def _quote(heading: str) -> str:
    return f'"{show_safely(heading[:40])}"'


def _tell_guess(guess: str) -> str:
    return f": perhaps {name_field(guess)}?" if guess else "."


def list_left_out(headings: Sequence[str], fields: Sequence[str]) -> list[str]:
    """Return the headings of the columns that are not taken."""
    pairs = zip(headings, fields, strict=True)
    return [heading for heading, field in pairs if field == LEFT_OUT and heading.strip()]


_MIDNIGHT = re.compile(r"[ T]00:00(?::00)?$")  # what a spreadsheet puts behind a day alone
_SECONDS = re.compile(r"(\d\d?:\d\d):00\b")
_DASHED_MONTH = re.compile(r"(\d)-([A-Za-z]{3,9})-(\d)")


def join_moment(day: str, clock: str) -> str:
    """Return a day and a time from two cells as one text: ``3/4/26 21:15``."""
    return tidy_moment(f"{_MIDNIGHT.sub('', day.strip())} {clock.strip()}")


def tidy_moment(text: str) -> str:
    """Return a date and time of a spreadsheet as a person would write it."""
    return _DASHED_MONTH.sub(r"\1 \2 \3", _SECONDS.sub(r"\1", text)).strip()
