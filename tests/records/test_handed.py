"""What a book has come to, as ``where`` tells it."""

from datetime import timedelta

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import CorrectionFields, DisclosureFields
from nearmiss.records.read import read_records
from tests.conftest import NOW, Run, make_report


def hand_over(book: Logbook, recipient: str) -> DisclosureFields:
    report = next(read_records(book, lambda line: None)).id
    return DisclosureFields(
        audience="professional",
        recipient=recipient,
        basis="direct_care",
        decided_by="Maria",
        form="pdf",
        reports=[report],
        sha256="0" * 64,
        seal_shown="8K2M-Q7XR-ZZ3A-01TB",
    )


def test_where_says_what_was_written_since_a_handing_over(run: Run, book: Logbook) -> None:
    book.append([make_report()], "Maria", NOW)
    book.append([hand_over(book, "GP"), make_report(), make_report()], "Maria", NOW)
    withdrawn = book.append([hand_over(book, "Sue")], "Maria", NOW).ids[0]
    gone = CorrectionFields(about=withdrawn, withdraws=True, reason="The printer failed.")
    book.append([gone, hand_over(book, "district nurse")], "Maria", NOW)
    told = [line[14:] for line in run("where").out.splitlines() if line.startswith("Handed over:")]
    report = "pdf, 1 report, decided by Maria"
    assert told == [
        f"14 Apr 2026, GP: {report}; 5 entries written since",
        f"14 Apr 2026, Sue: {report} (withdrawn)",
        f"14 Apr 2026, district nurse: {report}; nothing written since",
    ]
    assert "Entries:      8" in run("where").out
    again = CorrectionFields(about=f"{withdrawn[:5]}0006", withdraws=True, reason="It did print.")
    book.append([again], "Maria", NOW)
    assert f"Sue: {report}; 3 entries written since" in run("where").out


def test_a_correction_says_who_has_the_report_as_it_was_before(run: Run, book: Logbook) -> None:
    one = book.append([make_report()], "Maria", NOW).ids[0]
    change = ("--where", "kitchen", "--reason", "Wrong room")
    assert "handed" not in run("correct", one, *change).err
    noted = book.append([hand_over(book, "Ann")], "Maria", NOW).ids[0]
    said = run("correct", one, "--where", "hall", "--reason", "Wrong room").err
    assert f"{one} was handed to Ann on 14 Apr 2026 as it was before." in " ".join(said.split())
    withdrawn = run("correct", noted, "--withdraw", "--reason", "It was not taken")
    assert withdrawn.code == 0
    assert "as it was before" not in withdrawn.err
    assert "handed" not in run("correct", one, *change).err


def test_show_says_that_a_report_was_handed_over_by_a_clock_that_was_behind(
    run: Run, book: Logbook
) -> None:
    book.append([make_report()], "Maria", NOW)
    book.append([hand_over(book, "GP")], "Maria", NOW - timedelta(days=9000))
    assert "clock that was behind" in " ".join(run("show").out.split())
