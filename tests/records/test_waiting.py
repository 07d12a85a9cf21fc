"""What needs doing: which reports wait, in which order, and in which words."""

from datetime import datetime, timedelta

import pytest

from nearmiss.logbook.beside import LastBackup
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import Content, CorrectionFields, FollowUpFields
from nearmiss.records.informed import NO_PROTECTOR
from nearmiss.records.waiting import (
    LOOKED_AT,
    Waiting,
    describe_waiting,
    find_waiting,
    look_back,
    make_unfinished,
)
from nearmiss.records.waiting import needs as list_needs
from nearmiss.terminal.lists import tell_marks
from tests.conftest import NOW, Run, make_report

LATER = NOW + timedelta(days=4)


def wait(book: Logbook, now: datetime = LATER) -> list[Waiting]:
    return find_waiting(look_back(book, lambda unreadable: None), now)


def needs(book: Logbook) -> list[str]:
    return [each.need for each in wait(book)]


def follow(book: Logbook, about: str, **fields: object) -> None:
    book.append([FollowUpFields.model_validate({"about": about, **fields})], "Maria", NOW)


def add(book: Logbook, **changes: object) -> str:
    return book.append([make_report(**changes)], "Maria", NOW).ids[0]


def test_the_most_pressing_stands_first(book: Logbook) -> None:
    asked = add(book, informed=["GP"])
    follow(book, asked, care_plan_status="asked")
    due = add(book, informed=["GP"])
    follow(book, due, next_step="ring the OT", next_due="2026-04-17")
    untold = add(book)
    worry = add(book, safeguarding=True)
    harmed = add(book, informed=["GP"])
    follow(book, harmed, harm_found="A bruise")
    assert [(each.need, each.report) for each in wait(book)] == [
        ("harm", harmed),
        ("safeguarding", worry),
        ("untold", untold),
        ("due", due),
        ("review", asked),
    ]


def test_harm_waits_on_closed_reports_too_until_somebody_is_told_of_it(book: Logbook) -> None:
    one = add(book, informed=["GP"])
    follow(book, one, harm_found="A bruise", closes=True)
    assert needs(book) == ["harm"]
    follow(book, one, informed=["GP, phone"])
    assert needs(book) == []
    follow(book, one, harm_found="Now a swollen wrist", informed=["111"])
    assert needs(book) == []


def test_harm_that_was_withdrawn_waits_for_nobody(book: Logbook) -> None:
    one = add(book, informed=["GP"])
    harm = FollowUpFields(about=one, harm_found="Wrong person")
    entry = book.append([harm], "Maria", NOW).ids[0]
    book.append([CorrectionFields(about=entry, withdraws=True, reason="Not MB")], "Maria", NOW)
    assert needs(book) == []


def test_a_closed_report_waits_for_nothing_but_a_worry(book: Logbook) -> None:
    follow(book, add(book), closes=True)
    assert needs(book) == []
    follow(book, add(book, safeguarding=True), closes=True)
    assert needs(book) == ["safeguarding"]


def test_who_was_not_reached_waits_though_others_were_told_until_told_or_closed(
    book: Logbook,
) -> None:
    tried = ["daughter (Sue), no answer", "GP, engaged"]
    one = add(book, informed=["111, phone, 8:50pm"], tried=tried)
    [line] = wait(book)
    assert line.need == "missed"
    assert "not reached yet: daughter (Sue), no answer; GP, engaged (4 days)" in line.says
    add(book, informed=["111", "Sue told 3pm"], tried=["daughter (Sue), no answer 1pm"])
    assert [each.report for each in wait(book)] == [one]  # by then she was told
    told, missed = look_back(book, print).records
    assert (tell_marks(told), tell_marks(missed)) == ("open", "open, somebody not reached yet")
    book.append([FollowUpFields(about=one, informed=["Sue rang back"])], "Maria", LATER)
    assert "not reached yet: GP, engaged (4 days)" in wait(book)[0].says
    follow(book, one, closes=True)
    assert needs(book) == []


def test_a_worry_waits_until_one_who_protects_is_told(book: Logbook, run: Run) -> None:
    told = {"safeguarding": True, "informed": ["daughter"], "concern_informed": ["daughter (Sue)"]}
    one = add(book, **told)
    line = f"{one}, MB, Tue 14 Apr: possible concern, adult social care is not noted as told"
    assert wait(book)[0].says == f"{line} (4 days)"
    assert NO_PROTECTOR in run("show", one).out
    for who in ("son, will ring the council", "GP. Asked him to tell the police"):
        follow(book, one, informed=[who], told_of=["concern"])
        assert needs(book) == ["unprotected"], who
    done = run("follow-up", one, "--informed", "adult support and protection, 5pm")
    assert needs(book) == ["unprotected"]  # of what happened alone
    done = run("follow-up", one, "--informed", "sister (Ann)", "--told-of", "concern")
    assert NO_PROTECTOR in " ".join(done.err.split())
    tell = ("--informed", "adult support and protection", "--told-of", "concern")
    assert NO_PROTECTOR not in " ".join(run("follow-up", one, *tell).err.split())
    assert needs(book) == []
    assert NO_PROTECTOR not in run("show", one).out


def test_a_next_step_waits_from_its_day_until_it_is_done(book: Logbook) -> None:
    one = add(book, informed=["GP"])
    follow(book, one, next_step="ring the OT", next_who="Sue", next_due="2026-04-18")
    [item] = wait(book, LATER - timedelta(days=8))
    assert item.need == "later"
    [item] = wait(book, LATER - timedelta(days=7))
    assert item.need == "soon"
    [item] = wait(book)
    assert item.need == "due"
    assert "ring the OT" in item.says
    follow(book, one, next_done=True)
    assert needs(book) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"harm_found": "A bruise"}, "harm was found later, nobody told since (4 days)"),
        (
            {"next_step": "ring the OT", "next_due": "2026-04-14"},
            "(due Tuesday 14 Apr, 4 days ago)",
        ),
        ({"next_step": "ring the OT", "next_due": "2026-04-17"}, "(due yesterday)"),
        (
            {"next_step": "ring", "next_who": "Sue", "next_due": "2026-04-18"},
            "ring (Sue; due today)",
        ),
        ({"next_step": "ring", "next_due": "2026-04-19"}, "ring (due tomorrow)"),
        ({"next_step": "ring", "next_due": "2026-04-21"}, "(due Tuesday 21 Apr, in 3 days)"),
        ({"care_plan_status": "asked"}, "care plan review asked for, not answered (4 days)"),
    ],
)
def test_each_says_what_waits_and_how_long(
    book: Logbook, fields: dict[str, object], said: str
) -> None:
    one = add(book, informed=["GP"])
    follow(book, one, **fields)
    [item] = wait(book)
    assert item.says.startswith(f"{one}, MB")
    assert said in item.says


def test_what_nobody_was_told_says_its_day_and_its_wait(book: Logbook) -> None:
    one = add(book)
    [item] = wait(book, NOW + timedelta(hours=5))
    assert item.says == f"{one}, MB, Tue 14 Apr: nobody has been told yet (5 hours)"
    assert "Tue 14 Apr 2026" in wait(book, NOW + timedelta(days=400))[0].says


def test_unfinished_reports_and_a_missing_backup_wait_last(book: Logbook) -> None:
    one = add(book, informed=["GP"])
    seen, month_later = look_back(book, print), NOW + timedelta(days=31)
    before = month_later - timedelta(hours=30)
    draft = make_unfinished("A report about KT", before, month_later)
    found = find_waiting(seen, month_later, drafts=[draft])
    assert [each.says for each in found] == [
        "A report about KT was not finished (yesterday, 15:40)",
        "No backup is noted yet, 31 days after the first entry",
    ]
    day = NOW.date() - timedelta(days=2)  # nothing is new
    assert (
        find_waiting(seen, month_later, backed_up=LastBackup(day, "", one)) == []
    )  # nothing is new
    stale = find_waiting(seen, month_later, backed_up=LastBackup(day, "", "K7QX-0000"))
    assert [each.says for each in stale] == [
        "No backup is noted for 33 days, and there are new entries"
    ]
    recent = LastBackup(month_later.date(), "", "K7QX-0000")
    assert find_waiting(seen, month_later, backed_up=recent) == []


def test_what_is_due_soon_is_told_last(book: Logbook) -> None:
    soon = add(book, informed=["GP"])
    follow(book, soon, next_step="ring", next_due="2026-04-20")
    add(book)
    assert needs(book) == ["untold", "soon"]


def test_a_step_noted_after_closing_is_due_at_the_desk_as_in_the_list(book: Logbook) -> None:
    about = add(book, informed=["GP"])
    follow(book, about, closes=True)
    follow(book, about, next_step="ring", next_due="2026-04-15")
    [record] = look_back(book, print).records
    assert [each.need for each in list_needs(record, LATER)] == ["due"]


def test_no_kind_hides_the_others(book: Logbook) -> None:
    for _ in range(7):
        add(book)
    asked = add(book, informed=["GP"])
    follow(book, asked, care_plan_status="asked")
    seen = look_back(book, print)
    lines = describe_waiting(find_waiting(seen, LATER), seen, LATER)
    assert lines[4].startswith(asked)
    assert lines[5] == "and 3 more (Look at reports, Those that wait)"


def test_the_newest_of_a_kind_stand_first_and_the_longest_waiting_are_shown(book: Logbook) -> None:
    for day in (10, 12, 11, 9, 13, 8):
        add(book, occurred_at=f"2026-04-{day:02}T10:00:00+01:00")
    assert [each.since.day for each in wait(book)] == [13, 12, 11, 10, 9, 8]
    seen = look_back(book, print)
    lines = describe_waiting(find_waiting(seen, LATER), seen, LATER)
    assert [line.split(" Apr")[0][-2:].strip() for line in lines[:5]] == [
        "12",
        "11",
        "10",
        "9",
        "8",
    ]


def test_a_long_book_says_since_when_and_finds_harm_beyond(book: Logbook) -> None:
    old = add(book, informed=["GP"])
    many: list[Content] = [make_report(informed=["GP"])] * LOOKED_AT
    book.append(many, "Maria", NOW + timedelta(days=1))
    seen = look_back(book, print)
    assert seen.since == NOW + timedelta(days=1)
    assert find_waiting(seen, LATER) == []
    follow(book, old, harm_found="A bruise")
    [item] = wait(book)
    assert item.says == f"{old}: harm was found later, nobody told since (4 days)"


def test_five_lines_at_most_and_then_how_many_more(book: Logbook) -> None:
    for _ in range(7):
        add(book)
    seen = look_back(book, print)
    lines = describe_waiting(find_waiting(seen, LATER), seen, LATER)
    assert len(lines) == 6
    assert lines[-1] == "and 2 more (Look at reports, Those that wait)"
    drafts = [make_unfinished(f"A report about {each}", LATER, LATER) for each in ("KT", "JS")]
    found = find_waiting(seen, LATER, drafts=drafts)
    told = "and 4 more (3 of them: Look at reports, Those that wait)"
    assert describe_waiting(found, seen, LATER)[-1] == told


def test_where_nothing_waits_it_says_so_and_of_what(book: Logbook) -> None:
    seen = look_back(book, print)
    assert describe_waiting([], seen, LATER) == ["Nothing is waiting. There is no report yet."]
    add(book, informed=["GP"])
    seen = look_back(book, print)
    assert describe_waiting([], seen, LATER) == ["Nothing is waiting. Last report: Tue 14 Apr."]
    seen = look_back(book, print, most=1)
    assert describe_waiting([], seen, LATER) == [
        "Nothing is waiting among reports since 14 Apr 2026. "
        "Older ones: nearmiss list --not-informed --all"
    ]


def test_the_desk_the_list_and_the_figures_agree_on_who_was_told_of_what(
    run: Run, book: Logbook
) -> None:
    told = ["GP, phone"]
    worry, harm, closed, fine = book.append(
        [make_report(informed=told, safeguarding=True), *[make_report(informed=told)] * 3], "M", NOW
    ).ids
    book.append([FollowUpFields(about=harm, harm_found="A bruise")], "M", NOW)
    book.append([FollowUpFields(about=closed, closes=True)], "M", NOW)
    assert {row["id"] for row in run("list", "--not-informed", "--json").rows} == {worry, harm}
    listed = run("list").out
    assert "nobody told of the worry" in listed
    assert "nobody told of the harm" in listed
    assert run("summary", "--json").rows[0]["nobody_told"] == 2
    waits = run().out
    assert worry in waits
    assert harm in waits
    assert fine not in waits
