"""``nearmiss log``: write down a near miss, in an interview or from options."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from nearmiss.commands.sitting import hold_sitting, say_after
from nearmiss.errors import UsageProblem
from nearmiss.interview.saving import type_report
from nearmiss.model.questions import INCIDENT_QUESTIONS, QUESTIONS
from nearmiss.options import OPTION_NAMES, AnswerOptions, Author, list_given, name_option
from nearmiss.session import Session
from nearmiss.speech import is_conversation, join_words


def log(
    session: Session,
    answers: AnswerOptions,
    by: Author = None,
    json_file: Annotated[
        str | None,
        typer.Option("--json", metavar="FILE", help="Take reports as JSON; - is the input."),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option("--text", metavar="FILE", help="Take a text from your phone; - is the input."),
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
    Example: nearmiss log --incident
    Example: nearmiss log --client MB --when "about 8pm" --where "lounge, by the armchair"
    """
    given = list_given(answers)
    _refuse_mixed(given)
    author = None
    if by is not None:
        from nearmiss.intake.fields import read_author

        author = read_author(by)
    if draft is not None and not discard_draft:
        raise UsageProblem(
            "--draft says which draft is thrown away: add --discard-draft. Nothing was thrown "
            "away. To go on with a draft: nearmiss log"
        )
    if discard_draft:
        from nearmiss.interview import drafts

        asker = session.asker if is_conversation() else None
        drafts.discard_draft(asker, session.drafts, draft, session.now(), sure=yes)
    elif json_file is not None or text is not None:
        _refuse_both(given, json_file, text)
        if json_file is not None:
            _log_json(session, json_file, author)
        else:
            from nearmiss.commands.log_text import log_text

            log_text(session, text or "", author, yes=yes)
    elif is_conversation() and not (yes and _has_all(given)):
        hold_sitting(session, _read_options(session, given), author, skip_review=yes)
    else:
        _log_given(session, given, author)


def _has_all(given: Mapping[str, object]) -> bool:
    asked = INCIDENT_QUESTIONS if "entry" in given else QUESTIONS
    return given.keys() >= asked.keys() - {"safeguarding", "informed", "recommendations"}


def _refuse_mixed(given: Mapping[str, object]) -> None:
    if "entry" in given and "how_prevented" in given:
        raise UsageProblem(
            "Nothing stopped an incident: leave out --prevented, and say with --injury who was "
            "hurt, and how. Nothing was saved."
        )
    if "injury" in given and "entry" not in given:
        raise UsageProblem("--injury is of an incident: add --incident. Nothing was saved.")


def _refuse_both(given: Mapping[str, object], json_file: str | None, text: str | None) -> None:
    sources = [name for name, each in (("--json", json_file), ("--text", text)) if each is not None]
    if given or len(sources) > 1:
        options = join_words([*(name_option(field) for field in given), *sources])
        raise UsageProblem(
            f"{options} can't be used together: the reports come from the file. "
            "Nothing was saved. Leave one of them out."
        )


def _log_json(session: Session, source: str, author: str | None) -> None:
    from nearmiss.commands.log_text import read_input
    from nearmiss.intake.fields import read_json_reports
    from nearmiss.interview.drafts import read_draft

    data, notes = read_input(source), list[str]()
    reports = read_json_reports(data, session.now(), notes.append)
    draft = read_draft(Path(source))  # of one, beside its answers, if it is that
    author, claims = author or draft.by or None, [draft.claims] if draft.claims else []
    typed = type_report(data, session.keep_input, author)
    written = session.save(reports, author, typed, claims=claims)
    session.drafts.forget(Path(source))
    say_after(session, reports, written, notes)


def _read_options(session: Session, given: Mapping[str, object]) -> Mapping[str, object]:
    if not given:  # then the first question need not wait for what reads answers
        return given
    from nearmiss.intake.fields import read_options

    return read_options(given, session.now(), OPTION_NAMES)


def _log_given(session: Session, given: Mapping[str, object], author: str | None) -> None:
    from nearmiss.intake.fields import DRAFT_WRITTEN, make_report

    notes = list[str]()
    report = make_report(given, session.now(), OPTION_NAMES, notes.append)
    fields = {**report.model_dump(exclude_none=True), DRAFT_WRITTEN: session.now().isoformat()}
    data = json.dumps({**fields, **({"by": author} if author else {})}, ensure_ascii=False)
    typed = type_report(data.encode("utf-8", "surrogatepass"), session.keep_input, author)
    say_after(session, [report], session.save([report], author, typed), notes)
