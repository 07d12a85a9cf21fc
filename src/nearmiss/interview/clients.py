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
_APART = "\0"  # before the cell of one who is kept apart
_GENERIC = re.compile(
    r"(?:sheet|table|log|data|form|responses|list|export)\b.*\d*$|sheet\d*$"
    rf"|\W*(?:{MONTH_WORD}|{WEEKDAY_WORD}|week|w/?[ce]|year|\d+|\W+)+$"
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
        """Return what each client of the sheet is called."""
        if reading.is_own:
            return reading
        unnamed = self._assume_unnamed(reading) | self._assume_several()
        counted = {each: count for each, count in self.found.clients.items() if each not in unnamed}
        said = propose_clients(counted, self.known)
        asked = {each: to for each, to in said.items() if fold_text(to) != fold_text(each)}
        alike = [each for each, to in asked.items() if to in self.known]
        rows = {each: self.tell_rows(each, counted) for each in asked}
        if self.asker is None:
            self._refuse_clients(asked, rows)
        else:
            for each in alike:
                asked[each] = self._assume_alike(each, asked, rows[each])
        names = {each: to for each, to in asked.items() if each not in alike}

        def ask(client: str) -> Asked:
            why = "looks like a full name" if is_name(client) else "may be somebody else here"
            put = f'"{show_safely(client)}" ({rows[client]}) {why}. Which initials?'
            return Asked(put, QUESTIONS["client"].help)

        if names and self.asker:
            put = self.put_words(ask, read_sheet_client)
            names = self.assume_each("Clients, as they are taken", names, put, counted)
        said |= asked | names
        return replace(reading, clients=self._assume_pairs(counted, said) | unnamed)

    def _assume_pairs(self, counted: Mapping[str, int], said: dict[str, str]) -> dict[str, str]:
        """Return what clients are called, those who may be one person kept apart or not."""
        called = Counter[str]()
        for client, count in counted.items():
            called[said.get(client, client)] += count
        pairs = find_pairs({**dict.fromkeys(self.known, 0), **counted}, said)
        pairs = {each: others for each, others in pairs.items() if called[each]}
        shown = {each: join_choices(list(map(quote, others))) for each, others in pairs.items()}
        # One is known by the first cell that is called so, as what it is called may be changed.
        cells = {said.get(each, each): each for each in reversed([*counted])}
        names = {cell: each for each, cell in cells.items()}
        if not pairs or self.asker is None:
            named = [f"{quote(each)} and {other}" for each, other in shown.items()]
            if named:
                some = join_words(name_some(named, _NAMED))
                self.told.append(f"Kept apart, though they may be one person: {some}.")
            return said

        def put(cell: str, _: str) -> str:
            client = names[cell]
            options = [Option("another person", _APART + cell)]
            options += [
                Option(f"the same as {each}", cells.get(each, each)) for each in pairs[client]
            ]
            ask = f"{quote(client)} and {shown[client]}: one person or two?"
            return self.choose(Choice(ask, tuple(options), chosen=0))

        def tell(taken: str) -> str:
            if taken.startswith(_APART):
                return f"kept apart from {shown[names[taken.removeprefix(_APART)]]}"
            return f"the same as {names.get(taken, taken)}"

        likely = {cells[each]: _APART + cells[each] for each in shown}
        title, name = "One person or two", names.__getitem__
        taken = self.assume_each(title, likely, put, called, tell, name)
        same = {names[each]: names.get(to, to) for each, to in taken.items() if to != likely[each]}
        return said | {each: same[to] for each in counted if (to := said.get(each, each)) in same}

    def _assume_several(self) -> dict[str, str]:
        """Return in whose record a row goes that names two clients: the first one's, till asked."""
        several = {each: split_clients(each) for each in self.found.clients}
        cells = {each: self.found.clients[each] for each, names in several.items() if names}
        if not cells or self.asker is None:
            return {}
        called = {each: self._call(several[each][0]) for each in cells}

        def ask(cell: str) -> Asked:
            rows = self.tell_rows(cell, cells)
            put = f"{quote(cell)} ({rows}) names two. In whose record does it go? (initials)"
            return Asked(put, "If it is about both, write one for the other too, afterwards.")

        title = "Rows of two clients, each in the record of one"
        return self.assume_each(title, called, self.put_words(ask, read_sheet_client), cells)

    def _call(self, client: str) -> str:
        return propose_clients({client: 1}, self.known).get(client, client)

    def _assume_unnamed(self, reading: Reading) -> dict[str, str]:
        """Return what to call the client of rows that name none, or somebody who is none."""
        cells = {each: count for each, count in self.found.clients.items() if not is_client(each)}
        if not cells or reading.client or self.asker is None:
            return {}
        self.first = {**self.found.first, "": self.found.blanks.get("client", 0)}
        said = dict.fromkeys(cells, NOT_KNOWN)

        def ask(cell: str) -> Asked:
            put = f"{name_value(cell)} stands for the client in {self.tell_rows(cell, cells)}."
            help_text = 'Initials alone. Or "not known": the words of the sheet are kept.'
            return Asked(f"{put} Who was it? (initials)", help_text)

        put = self.put_words(ask, read_sheet_client)
        return self.assume_each("Rows that name no client", said, put, cells)

    def _refuse_clients(self, asked: Mapping[str, str], rows: Mapping[str, str]) -> None:
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

    def _assume_alike(self, client: str, said: Mapping[str, str], rows: str) -> str:
        """Return whether a client is one who is here already, who alone is asked about at once."""
        shown, here = show_safely(client), said[client]
        other = f"{here}2" if is_name(client) else client
        options = (
            Option(f"yes, {here}", here, "y", ("yes",)),
            Option(f"no, another person: {other}", other, "n", ("no",)),
        )
        put = f'"{shown}" ({rows}): is that {here}, who is here already?'
        ask = partial(self.choose, Choice(put, options))
        return self.assume(f"alike {client}", None, lambda to: f'"{shown}" ({rows}): {to}', ask)


def read_sheet_client(typed: str) -> str:
    """Return the client that is typed for rows of a sheet. Raises UsageProblem."""
    client = tidy(typed)
    if not client:
        raise UsageProblem("An answer is needed: initials, such as MB.")
    check_answer("client", client)
    return client
