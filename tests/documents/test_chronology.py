"""The chronology: rows as first written, in the order of what happened, and numbers explained."""

from datetime import timedelta

import pytest

from nearmiss.documents.chronology import build_chronology
from nearmiss.documents.pdf import render_pdf
from nearmiss.documents.reader import choose_rules
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import (
    ComparisonFields,
    Content,
    CorrectionFields,
    DisclosureFields,
    FollowUpFields,
)
from tests.conftest import NOW, Run, make_report
from tests.documents.pages import read_pages
from tests.exports.reading import make_brief, show_all
from tests.records.rich import make_incident, read_rich_book

MARIA = "Maria Ortiz, carer"
READERS = ("own", "professional", "family")


def add(book: Logbook, content: Content, hours: float = 0) -> str:
    return book.append([content], MARIA, NOW + timedelta(hours=hours)).ids[0]


def fill(book: Logbook) -> list[str]:
    ids = [add(book, make_report(what_nearly_happened="Bruise on RIGHT hip."), 1.25)]
    tag = ids[0].partition("-")[0]

    def later(content: Content, hours: float) -> str:
        ids.append(add(book, content, hours))
        return ids[-1]

    changes: dict[str, str | bool | list[str]] = {
        "what_nearly_happened": "Bruise on LEFT hip.",
        "occurred_at": "2026-04-12T19:15:00+00:00",
    }
    later(CorrectionFields(about=ids[0], changes=changes, reason="WHYRIGHT"), 48)  # 2
    later(make_report(what_nearly_happened="WRONGWORD", safeguarding=True), 49)  # 3
    later(FollowUpFields(about=ids[2], note="WRONGNOTE"), 50)  # 4
    later(CorrectionFields(about=ids[2], withdraws=True, reason="It was KT"), 51)  # 5
    early = make_report(occurred_at="2026-04-01T08:00:00+00:00", what_nearly_happened="Before.")
    later(early, 52)  # 6
    later(ComparisonFields(about=ids[5], other=ids[0], same_hazard=True, hazard="THENNAME"), 53)
    later(FollowUpFields(about=ids[0], harm_found="A graze", harm_on="2026-04-14"), 54)  # 8
    later(FollowUpFields(about=ids[0], next_step="Rail", agreed_on="2026-04-16"), 55)  # 9
    later(
        DisclosureFields(
            audience="professional",
            recipient="Dr Pym",
            basis="direct_care",
            decided_by="Maria",
            form="handover, pdf",
            reports=[ids[0]],
            sha256="0" * 64,
            seal_shown="8K2M-Q7XR-ZZ3A-01TB",
        ),
        56,
    )  # 10
    later(make_incident(), 57)  # 11
    later(make_report(client="KT"), 58)  # 12
    assert ids[-1] == f"{tag}-0012"
    return ids


def tell(run: Run, reader: str, *options: str) -> str:
    given = () if reader == "own" else ("--client", "MB")
    out = run("print", "--chronology", "--for", reader, *given, *options, "--format", "txt", "-o-")
    assert out.code == 0, out.err
    return " ".join(out.data.decode().split())


def cut_row(text: str, entry_id: str) -> str:
    """Return the row of an entry: from its number to the next head of a row."""
    start = text.index(f"{entry_id} ·")
    tag = entry_id.partition("-")[0]
    ends = [text.find(f"{tag}-{n:04d} ·", start + 1) for n in range(13)]
    return text[start : min([each for each in ends if each > 0], default=len(text))]


@pytest.mark.parametrize("reader", ["own", "professional"])
def test_a_row_is_as_it_was_first_written(run: Run, book: Logbook, reader: str) -> None:
    ids = fill(book)
    text = tell(run, reader)
    row = cut_row(text, ids[0])
    assert "RIGHT hip" in row
    assert "LEFT" not in row
    assert "Tue 14 Apr 2026, 21:15" in row, "when it happened, as it was written then"
    assert "Put right by 0002: What nearly happened, Date and time" in row
    assert "THENNAME" not in row
    assert "Marked as the same hazard: 0007" in row
    assert "THENNAME" in cut_row(text, ids[6])
    right = cut_row(text, ids[1])
    assert "was: Bruise on RIGHT hip." in right
    assert "now: Bruise on LEFT hip." in right
    assert "WHYRIGHT" in right


def test_a_family_reads_no_old_text_and_that_a_row_was_put_right(run: Run, book: Logbook) -> None:
    ids = fill(book)
    text = tell(run, "family")
    row = cut_row(text, ids[0])
    assert "LEFT hip" in row
    assert "Put right by 0002: What nearly happened, Date and time" in row
    assert "RIGHT" not in text
    assert "WHYRIGHT" not in text
    assert "This page shows only some of the numbers." in text
    assert "about other people" not in text


def test_rows_stand_by_what_happened_or_by_entry(run: Run, book: Logbook) -> None:
    ids = fill(book)
    text = tell(run, "own")
    places = [text.index(f"{each} ·") for each in (ids[5], ids[7], ids[0], ids[1], ids[6])]
    # Harm stands at its day, before or after what has an hour; a correction where it was written.
    assert places[0] < min(places[1:])
    assert max(places[1:3]) < places[3] < places[4]
    assert "Harm seen Tue 14 Apr 2026" in cut_row(text, ids[7])
    written = tell(run, "own", "--by-writing")
    places = [written.index(f"{each} ·") for each in ids]
    assert places == sorted(places)
    assert run("print", "--by-writing").code == 2


def test_a_withdrawn_report_is_marked_and_its_numbers_are_explained(
    run: Run, book: Logbook
) -> None:
    ids = fill(book)
    own, gp = tell(run, "own"), tell(run, "professional")
    assert "Withdrawn by 0005" in cut_row(own, ids[2])
    row = cut_row(gp, ids[2])
    assert "Withdrawn 17 Apr 2026: It was KT" in row
    assert "Possible concern raised" in row
    assert "WRONG" not in gp
    assert "0004: about a report that was withdrawn" in gp
    assert "0012: about other people" in gp
    assert "0000, 0010: the book's own" in gp
    assert "Dr Pym" not in gp
    assert "Dr Pym" in cut_row(own, ids[9])
    assert "Numbers without a row here: 0000: the book's own" in own
    without = tell(run, "professional", "--without-safeguarding")
    assert "This page shows only some of the numbers." in without
    assert "It was KT" not in without
    assert "0003" not in without


@pytest.mark.parametrize("reader", READERS)
def test_the_first_page_names_harm_incidents_and_concerns(
    run: Run, book: Logbook, reader: str
) -> None:
    ids = fill(book)
    text = tell(run, reader)
    before = text.partition("What it says")[0]
    assert f"{ids[0]}: A graze Told of it: nobody yet" in before
    assert (f"Incident: {ids[10]}, Tue 14 Apr 2026. Told of it:" in before) is (reader != "family")
    assert (f"Possible concern raised: {ids[10]}" in before) is (reader != "family")
    assert "It does not prove the clock, the account, or that nothing was left out." in text
    assert ("nearmiss verify" in text) is (reader != "family")


def test_harm_on_the_first_page_is_as_first_written(run: Run, book: Logbook) -> None:
    ids = fill(book)
    changes: dict[str, str | bool | list[str]] = {"harm_found": "A cut"}
    add(book, CorrectionFields(about=ids[7], changes=changes, reason="Seen again"), 70)
    before = tell(run, "professional").partition("What it says")[0]
    assert "A cut" not in before
    assert "A graze Told of it: nobody yet, as written Put right by 0013: Harm found" in before
    assert "A cut" in tell(run, "family").partition("What it says")[0]


def test_the_first_page_counts_them_where_there_are_many(run: Run, book: Logbook) -> None:
    ids = fill(book)
    more = book.append([make_incident()] * 8, MARIA, NOW + timedelta(days=9)).ids
    book.append([FollowUpFields(about=more[0], informed=["GP"], told_of=["concern"])], MARIA, NOW)
    before = tell(run, "professional").partition("What it says")[0]
    named = f"{ids[10]}, {', '.join(each.partition('-')[2] for each in more[:7])}, and 1 more"
    assert f"Possible concern raised (9): {named}" in before
    assert f"Incident (9): {named}" in before
    assert f"Harm found later (1): {ids[0]}. Told, as written: nobody yet of any" in before


def test_a_meeting_has_a_row_and_what_came_of_a_step_is_told(run: Run, book: Logbook) -> None:
    ids = fill(book)
    text = tell(run, "own")
    assert "Meeting · Thu 16 Apr 2026 What it says: Meeting, by what was written of it" in text
    assert "Agreed: 0009" in text
    step = cut_row(text, ids[8])
    assert (
        f"Follow-up to {ids[0]} (14 Apr 2026, lounge, by the armchair: Bruise on RIGHT hip.)"
        in step
    )
    assert "Step not done yet" in step


def test_counts_agree_and_a_delay_is_told_in_hours(run: Run, book: Logbook) -> None:
    fill(book)
    text = tell(run, "professional")
    assert "1 incident, 2 near misses, 1 withdrawn" in text
    assert "(1 hour and 40 minutes later)" in text
    assert "minutes later" not in text.replace("1 hour and 40 minutes later", "")


@pytest.mark.parametrize("large", [False, True])
def test_a_row_never_stands_without_its_number(book: Logbook, large: bool) -> None:
    words = " ".join(f"word{n}" for n in range(600))
    long = make_report(what_nearly_happened=words)
    ids = book.append([make_report(), long, make_report(), long, long], MARIA, NOW).ids
    rules = choose_rules("own")
    records, patterns = show_all(*read_rich_book(book), rules)
    brief = make_brief(rules, patterns=patterns, large=large)
    pages = read_pages(render_pdf(build_chronology(records, brief))[0])
    heads = 0
    for page in pages[1:-1]:
        rows = page.replace("\r", "").partition("What it says")[2].strip()
        rows = rows.removeprefix("What came of it").strip()
        assert rows.startswith(tuple(ids))
        heads += 1
    assert heads > 1
    whole = " ".join(" ".join(pages).split())
    assert all(whole.count(f"word{n} ") == 3 for n in range(0, 599, 37))
    assert "continued" not in whole
