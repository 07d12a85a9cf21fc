"""What is said after a report was saved: short, calm, and what to do next."""

import re
from datetime import timedelta

from nearmiss import words
from nearmiss.dates.shown import echo_day, tell_length
from nearmiss.model.entries import Report
from nearmiss.records.history import Record
from nearmiss.text import shorten

_LATE = timedelta(days=1)
_ENDED = re.compile(r"[.!?…][\"'”’)\]]*$")
_READ_OUT = 160  # characters of what happened that are read out on the telephone


def list_advice(record: Record, country: str, *, unhurt: bool) -> list[str]:
    """Return the paragraphs to say after saving ``record``, without what it resembles.

    ``unhurt`` where the carer said before that nobody was hurt.
    """
    report = record.report
    paragraphs = list(_tell_delay(record.original))
    if report.safeguarding:
        paragraphs += words.safeguarding_lines(country)
    elif not record.informed:
        paragraphs += words.nobody_told_lines(country)
    return [*paragraphs, _word_for_telephone(report, unhurt=unhurt)]


def _tell_delay(report: Report) -> list[str]:
    delay = report.written_at - report.occurred
    if delay <= _LATE:
        return []
    return [f"Written {tell_length(delay)} after it happened. The report shows both."]


def _word_for_telephone(report: Report, *, unhurt: bool) -> str:
    what = end_sentence(shorten(report.what_nearly_happened, _READ_OUT))
    when = f"{report.occurred:%H:%M} on {echo_day(report.occurred)}"
    about = "about " if report.occurred_approx else ""
    return words.word_for_telephone(report.client, about + when, what, unhurt=unhurt)


def end_sentence(text: str) -> str:
    """Return ``text`` with a full stop where it has no end, so that it can be read out."""
    return text if _ENDED.search(text) else f"{text}."
