"""The password of a document: typed twice, or taken from a file; never on the command line."""

import sys
from pathlib import Path

from nearmiss import files
from nearmiss.errors import CannotRead, UsageProblem
from nearmiss.speech import is_conversation, say

SHORTEST = 8  # characters
MOST_BYTES = 127  # as UTF-8; a PDF takes no more (ISO 32000-2, 7.6.4.3.3)
_READ = 4096  # bytes of a password file


_NOTHING_GIVEN = (
    "There is no password: nobody can be asked here, or the file is empty. Nothing was made. "
    "Use --password at a terminal, or --password-file FILE"
)
_NOT_OPENED = (
    "This file has a password, and nobody can be asked for it here, or what was given is empty. "
    "It was not opened. Put the password on the first line of a file, then add: "
    "--password-file FILE"
)
_TOO_SHORT = (
    f"A password needs at least {SHORTEST} characters: three words are easy to keep. "
    "Nothing was made."
)
_TOO_LONG = (
    f"A password can have at most {MOST_BYTES} bytes: as many letters, or half as many with "
    "accents. Nothing was made."
)


def read_password(file: str | None) -> str:
    """Return the first line of ``file``, or what is typed twice."""
    password = _read_file(file) if file is not None else _ask()
    if not password:
        raise UsageProblem(_NOTHING_GIVEN)
    if len(password) < SHORTEST:
        raise UsageProblem(_TOO_SHORT)
    if len(password.encode("utf-8", "surrogateescape")) > MOST_BYTES:
        raise UsageProblem(_TOO_LONG)
    return password


def read_opening_password(file: str | None) -> str:
    """Return the first line of ``file``, or what is typed: of what has a password."""
    if file is not None:
        password = _read_file(file)
    elif is_conversation():
        password = _read_hidden("Password: ")
    else:
        raise UsageProblem(_NOT_OPENED)
    if not password:
        raise UsageProblem(_NOT_OPENED)
    return password


def _read_file(file: str) -> str:
    try:
        with Path(file).open("rb") as opened:  # it may be a pipe, or without an end
            lines = opened.read(_READ).decode("utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        reason = files.explain(error) if isinstance(error, OSError) else "it is not text"
        raise CannotRead(path=file, reason=reason) from error
    return lines[0] if lines else ""


def _ask() -> str:
    if not is_conversation():
        raise UsageProblem(_NOTHING_GIVEN)
    while (typed := _read_hidden("Password: ")) != _read_hidden("The same once more: "):
        say("These two differ. Please type both again.")
    return typed


def _read_hidden(ask: str) -> str:
    import getpass

    return getpass.getpass(ask, stream=sys.stderr)
