"""The chronology: rows as first written, in the order of what happened, and numbers explained."""

import re
from datetime import timedelta

import pytest

from nearmiss.documents.brief import tell_delay
from nearmiss.documents.chronology import build_chronology
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
from tests.documents.pages import read_pages, set_once
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
    assert re.search(r"Put right by 0002 on \d+ Apr 2026: What nearly happened, Date and time", row)
    assert "THENNAME" not in row
    assert "Same hazard as 0006, noted in 0007 on 17 Apr 2026" in row
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
    assert re.search(r"Put right by 0002 on \d+ Apr 2026: What nearly happened, Date and time", row)
    assert "RIGHT" not in text
    assert "WHYRIGHT" not in text
    assert "This page shows only some of the numbers." in text
    assert "other people" not in text


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
    assert "Possible concern raised Written" in row, "at its head"
    assert "What was withdrawn since stands whole, and says so." in own
    assert "A report that was withdrawn since stands without its text" in gp
    assert "WRONG" not in gp
    assert "0004: about a report that was withdrawn" in gp
    assert "0012: under other people in this book" in gp
    assert "0000: the opening of the book" in gp
    assert "0010: a paper handed over" in gp
    assert "Dr Pym" not in gp
    assert "Dr Pym" in cut_row(own, ids[9])
    assert "Numbers without a row here: 0000: the opening of the book" in own
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
    before = text.partition(f"{ids[5]} ·")[0]
    assert f"{ids[0]}: A graze Told of it: nobody yet" in before
    where = f"{ids[10]}, Tue 14 Apr 2026 · [^.]+. Told of"
    for said in (f"Incident: {where} it:", f"Possible concern raised: {where} the concern:"):
        assert bool(re.search(said, before)) is (reader != "family"), before
    assert "It does not prove the clock, the account, or that nothing was left out." in text
    assert ("nearmiss verify" in text) is (reader != "family")


def test_harm_on_the_first_page_is_as_it_stands_and_in_its_row_as_first_written(
    run: Run, book: Logbook
) -> None:
    ids = fill(book)
    changes: dict[str, str | bool | list[str]] = {"harm_found": "A cut"}
    add(book, CorrectionFields(about=ids[7], changes=changes, reason="Seen again"), 70)
    before, _, rows = tell(run, "professional").partition(f"{ids[5]} ·")
    assert "A cut Told of it: nobody yet, as written Put right by 0013: Harm found" in before
    assert "A graze" not in before
    assert "A graze" in rows


KIND = "Possible concern raised (10):"


def test_of_many_the_first_page_tells_first_what_nobody_was_told(run: Run, book: Logbook) -> None:
    ids = fill(book)
    more = book.append([make_report(safeguarding=True)] * 9, MARIA, NOW + timedelta(days=9)).ids
    told = FollowUpFields(about=more[8], informed=["GP (Dr Shah), phone"], told_of=["concern"])
    book.append([told], MARIA, NOW)
    before = tell(run, "professional").partition(f"{ids[5]} ·")[0]
    concerns = before[before.index(KIND) :]
    untold = "still open), nobody told of the concern yet"
    begun = concerns.removeprefix(f"{KIND} Tue 14 Apr 2026 (").partition("; ")[2]
    assert begun.startswith(f"{untold}. MB stood up. · ")
    assert (
        f"Tue 14 Apr 2026 ({more[7]}; {untold}. MB stood up. · 2 more, the next in {ids[10]}."
        in concerns
    )
    assert f"seen Tue 14 Apr 2026 ({ids[0]}, in 0008), nobody told yet. A graze." in before


def test_what_was_written_stands_behind_what_it_is_about(run: Run, book: Logbook) -> None:
    day = make_report(occurred_at="2026-04-14T12:00:00+00:00", occurred_approx=True)
    one = add(book, day.model_copy(update={"hour_not_known": True}), 5)
    harm = add(book, FollowUpFields(about=one, harm_found="A graze", harm_on="2026-04-14"), 5)
    told = FollowUpFields(about=one, informed=["GP"], told_of=[harm], changed="Rail")
    reached = add(book, told.model_copy(update={"changed_on": "2026-04-13"}), 6)
    text = tell(run, "own")
    places = [text.index(f"{each} ·") for each in (one, harm, reached)]
    assert places == sorted(places)


def test_what_came_of_a_row_is_told_beside_it(run: Run, book: Logbook) -> None:
    one = add(book, make_report(informed=[]))
    add(book, FollowUpFields(about=one, care_plan="Two carers", care_plan_status="changed"), 24)
    add(book, FollowUpFields(about=one, next_step="Ring the council", informed=["GP"]), 25)
    add(book, FollowUpFields(about=one, closes=True, note="Nothing more"), 26)
    add(book, FollowUpFields(about=one, care_plan_status="declined"), 48)
    for reader in READERS:
        text = tell(run, reader)
        assert "Nobody told yet, as written (told later: 0003" in text
        assert "Closed 15 Apr 2026 (noted in 0004), with a step open: 0003" in cut_row(text, one)
        changed = cut_row(text, one.replace("0001", "0002"))
        assert "Care plan since then: change declined, noted 16 Apr 2026 (0005)" in changed
        assert (
            f"notes say of the care plan: {one}: change declined, noted 16 Apr 2026 (0005)." in text
        )
        assert "Closed, with a step open: 0003" in cut_row(text, one.replace("0001", "0004"))
        own = " · carer's own" if reader == "own" else ""
        assert re.search(rf"0005 · Seal [-0-9A-Z]{{19}}{own}$", text.strip())


def test_counts_agree_and_a_delay_is_told_in_hours(run: Run, book: Logbook) -> None:
    fill(book)
    text = tell(run, "professional")
    assert "1 incident, 2 near misses, 1 withdrawn" in text
    assert "(1 hour and 40 minutes later)" in text


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (0, "at once"),
        (59, "59 minutes later"),
        (60, "1 hour later"),
        (154, "2 hours and 34 minutes later"),
        (47 * 60 + 59, "47 hours and 59 minutes later"),
        (48 * 60, "2 days later"),
    ],
)
def test_a_delay_is_told_by_one_rule(minutes: int, told: str) -> None:
    assert tell_delay(timedelta(minutes=minutes)) == told


@pytest.mark.parametrize("large", [False, True])
def test_a_row_never_stands_without_its_number(book: Logbook, large: bool) -> None:
    words = " ".join(f"word{n}" for n in range(600))
    long = make_report(what_nearly_happened=words)
    ids = book.append([make_report(), long, make_report(), long, long], MARIA, NOW).ids
    rules = choose_rules("own")
    records, patterns = show_all(*read_rich_book(book), rules)
    brief = make_brief(rules, patterns=patterns, large=large)
    pages = read_pages(set_once(build_chronology(records, brief)))
    # Rows that fit a page stand on one; over the rest of one that does not stands its number.
    for page in pages[1:-1]:
        head, _, rest = page.replace("\r", "").partition("\n")
        is_over = any(f"{each} continued" in head for each in (ids[1], *ids[3:]))
        assert is_over or rest.startswith(tuple(ids)), page[:200]
    assert sum(" continued" in page for page in pages) > 1
    whole = " ".join(" ".join(pages).split())
    assert all(whole.count(f"word{n} ") == 3 for n in range(0, 599, 37))


def test_an_hour_at_which_nobody_can_have_been_told_says_so(run: Run, book: Logbook) -> None:
    told = ["GP, phone, 11:50pm", "son, 9:20pm", "wife, yesterday 11:50pm", "DN, 23:58, no answer"]
    duty = ["duty line, phone, 11:40pm"]
    one = add(book, make_report(informed=told, safeguarding=True, concern_informed=duty))
    add(book, FollowUpFields(about=one, note="The council came.", closes=True), 26)
    early = "(written down before the time of day named)"
    text = tell(run, "professional")
    row = cut_row(text, one)
    assert f"GP, phone, 11:50pm {early}; son, 9:20pm; wife, yesterday 11:50pm; DN" in row
    assert f"no answer {early}" in row
    two = add(book, make_report(informed=["GP, phone, 5pm", "son, 9:20pm"]))
    late = "(written down with a time of day before it happened)"
    paper = " ".join(run("export", one, two, "--format", "txt", "-o", "-").out.split())
    for said in (paper, cut_row(tell(run, "professional"), two)):
        assert f"GP, phone, 5pm {late}; son, 9:20pm" in said
    assert f"GP, phone, 11:50pm {early}" in paper
    concern = text.partition("Possible concern raised: ")[2].partition(f"{one} ·")[0]
    assert "Closed 15 Apr 2026: The council came." in concern


def test_numbers_whose_written_time_runs_backwards_are_said_once(run: Run, book: Logbook) -> None:
    for hours in (24, 48, 30, 36, 60):
        add(book, make_report(), hours)
    told = "Written, by the clock, before a number that comes earlier: 0003, 0004."
    assert told in tell(run, "professional")
    assert "by the clock, before" not in tell(run, "family")
