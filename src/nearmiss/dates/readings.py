"""What a time as it was typed may mean: a moment, or what has to be asked back first."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from nearmiss.dates._parts import Part
from nearmiss.dates.shown import echo, echo_weekday, to_timestamp

_EXAMPLE, _LATEST = 20, 22  # hours; later ones may be of the next day


@dataclass(frozen=True)
class When:
    """A moment as it was given."""

    moment: datetime  # aware, with the local offset at that moment; no microseconds
    approx: bool = False  # "about 8pm"
    alternative: datetime | None = None  # the later reading, where the clocks went back

    @property
    def shown(self) -> str:
        """The moment in words."""
        return echo(self.moment, self.approx)


@dataclass(frozen=True)
class HourAsked:
    """The day is plain and the hour is not; ``part`` of the day is what is known of it."""

    day: date
    part: Part | None = None
    approx: bool = False

    @property
    def shown(self) -> str:
        """The day in words, with what is known of the hour."""
        day = echo_weekday(self.day)
        if self.part and self.part.has_two_dates:
            return f"the night from {day} to {echo_weekday(self.day + timedelta(days=1))}"
        return f"{day}, {self.part.words}" if self.part else day

    @property
    def ask(self) -> str:
        """The question."""
        into = "in" if self.part and self.part.has_two_dates else "on"
        return f"At what time {into} {self.shown}? About is fine."

    @property
    def advice(self) -> str:
        """What to write where nobody can be asked."""
        return f"At what time? About is fine: {echo_weekday(self.day)} about {self._hour}."

    @property
    def _hour(self) -> str:
        """An hour of the day, or of the part of it, as an example."""
        middle = (self.part.start + self.part.end) // 120 if self.part else _EXAMPLE
        hour = min(middle, _LATEST)
        return f"{hour % 12 or 12}{'pm' if hour >= 12 else 'am'}"  # noqa: PLR2004


@dataclass(frozen=True)
class Which:
    """More than one moment or day may be meant: each in words, with what follows from it."""

    ask: str
    options: tuple[tuple[str, "When | HourAsked | Which"], ...]
    advice: str


@dataclass(frozen=True)
class Offered:
    """What may be meant, to be said yes or no to: a misspelt word, or the start of a range."""

    meant: str
    reading: When | HourAsked | Which

    @property
    def ask(self) -> str:
        """The question."""
        if not isinstance(self.reading, When) or self.meant == self.reading.shown:
            return f'Did you mean "{self.meant}"?'
        return f'Did you mean "{self.meant}", {self.reading.shown}?'

    @property
    def advice(self) -> str:
        """What to write where nobody can be asked."""
        return f'Did you mean "{self.meant}"? Then write that.'


Reading = When | HourAsked | Which | Offered


def ask_twice(reading: Reading) -> Reading:
    """Return ``reading`` with the question which is meant for a time when the clocks went back."""
    match reading:
        case When():
            return _ask_twice(reading)
        case Which():
            return replace(
                reading, options=tuple((shown, _ask_twice(each)) for shown, each in reading.options)
            )
        case Offered():
            return replace(reading, reading=_ask_twice(reading.reading))
    return reading


def _ask_twice(reading: When | HourAsked | Which) -> When | HourAsked | Which:
    if not isinstance(reading, When) or reading.alternative is None:
        return reading
    first = replace(reading, alternative=None)
    second = replace(first, moment=reading.alternative)
    about = "about " if reading.approx else ""
    stamps = " or ".join(f"{about}{to_timestamp(each.moment)}" for each in (first, second))
    return Which(
        "The clocks went back that night, so this time came twice. Which was it?",
        (
            ("The first time, before the clocks went back", first),
            ("The second time, after", second),
        ),
        f"The clocks went back: it came twice. Write {stamps}.",
    )
