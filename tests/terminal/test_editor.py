"""The editor, read from its screen: words, rows, keys, and what becomes of an answer."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from nearmiss.errors import UsageProblem
from nearmiss.interview.advice import pass_gate
from nearmiss.terminal.asking import (
    SURE,
    Asked,
    Asker,
    Choice,
    GoBack,
    Option,
    Stopped,
    ask_until_taken,
)
from nearmiss.terminal.editor import Editor
from tests.terminal.sheet import Sheet, open_sheet, read_answer

ENTER, ESCAPE, CTRL_C = "\r", "\x1b", "\x03"
UP, DOWN, HOME, END, LEFT = "\x1b[A", "\x1b[B", "\x1b[H", "\x1b[F", "\x1b[D"
CTRL_W, CTRL_Z, BACKSPACE = "\x17", "\x1a", "\x7f"
STORY = (
    "MB stood up from the armchair while I was fetching his tablets and his left foot slid "
    "on the rug by the window, so that he nearly fell against the radiator"
)
ASKED = Asked("What happened?", "In your words.", "4 of 10", "lines", example="MB stood up.")


def put(asked: Asked) -> Callable[[Asker], str]:
    return lambda asker: asker.ask(asked)


@pytest.fixture
def sheet() -> Iterator[Sheet]:
    with open_sheet(put(ASKED)) as sheet:
        yield sheet


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 20), (20, 30), (300, 24)])
def test_no_word_is_broken_at_any_width(columns: int, rows: int) -> None:
    with open_sheet(put(ASKED), columns, rows) as sheet:
        sheet.press(STORY)
        shown = sheet.wait(lambda rows: " ".join(read_answer(rows)).endswith("radiator"))
    assert [word for row in read_answer(shown) for word in row.split()] == STORY.split()
    assert all(len(row) <= columns - 2 for row in read_answer(shown))


def test_no_word_is_broken_while_the_window_is_resized_on_every_key(sheet: Sheet) -> None:
    for number, letter in enumerate(STORY):
        sheet.press(letter)
        sheet.resize(20 + number * 7 % 100, 30)
    sheet.resize(44, 30)
    sheet.wait(lambda rows: " ".join(read_answer(rows)) == STORY)
    sheet.press(ENTER)
    assert sheet.finish() == STORY


def test_the_cursor_moves_by_the_rows_that_are_seen() -> None:
    with open_sheet(put(ASKED), 40, 30) as sheet:
        sheet.press(STORY)
        sheet.wait(lambda rows: " ".join(read_answer(rows)) == STORY)
        last, column = sheet.cursor
        sheet.press(UP + UP)
        sheet.wait_for_cursor(last - 2, column)
        sheet.press(HOME)
        sheet.wait_for_cursor(last - 2, 2)
        sheet.press(END + DOWN + DOWN)
        sheet.wait_for_cursor(last, column)
        sheet.press(UP + HOME + "Then ")
        sheet.wait(lambda rows: any(row.startswith("  Then ") for row in rows))


def test_words_are_taken_back_one_by_one(sheet: Sheet) -> None:
    sheet.press("He stood up." + CTRL_W)
    sheet.wait_for_answer("He stood")
    sheet.press(CTRL_Z)
    sheet.wait_for_answer("He stood up.")
    sheet.press(CTRL_Z)
    sheet.wait_for_answer("He stood")


@pytest.mark.parametrize(
    ("text", "cells"), [("👩\u200d🦽 up", 7), ("نور", 3), ("e\u0301te\u0301", 3), ("語", 2)]
)
def test_the_cursor_is_where_it_is_seen(sheet: Sheet, text: str, cells: int) -> None:
    row, _ = sheet.cursor
    sheet.press(text)
    sheet.wait_for_cursor(row, 2 + cells)
    sheet.press(f"{LEFT * 9}A{END}Z{ENTER}")
    assert sheet.finish() == f"A{text}Z"


def test_a_question_mark_shows_the_example_at_once_and_is_no_part_of_the_answer(
    sheet: Sheet,
) -> None:
    sheet.press("?")
    sheet.wait("Example: MB stood up.")
    time.sleep(0.1)  # what comes at once is a part of a paste
    sheet.press(ENTER)  # as in plain mode: nothing is answered by that
    time.sleep(0.1)
    sheet.press(f"??UTI: did he slip?{ENTER}")
    assert sheet.finish() == "?UTI: did he slip?"


def test_what_enter_alone_does_is_said_only_where_nothing_stands() -> None:
    asked = Asked("What harm?", "What you saw. Enter alone: none.", earlier="A bruise")
    assert Editor(asked).asked.help == "What you saw."
    assert Editor(replace(asked, earlier="")).asked.help == asked.help


def test_one_key_rubs_out_what_is_seen_as_one(sheet: Sheet) -> None:
    sheet.press(f"a👩\u200d🦽{BACKSPACE}{ENTER}")
    assert sheet.finish() == "a"


@pytest.mark.parametrize("new_line", [ESCAPE + ENTER, "\n"])
def test_several_lines_and_a_paste_are_one_answer(sheet: Sheet, new_line: str) -> None:
    sheet.press("He stood up.")
    sheet.wait_for_answer("He stood up.")
    time.sleep(0.1)  # what comes at once is a part of a paste
    sheet.press(f"{new_line}\x1b[200~He slid.\r\nTwice.\x1b[201~")
    sheet.wait_for_answer("He stood up.", "He slid.", "Twice.")
    time.sleep(0.1)
    sheet.press(ENTER)
    assert sheet.finish() == "He stood up.\nHe slid.\nTwice."


FIVE = ("He stood up.", "He slid.", "no", "I held him.", "He sat down.")


@pytest.mark.parametrize("line_end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("ended", [True, False])
def test_a_paste_that_comes_as_keys_is_one_answer(line_end: str, ended: bool) -> None:
    """As ``tmux paste-buffer`` sends it without -p."""

    def ask(asker: Asker) -> tuple[str, str, str]:
        return asker.ask(ASKED), asker.choose(Choice("Hurt?", SURE)), asker.ask(Asked("Who?"))

    with open_sheet(ask) as sheet:
        sheet.press(line_end.join(FIVE) + line_end * ended)
        sheet.wait(lambda rows: [each for each in read_answer(rows) if each] == list(FIVE))
        time.sleep(0.1)
        sheet.press(ENTER)
        sheet.wait("n no")
        sheet.press("n" + ENTER)
        sheet.wait("Who?")
        sheet.press("MB" + ENTER)
        what, hurt, who = sheet.finish()
    assert (what.strip(), hurt, who) == ("\n".join(FIVE), "no", "MB")


def test_a_long_paste_that_comes_as_keys_in_pieces_is_one_answer(sheet: Sheet) -> None:
    lines = [f"{number} {STORY}" for number in range(20)]
    for line in lines:
        sheet.press(f"{line}{ENTER}")
        time.sleep(0.02)
    sheet.wait(lambda rows: any(row.startswith("  19 MB") for row in rows))
    time.sleep(0.1)
    sheet.press(ENTER)
    assert sheet.finish().strip().split("\n") == lines


def test_a_paste_answers_no_choice_and_nothing_of_it_reaches_the_next_question() -> None:
    def ask(asker: Asker) -> tuple[str, str]:
        return asker.choose(Choice("Hurt?", SURE)), asker.ask(Asked("Who?"))

    with open_sheet(ask, seen="u not sure") as sheet:
        for pasted in ("no\rMB\r", "\x1b[200~no\rMB\x1b[201~", "He slid.\ry\r"):
            sheet.press(pasted)
            sheet.wait("is not offered")
            time.sleep(0.1)  # what comes at once is a part of it
            sheet.press(ENTER)
            sheet.wait(lambda rows: any(row.startswith("Please answer") for row in rows))
        sheet.press("u" + ENTER)
        sheet.wait("Who?")
        sheet.press("KT" + ENTER)
        assert sheet.finish() == ("not sure", "KT")


def test_enter_that_is_held_down_ends_one_question(sheet: Sheet) -> None:
    sheet.press(f"He slid.{ENTER}{ENTER}{ENTER}")
    assert sheet.finish() == "He slid."


def read_room(typed: str) -> str:
    if typed != "hall":
        raise UsageProblem("Which room?")
    return typed


@pytest.mark.parametrize(
    ("keys", "shown"),
    [("hall", "hall"), (f"{LEFT}n", "hunt"), (f"{BACKSPACE}hall", "hall"), (f"{HOME}s", "shut")],
)
def test_typing_replaces_a_refused_answer_of_one_line_and_an_arrow_edits_it(
    keys: str, shown: str
) -> None:
    with open_sheet(lambda asker: ask_until_taken(asker, Asked("Where?"), read_room)) as sheet:
        sheet.press("hut" + ENTER)
        sheet.wait(lambda rows: "\n".join(rows).count("Where?") == 2)
        sheet.wait_for_answer("hut")
        sheet.press(keys)
        sheet.wait_for_answer(shown)


def test_a_paste_of_several_lines_at_a_question_for_one_line_is_refused_whole() -> None:
    with open_sheet(lambda asker: ask_until_taken(asker, Asked("Where?"), read_room)) as sheet:
        sheet.press("MB\ryesterday 9pm\rhall\r")
        sheet.wait_for_answer("MB", "yesterday 9pm", "hall")
        time.sleep(0.1)  # what comes at once is a part of it
        sheet.press(ENTER)
        sheet.wait(lambda rows: "\n".join(rows).count("Where?") == 2)
        sheet.press("hall")
        sheet.wait_for_answer("hall")
        sheet.press(ENTER)
        assert sheet.finish() == "hall"


def test_in_a_long_text_that_was_refused_the_cursor_stands_at_the_fault() -> None:
    refused = Asked("What?", shape="lines", typed="He \x9fslid.\nTwice.", refused=True)
    with open_sheet(put(refused)) as sheet:
        sheet.press(f"{BACKSPACE}{ENTER}")
        assert sheet.finish() == "He slid.\nTwice."


def test_a_number_of_two_digits_is_typed_slowly_and_nothing_is_taken_before_enter() -> None:
    rooms = tuple(Option(f"room {number}", number) for number in range(1, 11))
    with open_sheet(lambda asker: asker.choose(Choice("Where?", rooms)), seen="room 9") as sheet:
        sheet.press("1")
        sheet.wait("> 1 room 1")
        time.sleep(0.5)
        sheet.press("0")
        sheet.wait("> 10 room 10")
        sheet.press(ENTER)
        assert sheet.finish() == 10


def test_escape_closes_what_is_offered_first_and_then_goes_back_with_what_stands_there() -> None:
    asked = Asked("Where?", completions=("hall, by the stairs",), can_go_back=True)
    with open_sheet(put(asked)) as sheet:
        sheet.press("ha")
        sheet.wait("hall, by the stairs")
        sheet.press(ESCAPE)
        sheet.wait(lambda rows: "stairs" not in "\n".join(rows) and read_answer(rows) == ["ha"])
        sheet.press(ESCAPE)
        with pytest.raises(GoBack) as left:
            sheet.finish()
    assert left.value.typed == "ha"


@pytest.mark.parametrize("keys", [ESCAPE + ESCAPE, ESCAPE + CTRL_C, ESCAPE + "x" + ENTER])
def test_keys_that_come_as_one_end_a_question_once(
    keys: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = Asked("Where?", typed="hall", can_go_back=True)
    with open_sheet(put(asked)) as sheet:
        sheet.press(keys)
        with pytest.raises((GoBack, Stopped)) as left:
            sheet.finish()
    assert left.value.typed == "hall"
    assert "exception" not in "".join(capsys.readouterr())  # told by the event loop alone


def test_alt_enter_in_an_answer_of_one_line_is_enter() -> None:
    with open_sheet(put(Asked("Where?"))) as sheet:
        sheet.press(f"hall{ESCAPE}{ENTER}")
        assert sheet.finish() == "hall"


def test_a_click_puts_the_cursor_there_where_the_terminal_says_where_it_is(sheet: Sheet) -> None:
    sheet.press("He stood up.")
    sheet.wait_for_answer("He stood up.")
    row, _ = sheet.cursor
    top = max(n for n, line in enumerate(sheet.look()) if "4 of 10" in line)
    # Its answer: where the question begins.
    sheet.press(f"\x1b[{top};1R\x1b[<0;6;{row + 1}M\x1b[<0;6;{row + 1}m")
    sheet.press("quickly ")
    sheet.wait_for_answer("He quickly stood up.")


def test_what_was_not_sure_is_shown_as_not_sure_on_the_way_back() -> None:
    with open_sheet(lambda asker: pass_gate(asker, "UK"), rows=60, seen="u not sure") as sheet:
        sheet.press("u" + ENTER)
        sheet.wait("Write it down now?")
        sheet.press(ESCAPE)
        sheet.wait("> u not sure")


@pytest.mark.parametrize("word", ["yes", "u", "unsure", "not sure"])
def test_a_word_typed_whole_is_one_answer(word: str) -> None:
    with open_sheet(lambda asker: pass_gate(asker, "UK"), rows=60, seen="u not sure") as sheet:
        sheet.press(word + ENTER)
        sheet.wait("Write it down now?")
        sheet.press("no" + ENTER)
        assert sheet.finish() == "stop"
