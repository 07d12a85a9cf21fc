"""Figures on a screen: whole words at every width, and no more said than was written."""

import pytest
from rich.cells import cell_len

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import FollowUpFields
from nearmiss.terminal.figures import Figures, compute_figures, print_figures
from tests.conftest import USUAL_DAY, Run, make_report
from tests.terminal.pages import draw, write

pytestmark = pytest.mark.usefixtures("usual_day")
WAITING = ["K7QX-0042, 風呂場の田中さん、田中さん: nobody has been told yet (4 days)"] * 7


@pytest.fixture
def figures(book: Logbook) -> Figures:
    records = write(
        book,
        make_report(client="Mrs O'Connor-Fitzgerald", location="back garden, behind the shed"),
        make_report(client="نور 🦽", location="風呂場"),
        make_report(client="KT", informed=["GP"]),
    )
    oldest = records[-1].id
    step = FollowUpFields(about=oldest, next_step="ring the OT", next_due="2026-11-24")
    records = write(book, step, *(make_report() for _ in range(8)))
    return compute_figures(records, USUAL_DAY)


def test_no_word_is_broken_and_bars_begin_below_each_other(figures: Figures) -> None:
    labels = ("Mrs O'Connor-Fitzgerald", "نور 🦽", "KT", "MB")
    for columns in (*range(40, 100), *range(100, 201, 9)):
        page = draw(lambda console: print_figures(console, figures, "█", WAITING), columns)
        lines = [line.rstrip() for line in page.split("\n")]
        assert max(map(cell_len, lines)) <= min(columns, 90)
        words = {word for word in page.split() if word.isalpha() and word.isascii()}
        assert words >= {"reports", "somebody", "longest", "Fewer"}
        assert page.count("(4") == 5
        begins = {
            cell_len(line[: line.index("█")])
            for line in lines
            if "█" in line and line.strip().startswith(labels)
        }
        assert len(begins) == 1, columns


def test_says_when_telling_was_written_not_when_it_was_done(run: Run, figures: Figures) -> None:
    page = run("summary").out
    assert "11 near misses, 14 Apr 2026" in page
    assert "1 next step due" in page
    told = page[page.index("Until it was written that somebody was told") :]
    assert "Written for 1 report, 25 minutes after it happened." in told
    assert "Not written for 10 reports; the longest has waited 7 months." in told
    assert "told after" not in page
    assert run("summary", "--json").rows[0]["steps_due"] == figures.steps_due == 1


def test_figures_are_about_what_was_chosen(run: Run, figures: Figures) -> None:
    assert run("summary", "--due").out.startswith("1 near miss, 14 Apr 2026\n")
    assert figures.reports == 11


def test_no_month_is_dropped_without_a_word(run: Run, book: Logbook) -> None:
    days = [f"202{year}-{month}-01" for year in (3, 4, 5) for month in ("03", "08")]
    days += ["2026-03-01", "2026-08-01"]
    write(book, *(make_report(occurred_at=f"{day}T12:00:00+00:00") for day in days))
    by_month = run("summary", "--json").rows[0]["by_month"]
    assert sum(by_month.values()) == len(days)
    assert next(iter(by_month)) == "2023-03"
    page = run("summary").out
    bars = page[page.index("By month") : page.index("By kind")]
    assert "Sep 2024" in bars
    assert "Aug 2024" not in bars
    assert "and 4 reports before that, since Mar 2023" in bars
    assert "before that" not in run("summary", "--since", "2024-09-01").out


def test_years_without_a_report_are_one_line(run: Run, book: Logbook) -> None:
    days = ("1970-01-03", "2026-01-02", "2026-03-04")
    write(book, *(make_report(occurred_at=f"{day}T12:00:00+00:00") for day in days))
    page = run("summary").out
    bars = page[page.index("By month") : page.index("By kind")].splitlines()[1:-1]
    assert [line.split("#")[0].strip() for line in bars] == [
        "Jan 1970",
        "Feb 1970 to Dec 2025: no report",
        "Jan 2026",
        "Feb 2026 0",
        "Mar 2026",
    ]


def test_a_book_of_which_nothing_is_left_is_not_called_new(run: Run, book: Logbook) -> None:
    Logbook(book.path, book.path.parent / "state" / "marks").append([make_report()], "M", USUAL_DAY)
    whole = book.path.read_bytes()
    opened = whole.splitlines(keepends=True)[0]
    for data in (None, b"", opened, opened + b"damaged\n"):
        book.path.unlink(missing_ok=True)
        if data is not None:
            book.path.write_bytes(data)
        for command in ("summary", "list", "patterns", "show"):
            told = run(command).err
            assert "There is no report here that can be read." in told, (command, data)
            assert "in this logbook yet" not in told


def test_a_book_without_a_report_is_told_from_one_where_none_fits(run: Run) -> None:
    for command in (("summary",), ("list",), ("patterns",), ("list", "--client", "MB")):
        assert "There is no report in this logbook yet" in run(*command).err, command
        assert "No report fits" not in run(*command).err


def test_a_client_of_whom_nothing_is_written_is_told_so(run: Run, book: Logbook) -> None:
    write(book, make_report(), make_report(client="JS"))
    for more in ((), ("--json",)):
        done = run("patterns", "--client", "ZZ", *more)
        assert (done.code, done.out) == (0, "")
        assert "No report is about ZZ." in done.err
        assert "nearmiss list --all" in done.err
    assert "No three alike found" in run("patterns", "--client", "mb").out
