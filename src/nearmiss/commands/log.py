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
from nearmiss.speech import is_conversation, join_words

if TYPE_CHECKING:
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
    given = list_given(answers)
    author = None if by is None else _read_author(by)
    if draft is not None and not discard_draft:
        raise NothingDiscarded
    if discard_draft:
        _discard_draft(session, draft, sure=yes)
    elif json_file is not None:
        _refuse_both(given)
        _log_json(session, json_file, author)
    elif is_conversation() and not (yes and given.keys() >= _REQUIRED):
        from nearmiss.conversations.sitting import hold_sitting

        hold_sitting(session, _read_options(session, given), author, skip_review=yes)
    else:
        _log_given(session, given, author)


_REQUIRED = QUESTIONS.keys() - {"safeguarding", "informed", "recommendations"}


def _read_author(by: str) -> str | None:
    from nearmiss.intake.fields import read_author

    return read_author(by)


class NothingDiscarded(UsageProblem):
    """A draft was named by its number, and not what is to be done with it."""

    def __init__(self) -> None:
        super().__init__(
            "--draft says which draft is thrown away: add --discard-draft. Nothing was thrown "
            "away. To go on with a draft: nearmiss log"
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


def _discard_draft(session: Session, number: int | None, *, sure: bool) -> None:
    from nearmiss.interview.unfinished import discard_draft

    asker = session.asker if is_conversation() else None
    discard_draft(asker, session.drafts, number, session.now(), sure=sure)


def _log_json(session: Session, source: str, author: str | None) -> None:
    from nearmiss.intake.fields import read_json_reports

    data = _read_input(source)
    reports = read_json_reports(data, session.now())
    typed = type_report(data, session.keep_input)
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
    if not given:  # then the first question need not wait for what reads answers
        return given
    from nearmiss.intake.fields import read_options

    return read_options(given, session.now(), OPTION_NAMES)


def _log_given(session: Session, given: Mapping[str, object], author: str | None) -> None:
    from nearmiss.intake.fields import make_report

    report = make_report(given, session.now(), OPTION_NAMES)
    typed = type_report(report.model_dump_json().encode(), session.keep_input)
    _name_similar(session, save(session.write([report], author), typed))


def _name_similar(session: Session, written: "Written") -> None:
    if len(written.ids) == 1:
        from nearmiss.conversations.hazards import name_likely_ones
        from nearmiss.records.selection import find_record

        with after_saving(written.ids):
            record = find_record(session.book, written.ids[0], session.damaged.append)
            name_likely_ones(session, record.report)
