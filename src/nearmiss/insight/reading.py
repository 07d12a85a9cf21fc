"""Reading a logbook as reports that are compared, with the verdicts on them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nearmiss.insight.cases import Case, Verdicts, gather_clients, read_verdicts
from nearmiss.insight.kept import KeptMeanings, name_file
from nearmiss.insight.lexicon import Lexicon, read_lexicon
from nearmiss.insight.traits import read_traits
from nearmiss.insight.word_table import DamagedTable, open_table
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import Report
from nearmiss.model.ids import EntryId
from nearmiss.records.history import Note, Record, read_newest
from nearmiss.text import fold_text

Say = Callable[[str], None]


@dataclass(frozen=True)
class CaseBook:
    """Reports of a logbook as they stand now, the newest first, and the verdicts on them."""

    records: dict[str, Record]
    verdicts: Verdicts
    by_client: dict[str, list[Report]]  # by folded name, each in the order of happening

    def list_reports(self, client: str) -> list[Report]:
        """Return the reports of ``client`` that are compared, in the order of happening."""
        return self.by_client.get(fold_text(client), [])

    def list_beside(self, report: Report) -> list[Report]:
        """Return the reports that ``report`` is compared with, and itself.

        The client's newest; for one that is older than those, the ones written before it.
        """
        theirs = self.list_reports(report.client)
        if any(each.id == report.id for each in theirs):
            return theirs
        number = EntryId.parse(report.id).number
        before = (
            record.report
            for record in self.records.values()
            if EntryId.parse(record.report.id).number < number
        )
        return gather_clients([report, *before])[fold_text(report.client)]


@dataclass(frozen=True)
class CaseReader:
    """Reads ``book`` to compare its reports.

    ``config`` is the folder with the carer's own lexicon, ``folder`` where meanings are kept;
    ``note`` is told what is unreadable, ``say`` what is wrong with the words, once each.
    """

    book: Logbook
    config: Path
    folder: Path
    note: Note
    say: Say

    def read(self, most: int | None) -> CaseBook:
        """Return the reports and verdicts among the newest ``most`` entries, or all."""
        records, comparisons = read_newest(self.book, self.note, most)
        reports = [record.report for record in records]
        return CaseBook(
            {record.report.id: record for record in records},
            read_verdicts(comparisons, reports),
            gather_clients(reports),
        )

    def make_cases(self, reports: Sequence[Report]) -> list[Case]:
        """Return what is looked at in each of ``reports``."""
        meanings = self._meanings
        cases = [
            Case(each, read_traits(each, self.lexicon, meanings.find(each) if meanings else None))
            for each in reports
        ]
        if meanings:
            meanings.keep()
        return cases

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of the trade, with the carer's own."""
        lexicon, mistake = read_lexicon(self.config)
        if mistake:
            self.say(mistake)
        return lexicon

    @cached_property
    def _meanings(self) -> KeptMeanings | None:
        try:
            table = open_table()
        except DamagedTable:
            self.say(
                "A part of nearmiss is missing or damaged (the word table), so reports are "
                "compared by their words alone. Installing nearmiss again puts that right."
            )
            return None
        return KeptMeanings(name_file(self.folder, self.book.file), table)
