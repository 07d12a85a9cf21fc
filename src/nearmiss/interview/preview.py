"""What is about to be taken in from a sheet: shown row by row, and asked about once."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nearmiss.dates.shown import echo_day
from nearmiss.errors import UsageProblem
from nearmiss.intake.columns import quote
from nearmiss.intake.people import split_people
from nearmiss.intake.reached import list_people, read_reached
from nearmiss.interview.assumed import name_rows
from nearmiss.interview.clients import read_sheet_client
from nearmiss.interview.days import read_day
from nearmiss.model.questions import CATEGORIES, CATEGORY_LABELS
from nearmiss.speech import count_of, join_words, name_some, say
from nearmiss.terminal.asking import Asked, Asker, Choice, GoBack, Option, ask_until_taken
from nearmiss.text import join_lines, show_safely

if TYPE_CHECKING:
    from nearmiss.intake.reading import Reading
    from nearmiss.intake.sheet import Sheet
    from nearmiss.intake.table import Row
    from nearmiss.model.entries import ReportFields
    from nearmiss.model.problems import Faults

_NAMED = 10
SHOWN = 10  # rows of the table before saving
_MOST_LOOKED = 300  # rows that are looked through for words of harm


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


def tell_harm(taking: Taking) -> None:
    """Say which near misses tell of harm: whether it happened, the carer knows."""
    from nearmiss.intake.harm import find_harm
    from nearmiss.model.entries import NearMissFields

    found = []
    for row in taking.standing[:_MOST_LOOKED]:
        report = row.report
        if isinstance(report, NearMissFields):
            texts = (report.what, report.outcome, report.immediate_action)
            harm = next((words for each in texts if (words := find_harm(each))), ())
            found += [f'{row.number} ("{show_safely(harm[0][:40])}")'] if harm else []
    if found:
        rows = join_words(name_some(found, _NAMED))
        noun = taking.noun.capitalize()
        among = f", of the first {_MOST_LOOKED}" if len(taking.rows) > _MOST_LOOKED else ""
        taking.told.append(
            f"Words of harm stand in near misses{among}: {noun.lower()} {rows}. Where somebody was "
            "hurt, it is an incident."
        )


def tell_kinds(taking: Taking) -> str:
    """Return which kinds were suggested from what was written, and in which rows."""
    found = dict[str, list[int]]()
    for row in taking.standing:
        if row.is_suggested:
            found.setdefault(row.kind, []).append(row.number)
    named = [
        f"{label} {len(found[kind])} ({name_rows(found[kind])})"
        for kind, label in CATEGORY_LABELS.items()
        if kind in found
    ]
    return f"Kinds, suggested from what was written: {'; '.join(named)}." if named else ""


def show_rows(taking: Taking, places: range, *, plain: bool) -> None:
    """Show some rows as they were understood, a line each."""
    from nearmiss.records.words import tell_day_and_hour

    if not plain:
        say(f"{taking.noun.capitalize():>6}  {'Client':8} {'When':25} {'Where':12} What")
    for row in taking.rows[places.start : places.stop]:
        report = row.report
        marks = ["incident"] if hasattr(report, "injury") else []
        marks += ["concern"] if report.safeguarding else []
        marks += ["left out"] if row.number in taking.out else []
        mark = f"[{', '.join(marks)}] " if marks else ""
        day = report.occurred
        said = echo_day(day) if report.hour_not_known else tell_day_and_hour(report)
        cells = (report.client, said, report.location)
        client, when, where = (show_safely(join_lines(each)) for each in cells)
        what = f"{mark}{show_safely(join_lines(report.what))}"
        if plain:
            say(f"{taking.noun.capitalize()} {row.number}: {client}, {when}, {where}: {what[:80]}")
        else:
            line = f"{row.number:>6}  {_cut(client, 8)} {_cut(when, 25)} {_cut(where, 12)} {what}"
            say(_cut(line, 79).rstrip())


_MOST_DOUBTFUL = 20  # rows that are shown


def show_doubtful(taking: Taking) -> None:
    """Show which rows look like no reports and stay out, and which of those taken may be none."""
    for ask, rows in (
        ("Left out, as they look like no reports:", taking.none.keys() & taking.out.keys()),
        ("Taken, and perhaps no reports:", taking.asides.keys() - taking.out.keys()),
    ):
        words = taking.none | taking.asides
        shown = [f"{number:>6}  {words[number]}"[:79] for number in sorted(rows)]
        for line in (ask, *name_some(shown, _MOST_DOUBTFUL)) if shown else ():
            say(line)


def _cut(text: str, width: int) -> str:
    from nearmiss.terminal.menu import cut_cells
    from nearmiss.terminal.rows import measure

    shown = cut_cells(text, width)
    return shown + " " * (width - measure(shown))


def ask_to_save(asker: Asker, taking: Taking, *, plain: bool) -> bool:
    """Return whether what was shown is to be saved, rows changed or left out first.

    Raises GoBack.
    """
    shown = min(len(taking.rows), SHOWN)
    while True:
        count = len(taking.standing)
        options: list[Option[str]] = [Option("yes", "yes", "y"), Option("no", "no", "n")]
        options.append(Option("change rows, or leave them out", "change", "c"))
        if is_more := shown < len(taking.rows):
            options.append(Option("more rows", "more", "m"))
        first = f" (the first {shown} are shown)" if is_more else ""
        ask = f"Save {count_of(count, 'report')}{first}?"
        answer = asker.choose(Choice(ask, tuple(options), in_a_row=True, can_go_back=True))
        if answer in ("yes", "no"):
            return answer == "yes" and bool(count)
        begin, shown = (shown, shown + SHOWN) if answer == "more" else (0, shown)
        with suppress(GoBack):
            if answer == "change":
                _ask_change(asker, taking)
            shown = min(max(shown, SHOWN), len(taking.rows))
            show_rows(taking, range(begin, shown), plain=plain)
            if answer == "change":
                show_doubtful(taking)


_CHANGES = {
    "leave": "leave them out",
    "back": "put back what was left out",
    "others": "near miss or incident: the other of the two",
    "worries": "a worry about harm or neglect",
    "of_kind": "the kind",
    "days": "the day",
    "called": "the client",
    "told": "who was told, and who was not reached",
}


def _ask_change(asker: Asker, taking: Taking) -> None:
    """Ask for some rows, and what is to become of them. Raises GoBack."""
    likely = ", ".join(map(str, sorted(taking.asides.keys() - taking.out.keys())))
    help_text = "Their numbers, such as 3, 7 or 9-12."
    asked = Asked("Which rows?", help_text, suggestion=likely, can_go_back=True)
    numbers = ask_until_taken(asker, asked, partial(_read_numbers, taking))
    out = taking.out.keys() & {*numbers}
    is_taken = len(out) < len(numbers)
    hows = ["leave"] * is_taken + ["back"] * bool(out)
    hows += [*_CHANGES][2:] if taking.change and is_taken else []
    options = [Option(_CHANGES[how], how) for how in hows]
    ask = f"{name_rows(numbers).capitalize()}: what is to be changed?"
    choice = Choice(ask, tuple(options), can_go_back=True)
    how = asker.choose(choice) if len(hows) > 1 else hows[0]
    change_rows(taking, how, numbers, _ask_value(asker, taking, how, numbers))


def _ask_value(asker: Asker, taking: Taking, how: str, numbers: list[int]) -> Any:
    """Return what rows are to be; of those put back that lack a day, which it is."""
    if how == "of_kind":
        options = tuple(Option(CATEGORY_LABELS[kind], kind) for kind in CATEGORIES)
        return asker.choose(Choice("Which kind?", options, can_go_back=True))
    if how == "worries":
        ask = f"{name_rows(numbers).capitalize()}: a worry about harm or neglect?"
        answers = tuple(Option(words, value) for value, words in _WORRIES.items())
        return asker.choose(Choice(ask, answers, can_go_back=True))
    if how == "told":
        return {each: _ask_told(asker, taking, each) for each in numbers}
    if how == "called":
        asked = Asked("Who was it?", "Initials alone.", can_go_back=True)
        return ask_until_taken(asker, asked, read_sheet_client)
    if how == "days":
        return _ask_day(asker, taking, numbers)
    undated = [each for each in numbers if how == "back" and each in taking.undated]
    return {each: _ask_day(asker, taking, [each]) for each in undated}


def _ask_told(asker: Asker, taking: Taking, number: int) -> tuple[list[str], list[str]]:
    """Return who was told of what a row tells, and who was not reached, as its words offer it."""
    row = next((row for row in taking.rows if row.number == number), None)
    told, tried = _list_people(row.report) if row else ([], [])

    def ask(words: str, people: Sequence[str]) -> list[str]:
        shown = "; ".join(people) or "-"
        help_text = 'Role (name). Several: with "; " between. A dash (-): nobody.'
        asked = Asked(f"Row {number}: {words}", help_text, suggestion=shown, can_go_back=True)
        return ask_until_taken(asker, asked, split_people)

    return ask("who was told?", told), ask("who was tried, and not reached?", tried)


def _list_people(report: "ReportFields") -> tuple[list[str], list[str]]:
    """Return who was told, and who was tried; where nobody is noted, the sentences that say so."""
    if report.informed or report.tried:
        return report.informed, report.tried or []
    texts = (report.what, report.outcome, report.immediate_action)
    said = [each for text in texts for each in re.split(r"(?<=[.!?])\s+|\n", text)]
    tells = [each.strip(" .") for each in said if _TELLING.search(each) and list_people(each)]
    read = {each: read_reached(each) for each in tells}
    told = [each for each, one in read.items() if one.reach == "reached" and one.says_so]
    return told, [each for each, one in read.items() if one.reach == "missed" and one.was_tried]


_TELLING = re.compile(
    r"(?i)\b(?:told|rang|rung|phoned|called|informed|spoke|e?mailed|texted|messaged|reported"
    r"|notified|let \w+ know|updated)\b"
)


def tell_untold(taking: Taking) -> str:
    """Return in which rows nobody is noted as told, and words stand of somebody who was."""
    standing = [row for row in taking.standing[:_MOST_LOOKED] if not row.report.informed]
    found = [row.number for row in standing if _list_people(row.report)[0]]
    if not found:
        return ""
    return (
        f"Nobody is noted as told in {name_rows(found)}, though words there may say so: to note "
        "them, change those rows."
    )


# Whether there is a worry, and whether those told there were told of it too.
_WORRIES = {
    (True, True): "yes, and all who were told there were told of it",
    (True, False): "yes; a safeguarding lead, the council or the police alone were told of it",
    (False, False): "no",
}


def _ask_day(asker: Asker, taking: Taking, numbers: list[int]) -> date | None:
    """Return the day of rows; their own is offered, or that of the row above."""
    before = next((row for row in reversed(taking.rows) if row.number <= numbers[0]), None)
    typed = f"{before.report.occurred:%d/%m/%Y}" if before else ""
    ask = f"{name_rows(numbers).capitalize()}: which day was it?"
    asked = Asked(ask, "Such as 3/4/2025.", suggestion=typed, can_go_back=True)
    return ask_until_taken(asker, asked, read_day)


def change_rows(taking: Taking, how: str, numbers: list[int], value: Any) -> None:
    """Leave rows out, put them back, or take them as what they are said to be."""
    taking.by_hand.append((how, numbers, value))
    known = {row.number for row in taking.rows}
    if how == "leave":
        taking.out |= dict.fromkeys(numbers, "left out by hand")
        return
    others = frozenset(numbers) - (known if how == "back" else frozenset())
    found = taking.change(how, others, value) if taking.change and others else {}
    if how == "back":
        back = {*known, *found}.intersection(numbers)
        taking.out = {each: why for each, why in taking.out.items() if each not in back}
    rows = {row.number: row for row in taking.rows} | found
    taking.rows = [rows[number] for number in sorted(rows)]
    untold = [
        n for n in sorted(found) if how == "worries" and value[1] and not rows[n].report.informed
    ]
    if untold:
        say(f"Nobody is noted as told in {name_rows(untold)}: change {_CHANGES['told']}.")
    if how in _TOLD and found:
        say(f"{name_rows(sorted(found)).capitalize()}: {_TOLD[how](value)}.")


_TOLD: dict[str, Callable[[Any], str]] = {
    "of_kind": lambda kind: CATEGORY_LABELS[kind],
    "days": echo_day,
    "called": show_safely,
}


def _read_numbers(taking: Taking, typed: str) -> list[int]:
    """Return the rows that are typed: those that are taken, and those left out."""
    known = sorted({row.number for row in taking.rows} | taking.out.keys())
    numbers = list[int]()
    for word in typed.replace(",", " ").split():
        first, _, last = word.partition("-")
        if not first.isdecimal() or not (last or first).isdecimal():
            raise UsageProblem(f"{quote(word)} is no number. Write: 3, 7 or 9-12.")
        numbers += [each for each in known if int(first) <= each <= int(last or first)]
    if not numbers:
        raise UsageProblem("None of these rows is here. Look at the numbers again.")
    return numbers
