"""Saving what was typed: on the disk, or kept where it can be found again; never denied after."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nearmiss import files
from nearmiss.errors import NearmissError
from nearmiss.speech import join_words, print_data, quote_word, say

if TYPE_CHECKING:
    from nearmiss.interview.drafts import Drafts
    from nearmiss.logbook.book import Written


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


def type_report(data: bytes, keep: Callable[[bytes], Path]) -> Typed:
    """Return a report's answers as JSON, which ``log`` takes again."""

    def tell(path: Path) -> str:
        return f"When that is put right: nearmiss log --json {quote_word(str(path))}"

    return Typed(data, keep, tell)


def type_command(command: str, drafts: "Drafts") -> Typed:
    """Return what is written about a report later, as the command that says it again."""
    data = f"{command}\n".encode("utf-8", "surrogatepass")
    return Typed(
        data,
        drafts.keep_command,
        lambda path: "When that is put right, run the command that stands in it.",
        lambda: drafts.forget_command(data),
    )


def save(write: Callable[[], "Written"], typed: Typed, *, quiet: bool = False) -> "Written":
    """Write entries, print their ids and return them.

    Where that fails, what was typed is kept, or shown where it can't be. Raises NearmissError
    that says so; KeyboardInterrupt after saying where it is kept.
    """
    try:
        written = write()
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
    return NearmissError(f"{problem} What you wrote is kept in {path}\n{typed.again(path)}")


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
