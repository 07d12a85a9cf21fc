"""The password from a file: as it was meant, or refused."""

from pathlib import Path

import pytest

from nearmiss.errors import NearmissError
from nearmiss.sharing.password import read_password
from tests.cases import over


@over(
    ("data", "password"),
    [
        (b"\xef\xbb\xbfcorrect horse\r\nmore", "correct horse"),
        ("größer als".encode(), "größer als"),
        (b"x" * 127 + b"\n", "x" * 127),
    ],
)
def test_the_first_line_is_the_password(tmp_path: Path, data: bytes, password: str) -> None:
    file = tmp_path / "secret"
    file.write_bytes(data)
    assert read_password(str(file)) == password


@over(
    ("data", "problem"),
    [
        (b"x" * 128, "at most 127 bytes"),
        ("é".encode() * 64, "at most 127 bytes"),
        (b"short", "at least 8 characters"),
        (b"\xff\xfeabcdefgh", "it is not text"),
    ],
)
def test_what_can_be_no_password_is_refused(tmp_path: Path, data: bytes, problem: str) -> None:
    file = tmp_path / "secret"
    file.write_bytes(data)
    with pytest.raises(NearmissError, match=problem):
        read_password(str(file))
