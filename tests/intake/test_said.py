"""What lines about who was told say, and what texts tell of harm: every miss is printed."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nearmiss.intake.harm import find_harm
from nearmiss.intake.reached import Told, read_reached

SAID = Path(__file__).parent / "said"
INSIGHT = Path(__file__).parents[1] / "insight"


def list_said(name: str) -> Iterator[tuple[str, str]]:
    """Yield what each line of a file is, and the line."""
    for row in (SAID / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        kind, line = row.split("\t")
        yield kind, line


def list_rounds(reader: str) -> list[str]:
    return sorted(path.stem for path in SAID.glob(f"{reader}*.tsv"))


def count_misses(lines: list[str], is_right: Callable[[str], bool]) -> float:
    """Return the share of lines that are misread, each printed."""
    wrong = [line for line in lines if not is_right(line)]
    print(*wrong, sep="\n")
    return len(wrong) / len(lines)


@pytest.mark.parametrize("name", list_rounds("reached"))
def test_nobody_who_was_not_reached_counts_as_told(name: str) -> None:
    missed = [line for kind, line in list_said(name) if kind in {"not", "both", "nobody"}]
    assert count_misses(missed, lambda line: read_reached(line).reach != "reached") == 0


def test_of_all_who_were_told_at_most_five_in_a_hundred_are_asked_about() -> None:
    # Each third line, since a reading takes a millisecond.
    rows = [row for name in list_rounds("reached") for row in list_said(name)][::3]
    told = [line for kind, line in rows if kind == "told"]
    assert count_misses(told, lambda line: read_reached(line).reach == "reached") <= 0.05


@pytest.mark.parametrize(
    "line",
    ["posted it today", "Sue maybe", "", "hoover", "Sue?", "she will tell", "mgr in am"],
)
def test_what_nothing_says_to_be_so_is_not_taken_to_be_so(line: str) -> None:
    assert read_reached(line).reach in {"unsure", "missed", "nobody"}


@pytest.mark.parametrize(
    "line", ["emailed the OT", "texted Sue", "sent her a message", "left him a note"]
)
def test_of_who_was_only_written_to_it_is_asked(line: str) -> None:
    assert read_reached(line).reach in ("unsure", "missed")
    assert read_reached(f"told the son, {line}").reach == "both"
    assert read_reached(f"{line}, and she replied at 9").reach == "reached"


def test_a_line_of_two_people_tells_of_both() -> None:
    both = [line for kind, line in list_said("reached") if kind == "both"]
    assert count_misses(both, lambda line: read_reached(line).reach == "both") <= 0.2


def test_what_is_asked_about_is_quoted_as_typed() -> None:
    assert read_reached("Council, phone, NO Anser!") == Told("missed", "NO Anser")
    assert read_reached("nobody") == Told("nobody")
    assert find_harm("She Nearly fell. Then she did: cut her Brow") == ("cut her Brow",)


@pytest.mark.parametrize("name", list_rounds("harm"))
def test_most_harm_is_asked_about(name: str) -> None:
    harm = [text for kind, text in list_said(name) if kind == "harm"]
    assert count_misses(harm, lambda text: bool(find_harm(text))) <= 0.15


@pytest.mark.parametrize("name", list_rounds("harm"))
def test_little_is_asked_about_in_vain(name: str) -> None:
    harmless = [text for kind, text in list_said(name) if kind == "harmless"]
    assert count_misses(harmless, lambda text: not find_harm(text)) <= 0.1


def test_near_misses_and_innocent_sentences_are_seldom_asked_about() -> None:
    books = [INSIGHT.parent / "samples.jsonl", *sorted(INSIGHT.glob("corpus/*/*.jsonl"))]
    rows = [row for book in books for row in book.read_text(encoding="utf-8").splitlines()]
    texts = [json.loads(row)["what_nearly_happened"] for row in rows[::3]]
    assert count_misses(texts, lambda text: not find_harm(text)) <= 0.05
    innocent = (INSIGHT / "innocent.txt").read_text(encoding="utf-8").splitlines()
    assert count_misses(innocent, lambda text: not find_harm(text)) <= 0.01


def test_a_long_text_that_says_one_thing_again_and_again_is_read_as_one_that_says_it_once() -> None:
    for text in ("she fell,", "she fell and ", "the pot tipped and "):
        assert bool(find_harm(text * 600)) == bool(find_harm(text)), text
    for text in ("no answer, ", "told her, "):
        assert read_reached(text * 400) == read_reached(text), text
    assert not any(map(find_harm, ("", ",", "?" * 500, "’s'\u200b\x1b[31m", "é" * 5000)))
