"""``nearmiss`` alone: what needs doing, and a menu that leads through everything else."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, Literal

import typer

from nearmiss.dates.shown import echo_day
from nearmiss.errors import NearmissError, NothingLogged
from nearmiss.logbook.copies import list_copies
from nearmiss.logbook.mark import BookChanged, Glimpse, Skipped
from nearmiss.records.handed import Meeting, Paper, find_meetings
from nearmiss.records.read import tell_taken_in
from nearmiss.records.waiting import (
    MOST_SHOWN,
    Doubted,
    Seen,
    Waiting,
    choose_shown,
    describe_waiting,
    find_waiting,
    list_doubted,
    look_back,
    make_unfinished,
)
from nearmiss.session import Session
from nearmiss.sharing.handed import ask_whether_handed, list_papers
from nearmiss.speech import (
    advise,
    count_of,
    is_conversation,
    join_words,
    name_some,
    say,
    say_heading,
)
from nearmiss.terminal.asking import (
    Choice,
    Ended,
    GoBack,
    Option,
    StepBackAsker,
    ask_yes_no,
    count_rows,
    stop_on_signals,
)
from nearmiss.text import begin_sentence, shorten, show_safely

_NAMED = 5  # entries
_GLIMPSE = 30  # characters of what was not saved
_HEADING = "What needs doing"
_WELCOME = "A near miss could have led to harm but did not. Writing it down takes two minutes.\n"
_Action = Callable[[], object]


class Sight:
    """What the desk sees of the book, looked at anew each time it is shown."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.seen = Seen((), {}, None, None, "")
        self.waiting: list[Waiting] = []
        self.meetings: list[Meeting] = []  # of which is not said yet what was agreed
        self.new_meetings: list[Meeting] = []  # of which it was not asked yet
        self.papers: list[Paper] = []  # of which is not said yet whether they were handed over
        self.offered: dict[str, None] = {}  # reports that waited in this sitting
        self._most = MOST_SHOWN  # lines of what waits that were said last
        self.lost: list[tuple[str, Skipped]] = []  # what the book lost, not answered yet
        self.copies: list[str] = []  # beside it, and what its clocks can't have meant

    def look(self) -> None:
        """Look at the newest entries and the drafts. Raises NearmissError where that fails."""
        session, notes, now = self._session, self._session.notes, self._session.now()
        self.require_book()
        session.look_at_book()
        glimpse = session.book.glimpse or Glimpse(None)
        self.lost = [
            (
                f"{begin_sentence(str(each))}{tell_taken_in(session.book, each.first, each.last)}",
                each,
            )
            for each in glimpse.unanswered
        ]
        session.damaged.clear()
        self.seen = look_back(session.book, session.damaged.append)
        beside = map(str, list_copies(session.book))
        self.copies = [*_tell_clocks(glimpse.written, self.seen, now), *beside]
        settled = notes.read_meetings()
        self.meetings = find_meetings(self.seen.records, now.date(), settled)
        past = [each for each in self.meetings if each.day < now.date()]  # from the next day on
        self.new_meetings = [each for each in past if each.id not in settled]
        self.papers = list_papers(notes)
        self.waiting = find_waiting(
            self.seen,
            now,
            drafts=list_unfinished(session),
            meetings=past,
            papers=self.papers,
            alike=[notes.read_to_compare()],
            backed_up=notes.read_last_backup(),
        )

    def require_book(self) -> None:
        """Raise NearmissError where the book is not the one that was looked at before."""
        try:
            self._session.book.require_same()
        except BookChanged as problem:
            if problem.can_go_on:
                self._session.look_at_book()
            raise

    def list_waiting(self) -> list[str]:
        """Return the reports about which something is to be done, as the desk has its lines."""
        shown = choose_shown(self.waiting, self._most)
        ids = [item.report for item in (*shown, *self.waiting) if item.report]
        return list(dict.fromkeys(ids))

    def list_offered(self) -> list[str]:
        """Return these, and behind them those that waited earlier in this sitting."""
        waiting = self.list_waiting()
        self.offered = dict.fromkeys([*waiting, *self.offered])
        return list(self.offered)

    def describe(self, most: int = MOST_SHOWN) -> list[str]:
        """Return what needs doing, in lines: first what the book itself lost.

        What presses for people stands before the copies of the book.
        """
        self._most = most
        waiting = describe_waiting(self.waiting, self.seen, self._session.now(), most)
        lost = [said for said, _ in self.lost]
        room = max(most - len(waiting), 1) if self.waiting else most
        copies = name_some(self.copies, room, "and {} more beside the book: nearmiss where")
        return [*lost, *waiting, *copies] if self.waiting else [*lost, *copies, *waiting]


def _tell_clocks(written: str, seen: Seen, now: datetime) -> list[str]:
    """Return which times of writing lie ahead: of entries from elsewhere, and of the newest."""
    entries = (entry for record in seen.records for entry in record.as_written)
    ahead = [each.id for each in entries if each.origin_id and each.written_ahead(now)]
    named = join_words(name_some(ahead, _NAMED))
    told = [f"Written on a day that lies ahead, by its clock: {named}."] if named else []
    if written and datetime.fromisoformat(written) > now:
        day = echo_day(datetime.fromisoformat(written))
        told.append(
            f"The newest entry is of {day}, which lies ahead. Is this computer's clock right?"
        )
    return told


def list_unfinished(session: Session) -> list[Waiting]:
    """Return what was begun and not saved, none where that can't be known."""
    from nearmiss.interview.drafts import list_words, name_adding, tell_kept

    found, now = [], session.now()
    with suppress(OSError):
        for draft in session.drafts.list_left():
            changed, way = draft.changed, "choose 1"
            if draft.about:
                words = next(iter(list_words(draft)), "")
                quoted = f' ("{shorten(words, _GLIMPSE)}")' if words else ""
                what = f"{begin_sentence(name_adding(draft))}{quoted}"
                way = "not saved yet, choose 3"
            elif draft.kept:
                client = draft.answers.get("client", "")
                what = f"A report about {client}" if client else "A report"
            else:
                what, changed, way = f"What is kept in {tell_kept(draft.path)}", None, ""
            found.append(make_unfinished(what, changed, now, way))
    return found


def open_desk(session: Session) -> None:
    """Show what needs doing; at a terminal, offer what can be done until the carer leaves."""
    sight = Sight(session)
    sight.look()
    if is_conversation():
        _Desk(session, sight).offer()
        return
    for line in (_HEADING, *sight.describe()):
        print(show_safely(advise(line)))
    say("Write down a near miss: nearmiss log")
    say("See your reports: nearmiss list")
    say("Everything else: nearmiss help")
    session.warn_of_damage()


class _Desk:
    def __init__(self, session: Session, sight: Sight) -> None:
        self._session, self._sight = session, sight
        self._shown: list[str] = []  # of what needs doing, as it was said last
        acts: dict[str, _Action] = {
            "Write down a near miss": self._write_down,
            "Look at reports": self._look_at_reports,
            "Say what happened since": self._say_what_happened,
            "Print for a family meeting": partial(self._hand_over, "meeting"),
            "Hand over to a GP, nurse or the next carer": self._ask_to_whom,
            "Look after the book": self._look_after,
        }
        self._menu = (
            *(Option[_Action | None](label, act) for label, act in acts.items()),
            Option[_Action | None]("Leave", None),
        )

    def offer(self) -> None:
        """Ask what only the carer knows, then what she would like to do, until she leaves."""
        self._show()
        with stop_on_signals(lambda: self._session.asker) as ended_by:
            self._ask_first()
            while action := self._choose():
                self._take(action, can_stop=action == self._write_down)
                if ended_by:
                    raise KeyboardInterrupt
                self._look_again()

    def _ask_first(self) -> None:
        """Ask of what was lost, papers, who stands as told, and meetings; going back ends each."""
        sight = self._sight
        asking: tuple[tuple[Callable[[], Sequence[Any]], Callable[[Any], object]], ...] = (
            (lambda: sight.lost, self._ask_about_lost),
            (lambda: sight.papers, partial(ask_whether_handed, self._session.workplace)),
            (lambda: list_doubted(sight.seen.records), self._ask_about_doubted),
            (lambda: sight.new_meetings, self._ask_about_meeting),
        )
        for list_them, ask in asking:
            found = list_them()
            for each in found:
                if not self._take(partial(ask, each)):
                    break
            if found:
                self._look_again()

    def _ask_about_lost(self, lost: tuple[str, Skipped]) -> None:
        said, gone = lost
        help_text = "A newer copy, if there is one, is taken in with: nearmiss import FILE"
        if ask_yes_no(self._session.asker, f"{said} Did you know?", help_text, can_go_back=True):
            self._session.book.confirmed.settle(gone)

    def _ask_about_doubted(self, doubted: Doubted) -> None:
        from nearmiss.commands.add import ask_about_doubted

        ask_about_doubted(self._session, doubted)

    def _ask_about_meeting(self, meeting: Meeting) -> None:
        """Ask what was agreed: once, then it is a line of what needs doing."""
        from nearmiss.commands.meeting import ask_about_meeting

        session = self._session
        session.notes.note_meeting(meeting.id, "asked")
        ask_about_meeting(session, meeting)

    def _show(self) -> None:
        """Say what needs doing; in a line if it was just said: what was done stays in sight."""
        session, sight = self._session, self._sight
        lines = self._fit_above_menu()
        is_first = not (sight.seen.records or sight.waiting or sight.lost or sight.copies)
        if lines != self._shown:
            say()
            if not sight.seen.records:
                say(_WELCOME)
                _tell_of_backups(session, ends="" if is_first else "\n")
            if not is_first:  # that nothing waits need not be said before there is anything
                say_heading(_HEADING, decorated=session.is_decorated)
                for line in lines:
                    say(line)
            session.warn_of_damage()
        elif sight.waiting:
            say()
            say(f"Still to do: the same as before ({count_of(len(sight.waiting), 'thing')}).")
        self._shown = lines

    def _fit_above_menu(self) -> list[str]:
        """Return what needs doing in as many lines as stand above the menu."""
        menu = sum(count_rows(f"  1 {option.label}") for option in self._menu)
        free = shutil.get_terminal_size().lines - menu - _AROUND_MENU
        for most in range(MOST_SHOWN, 0, -1):
            lines = self._sight.describe(most)
            if sum(map(count_rows, lines)) <= free:
                break
        return lines

    def _look_again(self) -> None:
        try:
            self._sight.look()
        except NearmissError as problem:  # the menu stays: leaving, and putting it right, go on
            self._shown = []
            say()
            say(str(problem))
        else:
            self._show()

    def _choose(self) -> _Action | None:
        ask = "What would you like to do?"
        choice = Choice(ask, self._menu, chosen=0, can_go_back=True, back="leave", on_paste=_PASTE)
        try:
            return self._session.asker.choose(choice)
        except (GoBack, Ended):
            return None

    def _take(self, action: _Action, *, can_stop: bool = False) -> bool:
        """Do what was chosen, and return whether it came to its end."""
        asker = self._session.asker
        self._session.asker = StepBackAsker(asker, can_stop=can_stop)
        try:
            self._sight.require_book()
            action()
        except (GoBack, KeyboardInterrupt, EOFError):
            return False
        except NothingLogged as problem:
            say()
            first = "There is no report yet. To write the first, choose 1."
            say(str(problem) if problem.was_begun else first)
        except NearmissError as problem:
            say()
            say(str(problem))
        finally:
            self._session.asker = asker
        return True

    def _write_down(self) -> None:
        from nearmiss.commands.sitting import hold_sitting

        hold_sitting(self._session, {}, None, skip_review=False, to_go_on="1")

    def _look_at_reports(self) -> None:
        from nearmiss.commands.browse import look_at_reports

        look_at_reports(self._session, self._sight.list_waiting())

    def _say_what_happened(self) -> None:
        from nearmiss.commands.browse import say_what_happened

        sight = self._sight
        say_what_happened(self._session, sight.list_offered(), sight.papers, sight.meetings)

    def _hand_over(self, kind: Literal["meeting", "handover", "changeover"]) -> None:
        from nearmiss.sharing.hand_over import ask_and_hand_over

        ask_and_hand_over(self._session.workplace, self._session.asker, kind)

    def _ask_to_whom(self) -> None:
        choice = Choice("To whom?", _RECEIVERS, can_go_back=True)
        while True:
            kind = self._session.asker.choose(choice)
            with suppress(GoBack):
                return self._hand_over(kind)

    def _look_after(self) -> None:
        """Ask what is to be done with the book itself, and do it, until it is enough."""
        from nearmiss.commands.book import CARE

        choice = Choice("What would you like to do with the book?", CARE, can_go_back=True)
        while True:
            act = self._session.asker.choose(choice)
            say()
            try:
                with suppress(GoBack, typer.Exit):  # what was found wrong was said
                    act(self._session)
            except NothingLogged as problem:
                say(str(problem) if problem.was_begun else "There is no report yet.")
            except NearmissError as problem:
                say(str(problem))


_PASTE = 'A text from your phone: choose 1; it is taken at "Who was it?".'
_AROUND_MENU = 7  # rows: the heading, its space, the question, its space and its keys
_RECEIVERS: tuple[Option[Literal["handover", "changeover"]], ...] = (
    Option("A GP or nurse", "handover"),
    Option("The next carer: one page", "changeover"),
)


def _tell_of_backups(session: Session, *, ends: str) -> None:
    from nearmiss.commands.restore import find_backups

    known = session.notes.read_last_backup()
    noted = f" The last one noted here is of {echo_day(known.day)}." if known else ""
    found = find_backups(session)
    lies = f" One lies here:\n{found[0].name}" if found else ""
    say(f"Had a logbook before? Choose 6 to put a backup back.{noted}{lies}{ends}")
