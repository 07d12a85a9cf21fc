"""What is added to a report at a terminal: one fact at a time, kept while typed, saved at once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from nearmiss import files
from nearmiss.commands.which import ask_which, read_again
from nearmiss.errors import BookFault, NearmissError
from nearmiss.intake.named import find_others, list_texts
from nearmiss.interview.drafts import Draft, OpenElsewhere
from nearmiss.interview.known import collect_known
from nearmiss.interview.later import Adding, Since, say_about
from nearmiss.interview.saving import (
    Typed,
    announce,
    hold_draft,
    keep_problem,
    tell_added,
    type_draft,
)
from nearmiss.model.entries import Content
from nearmiss.records.record import Record
from nearmiss.records.since import check_follow_up
from nearmiss.records.waiting import Doubted, settle_doubted
from nearmiss.session import Session
from nearmiss.speech import join_words, say
from nearmiss.terminal.asking import ask_yes_no
from nearmiss.text import show_safely

Fields = dict[str, Any]  # a follow-up's fields as JSON has them, as far as they are answered


class Keeper:
    """Has what is added to a report on the disk while it is typed, or goes on with what was.

    It is begun ``anew`` where it is not what was begun before: that stays, to be gone on with.
    """

    def __init__(
        self, session: Session, record: Record, adding: str, entry: str = "", *, anew: bool = False
    ) -> None:
        self.sitting = session.drafts.start(record.id, adding, entry, record.digest)
        self._session = session
        for draft in [] if anew else session.drafts.list_later():
            if draft.is_about(record) and (draft.adding, draft.entry) == (adding, entry):
                with suppress(OpenElsewhere):
                    self.sitting = session.drafts.resume(draft.path)
                    break
        self.answered, self.unfinished = self.sitting.answers, self.sitting.unfinished
        self.keep = self.sitting.keep

    def turn_to(self, record: Record) -> None:
        """Let it be about ``record``."""
        self.sitting.about, self.sitting.digest = record.id, record.digest

    def save(
        self, contents: Sequence[Content], author: str | None, fields: Fields, reason: str = ""
    ) -> None:
        """Save entries that say ``fields``; the draft keeps them where that fails, else it ends."""
        self.sitting.by = author = author or self.sitting.by
        self._session.save(contents, author or None, self.type(fields, reason))
        self.sitting.end()

    def type(self, fields: Mapping[str, Any], reason: str) -> Typed:
        """Return ``fields``, about to be saved, as what would be lost: the draft keeps it."""
        return type_draft(self.sitting, fields, {"reason": reason} if reason else {})

    @contextmanager
    def hold(self) -> Iterator["Keeper"]:
        """Let the draft go to another time where it does not end in here; say so when stopped."""
        with hold_draft(self.sitting):
            yield self


def add_fact(session: Session, record: Record, adding: Adding, author: str | None = None) -> bool:
    """Ask for one fact about ``record`` and save it; return whether anything was saved."""
    with Keeper(session, record, adding).hold() as keeper:
        since = Since(
            session.asker,
            record,
            session.now(),
            keeper.keep,
            keeper.answered,
            keeper.unfinished,
            collect_known(session.read_records()).people,
        )
        fields = since.ask(adding)
        if not fields:
            keeper.sitting.end()
            if adding != "close":  # which says why
                say("Nothing was added.")
            return False
        belongs = ask_which(session, record, fields)
        if belongs.id != record.id:
            say(f"It goes to {belongs.id}, {show_safely(belongs.report.client)}.")
            keeper.turn_to(belongs)  # whose it is where it can't be saved
            fields = _point_at_nothing(fields)
        belongs = find_standing(session, belongs, fields, keeper)
        keeper.save([check_follow_up(belongs, fields, session.today)], author, fields)
        say(tell_added(belongs, fields))
    if adding == "close" and "closes" not in fields and not since.stays_open:
        return add_fact(session, read_again(session, record), adding, author) or True
    return True


def tell_others(
    entry_id: str, client: str, fields: Mapping[str, Any], clients: Sequence[str]
) -> bool:
    """Say which others of ``clients`` were named in what was saved, and return whether any was."""
    named, shown = find_others(fields, client, clients), show_safely(client)
    if named:
        say(
            f"{entry_id} is saved as about {shown}. You wrote {show_safely(join_words(named))}. If "
            f"it is not about {shown}: nearmiss correct {entry_id} --withdraw "
            '--reason "It is about another client"'
        )
    return bool(named)


def _point_at_nothing(fields: Fields) -> Fields:
    """Return ``fields`` without what names entries of a report: they go to another one."""
    kept = {name: fields[name] for name in fields if name not in ("undoes", "next_done", "ends")}
    if told_of := [each for each in kept.pop("told_of", ()) if each in ("event", "concern")]:
        kept["told_of"] = told_of
    return kept


def keep_anew(session: Session, answers: Fields, typed: Mapping[str, str], gate: str = "") -> Draft:
    """Keep what is to be asked anew as a draft of its own. Raises NearmissError."""
    sitting = session.drafts.start()
    sitting.gate = gate
    try:
        sitting.save(answers, typed)
    except OSError as error:
        problem = f"What you wrote can't be kept as a draft: {files.explain(error)}."
        raise NearmissError(problem) from error
    return sitting


def find_standing(
    session: Session, record: Record, fields: Mapping[str, Any], keeper: Keeper, reason: str = ""
) -> Record:
    """Return ``record`` as it stands; an error has the words in it, or keeps them."""
    try:
        now = read_again(session, record)
        if now.withdrawn and not record.withdrawn:
            raise NearmissError(f"{record.id} was withdrawn meanwhile, so it no longer counts.")
    except BookFault as problem:
        raise keep_problem(problem, keeper.type(fields, reason)) from problem
    except NearmissError as problem:
        keeper.sitting.end()
        words = "\n".join(list_texts(fields))
        copy = f" Here is what you wrote, to copy:\n{words}" if words else ""
        raise NearmissError(f"{problem}\nNothing was saved or kept.{copy}") from problem
    return now


def ask_about_doubted(session: Session, doubted: Doubted) -> None:
    """Ask who was reached of those who stand as told in other words, and keep the answer."""
    about = say_about(doubted.record, session.today)
    missed = []
    for line in doubted.lines:
        question = f'Noted as told: "{show_safely(line)}". Was anybody reached?'
        help_text = "n: it is kept as not told yet."
        if not ask_yes_no(session.asker, question, help_text, about=about, can_go_back=True):
            missed.append(line)
    content = settle_doubted(doubted, missed)
    session.make_ready()
    by, now = session.settings.author, session.now()
    announce(session.book.append([content], by, now), quiet=True)  # else the desk asks again
    say(f"Noted as a correction of {content.about}. It is not asked again.")
