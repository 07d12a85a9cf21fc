"""A book that was cut, changed, or whose lines were moved."""

import io
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmiss.errors import BookFault, NewerLogbook
from nearmiss.logbook import lines
from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import (
    Unreadable,
    compute_digest,
    compute_seal,
    encode_line,
    parse_object,
)
from nearmiss.logbook.verify import Check, check_book
from nearmiss.model.entries import Report
from nearmiss.model.ids import show_seal
from tests.conftest import NOW, Run, make_report

# Memory, where the system has it as a folder: here an fsync for each byte would take minutes.
FAST = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


@given(st.lists(st.sampled_from([b"", b"a", b"bc", b"\n"])), st.integers(1, 5))
def test_lines_read_backward_are_those_read_forward(pieces: list[bytes], chunk: int) -> None:
    data = b"".join(pieces)
    file = io.BytesIO(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_CHUNK", chunk)
        backward = list(lines.read_backward(file, len(data)))
        assert backward[::-1] == list(lines.read_forward(file, len(data)))
        for line in backward:
            assert lines.count_lines_before(file, line.start) == data[: line.start].count(b"\n")


def fill(book: Logbook, count: int) -> list[bytes]:
    """Write ``count`` reports, and return the lines of the file."""
    book.append([make_report(location=f"place {n}") for n in range(count)], "Maria", NOW)
    return book.path.read_bytes().splitlines(keepends=True)


def check(data: bytes, seal: str | None = None) -> Check:
    return check_book(io.BytesIO(data), len(data), seal)


def read_places(book: Logbook) -> list[str]:
    return [entry.location for entry in book.read_forward() if isinstance(entry, Report)]


def test_cut_at_every_byte_each_whole_line_is_read_and_the_next_save_is_sound(
    book: Logbook,
) -> None:
    """A line that lacks only its LF is whole; anything less is moved aside, and nothing is lost."""
    data = b"".join(fill(book, 2))
    first = data.index(b"\n", data.index(b"\n") + 1) - 20  # and the end of the line before it
    with tempfile.TemporaryDirectory(dir=FAST) as folder:
        cut = Logbook(Path(folder) / "logbook.jsonl")
        for length in range(first, len(data)):
            cut.path.write_bytes(data[:length])
            whole = data[: length + 1].count(b"\n")
            places = [f"place {number}" for number in range(whole - 1)]
            assert read_places(cut) == places
            cut.append([make_report(location="after")], "Maria", NOW)
            assert read_places(cut) == [*places, "after"]
            assert check(cut.path.read_bytes()).findings == []
            rest = data[:length].rpartition(b"\n")[2] if data[length] != 0x0A else b""
            torn = list(Path(folder).glob("*.torn-*"))
            assert [path.read_bytes() for path in torn] == ([rest] if rest else [])
            for path in torn:
                path.unlink()


def test_every_changed_byte_is_noticed_and_its_entry_is_named(book: Logbook) -> None:
    data = b"".join(fill(book, 3))
    line = 1
    for place, byte in enumerate(data):
        changed = bytearray(data)
        changed[place] = byte ^ (1 if byte != 0x0B else 2)
        findings = check(bytes(changed)).findings
        assert findings, f"byte {place} of line {line}"
        assert findings[0].line == line
        assert f"-{line - 1:04d}" in findings[0].what or line == 1
        line += byte == 0x0A


RESPELT: list[Callable[[bytes], bytes]] = [
    lambda line: line.replace(b'{"entry"', b'{ "entry"'),
    lambda line: line.replace(b'"client":"MB"', b'"client":"XX","client":"MB"'),
    lambda line: line.replace(b'"client":"MB"', b'"client":"\\u004dB"'),
    lambda line: line[:-1] + b"\r\n",
    lambda line: re.sub(rb'("entry":"report"),("id":"[^"]*")', rb"\2,\1", line),
    lambda line: re.sub(rb'"digest":"[^"]*"', lambda found: found[0].upper(), line).replace(
        b"DIGEST", b"digest"
    ),
]


@pytest.mark.parametrize("respell", RESPELT)
def test_a_line_written_otherwise_counts_as_changed(
    book: Logbook, respell: Callable[[bytes], bytes]
) -> None:
    written = fill(book, 3)
    assert respell(written[2]) != written[2]
    written[2] = respell(written[2])
    assert [finding.line for finding in check(b"".join(written)).findings] == [3]


def test_a_missing_line_is_named(book: Logbook) -> None:
    written = fill(book, 5)
    findings = check(b"".join(written[:2] + written[3:])).findings
    assert [finding.line for finding in findings] == [3]
    assert "-0002 is missing" in findings[0].what


def test_swapped_and_doubled_lines_are_named(book: Logbook) -> None:
    written = fill(book, 5)
    written[2], written[3] = written[3], written[2]
    assert {finding.line for finding in check(b"".join(written)).findings} >= {3, 4}
    doubled = written[:1] + written[1:2] * 2
    assert [finding.line for finding in check(b"".join(doubled)).findings] == [3]


def test_a_removed_tail_is_noticed_when_its_seal_is_given(book: Logbook) -> None:
    written = fill(book, 5)
    seals = [show_seal(str((parse_object(line) or {})["seal"])) for line in written]
    assert check(b"".join(written), seals[3]).sealed == (f"{book_tag(written)}-0003", 4)
    shorter = check(b"".join(written[:-1]), seals[5])
    assert shorter.findings == []
    assert shorter.sealed is None


def book_tag(written: list[bytes]) -> str:
    return str((parse_object(written[0]) or {})["id"])[:4]


def test_a_rewritten_chain_has_another_seal(book: Logbook) -> None:
    """Somebody who changes a text and computes everything anew does not get the seal on paper."""
    written = fill(book, 3)
    handed_over = check(b"".join(written)).seal
    forged, seal = [], None
    for line in written:
        entry = parse_object(line) or {}
        if entry.get("location") == "place 1":
            entry["location"] = "elsewhere"
        entry["digest"] = compute_digest(entry)
        seal = entry["seal"] = compute_seal(seal, entry["digest"])
        forged.append(encode_line(entry) + b"\n")
    found = check(b"".join(forged), handed_over)
    assert found.findings == []
    assert found.sealed is None


def test_damaged_lines_stay_and_the_book_goes_on(book: Logbook) -> None:
    written = fill(book, 3)
    book.path.write_bytes(b"".join(written[:3]) + b"\xff not an entry\n")
    result = book.append([make_report(location="after")], "Maria", NOW)
    assert result.ids[0].endswith("-0004")
    assert "damaged" in result.notices[0]
    entries = list(book.read_forward())
    assert entries[3] == Unreadable(4)
    assert list(book.read_backward()) == entries[::-1]
    assert next(finding.line for finding in check(book.path.read_bytes()).findings) == 4


def test_a_newer_book_is_neither_read_nor_written(book: Logbook) -> None:
    written = fill(book, 1)
    entry = parse_object(written[0]) or {}
    entry["format"] = 2
    book.path.write_bytes(encode_line(entry) + b"\n" + written[1])
    assert next(book.read_forward()) == Unreadable(1)  # a changed bit makes no newer version
    entry["digest"] = compute_digest(entry)
    newer = encode_line(entry) + b"\n" + written[1]
    book.path.write_bytes(newer)
    with pytest.raises(NewerLogbook):
        list(book.read_forward())
    with pytest.raises(NewerLogbook):
        book.append([make_report()], "Maria", NOW)
    assert book.path.read_bytes() == newer


def test_an_unknown_kind_is_newer_only_if_its_digest_holds(book: Logbook) -> None:
    written = fill(book, 1)
    entry = {**(parse_object(written[1]) or {}), "entry": "photo"}
    damaged = encode_line(entry) + b"\n"
    book.path.write_bytes(b"".join(written) + damaged)
    assert list(book.read_forward())[-1] == Unreadable(3)
    entry["digest"] = compute_digest(entry)
    book.path.write_bytes(b"".join(written) + encode_line(entry) + b"\n")
    with pytest.raises(NewerLogbook):
        list(book.read_backward())


@pytest.mark.parametrize(
    "value",
    [
        b"9" * 4300,
        b"9" * 5000,
        b"[" * 199 + b"]" * 199,
        b"[" * 5000,
        b"1e400",
        b'"\\ud800"',
        b"NaN",
    ],
)
def test_no_value_is_too_strange_to_be_called_damage(book: Logbook, value: bytes) -> None:
    written = fill(book, 1)
    book.path.write_bytes(b"".join(written) + b'{"entry":"photo","a":' + value + b"}\n")
    assert list(book.read_forward())[-1] == Unreadable(3)


def test_a_file_of_something_else_is_left_alone(book: Logbook) -> None:
    book.path.parent.mkdir()
    book.path.write_bytes(b"shopping\neggs\n")
    with pytest.raises(BookFault, match="is not a nearmiss logbook"):
        book.append([make_report()], "Maria", NOW)
    with pytest.raises(BookFault, match="is not a nearmiss logbook"):
        list(book.read_forward())
    assert book.path.read_bytes() == b"shopping\neggs\n"


def test_what_stands_twice_is_listed_once_with_a_word(run: Run, book: Logbook) -> None:
    own = book.append([make_report(), make_report(location="hall")], "M", NOW).ids[1]
    lines = book.path.read_bytes().splitlines(keepends=True)
    book.path.write_bytes(b"".join([*lines, lines[-1]]))
    listed = run("list")
    assert (listed.out.count(own), f"{own} stands twice in the logbook" in listed.err) == (1, True)
    assert run("verify").code == 3
    book.path.write_bytes(b"".join([*lines, lines[1]]))  # not beside it
    first = f"{own[:-1]}1"
    for more in ((), ("--all", "--find", "held")):
        listed = run("list", *more)
        assert listed.out.count(first) == 1
        assert f"{first} stands twice in the logbook" in listed.err
    book.path.write_bytes(b"".join([*lines, lines[-1].replace(b"hall", b"bath")]))
    listed = run("list")
    assert (listed.out.count(own), f"{own} stands twice in the logbook" in listed.err) == (2, True)


def test_entries_that_lost_the_line_end_between_them_are_all_read(run: Run, book: Logbook) -> None:
    ids = book.append([make_report(), make_report(), make_report()], "M", NOW).ids
    data = book.path.read_bytes().split(b"\n")
    book.path.write_bytes(b"\n".join([*data[:2], data[2] + data[3], b""]))
    assert [row["id"] for row in run("list", "--json").rows] == [*reversed(ids)]
    checked = run("verify")
    assert (checked.code, len(checked.out.splitlines())) == (3, 1)
    assert f"Line 3: entry {ids[1]} and what follows it stand on one line" in checked.out
    assert book.append([make_report()], "M", NOW).ids == (f"{ids[0][:4]}-0004",)
