"""What reaches a reader, looked for in the bytes: nothing hidden, all that is shown."""

import io
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.conftest import Outcome, Run, read_samples
from tests.documents.pages import read_inside, read_text
from tests.program import PROGRAM

REPORT = {
    "client": "MB",
    "occurred_at": "2026-04-14T21:15:00+01:00",
    "location": "lounge, by the armchair",
    "what_nearly_happened": "MB stood up. His foot slid on the rug.",
    "how_prevented": "I held his elbow.",
    "immediate_action": "Asked about pain: none.\nMoved the rug.",
    "informed": ["daughter (Susannah), phone, 8:40pm", "Zebedee from church"],
    "recommendations": ["Ask the family about the rug"],
    "category": "mobility",
}
SECRET = {
    **REPORT,
    "location": "pantryzone",
    "what_nearly_happened": "Moneyquark was missing again.",
    "informed": ["safeguarding team (Quillon), phone"],
    "recommendations": ["Wibblefix the purse"],
    "safeguarding": True,
    "category": "other",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of our own, where documents without a name appear."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    return here


def log(run: Run, *reports: dict[str, Any]) -> list[str]:
    result = run("log", "--json", "-", given="\n".join(map(json.dumps, reports)))
    assert result.code == 0, result.err
    return result.out.split()


def read_pdf(data: bytes, password: str = "") -> tuple[str, bytes]:
    """Return the text of a PDF as it is read, and everything in it uncompressed."""
    return read_text(data, password), read_inside(data, password)


def squeeze(text: str) -> str:
    return "".join(text.split())


@pytest.mark.usefixtures("usual_day")
@pytest.mark.parametrize("form", ["pdf", "html", "txt"])
def test_what_was_logged_is_read_back_equal(run: Run, form: str) -> None:
    samples = [each for each in read_samples() if each["client"] == "M.H."]
    log(run, *samples)
    done = run("export", "--format", form, "-o", "-")
    assert done.code == 0, done.err
    if form == "pdf":
        read = read_pdf(done.data)[0]
    else:
        import html

        read = html.unescape(done.data.decode())
    for sample in samples:
        for field in ("location", "how_prevented", "immediate_action", "what_nearly_happened"):
            assert all(squeeze(line) in squeeze(read) for line in sample[field].split("\n")), (
                sample[field]
            )


def test_a_professional_finds_the_shown_records_in_the_pdf(run: Run) -> None:
    log(run, REPORT, SECRET)
    done = run("export", "-o", "-")
    assert "In it are safeguarding worries" in done.err
    with pikepdf.open(io.BytesIO(done.data)) as pdf:
        rows = json.loads(pdf.attachments["records.json"].get_file().read_bytes())
        assert pdf.Root.Lang == "en-GB"
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "3A"
            assert metadata["pdfuaid:part"] == "1"
            assert "handover" in str(metadata["dc:title"])
    assert [row["location"] for row in rows] == [REPORT["location"], "pantryzone"]
    assert not {"nonce", "digest", "seal"} & set(rows[0])


def test_the_same_book_gives_the_same_bytes(run: Run) -> None:
    log(run, REPORT, REPORT)
    for arguments in (("print",), ("export",), ("print", "--format", "html")):
        assert run(*arguments, "-o", "-").data == run(*arguments, "-o", "-").data


NEEDED = ("--basis", "direct_care", "--decided-by", "Maria")


def test_what_is_handed_over_is_kept_with_its_digest(run: Run, folder: Path) -> None:
    import hashlib

    log(run, REPORT)
    done = run("export", "--to", "Dr Shah", *NEEDED, "-o", "out.pdf")
    assert done.code == 0, done.err
    kept = run("show", "--json").rows[0]["later"][-1]
    digest = hashlib.sha256((folder / "out.pdf").read_bytes()).hexdigest()
    assert (kept["entry"], kept["recipient"], kept["sha256"]) == ("disclosure", "Dr Shah", digest)
    assert kept["basis"] == "direct_care"
    shown = " ".join(read_pdf((folder / "out.pdf").read_bytes())[0].split())
    assert "Shared because for direct care; decided by Maria" in shown
    assert kept["seal_shown"] in read_pdf((folder / "out.pdf").read_bytes())[0]
    assert run("verify", "--seal", kept["seal_shown"]).code == 0
    assert "Dr Shah" in run("show").out
    assert "Dr Shah" in run("where").out
    unsaid = run("print", "--to", "Sue", "-o", "-")
    assert (unsaid.code, unsaid.data) == (2, b"")
    assert "--basis" in unsaid.err
    agreed = run("print", "--to", "Sue", "--basis", "client_agreed", "--decided-by", "MB")
    assert agreed.code == 0, agreed.err
    assert "Dr Shah" not in read_pdf(Path(agreed.out.strip()).read_bytes())[0]


def fails(done: Outcome, code: int, words: str) -> None:
    assert (done.code, done.data) == (code, b""), done.err
    assert words in done.err


def test_what_can_not_be_done_is_said_and_leaves_nothing(run: Run, folder: Path) -> None:
    fails(run("print"), 1, "There is no report")
    log(run, REPORT, SECRET, {**REPORT, "client": "AB"})
    fails(run("print", "2"), 1, "which this reader does not see")
    fails(run("print", "2", "3"), 1, "which this reader does not see")
    fails(run("print", "--find", "nowhere"), 1, "No report fits")
    fails(run("print", "--meeting"), 2, "more than one client")
    fails(run("print", "1", "-o", "no/such/x.pdf"), 1, "there is no folder")
    fails(run("print", "1", "--meeting", "--blank"), 2, "--blank")
    fails(run("export", "--client", "MB", "--born", "a\x1b[2J"), 2, "[U+001B]")
    (folder / "mine.pdf").write_text("mine")
    fails(run("print", "1", "-o", "mine.pdf"), 1, "already there")
    fails(run("print", "99"), 1, "No entry 99")
    fails(run("export"), 2, "more than one client")
    assert {each.name: each.read_text() for each in folder.iterdir()} == {"mine.pdf": "mine"}
    fails(run("print", "1", "-o", ".."), 1, "it is a folder")
    assert run("print", "1", "-o", "mine.pdf", "--force").code == 0
    assert run("print", "1", "-o", "../beside.pdf").code == 0
    assert (folder.parent / "beside.pdf").read_bytes().startswith(b"%PDF")
    assert run("print", "2", "--include-safeguarding", "-o", "-").code == 0


HOSTILE = {
    **REPORT,
    "client": "<b>=1+1",
    "location": "#panic() {{ 7*7 }}",
    "what_nearly_happened": "x" * 5000,
    "how_prevented": "<script>alert(1)</script> $x$ *bold* _it_ @ref `raw` \\ // \u200b https://a.b",
    "immediate_action": "=HYPERLINK(1)\n- list\n+ enum\n= heading\n/ term: x",
    "informed": ["daughter (Sue)"] * 20,
    "recommendations": ["y" * 500] * 20,
}


def test_hostile_and_long_reports_are_shown_as_typed(run: Run) -> None:
    log(run, HOSTILE)
    for kind in (
        ("print", "--for", "own", "--large-print"),
        ("export",),
        ("print", "--chronology", "--large-print"),
    ):
        done = run(*kind, "-o", "-")
        assert done.code == 0, done.err
        text = squeeze(read_pdf(done.data)[0])
        for field in ("location", "how_prevented", "immediate_action"):
            for line in str(HOSTILE[field]).replace("\u200b", "").split("\n"):
                assert squeeze(line) in text.replace("\u200b", "")
    page = run("print", "--for", "own", "--format", "html", "-o", "-").out
    assert "<script" not in page
    assert "&lt;script&gt;" in page


SCRIPTS = "Zażółć gęślą jaźń; ŵ ŷ; مرحبا بالعالم; नमस्ते; বাংলা; தமிழ்; 中文; 😬"


def test_other_scripts_are_set_or_visibly_replaced(run: Run) -> None:
    log(run, {**REPORT, "how_prevented": SCRIPTS, "location": "\ue000 private"})
    done = run("print", "-o", "-")
    assert done.code == 0
    text = read_pdf(done.data)[0]
    assert "Zażółć gęślą jaźń" in text
    assert "[U+E000]" in text
    assert "[U+E000]" in done.err
    assert SCRIPTS in run("print", "--format", "txt", "-o", "-").out.replace("\n", " ")


def test_every_kind_can_be_printed_large_on_a4(run: Run) -> None:
    log(run, REPORT)
    for kind in (("print",), ("print", "--meeting"), ("export",), ("print", "--blank")):
        done = run(*kind, "--large-print", "-o", "-")
        with pikepdf.open(io.BytesIO(done.data)) as pdf:
            assert [round(float(each)) for each in pdf.pages[0].MediaBox] == [0, 0, 595, 842]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_leaves_no_half_document(run: Run, home: Path) -> None:
    log(run, REPORT)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "print", "-o", "-"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=os.environ,
            check=False,
        )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"disk is full" in done.stderr
