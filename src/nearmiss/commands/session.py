"""What every command shares: the logbook it works on, the settings, and how it may speak."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nearmiss.errors import NearmissError
from nearmiss.settings import Paths, Settings, find_paths, read_settings
from nearmiss.speech import join_words, say

if TYPE_CHECKING:
    import typer

    from nearmiss.interview.asking import Asker
    from nearmiss.interview.drafts import Drafts
    from nearmiss.logbook.book import Logbook
    from nearmiss.logbook.parsing import Unreadable
    from nearmiss.records.history import Record
    from nearmiss.records.selection import Filters

_NAMED = 9  # damaged lines that are named one by one


class DamagedLogbook(NearmissError):
    """A document would leave out what can't be read."""

    def __init__(self, *, damage: str) -> None:
        super().__init__(
            f"{damage} Nothing was handed over. To see what is wrong: nearmiss verify. "
            "To go on without what can't be read: add --skip-damaged"
        )


class NothingChosen(NearmissError):
    """No report fits what was asked for."""

    def __init__(self) -> None:
        super().__init__(
            "No report fits, so nothing was written. To see what there is: nearmiss list --all"
        )


@dataclass
class Session:
    """One run of the program."""

    chosen_logbook: str | None = None
    plain: bool = False
    filter_options: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)  # fields that options answered, as typed
    handing: dict[str, Any] = field(default_factory=dict)  # how records are handed over

    @cached_property
    def paths(self) -> Paths:
        """Where things are. Raises NoHomeFolder."""
        return find_paths(self.chosen_logbook)

    @cached_property
    def settings(self) -> Settings:
        """What the carer has chosen. Raises BadSettings."""
        return read_settings(self.paths)

    @cached_property
    def book(self) -> "Logbook":
        """The logbook."""
        from nearmiss.logbook.book import Logbook

        return Logbook(self.paths.logbook)

    @cached_property
    def drafts(self) -> "Drafts":
        """What was written for this logbook and not saved."""
        from nearmiss.interview.drafts import Drafts

        return Drafts(self.paths.drafts, self.paths.logbook)

    @cached_property
    def asker(self) -> "Asker":
        """The way in which this terminal puts questions."""
        from nearmiss.interview.asking import choose_asker

        unknown = "" if sys.platform == "win32" else "dumb"
        return choose_asker(plain=self.plain or os.environ.get("TERM", unknown) == "dumb")

    @cached_property
    def filters(self) -> "Filters":
        """The filters that were given. Raises DateNotUnderstood or UnknownKind."""
        from nearmiss.records.selection import read_filters

        return read_filters(self.filter_options, self.now(), self.settings.keep_years)

    @cached_property
    def damaged(self) -> "list[Unreadable]":
        """The lines that could not be read so far."""
        return []

    def now(self) -> datetime:
        """Return this moment with the local offset, to the second."""
        return datetime.now().astimezone().replace(microsecond=0)

    def read_records(self) -> "Iterator[Record]":
        """Yield every report as it stands now, the newest first, minding what is unreadable."""
        from nearmiss.records.history import read_records

        return read_records(self.book, self.damaged.append)

    def read_records_in_order(self) -> "Iterator[Record]":
        """Yield every report as it stands now, in the order written, minding what is unreadable."""
        from nearmiss.records.history import read_records_in_order

        return read_records_in_order(self.book, self.damaged.append)

    def choose_records(self, references: "Sequence[str]") -> "Iterator[Record]":
        """Yield the reports that are named, or else all, if they fit the filters, as written.

        Raises what ``find_record`` raises.
        """
        from nearmiss.records.selection import find_record

        records: Iterable[Record] = self.read_records_in_order()
        if references:
            found = {
                record.report.id: record
                for record in (
                    find_record(self.book, each, self.damaged.append) for each in references
                )
            }
            records = [found[each] for each in sorted(found, key=_number)]
        filters = self.filters
        return (record for record in records if filters.match(record))

    def require_some(self, records: "Iterator[Record]") -> "Iterator[Record]":
        """Yield ``records``. Raises NothingChosen where there is none."""
        first = next(records, None)
        if first is None:
            raise NothingChosen
        yield first
        yield from records

    def warn_of_damage(self) -> None:
        """Say which lines could not be read, if any."""
        if self.damaged:
            say(f"{describe_damage(self.damaged)} To see what is wrong: nearmiss verify")

    def refuse_damage(self, *, skip: bool) -> None:
        """Warn of lines that could not be read where ``skip``, else raise DamagedLogbook."""
        if self.damaged and not skip:
            raise DamagedLogbook(damage=describe_damage(self.damaged))
        self.warn_of_damage()

    @property
    def is_decorated(self) -> bool:
        """Whether stdout may have colour and lines drawn."""
        return (
            sys.stdout.isatty()
            and not self.plain
            and "NO_COLOR" not in os.environ
            and os.environ.get("TERM") != "dumb"
        )


def _number(entry_id: str) -> int:
    return int(entry_id.partition("-")[2])


def describe_damage(damaged: "list[Unreadable]") -> str:
    """Return a sentence that names the lines which could not be read."""
    lines = [str(number) for number in sorted({each.line for each in damaged})]
    more = len(lines) - _NAMED
    shown = [*lines[:_NAMED], f"{more} more"] if more > 1 else lines
    noun = "Line" if len(lines) == 1 else "Lines"
    return f"{noun} {join_words(shown)} of the logbook can't be read."


def get_session(context: "typer.Context") -> Session:
    """Return the session of this run."""
    session = context.find_root().obj
    assert isinstance(session, Session)  # noqa: S101 - set before any command runs
    return session
