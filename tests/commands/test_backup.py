"""Backups: exact, read back, under a password."""

import hmac
import os
import shutil
from base64 import b64encode
from hashlib import scrypt
from pathlib import Path
from typing import BinaryIO

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from nearmiss.commands.restore import find_backups
from nearmiss.logbook.backup import copy_book
from nearmiss.logbook.book import Logbook
from nearmiss.session import Session
from tests.conftest import NOW, TODAY, Run, make_report

SECRET = "correct horse"  # noqa: S105 - of a test


@pytest.fixture
def secret(tmp_path: Path) -> str:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    return str(file)


def lock_cheaply(data: bytes, password: str) -> bytes:
    """Return what is locked as another age program may do it: its key costs next to nothing.

    It is https://age-encryption.org/v1 of one chunk. Each key of our own takes a second or more.
    """
    key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)

    def derive(salt: bytes, purpose: bytes) -> bytes:
        return HKDF(SHA256(), 32, salt, purpose).derive(key)

    def encode(raw: bytes) -> bytes:
        return b64encode(raw).rstrip(b"=")

    label = b"age-encryption.org/v1"
    wrapping = scrypt(password.encode(), salt=label + b"/scrypt" + salt, n=2, r=8, p=1, dklen=32)
    wrapped = ChaCha20Poly1305(wrapping).encrypt(bytes(12), key, None)
    head = b"%s\n-> scrypt %s 1\n%s\n---" % (label, encode(salt), encode(wrapped))
    mac = hmac.digest(derive(b"", b"header"), head, "sha256")
    sealed = ChaCha20Poly1305(derive(nonce, b"payload")).encrypt(bytes(11) + b"\1", data, None)
    return head + b" " + encode(mac) + b"\n" + nonce + sealed


def test_a_locked_backup_opens_with_the_password_alone(
    run: Run, book: Logbook, tmp_path: Path, secret: str
) -> None:
    book.append([make_report(what_nearly_happened="XYLOPHONE")], "M", NOW)
    before = book.path.read_bytes()
    copy = tmp_path / f"nearmiss-backup-{TODAY:%Y-%m-%d}.jsonl.age"
    copy.write_bytes(lock_cheaply(before, SECRET))
    wrong = tmp_path / "wrong"
    wrong.write_text("another one")
    refused = run("verify", str(copy), "--password-file", str(wrong))
    assert (refused.code, "does not open" in refused.err) == (1, True)
    done = run("backup", str(tmp_path), "--force", "--password-file", secret)
    assert (done.code, done.out.strip()) == (0, str(copy)), done.err
    assert "Write it down" in done.err
    assert b"XYLOPHONE" not in copy.read_bytes()
    assert run("verify", str(copy)).code == 2
    assert run("restore", str(copy)).code == 2
    book.path.unlink()
    assert run("restore", str(copy), "--password-file", secret).code == 0
    assert book.path.read_bytes() == before
    assert not list(tmp_path.rglob("*.nearmiss-tmp"))


def test_nothing_that_nearmiss_lives_by_is_written_over(
    run: Run, home: Path, book: Logbook
) -> None:
    book.append([make_report()], "M", NOW)
    run("setup", "--name", "Maria")
    run("list")
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    (home / "hard.jsonl").hardlink_to(book.path)
    (home / "soft.jsonl").symlink_to(book.path)
    names = ("logbook.jsonl", "config/settings.toml", "hard.jsonl", "soft.jsonl")
    for name in (*names, "state/drafts/x.json", "logbook.jsonl.torn-1"):
        assert run("backup", str(home / name), "--force").code in (1, 2), name
    assert before == {path: path.read_bytes() for path in before}


def test_a_folder_that_is_not_there_is_not_made_into_a_file(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    book.append([make_report()], "M", NOW)
    for name in ("stick", "stick/", "stick/copy.jsonl"):
        refused = run("backup", f"{tmp_path}/{name}")
        assert (refused.code, "There is no folder" in refused.err) == (2, True)
    assert not (tmp_path / "stick").exists()


def test_a_backup_that_reads_back_otherwise_does_not_appear(
    book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.append([make_report()], "M", NOW)
    monkeypatch.setattr("nearmiss.logbook.backup.copy_bytes", spoil)
    target = tmp_path / "copy.jsonl"
    with pytest.raises(OSError, match="reads back differently"):
        copy_book(book, target)
    assert not target.exists()


def test_a_rehearsal_names_where_a_backup_differs(
    run: Run, book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = book.append([make_report()] * 2, "M", NOW).ids[-1]
    monkeypatch.setattr("nearmiss.logbook.backup.copy_bytes", spoil)
    monkeypatch.setattr("nearmiss.logbook.backup._hash", lambda file, size: b"")
    spoilt = run("backup", str(tmp_path / "copy.jsonl"), "--rehearse")
    assert (spoilt.code, f"they differ at {last}" in spoilt.err) == (1, True)
    assert "Backed up" not in run("where").out


def spoil(source: BinaryIO, start: int, size: int, target: BinaryIO) -> None:
    source.seek(start)
    *lines, last = source.read(size).splitlines(keepends=True)
    target.write(b"".join(lines) + last.replace(b"elbow", b"other"))


def test_the_last_backup_is_remembered(run: Run, book: Logbook, tmp_path: Path) -> None:
    last = book.append([make_report()], "M", NOW).ids[-1]
    assert "Backed up" not in run("where").out
    done = run("backup", str(tmp_path / "copy.jsonl"), "--rehearse")
    assert "Rehearsed: 2 entries" in done.err
    assert f"up to {last}" in run("where").out


def test_a_locked_file_without_a_password_says_how_to_give_it(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    locked = tmp_path / "b.age"
    locked.write_bytes(b"age-encryption.org/v1\n-> scrypt")
    for command in ("verify", "restore"):
        result = run(command, str(locked))
        assert (result.code, "--password-file FILE" in result.err) == (2, True)
        assert "Nothing was made" not in result.err


def test_a_second_backup_on_one_day_finds_a_name_of_its_own(
    run: Run, book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.append([make_report()], "Maria, carer", NOW)
    made = [run("backup", str(tmp_path)) for _ in range(3)]
    first, *others = [Path(each.out.strip()) for each in made]
    assert [each.stem.removeprefix(first.stem) for each in others] == ["-2", "-3"]
    assert "this one has -2 in its name" in made[1].err
    assert "in its name" not in made[0].err
    monkeypatch.chdir(tmp_path)
    assert find_backups(Session()) == [others[1], others[0], first]


def test_a_book_that_lost_something_is_not_copied_over_a_backup(
    run: Run, home: Path, book: Logbook, tmp_path: Path
) -> None:
    kept = Logbook(book.path, home / "state" / "marks")
    kept.append([make_report()], "M", NOW)
    early = book.path.read_bytes()
    kept.append([make_report(location="hall")], "M", NOW)
    target = tmp_path / "backup.jsonl"
    assert run("backup", str(target)).code == 0
    whole = target.read_bytes()
    for lost in (b"", early):
        book.path.write_bytes(lost)
        done = run("backup", str(target), "--force")
        assert (done.code, target.read_bytes() == whole) == (1, True), done.err
    shutil.rmtree(home / "state" / "marks")  # as on another computer
    book.path.write_bytes(early)
    assert (run("backup", str(target), "--force").code, target.read_bytes() == whole) == (1, True)
    other = tmp_path / "other.jsonl"
    assert run("backup", str(other)).code == 0
    assert other.read_bytes() == early
    book.path.write_bytes(b"")
    assert run("backup", str(tmp_path / "third.jsonl")).code == 1


def test_force_writes_over_no_other_book_and_none_in_use(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    book.append([make_report()], "M", NOW)
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(book.path.read_bytes())
    Logbook(copy).append([make_report(client="KT")], "Ann", NOW)
    Path(f"{copy}.lock").unlink()
    book.append([make_report(client="JS")], "M", NOW)
    other = Logbook(tmp_path / "other.jsonl")
    other.append([make_report()], "Ann", NOW)
    (tmp_path / "wrong").write_text("another secret")
    closed = tmp_path / "closed.jsonl.age"
    closed.write_bytes(lock_cheaply(book.path.read_bytes(), SECRET))
    locked = ("backup", str(closed), "--password-file", str(tmp_path / "wrong"))
    for target in (copy, other.path, closed):
        before = target.read_bytes()
        words = locked if target == closed else ("backup", str(target))
        refused = run(*words, "--force")
        assert (refused.code, "was left as it is" in refused.err) == (1, True), target
        assert target.read_bytes() == before
    Path(f"{other.path}.lock").unlink()
    assert "it is of another logbook" in run("backup", str(other.path), "--force").err
    copy.write_bytes(book.path.read_bytes())
    assert run("backup", str(copy), "--force").code == 0


def test_another_book_in_the_place_of_this_one_is_said_by_each_command(
    run: Run, home: Path, tmp_path: Path
) -> None:
    own = Logbook(home / "logbook.jsonl", home / "state" / "marks")
    (last,) = own.append([make_report()], "M", NOW).ids
    other = Logbook(tmp_path / "other.jsonl")
    other.append([make_report()], "Ann", NOW)
    own.path.write_bytes(other.path.read_bytes())
    told = f"Another logbook stood here before, up to {last}"
    for command in ((), ("list",), ("backup", str(tmp_path)), ("follow-up", "1", "--note", "x")):
        assert run(*command).err.count(told) == 1, command
    assert told not in run("list").err, "this computer went on with it"
