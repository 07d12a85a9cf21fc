"""What is said twice or both ways: refused, as only the last of it would be kept."""

from nearmiss.logbook.book import Logbook
from tests.cases import over
from tests.conftest import NOW, Run, make_report


@over(
    ("typed", "said"),
    [
        ("log --what a --what=b", "--what is given twice."),
        ("log --safeguarding --no-safeguarding", "--safeguarding and --no-safeguarding say"),
        ("correct 1 --approx --exact --reason x", "--approx and --exact say opposite things."),
        ("follow-up 1 --note a --note b", "--note is given twice."),
        ("follow-up 1 --reopen --close", "--reopen and --close say opposite things."),
        ("follow-up 1 --care-plan-status asked --care-plan-status changed", "--care-plan-status"),
        ("list -n 3 -n 4", "-n is given twice."),
        ("list --since monday --since tuesday", "--since is given twice."),
        ("print 1 --for own --for family", "--for is given twice."),
        (
            "print 1 --include-safeguarding --without-safeguarding",
            "--include-safeguarding and --without-safeguarding say opposite things.",
        ),
        ("setup --always-plain --not-plain", "--always-plain and --not-plain say"),
        ("--logbook a --logbook b list", "--logbook is given twice."),
    ],
)
def test_what_is_said_twice_is_refused(run: Run, book: Logbook, typed: str, said: str) -> None:
    book.append([make_report()], "Maria", NOW)
    before = book.path.read_bytes()
    result = run(*typed.split())
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert "Nothing was done." in result.err
    assert book.path.read_bytes() == before


def test_what_loses_nothing_may_be_said_twice(run: Run, book: Logbook) -> None:
    book.append([make_report()], "Maria", NOW)
    assert (
        run("follow-up", "1", "--informed", "GP", "--informed", "nurse", "--note", "--").code == 0
    )
    assert run("list", "--json", "--json", "--plain", "--plain").rows[0]["informed"] == [
        "GP",
        "nurse",
    ]
    assert run("follow-up", "1", "--close", "--close").code == 0
