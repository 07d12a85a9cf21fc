"""What only the carer can know of a sheet, asked once for the whole file, or refused at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from nearmiss.errors import UsageProblem
from nearmiss.intake import table
from nearmiss.intake.columns import (
    IGNORE,
    name_field,
    quote,
)
from nearmiss.intake.table import BY_INJURY, Reading, Survey, find_alike, find_unsure
from nearmiss.intake.values import Order, find_entry, looks_like_name
from nearmiss.interview.answers import check_answer
from nearmiss.interview.columns import ColumnQuestions
from nearmiss.model.questions import CATEGORIES, CATEGORY_LABELS, QUESTIONS, Category
from nearmiss.speech import count_of, join_words, name_some
from nearmiss.terminal.asking import (
    SURE,
    Asked,
    Choice,
    Option,
    ask_in_turn,
    ask_until_taken,
    ask_yes_no,
)
from nearmiss.text import fold_text, show_safely, tidy

_Value = TypeVar("_Value")
_MOST_ASKED = 12  # values of one column that are asked about one by one
_NAMED = 10


class SheetQuestions(ColumnQuestions):
    """The questions about what stands in the rows of a sheet."""

    def ask_reading(self, reading: Reading, found: Survey, titles: Sequence[str]) -> Reading:
        """Return how the sheet is meant, all that its rows leave open being asked."""
        steps: list[Callable[[Reading], Reading | None]] = [
            partial(self._ask_client, found=found),
            partial(self._ask_entry, found=found, titles=titles),
            partial(self._ask_entries, found=found),
            partial(self._ask_order, found=found),
            partial(self._ask_hour, found=found),
            partial(self._ask_missing, found=found),
            partial(self._ask_truths, found=found),
            partial(self._ask_kinds, found=found),
            partial(self._ask_clients, found=found),
            partial(self._ask_people, found=found),
            partial(self._ask_reached, found=found),
        ]
        return ask_in_turn(steps, reading)

    def _choose(self, choice: Choice[_Value]) -> _Value:
        assert self.asker is not None  # noqa: S101 - whoever asks has looked
        return self.asker.choose(replace(choice, can_go_back=True))

    def _ask_client(self, reading: Reading, found: Survey) -> Reading | None:
        del found
        if "client" in reading.fields or self.asker is None:
            return None
        asked = Asked(
            "No column says whom it is about. Who is it, in all rows? (initials)",
            QUESTIONS["client"].help,
            can_go_back=True,
        )
        client = ask_until_taken(self.asker, asked, _read_client)
        return replace(reading, client=client)

    def _ask_entry(self, reading: Reading, found: Survey, titles: Sequence[str]) -> Reading | None:
        if self.given.entry:
            return replace(reading, entry=self.given.entry)
        if "entry" in reading.fields or reading.is_own:
            return None
        words = " ".join(map(fold_text, (*reading.heads, *titles)))
        is_near = "what_nearly_happened" in reading.fields or "near miss" in words
        is_other = "incident" in words or "accident" in words
        if (
            is_near
            and not found.injuries
            and ("what_nearly_happened" in reading.fields or not is_other)
        ):
            return replace(reading, entry="report")
        if self.asker is None:
            self.refused.append(
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
        ask = "What are these?"
        return replace(reading, entry=self._choose(Choice(ask, tuple(options))))

    def _ask_entries(self, reading: Reading, found: Survey) -> Reading | None:
        unknown = {fold_text(each): each for each in found.entries if find_entry(each) is None}
        if not unknown or reading.entry:
            return None
        if self.asker is None:
            named = join_words([quote(each) for each in unknown.values()][:_NAMED])
            self.refused.append(
                f"{named}: near miss or incident? For all rows: --entry near-miss or incident"
            )
            return None
        options = (Option("a near miss", "report"), Option("an incident", "incident"))
        said = {
            folded: self._choose(Choice(f"{quote(typed)}: what is that?", options))
            for folded, typed in unknown.items()
        }
        return replace(reading, entries=said)

    def _ask_order(self, reading: Reading, found: Survey) -> Reading | None:
        order, decided = found.order, self.given.order or found.order.decided
        if decided:
            if decided == "month":
                said = f", as row {order.month[0]} says" if order.month else ""
                self.told.append(f"Days are read with the month first{said}.")
            return replace(reading, order=decided)
        ways = {"day": order.day, "month": order.month}
        rows = {way: _name_rows(numbers) for way, numbers in ways.items() if numbers}
        if self.asker:
            told = "; ".join(f"the {way} first in {said}" for way, said in rows.items())
            help_text = f"They are written in two ways: {told}." if len(rows) > 1 else ""
            options: tuple[Option[Order], ...] = (
                Option(f"the day: {order.show_sample('day')}", "day", words=("day",)),
                Option(f"the month: {order.show_sample('month')}", "month", words=("month",)),
            )
            ask = "Days in this sheet: which number comes first?"
            mark = None if len(rows) > 1 or order.ahead else 0
            return replace(
                reading, order=self._choose(Choice(ask, options, help_text, chosen=mark))
            )
        if len(rows) > 1:
            self.refused.append(
                f"Days are written in two ways: the day first in {rows['day']}, the month first in "
                f"{rows['month']}. So the others can't be told. Put them right in the sheet; or "
                "say --day-first or --month-first, and the rows that do not fit stay out with "
                "--skip-damaged"
            )
        elif order.ahead:
            self.refused.append(
                f"With the day first, {_name_rows(order.ahead)} would lie ahead of today: "
                "--month-first or --day-first?"
            )
        else:
            self.told.append(f"Days are read with the day first: {order.show_sample('day')}.")
        return replace(reading, order="day")

    def _ask_hour(self, reading: Reading, found: Survey) -> Reading | None:
        count = found.without_hour.total()
        if not count and not found.midnights:
            return None
        if self.given.hour_not_known or reading.is_own:
            return replace(reading, hour_not_known=True)
        if not count and self.given.yes:
            return None
        words = [quote(each) for each in found.without_hour if each][:3]
        words += ["00:00"] if found.midnights else []
        total = count + found.midnights
        shown = f" ({', '.join(words)})" if words else ""
        none = "name no hour" if total > 1 else "names no hour"
        if not count:
            none = "say 00:00, as spreadsheets do where no time was written"
            shown = ""
        if self.asker is None:
            self.refused.append(
                f"{count_of(total, 'row')} {none}{shown}. Take them as: time not known? "
                "--hour-not-known"
            )
            return replace(reading, hour_not_known=True)
        help_text = "n: they stay out." if count else "n: it was midnight."
        ask = f'{count_of(total, "row")} {none}{shown}. Take them as "time not known"?'
        answer = ask_yes_no(self.asker, ask, help_text, can_go_back=True)
        return replace(reading, hour_not_known=answer)

    def _ask_missing(self, reading: Reading, found: Survey) -> Reading | None:
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
            if any("is not known" in each for each in self.refused):
                return None  # a column that is still to be named may say it
            self.refused.append(f"{ask}{kind} --missing not-known")
            return replace(reading, missing=True)
        answer = ask_yes_no(self.asker, ask, f"n: those rows stay out.{kind}", can_go_back=True)
        return replace(reading, missing=answer)

    def _ask_truths(self, reading: Reading, found: Survey) -> Reading | None:
        truths: dict[tuple[str, str], bool] = {}
        asked = False
        for name, counted in found.truths.items():
            unsure = {} if reading.is_own else find_unsure(counted)
            if self.asker is None or len(unsure) > _MOST_ASKED:
                if unsure:
                    self.told.append(_tell_counted(name, unsure))
                continue
            for value, count in unsure.items():
                ask = f"{quote(value)} stands in {count_of(count, 'row')}: {_ASKS[name]}"
                answer = self._choose(Choice(ask, SURE, in_a_row=True))
                truths[name, fold_text(value)] = answer != "no"
                asked = True
        return replace(reading, truths=truths) if asked else None

    def _ask_kinds(self, reading: Reading, found: Survey) -> Reading | None:
        unknown = table.find_unknown_kinds(found.kinds)
        if not unknown:
            return None
        if self.asker is None:
            named = [
                f"{quote(each)} ({count_of(count, 'row')})" for each, (count, _) in unknown.items()
            ]
            head = reading.heads[reading.fields.index("category")]
            self.refused.append(
                f"{join_words(name_some(named, _NAMED))}: none of the six kinds, which are "
                f"{', '.join(CATEGORY_LABELS.values())}. Change it in the sheet; or have the kind "
                f'suggested: --column "{show_safely(head)}=ignore" --missing not-known'
            )
            return None
        if len(unknown) > _MOST_ASKED and ask_yes_no(
            self.asker,
            f"{len(unknown)} different words stand for the kind. Have it suggested instead?",
            "From what was written, else Other. n: each word is asked about.",
            can_go_back=True,
        ):
            fields = tuple(IGNORE if each == "category" else each for each in reading.fields)
            return replace(reading, fields=fields, missing=True)
        return replace(
            reading,
            kinds={
                fold_text(typed): self._ask_kind(typed, count, guess)
                for typed, (count, guess) in unknown.items()
            },
        )

    def _ask_kind(self, typed: str, count: int, guess: Category | None) -> Category:
        options = tuple(Option(CATEGORY_LABELS[kind], kind) for kind in CATEGORIES)
        marked = CATEGORIES.index(guess) if guess else None
        ask = f"Which kind is {quote(typed)}? ({count_of(count, 'row')})"
        return self._choose(Choice(ask, options, chosen=marked))

    def _ask_clients(self, reading: Reading, found: Survey) -> Reading | None:
        said: dict[str, str] = {}
        asked = False
        known = list(self.known)
        for client, count in found.clients.items():
            if not client:
                continue
            alike = find_alike(client, known)
            if alike is not None and fold_text(alike) == fold_text(client):
                said[client] = alike
            elif alike is not None:
                said[client] = self._ask_alike(client, alike, count)
                asked = True
            elif looks_like_name(client):
                said[client] = self._ask_initials(client, count, known)
                asked = True
            known.append(said.get(client, client))
        if not said:
            return None
        if asked and self.asker:
            return replace(reading, clients=said)
        # Nothing was asked: going back passes over it.
        object.__setattr__(reading, "clients", said)
        return None

    def _ask_alike(self, client: str, alike: str, count: int) -> str:
        shown, here = show_safely(client), show_safely(alike)
        if self.asker is None:
            if not self.given.yes:
                self.refused.append(
                    f'"{shown}" ({count_of(count, "row")}) looks like {here}: is it the same '
                    "person? Write it the same way in the sheet, or add --yes"
                )
            return alike
        options = (
            Option(f"yes, {here}", alike, "y", ("yes",)),
            Option(f"no, another person: {shown}", client, "n", ("no",)),
        )
        ask = f'"{shown}" ({count_of(count, "row")}): is that {here}?'
        return self._choose(Choice(ask, options, in_a_row=True))

    def _ask_initials(self, client: str, count: int, known: Sequence[str]) -> str:
        shown = show_safely(client)
        if self.asker is None:
            self.refused.append(
                f'"{shown}" ({count_of(count, "row")}) looks like a full name. Write initials in '
                "the sheet instead, such as MB"
            )
            return client
        initials = "".join(word[0] for word in client.split() if word[:1].isalpha()).upper()
        taken = find_alike(initials, known) or (initials if initials in known else None)
        help_text = f"{taken} is somebody already. Another: {taken}2." if taken else ""
        asked = Asked(
            f'"{shown}" ({count_of(count, "row")}) looks like a full name. Which initials?',
            help_text or QUESTIONS["client"].help,
            suggestion="" if taken else initials,
            can_go_back=True,
        )
        return ask_until_taken(self.asker, asked, _read_client)

    def _ask_people(self, reading: Reading, found: Survey) -> Reading | None:
        if not found.yes_people:
            return None
        people = {}
        for head, count in found.yes_people.items():
            if self.asker is None:
                self.refused.append(
                    f"{quote(head)}: {count_of(count, 'row')} say yes, and not who was told. "
                    f'Write it in the sheet, or leave it out: --column "{show_safely(head)}=ignore"'
                )
                continue
            asked = Asked(
                f"{quote(head)}: {count_of(count, 'row')} say yes. Who was told?",
                "Role (name). A dash (-): nobody is noted.",
                suggestion=_TOLD_WORDS.split(head)[0].strip(),
                can_go_back=True,
            )
            people[head] = ask_until_taken(self.asker, asked, tidy)
        return replace(reading, people=people)

    def _ask_reached(self, reading: Reading, found: Survey) -> Reading | None:
        if self.asker is None or not found.mixed:
            return None
        reached = {}
        for line, _ in found.mixed.most_common(_MOST_ASKED):
            ask = f"{quote(line)}. Was somebody reached?"
            help_text = "y: it stands among those told. n: among those tried."
            reached[line] = ask_yes_no(self.asker, ask, help_text, can_go_back=True)
        return replace(reading, reached=reached)


def _find_lacking(reading: Reading, found: Survey) -> dict[str, int]:
    """Return what the sheet does not say, and in how many rows, of what each kind has."""
    kinds: set[str | None] = {reading.entry or "report"}
    if reading.entry == BY_INJURY:
        kinds = {"report", "incident"}
    elif not reading.entry and found.entries:
        kinds = {find_entry(each) or reading.entries.get(fold_text(each)) for each in found.entries}
    lacking = {name: count for name, count in found.missing.items() if count}
    for name, kind in (("how_prevented", "report"), ("injury", "incident")):
        # Where there are both kinds, an empty cell may be right.
        if kind not in kinds or (len(kinds) > 1 and lacking.get(name) != found.count):
            lacking.pop(name, None)
    return lacking


_TOLD_WORDS = re.compile(r"\b(?:been |was )?(?:informed|told|notified|aware|contacted)\b.*", re.I)
_ASKS = {
    "safeguarding": "a worry about harm or neglect?",
    "occurred_approx": "is the time only about right?",
    "hour_not_known": "is the time not known?",
    "noticed": "is it when it was noticed?",
}
_COUNTS = {
    "safeguarding": "a possible safeguarding concern",
    "occurred_approx": "about that time",
    "hour_not_known": "time not known",
    "noticed": "noticed then",
}


def _tell_counted(name: str, unsure: Mapping[str, int]) -> str:
    named = [f"{quote(each)} ({count_of(count, 'row')})" for each, count in unsure.items()]
    return f"Counted as {_COUNTS[name]}: {join_words(name_some(named, _NAMED))}."


def _name_rows(numbers: Sequence[int]) -> str:
    noun = "row" if len(numbers) == 1 else "rows"
    return f"{noun} {join_words(name_some([*map(str, numbers)], _NAMED))}"


def _read_client(typed: str) -> str:
    client = tidy(typed)
    if not client:
        raise UsageProblem("An answer is needed: initials, such as MB.")
    check_answer("client", client)
    return client
