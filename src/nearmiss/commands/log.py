"""``nearmiss log``: write down a near miss."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nearmiss import files
from nearmiss.commands.session import Session, get_session
from nearmiss.errors import CannotRead, NearmissError
from nearmiss.model.wording import QUESTIONS
from nearmiss.speech import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nearmiss.logbook.book import Written
    from nearmiss.model.entries import ReportFields


class NotSaved(NearmissError):
    """The write failed; what was given is kept elsewhere."""

    sentence = (
        "{problem} What you wrote is kept in {path}\n"
        "When that is put right: nearmiss log --json {path}"
    )


class NotEvenKept(NearmissError):
    """The write failed and no draft could be written: the answers go to the screen."""

    sentence = (
        "{problem} It could not be kept as a draft either: {reason}. "
        "Here it is, to copy before you close this window:\n{answers}"
    )


def _option(field: str, **more: Any) -> Any:
    return typer.Option(QUESTIONS[field].option, help=QUESTIONS[field].ask, **more)


def log(
    context: typer.Context,
    client: Annotated[str | None, _option("client")] = None,
    when: Annotated[str | None, _option("occurred_at")] = None,
    where: Annotated[str | None, _option("location")] = None,
    category: Annotated[str | None, _option("category")] = None,
    what: Annotated[str | None, _option("what_nearly_happened")] = None,
    prevented: Annotated[str | None, _option("how_prevented")] = None,
    action: Annotated[str | None, _option("immediate_action")] = None,
    informed: Annotated[list[str] | None, _option("informed")] = None,
    recommend: Annotated[list[str] | None, _option("recommendations")] = None,
    safeguarding: Annotated[
        bool | None,
        typer.Option("--safeguarding/--no-safeguarding", help=QUESTIONS["safeguarding"].ask),
    ] = None,
    approx: Annotated[bool, typer.Option("--approx", help="The time is not exact.")] = False,
    by: Annotated[str | None, typer.Option("--by", help="Who writes this: name, role.")] = None,
    json_file: Annotated[
        str | None,
        typer.Option("--json", metavar="FILE", help="Take reports as JSON; - is the input."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Save without questions or review.")] = False,
    discard_draft: Annotated[
        bool, typer.Option("--discard-draft", help="Throw away what was not saved.")
    ] = False,
) -> None:
    """Write down a near miss. It takes two minutes.

    Example: nearmiss log
    """
    session = get_session(context)
    answers = {
        "client": client,
        "occurred_at": when,
        "occurred_approx": approx or None,
        "location": where,
        "category": category,
        "what_nearly_happened": what,
        "how_prevented": prevented,
        "immediate_action": action,
        "informed": informed,
        "recommendations": recommend,
        "safeguarding": safeguarding,
    }
    given = {field: answer for field, answer in answers.items() if answer is not None}
    author = by or session.settings.author
    if discard_draft:
        _discard_drafts(session)
    elif json_file is not None:
        _log_json(session, json_file, author)
    else:
        _log_given(session, given, author)


def _discard_drafts(session: Session) -> None:
    count = session.drafts.discard_all()
    say(f"{count} thrown away." if count else "There is no draft to throw away.")


def _log_json(session: Session, source: str, author: str) -> None:
    from nearmiss.intake import read_json_reports

    data = _read_input(source)
    reports = read_json_reports(data, session.now())
    _save(session, reports, author, kept=data)


def _read_input(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    path = Path(source)
    try:
        files.require_ordinary(path)
        return path.read_bytes()
    except OSError as error:
        raise CannotRead(path=path, reason=files.explain(error)) from error


def _log_given(session: Session, given: dict[str, Any], author: str) -> None:
    from nearmiss.intake import BadReport, check_report
    from nearmiss.selection import UnknownKind, read_category

    with suppress(UnknownKind):  # the check names it among everything else
        given["category"] = read_category(given.get("category", ""))
    try:
        report = check_report(given, session.now())
    except BadReport as problem:
        raise BadReport(problem.problems, _OPTION_NAMES) from None
    _save(session, [report], author, kept=report.model_dump_json().encode())


_OPTION_NAMES = {field: question.option for field, question in QUESTIONS.items()}


def _save(
    session: Session, reports: "Sequence[ReportFields]", author: str, kept: bytes
) -> "Written":
    try:
        written = session.book.append(reports, author, session.now())
    except NearmissError as problem:
        raise _keep(session, problem, kept) from problem
    for notice in written.notices:
        say(notice)
    print("\n".join(written.ids))
    return written


def _keep(session: Session, problem: NearmissError, kept: bytes) -> NearmissError:
    try:
        return NotSaved(problem=problem, path=session.drafts.keep_input(kept))
    except OSError as error:
        answers = kept.decode(errors="replace")
        return NotEvenKept(problem=problem, reason=files.explain(error), answers=answers)
