"""Where words stand in a report: in its answers, and in what was written about it later."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nearmiss.model.wording import QUESTIONS
from nearmiss.records.history import Record
from nearmiss.text import fold_text, join_lines

_ANSWERS = ("client", "location", "what_nearly_happened", "how_prevented", "immediate_action")
_LATER = ("note", "care_plan", "harm_found", "next_step", "next_who")
_AROUND = 40  # characters that are shown on either side


@dataclass(frozen=True)
class Place:
    """Where words were found: ``title`` names the answer, the other three make its text."""

    title: str
    before: str
    words: str
    after: str


def list_texts(record: Record) -> Iterator[tuple[str, str]]:
    """Yield every text that stands about a report now, each after the name of its field."""
    report = record.report
    yield from ((name, getattr(report, name)) for name in _ANSWERS)
    yield from (("informed", each) for each in record.informed)
    yield from (("recommendations", each) for each in report.recommendations)
    for entry in record.follow_ups:
        for name in _LATER:
            if text := getattr(entry, name):
                yield name, text


def holds(text: str, words: str) -> bool:
    """Whether ``words`` are a part of ``text``; case and repeated spaces do not count."""
    return fold_text(words) in fold_text(text)


def find_places(record: Record, words: str) -> list[Place]:
    """Return where ``words`` stand in a report, in the order in which it is told."""
    return [_cut_out(name, text, words) for name, text in list_texts(record) if holds(text, words)]


def _cut_out(name: str, text: str, words: str) -> Place:
    from nearmiss.records.words import name_field  # a plain list has no need of it

    title = QUESTIONS[name].title if name in QUESTIONS else name_field(name)
    line, wanted = join_lines(text), join_lines(words)
    found = re.search(re.escape(wanted), line, re.IGNORECASE)
    if found is None:  # "STRASSE" is found in "straße", which is longer by a letter
        return Place(title, _shorten_end(line), "", "")
    before, after = line[: found.start()], line[found.end() :]
    return Place(title, _shorten_start(before), found[0], _shorten_end(after))


def _shorten_start(text: str) -> str:
    if len(text) <= _AROUND:
        return text
    return "… " + re.sub(r"^\S*\s+", "", text[-_AROUND:])


def _shorten_end(text: str) -> str:
    if len(text) <= _AROUND:
        return text
    return re.sub(r"\s+\S*$", "", text[:_AROUND]) + " …"
