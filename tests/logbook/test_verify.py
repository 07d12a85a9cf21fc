"""What a check of a book says of lines that do not belong where they stand."""

import io

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import compute_digest, compute_seal, encode_line, parse_object
from nearmiss.logbook.verify import Check, check_book
from nearmiss.model.ids import show_seal
from tests.conftest import NOW, make_report


@pytest.fixture
def lines(book: Logbook) -> list[bytes]:
    """A book of four reports, line by line."""
    book.append([make_report(location=f"place {n}") for n in range(4)], "Maria", NOW)
    return book.path.read_bytes().splitlines(keepends=True)


@pytest.fixture
def other(book: Logbook) -> list[bytes]:
    """Another book, line by line."""
    book = Logbook(book.path.with_name("other.jsonl"))
    book.append([make_report(client="JS")] * 2, "Ann", NOW)
    return book.path.read_bytes().splitlines(keepends=True)


def find(lines: list[bytes]) -> list[tuple[int, str]]:
    """Return what is wrong with a book: the line, and the words without the entry's number."""
    data = b"".join(lines)
    found = check_book(io.BytesIO(data), len(data)).findings
    return [(each.line, " ".join(w for w in each.what.split() if "-" not in w)) for each in found]


@pytest.mark.parametrize("place", range(5))
def test_a_foreign_line_is_named_and_no_innocent_one(
    lines: list[bytes], other: list[bytes], place: int
) -> None:
    assert find([*lines[:place], other[1], *lines[place:]]) == [
        (place + 1, "entry is from another book.")
    ]


def test_a_foreign_line_in_place_of_one_hides_no_gap(
    lines: list[bytes], other: list[bytes]
) -> None:
    found = find([*lines[:2], other[1], *lines[3:]])
    assert found == [
        (3, "entry is from another book."),
        (4, "entry is missing before entry"),
    ]


@pytest.mark.parametrize("place", [2, 4, 5])
def test_an_opening_line_further_down_is_named(lines: list[bytes], place: int) -> None:
    found = find([*lines[:place], lines[0], *lines[place:]])
    assert found == [(place + 1, "entry stands in the wrong place, or twice.")]


def test_a_book_without_its_opening_line_is_named(lines: list[bytes]) -> None:
    assert find(lines[1:])[0][0] == 1


def test_a_last_line_without_an_end_is_named_and_nothing_else(lines: list[bytes]) -> None:
    assert find([*lines[:-1], lines[-1].rstrip(b"\n")]) == [
        (5, "entry has no line end. The next save mends it.")
    ]


def test_a_write_that_was_cut_off_is_told_as_that(lines: list[bytes]) -> None:
    ((line, what),) = find([*lines, lines[-1][:50]])
    assert line == 6
    assert "can't be read" in what
    assert "The write was cut off; the next save moves it aside." in what


def seal_anew(line: bytes, *, previous: bytes | None = None) -> bytes:
    """Return a line with its own digest, and where there is one before it, its own seal too."""
    entry = parse_object(line) or {}
    entry["digest"] = compute_digest(entry)
    if previous:
        entry["seal"] = compute_seal((parse_object(previous) or {})["seal"], entry["digest"])
    return encode_line(entry) + b"\n"


def edit(line: bytes) -> bytes:
    return line.replace(b"armchair", b"cupboard").replace(b"place ", b"Place ")


def test_reading_a_book_checks_it_by_the_way(book: Logbook, lines: list[bytes]) -> None:
    """One word, a digest computed anew, a seal put in: nothing of that goes by unseen."""
    last = parse_object(lines[4]) or {}
    forged = {
        "as it was": (lines, []),
        "a word": ([*lines[:2], edit(lines[2]), *lines[3:]], [3]),
        "its digest": ([*lines[:2], seal_anew(edit(lines[2])), *lines[3:]], [3]),
        "its seal": (
            [*lines[:2], seal_anew(edit(lines[2]), previous=lines[1]), *lines[3:]],
            [4],
        ),
        "the last seal": ([*lines[:4], encode_line({**last, "seal": "0" * 64}) + b"\n"], [5]),
        "a key twice": (
            [*lines[:4], lines[4].replace(b'"client"', b'"client":"XX","client"')],
            [5],
        ),
        "a line gone": ([*lines[:2], *lines[3:]], [3]),
        "its end gone": ([*lines[:4], lines[4].rstrip(b"\n")], []),
        "unreadable": ([*lines, b"{}\n"], []),
    }
    for what, (written, changed) in forged.items():
        book.path.write_bytes(b"".join(written))
        check = Check()
        assert list(book.read_checked(check)) == list(book.read_forward()), what
        assert check.changed_lines == changed, what
        newest = parse_object(written[4] if len(written) > 4 else written[-1]) or {}
        assert check.seal == show_seal(newest["seal"]), what


def test_a_book_that_went_on_from_before_a_damaged_line_is_in_order(
    book: Logbook, lines: list[bytes]
) -> None:
    book.path.write_bytes(b"".join([*lines, b"\xff\n"]))
    book.append([make_report()], "Maria", NOW)
    check = Check()
    assert len(list(book.read_checked(check))) == 7
    assert (check.changed_lines, [each.line for each in check.findings]) == ([], [6])
