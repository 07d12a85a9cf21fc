"""``nearmiss log``: a near miss from an interview, from options, JSON, or a phone's text."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss import files
from nearmiss.commands.sitting import hold_sitting, keep_phoned, keep_text, say_after
from nearmiss.errors import CannotRead, UsageProblem
from nearmiss.interview.advice import list_harm
from nearmiss.interview.saving import type_report
from nearmiss.model.questions import INCIDENT_QUESTIONS, QUESTIONS
from nearmiss.options import OPTION_NAMES, AnswerOptions, Author, Said, list_given, name_option
from nearmiss.session import Session
from nearmiss.speech import count_of, is_conversation, join_words
from nearmiss.text import show_safely

if TYPE_CHECKING:
    from nearmiss.intake.phone_fields import Phoned
    from nearmiss.model.entries import ReportFields


_JSON = typer.Option("--json", metavar="FILE", help="Take reports as JSON; - is the input.")
_TEXT = typer.Option("--text", metavar="FILE", help="Take a text from your phone; - is the input.")
_DISCARD = typer.Option("--discard-draft", help="Throw away a report that was not saved.")
_DRAFT = typer.Option("--draft", metavar="N", help="With --discard-draft: which one, by number.")


def log(
    session: Session,
    answers: AnswerOptions,
    by: Author = None,
    json_file: Annotated[Said, _JSON] = None,
    text: Annotated[Said, _TEXT] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Save without questions or review.")] = False,
    discard_draft: Annotated[bool, _DISCARD] = False,
    draft: Annotated[int | None, _DRAFT] = None,
) -> None:
    """Write down a near miss. It takes two minutes.

    Example: nearmiss log
    Example: nearmiss log --incident
    Example: nearmiss log --client MB --when "about 8pm" --where "lounge, by the armchair"
    """
    given = list_given(answers)
    _refuse_mixed(given, json_file, text)
    author = None
    if by is not None:
        from nearmiss.intake.fields import read_author

        author = read_author(by)
    if draft is not None and not discard_draft:
        raise UsageProblem(
            "--draft says which draft is thrown away: add --discard-draft. Nothing was thrown "
            "away. To go on with a draft: nearmiss log"
        )
    asked = INCIDENT_QUESTIONS if "entry" in given else QUESTIONS
    has_all = given.keys() >= asked.keys() - {"safeguarding", "informed", "recommendations"}
    if discard_draft:
        from nearmiss.interview import drafts

        asker = session.asker if is_conversation() else None
        drafts.discard_draft(asker, session.drafts, draft, session.now(), sure=yes)
    elif json_file is not None:
        _log_json(session, json_file, author)
    elif text is not None:
        log_text(session, text, author, yes=yes)
    elif is_conversation() and not (yes and has_all):
        if given:  # else the first question need not wait for what reads answers
            from nearmiss.intake.fields import read_options

            given = read_options(given, session.now(), OPTION_NAMES)
        hold_sitting(session, given, author, skip_review=yes)
    else:
        _log_given(session, given, author)


def _refuse_mixed(given: Mapping[str, object], json_file: str | None, text: str | None) -> None:
    if "entry" in given and "how_prevented" in given:
        raise UsageProblem(
            "Nothing stopped an incident: leave out --prevented, and say with --injury who was "
            "hurt, and how. Nothing was saved."
        )
    if "injury" in given and "entry" not in given:
        raise UsageProblem("--injury is of an incident: add --incident. Nothing was saved.")
    sources = [name for name, each in (("--json", json_file), ("--text", text)) if each is not None]
    if sources and (given or len(sources) > 1):
        options = join_words([*(name_option(field) for field in given), *sources])
        raise UsageProblem(
            f"{options} can't be used together: the reports come from the file. "
            "Nothing was saved. Leave one of them out."
        )


def _log_json(session: Session, source: str, author: str | None) -> None:
    from nearmiss.intake.fields import read_json_reports
    from nearmiss.interview.drafts import read_draft

    data, notes = read_input(source), list[str]()
    reports = read_json_reports(data, session.now(), notes.append)
    draft = read_draft(Path(source))  # of one, beside its answers, if it is that
    claims = [draft.claims] if draft.claims else []
    _save(session, reports, data, author or draft.by or None, notes, claims)
    session.drafts.forget(Path(source))


def _save(
    session: Session,
    reports: "Sequence[ReportFields]",
    data: bytes,
    author: str | None,
    notes: Sequence[str],
    claims: Sequence[Sequence[str]] = (),
) -> None:
    """Save reports, or keep ``data``, which says the same; then tell what became of them."""

    def keep(kept: bytes) -> Path:
        return session.drafts.keep_input(kept)  # for which there may be no place

    typed = type_report(data, keep, author)
    written = session.save(reports, author, typed, claims=claims)
    say_after(session, reports, written, notes)


def _log_given(session: Session, given: Mapping[str, object], author: str | None) -> None:
    from nearmiss.intake.fields import DRAFT_WRITTEN, make_report

    notes = list[str]()
    report = make_report(given, session.now(), OPTION_NAMES, notes.append)
    fields = {**report.model_dump(exclude_none=True), DRAFT_WRITTEN: session.now().isoformat()}
    data = json.dumps({**fields, **({"by": author} if author else {})}, ensure_ascii=False)
    _save(session, [report], data.encode("utf-8", "surrogatepass"), author, notes)


def log_text(session: Session, source: str, author: str | None, *, yes: bool) -> None:
    """Take a phone's text: at a terminal ask what it leaves open, else keep it as drafts.

    With ``yes`` what is whole and plain is saved. Raises UsageProblem where something is kept.
    """
    from nearmiss.intake.phone_fields import read_phone
    from nearmiss.interview.known import collect_known

    text = _decode(source, read_input(source))
    if is_conversation() and not yes:
        first, *others = keep_text(session, text, author)
        begun = session.drafts.resume(first)
        hold_sitting(session, {}, author, skip_review=False, begun=begun, others=others)
        return
    clients = collect_known(session.read_records()).clients
    session.warn_of_damage()
    phoned = read_phone(text, session.now(), clients, stays=True)
    open_ = [_list_open(each) if yes else ["it was not looked at"] for each in phoned]
    kept = [each for each, left in zip(phoned, open_, strict=True) if left]
    if kept or not phoned:
        keep_phoned(session, kept, author)
    if whole := [each for each in phoned if each not in kept]:
        from nearmiss.model.entries import build_report

        data = "\n".join(json.dumps(each.fields, ensure_ascii=False) for each in whole).encode()
        told = [line for each in whole for line in each.told]
        reports = [build_report(each.fields) for each in whole]
        _save(session, reports, data, author, told, [each.claims for each in whole])
    if kept:
        raise UsageProblem(_tell_kept(kept, [each for each in open_ if each], yes=yes))


def read_input(source: str) -> bytes:
    """Return what a file holds, or the input where ``source`` is -. Raises CannotRead."""
    if source == "-":
        return sys.stdin.buffer.read()
    path = Path(source)
    try:
        return files.read_ordinary(path)
    except OSError as error:
        raise CannotRead(path=path, reason=files.explain(error)) from error


def _decode(source: str, data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise CannotRead(path=Path(source), reason="it is not UTF-8 text") from None


def _list_open(phoned: "Phoned") -> list[str]:
    """Return what is in the way of saving a report unseen."""
    harm = list_harm(phoned.fields)
    return [
        *phoned.list_open(),
        *([f"whether anyone was hurt ({join_words(harm)})"] if harm else []),
    ]


def _tell_kept(kept: "Sequence[Phoned]", open_: "Sequence[Sequence[str]]", *, yes: bool) -> str:
    """Return what was kept as drafts, what each leaves open, and how it is gone on with."""
    lines = []
    for phoned, left in zip(kept, open_, strict=True):
        client = phoned.fields.get("client") or phoned.asked.get("client") or "no client"
        why = f": {join_words(list(left))}" if yes else ""
        lines.append(f"{show_safely(str(client))}{why}")
    count = count_of(len(kept), "report")
    said = f"{count} kept as a draft" if len(kept) == 1 else f"{count} kept as drafts"
    why = ". What only you can say" if yes else ""
    ask = "To go on, at a terminal: nearmiss log"
    return "\n".join([f"{said}, not saved{why}:", *lines, ask])
