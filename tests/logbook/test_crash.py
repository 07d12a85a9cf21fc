"""What a crash can leave on the disk: nothing confirmed is lost, no number is used twice."""

import itertools
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import LONGEST, Unreadable
from nearmiss.logbook.verify import check_book
from nearmiss.model.entries import Report
from nearmiss.model.ids import EntryId
from tests.conftest import NOW, make_report
from tests.logbook.test_damage import FAST

SECTOR = 512


def list_states(before: bytes, written: bytes) -> Iterator[bytes]:
    """Yield the states of a file of which ``written`` was not yet on the disk.

    Each sector of it may be there, be NUL, or hold old bytes of the disk: here those of the book
    itself, whole lines among them, from three places.
    """
    start = len(before)
    edges = sorted({start, *range(start - start % SECTOR + SECTOR, start + len(written), SECTOR)})
    edges.append(start + len(written))
    pieces = [(edges[n], edges[n + 1]) for n in range(len(edges) - 1)]
    for count in range(len(pieces) + 1):
        for kinds in itertools.product(range(5), repeat=count):
            state = before
            for (begin, end), kind in zip(pieces, kinds, strict=False):
                length = end - begin
                old = (before * 3)[begin - start + 300 * (kind - 2) :]
                fill = (written[begin - start : end - start], b"\0" * length, old[:length])
                state += fill[min(kind, 2)]
            yield state


def test_every_state_between_two_fsyncs_leaves_a_sound_book(book: Logbook) -> None:
    book.append([make_report(location=f"place {n}") for n in range(3)], "Maria", NOW)
    before = book.path.read_bytes()
    confirmed = list(book.read_forward())
    long = "MB stood up. " * 90
    book.append([make_report(location="x", what_nearly_happened=long.strip())], "Maria", NOW)
    written = book.path.read_bytes()[len(before) :]
    with tempfile.TemporaryDirectory(dir=FAST) as folder:
        crashed = Logbook(Path(folder) / "logbook.jsonl")
        states = sorted(set(list_states(before, written)))
        assert len(states) > 300  # the campaign tries them all
        for state in random.Random(1).sample(states, 150):
            crashed.path.write_bytes(state)
            new = crashed.append([make_report(location="after")], "Maria", NOW).ids[0]
            entries = list(crashed.read_forward())
            assert entries[:4] == confirmed
            readable = [each for each in entries if not isinstance(each, Unreadable)]
            assert readable[-1].id == new
            assert EntryId.parse(new).number == max(EntryId.parse(e.id).number for e in readable)
            assert [each.id for each in readable].count(new) == 1
            following = crashed.append([make_report(location="later")], "Maria", NOW)
            assert following.ids[0] == str(EntryId(new[:4], EntryId.parse(new).number + 1))


def test_a_book_is_there_whole_or_not_at_all_when_it_is_opened(
    book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name appears after the bytes are on the disk."""

    def crash(*arguments: object) -> None:
        raise OSError(5, "")

    monkeypatch.setattr("nearmiss.files.flush", crash)
    with pytest.raises(Exception, match="reports a fault"):
        book.append([make_report()], "Maria", NOW)
    assert not book.path.exists()


def test_any_flipped_bit_of_the_last_line_is_said_before_it_is_built_on(book: Logbook) -> None:
    book.append([make_report()] * 2, "Maria", NOW)
    data = book.path.read_bytes()
    start = data[:-1].rfind(b"\n") + 1
    with tempfile.TemporaryDirectory(dir=FAST) as folder:
        changed = Logbook(Path(folder) / "logbook.jsonl")
        # Each second byte: what a field holds is many bytes long.
        for place, bit in zip(range(start, len(data) - 1, 2), itertools.cycle((1, 8))):
            state = bytearray(data)
            state[place] ^= bit if state[place] ^ bit != 0x0A else 2
            changed.path.write_bytes(state)
            written = changed.append([make_report(location="after")], "Maria", NOW)
            assert "damaged" in written.notices[0], (place, bit)
            assert EntryId.parse(written.ids[0]).number >= 3
            assert changed.path.read_bytes().startswith(bytes(state))
            last = list(changed.read_forward())[-1]
            assert isinstance(last, Report)
            assert last.location == "after"
        with changed.open_settled() as (file, size):
            lines = {finding.line for finding in check_book(file, size).findings}
        assert lines == {3}


@pytest.mark.parametrize("ended", [True, False])
def test_a_line_too_long_to_be_an_entry_is_damage_and_never_held(
    book: Logbook, monkeypatch: pytest.MonkeyPatch, ended: bool
) -> None:
    monkeypatch.setattr("nearmiss.logbook.lines.LONGEST", 5000)
    assert LONGEST == 10_000_000
    book.append([make_report()], "Maria", NOW)
    before = book.path.read_bytes()
    long = b"x" * 200_000 + b"\n" * ended
    book.path.write_bytes(before + long)
    assert list(book.read_forward())[2:] == [Unreadable(3)]
    assert next(book.read_backward()) == Unreadable(3)
    new = book.append([make_report(location="after")], "Maria", NOW)
    assert len(list(book.read_forward())) == (4 if ended else 3)
    torn = list(book.path.parent.glob("*.torn-*"))
    assert [each.read_bytes() for each in torn] == ([] if ended else [long])
    from nearmiss.logbook.erase import erase_reports

    erase_reports(book, [new.ids[0]], "x", "Maria", NOW)
    assert (long in book.path.read_bytes()) == ended
