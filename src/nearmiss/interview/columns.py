"""What a carer's file holds: its encoding, its sheet, its heads and columns, asked once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from nearmiss.errors import UsageProblem
from nearmiss.intake import columns as heads_of
from nearmiss.intake import table
from nearmiss.intake.columns import (
    CLOCK,
    DAY,
    IGNORE,
    Column,
    Heads,
    find_doubles,
    find_heads,
    guess_field,
    match_columns,
    may_join,
    name_field,
    quote,
)
from nearmiss.intake.sheet import Encoding, SheetTable, Table, join_own, read_first
from nearmiss.intake.table import Reading, Survey
from nearmiss.intake.values import Order, find_entry
from nearmiss.model.questions import QUESTIONS
from nearmiss.speech import join_words
from nearmiss.terminal.asking import (
    Asked,
    Asker,
    Choice,
    GoBack,
    Option,
    ask_until_taken,
    ask_yes_no,
)
from nearmiss.text import fold_text, show_safely

_Value = TypeVar("_Value")
_MOST_ASKED = 12  # values of one column that are asked about one by one
_NAMED = 10


@dataclass(frozen=True)
class Given:
    """What options said in advance."""

    columns: tuple[str, ...] = ()
    order: Order | None = None
    hour_not_known: bool = False
    missing: bool = False
    entry: str = ""
    yes: bool = False
    shows: bool = False  # what is understood is shown, and not saved


@dataclass
class ColumnQuestions:
    """The questions about a file, its heads and its columns.

    Without an asker what would be asked is gathered in ``refused``, each with the option that
    answers it; ``told`` are sentences that the carer should read before anything is saved.
    """

    asker: Asker | None
    given: Given
    known: Sequence[str] = ()  # clients
    refused: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def require_answers(self) -> None:
        """Raise UsageProblem with everything that could not be asked, if there is something."""
        if self.refused:
            asked = "\n".join(dict.fromkeys(self.refused))
            raise UsageProblem(f"{asked}\nNothing was imported.")

    def ask_encoding(self, found: Sequence[Encoding]) -> Encoding:
        """Return the encoding that is meant; what is not Unicode is shown."""
        likely = found[0]
        if not likely.sample:
            return likely
        if self.asker:
            options: list[Option[Encoding | None]] = [
                Option(f"{each.sample} ({each.label})", each) for each in found
            ]
            options.append(Option("none of these", None))
            ask = "The file is not in UTF-8. Which of these reads right?"
            chosen = self.asker.choose(Choice(ask, tuple(options), chosen=0))
            if chosen is None:
                raise UsageProblem(f"Nothing was imported. {_AS_UTF8}")
            return chosen
        shown = f'The file is not in UTF-8. As {likely.label} text it says: "{likely.sample}".'
        if not self.given.yes:
            self.refused.append(f"{shown} If that reads right, add --yes. {_AS_UTF8}")
        self.told.append(shown)
        return likely

    def choose_table(self, tables: Sequence[SheetTable], wanted: str | None) -> Table:
        """Return the sheet of a workbook that is meant. Raises UsageProblem."""
        if (own := join_own(tables)) and wanted is None:
            return own
        names = join_words([quote(each.name) for each in tables])
        if wanted is not None:
            for each in tables:
                if fold_text(each.name) == fold_text(wanted):
                    return each
            raise UsageProblem(f"There is no sheet {quote(wanted)}. There are: {names}.")
        if not tables:
            raise UsageProblem("The workbook holds no entry. Nothing was imported.")
        with_heads = [each for each in tables if find_heads(read_first(each)).are_sure]
        if len(with_heads) == 1 or len(tables) == 1:
            chosen = (with_heads or tables)[0]
            if len(tables) > 1:
                self.told.append(f"Taken: the sheet {quote(chosen.name)}.")
            return chosen
        if self.asker is None:
            raise UsageProblem(
                f"The workbook has several sheets: {names}. Which one? --sheet NAME. "
                "Nothing was imported."
            )
        options = tuple(Option(each.name, each) for each in tables)
        return self.asker.choose(Choice("Which sheet?", options, can_go_back=True))

    def see_entries(self, reading: Reading, found: Survey) -> Reading:
        """Return it with the column of kinds as that of near miss or incident, where it is that."""
        says_entry = found.kinds and all(map(find_entry, found.kinds))
        if says_entry and "entry" not in reading.fields:
            fields = ["entry" if each == "category" else each for each in reading.fields]
            found.entries, found.kinds = found.kinds, Counter()
            found.missing["category"] = found.count
            return replace(reading, fields=tuple(fields))
        return reading

    def ask_heads(self, heads: Heads, rows: Sequence[tuple[int, list[str]]]) -> Heads:
        """Return where the heads of the columns are."""
        if heads.above:
            above = join_words([quote(each) for each in heads.above[:3]])
            self.told.append(f"Above the heads, and not taken: {above}.")
        if not heads.names or (heads.are_sure and not heads.above):
            return heads
        names = ", ".join(map(quote, heads.names[:6]))
        if self.asker:
            ask = f"Row {heads.number}: {names}. Are these the heads of the columns?"
            if ask_yes_no(self.asker, ask):
                return heads
            asked = Asked("In which row are the heads?", "0: there are none.")
            number = ask_until_taken(self.asker, asked, partial(_read_row_number, rows))
            return heads_of.name_heads(number, rows)
        if not heads.are_sure and not self.given.columns:
            self.refused.append(
                f"The row of heads was not found: row {heads.number} says {names}. Give the "
                "columns heads such as Client, Date, Time, Location, What happened."
            )
            self.require_answers()
        return heads

    def ask_fields(
        self, columns: Sequence[Column], chosen: dict[str, str], remembered: Mapping[str, str]
    ) -> tuple[str, ...]:
        """Return the field of each column; ``chosen``, by head, is added to."""
        fields = match_columns(columns, chosen, remembered)
        unknown = [at for at, field in enumerate(fields) if field is None]
        asked = 0
        while asked < len(unknown):
            at = unknown[asked]
            fields[at] = None
            try:
                fields[at] = chosen[columns[at].head] = self._ask_field(columns[at], fields)
                asked += 1
            except GoBack:
                if not asked:
                    raise
                asked -= 1
        if self.refused:
            self.refused.append(f"What a column may hold: {', '.join(heads_of.FIELDS)}.")
        for places in list(find_doubles(fields, {**remembered, **chosen})):
            self._ask_double(columns, places, fields)
            chosen |= {columns[at].head: fields[at] or IGNORE for at in places}
        self._refuse_needed(fields)
        return tuple(each or IGNORE for each in fields)

    def _ask_field(self, column: Column, fields: Sequence[str | None]) -> str:
        guess = guess_field(column.head)
        if self.asker is None:
            option = f'--column "{show_safely(column.head)}={guess or IGNORE}"'
            perhaps = f": perhaps {name_field(guess)}? Then:" if guess else ". To leave it out:"
            self.refused.append(f"The column {column.shown} is not known{perhaps} {option}")
            return IGNORE
        taken = {*fields, *(_WHEN if {*_WHEN} & {*fields} else ())}
        free = [each for each in _OFFERED if each not in taken or may_join(each)]
        options = [Option(name_field(each), each) for each in free]
        options.append(Option(name_field(IGNORE), IGNORE, "x"))
        ask = f"What does the column {quote(column.head)} hold?"
        help_text = f"In it: {column.shown_samples}."
        marked = free.index(guess) if guess in free else None
        return self.asker.choose(
            Choice(ask, tuple(options), help_text, chosen=marked, can_go_back=True)
        )

    def _ask_double(
        self, columns: Sequence[Column], places: Sequence[int], fields: list[str | None]
    ) -> None:
        """Have one of several columns hold what they all say, or all, where texts can be joined."""
        same = [columns[at] for at in places]
        what = (
            "when it happened"
            if fields[places[0]] in _WHEN
            else name_field(fields[places[0]] or "")
        )
        shown = join_words([each.shown for each in same])
        clock = columns[fields.index(CLOCK)].head if CLOCK in fields else ""
        beside = f' --column "{show_safely(clock)}=ignore"' if clock else ""
        if self.asker is None:
            self.refused.append(
                f"{shown} both hold the same: {what}. Say which one is not taken: "
                f'--column "{show_safely(same[-1].head)}=ignore"{beside}'
            )
            return
        options: list[Option[int | None]] = [
            Option(column.shown, at) for at, column in zip(places, same, strict=True)
        ]
        if may_join(fields[places[0]]):
            options.append(Option("both, one after the other", None))
        ask = f"Which column says it: {what}?"
        taken = self.asker.choose(Choice(ask, tuple(options), can_go_back=True))
        for at in places:
            if taken is not None and at != taken:
                fields[at] = IGNORE
        if taken is not None and fields[taken] == "occurred_at" and CLOCK in fields:
            fields[fields.index(CLOCK)] = IGNORE  # it belongs to the day that is not taken

    def _refuse_needed(self, fields: Sequence[str | None]) -> None:
        """Refuse a sheet that does not say what happened, or when: no answer could."""
        lacking = []
        if not {"occurred_at", DAY} & {*fields}:
            lacking.append("when it happened")
        if not {*table.WHAT} & {*fields}:
            lacking.append("what happened")
        if "client" not in fields and self.asker is None:
            lacking.append("whom it is about")
        if lacking and not self.refused:
            self.refused.append(
                f"No column says {join_words(lacking)}. Name it, such as "
                '--column "HEAD=client", =occurred_at, =date or =what_happened.'
            )
            if self.asker:
                self.require_answers()


_AS_UTF8 = "Else save the sheet as CSV UTF-8 or XLSX, and take that in."
_WHEN = ("occurred_at", DAY)
# The fields that a carer's own columns may hold, in the order in which they are offered.
_OFFERED = (
    *QUESTIONS,
    "injury",
    DAY,
    CLOCK,
    "entry",
    heads_of.WRITTEN,
    heads_of.AUTHOR,
    heads_of.NUMBER,
)


def _read_row_number(rows: Sequence[tuple[int, Any]], typed: str) -> int:
    if typed.strip().isdecimal() and int(typed) in {0, *(number for number, _ in rows)}:
        return int(typed)
    raise UsageProblem("Type the number of a row, such as 3, or 0.")
