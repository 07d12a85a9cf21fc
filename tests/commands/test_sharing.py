"""What is handed over: whole, readable, and with nothing in it that its reader may not see."""

import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pikepdf
import pytest
from fhir.resources.R4B.bundle import Bundle

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import CorrectionFields, FollowUpFields
from tests.cases import over
from tests.conftest import NOW, Run, make_report, read_samples
from tests.documents.pages import read_inside, read_text

HOSTILE = (
    '=1+1 #read("/etc/passwd") $x$ *b* <script>alert(1)</script> {{ 7*7 }} [red] @SUM(A1) '
    "http://example.org https://e.org \\u{41} // `x` <<a>> &amp;"
)
FORMS = ("pdf", "html", "txt", "csv", "xlsx", "json", "fhir")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1776200000")
    return tmp_path


@pytest.fixture
def secrets(book: Logbook) -> list[str]:
    """A book with a family's report in it, and much that the family must not see."""
    shown, hidden = book.append(
        [
            make_report(informed=["daughter (Zebedina), phone", "Ottoline, safeguarding team"]),
            make_report(
                what_nearly_happened="XYLOPHONE was taken from her purse",
                location="QUAGMIRE",
                safeguarding=True,
                category="other",
                recommendations=["Ring PTARMIGAN"],
            ),
        ],
        "Maria, carer",
        NOW,
    ).ids
    book.append(
        [
            make_report(client="Zz", what_nearly_happened="WOLVERINE"),
            CorrectionFields(
                about=shown, changes={"location": "hall"}, reason="It was never the MARZIPAN"
            ),
            FollowUpFields(about=hidden, note="KALEIDOSCOPE"),
            FollowUpFields(about=shown, note="Rang them.", informed=["Barnaby from next door"]),
        ],
        "Maria, carer",
        NOW,
    )
    return [
        *("Zebedina", "Ottoline", "XYLOPHONE", "QUAGMIRE", "PTARMIGAN", "WOLVERINE", "MARZIPAN"),
        *("KALEIDOSCOPE", "Barnaby", "armchair", hidden),
    ]


def read_pdf(data: bytes) -> str:
    """Return everything a PDF holds: streams unpacked, metadata, attachments, and its text."""
    return f"{read_inside(data).decode('latin-1')}\n{read_text(data)}"


@over("kind", [("print",), ("print", "--meeting"), ("print", "--chronology"), ("export",)])
@over("form", ["pdf", "html", "txt"])
def test_a_family_sees_nothing_that_is_not_theirs(
    run: Run, secrets: list[str], kind: tuple[str, ...], form: str
) -> None:
    whole = (*kind, "--client", "MB", "--for", "family", "--format", form, "-o", "-")
    result = run(*whole)
    assert result.code == 0, result.err
    seen = read_pdf(result.data) if form == "pdf" else result.data.decode()
    assert [word for word in secrets if word.casefold() in seen.casefold()] == []
    assert "safeguarding" not in seen.casefold()
    assert "Left out: 1 safeguarding worry" in result.err


@over("form", ["csv", "xlsx", "json", "fhir"])
def test_data_for_a_family_holds_no_more_than_its_paper(
    run: Run, secrets: list[str], form: str, folder: Path
) -> None:
    target = folder / f"out.{form}"
    result = run("export", "--client", "MB", "--for", "family", "--format", form, "-o", str(target))
    assert result.code == 0, result.err
    data = target.read_bytes()
    if form == "xlsx":
        sheets = openpyxl.load_workbook(io.BytesIO(data)).worksheets
        data = repr([list(sheet.values) for sheet in sheets]).encode()
    assert [word for word in secrets if word.casefold().encode() in data.lower()] == []


def test_a_professional_sees_what_was_written(run: Run, secrets: list[str]) -> None:
    result = run("export", "--client", "MB", "--format", "txt", "-o", "-")
    for word in ("Zebedina", "XYLOPHONE", "KALEIDOSCOPE", "MARZIPAN"):
        assert word in result.out
    assert "WOLVERINE" not in result.out
    without = run(
        "export", "--client", "MB", "--format", "txt", "-o", "-", "--without-safeguarding"
    )
    assert "XYLOPHONE" not in without.out


def test_a_hidden_report_that_is_named_is_refused(run: Run, secrets: list[str]) -> None:
    result = run("print", secrets[-1], "-o", "-")
    assert (result.code, result.data) == (1, b"")
    assert "safeguarding worry" in result.err
    assert run("print", secrets[-1], "--include-safeguarding", "-o", "-").code == 0


def test_who_belongs_to_a_safeguarding_team_is_not_even_named_by_role(
    run: Run, book: Logbook
) -> None:
    book.append([make_report(informed=["social worker (Al), safeguarding team"])], "M", NOW)
    page = run("print", "--format", "txt", "-o", "-").out
    assert "someone else" in page
    assert "social worker" not in page


def test_a_hidden_name_in_the_carers_own_words_is_pointed_out(run: Run, book: Logbook) -> None:
    report = make_report(informed=["son (Gareth)"], what_nearly_happened="Gareth left the rug up.")
    book.append([report], "M", NOW)
    result = run("print", "--format", "txt", "-o", "-")
    assert "Gareth left the rug up." in result.out
    assert 'its own words say "Gareth"' in result.err


def test_a_page_for_one_of_two_with_the_same_initials_says_so(run: Run, book: Logbook) -> None:
    book.append([make_report(client=each) for each in ("ab", "AB", "AB2", "KT")], "M", NOW)
    assert "In the book is AB2 as well." in run("print", "1", "--format", "txt", "-o", "-").err
    assert "as well" not in run("print", "--client", "KT", "--format", "txt", "-o", "-").err


def test_a_pdf_is_archival_accessible_and_the_same_each_time(run: Run, book: Logbook) -> None:
    book.append([make_report(what_nearly_happened=HOSTILE)], "Maria, carer", NOW)
    first, second = (run("export", "--large-print", "-o", "-").data for _ in range(2))
    assert first == second
    assert " ".join(HOSTILE.split()) in read_text(first)
    with pikepdf.open(io.BytesIO(first)) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "3"
            assert metadata["pdfaid:conformance"] == "A"
            assert metadata["pdfuaid:part"] == "1"
            assert "handover" in metadata["dc:title"]
        assert "/Outlines" in pdf.Root
        attached = json.loads(pdf.attachments["records.json"].get_file().read_bytes())
    assert [row["what_nearly_happened"] for row in attached] == [HOSTILE]
    assert re.search(r"Seal [0-9A-Z]{4}(-[0-9A-Z]{4}){3}.*Page 1 of", read_text(first))


def test_every_document_is_made_of_the_largest_reports(run: Run, book: Logbook) -> None:
    long = make_report(
        client="W" * 40,
        location="x" * 120,
        what_nearly_happened="x" * 5000,
        how_prevented="ن 🦽 \u0985 \u4e2d ż ŵ " * 200,
        informed=["i" * 500] * 20,
        recommendations=["a\nb", *["y" * 500] * 199],
    )
    book.append([long], "M", NOW)
    for kind in ((), ("--meeting",), ("--chronology",), ("--blank",)):
        for form in ("pdf", "html", "txt"):
            result = run("print", *kind, "--format", form, "-o", "-")
            assert result.code == 0, result.err
            assert result.data


def test_a_password_opens_the_pdf_and_nothing_else_does(
    run: Run, book: Logbook, folder: Path
) -> None:
    book.append([make_report()], "M", NOW)
    (folder / "secret").write_text("gooseberry\n")
    result = run("print", "--password-file", "secret", "-o", "p.pdf")
    assert result.code == 0, result.err
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(folder / "p.pdf")
    with pikepdf.open(folder / "p.pdf", password="gooseberry") as pdf:  # noqa: S106 - made above
        assert pdf.encryption.bits == 256
        with pdf.open_metadata() as metadata:
            assert "pdfaid:part" not in metadata
    assert run("print", "--password-file", "secret", "--format", "html", "-o", "-").code == 2
    assert run("print", "--password", "-o", "q.pdf").code == 2
    assert not (folder / "q.pdf").exists()


def test_who_was_given_what_is_noted_before_it_appears(
    run: Run, book: Logbook, folder: Path
) -> None:
    book.append([make_report()], "M", NOW)
    assert run("print", "--to", "Sue", "-o", "p.pdf").code == 2
    beside = str(book.path.parent / "beside.pdf")  # where a save clears up after killed ones
    assert run("print", "--to", "Al", "--basis", "client_agreed", "-o", beside).code == 0
    result = run("print", "--to", "Sue", "--basis", "client_agreed", "-o", "p.pdf")
    assert result.code == 0, result.err
    _, later = run("show", "--json").rows[0]["later"]
    assert (later["recipient"], later["basis"], later["decided_by"]) == (
        "Sue",
        "client_agreed",
        "MB",
    )
    assert later["sha256"] == hashlib.sha256((folder / "p.pdf").read_bytes()).hexdigest()
    assert "Sue" in run("show").out
    assert "Sue: report, pdf, 1 report, decided by MB" in run("where").out
    assert run("verify", "--seal", later["seal_shown"]).code == 0


def test_a_sheet_holds_the_text_as_logged(run: Run, book: Logbook, folder: Path) -> None:
    texts = [HOSTILE, "=cmd|' /C calc'!A0", "'quoted", "-1", "a\nb", "1", "true", "🦽 ن"]
    book.append([make_report(what_nearly_happened=text) for text in texts], "M", NOW)
    assert run("export", "--format", "xlsx", "-o", "x.xlsx").code == 0
    rows = list(openpyxl.load_workbook(folder / "x.xlsx")["Near misses"].values)
    column = rows[0].index("What nearly happened")
    assert [row[column] for row in rows[1:]] == texts


# The required value sets of FHIR R4 that the export uses: hl7.org/fhir/R4, each element's binding.
ACTUALITY = {"actual", "potential"}
EVENT_STATUS = {"preparation", "in-progress", "not-done", "on-hold", "stopped", "completed"}
TASK_STATUS = {"draft", "requested", "received", "accepted", "rejected", "ready", "completed"}
TASK_INTENT = {"unknown", "proposal", "plan", "order", "original-order", "reflex-order"}


def list_references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [each for part in value.values() for each in list_references(part)]
    parts = value if isinstance(value, list) else []
    return [each for part in parts for each in list_references(part)]


def test_fhir_is_accepted_its_codes_known_and_its_references_found(run: Run) -> None:
    rows = [{**row, "client": "MB"} for row in read_samples()[:8]]
    rows[0]["what_nearly_happened"] = HOSTILE
    run("log", "--json", "-", given="\n".join(map(json.dumps, rows)))
    result = run("export", "--format", "fhir")
    assert result.data == run("export", "--format", "fhir").data
    bundle = json.loads(result.data)
    Bundle.model_validate(bundle)
    resources = [entry["resource"] for entry in bundle["entry"]]
    addresses = {entry["fullUrl"] for entry in bundle["entry"]}
    assert set(list_references(bundle)) <= addresses
    events = [each for each in resources if each["resourceType"] == "AdverseEvent"]
    assert len(events) == 8
    assert {each["actuality"] for each in events} <= ACTUALITY
    assert events[0]["event"]["text"] == HOSTILE
    assert "<script>" not in events[0]["text"]["div"]
    for each in events:
        ElementTree.fromstring(each["text"]["div"])  # noqa: S314 - made above
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", each["date"])
    tasks = [each for each in resources if each["resourceType"] == "Task"]
    assert {each["status"] for each in tasks} <= TASK_STATUS
    assert {each["intent"] for each in tasks} <= TASK_INTENT
    told = [each for each in resources if each["resourceType"] == "Communication"]
    assert {each["status"] for each in told} <= EVENT_STATUS
    assert not re.search(r'"(nonce|digest|seal|severity|outcome)"', result.out)


def test_the_html_is_one_accessible_file(run: Run, book: Logbook) -> None:
    book.append([make_report(what_nearly_happened=HOSTILE)], "M", NOW)
    page = run("print", "--format", "html", "-o", "-").out
    assert '<html lang="en-GB">' in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(r'(src|href)="', page)
    assert page.count("<h1>") == 1
