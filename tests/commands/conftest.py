"""What is said of a report afterwards, in this process: a session, a report, and a carer."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nearmiss.commands.later import say_since
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import DisclosureFields
from nearmiss.records.find import find_record
from nearmiss.records.record import Record
from nearmiss.session import Session
from tests.conftest import NOW, make_report
from tests.interview.carer import Answer, Carer
from tests.interview.terminal import name_carer


@pytest.fixture
def session(home: Path) -> Session:
    """A run of the program, by a carer who has a name."""
    name_carer(home)
    return Session()


@pytest.fixture
def one(book: Logbook) -> str:
    """The id of the only report."""
    return book.append([make_report()], "Maria, carer", NOW).ids[0]


Say = Callable[..., Record]


@pytest.fixture
def say(session: Session) -> Say:
    """Say what happened since with a report, answering as told; return the report as it is then."""

    def say(report: str, *answers: Answer) -> Record:
        carer = Carer(*answers)
        session.asker = carer
        say_since(session, read(session, report))
        carer.finish()
        return read(session, report)

    return say


def read(session: Session, report: str) -> Record:
    """Return the report of that id as it stands."""
    return find_record(session.book, report, lambda unreadable: None)


def make_handing_over(*reports: str, form: str = "meeting, pdf") -> DisclosureFields:
    """Return the note that a paper about ``reports`` was handed to a client's family."""
    return DisclosureFields(
        audience="family",
        recipient="Sue",
        basis="client_agreed",
        decided_by="MB",
        form=form,
        reports=list(reports),
        sha256="0" * 64,
        seal_shown="none",
    )
