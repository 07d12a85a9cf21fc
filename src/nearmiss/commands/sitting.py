"""A sitting: the interview at a terminal from the gate to what is said after saving."""

import json
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nearmiss import files
from nearmiss.interview.answers import fill_missing
from nearmiss.interview.drafts import UNFINISHED
from nearmiss.interview.gate import ask_carer, holds_saved, offer_draft, pass_gate
from nearmiss.interview.hints import hint_answers
from nearmiss.interview.known import collect_known
from nearmiss.interview.report_questions import Interview
from nearmiss.interview.saving import after_saving, save, type_report
from nearmiss.session import Session
from nearmiss.settings import write_settings
from nearmiss.speech import say

if TYPE_CHECKING:
    from nearmiss.interview.asking import Asker
    from nearmiss.interview.drafts import Answers, Draft, Sitting

_NEWEST = 20  # reports in which a draft that was saved after all is looked for


def hold_sitting(
    session: Session, given: Mapping[str, Any], author: str | None, *, skip_review: bool
) -> None:
    """Ask for a report and save it; ``given`` are fields that options answered.

    With ``skip_review`` there is no gate and no review. Raises KeyboardInterrupt or EOFError,
    and what saving raises; what was answered is then kept as a draft.
    """
    known = collect_known(session.read_records())  # and so finds at once a book that can't be read
    session.warn_of_damage()
    with _stop_on_signals(session.asker):
        draft = _find_draft(session)
        gate = "not asked"
        if not draft and not skip_review:
            gate = pass_gate(session.asker, session.settings.country)
        if gate == "stop":
            say("Nothing was written. When it is time: nearmiss log")
            return
        _introduce(session, author)
        sitting = session.drafts.resume(draft.path) if draft else session.drafts.start()
        interview = Interview(
            session.asker,
            {**(fill_missing(draft.answers) if draft else {}), **given},
            known,
            keep=_Keeper(sitting).keep,
            now=session.now,
            suggest=lambda answers: _suggest(session, answers),
            hint=hint_answers,
            given=frozenset(given),
            unfinished=draft.unfinished if draft else {},
        )
        with _keep_when_stopped(sitting):
            interview.ask_all()
            decision = "save" if skip_review else interview.review()
            if decision == "save":
                _save(session, interview.answers, author, sitting, unhurt=gate == "unhurt")
            elif decision == "draft":
                sitting.leave()
                say("Kept as a draft. To go on: nearmiss log")
            else:
                sitting.end()
                say("Thrown away. Nothing was saved.")


def _suggest(session: Session, answers: "Answers") -> str | None:
    from nearmiss.commands.hazards import load_lexicon
    from nearmiss.insight.suggest import suggest_category

    return suggest_category(answers, load_lexicon(session))


def _find_draft(session: Session) -> "Draft | None":
    draft = session.drafts.find_newest()
    if draft is None:
        return None
    newest = [record.original for record in islice(session.read_records(), _NEWEST)]
    if holds_saved(draft.answers, newest):
        session.drafts.forget(draft.path)
        return None
    if offer_draft(session.asker, draft, session.now()):
        return draft
    say("It stays a draft. To throw it away: nearmiss log --discard-draft")
    return None


def _introduce(session: Session, author: str | None) -> None:
    if author or session.paths.settings.exists():
        return
    settings = ask_carer(session.asker, session.settings)
    write_settings(session.paths, settings)
    session.settings = settings


class _Keeper:
    """Has the answers on the disk after each one; says once where that can't be done."""

    def __init__(self, sitting: "Sitting") -> None:
        self._sitting = sitting
        self._warned = False

    def keep(self, answers: "Answers", unfinished: Mapping[str, str]) -> None:
        try:
            self._sitting.save(answers | ({UNFINISHED: unfinished} if unfinished else {}))
        except OSError as error:
            if not self._warned:
                self._warned = True
                reason = files.explain(error)
                say(f"Your answers can't be kept as a draft: {reason}. Please finish in one go.")


@contextmanager
def _keep_when_stopped(sitting: "Sitting") -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, EOFError):
        sitting.leave()
        if sitting.path.exists():
            with suppress(OSError):  # the window may be gone
                say("\nStopped. Your answers are kept. To go on: nearmiss log")
        raise


@contextmanager
def _stop_on_signals(asker: "Asker") -> Iterator[None]:
    """Let a closed window or a shutdown end the questions as Ctrl-C does."""

    def stop(number: int, frame: object) -> None:
        asker.stop()

    numbers = [getattr(signal, name) for name in ("SIGHUP", "SIGTERM") if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _save(
    session: Session,
    answers: "Answers",
    author: str | None,
    sitting: "Sitting",
    *,
    unhurt: bool,
) -> None:
    from nearmiss.commands.verdicts import ask_about_similar
    from nearmiss.interview.advice import list_afterwards
    from nearmiss.model.entries import ReportFields
    from nearmiss.records.selection import find_record

    def keep(data: bytes) -> Path:
        sitting.save(json.loads(data))
        return sitting.path

    report = ReportFields.model_validate(answers)
    data = json.dumps(answers, ensure_ascii=False).encode()
    written = save(session.write([report], author), type_report(data, keep))
    sitting.end()
    say(f"Saved. It is kept in {session.book.path}")
    # The report is saved; what follows can wait.
    with after_saving(written.ids), suppress(KeyboardInterrupt, EOFError):
        record = find_record(session.book, written.ids[0], session.damaged.append)
        for paragraph in list_afterwards(record, session.settings.country, unhurt=unhurt):
            say()
            say(paragraph)
        ask_about_similar(session, record)
