"""``nearmiss log``: write down a near miss."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss import files
from nearmiss.errors import CannotRead, UsageProblem
from nearmiss.interview.saving import after_saving, save, type_report
from nearmiss.model.wording import QUESTIONS
from nearmiss.options.answers import OPTION_NAMES, AnswerOptions, list_given
from nearmiss.session import Session
from nearmiss.speech import count_of, is_conversation, join_words, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nearmiss.interview.drafts import Draft
    from nearmiss.logbook.book import Written


def log(
    session: Session,
    answers: AnswerOptions,
    by: Annotated[
        str | None, typer.Option("--by", metavar="TEXT", help="Who writes this: name, role.")
    ] = None,
    json_file: Annotated[
        str | None,
        typer.Option("--json", metavar="FILE", help="Take reports as JSON; - is the input."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Save without questions or review.")] = False,
    discard_draft: Annotated[
        bool, typer.Option("--discard-draft", help="Throw away a report that was not saved.")
    ] = False,
    draft: Annotated[
        int | None,
        typer.Option("--draft", metavar="N", help="With --discard-draft: which one, by number."),
    ] = None,
) -> None:
    """Write down a near miss. It takes two minutes.

    Example: nearmiss log
    Example: nearmiss log --client MB --when "about 8pm" --where "lounge, by the armchair"
    """
    from nearmiss.intake.fields import read_author

    given = list_given(answers)
    author = read_author(by)
    if draft is not None and not discard_draft:
        raise NothingDiscarded
    if discard_draft:
        _discard_drafts(session, draft, sure=yes)
    elif json_file is not None:
        _refuse_both(given)
        _log_json(session, json_file, author)
    elif is_conversation() and not (yes and given.keys() >= _REQUIRED):
        from nearmiss.conversations.sitting import hold_sitting

        hold_sitting(session, _read_options(session, given), author, skip_review=yes)
    else:
        _log_given(session, given, author)


_REQUIRED = QUESTIONS.keys() - {"safeguarding", "informed", "recommendations"}


class NothingDiscarded(UsageProblem):
    """A draft was named by its number, and not what is to be done with it."""

    def __init__(self) -> None:
        super().__init__(
            "--draft says which draft is thrown away: add --discard-draft. Nothing was thrown "
            "away. To go on with a draft: nearmiss log"
        )


class WhichDraft(UsageProblem):
    """There are several drafts and nobody can be asked which one is meant."""

    def __init__(self, *, count: int) -> None:
        super().__init__(
            f"There are {count} drafts. Say which one, the newest being 1: "
            "nearmiss log --discard-draft --draft 1 --yes\nNothing was thrown away."
        )


class NoSuchDraft(UsageProblem):
    """A draft was named by a number that none has."""

    def __init__(self, *, number: int, count: int) -> None:
        super().__init__(
            f"There is no draft {number}: there {'is' if count == 1 else 'are'} "
            f"{count_of(count, 'draft')}. Nothing was thrown away."
        )


class NotSure(UsageProblem):
    """Nobody can be asked whether a draft may go."""

    def __init__(self) -> None:
        super().__init__(
            "A draft that is thrown away can't be brought back. Without a terminal, add --yes. "
            "Nothing was thrown away."
        )


class TwoSources(UsageProblem):
    """A report was given both as JSON and by options."""

    def __init__(self, *, options: str) -> None:
        super().__init__(
            f"{options} and --json can't be used together: the reports come from the file. "
            "Nothing was saved. Leave one of them out."
        )


def _refuse_both(given: Mapping[str, object]) -> None:
    if given:
        raise TwoSources(
            options=join_words([OPTION_NAMES.get(field, "--approx") for field in given])
        )


def _discard_drafts(session: Session, number: int | None, *, sure: bool) -> None:
    """Throw one draft away: the one with that number, the only one, or the one that is chosen."""
    from nearmiss.interview.unfinished import choose_discarded, describe_draft

    drafts = session.drafts.list_left()
    if not drafts:
        say("There is no draft to throw away.")
        return
    draft: Draft | None = (
        _find_draft(drafts, number) if number is not None or len(drafts) == 1 else None
    )
    if draft is None:
        if not is_conversation():
            raise WhichDraft(count=len(drafts))
        draft = choose_discarded(session.asker, drafts, session.now())
    if draft is not None and _confirm(session, draft, sure=sure):
        session.drafts.discard(draft.path)
        say(f"Thrown away: {describe_draft(draft, session.now())}.")
    else:
        say("Nothing was thrown away.")


def _find_draft(drafts: "Sequence[Draft]", number: int | None) -> "Draft":
    if number is not None and not 1 <= number <= len(drafts):
        raise NoSuchDraft(number=number, count=len(drafts))
    return drafts[0 if number is None else number - 1]


def _confirm(session: Session, draft: "Draft", *, sure: bool) -> bool:
    from nearmiss.interview.asking import ask_yes_no
    from nearmiss.interview.unfinished import show_draft

    if sure:
        return True
    if not is_conversation():
        raise NotSure
    say(show_draft(draft, session.now()))
    return ask_yes_no(session.asker, "Throw it away for good?")


def _log_json(session: Session, source: str, author: str | None) -> None:
    from nearmiss.intake.fields import read_json_reports

    data = _read_input(source)
    reports = read_json_reports(data, session.now())
    typed = type_report(data, session.drafts.keep_input)
    written = save(session.write(reports, author), typed)
    session.drafts.forget(Path(source))
    _name_similar(session, written)


def _read_input(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    path = Path(source)
    try:
        files.require_ordinary(path)
        return path.read_bytes()
    except OSError as error:
        raise CannotRead(path=path, reason=files.explain(error)) from error


def _read_options(session: Session, given: Mapping[str, object]) -> Mapping[str, object]:
    from nearmiss.intake.fields import read_options

    return read_options(given, session.now(), OPTION_NAMES)


def _log_given(session: Session, given: Mapping[str, object], author: str | None) -> None:
    from nearmiss.intake.fields import make_report

    report = make_report(given, session.now(), OPTION_NAMES)
    typed = type_report(report.model_dump_json().encode(), session.drafts.keep_input)
    _name_similar(session, save(session.write([report], author), typed))


def _name_similar(session: Session, written: "Written") -> None:
    if len(written.ids) == 1:
        from nearmiss.conversations.hazards import make_reader
        from nearmiss.interview.same_hazard import name_likely
        from nearmiss.records.selection import find_record

        with after_saving(written.ids):
            record = find_record(session.book, written.ids[0], session.damaged.append)
            name_likely(make_reader(session), record.report)
