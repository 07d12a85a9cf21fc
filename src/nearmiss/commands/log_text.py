"""``nearmiss log --text``: a text from a carer's phone, to be gone on with or saved as it is."""

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nearmiss import files
from nearmiss.commands.sitting import hold_sitting, say_after
from nearmiss.errors import CannotRead, NearmissError, UsageProblem
from nearmiss.intake.phone_fields import Phoned, read_phone
from nearmiss.interview.advice import list_harm
from nearmiss.interview.known import collect_known
from nearmiss.interview.report import ask_whether_two
from nearmiss.interview.saving import type_report
from nearmiss.model.entries import build_report
from nearmiss.session import Session
from nearmiss.speech import count_of, is_conversation, join_words, say
from nearmiss.text import show_safely

if TYPE_CHECKING:
    from collections.abc import Sequence


def log_text(session: Session, source: str, author: str | None, *, yes: bool) -> None:
    """Take a phone's text: at a terminal ask what it leaves open, else keep it as drafts.

    With ``yes`` what is whole and plain is saved. Raises UsageProblem where something is kept.
    """
    text = _decode(source, read_input(source))
    clients = collect_known(session.read_records()).clients
    session.warn_of_damage()
    asks = is_conversation() and not yes
    read = partial(read_phone, text, session.now(), clients, stays=True)
    phoned, before = read(), list[Path]()
    if asks and any(each.may_be_one for each in phoned):
        before = _keep(session, phoned, author)  # what was typed here stands nowhere else
        try:
            phoned = read(are_two=partial(ask_whether_two, session.asker))
        except (KeyboardInterrupt, EOFError):
            say("\nStopped. What you wrote is kept. To go on: nearmiss log")
            raise
    if not phoned:
        raise UsageProblem(
            "There is no answer in that text. Nothing was saved. "
            "To see what it looks like: nearmiss guide phone"
        )
    open_ = [_list_open(each) if yes else ["it was not looked at"] for each in phoned]
    kept = [each for each, left in zip(phoned, open_, strict=True) if left]
    paths = _keep(session, kept, author)
    for each in before:
        session.drafts.discard(each)
    if asks:
        begun = session.drafts.resume(paths[0])
        hold_sitting(session, {}, author, skip_review=False, begun=begun, others=paths[1:])
        return
    _save(session, [each for each in phoned if each not in kept], author)
    if kept:
        raise UsageProblem(_tell_kept(kept, [each for each in open_ if each], yes=yes))


def _keep(session: Session, phoned: "Sequence[Phoned]", author: str | None) -> list[Path]:
    """Keep reports as drafts and return these. Raises NearmissError where that can't be done."""
    try:
        return session.drafts.keep_phoned(phoned, author)
    except OSError as error:
        reason = files.explain(error)
        raise NearmissError(
            f"Nothing was saved or kept: {reason}. The text is as it was."
        ) from error


def read_input(source: str) -> bytes:
    """Return what a file holds, or the input where ``source`` is -. Raises CannotRead."""
    if source == "-":
        return sys.stdin.buffer.read()
    path = Path(source)
    try:
        files.require_ordinary(path)
        return path.read_bytes()
    except OSError as error:
        raise CannotRead(path=path, reason=files.explain(error)) from error


def _decode(source: str, data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise CannotRead(path=Path(source), reason="it is not UTF-8 text") from None


def _list_open(phoned: Phoned) -> list[str]:
    """Return what is in the way of saving a report unseen."""
    harm = list_harm(phoned.fields)
    return [
        *phoned.list_open(),
        *([f"whether anyone was hurt ({join_words(harm)})"] if harm else []),
    ]


def _save(session: Session, phoned: "Sequence[Phoned]", author: str | None) -> None:
    if not phoned:
        return
    reports = [build_report(each.fields) for each in phoned]
    data = "\n".join(json.dumps(each.fields, ensure_ascii=False) for each in phoned).encode()
    typed = type_report(data, session.keep_input, author)
    written = session.save(reports, author, typed, claims=[each.claims for each in phoned])
    say_after(session, reports, written, [line for each in phoned for line in each.told])


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
