"""Whom the rows of a sheet are about: what only the carer can know of its clients."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from nearmiss.dates.shown import MONTH_WORD, WEEKDAY_WORD
from nearmiss.errors import UsageProblem
from nearmiss.intake.clients import (
    find_pairs,
    is_client,
    is_name,
    propose_clients,
    split_clients,
)
from nearmiss.intake.columns import quote
from nearmiss.intake.reading import NOT_KNOWN, Reading
from nearmiss.interview.answers import check_answer
from nearmiss.interview.assumed import name_value
from nearmiss.interview.days import DayQuestions
from nearmiss.model.questions import QUESTIONS
from nearmiss.speech import join_choices, join_words, name_some
from nearmiss.terminal.asking import Asked, Choice, Option
from nearmiss.text import fold_text, show_safely, tidy

_NAMED = 10
_MOST_INITIALS = 12
_GENERIC = re.compile(
    r"(?:sheet|table|log|data|form|responses|list|export)\b.*\d*$|sheet\d*$"
    rf"|(?:{MONTH_WORD}|{WEEKDAY_WORD}|week|w/?[ce]|year|\d|\W)+$"
)


class ClientQuestions(DayQuestions):
    """The questions about whom the rows of a sheet are about."""

    def assume_client(self, reading: Reading) -> Reading:
        """Return who it is in all rows, asked where no column says so."""
        if "client" in reading.fields or self.asker is None:
            return reading
        names = (each for each in self.titles if 0 < len(each) <= _MOST_INITIALS)
        name = next((each for each in names if not _GENERIC.match(fold_text(each))), "")
        asked = Asked(
            "No column says whom it is about. Who is it, in all rows? (initials)",
            QUESTIONS["client"].help,
            suggestion=name,
        )
        ask = partial(self.ask_text, asked, read_sheet_client)
        return replace(reading, client=self.assume("client", None, "In all rows: {}".format, ask))

    def assume_clients(self, reading: Reading) -> Reading:
        """Return what each client of the sheet is called, and what stands where none is named."""
        if reading.is_own:
            return reading
        cells, self.first = self.found.clients, self.found.first["client"]
        several = {each: split_clients(each) for each in cells}
        counted = {each: n for each, n in cells.items() if is_client(each) and not several[each]}
        said = propose_clients(counted, self.known)
        names = {each: to for each, to in said.items() if fold_text(to) != fold_text(each)}
        if self.asker is None:
            self._refuse_clients(names)
            return replace(reading, clients=self._assume_pairs(counted, said))
        for each in [each for each, to in names.items() if to in self.known]:
            said[each] = self._assume_alike(each, names.pop(each))
        firsts = {each: two[0] for each, two in several.items() if two}
        for each, first in firsts.items():
            alone = propose_clients({first: 1}, self.known).get(first, first)
            names[each] = said.get(first, alone)
        if not reading.client:
            names |= {each: NOT_KNOWN for each in cells if not is_client(each)}
        if names:
            put = self.put_words(self._ask_client, read_sheet_client)
            said |= self.assume_each("Clients, as they are taken", names, put, cells)
        return replace(reading, clients=self._assume_pairs(counted, said))

    def _ask_client(self, cell: str) -> Asked:
        """Return the question of what to call the client of a cell."""
        help_text = QUESTIONS["client"].help
        if split_clients(cell):
            why = "names two. In whose record does it go?"
            help_text = "If it is about both, write one for the other too, afterwards."
        elif not is_client(cell):
            why = "names no client. Who was it?"
            help_text = 'Initials alone. Or "not known": the words of the sheet are kept.'
        elif is_name(cell):
            why = "looks like a full name. Which initials?"
        else:
            why = "may be somebody else here. Which initials?"
        return Asked(
            f"{name_value(cell)} ({self.tell_rows(cell, self.found.clients)}) {why}", help_text
        )

    def _assume_pairs(self, counted: Mapping[str, int], said: dict[str, str]) -> dict[str, str]:
        """Return what clients are called, those who may be one person kept apart or not."""
        called = Counter[str]()
        for client, count in counted.items():
            called[said.get(client, client)] += count
        pairs = find_pairs({**dict.fromkeys(self.known, 0), **counted}, said)
        shown = {
            each: join_choices(list(map(quote, others)))
            for each, others in pairs.items()
            if called[each]
        }
        if not shown or self.asker is None:
            named = [f"{quote(each)} and {others}" for each, others in shown.items()]
            if named:
                some = join_words(name_some(named, _NAMED))
                self.told.append(f"Kept apart, though they may be one person: {some}.")
            return said

        def put(client: str, _: tuple[str, str]) -> tuple[str, str]:
            others = shown[client]
            options = [Option("another person", ("", others))]
            options += [Option(f"the same as {each}", (each, others)) for each in pairs[client]]
            ask = f"{quote(client)} and {others}: one person or two?"
            return self.choose(Choice(ask, tuple(options), chosen=0))

        def tell(taken: tuple[str, str]) -> str:
            return f"the same as {taken[0]}" if taken[0] else f"kept apart from {taken[1]}"

        likely = {each: ("", others) for each, others in shown.items()}
        taken = self.assume_each("One person or two", likely, put, called, tell)
        same = {each: to for each, (to, _) in taken.items() if to}
        return said | {each: same[to] for each in counted if (to := said.get(each, each)) in same}

    def _refuse_clients(self, asked: Mapping[str, str]) -> None:
        rows = {each: self.tell_rows(each, self.found.clients) for each in asked}
        names = [f'"{show_safely(each)}" ({rows[each]})' for each in asked if is_name(each)]
        if names:
            verb = "looks like a full name" if len(names) == 1 else "look like full names"
            self.refused.append(
                f"{join_words(name_some(names, _NAMED))} {verb}. Write initials in the sheet "
                "instead, such as MB"
            )
        for each in asked:
            if not is_name(each) and not self.given.yes:
                self.refused.append(
                    f'"{show_safely(each)}" ({rows[each]}) looks like {asked[each]}: is it the '
                    "same person? Write it the same way in the sheet, or add --yes"
                )

    def _assume_alike(self, client: str, here: str) -> str:
        """Return whether a client is one who is here already, who alone is asked about at once."""
        other = f"{here}2" if is_name(client) else client
        options = (
            Option(f"yes, {here}", here, "y", ("yes",)),
            Option(f"no, another person: {other}", other, "n", ("no",)),
        )
        shown = f'"{show_safely(client)}" ({self.tell_rows(client, self.found.clients)})'
        ask = partial(
            self.choose, Choice(f"{shown}: is that {here}, who is here already?", options)
        )
        return self.assume(f"alike {client}", None, lambda to: f"{shown}: {to}", ask)


def read_sheet_client(typed: str) -> str:
    """Return the client that is typed for rows of a sheet. Raises UsageProblem."""
    client = tidy(typed)
    if not client:
        raise UsageProblem("An answer is needed: initials, such as MB.")
    check_answer("client", client)
    return client
