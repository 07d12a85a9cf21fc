"""What can't be understood on the command line: the program's own sentences, and what to do."""

from nearmiss.logbook.book import Logbook
from tests.cases import over
from tests.conftest import NOW, Run, make_report

FOREIGN = ("Usage:", "Error:", "Try '", "Input should", "Value error", "argument(s)", "No such")


@over(
    ("typed", "said"),
    [
        ("lst", "Did you mean: nearmiss list"),
        ("delete", "Did you mean: nearmiss erase"),
        ("42", "Did you mean: nearmiss show 42"),
        ("k7qx-42", "Did you mean: nearmiss show K7QX-42"),
        ("MB", "Did you mean: nearmiss list --client MB"),
        ("frobnicate", "To see all: nearmiss help"),
        ("help lst", "Did you mean: nearmiss list"),
        ("list --clent MB", "is not an option of nearmiss list. Did you mean --client?"),
        ("list --logbook x", "--logbook must stand before the command"),
        ("--logbok x list", "Did you mean --logbook?"),
        ("list -n", "-n needs something after it: -n NUMBER"),
        ("log --json", "--json needs something after it: --json FILE"),
        ("list -n abc", '-n must be a whole number of at least 1, not "abc"'),
        ("list -n 0", '-n must be a whole number of at least 1, not "0"'),
        ("list --open=3", "--open stands alone"),
        ("print --not-informed", '--not-informed" is not an option of nearmiss print.'),
        ("export --due", '--due" is not an option of nearmiss export.'),
        ("--version=3", "--version stands alone"),
        ("show 1 2", 'nearmiss show can\'t do anything with "2"'),
        ("show", ""),
        ("import", "nearmiss import FILE"),
        ("print --format docx", '--format can be pdf, html or txt, not "docx"'),
        ("print --for nurse", "--for can be own, family or professional"),
    ],
)
def test_every_misuse_has_a_sentence_of_our_own(run: Run, typed: str, said: str) -> None:
    result = run(*typed.split())
    assert result.code == (1 if typed == "show" else 2)
    assert said in result.err
    assert not [each for each in FOREIGN if each in result.err + result.out]


def test_what_was_typed_is_shown_safely(run: Run) -> None:
    result = run("list", "\x1b[31mred")
    assert "\x1b" not in result.err


def test_a_client_instead_of_a_number_leads_to_the_clients_reports(run: Run, book: Logbook) -> None:
    book.append([make_report(), make_report(client="Mr X")], "Maria", NOW)
    result = run("show", "mb")
    assert result.code == 1
    assert "nearmiss list --client MB" in result.err
    assert "nearmiss list --client 'Mr X'" in run("show", "mr  x").err


def test_advice_names_the_logbook_that_was_chosen(run: Run, book: Logbook) -> None:
    chosen = str(book.path.parent / "other book.jsonl")
    assert f"nearmiss --logbook '{chosen}' list" in run("--logbook", chosen, "show", "42").err
    assert f"nearmiss --logbook '{chosen}' list" in run("--logbook", chosen, "lst").err
    assert "--logbook" not in run("show", "42").err
