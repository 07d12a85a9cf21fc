"""Data under a password, as an age file (age-encryption.org/v1), which any age program opens."""

from pathlib import Path

from nearmiss.errors import NearmissError

_HEADS = (b"age-encryption.org/v1\n", b"-----BEGIN AGE ENCRYPTED FILE-----")
HEAD_LENGTH = max(map(len, _HEADS))


class WrongPassword(NearmissError):
    """A file does not open."""

    def __init__(self, *, path: Path) -> None:
        super().__init__(
            f"{path} does not open: it is another password, or the file is damaged. "
            "Nothing was changed."
        )


def is_locked(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is an age file."""
    return head.startswith(_HEADS)


def lock_data(data: bytes, password: str) -> bytes:
    """Return ``data`` under ``password``."""
    import pyrage

    return bytes(pyrage.passphrase.encrypt(data, password))


def unlock_data(path: Path, data: bytes, password: str) -> bytes:
    """Return what the age file ``data``, from ``path``, holds. Raises WrongPassword."""
    import pyrage

    try:
        return bytes(pyrage.passphrase.decrypt(data, password))
    except (pyrage.DecryptError, ValueError) as error:
        raise WrongPassword(path=path) from error
