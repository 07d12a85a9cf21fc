"""What is urgent stays on the screen: at any size, painted or plain."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.records.informed import NO_PROTECTOR
from tests.conftest import NOW, Run, make_report
from tests.interview.screen import Screen
from tests.interview.terminal import ENTER, name_carer

REPORT = (
    "--client=MB",
    "--when=now",
    "--where=hall",
    "--what=He slid",
    "--prevented=Luck",
    "--action=Looked",
    "--recommend=-",
    "--category=mobility",
)
TOLD = ("--safeguarding", "--informed=-", "--concern-informed=-")
LIST = ("999: not breathing", "a life in danger by their own hand.")


ASKING = ("Enter: take it", "Esc: back", ">")  # a question stands there to be answered


def see_page(screen: Screen, *texts: str) -> str:
    """Return what stands on the screen, as one line, once it asks and all of ``texts`` do."""

    def is_painted(rows: list[str]) -> bool:
        page = join(rows)
        return page.endswith(ASKING) and all(text in page for text in texts)

    return join(screen.until(is_painted))


def join(rows: list[str]) -> str:
    """Return the rows as one line."""
    return " ".join(" ".join(rows).split())


def answer_gate(screen: Screen, answer: str) -> None:
    see_page(screen, "Was anyone hurt")
    screen.type(answer)


@pytest.mark.parametrize(
    ("columns", "rows", "pages", "plain"),
    [(80, 24, 1, False), (40, 20, 3, False), (40, 20, 3, True)],
)
def test_the_999_list_and_the_question_stand_on_one_screen(
    home: Path, columns: int, rows: int, pages: int, plain: bool
) -> None:
    name_carer(home)
    screen = Screen("log", *(["--plain"] if plain else []), columns=columns, rows=rows)
    answer_gate(screen, "u")
    if pages > 1:
        assert "Life in danger: ring 999 now." in see_page(screen, "There is more.")
        screen.type(" ", ends=ENTER if plain else "")  # as in a pager
        see_page(screen, "A&E, if nothing", "On the floor", "There is more.")
        screen.type("")
    page = see_page(screen, *LIST, "Write it down now?", "somebody was hurt, or may have been.")
    assert page.index(LIST[0]) < page.index("Write it down now?")
    assert (pages > 1) != ("Life in danger: ring 999 now." in page)
    screen.type("n")
    screen.finish()


def test_going_back_from_a_page_leads_to_the_gate(home: Path) -> None:
    screen = Screen("log", columns=40, rows=20)
    answer_gate(screen, "u")
    see_page(screen, "There is more.")
    screen.type("\x1b", ends="")
    see_page(screen, "Was anyone hurt", "> u not sure")
    screen.type("\x03", ends="")
    screen.finish()


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 20)])
def test_a_worry_is_advised_on_straight_away_and_once_more_at_the_end(
    home: Path, columns: int, rows: int
) -> None:
    name_carer(home)
    screen = Screen("log", *REPORT, columns=columns, rows=rows)
    answer_gate(screen, "n")
    see_page(screen, "7 of 10")
    screen.type("u")
    seen = turn_pages(screen, lambda page: "8 of 10" in page)
    assert "Ring adult social care at the council, today" in seen[0]
    assert re.search(r"Danger now: 999\. 8 of 10", seen[-1])
    screen.type("")
    see_page(screen, "Who have you told of this worry?")
    screen.type("daughter (Sue)")
    see_page(screen, "Save this report?")
    screen.type("")
    seen = turn_pages(screen, lambda page: "What next?" in page)
    assert NO_PROTECTOR in seen[-1]
    assert "Harm or neglect: ring adult social care today" in seen[-1]
    assert re.search(r"Danger now: 999\. What next\?", seen[-1])
    assert "search for the council's name" not in seen[-1]
    screen.type("")
    screen.finish()


def turn_pages(screen: Screen, is_last: Callable[[str], bool]) -> list[str]:
    """Go on until a page is the last; return each as one line."""
    seen: list[str] = []

    def is_painted(rows: list[str]) -> bool:
        page = join(rows)
        is_new = not seen or page != seen[-1]
        return is_new and (is_last(page) or page.endswith("> g go on Space or Enter: take it"))

    while not seen or not is_last(seen[-1]):
        if seen:
            screen.type("")
        seen.append(join(screen.until(is_painted)))
    return seen


def test_who_gave_the_worry_as_an_option_is_advised_in_full_after_saving(
    home: Path, run: Run
) -> None:
    name_carer(home)
    screen = Screen("log", *REPORT, *TOLD, rows=40)
    answer_gate(screen, "n")
    see_page(screen, "Save this report?")
    screen.type("")
    page = see_page(screen, "Danger now: 999.", "What next?")
    assert "search for the council's name" in page
    assert "Harm or neglect: ring" not in page
    screen.type("")
    screen.finish()
    assert run("list", "--json").rows[0]["safeguarding"] is True


@pytest.mark.parametrize("plain", [False, True], ids=["painted", "plain"])
def test_what_presses_most_stands_above_the_menu_of_the_desk(
    home: Path, book: Logbook, plain: bool
) -> None:
    name_carer(home)
    book.append([make_report(safeguarding=True), *[make_report()] * 5], "Maria, carer", NOW)
    screen = Screen(*(["--plain"] if plain else []), columns=40, rows=20)
    page = join(screen.until(lambda rows: join(rows).endswith(("Esc: leave", ">"))))
    assert "What needs doing" in page
    assert "possible concern raised" in page
    assert "and 6 more" in page
