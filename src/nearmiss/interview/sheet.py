"""What only the carer can know of a sheet, asked once for the whole file, or refused at once."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import TypeVar

from nearmiss.dates.shown import echo_day
from nearmiss.errors import UsageProblem
from nearmiss.intake.columns import OUTCOME, name_field, quote
from nearmiss.intake.people import find_person, is_name, propose_clients
from nearmiss.intake.survey import (
    Doubt,
    Survey,
    find_doubts,
    find_unknown_kinds,
    find_unsure,
    guess_entry,
    tell_weekdays,
)
from nearmiss.intake.table import BY_INJURY, LEFT_OUT, Halves, Reading
from nearmiss.intake.values import NotRead, Order, find_entry, read_moment
from nearmiss.interview.answers import check_answer
from nearmiss.interview.columns import ColumnQuestions, confirm
from nearmiss.model.questions import CATEGORIES, CATEGORY_LABELS, QUESTIONS, Category
from nearmiss.speech import count_of, join_words, name_some
from nearmiss.terminal.asking import (
    NO,
    SURE,
    YES,
    Asked,
    Choice,
    Option,
    ask_in_turn,
    ask_until_taken,
    ask_yes_no,
)
from nearmiss.text import fold_text, show_safely, tidy

_Key = TypeVar("_Key", int, str)
_Value = TypeVar("_Value")
_MOST_ASKED = 12  # values of one column that are asked about one by one
_NAMED = 10
Step = Callable[[Reading], Reading | None]


class SheetQuestions(ColumnQuestions):
    """The questions about what stands in the rows of a sheet."""

    def ask_reading(
        self, reading: Reading, found: Survey, titles: Sequence[str], now: datetime
    ) -> Reading:
        """Return how the sheet is meant, all that its rows leave open being asked."""
        steps: list[Step] = [
            partial(self._ask_client, found, titles),
            partial(self._ask_order, found, now),
            partial(self._ask_year, found, titles),
            partial(self._ask_undated, found),
            partial(self._ask_doubts, found, now),
            partial(self._ask_halves, found),
            partial(self._ask_hour, found),
            partial(self._ask_entry, found, titles),
            partial(self._ask_entries, found),
            partial(self._ask_missing, found),
            partial(self._ask_truths, found),
            partial(self._ask_kinds, found),
            partial(self._ask_clients, found),
            partial(self._ask_people, found),
            partial(self._ask_reached, found),
        ]
        reading = ask_in_turn(steps, reading)
        self.told += name_some(tell_weekdays(found, reading), _NAMED)
        return reading

    def _choose(self, choice: Choice[_Value]) -> _Value:
        assert self.asker is not None  # noqa: S101 - whoever asks has looked
        return self.asker.choose(replace(choice, can_go_back=True))

    def _ask_yes(self, ask: str, help_text: str = "") -> bool:
        assert self.asker is not None  # noqa: S101
        return ask_yes_no(self.asker, ask, help_text, can_go_back=True)

    def _confirm_all(
        self,
        ask: str,
        said: dict[_Key, _Value],
        line: Callable[[_Key], str],
        change: Callable[[_Key], _Value],
    ) -> None:
        """Show what each value is taken for until that is right; ``said`` is changed."""
        assert self.asker is not None  # noqa: S101
        values = list(said)

        def put(at: int) -> None:
            said[values[at]] = change(values[at])

        confirm(self.asker, ask, lambda: [line(each) for each in values], put)

    def _ask_client(self, found: Survey, titles: Sequence[str], reading: Reading) -> Reading | None:
        del found
        if "client" in reading.fields or self.asker is None:
            return None
        name = next((each for each in titles if 0 < len(each) <= _MOST_INITIALS), "")
        asked = Asked(
            "No column says whom it is about. Who is it, in all rows? (initials)",
            QUESTIONS["client"].help,
            suggestion=name,
            can_go_back=True,
        )
        return replace(reading, client=ask_until_taken(self.asker, asked, _read_client))

    def _ask_order(self, found: Survey, now: datetime, reading: Reading) -> Reading | None:
        order, decided = found.order, self.given.order or found.order.decide(now)
        ways = {"day": order.day, "month": order.month}
        is_mixed = bool(order.day and order.month)
        if decided:
            if decided == "month":
                said = f" ({_name_rows(order.month)})" if order.month else ""
                self.told.append(f"Days are read with the month first{said}.")
            return replace(reading, order=decided)
        ahead, sample = order.find_ahead(now), order.show_sample
        if self.asker:
            told = [f"the {way} first in {_name_rows(rows)}" for way, rows in ways.items() if rows]
            help_text = f"Only so can be read: {'; '.join(told)}." if told else ""
            orders: tuple[Option[Order], ...] = (
                Option(f"the day: {sample('day')}", "day", words=("day",)),
                Option(f"the month: {sample('month')}", "month", words=("month",)),
            )
            mark = None if told or ahead else 0
            ask = "Days in this sheet: which number comes first?"
            taken = self._choose(Choice(ask, orders, help_text, chosen=mark))
            odd = order.month if taken == "day" else order.day
            too = bool(odd) and self._ask_yes(
                f"{_name_rows(odd).capitalize()} can only be read the other way. Read so there?",
                "n: they stay out.",
            )
            return replace(reading, order=taken, others_too=too)
        rows = {way: _name_rows(numbers) for way, numbers in ways.items() if numbers}
        if is_mixed:
            self.refuse(
                f"Days are written in two ways: the day first in {rows['day']}, the month first in "
                f"{rows['month']}. So the others can't be told. Put them right in the sheet; or "
                "say --day-first or --month-first, and the rows that do not fit stay out with "
                "--skip-damaged"
            )
        elif rows:
            self.refuse(
                f"Only {next(iter(rows.values()))} says which number is the day, and others "
                f"({sample('day')}, or {sample('month')}) lie far from it: --day-first or "
                "--month-first?"
            )
        elif ahead:
            self.refuse(
                f"With the day first, {_name_rows(ahead)} would lie ahead of today: "
                "--month-first or --day-first?"
            )
        else:
            self.told.append(f"Days are read with the day first: {sample('day')}.")
        return replace(reading, order="day")

    def _ask_year(self, found: Survey, titles: Sequence[str], reading: Reading) -> Reading | None:
        if not found.without_year:
            return None
        named = re.findall(r"\b20\d\d\b", " ".join(titles))
        years = [str(year) for year, _ in found.years.most_common(1)] or named
        rows = count_of(len(found.without_year), "day")
        shown = join_words(name_some(list(dict.fromkeys(found.without_year)), 3))
        verb = "names" if len(found.without_year) == 1 else "name"
        said = f"{rows} {verb} no year ({shown})."
        if self.asker is None:
            self.refuse(f"{said} Write the year in the sheet; or they stay out with --skip-damaged")
            return None
        asked = Asked(f"{said} Which year?", suggestion=(years or [""])[0], can_go_back=True)
        return replace(reading, year=ask_until_taken(self.asker, asked, _read_year))

    def _ask_doubts(self, found: Survey, now: datetime, reading: Reading) -> Reading | None:
        doubts = [] if reading.is_own else find_doubts(found, reading, now)
        if not doubts:
            return None
        if self.asker is None or len(doubts) > _MOST_ASKED:
            told = [f"Row {each.number}: {echo_day(each.day)} {each.why}." for each in doubts]
            self.told += name_some(told, _NAMED)
            return None
        days = {each.number: self._ask_doubt(each) for each in doubts}
        return replace(reading, days={**reading.days, **days})

    def _ask_undated(self, found: Survey, reading: Reading) -> Reading | None:
        if self.asker is None or not 0 < len(found.undated) <= _MOST_ASKED:
            return None
        days: dict[int, date | None] = dict.fromkeys(found.undated)

        def show(number: int) -> str:
            day = days[number]
            said = quote(found.undated[number]) if found.undated[number] else "nothing"
            return f"Row {number} ({said}): {echo_day(day) if day else 'left out'}"

        def ask(number: int) -> date | None:
            assert self.asker is not None  # noqa: S101
            said = found.undated[number]
            shown = f"{quote(said)} is no day that can be read" if said else "no day stands there"
            asked = Asked(
                f"Row {number}: {shown}. Which day was it?",
                _DAY_HELP,
                suggestion="-",
                can_go_back=True,
            )
            return ask_until_taken(self.asker, asked, _read_day)

        self._confirm_all("Rows without a day: is this right?", days, show, ask)
        return replace(reading, days=days)

    def _ask_doubt(self, doubt: Doubt) -> date | None:
        ask = f"Row {doubt.number}: {echo_day(doubt.day)} {doubt.why}. Which day was it?"
        options: list[Option[date | None]] = [
            Option(echo_day(day), day) for day in (doubt.likely, doubt.day) if day
        ]
        options.append(Option("not known: leave it out", None))
        return self._choose(Choice(ask, tuple(options)))

    def _ask_halves(self, found: Survey, reading: Reading) -> Reading | None:
        if not found.halves or reading.is_own:
            return None
        hours = {each: int(re.sub(r"[:.h].*", "", each)) for each in found.halves}
        if not found.has_halves and min(hours.values()) >= _MORNING:
            return replace(reading, halves="written")  # 24-hour clock, and nobody says am or pm
        if self.given.hour_not_known or self.asker is None:
            return None
        shown = join_words(name_some([quote(each) for each in found.halves], 4))
        options: tuple[Option[Halves], ...] = (
            Option("by day: 7 to 12 is morning, 1 to 6 is afternoon", "waking"),
            Option("the 24-hour clock: 3:30 is in the night", "written"),
            Option("time not known there", ""),
        )
        ask = f"Morning or afternoon? {shown} in {count_of(found.halves.total(), 'row')}."
        taken = self._choose(Choice(ask, options))
        return replace(reading, halves=taken, hour_not_known=reading.hour_not_known or not taken)

    def _ask_hour(self, found: Survey, reading: Reading) -> Reading | None:
        words = found.without_hour + (Counter() if reading.halves else found.halves)
        count = words.total()
        if (not count and not found.midnights) or reading.hour_not_known:
            return None
        if self.given.hour_not_known or reading.is_own:
            return replace(reading, hour_not_known=True)
        if not count and self.given.yes:
            return None
        named = [quote(each) for each in words if each][:6]
        named += ["00:00"] if found.midnights else []
        total = count + found.midnights
        shown = f" ({', '.join(named)})" if named else ""
        none = "name no hour" if total > 1 else "names no hour"
        if not count:
            none = "say 00:00, as spreadsheets do where no time was written"
            shown = ""
        ask = f'{count_of(total, "row")} {none}{shown}. Take them as "time not known"?'
        if self.asker is None:
            self.refuse(f"{ask} --hour-not-known", "--hour-not-known")
            return replace(reading, hour_not_known=True)
        help_text = "The words are kept. n: they stay out." if count else "n: it was midnight."
        return replace(reading, hour_not_known=self._ask_yes(ask, help_text))

    def _ask_entry(self, found: Survey, titles: Sequence[str], reading: Reading) -> Reading | None:
        if self.given.entry:
            return replace(reading, entry=self.given.entry)
        if "entry" in reading.fields or reading.is_own:
            return None
        words = " ".join(map(fold_text, (*reading.heads, *titles)))
        is_other = "incident" in words or "accident" in words or OUTCOME in reading.fields
        is_near = "near miss" in words and not is_other
        if not found.injuries and ("what_nearly_happened" in reading.fields or is_near):
            return replace(reading, entry="report")
        if self.asker is None:
            self.refuse(
                "The sheet does not say whether these are near misses or incidents: "
                "--entry near-miss or --entry incident"
            )
            return replace(reading, entry="report")
        options = [
            Option("near misses: nobody was hurt", "report", words=("near misses",)),
            Option("incidents: somebody was hurt, or may have been", "incident"),
        ]
        if found.injuries:
            label = f"incidents where an injury is told of ({count_of(found.injuries, 'row')})"
            options.append(Option(f"{label}, else near misses", BY_INJURY))
        help_text = "Single rows can be changed before they are saved."
        return replace(
            reading, entry=self._choose(Choice("What are these?", tuple(options), help_text))
        )

    def _ask_entries(self, found: Survey, reading: Reading) -> Reading | None:
        unknown = {each: n for each, n in found.entries.items() if find_entry(each) is None}
        if not unknown or reading.entry:
            return None
        if self.asker is None:
            named = join_words(name_some([quote(each) for each in unknown], _NAMED))
            self.refuse(
                f"{named}: near miss or incident? For all rows: --entry near-miss or incident"
            )
            return None
        said = {each: guess_entry(each) for each in unknown}

        def show(typed: str) -> str:
            shown = quote(typed) if typed else "(nothing)"
            return f"{shown} ({count_of(unknown[typed], 'row')}): {_ENTRIES[said[typed]]}"

        def ask(typed: str) -> str:
            shown = quote(typed) if typed else "Where nothing stands"
            options = tuple(Option(label, value) for value, label in _ENTRIES.items())
            return self._choose(Choice(f"{shown}: what is that?", options))

        self._confirm_all("Near miss or incident: is this right?", said, show, ask)
        return replace(reading, entries={fold_text(each): value for each, value in said.items()})

    def _ask_missing(self, found: Survey, reading: Reading) -> Reading | None:
        lacking = {} if reading.is_own else _find_lacking(reading, found)
        if not lacking:
            return None
        if self.given.missing:
            return replace(reading, missing=True)
        told = [
            f"no column {quote(name_field(name))}"
            if count == found.count
            else f"no {quote(name_field(name))} in {count_of(count, 'row')}"
            for name, count in lacking.items()
        ]
        do = "Have it suggested" if [*lacking] == ["category"] else 'Write "not known" there'
        ask = f"There is {join_words(told)}. {do}?"
        kind = " The kind is suggested from what was written, else Other."
        kind = kind if "category" in lacking else ""
        if self.asker is None:
            self.refuse(f"{ask}{kind} --missing not-known", "--missing not-known")
            return replace(reading, missing=True)
        return replace(reading, missing=self._ask_yes(ask, f"n: those rows stay out.{kind}"))

    def _ask_truths(self, found: Survey, reading: Reading) -> Reading | None:
        truths: dict[tuple[str, str], bool] = {}
        if "safeguarding" not in reading.fields:
            self.told.append("No column says whether there is a worry about harm: none is noted.")
        for name, counted in found.truths.items():
            unsure = {} if reading.is_own else find_unsure(counted)
            if unsure and (self.asker is None or len(unsure) > _MOST_ASKED):
                self.told.append(_tell_counted(name, unsure))
            elif unsure:
                said = dict.fromkeys(unsure, True)
                ask = partial(self._ask_truth, name, unsure)
                self._confirm_all(
                    f"{_WHATS[name]}: is this right?", said, partial(_tell_truth, said, unsure), ask
                )
                truths |= {(name, fold_text(each)): value for each, value in said.items()}
        return replace(reading, truths=truths) if truths else None

    def _ask_truth(self, name: str, counted: Mapping[str, int], value: str) -> bool:
        ask = f"{quote(value)} stands in {count_of(counted[value], 'row')}: {_ASKS[name]}"
        return self._choose(Choice(ask, SURE, in_a_row=True)) != "no"

    def _ask_kinds(self, found: Survey, reading: Reading) -> Reading | None:
        unknown = find_unknown_kinds(found.kinds)
        if not unknown:
            return None
        if self.asker is None:
            named = [
                f"{quote(each)} ({count_of(count, 'row')})" for each, (count, _) in unknown.items()
            ]
            head = show_safely(reading.heads[reading.fields.index("category")])
            self.refuse(
                f"{join_words(name_some(named, _NAMED))}: none of the six kinds, which are "
                f"{', '.join(CATEGORY_LABELS.values())}. Change it in the sheet; or have the kind "
                f'suggested: --column "{head}=ignore" --missing not-known',
                f'--column "{head}=ignore" --missing not-known',
            )
            return None
        said: dict[str, Category | None] = {each: guess for each, (_, guess) in unknown.items()}

        def show(typed: str) -> str:
            rows = count_of(unknown[typed][0], "row")
            return f"{quote(typed)} ({rows}): {CATEGORY_LABELS.get(said[typed] or '', _BY_WORDS)}"

        def ask(typed: str) -> Category | None:
            count, guess = unknown[typed]
            options: list[Option[Category | None]] = [Option(_BY_WORDS, None, "s")]
            options[:0] = [Option(CATEGORY_LABELS[kind], kind) for kind in CATEGORIES]
            marked = CATEGORIES.index(guess) if guess else None
            shown = f"Which kind is {quote(typed)}? ({count_of(count, 'row')})"
            return self._choose(Choice(shown, tuple(options), chosen=marked))

        self._confirm_all("The kinds: is this right?", said, show, ask)
        return replace(reading, kinds={fold_text(each): kind for each, kind in said.items()})

    def _ask_clients(self, found: Survey, reading: Reading) -> Reading | None:
        counted = {each: count for each, count in found.clients.items() if each}
        said = {} if reading.is_own else propose_clients(counted, self.known)
        plain = {each for each in said if fold_text(said[each]) == fold_text(each)}
        asked = {each: said[each] for each in said if each not in plain}
        rows = {each: count_of(counted[each], "row") for each in asked}
        if self.asker is None:
            self._refuse_clients(asked, rows)
        elif asked:
            for each, initials in list(asked.items()):
                if initials in self.known:
                    asked[each] = self._ask_alike(each, asked, rows[each])

            def show(client: str) -> str:
                here = ", who is here already" if asked[client] in self.known else ""
                return f'"{show_safely(client)}" ({rows[client]}): {asked[client]}{here}'

            names = {each: asked[each] for each in asked if is_name(each)}
            if names:
                self._confirm_all(
                    "Initials in place of names: is this right?",
                    names,
                    show,
                    partial(self._ask_initials, asked, rows),
                )
                asked |= names
            return replace(reading, clients=said | asked)
        if said:
            # Nothing was asked: going back passes over it.
            object.__setattr__(reading, "clients", said | asked)
        return None

    def _refuse_clients(self, asked: Mapping[str, str], rows: Mapping[str, str]) -> None:
        names = [f'"{show_safely(each)}" ({rows[each]})' for each in asked if is_name(each)]
        if names:
            verb = "looks like a full name" if len(names) == 1 else "look like full names"
            self.refuse(
                f"{join_words(name_some(names, _NAMED))} {verb}. Write initials in the sheet "
                "instead, such as MB"
            )
        for each in asked:
            if not is_name(each) and not self.given.yes:
                self.refuse(
                    f'"{show_safely(each)}" ({rows[each]}) looks like {asked[each]}: is it the '
                    "same person? Write it the same way in the sheet, or add --yes"
                )

    def _ask_alike(self, client: str, said: Mapping[str, str], rows: str) -> str:
        shown, here = show_safely(client), said[client]
        other = f"{here}2" if is_name(client) else client
        options = (
            Option(f"yes, {here}", here, "y", ("yes",)),
            Option(f"no, another person: {other}", other, "n", ("no",)),
        )
        return self._choose(
            Choice(f'"{shown}" ({rows}): is that {here}, who is here already?', options)
        )

    def _ask_initials(self, said: Mapping[str, str], rows: Mapping[str, str], client: str) -> str:
        assert self.asker is not None  # noqa: S101
        asked = Asked(
            f'"{show_safely(client)}" ({rows[client]}) looks like a full name. Which initials?',
            QUESTIONS["client"].help,
            suggestion=said[client],
            can_go_back=True,
        )
        return ask_until_taken(self.asker, asked, _read_client)

    def _ask_people(self, found: Survey, reading: Reading) -> Reading | None:
        people = {head: find_person(head) for head in found.yes_people}
        if not people:
            return None
        rows = {head: count_of(count, "row") for head, count in found.yes_people.items()}
        if self.asker is None:
            for head, person in people.items():
                if not (self.given.yes and person):
                    self.refuse(
                        f"{quote(head)}: {rows[head]} say yes, and not who was told. Write it in "
                        f'the sheet, or leave it out: --column "{show_safely(head)}=ignore"'
                    )
            return replace(reading, people=people)

        def ask(head: str) -> str:
            asked = Asked(
                f"{quote(head)}: {rows[head]} say yes. Who was told?",
                "Role (name). A dash (-): nobody is noted.",
                suggestion=people[head],
                can_go_back=True,
            )
            assert self.asker is not None  # noqa: S101
            return ask_until_taken(self.asker, asked, tidy)

        def show(head: str) -> str:
            return f"{quote(head)} (yes in {rows[head]}): {people[head] or 'nobody is noted'}"

        self._confirm_all("Who was told where a cell says yes: is this right?", people, show, ask)
        return replace(reading, people=people)

    def _ask_reached(self, found: Survey, reading: Reading) -> Reading | None:
        if self.asker is None or not found.mixed:
            return None
        reached = {}
        for line, _ in found.mixed.most_common(_MOST_ASKED):
            ask = f"{show_safely(line)}. Was somebody reached?"
            help_text = "y: it stands among those told. n: among those tried."
            reached[line] = self._choose(Choice(ask, (YES, NO), help_text, in_a_row=True))
        return replace(reading, reached=reached)


def _find_lacking(reading: Reading, found: Survey) -> dict[str, int]:
    """Return what the sheet does not say, and in how many rows, of what each kind has."""
    kinds: set[str | None] = {reading.entry or "report"}
    if reading.entry == BY_INJURY:
        kinds = {"report", "incident"}
    elif not reading.entry and found.entries:
        kinds = {find_entry(each) or reading.entries.get(fold_text(each)) for each in found.entries}
        kinds -= {LEFT_OUT}
    lacking = {name: count for name, count in found.missing.items() if count}
    for name, kind in (("how_prevented", "report"), ("injury", "incident")):
        # Where there are both kinds, an empty cell may be right.
        if kind not in kinds or (len(kinds) > 1 and 0 < lacking.get(name, 0) < found.count // 2):
            lacking.pop(name, None)
    return lacking


_BY_WORDS = "suggested from what was written, else Other"
_ENTRIES = {"report": "a near miss", "incident": "an incident", LEFT_OUT: "neither: left out"}
_MOST_INITIALS = 12
_MORNING = 7
_ASKS = {
    "safeguarding": "a worry about harm or neglect?",
    "occurred_approx": "is the time only about right?",
    "hour_not_known": "is the time not known?",
    "noticed": "is it when it was noticed?",
}
_WHATS = {
    "safeguarding": "A worry about harm or neglect",
    "occurred_approx": "The time is only about right",
    "hour_not_known": "The time is not known",
    "noticed": "It is when it was noticed",
}
_COUNTS = {
    "safeguarding": "a possible safeguarding concern",
    "occurred_approx": "about that time",
    "hour_not_known": "time not known",
    "noticed": "noticed then",
}


def _tell_truth(said: Mapping[str, bool], counted: Mapping[str, int], value: str) -> str:
    return f"{quote(value)} ({count_of(counted[value], 'row')}): {'yes' if said[value] else 'no'}"


def _tell_counted(name: str, unsure: Mapping[str, int]) -> str:
    named = [f"{quote(each)} ({count_of(count, 'row')})" for each, count in unsure.items()]
    return f"Counted as {_COUNTS[name]}: {join_words(name_some(named, _NAMED))}."


def _name_rows(numbers: Sequence[int]) -> str:
    noun = "row" if len(numbers) == 1 else "rows"
    return f"{noun} {join_words(name_some([*map(str, numbers)], _NAMED))}"


_DAY_HELP = "Such as 3/4/2025. A dash (-): the row stays out."


def _read_day(typed: str) -> date | None:
    if typed.strip() == "-":
        return None
    try:
        return read_moment(typed).day.make("day")
    except NotRead:
        raise UsageProblem("Write the day with its month and year, such as 3/4/2025.") from None


def _read_year(typed: str) -> int:
    if re.fullmatch(r"(?:19|20)\d\d", typed.strip()):
        return int(typed)
    raise UsageProblem("Write the year with four digits, such as 2025.")


def _read_client(typed: str) -> str:
    client = tidy(typed)
    if not client:
        raise UsageProblem("An answer is needed: initials, such as MB.")
    check_answer("client", client)
    return client
