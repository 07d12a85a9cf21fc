"""A handing-over from what was asked for to the note that it was made, read from top to bottom."""

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from itertools import count as count_up
from pathlib import Path
from typing import IO, TYPE_CHECKING, get_args

from nearmiss import files
from nearmiss.dates.now import made_at
from nearmiss.documents.brief import Brief, tell_span_of
from nearmiss.documents.caution import find_shown
from nearmiss.errors import CannotWrite, NearmissError
from nearmiss.exports.formats import FORMATS
from nearmiss.interview.known import list_namesakes
from nearmiss.model.entries import DisclosureFields
from nearmiss.model.ids import shorten_ids
from nearmiss.options import Form
from nearmiss.records.handed import Paper
from nearmiss.records.record import Record
from nearmiss.settings import Paths, Settings
from nearmiss.sharing.handed import Undo, ask_after_making, write_note
from nearmiss.sharing.password import read_password
from nearmiss.sharing.questions import Wanted, ask_request, ask_who, settle_consent
from nearmiss.sharing.request import HandOver, Workplace, name_ending
from nearmiss.sharing.select import Chosen, select_records
from nearmiss.speech import count_of, join_words, name_some, print_data, say
from nearmiss.terminal.asking import Asker, GoBack, ask_yes_no
from nearmiss.terminal.show import find_viewer, open_file, show_working
from nearmiss.text import fold_text, name_character, show_safely

if TYPE_CHECKING:
    from nearmiss.documents.blocks import Document

_LONG = 12  # pages, from which it is said what would make it shorter
_NAMES = 5  # hidden names that stand somewhere, each told in a line
_NAMED = 9  # reports that it names, or characters without a font that are spelled out
_IN_MEMORY = 1 << 22  # bytes; larger data goes through a nameless file that leaves with us
_AT_ONCE = 100  # pieces of data that are written together

# Notes who is handed it, before anything appears; what it returns is called if nothing does.
Noting = Callable[[], Undo]


class NotWanted(NearmissError):
    """The carer thought better of it."""

    exit_code = 0

    def __init__(self) -> None:
        super().__init__("Nothing was made.")


def ask_and_hand_over(workplace: Workplace, asker: Asker, kind: Wanted | None = None) -> None:
    """Ask what to make, unless ``kind`` says it, make it, and offer to open it."""
    ask_request(workplace, asker, kind, lambda asked: hand_over(asked, workplace))


def ask_at_terminal(workplace: Workplace, kind: Wanted | None = None) -> None:
    """Do as ``ask_and_hand_over`` for a command that was given no option."""
    assert workplace.asker is not None  # noqa: S101 - a command asks at a terminal alone
    try:
        ask_and_hand_over(workplace, workplace.asker, kind)
    except GoBack:
        raise NotWanted from None


def hand_over(asked: HandOver, workplace: Workplace) -> None:
    """Make what is asked for, hand it over, and note who was given it; a failure leaves nothing."""
    # Who is named by an option is noted before anything appears; who is named when asked, once
    # the paper has really gone to them.
    is_named_when_asked = asked.was_asked or not (asked.to or asked.target.to_screen)
    asks_afterwards = workplace.asker is not None and is_named_when_asked
    records, chosen = select_records(workplace.book, asked)
    is_settled = False
    if chosen.hidden.unnamed and workplace.asker is not None:
        asked, is_settled = _ask_of_people(asked, chosen, workplace, workplace.asker), True
        records, chosen = select_records(workplace.book, asked)
    is_data = asked.kind == "records"
    data = _store(FORMATS[asked.form](records, chosen.seal) if is_data else ())
    shown = tuple(records)  # none where they were written as they were read
    chosen.close()
    if asked.kind != "blank":
        asked = asked if is_settled else _settle(asked, chosen, workplace)
        _tell_cautions(asked, chosen, shown)
    if not is_data:
        data = _make_document(shown, chosen, asked, workplace)
    note = _make_note(data, chosen, asked)
    at_once = None if asks_afterwards else note
    path = _deliver(data, chosen.about, asked, workplace, at_once)
    if note and not at_once:
        kept = str(path.absolute()) if path else ""
        ask_after_making(workplace, Paper(note, chosen.client, kept, workplace.now().date()))
    if is_data and chosen.seal:
        say(f"Seal of the logbook: {chosen.seal}")


def _ask_of_people(asked: HandOver, chosen: Chosen, workplace: Workplace, asker: Asker) -> HandOver:
    """Return it with who may see it, and the part of each person in whose lines none stands."""
    chosen.close()
    settled = _settle(asked, chosen, workplace)
    if settled.to != asked.to:  # who is called by what the book calls them
        _, chosen = select_records(workplace.book, settled)
    return replace(settled, called=ask_who(asker, chosen.hidden.unnamed))


def _settle(asked: HandOver, chosen: Chosen, workplace: Workplace) -> HandOver:
    workplace.introduce()
    try:
        if not asked.was_asked:
            workplace.ask_phone_for(asked.kind)
        author = workplace.settings.author
        return settle_consent(asked, chosen.client, author, workplace.asker, chosen.worries)
    except GoBack:  # there is nothing before this question
        raise NotWanted from None


def _tell_cautions(asked: HandOver, chosen: Chosen, records: Sequence[Record]) -> None:
    """Say what is left out, what is in it, and where a hidden name stands in shown words."""
    left_out = chosen.hidden.left_out
    if asked.kind == "changeover":
        _tell_left_off(chosen)
    elif left_out:
        noun = "worry" if left_out == 1 else "worries"
        say(f"Left out: {left_out} safeguarding {noun}. The paper does not say so.")
    if asked.audience == "own":
        return
    alike = list_namesakes(chosen.client, sorted(chosen.clients))
    if others := [each for each in alike if fold_text(each) != fold_text(chosen.client)]:
        shown, named = show_safely(chosen.client), show_safely(join_words(others))
        say(f"In the book is {named} as well. Check that this is about the right one: {shown}.")
    own = set(fold_text(asked.to).split())
    found: dict[str, tuple[str, list[str]]] = {}  # each name as it stands first, and where
    for report_id, word in find_shown(chosen.hidden, records, chosen.clients):
        _, where = found.setdefault(fold_text(word), (word, []))
        if report_id not in where:
            where.append(report_id)
    words = [found[each] for each in found if each not in own]
    for word, where in words[:_NAMES]:
        ids = join_words(name_some(shorten_ids(where), _NAMED))
        whose = "its" if len(where) == 1 else "their"
        say(f'Please look at {ids}: {whose} own words say "{word}". They are shown as written.')
    if len(words) > _NAMES:
        say(f"And {len(words) - _NAMES} more such words.")


def _tell_left_off(chosen: Chosen) -> None:
    if chosen.left_off:
        say(chosen.tell_left_off())
    if chosen.named:
        named = join_words(name_some(chosen.named, _NAMED))
        say(f"What {named} says of a worry is not on it either.")
    if chosen.left_off or chosen.named:
        say("Please read the page through before you hand it over.")


def _store(chunks: Iterable[bytes]) -> IO[bytes]:
    """Return ``chunks`` in memory, or in a nameless file where they are large; at its start."""
    data = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - handed over open
    rest = iter(chunks)
    while some := b"".join(islice(rest, _AT_ONCE)):
        data.write(some)
    data.seek(0)
    return data


def _make_document(
    records: Sequence[Record], chosen: Chosen, asked: HandOver, workplace: Workplace
) -> IO[bytes]:
    """Return the document, after saying what is in it and, where all was asked, if it is wanted."""
    password = read_password(asked.password_file) if asked.wants_password else None
    with show_working(len(records), plain=workplace.plain):
        document = _build(records, chosen, asked, workplace)
        data, pages = _render(document, asked.form, password)
    if workplace.asker is not None and pages:
        if asked.was_asked or pages >= _LONG:
            what = f"{count_of(len(records), 'report')}, {tell_span_of(records)}" if records else ""
            say(f"{f'In it: {what}; ' if what else 'It has '}{count_of(pages, 'page')}.")
        if pages >= _LONG:
            say('To make it shorter, choose fewer reports, such as: --since "3 months"')
        if asked.was_asked and not ask_yes_no(workplace.asker, "Make it?", can_go_back=True):
            raise NotWanted
    return _store([data])


def _build(
    records: Sequence[Record], chosen: Chosen, asked: HandOver, workplace: Workplace
) -> "Document":
    from nearmiss.documents.changeover import build_changeover
    from nearmiss.documents.chronology import build_chronology
    from nearmiss.documents.handover import build_handover
    from nearmiss.documents.meeting import build_meeting
    from nearmiss.documents.report import build_form, build_report
    from nearmiss.exports.formats import write_json

    builders: dict[str, Callable[[Sequence[Record], Brief], Document]] = {
        "report": build_report,
        "meeting": build_meeting,
        "chronology": build_chronology,
        "handover": build_handover,
        "changeover": build_changeover,
        "blank": build_form,
    }
    document = builders[asked.kind](records, _make_brief(chosen, asked, workplace.settings))
    if not (records and asked.rules.attached):
        return document
    return replace(document, attached=b"".join(write_json(records, chosen.seal)).decode())


def _make_brief(chosen: Chosen, asked: HandOver, settings: Settings) -> Brief:
    return Brief(
        rules=asked.rules,
        seal=chosen.seal,
        made=made_at().date(),
        carer=settings.author if settings.name or asked.is_paper else "",
        phone=settings.phone,
        recipient=asked.to,
        basis=asked.basis or "",
        decided_by=asked.decided_by,
        name=asked.identity.name,
        born=asked.identity.born,
        nhs_number=asked.identity.nhs_number,
        request=asked.asks_for,
        large=asked.large,
        unreadable=len(chosen.unreadable),
        patterns=chosen.patterns,
        ledger=chosen.ledger,
        by_writing=asked.by_writing,
        span=chosen.span,
        packs=chosen.packs,
    )


def _render(document: "Document", form: Form, password: str | None) -> tuple[bytes, int]:
    if form == "html":
        from nearmiss.documents.html import render_html

        return render_html(document), 0
    if form == "txt":
        from nearmiss.documents.txt import render_text

        return render_text(document), 0
    from nearmiss.documents.pdf import count_pages, encrypt_pdf, render_pdf

    data, replaced = render_pdf(document)
    if replaced:
        shown = join_words(name_some([name_character(each) for each in replaced], _NAMED))
        say(f"No font here can show {shown}. In the document their codes stand, in brackets.")
    return encrypt_pdf(data, password) if password else data, count_pages(data)


def _make_note(data: IO[bytes], chosen: Chosen, asked: HandOver) -> DisclosureFields | None:
    if not asked.to or asked.basis is None:
        return None
    note = DisclosureFields(
        audience=asked.audience,
        recipient=asked.to,
        basis=asked.basis,
        decided_by=asked.decided_by,
        form=f"{asked.kind}, {asked.form}",
        reports=chosen.ids,
        sha256=hashlib.file_digest(data, "sha256").hexdigest(),  # type: ignore[arg-type]
        seal_shown=chosen.seal or "none",
    )
    data.seek(0)
    return note


def _deliver(
    data: IO[bytes],
    about: str,
    asked: HandOver,
    workplace: Workplace,
    note: DisclosureFields | None,
) -> Path | None:
    """Bring ``data`` to its place, say where that is, and return it; None for the screen."""
    author, now = workplace.settings.author, workplace.now()
    noting = partial(write_note, workplace.book, note, author, now) if note else _note_nothing
    target = asked.target
    path = target.choose_path(asked.kind, asked.form, about)
    if path is not None and asked.was_asked:
        beside = (path.with_stem(f"{path.stem}-{number}") for number in count_up(2))
        path = next(each for each in chain([path], beside) if not os.path.lexists(each))
    promised = path.suffix.lower().removeprefix(".") if path else ""
    if promised in get_args(Form) and promised not in (asked.form, name_ending(asked.form)):
        say(f"{path} is called .{promised}, and holds {asked.form}. To change that: --format")
    try:
        if path is None:
            _write_to_stdout(data, noting)
        else:
            _write_to_file(data, path, noting, workplace.paths, force=target.force)
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = files.explain(error, path)
        raise CannotWrite(path=path or "it out", reason=reason) from error
    if path is not None:
        _tell_place(path, asked, workplace)
    return path


def _write_to_stdout(data: IO[bytes], note: Noting) -> None:
    undo = note()
    try:
        sys.stdout.flush()
        shutil.copyfileobj(data, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except BaseException:
        undo()
        raise


def _write_to_file(data: IO[bytes], path: Path, note: Noting, paths: Paths, *, force: bool) -> None:
    """Write ``data`` whole or not at all; nothing appears before it is noted."""
    paths.require_free(path, force=force)
    undo: Undo = _note_nothing()
    placed: list[bool] = []
    try:
        with files.replace_whole(path, lambda: placed.append(True)) as file:
            shutil.copyfileobj(data, file)
            undo = note()
    except BaseException:
        if not placed:
            undo()
        raise


def _note_nothing() -> Undo:
    """Let what goes to nobody pass: there is nothing to note, and nothing to undo."""
    return lambda: None


def _tell_place(path: Path, asked: HandOver, workplace: Workplace) -> None:
    """Say where it is, and open it where that was asked for; after questions, ask."""
    # It stands there, whether or not that can be shown.
    if print_data([str(path)]) is not None or asked.was_asked:
        say(f"It is in the folder {path.absolute().parent}")
    wanted = asked.target.view
    if asked.was_asked and workplace.asker is not None and find_viewer() is not None:
        with suppress(GoBack):  # it is made
            wanted = ask_yes_no(workplace.asker, "Open it?")
    if wanted and not open_file(path):
        say(f"There is nothing here that opens it. It is in {path}")
