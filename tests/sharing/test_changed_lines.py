"""No page and no export shows a seal over words that are not those which were sealed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import compute_digest, encode_line
from nearmiss.model.entries import FollowUpFields
from tests.conftest import NOW, Run, make_report

PAPERS = {
    "print": ("pdf", "html", "txt"),
    "print --meeting": ("pdf", "html", "txt"),
    "print --chronology": ("pdf", "html", "txt"),
    "export": ("pdf", "html", "txt", "csv", "xlsx", "json", "fhir"),
}
FORMS = [(command, form) for command, forms in PAPERS.items() for form in forms]


def edit_a_word(lines: list[dict[str, Any]]) -> int:
    lines[2]["harm_found"] = "No bruise"
    return 3


def edit_and_digest_anew(lines: list[dict[str, Any]]) -> int:
    edit_a_word(lines)
    rest = {key: value for key, value in lines[2].items() if key not in ("digest", "seal")}
    lines[2]["digest"] = compute_digest(rest)
    return 3


def replace_the_last_seal(lines: list[dict[str, Any]]) -> int:
    lines[-1]["seal"] = "0" * 64
    return len(lines)


@pytest.fixture
def sealed(book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Logbook:
    """A book with two reports and a follow-up between them, and a folder of our own."""
    monkeypatch.chdir(tmp_path)
    (one,) = book.append([make_report()], "Maria, carer", NOW).ids
    book.append([FollowUpFields(about=one, harm_found="A bruise")], "Maria, carer", NOW)
    book.append([make_report(location="hall")], "Maria, carer", NOW)
    return book


def change(book: Logbook, how: Callable[[list[dict[str, Any]]], int]) -> int:
    """Change a line of the book; return its number."""
    lines = [json.loads(line) for line in book.path.read_bytes().splitlines()]
    number = how(lines)
    book.path.write_bytes(b"".join(encode_line(line) + b"\n" for line in lines))
    return number


@pytest.mark.parametrize("how", [edit_a_word, edit_and_digest_anew, replace_the_last_seal])
def test_a_changed_line_stops_every_form(
    run: Run, sealed: Logbook, how: Callable[[list[dict[str, Any]]], int]
) -> None:
    number = change(sealed, how)
    before = sealed.path.read_bytes()
    for command, form in FORMS:
        given = ("--to", "Sue", "--basis", "client_agreed", "--format", form, "-o", "page")
        refused = run(*command.split(), "--for", "professional", *given)
        assert (refused.code, refused.out) == (1, ""), (command, form)
        assert f"Line {number} of the logbook was changed since it was written." in refused.err
        assert "--skip-damaged" in refused.err
        assert not Path("page").exists()
    assert sealed.path.read_bytes() == before, "nobody was noted"
    assert run("verify").code == 3


def spoil(lines: list[dict[str, Any]]) -> int:
    lines[2]["digest"] = lines[2]["digest"].upper()
    return 3


@pytest.mark.parametrize("form", ["txt", "csv", "json", "fhir"])
@pytest.mark.parametrize(
    ("how", "said"), [(edit_a_word, "was changed since it was written"), (spoil, "can't be read")]
)
def test_what_goes_out_all_the_same_bears_no_seal(
    run: Run,
    sealed: Logbook,
    form: str,
    how: Callable[[list[dict[str, Any]]], int],
    said: str,
) -> None:
    seal = run("verify").out.split()
    number = change(sealed, how)
    made = run("export", "--format", form, "-o", "-", "--skip-damaged")
    assert made.code == 0, made.err
    assert f"Line {number} of the logbook {said}." in made.err
    assert "Seal of the logbook" not in made.err
    assert not [word for word in seal if word.count("-") == 3 and word.strip(".") in made.out]
    if form == "txt":
        assert "does not stand as it was written, so this page has no seal." in " ".join(
            made.out.split()
        )


def test_what_was_erased_is_not_taken_for_changed(run: Run, sealed: Logbook) -> None:
    assert run("erase", "1", "--reason", "asked", "--yes").code == 0
    made = run("print", "3", "--format", "txt", "-o", "-")
    assert (made.code, "changed" in made.err) == (0, False)
