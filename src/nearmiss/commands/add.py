"""What is added to a report at a terminal: one fact at a time, kept while typed, saved at once."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from nearmiss import files
from nearmiss.errors import NearmissError
from nearmiss.interview.drafts import mark_later
from nearmiss.interview.saving import ErasedWords
from nearmiss.model.entries import Correction
from nearmiss.session import Session
from nearmiss.speech import say
from nearmiss.terminal.asking import GoBack

if TYPE_CHECKING:
    from nearmiss.interview.drafts import Draft
    from nearmiss.interview.later import Adding
    from nearmiss.interview.right import Choosing
    from nearmiss.interview.saving import Typed
    from nearmiss.model.entries import CorrectionFields, FollowUp, Report
    from nearmiss.records.record import Record

Fields = dict[str, Any]  # a follow-up's fields as JSON has them, as far as they are answered


class Keeper:
    """Has what is added to a report on the disk while it is typed, or goes on with what was."""

    def __init__(self, session: Session, about: str, adding: str, entry: str = "") -> None:
        from nearmiss.interview.drafts import OpenElsewhere

        self.draft: Draft | None = None
        self.sitting = session.drafts.start()
        self._marks = about, adding, entry
        self._problem = ""  # why the last answers are not on the disk
        for draft in session.drafts.list_later(about):
            if (draft.adding, draft.entry) == (adding, entry):
                with suppress(OpenElsewhere):
                    self.draft, self.sitting = draft, session.drafts.resume(draft.path)
                    break

    def keep(self, answered: Mapping[str, Any], unfinished: Mapping[str, str]) -> str:
        """Keep what is answered and typed; return what to say where that can't be done."""
        return self._save(answered, {name: text for name, text in unfinished.items() if text})

    def _save(
        self, answered: Mapping[str, Any], unfinished: Mapping[str, str], *, saving: bool = False
    ) -> str:
        if not (answered or unfinished or self.sitting.path.exists()):
            return ""
        try:
            marked = mark_later(answered, *self._marks)
            self.sitting.save(marked, unfinished, is_saving=saving)
        except OSError as error:
            before, self._problem = self._problem, files.explain(error)
            again = f"What you write can't be kept as a draft: {self._problem}."
            return "" if before else f"{again} Please finish in one go."
        self._problem = ""
        return ""

    def type(self, fields: Fields) -> "Typed":
        """Return ``fields``, about to be saved, as what would be lost: the draft keeps it."""
        from nearmiss.interview.saving import Typed

        self._save(fields, {}, saving=True)

        def keep(data: bytes) -> Path:
            self.sitting.save(mark_later(json.loads(data), *self._marks))
            return self.sitting.path

        command = "correct" if self._marks[1] == "right" else "follow-up"
        again = f"When that is put right: nearmiss {command} {self._marks[0]}"
        return Typed(json.dumps(fields, ensure_ascii=False).encode(), keep, lambda path: again)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let the draft go to another time where it does not end in here; say so when stopped."""
        try:
            yield
        except (KeyboardInterrupt, EOFError) as stopped:
            if self.sitting.path.exists() and not isinstance(stopped, GoBack):
                command = "correct" if self._marks[1] == "right" else "follow-up"
                say(
                    f"\nStopped. What you wrote is kept. To go on: nearmiss {command} "
                    f"{self._marks[0]}"
                )
            raise
        except ErasedWords:
            self.sitting.end()
            raise
        finally:
            self.sitting.leave()


def say_since(session: Session, record: "Record", author: str | None = None) -> None:
    """Ask what there is to add to ``record`` and save each thing at once, until it is enough.

    Raises GoBack where the carer goes back with nothing added, KeyboardInterrupt or EOFError.
    """
    from nearmiss.interview.later import ask_adding

    added = False
    adding = _ask_left(session, record)
    while True:
        try:
            today = session.now().date()
            adding = adding or ask_adding(session.asker, record, today, again=added)
        except GoBack:
            if added:
                return
            raise
        if adding is None:
            return
        try:
            with suppress(GoBack):
                added = add_fact(session, record, adding, author) or added
        except NearmissError as problem:
            say(str(problem))
        adding = None
        record = _read_again(session, record)


def _ask_left(session: Session, record: "Record") -> "Adding | None":
    """Return what of ``record`` was not finished and is gone on with, if anything is."""
    from nearmiss.interview.drafts import describe_draft
    from nearmiss.terminal.asking import ask_yes_no

    forget_saved(session)
    for draft in session.drafts.list_later(record.id):
        say(f"Not finished: {describe_draft(draft, session.now())}.")
        if ask_yes_no(session.asker, "Go on with it?", can_go_back=True):
            return cast("Adding", draft.adding)
    return None


def forget_saved(session: Session) -> None:
    """Remove drafts of what was saved as the program was killed."""
    from nearmiss.records.find import find_record

    for draft in session.drafts.list_later():
        with suppress(NearmissError):
            later = find_record(session.book, draft.about, session.damaged.append).later
            changes = (each.changes for each in later if isinstance(each, Correction))
            if any(map(draft.was_saved, later)) or any(
                draft.was_saved(SimpleNamespace(**each)) for each in changes
            ):
                session.drafts.discard(draft.path)


def _read_again(session: Session, record: "Record") -> "Record":
    from nearmiss.records.find import find_record

    return find_record(session.book, record.id, session.damaged.append)


def add_fact(
    session: Session, record: "Record", adding: "Adding", author: str | None = None
) -> bool:
    """Ask for one fact about ``record`` and save it; return whether anything was saved.

    Raises GoBack, KeyboardInterrupt, EOFError, and what saving raises.
    """
    from nearmiss.interview.known import collect_known
    from nearmiss.interview.later import Since

    if adding == "right":
        return put_right(session, record, author=author)
    keeper = Keeper(session, record.id, adding)
    with keeper.hold():
        draft = keeper.draft
        since = Since(
            session.asker,
            record,
            session.now(),
            keeper.keep,
            dict(draft.answers if draft else {}),
            dict(draft.unfinished if draft else {}),
            collect_known(session.read_records()).people,
        )
        fields = since.ask(adding)
        if not fields:
            keeper.sitting.end()
            if adding != "close":  # which says why
                say("Nothing was added.")
            return False
        _save_fact(session, record, fields, keeper, author)
    if adding == "close" and "closes" not in fields and not since.stays_open:
        return add_fact(session, _read_again(session, record), adding, author) or True
    return True


def _save_fact(
    session: Session, record: "Record", fields: Fields, keeper: Keeper, author: str | None
) -> None:
    from nearmiss.interview.saving import tell_added
    from nearmiss.records.since import check_follow_up

    record = _find_standing(session, record, fields, keeper)
    content = check_follow_up(record, fields, session.now().date())
    session.save([content], author, keeper.type(fields))
    keeper.sitting.end()
    say(tell_added(record, fields))


def _find_standing(
    session: Session, record: "Record", fields: Mapping[str, Any], keeper: Keeper
) -> "Record":
    """Return ``record`` as it stands now. Raises NearmissError with the words where it is gone."""
    try:
        return _read_again(session, record)
    except NearmissError as problem:
        keeper.sitting.end()
        words = "\n".join(str(each) for each in fields.values())
        raise NearmissError(
            f"{problem}\nNothing was saved or kept. Here is what you wrote, to copy:\n{words}"
        ) from problem


def tell_corrected(record: "Record", content: "CorrectionFields") -> None:
    """Say what a correction came to, and who holds on paper what stood there before."""
    from nearmiss.records.handed import tell_handed_before

    if content.withdraws and content.about == record.id:
        say(
            f"Withdrawn: it stands in no count and on no list. To see it: nearmiss show {record.id}"
        )
    elif record.withdrawn and content.about == record.withdrawn.id:
        say(f"{record.id} stands again.")
    else:
        say(f"Saved. What stood there before stays readable: nearmiss show {record.id}")
    if handed := tell_handed_before(record, content.about):
        tell_them = (
            " Tell them; until that is noted, the desk says so." if content.withdraws else ""
        )
        say(f"{handed}{tell_them if content.about == record.id else ''}")


def put_right(
    session: Session,
    record: "Record",
    entry: "Report | FollowUp | None" = None,
    author: str | None = None,
) -> bool:
    """Ask what is wrong about ``record`` and why, and save that; return whether it was saved.

    ``entry`` is what is wrong, if that is known. Raises GoBack, KeyboardInterrupt, EOFError,
    and what saving raises.
    """
    from nearmiss.interview.later import say_about
    from nearmiss.interview.right import Choosing, Correcting, choose_wrong

    if entry is None:
        about = say_about(record, session.now().date())
        chosen = choose_wrong(session.asker, record, about)
    else:
        chosen = Choosing(entry.id, entry)
    keeper = Keeper(session, record.id, "right", chosen.entry_id)
    with keeper.hold():
        draft = keeper.draft
        asking = Correcting(
            session.asker,
            session.now,
            keeper.keep,
            dict(draft.answers if draft else {}),
            dict(draft.unfinished if draft else {}),
        )
        changes = asking.ask(chosen.entry) if chosen.entry else None
        if changes == {}:
            keeper.sitting.end()
            say("Nothing was changed.")
            return False
        reason = asking.ask_reason(withdraws=changes is None)
        content = _build(session, record, chosen, changes, reason)
        _save_right(session, record, content, keeper, author)
    return True


def _build(
    session: Session,
    record: "Record",
    chosen: "Choosing",
    changes: Mapping[str, Any] | None,
    reason: str,
) -> "CorrectionFields":
    from nearmiss.records.since import make_correction, make_withdrawal

    if changes is None or chosen.entry is None:
        return make_withdrawal(chosen.entry_id, reason)
    return make_correction(record, chosen.entry, changes, reason, session.now().date())


def _save_right(
    session: Session,
    record: "Record",
    content: "CorrectionFields",
    keeper: Keeper,
    author: str | None,
) -> None:
    record = _find_standing(session, record, content.changes, keeper)
    session.save([content], author, keeper.type(dict(content.changes)))
    keeper.sitting.end()
    tell_corrected(record, content)
