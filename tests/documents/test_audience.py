"""The table of what each reader may see, cell by cell: in the records, and in the bytes made."""

import json
from pathlib import Path

import pytest

from nearmiss.documents.caution import find_shown
from nearmiss.documents.reader import RULES, THE_CARER, Hidden, choose_rules, show, show_records
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import ComparisonFields, CorrectionFields, FollowUpFields
from nearmiss.records.record import Record
from tests.conftest import NOW, Run, make_report
from tests.exports.reading import EVERY_FORMAT, make, read_bytes, show_all
from tests.records.rich import MARIA, TOM, read_rich_book, write_rich_book

READERS = ("own", "family", "professional")
#                         own   family professional
TABLE = {
    "actions": (True, True, True),
    "safeguarding": (True, False, True),
    "people as written": (True, False, True),
    "old and new": (True, False, True),
    "day of a correction": (True, True, True),
    "time of writing": (True, False, True),
    "follow-up authors": (True, False, True),
    "next who as written": (True, False, True),
    "disclosures": (True, False, False),
    "name of a pattern": (True, True, True),
    "days of harm, change and meeting": (True, True, True),
    "claims": (True, False, True),
}
CELLS = [
    (row, reader, may)
    for row, cells in TABLE.items()
    for reader, may in zip(READERS, cells, strict=True)
]


def tell(row: str, account: Record) -> bool:  # noqa: C901, PLR0911 - a case for each row
    """Return whether the account of a reader shows what a row of the table is about."""
    follow_up = account.follow_ups[0]
    match row:
        case "actions":
            return "ACTWORD" in account.report.immediate_action and follow_up.note == "NOTEWORD"
        case "people as written":
            assert account.informed, "everybody may see that somebody was told"
            return "GP (Oakley), phone" in account.informed and "Zelda" in follow_up.informed[0]
        case "old and new":
            change = account.corrections[1].changes[0]
            seen = (change.old, change.new, account.corrections[1].reason)
            assert seen in (("OLDPLACE", "NEWPLACE", "WHYPLACE"), (None, None, ""))
            return change.old is not None
        case "day of a correction":
            return account.corrections[1].day is not None
        case "time of writing":
            moments = (account.written_at, follow_up.written_at, account.told[0].recorded_at)
            assert all(moments) == any(moments)
            return all(moments)
        case "follow-up authors":
            return follow_up.recorded_by == TOM
        case "next who as written":
            steps = [each.next_who for each in account.follow_ups]
            return (
                "son (Quentin)" in steps
                and account.steps[-1].who == "Ivo next door"
                and "nurse (Petra), TRIEDWORD" in account.tried[0].who
            )
        case "disclosures":
            return [each.recipient for each in account.disclosures] == ["Dr Pym", "Dr Lost"]
        case "name of a pattern":
            return account.pattern == "slid again"
        case "days of harm, change and meeting":
            days = (follow_up.harm_on, follow_up.changed_on, follow_up.agreed_on)
            return days == ("2026-04-15", "2026-04-16", "2026-04-13") and bool(account.changes)
        case "claims":
            return account.claims == ("written CLAIMDAY by CLAIMNAME",)
    raise AssertionError(row)


@pytest.mark.parametrize("safeguarding", [False, True])
def test_each_cell_of_the_table(book: Logbook, safeguarding: bool) -> None:
    about = write_rich_book(book, safeguarding=safeguarding)
    records, marked = read_rich_book(book)
    shown = {reader: show_all(records, marked, choose_rules(reader))[0] for reader in READERS}
    seen = {}
    for row, reader, may in CELLS:
        if (row == "safeguarding") == safeguarding:
            found = [each for each in shown[reader] if each.id == about]
            seen[row, reader, may] = bool(found) if safeguarding else tell(row, found[0])
    assert [cell for cell, is_seen in seen.items() if is_seen is not cell[2]] == []


def test_the_records_are_attached_for_those_who_may_have_them() -> None:
    assert {reader: RULES[reader].attached for reader in READERS} == {
        "own": True,
        "family": False,
        "professional": True,
    }


@pytest.mark.parametrize(
    ("reader", "include", "without", "may"),
    [
        ("family", True, False, True),
        ("family", True, True, False),
        ("professional", False, True, False),
        ("own", False, True, False),
    ],
)
def test_the_carer_may_change_it_for_one_paper(
    book: Logbook, reader: str, include: bool, without: bool, may: bool
) -> None:
    about = write_rich_book(book, safeguarding=True)
    records, marked = read_rich_book(book)
    rules = choose_rules(reader, include_safeguarding=include, without_safeguarding=without)
    hidden = Hidden()
    shown = [each.id for each in show_records(records, rules, hidden)]
    assert (about in shown) is may
    assert (about in hidden.reports) is not may
    assert hidden.left_out == (0 if may else 1)
    # A pattern that needs a hidden report is none, and its name goes with the report.
    accounts, patterns = show_all(records, marked, rules)
    assert bool(patterns) is may
    assert {each.pattern for each in accounts} == ({"slid again"} if may else {""})


def test_a_family_reads_the_part_and_never_the_name_of_who_does_what_is_next(
    book: Logbook,
) -> None:
    about = write_rich_book(book)
    records, _ = read_rich_book(book)
    account = show(records[-1], choose_rules("family"))
    assert account.id == about
    assert [each.who for each in account.steps] == ["occupational therapist", "next door"]
    assert [each.who for each in account.tried] == [("nurse",), ("son",)]
    assert [each.next_who for each in account.follow_ups if each.next_who][:2] == [
        "son",
        "occupational therapist",
    ]
    assert account.recorded_by == MARIA


@pytest.mark.parametrize("who", ["me", "Myself", " I"])
def test_on_paper_the_carer_who_does_what_is_next_is_no_riddle(book: Logbook, who: str) -> None:
    about = book.append([make_report()], TOM, NOW).ids[0]
    fields = FollowUpFields(about=about, next_step="Ring", next_who=who)
    done = FollowUpFields(about=about, next_done=True, next_step="Ask", next_who=who)
    book.append([fields, done], MARIA, NOW)
    records, _ = read_rich_book(book)
    for reader, name in (("own", "Maria Ortiz"), ("professional", "Maria Ortiz")):
        account = show(records[0], choose_rules(reader))
        steps = [*account.steps_done, account.next_step]
        assert [each.who for each in steps if each] == [name, name]
        assert {each.next_who for each in account.follow_ups} == {name}
    family = show(records[0], choose_rules("family"))
    steps = [*family.steps_done, family.next_step]
    assert [each.who for each in steps if each] == [THE_CARER, THE_CARER]
    hidden = Hidden()
    list(show_records(records, choose_rules("family"), hidden))
    assert hidden.names == set()


def test_a_family_reads_that_a_field_was_corrected_and_on_which_day(book: Logbook) -> None:
    about = book.append([make_report()], MARIA, NOW).ids[0]
    correction = CorrectionFields(about=about, changes={"location": "hall"}, reason="WHY")
    book.append([correction], MARIA, NOW)
    records, marked = read_rich_book(book)
    rules = choose_rules("family")
    accounts, patterns = show_all(records, marked, rules)
    for name in ("report.txt", "meeting.txt"):
        text = " ".join(make(name, accounts, patterns, rules).decode().split())
        assert "14 Apr 2026" in text.partition("Location was corrected")[0][-60:]
        assert "Location was corrected" in text


def test_that_a_concern_was_taken_back_is_hidden_with_its_reason(book: Logbook) -> None:
    about = book.append([make_report(safeguarding=True)], MARIA, NOW).ids[0]
    changes: dict[str, str | bool | list[str]] = {"safeguarding": False, "location": "hall"}
    book.append(
        [CorrectionFields(about=about, changes=changes, reason="No ABUSE after all")], MARIA, NOW
    )
    records, _ = read_rich_book(book)
    for rules in (choose_rules("family"), choose_rules("professional", without_safeguarding=True)):
        account = show(records[0], rules)
        assert [each.field for each in account.corrections[0].changes] == ["location"]
        assert account.corrections[0].reason == ""
    whole = show(records[0], choose_rules("professional"))
    assert [each.field for each in whole.corrections[0].changes] == ["safeguarding", "location"]


def test_who_was_told_of_a_concern_alone_is_hidden_with_it(book: Logbook) -> None:
    """Also where no concern is flagged on the report itself."""
    about = book.append([make_report()], MARIA, NOW).ids[0]
    told = FollowUpFields(about=about, note="Rang", informed=["council (ZED)"], told_of=["concern"])
    follow_up = book.append([told], MARIA, NOW).ids[0]
    for entry, field in ((follow_up, "informed"), (about, "concern_informed")):
        put = CorrectionFields(about=entry, changes={field: ["council (ZED)"]}, reason="x")
        book.append([put], MARIA, NOW)
    records, marked = read_rich_book(book)
    for rules in (choose_rules("family"), choose_rules("professional", without_safeguarding=True)):
        shown, patterns = show_all(records, marked, rules)
        assert shown[0].follow_ups[0].note == "Rang"
        for name in EVERY_FORMAT:
            inside = read_bytes(name, make(name, shown, patterns, rules))
            assert (b"ZED" in inside, b"told of the worry" in inside) == (False, False), name


def test_what_a_record_was_made_of_is_not_in_that_of_a_family(book: Logbook) -> None:
    write_rich_book(book)
    records, _ = read_rich_book(book)
    shown = repr(show(records[-1], choose_rules("family")))
    hidden = ("OLDPLACE", "OLDNOTE", "WHYNOTE", "WRONGHARM", "WHYWRONG", "DECIDER", "Dr Pym")
    names = ("Oakley", "Zelda", "Quentin", "Ines", "Ivo", "Tomasz", records[-1].original.nonce)
    assert [word for word in (*hidden, *names) if word in shown] == []


def test_who_may_see_old_texts_has_the_entries_as_first_written(book: Logbook) -> None:
    about = write_rich_book(book)
    records, _ = read_rich_book(book)
    own, gp = (show(records[-1], choose_rules(each)) for each in ("own", "professional"))
    for record in (own, gp):
        assert (record.report.location, record.original.location) == ("NEWPLACE", "OLDPLACE")
        first = next(each for each in record.later if each.entry == "follow_up")
        assert first.note == "OLDNOTE"
    assert own.as_written == records[-1].as_written
    gone = "two disclosures, a withdrawn follow-up, and the withdrawals of two of them"
    assert len(own.as_written) - len(gp.as_written) == 5, gone
    assert "WRONGHARM" in repr(own)
    assert "WRONGHARM" not in repr(gp), "it may be another client's"
    assert "Dr Pym" not in repr(gp)
    assert "WHYLOST" not in repr(gp)
    kept = show(records[-1], choose_rules("professional", without_safeguarding=True))
    assert kept.as_written == ()
    assert (kept.id, kept.has_later) == (about, True)


SECRETS = ("XYLOPHONE", "QUAGMIRE", "PTARMIGAN", "Ottoline", "KALEIDOSCOPE", "MARZIPAN", "Zebedina")


def test_nothing_hidden_from_a_family_is_in_the_unpacked_bytes(book: Logbook) -> None:
    hidden = make_report(
        what_nearly_happened="XYLOPHONE taken from her purse",
        location="QUAGMIRE",
        safeguarding=True,
        recommendations=["Ring PTARMIGAN"],
        informed=["safeguarding team (Ottoline)"],
    )
    ids = book.append(
        [make_report(informed=["daughter (Zebedina)"]), hidden, make_report()], MARIA, NOW
    ).ids
    later = [
        FollowUpFields(about=ids[1], note="KALEIDOSCOPE"),
        CorrectionFields(about=ids[0], changes={"location": "hall"}, reason="MARZIPAN"),
        ComparisonFields(about=ids[0], other=ids[1], same_hazard=True, hazard="XYLOPHONE again"),
        ComparisonFields(about=ids[0], other=ids[2], same_hazard=True),
    ]
    written = book.append(later, MARIA, NOW).ids
    records, marked = read_rich_book(book)
    rules = choose_rules("family")
    accounts, patterns = show_all(records, marked, rules)
    looked_for = [*SECRETS, ids[1], written[0], "safeguardingteam", "Possibleconcern"]
    for name in EVERY_FORMAT:
        inside = read_bytes(name, make(name, accounts, patterns, rules))
        assert [word for word in looked_for if word.encode() in inside] == [], name


def test_free_text_that_shows_what_is_hidden_is_pointed_out(book: Logbook) -> None:
    texts = [
        "Gareth left the rug up. Same as report 2.",
        "It was at J S's house, and is not the same.",
        "Told the safeguarding team.",
    ]
    reports = [make_report(what_nearly_happened=text) for text in texts]
    reports[0] = make_report(what_nearly_happened=texts[0], informed=["son (Gareth)"])
    book.append([reports[0], make_report(safeguarding=True), *reports[1:]], MARIA, NOW)
    records, _ = read_rich_book(book)
    hidden = Hidden()
    accounts = list(show_records(records, choose_rules("family"), hidden))
    found = find_shown(hidden, accounts, others=["JS", "MB", "IS"])
    one, _, two, three = (record.id for record in records)
    assert set(found) == {
        (one, "Gareth"),
        (one, "report 2"),
        (two, "J S"),
        (three, "safeguarding"),
    }


def test_the_export_of_a_family_is_as_its_paper(run: Run, book: Logbook, tmp_path: Path) -> None:
    about = write_rich_book(book)
    target = tmp_path / "out.json"
    done = run("export", "--for", "family", "--format", "json", "-o", str(target))
    assert done.code == 0, done.err
    rows = json.loads(target.read_text(encoding="utf-8"))
    row = next(each for each in rows if each["id"] == about)
    assert row["recorded_at"] == ""
    assert row["corrections"][1]["changes"] == [{"field": "location"}]
    assert "disclosures" not in row
