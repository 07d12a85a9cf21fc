"""Whom a report is about: never the wrong person by a slip."""

from collections.abc import Iterator

import pytest

from nearmiss.errors import UsageProblem
from nearmiss.intake.values import looks_like_name
from nearmiss.interview.known import Known, collect_known, read_client
from nearmiss.interview.report import Interview
from nearmiss.logbook.book import Logbook
from nearmiss.model.questions import QUESTIONS
from nearmiss.records.read import read_records
from nearmiss.terminal.asking import Asker, Choice, Option
from tests.conftest import NOW, make_report
from tests.interview.carer import BACK, Answer, Carer
from tests.terminal.pages import write
from tests.terminal.sheet import Sheet, open_sheet

ENTER, DOWN = "\r", "\x1b[B"


def ask_client(asker: Asker) -> object:
    """Ask whom a report is about, where MB and KT are known."""
    interview = Interview(
        asker,
        {},
        Known(("MB", "KT")),
        lambda answers, unfinished: "",
        lambda: NOW,
        given=frozenset(QUESTIONS.keys() - {"client"}),
    )
    interview.ask_all()
    return interview.answers["client"]


@pytest.fixture
def sheet() -> Iterator[Sheet]:
    with open_sheet(ask_client, seen="2 KT") as sheet:
        yield sheet


@pytest.mark.parametrize("keys", ["2", DOWN + DOWN])
def test_a_known_one_is_chosen_by_number_and_by_arrows(
    sheet: Sheet, keys: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet.press(keys + ENTER)
    if keys != "2":
        sheet.wait("Is this KT")
        sheet.press("y" + ENTER)
    assert sheet.finish() == "KT"
    assert ("KT" in capsys.readouterr().err) == (keys == "2")  # what was meant by it is echoed


@pytest.mark.parametrize("typed", ["7", "0", "03 ", "٣"])
def test_a_number_that_is_not_offered_is_refused(
    sheet: Sheet, typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet.press(typed + ENTER)
    sheet.wait(lambda rows: "\n".join(rows).count("Who was it?") == 2)
    sheet.press(f"MB{ENTER}")  # what was refused is marked, and typing replaces it
    sheet.wait("Is this MB")
    sheet.press("y" + ENTER)
    assert sheet.finish() == "MB"
    said = " ".join(capsys.readouterr().err.split())
    assert "not offered. Type a number from 1 to 2, or initials" in said


def test_a_full_name_is_asked_about_once(sheet: Sheet) -> None:
    sheet.press("mary brown" + ENTER)
    sheet.wait("looks like a full name")
    sheet.press("n" + ENTER)
    sheet.wait(lambda rows: "\n".join(rows).count("Who was it?") == 2)
    sheet.wait_for_answer("mary brown")  # it stays there to be mended
    sheet.press(ENTER)
    sheet.wait(lambda rows: "\n".join(rows).count("looks like a full name") == 2)
    sheet.press("y" + ENTER)
    assert sheet.finish() == "mary brown"


@pytest.mark.parametrize("typed", ["mb", "MB"])
@pytest.mark.parametrize(("answer", "client"), [("y", "MB"), ("n", "MB2")])
def test_initials_that_exist_may_be_another_s(
    sheet: Sheet, typed: str, answer: str, client: str
) -> None:
    sheet.press(typed + ENTER)
    sheet.wait("Is this MB")
    sheet.press(answer + ENTER)
    assert sheet.finish() == client


def test_who_is_meant_is_told_by_what_is_known_of_them(book: Logbook) -> None:
    for day, place in (("12", "hall"), ("10", "green chair"), ("11", "bath")):
        when = f"2026-04-{day}T20:15:00+01:00"
        write(book, make_report(client="MT", occurred_at=when, location=place))
    write(book, make_report(client="ab"))
    known = collect_known(read_records(book, lambda unreadable: None))
    script = Carer(("MT, seen 3 times, last Sun 12 Apr (hall)?", "n"))
    assert read_client(script, "mt", known, NOW) == "MT2"
    (asked,) = script.put
    assert isinstance(asked, Choice)
    assert [each.label for each in asked.options] == ["yes, this MT", "another MT: then MT2"]
    assert read_client(Carer(), "MT", known, NOW, "MT") == "MT"  # it stood there already
    assert read_client(Carer(), "1", known, NOW) == "MT"
    with pytest.raises(UsageProblem, match="again"):
        read_client(Carer(("ab, seen once", BACK)), "AB", known, NOW)
    assert read_client(Carer(("ab, seen once", "n")), "ab", known, NOW) == "AB2"


def test_all_who_share_initials_are_offered(book: Logbook) -> None:
    write(book, make_report(client="ab", location="hall"), make_report(client="AB2"))
    known = collect_known(read_records(book, lambda unreadable: None))

    def read(typed: str, answer: str, **more: str) -> tuple[str, list[str]]:
        script = Carer(("Which AB?", answer))
        client = read_client(script, typed, known, NOW, **more)
        return client, [each.label for each in script.find("Which AB?").options]

    client, labels = read("AB", "2")
    assert client == "AB2"
    assert labels[0].startswith("ab, seen once, last Tue 14 Apr (hall): MB stood up")
    assert labels[2] == "another AB: then AB3"
    assert read("ab", "3", earlier="ab")[0] == "AB3"
    assert read("the other AB", "2")[0] == "AB2"
    client, labels = read("AB", "1", wrong="ab")
    assert (client, len(labels)) == ("AB2", 2)
    assert read_client(Carer(("AB2, seen once", "y")), "ab2", known, NOW) == "AB2"


@pytest.mark.parametrize(("answer", "client"), [("y", "KT"), ("n", "kt")])
def test_initials_in_small_letters_are_offered_in_capitals(answer: str, client: str) -> None:
    assert read_client(Carer(("KT?", answer)), "kt", Known(), NOW) == client
    assert read_client(Carer(), "Mary", Known(), NOW) == "Mary"


def test_nobody_s_number_changes(book: Logbook) -> None:
    def list_offered() -> tuple[str, ...]:
        return collect_known(read_records(book, lambda unreadable: None)).offered

    first = ("KT", "MB", "AB")
    write(book, *(make_report(client=each) for each in first))
    assert list_offered() == first
    write(book, make_report(client="AB"), make_report(client="mb"), make_report(client="ZZ"))
    assert [each.casefold() for each in list_offered()] == ["kt", "mb", "ab", "zz"]
    write(book, *(make_report(client=f"C{number}") for number in range(9)))
    assert list_offered() == ()  # a choice of the latest would give their numbers to others


@pytest.mark.parametrize(
    ("typed", "is_name"),
    [
        ("Mary Brown", True),
        ("mary brown", True),
        ("Mary Ann Brown", True),
        ("Mrs Brown", True),
        ("Mr. B", True),
        ("dr K", True),
        ("MS upstairs", False),
        ("Łukasz Żak", True),
        ("O'Neill Zoë", True),
        ("MB", False),
        ("MB1", False),
        ("M B", False),
        ("M. B.", False),
        ("MB upstairs", False),
        ("Mary B", False),
        ("Mary", False),
        ("client 4", False),
        ("", False),
    ],
)
def test_two_words_that_are_more_than_initials_look_like_a_name(typed: str, is_name: bool) -> None:
    assert looks_like_name(typed) == is_name


def test_another_client_in_a_report_is_asked_about_once_before_it_is_saved() -> None:
    def review(*answers: Answer) -> Interview:
        script = Carer(*answers)
        given = make_report(what_nearly_happened="KT took the pills").model_dump(exclude_none=True)
        known = Known(("MB", "KT"))
        interview = Interview(script, given, known, lambda answers, typed: "", lambda: NOW)
        assert interview.review() == "save"
        script.finish()
        return interview

    asked = ("This report is about MB. You wrote KT. Is it about MB?", "y")
    save = ("Save this report?", "s")
    assert review(asked, save).answers["client"] == "MB"
    not_his = (asked[0], "n"), ("Who was it?", "2")
    assert review(*not_his, save).answers["client"] == "KT"


def test_a_client_that_stands_there_is_replaced_by_typing() -> None:
    def change(asker: Asker) -> object:
        answers = {"client": "MB"}
        keep = lambda answers, unfinished: ""  # noqa: E731
        interview = Interview(asker, answers, Known(), keep, lambda: NOW)
        interview.change("Done?", (Option("That is all", "done", "d"),))
        return answers["client"]

    with open_sheet(change, seen="Done?") as sheet:
        sheet.press("1" + ENTER)
        sheet.wait("Who was it?")
        sheet.press("JSA" + ENTER)
        sheet.wait("Client: JSA")
        sheet.press("d" + ENTER)
        assert sheet.finish() == "JSA"
