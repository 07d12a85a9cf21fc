"""Pages as they are printed: first pages that fit, what stands on each, what is not broken."""

import io
import re
from collections.abc import Sequence
from dataclasses import replace

import pikepdf
import pytest

from nearmiss.documents.blocks import Document
from nearmiss.documents.handover import build_handover
from nearmiss.documents.meeting import build_meeting
from nearmiss.documents.reader import choose_rules
from nearmiss.documents.report import build_form, build_report
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import ComparisonFields, FollowUpFields
from nearmiss.records.record import Record
from tests.cases import over
from tests.conftest import NOW, make_report
from tests.documents.pages import count_beyond, count_overprinted, read_pages, set_once
from tests.exports.reading import BUILDERS, SEAL, make_brief, show_all
from tests.records.rich import MARIA, read_rich_book, write_rich_book

LONG = "a long tale of what was seen and heard on that evening and on the day after it"
IDENTITY = {
    "name": "Mohammed Abdul Bakhshi-Featherstone",
    "born": "4 February 1941",
    "nhs_number": "943 476 5919",
    "recipient": "Dr Shah, The Old Mill Surgery",
    "phone": "07700 900123",
    "request": f"{LONG}. {LONG}. {LONG}. {LONG}"[:300],
}


def read(document: Document) -> list[str]:
    """Return the text of each page of a document, lines as they stand."""
    return read_pages(set_once(document))


def fill(book: Logbook, reports: int, harms: int, letters: int) -> None:
    """Write a book whose first page has much to tell."""
    made = [
        make_report(
            what_nearly_happened=f"{n}: {LONG}",
            occurred_at=f"2026-{1 + n % 3:02d}-{1 + n % 28:02d}T20:15:00Z",
            location=f"lounge {n}, by the armchair",
            safeguarding=n % 3 == 1,
            informed=[f"GP surgery (Dr {n})", f"Neighbour {n} from the third house on the left"],
            recommendations=[f"{n} {LONG}", f"Move the chair {n}"],
        )
        for n in range(reports)
    ]
    ids = book.append(made, MARIA, NOW).ids
    later = [
        FollowUpFields(about=each, harm_found=f"Harm {n} " + (LONG * 99)[:letters])
        for n, each in enumerate(ids[:harms])
    ]
    step = FollowUpFields(about=ids[-1], next_step=LONG, next_who="Maria", next_due="2027-01-08")
    plan = FollowUpFields(about=ids[0], care_plan=LONG, care_plan_status="changed")
    ties = [ComparisonFields(about=ids[0], other=each, same_hazard=True) for each in ids[1:4]]
    book.append([*later, step, plan, *ties], MARIA, NOW)


def choose(book: Logbook, reader: str) -> tuple[Sequence[Record], dict[str, object]]:
    records, marked = read_rich_book(book)
    rules = choose_rules(reader, include_safeguarding=True)
    accounts, patterns = show_all(records, marked, rules)
    return accounts, {"rules": rules, "patterns": patterns}


@pytest.mark.parametrize(
    ("large", "reports", "harms", "letters"),
    [
        (False, 6, 4, 400),
        (False, 8, 7, 60),
        (False, 4, 3, 4900),
        (True, 1, 0, 0),
        (True, 8, 7, 60),
    ],
)
def test_page_one_is_whole_on_one_page_whatever_the_book_holds(
    book: Logbook, large: bool, reports: int, harms: int, letters: int
) -> None:
    fill(book, reports, harms, letters)
    for build, last, reader in (
        (build_handover, "Ideas so far", "professional"),
        (build_meeting, "To talk about", "family"),
    ):
        accounts, given = choose(book, reader)
        brief = make_brief(**given, **IDENTITY, large=large)  # type: ignore[arg-type]
        pages = read(build(accounts, brief))
        first = " ".join(pages[0].split())
        assert last in first
        assert last not in pages[1]
        assert "Page 1 of" in first
        if build is build_handover:
            assert " ".join(IDENTITY["request"].split()) in first
            assert IDENTITY["name"] in first
        shown = [account for account in accounts if account.harm_found]
        for account in shown if len(shown) <= 5 else ():
            harm = account.harm_found[0].harm_found[:60]
            assert harm in first or harm in " ".join(" ".join(pages).split())
        if "in full on page 2" in first:
            body = pages[1].replace("\r", "").split("\n", 2)
            assert "Harm found later" in " ".join(body[:3])


def test_in_large_print_every_letter_is_large(book: Logbook) -> None:
    fill(book, 6, 2, 200)
    accounts, given = choose(book, "professional")
    given |= {**IDENTITY, "request": "Please review the evening medicines."}
    data = set_once(build_handover(accounts, make_brief(**given, large=True)))  # type: ignore[arg-type]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.contents_coalesce()
            stream = page.Contents.read_bytes()
            sizes = {float(size) for size in re.findall(rb"([\d.]+) Tf", stream)}
            assert min(sizes) >= 17


@over("kind", BUILDERS)
def test_later_pages_say_whose_they_are_and_every_page_bears_the_seal(
    book: Logbook, kind: str
) -> None:
    if not book.path.exists():
        fill(book, 6, 2, 300)
    accounts, given = choose(book, "own")
    document = BUILDERS[kind](accounts, make_brief(**given, **IDENTITY))  # type: ignore[arg-type]
    data = set_once(document)
    pages = [" ".join(page.split()) for page in read_pages(data)]
    assert len(pages) > 1
    head = "born 4 February 1941 · NHS 943 476 5919 · made 24 Nov 2026"
    assert head not in pages[0]
    assert all(head in page for page in pages[1:])
    assert all(f"Seal {SEAL}" in page for page in pages)
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1))
    assert f"nearmiss verify --seal {SEAL}" in " ".join(" ".join(pages).split())
    assert document.label.endswith("MB, 24 Nov 2026, Maria Ortiz, carer")
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == document.label
        assert metadata["dc:creator"] == ["Maria Ortiz, carer"]


def test_the_handover_and_the_pack_end_in_a_slip(book: Logbook) -> None:
    write_rich_book(book)
    accounts, given = choose(book, "professional")
    for build in (build_handover, build_meeting):
        last = " ".join(read(build(accounts, make_brief(**given)))[-1].split())  # type: ignore[arg-type]
        slip = last[last.index("Received by") :]
        assert slip.startswith("Received by role date Seal 1111-2222-3333-4444")


def test_short_reports_share_a_page_and_nothing_is_signed_alone(book: Logbook) -> None:
    book.append([make_report(what_nearly_happened="Slid.")] * 6, MARIA, NOW)
    accounts, given = choose(book, "own")
    pages = read(build_report(accounts, make_brief(**given)))  # type: ignore[arg-type]
    assert len(pages) <= 4
    long = [
        replace(accounts[0], report=accounts[0].report.model_copy(update={"how_prevented": text}))
        for text in ("x " * n for n in range(500, 1500, 125))
    ]
    for each in long:
        pages = read(build_report([each], make_brief(**given)))  # type: ignore[arg-type]
        if "Signature" in pages[-1]:
            assert "Written Tue 14 Apr 2026" in pages[-1]
            assert "Safeguarding" in pages[-1]


def test_consent_that_was_given_is_printed_as_given(book: Logbook) -> None:
    write_rich_book(book)
    accounts, given = choose(book, "family")
    asked = make_brief(**given, basis="client_agreed", decided_by="MB", recipient="Sue")  # type: ignore[arg-type]
    text = " ".join(" ".join(read(build_meeting(accounts, asked))).split())
    assert "Shared with Sue: the client agreed; decided by MB." in text
    assert "said no" not in text
    unasked = " ".join(" ".join(read(build_meeting(accounts, make_brief(**given)))).split())  # type: ignore[arg-type]
    assert "agreed to part: only what is listed here" in unasked


def test_what_is_said_of_harm_is_true_of_what_is_shown(book: Logbook) -> None:
    write_rich_book(book)
    accounts, given = choose(book, "professional")
    for build in (build_handover, build_meeting):
        first = " ".join(read(build(accounts, make_brief(**given)))[0].split())  # type: ignore[arg-type]
        assert first.index(
            "Harm found later, seen Wed 15 Apr 2026, written down Fri"
        ) < first.index("near miss")
        assert "No later harm" not in first
        assert "WRONGHARM" not in first
        assert "NOTEWORD" not in first.partition("What has already changed")[2]
        assert "Done, noted 20 Apr 2026: STEPONE ring them" in first
        assert "Care plan changed, noted 17 Apr 2026: PLANWORD two carers" in first
        assert "STEPLAST look" in first


def test_ideas_are_no_request(book: Logbook) -> None:
    write_rich_book(book)
    accounts, given = choose(book, "professional")
    first = " ".join(read(build_handover(accounts, make_brief(**given)))[0].split())  # type: ignore[arg-type]
    asked, _, rest = first.partition("Situation")
    assert "IDEAWORD" not in asked + rest  # the report is closed: its ideas are no longer open
    assert "STEPLAST" in rest.partition("Ideas so far")[2]
    assert "STEPLAST" not in asked


def test_a_confirmed_pattern_is_told_in_a_sentence_with_its_years(book: Logbook) -> None:
    write_rich_book(book)
    accounts, given = choose(book, "professional")
    brief = make_brief(**given)  # type: ignore[arg-type]
    handover = " ".join(read(build_handover(accounts, brief))[0].split())
    assert "Slid again" in handover
    assert "3 of the reports here, 1 Apr 2026 to 14 Apr 2026." in handover
    pack = " ".join(read(build_meeting(accounts, brief))[0].split())
    assert "3 of the reports here, 1 Apr 2026 to 14 Apr 2026. CHANGETWO a mat (written down" in pack
    assert "What kept happening" in pack  # the last is long ago
    without = " ".join(read(build_meeting(accounts, replace(brief, patterns=())))[0].split())
    assert "happening" not in without


@over("kind", BUILDERS)
def test_page_one_says_that_entries_could_not_be_read(book: Logbook, kind: str) -> None:
    if not book.path.exists():
        write_rich_book(book)
    accounts, given = choose(book, "professional")
    document = BUILDERS[kind](accounts, make_brief(**given, unreadable=2))  # type: ignore[arg-type]
    first = " ".join(read(document)[0].split())
    assert "2 entries of the logbook could not be read" in first
    assert "could not be read" not in BUILDERS[kind](accounts, make_brief(**given)).subtitle  # type: ignore[arg-type]


@over(("kind", "large"), [(kind, large) for kind in BUILDERS for large in (False, True)])
def test_nothing_is_drawn_beyond_the_page(book: Logbook, kind: str, large: bool) -> None:
    long = make_report(
        client="W" * 40,
        location="W" * 120,
        what_nearly_happened="\n".join(f"line {n}" for n in range(60)),
        how_prevented="中" * 400,
        immediate_action="x" * 1500,
        informed=["W" * 500] * 2,
        recommendations=["W" * 500],
    )
    if not book.path.exists():
        ids = book.append([long, make_report(client="W" * 40)], "M" * 500, NOW).ids
        step = FollowUpFields(about=ids[0], next_step="s" * 200, next_who="q" * 500)
        book.append([step], MARIA, NOW)
    accounts, given = choose(book, "own")
    document = BUILDERS[kind](accounts, make_brief(**given, large=large))  # type: ignore[arg-type]
    assert count_beyond(set_once(document)) == 0


@pytest.mark.parametrize("large", [False, True])
def test_the_slip_is_never_torn_in_two(book: Logbook, large: bool) -> None:
    fill(book, 11, 1, 100)
    accounts, given = choose(book, "family")
    for reports in range(6, 12):
        brief = make_brief(**given, large=large)  # type: ignore[arg-type]
        pages = read(build_meeting(accounts[:reports], brief))
        assert "Received by" in pages[-1]
        assert f"Seal {SEAL}" in " ".join(pages[-1].split())
        assert "nearmiss verify" not in " ".join(pages)


@pytest.mark.parametrize("large", [False, True])
def test_the_blank_form_is_two_sheets_that_can_be_told_apart(large: bool) -> None:
    brief = make_brief(choose_rules("own"), large=large)
    first, second = (" ".join(page.split()) for page in read(build_form((), brief)))
    assert "If an incident: Who was hurt, and how? What help came?" in first
    assert second.startswith("Who (initials) ____________ Date ____________")
    assert "Page 2 of 2" in second
    assert "Keep private. When in doubt, escalate." in first


def test_no_word_of_a_narrow_column_stands_on_the_next(book: Logbook) -> None:
    words = ("DOWNSTAIRS WC", "PHARMACIST", "CONSERVATORY EXTENSION", "PHYSIOTHERAPIST")
    reports = [
        make_report(location=place, informed=[who], what_nearly_happened=f"{place} {who}")
        for place in words
        for who in words
    ]
    book.append(reports, MARIA, NOW)
    accounts, given = choose(book, "professional")
    data = set_once(build_handover(accounts, make_brief(**given)))  # type: ignore[arg-type]
    assert count_overprinted(data) == 0
