"""Parts of the day as people name them: this morning, teatime, in the night."""

from dataclasses import dataclass

_HOUR = 60
_DAY = 24 * _HOUR
_LOOSE = 5 * _HOUR  # "after lunch" may be so much later, "before bed" so much earlier


@dataclass(frozen=True)
class Part:
    """A part of the day: from and up to (not including) so many minutes after midnight.

    ``words`` say it in a sentence. A night goes on into the next day.
    """

    name: str
    words: str
    start: int
    end: int

    @property
    def has_two_dates(self) -> bool:
        """Whether it goes on after midnight."""
        return self.end > _DAY

    def overlaps(self, other: "Part") -> bool:
        """Whether both can be said of one moment."""
        return self.start < other.end and other.start < self.end


PARTS = {
    name: Part(name, words, start * _HOUR, end * _HOUR)
    for name, words, start, end in (
        ("early hours", "in the early hours", 0, 7),
        ("am", "before noon", 0, 12),
        ("morning", "in the morning", 1, 12),
        ("breakfast", "at breakfast", 5, 12),
        ("lunchtime", "at lunchtime", 11, 15),
        ("dinnertime", "at dinnertime", 11, 22),  # noon in the north, evening in the south
        ("teatime", "at teatime", 14, 20),
        ("suppertime", "at suppertime", 16, 24),
        ("bedtime", "at bedtime", 18, 24),
        ("pm", "after noon", 12, 24),
        ("afternoon", "in the afternoon", 12, 19),
        ("evening", "in the evening", 16, 24),
        ("night", "in the night", 17, 31),
    )
}
_MEALS = ("breakfast", "lunchtime", "dinnertime", "teatime", "suppertime", "bedtime")
PARTS |= {
    f"before {name}": Part(
        f"before {name}", f"before {name}", max(0, PARTS[name].start - _LOOSE), PARTS[name].end
    )
    for name in _MEALS
}
PARTS |= {
    f"after {name}": Part(
        f"after {name}", f"after {name}", PARTS[name].start, min(_DAY, PARTS[name].end + _LOOSE)
    )
    for name in _MEALS
}


def join_parts(parts: list[Part]) -> Part | None:
    """Return the narrowest of ``parts``, or None where they can't be said of one moment."""
    narrow = min(parts, key=lambda part: part.end - part.start)
    return narrow if all(narrow.overlaps(part) for part in parts) else None
