"""Every fact of a record, in every format, for every reader who may see it."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest

from nearmiss.dates.shown import echo_day
from nearmiss.documents.reader import choose_rules
from nearmiss.insight.cases import Verdicts, read_verdicts
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import FollowUpFields, ReportFields
from nearmiss.model.questions import CATEGORY_LABELS
from nearmiss.records import words
from nearmiss.records.informed import name_told_of
from nearmiss.records.record import CarePlan, Changed, NextStep, Record
from tests.cases import over
from tests.conftest import NOW
from tests.exports.reading import DRAWN, EVERY_FORMAT, make, read, read_bytes, show_all
from tests.records.rich import MARIA, make_incident, read_rich_book, write_rich_book

# Where a report stands in brief: what each of these documents leaves to the reports themselves.
IN_BRIEF = {
    "meeting": {
        "corrections",
        "disclosures",
        "follow_ups.id",
        "recorded_at",
        "recorded_by",
        "follow_ups.recorded_by",
        "steps.by",
        "steps_done.by",
        "report.category",
        "claims",
    }
}

# What a reader may know, and what stands elsewhere as it is now: nothing that is told.
OF_ITS_LINE = {"entry", "nonce", "digest", "seal", "claims", "batch"} | {
    f"origin_{each}" for each in ("id", "recorded_at", "recorded_by", "seal")
}
NOT_TOLD = {"shows_concern", "shows_handing", "as_written", "taken_from", "tried.of"}
CLOCK = {"written_after"}  # of a clock that was behind: told with the time of writing


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value in a record that is not empty, with the names of the way to it."""
    if isinstance(value, ReportFields):
        names = [each for each in type(value).model_fields if each not in OF_ITS_LINE]
    elif is_dataclass(value):
        skipped = {"as_written"} | (
            {"id"} if isinstance(value, CarePlan | NextStep | Changed) else set()
        )
        names = [each.name for each in fields(value) if each.name not in skipped]
    elif isinstance(value, list | tuple):
        for each in value:
            yield from walk(each, path)
        return
    else:
        if value not in ("", None, False) and path not in NOT_TOLD:
            yield path, value
        return
    for name in names:
        yield from walk(getattr(value, name), f"{path}.{name}".lstrip("."))


def say(record: Record, path: str, value: Any) -> set[str]:
    """Return the ways in which a format may say a value."""
    if isinstance(value, date):
        return {value.isoformat(), echo_day(value)}
    if value is True:
        return SAID_OF_TRUE[path.rpartition(".")[2]]
    said = {value, words.CARE_PLAN.get(value, value), words.BASIS.get(value, value)}
    said |= {CATEGORY_LABELS.get(value, value), words.name_field(value)}
    if path.endswith((".of", ".told_of")):
        said |= {"" if value == "event" else name_told_of(record, value)}  # it goes without
    if path.endswith((".undoes", ".ends")):
        said |= {each.text for each in record.changes if each.id == value}
        said |= {each.text for each in record.steps_done if each.id == value}
    if path.endswith(("_at", "_on", "_after", "noted", "done", "due")):
        moment = datetime.fromisoformat(value)
        said |= {echo_day(moment), f"{moment:%Y-%m-%d}"}
    return said


SAID_OF_TRUE = {
    "occurred_approx": {"about", "true", "time not known"},
    "safeguarding": {words.CONCERN, "True"},
    "next_done": {words.STEP_DONE, "next_done"},
    "closes": {"Closed", "closes"},
    "hour_not_known": {"time not known", "hour_not_known", "not known"},
    "noticed": {"noticed"},
}


def find_missing(record: Record, text: str, brief: set[str]) -> list[str]:
    folded = text.casefold()
    return [
        f"{path}: {value}"
        for path, value in walk(record)
        if not any(path == each or path.startswith(f"{each}.") for each in brief)
        and not any("".join(each.split()).casefold() in folded for each in say(record, path, value))
    ]


Rich = tuple[str, list[Record], Verdicts]


@pytest.fixture
def rich(book: Logbook) -> Rich:
    """The report about which there is everything to tell, and what its book holds."""
    return (write_rich_book(book), *read_rich_book(book))


@pytest.mark.parametrize("audience", ["own", "professional", "family"])
@over("name", EVERY_FORMAT)
def test_every_format_says_what_its_reader_may_know_and_nothing_else(
    rich: Rich, name: str, audience: str
) -> None:
    about, records, verdicts = rich
    rules = choose_rules(audience)
    accounts, patterns = show_all(records, verdicts, rules)
    data = make(name, accounts, patterns, rules)
    shown = next(each for each in accounts if each.id == about)
    if name.startswith("meeting"):
        shown = replace(shown, follow_ups=shown.standing)
    text = read(name, data)
    assert find_missing(shown, text, IN_BRIEF.get(name.partition(".")[0], set())) == []
    whole = next(each for each in records if each.id == about)
    may_see = " ".join(str(value) for _, value in walk(shown))
    hidden = {
        word
        for _, value in walk(whole)
        if isinstance(value, str)
        for word in value.replace("(", " ").replace(")", " ").split()
        if word.isupper() or word in ("Zelda", "Oakley", "Quentin", "Ines", "Ivo", "Tomasz,", "Pym")
    }
    inside = read_bytes(name, data)
    assert [word for word in hidden if word not in may_see and word.encode() in inside] == []
    if audience == "family" and name not in ("csv", "xlsx"):  # their columns are always the same
        assert not re.search(rb"(?i)notflagged|concern|safeguarding(?!\x22|marked)", inside)
    if audience == "own":
        says_the_same(name, text)
    if audience == "family" and name in DRAWN:
        names_by_words(name, text, about)


def names_by_words(name: str, text: str, about: str) -> None:
    """Check that a family's paper names what an entry points at by its words, not by its number."""
    pointing = re.compile(rf"(?:change|one|harm)in{about[:5]}")
    assert not pointing.search(text)
    if not name.startswith("handover"):  # page one has what holds, and each report its own line
        assert "Nolongerso:CHANGEWORDruggone" in text
    if name.startswith("report"):
        assert "CHANGEWORDruggone(Thu16Apr2026;nolongersosinceMon20Apr2026)" in text


@pytest.fixture
def hurt(book: Logbook) -> Record:
    """An incident in which every answer has a word of its own."""
    book.append([make_incident()], MARIA, NOW)
    return read_rich_book(book)[0][0]


@pytest.mark.parametrize("audience", ["own", "professional"])
@over("name", EVERY_FORMAT)
def test_every_format_says_of_an_incident_that_it_is_one(
    hurt: Record, name: str, audience: str
) -> None:
    rules = choose_rules(audience)
    [shown], patterns = show_all([hurt], read_verdicts([], []), rules)
    text = read(name, make(name, [shown], patterns, rules))
    assert find_missing(shown, text, IN_BRIEF.get(name.partition(".")[0], set())) == []
    assert "Nolaterharm" not in text
    assert "incident" in text.casefold() or "actual" in text
    assert "12:00" not in text or "T12:00" in text


def test_the_rich_book_leaves_no_field_of_the_record_empty(book: Logbook) -> None:
    about = write_rich_book(book, safeguarding=True)
    records, _ = read_rich_book(book)
    record = replace(next(each for each in records if each.id == about), pattern="slid again")
    filled = {path.partition(".")[0] for path, _ in walk(record)}
    assert filled == {each.name for each in fields(Record)} - NOT_TOLD - CLOCK - {"withdrawn"}
    for part in (record.follow_ups, record.disclosures, record.corrections):
        seen = {path for each in part for path, _ in walk(each)}
        named = {each.name for each in fields(part[0])} - CLOCK - {"withdrawn"}
        assert named <= {path.partition(".")[0] for path in seen}


SAID_THE_SAME = (
    "Care plan changed: PLANWORD two carers",
    "Next step: STEPONE ring them, son (Quentin), by 8 May 2026, agreed 13 Apr 2026",
    "Next step done",
    "Told: daughter (Zelda), text",
    "Closed: ENDWORD",
)


def says_the_same(name: str, text: str) -> None:
    """Check that a format has the seal, and the words of all others for the same thing."""
    assert "1111-2222-3333-4444" in text
    assert "WRONGHARM" not in text or "Withdrawn" in text or "withdrawn" in text
    if "." in name or name == "fhir":
        assert "Harmfoundlater,seenWed15Apr2026,writtendownFri17Apr2026," in text
        assert "HARMWORDabruise" in text
    if name == "json":
        return  # it has these under names of its own
    brief = name.startswith("meeting")  # it tells who was told of a report in one place
    said = [each for each in SAID_THE_SAME if not (brief and each.startswith("Told"))]
    assert [each for each in said if "".join(each.split()) not in text] == []
    corrected = ["Location, was: OLDPLACE", "Location, now: NEWPLACE", "Reason: WHYPLACE"]
    assert [each for each in corrected if "".join(each.split()) not in text] == []


@pytest.mark.parametrize("audience", ["own", "professional"])
@over("name", EVERY_FORMAT)
def test_every_format_says_who_was_told_of_the_worry(
    book: Logbook, name: str, audience: str
) -> None:
    if not book.exists():
        about = write_rich_book(book, safeguarding=True)
        told = FollowUpFields(about=about, informed=["council (Yates)"], told_of=["concern"])
        book.append([told], MARIA, NOW)
    records, marked = read_rich_book(book)
    rules = choose_rules(audience)
    shown, patterns = show_all(records, marked, rules)
    text = read(name, make(name, shown, patterns, rules))
    one = replace(shown[-1], follow_ups=shown[-1].standing)
    assert find_missing(one, text, IN_BRIEF.get(name.partition(".")[0], set())) == []
    assert "council(Yates)" in text
