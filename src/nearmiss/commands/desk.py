"""``nearmiss`` alone: what needs doing, and a menu that leads through everything else."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Literal

from nearmiss.dates.shown import echo_day
from nearmiss.errors import NearmissError, NothingLogged
from nearmiss.logbook.beside import (
    note_meeting,
    read_last_backup,
    read_meetings,
    read_to_compare,
)
from nearmiss.logbook.copies import list_copies
from nearmiss.logbook.mark import BookChanged
from nearmiss.model.ids import EntryId
from nearmiss.records.handed import Meeting, Paper, find_meetings
from nearmiss.records.waiting import (
    MOST_SHOWN,
    Seen,
    Unfinished,
    Waiting,
    describe_waiting,
    find_waiting,
    list_doubted,
    look_back,
)
from nearmiss.session import Session
from nearmiss.sharing.handed import ask_whether_handed, list_papers
from nearmiss.speech import advise, count_of, is_conversation, say, say_heading
from nearmiss.terminal.asking import Choice, Ended, GoBack, Option, count_rows
from nearmiss.terminal.ending import StepBackAsker, stop_on_signals
from nearmiss.text import shorten, show_safely

if TYPE_CHECKING:
    from nearmiss.terminal.asking import Asker

_GLIMPSE = 30  # characters of what was not saved
_HEADING = "What needs doing"
_WELCOME = "A near miss could have led to harm but did not. Writing it down takes two minutes.\n"
_Action = Callable[[Session, "Sight"], None]


class Sight:
    """What the desk sees of the book, looked at anew each time it is shown."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.seen = Seen((), {}, None, None, "")
        self.waiting: list[Waiting] = []
        self.meetings: list[Meeting] = []  # of which is not said yet what was agreed
        self.papers: list[Paper] = []  # of which is not said yet whether they were handed over
        self.shown: list[str] = []  # of what needs doing, as it was said last
        self.offered: list[str] = []  # reports that waited in this sitting: each keeps its place
        self.lost: list[tuple[str, EntryId, int]] = []  # what the book lost, not answered yet
        self.copies: list[str] = []

    def look(self) -> None:
        """Look at the newest entries and the drafts. Raises NearmissError where that fails."""
        session = self._session
        self.require_book()
        session.look_at_book()
        self._look_around()
        session.damaged.clear()
        self.seen = look_back(session.book, session.damaged.append)
        settled = read_meetings(session.paths.meetings, session.book.file)
        today = session.now().date()
        self.meetings = find_meetings(self.seen.records, today, settled)
        self.papers = list_papers(session.paths, session.book)
        self.waiting = find_waiting(
            self.seen,
            session.now(),
            drafts=list_unfinished(session),
            meetings=self.list_past_meetings(),
            papers=self.papers,
            alike=[read_to_compare(session.paths.to_compare, session.book.file)],
            backed_up=read_last_backup(session.paths.backups, session.book.file),
        )
        self.offered = list(dict.fromkeys([*self.offered, *self.list_waiting()]))

    def require_book(self) -> None:
        """Raise NearmissError where the book is not the one that was looked at before.

        Where what stands there can be gone on with, it is said once.
        """
        try:
            self._session.book.require_same()
        except BookChanged as problem:
            if problem.can_go_on:
                self._session.look_at_book()
            raise

    def list_waiting(self) -> list[str]:
        """Return the ids of the reports about which something is to be done."""
        return [item.report for item in self.waiting if item.report]

    def list_past_meetings(self) -> list[Meeting]:
        """Return the meetings of which it is asked what was agreed: from the next day on."""
        today = self._session.now().date()
        return [each for each in self.meetings if each.day < today]

    def describe(self, most: int = MOST_SHOWN) -> list[str]:
        """Return what needs doing, in lines: first what the book itself lost, and what holds it."""
        waiting = describe_waiting(self.waiting, self.seen, self._session.now(), most)
        return [*(said for said, _, _ in self.lost), *self.copies, *waiting]

    def _look_around(self) -> None:
        """Look what the book lost on this computer, and at copies of it beside it."""
        book = self._session.book
        skipped = book.list_skipped()
        known = {each.last for each in skipped if each.why == "known"}
        self.lost = [
            (f"{each.named[0].upper()}{str(each)[1:]}", each.last, each.first.number)
            for each in skipped
            if each.why == "gone" and each.last not in known
        ]
        self.lost += [
            (f"Another logbook stood here before, up to {each}.", each, each.number)
            for each in book.list_lost()
            if each not in known
        ]
        self.copies = [*map(str, list_copies(book)), *self._tell_clock()]

    def _tell_clock(self) -> list[str]:
        """Return that the newest entry lies ahead, if it does."""
        glimpse = self._session.book.glimpse
        written = datetime.fromisoformat(glimpse.written) if glimpse and glimpse.written else None
        if written is None or written <= self._session.now():
            return []
        day = echo_day(written)
        return [f"The newest entry is of {day}, which lies ahead. Is this computer's clock right?"]


def list_unfinished(session: Session) -> list[Unfinished]:
    """Return what was begun and not saved, none where that can't be known."""
    from nearmiss.interview.drafts import list_words, name_adding

    found = []
    with suppress(OSError):
        for draft in session.drafts.list_left():
            if draft.about:
                what = name_adding(draft)
                words = next(iter(list_words(draft)), "")
                quoted = f' ("{shorten(words, _GLIMPSE)}")' if words else ""
                what = f"{what[0].upper()}{what[1:]}{quoted}"
                found.append(Unfinished(what, draft.changed, "not saved yet, choose 3"))
            elif draft.kept:
                client = draft.answers.get("client", "")
                what = f"A report about {client}" if client else "A report"
                found.append(Unfinished(what, draft.changed, "choose 1"))
        for path in session.drafts.list_commands():
            found.append(Unfinished(f"What is kept in {path}", None))
    return found


def open_desk(session: Session) -> None:
    """Show what needs doing; at a terminal, offer what can be done until the carer leaves.

    Raises KeyboardInterrupt at the menu, and what reading the book raises as it opens.
    """
    sight = Sight(session)
    sight.look()
    if not is_conversation():
        _show_without_terminal(session, sight)
        return
    _show(session, sight)
    with stop_on_signals(lambda: session.asker) as ended_by:
        _take(_step_back(_ask_about_lost), session, sight)
        _take(_step_back(_ask_about_papers), session, sight)
        _take(_step_back(_ask_about_doubted), session, sight)
        _ask_about_meetings(session, sight)
        while action := _choose(session.asker):
            _take(action, session, sight)
            if ended_by:
                raise KeyboardInterrupt
            _look_again(session, sight)


def _ask_about_lost(session: Session, sight: Sight) -> None:
    """Ask whether the carer knows what the book lost: then it is said no more."""
    from nearmiss.terminal.asking import ask_yes_no

    for said, gone, first in sight.lost:
        help_text = "A newer copy, if there is one, is taken in with: nearmiss import FILE"
        if ask_yes_no(session.asker, f"{said} Did you know?", help_text, can_go_back=True):
            session.book.settle(gone, first)
    if sight.lost:
        _look_again(session, sight)


def _ask_about_papers(session: Session, sight: Sight) -> None:
    """Ask which of the papers that were made were handed over; going back ends the asking."""
    for paper in sight.papers:
        ask_whether_handed(session.workplace, paper)
    if sight.papers:
        _look_again(session, sight)


def _ask_about_doubted(session: Session, sight: Sight) -> None:
    """Ask of lines of nobody reached that stand as told; going back ends the asking for now."""
    from nearmiss.commands.add import ask_about_doubted

    doubted = list_doubted(sight.seen.records)
    for each in doubted:
        ask_about_doubted(session, each)
    if doubted:
        _look_again(session, sight)


def _ask_about_meetings(session: Session, sight: Sight) -> None:
    """Ask once what was agreed at a meeting for which a pack was handed over."""
    known = read_meetings(session.paths.meetings, session.book.file)
    new = [each for each in sight.list_past_meetings() if each.id not in known]
    for meeting in new:
        note_meeting(session.paths.meetings, session.book.file, meeting.id, "asked")
        _take(_step_back(partial(_go_through, meeting)), session, sight)
    if new:
        _look_again(session, sight)


def _go_through(meeting: Meeting, session: Session, sight: Sight) -> None:
    from nearmiss.commands.meeting import ask_about_meeting

    del sight
    ask_about_meeting(session, meeting)


def _show_without_terminal(session: Session, sight: Sight) -> None:
    for line in (_HEADING, *sight.describe()):
        print(show_safely(advise(line)))
    say("Write down a near miss: nearmiss log")
    say("See your reports: nearmiss list")
    say("Everything else: nearmiss help")
    session.warn_of_damage()


def _show(session: Session, sight: Sight) -> None:
    """Say what needs doing; in a line if it was just said, so that what was done stays in sight."""
    lines = _fit_above_menu(sight)
    is_first = not (sight.seen.records or sight.waiting or sight.lost or sight.copies)
    if lines != sight.shown:
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
    sight.shown = lines


def _fit_above_menu(sight: Sight) -> list[str]:
    """Return what needs doing in as many lines as stand above the menu: what presses is seen."""
    menu = sum(count_rows(f"  1 {option.label}") for option in _MENU)
    free = shutil.get_terminal_size().lines - menu - _AROUND_MENU
    fits = (sight.describe(most) for most in range(MOST_SHOWN, 1, -1))
    return next((each for each in fits if sum(map(count_rows, each)) <= free), sight.describe(1))


_AROUND_MENU = 7  # rows: the heading, its space, the question, its space and its keys


def _tell_of_backups(session: Session, *, ends: str) -> None:
    """Say how a logbook that was kept before is put back, and which backup is known."""
    from nearmiss.commands.restore import find_backups

    known = read_last_backup(session.paths.backups, session.book.file)
    noted = f" The last one noted here is of {echo_day(known.day)}." if known else ""
    found = find_backups(session)
    lies = f" One lies here:\n{found[0].name}" if found else ""
    say(f"Had a logbook before? Choose 6 to put a backup back.{noted}{lies}{ends}")


def _look_again(session: Session, sight: Sight) -> None:
    try:
        sight.look()
    except NearmissError as problem:  # the menu stays: leaving, and putting it right, go on
        sight.shown = []
        say()
        say(str(problem))
    else:
        _show(session, sight)


def _choose(asker: "Asker") -> _Action | None:
    """Return what the carer would like to do, None to leave. Raises KeyboardInterrupt."""
    choice = Choice("What would you like to do?", _MENU, chosen=0, can_go_back=True, back="leave")
    try:
        return asker.choose(choice)
    except (GoBack, Ended):
        return None


def _take(action: _Action, session: Session, sight: Sight) -> None:
    """Do what was chosen; going back from its first question ends here again."""
    try:
        sight.require_book()
        action(session, sight)
    except (GoBack, KeyboardInterrupt, EOFError):
        pass
    except NothingLogged:
        say()
        say("There is no report yet. To write the first, choose 1.")
    except NearmissError as problem:
        say()
        say(str(problem))


def _write_down(session: Session, sight: Sight) -> None:
    from nearmiss.commands.sitting import hold_sitting

    del sight
    hold_sitting(session, {}, None, skip_review=False, to_go_on="1")


def _step_back(action: _Action, *, can_stop: bool = False) -> _Action:
    """Return ``action`` with questions at which Esc goes one step back; Ctrl-C too, or it stops."""

    def act(session: Session, sight: Sight) -> None:
        asker = session.asker
        session.asker = StepBackAsker(asker, can_stop=can_stop)
        try:
            action(session, sight)
        finally:
            session.asker = asker

    return act


def _look_at_reports(session: Session, sight: Sight) -> None:
    from nearmiss.commands.browse import look_at_reports

    look_at_reports(session, sight.list_waiting())


def _say_what_happened(session: Session, sight: Sight) -> None:
    from nearmiss.commands.browse import say_what_happened

    say_what_happened(session, sight.offered, sight.papers, sight.meetings)


def _print_for_meeting(session: Session, sight: Sight) -> None:
    from nearmiss.sharing.hand_over import ask_and_hand_over

    del sight
    ask_and_hand_over(session.workplace, session.asker, "meeting")


def _hand_over(session: Session, sight: Sight) -> None:
    from nearmiss.sharing.hand_over import ask_and_hand_over

    del sight
    choice = Choice("To whom?", _RECEIVERS, can_go_back=True)
    while True:
        kind = session.asker.choose(choice)
        with suppress(GoBack):
            return ask_and_hand_over(session.workplace, session.asker, kind)


_RECEIVERS: tuple[Option[Literal["handover", "changeover"]], ...] = (
    Option("A GP or nurse", "handover"),
    Option("The next carer: one page", "changeover"),
)


def _look_after(session: Session, sight: Sight) -> None:
    """Ask what is to be done with the book itself, and do it, until it is enough."""
    from nearmiss.commands.book import CARE

    del sight
    choice = Choice("What would you like to do with the book?", CARE, can_go_back=True)
    while True:
        act = session.asker.choose(choice)
        say()
        try:
            act(session)
        except GoBack:
            continue
        except NothingLogged:
            say("There is no report yet.")
        except NearmissError as problem:
            say(str(problem))


_MENU: tuple[Option[_Action | None], ...] = (
    Option("Write down a near miss", _step_back(_write_down, can_stop=True)),
    Option("Look at reports", _step_back(_look_at_reports)),
    Option("Say what happened since", _step_back(_say_what_happened)),
    Option("Print for a family meeting", _step_back(_print_for_meeting)),
    Option("Hand over to a GP, nurse or the next carer", _step_back(_hand_over)),
    Option("Look after the book", _step_back(_look_after)),
    Option("Leave", None),
)
