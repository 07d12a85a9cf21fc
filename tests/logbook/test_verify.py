"""What a check of a book says of lines that do not belong where they stand."""

import io

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.logbook.verify import check_book
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


def test_a_book_in_order_has_nothing_to_say(lines: list[bytes]) -> None:
    assert find(lines) == []


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
