"""``similar`` and ``patterns`` as scripts use them: shown, noted, refused, never a label."""

import json
import shutil
import stat
import sys
from pathlib import Path

import pytest

from nearmiss.commands.correct import put_right
from nearmiss.commands.hazards import compare
from nearmiss.errors import CannotOpen
from nearmiss.insight import vectors
from nearmiss.logbook.book import Logbook
from nearmiss.session import Session
from tests.cases import over
from tests.commands.conftest import read
from tests.conftest import NOW, Run, make_report
from tests.interview.carer import Carer

CHAIR = (
    ("2026-02-14", "Slid on the rug getting up from the armchair."),
    ("2026-03-14", "Foot went on the rug by his recliner."),
    ("2026-03-28", "Lost his balance as he stood up from the chair; the rug was rucked."),
)


@pytest.fixture
def ids(book: Logbook) -> list[str]:
    """The ids of three near falls at a chair, of a bath, and of another client's report."""
    chairs = [
        make_report(what_nearly_happened=what, occurred_at=f"{day}T20:15:00+00:00")
        for day, what in CHAIR
    ]
    bath = make_report(
        what_nearly_happened="The bath was scalding.",
        location="bathroom",
        category="personal_care",
        how_prevented="Tested it with my elbow.",
        immediate_action="Ran the cold tap.",
        occurred_at="2026-04-01T09:00:00+01:00",
    )
    other = make_report(client="KT", what_nearly_happened=CHAIR[0][1])
    return list(book.append([*chairs, bath, other], "M", NOW).ids)


def test_it_shows_the_three_most_alike_with_what_both_say(run: Run, ids: list[str]) -> None:
    rows = run("similar", ids[2], "--json").rows
    assert {row["id"] for row in rows} == {ids[1], ids[0]}
    assert rows[0]["reasons"] == ["rug", "lounge, by the armchair"]
    assert 0 < rows[1]["likeness"] <= rows[0]["likeness"] < 1
    shown = run("similar", ids[3]).out.splitlines()
    assert len(shown) == 3  # also where none is like it
    assert "no earlier report" in run("similar", ids[0]).err


def test_what_is_noted_by_options_ties_names_and_is_told(run: Run, ids: list[str]) -> None:
    first = run("similar", ids[1], "--same", ids[0])
    assert first.code == 0
    assert f"Noted: {ids[1]} and {ids[0]} are the same hazard." in first.err
    assert len(first.out.split()) == 1  # the id of the entry
    name = "near falls at the armchair"
    third = run("similar", ids[2], "--same", ids[1], "--different", ids[3], "--name", name)
    assert f"Noted: {ids[2]} is not the same hazard as {ids[3]}." in third.err
    assert f'3 reports for MB as the same hazard, "{name}": 14 Feb, 14 Mar and 28 Mar' in third.err
    (row,) = [row for row in run("patterns", "--json").rows if row["status"] == "confirmed"]
    assert (row["name"], row["reports"]) == (name, ids[:3])
    assert run("patterns").out.startswith(f"MB: {row['sentence']}")


def test_a_name_can_be_given_later_and_the_newest_stands(run: Run, ids: list[str]) -> None:
    run("similar", ids[1], "--same", ids[0], "--name", "the rug")
    run("similar", ids[2], "--same", ids[1])
    assert run("similar", ids[2], "--name", "the armchair").code == 0
    (row,) = [row for row in run("patterns", "--json").rows if row["status"] == "confirmed"]
    assert row["name"] == "the armchair"


def test_marked_reports_that_lie_apart_are_told_as_that(run: Run, book: Logbook) -> None:
    days = ("2025-02-14", "2025-08-14", "2026-03-14")
    written = book.append(
        [make_report(occurred_at=f"{day}T20:15:00+00:00") for day in days], "M", NOW
    ).ids
    run("similar", written[1], "--same", written[0])
    last = run("similar", written[2], "--same", written[1])
    assert "3 reports are marked as the same hazard, never three within 90 days." in last.err
    assert "You marked" not in last.err
    assert [row["status"] for row in run("patterns", "--json").rows] == []
    assert "are marked as the same hazard, over 13 months" in run("patterns").out


def test_what_contradicts_an_older_word_names_both(run: Run, ids: list[str]) -> None:
    run("similar", ids[2], "--different", ids[0])
    run("similar", ids[1], "--same", ids[0])
    told = run("similar", ids[2], "--same", ids[1])
    assert told.code == 0
    assert f"what you said before of {ids[0]} and {ids[2]}" in told.err


@over(
    ("options", "sentence"),
    [
        (("--same", "1"), "is the report itself"),
        (("--same", "5"), "two clients"),
        (("--same", "2", "--different", "2"), "with --same and --different"),
        (("--name", "the rug"), "nothing to name"),
        (("--same", "2", "--name", "x" * 81), "81 characters"),
        (("--same", "2", "--name", "a\nb"), "one line"),
    ],
)
def test_what_can_not_be_noted_is_said_and_nothing_is_written(
    run: Run, ids: list[str], book: Logbook, options: tuple[str, ...], sentence: str
) -> None:
    before = book.path.read_bytes()
    result = run("similar", ids[0], *options)
    assert result.code == 2
    assert sentence in result.err
    assert book.path.read_bytes() == before


def test_an_unknown_report_is_named(run: Run, ids: list[str]) -> None:
    result = run("similar", ids[0], "--same", "99")
    assert result.code == 1
    assert "99" in result.err


def test_a_withdrawn_verdict_counts_no_longer(run: Run, ids: list[str]) -> None:
    run("similar", ids[1], "--same", ids[0])
    verdict = run("similar", ids[2], "--same", ids[1]).out.strip()
    assert run("correct", verdict, "--withdraw", "--reason", "Typed by mistake").code == 0
    assert "confirmed" not in {row["status"] for row in run("patterns", "--json").rows}


def test_a_likely_one_is_named_after_logging_without_a_terminal(run: Run, ids: list[str]) -> None:
    report = make_report(
        what_nearly_happened="Slid on the rug by the armchair.",
        occurred_at="2026-04-02T20:00:00+01:00",
    )
    result = run("log", "--json", "-", given=json.dumps(report.model_dump()))
    assert "May be the same hazard as" in result.err
    assert any(each in result.err for each in ids[:3])
    assert ids[4] not in result.err  # another client's


def test_meanings_are_kept_privately_and_go_with_an_erasure(
    run: Run, ids: list[str], home: Path
) -> None:
    run("patterns")
    (kept,) = home.rglob("*-meanings.bin")
    if sys.platform != "win32":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    rows = run("similar", ids[2], "--json").rows
    size = kept.stat().st_size
    kept.write_bytes(b"\0" * size + b"cut off")
    assert run("similar", ids[2], "--json").rows == rows
    assert 0 < kept.stat().st_size < size  # begun anew, with what was compared
    assert run("erase", ids[3], "--reason", "Asked for", "--yes").code == 0
    assert not kept.exists()


def test_where_the_word_table_is_damaged_it_is_said_once_and_words_are_compared(
    run: Run, ids: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(vectors.FOLDER, tmp_path / "vectors")
    (folder / "words.bin").write_bytes(b"\0" * 100)
    for broken in (folder, tmp_path / "missing"):
        monkeypatch.setattr(
            "nearmiss.insight.cases.open_table", lambda at=broken: vectors.read_table(at)
        )
        result = run("similar", ids[2])
        assert result.code == 0
        assert result.err.count("word table") == 1
        assert result.out.splitlines()[0].startswith((ids[0], ids[1]))


def test_no_label_comes_of_an_innocent_sentence(run: Run, book: Logbook) -> None:
    innocent = Path(__file__).parents[1] / "insight" / "innocent.txt"
    sentences = innocent.read_text(encoding="utf-8").splitlines()
    reports = [
        make_report(
            what_nearly_happened=sentence,
            client=f"C{number}",
            occurred_at=f"2026-04-0{day}T20:15:00+01:00",
        )
        for number, sentence in enumerate(sentences)
        for day in (1, 2, 3)
    ]
    book.append(reports, "M", NOW)
    rows = run("patterns", "--json").rows
    assert len(rows) > 300  # three times the same words: of course they may be the same
    shown = {row["client"]: row["reasons"] for row in rows}
    for number, sentence in enumerate(sentences):
        for reason in shown.get(f"C{number}", ()):
            assert (
                reason in sentence.casefold()
                or reason == "lounge, by the armchair"
                or (reason in "i held his elbow asked about pain none moved the rug")
            )
    judging = {"grabbed", "kicked", "punched", "hit", "bit", "wine", "gin", "refused", "missing"}
    assert judging.isdisjoint({reason for reasons in shown.values() for reason in reasons})


def test_marks_are_shown_and_taken_back_by_the_menus(
    run: Run, ids: list[str], session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    run("similar", ids[1], "--same", ids[0])
    run("similar", ids[2], "--same", ids[1], "--same", ids[0], "--name", "the rug")
    assert f'Marked as the same hazard: {ids[0]} and {ids[1]}, "the rug"' in run("show", ids[2]).out
    carer = Carer(("What is wrong?", "4"))
    session.asker = carer
    assert put_right(session, read(session, ids[1]))
    carer.finish()
    said = " ".join(capsys.readouterr().err.split())
    assert f"Noted: {ids[1]} is not the same hazard as {ids[0]}." in said
    assert f"They still stand together by what is marked with {ids[2]}." in said
    compare(session, read(session, ids[2]))
    carer = session.asker = Carer(("What is wrong?", "4"))
    assert put_right(session, read(session, ids[2]))
    carer.finish()
    said = " ".join(capsys.readouterr().err.split())
    assert f"Already marked as the same hazard: {ids[0]} and {ids[1]}." in said
    assert "Marked" not in run("show", ids[0]).out
    assert f"Marked as the same hazard: {ids[1]}" in run("show", ids[2]).out


def test_a_withdrawn_report_is_compared_with_no_other(run: Run, ids: list[str]) -> None:
    assert run("correct", ids[0], "--withdraw", "--reason", "Written twice").code == 0
    for asked in ([ids[1], "--same", ids[0]], [ids[1], "--different", ids[0]], [ids[0]]):
        refused = run("similar", *asked)
        assert refused.code == 2, refused.err
        assert f"{ids[0]} was withdrawn, so it is compared with no other." in refused.err


def test_what_is_said_is_kept_where_the_book_can_not_be_opened(
    run: Run, book: Logbook, home: Path
) -> None:
    book.path.mkdir(parents=True)
    drafts = home / "state" / "drafts"
    compared = ("similar", "1", "--same", "2", "--name", "the rug in the hall")
    for count, words in enumerate((compared, ("follow-up", "1", "--note", "Rang the GP")), 1):
        result = run(*words)
        assert result.code == 1
        assert "can't be opened" in result.err
        kept = [path.read_text(encoding="utf-8") for path in drafts.iterdir()]
        assert (len(kept), sum(words[-1] in text for text in kept)) == (count, 1)
    assert run("similar", "1", "--json").code == 1
    assert len([*drafts.iterdir()]) == count  # to look says nothing


def test_what_was_noted_is_not_denied_where_the_disk_fails_behind_it(
    run: Run, ids: list[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise CannotOpen(path="logbook.jsonl", reason="the disk reports a fault")

    monkeypatch.setattr("nearmiss.commands.hazards.tell_noted", fail)
    result = run("similar", ids[0], "--same", ids[1], "--name", "the rug")
    assert result.code == 0
    assert f"{result.out.strip()} is saved" in result.err
    assert not [*(home / "state").glob("drafts/*")]
