"""Which reports are meant: filters over what each report is now, and references to one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from nearmiss.errors import NearmissError, NotFound, NothingLogged
from nearmiss.history import Note, Record
from nearmiss.model.ids import read_typed
from nearmiss.text import fold_text


class NotAReport(NearmissError):
    """The reference names an entry that is about no report."""

    sentence = "{reference} is not about a report. {reason} To see the reports: nearmiss list"


@dataclass(frozen=True)
class Filters:
    """What a report must be like to be chosen; None and False ask for nothing.

    ``since`` is included, ``until`` is not; both are aware and stand against when it happened.
    """

    client: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    category: str | None = None
    where: str | None = None
    find: str | None = None
    open: bool = False
    not_informed: bool = False
    safeguarding: bool = False

    def match(self, record: Record) -> bool:
        """Whether the report as it stands now is chosen."""
        report = record.report
        return (
            (self.client is None or fold_text(self.client) == fold_text(report.client))
            and self._match_time(report.occurred if self.since or self.until else None)
            and (self.category is None or report.category == self.category)
            and (self.where is None or _contains(report.location, self.where))
            and (self.find is None or any(_contains(text, self.find) for text in _texts(record)))
            and not (self.open and not record.is_open)
            and not (self.not_informed and record.informed)
            and not (self.safeguarding and not report.safeguarding)
        )

    def _match_time(self, occurred: datetime | None) -> bool:
        if occurred is None:
            return True
        return (self.since is None or occurred >= self.since) and (
            self.until is None or occurred < self.until
        )


def _contains(text: str, part: str) -> bool:
    return fold_text(part) in fold_text(text)


def _texts(record: Record) -> Iterator[str]:
    report = record.report
    yield from (report.client, report.location, report.what_nearly_happened)
    yield from (report.how_prevented, report.immediate_action)
    yield from record.informed
    yield from report.recommendations
    for each in record.follow_ups:
        yield from (text for text in (each.note, each.care_plan, each.harm_found) if text)
