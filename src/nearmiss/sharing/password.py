"""The password of a document: typed twice, or taken from a file; never on the command line."""

from pathlib import Path

import typer

from nearmiss import files
from nearmiss.errors import CannotRead, UsageProblem
from nearmiss.speech import is_conversation


class NoPassword(UsageProblem):
    """There is no password to use."""

    def __init__(self) -> None:
        super().__init__(
            "There is no password: nobody can be asked here, or the file is empty. "
            "Nothing was made. "
            "Use --password at a terminal, or --password-file FILE"
        )


def read_password(file: str | None) -> str:
    """Return the first line of ``file``, or what is typed twice. Raises NoPassword, CannotRead."""
    if file is not None:
        try:
            lines = Path(file).read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError) as error:
            reason = files.explain(error) if isinstance(error, OSError) else "it is not text"
            raise CannotRead(path=file, reason=reason) from error
        if lines and lines[0]:
            return lines[0]
        raise NoPassword
    if not is_conversation():
        raise NoPassword
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return typed
