"""The rest of a word after its first letter was taken: swallowed, given back, or another answer."""

import pytest

from nearmiss.terminal.asking import SURE, Choice, Option, Sure
from nearmiss.terminal.menu import Menu, TypedOn

OPTIONS = SURE


def take(letter: str) -> TypedOn:
    menu: Menu[Sure] = Menu(Choice("Hurt?", OPTIONS))
    menu.type(letter, now=100.0)
    rest = menu.rest(now=100.0)
    assert rest is not None
    return rest


def type_on(rest: TypedOn, word: str) -> list[bool]:
    return [rest.swallow(letter, now=100.5) for letter in word]


@pytest.mark.parametrize("word", ["yes", "no", "unsure", "y", "n", "u"])
def test_the_rest_of_a_word_and_its_enter_are_swallowed(word: str) -> None:
    rest = take(word[0])
    assert all(type_on(rest, word[1:]))
    assert rest.end(now=101.0)
    assert rest.instead is None


@pytest.mark.parametrize(("word", "meant"), [("not sure", 2), ("not", 2)])
def test_not_sure_is_not_taken_for_no(word: str, meant: int) -> None:
    rest = take(word[0])
    assert all(type_on(rest, word[1:]))
    assert rest.end(now=101.0)
    assert rest.change() == meant


def test_what_is_no_part_of_the_word_is_given_back() -> None:
    rest = take("n")
    assert type_on(rest, "our") == [True, False, False]
    assert rest.held == "o"
    assert rest.is_over
    assert rest.instead is None


def test_after_a_while_letters_belong_to_the_next_answer() -> None:
    rest = take("n")
    assert not rest.swallow("o", now=101.6)
    assert not take("n").end(now=101.6)
    assert rest.held == ""


def test_a_number_is_taken_at_once_unless_it_may_go_on() -> None:
    menu: Menu[int] = Menu(Choice("Which?", tuple(Option(f"answer {n}", n) for n in range(1, 11))))
    menu.type("1", now=1.0)
    assert (menu.taken, menu.at) == (None, 0)
    menu.type("0", now=1.2)
    assert menu.taken == (9,)
    other: Menu[int] = Menu(menu.choice)
    other.type("3", now=1.0)
    assert other.taken == (2,)


def test_what_is_not_offered_takes_nothing_and_is_said() -> None:
    menu: Menu[Sure] = Menu(Choice("Hurt?", OPTIONS))
    menu.type("7", now=1.0)
    assert menu.taken is None
    assert menu.notice.startswith("Please answer")


def test_after_a_refused_key_nothing_is_chosen_and_enter_takes_nothing() -> None:
    menu: Menu[int] = Menu(Choice("Next?", (Option("a", 1), Option("b", 2)), chosen=1))
    menu.type("7", now=1.0)
    menu.enter()
    assert menu.taken is None
    assert "> " not in "".join(text for _, text in menu.paint(80, 24))
    menu.step(1)
    menu.enter()
    assert menu.taken == (0,)


def test_where_several_may_be_marked_a_refused_key_is_not_none_of_them() -> None:
    menu: Menu[int] = Menu(Choice("Same?", (Option("a", 1), Option("b", 2))), several=True)
    menu.type("7", now=1.0)
    menu.enter()
    assert menu.taken is None
    menu.type("2", now=2.0)
    menu.enter()
    assert menu.taken == (1,)


def test_several_can_be_marked_and_none_of_them_is_taken_alone() -> None:
    choice = Choice("Same?", (Option("a", 1), Option("b", 2), Option("none", 0, "n")))
    menu: Menu[int] = Menu(choice, several=True)
    for key in "12":
        menu.type(key, now=1.0)
    menu.enter()
    assert menu.taken == (0, 1)
    other: Menu[int] = Menu(choice, several=True)
    other.type("1", now=1.0)
    other.type("n", now=1.1)
    assert other.taken == (2,)


def test_yes_marks_the_only_one_and_what_is_refused_leaves_the_choice_open() -> None:
    choice = Choice("Same?", (Option("a", 1, words=("yes", "y")), Option("none", 0, "n")))
    for word in ("y", "yes"):
        menu: Menu[int] = Menu(choice, several=True)
        for at, key in enumerate(word):
            menu.type(key, now=1 + at / 10)
        menu.enter()
        assert menu.taken == (0,)
    refused: Menu[int] = Menu(choice, several=True)
    refused.type("m", now=1.0)
    refused.enter()
    assert refused.taken is None
    assert refused.notice.startswith("Please answer")


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
