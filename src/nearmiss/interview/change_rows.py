"""Single rows of a sheet, put right by hand before they are saved."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from nearmiss.dates.shown import echo_day
from nearmiss.errors import UsageProblem
from nearmiss.intake.columns import quote
from nearmiss.intake.reached import list_people, read_reached
from nearmiss.interview.answers import check_answer
from nearmiss.interview.assumed import name_rows
from nearmiss.interview.clients import read_sheet_client
from nearmiss.interview.days import read_day
from nearmiss.interview.taking import Taking
from nearmiss.model.questions import CATEGORIES, CATEGORY_LABELS, Category, drop_nobody
from nearmiss.speech import say
from nearmiss.terminal.asking import Asked, Asker, Choice, Option, ask_until_taken
from nearmiss.text import show_safely, tidy

if TYPE_CHECKING:
    from nearmiss.model.entries import ReportFields

People = tuple[list[str], list[str]]  # who was told, and who was tried and not reached

_CHANGES = {
    "leave": "leave them out",
    "back": "put back what was left out",
    "others": "near miss or incident: the other of the two",
    "worries": "a worry about harm or neglect",
    "of_kind": "the kind",
    "days": "the day",
    "called": "the client",
    "told": "who was told, and who was not reached",
    "injured": "the injury",
}


def ask_change(asker: Asker, taking: Taking) -> None:
    """Ask for some rows, and what is to become of them. Raises GoBack."""
    likely = ", ".join(map(str, sorted(taking.asides.keys() - taking.out.keys())))
    help_text = "Their numbers, such as 3, 7 or 9-12."
    asked = Asked("Which rows?", help_text, suggestion=likely, can_go_back=True)
    numbers = ask_until_taken(asker, asked, partial(_read_numbers, taking))
    out = taking.out.keys() & {*numbers}
    is_taken = len(out) < len(numbers)
    hows = ["leave"] * is_taken + ["back"] * bool(out)
    hows += [*_CHANGES][2:] if taking.change and is_taken else []
    if not {*numbers} <= {row.number for row in taking.rows if hasattr(row.report, "injury")}:
        hows = [each for each in hows if each != "injured"]
    options = [Option(_CHANGES[how], how) for how in hows]
    ask = f"{name_rows(numbers).capitalize()}: what is to be changed?"
    choice = Choice(ask, tuple(options), can_go_back=True)
    how = asker.choose(choice) if len(hows) > 1 else hows[0]
    ask_value = _VALUES.get(how)
    change_rows(taking, how, numbers, ask_value and ask_value(asker, taking, numbers))


def _ask_kind(asker: Asker, taking: Taking, numbers: list[int]) -> Category:
    options = tuple(Option(CATEGORY_LABELS[kind], kind) for kind in CATEGORIES)
    return asker.choose(Choice("Which kind?", options, can_go_back=True))


def _ask_worry(asker: Asker, taking: Taking, numbers: list[int]) -> tuple[bool, bool]:
    ask = f"{name_rows(numbers).capitalize()}: a worry about harm or neglect?"
    answers = tuple(Option(words, value) for value, words in _WORRIES.items())
    return asker.choose(Choice(ask, answers, can_go_back=True))


def _ask_injury(asker: Asker, taking: Taking, numbers: list[int]) -> str:
    said = next(row.report.outcome for row in taking.rows if row.number == numbers[0])
    asked = Asked("What was the injury?", suggestion=said, can_go_back=True)
    return ask_until_taken(asker, asked, _read_injury)


def _ask_client(asker: Asker, taking: Taking, numbers: list[int]) -> str:
    asked = Asked("Who was it?", "Initials alone.", can_go_back=True)
    return ask_until_taken(asker, asked, read_sheet_client)


def _ask_days(asker: Asker, taking: Taking, numbers: list[int]) -> dict[int, date | None]:
    """Return the days of rows that are put back, of those that lack one."""
    undated = [each for each in numbers if each in taking.undated]
    return {each: _ask_day(asker, taking, [each]) for each in undated}


def _ask_people(asker: Asker, taking: Taking, numbers: list[int]) -> dict[int, People]:
    return {each: _ask_told(asker, taking, each) for each in numbers}


def _ask_told(asker: Asker, taking: Taking, number: int) -> People:
    """Return who was told of what a row tells, and who was not reached, as its words offer it."""
    row = next((row for row in taking.rows if row.number == number), None)
    told, tried = list_people_told(row.report) if row else ([], [])

    def ask(words: str, people: Sequence[str]) -> list[str]:
        shown = "; ".join(people) or "-"
        help_text = 'Role (name). Several: with "; " between. A dash (-): nobody.'
        asked = Asked(f"Row {number}: {words}", help_text, suggestion=shown, can_go_back=True)
        return ask_until_taken(asker, asked, _read_people)

    return ask("who was told?", told), ask("who was tried, and not reached?", tried)


def _read_injury(typed: str) -> str:
    check_answer("injury", tidy(typed))
    return tidy(typed)


def _read_people(typed: str) -> list[str]:
    return drop_nobody(filter(None, map(tidy, typed.split(";"))))


def list_people_told(report: "ReportFields") -> People:
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
    known = {row.number for row in taking.rows}
    if how == "leave":
        taking.by_hand.append((how, numbers, value))
        taking.out |= dict.fromkeys(numbers, "left out by hand")
        return
    others = frozenset(numbers) - (known if how == "back" else frozenset())
    found = taking.change(how, others, value) if taking.change and others else {}
    done = [each for each in numbers if each in found or (how == "back" and each in known)]
    taking.by_hand.append((how, done, value))
    if how == "back":
        back = {*done}
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


# What asks for that which rows are to be, where they can be more than one thing.
_VALUES: dict[str, Callable[[Asker, Taking, list[int]], Any]] = {
    "back": _ask_days,
    "worries": _ask_worry,
    "of_kind": _ask_kind,
    "days": _ask_day,
    "called": _ask_client,
    "told": _ask_people,
    "injured": _ask_injury,
}
