"""A choice while it is made: what each key marks, and what Enter takes."""

from typing import Any

import pytest

from nearmiss.terminal.asking import SURE, Choice, Option, Sure
from nearmiss.terminal.menu import Menu

TWO = (Option("a", 1), Option("b", 2))
NONE = Option("none", 0, "n", ("none", "no"))
ELEVEN = tuple(Option(f"answer {number}", number) for number in range(1, 12))
REVIEW = (
    Option("Client: MB", 0),
    Option("Save", 1, "s", ("yes",)),
    Option("Keep as a draft", 2, "d", ("draft", "no", "not yet")),
)


def type_word(menu: Menu[Any], word: str) -> None:
    for key in word:
        menu.space() if key == " " else menu.type(key)


@pytest.mark.parametrize(
    ("options", "word", "at"),
    [
        (SURE, "y", 0),
        (SURE, "yes", 0),
        (SURE, "n", 1),
        (SURE, "no", 1),
        (SURE, "u", 2),
        (SURE, "not", 2),
        (SURE, "not sure", 2),
        (SURE, "yn", 1),  # another letter instead
        (SURE, "xy", 0),  # a slip before it
        (SURE, " n", 1),
        (ELEVEN, "1", 0),
        (ELEVEN, "10", 9),
        (ELEVEN, "11", 10),
        (ELEVEN, "103", 2),
        (ELEVEN, "14", 3),
        (REVIEW, "no", 2),
        (REVIEW, "sd", 2),
        (REVIEW, "save", 1),
        (REVIEW, "1", 0),
    ],
)
def test_a_word_marks_as_it_is_typed_and_enter_takes(
    options: tuple[Option[int], ...], word: str, at: int
) -> None:
    menu = Menu(Choice("Which?", options))
    type_word(menu, word)
    assert (menu.at, menu.taken, menu.notice) == (at, None, "")
    menu.enter()
    assert menu.taken == (at,)


@pytest.mark.parametrize("word", ["x", "nobody", "none", "possibly", "yesterday", "not sure yet"])
def test_after_a_word_that_is_not_offered_enter_takes_nothing_and_it_begins_anew(word: str) -> None:
    menu: Menu[Sure] = Menu(Choice("Hurt?", SURE, chosen=1))
    type_word(menu, word)
    assert menu.at is None
    assert f'"{word}" is not offered. Please answer y' in menu.notice
    assert "> " not in "".join(text for _, text in menu.paint(80, 24))
    menu.enter()
    menu.enter()
    assert menu.taken is None
    assert menu.notice.startswith("Please answer")
    type_word(menu, "yes")
    menu.enter()
    assert menu.taken == (0,)


def test_a_letter_is_taken_back_and_an_arrow_marks_after_a_refusal() -> None:
    menu: Menu[Sure] = Menu(Choice("Hurt?", SURE))
    type_word(menu, "nor")
    assert menu.at is None
    menu.rub_out()
    assert [menu.at, menu.notice] == [1, ""]
    type_word(menu, "xx")
    menu.step(1)
    menu.enter()
    assert menu.taken == (0,)


def test_where_several_may_be_marked_a_refused_key_is_not_none_of_them() -> None:
    menu: Menu[int] = Menu(Choice("Same?", TWO), several=True)
    menu.type("7")
    menu.enter()
    assert menu.taken is None
    menu.type("2")
    menu.enter()
    assert menu.taken == (1,)


@pytest.mark.parametrize(
    ("word", "taken"), [("12", (0, 1)), ("121", (1,)), ("1n", (2,)), ("none", (2,)), ("", None)]
)
def test_several_can_be_marked_and_none_of_them_is_taken_alone(
    word: str, taken: tuple[int, ...] | None
) -> None:
    menu: Menu[int] = Menu(Choice("Same?", (*TWO, NONE)), several=True)
    type_word(menu, word)
    assert menu.taken is None
    menu.enter()
    assert menu.taken == taken


@pytest.mark.parametrize(("chosen", "taken"), [(0, (0,)), (2, (2,))])
def test_where_none_is_ticked_enter_takes_what_is_marked(
    chosen: int, taken: tuple[int, ...]
) -> None:
    menu: Menu[int] = Menu(Choice("Same?", (*TWO, NONE), chosen=chosen), several=True)
    menu.enter()
    assert menu.taken == taken


@pytest.mark.parametrize("word", ["y", "yes", " "])
def test_yes_marks_the_only_one(word: str) -> None:
    only = Option("a", 1, words=("yes", "y"))
    menu: Menu[int] = Menu(Choice("Same?", (only, NONE), chosen=0), several=True)
    type_word(menu, word)
    menu.enter()
    assert menu.taken == (0,)


def test_space_turns_a_page() -> None:
    menu: Menu[int] = Menu(Choice("There is more.", (Option("go on", 1, "g"),), chosen=0))
    menu.space()
    assert menu.taken == (0,)


def test_the_mark_stays_at_either_end() -> None:
    menu: Menu[int] = Menu(Choice("Which?", tuple(Option(f"answer {n}", n) for n in range(3))))
    for by, at in ((1, 0), (-1, 0), (1, 1), (1, 2), (1, 2)):
        menu.step(by)
        assert menu.at == at


def test_what_can_not_be_shown_whole_is_listed_before_and_cut_in_the_menu() -> None:
    choice = Choice(
        "Save?", (Option(f"Story: {'word ' * 60}", 1), Option("Save", 2, "s")), chosen=1
    )
    menu: Menu[int] = Menu(choice)
    assert menu.fits(80, 24)
    assert not menu.fits(40, 10)
    shown = "".join(text for _, text in menu.paint(40, 10))
    assert shown.count("\n") < 10
    assert "…" in shown
    assert " ".join(menu.list_whole(40)[0].split()) == f"1 Story: {'word ' * 60}".strip()


def test_lines_that_are_pasted_are_told_where_they_are_taken() -> None:
    menu = Menu(Choice("Was anyone hurt?", SURE, on_paste="It is taken next."))
    menu.paste("1 Who: MB\r2 When: 8pm\r")
    assert "is not offered. It is taken next. Please answer y (yes)" in menu.notice
    type_word(menu, "n")
    assert (menu.at, menu.notice) == (1, "")
    menu.paste("perhaps\r")
    assert "taken next" not in menu.notice
