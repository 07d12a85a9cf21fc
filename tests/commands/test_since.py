"""What happened since: incidents, and the rules by which a follow-up is taken."""

import json
from datetime import timedelta
from typing import Any

import pytest

from nearmiss.dates.now import read_now
from nearmiss.dates.shown import echo_weekday
from nearmiss.logbook.book import Logbook
from tests.cases import over
from tests.conftest import NOW, Run, make_report
from tests.records.rich import make_incident


@pytest.fixture
def one(book: Logbook) -> str:
    """A report about which nothing was written yet."""
    return book.append([make_report()], "Maria, carer", NOW).ids[0]


def add(run: Run, *options: str) -> str:
    """Write a follow-up and return its id."""
    done = run("follow-up", *options)
    assert done.code == 0, done.err
    return done.out.strip()


def show(run: Run, reference: str) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(run("show", reference, "--json").data)
    return shown


def test_every_fact_has_an_option(run: Run, one: str) -> None:
    harm = add(run, one, "--harm-found", "A bruise", "--harm-on", "15 April 2026")
    add(run, one, "--informed", "GP", "--told-of", harm, "--told-of", "event")
    add(run, one, "--tried", "nurse, no answer")
    change = add(run, one, "--changed", "Rug gone", "--changed-on", "16 April 2026")
    add(run, one, "--changed", "Rail fitted")
    add(run, one, "--undoes", change.partition("-")[2])
    first = add(run, one, "--next", "Ring the OT", "--agreed-on", "16 April 2026")
    add(run, one, "--next", "Ring the GP")
    add(run, one, "--done", "--ends", first)
    row = show(run, one)
    assert [(each["seen_on"], each["told"]) for each in row["harm_found"]] == [
        ("2026-04-15", ["GP"])
    ]
    assert (row["informed"], row["tried"]) == (["GP"], ["nurse, no answer"])
    assert [(each["text"], "undone" in each) for each in row["changes"]] == [
        ("Rug gone", True),
        ("Rail fitted", False),
    ]
    assert [each["text"] for each in row["next_steps"]] == ["Ring the GP"]
    assert [each["agreed_on"] for each in row["steps_done"]] == ["2026-04-16"]


def list_refused() -> list[tuple[list[str], str]]:
    to_come = (read_now() + timedelta(days=3)).date().isoformat()
    return [
        (["--harm-found", "x", "--harm-on", "1 April 2026"], "before it happened"),
        (["--harm-found", "x", "--harm-on", to_come], "to come"),
        (["--changed", "x", "--changed-on", to_come], "to come"),
        (["--undoes", "1"], "is not a change of this report that holds"),
        (["--undoes", "soon"], "no number of a follow-up"),
        (["--informed", "GP", "--told-of", "99"], "is not harm found with this report"),
        (["--done"], "Several steps are open"),
        (["--done", "--ends", "1"], "is not an open step"),
        (["--ends", "2"], "add --done"),
        (["--close"], "is not closed while a step is open"),
        (["--harm-on", "16 April 2026"], "add --harm-found"),
    ]


def test_what_does_not_fit_the_report_is_refused(run: Run, book: Logbook, one: str) -> None:
    add(run, one, "--next", "Ring the OT")
    add(run, one, "--next", "Ring the GP")
    size = book.path.stat().st_size
    for options, said in list_refused():
        refused = run("follow-up", one, *options)
        assert (refused.code, said in refused.err) == (2, True), (options, refused.err)
    assert book.path.stat().st_size == size


def test_what_is_of_another_report_or_withdrawn_is_pointed_at_by_nothing(
    run: Run, book: Logbook, one: str
) -> None:
    other = book.append([make_report()], "Maria", NOW).ids[0]
    change = add(run, other, "--changed", "Rail fitted", "--next", "Ring", "--harm-found", "A cut")
    gone = add(run, one, "--changed", "Rug gone", "--next", "Ring", "--harm-found", "A bruise")
    assert run("correct", gone, "--withdraw", "--reason", "A slip").code == 0
    size = book.path.stat().st_size
    for entry in (change, gone):
        assert "is not a change of this report" in run("follow-up", one, "--undoes", entry).err
        assert run("follow-up", one, "--done", "--ends", entry).code == 2
        assert run("follow-up", one, "--informed", "GP", "--told-of", entry).code == 2
    assert book.path.stat().st_size == size


def test_a_day_on_which_it_is_no_longer_so_is_not_before_the_change(run: Run, one: str) -> None:
    change = add(run, one, "--changed", "Rug gone", "--changed-on", "20 April 2026")
    early = run("follow-up", one, "--undoes", change, "--changed-on", "19 April 2026")
    assert (early.code, "is before the change itself" in early.err) == (2, True)
    assert run("follow-up", one, "--changed-on", "19 April 2026", "--note", "x").code == 2
    again = ("--undoes", change, "--changed-on", "21 April 2026", "--changed", "Rug back")
    add(run, one, *again)
    undone, back = show(run, one)["changes"]
    assert (undone["undone_on"], back["changed_on"]) == ("2026-04-21", "2026-04-21")
    assert "no longer so since Tue 21 Apr 2026" in run("export", one, "--format", "csv").out


def test_a_change_before_what_happened_is_taken_and_told_of(run: Run, one: str) -> None:
    taken = run("follow-up", one, "--changed", "Rug gone", "--changed-on", "1 April 2026")
    assert (taken.code, "is before it happened" in taken.err) == (0, True)


def test_two_hundred_may_be_told_and_no_more(run: Run, one: str) -> None:
    people = [f"--informed=carer {number}, text" for number in range(201)]
    refused = run("follow-up", one, *people)
    assert (refused.code, "200" in refused.err) == (2, True)
    add(run, one, *people[:200])
    assert len(show(run, one)["informed"]) == 200


def test_two_steps_are_not_done_in_one_entry(run: Run, one: str) -> None:
    steps = [add(run, one, "--next", each) for each in ("Ring the OT", "Ring the GP")]
    both = [f"--ends={each}" for each in steps]
    assert run("follow-up", one, "--done", *both).code == 2
    assert len(show(run, one)["next_steps"]) == 2


def test_closing_says_over_what_where_nobody_can_be_asked(run: Run, one: str) -> None:
    add(run, one, "--tried", "GP, engaged", "--care-plan-status", "asked", "--harm-found", "A cut")
    closed = run("follow-up", one, "--close")
    assert closed.code == 0
    for said in ('told of the harm "A cut"', "noted as told of it.", '"GP, engaged"', "no answer"):
        assert said in closed.err


def test_a_step_ends_and_a_change_is_undone_once(run: Run, one: str) -> None:
    step = add(run, one, "--next", "Ring the OT", "--changed", "Rug gone")
    add(run, one, "--done", "--ends", step, "--undoes", step)
    assert run("follow-up", one, "--done", "--ends", step).code == 2
    assert run("follow-up", one, "--undoes", step).code == 2


def test_a_concern_is_not_closed_before_somebody_was_told_of_it(run: Run, book: Logbook) -> None:
    report = make_report(safeguarding=True, informed=["daughter"])
    one = book.append([report], "Maria", NOW).ids[0]
    refused = run("follow-up", one, "--close")
    assert (refused.code, "nobody is noted as told of it" in refused.err) == (1, True)
    assert run("follow-up", one, "--informed", "GP", "--close").code == 1
    add(run, one, "--informed", "council", "--told-of", "concern", "--close")
    assert show(run, one)["concern_informed"] == ["council"]


GIVEN: tuple[str, ...] = (
    "--client",
    "MB",
    "--when",
    "3 April 2026",
    "--hour-not-known",
    "--where",
    "hall",
)
GIVEN += ("--what", "He fell.", "--action", "Rang 111", "--category", "mobility", "--yes")


def test_a_time_that_is_not_known_is_refused_with_what_to_write(run: Run) -> None:
    def write(when: str, *more: str) -> str:
        done = run("log", *GIVEN[:3], when, *GIVEN[5:], "--prevented", "x", *more)
        return done.err if done.code else run("show", "last").out

    assert "Write noticed today 8:15. Or which day" in write("not known")
    assert "At what time? About is fine" in write("yesterday")
    assert "its hour is said not to be known" in write("yesterday 9pm", "--hour-not-known")
    day = echo_weekday(read_now() - timedelta(days=1))
    assert f"{day}, time not known" in write("yesterday", "--hour-not-known")
    assert f"{day}, time not known" in write("yesterday, time not known")
    again = f"noticed {(read_now() - timedelta(days=1)).date()}T12:00:00+00:00"  # as we write it
    assert f"Noticed {day}, time not known" in write(again, "--hour-not-known")
    assert f"Noticed {day}, 08:00; when it happened is not known" in write("noticed yesterday 8am")


def test_an_incident_is_logged_told_and_counted_as_one(run: Run, one: str) -> None:
    assert run("log", *GIVEN, "--injury", "A cut").code == 2
    assert "leave out --prevented" in run("log", *GIVEN, "--incident", "--prevented", "x").err
    logged = run("log", *GIVEN, "--incident", "--injury", "A cut")
    assert logged.code == 0, logged.err
    row = show(run, "last")
    assert (row["entry"], row["what_happened"], row["injury"]) == ("incident", "He fell.", "A cut")
    assert row["hour_not_known"] is True
    shown = run("show", "last").out
    assert shown.startswith(f"Incident {row['id']}")
    assert "Fri 3 Apr 2026, time not known" in shown
    assert "No later harm" not in shown
    assert "incident" in run("list").out.splitlines()[0]
    assert [each["id"] for each in run("list", "--entry", "incident", "--json").rows] == [row["id"]]
    assert [each["id"] for each in run("list", "--entry", "near-miss", "--json").rows] == [one]
    assert run("summary").out.startswith("1 incident, 1 near miss, ")
    figures = json.loads(run("summary", "--json").data)
    assert (figures["incidents"], figures["near_misses"]) == (1, 1)
    assert sum(figures["by_hour"].values()) == 1, "12:00 is no hour of it"


def test_an_incident_stays_one(run: Run, book: Logbook, one: str) -> None:
    hurt = book.append([make_incident()], "Maria", NOW).ids[0]
    for reference, option in ((hurt, "--prevented"), (one, "--injury")):
        refused = run("correct", reference, option, "x", "--reason", "x")
        assert (refused.code, "write it anew" in refused.err) == (2, True)
    assert run("correct", one, "--incident", "--reason", "x").code == 2
    assert run("correct", hurt, "--what", "He slid down.", "--reason", "x").code == 0
    assert show(run, hurt)["what_happened"] == "He slid down."
    assert run("correct", hurt, "--when", "3 April 2026 9pm", "--reason", "x").code == 0
    assert "hour_not_known" not in show(run, hurt)
    assert "12:00" not in run("show", hurt).out
    assert "about" not in run("show", hurt).out
    assert run("correct", hurt, "--when", "noticed 3 April 2026 9pm", "--reason", "x").code == 0
    assert show(run, hurt)["noticed"] is True
    assert run("correct", hurt, "--when", "3 April 2026 8pm", "--reason", "x").code == 0
    assert "noticed" not in show(run, hurt)


@over("form", ["csv", "json"])
def test_what_was_exported_comes_in_again_equal(
    run: Run, book: Logbook, tmp_path: Any, form: str
) -> None:
    if not book.path.exists():
        concern = make_report(safeguarding=True, concern_informed=["council"], tried=["son"])
        book.append([make_incident(), concern], "Maria", NOW)
    target, there = str(tmp_path / f"all.{form}"), str(tmp_path / f"{form}.jsonl")
    assert run("export", "--for", "own", "--format", form, "-o", target).code == 0
    done = run("--logbook", there, "import", target)
    assert done.code == 0, done.err
    beside = {"id", "recorded_at", "recorded_by", "claims"}  # what a sheet says of its writing
    rows = [run(*given, "list", "--json").rows for given in ((), ("--logbook", there))]
    one, other = ([{k: v for k, v in row.items() if k not in beside} for row in r] for r in rows)
    assert one == other
    assert "Nothing to add" in run("import", target).err


def test_a_whole_book_comes_in_with_what_its_entries_point_at(
    run: Run, book: Logbook, one: str, tmp_path: Any
) -> None:
    other = Logbook(tmp_path / "other.jsonl")
    other.append([make_report(location="bath"), make_incident()], "Ann", NOW)
    at = ("--logbook", str(other.path), "follow-up", "2")
    harm = run(*at, "--harm-found", "x", "--changed", "Rug gone", "--next", "Ring").out.strip()
    assert run(*at, "--informed", "GP", "--told-of", harm, "--undoes", harm).code == 0
    assert run(*at, "--done", "--ends", harm).code == 0
    done = run("import", str(other.path))
    assert done.code == 0, done.err
    row = next(each for each in run("list", "--json").rows if each["entry"] == "incident")
    assert [each["told"] for each in row["harm_found"]] == [["GP"]]
    assert ["undone" in each for each in row["changes"]] == [True]
    assert [each["text"] for each in row["steps_done"]] == ["Ring"]


def test_a_withdrawn_report_is_on_no_paper_but_a_chronology(run: Run, book: Logbook) -> None:
    fields = {"safeguarding": True, "what_nearly_happened": "WRONGWORD"}
    one = book.append([make_report(**fields), make_report()], "Maria", NOW).ids[0]
    assert run("correct", one, "--withdraw", "--reason", "It was KT").code == 0
    given = ("--client", "MB", "--format", "txt", "-o", "-")
    for audience in ("family", "professional"):
        for kind in ("--meeting", "--chronology"):
            paper = run("print", kind, "--for", audience, *given)
            assert paper.code == 0, paper.err
            tells = (audience, kind) == ("professional", "--chronology")
            text = " ".join(paper.data.decode().split())
            assert ("It was KT" in text, "WRONGWORD" in text) == (tells, False)
            assert ("Possible concern raised" in text) is tells
            assert "1 near miss" in text or kind == "--meeting"
    refused = run("print", one, "--for", "family", *given)
    assert (refused.code, "was withdrawn" in refused.err) == (1, True)
    rows = json.loads(run("export", "--format", "json", "--for", "professional").data)
    assert len(rows) == 1
    assert json.loads(run("summary", "--json").data)["reports"] == 1
