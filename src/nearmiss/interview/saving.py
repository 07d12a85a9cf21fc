"""Saving what was typed: on the disk, or kept where it is found again; and what is said of it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nearmiss import files
from nearmiss.dates.days import parse_due
from nearmiss.dates.grammar import (
    parse_day,
    parse_since,
    parse_until,
    parse_when,
    parse_without_hour,
)
from nearmiss.dates.phrase import DateNotUnderstood
from nearmiss.dates.shown import echo_weekday, to_timestamp
from nearmiss.errors import BookFault, ErasedMeanwhile, NearmissError, SteppedBack
from nearmiss.intake.reached import read_reached
from nearmiss.model.ids import POINTING, EntryId, read_typed, read_words
from nearmiss.records.informed import NO_PROTECTOR, hides_concern, lacks_protector
from nearmiss.records.record import Changed, NextStep, Record
from nearmiss.records.words import CARE_PLAN, tell_step
from nearmiss.speech import join_words, print_data, quote_word, say
from nearmiss.text import fold_text
from nearmiss.words import worry_again

if TYPE_CHECKING:
    from nearmiss.interview.drafts import Draft, Drafts
    from nearmiss.logbook.book import Written


class ErasedWords(NearmissError):
    """What was typed is about what was erased meanwhile: it is shown, and not kept."""


@dataclass(frozen=True)
class Typed:
    """What was typed and would be lost if it could not be saved.

    ``keep`` puts ``data`` somewhere and says where, or raises OSError; ``again`` says how it is
    saved from there; ``forget`` removes what an earlier failure kept of the same.
    """

    data: bytes
    keep: Callable[[bytes], Path]
    again: Callable[[Path], str]
    forget: Callable[[], None] = lambda: None


def type_report(data: bytes, keep: Callable[[bytes], Path], author: str | None = None) -> Typed:
    """Return a report's answers, by ``author``, as JSON, which ``log`` takes again."""
    by = f" --by {quote_word(author)}" if author else ""

    def tell(path: Path) -> str:
        return f"When that is put right: nearmiss log --json {quote_word(str(path))}" + by

    return Typed(data, keep, tell)


def type_draft(
    draft: "Draft", answers: Mapping[str, Any], beside: Mapping[str, str] | None = None
) -> Typed:
    """Return ``answers``, about to be saved, as what would be lost: the draft keeps them.

    ``beside`` is what was typed beside them.
    """
    with suppress(OSError):  # then the draft, if any, is offered again: that is all
        draft.save(answers, is_saving=True)

    def keep(data: bytes) -> Path:
        del data
        draft.save(answers, beside)
        return draft.path

    data = json.dumps({**answers, **(beside or {})}, ensure_ascii=False).encode()
    return Typed(data, keep, lambda path: f"When that is put right: {draft.to_go_on}")


TO_COPY = "What you wrote stands above, to copy."


@contextmanager
def hold_draft(draft: "Draft", to_go_on: str = "") -> Iterator[None]:
    """Let the draft go to another time where it does not end in here; say so when stopped.

    To go back from what is added to a report is no stop. ``to_go_on`` is what is typed here.
    """
    try:
        yield
    except (SteppedBack, KeyboardInterrupt, EOFError) as stopped:
        if draft.about and isinstance(stopped, SteppedBack):
            raise
        if draft.path.exists():
            kept = "Your answers are kept."
            if draft.problem:
                kept = f"Your first answers are kept, not the last ones: {draft.problem}."
            say(f"\nStopped. {kept} To go on: {to_go_on or draft.to_go_on}")
        elif draft.problem:
            say(f"\nStopped. Nothing is kept: {draft.problem}. {TO_COPY}")
        raise
    except ErasedWords:
        draft.end()
        raise
    except BookFault as problem:  # as it was read; one from saving says where it is kept
        if not draft.path.exists():
            raise
        kept = f"What you wrote is kept in {draft.path}"
        again = f"When that is put right: {draft.to_go_on}"
        raise NearmissError(f"{problem} {kept}\n{again}") from problem
    finally:
        draft.leave()


NUMBER = "NUMBER"  # stands in a kept command for a report that could not be looked up


def write_command(
    words: Iterable[str], logbook: Path, now: datetime, tag: str, last: str = "", digest: str = ""
) -> str:
    """Return the command that says the same another day and in another folder, or can't be run.

    A bare number is one of the book ``tag``, if that is known; the report that was the last one is
    ``last``, which only the book could say. ``digest`` is that of what it is about: a number may
    come to be another report's. What goes is shown first when it is run: it has no ``--yes``.
    """
    settled = ["nearmiss", "--logbook", str(logbook)]
    settled += ["--written-about", digest] if digest else []
    for begin, word, option in read_words(each for each in words if each != "--yes"):
        value, number = word, read_typed(word) if option in POINTING else None
        if option in _DAYS and word:
            with suppress(NearmissError):  # what is no day is refused as it is run
                value = _DAYS[option](word, now)
        elif option in POINTING and fold_text(word) == "last":
            value = last or NUMBER
        elif number and number[0] is None and tag:
            value = str(EntryId(tag, number[1]))
        settled.append(f"{begin}{value}")
    return " ".join(map(quote_word, settled))


def _settle_when(typed: str, now: datetime) -> str:
    try:
        when = parse_when(typed, now)
    except DateNotUnderstood:
        return parse_without_hour(typed, now).moment.date().isoformat()
    begun = "noticed " if when.noticed else ""
    return f"{begun}{'about ' if when.approx else ''}{to_timestamp(when.moment)}"


def _settle_day(typed: str, now: datetime) -> str:
    return parse_day(typed, now).isoformat()


_A_SECOND = timedelta(seconds=1)
_DAYS: dict[str, Callable[[str, datetime], str]] = {
    "--when": _settle_when,
    "--harm-on": _settle_day,
    "--changed-on": _settle_day,
    "--agreed-on": _settle_day,
    "--since": lambda typed, now: parse_since(typed, now).date().isoformat(),
    "--until": lambda typed, now: (parse_until(typed, now) - _A_SECOND).date().isoformat(),
    "--due": lambda typed, now: parse_due(typed, now.date()).isoformat(),
}


def type_command(command: str, drafts: "Drafts", others: Iterable[str] = ()) -> Typed:
    """Return what is written about a report later, as the command that says it again.

    ``others`` say the same, as they may have been kept when less was known.
    """
    asked = (
        f", with the report's number in the place of {NUMBER}" if f" {NUMBER}" in command else ""
    )
    return Typed(
        _encode(command),
        drafts.keep_command,
        lambda path: f"When that is put right, run the command that stands in it{asked}.",
        lambda: drafts.forget_commands({_encode(each) for each in (command, *others)}),
    )


def _encode(command: str) -> bytes:
    return f"{command}\n".encode("utf-8", "surrogatepass")


def save(write: Callable[[], "Written"], typed: Typed, *, quiet: bool = False) -> "Written":
    """Write entries, print their ids and return them.

    Where that fails, what was typed is kept, or shown where it can't be. Raises NearmissError
    that says so; KeyboardInterrupt after saying where it is kept.
    """
    try:
        written = write()
    except ErasedMeanwhile as problem:  # what was erased is not kept in other words either
        shown = typed.data.decode(errors="replace")
        raise ErasedWords(
            f"{problem} Nothing was saved or kept. Here is what you wrote, to copy:\n{shown}"
        ) from problem
    except NearmissError as problem:
        raise keep_problem(problem, typed) from problem
    except BaseException:
        stopped = NearmissError("Stopped before it was saved.")
        say(str(keep_problem(stopped, typed)))
        raise
    announce(written, quiet=quiet)
    typed.forget()
    return written


def keep_problem(problem: Exception, typed: Typed) -> NearmissError:
    """Keep what was typed, and return the problem with where it is; or with what it is."""
    try:
        path = typed.keep(typed.data)
    except (OSError, NearmissError) as error:
        reason = files.explain(error) if isinstance(error, OSError) else "there is no place for it"
        return NearmissError(
            f"{problem} It could not be kept as a draft either: {reason}. "
            f"Here it is, to copy before you close this window:\n"
            f"{typed.data.decode(errors='replace')}"
        )
    space = " " if str(problem).endswith(".") else "\n"  # behind a command, which is copied
    return NearmissError(f"{problem}{space}What you wrote is kept in {path}\n{typed.again(path)}")


def announce(written: "Written", *, quiet: bool = False) -> None:
    """Say what the carer should know of a write and print its ids; unless ``quiet``, no ids.

    What is on the disk is never denied: where the ids can't be printed, they are said.
    """
    for notice in written.notices:
        say(notice)
    if quiet:
        return
    error = print_data(written.ids)
    if error is not None:
        say(f"Saved as {join_words(list(written.ids))}, which could not be printed: {error}.")


@contextmanager
def after_saving(ids: Sequence[str]) -> Iterator[None]:
    """Whatever fails in what follows a save is told as that, and not as a save that failed."""
    try:
        yield
    except (NearmissError, OSError):
        verb = "is" if len(ids) == 1 else "are"
        say(
            f"{join_words(list(ids))} {verb} saved. What else would be said here can't be just "
            "now: the logbook could not be read, or the screen not written."
        )


def tell_added(record: Record, fields: Mapping[str, Any]) -> str:
    """Return in words what was saved of ``fields`` about ``record``, as it stood before."""
    return " ".join((*_tell_people(record, fields), *_tell_facts(record, fields)))


def _tell_people(record: Record, fields: Mapping[str, Any]) -> Iterator[str]:
    of, informed, tried = (fields.get(each) or () for each in ("told_of", "informed", "tried"))
    if informed:
        yield f"Noted as told: {join_words(list(informed))}."
    elif tried:
        is_planned = all(read_reached(line).is_planned for line in tried)
        noted = "Noted as not told yet" if is_planned else "Noted as tried"
        told = join_words(list(tried)) if record.informed else "nobody has been told yet"
        yield f"{noted}: {told}."
    if informed or (tried and record.informed):
        if "concern" not in of and hides_concern(record):
            yield "Of the worry nobody is noted as told yet."
        if lacks_protector(record, informed if "concern" in of else ()):
            yield NO_PROTECTOR
        untold = [each for each in record.harm_found if not record.list_told_of(each.id)]
        if any(each.id not in of for each in untold):
            yield "Of the harm nobody is noted as told yet."


def _tell_facts(record: Record, fields: Mapping[str, Any]) -> Iterator[str]:
    days = {
        name: date.fromisoformat(fields[name])
        for name in ("harm_on", "changed_on", "next_due")
        if fields.get(name)
    }
    since = f" since {echo_weekday(days['changed_on'])}" if "changed_on" in days else ""
    if fields.get("harm_found"):
        seen = f", seen {echo_weekday(days['harm_on'])}" if "harm_on" in days else ""
        yield f"Noted as harm that showed later{seen}. Nobody is noted as told of it yet."
    if undone := fields.get("undoes"):
        yield f"Noted as no longer so{since}: {_name(record.in_force, undone)}."
    if changed := fields.get("changed"):
        yield f"Noted as changed{'' if undone else since}: {changed}."
    if fields.get("next_done"):
        yield f"Noted as done: {_name(record.steps, fields.get('ends'))}."
    if text := fields.get("next_step"):
        step = NextStep("", text, fields.get("next_who") or "", days.get("next_due"), "")
        yield f"Noted as to be done: {tell_step(step)}. The desk reminds you."
    if status := fields.get("care_plan_status"):
        yield f"Noted: {CARE_PLAN[status]}."
    elif fields.get("care_plan"):
        yield "Noted about the care plan."
    if fields.get("note"):
        yield f"Noted. {worry_again()}" if record.report.safeguarding else "Noted."
    if (closes := fields.get("closes")) is not None:
        yield "Closed." if closes else "Open again."


def _name(found: Sequence[Changed | NextStep], wanted: str | None) -> str:
    return next((each.text for each in found if wanted in (None, each.id)), "what was to do")
