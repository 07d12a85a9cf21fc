"""A document made from the records, and brought to its place: whole or not at all."""

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import IO, TYPE_CHECKING

from nearmiss import files
from nearmiss.dates.now import made_at
from nearmiss.documents.brief import Brief
from nearmiss.errors import CannotWrite, FileExists, OwnFile
from nearmiss.options import DocumentKind
from nearmiss.records.account import Account
from nearmiss.settings import Paths
from nearmiss.sharing.consent import Consent
from nearmiss.sharing.password import read_password
from nearmiss.sharing.request import Request
from nearmiss.sharing.select import Chosen
from nearmiss.speech import join_words, say
from nearmiss.text import name_character

if TYPE_CHECKING:
    from nearmiss.documents.blocks import Document
    from nearmiss.settings import Settings
    from nearmiss.sharing.request import Workplace

Undo = Callable[[], None]
# Called when all is ready, before anything appears; what it returns is called if nothing does.
Confirm = Callable[[], Undo]


def compute_digest(data: IO[bytes]) -> str:
    """Return the SHA-256 of ``data``, which is left at its start."""
    digest = hashlib.file_digest(data, "sha256").hexdigest()  # type: ignore[arg-type]
    data.seek(0)
    return digest


def deliver(data: IO[bytes], path: Path | None, *, force: bool, confirm: Confirm) -> None:
    """Write ``data`` to the file ``path``, or to stdout where it is None.

    Nothing appears before ``confirm`` lets it pass. Raises FileExists, CannotWrite, and what
    ``confirm`` raises.
    """
    try:
        if path is None:
            _deliver_to_stdout(data, confirm)
        else:
            _deliver_to_file(data, path, force, confirm)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CannotWrite(path=path or "it out", reason=_explain(error, path)) from error


def _explain(error: OSError, path: Path | None) -> str:
    if path is not None and not path.parent.exists():
        return f"there is no folder {path.parent}"
    return files.explain(error)


def _deliver_to_stdout(data: IO[bytes], confirm: Confirm) -> None:
    undo = confirm()
    try:
        sys.stdout.flush()
        shutil.copyfileobj(data, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except BaseException:
        undo()
        raise


def _deliver_to_file(data: IO[bytes], path: Path, force: bool, confirm: Confirm) -> None:
    undo: Undo = _undo_nothing
    if files.require_ordinary(path) and not force:
        raise FileExists(path=path)
    placed: list[bool] = []
    try:
        with files.replace_whole(path, lambda: placed.append(True)) as file:
            shutil.copyfileobj(data, file)
            undo = confirm()
    except BaseException:
        if not placed:
            undo()
        raise


def _undo_nothing() -> None:
    """There is nothing to undo."""


def confirm_nothing() -> Undo:
    """Let what goes to nobody pass."""
    return _undo_nothing


def find_free(path: Path) -> Path:
    """Return ``path``, or one beside it with a number, where nothing stands yet."""
    names = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(each for each in chain([path], names) if not os.path.lexists(each))


def refuse_own(path: Path, paths: Paths) -> None:
    """Raise OwnFile where ``path`` is a file that the program itself lives by."""
    if paths.holds(path):
        raise OwnFile(path=path)


_NAMED = 9  # characters that no font has which are spelled out


@dataclass(frozen=True)
class Made:
    """The bytes of a document, and how many pages it has where it has pages."""

    data: bytes
    pages: int | None = None


def make_document(
    kind: DocumentKind,
    records: Sequence[Account],
    brief: Brief,
    request: Request,
    workplace: "Workplace",
) -> Made:
    """Return the document of the records. Raises what building, setting and locking raise."""
    return render(_build(kind, records, brief), request, workplace)


def make_blank(request: Request, workplace: "Workplace") -> Made:
    """Return the blank form. Raises what setting and locking raise."""
    from nearmiss.documents.report import build_form

    settings = workplace.settings
    document = build_form(carer=settings.author if settings.name else "", large=request.large)
    return render(document, request, workplace)


def make_brief(request: Request, chosen: Chosen, consent: Consent, settings: "Settings") -> Brief:
    """Return what stands on a document beside the records."""
    identity = request.identity
    return Brief(
        rules=request.rules,
        seal=chosen.seal,
        made=made_at().date(),
        carer=settings.author,
        phone=settings.phone,
        recipient=consent.recipient,
        basis=consent.noted_basis or "",
        decided_by=consent.decided_by if consent.noted_basis else "",
        name=identity.name,
        born=identity.born,
        nhs_number=identity.nhs_number,
        request=request.asks_for,
        large=request.large,
        unreadable=len({each.line for each in chosen.unreadable}),
        patterns=chosen.patterns,
    )


def _build(kind: DocumentKind, records: Sequence[Account], brief: Brief) -> "Document":
    from nearmiss.documents.chronology import build_chronology
    from nearmiss.documents.handover import build_handover
    from nearmiss.documents.meeting import build_meeting
    from nearmiss.documents.report import build_report
    from nearmiss.exports.formats import write_json

    builders: dict[DocumentKind, Callable[[Sequence[Account], Brief], Document]] = {
        "report": build_report,
        "meeting": build_meeting,
        "chronology": build_chronology,
        "handover": build_handover,
    }
    document = builders[kind](records, brief)
    attached = b"".join(write_json(records, brief.seal)).decode() if brief.rules.attached else ""
    return replace(document, attached=attached)


def render(document: "Document", request: Request, workplace: "Workplace") -> Made:
    """Return a document in the form that was asked for."""
    if request.form == "html":
        from nearmiss.documents.html import render_html

        return Made(render_html(document))
    if request.form == "txt":
        from nearmiss.documents.txt import render_text

        return Made(render_text(document))
    from nearmiss.documents.pdf import count_pages, render_pdf

    data, replaced = render_pdf(document)
    if replaced:
        _tell_replaced(replaced)
    pages = count_pages(data)
    return Made(_lock(data, request.password_file) if request.wants_password else data, pages)


def _tell_replaced(replaced: str) -> None:
    names = [name_character(each) for each in replaced]
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    shown = join_words([*names[:_NAMED], *more])
    say(f"No font here can show {shown}. In the document their codes stand, in brackets.")


def _lock(data: bytes, password_file: str | None) -> bytes:
    from nearmiss.documents.pdf import encrypt_pdf

    return encrypt_pdf(data, read_password(password_file))
