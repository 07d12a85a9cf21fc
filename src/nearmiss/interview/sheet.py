"""What only the carer can know of a sheet, asked once for the whole file, or refused at once."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from nearmiss.errors import UsageProblem
from nearmiss.intake.columns import OUTCOME, name_field, quote
from nearmiss.intake.likely_days import tell_weekdays
from nearmiss.intake.people import is_mixed, is_of_several, name_person
from nearmiss.intake.reading import BY_INJURY, LEFT_OUT, Reading
from nearmiss.intake.survey import Survey, find_unknown_kinds, find_unsure, guess_entry
from nearmiss.intake.values import find_entry
from nearmiss.interview.clients import ClientQuestions
from nearmiss.interview.columns import confirm, name_option
from nearmiss.interview.days import Answered, count_rows, name_rows, name_value
from nearmiss.model.questions import CATEGORIES, CATEGORY_LABELS, Category
from nearmiss.speech import join_words, name_some
from nearmiss.terminal.asking import (
    SURE,
    Asked,
    Choice,
    Option,
    Settled,
    Step,
    Sure,
    ask_in_turn,
)
from nearmiss.text import fold_text, shorten, show_safely, tidy

_Value = TypeVar("_Value")
_MOST_ASKED = 12  # values of one column that are asked about one by one
_NAMED = 10
_WIDE = 300  # characters of what is taken, on the one screen of all of it


class SheetQuestions(ClientQuestions):
    """The questions about what stands in the rows of a sheet."""

    def ask_reading(
        self, reading: Reading, found: Survey, titles: Sequence[str], now: datetime
    ) -> Reading:
        """Return how the sheet is meant, all that its rows leave open being asked.

        Where it was asked before, its last question comes first.
        """
        steps: list[Step[Reading]] = [
            partial(self.ask_client, titles),
            partial(self.ask_order, found, now),
            partial(self.ask_year, found, titles, now),
            partial(self.ask_doubts, found, now),
            partial(self.ask_stamped, found),
            partial(self.ask_months, found, titles, now),
            partial(self.ask_undated, found),
            partial(self._ask_entry, found, titles),
            partial(self._ask_people, found),
            partial(self._confirm_assumed, found),
        ]
        self.first = found.first
        self.has_key = any(_KEY.search(fold_text(each)) for each in (*titles, *self.sheets))
        reading = ask_in_turn(steps, reading, trail=self.trail)
        self.told += name_some(tell_weekdays(found, reading), _NAMED)
        return reading

    def _confirm_assumed(self, found: Survey, reading: Reading) -> Answered:
        """Return all that is taken so far as the sheet says it, shown on one screen, and right."""
        told, taken = list(self.told), [reading]
        self.told_by_then = told

        def list_lines() -> list[str]:
            self.told, self.assumed, taken[0] = list(told), [], reading
            for step in (
                *(self.assume_halves, self.assume_hours, self.assume_night, self.assume_end),
                self.assume_midnight,
                *(self._assume_entry, self._assume_entries, self._assume_missing),
                *(self._assume_truths, self._assume_worries, self._assume_worry_told),
                *(self._assume_kinds, self.assume_clients, self._assume_reached),
                self._assume_no_answer,
            ):
                taken[0] = step(found, taken[0])
            return [line for _, line, _, _ in self.assumed]

        def change(at: int) -> None:
            key, _, ask, likely = self.assumed[at]
            self.said[key] = likely, ask()

        if not list_lines() or self.asker is None:
            return Settled(taken[0])
        ask = "The sheet is read like this: is it right?"
        confirm(self.asker, ask, list_lines, change, wide=_WIDE)
        return taken[0]

    def _ask_entry(self, found: Survey, titles: Sequence[str], reading: Reading) -> Answered:
        if self.given.entry:
            return Settled(replace(reading, entry=self.given.entry))
        if "entry" in reading.fields or reading.is_own:
            return None
        words = " ".join(map(fold_text, (*reading.heads, *titles)))
        is_other = "incident" in words or "accident" in words or OUTCOME in reading.fields
        is_near = "what_nearly_happened" in reading.fields
        is_near = is_near or bool(re.search(_NEAR, words) and not is_other)
        if is_near and (self.asker is None or not found.injuries):
            return Settled(replace(reading, entry="report"))
        if found.injuries and self.asker:
            return Settled(replace(reading, entry=BY_INJURY))
        if self.asker is None:
            self.refuse(
                "The sheet does not say whether these are near misses or incidents: "
                "--entry near-miss or --entry incident"
            )
            return Settled(replace(reading, entry="report"))
        entry = self._choose_entry(found, None)
        self.said.pop("entry", None)  # put right before the carer went back
        return replace(reading, entry=entry)

    def _choose_entry(self, found: Survey, mark: int | None) -> str:
        options = tuple(Option(label, value) for value, label in _list_entries(found).items())
        help_text = "Single rows can be changed before they are saved."
        if found.injuries:
            help_text = f"Of an injury tell: {name_rows(found.injuries)}. {help_text}"
        return self.choose(Choice("What are these?", options, help_text, chosen=mark))

    def _assume_entry(self, found: Survey, reading: Reading) -> Reading:
        """Return whether these are near misses or incidents, as was asked or is likely."""
        is_plain = "what_nearly_happened" in reading.fields and not found.injuries
        if not reading.entry or self.given.entry or self.asker is None or is_plain:
            return reading
        labels = _list_entries(found)
        entry = self.assume(
            "entry",
            reading.entry,
            lambda each: labels[each][:1].upper() + labels[each][1:],
            partial(self._choose_entry, found, 0),
        )
        return replace(reading, entry=entry)

    def _assume_entries(self, found: Survey, reading: Reading) -> Reading:
        unknown = {each: n for each, n in found.entries.items() if find_entry(each) is None}
        if not unknown or reading.entry:
            return reading
        if self.asker is None:
            named = join_words(name_some(list(map(name_value, unknown)), _NAMED))
            self.refuse(
                f"{named}: near miss or incident? For all rows: --entry near-miss or incident"
            )
            return reading
        head = reading.heads[reading.fields.index("entry")]
        has_injuries = bool({"injury", OUTCOME} & {*reading.fields})
        self.first = {**found.first, "": found.blanks.get("entry", 0)}
        said = {each: guess_entry(each, head, has_injuries=has_injuries) for each in unknown}
        options = [Option(label, value) for value, label in _ENTRIES.items()]
        ask = "{}: what is that?".format
        said = self.settle(
            "Near miss or incident", said, options, lambda each: ask(name_value(each)), unknown
        )
        return replace(reading, entries={fold_text(each): value for each, value in said.items()})

    def _assume_missing(self, found: Survey, reading: Reading) -> Reading:
        """Return whether "not known" stands where a row says nothing, its hour too."""
        hourless = self.tell_hourless(found, reading)
        if hourless and self.given.hour_not_known:
            reading, hourless = replace(reading, hour_not_known=True), ""
        lacking = {} if reading.is_own else _find_lacking(reading, found)
        if self.given.missing:
            reading, lacking = replace(reading, missing=True), {}
        if reading.is_own:
            reading = replace(reading, hour_not_known=True)
        told = [hourless] * bool(hourless)
        told += [
            f"no column {quote(name_field(name))}"
            if count == found.count
            else f"no {quote(name_field(name))} in {count_rows(count)}"
            for name, count in lacking.items()
        ]
        if not told:
            return reading
        is_kind = [*lacking] == ["category"] and not hourless
        said = f"There is {join_words(told)}"
        if self.asker is None:
            ask = (
                "No column says the kind. Have it suggested, else Other?"
                if is_kind
                else 'Write "not known" where the sheet says nothing?'
            )
            options = ["--hour-not-known"] * bool(hourless) + ["--missing not-known"] * bool(
                lacking
            )
            for option in options:
                self.refuse("", option)
            self.refuse(f"{said}. {ask} {' '.join(options)}")
            return replace(reading, missing=True, hour_not_known=True)

        put = _BY_WORDS if is_kind else 'written as "not known"'
        if "category" in lacking and not is_kind:
            put += f", the kind {_BY_WORDS}"
        is_so = self.assume_so("missing", said, put, "those rows stay out", of="missing")
        return replace(
            reading,
            missing=reading.missing or (is_so and bool(lacking)),
            hour_not_known=reading.hour_not_known or (is_so and bool(hourless)),
        )

    def _assume_truths(self, found: Survey, reading: Reading) -> Reading:
        """Return which answers that are neither yes nor no tell of a worry about harm."""
        if "safeguarding" not in reading.fields and not found.worries:
            self.told.append("No column says whether there is a worry about harm.")
        unsure = {} if reading.is_own else find_unsure(found.truths)
        if unsure and (self.asker is None or len(unsure) > _MOST_ASKED):
            named = [f"{quote(each)} ({count_rows(count)})" for each, count in unsure.items()]
            shown = join_words(name_some(named, _NAMED))
            self.told.append(f"Counted as yes ({_A_WORRY.lower()}): {shown}.")
        elif unsure:
            said: dict[str, Sure] = {
                each: "no" if _NO_WORRY.match(fold_text(each)) else "yes" for each in unsure
            }

            def ask(value: str) -> str:
                rows = self.tell_rows(value, unsure)
                return f"{quote(value)} stands in {rows}: a worry about harm or neglect?"

            said = self.settle(_A_WORRY, said, SURE, ask, unsure)
            truths = {
                ("safeguarding", fold_text(each)): value != "no" for each, value in said.items()
            }
            return replace(reading, truths=truths)
        return reading

    def _assume_worries(self, found: Survey, reading: Reading) -> Reading:
        """Return which rows tell of a worry about harm, by their words, where no column says so."""
        if not found.worries or reading.is_own:
            return reading
        rows = join_words(
            name_some([f'{n} ("{each}")' for n, each in found.worries.items()], _NAMED)
        )
        said = f"Words of a worry about harm stand in row {rows}"
        if self.asker is None:
            self.told.append(f"{said}. None is noted.")
            return reading

        if self.assume_so("worries", said, "a worry is noted there", "no worry is noted"):
            return replace(reading, worries=reading.worries | {*found.worries})
        return reading

    def _assume_worry_told(self, found: Survey, reading: Reading) -> Reading:
        """Return whether those told know of the worry too; a safeguarding lead surely does."""
        known = [
            number
            for number, cell in found.worry_told.items()
            if reading.truths.get(("safeguarding", fold_text(cell)), True)
            and (number not in found.worries or number in reading.worries)
        ]
        if not known or reading.is_own or self.asker is None:
            return reading
        said = f"A worry about harm in {name_rows(known)}, of which know"
        only = "only a safeguarding lead, social services or the police"
        everyone = "all who were told there"
        is_so = self.assume_so("worry told", said, everyone, only, is_so=False)
        return replace(reading, worry_told=is_so)

    def _assume_kinds(self, found: Survey, reading: Reading) -> Reading:
        unknown = find_unknown_kinds(found.kinds)
        if not unknown:
            return reading
        if self.asker is None:
            named = [f"{quote(each)} ({count_rows(count)})" for each, (count, _) in unknown.items()]
            option = name_option(reading.heads[reading.fields.index("category")], "ignore")
            self.refuse(
                f"{join_words(name_some(named, _NAMED))}: none of the six kinds, which are "
                f"{', '.join(CATEGORY_LABELS.values())}. Change it in the sheet; or have the kind "
                f"suggested: {option} --missing not-known",
                option,
            )
            self.refuse("", "--missing not-known")
            return reading
        count = len(unknown)
        if count > 1 and not any(guess for _, guess in unknown.values()):
            self.told.append(
                f"{count} words for the kind are none of the six: it is {_BY_WORDS}. They are kept."
            )
            return replace(reading, kinds=dict.fromkeys(map(fold_text, unknown)))
        options: list[Option[Category | None]] = [Option(_BY_WORDS, None, "s")]
        options[:0] = [Option(CATEGORY_LABELS[kind], kind) for kind in CATEGORIES]
        counted = {each: count for each, (count, _) in unknown.items()}
        said: dict[str, Category | None] = {each: guess for each, (_, guess) in unknown.items()}

        def ask(typed: str) -> str:
            return f"Which kind is {quote(typed)}? ({self.tell_rows(typed, counted)})"

        said = self.settle("The kinds", said, options, ask, counted)
        return replace(reading, kinds={fold_text(each): kind for each, kind in said.items()})

    def _ask_people(self, found: Survey, reading: Reading) -> Answered:
        """Return who was told where a cell below a head says yes: by the head, or asked."""
        people = {head: name_person(head) for head in found.yes_people}
        open_ = {head: "" for head, person in people.items() if not person}
        rows = {head: self.tell_rows(head, found.yes_people) for head in found.yes_people}
        self.told += [
            f"A yes below {quote(head)} is taken as: {person}."
            for head, person in people.items()
            if person
        ]
        if not open_:
            return Settled(replace(reading, people=people))
        if self.asker is None:
            for head in open_:
                self.refuse(
                    f"{quote(head)}: {rows[head]} say yes, and not who was told. Write it in "
                    f"the sheet, or leave it out: {name_option(head, 'ignore')}"
                )
            return None

        def ask(head: str) -> tuple[str, str]:
            put = f"{quote(head)}: {rows[head]} says yes. Who was told?"
            return put, "Role (name). A dash (-): nobody is noted."

        def tell(person: str) -> str:
            return person or "nobody is noted"

        title = "Who was told where a cell says yes"
        open_ = self.settle_words(title, open_, ask, tidy, found.yes_people, tell, at_once=True)
        return replace(reading, people=people | open_)

    def _assume_reached(self, found: Survey, reading: Reading) -> Reading:
        """Return which lines tell of somebody reached, of those that say it in no plain words."""
        if self.asker is None or not found.open:
            return reading
        lines = [line for line, _ in found.open.most_common(_MOST_ASKED)]
        options: tuple[Option[bool | str], ...] = (
            Option("told", True, "t", ("yes",)),
            Option("only tried", False, "o", ("no",)),
            Option("one was told, another only tried", "", "b"),
        )

        def put(line: str, _: bool | str) -> bool | str:
            shown = f"{show_safely(line)} ({self.tell_rows(line, found.open)})."
            taken = self.choose(Choice(f"{shown} Was somebody reached?", options, in_a_row=True))
            if taken == "":
                return self.ask_text(Asked(f"{shown} Who was told?", "Role (name)."), _read_some)
            return taken

        def tell(taken: bool | str) -> str:
            if isinstance(taken, str):
                return f"{show_safely(taken)} told, the rest only tried"
            return "told" if taken else "only tried"

        title = "Told, or only tried"
        likely: dict[str, bool | str] = {
            each: not (is_mixed(each) and is_of_several(each)) for each in lines
        }
        return replace(reading, reached=self.take_each(title, likely, tell, put, found.open))

    def _assume_no_answer(self, found: Survey, reading: Reading) -> Reading:
        """Return whether "NA" means no answer, where a key may say so; else it is nobody."""
        if not (found.not_said and self.has_key and self.asker) or reading.is_own:
            return reading
        said = f'"NA" for who was told ({count_rows(found.not_said)})'
        is_nobody = self.assume_so("na", said, "nobody was told", "no answer: tried")
        return replace(reading, no_answer=not is_nobody)


def _read_some(typed: str) -> str:
    if not (told := tidy(typed)):
        raise UsageProblem("Write who was told.")
    return told


def _list_entries(found: Survey) -> dict[str, str]:
    """Return what all rows may be, the likeliest first."""
    entries = {
        "report": "near misses: nobody was hurt",
        "incident": "incidents: somebody was hurt, or may have been",
    }
    if found.injuries:
        rows = name_rows(found.injuries)
        if found.blows:
            named = [
                f'{row} ("{shorten(show_safely(words), 40)}")' for row, words in found.blows.items()
            ]
            rows += f"; a blow or a medicine amiss is one: {join_words(name_some(named, 3))}"
        said = f"incidents where an injury is told of ({rows}), else near misses"
        return {BY_INJURY: said, **entries}
    return entries


def _find_lacking(reading: Reading, found: Survey) -> dict[str, int]:
    """Return what the sheet does not say, and in how many rows, of what each kind has."""
    kinds: set[str | None] = {reading.entry or "report"}
    if reading.entry == BY_INJURY:
        kinds = {"report", "incident"}
    elif not reading.entry and found.entries:
        kinds = {find_entry(each) or reading.entries.get(fold_text(each)) for each in found.entries}
        kinds = {"report", "incident"} if BY_INJURY in kinds else kinds - {LEFT_OUT}
    counted = found.apart if len(kinds) > 1 else found.missing
    lacking = {name: count for name, count in counted.items() if count}
    for name, kind in (("how_prevented", "report"), ("injury", "incident")):
        if kind not in kinds:
            lacking.pop(name, None)
    return lacking


_KEY = re.compile(r"\b(?:key|legend|codes?|abbreviations?)\b")  # in the name of a sheet, or above
_NO_WORRY = re.compile(r"(?:no|n|not|n/?a)\b(?!.*\b(?:sure|yet|known)\b)")
_BY_WORDS = "suggested from what was written, else Other"
_ENTRIES = {
    "report": "a near miss",
    "incident": "an incident",
    BY_INJURY: "an incident where an injury is told of, else a near miss",
    LEFT_OUT: "neither: left out",
}
_NEAR = r"near(?:ly)? (?:miss|things?|book)|close (?:calls?|shaves?)"
_A_WORRY = "A worry about harm or neglect"
