"""The password of a locked PDF: asked twice, or read from a file; never on the command line."""

from pathlib import Path

from nearmiss import files
from nearmiss.commands.sharing_options import BadOption, Options
from nearmiss.errors import CannotRead
from nearmiss.speech import is_conversation

_MOST_BYTES = 127  # of a password in a PDF of revision 6: ISO 32000-2, 7.6.4.3.3


def read_password(options: Options) -> str | None:
    """Return the password, or None where none is wanted. Raises BadOption or CannotRead."""
    if options.password_file is not None:
        return _check("--password-file", _read_file(Path(options.password_file)))
    if not options.password:
        return None
    if not is_conversation():
        reason = "there is no terminal to ask at; give --password-file."
        raise BadOption(option="--password", reason=reason)
    from getpass import getpass

    password = getpass("Password for the PDF: ")
    if password != getpass("The same again: "):
        raise BadOption(option="--password", reason="the two are not the same.")
    return _check("--password", password)


def _read_file(path: Path) -> str:
    try:
        if not files.require_ordinary(path):
            raise FileNotFoundError(2, "it is not there")
        return path.read_text(encoding="utf-8-sig").split("\n")[0].rstrip("\r")
    except OSError as error:
        raise CannotRead(path=path, reason=files.explain(error)) from error
    except UnicodeDecodeError as error:
        raise CannotRead(path=path, reason="it is not text in UTF-8") from error


def _check(option: str, password: str) -> str:
    if not password:
        raise BadOption(option=option, reason="the password is empty.")
    if len(password.encode()) > _MOST_BYTES:
        raise BadOption(option=option, reason=f"the most is {_MOST_BYTES} bytes.")
    return password
