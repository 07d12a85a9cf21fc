"""Drafts: what was answered but not saved, on disk while typing, listed and gone on with."""

import json
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nearmiss import files
from nearmiss.dates.now import read_now, to_local
from nearmiss.dates.shown import echo, tell_length
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.intake.fields import BESIDE_ANSWERS, DRAFT_WRITTEN, PHONED
from nearmiss.interview.answers import fill_missing, show_answer, show_reviewed
from nearmiss.logbook.beside import name_book
from nearmiss.logbook.pieces import COMMAND, read_pieces
from nearmiss.model.questions import ANSWERS
from nearmiss.speech import count_of, say
from nearmiss.terminal.asking import Asker, Choice, Option, ask_yes_no
from nearmiss.text import join_lines, shorten

if TYPE_CHECKING:
    from filelock import BaseFileLock

    from nearmiss.intake.phone_fields import Phoned
    from nearmiss.model.entries import Envelope
    from nearmiss.records.record import Record

Answers = dict[str, Any]  # a report's fields as JSON has them, as far as they are answered

# What stands in a draft beside its answers.
_UNFINISHED = "unfinished"  # what was typed at a question that was left, by its field
_GATE = "gate"  # what was answered before the questions
_BY = "by"  # who writes, where that was said
_SAVING = "about_to_be_saved"  # the carer had said that it is to be saved
# What is added to a report later says so: which report, what it is, and the entry to be put right.
_ABOUT, _ADDING, _ENTRY = "about", "adding", "entry_to_correct"
_DIGEST = "about_digest"  # of the report: its number may come to be another one's
# What a phone's text said beside its answers, by question, and of its own time.
_NOTES, _CLAIMS = PHONED


class OpenElsewhere(Exception):
    """Another window has this draft open."""


class Pasted(Exception):
    """A phone's ``text`` was pasted at the first question."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


@dataclass
class Draft:
    """What was written and not saved, of a report or of what is added to one; and its file.

    ``kept`` is all that was in the file as it was read: nothing where that holds no single report,
    but what ``log --json`` could not save. ``changed`` is when it was last written (aware), where
    it says so. ``about`` is the id of the report, by ``digest``, to which something is added:
    ``adding`` it, or putting its ``entry`` right. ``gate`` is what was answered before the
    questions, ``by`` who writes, where that was said; ``unfinished`` was typed at questions that
    were left; ``notes`` (of a phone's text alone) and ``claims`` are what that says beside the
    questions, and of its own time. While it is open in this window it has its ``lock``, and
    ``problem`` is why the last answers are not on the disk.
    """

    path: Path
    kept: Mapping[str, Any] = field(default_factory=dict)
    changed: datetime | None = None
    answers: Answers = field(default_factory=dict)
    about: str = ""
    adding: str = ""
    entry: str = ""
    digest: str = ""
    by: str = ""
    gate: str = ""
    unfinished: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] | None = None
    claims: list[str] = field(default_factory=list)
    lock: "BaseFileLock | None" = None
    problem: str = ""

    @property
    def to_go_on(self) -> str:
        """What is typed to go on with it."""
        command = "correct" if self.adding == "right" else "follow-up"
        return f"nearmiss {command} {self.about}" if self.about else "nearmiss log"

    def is_about(self, record: "Record") -> bool:
        """Whether something was added to ``record``, and not to another one of its number."""
        return self.about == record.id and self.digest in ("", record.digest)

    def was_saved(self, saved: "Envelope") -> bool:
        """Whether ``saved`` is what became of it: it was to be saved, and every answer is there.

        A program killed between saving and removing its draft leaves such a one behind.
        """
        said = vars(saved) | getattr(saved, "changes", {})
        return (
            self.kept.get(_SAVING) is True
            and not self.unfinished
            and all(said.get(field) == value for field, value in self.answers.items())
        )

    def save(
        self,
        answers: Mapping[str, Any],
        unfinished: Mapping[str, str] | None = None,
        *,
        is_saving: bool = False,
    ) -> None:
        """Have the answers, and what stands beside them, on the disk. Raises OSError."""
        self.answers = dict(answers)
        self.unfinished = {name: text for name, text in (unfinished or {}).items() if text}
        beside: Answers = {_UNFINISHED: self.unfinished, _GATE: self.gate, _BY: self.by}
        beside |= {_ABOUT: self.about, _ADDING: self.adding, _ENTRY: self.entry}
        beside |= {_DIGEST: self.digest, _CLAIMS: self.claims, _SAVING: is_saving}
        kept = self.answers | {name: value for name, value in beside.items() if value}
        if self.notes is not None:
            kept[_NOTES] = self.notes
        self.kept = {**kept, DRAFT_WRITTEN: read_now().isoformat()}
        self.lock = self.lock or _take_lock(self.path)
        files.make_private_folder(self.path.parent)
        data = json.dumps(self.kept, ensure_ascii=False).encode("utf-8", "surrogatepass")
        files.write_private(self.path, data)

    def keep(self, answers: Mapping[str, Any], unfinished: Mapping[str, str]) -> str:
        """Keep what is answered and typed; return what to say where that can't be done."""
        self.problem = ""
        if answers or any(unfinished.values()) or self.path.exists():
            try:
                self.save(answers, unfinished)
            except OSError as error:
                self.problem = files.explain(error)
        told = f"Your answers can't be kept as a draft: {self.problem}. Please finish in one go."
        return told if self.problem else ""

    def pass_gate(self, gate: str) -> None:
        """Keep from now on that ``gate`` is what was said of somebody being hurt."""
        self.gate = gate

    def end(self) -> str:
        """Remove it, saved or thrown away; return why where it could not be removed."""
        problem = _remove(self.path)
        self.leave()
        return problem

    def leave(self) -> None:
        """Keep it for another time."""
        if self.lock is not None:
            self.lock.release()
            if not self.path.exists():
                _remove(Path(self.lock.lock_file))


@dataclass(frozen=True)
class Drafts:
    """The drafts in ``folder`` that belong to the logbook at ``logbook``."""

    folder: Path
    logbook: Path

    def list_files(self) -> list[Path]:
        """Return the files with what was not saved."""
        return self._list("json*")

    def list_commands(self) -> list[Path]:
        """Return the files with commands that could not be carried out."""
        return self._list(COMMAND)

    def list_all(self) -> list[Path]:
        """Return every file with words that were not saved, half-written ones too."""
        with suppress(OSError):
            left = files.list_abandoned(self.folder, "")
            return [*self.list_files(), *self.list_commands(), *left]
        return []

    def _list(self, ending: str) -> list[Path]:
        try:
            return sorted(self.folder.glob(f"{self._name()}-*.{ending}"))
        except OSError:  # a folder that can't be looked into stops nobody from writing
            return []

    def list_left(self) -> list[Draft]:
        """Return all that was not saved and is not open elsewhere, the newest first."""
        left = [read_draft(path) for path in self.list_files() if not _is_open(path)]
        left += [Draft(path) for path in self.list_commands()]
        times = {each.path: each.changed.timestamp() if each.changed else 0.0 for each in left}
        return sorted(left, key=lambda draft: times[draft.path], reverse=True)

    def list_unfinished(self) -> list[Draft]:
        """Return the reports that can be gone on with, the newest first."""
        return [draft for draft in self.list_left() if draft.kept and not draft.about]

    def list_later(self) -> list[Draft]:
        """Return what was not finished about reports, the newest first."""
        return [draft for draft in self.list_left() if draft.about]

    def start(self, about: str = "", adding: str = "", entry: str = "", digest: str = "") -> Draft:
        """Return a new draft. Nothing is written before its first answer."""
        path = self.folder / f"{self._name()}-{secrets.token_hex(4)}.json"
        return Draft(path, about=about, adding=adding, entry=entry, digest=digest)

    def keep_phoned(self, phoned: "Iterable[Phoned]", author: str | None) -> list[Path]:
        """Keep reports of a phone's text, to be gone on with; return where. Raises OSError."""
        paths = []
        for each in phoned:
            draft = self.start()
            draft.notes, draft.claims, draft.by = each.notes, each.claims, author or ""
            draft.save(each.answers, each.asked)
            draft.leave()
            paths.append(draft.path)
        return paths

    def resume(self, path: Path) -> Draft:
        """Return the draft at ``path``, to be gone on with. Raises OpenElsewhere."""
        lock = _take_lock(path)
        return replace(read_draft(path), lock=lock)

    def keep_input(self, data: bytes) -> Path:
        """Keep what could not be saved, as it was given; return where. Raises OSError."""
        return self._keep(data, "jsonl" if b"\n" in data.strip() else "json")

    def keep_command(self, data: bytes) -> Path:
        """Keep a command that could not be carried out; return where. Raises OSError."""
        return self._keep(data, COMMAND)

    def _keep(self, data: bytes, ending: str) -> Path:
        files.make_private_folder(self.folder)
        path = self.folder / f"{self._name()}-{secrets.token_hex(4)}.{ending}"
        files.write_private(path, data)
        return path

    def forget_commands(self, kept: Collection[bytes]) -> None:
        """Remove what was kept of a command that has been carried out since."""
        for path in self.list_commands():
            with suppress(OSError):
                if files.read_ordinary(path) in kept:
                    path.unlink()

    def forget(self, path: Path) -> None:
        """Remove the draft at ``path`` if it is one of these: it was saved."""
        for each in self.list_files():
            if path.exists() and each.samefile(path):
                self.discard(each)

    def discard(self, path: Path) -> str:
        """Remove the draft at ``path``; where that can't be done, return why."""
        try:
            return self.resume(path).end()
        except OpenElsewhere:
            return "it is open in another window"

    def _name(self) -> str:
        return name_book(self.logbook)[:8]


def read_draft(path: Path) -> Draft:
    """Return the draft at ``path``, with nothing in it where it can't be read."""
    try:
        kept = json.loads(files.read_ordinary(path))
    except (OSError, ValueError, RecursionError):
        kept = None
    if not isinstance(kept, dict):
        return Draft(path)
    texts = {name: each for name, each in kept.items() if isinstance(each, str)}
    claims = kept.get(_CLAIMS)
    return Draft(
        path,
        kept,
        changed=_read_changed(texts.get(DRAFT_WRITTEN, "")),
        answers={name: value for name, value in kept.items() if name not in _BESIDE},
        about=texts.get(_ABOUT, ""),
        adding=texts.get(_ADDING, ""),
        entry=texts.get(_ENTRY, ""),
        digest=texts.get(_DIGEST, ""),
        by=texts.get(_BY, ""),
        gate=texts.get(_GATE, ""),
        unfinished=_read_texts(kept.get(_UNFINISHED)),
        notes=_read_texts(kept[_NOTES]) if _NOTES in kept else None,
        claims=[each for each in claims if isinstance(each, str)]
        if isinstance(claims, list)
        else [],
    )


_BESIDE = (_UNFINISHED, *BESIDE_ANSWERS, _ABOUT, _ADDING, _ENTRY, _DIGEST)


def _read_changed(written: str) -> datetime | None:
    with suppress(ValueError, OverflowError):  # whatever stands there instead
        return to_local(datetime.fromisoformat(written))
    return None


def _read_texts(found: object) -> dict[str, str]:
    texts = found.items() if isinstance(found, dict) else ()
    return {name: text for name, text in texts if isinstance(text, str)}


def _is_open(path: Path) -> bool:
    try:
        lock = _take_lock(path)
    except OpenElsewhere:
        return True
    if lock is not None:
        lock.release()
    return False


def _take_lock(path: Path) -> "BaseFileLock | None":
    """Return the lock of a draft, None where the folder can't have one. Raises OpenElsewhere."""
    from filelock import FileLock, Timeout

    lock = FileLock(path.with_suffix(".lock"), mode=files.PRIVATE_FILE, fallback_to_soft=False)
    try:
        files.make_private_folder(path.parent)
        lock.acquire(timeout=0)
    except Timeout:
        raise OpenElsewhere from None
    except (OSError, NotImplementedError):
        return None
    return lock


def _remove(path: Path) -> str:
    try:
        files.insist(lambda: path.unlink(missing_ok=True))
    except OSError as error:
        return files.explain(error)
    return ""


def refuse_kept(path: Path, problem: str) -> None:
    """Raise NearmissError where there was a ``problem`` in throwing ``path`` away."""
    if problem:
        raise NearmissError(f"It could not be thrown away: {problem}. It still is in {path}")


_JUST_NOW = timedelta(minutes=2)
_LONG_AGO = timedelta(hours=48)  # from which the day says more


def describe_draft(draft: Draft, now: datetime) -> str:
    """Return a draft in a line: the client, the place, and when it was last worked on."""
    age = tell_age(draft.changed, now) if draft.changed else ""
    if not draft.kept:
        return f"what could not be saved, {tell_kept(draft.path)}"
    if draft.about:
        first = next(iter(list_words(draft)), "")
        said = (name_adding(draft), shorten(first, _GLIMPSE) if first else "", age)
        return ", ".join(filter(None, said))
    answers = fill_missing(draft.answers)
    shown = [
        show_answer(name, answers) or shorten(draft.unfinished.get(name, ""), _GLIMPSE)
        for name in ("client", "location")
    ]
    return ", ".join(filter(None, (*(shown if any(shown) else ["nothing answered yet"]), age)))


def tell_kept(path: Path) -> str:
    """Return where a command, or several reports, are kept, with the first words of each."""
    said = "; ".join(filter(None, (each.glimpse for each in read_pieces([path], ""))))
    return f"{path} ({said})" if said else str(path)


_GLIMPSE = 40  # characters of what was added that stand beside its name
_ADDED = {
    "told": "who was told about {}",
    "tried": "who was tried about {}",
    "harm": "harm found with {}",
    "changed": "a change after {}",
    "step": "a next step about {}",
    "plan": "the care plan after {}",
    "note": "a note about {}",
    "close": "closing {}",
    "right": "a correction of {}",
}


def name_adding(draft: Draft) -> str:
    """Return what was added to which report: ``a note about K7QX-0042``."""
    return _ADDED.get(draft.adding, "something about {}").format(draft.entry or draft.about)


def list_words(draft: Draft) -> Iterator[str]:
    """Yield each text of a draft about a report, what was typed last before what was answered."""
    for value in (*draft.unfinished.values(), *draft.answers.values()):
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and each.strip():
                yield join_lines(each)


def show_draft(draft: Draft, now: datetime) -> str:
    """Return a draft in full: every answer under its title, and what was typed beside them."""
    if draft.about or not draft.kept:
        return "\n".join((f"Draft: {describe_draft(draft, now)}", *list_words(draft)))
    answers = fill_missing(draft.answers)
    shown = [show_reviewed(field, answers) for field in ANSWERS if field in answers]
    begun = [
        f"{ANSWERS[field].title} (not finished): {text}"
        for field, text in draft.unfinished.items()
        if field in ANSWERS
    ]
    noted = [
        f"From your phone, beside {ANSWERS[field].title}: {text}"
        for field, text in (draft.notes or {}).items()
        if field in ANSWERS
    ]
    return "\n".join((f"Draft: {describe_draft(draft, now)}", *shown, *begun, *noted))


def tell_age(moment: datetime, now: datetime) -> str:
    """Return how long before ``now`` a moment was, in words; both are aware."""
    age = now - moment
    if age < _JUST_NOW:
        return "just now"
    return f"{tell_length(age)} ago" if age < _LONG_AGO else f"on {echo(moment)}"


def tell_other(report: str) -> str:
    """Return why what was begun about a report of that id is not gone on with."""
    return (
        f"Something that was not finished was begun about another {report} than the one that "
        "stands here now, so it is not used. It is kept. If a copy of this book holds that other "
        "one, import the copy. To throw away what was begun: nearmiss log --discard-draft"
    )


def offer_drafts(asker: Asker, drafts: Sequence[Draft], now: datetime) -> Draft | None:
    """Return the draft that the carer goes on with, None to begin a new report."""
    if not drafts:
        return None
    if len(drafts) > 1:
        new: Option[Draft | None] = Option("Begin a new one", None, "n", ("new",))
        listed = _list_options(drafts, now)
        return asker.choose(Choice("Go on with a report that was not finished?", (*listed, new)))
    (draft,) = drafts
    say(f"There is a report that was not finished: {describe_draft(draft, now)}.")
    return draft if ask_yes_no(asker, "Go on with it?") else None


def discard_draft(
    asker: Asker | None, drafts: Drafts, number: int | None, now: datetime, *, sure: bool
) -> None:
    """Throw one draft away, by ``number`` or choice; asked, unless one is ``sure``."""
    left = drafts.list_left()
    if not left:
        say("There is no draft to throw away.")
        return
    draft = _choose_discarded(asker, left, number, now)
    if draft is not None and (sure or _confirm(asker, draft, now)):
        told = describe_draft(draft, now)
        refuse_kept(draft.path, drafts.discard(draft.path))
        say(f"Thrown away: {told}.")
    else:
        say("Nothing was thrown away.")


def _choose_discarded(
    asker: Asker | None, left: Sequence[Draft], number: int | None, now: datetime
) -> Draft | None:
    if number is not None and not 1 <= number <= len(left):
        verb = "is" if len(left) == 1 else "are"
        raise UsageProblem(
            f"There is no draft {number}: there {verb} {count_of(len(left), 'draft')}. "
            "Nothing was thrown away."
        )
    if number is not None or len(left) == 1:
        return left[(number or 1) - 1]
    if asker is None:
        raise UsageProblem(
            f"There are {len(left)} drafts. Say which one, the newest being 1: "
            "nearmiss log --discard-draft --draft 1 --yes\nNothing was thrown away."
        )
    keep: Option[Draft | None] = Option("Keep them all", None, "k", ("keep",))
    options = (*_list_options(left, now), keep)
    return asker.choose(Choice("Which one is to be thrown away?", options))


def _confirm(asker: Asker | None, draft: Draft, now: datetime) -> bool:
    if asker is None:
        raise UsageProblem(
            "A draft that is thrown away can't be brought back. Without a terminal, add --yes. "
            "Nothing was thrown away."
        )
    say(show_draft(draft, now))
    return ask_yes_no(asker, "Throw it away for good?")


def _list_options(drafts: Sequence[Draft], now: datetime) -> list[Option[Draft | None]]:
    return [Option(describe_draft(each, now), each) for each in drafts]
