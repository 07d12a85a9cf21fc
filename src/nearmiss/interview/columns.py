"""What a carer's file holds: its encoding, its sheet, its heads and columns, asked once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from nearmiss.errors import UsageProblem
from nearmiss.intake.columns import (
    CLOCK,
    IGNORE,
    JOINED,
    KEPT,
    OFFERED,
    WHAT,
    WHEN,
    Column,
    find_doubles,
    guess_columns,
    guess_fields,
    match_columns,
    may_join,
    name_field,
    normalise,
    quote,
    says_reply,
)
from nearmiss.intake.heads import Heads, find_heads, name_heads, read_key
from nearmiss.intake.reading import Reading
from nearmiss.intake.sheet import NO_SHEET, Encoding, Sheet, Table, read_first
from nearmiss.intake.survey import Survey, survey_rows
from nearmiss.intake.workbook import SheetTable, join_own
from nearmiss.interview.assumed import Questions
from nearmiss.speech import join_words, name_some, quote_word
from nearmiss.terminal.asking import (
    Asked,
    Choice,
    Option,
    Settled,
    Step,
    ask_until_taken,
    ask_yes_no,
)
from nearmiss.text import fold_text, shorten, show_safely

_Value = TypeVar("_Value")


_SEVERAL = 2
_FEW = 4  # columns that are named where nobody can be asked


@dataclass
class ColumnQuestions(Questions):
    """The questions about a file, its heads and its columns."""

    sheet: Sheet = NO_SHEET
    name: str = ""  # of the file
    sheets: Sequence[str] = ()  # the names of those of a workbook
    chosen: dict[str, str] = field(default_factory=dict)  # fields, by head, that were said before
    plain: Sequence[str | None] = ()  # what each column plainly holds
    found: Survey = field(default_factory=Survey)  # what stands in the rows
    joined: tuple[int, ...] = ()  # the columns that say together whom it is about
    is_confirmed: bool = False  # the carer saw what each column is taken for

    @property
    def titles(self) -> list[str]:
        """What stands above the heads, and the name of the sheet."""
        return [*self.sheet.heads.above, getattr(self.sheet.table, "name", "")]

    @property
    def key(self) -> dict[str, str]:
        """What letters stand for, as a line above the heads says."""
        return read_key(self.sheet.heads.above)

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
        self.sheets = [each.name for each in tables]
        chosen = self._choose_table(tables, wanted)
        if notes := [f'{at} "{_glimpse(said)}"' for at, said in chosen.parts.notes.items()]:
            self.told.append(f"Notes on cells are not taken: {', '.join(name_some(notes, _FEW))}.")
        return chosen

    def _choose_table(self, tables: Sequence[SheetTable], wanted: str | None) -> SheetTable:
        names = join_words(list(map(quote, self.sheets)))
        if wanted is not None:
            for each in tables:
                if fold_text(each.name) == fold_text(wanted):
                    return each
            raise UsageProblem(f"There is no sheet {quote(wanted)}. There are: {names}.")
        if hidden := [quote(each.name) for each in tables if each.is_hidden]:
            verb = "sheet is hidden" if len(hidden) == 1 else "sheets are hidden"
            shown = join_words(name_some(hidden, _FEW))
            self.told.append(f"Not taken, as the {verb}: {shown}. To take one: --sheet NAME.")
        tables = [each for each in tables if not each.is_hidden]
        names = join_words([quote(each.name) for each in tables])
        if not tables:
            raise UsageProblem("The workbook holds no entry. Nothing was imported.")
        with_heads = [each for each in tables if find_heads(read_first(each)).are_sure]
        if len(with_heads) == 1 or len(tables) == 1:
            chosen = (with_heads or tables)[0]
            if len(tables) > 1:
                self.told.append(f"Taken: the sheet {quote(chosen.name)}. There are: {names}.")
            return chosen
        if self.asker is None:
            raise UsageProblem(
                f"The workbook has several sheets: {names}. Which one? --sheet NAME. "
                "Nothing was imported."
            )
        options = tuple(Option(each.name, each) for each in tables)
        mark = tables.index((with_heads or tables)[0])
        chosen = self.choose(Choice("Which sheet?", options, chosen=mark))
        rest = join_words([quote(each.name) for each in tables if each is not chosen])
        self.told.append(f"Nothing is taken now of: {rest}. Another time: --sheet NAME.")
        return chosen

    def ask_heads(self, heads: Heads, rows: Sequence[tuple[int, list[str]]]) -> Heads:
        """Return where the heads of the columns are."""
        heads = self._ask_heads(heads, rows)
        if heads.number and heads.above:
            above = join_words([quote(each) for each in heads.above[:3]])
            self.told.append(f"Above the heads, and not taken: {above}.")
        return heads

    def _ask_heads(self, heads: Heads, rows: Sequence[tuple[int, list[str]]]) -> Heads:
        if not heads.names or heads.are_sure:
            return heads
        names = ", ".join(map(quote, heads.names[:6]))
        if self.asker:
            ask = f"Row {heads.number}: {names}. Are these the heads of the columns?"
            if not heads.number:
                first = next(", ".join(map(quote, cells[:6])) for _, cells in rows if any(cells))
                ask = f"No row of heads was found. Is this a report already: {first}?"
            if ask_yes_no(self.asker, ask):
                return heads
            asked = Asked("In which row are the heads?", "0: there are none.")
            number = ask_until_taken(self.asker, asked, partial(_read_row_number, rows))
            return name_heads(number, rows)
        if not self.given.columns:
            self.refused.append(
                f"The row of heads was not found: it begins with {names}. Give the "
                "columns heads such as Client, Date, Time, Location, What happened."
            )
            self.require_answers()
        return heads

    def match(
        self, sheet: Sheet, given: Mapping[str, str], remembered: Mapping[str, str]
    ) -> Reading:
        """Return the sheet as its heads say that it is meant, or as was said of them before."""
        self.sheet, self.chosen = sheet, {**remembered, **given}
        self.plain = match_columns(sheet.columns, given, remembered)
        heads = tuple(each.head for each in sheet.columns)
        return Reading(tuple(guess_columns(sheet.columns, self.plain)), heads, key=self.key)

    @property
    def column_steps(self) -> list[Step[Reading]]:
        """What is asked of the columns, in turn."""
        if self.asker is None:
            return [self._refuse_open]
        needed: list[Step[Reading]] = [partial(self._ask_needed, *each) for each in _NEEDED]
        return [*needed, self._ask_clock, self._confirm_columns, self._ask_doubles]

    def look_at_rows(self, reading: Reading) -> Settled[Reading]:
        """Look through the rows, once it is known what the columns hold."""
        if lacking := [what for each, what in _NEEDED[1:] if not {*each} & {*reading.fields}]:
            if not self.refused:
                self.refused.append(f"No column says {join_words(lacking)}. {_NAME_IT}")
            self.require_answers()
        self.found = survey_rows(self.sheet, reading)
        return Settled(reading)

    def _ask_needed(self, names: Sequence[str], what: str, reading: Reading) -> Reading | None:
        """Have the column found that says what every report must, among those not yet taken."""
        fields, columns = reading.fields, self.sheet.columns
        if {*names} & {*fields}:
            return None
        spare = [
            at
            for at, name in enumerate(fields)
            if (self.plain[at] is None or name == "category")
            and columns[at].filled
            and columns[at].may_hold(names[0])
        ]
        open_ = [at for at in spare if fields[at] in (IGNORE, KEPT, "category")] or spare
        open_.sort(key=lambda at: names[0] not in guess_fields(columns[at].head))
        if not open_:
            return None
        options: list[Option[tuple[int, ...]]] = [Option(columns[at].shown, (at,)) for at in open_]
        pair = [at for at in open_ if _NAME_PART.fullmatch(normalise(columns[at].head))][::-1]
        if names[0] == "client" and len(pair) > 1:
            heads = " and ".join(quote(columns[at].head) for at in pair)
            options.insert(0, Option(f"{heads}, together", tuple(pair)))
        options.append(Option("none of them", (), "x"))
        is_likely = any(names[0] in guess_fields(columns[at].head) for at in open_)
        mark = None if is_likely or names[0] != "client" else len(options) - 1
        taken = self.choose(Choice(f"Which column says {what}?", tuple(options), chosen=mark))
        self.joined = tuple(sorted(taken)) if len(taken) > 1 else self.joined
        named = names[-1] if names != WHEN or CLOCK in fields else names[0]
        return reading.take(dict.fromkeys(taken, named))

    def _ask_clock(self, reading: Reading) -> Reading | None:
        """Have the column of hours found where there are several, of which none is plain."""
        columns, fields = self.sheet.columns, reading.fields
        clocks = [
            at for at, each in enumerate(columns) if fields[at] == KEPT and each.kind == "clocks"
        ]
        is_open = all(
            each.says_days_alone for each, f in zip(columns, fields, strict=True) if f in WHEN
        )
        if CLOCK in fields or len(clocks) < _SEVERAL or not is_open:
            return None
        options = tuple(Option(columns[at].shown, at) for at in clocks)
        choice = Choice(
            "Which column says at what hour?", (*options, Option("none of them", -1, "x"))
        )
        taken = self.choose(choice)
        return reading.take({taken: CLOCK} if taken >= 0 else {})

    def _confirm_columns(self, reading: Reading) -> Reading | None:
        """Show what each column is taken for until that is right."""
        if None not in self.plain and not _find_missing(self.plain) and not self.chosen:
            return None
        columns = self.sheet.columns
        taken = [self.recall(f"column {at}", name, name) for at, name in enumerate(reading.fields)]

        def list_lines() -> list[str]:
            return [
                "" if name in (IGNORE, KEPT) else f"{_name_taken(at, columns, taken)}: {each.shown}"
                for at, (each, name) in enumerate(zip(columns, taken, strict=True))
            ]

        def list_rest() -> str:
            said = {"Kept in the sheet's own words": KEPT, "Left out": IGNORE}
            named = {
                label: [
                    f"{at + 1} {quote(each.head)}"
                    for at, each in enumerate(columns)
                    if each.filled and taken[at] == name
                ]
                for label, name in said.items()
            }
            lines = (f"{label}: {', '.join(each)}." for label, each in named.items() if each)
            return "\n".join(lines)

        def change(at: int) -> None:
            marks = {IGNORE: "x", KEPT: "k"}
            options = tuple(Option(name_field(each), each, marks.get(each, "")) for each in OFFERED)
            mark = OFFERED.index(taken[at]) if taken[at] in OFFERED else None
            ask = f"What does the column {quote(columns[at].head)} hold?"
            help_text = f"In it: {columns[at].shown_samples}."
            taken[at] = self.choose(Choice(ask, options, help_text, chosen=mark))
            self.said[f"column {at}"] = reading.fields[at], taken[at]

        self.confirm("Are the columns read right?", list_lines, change, list_rest)
        self.is_confirmed = True
        return reading.take(dict(enumerate(taken)))

    def _ask_doubles(self, reading: Reading) -> Reading | None:
        """Have one of several columns hold what they all say, or all, where they can be joined."""
        before, columns = reading, self.sheet.columns
        for places in list(find_doubles(reading.fields, self.chosen)):
            name = reading.fields[places[0]]
            if name in JOINED or tuple(places) == self.joined:
                continue  # they are joined, as the carer saw
            options: list[Option[int | None]] = [Option(columns[at].shown, at) for at in places]
            if may_join(name):
                options.append(Option("both, one after the other", None))
            what = "when it happened" if name in WHEN else name_field(name)
            taken = self.choose(Choice(f"Which column says it: {what}?", tuple(options)))
            if taken is None:
                reading = reading.take({})
                continue
            others = dict.fromkeys(places, IGNORE if name == "client" else KEPT) | {taken: name}
            if reading.fields[taken] == "occurred_at":  # the time belongs to the other day
                others |= {at: KEPT for at, each in enumerate(reading.fields) if each == CLOCK}
            others[taken] = reading.fields[taken]
            reading = reading.take(others)
        return None if reading is before else reading

    def _refuse_open(self, reading: Reading) -> None:
        """Refuse columns that are not known, lacking, or say the same: nobody can be asked."""
        columns, plain, fields = self.sheet.columns, self.plain, reading.fields
        unknown = [at for at, name in enumerate(plain) if name is None]
        guessed = [at for at in unknown if fields[at] not in (IGNORE, KEPT)]
        for at in guessed:
            shown, option = columns[at].shown, name_option(columns[at].head, fields[at])
            self.refused.append(f"Is {shown} this: {name_field(fields[at])}? If so: {option}")
        if out := [columns[at].shown for at in unknown if at not in guessed]:
            named = join_words(name_some(out, _FEW))
            verb = f"column {named} is" if len(out) == 1 else f"columns {named} are"
            self.refused.append(f"The {verb} not known. {_NAME_IT} To keep its words: '*=kept'.")
        for places in find_doubles(fields, self.chosen):
            self._refuse_double([columns[at] for at in places], fields[places[0]])
        if lacking := _find_missing(fields):
            self.refused.append(f"No column says plainly {join_words(lacking)}. {_NAME_IT}")

    def _refuse_double(self, same: Sequence[Column], name: str) -> None:
        shown = join_words([each.shown for each in same])
        if name in JOINED:
            both = " ".join(name_option(each.head, name) for each in same)
            self.refused.append(f"{shown} both hold: {name_field(name)}. To join them: {both}")
            return
        what = "when it happened" if name in WHEN else name_field(name)
        self.refused.append(
            f"{shown} both hold the same: {what}. Say which one is not taken: "
            + name_option(same[-1].head, "ignore")
        )


def _glimpse(said: str) -> str:
    return shorten(show_safely(said), 90)


def _name_taken(at: int, columns: Sequence[Column], taken: Sequence[str]) -> str:
    """Return what a column is taken for; beside those who were rung, whether they were reached."""
    is_reply = at and taken[at - 1] == taken[at] == "informed" and says_reply(columns[at].head)
    return "Whether they were reached" if is_reply else name_field(taken[at])


def name_option(head: str, field: str) -> str:
    """Return the option that takes a column for a field, as it is typed: a head is data."""
    return f"--column {quote_word(f'{show_safely(head)}={field}')}"


def _find_missing(fields: Sequence[str | None]) -> list[str]:
    return [what for names, what in _NEEDED if not {*names} & {*fields}]


_NEEDED = (
    (("client",), "whom it is about"),
    (WHEN, "when it happened"),
    (WHAT, "what happened"),
)
_NAME_PART = re.compile("(?:sur|fore|first|last|family|given) ?names?")
_NAME_IT = (
    'Say what a column holds with --column "HEAD=FIELD". FIELD is client, when, date, time, place, '
    "what, prevented, injury, outcome, action, safeguarding, informed, tried, recommendations, "
    "kind, entry, kept or ignore."
)
_AS_UTF8 = "Else save the sheet as CSV UTF-8 or XLSX, and take that in."


def _read_row_number(rows: Sequence[tuple[int, Any]], typed: str) -> int:
    if typed.strip().isdecimal() and int(typed) in {0, *(number for number, _ in rows)}:
        return int(typed)
    raise UsageProblem("Type the number of a row, such as 3, or 0.")
