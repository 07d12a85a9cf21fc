"""The sample logbook can be made on any day, also where the clocks skip an hour in it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nearmiss.demo import fill_book, list_entries
from nearmiss.insight.cases import CaseBook, CaseReader, read_verdicts
from nearmiss.insight.patterns import find_all_possible
from nearmiss.intake.harm import find_harm
from nearmiss.intake.reached import read_reached
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import Disclosure, FollowUp, FollowUpFields, Report
from nearmiss.model.ids import show_seal
from nearmiss.records.fold import fold
from nearmiss.records.read import read_records_in_order
from nearmiss.records.record import Record
from nearmiss.records.since import check_follow_up
from nearmiss.records.waiting import find_waiting, look_back
from tests.conftest import LONDON, NEW_YORK, TODAY, moment


@pytest.mark.parametrize("zone", [LONDON, NEW_YORK, "AEST-10AEDT,M10.1.0,M4.1.0/3"])
def test_no_sample_falls_into_an_hour_that_is_not_there(zone: str) -> None:
    with moment(TODAY, zone=zone):
        start = datetime.fromisoformat("2026-11-01T09:00:00").astimezone()
        for days in range(0, 380, 2):
            now = (start + timedelta(days=days)).astimezone()
            assert all(written <= now for written, _, _ in list_entries(now))


@pytest.mark.parametrize(
    ("day", "zone"), [("2026-11-25T09:00:00", NEW_YORK), ("2027-05-28T09:00:00", LONDON)]
)
def test_a_book_of_samples_verifies(tmp_path: Path, day: str, zone: str) -> None:
    from nearmiss.logbook.verify import check_book

    with moment(TODAY, zone=zone):
        now = datetime.fromisoformat(day).astimezone()
        book = Logbook(tmp_path / "demo.jsonl")
        count = fill_book(book, now)
        with book.open_settled() as (file, size):
            check = check_book(file, size)
    assert (check.entries, check.findings) == (count, [])


def read_demo(tmp_path: Path) -> tuple[CaseReader, CaseBook]:
    book = Logbook(tmp_path / "demo.jsonl")
    fill_book(book, TODAY.astimezone())
    reader = CaseReader(book, tmp_path / "kept", lambda _: None, lambda _: None, TODAY.date())
    return reader, reader.read(None)


def test_the_three_hazards_of_the_handbook_are_confirmed_and_one_is_still_to_be_asked(
    tmp_path: Path,
) -> None:
    reader, book = read_demo(tmp_path)
    confirmed = {marked.client: marked.name for marked in book.verdicts.marked}
    assert confirmed == {
        "MB": "near falls at the armchair",
        "JS": "medicines after the agency's handover",
        "AK": "at the front door in the night",
    }
    assert all(marked.is_pattern() for marked in book.verdicts.marked)
    (possible,) = find_all_possible(reader, book, None, 90)
    assert (possible.client, possible.shared.words[0]) == ("JS", "hob")


def test_the_three_hazards_would_be_found_without_the_carers_word(tmp_path: Path) -> None:
    reader, book = read_demo(tmp_path)
    guessed = find_all_possible(reader, replace(book, verdicts=read_verdicts([], [])), None, 90)
    for marked in book.verdicts.marked:
        assert any(set(marked.ids) <= set(each.ids) for each in guessed), marked.name


@pytest.fixture
def book(tmp_path: Path) -> Logbook:
    """A book of samples that was made now."""
    book = Logbook(tmp_path / "demo.jsonl")
    fill_book(book, TODAY.astimezone())
    return book


def read_all(book: Logbook) -> list[Record]:
    """Return every report of ``book``, in order."""
    return list(read_records_in_order(book, lambda _: None))


def test_its_desk_shows_each_need_once(book: Logbook) -> None:
    now = TODAY.astimezone()
    waiting = find_waiting(look_back(book, lambda _: None), now)
    assert [each.need for each in waiting] == ["untold", "due", "undated", "review", "backup"]


def test_it_has_each_thing_that_can_happen_after_a_report(book: Logbook) -> None:
    records = read_all(book)
    incident = next(each for each in records if each.is_incident)
    assert incident.report.what.startswith("AK coughed")
    assert incident.informed
    tried = next(each for each in records if each.tried)
    assert tried.tried[0].recorded_at < tried.told[0].recorded_at
    harmed = next(each for each in records if each.harm_found)
    assert harmed.harm_found[0].harm_on
    assert harmed.list_told_of(harmed.harm_found[0].id)
    concern = next(each for each in records if each.report.safeguarding)
    assert concern.report.concern_informed
    assert sorted(each.due is None for record in records for each in record.steps) == [False, True]
    assert [each.report.client for each in records if each.withdrawn] == ["MB"]


def test_reports_come_after_its_changes_and_of_the_same_hazard_after_one(tmp_path: Path) -> None:
    _, cases = read_demo(tmp_path)
    records = {each.id: each for each in read_all(Logbook(tmp_path / "demo.jsonl"))}
    since = {}
    for marked in cases.verdicts.marked:
        (changed,) = (each for name in marked.ids for each in records[name].in_force)
        assert any(
            each.report.client == marked.client and each.report.occurred.date() > changed.day
            for each in records.values()
        )
        since[marked.client] = sum(each.occurred.date() > changed.day for each in marked.reports)
    assert since == {"MB": 0, "JS": 0, "AK": 1}


def test_its_meeting_pack_held_what_stood_then_and_a_step_was_agreed_that_day(
    book: Logbook,
) -> None:
    entries = list(reversed(list(book.read_backward())))
    at = next(at for at, each in enumerate(entries) if isinstance(each, Disclosure))
    pack, before = entries[at], entries[at - 1]
    assert isinstance(pack, Disclosure)
    assert isinstance(before, Report | FollowUp)
    assert (pack.form, pack.seal_shown) == ("meeting, pdf", show_seal(before.seal))
    records = {each.id: each for each in read_all(book)}
    assert pack.reports == [
        name
        for name, each in records.items()
        if each.report.client == "MB" and not each.withdrawn and each.recorded_at < pack.recorded_at
    ]
    (agreed,) = (each for name in pack.reports for each in records[name].steps)
    assert agreed.agreed == pack.written_at.date()


def test_each_follow_up_could_have_been_written_when_it_was(book: Logbook) -> None:
    for record in read_all(book):
        for at, entry in enumerate(record.later):
            if isinstance(entry, FollowUp):
                stood = fold(record.original, record.later[:at])
                own = set(FollowUpFields.model_fields) - {"about"}
                fields = entry.model_dump(include=own, exclude_none=True)
                check_follow_up(stood, fields, entry.written_at.date())


_HOUR = re.compile(r"\b(\d{1,2})(?::(\d\d))?(am|pm)\b")


def list_hours(lines: list[str], day: datetime) -> Iterator[datetime]:
    """Yield the hours that ``lines`` name, on ``day``."""
    for hour, minute, half in (each.groups() for line in lines for each in _HOUR.finditer(line)):
        clock = int(hour) % 12 + 12 * (half == "pm")
        yield day.replace(hour=clock, minute=int(minute or 0), second=0)


def test_nobody_in_it_was_told_before_it_happened_or_after_it_was_written(book: Logbook) -> None:
    for record in read_all(book):
        report = record.original
        told = [*report.informed, *(report.concern_informed or ())]
        for hour in list_hours(told, report.occurred):
            possible = (hour, hour + timedelta(days=1))
            assert any(report.occurred < each <= report.written_at for each in possible), report
        for entry in record.follow_ups:
            assert entry.written_at
            for hour in list_hours(list(entry.informed), entry.written_at):
                assert hour <= entry.written_at, entry


def test_its_words_are_read_as_what_they_are(book: Logbook) -> None:
    for record in read_all(book):
        assert {read_reached(line).reach for line in record.informed} <= {"reached"}, (
            record.informed
        )
        tried = {read_reached(line).reach for each in record.tried for line in each.who}
        assert tried <= {"missed"}, record.tried
        if not record.is_incident:
            told = f"{record.report.what} {record.report.immediate_action}"
            assert not find_harm(told), (told, find_harm(told))
