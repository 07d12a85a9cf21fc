"""What is asked for: nothing that was given is dropped, and files are named for what is in them."""

from pathlib import Path

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import Opened
from nearmiss.sharing.password import SHORTEST
from tests.cases import over
from tests.conftest import NOW, Run, make_report


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, book: Logbook) -> Path:
    """A folder of our own, and a book with two reports."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    book.append([make_report(), make_report()], "Maria, carer", NOW)
    return here


IDENTITY = [("--name", "Malcolm Brown"), ("--born", "4 Feb 1941"), ("--nhs-number", "9434765919")]


@over("option", [*IDENTITY, ("--request", "Ring me"), ("--large-print",)])
@over("form", ["csv", "xlsx", "json", "fhir"])
def test_data_refuses_what_it_can_not_carry(
    run: Run, folder: Path, option: tuple[str, ...], form: str
) -> None:
    done = run("export", "--format", form, *option, "-o", "out")
    assert (done.code, done.data) == (2, b"")
    assert option[0] in done.err
    assert list(folder.iterdir()) == []


@over("form", ["html", "txt"])
@over(
    "command",
    [("print",), ("print", "--meeting"), ("print", "--chronology"), ("export",)],
)
def test_every_document_carries_whom_it_is_about(
    run: Run, command: tuple[str, ...], form: str
) -> None:
    given = [each for option in IDENTITY for each in option]
    page = run(*command, "--format", form, *given, "-o", "-")
    assert page.code == 0, page.err
    text = page.out.replace("\u00a0", " ")
    for shown in ("Malcolm Brown", "4 Feb 1941", "943 476 5919"):
        assert shown in text


def test_a_request_stands_on_a_handover_and_is_refused_elsewhere(run: Run) -> None:
    asked = ("--request", "Please review his tablets", "--format", "txt", "-o", "-")
    assert "Please review his tablets" in run("export", *asked).out
    for kind in ((), ("--meeting",), ("--chronology",), ("--blank",)):
        refused = run("print", *kind, *asked)
        assert (refused.code, refused.out) == (2, "")
        assert "--request" in refused.err
    assert run("export", "--request", "x" * 301).code == 2


def test_a_blank_form_refuses_what_it_does_not_show(run: Run) -> None:
    for option in (*IDENTITY, ("--to", "Sue")):
        refused = run("print", "--blank", *option)
        assert (refused.code, refused.out) == (2, ""), option


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (("print",), "nearmiss-report-{tag}-0002.pdf"),
        (("print", "1", "2", "--format", "html"), "nearmiss-report-{tag}-0001-0002.html"),
        (("print", "--meeting"), "nearmiss-meeting-{tag}-0001-0002.pdf"),
        (("print", "--chronology", "--format", "txt"), "nearmiss-chronology-{tag}-0001-0002.txt"),
        (("export",), "nearmiss-handover-{tag}-0001-0002.pdf"),
        (("export", "--format", "txt"), "nearmiss-handover-{tag}-0001-0002.txt"),
        (("export", "--format", "xlsx"), "nearmiss-records-{tag}-0001-0002.xlsx"),
        (("print", "--blank"), "nearmiss-form.pdf"),
    ],
)
def test_a_file_is_named_for_its_kind_and_reports(
    run: Run, folder: Path, book: Logbook, command: tuple[str, ...], name: str
) -> None:
    done = run(*command)
    assert done.code == 0, done.err
    first = next(book.read_forward())
    assert isinstance(first, Opened)
    tag = first.id.partition("-")[0]
    assert done.out.strip() == name.format(tag=tag)
    assert (folder / done.out.strip()).stat().st_mode & 0o777 == 0o600


def test_many_reports_are_named_by_their_days(run: Run, book: Logbook) -> None:
    later = "2026-04-14T21:20:00+01:00"
    book.append([make_report(occurred_at=later)] * 2, "Maria, carer", NOW)
    make = ("export", "--format", "txt")
    assert run(*make).out.strip() == "nearmiss-handover-2026-04-14.txt"
    earlier = "2026-03-02T10:00:00+00:00"
    book.append([make_report(occurred_at=earlier)], "Maria, carer", NOW)
    assert run(*make).out.strip() == "nearmiss-handover-2026-03-02-to-2026-04-14.txt"


@over("form", ["csv", "json", "fhir"])
def test_data_goes_down_a_pipe(run: Run, folder: Path, form: str) -> None:
    done = run("export", "--format", form)
    assert done.code == 0
    assert b"armchair" in done.data
    assert list(folder.iterdir()) == []


def test_a_short_password_is_refused(run: Run, folder: Path) -> None:
    (folder / "secret").write_text("x" * (SHORTEST - 1))
    refused = run("print", "--password-file", "secret")
    assert (refused.code, refused.out) == (2, "")
    assert "at least 8 characters" in refused.err
    (folder / "secret").write_text("x" * SHORTEST)
    assert run("print", "--password-file", "secret").code == 0


@over(
    ("name", "form", "told"),
    [
        ("a.fhir", "fhir", False),
        ("a.json", "fhir", False),
        ("a.FHIR", "fhir", False),
        ("a.csv", "fhir", True),
        ("a.fhir", "json", True),
        ("a.json", "json", False),
        ("a.pdf", "json", True),
    ],
)
def test_a_name_that_promises_another_form_is_told_and_no_other(
    run: Run, name: str, form: str, told: bool
) -> None:
    done = run("export", "--format", form, "-o", name, "--force")
    assert done.code == 0, done.err
    assert ("and holds" in done.err) == told
