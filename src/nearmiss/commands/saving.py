"""Saving entries from the command line: on the disk, or kept where they can be found again."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nearmiss import files
from nearmiss.errors import NearmissError
from nearmiss.session import Session
from nearmiss.speech import say

if TYPE_CHECKING:
    from nearmiss.logbook.book import Written
    from nearmiss.model.entries import Content


class NotSaved(NearmissError):
    """The write failed; what was given is kept elsewhere."""

    def __init__(self, *, problem: NearmissError, path: Path | str) -> None:
        super().__init__(
            f"{problem} What you wrote is kept in {path}\n"
            f"When that is put right: nearmiss log --json {path}"
        )


class NotEvenKept(NearmissError):
    """The write failed and no draft could be written: the answers go to the screen."""

    def __init__(self, *, problem: NearmissError, reason: str, answers: str) -> None:
        super().__init__(
            f"{problem} It could not be kept as a draft either: {reason}. "
            f"Here it is, to copy before you close this window:\n{answers}"
        )


def save_reports(
    session: Session,
    contents: "Sequence[Content]",
    author: str | None,
    answers: bytes,
    keep: Callable[[bytes], Path],
) -> "Written":
    """Append reports, print their ids and return what was written.

    Where that fails, ``keep`` puts ``answers`` somewhere and says where. Raises NotSaved or
    NotEvenKept.
    """
    try:
        return append(session, contents, author)
    except NearmissError as problem:
        try:
            raise NotSaved(problem=problem, path=keep(answers)) from problem
        except OSError as error:
            reason, words = files.explain(error), answers.decode(errors="replace")
            raise NotEvenKept(problem=problem, reason=reason, answers=words) from problem


def append(session: Session, contents: "Sequence[Content]", author: str | None) -> "Written":
    """Append entries by ``author``, or by whom the settings name, and print their ids.

    Raises what ``Logbook.append`` raises.
    """
    written = session.book.append(contents, author or session.settings.author, session.now())
    for notice in written.notices:
        say(notice)
    print("\n".join(written.ids), flush=True)
    return written
