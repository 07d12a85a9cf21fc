"""A list of reports: whole words at every width, what presses in colour, where words stand."""

import re

import pytest
from rich.cells import cell_len

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import CorrectionFields, FollowUpFields
from nearmiss.records.record import Record
from nearmiss.terminal.lists import print_list
from tests.conftest import Run, make_report
from tests.interview.terminal import Terminal
from tests.terminal.pages import draw, write

TEXT = "The stair carpet has come away on the third step and her heel went into the fold of it."


@pytest.fixture
def records(book: Logbook) -> list[Record]:
    write(
        book,
        make_report(client="Mrs O'Connor-Fitzgerald", safeguarding=True),
        make_report(client="نور 🦽", what_nearly_happened="薬を二回飲みそうになった。" * 8),
        make_report(client="MB", what_nearly_happened=TEXT, informed=["daughter, phone"]),
    )
    return write(book, make_report(client="KT", occurred_approx=True))


@pytest.mark.parametrize("find", [None, "the"])
def test_no_word_is_broken_from_40_to_200_columns(records: list[Record], find: str | None) -> None:
    whole = draw(lambda console: print_list(console, records, find), 400)
    words = {word for word in whole.split() if word.isascii()}
    for columns in (*range(40, 100), *range(100, 201, 9)):
        page = draw(lambda console: print_list(console, records, find), columns)
        assert max(cell_len(line.rstrip()) for line in page.split("\n")) <= columns
        broken = {word for word in page.split() if word.isascii()} - words
        assert broken <= {"Tue", "2026,"}, columns
        assert "薬を二回飲みそうになった" in page.replace("\n", "").replace(" ", "")


def test_only_what_presses_is_in_colour(book: Logbook) -> None:
    first, *_ = write(book, make_report(informed=["GP"]))
    plain = draw(lambda console: print_list(console, [first], None), colour=True)
    assert not re.findall(r"\x1b\[[0-9;]*3[0-7]m|\x1b\[[0-9;]*9[0-7]m|\x1b\[2m", plain)
    harmed = FollowUpFields(about=first.id, harm_found="A bruise")
    records = write(book, make_report(safeguarding=True), harmed)
    drawn = draw(lambda console: print_list(console, records, None), colour=True)
    for words, code in (("harm found later", 31), ("safeguarding", 31), ("nobody told", 35)):
        assert f"\x1b[1;{code}m{words}\x1b[0m" in drawn


def test_a_short_name_does_not_break_the_heading(book: Logbook) -> None:
    records = write(book, make_report(client="K"))
    assert " Who " in draw(lambda console: print_list(console, records, None))


# Plain is heeded on either side of the command, and NO_COLOR whatever its value.
@pytest.mark.parametrize(
    ("typed", "no_color"),
    [("--plain list", None), ("show --plain", None), ("list", ""), ("summary", "1")],
)
def test_plain_lines_hold_no_codes_tabs_or_boxes(
    book: Logbook, monkeypatch: pytest.MonkeyPatch, typed: str, no_color: str | None
) -> None:
    write(book, make_report(what_nearly_happened="his foot slid and " * 9 + "again"))
    if no_color is not None:
        monkeypatch.setenv("NO_COLOR", no_color)
    page = Terminal(*typed.split(), columns=40).finish()
    assert not set(page) & set("\x1b\t█─")
    assert "lounge" in page
    lines = page.split("\r\n")
    assert all(len(line.rstrip()) <= 40 for line in lines)
    assert no_color is not None or [line for line in lines if line != line.rstrip()] == []


def test_a_dumb_terminal_has_no_colour(book: Logbook) -> None:
    write(book, make_report(safeguarding=True))
    assert "\x1b[" not in Terminal("list", term="dumb").finish()


def test_says_when_there_are_more_and_how_to_see_them(run: Run, book: Logbook) -> None:
    write(book, *(make_report(client="M B") for _ in range(21)))
    result = run("list", "--client", "m b", "--open")
    assert len(result.out.splitlines()) == 20
    again = "nearmiss list --client 'm b' --open --all"
    assert result.err == f"These are the newest 20. To see all of them: {again}\n"
    assert run("list", "--all").err == ""
    assert run("list", "-n", "21").err == ""
    assert run("list", "-n", "5", "--json").err.startswith("These are the newest 5.")


def test_find_shows_where_the_words_stand(run: Run, book: Logbook) -> None:
    first, *_ = write(book, make_report())
    follow_up = FollowUpFields(
        about=first.id,
        note="x " * 60 + "The OLD   rug was taken away. " + "y " * 60,
        next_step="buy a rug that does not slide",
    )
    write(book, follow_up)
    row = run("list", "--find", "old rug").out.rstrip("\n").split("\t")
    around = " ".join("x" * 17), " ".join("y" * 11)
    assert row[-1] == f"Note: … {around[0]} The OLD rug was taken away. {around[1]} …"
    assert "Next step: buy a rug that" in run("list", "--find", "a RUG that").out
    assert run("list", "--find", "carpet").out == ""


def test_find_shows_the_words_that_stand_now(run: Run, book: Logbook) -> None:
    first, *_ = write(book, make_report())
    write(
        book,
        CorrectionFields(about=first.id, changes={"location": "hall, by the mat"}, reason="wrong"),
    )
    assert run("list", "--find", "armchair").out == ""
    assert run("list", "--find", "mat").out.rstrip().endswith("\tLocation: hall, by the mat")


@pytest.mark.usefixtures("usual_day")
def test_due_chooses_by_the_day_of_any_open_step(run: Run, book: Logbook) -> None:
    for due in ("2026-11-23", "2026-11-24", "2026-11-25", None):
        first, *_ = write(book, make_report())
        step = {"about": first.id, "next_step": "ring the OT", "next_due": due}
        write(book, FollowUpFields.model_validate({k: v for k, v in step.items() if v}))
    *_, moved = write(book)
    later = FollowUpFields(about=moved.id, next_step="ring again", next_due="2026-12-04")
    write(book, later)
    numbers = {
        ("--due",): ["0003", "0001"],
        ("--due-by", "tomorrow"): ["0005", "0003", "0001"],
        ("--due-by", "friday week"): ["0005", "0003", "0001"],
        ("--due-by", "23/11"): ["0001"],
        ("--due", "--due-by", "friday week"): ["0003", "0001"],
    }
    for options, expected in numbers.items():
        rows = run("list", *options, "--json").rows
        assert [row["id"][-4:] for row in rows] == expected, options
    assert "next step by 24 Nov 2026" in run("list", "--due").out
    bad = run("list", "--due-by", "soon")
    assert bad.code == 2
    assert "Try: friday, in 2 weeks, 3 April." in bad.err


def test_a_time_at_which_it_was_noticed_is_called_that(run: Run, book: Logbook) -> None:
    records = write(
        book,
        make_report(noticed=True),
        make_report(
            hour_not_known=True, occurred_approx=True, occurred_at="2026-04-14T12:00:00+01:00"
        ),
    )
    drawn = draw(lambda console: print_list(console, records, None))
    assert "noticed 21:15" in drawn
    assert "time not known" in drawn
    assert "noticed then" in run("list").out
