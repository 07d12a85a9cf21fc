"""Erasing: what was asked for goes wherever it stands, and nothing else does."""

import json
import shlex
from pathlib import Path

import pytest

from nearmiss.errors import ErasedMeanwhile, LogbookInUse
from nearmiss.interview.drafts import Drafts
from nearmiss.logbook.book import Logbook, hold_lock
from nearmiss.logbook.erase import find_gone
from nearmiss.logbook.verify import check_book
from nearmiss.model.entries import (
    ComparisonFields,
    Content,
    CorrectionFields,
    Erased,
    Erasure,
    FollowUpFields,
    NearMiss,
)
from tests.conftest import NOW, Run, make_report
from tests.interview.terminal import Terminal, name_carer


def read_entries(book: Logbook) -> list[object]:
    return list(book.read_forward())


def find_faults(book: Logbook) -> list[str]:
    with book.open_settled() as (file, size):
        return [str(finding) for finding in check_book(file, size).findings]


@pytest.mark.parametrize("cut", [1, 40])
def test_an_entry_whose_write_was_cut_off_outlives_an_erasure(
    run: Run, book: Logbook, cut: int
) -> None:
    ids = book.append([make_report(), make_report(location="hall")], "M", NOW).ids
    data = book.path.read_bytes()
    book.path.write_bytes(data[:-cut])
    result = run("erase", ids[0], "--reason", "x", "--yes")
    assert result.code == 0, result.err
    assert "cut off" in result.err
    kinds = [type(entry) for entry in read_entries(book)[1:]]
    assert kinds == ([Erased, NearMiss, Erasure] if cut == 1 else [Erased, Erasure])
    assert find_faults(book) == []
    torn = list(book.path.parent.glob("*.torn-*"))
    assert [each.read_bytes() for each in torn] == ([data.split(b"\n")[2][: -cut + 1]] * (cut > 1))


def test_only_pieces_of_the_report_itself_go(run: Run, home: Path) -> None:
    book = Logbook(home / "my [book].jsonl")
    text = "MB nearly fell on the stairs"
    mine, other = book.append(
        [make_report(what_nearly_happened=text), make_report(location="bath")], "M", NOW
    ).ids
    drafts = home / "state" / "drafts"
    drafts.mkdir(parents=True)
    held = {
        home / "my [book].jsonl.torn-1": f'{{"entry":"follow_up","id":"X","about":"{mine}","no',
        home / ".my [book].jsonl.0123456789abcdef.nearmiss-tmp": f'"{text}"',
    }
    kept = {
        home / "my [book].jsonl.torn-2": f'{{"entry":"follow_up","about":"{other}","note":"MB',
        home / "my b.jsonl.torn-3": f'{{"about":"{mine}"}}',
    }
    for path, piece in {**held, **kept}.items():
        path.write_text(piece)
    run("--logbook", str(book.path), "log", "--json", "-", given='{"client":"MB"}')
    gone = find_gone(book, [mine])
    assert {each.path for each in gone.pieces} == set(held)
    assert run("--logbook", str(book.path), "erase", mine, "--reason", "x", "--yes").code == 0
    assert not any(path.exists() for path in held)
    assert all(path.exists() for path in kept)
    assert text.encode() not in b"".join(
        path.read_bytes() for path in home.rglob("*") if path.is_file()
    )


def test_a_line_that_can_not_be_read_is_named_and_left(run: Run, book: Logbook) -> None:
    mine, other = book.append([make_report(), make_report(client="KT")], "M", NOW).ids
    about = [FollowUpFields(about=each, note=f"NOTE {each}") for each in (mine, other)]
    last = FollowUpFields(about=mine, note="last")
    book.append([*about, last, make_report(client="JS")], "M", NOW)
    lines = book.path.read_bytes().splitlines(keepends=True)
    for at in (2, 3, 4):
        lines[at] = lines[at].replace(b'"nonce"', b'"nonc*"')
    book.path.write_bytes(b"".join(lines))
    result = run("erase", "1", "--reason", "x", "--yes")
    assert result.code == 0, result.err
    assert f"Line 4 of the logbook can't be read, and seems to hold words of it: NOTE {mine}" in (
        " ".join(result.err.split())
    )
    assert "Line 3" not in result.err.partition("Backups made")[2]
    after = book.path.read_bytes().splitlines(keepends=True)
    assert after[2:5] == lines[2:5]
    assert json.loads(after[-1])["erased"] == [mine, f"{mine[:4]}-0005"]
    advised = result.err.partition("remove the old one: ")[2].splitlines()[0]
    assert run(*shlex.split(advised)[1:]).code == 0
    left = book.path.with_name("logbook-new.jsonl").read_bytes()
    assert (f"NOTE {mine}".encode() in left, b'"JS"' in left) == (False, True)


def test_what_names_it_though_that_can_not_be_read_is_told_and_a_torn_end_goes(
    run: Run, book: Logbook
) -> None:
    (mine,) = book.append([make_report()], "M", NOW).ids
    changed = CorrectionFields(about=mine, changes={"location": "CORRECTED"}, reason="x")
    book.append([changed], "M", NOW)
    data = book.path.read_bytes().replace(b'"about"', b'"ab*ut"')
    torn = f'{{"entry":"follow_up","id":"{mine[:4]}-0003","about":"{mine}","note":"TORN WORDS'
    book.path.write_bytes(data + torn.encode())
    result = run("erase", "1", "--reason", "x", "--yes")
    assert result.code == 0, result.err
    assert "Line 3 of the logbook can't be read, and seems to hold words of it" in result.err
    assert "Line 4" not in result.err
    assert "Removed, as it was about it and not saved: TORN WORDS" in result.err
    assert not list(book.path.parent.glob("*.torn-*"))


PLACE = "lounge, by the armchair in the corner"
TOLD = "daughter (Sue), by phone, 8:40pm"


def test_what_is_about_another_report_stays_though_it_shares_place_and_people(
    run: Run, home: Path, book: Logbook
) -> None:
    both = {"location": PLACE, "informed": [TOLD]}
    mine, other = book.append(
        [make_report(**both), make_report(client="KT", what_nearly_happened="KT slid", **both)],
        "M",
        NOW,
    ).ids
    drafts = Drafts(home / "state" / "drafts", book.path)
    drafts.start().save({"client": "KT", "location": PLACE, "informed": [TOLD]})
    drafts.start(other, "told").save({"informed": [TOLD]})
    drafts.start(mine, "note", digest="0" * 64).save({"note": "Sore"})
    drafts.keep_command(f'nearmiss follow-up {other} --informed "{TOLD}"'.encode())
    torn = book.path.with_name("logbook.jsonl.torn-1")
    torn.write_text(f'{{"entry":"report","id":"{mine}","client":"KT","location":"{PLACE}","occ')
    before = {path: path.read_bytes() for path in (*drafts.list_all(), torn)}
    assert run("erase", "1", "--reason", "x", "--yes").code == 0
    assert {path: path.read_bytes() for path in before} == before


def test_what_is_about_the_report_goes_with_it_and_is_named(
    run: Run, home: Path, book: Logbook
) -> None:
    mine = book.append([make_report(), make_report(client="KT")], "M", NOW).ids[0]
    drafts = Drafts(home / "state" / "drafts", book.path)
    drafts.start(mine, "note").save({"note": "short"})
    drafts.start().save({}, {"what_nearly_happened": make_report().what[:25]})
    drafts.keep_command(f"nearmiss follow-up {mine} --note first".encode())
    drafts.keep_command(b"nearmiss --logbook x correct 1 --what second --reason x")
    drafts.keep_command(f"nearmiss similar 2 --same {mine}".encode())
    drafts.keep_command(b"nearmiss similar 2 --different=1")
    drafts.keep_command(b"nearmiss follow-up --close 1 --note fourth")
    noted = drafts.keep_command(b"nearmiss follow-up 2 --note 1")
    rows = [make_report().model_dump_json(), make_report(client="KT").model_dump_json()]
    kept = drafts.keep_input("\n".join(rows).encode())
    last = drafts.keep_command(b"nearmiss follow-up last --note third")
    result = run("erase", "1", "--reason", "x", "--yes")
    assert result.code == 0, result.err
    assert sorted(drafts.list_all()) == sorted([kept, last, noted])
    assert kept.read_text() == rows[1] + "\n"
    assert result.err.count("Removed, as it was about it") == 8
    assert str(last) in result.err


@pytest.mark.parametrize("beside", [{"other": True}, {"told_of": True}])
def test_nothing_is_written_about_what_is_erased(
    run: Run, book: Logbook, beside: dict[str, bool]
) -> None:
    mine, other = book.append([make_report(), make_report(client="KT")], "M", NOW).ids
    (harm,) = book.append([FollowUpFields(about=mine, harm_found="A bruise")], "M", NOW).ids
    assert run("erase", "1", "--reason", "x", "--yes").code == 0
    content: Content = (
        ComparisonFields(about=other, other=mine, same_hazard=True)
        if "other" in beside
        else FollowUpFields(about=other, informed=["GP"], told_of=[harm])
    )
    with pytest.raises(ErasedMeanwhile):
        book.append([content], "M", NOW)


def test_what_else_an_erasure_does_is_said_first(run: Run, home: Path, book: Logbook) -> None:
    ids = book.append([make_report()] * 3, "M", NOW).ids
    same = [
        ComparisonFields(about=one, other=ids[0], same_hazard=True, hazard="the rug")
        for one in ids[1:]
    ]
    book.append(same, "M", NOW)
    (home / "other name").hardlink_to(book.path)
    refused = run("erase", ids[0], "--reason", "x")
    assert refused.code == 2
    assert 'This also ends the pattern "the rug" of MB.' in refused.err
    assert "hard link" in refused.err
    assert "still hold the text" in refused.err


def test_an_erasure_that_fails_keeps_what_was_typed(
    run: Run, home: Path, book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError(28, "")

    first = book.append([make_report()], "M", NOW).ids[0]
    before = book.path.read_bytes()
    monkeypatch.setattr("nearmiss.logbook.erase.seal_each", fail)
    result = run("erase", first, "--reason", "The family asked", "--yes")
    assert result.code == 1
    assert book.path.read_bytes() == before
    (kept,) = (home / "state" / "drafts").glob("*.command.txt")
    assert f"erase {first} --reason 'The family asked'" in kept.read_text()


def test_who_waits_for_an_erasure_is_told_so_soon(home: Path, book: Logbook) -> None:
    book.append([make_report()], "M", NOW)
    (home / ".logbook.jsonl.0123456789abcdef.nearmiss-tmp").write_text("half a book")
    told: list[str] = []
    with (
        hold_lock(book.file, 1),
        pytest.raises(LogbookInUse, match="is being written anew"),
        hold_lock(book.file, 0.01, told.append),
    ):
        raise AssertionError
    assert told == ["Another window is erasing in this logbook. Waiting until it is done."]


def test_a_number_that_stands_in_two_lines_is_not_erased(run: Run, book: Logbook) -> None:
    ids = book.append([make_report(), make_report(), make_report()], "M", NOW).ids
    lines = book.path.read_bytes().splitlines(keepends=True)
    lines[-1] = lines[-1].replace(ids[2].encode(), ids[1].encode())
    before = b"".join(lines)
    book.path.write_bytes(before)
    result = run("erase", "2", "--reason", "x", "--yes")
    assert (result.code, f"{ids[1]} stands in lines 3 and 4" in result.err) == (1, True)
    assert book.path.read_bytes() == before


def test_an_erased_text_that_was_put_back_is_named(run: Run, book: Logbook) -> None:
    ids = book.append([make_report(), make_report()], "M", NOW).ids
    line = book.path.read_bytes().splitlines(keepends=True)[1]
    assert run("erase", "1", "--reason", "x", "--yes").code == 0
    lines = book.path.read_bytes().splitlines(keepends=True)
    book.path.write_bytes(b"".join([lines[0], line, *lines[2:]]))
    found = run("verify")
    assert (found.code, f"Line 2: the text of entry {ids[0]} stands" in found.out) == (3, True)


@pytest.mark.parametrize(
    ("line", "old", "new"),
    [
        (2, '"origin_seal":"{0}"', '"origin_seal":"{1}"'),  # KT's would be taken for what is erased
        (2, ',"origin_seal":"{0}"', ""),
        (2, '-0001","origin_seal"', '-0009","origin_seal"'),
        (1, '"}}', '","origin_id":"P3ZZ-0001"}}'),
    ],
)
def test_where_an_erased_entry_came_from_can_not_be_changed_unseen(
    run: Run, book: Logbook, tmp_path: Path, line: int, old: str, new: str
) -> None:
    ana = Logbook(tmp_path / "ana.jsonl")
    ana.append([make_report(), make_report(client="KT")], "Ana", NOW)
    book.append([make_report(client="JS")], "M", NOW)
    assert run("import", str(ana.path)).code == 0
    assert run("erase", "1", "2", "--reason", "x", "--yes").code == 0
    assert run("verify").code == 0
    entries = [json.loads(line) for line in book.path.read_bytes().splitlines()]
    seals = [entries[at]["origin_seal"] for at in (2, 3)]
    assert entries[-1]["origins"] == seals[:1]
    lines = book.path.read_text().split("\n")
    lines[line] = lines[line].replace(old.format(*seals), new.format(*seals))
    book.path.write_text("\n".join(lines))
    found = run("verify")
    assert (found.code, "came from was changed" in found.out) == (3, True)


def test_what_was_changed_before_it_is_erased_is_named_then_and_after(
    run: Run, home: Path, book: Logbook
) -> None:
    ids = book.append([make_report(), make_report()], "M", NOW).ids
    data = book.path.read_bytes()
    book.path.write_bytes(data.replace(b"lounge", b"garden", 1))
    torn = home / "logbook.jsonl.torn-20260101T000000"
    torn.write_bytes(b"stood up. His foot slid")
    erased = run("erase", "1", "--reason", "Asked for", "--yes")
    assert f"Not as it was written: {ids[0]}." in erased.err
    assert f"{torn} keeps words that name no report" in erased.err
    assert f"Asked for (not as it was written when erased: {ids[0]})" in run("verify").out


def test_a_follow_up_that_is_open_while_its_report_is_erased_leaves_nothing(
    run: Run, home: Path, book: Logbook
) -> None:
    name_carer(home)
    (mine,) = book.append([make_report()], "Maria, carer", NOW).ids
    terminal = Terminal("follow-up", mine)
    terminal.answer("What is there to add?", "7")
    terminal.see("What would you like to note?")
    terminal.see("Esc: back")
    terminal.type("SECRETWORDS", ends="")
    terminal.see("SECRETWORDS")
    assert run("erase", mine, "--reason", "x", "--yes").code == 0
    terminal.type("")
    shown = terminal.finish()
    assert ("erased" in shown, "SECRETWORDS" in shown) == (True, True), shown
    left = [path for path in home.rglob("*") if path.is_file()]
    assert not any(b"SECRETWORDS" in path.read_bytes() for path in left)
