"""Text on rows: words whole, nothing lost, the cursor where it is seen."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nearmiss.terminal.rows import find_clusters, fold_words, lay_out, measure, show_text

TEXTS = st.text(st.sampled_from("ab é\u0301\u200d\ufe0f👩🦽🏽نَ語\t\n -"), max_size=80)
WIDTHS = st.integers(2, 40)


@given(TEXTS, WIDTHS)
@example("a\u200d👩", 2)
def test_rows_hold_the_whole_text_and_no_row_is_too_wide(text: str, width: int) -> None:
    rows = lay_out(text, width)
    spans = zip(rows.starts, rows.ends, strict=True)
    assert "".join(text[start:end] for start, end in spans) == text.replace("\n", "")
    for row in range(len(rows.starts)):
        shown = rows.show(row).rstrip()
        is_one_sign = len(find_clusters(shown)) == 2  # it can't be broken
        assert measure(shown) <= width or is_one_sign


@given(st.lists(st.text("abcdefé語", min_size=1, max_size=9), max_size=30), st.integers(20, 60))
def test_a_word_that_fits_on_a_row_is_never_broken(words: list[str], width: int) -> None:
    rows = lay_out(" ".join(words), width)
    shown = [rows.show(row).split() for row in range(len(rows.starts))]
    assert [word for row in shown for word in row] == words


@given(TEXTS, WIDTHS, st.data())
def test_a_place_on_the_screen_is_found_again(text: str, width: int, data: st.DataObject) -> None:
    rows = lay_out(text, width)
    row = data.draw(st.integers(0, len(rows.starts) - 1))
    inside = find_clusters(text[rows.starts[row] : rows.ends[row]])[:-1] or [0]
    place = rows.starts[row] + data.draw(st.sampled_from(inside))
    assert rows.find(rows.locate(*rows.find(place))) == rows.find(place)


@given(TEXTS)
def test_a_cluster_takes_the_cells_that_are_shown(text: str) -> None:
    line = text.replace("\n", "")
    assert measure(line) == measure(show_text(line))
    clusters = find_clusters(line)
    assert clusters[-1] == len(line)
    assert clusters == sorted(set(clusters)) or not line


@pytest.mark.parametrize("cluster", ["👩\u200d🦽", "👍🏽", "e\u0301", "نَ", "❤\ufe0f"])
def test_the_cursor_steps_over_what_is_seen_as_one(cluster: str) -> None:
    assert find_clusters(f"a{cluster}b") == [0, 1, 1 + len(cluster), 2 + len(cluster)]


def test_what_steers_a_terminal_is_shown_as_unknown() -> None:
    assert show_text("a\x1b[31mb\u202e") == "a\ufffd[31mb\ufffd"


@pytest.mark.parametrize("text", ["x" * 10 + " ", "aaaa bbbbb ", "é" * 10 + " "])
def test_a_space_at_the_edge_leaves_the_cursor_on_the_screen(text: str) -> None:
    assert lay_out(text, 10).find(len(text)) == (1, 0)


@given(st.text("ab -", max_size=80), WIDTHS)
def test_plain_lines_are_broken_as_others_are(text: str, width: int) -> None:
    words = [row.split() for row in _list_rows(text, width)]
    others = [row.split() for row in _list_rows(text.replace("a", "é"), width)]
    assert [[each.replace("é", "a") for each in row] for row in others if row] == [
        row for row in words if row
    ]


def _list_rows(text: str, width: int) -> list[str]:
    rows = lay_out(text, width)
    return [rows.show(row) for row in range(len(rows.starts))]


def test_folded_words_are_indented() -> None:
    assert fold_words("one two three", 8, "  ") == "one\n  two\n  three"
