"""One report written down at a terminal: its draft, the questions, the review, and saving it."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nearmiss import files
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.interview.advice import offer_help, pass_gate
from nearmiss.interview.drafts import (
    Draft,
    OpenElsewhere,
    Pasted,
    describe_draft,
    read_draft,
    refuse_kept,
)
from nearmiss.interview.saving import TO_COPY, after_saving, hold_draft, type_draft
from nearmiss.records.informed import NO_PROTECTOR, lacks_protector
from nearmiss.session import Session
from nearmiss.speech import join_words, name_some, say
from nearmiss.terminal.asking import Choice, GoBack, Option, ask_yes_no, say_whole, stop_on_signals
from nearmiss.text import shorten, show_safely

if TYPE_CHECKING:
    from nearmiss.intake.phone_fields import Phoned
    from nearmiss.interview.known import Known
    from nearmiss.interview.report import Interview
    from nearmiss.logbook.book import Written
    from nearmiss.model.entries import ReportFields
    from nearmiss.model.questions import Audience
    from nearmiss.records.record import Record
    from nearmiss.terminal.asking import Asker

_GLIMPSE = 120  # characters of a report of a phone's text
_MOST_FIRST = 65536  # bytes of the first line of a book that are looked at
_AROUND_NEXT = 9  # rows that "What next?" takes
_MOST_SAID = 10  # lines of one kind that are said after saving many reports
_MOST_READ = 500  # reports saved at once that are looked through for words of harm


def hold_sitting(
    session: Session,
    given: Mapping[str, object],
    author: str | None,
    *,
    skip_review: bool,
    to_go_on: str = "nearmiss log",
    begun: Draft | None = None,
    others: Sequence[Path] = (),
) -> None:
    """Ask for a report and save it; ``given`` are fields that options answered.

    With ``skip_review`` there is no gate and no review. ``to_go_on`` is what the carer types to go
    on where she stopped. The draft of ``begun`` is gone on with; what it answers is not asked.
    ``others`` are drafts that come after it.
    """
    with stop_on_signals(lambda: session.asker):
        sitting = begun or _open_draft(session, to_go_on)
        sitting.by = author or sitting.by
        author = sitting.by or None
        given = begun.answers if begun and begun.notes is None else given
        is_new = not sitting.kept or (sitting.notes is not None and not sitting.gate)
        with hold_draft(sitting, to_go_on):
            try:
                interview = _ask(session, sitting, given, asks_gate=is_new and not skip_review)
            except Pasted as pasted:
                first, *more = keep_text(session, pasted.text, author)
                sitting.end()
                begun = session.drafts.resume(first)
                begun.gate = sitting.gate
                go_on = partial(hold_sitting, session, given, author, to_go_on=to_go_on)
                go_on(skip_review=skip_review, begun=begun, others=[*more, *others])
                return
            if interview is None:
                kept = "Your answers are kept" if sitting.path.exists() else "Nothing was written"
                say(f"{kept}. When it is time: {to_go_on}")
                return
            decision = "save" if skip_review else interview.review()
            if decision == "save":
                _save(session, sitting, interview, skip_review=skip_review)
            elif decision == "throw away":
                refuse_kept(sitting.path, sitting.end())
                say("Thrown away. Nothing was saved.")
            # Where options gave every answer, nothing has been kept yet.
            elif sitting.keep(interview.answers, interview.unfinished):
                say(f"Nothing is kept: {sitting.problem}. {TO_COPY}")
            else:
                say(f"Kept as a draft. To go on: {to_go_on}")
    _go_on_with(session, others, author)


def _go_on_with(session: Session, others: Sequence[Path], author: str | None) -> None:
    """Ask for the other reports of a phone's text, one by one, as long as the carer goes on."""
    for path in others:
        with suppress(OpenElsewhere):
            told = describe_draft(replace(read_draft(path), changed=None), session.now())
            if not ask_yes_no(session.asker, f"Go on with the next one from your phone: {told}?"):
                say("It is kept. To go on: nearmiss log")
                return
            begun = session.drafts.resume(path)
            hold_sitting(session, {}, author, skip_review=False, begun=begun)


def keep_text(session: Session, text: str, author: str | None) -> list[Path]:
    """Keep the reports of a phone's text as drafts; return these. Raises NearmissError.

    Which of them may be one is asked; they are kept before, as the text stands nowhere else.
    """
    from nearmiss.intake.phone_fields import read_phone

    read = partial(read_phone, text, session.now(), _collect_known(session).clients, stays=True)
    phoned, before = read(), list[Path]()
    if any(each.may_be_one for each in phoned):
        before = keep_phoned(session, phoned, author)
        try:
            phoned = read(are_two=partial(_ask_whether_two, session.asker))
        except (KeyboardInterrupt, EOFError):
            say("\nStopped. What you wrote is kept. To go on: nearmiss log")
            raise
    paths = keep_phoned(session, phoned, author)
    for each in before:
        session.drafts.discard(each)
    return paths


def keep_phoned(session: Session, phoned: "Sequence[Phoned]", author: str | None) -> list[Path]:
    """Keep reports of a phone's text as drafts and return these. Raises NearmissError."""
    if not phoned:
        raise UsageProblem(
            "There is no answer in that text. Nothing was saved. "
            "To see what it looks like: nearmiss guide phone"
        )
    try:
        return session.drafts.keep_phoned(phoned, author)
    except OSError as error:
        reason = files.explain(error)
        raise NearmissError(
            f"Nothing was saved or kept: {reason}. The text is as it was."
        ) from error


def _ask_whether_two(asker: "Asker", first: str, second: str) -> bool:
    say("\nYour phone's text may be of two near misses:")
    for number, said in enumerate((first, second), 1):
        say(f"{number}. {show_safely(shorten(said, _GLIMPSE))}")
    return ask_yes_no(asker, "Are these two reports?")


def _looks_sound(path: Path) -> bool:
    """Whether there is no book, or its first line is as it should be.

    Then the first question need not wait until the book is read: help comes first.
    """
    try:
        if not files.require_ordinary(path):
            return True
        with path.open("rb") as file:
            first = json.loads(file.readline(_MOST_FIRST))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(first, dict) and (first.get("entry"), first.get("format")) == ("opened", 1)


def _collect_known(session: Session) -> "Known":
    from nearmiss.interview.known import collect_known

    known = collect_known(session.read_records())
    session.warn_of_damage()
    return known


def _open_draft(session: Session, to_go_on: str) -> Draft:
    """Return the draft that the carer chose to go on with, or a new one."""
    drafts = session.drafts
    session.forget_saved()
    while unfinished := drafts.list_unfinished():
        from nearmiss.interview.drafts import offer_drafts

        draft = offer_drafts(session.asker, unfinished, session.now())
        if draft is None:
            book = 'choose "Look after the book", then "Throw away a draft"'
            way = book if to_go_on == "1" else "nearmiss log --discard-draft"
            say(f"What was not finished is kept. To throw it away: {way}")
            break
        try:
            return drafts.resume(draft.path)
        except OpenElsewhere:
            say("That report is open in another window.")
    return drafts.start()


def _ask(
    session: Session, sitting: Draft, given: Mapping[str, object], *, asks_gate: bool
) -> "Interview | None":
    """Ask the gate and the questions; return what was answered, None where it ended there.

    Where options say that it is an incident, the gate's question is answered, and help said.
    """
    if asks_gate and not _looks_sound(session.paths.logbook):
        _collect_known(session)  # and so says at once what is wrong with it
    interview = None
    while True:
        if given.get("entry") == "incident":
            goes_on = not asks_gate or offer_help(session.asker)
            sitting.gate = "perhaps hurt" if goes_on else "stop"
        elif asks_gate:
            sitting.gate = pass_gate(session.asker, sitting.gate)
        if sitting.gate == "stop":
            return None
        try:
            session.introduce(sitting.by or None, can_leave=asks_gate)
            session.settle_new_book()
            interview = interview or _prepare(session, sitting, given)
            interview.pass_gate(sitting.gate)
            interview.ask_all(can_leave=asks_gate)
        except GoBack:
            if not asks_gate:
                raise
            continue
        return interview


def _prepare(session: Session, sitting: Draft, given: Mapping[str, object]) -> "Interview":
    from nearmiss.interview.advice import hint_answers
    from nearmiss.interview.answers import fill_missing
    from nearmiss.interview.report import Interview

    given = {name: value for name, value in given.items() if name != "entry"}
    return Interview(
        session.asker,
        {**fill_missing(sitting.answers), **given},
        _collect_known(session),
        keep=sitting.keep,
        now=session.now,
        hint=hint_answers,
        given=frozenset(given),
        unfinished=dict(sitting.unfinished),
        gate=sitting.gate,
        passes=sitting.pass_gate,
        notes=sitting.notes or {},
    )


def _save(session: Session, sitting: Draft, interview: "Interview", *, skip_review: bool) -> None:
    """Save the report, then say what to do now and ask what next."""
    from nearmiss.model.entries import build_report

    answers, author = interview.answers, sitting.by or None
    report = build_report(answers)
    typed = type_draft(sitting, answers)
    written = session.save([report], author, typed, claims=[sitting.claims])
    # Only now: saving does not wait for what comes after it.
    from nearmiss.interview.advice import list_advice

    sitting.end()
    say(f"Saved. It is kept in {session.book.path}")
    # The report is saved; what follows can wait.
    with after_saving(written.ids), suppress(KeyboardInterrupt, EOFError):
        record = session.find_record(written.ids[0])
        if not sitting.gate:  # it was not asked whether anyone was hurt
            _say_of_harm([report], written)
        if skip_review:  # nor whether it is about whom it names
            _say_of_others(session, [report], written)
        unhurt = sitting.gate.startswith("unhurt")
        was_advised = "safeguarding" not in interview.given
        advice = list_advice(record, unhurt=unhurt, was_advised=was_advised)
        say_whole(session.asker, advice, (), _AROUND_NEXT)
        take_next_steps(session, record, author)


def say_after(
    session: Session, reports: "Sequence[ReportFields]", written: "Written", notes: Sequence[str]
) -> None:
    """Say what became of lines of who was told, which words tell of harm, and what is alike."""
    from nearmiss.commands.hazards import name_likely_ones

    for note in name_some(notes, _MOST_SAID, "and {:,} more lines of who was told"):
        say(note)
    with after_saving(written.ids):
        _say_of_harm(reports, written)
        _say_of_others(session, reports, written)
        if len(written.ids) == 1:
            record = session.find_record(written.ids[0])
            if lacks_protector(record):
                say(NO_PROTECTOR)
            name_likely_ones(session, record.current)


def _say_of_others(session: Session, reports: "Sequence[ReportFields]", written: "Written") -> None:
    from nearmiss.commands.add import tell_others
    from nearmiss.commands.which import list_clients

    clients, said = list_clients(session), 0
    for report, entry_id in zip(reports[:_MOST_READ], written.ids, strict=False):
        if said < _MOST_SAID:
            said += tell_others(entry_id, report.client, report.model_dump(), clients)


def _say_of_harm(reports: "Sequence[ReportFields]", written: "Written") -> None:
    """Say which near misses are told in words of harm: that may be an incident."""
    from nearmiss.interview.advice import list_harm

    told = [
        f"{report} is saved as a near miss. You wrote {join_words(found)}. If anyone was hurt, "
        f"write it with --incident and --injury, and take this one back: "
        f'nearmiss correct {report} --withdraw --reason "It is an incident"'
        for report, each in zip(written.ids, reports[:_MOST_READ], strict=False)
        if (found := list_harm(each.model_dump()))
    ]
    for line in name_some(told, _MOST_SAID, "and {:,} more near misses in words of harm"):
        say(line)
    if len(reports) > _MOST_READ:
        say(f"Only the first {_MOST_READ} were looked through for words of harm.")


_Step = Callable[[], object]


def take_next_steps(session: Session, record: "Record", author: str | None) -> None:
    """Ask which reports show the same hazard, then what is to be done next, until it is enough."""
    from nearmiss.commands.add import add_fact
    from nearmiss.commands.hazards import ask_about_likeness
    from nearmiss.commands.right import put_entry_right
    from nearmiss.commands.which import read_again
    from nearmiss.interview.right import Choosing

    def put_right() -> None:
        now = read_again(session, record)
        put_entry_right(session, now, Choosing(now.id, now.current), author)

    def note_told() -> None:
        add_fact(session, read_again(session, record), "told", author)

    options: tuple[Option[_Step | None], ...] = (
        Option("Put something right", put_right),
        Option("Say who was told", note_told),
        Option("Print it", partial(print_report, session, record.id)),
        Option("Done", None, words=("d",)),
    )
    choice = Choice("What next?", options, chosen=len(options) - 1)
    step: _Step | None = partial(ask_about_likeness, session, record.current)
    while step:
        try:
            step()
        except NearmissError as problem:  # the report stays saved
            say(str(problem))
        except (GoBack, KeyboardInterrupt, EOFError):
            say("Nothing more was saved.")
        step = session.asker.choose(choice)


def print_report(session: Session, report: str) -> None:
    """Ask who will read the report of that id, and make it."""
    from nearmiss.options import HandingOptions
    from nearmiss.sharing.hand_over import hand_over
    from nearmiss.sharing.request import read_request

    readers: tuple[Option[Audience], ...] = (
        Option("Only me", "own"),
        Option("The family", "family"),
        Option("A GP, nurse or other professional", "professional"),
    )
    audience = session.asker.choose(Choice("Who will read it?", readers, can_go_back=True))
    request = read_request(
        "report", "pdf", audience, HandingOptions(), references=(report,), today=session.today
    )
    hand_over(request, session.workplace)
