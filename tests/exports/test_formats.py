"""Each format for other programs, read by another program."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args
from xml.etree import ElementTree

import openpyxl
import pytest
from fhir.resources.R4B.bundle import Bundle

from nearmiss.documents.reader import choose_rules
from nearmiss.exports.formats import FORMATS
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import BOOK_SEAL, LATER_COLUMNS
from nearmiss.options import Drawn, Form
from nearmiss.records.record import Record
from tests.conftest import NOW, Run, make_report
from tests.exports.reading import SEAL, show_all
from tests.records.rich import MARIA, TOM, read_rich_book, write_rich_book

URI = re.compile(r"^(urn:uuid:[0-9a-f-]{36}|https?://\S+)$")


@pytest.fixture
def records(book: Logbook) -> list[Record]:
    """The rich book, whose last report raises a concern, as its carer sees it."""
    write_rich_book(book, safeguarding=True)
    records, verdicts = read_rich_book(book)
    return show_all(records, verdicts, choose_rules("own"))[0]


def write(form: str, records: list[Record]) -> bytes:
    return b"".join(FORMATS[form](records, SEAL))


def test_csv_has_the_later_facts_in_columns_of_their_own_and_the_seal_last(
    records: list[Record],
) -> None:
    rows = list(csv.DictReader(io.StringIO(write("csv", records).decode("utf-8-sig"))))
    assert list(rows[0])[-1] == BOOK_SEAL
    assert {row[BOOK_SEAL] for row in rows} == {SEAL}
    assert all(rows[0][name] == "" for name in LATER_COLUMNS if name != "pattern")
    row = rows[-1]
    assert "HARMWORD a bruise (Told of it: physio (Amina)" in row["harm_found"]
    assert row["care_plan_status"] == "changed"
    assert row["next_step"] == "STEPTWO ask"
    assert row["next_steps"] == "STEPTWO ask, OT (Ines)\nSTEPLAST look (Ivo next door)"
    assert row["tried"] == "nurse (Petra), TRIEDWORD\nson, TRIEDTWO"
    assert row["entry"] == "report"
    assert "no longer so" in row["changes"].split("\n")[0]
    assert len(row["follow_ups"].split("\n")) == 8
    assert "Location, was: OLDPLACE; Location, now: NEWPLACE" in row["corrections"]
    assert row["closed_on"] == "2026-04-24"


def test_no_cell_of_a_later_fact_is_taken_for_a_formula(run: Run, book: Logbook) -> None:
    book.append([make_report()], MARIA, NOW)
    run("follow-up", "1", "--next", "=1+1", "--who", "@SUM(A1)", "--note", "-2")
    data = run("export", "--for", "own", "--format", "csv", "-o", "-").data.decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(data)))
    assert row["next_step"] == "'=1+1"
    assert row["next_who"] == "'@SUM(A1)"


def test_a_csv_that_was_exported_is_imported_without_the_later_columns(
    run: Run, book: Logbook, tmp_path: Any
) -> None:
    write_rich_book(book)
    target = tmp_path / "all.csv"
    assert run("export", "--for", "own", "--format", "csv", "-o", str(target)).code == 0
    done = run("--logbook", str(tmp_path / "other.jsonl"), "import", str(target))
    assert done.code == 0, done.err
    rows = run("--logbook", str(tmp_path / "other.jsonl"), "list", "--json").rows
    assert [row["location"] for row in rows].count("NEWPLACE") == 1


def test_the_workbook_has_what_people_read_first_and_then_everything_else(
    records: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "4102444800")
    book = openpyxl.load_workbook(io.BytesIO(write("xlsx", records)))
    assert book.sheetnames == ["About", "Near misses", "Everything else"]
    about = " ".join(str(row[0]) for row in book["About"].values)
    assert f"nearmiss verify --seal {SEAL}" in about
    assert "not a medical check" in about
    assert "Made Fri 1 Jan 2100." in about
    assert book.properties.created == datetime(2100, 1, 1)
    head, *rows = book["Near misses"].values
    assert len(head) == 8
    assert rows[-1][head.index("Date and time")] == datetime(2026, 4, 14, 21, 15)
    assert rows[-1][head.index("Harm or concern")] == "Harm found later; Possible concern raised"
    more, *others = book["Everything else"].values
    assert isinstance(others[-1][more.index("Written")], datetime)
    assert others[-1][more.index("Closed on")] == datetime(2026, 4, 24)
    assert {*head} & {*more} == {"Number"}
    for sheet in (book["Near misses"], book["Everything else"]):
        assert not [title for title in next(sheet.values) if "_" in str(title)]
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$1:$1"
    assert book["Near misses"].sheet_properties.pageSetUpPr.fitToPage
    assert book["Near misses"].page_setup.fitToHeight == 0


def test_columns_fit_a_sheet_at_full_size_and_rows_are_as_high_as_their_text(
    records: list[Record],
) -> None:
    fields = {"what_nearly_happened": "He slid on the rug. " * 20}
    long = replace(records[-1], report=records[-1].report.model_copy(update=fields))
    sheet = openpyxl.load_workbook(io.BytesIO(write("xlsx", [long])))["Near misses"]
    assert sum(each.width for each in sheet.column_dimensions.values()) < 150
    height = sheet.row_dimensions[2].height
    assert 9 * 15 <= height <= 13 * 15, "400 letters in a column of 40"


def test_a_family_is_not_told_how_to_check_the_seal(book: Logbook) -> None:
    write_rich_book(book)
    for reader, tells in (("family", False), ("professional", True)):
        shown = show_all(*read_rich_book(book), choose_rules(reader))[0]
        about = openpyxl.load_workbook(io.BytesIO(write("xlsx", shown)))["About"]
        text = " ".join(str(row[0]) for row in about.values)
        assert SEAL in text
        assert ("nearmiss verify" in text) is tells


def list_resources(records: list[Record]) -> list[dict[str, Any]]:
    bundle = json.loads(write("fhir", records))
    Bundle.model_validate(bundle)
    return [entry["resource"] for entry in bundle["entry"]]


def test_the_bundle_has_its_time_and_an_identifier_with_a_proper_address(
    records: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "4102444800")
    bundle = json.loads(write("fhir", records))
    assert datetime.fromisoformat(bundle["timestamp"]).timestamp() == 4102444800
    assert bundle["identifier"]["value"] == SEAL
    systems = re.findall(r'"system": ?"([^"]+)"', json.dumps(bundle))
    assert [each for each in systems if not URI.match(each)] == []


def test_tasks_say_what_is_proposed_asked_and_done(records: list[Record]) -> None:
    tasks = [each for each in list_resources(records) if each["resourceType"] == "Task"]
    by_text = {each["description"]: each for each in tasks}
    idea = by_text["IDEAWORD a rail"]
    assert (idea["status"], idea["intent"]) == ("draft", "proposal"), "closing does no idea"
    assert by_text["STEPONE ring them"]["status"] == "completed"
    assert by_text["STEPONE ring them"]["restriction"]["period"]["end"] == "2026-05-08"
    assert by_text["STEPLAST look"]["status"] == "requested"
    assert by_text["STEPLAST look"]["owner"]["display"] == "Ivo next door"


def test_a_step_has_the_day_and_the_author_of_its_follow_up(records: list[Record]) -> None:
    resources = list_resources(records)
    people = {
        f"urn:uuid:{each['id']}": each["name"][0]["text"]
        for each in resources
        if each["resourceType"] == "Practitioner"
    }
    made = {
        each["description"]: (each["authoredOn"][:10], people[each["requester"]["reference"]])
        for each in resources
        if each["resourceType"] == "Task"
    }
    assert made["IDEAWORD a rail"] == ("2026-04-15", MARIA)
    assert made["STEPONE ring them"] == ("2026-04-17", TOM)
    assert made["STEPLAST look"][1] == TOM


@pytest.mark.parametrize("reader", ["family", "professional"])
def test_who_may_not_know_of_other_readers_has_no_empty_column_for_them(
    book: Logbook, reader: str
) -> None:
    write_rich_book(book)
    records, verdicts = read_rich_book(book)
    records = show_all(records, verdicts, choose_rules(reader))[0]
    rows = list(csv.DictReader(io.StringIO(write("csv", records).decode("utf-8-sig"))))
    assert "disclosures" not in rows[0]
    assert [row[BOOK_SEAL] for row in rows] == [SEAL] * 3
    assert rows[-1]["pattern"] == "slid again"
    sheet = openpyxl.load_workbook(io.BytesIO(write("xlsx", records)))["Everything else"]
    head, *_, last = sheet.values
    assert "Handed over" not in head
    assert last[head.index("Marked as the same hazard")] == "slid again"
    assert b"disclosures" not in write("json", records)


def test_who_was_told_is_a_recipient(records: list[Record]) -> None:
    told = [each for each in list_resources(records) if each["resourceType"] == "Communication"]
    assert [each["recipient"][0]["display"] for each in told] == [
        "GP (Oakley)",
        "social worker (Wanda)",
        "daughter (Zelda)",
        "physio (Amina)",
    ]
    assert [each["payload"][0]["contentString"] for each in told] == [
        "GP (Oakley), phone",
        "social worker (Wanda)",
        "daughter (Zelda), text",
        "physio (Amina)",
    ]


def test_a_possible_concern_has_a_security_label_and_harm_stands_in_words(
    records: list[Record],
) -> None:
    events = [each for each in list_resources(records) if each["resourceType"] == "AdverseEvent"]
    labels = ["meta" in each for each in events]
    assert labels == [False, False, True]
    assert events[-1]["meta"]["security"][0]["code"] == "R"
    assert {each["actuality"] for each in events} == {"potential"}
    told = "".join(ElementTree.fromstring(events[-1]["text"]["div"]).itertext())  # noqa: S314
    assert "Harm found later" in told
    assert "HARMWORD a bruise" in told
    assert "No later harm" not in told
    assert not {"severity", "outcome", "seriousness"} & set(events[-1])


def test_every_form_that_can_be_asked_for_is_drawn_or_written() -> None:
    assert {*get_args(Drawn), *FORMATS} == set(get_args(Form))
