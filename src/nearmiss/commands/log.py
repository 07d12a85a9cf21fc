"""``nearmiss log``: write down a near miss."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from nearmiss import files
from nearmiss.commands.completing import complete_client
from nearmiss.commands.saving import save_reports
from nearmiss.commands.session import Session, get_session
from nearmiss.errors import CannotRead, UsageProblem
from nearmiss.model.wording import QUESTIONS
from nearmiss.speech import is_conversation, join_words, say

OPTION_NAMES = {field: question.option for field, question in QUESTIONS.items()}


def field_option(field: str) -> Any:
    """Return the option that answers the question of ``field``."""
    question = QUESTIONS[field]
    offer = complete_client if field == "client" else None
    return typer.Option(question.option, help=question.ask, autocompletion=offer)


def log(
    context: typer.Context,
    client: Annotated[str | None, field_option("client")] = None,
    when: Annotated[str | None, field_option("occurred_at")] = None,
    where: Annotated[str | None, field_option("location")] = None,
    category: Annotated[str | None, field_option("category")] = None,
    what: Annotated[str | None, field_option("what_nearly_happened")] = None,
    prevented: Annotated[str | None, field_option("how_prevented")] = None,
    action: Annotated[str | None, field_option("immediate_action")] = None,
    informed: Annotated[list[str] | None, field_option("informed")] = None,
    recommend: Annotated[list[str] | None, field_option("recommendations")] = None,
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
    from nearmiss.intake import read_author

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
    author = read_author(by)
    if discard_draft:
        _discard_drafts(session)
    elif json_file is not None:
        _refuse_both(given)
        _log_json(session, json_file, author)
    elif is_conversation() and not (yes and given.keys() >= _REQUIRED):
        from nearmiss.commands.sitting import hold_sitting

        hold_sitting(session, _read_options(session, given), author, skip_review=yes)
    else:
        _log_given(session, given, author)


_REQUIRED = QUESTIONS.keys() - {"safeguarding", "informed", "recommendations"}


class TwoSources(UsageProblem):
    """A report was given both as JSON and by options."""

    sentence = (
        "{options} and --json can't be used together: the reports come from the file. "
        "Nothing was saved. Leave one of them out."
    )


def _refuse_both(given: dict[str, Any]) -> None:
    if given:
        raise TwoSources(options=join_words([OPTION_NAMES[field] for field in given]))


def _discard_drafts(session: Session) -> None:
    count = session.drafts.discard_all()
    say(f"{count} thrown away." if count else "There is no draft to throw away.")


def _log_json(session: Session, source: str, author: str | None) -> None:
    from nearmiss.intake import read_json_reports

    data = _read_input(source)
    reports = read_json_reports(data, session.now())
    save_reports(session, reports, author, data, session.drafts.keep_input)
    session.drafts.forget(Path(source))


def _read_input(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    path = Path(source)
    try:
        files.require_ordinary(path)
        return path.read_bytes()
    except OSError as error:
        raise CannotRead(path=path, reason=files.explain(error)) from error


def _read_options(session: Session, given: dict[str, Any]) -> dict[str, Any]:
    from nearmiss.intake import read_options

    return read_options(given, session.now(), OPTION_NAMES)


def _log_given(session: Session, given: dict[str, Any], author: str | None) -> None:
    from nearmiss.intake import make_report

    report = make_report(given, session.now(), OPTION_NAMES)
    answers = report.model_dump_json().encode()
    save_reports(session, [report], author, answers, session.drafts.keep_input)
