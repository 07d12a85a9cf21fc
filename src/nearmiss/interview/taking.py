"""What is about to be taken in from a sheet: its rows, and what was found beside them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nearmiss.speech import count_of, join_words

if TYPE_CHECKING:
    from nearmiss.intake.reading import Reading
    from nearmiss.intake.sheet import Sheet
    from nearmiss.intake.table import Row
    from nearmiss.model.problems import Faults


@dataclass
class Taking:
    """What is about to be taken in: the rows, and what was found beside them.

    ``out`` are rows left out, by number, each with its reason; ``none`` are the words of those
    among them that look like no reports, ``asides`` of others that may be none; ``undated`` are
    those that lack a day. ``change`` reads rows anew as what single ones are said to be, and
    ``by_hand`` are such changes: how, which rows, and as what.
    """

    path: Path
    rows: "list[Row]"
    faults: "Faults"
    told: list[str]
    noun: str = "row"
    out: dict[int, str] = field(default_factory=dict)
    none: dict[int, str] = field(default_factory=dict)
    asides: dict[int, str] = field(default_factory=dict)
    here: int = 0
    erased: int = 0
    repeated: int = 0
    undated: set[int] = field(default_factory=set)
    change: "Callable[[str, frozenset[int], Any], dict[int, Row]] | None" = None
    sheet: "Sheet | None" = None
    reading: "Reading | None" = None
    by_hand: list[tuple[str, list[int], Any]] = field(default_factory=list)

    @property
    def standing(self) -> "list[Row]":
        """The rows that are to be taken."""
        return [row for row in self.rows if row.number not in self.out]

    def tell_rest(self) -> str:
        """Return what becomes of the other rows, each counted once."""
        counts = (
            (self.repeated, "says the same as another", "say the same as others"),
            (self.here, "is here already", "are here already"),
            (self.erased, "was erased here", "were erased here"),
            (len(self.out), "stays out", "stay out"),
        )
        told = [
            f"{count_of(count, self.noun)} {one if count == 1 else many}"
            for count, one, many in counts
            if count
        ]
        return f" {join_words(told)}." if told else ""
