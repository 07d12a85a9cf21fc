"""What a command is given: the logbook it works on, the settings, the clock, the terminal."""

import hashlib
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from nearmiss.dates.now import know_newest, read_now
from nearmiss.errors import NearmissError
from nearmiss.settings import (
    FoundSettings,
    Paths,
    Settings,
    find_paths,
    read_settings,
    write_settings,
)
from nearmiss.speech import is_conversation, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nearmiss.interview.drafts import Drafts
    from nearmiss.interview.saving import Typed
    from nearmiss.logbook.beside import Notes
    from nearmiss.logbook.book import Logbook, Written
    from nearmiss.logbook.lines import Unreadable
    from nearmiss.model.entries import Content
    from nearmiss.records.record import Record
    from nearmiss.sharing.request import Workplace
    from nearmiss.terminal.asking import Asker


_NEWEST = 20  # reports in which a draft that was saved after all is looked for
LONG_AFTER = timedelta(days=60)  # after the last entry, from which a clock may be wrong


@dataclass
class Session:
    """One run of the program; ``chosen_logbook`` is what ``--logbook`` named.

    ``new_book`` says that a new logbook may be begun where one is gone; ``written_about`` is what
    a kept command was about, by one digest; ``typed`` is the command with what
    follows it, where it holds a carer's words, and ``about`` the report that it was found to name,
    with its digest.
    """

    chosen_logbook: str | None = None
    plain: bool = False
    new_book: bool = False
    written_about: str = ""
    typed: tuple[str, ...] = ()
    about: tuple[str, str] = ("", "")
    damaged: "list[Unreadable]" = field(default_factory=list)  # lines not read so far
    _minded_clock: bool = False

    @cached_property
    def paths(self) -> Paths:
        """Where things are."""
        return find_paths(self.chosen_logbook)

    @cached_property
    def settings(self) -> Settings:
        """What the carer has chosen; what can't be used of it is said, once."""
        for fault in self._found_settings.faults:
            say(fault)
        return self._found_settings.settings

    @cached_property
    def _found_settings(self) -> FoundSettings:
        return read_settings(self.paths)

    @property
    def is_plain(self) -> bool:
        """Whether nothing may be painted: asked for now, for good, or by the whole computer."""
        if self.plain or os.environ.get("ACCESSIBLE", "0") not in ("", "0"):
            return True
        try:
            return self._found_settings.settings.plain
        except NearmissError:  # there is no home for settings
            return False

    @cached_property
    def own_book(self) -> "Logbook":
        """The logbook, not yet held against its mark."""
        from nearmiss.logbook.book import Logbook

        return Logbook(self.paths.logbook, self.paths.marks, self.new_book, say)

    @cached_property
    def book(self) -> "Logbook":
        """The logbook; where it lost what it held on this computer, that is said once."""
        self.look_at_book()
        return self.own_book

    def look_at_book(self) -> None:
        """Look how the book stands, and say what it lost since it was looked at before, if it did.

        What is written from now on is held against it.
        """
        seen = self.own_book.glimpse
        try:
            glimpse = self.own_book.look()
        except NearmissError:  # whoever reads it says so
            return
        know_newest(glimpse.written)
        stranger, gap = glimpse.find_stranger(), glimpse.gap
        if stranger and stranger != (seen and seen.find_stranger()):
            say(
                f"Another logbook stood here before, up to {stranger}, and this computer never "
                "wrote in the one that is here now. Is it yours? To look: nearmiss where"
            )
        if gap is not None and gap != (seen and seen.gap):
            say(str(gap))
            if gap.end is None:
                from nearmiss.logbook.copies import tell_moved

                for each in tell_moved(self.own_book):
                    say(each)

    def mind_clock(self) -> None:
        """Say where this computer's clock can't be right, once; at a terminal, ask.

        It stands before the newest entry, or long after it. Raises NearmissError where it is wrong.
        """
        glimpse, now = self.book.glimpse, self.now()
        if self._minded_clock or glimpse is None or not glimpse.written:
            return
        last = datetime.fromisoformat(glimpse.written)
        if last <= now <= last + LONG_AFTER:
            return
        from nearmiss.dates.shown import echo_day
        from nearmiss.terminal.asking import ask_yes_no

        told = f"The last entry is of {echo_day(last)}."
        if not is_conversation():
            say(f"{told} This computer says that today is {echo_day(now)}. Is its clock right?")
        elif not ask_yes_no(self.asker, f"{told} Is today {echo_day(now)}?"):
            raise NearmissError("Nothing was saved. Set this computer's clock, then go on.")
        self._minded_clock = True

    def settle_new_book(self) -> None:
        """Ask, where the book is gone, whether a new one is begun. Raises NearmissError if not.

        Where nobody can be asked, nothing is settled: writing says so.
        """
        from nearmiss.terminal.asking import ask_yes_no

        book = self.book
        if book.can_begin or (book.glimpse and book.glimpse.end):  # else writing refuses
            return
        if not is_conversation() or not book.take_glimpse().lost:
            return
        # How far it went was said as it was looked at.
        say("If it is on a stick or in a cloud folder, put that in or let it be fetched.")
        if not ask_yes_no(self.asker, "Begin a new logbook all the same?"):
            raise NearmissError("No new logbook was begun. To put a backup back: nearmiss restore")
        book.can_begin = True

    @cached_property
    def drafts(self) -> "Drafts":
        """What was written for this logbook and not saved."""
        from nearmiss.interview.drafts import Drafts

        return Drafts(self.paths.drafts, self.paths.logbook)

    @cached_property
    def notes(self) -> "Notes":
        """What this computer knows of this logbook beside it."""
        from nearmiss.logbook.beside import Notes

        return Notes(self.paths.state, self.paths.logbook)

    def forget_saved(self) -> None:
        """Remove drafts of what was saved as the program was killed."""
        for draft in self.drafts.list_left():
            with suppress(NearmissError):  # its report is gone
                newest = (each.original for each in islice(self.read_records(), _NEWEST))
                saved = self.find_record(draft.about).later if draft.about else newest
                if any(map(draft.was_saved, saved)):
                    self.drafts.discard(draft.path)

    @cached_property
    def asker(self) -> "Asker":
        """The way in which this terminal puts questions."""
        unknown = "" if sys.platform == "win32" else "dumb"
        if not (self.is_plain or os.environ.get("TERM", unknown) == "dumb"):
            with suppress(Exception):  # whatever a terminal lacks, the questions go on
                from nearmiss.terminal.prompt import PromptAsker

                return PromptAsker()
        from nearmiss.terminal.plain import PlainAsker

        return PlainAsker()

    def introduce(self, author: str | None = None, *, can_leave: bool = False) -> None:
        """Ask who is writing, unless that is known: the name of a login is nobody's signature.

        Raises KeyboardInterrupt or EOFError, and GoBack where one ``can_leave``.
        """
        if author or self.settings.name or not is_conversation():
            return
        from nearmiss.interview.known import ask_carer

        self.keep_settings(ask_carer(self.asker, self.settings, can_leave=can_leave))

    def make_ready(self, author: str | None = None) -> None:
        """Settle, before something is written, who writes, in which book, and by what clock.

        Raises NearmissError, and KeyboardInterrupt or EOFError.
        """
        self.introduce(author)
        self.settle_new_book()
        self.mind_clock()

    def keep_settings(self, settings: Settings) -> None:
        """Use ``settings`` from now on, and keep them; where that fails, it is said."""
        self.settings = settings
        try:
            write_settings(self.paths, settings)
        except NearmissError as problem:
            say(str(problem))

    @property
    def workplace(self) -> "Workplace":
        """What a handing-over works with."""
        from nearmiss.sharing.request import Workplace

        return Workplace(
            self.book,
            self.settings,
            self.paths,
            self.now,
            self.asker if is_conversation() else None,
            self.is_plain,
            self.keep_settings,
        )

    def save(
        self,
        contents: "Sequence[Content]",
        author: str | None,
        typed: "Typed",
        *,
        quiet: bool = False,
        claims: "Sequence[Sequence[str]]" = (),
    ) -> "Written":
        """Add entries by ``author``, or by whom the settings name, and print their ids.

        ``claims`` are, for each of them, what a phone says of its time. Where that fails,
        ``typed`` is kept. Raises as ``interview.saving.save`` does.
        """
        from nearmiss.interview.saving import save

        def append() -> "Written":
            self.make_ready(author)
            by = author or self.settings.author
            said = [{"claims": [*each]} if each else {} for each in claims or [()] * len(contents)]
            made = zip(contents, said, strict=True)
            return self.book.append_made(lambda first: made, by, self.now())

        return save(append, typed, quiet=quiet)

    def now(self) -> datetime:
        """Return this moment with the local offset, to the second."""
        return read_now()

    @property
    def today(self) -> date:
        """The day by this computer."""
        return self.now().date()

    def mind_other(self, about: str, digests: "Sequence[str]") -> None:
        """Refuse a kept command that was about another ``about`` than that of the ``digests``."""
        from nearmiss.interview.drafts import tell_other

        joined = "".join(sorted(digests))
        if len(digests) > 1:
            joined = hashlib.sha256(joined.encode()).hexdigest()
        self.about = about, joined
        if self.written_about and self.written_about != self.about[1]:
            raise NearmissError(tell_other(about))

    def type_command(self, *words: str) -> "Typed":
        """Return ``words``, or what was typed, as the command that says it again another day."""
        from nearmiss.interview.saving import type_command, write_command

        end = None
        with suppress(NearmissError, OSError):  # a book that can't be opened does not say its tag
            glimpse = self.own_book.glimpse or self.own_book.take_glimpse()
            end = glimpse.end or glimpse.lost
        tag, (last, digest) = end.tag if end else "", self.about
        command, *others = (
            write_command(words or self.typed, self.paths.logbook, self.now(), *known)
            for known in ((tag, last, digest or self.written_about), (tag,), ("",))
        )
        return type_command(command, self.drafts, others)

    def find_record(self, reference: str, *, twice: bool = False) -> "Record":
        """Return the report that ``reference`` names, minding what is unreadable.

        Raises as ``records.find.find_record`` does.
        """
        from nearmiss.records.find import find_record

        return find_record(self.book, reference, self.damaged.append, twice=twice)

    def read_records(self) -> "Iterator[Record]":
        """Yield every report as it stands now, the newest first, minding what is unreadable."""
        from nearmiss.records.read import read_records

        return read_records(self.book, self.damaged.append)

    def warn_of_damage(self) -> None:
        """Say which lines could not be read, if any."""
        if self.damaged:
            from nearmiss.records.read import describe_damage

            say(f"{describe_damage(self.damaged)} To see what is wrong: nearmiss verify")

    @property
    def is_decorated(self) -> bool:
        """Whether stdout may have colour and lines drawn."""
        return (
            sys.stdout.isatty()
            and not self.is_plain
            and "NO_COLOR" not in os.environ
            and os.environ.get("TERM") != "dumb"
        )
